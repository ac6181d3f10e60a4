// What the handlers of look-ups share (lookups.c, work.c).
#ifndef WF_SERVE_AREAS_LOOKUPS_H
#define WF_SERVE_AREAS_LOOKUPS_H

#include "serve/areas/asking.h"
#include "weft/lookup.h"

// Begins the look, which is at this case: who may trace one case has no business with
// another ("look.other_case"). *case_id, any of its numbers, becomes its own id, which
// the answer says.
weft_status wf_lookups_begin(wf_asking *a, const char **case_id, const char *asked,
                             weft_error *error) WEFT_MUST_CHECK;

// The same without a look, for who may see sums alone.
weft_status wf_lookups_begin_sums(wf_asking *a, const char **case_id,
                                  weft_error *error) WEFT_MUST_CHECK;

// Adds what the summary says, and `more` (taken over; NULL: no memory), to the answer.
weft_status wf_lookups_end(wf_asking *a, const weft_lookup_summary *summary, json_t *more,
                           weft_error *error) WEFT_MUST_CHECK;

// The page that follows begins with this row; WEFT_NO_MEMORY.
weft_status wf_lookups_next(wf_asking *a, size_t row, weft_error *error) WEFT_MUST_CHECK;

// Of "both", or of the language that is asked for.
weft_texts wf_lookups_texts(const wf_asking *a, const char *texts);

#endif
