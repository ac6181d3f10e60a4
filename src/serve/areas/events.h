// What has just been applied, for those who listen: /v1/events.
//
// The newest 32,768 facts' envelopes lie in a ring, each written once as the event that
// all listeners get; a listener is a place in it. Whoever comes again after more than the
// ring holds gets them from the ledger, on a worker, up to where the ring begins; further
// back than a million facts, or where the ledger cannot be read, it is told which
// positions it missed, in an event of its own, so that what it gets is never taken for
// all.
#ifndef WF_SERVE_AREAS_EVENTS_H
#define WF_SERVE_AREAS_EVENTS_H

#include "access/accounts/actor.h"
#include "access/shared/shared.h"

typedef struct wf_events wf_events;

// `upto`: the newest position that was applied before.
weft_status wf_events_new(uint64_t upto, const weft_city *city, wf_events **ret,
                          weft_error *error) WEFT_MUST_CHECK;
void wf_events_free(wf_events *events); // nobody listens any more; NULL does nothing

// For wf_shared_listen; `context` is a wf_events.
void wf_events_take(void *context, const wf_shared_event *events, size_t count);
// Wakes those who wait where something came since; the ticker's. Waking each of
// thousands at each slice would cost more than the slices.
void wf_events_tick(wf_events *events);

// The newest position.
uint64_t wf_events_upto(wf_events *events);

// Appends events after *cursor that lie in the actor's grid and are of kinds of which
// their role hears (wf_kind.heard_by), until `to` has some 16 KiB or there are no more;
// moves *cursor on. False without memory.
// Where the ring does not hold what comes next, says so.
bool wf_events_read(wf_events *events, const wf_actor *actor, uint64_t *cursor,
                    wf_buffer *to) WEFT_MUST_CHECK;

// Whether what comes next has left the ring.
bool wf_events_is_behind(wf_events *events, uint64_t cursor);
// As wf_events_read, of those that have left it: some thousands at a time. Takes a reader
// of the city: not for a thread that many wait for.
bool wf_events_reread(wf_events *events, wf_shared *shared, const wf_actor *actor,
                      uint64_t *cursor, wf_buffer *to) WEFT_MUST_CHECK;

#endif
