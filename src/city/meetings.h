// Encounters of a synthetic city: colleagues who wear badges, classmates who named each
// other. Each lies inside stays of both that were really made.
#ifndef WF_CITY_MEETINGS_H
#define WF_CITY_MEETINGS_H

#include "city/plan.h"

typedef struct {
    uint32_t a, b;          // persons, a < b
    int32_t start_s, end_s; // seconds since 00:00 of the first day
    uint8_t kind;           // of the place
} wf_met;

typedef struct {
    wf_met *all;
    size_t count, capacity;
} wf_met_list;
void wf_met_list_done(wf_met_list *list);

// Notes who belongs to the groups that keep such records; once, when people are settled.
weft_status wf_meetings_settle(wf_town *town, weft_error *error) WEFT_MUST_CHECK;

// Parts that the meetings of a day are cut into.
uint32_t wf_meetings_parts(const wf_town *town);

// The meetings of one part of a day, in the order of place and person. One workplace
// in eight of up to 120 people has badges, one class in 24 names: about 4 % of all people
// have meetings. They lie inside stays of both at places that are never crowded, so that
// they add nothing to anyone's seconds: sums from visits alone must be the same (bench).
// False: out of memory.
bool wf_meetings_of(const wf_town *town, uint32_t day, uint32_t part,
                    wf_met_list *ret) WEFT_MUST_CHECK;

#endif
