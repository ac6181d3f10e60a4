// The city of a server, as a verb of its owner has it: with the files of its guest.
//
// A verb that only asks gets a city to read, beside others, once the rows hold what was
// durable when it came (or after two seconds); one that changes the city, or
// must see all that was sent, gets the city itself, alone (access/shared/shared.h).
#ifndef WF_SERVE_OWNER_TURNS_H
#define WF_SERVE_OWNER_TURNS_H

#include "serve/owner/guest.h"
#include "weft/city.h"

typedef struct wf_shared wf_shared; // access/shared/shared.h

typedef struct {
    wf_shared *shared;
    weft_city *city; // NULL: nothing is taken
    bool asks;
} wf_turn;

// Waits for the guest's turn: WEFT_INTERRUPTED ("remote.interrupted") when it has gone by
// then; else as wf_shared_read and wf_shared_own.
weft_status wf_turn_take(wf_shared *shared, wf_guest *guest, bool asks, wf_turn *ret,
                         weft_error *error) WEFT_MUST_CHECK;
void wf_turn_give_back(wf_turn *turn); // nothing taken: does nothing

#endif
