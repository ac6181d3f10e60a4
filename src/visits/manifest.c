#include "visits/manifest.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/grow.h"
#include "keys/seal.h"
#include "visits/stated.h"

enum {
    file_version = 2,
    first_version = 1, // is read
    head_bytes = 16,
    plain_head_bytes = 52, // of both versions; the second has 8 more
    plain_more_bytes = 8,
    day_head_bytes = 12,
    day_head_bytes_first = 10,
    stated_bytes = 20,
    slot_bytes = 32 + WF_DAY_FILE_HASH_BYTES,
    days_max = 100000, // nearly three centuries
    flag_ids_due = 1,
    flag_note = 2,
    note_bytes_max = 1 << 16
};

void wf_manifest_done(wf_manifest *manifest)
{
    free(manifest->days);
    wf_buffer_done(&manifest->note);
    *manifest = (wf_manifest){0};
}

// ---- days ----

// Index of the first day not before `day`.
static size_t lower_bound(const wf_manifest *manifest, weft_day day)
{
    size_t low = 0, high = manifest->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (manifest->days[middle].day.number < day.number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

wf_manifest_day *wf_manifest_find(const wf_manifest *manifest, weft_day day)
{
    size_t at = lower_bound(manifest, day);
    bool found = at < manifest->count && manifest->days[at].day.number == day.number;
    return found ? &manifest->days[at] : NULL;
}

static weft_status reserve_day(wf_manifest *manifest, weft_error *error)
{
    if (manifest->count >= days_max)
        return wf_fail(error, WEFT_TOO_LARGE, "visits.too_many_days", NULL);
    wf_manifest_day *days =
        wf_grow(manifest->days, manifest->count, &manifest->capacity, sizeof *days);
    if (days == NULL)
        return wf_fail_memory(error);
    manifest->days = days;
    return WEFT_OK;
}

weft_status wf_manifest_add(wf_manifest *manifest, weft_day day, wf_manifest_day **ret,
                            weft_error *error)
{
    wf_manifest_day *found = wf_manifest_find(manifest, day);
    if (found == NULL) {
        WF_TRY(reserve_day(manifest, error));
        size_t at = lower_bound(manifest, day);
        found = &manifest->days[at];
        memmove(found + 1, found, (manifest->count - at) * sizeof *found);
        *found = (wf_manifest_day){.day = day};
        manifest->count++;
    }
    *ret = found;
    return WEFT_OK;
}

void wf_manifest_drop_before(wf_manifest *manifest, weft_day before)
{
    size_t at = lower_bound(manifest, before);
    if (at == 0)
        return;
    manifest->count -= at;
    memmove(manifest->days, manifest->days + at,
            manifest->count * sizeof *manifest->days);
}

weft_status wf_manifest_copy(const wf_manifest *from, wf_manifest *ret, weft_error *error)
{
    wf_manifest copy = *from;
    copy.capacity = from->count + 1;
    copy.days = calloc(copy.capacity, sizeof *copy.days);
    copy.note = (wf_buffer){0};
    if (copy.days == NULL ||
        !wf_buffer_append(&copy.note, from->note.bytes, from->note.size)) {
        free(copy.days);
        return wf_fail_memory(error);
    }
    for (size_t i = 0; i < from->count; i++)
        copy.days[i] = from->days[i];
    *ret = copy;
    return WEFT_OK;
}

// ---- writing ----

static unsigned slots_in_use(const wf_manifest_day *day)
{
    unsigned bits = 0;
    for (unsigned slot = 0; slot < WF_SLOT_COUNT; slot++)
        bits |= (day->files[slot].generation != 0 ? 1u : 0u) << slot;
    return bits;
}

static bool print_day(const wf_manifest_day *day, wf_buffer *ret)
{
    unsigned char head[day_head_bytes];
    unsigned used = slots_in_use(day);
    wf_put_u32(head, (uint32_t)day->day.number);
    wf_put_u32(head + 4, day->newest_s);
    wf_put_u32(head + 8, used | (uint32_t)day->doomed << 16);
    if (!wf_buffer_append(ret, head, sizeof head))
        return false;
    for (unsigned slot = 0; slot < WF_SLOT_COUNT; slot++) {
        const wf_manifest_file *file = &day->files[slot];
        unsigned char to[slot_bytes];
        if ((used >> slot & 1) == 0)
            continue;
        wf_put_u64(to, file->generation);
        wf_put_u64(to + 8, file->size);
        wf_put_u64(to + 16, file->visits);
        wf_put_u64(to + 24, file->encounters);
        memcpy(to + 32, file->hash.bytes, sizeof file->hash.bytes);
        if (!wf_buffer_append(ret, to, sizeof to))
            return false;
    }
    if ((used >> WF_SLOT_STATED & 1) == 0)
        return true;
    unsigned char stated[stated_bytes];
    wf_put_u64(stated, day->stated.counted);
    wf_put_u64(stated + 8, (uint64_t)day->stated.newest.us);
    wf_put_u32(stated + 16, day->stated.reach);
    return wf_buffer_append(ret, stated, sizeof stated);
}

static bool print_note(const wf_buffer *note, wf_buffer *ret)
{
    unsigned char size[4];
    WF_ASSERT(note->size <= note_bytes_max);
    wf_put_u32(size, (uint32_t)note->size);
    return wf_buffer_append(ret, size, sizeof size) &&
           wf_buffer_append(ret, note->bytes, note->size);
}

static bool print_plain(const wf_manifest *manifest, wf_buffer *ret)
{
    unsigned char head[plain_head_bytes + plain_more_bytes];
    const wf_ids_mark *ids = &manifest->ids;
    wf_put_u64(head, manifest->generation);
    bool has_note = manifest->note.size > 0;
    wf_put_u32(head + 8,
               (manifest->ids_due ? flag_ids_due : 0u) | (has_note ? flag_note : 0u));
    wf_put_u32(head + 12, (uint32_t)manifest->count);
    wf_put_u64(head + 16, ids->length);
    wf_put_u32(head + 24, ids->records);
    wf_put_u32(head + 28, ids->counts[WF_ID_PERSON]);
    wf_put_u32(head + 32, ids->counts[WF_ID_PLACE]);
    memcpy(head + 36, ids->last_tag, sizeof ids->last_tag);
    wf_put_u64(head + plain_head_bytes, manifest->life_position);
    if (!wf_buffer_append(ret, head, sizeof head))
        return false;
    for (size_t i = 0; i < manifest->count; i++)
        if (!print_day(&manifest->days[i], ret))
            return false;
    return !has_note || print_note(&manifest->note, ret);
}

weft_status wf_manifest_print(const wf_manifest *manifest, const wf_key *key,
                              wf_buffer *ret, weft_error *error)
{
    unsigned char head[head_bytes];
    memcpy(head, "WEFTMANI", 8);
    wf_put_u32(head + 8, file_version);
    wf_put_u32(head + 12, (uint32_t)manifest->ids.generation);
    wf_buffer plain = {0};
    weft_status status = WEFT_OK;
    if (!print_plain(manifest, &plain) || !wf_buffer_append(ret, head, sizeof head))
        status = wf_fail_memory(error);
    if (status == WEFT_OK)
        status = wf_seal_blob(key, (wf_text){(char *)head, sizeof head},
                              wf_buffer_text(&plain), ret, error);
    wf_buffer_done(&plain);
    return status;
}

// ---- reading ----

static weft_status fail_damaged(const char *path, weft_error *error)
{
    return wf_fail(error, WEFT_DAMAGED, "visits.manifest_damaged", "path", path, NULL);
}

static bool parse_day_head(const unsigned char **at, const unsigned char *end,
                           uint32_t version, wf_manifest_day *ret, unsigned *ret_used)
{
    const unsigned char *from = *at;
    bool first = version == first_version;
    ptrdiff_t size = first ? day_head_bytes_first : day_head_bytes;
    if (end - from < size)
        return false;
    uint32_t slots = first ? from[8] | (uint32_t)from[9] << 16 : wf_get_u32(from + 8);
    *ret = (wf_manifest_day){.day = {(int32_t)wf_get_u32(from)},
                             .newest_s = wf_get_u32(from + 4),
                             .doomed = (uint16_t)(slots >> 16)};
    *ret_used = slots & UINT16_MAX;
    *at = from + size;
    return (*ret_used | ret->doomed) >> WF_SLOT_COUNT == 0;
}

static bool parse_stated(const unsigned char **at, const unsigned char *end,
                         wf_manifest_stated *ret)
{
    const unsigned char *from = *at;
    if (end - from < stated_bytes)
        return false;
    *ret = (wf_manifest_stated){.counted = wf_get_u64(from),
                                .newest = {(int64_t)wf_get_u64(from + 8)},
                                .reach = wf_get_u32(from + 16)};
    *at = from + stated_bytes;
    return ret->reach < WF_STATED_DAYS_MAX;
}

// Takes one day from *at on; false if it breaks the format.
static bool parse_day(const unsigned char **at, const unsigned char *end,
                      uint32_t version, wf_manifest_day *ret)
{
    unsigned used = 0;
    if (!parse_day_head(at, end, version, ret, &used))
        return false;
    const unsigned char *from = *at;
    for (unsigned slot = 0; slot < WF_SLOT_COUNT; slot++) {
        wf_manifest_file *file = &ret->files[slot];
        if ((used >> slot & 1) == 0)
            continue;
        if (end - from < slot_bytes)
            return false;
        *file = (wf_manifest_file){.generation = wf_get_u64(from),
                                   .size = wf_get_u64(from + 8),
                                   .visits = wf_get_u64(from + 16),
                                   .encounters = wf_get_u64(from + 24)};
        memcpy(file->hash.bytes, from + 32, sizeof file->hash.bytes);
        if (file->generation == 0)
            return false;
        from += slot_bytes;
    }
    *at = from;
    if ((used >> WF_SLOT_STATED & 1) != 0 && !parse_stated(at, end, &ret->stated))
        return false;
    return (used & ret->doomed) == 0;
}

static weft_status parse_note(const unsigned char **at, const unsigned char *end,
                              const char *path, wf_buffer *ret, weft_error *error)
{
    const unsigned char *from = *at;
    uint32_t size = end - from < 4 ? 0 : wf_get_u32(from);
    if (size == 0 || size > note_bytes_max || size > end - from - 4)
        return fail_damaged(path, error);
    *at = from + 4 + size;
    return wf_buffer_append(ret, from + 4, size) ? WEFT_OK : wf_fail_memory(error);
}

static weft_status parse_plain(wf_text plain, uint32_t version, const char *path,
                               wf_manifest *into, weft_error *error)
{
    const unsigned char *from = (const unsigned char *)plain.bytes;
    size_t more = version == first_version ? 0 : plain_more_bytes;
    if (plain.size < plain_head_bytes + more)
        return fail_damaged(path, error);
    into->life_position = more == 0 ? 0 : wf_get_u64(from + plain_head_bytes);
    into->generation = wf_get_u64(from);
    into->ids_due = (wf_get_u32(from + 8) & flag_ids_due) != 0;
    into->ids.length = wf_get_u64(from + 16);
    into->ids.records = wf_get_u32(from + 24);
    into->ids.counts[WF_ID_PERSON] = wf_get_u32(from + 28);
    into->ids.counts[WF_ID_PLACE] = wf_get_u32(from + 32);
    memcpy(into->ids.last_tag, from + 36, sizeof into->ids.last_tag);
    uint32_t count = wf_get_u32(from + 12);
    const unsigned char *at = from + plain_head_bytes + more, *end = from + plain.size;
    for (uint32_t i = 0; i < count; i++) {
        WF_TRY(reserve_day(into, error));
        wf_manifest_day *day = &into->days[into->count];
        if (!parse_day(&at, end, version, day) ||
            (into->count > 0 && day[-1].day.number >= day->day.number))
            return fail_damaged(path, error);
        into->count++;
    }
    if ((wf_get_u32(from + 8) & flag_note) != 0)
        WF_TRY(parse_note(&at, end, path, &into->note, error));
    return at == end ? WEFT_OK : fail_damaged(path, error);
}

static weft_status open_file(wf_text file, const char *path, const wf_keys *keys,
                             wf_buffer *plain, wf_manifest *into, weft_error *error)
{
    const unsigned char *from = (const unsigned char *)file.bytes;
    uint32_t version = file.size < head_bytes ? 0 : wf_get_u32(from + 8);
    if (version < first_version || version > file_version ||
        memcmp(from, "WEFTMANI", 8) != 0)
        return fail_damaged(path, error);
    weft_day generation = {(int32_t)wf_get_u32(from + 12)};
    const wf_key *key = NULL;
    weft_status status = wf_keys_find(keys, WF_KEY_DICTIONARY, generation, &key, error);
    // The key of an earlier dictionary was destroyed by a purge.
    if (status == WEFT_FORGOTTEN)
        return wf_fail(error, WEFT_DAMAGED, "visits.manifest_stale", "path", path, NULL);
    if (status == WEFT_KEYLESS)
        return wf_fail(error, WEFT_KEYLESS, "visits.no_dictionary_key", "path", path,
                       NULL);
    WF_TRY(status);
    status = wf_open_blob(key, (wf_text){file.bytes, head_bytes},
                          (wf_text){file.bytes + head_bytes, file.size - head_bytes},
                          plain, error);
    if (status == WEFT_DAMAGED)
        return fail_damaged(path, error);
    WF_TRY(status);
    into->ids.generation = generation.number;
    WF_TRY(parse_plain(wf_buffer_text(plain), version, path, into, error));
    if (into->generation < wf_keys_marked(keys))
        return wf_fail(error, WEFT_DAMAGED, "visits.manifest_stale", "path", path, NULL);
    return WEFT_OK;
}

weft_status wf_manifest_read(wf_text file, const char *path, const wf_keys *keys,
                             wf_manifest *ret, weft_error *error)
{
    wf_buffer plain = {0};
    wf_manifest manifest = {0};
    weft_status status = open_file(file, path, keys, &plain, &manifest, error);
    wf_buffer_done(&plain);
    if (status == WEFT_OK)
        *ret = manifest;
    else
        wf_manifest_done(&manifest);
    return status;
}
