// Dropping rows that are there already, within a delivery and against the stored day.
#include <stdlib.h>

#include "base/parallel.h"
#include "visits/merge.h"

enum { threads_max = 64 };

static uint32_t marks_of(wf_packed_visit row)
{
    return (uint32_t)(row.low >> 32) & 7;
}

static void count_visit(wf_count *count, wf_packed_visit row, bool fresh)
{
    wf_count_row(count, marks_of(row), wf_packed_ordinal(row), fresh);
}

static void count_meeting(wf_count *count, const wf_packed_meeting *row, bool fresh)
{
    wf_count_row(count, (uint32_t)row->low & 7, row->ordinal, fresh);
}

// ---- repeats within the delivery ----

typedef struct {
    wf_gathered *gathered;
    wf_tally *tally;
} sort_job;

// Of equal rows the first stands for all, unless one is old: then all others are had.
// Old ones have the greatest ordinal, so that they come last.
static size_t drop_repeats(wf_packed_visit *rows, size_t count, wf_count *tally)
{
    size_t kept = 0;
    for (size_t i = 0, end; i < count; i = end) {
        end = i + 1;
        while (end < count && wf_packed_same(rows[i], rows[end]))
            end++;
        bool old = wf_packed_ordinal(rows[end - 1]) == WF_ROW_OLD;
        for (size_t k = old ? i : i + 1; k < end; k++)
            count_visit(tally, rows[k], false);
        rows[kept++] = old ? rows[end - 1] : rows[i];
    }
    return kept;
}

static void sort_bucket(void *context, unsigned thread, size_t index)
{
    (void)thread;
    const sort_job *job = context;
    wf_span_of_rows *bucket = &job->gathered->buckets[index];
    wf_packed_visit *rows = job->gathered->visits + bucket->at;
    wf_count count = {.tally = job->tally};
    wf_packed_sort(rows, bucket->count);
    bucket->count = drop_repeats(rows, bucket->count, &count);
    wf_count_end(&count);
}

static size_t drop_repeated_meetings(wf_packed_meeting *rows, size_t all, wf_tally *tally)
{
    wf_count count = {.tally = tally};
    size_t kept = 0;
    for (size_t i = 0, end; i < all; i = end) {
        end = i + 1;
        while (end < all && wf_meeting_compare(&rows[i], &rows[end]) == 0)
            end++;
        bool old = rows[end - 1].ordinal == WF_ROW_OLD;
        for (size_t k = old ? i : i + 1; k < end; k++)
            count_meeting(&count, &rows[k], false);
        rows[kept++] = old ? rows[end - 1] : rows[i];
    }
    wf_count_end(&count);
    return kept;
}

static size_t count_rows(const wf_gathered *gathered)
{
    size_t rows = 0;
    for (size_t i = 0; i < gathered->buckets_count; i++)
        rows += gathered->buckets[i].count;
    return rows;
}

void wf_merge_sort(wf_gathered *gathered, unsigned threads, wf_tally *visits_tally,
                   wf_tally *meetings_tally)
{
    sort_job job = {gathered, visits_tally};
    wf_parallel_for(threads, gathered->buckets_count, sort_bucket, &job);
    gathered->visits_count = count_rows(gathered);
    wf_meeting_sort(gathered->meetings, gathered->meetings_count);
    gathered->meetings_count = drop_repeated_meetings(
        gathered->meetings, gathered->meetings_count, meetings_tally);
}

// ---- rows that are stored ----

// From a stored day's text number to the delivery's, filled as they are met; a text the
// delivery does not have gets a number that none of its rows has.
typedef struct {
    uint32_t *numbers; // number + 1, 0: not looked up yet
    size_t count;
} text_map;

typedef struct {
    wf_stay_list stays;
    wf_meeting_list meetings;
    wf_packed_visit *packed;
    size_t packed_capacity;
    text_map map;
    weft_status status;
} subtract_thread;

typedef struct {
    const wf_merge *merge;
    const wf_day *stored;
    wf_gathered *gathered;
    subtract_thread threads[threads_max];
} subtract_job;

static weft_status map_text(text_map *map, const wf_texts *texts, uint32_t number,
                            wf_text text, uint32_t absent, uint32_t *ret)
{
    if (number >= map->count) {
        size_t count = (size_t)number * 2 + 64;
        uint32_t *numbers = reallocarray(map->numbers, count, sizeof *numbers);
        if (numbers == NULL)
            return WEFT_NO_MEMORY;
        for (size_t i = map->count; i < count; i++)
            numbers[i] = 0;
        map->numbers = numbers;
        map->count = count;
    }
    if (map->numbers[number] == 0) {
        uint32_t found = wf_texts_find(texts, text);
        map->numbers[number] = (found == UINT32_MAX ? absent : found) + 1;
    }
    *ret = map->numbers[number] - 1;
    return WEFT_OK;
}

static uint8_t pack_marks(bool end_guessed, bool from_before, bool into_next)
{
    return (uint8_t)((end_guessed ? WF_MARK_END_GUESSED : 0u) |
                     (from_before ? WF_MARK_FROM_BEFORE : 0u) |
                     (into_next ? WF_MARK_INTO_NEXT : 0u));
}

// Packs what is stored at a place during [from, to) in the order of identity.
static weft_status load_place(const subtract_job *job, subtract_thread *mine,
                              uint32_t place, uint32_t from, uint32_t to)
{
    wf_stay_list *list = &mine->stays;
    list->count = 0;
    WF_TRY(wf_day_place_stays_marked(job->stored, (wf_place){place}, from, to, list));
    if (list->count > mine->packed_capacity) {
        wf_packed_visit *packed =
            reallocarray(mine->packed, list->capacity, sizeof *packed);
        if (packed == NULL)
            return WEFT_NO_MEMORY;
        mine->packed = packed;
        mine->packed_capacity = list->capacity;
    }
    for (size_t i = 0; i < list->count; i++) {
        const wf_stay_marks *marks = &list->marks[i];
        wf_visit_row row = {
            .person = list->rows[i].person.number,
            .place = place,
            .start = list->rows[i].start,
            .end = list->rows[i].end,
            .marks = pack_marks(marks->end_guessed, marks->from_before, marks->into_next),
        };
        WF_TRY(map_text(&mine->map, job->merge->seats, marks->seat,
                        wf_day_seat_text(job->stored, marks->seat), WF_SEAT_LIMIT,
                        &row.seat));
        mine->packed[i] = wf_visit_pack(&row);
    }
    wf_packed_sort(mine->packed, list->count);
    return WEFT_OK;
}

// The rows [from, end) of one place; those not stored move to `to`.
static weft_status subtract_place(const subtract_job *job, subtract_thread *mine,
                                  const wf_packed_visit *from, size_t count,
                                  wf_packed_visit *to, size_t *kept, wf_count *tally)
{
    uint32_t place = wf_packed_place(from[0]);
    size_t stored = 0, at = 0;
    if (place < wf_day_places_end(job->stored)) {
        uint32_t last = 0;
        for (size_t i = 0; i < count; i++) {
            uint32_t end = wf_visit_unpack(from[i]).end;
            last = end > last ? end : last;
        }
        WF_TRY(load_place(job, mine, place, wf_visit_unpack(from[0]).start, last));
        stored = mine->stays.count;
    }
    for (size_t i = 0; i < count; i++) {
        wf_packed_visit row = from[i];
        while (at < stored && !wf_packed_same(mine->packed[at], row) &&
               wf_packed_before(mine->packed[at], row))
            at++;
        bool fresh = at == stored || !wf_packed_same(mine->packed[at], row);
        count_visit(tally, row, fresh);
        if (fresh)
            to[(*kept)++] = row;
    }
    return WEFT_OK;
}

static void subtract_bucket(void *context, unsigned thread, size_t index)
{
    subtract_job *job = context;
    subtract_thread *mine = &job->threads[thread];
    wf_span_of_rows *bucket = &job->gathered->buckets[index];
    wf_packed_visit *rows = job->gathered->visits + bucket->at;
    wf_count count = {.tally = job->merge->visits_tally};
    size_t kept = 0;
    for (size_t i = 0, end; i < bucket->count && mine->status == WEFT_OK; i = end) {
        end = i + 1;
        while (end < bucket->count &&
               wf_packed_place(rows[i]) == wf_packed_place(rows[end]))
            end++;
        mine->status = subtract_place(job, mine, rows + i, end - i, rows, &kept, &count);
    }
    bucket->count = kept;
    wf_count_end(&count);
}

static weft_status load_person(const subtract_job *job, subtract_thread *mine, uint32_t a,
                               wf_packed_meeting **packed, size_t *capacity,
                               size_t *ret_count)
{
    wf_meeting_list *list = &mine->meetings;
    list->count = 0;
    *ret_count = 0;
    if (a >= wf_day_people_end(job->stored))
        return WEFT_OK;
    WF_TRY(wf_day_person_meetings(job->stored, (wf_person){a}, list));
    if (list->count > *capacity) {
        wf_packed_meeting *grown = reallocarray(*packed, list->capacity, sizeof *grown);
        if (grown == NULL)
            return WEFT_NO_MEMORY;
        *packed = grown;
        *capacity = list->capacity;
    }
    for (size_t i = 0; i < list->count; i++) {
        const wf_meeting *meeting = &list->rows[i];
        if (meeting->other.number <= a)
            continue; // stored under the other one
        wf_encounter_row row = {.a = a,
                                .b = meeting->other.number,
                                .start = meeting->start,
                                .end = meeting->end,
                                .marks =
                                    pack_marks(meeting->end_guessed, meeting->from_before,
                                               meeting->into_next)};
        WF_TRY(map_text(&mine->map, job->merge->settings, meeting->setting,
                        wf_day_setting_text(job->stored, meeting->setting),
                        UINT32_MAX - 1, &row.setting));
        (*packed)[(*ret_count)++] = wf_meeting_pack(&row);
    }
    wf_meeting_sort(*packed, *ret_count);
    return WEFT_OK;
}

static uint32_t person_of(const wf_packed_meeting *row)
{
    return (uint32_t)(row->high >> 40);
}

static weft_status subtract_meetings(const subtract_job *job, subtract_thread *mine)
{
    wf_packed_meeting *rows = job->gathered->meetings, *packed = NULL;
    size_t kept = 0, capacity = 0, stored = 0, at = 0;
    wf_count count = {.tally = job->merge->meetings_tally};
    weft_status status = WEFT_OK;
    for (size_t i = 0; i < job->gathered->meetings_count; i++) {
        if (i == 0 || person_of(&rows[i]) != person_of(&rows[i - 1])) {
            at = 0;
            status =
                load_person(job, mine, person_of(&rows[i]), &packed, &capacity, &stored);
            if (status != WEFT_OK)
                break;
        }
        wf_packed_meeting row = rows[i];
        while (at < stored && wf_meeting_compare(&packed[at], &row) < 0)
            at++;
        bool fresh = at == stored || wf_meeting_compare(&packed[at], &row) != 0;
        count_meeting(&count, &row, fresh);
        if (fresh)
            rows[kept++] = row;
    }
    job->gathered->meetings_count = kept;
    wf_count_end(&count);
    free(packed);
    return status;
}

static void count_all(const wf_merge *merge, const wf_gathered *gathered)
{
    wf_count visits = {.tally = merge->visits_tally};
    wf_count meetings = {.tally = merge->meetings_tally};
    for (size_t b = 0; b < gathered->buckets_count; b++)
        for (size_t i = 0; i < gathered->buckets[b].count; i++)
            count_visit(&visits, gathered->visits[gathered->buckets[b].at + i], true);
    for (size_t i = 0; i < gathered->meetings_count; i++)
        count_meeting(&meetings, &gathered->meetings[i], true);
    wf_count_end(&visits);
    wf_count_end(&meetings);
}

static void thread_done(subtract_thread *mine)
{
    wf_stay_list_done(&mine->stays);
    wf_meeting_list_done(&mine->meetings);
    free(mine->packed);
    free(mine->map.numbers);
    mine->map = (text_map){0};
}

weft_status wf_merge_subtract(const wf_merge *merge, const wf_day *stored,
                              wf_gathered *gathered, weft_error *error)
{
    if (stored == NULL) {
        count_all(merge, gathered);
        return WEFT_OK;
    }
    subtract_job *job = calloc(1, sizeof *job);
    if (job == NULL)
        return wf_fail_memory(error);
    job->merge = merge;
    job->stored = stored;
    job->gathered = gathered;
    unsigned threads = merge->threads < threads_max ? merge->threads : threads_max;
    wf_parallel_for(threads, gathered->buckets_count, subtract_bucket, job);
    weft_status status = WEFT_OK;
    for (unsigned i = 0; i < threads; i++) {
        if (job->threads[i].status != WEFT_OK)
            status = job->threads[i].status;
        thread_done(&job->threads[i]);
    }
    subtract_thread alone = {0};
    if (status == WEFT_OK)
        status = subtract_meetings(job, &alone);
    thread_done(&alone);
    free(job);
    gathered->visits_count = count_rows(gathered);
    return status == WEFT_OK ? WEFT_OK : wf_fail_memory(error);
}
