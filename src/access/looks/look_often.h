// How often somebody looks at one and the same person within a day, by the machine's
// clock. Work looks at many; who comes back to one again and again may be there for other
// reasons.
//
// Method: of each pair of who looks and who is looked at, a ring of the looks of 24
// hours, 64 bytes a pair, found by a hash of the two: no id is kept. At most 131,072
// pairs (8 MiB, base/recent.h); of those that meet in one set the one that was looked at
// least is forgotten first, so that a sum may be too small by what was forgotten of it,
// never too large.
//
// Threads: any.
#ifndef WF_ACCESS_LOOKS_LOOK_OFTEN_H
#define WF_ACCESS_LOOKS_LOOK_OFTEN_H

#include <stdint.h>

#include "base/time.h"

// More looks at one person within a day than work needs (register/look_often.sql).
enum { wf_look_often_max = 50 };

typedef struct wf_look_often wf_look_often;

weft_status wf_look_often_new(wf_look_often **ret, weft_error *error) WEFT_MUST_CHECK;
void wf_look_often_free(wf_look_often *often); // NULL does nothing

typedef struct {
    uint32_t in_day; // looks in this hour and the 23 before it, with this one
    // They are too many, and as many again since that was last so.
    bool over;
} wf_looked;

// Notes that `actor` looks at `person` at `machine_now`.
wf_looked wf_look_often_note(wf_look_often *often, wf_text actor, wf_text person,
                             weft_time machine_now);

#endif
