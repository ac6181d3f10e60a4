#include "epi/guess.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

void wf_guess_done(wf_guess_work *work)
{
    free(work->stays.rows);
    *work = (wf_guess_work){0};
}

// The others, each once; no more than it takes to be hard to guess.
typedef struct {
    uint32_t people[WF_GUESS_PEOPLE_MIN];
    size_t count;
} others;

static void add(others *to, uint32_t person)
{
    for (size_t i = 0; i < to->count; i++)
        if (to->people[i] == person)
            return;
    if (to->count < WF_GUESS_PEOPLE_MIN)
        to->people[to->count++] = person;
}

// More rows than this are let go before the next place is read.
enum { kept_rows_max = 65536 };

// The stays at `at`'s place on its whole day, read once.
static weft_status day_of(wf_guess_work *work, const wf_exposure *at,
                          const wf_guess_day **ret, weft_error *error)
{
    uint64_t key = (uint64_t)at->place.number << 32 | at->day.day;
    wf_guess_day *day =
        &work->days[wf_hash_fold(key ^ WF_HASH_A, WF_HASH_B) % WF_GUESS_DAYS];
    *ret = day;
    if (day->count > 0 && day->place == at->place.number && day->day == at->day.day)
        return WEFT_OK;
    if (work->stays.count > kept_rows_max) {
        memset(work->days, 0, sizeof work->days);
        work->stays.count = 0;
    }
    const int64_t *starts = work->day_starts + at->day.day;
    *day = (wf_guess_day){
        .place = at->place.number, .day = at->day.day, .from = work->stays.count};
    WF_TRY(work->rows->place_stays(work->rows->context, at->place, starts[0], starts[1],
                                   &work->stays, error));
    day->count = work->stays.count - day->from;
    return WEFT_OK;
}

// Whoever was at the place while they were, and whom they met there, who may have left.
static weft_status add_others(wf_guess_work *work, const wf_exposure *at, others *to,
                              weft_error *error)
{
    const wf_guess_day *day;
    add(to, at->with.number);
    WF_TRY(day_of(work, at, &day, error));
    const wf_row_stay *stays = work->stays.rows + day->from;
    for (size_t i = 0; i < day->count && to->count < WF_GUESS_PEOPLE_MIN; i++)
        if (stays[i].start < at->day.end && stays[i].end > at->day.start &&
            stays[i].person.number != at->person.number)
            add(to, stays[i].person.number);
    return WEFT_OK;
}

// What the place alone says.
static wf_guess_why why_of(const wf_exposure *at)
{
    if (at->place.number == WF_NUMBER_NONE)
        return WF_GUESS_MET;
    return at->kind == WF_PLACE_HOUSEHOLD || at->kind == WF_PLACE_ROOM ? WF_GUESS_HOME
                                                                       : WF_GUESS_HARD;
}

weft_status wf_guess_find(wf_guess_work *work, const wf_contacts *found,
                          const wf_contact *of, wf_guess *ret, weft_error *error)
{
    const wf_exposure *all = found->exposures + of->exposures_from;
    wf_guess guess = {.why = WF_GUESS_HARD};
    bool one_kind = true, any = false;
    for (size_t i = 0; i < of->exposures_count; i++)
        if (all[i].day.day > guess.day)
            guess.day = all[i].day.day;
    for (size_t i = 0; i < of->exposures_count; i++) {
        if (all[i].day.day != guess.day)
            continue;
        wf_guess_why why = why_of(&all[i]);
        one_kind = one_kind && (!any || all[i].kind == guess.kind);
        guess.kind = all[i].kind;
        any = true;
        if (why > guess.why)
            guess.why = why;
    }
    // Rows are read only where the places alone do not say it, and no further than to
    // whoever makes it hard: a look-up asks this for each of its rows.
    others there = {0};
    for (size_t i = 0; guess.why == WF_GUESS_HARD && i < of->exposures_count &&
                       there.count < WF_GUESS_PEOPLE_MIN;
         i++)
        if (all[i].day.day == guess.day)
            WF_TRY(add_others(work, &all[i], &there, error));
    if (guess.why == WF_GUESS_HARD && there.count < WF_GUESS_PEOPLE_MIN)
        guess.why = WF_GUESS_FEW;
    guess.tells_kind = guess.why == WF_GUESS_HARD && one_kind;
    *ret = guess;
    return WEFT_OK;
}
