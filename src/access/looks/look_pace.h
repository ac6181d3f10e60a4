// How many people somebody is shown within a minute and within an hour, by the machine's
// clock, which is that of whoever reads: a drill's may run sixty times as fast.
//
// Method: of each who looks, sums of the last 60 seconds and of the last 60 minutes, in
// rings; 0.5 kB each. At most 8,192 who look (4 MiB, base/recent.h); of those that meet
// in one set who was shown least is forgotten first.
//
// Threads: any.
#ifndef WF_ACCESS_LOOKS_LOOK_PACE_H
#define WF_ACCESS_LOOKS_LOOK_PACE_H

#include <stdint.h>

#include "base/time.h"

// More people than work needs (register/look_pace.sql).
enum { wf_look_pace_minute_max = 1000, wf_look_pace_hour_max = 5000 };

typedef struct wf_look_paces wf_look_paces;

weft_status wf_look_paces_new(wf_look_paces **ret, weft_error *error) WEFT_MUST_CHECK;
void wf_look_paces_free(wf_look_paces *paces); // NULL does nothing

typedef struct {
    uint32_t in_minute, in_hour;
    // One of them is too many, and as many again since that was last so.
    bool over;
} wf_pace;

// Notes that `actor` is shown so many people at `machine_now`; the sums are with them. A
// file may hold as many at once as are too many in a minute of pages: those of one count
// in the hour alone.
wf_pace wf_look_paces_note(wf_look_paces *paces, wf_text actor, uint32_t persons,
                           bool in_file, weft_time machine_now);

#endif
