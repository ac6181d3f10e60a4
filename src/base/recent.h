// What is known of those who came lately: a table of constant size, found by a hash, in
// which those give way of whom least is worth knowing. For counts that hostile input
// could make without end: who makes many others costs no memory, and no time for making
// room.
//
// Method: sets of eight places; the hash names the set, and whoever is not in it takes
// the place of the one who is worth least, by the caller's measure. What is worth nothing
// any more is as if it were not there. The hash is seeded (wf_hash), so that nobody can
// choose whom they drive out. With as many as half of the places one in fifty sets has
// more than it can hold, with a quarter one in five thousand.
//
// Memory: sets × 8 × (8 + item_bytes), of which the machine gives what is used.
//
// Threads: any, between wf_recent_lock and wf_recent_unlock.
#ifndef WF_BASE_RECENT_H
#define WF_BASE_RECENT_H

#include "base/status.h"
#include "base/text.h"

typedef struct wf_recent wf_recent;

typedef struct {
    size_t sets;       // a power of 2
    size_t item_bytes; // a multiple of 8
    // What an item is worth at `now`, in the caller's units of time; 0: nothing.
    uint64_t (*worth)(const void *item, int64_t now);
} wf_recent_options;

weft_status wf_recent_new(const wf_recent_options *options, wf_recent **ret,
                          weft_error *error) WEFT_MUST_CHECK;
void wf_recent_free(wf_recent *recent); // NULL does nothing

// The hash by which `subject` is found; `more` for one that is a part of it (0: none).
uint64_t wf_recent_hash(const wf_recent *recent, wf_text subject, uint64_t more);

void wf_recent_lock(wf_recent *recent);
void wf_recent_unlock(wf_recent *recent);

// What is known, until the lock is given back; NULL: nothing.
void *wf_recent_find(wf_recent *recent, uint64_t hash, int64_t now);
// The same, all zero where nothing is known. Never NULL.
void *wf_recent_make(wf_recent *recent, uint64_t hash, int64_t now);

#endif
