// The view register/find_person: people by what is known of them
// (store/register/search.h).
#ifndef WF_DESK_REGISTER_FINDING_H
#define WF_DESK_REGISTER_FINDING_H

#include "store/query/view.h"

weft_status wf_find_person_rows(void *context, const wf_view_call *call,
                                wf_view_sink *sink, weft_error *error) WEFT_MUST_CHECK;

#endif
