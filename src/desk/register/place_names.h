// The view register/places_named: places by letters of their name, or by their id.
//
// The names of all places that are no homes are kept in memory, one behind the other, so
// that a question is one pass over these bytes and over nothing else: 10 MB and some 5 ms
// for half a million. An index of pairs of letters, as people have it, was left out:
// names on doors are no secret, letters may be asked for alone and across words, and the
// pass gives by its form what reading every place gives.
//
// Read from the rows by the first question, or before it (wf_place_names_begin); from
// then on what follows the rows changes them, and whatever goes wrong there costs another
// reading. 20 bytes a place, twice its name, once its grid.
//
// Threads: any; the follower's calls come from the thread that writes.
#ifndef WF_DESK_REGISTER_PLACE_NAMES_H
#define WF_DESK_REGISTER_PLACE_NAMES_H

#include "store/query/view.h"

typedef struct wf_place_names wf_place_names;

weft_status wf_place_names_new(wf_place_names **ret, weft_error *error) WEFT_MUST_CHECK;
void wf_place_names_free(wf_place_names *names); // NULL does nothing

// Keeps them up to date; lives as long as they.
wf_follower wf_place_names_follower(wf_place_names *names);

// Whether they are read before somebody asks (store/ahead.h), and that it is begun.
void wf_place_names_allow(wf_place_names *names, bool ahead);
void wf_place_names_begin(wf_place_names *names, wf_store *store);

// The view's function.
wf_view_computed wf_place_names_view(wf_place_names *names);

#endif
