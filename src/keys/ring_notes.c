// Copies, restorations and backups, in the memory and the content of the ring;
// ring_inside.h draws them.
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/grow.h"
#include "keys/ring_inside.h"

enum { notes_max = 4096, copy_bytes = 144, restored_bytes = 128 };

// ---- copies ----

size_t wf_keys_copies(const wf_keys *keys, const wf_keys_copy **ret)
{
    *ret = keys->copies;
    return keys->copies_count;
}

weft_status wf_keys_add_copy(wf_keys *keys, const wf_keys_copy *copy, weft_error *error)
{
    if (keys->copies_count == notes_max)
        return wf_fail(error, WEFT_TOO_LARGE, "keys.too_many_copies", NULL);
    wf_keys_copy *copies =
        wf_grow(keys->copies, keys->copies_count, &keys->copies_capacity, sizeof *copies);
    if (copies == NULL)
        return wf_fail_memory(error);
    keys->copies = copies;
    copies[keys->copies_count++] = *copy;
    keys->changes++;
    return WEFT_OK;
}

void wf_keys_drop_copy(wf_keys *keys)
{
    WF_ASSERT(keys->copies_count > 0);
    keys->copies_count--;
    keys->changes++;
}

bool wf_keys_end_copy(wf_keys *keys, const unsigned char id[WF_KEYS_ID_BYTES],
                      wf_copy_end end, weft_time at)
{
    for (size_t i = 0; i < keys->copies_count; i++) {
        wf_keys_copy *copy = &keys->copies[i];
        if (memcmp(copy->id, id, WF_KEYS_ID_BYTES) != 0)
            continue;
        copy->end = end;
        copy->ended = at;
        keys->changes++;
        return true;
    }
    return false;
}

// ---- backups and restorations ----

wf_keys_backup wf_keys_last_backup(const wf_keys *keys)
{
    wf_ring_lock_shared(keys);
    wf_keys_backup last = keys->backup;
    wf_ring_unlock(keys);
    return last;
}

void wf_keys_note_backup(wf_keys *keys, const wf_keys_backup *backup)
{
    wf_ring_lock(keys);
    keys->backup = *backup;
    keys->changes++;
    wf_ring_unlock(keys);
}

size_t wf_keys_restorations(const wf_keys *keys, const wf_keys_restored **ret)
{
    *ret = keys->restored;
    return keys->restored_count;
}

weft_status wf_keys_set_back(wf_keys *keys, wf_keys_restored *restored, weft_error *error)
{
    if (keys->restored_count == notes_max)
        return wf_fail(error, WEFT_TOO_LARGE, "keys.too_many_copies", NULL);
    wf_keys_restored *all = wf_grow(keys->restored, keys->restored_count,
                                    &keys->restored_capacity, sizeof *all);
    if (all == NULL)
        return wf_fail_memory(error);
    keys->restored = all;
    restored->old_ledger = keys->ledger;
    restored->old_visits = keys->mark;
    keys->ledger = restored->new_ledger;
    keys->mark = restored->new_visits;
    // A newer backup is not one of this city any more.
    memcpy(keys->backup.id, restored->backup, sizeof keys->backup.id);
    keys->backup.at = restored->backed_up;
    keys->backup.commits = keys->ledger.commits;
    all[keys->restored_count++] = *restored;
    keys->changes++;
    return WEFT_OK;
}

// ---- writing ----

size_t wf_ring_notes_size(const wf_keys *keys)
{
    return keys->copies_count * copy_bytes + keys->restored_count * restored_bytes;
}

static void print_copy(unsigned char *to, const wf_keys_copy *copy)
{
    memcpy(to, copy->id, sizeof copy->id);
    wf_put_u64(to + 16, (uint64_t)copy->made.us);
    wf_put_u32(to + 24, (uint32_t)copy->until.number);
    wf_put_u32(to + 28, (uint32_t)copy->end);
    wf_put_u64(to + 32, (uint64_t)copy->ended.us);
    memset(to + 40, 0, WF_KEYS_NAME_BYTES);
    memcpy(to + 40, copy->recipient, strnlen(copy->recipient, WF_KEYS_NAME_BYTES - 1));
    memcpy(to + 112, copy->public_key, sizeof copy->public_key);
}

static void print_restored(unsigned char *to, const wf_keys_restored *one)
{
    memcpy(to, one->backup, sizeof one->backup);
    wf_put_u64(to + 16, (uint64_t)one->at.us);
    wf_put_u64(to + 24, (uint64_t)one->backed_up.us);
    wf_put_u64(to + 32, one->old_ledger.commits);
    memcpy(to + 40, one->old_ledger.link, WF_KEYS_LINK_BYTES);
    wf_put_u64(to + 72, one->new_ledger.commits);
    memcpy(to + 80, one->new_ledger.link, WF_KEYS_LINK_BYTES);
    wf_put_u64(to + 112, one->old_visits);
    wf_put_u64(to + 120, one->new_visits);
}

void wf_ring_notes_print(const wf_keys *keys, unsigned char head[wf_ring_notes_bytes],
                         unsigned char *to)
{
    wf_put_u32(head, (uint32_t)keys->copies_count);
    wf_put_u32(head + 4, (uint32_t)keys->restored_count);
    memcpy(head + 8, keys->backup.id, sizeof keys->backup.id);
    wf_put_u64(head + 24, (uint64_t)keys->backup.at.us);
    wf_put_u64(head + 32, keys->backup.commits);
    for (size_t i = 0; i < keys->copies_count; i++, to += copy_bytes)
        print_copy(to, &keys->copies[i]);
    for (size_t i = 0; i < keys->restored_count; i++, to += restored_bytes)
        print_restored(to, &keys->restored[i]);
}

// ---- reading ----

bool wf_ring_notes_expected(const unsigned char head[wf_ring_notes_bytes], size_t *ret)
{
    uint32_t copies = wf_get_u32(head), restored = wf_get_u32(head + 4);
    if (copies > notes_max || restored > notes_max)
        return false;
    *ret = (size_t)copies * copy_bytes + (size_t)restored * restored_bytes;
    return true;
}

static bool parse_copy(wf_keys *keys, const unsigned char *from)
{
    weft_error ignored = {0};
    wf_keys_copy copy = {.made = {(int64_t)wf_get_u64(from + 16)},
                         .until = {(int32_t)wf_get_u32(from + 24)},
                         .end = (wf_copy_end)wf_get_u32(from + 28),
                         .ended = {(int64_t)wf_get_u64(from + 32)}};
    if (wf_get_u32(from + 28) > WF_COPY_DESTROYED ||
        from[40 + WF_KEYS_NAME_BYTES - 1] != 0 ||
        (copy.end == WF_COPY_OUT) != weft_time_is_none(copy.ended))
        return false;
    memcpy(copy.id, from, sizeof copy.id);
    memcpy(copy.recipient, from + 40, sizeof copy.recipient);
    memcpy(copy.public_key, from + 112, sizeof copy.public_key);
    return wf_text_is_utf8(wf_text_of(copy.recipient)) &&
           wf_keys_add_copy(keys, &copy, &ignored) == WEFT_OK;
}

static bool parse_restored(wf_keys *keys, const unsigned char *from)
{
    wf_keys_restored one = {.at = {(int64_t)wf_get_u64(from + 16)},
                            .backed_up = {(int64_t)wf_get_u64(from + 24)},
                            .old_ledger = {.commits = wf_get_u64(from + 32)},
                            .new_ledger = {.commits = wf_get_u64(from + 72)},
                            .old_visits = wf_get_u64(from + 112),
                            .new_visits = wf_get_u64(from + 120)};
    memcpy(one.backup, from, sizeof one.backup);
    memcpy(one.old_ledger.link, from + 40, WF_KEYS_LINK_BYTES);
    memcpy(one.new_ledger.link, from + 80, WF_KEYS_LINK_BYTES);
    wf_keys_restored *all = wf_grow(keys->restored, keys->restored_count,
                                    &keys->restored_capacity, sizeof *all);
    if (all == NULL)
        return false;
    keys->restored = all;
    all[keys->restored_count++] = one;
    return true;
}

bool wf_ring_notes_parse(wf_keys *keys, const unsigned char head[wf_ring_notes_bytes],
                         wf_text behind)
{
    const unsigned char *from = (const unsigned char *)behind.bytes;
    memcpy(keys->backup.id, head + 8, sizeof keys->backup.id);
    keys->backup.at.us = (int64_t)wf_get_u64(head + 24);
    keys->backup.commits = wf_get_u64(head + 32);
    for (uint32_t i = 0; i < wf_get_u32(head); i++, from += copy_bytes)
        if (!parse_copy(keys, from))
            return false;
    for (uint32_t i = 0; i < wf_get_u32(head + 4); i++, from += restored_bytes)
        if (!parse_restored(keys, from))
            return false;
    keys->written = keys->changes;
    return true;
}
