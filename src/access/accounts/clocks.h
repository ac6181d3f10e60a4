// How the clocks of senders go: a batch may say when it was sent (the header
// Weft-Sent-At) and the difference to the city's time is kept as a fact, for whoever has
// to judge the times that a phone claims. Nothing is refused for a clock that is wrong.
//
// A fact a batch would say the same over and over: one is made when a sender is first
// seen (by this process) and when its clock has moved by more than WF_CLOCKS_MOVED_S, so
// that what the register shows is never further off. Which offset was noted last is
// remembered for some thousand senders; one that was forgotten is noted once more.
//
// Threads: any.
#ifndef WF_ACCESS_ACCOUNTS_CLOCKS_H
#define WF_ACCESS_ACCOUNTS_CLOCKS_H

#include "model/fact.h"

typedef struct wf_clocks wf_clocks;

#define WF_CLOCKS_DEVICE WF_TEXT("weft/clocks")
#define WF_CLOCKS_MOVED_S 30

weft_status wf_clocks_new(wf_clocks **ret, weft_error *error) WEFT_MUST_CHECK;
void wf_clocks_free(wf_clocks *clocks); // NULL does nothing

// Whether a sender's clock, `offset_s` seconds ahead of the city's, is to be noted now;
// it counts as noted from here on.
bool wf_clocks_moved(wf_clocks *clocks, wf_text sender, int64_t offset_s);
// It was not noted after all.
void wf_clocks_forget(wf_clocks *clocks, wf_text sender);

// The fact; its seq is 0, the next of the city's own book. `sender` and `grid` are
// borrowed by it.
wf_fact wf_clocks_fact(wf_text sender, wf_text grid, int64_t offset_s, weft_time now);

#endif
