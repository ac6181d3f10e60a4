// A stay or meeting in whole minutes or seconds of civil days, and its pieces: one rule
// for what is imported and what is stated (DESIGN §4).
#ifndef WF_LOAD_SPAN_H
#define WF_LOAD_SPAN_H

#include "load/calendar.h"

// The longest stay that is believed. A longer one is a forgotten end or a wrong year.
#define WF_STAY_MAX_DAYS 30

// In units since the first instant of the first and of the last day.
typedef struct {
    weft_day first, last;
    uint32_t start, end;
} wf_load_span;

// Rounds the start down and the end up to units (a minute of a visit, a second of an
// encounter) of the day `first`, on which `start` lies; `end` is not before it. At least
// one unit. What is wrong as a code, or NULL.
const char *wf_load_span_of(wf_calendar *calendar, int64_t unit_us, weft_day first,
                            weft_time start, weft_time end, wf_load_span *ret);

// What of it lies on one of its days.
typedef struct {
    uint32_t start, end; // units of the day
    uint8_t marks;       // WF_MARK_FROM_BEFORE, WF_MARK_INTO_NEXT
} wf_load_piece;
// False when nothing does: a day that a zone left out is empty.
bool wf_load_span_piece(wf_calendar *calendar, int64_t unit_us, const wf_load_span *span,
                        weft_day day, wf_load_piece *ret);

#endif
