// Source finding: places that cases without a known link share beyond chance.
//
// Method (docs/methods/source.md). Each case has its source window. Cases of one
// household (same household in the register, or seen in one place of that kind) are one
// independent unit. For each place where two or more units were in their windows: the
// probability that a person like the case was there in the same days is the share of
// visitors among the people of the same grid (of the whole city where no grid is
// known); the number of units there is then Poisson-binomial, and its exact tail is the
// p value. Holm corrects for every place that could have been shared, not only for
// those that were. Where a place and one that contains it are shared by the same cases
// only the finer is kept.
//
// Cost: the visitors of a place are counted only until they are too many for it to be
// shown; few places are counted to the end.
//
// A small p value is consistent with a common source there; it never proves one.
#ifndef WF_EPI_SOURCE_H
#define WF_EPI_SOURCE_H

#include "epi/rows.h"

typedef struct {
    wf_person person;
    uint64_t household;           // 0: not known
    int64_t from, to;             // source window, seconds since the origin
    uint32_t first_day, last_day; // civil days that the window touches
    uint32_t grid; // class of the background, below grids_count; 0: everybody
} wf_source_case;

typedef struct {
    const wf_rows *rows; // person_stops and place
    void *context;       // of the calls below
    // Appends everybody who was at the place on a civil day, in any order, perhaps twice.
    weft_status (*visitors)(void *context, wf_place place, uint32_t day,
                            wf_person **people, size_t *count, size_t *capacity,
                            weft_error *error);
    // The class of a person's grid; 0: none of the cases' grids.
    weft_status (*grid_of)(void *context, wf_person person, uint32_t *ret,
                           weft_error *error);
    // The place that this one is part of, WF_NUMBER_NONE: none.
    uint32_t (*parent)(void *context, wf_place place);
    const wf_source_case *cases;
    size_t cases_count;
    const uint64_t *grid_people; // people of each class, 0: all
    size_t grids_count;
    uint32_t days_count;   // civil days from the origin on
    uint64_t places_could; // places that could have been shared, at least those that
                           // were: the family of tests
    double at_most;        // corrected p value up to which a place is shown: 0.05
} wf_source_query;

typedef struct {
    wf_place place;
    wf_place_kind kind;
    int64_t from, to;               // the closest span that holds a visit of every unit
    size_t cases_from, cases_count; // in case_list, indices of query.cases, rising
    size_t independent;
    double expected, p_value, p_corrected;
    uint64_t visitors; // distinct people there on any day of the span
} wf_source_place;

typedef struct {
    wf_source_place *places; // by p value, then most units, then place id
    size_t places_count;
    uint32_t *case_list;
    size_t independent; // units in all
} wf_source_answer;
void wf_source_done(wf_source_answer *answer);

weft_status wf_source_find(const wf_source_query *query, wf_source_answer *ret,
                           weft_error *error) WEFT_MUST_CHECK;

#endif
