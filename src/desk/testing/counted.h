// The views testing/population (counts of each building or wider grid) and
// testing/missing (the persons who are not sampled), answered by the counter (counter.h).
//
// Both ask for one round, for what was collected since a moment, for both, or for neither
// (sampled whenever): columns round_id and since say which, and are filtered by.
//
// Threads: as the views'.
#ifndef WF_DESK_TESTING_COUNTED_H
#define WF_DESK_TESTING_COUNTED_H

#include "desk/testing/counter.h"
#include "store/query/view.h"

#define WF_COUNTED_VIEWS 2

// Both, in `ret`; the counter is borrowed while they are in use.
void wf_counted_views(wf_counter *counter, wf_view_computed ret[WF_COUNTED_VIEWS]);

#endif
