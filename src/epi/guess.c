#include "epi/guess.h"

#include <stdlib.h>

void wf_guess_done(wf_guess_work *work)
{
    free(work->stays.rows);
    free(work->people);
    *work = (wf_guess_work){0};
}

static int by_number(const void *a, const void *b)
{
    uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;
    return (one > other) - (one < other);
}

static weft_status add(wf_guess_work *work, uint32_t person, weft_error *error)
{
    if (!wf_rows_room(&work->people, work->count, &work->capacity, sizeof *work->people))
        return wf_fail_memory(error);
    work->people[work->count++] = person;
    return WEFT_OK;
}

// Whoever was at the place while they were, and whom they met there, who may have left.
static weft_status add_others(const wf_rows *rows, const wf_exposure *at,
                              wf_guess_work *work, weft_error *error)
{
    work->stays.count = 0;
    WF_TRY(rows->place_stays(rows->context, at->place, at->day.start, at->day.end,
                             &work->stays, error));
    WF_TRY(add(work, at->with.number, error));
    for (size_t i = 0; i < work->stays.count; i++) {
        const wf_row_stay *stay = &work->stays.rows[i];
        if (stay->start < at->day.end && stay->end > at->day.start &&
            stay->person.number != at->person.number)
            WF_TRY(add(work, stay->person.number, error));
    }
    return WEFT_OK;
}

static size_t distinct(wf_guess_work *work)
{
    size_t ret = 0;
    if (work->count > 0)
        qsort(work->people, work->count, sizeof *work->people, by_number);
    for (size_t i = 0; i < work->count; i++)
        ret += i == 0 || work->people[i] != work->people[i - 1];
    return ret;
}

// What the place alone says.
static wf_guess_why why_of(const wf_exposure *at)
{
    if (at->place.number == WF_NUMBER_NONE)
        return WF_GUESS_MET;
    return at->kind == WF_PLACE_HOUSEHOLD || at->kind == WF_PLACE_ROOM ? WF_GUESS_HOME
                                                                       : WF_GUESS_HARD;
}

weft_status wf_guess_find(const wf_rows *rows, const wf_contacts *found,
                          const wf_contact *of, wf_guess_work *work, wf_guess *ret,
                          weft_error *error)
{
    const wf_exposure *all = found->exposures + of->exposures_from;
    wf_guess guess = {.why = WF_GUESS_HARD};
    bool one_kind = true, any = false;
    for (size_t i = 0; i < of->exposures_count; i++)
        if (all[i].day.day > guess.day)
            guess.day = all[i].day.day;
    work->count = 0;
    for (size_t i = 0; i < of->exposures_count; i++) {
        if (all[i].day.day != guess.day)
            continue;
        wf_guess_why why = why_of(&all[i]);
        one_kind = one_kind && (!any || all[i].kind == guess.kind);
        guess.kind = all[i].kind;
        any = true;
        if (why > guess.why)
            guess.why = why;
        if (why == WF_GUESS_HARD)
            WF_TRY(add_others(rows, &all[i], work, error));
    }
    if (guess.why == WF_GUESS_HARD && distinct(work) < WF_GUESS_PEOPLE_MIN)
        guess.why = WF_GUESS_FEW;
    guess.tells_kind = guess.why == WF_GUESS_HARD && one_kind;
    *ret = guess;
    return WEFT_OK;
}
