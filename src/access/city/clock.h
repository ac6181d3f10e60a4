// The city's own time. A real city lives by the machine's clock; a drill by a time it
// was given (<city>/clock), which never runs back, or else by its newest data.
#ifndef WF_ACCESS_CITY_CLOCK_H
#define WF_ACCESS_CITY_CLOCK_H

#include "access/city/city.h"

// Fills kept_clock from <dir>/clock, WF_TIME_NONE when there is none.
weft_status wf_clock_read(weft_city *city, weft_error *error) WEFT_MUST_CHECK;

// Writes <dir>/clock.
weft_status wf_clock_write(const wf_io *io, const char *dir, const wf_zone *zone,
                           weft_time at, weft_error *error) WEFT_MUST_CHECK;

// Lets a drill's clock run from `at`, or from where it stands (WF_TIME_NONE, or earlier
// than that: then *ret_ignored), and writes it down. A drill that was never given a time,
// and is given none, stays at its newest data. Real cities: WEFT_BAD_USAGE
// ("city.real_clock"). Before others ask the city: no thread may ask for the time
// meanwhile.
weft_status wf_clock_run(weft_city *city, weft_time at, double speed, bool *ret_ignored,
                         weft_error *error) WEFT_MUST_CHECK;
// Writes down what a running clock has reached, so that it goes on from there when the
// city is opened again. Nothing to do for others. Beside others that ask for the time.
weft_status wf_clock_keep(const weft_city *city, weft_error *error) WEFT_MUST_CHECK;

#endif
