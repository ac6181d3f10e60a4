// The rows of epi from opened days and the register.
#ifndef WF_TRACE_ROWS_H
#define WF_TRACE_ROWS_H

#include "epi/rows.h"
#include "trace/net.h"

typedef struct wf_trace_rows wf_trace_rows;

// Seconds since the first instant of the span's first day. `net` and `span` are borrowed.
weft_status wf_trace_rows_new(const wf_net *net, const wf_span *span, wf_trace_rows **ret,
                              weft_error *error) WEFT_MUST_CHECK;
void wf_trace_rows_free(wf_trace_rows *rows); // NULL does nothing
const wf_rows *wf_trace_rows_of(const wf_trace_rows *rows);
// When each day of the span begins, and when the last one ends.
const int64_t *wf_trace_rows_day_starts(const wf_trace_rows *rows);

// Appends who was at a place on a day of the span (index), also twice.
weft_status wf_trace_rows_visitors(wf_trace_rows *rows, wf_place place, uint32_t day,
                                   wf_person **people, size_t *count, size_t *capacity,
                                   weft_error *error) WEFT_MUST_CHECK;
// What the register knows of a place.
weft_status wf_trace_rows_place(wf_trace_rows *rows, wf_place place, wf_place_brief *ret,
                                weft_error *error) WEFT_MUST_CHECK;

// Instants and seconds of the span.
weft_time wf_trace_rows_time(const wf_span *span, int64_t second);
int64_t wf_trace_rows_second(const wf_span *span, weft_time at);

#endif
