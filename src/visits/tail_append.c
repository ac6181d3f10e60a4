// Appending to a tail; tail.c draws the file and says in which order it is written.
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>

#include "base/bytes.h"
#include "visits/store.h"
#include "visits/tail_file.h"

enum {
    file_version = 1,
    size_bytes = WF_TAIL_SIZE_BYTES,
    fold_bytes = 8 << 20 // a tail larger than this is folded into its day
};

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
    unsigned char head[WF_TAIL_RECORD_HEAD_BYTES];
    for (size_t i = 0; i < rows->seats_count + rows->settings_count; i++) {
        const wf_text *text = i < rows->seats_count
                                  ? &rows->seats[i]
                                  : &rows->settings[i - rows->seats_count];
        if (text->size > UINT16_MAX)
            return wf_fail(error, WEFT_TOO_LARGE, "visits.record_too_large", NULL);
    }
    wf_put_u32(head, (uint32_t)rows->visits_count);
    wf_put_u32(head + 4, (uint32_t)rows->encounters_count);
    to->limit = WF_TAIL_RECORD_BYTES_MAX;
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

// ---- appending ----

// A head and two marks that count nothing.
static weft_status print_empty(const wf_key *key, weft_day day, uint64_t generation,
                               wf_buffer *ret, weft_error *error)
{
    const wf_tail_mark none = {.length = WF_TAIL_RECORDS_AT};
    unsigned char head[WF_TAIL_HEAD_BYTES];
    memcpy(head, "WEFTTAIL", 8);
    wf_put_u32(head + 8, file_version);
    wf_put_u32(head + 12, (uint32_t)day.number);
    wf_put_u64(head + 16, generation);
    wf_random_bytes(head + 24, 16);
    if (!wf_buffer_append(ret, head, sizeof head))
        return wf_fail_memory(error);
    WF_TRY(wf_tail_mark_seal(key, head, 0, &none, ret, error));
    return wf_tail_mark_seal(key, head, 1, &none, ret, error);
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
    wf_manifest_file *named = &day->files[WF_SLOT_TAIL];
    wf_buffer bytes = {0};
    weft_status status = print_empty(key, number, change->next.generation, &bytes, error);
    if (status == WEFT_OK)
        status =
            wf_io_write_new(visits->io, path.text, wf_buffer_text(&bytes), 0600, error);
    if (status != WEFT_OK)
        WF_IGNORE(visits->io->unlink(visits->io, path.text),
                  "what stays is removed on opening");
    if (status == WEFT_OK) {
        named->generation = change->next.generation;
        named->size = bytes.size;
        wf_tail_hash_head((const unsigned char *)bytes.bytes, &named->hash);
    }
    wf_buffer_done(&bytes);
    return status;
}

// Commits what an append needs: the tail's name, new ids.
static weft_status prepare(wf_visits *visits, weft_day number, weft_error *error)
{
    const wf_manifest_day *day = wf_manifest_find(&visits->manifest, number);
    bool has_tail = day != NULL && day->files[WF_SLOT_TAIL].generation != 0;
    bool new_ids = wf_commit_has_new_ids(visits, &visits->manifest.ids);
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

// A tail that is open for an append.
typedef struct {
    const wf_io *io;
    const char *path;
    int file;
    const wf_key *key;
} open_tail;

static weft_status put_record(const open_tail *tail, wf_text record, uint64_t at,
                              weft_error *error)
{
    if (tail->io->truncate(tail->io, tail->file, (off_t)at) != 0)
        return wf_fail_errno(error, errno, "io.write", tail->path);
    WF_TRY(wf_io_pwrite_all(tail->io, tail->file, record.bytes, record.size, (off_t)at,
                            tail->path, error));
    if (tail->io->sync(tail->io, tail->file) != 0)
        return wf_fail_errno(error, errno, "io.sync", tail->path);
    return WEFT_OK;
}

// Marks all up to the end as acknowledged, in the place of the older mark.
static weft_status put_mark(const open_tail *tail, const wf_tail_end *end,
                            weft_error *error)
{
    wf_buffer sealed = {0};
    weft_status status =
        wf_tail_mark_seal(tail->key, end->head, end->spare, &end->at, &sealed, error);
    if (status == WEFT_OK)
        status =
            wf_io_pwrite_all(tail->io, tail->file, sealed.bytes, sealed.size,
                             WF_TAIL_HEAD_BYTES + (off_t)end->spare * WF_TAIL_MARK_BYTES,
                             tail->path, error);
    if (status == WEFT_OK && tail->io->sync(tail->io, tail->file) != 0)
        status = wf_fail_errno(error, errno, "io.sync", tail->path);
    wf_buffer_done(&sealed);
    return status;
}

// Takes the record behind `before` back, for rows that were not acknowledged should not
// be seen either. While a mark may count it that must not be: a durable one of `before`
// comes first.
static void take_back(const open_tail *tail, const wf_tail_end *before, bool marked)
{
    weft_error second = {0};
    if (marked && put_mark(tail, before, &second) != WEFT_OK)
        return;
    WF_IGNORE(tail->io->truncate(tail->io, tail->file, (off_t)before->at.length),
              "a record that no mark counts is not missed, nor does it harm");
}

// Writes the record behind the last good one and marks it; *end then covers it.
static weft_status put_acknowledged(const open_tail *tail, const wf_buffer *record,
                                    wf_tail_end *end, bool *ret_marked, weft_error *error)
{
    wf_tail_end next = *end;
    weft_status status = put_record(tail, wf_buffer_text(record), end->at.length, error);
    *ret_marked = status == WEFT_OK;
    if (status == WEFT_OK) {
        wf_tail_advance(&next,
                        (wf_text){record->bytes + size_bytes, record->size - size_bytes});
        status = put_mark(tail, &next, error);
    }
    if (status != WEFT_OK) {
        take_back(tail, end, *ret_marked);
        return status;
    }
    next.acknowledged = next.at.length;
    next.spare = 1 - next.spare;
    *end = next;
    return WEFT_OK;
}

static weft_status write_record(wf_visits *visits, const wf_buffer *record,
                                wf_tail_end *end, weft_error *error)
{
    const wf_manifest_day *day = wf_manifest_find(&visits->manifest, end->day);
    wf_path path;
    open_tail tail = {.io = visits->io, .path = path.text};
    bool marked = false;
    WF_TRY(wf_keys_find(visits->keys, WF_KEY_VISITS, end->day, &tail.key, error));
    WF_TRY(wf_store_current_path(visits, day, WF_SLOT_TAIL, &path, error));
    tail.file = tail.io->open(tail.io, path.text, O_RDWR | O_CLOEXEC, 0);
    if (tail.file < 0)
        return wf_fail_errno(error, errno, "io.open", path.text);
    weft_status status = put_acknowledged(&tail, record, end, &marked, error);
    WF_IGNORE(tail.io->close(tail.io, tail.file), "what counts has been synced");
    if (status != WEFT_OK && marked) {
        // Which marks the file has now is told by reading it.
        weft_error second = {0};
        wf_tail_end known;
        wf_tail_forget_end(visits, end->day);
        WF_IGNORE(wf_tail_load_end(visits, day, &known, &second),
                  "the next append tries again");
    }
    return status;
}

static weft_status seal_record(const wf_visits *visits, const wf_tail_end *end,
                               wf_text plain, wf_buffer *ret, weft_error *error)
{
    const wf_key *key;
    unsigned char context[WF_TAIL_CONTEXT_BYTES], size[size_bytes] = {0};
    WF_TRY(wf_keys_find(visits->keys, WF_KEY_VISITS, end->day, &key, error));
    wf_tail_put_context(context, end);
    if (!wf_buffer_append(ret, size, sizeof size))
        return wf_fail_memory(error);
    WF_TRY(
        wf_seal_blob(key, (wf_text){(char *)context, sizeof context}, plain, ret, error));
    wf_put_u32((unsigned char *)ret->bytes, (uint32_t)(ret->size - size_bytes));
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
    WF_TRY(write_record(visits, sealed, end, error));
    uint32_t newest = newest_of(rows);
    end->newest_s = newest > end->newest_s ? newest : end->newest_s;
    end->rows += rows->visits_count + rows->encounters_count;
    return wf_tail_keep_end(visits, end, error);
}

// Where the day's tail ends; WEFT_DAMAGED when nothing can be appended to it.
static weft_status find_end(wf_visits *visits, weft_day number, wf_tail_end *ret,
                            weft_error *error)
{
    const wf_tail_end *known = wf_tail_end_of(visits, number);
    if (known == NULL)
        return wf_tail_load_end(visits, wf_manifest_find(&visits->manifest, number), ret,
                                error);
    *ret = *known;
    return WEFT_OK;
}

// ---- closing ----

void wf_tail_commit_ends(wf_visits *visits)
{
    bool due = false;
    for (size_t i = 0; i < visits->manifest.count; i++) {
        const wf_manifest_day *day = &visits->manifest.days[i];
        const wf_tail_end *end = wf_tail_end_of(visits, day->day);
        due |= end != NULL && end->acknowledged > day->files[WF_SLOT_TAIL].size;
    }
    wf_change change;
    weft_error second = {0};
    if (!due || wf_change_begin(visits, &change, &second) != WEFT_OK)
        return;
    wf_commit_drop_new_ids(visits);
    WF_IGNORE(wf_change_commit(&change, &second),
              "no row depends on it: only an older copy of a tail would not be told");
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
    if (status == WEFT_OK && end.at.length > fold_bytes)
        WF_IGNORE(run_batch(visits, &(wf_segment_rows){.day = rows->day}, &found),
                  "the rows are durable in the tail; the next append tries again");
    return status;
}
