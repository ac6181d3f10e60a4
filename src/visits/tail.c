// The tail of a day: live rows, durable one append at a time.
//
//   OFFSET SIZE
//   0      8    "WEFTTAIL"
//   8      4    version, 1
//   12     4    day
//   16     8    generation of the manifest that first names it
//   24     16   random
//   40     …    records, each: 4 bytes size s | 4 bytes ~s | s bytes: nonce ‖ sealed ‖
//   tag
//
// A record's content, little endian:
//
//   0      4    number of visits
//   4      4    number of encounters
//   8      …    visits:     person 4, place 4, start 2, end 2, marks 1, seat 2 + text
//          …    encounters: a 4, b 4, start 4, end 4, marks 1, setting 2 + text
//
// The manifest holds the hash of the first 40 bytes, so that an old tail or that of
// another day is noticed. A record authenticates those bytes, its number and the tag of
// the record before it. A record that a crash tore (its end is missing, or blocks of it
// were never written and read as zeroes) was never acknowledged: it is left out, and
// the next append overwrites it. The size stands twice so that one flipped bit in it does
// not pass for that. What cannot be told from an honest shorter file is a tail that was
// cut, exactly between two records or within the last one.
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "keys/seal.h"
#include "visits/bytes.h"
#include "visits/merge.h"
#include "visits/store.h"

enum {
    file_version = 1,
    head_bytes = WF_TAIL_HEAD_BYTES,
    size_bytes = 8, // before a record
    record_head_bytes = 8,
    record_bytes_max = 1 << 26,
    context_bytes = head_bytes + 8 + WF_SEAL_TAG_BYTES,
    tail_bytes_max = 1 << 30,
    fold_bytes = 8 << 20, // a tail larger than this is folded into its day
    torn_bytes = 64       // so many zeroes in a row are no cipher text
};

static weft_status fail_damaged(const char *path, weft_error *error)
{
    return wf_fail(error, WEFT_DAMAGED, "visits.tail_damaged", "path", path, NULL);
}

static void hash_head(const unsigned char head[head_bytes], wf_day_file_hash *ret)
{
    int failed =
        crypto_generichash(ret->bytes, sizeof ret->bytes, head, head_bytes, NULL, 0);
    WF_ASSERT(failed == 0);
}

static void put_context(unsigned char context[context_bytes], const wf_tail_end *end)
{
    memcpy(context, end->head, head_bytes);
    wf_put_u64(context + head_bytes, end->records);
    memcpy(context + head_bytes + 8, end->last_tag, WF_SEAL_TAG_BYTES);
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

static weft_status keep_end(wf_visits *visits, const wf_tail_end *end, weft_error *error)
{
    size_t at = 0;
    while (at < visits->tails_count && visits->tails[at].day.number != end->day.number)
        at++;
    if (at == visits->tails_capacity) {
        size_t capacity = at == 0 ? 16 : at * 2;
        wf_tail_end *tails = reallocarray(visits->tails, capacity, sizeof *tails);
        if (tails == NULL)
            return wf_fail_memory(error);
        visits->tails = tails;
        visits->tails_capacity = capacity;
    }
    visits->tails[at] = *end;
    if (at == visits->tails_count)
        visits->tails_count++;
    return WEFT_OK;
}

// ---- records ----

static bool print_text(wf_buffer *to, wf_text text)
{
    unsigned char size[2] = {(unsigned char)text.size, (unsigned char)(text.size >> 8)};
    return wf_buffer_append(to, size, 2) && wf_buffer_append(to, text.bytes, text.size);
}

static bool print_visit(wf_buffer *to, const wf_visit_row *row, wf_text seat)
{
    unsigned char bytes[13];
    wf_put_u32(bytes, row->person);
    wf_put_u32(bytes + 4, row->place);
    wf_put_u32(bytes + 8, (uint32_t)row->start | (uint32_t)row->end << 16);
    bytes[12] = row->marks;
    return wf_buffer_append(to, bytes, sizeof bytes) && print_text(to, seat);
}

static bool print_encounter(wf_buffer *to, const wf_encounter_row *row, wf_text setting)
{
    unsigned char bytes[17];
    wf_put_u32(bytes, row->a);
    wf_put_u32(bytes + 4, row->b);
    wf_put_u32(bytes + 8, row->start);
    wf_put_u32(bytes + 12, row->end);
    bytes[16] = row->marks;
    return wf_buffer_append(to, bytes, sizeof bytes) && print_text(to, setting);
}

static weft_status print_record(const wf_segment_rows *rows, wf_buffer *to,
                                weft_error *error)
{
    unsigned char head[record_head_bytes];
    for (size_t i = 0; i < rows->seats_count + rows->settings_count; i++) {
        const wf_text *text = i < rows->seats_count
                                  ? &rows->seats[i]
                                  : &rows->settings[i - rows->seats_count];
        if (text->size > UINT16_MAX)
            return wf_fail(error, WEFT_TOO_LARGE, "visits.record_too_large", NULL);
    }
    wf_put_u32(head, (uint32_t)rows->visits_count);
    wf_put_u32(head + 4, (uint32_t)rows->encounters_count);
    to->limit = record_bytes_max;
    bool done = rows->visits_count < UINT32_MAX && rows->encounters_count < UINT32_MAX &&
                wf_buffer_append(to, head, sizeof head);
    for (size_t i = 0; done && i < rows->visits_count; i++)
        done = print_visit(to, &rows->visits[i], rows->seats[rows->visits[i].seat]);
    for (size_t i = 0; done && i < rows->encounters_count; i++)
        done = print_encounter(to, &rows->encounters[i],
                               rows->settings[rows->encounters[i].setting]);
    return done ? WEFT_OK
                : wf_fail(error, WEFT_TOO_LARGE, "visits.record_too_large", NULL);
}

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

// ---- reading ----

// Rows of a tail on their way into a segment.
typedef struct {
    wf_pile pile;
    wf_texts seats, settings;
    wf_tail_end end;
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

static bool all_zero(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

// The size that stands before a record, or 0 when none was written; false when it
// contradicts itself.
static bool take_size(const unsigned char *from, size_t left, size_t *ret)
{
    *ret = 0;
    if (left < size_bytes || all_zero(from + 4, left - 4))
        return true;
    *ret = wf_get_u32(from);
    return wf_get_u32(from + 4) == ~(uint32_t)*ret && *ret >= WF_SEAL_BLOB_OVERHEAD &&
           *ret <= record_bytes_max;
}

// True for what a crash leaves of a record of `size` bytes at the end of the file.
static bool is_torn(const unsigned char *record, size_t left, size_t size)
{
    static const unsigned char zeroes[torn_bytes];
    return left == size &&
           (memmem(record, size, zeroes, torn_bytes) != NULL ||
            all_zero(record + size - WF_SEAL_TAG_BYTES, WF_SEAL_TAG_BYTES));
}

// Takes one record; *ret_more is false at the end of the good ones.
static weft_status read_record(wf_text file, const char *path, const wf_key *key,
                               tail_rows *rows, wf_buffer *plain, bool *ret_more,
                               weft_error *error)
{
    const unsigned char *from = (const unsigned char *)file.bytes + rows->end.length;
    size_t left = file.size - (size_t)rows->end.length, size;
    *ret_more = false;
    if (!take_size(from, left, &size))
        return fail_damaged(path, error);
    if (size == 0 || left - size_bytes < size)
        return WEFT_OK;
    from += size_bytes;
    left -= size_bytes;
    unsigned char context[context_bytes];
    put_context(context, &rows->end);
    wf_buffer_clear(plain);
    weft_status status = wf_open_blob(key, (wf_text){(char *)context, sizeof context},
                                      (wf_text){(const char *)from, size}, plain, error);
    if (status == WEFT_DAMAGED && is_torn(from, left, size)) {
        wf_error_clear(error);
        return WEFT_OK;
    }
    bool good = false;
    if (status == WEFT_OK)
        status = parse_record(wf_buffer_text(plain), rows, &good, error);
    if (status == WEFT_DAMAGED || (status == WEFT_OK && !good))
        return fail_damaged(path, error);
    WF_TRY(status);
    rows->end.length += size_bytes + size;
    rows->end.records++;
    memcpy(rows->end.last_tag, from + size - WF_SEAL_TAG_BYTES, WF_SEAL_TAG_BYTES);
    *ret_more = true;
    return WEFT_OK;
}

static weft_status check_head(wf_text file, const char *path, const wf_manifest_day *day,
                              weft_error *error)
{
    wf_day_file_hash hash;
    if (file.size < head_bytes)
        return fail_damaged(path, error);
    hash_head((const unsigned char *)file.bytes, &hash);
    const wf_manifest_file *named = &day->files[WF_SLOT_TAIL];
    bool same = memcmp(hash.bytes, named->hash.bytes, sizeof hash.bytes) == 0;
    return same ? WEFT_OK : fail_damaged(path, error);
}

static weft_status read_file(const wf_visits *visits, const char *path, size_t limit,
                             wf_arena *arena, wf_text *ret, weft_error *error)
{
    weft_status status = wf_io_read_file(visits->io, path, limit, arena, ret, error);
    return status == WEFT_NOT_FOUND || status == WEFT_TOO_LARGE
               ? fail_damaged(path, error)
               : status;
}

weft_status wf_tail_check(const wf_visits *visits, const char *path,
                          const wf_manifest_day *day, weft_error *error)
{
    wf_arena arena;
    wf_arena_init(&arena, 0);
    wf_text file;
    weft_status status = read_file(visits, path, tail_bytes_max, &arena, &file, error);
    if (status == WEFT_OK)
        status = check_head(file, path, day, error);
    wf_arena_done(&arena);
    return status;
}

static weft_status read_rows(const wf_visits *visits, const wf_manifest_day *day,
                             const wf_key *key, tail_rows *rows, wf_arena *arena,
                             wf_buffer *plain, weft_error *error)
{
    wf_path path;
    wf_text file;
    bool more = true;
    WF_TRY(wf_store_current_path(visits, day, WF_SLOT_TAIL, &path, error));
    WF_TRY(read_file(visits, path.text, tail_bytes_max, arena, &file, error));
    WF_TRY(check_head(file, path.text, day, error));
    memcpy(rows->end.head, file.bytes, head_bytes);
    while (more)
        WF_TRY(read_record(file, path.text, key, rows, plain, &more, error));
    return WEFT_OK;
}

static weft_status pack(tail_rows *rows, wf_segment **ret, weft_error *error)
{
    weft_day day = rows->pile.day;
    wf_gathered all = {0};
    WF_TRY(wf_pile_gather(&rows->pile, NULL, NULL, 1, &all, error));
    wf_merge_sort(&all, 1, NULL, NULL);
    wf_segment_bytes bytes = {0};
    weft_status status =
        wf_merge_pack(day, &all, &rows->seats, &rows->settings, 1, &bytes, error);
    wf_gathered_done(&all);
    if (status == WEFT_OK)
        status = wf_segment_open(&bytes, ret, error);
    if (status != WEFT_OK)
        wf_segment_bytes_done(&bytes);
    return status;
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
                              .length = head_bytes}};
    wf_pile_init(&rows.pile, day->day);
    weft_status status = wf_texts_init(&rows.seats, WF_SEAT_LIMIT, error);
    if (status == WEFT_OK)
        status = wf_texts_init(&rows.settings, WF_SEAT_LIMIT, error);
    if (status == WEFT_OK)
        status = read_rows(visits, day, key, &rows, &arena, &plain, error);
    wf_segment *segment = NULL;
    if (status == WEFT_OK && rows.end.rows > 0)
        status = pack(&rows, &segment, error);
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

static weft_status load_end(wf_visits *visits, const wf_manifest_day *day,
                            wf_tail_end *ret, weft_error *error)
{
    const wf_key *key;
    wf_segment *segment = NULL;
    WF_TRY(wf_keys_find(visits->keys, WF_KEY_VISITS, day->day, &key, error));
    WF_TRY(wf_tail_read(visits, day, key, &segment, ret, error));
    wf_segment_close(segment);
    return keep_end(visits, ret, error);
}

weft_status wf_tail_load_ends(wf_visits *visits, weft_error *error)
{
    for (size_t i = 0; i < visits->manifest.count; i++) {
        const wf_manifest_day *day = &visits->manifest.days[i];
        wf_tail_end end;
        weft_error found = {0};
        if (day->files[WF_SLOT_TAIL].generation == 0)
            continue;
        weft_status status = load_end(visits, day, &end, &found);
        if (status == WEFT_OK || status == WEFT_DAMAGED || status == WEFT_KEYLESS ||
            status == WEFT_FORGOTTEN)
            continue;
        *error = found;
        return status;
    }
    return WEFT_OK;
}

// ---- appending ----

static weft_status write_head(const wf_visits *visits, const char *path,
                              const unsigned char head[head_bytes], weft_error *error)
{
    const wf_io *io = visits->io;
    int file = io->open(io, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0)
        return wf_fail_errno(error, errno, "io.open", path);
    weft_status status = wf_io_write_all(io, file, head, head_bytes, path, error);
    if (status == WEFT_OK && io->sync(io, file) != 0)
        status = wf_fail_errno(error, errno, "io.sync", path);
    if (io->close(io, file) != 0 && status == WEFT_OK)
        status = wf_fail_errno(error, errno, "io.write", path);
    if (status != WEFT_OK)
        WF_IGNORE(io->unlink(io, path), "what stays is removed on opening");
    return status;
}

// Stages an empty tail.
static weft_status stage_tail(wf_change *change, weft_day number, weft_error *error)
{
    wf_visits *visits = change->visits;
    const wf_key *key;
    wf_manifest_day *day;
    wf_path path;
    WF_TRY(wf_store_make_key(visits, number, &key, error));
    WF_TRY(wf_manifest_add(&change->next, number, &day, error));
    WF_TRY(wf_store_next_path(visits, number, WF_SLOT_TAIL, &path, error));
    unsigned char head[head_bytes];
    memcpy(head, "WEFTTAIL", 8);
    wf_put_u32(head + 8, file_version);
    wf_put_u32(head + 12, (uint32_t)number.number);
    wf_put_u64(head + 16, change->next.generation);
    wf_random_bytes(head + 24, 16);
    WF_TRY(write_head(visits, path.text, head, error));
    day->files[WF_SLOT_TAIL].generation = change->next.generation;
    hash_head(head, &day->files[WF_SLOT_TAIL].hash);
    return WEFT_OK;
}

// Commits what an append needs: the tail's name, new ids.
static weft_status prepare(wf_visits *visits, weft_day number, weft_error *error)
{
    const wf_manifest_day *day = wf_manifest_find(&visits->manifest, number);
    bool has_tail = day != NULL && day->files[WF_SLOT_TAIL].generation != 0;
    const wf_ids_mark *mark = &visits->manifest.ids;
    bool new_ids = mark->counts[WF_ID_PERSON] < wf_ids_count(visits->ids, WF_ID_PERSON) ||
                   mark->counts[WF_ID_PLACE] < wf_ids_count(visits->ids, WF_ID_PLACE);
    if (has_tail && !new_ids && !visits->unsettled && !visits->unsure)
        return WEFT_OK;
    wf_change change;
    WF_TRY(wf_change_begin(visits, &change, error));
    weft_status status = has_tail ? WEFT_OK : stage_tail(&change, number, error);
    if (status != WEFT_OK) {
        wf_change_abandon(&change);
        return status;
    }
    return wf_change_commit(&change, error);
}

// Writes the record behind the last good one; *end then covers it.
static weft_status write_record(const wf_visits *visits, const wf_manifest_day *day,
                                const wf_buffer *record, wf_tail_end *end,
                                weft_error *error)
{
    const wf_io *io = visits->io;
    wf_path path;
    WF_TRY(wf_store_current_path(visits, day, WF_SLOT_TAIL, &path, error));
    int file = io->open(io, path.text, O_RDWR | O_CLOEXEC, 0);
    if (file < 0)
        return wf_fail_errno(error, errno, "io.open", path.text);
    weft_status status = WEFT_OK;
    if (io->truncate(io, file, (off_t)end->length) != 0)
        status = wf_fail_errno(error, errno, "io.write", path.text);
    if (status == WEFT_OK)
        status = wf_io_pwrite_all(io, file, record->bytes, record->size,
                                  (off_t)end->length, path.text, error);
    if (status == WEFT_OK && io->sync(io, file) != 0)
        status = wf_fail_errno(error, errno, "io.sync", path.text);
    if (status != WEFT_OK)
        WF_IGNORE(io->truncate(io, file, (off_t)end->length),
                  "rows that were not acknowledged should not be seen either");
    if (io->close(io, file) != 0 && status == WEFT_OK)
        status = wf_fail_errno(error, errno, "io.write", path.text);
    WF_TRY(status);
    end->length += record->size;
    end->records++;
    memcpy(end->last_tag, record->bytes + record->size - WF_SEAL_TAG_BYTES,
           WF_SEAL_TAG_BYTES);
    return WEFT_OK;
}

static weft_status seal_record(const wf_visits *visits, const wf_tail_end *end,
                               wf_text plain, wf_buffer *ret, weft_error *error)
{
    const wf_key *key;
    unsigned char context[context_bytes], size[size_bytes] = {0};
    WF_TRY(wf_keys_find(visits->keys, WF_KEY_VISITS, end->day, &key, error));
    put_context(context, end);
    if (!wf_buffer_append(ret, size, sizeof size))
        return wf_fail_memory(error);
    WF_TRY(
        wf_seal_blob(key, (wf_text){(char *)context, sizeof context}, plain, ret, error));
    uint32_t sealed = (uint32_t)(ret->size - size_bytes);
    wf_put_u32((unsigned char *)ret->bytes, sealed);
    wf_put_u32((unsigned char *)ret->bytes + 4, ~sealed);
    return WEFT_OK;
}

static uint32_t newest_of(const wf_segment_rows *rows)
{
    uint32_t newest = 0;
    for (size_t i = 0; i < rows->visits_count; i++)
        if (60u * rows->visits[i].end > newest)
            newest = 60u * rows->visits[i].end;
    for (size_t i = 0; i < rows->encounters_count; i++)
        if (rows->encounters[i].end > newest)
            newest = rows->encounters[i].end;
    return newest;
}

static weft_status append_record(wf_visits *visits, const wf_segment_rows *rows,
                                 wf_tail_end *end, wf_buffer *plain, wf_buffer *sealed,
                                 weft_error *error)
{
    WF_TRY(print_record(rows, plain, error));
    WF_TRY(seal_record(visits, end, wf_buffer_text(plain), sealed, error));
    WF_TRY(write_record(visits, wf_manifest_find(&visits->manifest, rows->day), sealed,
                        end, error));
    uint32_t newest = newest_of(rows);
    end->newest_s = newest > end->newest_s ? newest : end->newest_s;
    end->rows += rows->visits_count + rows->encounters_count;
    return keep_end(visits, end, error);
}

// Where the day's tail ends; WEFT_DAMAGED when nothing can be appended to it.
static weft_status find_end(wf_visits *visits, weft_day number, wf_tail_end *ret,
                            weft_error *error)
{
    const wf_tail_end *known = wf_tail_end_of(visits, number);
    if (known == NULL)
        return load_end(visits, wf_manifest_find(&visits->manifest, number), ret, error);
    *ret = *known;
    return WEFT_OK;
}

// ---- rows that go into the day at once ----

static weft_status add_visits(wf_visits_batch *batch, const wf_segment_rows *rows,
                              weft_error *error)
{
    for (size_t i = 0; i < rows->visits_count; i++) {
        wf_visit_row row = rows->visits[i];
        WF_TRY(wf_visits_batch_seat(batch, rows->seats[row.seat], &row.seat, error));
        row.ordinal = (uint32_t)i;
        WF_TRY(wf_visits_batch_add(batch, rows->day, &row, 1, error));
    }
    for (size_t i = 0; i < rows->encounters_count; i++) {
        wf_encounter_row row = rows->encounters[i];
        WF_TRY(wf_visits_batch_setting(batch, rows->settings[row.setting], &row.setting,
                                       error));
        row.ordinal = (uint32_t)i;
        WF_TRY(wf_visits_batch_add_encounters(batch, rows->day, &row, 1, error));
    }
    return wf_visits_batch_add(batch, rows->day, NULL, 0, error);
}

// A batch of these rows; without rows it folds the day's tail.
static weft_status run_batch(wf_visits *visits, const wf_segment_rows *rows,
                             weft_error *error)
{
    wf_visits_batch *batch;
    wf_visits_batch_count count;
    WF_TRY(wf_visits_batch_begin(visits, SIZE_MAX, &batch, error));
    weft_status status = add_visits(batch, rows, error);
    if (status != WEFT_OK) {
        wf_visits_batch_abandon(batch);
        return status;
    }
    return wf_visits_batch_commit(batch, NULL, NULL, &count, error);
}

weft_status wf_visits_append(wf_visits *visits, const wf_segment_rows *rows,
                             weft_error *error)
{
    WF_ASSERT(visits->batch == NULL);
    WF_TRY(wf_visits_day_takes(visits, rows->day, error));
    wf_store_release_day(visits, rows->day);
    WF_TRY(prepare(visits, rows->day, error));
    wf_tail_end end;
    weft_error found = {0};
    weft_status status = find_end(visits, rows->day, &end, &found);
    if (status == WEFT_DAMAGED)
        return run_batch(visits, rows, error); // the damaged tail is left as it is
    if (status != WEFT_OK) {
        *error = found;
        return status;
    }
    wf_buffer plain = {0}, sealed = {0};
    status = append_record(visits, rows, &end, &plain, &sealed, error);
    if (plain.capacity > 0)
        sodium_memzero(plain.bytes, plain.capacity);
    wf_buffer_done(&plain);
    wf_buffer_done(&sealed);
    if (status == WEFT_OK && end.length > fold_bytes)
        WF_IGNORE(run_batch(visits, &(wf_segment_rows){.day = rows->day}, &found),
                  "the rows are durable in the tail; the next append tries again");
    return status;
}
