// weft init: makes the folder of a city, whole or not at all.
#ifndef WF_ACCESS_CITY_INIT_H
#define WF_ACCESS_CITY_INIT_H

#include "base/io.h"
#include "weft/city.h"

// weft_city_init over a table of file I/O of the caller's. On failure nothing is left: no
// file, no key, and no folder that was not there before.
weft_status wf_city_init(const wf_io *io, const char *dir,
                         const weft_init_options *options,
                         weft_error *error) WEFT_MUST_CHECK;

#endif
