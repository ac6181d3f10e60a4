// weft.yaml: what a city is.
//
//   weft: 1                              format of the folder
//   city: 0f3c…                          32 hex digits, names its key; random
//   kind: drill                          real | drill; never changes
//   zone: Asia/Shanghai
//   protocol: nhc-covid-8
//   law: cn
//   grid: "3202"                         "" means every grid is inside
#ifndef WF_ACCESS_CITY_CITY_FILE_H
#define WF_ACCESS_CITY_CITY_FILE_H

#include "access/city/city.h"

// Fills kind, id, zone_name, protocol_name, grid, law from <dir>/weft.yaml. Not there:
// WEFT_NOT_FOUND ("city.none").
weft_status wf_city_file_read(weft_city *city, weft_error *error) WEFT_MUST_CHECK;

// Checks the options' words and writes <dir>/weft.yaml for a new city.
weft_status wf_city_file_write(const wf_io *io, const char *dir, const char *id,
                               const weft_init_options *options,
                               weft_error *error) WEFT_MUST_CHECK;

// The options with the defaults of DESIGN §7 filled in. Words that cannot stand in
// weft.yaml: WEFT_BAD_USAGE.
weft_status wf_city_file_defaults(weft_init_options *options,
                                  weft_error *error) WEFT_MUST_CHECK;

#endif
