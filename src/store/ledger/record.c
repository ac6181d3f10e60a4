#include "store/ledger/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "keys/seal.h"

enum {
    flag_grid = 1,
    flag_amends = 2,
    flag_elsewhere = 4,
    flags_all = 7,
    fact_bytes_min = 13
};

wf_text wf_ledger_context_of(wf_ledger_context *context, uint64_t record, int64_t group,
                             wf_keep keep, weft_day day)
{
    memset(context, 0, sizeof *context);
    memcpy(context->bytes, "weft ledger", 11);
    wf_put_u64(context->bytes + 12, record);
    wf_put_u64(context->bytes + 20, (uint64_t)group);
    wf_put_u32(context->bytes + 28, (uint32_t)keep);
    wf_put_u32(context->bytes + 32, (uint32_t)day.number);
    return (wf_text){(const char *)context->bytes, sizeof context->bytes};
}

// ---- reading numbers ----

typedef struct {
    const unsigned char *at, *end;
} cursor;

// False when it is no number in its one form, or above max.
static inline bool get_varint(cursor *from, uint64_t max, uint64_t *ret)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (from->at == from->end)
            return false;
        unsigned char byte = *from->at++;
        if (shift == 63 && byte > 1)
            return false;
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            *ret = value;
            return value <= max && (byte != 0 || shift == 0);
        }
    }
    return false;
}

static inline bool get_u32(cursor *from, uint32_t max, uint32_t *ret)
{
    uint64_t value;
    if (!get_varint(from, max, &value))
        return false;
    *ret = (uint32_t)value;
    return true;
}

static inline uint64_t unzigzag(uint64_t value)
{
    return value >> 1 ^ (0 - (value & 1));
}

// A list's length: each item takes at least `bytes_min`, so that a lie in the length
// cannot ask for much memory.
static bool get_count(cursor *from, size_t bytes_min, size_t *ret)
{
    uint64_t count;
    if (!get_varint(from, (uint64_t)(from->end - from->at) / bytes_min, &count))
        return false;
    *ret = (size_t)count;
    return true;
}

// *array has room for `count` items of `size`; false: out of memory.
static bool make_room(void *array, size_t *capacity, size_t count, size_t size)
{
    void *old, *made;
    if (count <= *capacity)
        return true;
    memcpy(&old, array, sizeof old);
    made = reallocarray(old, count, size);
    if (made == NULL)
        return false;
    memcpy(array, &made, sizeof made);
    *capacity = count;
    // cppcheck-suppress memleak ; it does not see the copy above
    return true;
}

// ---- lists ----

static weft_status parse_groups(cursor *from, wf_ledger_opened *ret)
{
    size_t count;
    if (!get_count(from, 3, &count))
        return WEFT_DAMAGED;
    if (!make_room(&ret->groups, &ret->groups_capacity, count, sizeof *ret->groups))
        return WEFT_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        uint32_t keep, plain_bytes;
        uint64_t day;
        if (!get_u32(from, UINT8_MAX, &keep) || !get_varint(from, UINT32_MAX, &day) ||
            !get_u32(from, wf_ledger_record_bytes_max, &plain_bytes) || keep == 0 ||
            keep >= WF_KEEP_END)
            return WEFT_DAMAGED;
        ret->groups[i] = (wf_ledger_group){.keep = (wf_keep)keep,
                                           .day = {(int32_t)(int64_t)unzigzag(day)},
                                           .plain_bytes = plain_bytes};
    }
    ret->groups_count = count;
    return WEFT_OK;
}

static weft_status parse_names(cursor *from, wf_ledger_opened *ret)
{
    size_t count;
    if (!get_count(from, 2, &count))
        return WEFT_DAMAGED;
    if (!make_room(&ret->names, &ret->names_capacity, count + 1, sizeof *ret->names) ||
        !make_room(&ret->seqs, &ret->seqs_capacity, count + 1, sizeof *ret->seqs))
        return WEFT_NO_MEMORY;
    memset(ret->seqs, 0, (count + 1) * sizeof *ret->seqs);
    ret->names[0] = (wf_text){"", 0};
    for (size_t i = 1; i <= count; i++) {
        uint32_t size;
        if (!get_u32(from, WF_DEVICE_BYTES_MAX, &size) || size == 0 ||
            size > (size_t)(from->end - from->at))
            return WEFT_DAMAGED;
        ret->names[i] = (wf_text){(const char *)from->at, size};
        from->at += size;
    }
    ret->names_count = count + 1;
    return WEFT_OK;
}

static weft_status parse_shapes(cursor *from, wf_ledger_opened *ret)
{
    size_t count;
    if (!get_count(from, 3, &count))
        return WEFT_DAMAGED;
    if (!make_room(&ret->shapes, &ret->shapes_capacity, count, sizeof *ret->shapes))
        return WEFT_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        uint32_t kind, group, flags;
        if (!get_u32(from, UINT16_MAX, &kind) || !get_u32(from, UINT32_MAX, &group) ||
            !get_u32(from, flags_all, &flags) || group >= ret->groups_count)
            return WEFT_DAMAGED;
        ret->shapes[i] = (wf_ledger_shape){.kind_number = (uint16_t)kind,
                                           .group = group,
                                           .has_grid = (flags & flag_grid) != 0,
                                           .has_amends = (flags & flag_amends) != 0,
                                           .elsewhere = (flags & flag_elsewhere) != 0};
    }
    ret->shapes_count = count;
    return WEFT_OK;
}

// ---- facts ----

static inline bool get_name(cursor *from, const wf_ledger_opened *opened, uint32_t *ret)
{
    return get_u32(from, UINT32_MAX, ret) && *ret > 0 && *ret < opened->names_count;
}

static inline bool get_time(cursor *from, uint64_t *at)
{
    uint64_t step;
    if (!get_varint(from, UINT64_MAX, &step))
        return false;
    uint64_t difference = unzigzag(step >> 1);
    *at += (step & 1) != 0 ? difference : difference * (uint64_t)WF_US_PER_S;
    return true;
}

static bool parse_fact(cursor *from, wf_ledger_opened *ret, uint64_t *at,
                       wf_ledger_row *row)
{
    uint64_t seq, amends = 0;
    *row = (wf_ledger_row){0};
    if (!get_u32(from, UINT32_MAX, &row->shape) || row->shape >= ret->shapes_count ||
        !get_name(from, ret, &row->device) || !get_varint(from, UINT64_MAX, &seq) ||
        !get_time(from, at))
        return false;
    const wf_ledger_shape *shape = &ret->shapes[row->shape];
    if ((shape->has_grid && !get_name(from, ret, &row->grid)) ||
        (shape->has_amends && (!get_name(from, ret, &row->amends) ||
                               !get_varint(from, INT64_MAX, &amends) || amends == 0)) ||
        !get_u32(from, wf_ledger_record_bytes_max, &row->body_bytes) ||
        from->end - from->at < 8)
        return false;
    row->digest = wf_get_u64(from->at);
    from->at += 8;
    ret->seqs[row->device] += unzigzag(seq);
    row->seq = (int64_t)ret->seqs[row->device];
    row->amends_seq = (int64_t)amends;
    row->at = (weft_time){(int64_t)*at};
    // Bodies follow each other in their group.
    wf_ledger_group *group = &ret->groups[shape->group];
    if (row->seq < 1 || row->body_bytes > group->plain_bytes - group->open_at ||
        (shape->elsewhere && row->body_bytes > 0))
        return false;
    row->body_at = (uint32_t)group->open_at;
    group->open_at += row->body_bytes;
    return true;
}

static weft_status parse_facts(cursor *from, wf_ledger_opened *ret)
{
    uint32_t count = ret->head.count;
    if (count > (size_t)(from->end - from->at) / fact_bytes_min)
        return WEFT_DAMAGED;
    if (!make_room(&ret->rows, &ret->rows_capacity, count, sizeof *ret->rows))
        return WEFT_NO_MEMORY;
    uint64_t at = 0;
    for (uint32_t i = 0; i < count; i++)
        if (!parse_fact(from, ret, &at, &ret->rows[i]))
            return WEFT_DAMAGED;
    for (size_t i = 0; i < ret->groups_count; i++)
        if (ret->groups[i].open_at != ret->groups[i].plain_bytes)
            return WEFT_DAMAGED;
    return from->at == from->end ? WEFT_OK : WEFT_DAMAGED;
}

weft_status wf_ledger_parse_envelopes(wf_ledger_opened *ret)
{
    cursor from = {(const unsigned char *)ret->envelopes.bytes,
                   (const unsigned char *)ret->envelopes.bytes + ret->envelopes.size};
    ret->groups_count = 0;
    WF_TRY(parse_groups(&from, ret));
    WF_TRY(parse_names(&from, ret));
    WF_TRY(parse_shapes(&from, ret));
    return parse_facts(&from, ret);
}

// ---- whole records ----

weft_status wf_ledger_open_envelopes(const wf_key *key, wf_text record,
                                     const wf_ledger_record_head *head,
                                     wf_ledger_opened *ret)
{
    wf_ledger_context context;
    weft_error inner = {0};
    wf_text sealed = {record.bytes + wf_ledger_record_head_bytes, head->envelopes};
    ret->head = *head;
    wf_buffer_clear(&ret->envelopes);
    wf_buffer_clear(&ret->bodies);
    WF_TRY(wf_open_blob(key,
                        wf_ledger_context_of(&context, head->number, wf_ledger_no_group,
                                             WF_KEEP_END, (weft_day){0}),
                        sealed, &ret->envelopes, &inner));
    WF_TRY(wf_ledger_parse_envelopes(ret));
    // The blobs fill the record to its end.
    size_t at = wf_ledger_record_head_bytes + (size_t)head->envelopes, bodies = 0;
    for (size_t i = 0; i < ret->groups_count; i++) {
        ret->groups[i].sealed_at = at;
        at += ret->groups[i].plain_bytes + WF_SEAL_BLOB_OVERHEAD;
        bodies += ret->groups[i].plain_bytes;
        if (at > head->size)
            return WEFT_DAMAGED;
    }
    if (at != head->size)
        return WEFT_DAMAGED;
    // With the byte that opening asks for, so that opened bodies never move.
    return wf_buffer_reserve(&ret->bodies, bodies + 1) ? WEFT_OK : WEFT_NO_MEMORY;
}

weft_status wf_ledger_open_group(const wf_key *key, wf_text record, uint32_t group,
                                 wf_ledger_opened *opened)
{
    wf_ledger_group *g = &opened->groups[group];
    wf_ledger_context context;
    weft_error inner = {0};
    wf_text sealed = {record.bytes + g->sealed_at,
                      g->plain_bytes + WF_SEAL_BLOB_OVERHEAD};
    size_t at = opened->bodies.size;
    WF_TRY(wf_open_blob(
        key, wf_ledger_context_of(&context, opened->head.number, group, g->keep, g->day),
        sealed, &opened->bodies, &inner));
    g->open_at = at;
    g->state = WF_GROUP_OPEN;
    return WEFT_OK;
}

void wf_ledger_opened_done(wf_ledger_opened *opened)
{
    wf_buffer_wipe(&opened->envelopes);
    wf_buffer_wipe(&opened->bodies);
    free(opened->groups);
    free(opened->names);
    free(opened->shapes);
    free(opened->rows);
    free(opened->seqs);
    *opened = (wf_ledger_opened){0};
}
