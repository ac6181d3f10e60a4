// The view register/looks_at_person: who was shown a person's data, as the person may
// know it (DESIGN §5): the work group and the purpose, never the case nor who it was.
#ifndef WF_DESK_REGISTER_LOOKS_AT_PERSON_H
#define WF_DESK_REGISTER_LOOKS_AT_PERSON_H

#include "store/query/view.h"

weft_status wf_looks_at_person_rows(void *context, const wf_view_call *call,
                                    wf_view_sink *sink,
                                    weft_error *error) WEFT_MUST_CHECK;

#endif
