// The frame of a person's day: of what sort it is, when they leave where they slept.
// Two days need it: its own, and the day before, whose night ends with it.
#ifndef WF_CITY_FRAME_H
#define WF_CITY_FRAME_H

#include "city/plan.h"

typedef enum {
    WF_DAY_WORK,
    WF_DAY_FREE,
    WF_DAY_STAY,     // at home; the home is recorded anew in the evening
    WF_DAY_OUT,      // leaves the city for two nights by coach, train, aircraft or ship
    WF_DAY_GONE,     // not in the city
    WF_DAY_BACK,     // comes back
    WF_DAY_ISOLATED, // a case, since an earlier day
    WF_DAY_GUEST,    // at an isolation site all the time
} wf_day_sort;

// What a household does together on a free day.
typedef struct {
    bool is_on;
    wf_place_kind kind;
    wf_spot spot;
    wf_seat seat;
    int32_t leave, start, length;
} wf_outing;

typedef struct {
    wf_day_sort sort;
    int32_t leave;    // minute at which the night ends
    wf_prng dice;     // for the rest of the day
    wf_outing outing; // free days
    bool isolated_today;
    int32_t isolated_minute; // then
} wf_frame;

wf_frame wf_frame_of(const wf_town *town, uint32_t person, uint32_t day);

// Where someone sleeps who is in the city: mostly at home, sometimes in a hotel room.
wf_spot wf_frame_bed(const wf_town *town, uint32_t person, uint32_t day);

// A place of a kind for someone: near home, popular, or anywhere (figures.h).
wf_spot wf_frame_place(const wf_town *town, uint32_t person, wf_place_kind kind,
                       wf_prng *dice);
wf_seat wf_frame_seat(wf_place_kind kind, wf_prng *dice);

#endif
