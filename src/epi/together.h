// Time together of two people at one place, cut into civil days.
//
// Method. Each stay of the one (first cut to the window of exposure, then lengthened by
// the lingering minutes) is laid over each stay of the other. Where several stored rows
// cover the same moment the nearest counts, once. Stays that touch are thereby joined,
// also over midnight.
//
// Near contact: the minutes within the finer unit (a seat that is not known counts as
// within; rows that know only the day count for nothing), summed over any 24 hours at
// this place, reach the rule's minutes. Any 24 hours and not a single stay: two classes
// with a break between are one morning together, and no longer stay can lose what a
// shorter one gave, which sums by calendar day would.
#ifndef WF_EPI_TOGETHER_H
#define WF_EPI_TOGETHER_H

#include "epi/hazard.h"
#include "epi/rows.h"

// People present in an hour beside the case: hour i begins at i · 3600 s. NULL: nobody.
typedef struct {
    const uint32_t *people;
    size_t count;
} wf_hours;

typedef struct {
    const wf_protocol *protocol;
    const wf_place_rule *rule;
    wf_row_place place;
    wf_hours hours;
    const int64_t *day_starts; // days_count + 1 instants, rising
    size_t days_count;
    int64_t lingering_s;     // wf_together_lingering_s; 0: only time together counts
    bool unit_must_be_known; // secondary contacts: a seat not known is not within
} wf_together_at;

// The exposing person's stays count inside [from, to), what lingers also after it.
typedef struct {
    int64_t from, to;
} wf_together_window;

// One civil day of two people at one place.
typedef struct {
    uint32_t day;         // index in day_starts
    int64_t start, end;   // first and last moment together on that day
    int64_t seconds;      // together
    double hours;         // weighted by nearness, crowding, ventilation and certainty
    wf_unit_verdict unit; // the nearest of the day
    bool lingering;       // only after the other had left
    bool guessed;         // some of it rests on a guessed end
    bool days_only;       // all of it rests on rows that know only the day
} wf_together_day;

typedef struct wf_together_work wf_together_work;
// Memory of the calls that follow; one a thread.
weft_status wf_together_work_new(wf_together_work **ret,
                                 weft_error *error) WEFT_MUST_CHECK;
void wf_together_work_free(wf_together_work *work);

// `exposing` and `exposed`: rows of one person each at this place, by start. *ret_days
// lies in `work` until its next use. *ret_near: near contact by the rule.
weft_status wf_together(wf_together_work *work, const wf_together_at *at,
                        const wf_together_window *window, const wf_row_stay *exposing,
                        size_t exposing_count, const wf_row_stay *exposed,
                        size_t exposed_count, const wf_together_day **ret_days,
                        size_t *ret_days_count, bool *ret_near,
                        weft_error *error) WEFT_MUST_CHECK;

// Seconds after a stay in which the place still infects.
int64_t wf_together_lingering_s(const wf_place_rule *rule, int ventilated);

// A stretch of time, for wf_together_longest_24h.
typedef struct {
    int64_t start, end;
} wf_interval;
// The most seconds that lie in any 24 hours; stretches by start, apart from another.
int64_t wf_together_longest_24h(const wf_interval *stretches, size_t count);

#endif
