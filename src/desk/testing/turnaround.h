// The view testing/turnaround: how long tubes take from swab to laboratory to result.
//
// Of tubes whose first sample was taken within the last 24 hours, so that the figure is
// of this shift and not of the outbreak. Median and 90th percentile are of tubes that are
// done, the lower of the two in the middle, and the nearest rank; as long as many are
// pending they are too low (the quick ones come first), which is why pending tubes and
// the longest wait stand in the same row.
//
// Threads: as the views'.
#ifndef WF_DESK_TESTING_TURNAROUND_H
#define WF_DESK_TESTING_TURNAROUND_H

#include "store/query/view.h"

weft_status wf_turnaround_rows(void *context, const wf_view_call *call,
                               wf_view_sink *sink, weft_error *error) WEFT_MUST_CHECK;

#endif
