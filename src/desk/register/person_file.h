// The view register/person_file: all facts about one person, by whichever of their ids
// they came (alias.h).
#ifndef WF_DESK_REGISTER_PERSON_FILE_H
#define WF_DESK_REGISTER_PERSON_FILE_H

#include "store/query/view.h"

weft_status wf_person_file_rows(void *context, const wf_view_call *call,
                                wf_view_sink *sink, weft_error *error) WEFT_MUST_CHECK;

#endif
