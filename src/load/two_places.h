// How many people were in two places at once on some days: kept, but reported, because
// one of the rows is wrong (two people under one id, a phone lent, a clock that is off).
#ifndef WF_LOAD_TWO_PLACES_H
#define WF_LOAD_TWO_PLACES_H

#include "visits/visits.h"

// Counts persons × days with two stays at different places that overlap by a minute or
// more. Days that cannot be opened are left out. Opens the days and lets all days go
// again: no pointer to a day may be in use; or lets them `stay_open`, for others who have
// them. Each stay costs some ten nanoseconds and 8
// bytes while its day is counted.
weft_status wf_two_places_count(wf_visits *visits, const weft_day *days, size_t count,
                                unsigned threads, bool stay_open, uint64_t *ret,
                                weft_error *error) WEFT_MUST_CHECK;

#endif
