// The clock: the view tracing/clock. For each case, and for all cases of an outbreak,
// every milestone from onset to each contact being tested, against the deadlines of the
// city's protocol; where the hours went; and the target 7-1-7 beside it. It is computed
// here and nowhere else.
//
// Definitions and sources: docs/methods/clock.md.
//
// Threads: as the views'.
#ifndef WF_DESK_TRACING_CLOCK_H
#define WF_DESK_TRACING_CLOCK_H

#include "store/query/view.h"

weft_status wf_clock_rows(void *context, const wf_view_call *call, wf_view_sink *sink,
                          weft_error *error) WEFT_MUST_CHECK;

#endif
