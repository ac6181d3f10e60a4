// Places that cases share beyond chance, over the days of a city (epi/source.h).
//
// Background of a case: people of its town (the first nine characters of the register's
// grid code), or everybody the city knows of where the case's grid is not registered.
// Day blocks give the visitors.
#ifndef WF_TRACE_SOURCE_H
#define WF_TRACE_SOURCE_H

#include "epi/source.h"
#include "trace/net.h"

typedef struct {
    const wf_case_row *cases; // borrowed
    size_t cases_count;
    bool skip_windowless; // cases without a source window are left out, not an error
} wf_trace_source_query;

typedef struct {
    wf_span span;
    wf_source_answer found;
    const uint32_t *case_of; // of query.cases, by index in found's case list
    size_t cases_count;      // with a window
    uint64_t places_could;
    weft_time from, to; // of all windows
} wf_trace_source;
void wf_trace_source_done(wf_trace_source *source);

// Days that cannot be read are left out: ask wf_span_status afterwards.
weft_status wf_trace_source_find(const wf_net *net, const wf_trace_source_query *query,
                                 wf_arena *arena, wf_trace_source *ret,
                                 weft_error *error) WEFT_MUST_CHECK;

#endif
