// Finishing a purge that was cut off. Only for files of src/visits.
#ifndef WF_VISITS_PURGE_H
#define WF_VISITS_PURGE_H

#include "visits/store.h"

// Removes the files of days that the ring has forgotten but the manifest still names,
// and leaves those days out of it. The ids that only they used are dropped by the next
// wf_visits_purge, which alone knows what else claims an id.
weft_status wf_purge_resume(wf_visits *visits, weft_error *error) WEFT_MUST_CHECK;

#endif
