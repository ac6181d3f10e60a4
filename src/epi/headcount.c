#include "epi/headcount.h"

#include <stdlib.h>
#include <string.h>

enum { slots_first = 256 };

static size_t before_width(const wf_headcount *headcount)
{
    return (size_t)headcount->query->days_count + 1;
}

weft_status wf_headcount_init(wf_headcount *ret, const wf_source_query *query,
                              weft_error *error)
{
    wf_headcount headcount = {.query = query, .slots = slots_first};
    headcount.in_window = calloc(query->cases_count + 1, sizeof *headcount.in_window);
    headcount.table = calloc(headcount.slots, sizeof *headcount.table);
    headcount.by_before = calloc(query->grids_count * before_width(&headcount) + 1,
                                 sizeof *headcount.by_before);
    if (headcount.in_window == NULL || headcount.table == NULL ||
        headcount.by_before == NULL) {
        wf_headcount_done(&headcount);
        return wf_fail_memory(error);
    }
    *ret = headcount;
    return WEFT_OK;
}

void wf_headcount_done(wf_headcount *headcount)
{
    free(headcount->in_window);
    free(headcount->table);
    free(headcount->by_before);
    *headcount = (wf_headcount){0};
}

void wf_headcount_begin(wf_headcount *headcount)
{
    memset(headcount->in_window, 0,
           headcount->query->cases_count * sizeof *headcount->in_window);
    headcount->visitors = 0;
    headcount->used = 0;
    // Entries of zeroed memory belong to count 0, which is never one at hand.
    if (++headcount->count == 0) {
        memset(headcount->table, 0, headcount->slots * sizeof *headcount->table);
        headcount->count = 1;
    }
}

// ---- the table of visitors ----

// Where the person stands or would stand.
static wf_headcount_visitor *slot_of(const wf_headcount *headcount, uint32_t person)
{
    size_t mask = headcount->slots - 1;
    size_t at = (size_t)((person * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & mask;
    while (headcount->table[at].count == headcount->count &&
           headcount->table[at].person != person)
        at = (at + 1) & mask;
    return &headcount->table[at];
}

// Twice the slots when half of them are used.
static bool make_room(wf_headcount *headcount)
{
    if (2 * headcount->used < headcount->slots)
        return true;
    wf_headcount_visitor *old = headcount->table;
    size_t old_slots = headcount->slots;
    wf_headcount_visitor *fresh = calloc(2 * old_slots, sizeof *fresh);
    if (fresh == NULL)
        return false;
    headcount->table = fresh;
    headcount->slots = 2 * old_slots;
    for (size_t i = 0; i < old_slots; i++)
        if (old[i].count == headcount->count)
            *slot_of(headcount, old[i].person) = old[i];
    free(old);
    return true;
}

static weft_status add_visitor(wf_headcount *headcount, uint32_t day, wf_person person,
                               weft_error *error)
{
    const wf_source_query *query = headcount->query;
    wf_headcount_visitor *visitor = slot_of(headcount, person.number);
    bool first = visitor->count != headcount->count;
    if (!first && visitor->last_day == day)
        return WEFT_OK;
    if (first) {
        uint32_t grid = 0;
        if (!make_room(headcount))
            return wf_fail_memory(error);
        WF_TRY(query->grid_of(query->context, person, &grid, error));
        visitor = slot_of(headcount, person.number);
        *visitor = (wf_headcount_visitor){.person = person.number,
                                          .count = headcount->count,
                                          .grid = grid < query->grids_count ? grid : 0};
        headcount->used++;
    }
    size_t before = first ? 0 : (size_t)visitor->last_day + 1;
    visitor->last_day = day;
    headcount->by_before[before]++;
    if (visitor->grid > 0)
        headcount->by_before[visitor->grid * before_width(headcount) + before]++;
    return WEFT_OK;
}

// ---- windows ----

// Adds what was counted of the day to the windows that hold it, and empties it.
static void close_part(wf_headcount *headcount, uint32_t day)
{
    const wf_source_query *query = headcount->query;
    size_t width = before_width(headcount);
    headcount->visitors += headcount->by_before[0];
    // From here on by_before[b]: visits whose visit before was on day b − 1 or earlier.
    for (size_t grid = 0; grid < query->grids_count; grid++)
        for (size_t before = 1; before <= day; before++)
            headcount->by_before[grid * width + before] +=
                headcount->by_before[grid * width + before - 1];
    for (size_t i = 0; i < query->cases_count; i++) {
        const wf_source_case *of = &query->cases[i];
        if (of->first_day <= day && day <= of->last_day)
            headcount->in_window[i] +=
                headcount->by_before[of->grid * width + of->first_day];
    }
    memset(headcount->by_before, 0,
           query->grids_count * width * sizeof *headcount->by_before);
}

weft_status wf_headcount_add(wf_headcount *headcount, uint32_t day,
                             const wf_person *people, size_t count, weft_error *error)
{
    for (size_t i = 0; i < count; i++)
        WF_TRY(add_visitor(headcount, day, people[i], error));
    close_part(headcount, day);
    return WEFT_OK;
}
