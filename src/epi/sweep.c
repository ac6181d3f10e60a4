#include "epi/sweep.h"

#include <string.h>

#include "epi/room.h"

enum {
    minutes_end = 1501, // minutes of a day go to 1500
    many_members = 64,  // from here stretches are made by minutes
    many_stretches = 6  // from here visitors are led by minutes
};

void wf_sweep_scratch_done(wf_sweep_scratch *scratch)
{
    wf_room_free(scratch->visitors, scratch->visitors_capacity,
                 sizeof *scratch->visitors);
    wf_room_free(scratch->covered, scratch->covered_capacity, sizeof *scratch->covered);
    *scratch = (wf_sweep_scratch){0};
}

static weft_status reserve(wf_sweep_scratch *scratch, size_t count)
{
    wf_stay *visitors = wf_room_grow(scratch->visitors, &scratch->visitors_capacity,
                                     sizeof *visitors, 0, count + 1);
    if (visitors == NULL)
        return WEFT_NO_MEMORY;
    scratch->visitors = visitors;
    // Members first, later the stretches of at most every minute.
    size_t wanted = count + 1 > minutes_end ? count + 1 : minutes_end;
    wf_stretch *covered = wf_room_grow(scratch->covered, &scratch->covered_capacity,
                                       sizeof *covered, 0, wanted);
    if (covered == NULL)
        return WEFT_NO_MEMORY;
    scratch->covered = covered;
    return WEFT_OK;
}

// Parts the stays: members' stretches within [m(c), to) to covered, others to visitors.
static size_t part(wf_sweep_scratch *scratch, const wf_sweep_ring *ring,
                   const wf_stay *stays, size_t count, uint32_t day_s,
                   size_t *ret_visitors)
{
    wf_stay *visitor = scratch->visitors;
    size_t members = 0;
    for (size_t i = 0; i < count; i++) {
        wf_stay stay = stays[i];
        *visitor = stay;
        if (!wf_sweep_has(ring, stay.person)) {
            visitor++;
            continue;
        }
        uint32_t first = day_s + 60u * stay.start, last = day_s + 60u * stay.end;
        uint32_t moment = ring->moments[stay.person.number];
        first = first < moment ? moment : first;
        last = last > ring->to ? ring->to : last;
        scratch->covered[members] = (wf_stretch){first, last};
        members += first < last;
    }
    *ret_visitors = (size_t)(visitor - scratch->visitors);
    return members;
}

// The union of many stretches of a day without sorting them. Members' ends lie on
// whole minutes or at `to`, so all that begin within one minute reach its end (or `to`)
// and are one stretch: the earliest of the starts to the latest of the ends.
static size_t cover_by_minutes(wf_stretch *covered, size_t count, uint32_t day_s)
{
    wf_stretch by_minute[minutes_end];
    memset(by_minute, 0, sizeof by_minute); // last 0: none begins there
    for (size_t i = 0; i < count; i++) {
        wf_stretch *at = &by_minute[(covered[i].first - day_s) / 60];
        if (at->last == 0 || covered[i].first < at->first)
            at->first = covered[i].first;
        if (covered[i].last > at->last)
            at->last = covered[i].last;
    }
    size_t kept = 0;
    for (size_t minute = 0; minute < minutes_end; minute++) {
        wf_stretch at = by_minute[minute];
        if (at.last == 0)
            continue;
        if (kept == 0 || at.first > covered[kept - 1].last)
            covered[kept++] = at;
        else if (at.last > covered[kept - 1].last)
            covered[kept - 1].last = at.last;
    }
    return kept;
}

// Appends the covered parts of one visitor's stay, from stretch `at` on.
static inline void touch_covered(const wf_stretch *covered, size_t count, size_t at,
                                 wf_person person, uint32_t first, uint32_t last,
                                 wf_touch_list *list)
{
    for (; at < count && covered[at].first < last; at++) {
        uint32_t from = first < covered[at].first ? covered[at].first : first;
        uint32_t to = last > covered[at].last ? covered[at].last : last;
        list->rows[list->count] = (wf_touch){person, from, to};
        list->count += from < to;
    }
}

static weft_status visit_few(const wf_sweep_scratch *scratch, size_t count,
                             size_t visitors, uint32_t day_s, wf_touch_list *list)
{
    WF_TRY(wf_touch_list_reserve(list, visitors * count));
    for (size_t i = 0; i < visitors; i++) {
        wf_stay stay = scratch->visitors[i];
        touch_covered(scratch->covered, count, 0, stay.person, day_s + 60u * stay.start,
                      day_s + 60u * stay.end, list);
    }
    return WEFT_OK;
}

static weft_status visit_by_minutes(const wf_sweep_scratch *scratch, size_t count,
                                    size_t visitors, uint32_t day_s, wf_touch_list *list)
{
    uint16_t leads[minutes_end]; // first stretch that ends after the minute's start
    size_t stretch = 0;
    for (uint32_t minute = 0; minute < minutes_end; minute++) {
        while (stretch < count && scratch->covered[stretch].last <= day_s + 60u * minute)
            stretch++;
        leads[minute] = (uint16_t)stretch;
    }
    for (size_t i = 0; i < visitors; i++) {
        wf_stay stay = scratch->visitors[i];
        WF_TRY(wf_touch_list_reserve(list, count));
        touch_covered(scratch->covered, count, leads[stay.start], stay.person,
                      day_s + 60u * stay.start, day_s + 60u * stay.end, list);
    }
    return WEFT_OK;
}

weft_status wf_sweep_place(wf_sweep_scratch *scratch, const wf_sweep_ring *ring,
                           const wf_stay *stays, size_t count, uint32_t day_s,
                           wf_touch_list *list)
{
    size_t visitors = 0;
    WF_TRY(reserve(scratch, count));
    size_t members = part(scratch, ring, stays, count, day_s, &visitors);
    if (members == 0 || visitors == 0)
        return WEFT_OK;
    size_t stretches = members < many_members
                           ? wf_stretch_merge(scratch->covered, members)
                           : cover_by_minutes(scratch->covered, members, day_s);
    if (stretches < many_stretches)
        return visit_few(scratch, stretches, visitors, day_s, list);
    return visit_by_minutes(scratch, stretches, visitors, day_s, list);
}
