#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "keys/seal.h"
#include "store/ledger/record.h"

enum {
    flag_grid = 1,
    flag_amends = 2,
    flag_elsewhere = 4,
    group_key_bytes = 5, // keeping class, day
    shape_key_bytes = 7, // kind, group, flags
    varint_max = 10,
    buffers_kept_bytes = 1 << 20
};

static size_t put_varint(unsigned char *to, uint64_t value)
{
    size_t size = 0;
    for (; value >= 0x80; value >>= 7)
        to[size++] = (unsigned char)(value | 0x80);
    to[size++] = (unsigned char)value;
    return size;
}

static uint64_t zigzag(uint64_t difference)
{
    return difference << 1 ^ (0 - (difference >> 63));
}

// ---- adding ----

static bool put_group(wf_ledger_draft *draft, const wf_ledger_envelope *envelope,
                      uint32_t *ret)
{
    unsigned char key[group_key_bytes] = {(unsigned char)envelope->keep};
    wf_put_u32(key + 1, (uint32_t)envelope->day.number);
    if (!wf_ledger_words_put(&draft->groups, (wf_text){(char *)key, sizeof key}, ret))
        return false;
    if (*ret < draft->bodies_capacity)
        return true;
    size_t capacity = draft->bodies_capacity == 0 ? 8 : draft->bodies_capacity * 2;
    wf_buffer *bodies = reallocarray(draft->bodies, capacity, sizeof *bodies);
    if (bodies == NULL)
        return false;
    memset(bodies + draft->bodies_capacity, 0,
           (capacity - draft->bodies_capacity) * sizeof *bodies);
    draft->bodies = bodies;
    draft->bodies_capacity = capacity;
    return true;
}

static bool put_shape(wf_ledger_draft *draft, const wf_ledger_envelope *envelope,
                      uint32_t group, uint32_t *ret)
{
    unsigned char key[shape_key_bytes];
    wf_put_u32(key, envelope->kind_number);
    wf_put_u32(key + 2, group);
    key[6] = (unsigned char)((envelope->grid.size > 0 ? flag_grid : 0) |
                             (envelope->amends.device.size > 0 ? flag_amends : 0) |
                             (envelope->elsewhere ? flag_elsewhere : 0));
    return wf_ledger_words_put(&draft->shapes, (wf_text){(char *)key, sizeof key}, ret);
}

// Numbers of names begin with 1: 0 is the empty one.
static bool put_name(wf_ledger_draft *draft, wf_text name, uint32_t *ret)
{
    uint32_t number;
    if (!wf_ledger_words_put(&draft->names, name, &number))
        return false;
    if (number >= draft->seqs_capacity) {
        size_t capacity = draft->seqs_capacity == 0 ? 64 : draft->seqs_capacity * 2;
        uint64_t *seqs = reallocarray(draft->seqs, capacity, sizeof *seqs);
        if (seqs == NULL)
            return false;
        memset(seqs + draft->seqs_capacity, 0,
               (capacity - draft->seqs_capacity) * sizeof *seqs);
        draft->seqs = seqs;
        draft->seqs_capacity = capacity;
    }
    *ret = number + 1;
    return true;
}

static uint64_t step_of_time(uint64_t before, uint64_t at)
{
    int64_t us = (int64_t)(at - before);
    if (us % WF_US_PER_S == 0)
        return zigzag((uint64_t)(us / WF_US_PER_S)) << 1;
    return zigzag((uint64_t)us) << 1 | 1;
}

static bool put_fact(wf_ledger_draft *draft, const wf_ledger_envelope *envelope,
                     uint32_t shape)
{
    unsigned char bytes[9 * varint_max + 8];
    uint32_t device, other;
    if (!put_name(draft, envelope->id.device, &device))
        return false;
    uint64_t seq = (uint64_t)envelope->id.seq, at = (uint64_t)envelope->at.us;
    size_t size = put_varint(bytes, shape);
    size += put_varint(bytes + size, device);
    size += put_varint(bytes + size, zigzag(seq - draft->seqs[device - 1]));
    size += put_varint(bytes + size, step_of_time(draft->at, at));
    draft->seqs[device - 1] = seq;
    draft->at = at;
    if (envelope->grid.size > 0) {
        if (!put_name(draft, envelope->grid, &other))
            return false;
        size += put_varint(bytes + size, other);
    }
    if (envelope->amends.device.size > 0) {
        if (!put_name(draft, envelope->amends.device, &other))
            return false;
        size += put_varint(bytes + size, other);
        size += put_varint(bytes + size, (uint64_t)envelope->amends.seq);
    }
    size += put_varint(bytes + size, envelope->body.size);
    wf_put_u64(bytes + size, envelope->digest);
    return wf_buffer_append(&draft->facts, bytes, size + 8);
}

weft_status wf_ledger_draft_add(wf_ledger_draft *draft,
                                const wf_ledger_envelope *envelope, weft_error *error)
{
    uint32_t group, shape;
    // Half of the range of `at` is lost to the unit; the years 1–9999 need a tenth.
    WF_ASSERT(envelope->at.us > INT64_MIN / 8 && envelope->at.us < INT64_MAX / 8);
    if (!put_group(draft, envelope, &group) ||
        !put_shape(draft, envelope, group, &shape) || !put_fact(draft, envelope, shape) ||
        !wf_buffer_append(&draft->bodies[group], envelope->body.bytes,
                          envelope->body.size))
        return wf_fail_memory(error);
    draft->bodies_bytes += envelope->body.size;
    draft->count++;
    return WEFT_OK;
}

size_t wf_ledger_draft_bytes(const wf_ledger_draft *draft)
{
    return wf_ledger_record_head_bytes + WF_SEAL_BLOB_OVERHEAD + draft->facts.size +
           draft->bodies_bytes + draft->names.bytes.size + 2 * draft->names.count +
           (WF_SEAL_BLOB_OVERHEAD + 3 * varint_max) * draft->groups.count +
           3 * varint_max * draft->shapes.count + 3 * varint_max;
}

// ---- sealing ----

static void print_lists(const wf_ledger_draft *draft, unsigned char *to, size_t *ret)
{
    size_t size = put_varint(to, draft->groups.count);
    for (uint32_t i = 0; i < draft->groups.count; i++) {
        const char *key = wf_ledger_words_get(&draft->groups, i).bytes;
        int32_t day = (int32_t)wf_get_u32((const unsigned char *)key + 1);
        size += put_varint(to + size, (unsigned char)key[0]);
        size += put_varint(to + size, zigzag((uint64_t)day));
        size += put_varint(to + size, draft->bodies[i].size);
    }
    size += put_varint(to + size, draft->names.count);
    for (uint32_t i = 0; i < draft->names.count; i++) {
        wf_text name = wf_ledger_words_get(&draft->names, i);
        size += put_varint(to + size, name.size);
        memcpy(to + size, name.bytes, name.size);
        size += name.size;
    }
    size += put_varint(to + size, draft->shapes.count);
    for (uint32_t i = 0; i < draft->shapes.count; i++) {
        const unsigned char *key =
            (const unsigned char *)wf_ledger_words_get(&draft->shapes, i).bytes;
        size += put_varint(to + size, (uint32_t)key[0] | (uint32_t)key[1] << 8);
        size += put_varint(to + size, wf_get_u32(key + 2));
        size += put_varint(to + size, key[6]);
    }
    *ret = size;
}

static weft_status seal_envelopes(const wf_ledger_draft *draft, const wf_key *key,
                                  uint64_t record, wf_buffer *ret, weft_error *error)
{
    wf_buffer plain = {0};
    wf_ledger_context context;
    size_t size;
    // More than the lists and the facts take.
    if (!wf_buffer_reserve(&plain, wf_ledger_draft_bytes(draft)))
        return wf_fail_memory(error);
    print_lists(draft, (unsigned char *)plain.bytes, &size);
    memcpy(plain.bytes + size, draft->facts.bytes, draft->facts.size);
    plain.size = size + draft->facts.size;
    weft_status status =
        wf_seal_blob(key,
                     wf_ledger_context_of(&context, record, wf_ledger_no_group,
                                          WF_KEEP_END, (weft_day){0}),
                     wf_buffer_text(&plain), ret, error);
    wf_buffer_wipe(&plain);
    return status;
}

static weft_status seal_group(const wf_ledger_draft *draft, const wf_keys *keys,
                              uint32_t group, uint64_t record, wf_buffer *ret,
                              weft_error *error)
{
    const unsigned char *fields =
        (const unsigned char *)wf_ledger_words_get(&draft->groups, group).bytes;
    wf_keep keep = (wf_keep)fields[0];
    weft_day day = {(int32_t)wf_get_u32(fields + 1)};
    wf_ledger_context context;
    const wf_key *key;
    WF_TRY(wf_keys_find(keys, wf_key_class_of(keep), day, &key, error));
    return wf_seal_blob(key, wf_ledger_context_of(&context, record, group, keep, day),
                        wf_buffer_text(&draft->bodies[group]), ret, error);
}

weft_status wf_ledger_draft_seal(const wf_ledger_draft *draft, const wf_keys *keys,
                                 const wf_ledger_state *state,
                                 wf_ledger_record_head *head, wf_buffer *ret,
                                 weft_error *error)
{
    const wf_key *key;
    WF_TRY(wf_keys_find(keys, WF_KEY_LEDGER, (weft_day){0}, &key, error));
    wf_buffer_clear(ret);
    if (!wf_buffer_reserve(ret, wf_ledger_draft_bytes(draft)))
        return wf_fail_memory(error);
    ret->size = wf_ledger_record_head_bytes;
    WF_TRY(seal_envelopes(draft, key, state->records + 1, ret, error));
    head->envelopes = (uint32_t)(ret->size - wf_ledger_record_head_bytes);
    for (uint32_t i = 0; i < draft->groups.count; i++)
        WF_TRY(seal_group(draft, keys, i, state->records + 1, ret, error));
    WF_ASSERT(ret->size <= wf_ledger_record_bytes_max);
    head->size = (uint32_t)ret->size;
    head->number = state->records + 1;
    head->commit = state->commits + 1;
    head->first = state->positions + 1;
    head->count = draft->count;
    // The link covers the head, the head holds the link.
    memset(head->link, 0, WF_LINK_BYTES);
    wf_ledger_print_head((unsigned char *)ret->bytes, head);
    wf_ledger_link(state->link, wf_buffer_text(ret), head->link);
    wf_ledger_print_head((unsigned char *)ret->bytes, head);
    return WEFT_OK;
}

// ---- ending ----

void wf_ledger_draft_clear(wf_ledger_draft *draft)
{
    for (size_t i = 0; i < draft->groups.count && i < draft->bodies_capacity; i++) {
        if (draft->bodies[i].capacity > buffers_kept_bytes)
            wf_buffer_wipe(&draft->bodies[i]);
        wf_buffer_clear(&draft->bodies[i]);
    }
    if (draft->seqs != NULL)
        memset(draft->seqs, 0, draft->seqs_capacity * sizeof *draft->seqs);
    wf_ledger_words_clear(&draft->groups);
    wf_ledger_words_clear(&draft->names);
    wf_ledger_words_clear(&draft->shapes);
    wf_buffer_clear(&draft->facts);
    draft->count = 0;
    draft->bodies_bytes = 0;
    draft->at = 0;
}

void wf_ledger_draft_done(wf_ledger_draft *draft)
{
    for (size_t i = 0; i < draft->bodies_capacity; i++)
        wf_buffer_wipe(&draft->bodies[i]);
    free(draft->bodies);
    free(draft->seqs);
    wf_ledger_words_done(&draft->groups);
    wf_ledger_words_done(&draft->names);
    wf_ledger_words_done(&draft->shapes);
    wf_buffer_wipe(&draft->facts);
    *draft = (wf_ledger_draft){0};
}
