// Windows of a case: when it could infect, and when it was infected.
//
// Method: DESIGN §4 and PROTOCOL ("window opens / closes", "source window"); windows
// are built from events, as the edition's file says.
#ifndef WF_EPI_WINDOW_H
#define WF_EPI_WINDOW_H

#include "base/time.h"
#include "model/case.h"
#include "model/protocol.h"

typedef struct {
    weft_time from, to; // [from, to)
    wf_event opened_by;
    int closed_by; // a wf_event, or −1: as_of
} wf_window;

// Infectious window: [00:00 local of (opening event + offset), closing event or as_of),
// never beyond as_of. Empty (from = to) when the case was set apart before it could
// infect. Onsets of another kind than the edition counts from do not count, nor edges for
// cases (without) symptoms; where it is not said, a case with an onset had symptoms.
// WEFT_BAD_INPUT ("window.no_event") when no opening event is known.
weft_status wf_window_infectious(const wf_protocol *protocol, const wf_zone *zone,
                                 const wf_case *of, weft_time as_of, wf_window *ret,
                                 weft_error *error) WEFT_MUST_CHECK;

// Source window: [onset - max incubation, onset - min incubation + 1 day) in whole
// local days, fractions of days widening it; without an onset that counts [00:00 of
// (sampled - max incubation - detection delay), sampled). Never beyond as_of.
// WEFT_BAD_INPUT ("window.no_event") when neither is known.
weft_status wf_window_source(const wf_protocol *protocol, const wf_zone *zone,
                             const wf_case *of, weft_time as_of, wf_window *ret,
                             weft_error *error) WEFT_MUST_CHECK;

// Days from the case's onset (else first positive sample) to `at`, in local civil
// days; INT_MIN when neither is known.
int wf_window_days_from_onset(const wf_zone *zone, const wf_case *of, weft_time at);

#endif
