// How many of something were in time: of those that are due, how many were done in time,
// late, or not; those that are not yet due stand apart, done or not. Times are µs UTC.
#ifndef WF_DESK_TRACING_CLOCK_TALLY_H
#define WF_DESK_TRACING_CLOCK_TALLY_H

#include "base/text.h"

// A moment that is not known.
extern const int64_t wf_clock_never;
// Of two, as far as they are known.
int64_t wf_clock_earlier(int64_t a, int64_t b);
int64_t wf_clock_later(int64_t a, int64_t b);

// Begins as {0}.
typedef struct {
    uint64_t in_time, late, overdue; // due_at <= now
    uint64_t pending, pending_done;  // not yet due; of these, done already
    uint64_t unknown;                // what it is counted from is not known
    bool is_owed;                    // some is not done:
    int64_t owed_by;                 // the earliest deadline of those
    wf_buffer took;                  // int64_t, of those that are done
} wf_clock_tally;

// `deadline_us` NULL: no time is set, and only how long it took is noted. False: memory.
bool wf_clock_tally_add(wf_clock_tally *tally, int64_t from, int64_t done,
                        const int64_t *deadline_us, int64_t now);
bool wf_clock_tally_note(wf_clock_tally *tally, int64_t took_us);
// The earliest deadline of what is not done; wf_clock_never: nothing is owed, or by no
// time that is known.
int64_t wf_clock_tally_due(const wf_clock_tally *tally);
// The lower of the two in the middle; wf_clock_never: nothing is done.
int64_t wf_clock_tally_median(const wf_clock_tally *tally);
void wf_clock_tally_done(wf_clock_tally *tally);

#endif
