// What look-ups ask of thousands of places, kept in memory beside the rows: a look-up
// asks for the same places as the one before it, and every commit of anything ends the
// snapshots in which a database would have kept them.
//
// A place is kept when it is first read, and left again by the transaction that changes
// it. Sixteen bytes a place; those of places that nobody asked for are never touched.
//
// Threads: any, but the follower's calls, which come from the thread that writes.
#ifndef WF_STORE_REGISTER_PLACES_H
#define WF_STORE_REGISTER_PLACES_H

#include "model/ids.h"
#include "model/place_kind.h"
#include "store/records/records.h"

typedef struct {
    wf_place_kind kind;
    int ventilated;  // 1, 0, −1 not known
    double area_m2;  // 0: not known
    uint32_t parent; // number of the place it is part of, WF_NUMBER_NONE: none
} wf_place_brief;

typedef struct wf_places wf_places;

weft_status wf_places_new(wf_places **ret, weft_error *error) WEFT_MUST_CHECK;
void wf_places_free(wf_places *places); // NULL does nothing

// False: it has to be read.
bool wf_places_find(const wf_places *places, wf_place place, wf_place_brief *ret);

// How often places have changed; asked before the snapshot is opened in which they are
// read.
uint64_t wf_places_version(const wf_places *places);
// Keeps what was read in a snapshot that was opened at `version`, unless places have
// changed since. Without memory nothing is kept.
void wf_places_keep(wf_places *places, uint64_t version, wf_place place,
                    const wf_place_brief *brief);

// Of a store whose kinds have the table "place".
wf_follower wf_places_follower(wf_places *places);

#endif
