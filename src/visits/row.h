// The rows that the visit store takes: numbers instead of ids, split at midnight.
#ifndef WF_VISITS_ROW_H
#define WF_VISITS_ROW_H

#include <stdint.h>

// One visit or piece of a visit within a civil day. Minutes of the day.
typedef struct {
    uint32_t person;
    uint32_t place;
    uint16_t start;
    uint16_t end;     // start < end ≤ 1500
    uint32_t seat;    // number in the batch's text table, 0: none
    uint32_t ordinal; // which visit of the batch this is a piece of, for the
                      // count of accepted rows; WF_ROW_OLD for rows already stored
    uint8_t marks;    // WF_MARK_… bits
} wf_visit_row;

#define WF_ROW_OLD UINT32_MAX
#define WF_MARK_END_GUESSED 1u
#define WF_MARK_FROM_BEFORE 2u
#define WF_MARK_INTO_NEXT 4u

// One encounter or piece of one within a civil day; a < b (the importer orders
// them). Seconds of the day.
typedef struct {
    uint32_t a;
    uint32_t b;
    uint32_t start;
    uint32_t end; // start < end ≤ 90,000
    uint32_t setting;
    uint32_t ordinal;
    uint8_t marks;
} wf_encounter_row;

#endif
