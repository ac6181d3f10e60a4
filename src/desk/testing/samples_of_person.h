// The view testing/samples_of_person: a person's samples, by whichever of their ids
// (register/alias.h). Which tubes they are in says the index of persons → facts, so that
// the cost is that of the person's own facts, whatever the number of samples of the city:
// a table of samples by person would cost half of all that is written.
#ifndef WF_DESK_TESTING_SAMPLES_OF_PERSON_H
#define WF_DESK_TESTING_SAMPLES_OF_PERSON_H

#include "store/query/view.h"

weft_status wf_samples_of_person_rows(void *context, const wf_view_call *call,
                                      wf_view_sink *sink,
                                      weft_error *error) WEFT_MUST_CHECK;

#endif
