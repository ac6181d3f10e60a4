// The city's own time. A real city lives by the machine's clock; a drill by a time it
// was given (<city>/clock), which never runs back, or else by its newest data.
#ifndef WF_ACCESS_CLOCK_H
#define WF_ACCESS_CLOCK_H

#include "access/city.h"

// Fills kept_clock from <dir>/clock, WF_TIME_NONE when there is none.
weft_status wf_clock_read(weft_city *city, weft_error *error) WEFT_MUST_CHECK;

// Writes <dir>/clock.
weft_status wf_clock_write(const wf_io *io, const char *dir, const wf_zone *zone,
                           weft_time at, weft_error *error) WEFT_MUST_CHECK;

#endif
