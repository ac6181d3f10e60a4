// The outlines of the city (weft/outlines.h), as the service gives them.
#ifndef WF_ACCESS_CHANGE_OUTLINES_H
#define WF_ACCESS_CHANGE_OUTLINES_H

#include "load/outlines.h"

// wf_outlines_open of a city. Any thread: only the folder's path is looked at.
weft_status wf_city_outlines_open(const weft_city *city, wf_outlines_file *ret,
                                  weft_error *error) WEFT_MUST_CHECK;
// Bytes of it from `at`, WEFT_DAMAGED ("io.short") where it is shorter than it was.
weft_status wf_city_outlines_read(const weft_city *city, const wf_outlines_file *file,
                                  uint64_t at, void *bytes, size_t size,
                                  weft_error *error) WEFT_MUST_CHECK;
void wf_city_outlines_close(const weft_city *city, wf_outlines_file *file);

#endif
