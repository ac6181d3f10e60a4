#include "epi/company.h"
#include "trace/plain_blocks.h"
#include "trace/plain_scratch.h"

// More stays of a person than these in a day are left to the usual way.
enum { own_max = 64 };

typedef struct {
    wf_stretch stretches[own_max];
    size_t count;
    uint32_t day_end; // where the next day begins
} own_list;

// False when `own` overlaps another (two places at once, doubled rows) or reaches into
// the next day, where it might.
static bool add_own(own_list *list, wf_stretch own)
{
    if (list->count == own_max || own.last > list->day_end)
        return false;
    for (size_t i = 0; i < list->count; i++)
        if (own.first < list->stretches[i].last && list->stretches[i].first < own.last)
            return false;
    list->stretches[list->count++] = own;
    return true;
}

// What is left of a window from a day on, in seconds of that day.
static wf_stretch window_of_day(const plain_window *window, size_t d)
{
    uint32_t day_s = plain_day_s(window->span, d);
    uint32_t from = window->from > day_s ? window->from : day_s;
    return (wf_stretch){from - day_s, window->to - day_s};
}

static bool at_place(plain_worker *worker, const wf_beside *beside, wf_person index,
                     wf_stretch window, own_list *list)
{
    size_t at, left = wf_beside_find(beside, index, &at);
    for (; left > 0; left--) {
        wf_stretch own = {60u * beside->starts[at], 60u * beside->ends[at]};
        if (plain_cut(&own, window.first, window.last) &&
            (!add_own(list, own) || !wf_company_add(&worker->company, beside, own)))
            return false;
        if (left > 1)
            at = wf_beside_next(beside, at + 1, index);
    }
    return true;
}

// Whether everything of the index's day could be added.
static weft_status on_day(plain_worker *worker, const plain_window *window, size_t d,
                          wf_person index, bool *ret_plain)
{
    const wf_day *day = window->span->days[d];
    own_list list;
    list.count = 0; // the rest is not worth clearing each time
    list.day_end = plain_day_s(window->span, d + 1) - plain_day_s(window->span, d);
    *ret_plain = false;
    if (wf_day_encounters(day) > 0) {
        worker->meetings.count = 0;
        WF_TRY(wf_day_person_meetings(day, index, &worker->meetings));
        if (worker->meetings.count > 0)
            return WEFT_OK;
    }
    worker->places_count = 0;
    WF_TRY(wf_day_person_places(day, index, &worker->places, &worker->places_count,
                                &worker->places_capacity));
    wf_stretch part = window_of_day(window, d);
    plain_blocks_ahead(&worker->blocks, day, d, worker->places, worker->places_count);
    for (size_t i = 0; i < worker->places_count; i++) {
        wf_beside beside;
        WF_TRY(plain_blocks_get(&worker->blocks, day, d, (wf_place){worker->places[i]},
                                &worker->stays, &beside));
        if (!at_place(worker, &beside, index, part, &list))
            return WEFT_OK;
    }
    *ret_plain = true;
    return WEFT_OK;
}

weft_status wf_plain_quick(plain_worker *worker, const plain_window *window,
                           wf_person index, wf_plain_sum *ret, bool *ret_plain)
{
    bool plain = true;
    wf_company_begin(&worker->company, index);
    for (size_t d = window->day_from; d < window->day_to && plain; d++) {
        const wf_day *day = window->span->days[d];
        if (day != NULL && index.number < wf_day_people_end(day))
            WF_TRY(on_day(worker, window, d, index, &plain));
    }
    *ret = (wf_plain_sum){worker->company.people, worker->company.seconds};
    *ret_plain = plain;
    return WEFT_OK;
}
