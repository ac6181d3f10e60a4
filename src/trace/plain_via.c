#include <stdlib.h>

#include "trace/plain_scratch.h"

// What is looked for: the longest single stretch with someone of the first ring.
typedef struct {
    wf_plain_scratch *scratch;
    plain_worker *worker;
    const wf_ids *ids;
    wf_sweep_ring ring;
    plain_window window;
    wf_person best;
    uint32_t best_seconds; // 0: none yet
} via_search;

static void consider(via_search *search, wf_person who, uint32_t seconds)
{
    if (seconds == 0 || seconds < search->best_seconds)
        return;
    if (seconds == search->best_seconds &&
        wf_text_compare(wf_ids_text(search->ids, WF_ID_PERSON, who.number),
                        wf_ids_text(search->ids, WF_ID_PERSON, search->best.number)) >= 0)
        return;
    search->best = who;
    search->best_seconds = seconds;
}

static int compare_touches(const void *left, const void *right)
{
    const wf_touch *a = left, *b = right;
    int order =
        (a->person.number > b->person.number) - (a->person.number < b->person.number);
    return order != 0 ? order : (a->first > b->first) - (a->first < b->first);
}

// Adds a member's stretch, cut to [m(c), to); room was made.
static void add_member(via_search *search, wf_person who, wf_stretch stretch)
{
    wf_touch_list *touches = &search->worker->touches;
    if (!wf_sweep_has(&search->ring, who) ||
        !plain_cut(&stretch, search->ring.moments[who.number], search->ring.to))
        return;
    touches->rows[touches->count++] = (wf_touch){who, stretch.first, stretch.last};
}

// Calls `each` with every merged stretch of each member among the touches.
static void each_merged(via_search *search,
                        void (*each)(via_search *search, wf_person who, wf_stretch own))
{
    wf_touch_list *touches = &search->worker->touches;
    if (touches->count > 1)
        qsort(touches->rows, touches->count, sizeof *touches->rows, compare_touches);
    for (size_t i = 0; i < touches->count;) {
        wf_person who = touches->rows[i].person;
        wf_stretch open = {touches->rows[i].first, touches->rows[i].last};
        for (i++; i < touches->count; i++) {
            const wf_touch *next = &touches->rows[i];
            if (next->person.number != who.number || next->first > open.last)
                break;
            open.last = next->last > open.last ? next->last : open.last;
        }
        each(search, who, open);
    }
}

// ---- places ----

// The person's stays that count, as (place, stretch): `person` of a touch is a place
// here, so that sorting and merging are the same.
static weft_status own_stays(via_search *search, wf_person person, wf_touch_list *own)
{
    plain_worker *worker = search->worker;
    for (size_t d = search->window.day_from; d < search->window.day_to; d++) {
        const wf_day *day = search->window.span->days[d];
        if (day == NULL || person.number >= wf_day_people_end(day))
            continue;
        uint32_t day_s = plain_day_s(search->window.span, d);
        worker->stops.count = 0;
        WF_TRY(wf_day_person_stops(day, person, &worker->stops));
        WF_TRY(wf_touch_list_reserve(own, worker->stops.count));
        for (size_t i = 0; i < worker->stops.count; i++) {
            wf_stop stop = worker->stops.rows[i];
            wf_stretch stretch = {day_s + 60u * stop.start, day_s + 60u * stop.end};
            if (!plain_crowded(&search->window, day, stop.place) &&
                plain_cut(&stretch, search->window.from, search->window.to))
                own->rows[own->count++] =
                    (wf_touch){{stop.place.number}, stretch.first, stretch.last};
        }
    }
    if (own->count > 1)
        qsort(own->rows, own->count, sizeof *own->rows, compare_touches);
    return WEFT_OK;
}

// The members' stays at a place on the days of one of the person's stretches there.
static weft_status members_at(via_search *search, wf_place place, wf_stretch own)
{
    plain_worker *worker = search->worker;
    const wf_span *span = search->window.span;
    for (size_t d = search->window.day_from; d < search->window.day_to; d++) {
        uint32_t day_s = plain_day_s(span, d), next_s = plain_day_s(span, d + 1);
        wf_stretch part = own;
        if (span->days[d] == NULL || !plain_cut(&part, day_s, next_s) ||
            plain_crowded(&search->window, span->days[d], place))
            continue;
        worker->stays.count = 0;
        WF_TRY(wf_day_place_stays(span->days[d], place, (part.first - day_s) / 60,
                                  (part.last - day_s + 59) / 60, &worker->stays));
        WF_TRY(wf_touch_list_reserve(&worker->touches, worker->stays.count));
        for (size_t i = 0; i < worker->stays.count; i++) {
            wf_stay stay = worker->stays.rows[i];
            wf_stretch stretch = {day_s + 60u * stay.start, day_s + 60u * stay.end};
            if (plain_cut(&stretch, own.first, own.last))
                add_member(search, stay.person, stretch);
        }
    }
    return WEFT_OK;
}

static void consider_stretch(via_search *search, wf_person who, wf_stretch stretch)
{
    consider(search, who, stretch.last - stretch.first);
}

// Members' pieces are cut to the person's own merged stretch before they are merged:
// pieces that touch still touch, so each merged rest is one overlap of two stays.
static weft_status search_places(via_search *search, const wf_touch_list *own)
{
    for (size_t i = 0; i < own->count;) {
        wf_place place = {own->rows[i].person.number};
        wf_stretch open = {own->rows[i].first, own->rows[i].last};
        for (i++; i < own->count; i++) {
            const wf_touch *next = &own->rows[i];
            if (next->person.number != place.number || next->first > open.last)
                break;
            open.last = next->last > open.last ? next->last : open.last;
        }
        search->worker->touches.count = 0;
        WF_TRY(members_at(search, place, open));
        each_merged(search, consider_stretch);
    }
    return WEFT_OK;
}

// ---- encounters ----

static weft_status search_meetings(via_search *search, wf_person person)
{
    plain_worker *worker = search->worker;
    worker->touches.count = 0;
    for (size_t d = search->window.day_from; d < search->window.day_to; d++) {
        const wf_day *day = search->window.span->days[d];
        if (day == NULL || wf_day_encounters(day) == 0 ||
            person.number >= wf_day_people_end(day))
            continue;
        worker->meetings.count = 0;
        WF_TRY(wf_day_person_meetings(day, person, &worker->meetings));
        WF_TRY(wf_touch_list_reserve(&worker->touches, worker->meetings.count));
        for (size_t i = 0; i < worker->meetings.count; i++)
            add_member(search, worker->meetings.rows[i].other,
                       plain_meeting(&worker->meetings.rows[i],
                                     plain_day_s(search->window.span, d)));
    }
    each_merged(search, consider_stretch);
    return WEFT_OK;
}

weft_status wf_plain_via(wf_plain_scratch *scratch, const wf_plain_query *query,
                         const wf_plain_answer *answer, const wf_ids *ids,
                         wf_person person, wf_person *ret, uint32_t *ret_seconds,
                         weft_error *error)
{
    via_search search = {
        .scratch = scratch,
        .worker = &scratch->workers[0],
        .ids = ids,
        .ring = {scratch->members, scratch->moments, scratch->window_to}};
    wf_touch_list *own = &scratch->via_own;
    own->count = 0;
    WF_ASSERT(scratch->marked && wf_plain_window_of(answer->span, query->from, query->to,
                                                    query->crowd, &search.window));
    weft_status status = own_stays(&search, person, own);
    if (status == WEFT_OK)
        status = search_places(&search, own);
    if (status == WEFT_OK)
        status = search_meetings(&search, person);
    if (status != WEFT_OK)
        return wf_fail_memory(error);
    WF_ASSERT(search.best_seconds > 0);
    *ret = search.best;
    *ret_seconds = search.best_seconds;
    return WEFT_OK;
}
