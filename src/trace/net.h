// What a look-up may see of a city: visits, register, protocol, and the instant it is
// asked at. Trace is the only place where epi meets visits.
#ifndef WF_TRACE_NET_H
#define WF_TRACE_NET_H

#include "base/time.h"
#include "epi/hazard.h"
#include "model/protocol.h"
#include "store/register/register.h"
#include "visits/visits.h"

// Ids that are one person: what rows say of any of `others` is read as said of `as`, and
// who asks for `as` is given the rows of all. None: `count` is 0. Borrowed.
typedef struct {
    wf_person as;
    const wf_person *others;
    size_t count;
} wf_own_ids;

typedef struct {
    wf_visits *visits;
    wf_register *reg;
    const wf_protocol *protocol;
    const wf_hazard_course *course; // of the protocol; NULL: made by who needs it
    const wf_zone *zone;
    weft_time now;
    unsigned threads;
    wf_own_ids own; // of whom is asked, as a rule a case
} wf_net;

// The days that [from, to) touches, opened; what is missing of them, and why.
typedef struct {
    weft_day first;
    size_t count;        // civil days from `first` on
    const wf_day **days; // NULL: empty or missing
    weft_time *starts;   // first instant of each day, and of the one after the last
    wf_day_state *states;
} wf_span;

// In the arena. Days are opened with net->threads threads.
weft_status wf_span_open(const wf_net *net, weft_time from, weft_time to, wf_arena *arena,
                         wf_span *ret, weft_error *error) WEFT_MUST_CHECK;
// WEFT_OK, or WEFT_DAMAGED / WEFT_KEYLESS (naming the first such day) for a span of
// which a day cannot be read: what a look-up returns after its rows.
weft_status wf_span_status(const wf_span *span, weft_error *error) WEFT_MUST_CHECK;

#endif
