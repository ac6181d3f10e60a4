// Contacts of a case by the protocol, over the days of a city (epi/contacts.h).
#ifndef WF_TRACE_CONTACTS_H
#define WF_TRACE_CONTACTS_H

#include "epi/contacts.h"
#include "epi/window.h"
#include "trace/net.h"

typedef struct {
    const wf_case *index; // person and events; borrowed
    wf_window window;     // in which the case could infect
    unsigned generations; // 1 or 2
    uint64_t limit;       // of rows below close contact; 0: none
    uint64_t best;        // rows that are asked for in their order; 0: all
} wf_trace_contacts_query;

typedef struct {
    wf_span span; // the window; with two generations until net->now
    wf_contacts found;
    const int *days_from_onset; // by day of the span; INT_MIN: not known
} wf_trace_contacts;
void wf_trace_contacts_done(wf_trace_contacts *contacts);

// Days that cannot be read are left out: ask wf_span_status afterwards.
weft_status wf_trace_contacts_find(const wf_net *net,
                                   const wf_trace_contacts_query *query, wf_arena *arena,
                                   wf_trace_contacts *ret,
                                   weft_error *error) WEFT_MUST_CHECK;

#endif
