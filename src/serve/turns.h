// The city of a server, given to the verbs of its guests, one after the other. Files that
// a verb names are opened by its guest meanwhile.
#ifndef WF_SERVE_TURNS_H
#define WF_SERVE_TURNS_H

#include "serve/guest.h"
#include "weft/city.h"

typedef struct wf_turns wf_turns;

// The city stays the caller's, and is not used in any other way until wf_turns_free.
weft_status wf_turns_new(weft_city *city, wf_turns **ret,
                         weft_error *error) WEFT_MUST_CHECK;
void wf_turns_free(wf_turns *turns); // nobody has the city; NULL does nothing

// Waits for the guest's turn: WEFT_INTERRUPTED ("remote.interrupted") when it has gone by
// then.
weft_status wf_turns_take(wf_turns *turns, wf_guest *guest, weft_city **ret,
                          weft_error *error) WEFT_MUST_CHECK;
void wf_turns_give_back(wf_turns *turns, weft_city *city);

#endif
