// What has just been applied, for those who listen: /v1/events.
//
// The newest 262,144 facts' envelopes lie in a ring, each written once as the event that
// all listeners get. Listeners of one grid and of roles that hear the same are an
// audience (events_audience.h): a fact is noted for the audiences that hear it when it
// comes, so that a listener looks at what concerns it and at nothing else, and is woken
// for that alone. Thousands who each looked through everything would cost more than the
// facts.
//
// A listener is a place in the ring. Whoever comes again after more than the ring holds
// gets them from the ledger, on a worker, up to where the ring begins; further back than
// a million facts, or where the ledger cannot be read, it is told which positions it
// missed, in an event of its own, so that what it gets is never taken for all. When a
// service begins the ring is filled from the ledger: all who listened come again at once
// then.
#ifndef WF_SERVE_AREAS_EVENTS_H
#define WF_SERVE_AREAS_EVENTS_H

#include "access/accounts/actor.h"
#include "access/shared/shared.h"

typedef struct wf_events wf_events;

// Who listens. Its owner sets cursor and wake before it joins, and keeps it until it has
// left.
typedef struct wf_listener {
    uint64_t cursor; // all up to here was told
    // Something came that it hears. On the ticker's thread, under the lock of the events:
    // it calls none of their functions.
    void (*wake)(struct wf_listener *listener);
    struct wf_audience *audience; // this and what follows: theirs
    struct wf_listener *before, *after;
} wf_listener;

// `upto`: the newest position that was applied before.
weft_status wf_events_new(uint64_t upto, const weft_city *city, wf_events **ret,
                          weft_error *error) WEFT_MUST_CHECK;
// As that, and the newest 32,768 of a ledger that goes up to `upto` lie in the ring. A
// ledger that cannot be read leaves it empty.
weft_status wf_events_recall(uint64_t upto, const weft_city *city, wf_events **ret,
                             weft_error *error) WEFT_MUST_CHECK;
void wf_events_free(wf_events *events); // nobody listens any more; NULL does nothing

// For wf_shared_listen; `context` is a wf_events.
void wf_events_take(void *context, const wf_shared_event *events, size_t count);
// Wakes those for whom something came since; the ticker's. Waking at each slice would
// cost more than the slices.
void wf_events_tick(wf_events *events);

// The newest position.
uint64_t wf_events_upto(wf_events *events);

// From now on it hears what lies in the actor's grid and is of kinds of which their role
// hears (wf_kind.heard_by).
weft_status wf_events_join(wf_events *events, const wf_actor *actor,
                           wf_listener *listener, weft_error *error) WEFT_MUST_CHECK;
void wf_events_leave(wf_events *events, wf_listener *listener);

// Appends what the listener hears of what is after its cursor, until `to` has some 16 KiB
// or there is no more; moves the cursor on. False without memory. Where the ring does not
// hold what comes next, says so.
bool wf_events_read(wf_events *events, wf_listener *listener,
                    wf_buffer *to) WEFT_MUST_CHECK;

// Appends that what is after one position up to another is told no more. False without
// memory.
bool wf_events_say_missed(uint64_t after, uint64_t upto, wf_buffer *to) WEFT_MUST_CHECK;

// Appends a place without anything to say: where to go on from when the line breaks.
// False without memory.
bool wf_events_say_place(const wf_listener *listener, wf_buffer *to) WEFT_MUST_CHECK;

// Whether what comes next has left the ring.
bool wf_events_is_behind(wf_events *events, const wf_listener *listener);
// As wf_events_read, of those that have left it: some thousands at a time. Takes a reader
// of the city: not for a thread that many wait for.
bool wf_events_reread(wf_events *events, wf_shared *shared, wf_listener *listener,
                      wf_buffer *to) WEFT_MUST_CHECK;

#endif
