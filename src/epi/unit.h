// The finer unit of a place: same table, rows near by, same carriage (PROTOCOL, table of
// kinds; nhc-covid-8 for vehicles). A seat that is not known cannot be judged; that is
// said, and the protocol's level never profits from it.
#ifndef WF_EPI_UNIT_H
#define WF_EPI_UNIT_H

#include "model/protocol.h"

// In rising order of nearness.
typedef enum {
    WF_UNIT_OUTSIDE, // both known, not in one unit
    WF_UNIT_UNKNOWN, // at least one seat is not known or cannot be read
    WF_UNIT_WITHIN
} wf_unit_verdict;

// `reach` in rows, for WF_UNIT_ROWS; seats as they came, "" not known.
//   WHOLE     the place itself is the unit: always within
//   SEAT      the texts are equal
//   ROWS      the leading numbers differ by at most `reach` ("12F" is row 12)
//   CARRIAGE  the texts before '/' are equal ("05/12F" is carriage 05)
wf_unit_verdict wf_unit_judge(wf_unit unit, double reach, wf_text a, wf_text b);

// True for two seats side by side: same carriage, same row, neighbouring letters (D and
// F are neighbours, many trains have no E). Seats as above; false when in doubt.
bool wf_unit_adjacent(wf_text a, wf_text b);

#endif
