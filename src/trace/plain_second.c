#include <string.h>

#include "base/parallel.h"
#include "epi/room.h"
#include "trace/plain_scratch.h"

enum {
    small_ring = 32,             // people: one thread is done before a second starts
    small_ring_capped = 4096,    // the same where crowds are left out
    small_crowd = 1000,          // up to here crowds count as left out
    touches_in_flight = 1 << 13, // handed to the partitions while still in the cache
    touches_small_max = 1 << 19, // a small ring with more goes to the partitions too
    people_in_part = 256,        // of the first ring, handed to a thread at once
    words_in_part = 16           // 64 places each
};

typedef struct {
    wf_plain_scratch *scratch;
    const plain_window *window;
    wf_sweep_ring ring;
    bool partitioned;
} second_job;

// ---- marks: who is in the first ring, and from when ----

static inline void set_bit(uint64_t *bits, uint32_t at)
{
    bits[at / 64] |= UINT64_C(1) << (at % 64);
}

static inline void clear_bit(uint64_t *bits, uint32_t at)
{
    bits[at / 64] &= ~(UINT64_C(1) << (at % 64));
}

void wf_plain_unmark(wf_plain_scratch *scratch)
{
    if (!scratch->marked)
        return;
    for (size_t i = 0; i < scratch->first.count; i++)
        clear_bit(scratch->members, scratch->first.rows[i].person.number);
    clear_bit(scratch->members, scratch->index.number);
    scratch->marked = false;
}

static uint32_t people_end(const plain_window *window, wf_person index)
{
    uint32_t end = index.number + 1;
    for (size_t d = window->day_from; d < window->day_to; d++) {
        const wf_day *day = window->span->days[d];
        if (day != NULL && wf_day_people_end(day) > end)
            end = wf_day_people_end(day);
    }
    return end;
}

static weft_status mark(wf_plain_scratch *scratch, uint32_t end, wf_person index)
{
    uint64_t *members = wf_room_grow(scratch->members, &scratch->members_capacity,
                                     sizeof *members, 0, (size_t)end / 64 + 1);
    if (members == NULL)
        return WEFT_NO_MEMORY;
    scratch->members = members; // all 0, as fresh pages are
    uint32_t *moments = wf_room_grow(scratch->moments, &scratch->moments_capacity,
                                     sizeof *moments, 0, end);
    if (moments == NULL)
        return WEFT_NO_MEMORY;
    scratch->moments = moments;
    for (size_t i = 0; i < scratch->first.count; i++) {
        uint32_t person = scratch->first.rows[i].person.number;
        set_bit(members, person);
        moments[person] = scratch->first.rows[i].first;
    }
    set_bit(members, index.number);
    moments[index.number] = UINT32_MAX;
    scratch->index = index;
    scratch->marked = true;
    return WEFT_OK;
}

// Where each day's bits of visited places begin.
static weft_status lay_out_visited(wf_plain_scratch *scratch, const plain_window *window)
{
    size_t days = window->day_to - window->day_from, words = 0;
    size_t *from = wf_room_grow(scratch->visited_from, &scratch->visited_from_capacity,
                                sizeof *from, 0, days + 1);
    if (from == NULL)
        return WEFT_NO_MEMORY;
    scratch->visited_from = from;
    for (size_t i = 0; i < days; i++) {
        const wf_day *day = window->span->days[window->day_from + i];
        from[i] = words;
        words += day == NULL ? 0 : (size_t)wf_day_places_end(day) / 64 + 1;
    }
    from[days] = words;
    uint64_t *visited = wf_room_grow(scratch->visited, &scratch->visited_capacity,
                                     sizeof *visited, 0, words);
    if (visited == NULL)
        return WEFT_NO_MEMORY;
    scratch->visited = visited; // all 0, as fresh pages are
    return WEFT_OK;
}

// ---- the steps ----

// The first day on which a person of the first ring counts.
static size_t day_of_moment(const plain_window *window, uint32_t moment)
{
    size_t d = window->day_from;
    while (d + 1 < window->day_to && plain_day_s(window->span, d + 1) <= moment)
        d++;
    return d;
}

static weft_status hand_over(const second_job *job, unsigned thread)
{
    plain_worker *worker = &job->scratch->workers[thread];
    return wf_partitions_add(job->scratch->partitions, thread, &worker->touches);
}

static weft_status sweep(const second_job *job, plain_worker *worker, size_t d,
                         wf_place place)
{
    const wf_day *day = job->window->span->days[d];
    uint64_t most = job->window->crowd == 0 ? UINT64_MAX : job->window->crowd;
    uint32_t visits = 0;
    worker->stays.count = 0;
    WF_TRY(wf_day_place_whole(day, place, most, &worker->stays, &visits));
    return wf_sweep_place(&worker->sweep, &job->ring, worker->stays.rows,
                          worker->stays.count, plain_day_s(job->window->span, d),
                          &worker->touches);
}

// Encounters of one of the first ring on a day with those outside it.
static weft_status meet(const second_job *job, plain_worker *worker, size_t d,
                        const wf_ring_row *member)
{
    const wf_day *day = job->window->span->days[d];
    if (wf_day_encounters(day) == 0)
        return WEFT_OK;
    uint32_t day_s = plain_day_s(job->window->span, d);
    worker->meetings.count = 0;
    WF_TRY(wf_day_person_meetings(day, member->person, &worker->meetings));
    WF_TRY(wf_touch_list_reserve(&worker->touches, worker->meetings.count));
    for (size_t i = 0; i < worker->meetings.count; i++) {
        const wf_meeting *meeting = &worker->meetings.rows[i];
        wf_stretch stretch = plain_meeting(meeting, day_s);
        if (!wf_sweep_has(&job->ring, meeting->other) &&
            plain_cut(&stretch, member->first, job->ring.to))
            worker->touches.rows[worker->touches.count++] =
                (wf_touch){meeting->other, stretch.first, stretch.last};
    }
    return WEFT_OK;
}

// Days on which a person of the first ring may have left rows.
static const wf_day *day_with(const second_job *job, size_t d, wf_person person)
{
    const wf_day *day = job->window->span->days[d];
    return day != NULL && person.number < wf_day_people_end(day) ? day : NULL;
}

static weft_status member_places(plain_worker *worker, const wf_day *day,
                                 wf_person person)
{
    worker->places_count = 0;
    return wf_day_person_places(day, person, &worker->places, &worker->places_count,
                                &worker->places_capacity);
}

// ---- small: one thread, each place swept when it is first met ----

static weft_status begin_partitions(second_job *job)
{
    WF_TRY(wf_partitions_begin(job->scratch->partitions,
                               people_end(job->window, job->scratch->index)));
    job->partitioned = true;
    return WEFT_OK;
}

static weft_status reserve_ahead(wf_plain_scratch *scratch)
{
    size_t wanted = scratch->ahead_count + 1;
    uint32_t *ahead = wf_room_grow(scratch->ahead, &scratch->ahead_capacity,
                                   sizeof *ahead, scratch->ahead_count, wanted);
    if (ahead == NULL)
        return WEFT_NO_MEMORY;
    scratch->ahead = ahead;
    uint32_t *days = wf_room_grow(scratch->ahead_days, &scratch->ahead_days_capacity,
                                  sizeof *days, scratch->ahead_count, wanted);
    if (days == NULL)
        return WEFT_NO_MEMORY;
    scratch->ahead_days = days;
    uint32_t *dirty =
        wf_room_grow(scratch->dirty, &scratch->dirty_capacity, sizeof *dirty,
                     scratch->dirty_count, scratch->dirty_count + 1);
    if (dirty == NULL)
        return WEFT_NO_MEMORY;
    scratch->dirty = dirty;
    return WEFT_OK;
}

// Puts a place-day on the list of those to be swept next unless it was there before.
static weft_status visit_once(const second_job *job, size_t d, uint32_t place)
{
    wf_plain_scratch *scratch = job->scratch;
    size_t word = scratch->visited_from[d - job->window->day_from] + place / 64;
    uint64_t bit = UINT64_C(1) << (place % 64), before = scratch->visited[word];
    if ((before & bit) != 0)
        return WEFT_OK;
    WF_TRY(reserve_ahead(scratch));
    scratch->ahead[scratch->ahead_count] = place;
    scratch->ahead_days[scratch->ahead_count++] = (uint32_t)d;
    scratch->dirty[scratch->dirty_count] = (uint32_t)word;
    scratch->dirty_count += before == 0;
    scratch->visited[word] = before | bit;
    return WEFT_OK;
}

// Reads where a member was from the first moment on; encounters become touches at once.
static weft_status look_ahead(const second_job *job, const wf_ring_row *member)
{
    plain_worker *worker = &job->scratch->workers[0];
    size_t d = day_of_moment(job->window, member->first);
    for (; d < job->window->day_to; d++) {
        const wf_day *day = day_with(job, d, member->person);
        if (day == NULL)
            continue;
        WF_TRY(member_places(worker, day, member->person));
        size_t known = job->scratch->ahead_count;
        for (size_t i = 0; i < worker->places_count; i++)
            WF_TRY(visit_once(job, d, worker->places[i]));
        if (job->scratch->ahead_count > known)
            wf_day_prefetch(day, job->scratch->ahead + known,
                            job->scratch->ahead_count - known);
        WF_TRY(meet(job, worker, d, member));
    }
    return WEFT_OK;
}

static weft_status sweep_ahead(second_job *job)
{
    wf_plain_scratch *scratch = job->scratch;
    for (size_t i = 0; i < scratch->ahead_count; i++) {
        WF_TRY(sweep(job, &scratch->workers[0], scratch->ahead_days[i],
                     (wf_place){scratch->ahead[i]}));
        if (scratch->workers[0].touches.count < touches_small_max)
            continue;
        if (!job->partitioned)
            WF_TRY(begin_partitions(job));
        WF_TRY(hand_over(job, 0));
    }
    scratch->ahead_count = 0;
    return WEFT_OK;
}

static weft_status sweep_small(second_job *job)
{
    wf_plain_scratch *scratch = job->scratch;
    weft_status status = WEFT_OK;
    scratch->dirty_count = scratch->ahead_count = 0;
    for (size_t i = 0; i < scratch->first.count && status == WEFT_OK; i++) {
        status = look_ahead(job, &scratch->first.rows[i]);
        if (status == WEFT_OK)
            status = sweep_ahead(job);
    }
    for (size_t i = 0; i < scratch->dirty_count; i++)
        scratch->visited[scratch->dirty[i]] = 0;
    return status;
}

// ---- large: all threads, places in their order, touches into partitions ----

static void visit_shared(uint64_t *words, uint32_t place)
{
    uint64_t *word = &words[place / 64], bit = UINT64_C(1) << (place % 64);
    // Most places are visited by many: the cheap look saves the dear exchange.
    if ((__atomic_load_n(word, __ATOMIC_RELAXED) & bit) == 0)
        __atomic_fetch_or(word, bit, __ATOMIC_RELAXED);
}

static weft_status visit_member(const second_job *job, plain_worker *worker,
                                const wf_ring_row *member)
{
    const wf_plain_scratch *scratch = job->scratch;
    size_t d = day_of_moment(job->window, member->first);
    for (; d < job->window->day_to; d++) {
        const wf_day *day = day_with(job, d, member->person);
        if (day == NULL)
            continue;
        WF_TRY(member_places(worker, day, member->person));
        uint64_t *words =
            scratch->visited + scratch->visited_from[d - job->window->day_from];
        for (size_t i = 0; i < worker->places_count; i++)
            visit_shared(words, worker->places[i]);
        WF_TRY(meet(job, worker, d, member));
    }
    return WEFT_OK;
}

static void visit_part(void *context, unsigned thread, size_t part)
{
    second_job *job = context;
    plain_worker *worker = &job->scratch->workers[thread];
    size_t from = part * people_in_part, to = from + people_in_part;
    if (to > job->scratch->first.count)
        to = job->scratch->first.count;
    for (size_t i = from; i < to && worker->status == WEFT_OK; i++)
        worker->status = visit_member(job, worker, &job->scratch->first.rows[i]);
    if (worker->status == WEFT_OK)
        worker->status = hand_over(job, thread);
}

static weft_status sweep_word(const second_job *job, unsigned thread, size_t d,
                              size_t word)
{
    wf_plain_scratch *scratch = job->scratch;
    plain_worker *worker = &scratch->workers[thread];
    size_t first_word = scratch->visited_from[d - job->window->day_from];
    uint32_t first = (uint32_t)(word - first_word) * 64;
    for (uint64_t bits = scratch->visited[word]; bits != 0; bits &= bits - 1) {
        wf_place place = {first + (uint32_t)__builtin_ctzll(bits)};
        WF_TRY(sweep(job, worker, d, place));
        if (worker->touches.count >= touches_in_flight)
            WF_TRY(hand_over(job, thread));
    }
    scratch->visited[word] = 0;
    return WEFT_OK;
}

static void sweep_part(void *context, unsigned thread, size_t part)
{
    second_job *job = context;
    plain_worker *worker = &job->scratch->workers[thread];
    const size_t *visited_from = job->scratch->visited_from;
    size_t days = job->window->day_to - job->window->day_from, i = 0;
    size_t word = part * words_in_part, to = word + words_in_part;
    for (; word < to && word < visited_from[days]; word++) {
        while (word >= visited_from[i + 1])
            i++;
        if (job->scratch->visited[word] != 0 && worker->status == WEFT_OK)
            worker->status = sweep_word(job, thread, job->window->day_from + i, word);
    }
    if (worker->status == WEFT_OK)
        worker->status = hand_over(job, thread);
}

static weft_status gather_statuses(const wf_plain_scratch *scratch)
{
    for (unsigned i = 0; i < scratch->threads; i++)
        WF_TRY(scratch->workers[i].status);
    return WEFT_OK;
}

static weft_status sweep_large(second_job *job)
{
    wf_plain_scratch *scratch = job->scratch;
    size_t words = scratch->visited_from[job->window->day_to - job->window->day_from];
    for (unsigned i = 0; i < scratch->threads; i++) {
        scratch->workers[i].status = WEFT_OK;
        scratch->workers[i].touches.count = 0;
    }
    WF_TRY(begin_partitions(job));
    wf_parallel_for(scratch->threads,
                    (scratch->first.count + people_in_part - 1) / people_in_part,
                    visit_part, job);
    if (gather_statuses(scratch) == WEFT_OK)
        wf_parallel_for(scratch->threads, (words + words_in_part - 1) / words_in_part,
                        sweep_part, job);
    weft_status status = gather_statuses(scratch);
    if (status != WEFT_OK)
        memset(scratch->visited, 0, words * sizeof *scratch->visited);
    return status;
}

static bool is_small(const wf_plain_scratch *scratch, const plain_window *window)
{
    bool capped = window->crowd != 0 && window->crowd <= small_crowd;
    return scratch->first.count <= (capped ? small_ring_capped : small_ring);
}

weft_status wf_plain_second(wf_plain_scratch *scratch, const plain_window *window,
                            const wf_plain_query *query, wf_plain_answer *answer)
{
    plain_worker *worker = &scratch->workers[0];
    WF_TRY(mark(scratch, people_end(window, query->index), query->index));
    WF_TRY(lay_out_visited(scratch, window));
    second_job job = {.scratch = scratch,
                      .window = window,
                      .ring = {scratch->members, scratch->moments, window->to}};
    worker->touches.count = 0;
    WF_TRY(is_small(scratch, window) ? sweep_small(&job) : sweep_large(&job));
    if (job.partitioned) {
        WF_TRY(hand_over(&job, 0));
        return wf_partitions_reduce(scratch->partitions, query->min_seconds,
                                    answer->second, &answer->second_runs);
    }
    scratch->second.count = 0;
    WF_TRY(wf_ring_reduce_any(&worker->ring, worker->touches.rows, worker->touches.count,
                              query->min_seconds, &scratch->second));
    answer->second[0] = (wf_ring_run){scratch->second.rows, scratch->second.count};
    answer->second_runs = 1;
    return WEFT_OK;
}
