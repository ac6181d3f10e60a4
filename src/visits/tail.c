// The tail of a day: live rows, durable one append at a time.
//
//   OFFSET SIZE
//   0      8    "WEFTTAIL"
//   8      4    version, 1
//   12     4    day
//   16     8    generation of the manifest that first names it
//   24     16   random
//   40     72×2 marks, how far it was acknowledged: nonce ‖ sealed ‖ tag of
//                 0  8  number of records
//                 8  8  bytes of the file up to their end
//                 16 16 tag of the last one
//   184    …    records, each: 4 bytes size s | s bytes: nonce ‖ sealed ‖ tag
//
// A record's content, little endian:
//
//   0      4    number of visits
//   4      4    number of encounters
//   8      …    visits:     person 4, place 4, start 2, end 2, marks 1, seat 2 + text
//          …    encounters: a 4, b 4, start 4, end 4, marks 1, setting 2 + text
//
// The manifest holds the hash of the first 40 bytes, so that the tail of another day or
// of before the last fold is noticed. A mark authenticates those bytes and its place; a
// record authenticates them, its number and the tag of the record before it.
//
// An append writes and syncs the record, then the older of the two marks (tail_mark.h),
// and is acknowledged when that is synced. What stands behind the acknowledged records
// and does not open is what a crash left: it is left out, and the next append overwrites
// it. A record that a mark counts and that is not there, whole, was lost: the tail is
// damaged, wherever it was cut. The manifest of each commit, also the one that closes the
// store, names how far the tail was acknowledged by then, so that an older copy of it is
// told from the right one. What cannot be told is an older copy from after the last
// commit: it is put back between a crash and the next opening, and it has its own marks.
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/grow.h"
#include "visits/merge.h"
#include "visits/store.h"
#include "visits/tail_file.h"

enum {
    record_head_bytes = WF_TAIL_RECORD_HEAD_BYTES,
    size_bytes = WF_TAIL_SIZE_BYTES,
    tail_bytes_max = 1 << 30
};

static weft_status fail_damaged(const char *path, const char *reason, weft_error *error)
{
    wf_error_clear(error); // what a blob that does not open said
    return wf_fail(error, WEFT_DAMAGED, "visits.tail_damaged", "path", path, "reason",
                   reason, NULL);
}

void wf_tail_hash_head(const unsigned char head[WF_TAIL_HEAD_BYTES],
                       wf_day_file_hash *ret)
{
    int failed = crypto_generichash(ret->bytes, sizeof ret->bytes, head,
                                    WF_TAIL_HEAD_BYTES, NULL, 0);
    WF_ASSERT(failed == 0);
}

void wf_tail_put_context(unsigned char context[WF_TAIL_CONTEXT_BYTES],
                         const wf_tail_end *end)
{
    memcpy(context, end->head, WF_TAIL_HEAD_BYTES);
    wf_put_u64(context + WF_TAIL_HEAD_BYTES, end->at.records);
    memcpy(context + WF_TAIL_HEAD_BYTES + 8, end->at.last_tag, WF_SEAL_TAG_BYTES);
}

// ---- where tails end ----

wf_tail_end *wf_tail_end_of(const wf_visits *visits, weft_day day)
{
    const wf_manifest_day *named = wf_manifest_find(&visits->manifest, day);
    for (size_t i = 0; i < visits->tails_count; i++)
        if (visits->tails[i].day.number == day.number)
            return named != NULL && named->files[WF_SLOT_TAIL].generation ==
                                        visits->tails[i].generation
                       ? &visits->tails[i]
                       : NULL;
    return NULL;
}

weft_status wf_tail_keep_end(wf_visits *visits, const wf_tail_end *end, weft_error *error)
{
    size_t at = 0;
    while (at < visits->tails_count && visits->tails[at].day.number != end->day.number)
        at++;
    wf_tail_end *tails =
        wf_grow(visits->tails, at, &visits->tails_capacity, sizeof *tails);
    if (tails == NULL)
        return wf_fail_memory(error);
    visits->tails = tails;
    visits->tails[at] = *end;
    if (at == visits->tails_count)
        visits->tails_count++;
    return WEFT_OK;
}

// The next append reads the file again.
void wf_tail_forget_end(wf_visits *visits, weft_day day)
{
    for (size_t i = 0; i < visits->tails_count; i++)
        if (visits->tails[i].day.number == day.number)
            visits->tails[i].generation = 0;
}

// ---- reading ----

typedef struct {
    const unsigned char *at, *end;
} cursor;

static bool take(cursor *from, size_t size, const unsigned char **ret)
{
    if ((size_t)(from->end - from->at) < size)
        return false;
    *ret = from->at;
    from->at += size;
    return true;
}

static bool take_text(cursor *from, wf_text *ret)
{
    const unsigned char *size, *bytes;
    if (!take(from, 2, &size) || !take(from, size[0] | (size_t)size[1] << 8, &bytes))
        return false;
    *ret = (wf_text){(const char *)bytes, size[0] | (size_t)size[1] << 8};
    return true;
}

// Rows of a tail on their way into a segment.
typedef struct {
    wf_pile pile;
    wf_texts seats, settings;
    wf_tail_end end;
    bool met_mark, met_commit; // the end was where the newest mark, the manifest say
} tail_rows;

static weft_status parse_visit(cursor *from, tail_rows *rows, bool *ret_good,
                               weft_error *error)
{
    const unsigned char *bytes;
    wf_text seat;
    *ret_good = false;
    if (!take(from, 13, &bytes) || !take_text(from, &seat))
        return WEFT_OK;
    wf_visit_row row = {.person = wf_get_u32(bytes),
                        .place = wf_get_u32(bytes + 4),
                        .start = (uint16_t)wf_get_u32(bytes + 8),
                        .end = (uint16_t)(wf_get_u32(bytes + 8) >> 16),
                        .marks = bytes[12],
                        .ordinal = WF_ROW_OLD};
    if (row.person >= WF_NUMBER_LIMIT || row.place >= WF_NUMBER_LIMIT ||
        row.start >= row.end || row.end > 1500 || row.marks > 7)
        return WEFT_OK;
    WF_TRY(wf_texts_intern(&rows->seats, seat, &row.seat, error));
    wf_packed_visit packed = wf_visit_pack(&row);
    WF_TRY(wf_pile_add(&rows->pile, &packed, 1, error));
    if (60u * row.end > rows->end.newest_s)
        rows->end.newest_s = 60u * row.end;
    *ret_good = true;
    return WEFT_OK;
}

static weft_status parse_encounter(cursor *from, tail_rows *rows, bool *ret_good,
                                   weft_error *error)
{
    const unsigned char *bytes;
    wf_text setting;
    *ret_good = false;
    if (!take(from, 17, &bytes) || !take_text(from, &setting))
        return WEFT_OK;
    wf_encounter_row row = {.a = wf_get_u32(bytes),
                            .b = wf_get_u32(bytes + 4),
                            .start = wf_get_u32(bytes + 8),
                            .end = wf_get_u32(bytes + 12),
                            .marks = bytes[16],
                            .ordinal = WF_ROW_OLD};
    if (row.a >= row.b || row.b >= WF_NUMBER_LIMIT || row.start >= row.end ||
        row.end > 90000 || row.marks > 7)
        return WEFT_OK;
    WF_TRY(wf_texts_intern(&rows->settings, setting, &row.setting, error));
    wf_packed_meeting packed = wf_meeting_pack(&row);
    WF_TRY(wf_pile_add_meetings(&rows->pile, &packed, 1, error));
    if (row.end > rows->end.newest_s)
        rows->end.newest_s = row.end;
    *ret_good = true;
    return WEFT_OK;
}

static weft_status parse_record(wf_text plain, tail_rows *rows, bool *ret_good,
                                weft_error *error)
{
    cursor from = {(const unsigned char *)plain.bytes,
                   (const unsigned char *)plain.bytes + plain.size};
    const unsigned char *head;
    bool good = take(&from, record_head_bytes, &head);
    uint32_t visits = good ? wf_get_u32(head) : 0;
    uint32_t encounters = good ? wf_get_u32(head + 4) : 0;
    for (uint32_t i = 0; good && i < visits; i++)
        WF_TRY(parse_visit(&from, rows, &good, error));
    for (uint32_t i = 0; good && i < encounters; i++)
        WF_TRY(parse_encounter(&from, rows, &good, error));
    rows->end.rows += (uint64_t)visits + encounters;
    *ret_good = good && from.at == from.end;
    return WEFT_OK;
}

// The record that stands at the end of those taken; .bytes is NULL when what is left of
// the file is shorter than its size says.
static wf_text sealed_at(wf_text file, const wf_tail_end *end)
{
    size_t left = file.size - (size_t)end->at.length;
    const unsigned char *from = (const unsigned char *)file.bytes + end->at.length;
    size_t size = left < size_bytes ? 0 : wf_get_u32(from);
    if (left < size_bytes || left - size_bytes < size)
        return (wf_text){NULL, 0};
    return (wf_text){(const char *)from + size_bytes, size};
}

void wf_tail_advance(wf_tail_end *end, wf_text sealed)
{
    end->at.records++;
    end->at.length += size_bytes + sealed.size;
    memcpy(end->at.last_tag, sealed.bytes + sealed.size - WF_SEAL_TAG_BYTES,
           WF_SEAL_TAG_BYTES);
}

// Takes one record; *ret_more is false at the end of the good ones.
static weft_status read_record(wf_text file, const char *path, const wf_key *key,
                               tail_rows *rows, wf_buffer *plain, bool *ret_more,
                               weft_error *error)
{
    wf_text sealed = sealed_at(file, &rows->end);
    unsigned char context[WF_TAIL_CONTEXT_BYTES];
    bool good;
    *ret_more = false;
    if (sealed.bytes == NULL || sealed.size > WF_TAIL_RECORD_BYTES_MAX)
        return WEFT_OK;
    wf_tail_put_context(context, &rows->end);
    wf_buffer_clear(plain);
    weft_status status = wf_open_blob(key, (wf_text){(char *)context, sizeof context},
                                      sealed, plain, error);
    if (status == WEFT_DAMAGED) {
        wf_error_clear(error);
        return WEFT_OK;
    }
    WF_TRY(status);
    WF_TRY(parse_record(wf_buffer_text(plain), rows, &good, error));
    if (!good)
        return fail_damaged(path, "flipped", error);
    wf_tail_advance(&rows->end, sealed);
    *ret_more = true;
    return WEFT_OK;
}

// Whether the tail has all that was acknowledged.
static weft_status judge_end(wf_text file, const char *path, const wf_tail_marks *marks,
                             const wf_manifest_file *named, const tail_rows *rows,
                             weft_error *error)
{
    uint64_t least = marks->newest.records + (marks->torn ? 1 : 0);
    if (rows->end.at.records < least) {
        bool cut = sealed_at(file, &rows->end).bytes == NULL;
        return fail_damaged(path, cut ? "cut" : "flipped", error);
    }
    // The mark that was torn would be newer than the manifest.
    if (!rows->met_mark || (marks->torn && marks->newest.length < named->size))
        return fail_damaged(path, "flipped", error);
    return rows->met_commit ? WEFT_OK : fail_damaged(path, "stale", error);
}

static weft_status read_records(wf_text file, const char *path,
                                const wf_manifest_file *named, const wf_key *key,
                                tail_rows *rows, wf_buffer *plain, weft_error *error)
{
    wf_tail_marks marks;
    const unsigned char *bytes = (const unsigned char *)file.bytes;
    weft_status status = wf_tail_marks_open(key, bytes, &marks, error);
    if (status == WEFT_DAMAGED)
        return fail_damaged(path, "flipped", error);
    WF_TRY(status);
    memcpy(rows->end.head, bytes, WF_TAIL_HEAD_BYTES);
    rows->end.spare = marks.spare;
    rows->end.acknowledged = marks.newest.length;
    for (bool more = true; more;) {
        rows->met_mark |= wf_tail_mark_equal(&rows->end.at, &marks.newest);
        rows->met_commit |= rows->end.at.length == named->size;
        WF_TRY(read_record(file, path, key, rows, plain, &more, error));
    }
    return judge_end(file, path, &marks, named, rows, error);
}

static weft_status check_head(wf_text file, const char *path,
                              const wf_manifest_file *named, weft_error *error)
{
    wf_day_file_hash hash;
    if (file.size < WF_TAIL_RECORDS_AT)
        return fail_damaged(path, "cut", error);
    wf_tail_hash_head((const unsigned char *)file.bytes, &hash);
    bool same = memcmp(hash.bytes, named->hash.bytes, sizeof hash.bytes) == 0;
    return same ? WEFT_OK : fail_damaged(path, "swapped", error);
}

static weft_status read_file(const wf_visits *visits, const char *path, wf_arena *arena,
                             wf_text *ret, weft_error *error)
{
    weft_status status =
        wf_io_read_file(visits->io, path, tail_bytes_max, arena, ret, error);
    if (status == WEFT_NOT_FOUND)
        return fail_damaged(path, "missing", error);
    return status == WEFT_TOO_LARGE ? fail_damaged(path, "flipped", error) : status;
}

weft_status wf_tail_check(const wf_visits *visits, const char *path,
                          const wf_manifest_day *day, weft_error *error)
{
    const wf_manifest_file *named = &day->files[WF_SLOT_TAIL];
    wf_arena arena;
    wf_arena_init(&arena, 0);
    wf_text file;
    weft_status status = read_file(visits, path, &arena, &file, error);
    if (status == WEFT_OK)
        status = check_head(file, path, named, error);
    if (status == WEFT_OK && file.size < named->size)
        status = fail_damaged(path, "cut", error);
    wf_arena_done(&arena);
    return status;
}

static weft_status read_rows(const wf_visits *visits, const wf_manifest_day *day,
                             const wf_key *key, tail_rows *rows, wf_arena *arena,
                             wf_buffer *plain, weft_error *error)
{
    const wf_manifest_file *named = &day->files[WF_SLOT_TAIL];
    wf_path path;
    wf_text file;
    WF_TRY(wf_store_current_path(visits, day, WF_SLOT_TAIL, &path, error));
    WF_TRY(read_file(visits, path.text, arena, &file, error));
    WF_TRY(check_head(file, path.text, named, error));
    return read_records(file, path.text, named, key, rows, plain, error);
}

weft_status wf_tail_read(const wf_visits *visits, const wf_manifest_day *day,
                         const wf_key *key, wf_segment **ret, wf_tail_end *ret_end,
                         weft_error *error)
{
    wf_arena arena;
    wf_arena_init(&arena, 0);
    wf_buffer plain = {0};
    tail_rows rows = {.end = {.day = day->day,
                              .generation = day->files[WF_SLOT_TAIL].generation,
                              .at = {.length = WF_TAIL_RECORDS_AT}}};
    wf_pile_init(&rows.pile, day->day);
    weft_status status = wf_texts_init(&rows.seats, WF_SEAT_LIMIT, error);
    if (status == WEFT_OK)
        status = wf_texts_init(&rows.settings, WF_SEAT_LIMIT, error);
    if (status == WEFT_OK)
        status = read_rows(visits, day, key, &rows, &arena, &plain, error);
    wf_segment *segment = NULL;
    if (status == WEFT_OK && rows.end.rows > 0)
        status =
            wf_merge_segment(&rows.pile, &rows.seats, &rows.settings, &segment, error);
    if (status == WEFT_OK) {
        *ret = segment;
        *ret_end = rows.end;
    }
    wf_pile_done(&rows.pile);
    wf_texts_done(&rows.seats);
    wf_texts_done(&rows.settings);
    if (plain.capacity > 0)
        sodium_memzero(plain.bytes, plain.capacity);
    wf_buffer_done(&plain);
    wf_arena_done(&arena);
    return status;
}

weft_status wf_tail_load_end(wf_visits *visits, const wf_manifest_day *day,
                             wf_tail_end *ret, weft_error *error)
{
    const wf_key *key;
    wf_segment *segment = NULL;
    WF_TRY(wf_keys_find(visits->keys, WF_KEY_VISITS, day->day, &key, error));
    WF_TRY(wf_tail_read(visits, day, key, &segment, ret, error));
    wf_segment_close(segment);
    return wf_tail_keep_end(visits, ret, error);
}

weft_status wf_tail_load_ends(wf_visits *visits, weft_error *error)
{
    for (size_t i = 0; i < visits->manifest.count; i++) {
        const wf_manifest_day *day = &visits->manifest.days[i];
        wf_tail_end end;
        weft_error found = {0};
        if (day->files[WF_SLOT_TAIL].generation == 0)
            continue;
        weft_status status = wf_tail_load_end(visits, day, &end, &found);
        if (status == WEFT_OK || status == WEFT_DAMAGED || status == WEFT_KEYLESS ||
            status == WEFT_FORGOTTEN)
            continue;
        *error = found;
        return status;
    }
    return WEFT_OK;
}
