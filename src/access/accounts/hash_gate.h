// How many hash passwords at once: two, and some who wait; others are told that it is
// busy, so that a flood of log-ins takes neither all memory nor all processors.
//
// Threads: all functions may run in parallel.
#ifndef WF_ACCESS_ACCOUNTS_HASH_GATE_H
#define WF_ACCESS_ACCOUNTS_HASH_GATE_H

#include "base/status.h"

typedef struct wf_hash_gate wf_hash_gate;

weft_status wf_hash_gate_new(unsigned inside_max, unsigned waiting_max,
                             wf_hash_gate **ret, weft_error *error) WEFT_MUST_CHECK;
void wf_hash_gate_free(wf_hash_gate *gate); // NULL does nothing

// Waits for a place; WEFT_BUSY ("login.busy") when too many wait already.
weft_status wf_hash_gate_enter(wf_hash_gate *gate, weft_error *error) WEFT_MUST_CHECK;
void wf_hash_gate_leave(wf_hash_gate *gate);

#endif
