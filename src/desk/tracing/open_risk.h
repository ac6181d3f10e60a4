// The view tracing/open_risk: of each level of contacts of an outbreak how many are not
// done with, by the first thing that is missing, and how many of them may be infected
// without anybody knowing, as an interval (epi/risk.h, docs/methods/open-risk.md).
//
// What a level owes is what the holes of tracing/ ask of it: a close contact is reached,
// placed and tested, a secondary one reached and placed, a general one reached. Whoever
// is in the place of isolation was reached, and whoever became a case owes nothing.
//
// Threads: as the views'.
#ifndef WF_DESK_TRACING_OPEN_RISK_H
#define WF_DESK_TRACING_OPEN_RISK_H

#include "store/query/view.h"

weft_status wf_open_risk_rows(void *context, const wf_view_call *call, wf_view_sink *sink,
                              weft_error *error) WEFT_MUST_CHECK;

#endif
