// The rows that epi works on: stays of a civil day, to the minute, and meetings
// of two people, to the second. Plain values without ids in text.
//
// A stay over midnight is kept as one piece a civil day; the pieces touch and
// are joined again before any threshold is applied.
#ifndef WF_MODEL_STAY_H
#define WF_MODEL_STAY_H

#include <stdbool.h>
#include <stdint.h>

#include "model/ids.h"

// One stay at a place whose name is known from the context (a place-day).
// Minutes since the first instant of the civil day, start < end ≤ 1500.
typedef struct {
    wf_person person;
    uint16_t start;
    uint16_t end;
} wf_stay;

// One stay of a person whose name is known from the context (a person-day).
typedef struct {
    wf_place place;
    uint16_t start;
    uint16_t end;
} wf_stop;

// What goes with a stay beyond who, where and when.
typedef struct {
    uint32_t seat;    // number of the seat text in that day's table; 0: none
    bool end_guessed; // end was not observed
    bool from_before; // goes on from the day before
    bool into_next;   // goes on into the next day
} wf_stay_marks;

// A meeting of a person known from the context with `other`; seconds since the
// first instant of the civil day, start < end ≤ 90,000.
typedef struct {
    wf_person other;
    uint32_t start;
    uint32_t end;
    uint32_t setting; // number of the text in that day's table; 0: none
    bool from_before;
    bool into_next;
    bool end_guessed; // end was not observed
} wf_meeting;

#endif
