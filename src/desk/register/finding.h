// The views register/find_person and register/places_named: people by what is known of
// them (store/register/search.h), places by their name.
#ifndef WF_DESK_REGISTER_FINDING_H
#define WF_DESK_REGISTER_FINDING_H

#include "store/query/view.h"

weft_status wf_find_person_rows(void *context, const wf_view_call *call,
                                wf_view_sink *sink, weft_error *error) WEFT_MUST_CHECK;

// Reads the names of all places once.
weft_status wf_places_named_rows(void *context, const wf_view_call *call,
                                 wf_view_sink *sink, weft_error *error) WEFT_MUST_CHECK;

#endif
