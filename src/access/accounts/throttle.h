// Guessing is slow: how long a log-in has to wait after those that failed.
//
// Three counts of failures, each of which fades: of a user from one address, of an
// address, of a user from anywhere. The last one is much the largest, and does not count
// against an address from which the user has come in before: so whoever guesses from many
// addresses is slowed down, and can make the user wait some seconds at a new place, but
// lock them out nowhere for long.
//
//   failures   of user and address   of an address   of a user
//   free       5                     30              100
//   then       2 s, twice as long with each failure, at most 300 s (of a user: 5 s)
//   forgotten  900 s after the last one
//
// An address is an IPv4 address, or the first 64 bits of an IPv6 address: that is what
// one customer has. Memory: 32,768 counts (0.8 MB, base/recent.h), of
// which the oldest give way.
//
// Threads: all functions may run in parallel.
#ifndef WF_ACCESS_ACCOUNTS_THROTTLE_H
#define WF_ACCESS_ACCOUNTS_THROTTLE_H

#include "base/text.h"
#include "base/time.h"

typedef struct wf_throttle wf_throttle;

weft_status wf_throttle_new(wf_throttle **ret, weft_error *error) WEFT_MUST_CHECK;
void wf_throttle_free(wf_throttle *throttle); // NULL does nothing

// Seconds until a log-in may be tried; 0: now.
int64_t wf_throttle_wait_s(wf_throttle *throttle, wf_text user, wf_text address,
                           weft_time now);
void wf_throttle_failed(wf_throttle *throttle, wf_text user, wf_text address,
                        weft_time now);
// Forgets their failures from this address, and remembers that they come from there.
void wf_throttle_came_in(wf_throttle *throttle, wf_text user, wf_text address,
                         weft_time now);

#endif
