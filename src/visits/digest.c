// The digest of a day: the sum modulo 2^256 of BLAKE2b-256 of each row in this form,
// little endian, a text being its length and its bytes:
//
//   visit:      'v' | day 4 | start 4 | end 4 | marks 1 | person 1 + | place 1 + | seat 4
//   + encounter:  'e' | day 4 | start 4 | end 4 | marks 1 | a 1 + | b 1 + | setting 4 +
//
// Visits are in minutes of the civil day, encounters in seconds; of the two people of
// an encounter the bytewise smaller external id comes first. Rows are the pieces of a
// day, since a stay over midnight is stored, and forgotten, by the day. A sum does not
// depend on the order of arrival, and no row is counted twice; but one that was both
// delivered and stated counts in both books.
#include <sodium.h>

#include "base/bytes.h"
#include "base/parallel.h"
#include "visits/merge.h"

enum { threads_max = 64, hashed_meetings = 8192, looked_up = 64 };

typedef struct {
    wf_buffer row;
    uint64_t sum[4];
    bool no_memory;
    bool unknown_id;
} digest_thread;

typedef struct {
    const wf_ids *ids;
    weft_day day;
    const wf_gathered *rows;
    const wf_texts *seats, *settings;
    digest_thread threads[threads_max];
} digest_job;

static bool put_text(wf_buffer *row, wf_text text, size_t length_bytes)
{
    unsigned char length[4];
    wf_put_u32(length, (uint32_t)text.size);
    return wf_buffer_append(row, length, length_bytes) &&
           wf_buffer_append(row, text.bytes, text.size);
}

static bool put_head(wf_buffer *row, char kind, weft_day day, uint32_t start,
                     uint32_t end, uint8_t marks)
{
    unsigned char head[14];
    head[0] = (unsigned char)kind;
    wf_put_u32(head + 1, (uint32_t)day.number);
    wf_put_u32(head + 5, start);
    wf_put_u32(head + 9, end);
    head[13] = marks;
    wf_buffer_clear(row);
    return wf_buffer_append(row, head, sizeof head);
}

static void add_hash(digest_thread *mine)
{
    unsigned char hash[32];
    const unsigned char *row = (const unsigned char *)mine->row.bytes;
    int failed = crypto_generichash(hash, sizeof hash, row, mine->row.size, NULL, 0);
    WF_ASSERT(failed == 0);
    unsigned carry = 0;
    for (unsigned i = 0; i < 4; i++) {
        uint64_t part = wf_get_u64(hash + 8 * i);
        unsigned over = __builtin_add_overflow(mine->sum[i], part, &mine->sum[i]);
        over |= (unsigned)__builtin_add_overflow(mine->sum[i], carry, &mine->sum[i]);
        carry = over;
    }
}

// "" when the dictionary has no such id.
static wf_text id_of(const digest_job *job, wf_id_class id_class, uint32_t number)
{
    return number < wf_ids_count(job->ids, id_class)
               ? wf_ids_text(job->ids, id_class, number)
               : (wf_text){"", 0};
}

static void add_visit(const digest_job *job, digest_thread *mine, wf_packed_visit packed,
                      wf_text person, wf_text place)
{
    wf_visit_row row = wf_visit_unpack(packed);
    mine->unknown_id |= person.size == 0 || place.size == 0;
    if (put_head(&mine->row, 'v', job->day, row.start, row.end, row.marks) &&
        put_text(&mine->row, person, 1) && put_text(&mine->row, place, 1) &&
        put_text(&mine->row, job->seats->texts[row.seat], 4))
        add_hash(mine);
    else
        mine->no_memory = true;
}

// Ids are looked up some rows at once, so that the waits for memory overlap.
static void add_visits(const digest_job *job, digest_thread *mine,
                       const wf_packed_visit *rows, size_t count)
{
    wf_text people[looked_up], places[looked_up];
    for (size_t at = 0; at < count; at += looked_up) {
        size_t part = count - at < looked_up ? count - at : looked_up;
        for (size_t i = 0; i < part; i++) {
            wf_visit_row row = wf_visit_unpack(rows[at + i]);
            people[i] = id_of(job, WF_ID_PERSON, row.person);
            places[i] = id_of(job, WF_ID_PLACE, row.place);
        }
        for (size_t i = 0; i < part; i++)
            add_visit(job, mine, rows[at + i], people[i], places[i]);
    }
}

static void add_meeting(const digest_job *job, digest_thread *mine,
                        const wf_packed_meeting *packed)
{
    wf_encounter_row row = wf_meeting_unpack(packed);
    wf_text a = id_of(job, WF_ID_PERSON, row.a), b = id_of(job, WF_ID_PERSON, row.b);
    mine->unknown_id |= a.size == 0 || b.size == 0;
    if (wf_text_compare(b, a) < 0) {
        wf_text other = a;
        a = b;
        b = other;
    }
    if (put_head(&mine->row, 'e', job->day, row.start, row.end, row.marks) &&
        put_text(&mine->row, a, 1) && put_text(&mine->row, b, 1) &&
        put_text(&mine->row, job->settings->texts[row.setting], 4))
        add_hash(mine);
    else
        mine->no_memory = true;
}

static void digest_bucket(void *context, unsigned thread, size_t index)
{
    digest_job *job = context;
    const wf_span_of_rows *bucket = &job->rows->buckets[index];
    add_visits(job, &job->threads[thread], job->rows->visits + bucket->at, bucket->count);
}

static void digest_meetings(void *context, unsigned thread, size_t index)
{
    digest_job *job = context;
    size_t end = (index + 1) * hashed_meetings;
    if (end > job->rows->meetings_count)
        end = job->rows->meetings_count;
    for (size_t i = index * hashed_meetings; i < end; i++)
        add_meeting(job, &job->threads[thread], &job->rows->meetings[i]);
}

static weft_status sum_threads(digest_job *job, unsigned threads, wf_digest *ret,
                               bool *ret_unknown, weft_error *error)
{
    wf_digest sum = {0};
    bool no_memory = false;
    *ret_unknown = false;
    for (unsigned i = 0; i < threads; i++) {
        digest_thread *mine = &job->threads[i];
        wf_digest part = {0};
        for (unsigned word = 0; word < 4; word++)
            wf_put_u64(part.bytes + 8 * word, mine->sum[word]);
        wf_digest_add(&sum, &part);
        no_memory |= mine->no_memory;
        *ret_unknown |= mine->unknown_id;
        if (mine->row.capacity > 0)
            sodium_memzero(mine->row.bytes, mine->row.capacity);
        wf_buffer_done(&mine->row);
    }
    if (no_memory)
        return wf_fail_memory(error);
    *ret = sum;
    return WEFT_OK;
}

void wf_digest_add(wf_digest *to, const wf_digest *part)
{
    unsigned carry = 0;
    for (size_t i = 0; i < sizeof to->bytes; i++) {
        unsigned sum = (unsigned)to->bytes[i] + part->bytes[i] + carry;
        to->bytes[i] = (unsigned char)sum;
        carry = sum >> 8;
    }
}

typedef struct {
    wf_texts seats, settings;
    wf_pile pile;
    wf_gathered rows;
    wf_stored stored;
} digest_work;

static weft_status collect(const wf_visits *visits, digest_work *work, weft_error *error)
{
    WF_TRY(wf_texts_init(&work->seats, WF_SEAT_LIMIT, error));
    WF_TRY(wf_texts_init(&work->settings, WF_SEAT_LIMIT, error));
    for (unsigned slot = 0; slot < WF_SLOT_COUNT; slot++) {
        if (work->stored.segments[slot] == NULL)
            continue;
        WF_TRY(wf_merge_add_segment(&work->pile, work->stored.segments[slot],
                                    &work->seats, &work->settings, error));
        wf_segment_close(work->stored.segments[slot]);
        work->stored.segments[slot] = NULL;
    }
    WF_TRY(
        wf_pile_gather(&work->pile, visits, NULL, visits->threads, &work->rows, error));
    wf_merge_sort(&work->rows, visits->threads, NULL, NULL);
    return WEFT_OK;
}

// Adds the digest of the rows of work->stored to *sum.
static weft_status digest_rows(const wf_visits *visits, weft_day day, digest_work *work,
                               wf_digest *sum, bool *unknown, weft_error *error)
{
    WF_TRY(collect(visits, work, error));
    unsigned threads = visits->threads < threads_max ? visits->threads : threads_max;
    digest_job job = {.ids = visits->ids,
                      .day = day,
                      .rows = &work->rows,
                      .seats = &work->seats,
                      .settings = &work->settings};
    wf_parallel_for(threads, work->rows.buckets_count, digest_bucket, &job);
    wf_parallel_for(threads, work->rows.meetings_count / hashed_meetings + 1,
                    digest_meetings, &job);
    wf_digest part;
    bool part_unknown;
    WF_TRY(sum_threads(&job, threads, &part, &part_unknown, error));
    wf_digest_add(sum, &part);
    *unknown |= part_unknown;
    return WEFT_OK;
}

static void digest_work_done(digest_work *work)
{
    wf_stored_close(&work->stored);
    wf_pile_done(&work->pile);
    wf_gathered_done(&work->rows);
    wf_texts_done(&work->seats);
    wf_texts_done(&work->settings);
}

// Adds what was stated, which is a book of its own.
static weft_status digest_stated(const wf_visits *visits, weft_day number, wf_digest *sum,
                                 bool *unknown, weft_error *error)
{
    digest_work work = {0};
    wf_pile_init(&work.pile, number);
    wf_segment **segment = &work.stored.segments[WF_SLOT_STATED];
    weft_status status = wf_stated_segment(visits, number, segment, error);
    if (status == WEFT_OK && *segment != NULL)
        status = digest_rows(visits, number, &work, sum, unknown, error);
    digest_work_done(&work);
    return status;
}

// `day` is NULL where the manifest does not name it.
static weft_status digest_day(const wf_visits *visits, weft_day number,
                              const wf_manifest_day *day, wf_digest *sum,
                              wf_day_state *ret_state, weft_error *error)
{
    digest_work work = {0};
    weft_error found = {0};
    wf_pile_init(&work.pile, number);
    bool damaged = false;
    weft_status status = WEFT_OK;
    if (day != NULL)
        status = wf_stored_open(visits, day, true, visits->threads, &work.stored, &found);
    damaged = work.stored.damaged != 0;
    if (status == WEFT_OK && day != NULL && !damaged)
        status = digest_rows(visits, number, &work, sum, &damaged, &found);
    if (status == WEFT_OK && !damaged)
        status = digest_stated(visits, number, sum, &damaged, &found);
    digest_work_done(&work);
    if (status == WEFT_OK || status == WEFT_DAMAGED) {
        *ret_state = damaged || status == WEFT_DAMAGED ? WF_DAY_DAMAGED : WF_DAY_PRESENT;
        return WEFT_OK;
    }
    *error = found;
    return status;
}

weft_status wf_visits_digest_day(wf_visits *visits, weft_day number, wf_digest *ret,
                                 wf_day_state *ret_state, weft_error *error)
{
    const wf_manifest_day *day = wf_manifest_find(&visits->manifest, number);
    wf_digest sum = {0};
    wf_day_state state = WF_DAY_EMPTY;
    if (wf_visits_day_is_forgotten(visits, number)) {
        state = WF_DAY_FORGOTTEN;
    } else if (day != NULL || wf_stated_reaches(visits, number)) {
        weft_error found = {0};
        weft_status status = digest_day(visits, number, day, &sum, &state, &found);
        wf_opened_day opened = {0};
        if (status == WEFT_KEYLESS)
            WF_TRY(wf_store_load_day(visits, number, &state, &opened, error));
        wf_day_close(opened.day);
        if (status != WEFT_OK && status != WEFT_KEYLESS) {
            *error = found;
            return status;
        }
        if (state != WF_DAY_PRESENT)
            sum = (wf_digest){0};
    }
    *ret = sum;
    *ret_state = state;
    return WEFT_OK;
}
