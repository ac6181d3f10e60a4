// The one clock. Nothing else in the tree reads the time of the machine;
// everything below cli, serve and access is handed `now`.
#ifndef WF_BASE_CLOCK_H
#define WF_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"

// The machine's time of day.
weft_time wf_clock_now(void);
// Monotonic nanoseconds, for measuring and progress only.
uint64_t wf_clock_monotonic_ns(void);
// The same clock as it stood some milliseconds ago at most: for limits of seconds, where
// it is asked many times a request.
uint64_t wf_clock_coarse_ns(void);
// What the calling thread has worked, in nanoseconds: how long work is, whoever else has
// the processors.
uint64_t wf_clock_thread_ns(void);
// Whether something (NTP) keeps the time of day right; false when it cannot be asked.
bool wf_clock_synchronised(bool *ret);

#endif
