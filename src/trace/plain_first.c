#include <stdlib.h>

#include "epi/room.h"
#include "trace/plain_scratch.h"

// Above so many visits only what overlaps the index is read, found by its own times;
// below, the index's times are found in the block that must be read anyway.
enum { block_visits_max = 400 };

enum { few_stops = 32 }; // up to here insertion beats qsort

weft_status wf_plain_stretches(plain_worker *worker, size_t used, size_t more)
{
    if (used + more <= worker->stretches_capacity)
        return WEFT_OK;
    wf_stretch *stretches = wf_room_grow(worker->stretches, &worker->stretches_capacity,
                                         sizeof *stretches, used, used + more);
    if (stretches == NULL)
        return WEFT_NO_MEMORY;
    worker->stretches = stretches;
    return WEFT_OK;
}

static weft_status add_stop(plain_worker *worker, plain_stop stop)
{
    if (worker->own_count == worker->own_capacity) {
        plain_stop *own = wf_room_grow(worker->own, &worker->own_capacity, sizeof *own,
                                       worker->own_count, worker->own_count + 1);
        if (own == NULL)
            return WEFT_NO_MEMORY;
        worker->own = own;
    }
    worker->own[worker->own_count++] = stop;
    return WEFT_OK;
}

// Stays from `from` on are the whole block of a place: the index's are among them.
static weft_status stop_in_block(plain_worker *worker, const plain_window *window,
                                 uint32_t day_s, size_t from, wf_person index)
{
    size_t count = worker->stays.count - from, found = 0;
    const wf_stay *stays = worker->stays.rows + from;
    WF_TRY(wf_plain_stretches(worker, 0, count));
    for (size_t i = 0; i < count; i++) {
        if (stays[i].person.number != index.number)
            continue;
        wf_stretch own = {day_s + 60u * stays[i].start, day_s + 60u * stays[i].end};
        if (plain_cut(&own, window->from, window->to))
            worker->stretches[found++] = own;
    }
    if (found > 1)
        found = wf_stretch_merge(worker->stretches, found);
    for (size_t i = 0; i < found; i++)
        WF_TRY(add_stop(worker, (plain_stop){worker->stretches[i], from, count}));
    return WEFT_OK;
}

// A hub: the index's times come from the person order, the block is read in part.
static weft_status stop_at_hub(plain_worker *worker, const plain_window *window,
                               const wf_day *day, uint32_t day_s, wf_place place)
{
    size_t found = 0;
    WF_TRY(wf_plain_stretches(worker, 0, worker->stops.count));
    for (size_t i = 0; i < worker->stops.count; i++) {
        wf_stop stop = worker->stops.rows[i];
        wf_stretch own = {day_s + 60u * stop.start, day_s + 60u * stop.end};
        if (stop.place.number == place.number &&
            plain_cut(&own, window->from, window->to))
            worker->stretches[found++] = own;
    }
    if (found == 0)
        return WEFT_OK;
    found = wf_stretch_merge(worker->stretches, found);
    for (size_t i = 0; i < found; i++) {
        wf_stretch own = worker->stretches[i];
        size_t from = worker->stays.count;
        WF_TRY(wf_day_place_stays(day, place, (own.first - day_s) / 60,
                                  (own.last - day_s + 59) / 60, &worker->stays));
        WF_TRY(add_stop(worker, (plain_stop){own, from, worker->stays.count - from}));
    }
    return WEFT_OK;
}

static weft_status gather_stops(plain_worker *worker, const plain_window *window,
                                const wf_day *day, uint32_t day_s, wf_person index)
{
    bool stops_known = false;
    uint64_t most = block_visits_max;
    if (window->crowd != 0 && window->crowd < most)
        most = window->crowd;
    worker->stays.count = 0;
    worker->own_count = 0;
    worker->places_count = 0;
    WF_TRY(wf_day_person_places(day, index, &worker->places, &worker->places_count,
                                &worker->places_capacity));
    wf_day_prefetch(day, worker->places, worker->places_count);
    for (size_t i = 0; i < worker->places_count; i++) {
        wf_place place = {worker->places[i]};
        size_t from = worker->stays.count;
        uint32_t visits = 0;
        WF_TRY(wf_day_place_whole(day, place, most, &worker->stays, &visits));
        if (window->crowd != 0 && visits > window->crowd)
            continue;
        if (visits <= most) {
            WF_TRY(stop_in_block(worker, window, day_s, from, index));
            continue;
        }
        if (!stops_known) {
            worker->stops.count = 0;
            WF_TRY(wf_day_person_stops(day, index, &worker->stops));
            stops_known = true;
        }
        WF_TRY(stop_at_hub(worker, window, day, day_s, place));
    }
    return WEFT_OK;
}

static int compare_stops(const void *left, const void *right)
{
    const plain_stop *a = left, *b = right;
    return (a->own.first > b->own.first) - (a->own.first < b->own.first);
}

// By start, so that each other person's touches come in order and one pass joins them.
static void sort_stops(plain_worker *worker)
{
    if (worker->own_count > few_stops) {
        qsort(worker->own, worker->own_count, sizeof *worker->own, compare_stops);
        return;
    }
    for (size_t i = 1; i < worker->own_count; i++) {
        plain_stop moved = worker->own[i];
        size_t at = i;
        for (; at > 0 && worker->own[at - 1].own.first > moved.own.first; at--)
            worker->own[at] = worker->own[at - 1];
        worker->own[at] = moved;
    }
}

static weft_status touch_meetings(plain_worker *worker, const plain_window *window,
                                  const wf_day *day, uint32_t day_s, wf_person index)
{
    worker->meetings.count = 0;
    WF_TRY(wf_day_person_meetings(day, index, &worker->meetings));
    WF_TRY(wf_touch_list_reserve(&worker->touches, worker->meetings.count));
    for (size_t i = 0; i < worker->meetings.count; i++) {
        const wf_meeting *meeting = &worker->meetings.rows[i];
        wf_stretch stretch = plain_meeting(meeting, day_s);
        if (plain_cut(&stretch, window->from, window->to))
            worker->touches.rows[worker->touches.count++] =
                (wf_touch){meeting->other, stretch.first, stretch.last};
    }
    return WEFT_OK;
}

weft_status wf_plain_touch(plain_worker *worker, const plain_window *window,
                           wf_person index)
{
    worker->touches.count = 0;
    for (size_t d = window->day_from; d < window->day_to; d++) {
        const wf_day *day = window->span->days[d];
        if (day == NULL || index.number >= wf_day_people_end(day))
            continue;
        uint32_t day_s = plain_day_s(window->span, d);
        WF_TRY(gather_stops(worker, window, day, day_s, index));
        sort_stops(worker);
        for (size_t i = 0; i < worker->own_count; i++) {
            plain_stop stop = worker->own[i];
            WF_TRY(wf_touch_list_reserve(&worker->touches, stop.stays_count));
            wf_touch_stays(worker->stays.rows + stop.stays, stop.stays_count, day_s,
                           index, stop.own, &worker->touches);
        }
        if (wf_day_encounters(day) > 0)
            WF_TRY(touch_meetings(worker, window, day, day_s, index));
    }
    return WEFT_OK;
}
