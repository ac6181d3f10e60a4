// Who was at a place: stays in a window, joined again where midnight cut them.
#ifndef WF_TRACE_WHO_H
#define WF_TRACE_WHO_H

#include "trace/net.h"

typedef struct {
    wf_person person;
    weft_time start, end; // of the whole stay, also where it reaches beyond the window
    wf_text seat;         // of the opened day
    bool end_guessed;
} wf_who_row;

typedef struct {
    wf_who_row *rows; // by start, then external id of the person
    size_t count;
    wf_span span;
} wf_who_answer;

// Stays at `place` that overlap [from, to). A stay that goes on beyond the window's days
// is followed into the days next to them as far as these can be read. Everything in the
// arena; days that cannot be read are left out (wf_span_status).
weft_status wf_who(const wf_net *net, wf_place place, weft_time from, weft_time to,
                   wf_arena *arena, wf_who_answer *ret,
                   weft_error *error) WEFT_MUST_CHECK;

#endif
