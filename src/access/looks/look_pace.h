// How many people somebody is shown within a minute and within an hour, by the machine's
// clock, which is that of whoever reads: a drill's may run sixty times as fast.
//
// Method: of each who looks, sums of the last 60 seconds and of the last 60 minutes, in
// rings; 0.5 kB each. After a restart both begin at nothing.
//
// Threads: any.
#ifndef WF_ACCESS_LOOKS_LOOK_PACE_H
#define WF_ACCESS_LOOKS_LOOK_PACE_H

#include <stdint.h>

#include "base/time.h"

typedef struct wf_look_paces wf_look_paces;

weft_status wf_look_paces_new(wf_look_paces **ret, weft_error *error) WEFT_MUST_CHECK;
void wf_look_paces_free(wf_look_paces *paces); // NULL does nothing

typedef struct {
    uint32_t in_minute, in_hour;
} wf_pace;

// Notes that `actor` is shown so many people at `machine_now`; *ret is with them.
// WEFT_NO_MEMORY.
weft_status wf_look_paces_note(wf_look_paces *paces, wf_text actor, uint32_t persons,
                               weft_time machine_now, wf_pace *ret,
                               weft_error *error) WEFT_MUST_CHECK;

#endif
