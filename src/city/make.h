// Makes a drill city out of a synthetic one, through include/weft only: what is stored
// is what `weft import` would have stored from the files.
#ifndef WF_CITY_MAKE_H
#define WF_CITY_MAKE_H

#include "city/files.h"
#include "weft/city.h"

// Makes a city in `dir` (missing or empty, else WEFT_CONFLICT), kind drill, clock at the
// end of the last day, zone Asia/Shanghai, and imports all tables. No temporary file;
// memory: that of the import and some tens of MB. When an import fails the folder stays
// as far as it came: it is a drill and can be thrown away. `had`, `refused` and
// unknown rows are bugs and abort.
weft_status wf_city_make(wf_town *town, const char *dir, const weft_key_options *keys,
                         unsigned threads, const wf_city_files_progress *progress,
                         wf_city_files_summary *ret, weft_error *error) WEFT_MUST_CHECK;

#endif
