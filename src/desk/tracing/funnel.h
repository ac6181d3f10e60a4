// The view tracing/funnel: of each level in each village, how far its contacts are.
//
// Threads: as the views'.
#ifndef WF_DESK_TRACING_FUNNEL_H
#define WF_DESK_TRACING_FUNNEL_H

#include "store/query/view.h"

weft_status wf_funnel_rows(void *context, const wf_view_call *call, wf_view_sink *sink,
                           weft_error *error) WEFT_MUST_CHECK;

#endif
