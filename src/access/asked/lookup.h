// What the look-ups of src/access share: from whom and when, and what an answer covers.
#ifndef WF_ACCESS_ASKED_LOOKUP_H
#define WF_ACCESS_ASKED_LOOKUP_H

#include "access/city/city.h"
#include "epi/window.h"
#include "weft/lookup.h"

// What a look-up asks for, either a case or a person with a window.
typedef struct {
    const char *case_id; // any of its numbers; NULL: person, from, to
    const char *person;
    weft_time from, to;
} wf_lookup_ask;

// The index and the window. A case gives its person and its infectious window; *ret_case
// is its row then (else its person alone), and ask->case_id its own id, in the arena.
// Real cities take cases only: WEFT_NOT_ALLOWED
// ("lookup.needs_case"). Unknown ids: WEFT_NOT_FOUND. An end before the start:
// WEFT_BAD_USAGE ("lookup.window").
weft_status wf_lookup_resolve(weft_city *city, const wf_net *net, wf_lookup_ask *ask,
                              wf_arena *arena, wf_case *ret_case, wf_window *ret_window,
                              weft_error *error) WEFT_MUST_CHECK;

// The row of a case by any of its numbers; *case_id becomes its own id, in the arena.
// Unknown: WEFT_NOT_FOUND ("case.unknown"); several cases: WEFT_CONFLICT.
weft_status wf_lookup_case(weft_city *city, const char **case_id, wf_arena *arena,
                           wf_case *ret, weft_error *error) WEFT_MUST_CHECK;

// Real cities look up only from a case until references and purposes come with the
// service: WEFT_NOT_ALLOWED ("lookup.needs_case").
weft_status wf_lookup_needs_drill(const weft_city *city,
                                  weft_error *error) WEFT_MUST_CHECK;

// The number of an id of a person or place. Unknown: WEFT_NOT_FOUND
// ("lookup.person_unknown", "lookup.place_unknown"), without the id.
weft_status wf_lookup_number(const wf_net *net, wf_id_class id_class, const char *id,
                             uint32_t *ret, weft_error *error) WEFT_MUST_CHECK;

// The summary of an answer over `span`; the days that are missing go to the arena.
weft_status wf_lookup_summary(const wf_net *net, const wf_span *span, weft_time from,
                              weft_time to, uint64_t rows, wf_arena *arena,
                              weft_lookup_summary *ret,
                              weft_error *error) WEFT_MUST_CHECK;

#endif
