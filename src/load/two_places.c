#include "load/two_places.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/pages.h"
#include "base/parallel.h"

// A stay in its person's run: start 11 bits | end 11 | place 24, so that the numbers
// sort by start.
enum { start_shift = 35, end_shift = 24, minute_mask = (1 << 11) - 1 };

static inline uint32_t start_of(uint64_t stay)
{
    return (uint32_t)(stay >> start_shift) & minute_mask;
}

static inline uint32_t end_of(uint64_t stay)
{
    return (uint32_t)(stay >> end_shift) & minute_mask;
}

static inline uint32_t place_of(uint64_t stay)
{
    return (uint32_t)stay & (WF_NUMBER_LIMIT - 1);
}

static int compare_stays(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

// People have a handful of stays a day; only hostile rows make it many.
static void sort_stays(uint64_t *stays, size_t count)
{
    if (count > 64) {
        qsort(stays, count, sizeof *stays, compare_stays);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        uint64_t stay = stays[i];
        size_t at = i;
        for (; at > 0 && stays[at - 1] > stay; at--)
            stays[at] = stays[at - 1];
        stays[at] = stay;
    }
}

static bool in_two_places(uint64_t *stays, size_t count)
{
    // The latest end so far and its place, and the latest one at any other place.
    uint32_t latest = 0, latest_place = 0, other = 0;
    sort_stays(stays, count);
    for (size_t i = 0; i < count; i++) {
        uint32_t end = end_of(stays[i]), place = place_of(stays[i]);
        bool same = latest > 0 && place == latest_place;
        if (start_of(stays[i]) < (same ? other : latest))
            return true;
        if (same) {
            latest = end > latest ? end : latest;
        } else if (end > latest) {
            other = latest;
            latest = end;
            latest_place = place;
        } else if (end > other) {
            other = end;
        }
    }
    return false;
}

// Where each person's run of stays begins; `runs` has one more number than people.
typedef struct {
    const wf_day *day;
    uint32_t *ends; // by person: how many, then where the next goes, then the run's end
    size_t people;
    uint64_t *stays;
    size_t count;
    wf_stay_list list;
} counting;

static bool count_runs(counting *on)
{
    uint32_t places = wf_day_places_end(on->day);
    for (uint32_t place = 0; place < places; place++) {
        on->list.count = 0;
        if (wf_day_place_stays(on->day, (wf_place){place}, 0, UINT16_MAX, &on->list) !=
            WEFT_OK)
            return false;
        for (size_t i = 0; i < on->list.count; i++)
            on->ends[on->list.rows[i].person.number]++;
    }
    uint32_t at = 0;
    for (size_t i = 0; i < on->people; i++) {
        uint32_t count = on->ends[i];
        on->ends[i] = at;
        at += count;
    }
    return true;
}

static bool fill_runs(counting *on)
{
    uint32_t places = wf_day_places_end(on->day);
    for (uint32_t place = 0; place < places; place++) {
        on->list.count = 0;
        if (wf_day_place_stays(on->day, (wf_place){place}, 0, UINT16_MAX, &on->list) !=
            WEFT_OK)
            return false;
        for (size_t i = 0; i < on->list.count; i++) {
            const wf_stay *stay = &on->list.rows[i];
            on->stays[on->ends[stay->person.number]++] =
                (uint64_t)stay->start << start_shift | (uint64_t)stay->end << end_shift |
                place;
        }
    }
    return true;
}

// False when memory ends.
static bool count_day(const wf_day *day, uint64_t *ret)
{
    counting on = {.day = day,
                   .people = wf_day_people_end(day),
                   .count = (size_t)wf_day_visits(day)};
    *ret = 0;
    if (on.count == 0)
        return true;
    on.ends = wf_pages_new(on.people * sizeof *on.ends);
    on.stays = wf_pages_new(on.count * sizeof *on.stays);
    bool done = on.ends != NULL && on.stays != NULL && count_runs(&on) && fill_runs(&on);
    for (size_t i = 0, from = 0; done && i < on.people; i++) {
        size_t run = on.ends[i] - from;
        *ret += run > 1 && in_two_places(on.stays + from, run);
        from = on.ends[i];
    }
    wf_pages_free(on.ends, on.people * sizeof *on.ends);
    wf_pages_free(on.stays, on.count * sizeof *on.stays);
    wf_stay_list_done(&on.list);
    return done;
}

typedef struct {
    wf_visits *visits;
    const weft_day *days;
    atomic_uint_fast64_t found;
    atomic_bool failed;
} job;

static void count_one(void *context, unsigned thread, size_t index)
{
    (void)thread;
    job *on = context;
    wf_day_state state = WF_DAY_EMPTY;
    const wf_day *day = NULL;
    weft_error error = {0};
    uint64_t found = 0;
    if (wf_visits_day(on->visits, on->days[index], &state, &day, &error) != WEFT_OK)
        atomic_store(&on->failed, true);
    else if (state == WF_DAY_PRESENT && !count_day(day, &found))
        atomic_store(&on->failed, true);
    atomic_fetch_add(&on->found, found);
}

weft_status wf_two_places_count(wf_visits *visits, const weft_day *days, size_t count,
                                unsigned threads, bool stay_open, uint64_t *ret,
                                weft_error *error)
{
    job on = {.visits = visits};
    size_t together = threads < 1 ? 1 : threads;
    // Some days at a time, so that a whole fortnight need not be open at once.
    for (size_t first = 0; first < count && !atomic_load(&on.failed); first += together) {
        on.days = days + first;
        wf_parallel_for(threads, count - first < together ? count - first : together,
                        count_one, &on);
        if (!stay_open)
            wf_visits_release(visits);
    }
    if (atomic_load(&on.failed))
        return wf_fail_memory(error);
    *ret = atomic_load(&on.found);
    return WEFT_OK;
}
