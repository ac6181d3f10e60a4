// The outbreak of a synthetic city: 50 cases whose infections happen in visits that were
// really made.
//
// One person infected elsewhere and the guests of the same restaurant at the same lunch
// are the first cases; later ones are drawn, weighted by minutes together, kind of place
// and seat, from those who were at a place at the same time as an infectious case. The
// timeline is fitted so that onset and report of all lie in the last days. It is a
// teaching outbreak: its rates are not an estimate of anything (docs/methods/city.md).
//
// It runs along with the visits, day by day: begin_day says which places to watch, the
// stays seen there come back in the order of people, end_day draws.
#ifndef WF_CITY_OUTBREAK_H
#define WF_CITY_OUTBREAK_H

#include "city/plan.h"

// A stay at a watched place.
typedef struct {
    uint32_t person;
    wf_town_stop stop;
} wf_seen_stop;

// Minutes are counted from 00:00 of the first day; −1: not so.
typedef struct {
    uint32_t person;
    uint32_t infector; // index of the case; UINT32_MAX: infected elsewhere
    wf_spot place;     // where; meaningless for those infected elsewhere
    int32_t infected, onset, sampled, reported, isolated;
    bool fever; // kind of onset
} wf_town_case;

typedef struct wf_outbreak {
    wf_town *town;
    uint64_t *watched;                // one bit a place
    wf_town_case cases[WF_CASES_MAX]; // in the order of infection
    uint32_t cases_count;
    uint32_t cases_wanted;
    uint32_t first_day;     // of the common lunch
    uint32_t last_day;      // of infections
    wf_seen_stop *carriers; // stays of infectious cases on the day at hand
    size_t carriers_count;
} wf_outbreak;

// Ends an outbreak that the town may have had before.
weft_status wf_outbreak_init(wf_town *town, wf_outbreak *ret,
                             weft_error *error) WEFT_MUST_CHECK;
void wf_outbreak_done(wf_outbreak *outbreak);

void wf_outbreak_begin_day(wf_outbreak *outbreak, uint32_t day);
static inline bool wf_outbreak_watches(const wf_outbreak *outbreak, uint32_t place)
{
    return (outbreak->watched[place / 64] >> (place % 64) & 1) != 0;
}
// `seen`: all stays of the day at watched places, by person. Draws the day's infections
// and tells the town when the new cases are isolated: two days from here at the earliest.
weft_status wf_outbreak_end_day(wf_outbreak *outbreak, uint32_t day,
                                const wf_seen_stop *seen, size_t seen_count,
                                weft_error *error) WEFT_MUST_CHECK;

#endif
