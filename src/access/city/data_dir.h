// Where the data files (protocol/, law/, scenario/) are.
#ifndef WF_ACCESS_CITY_DATA_DIR_H
#define WF_ACCESS_CITY_DATA_DIR_H

#include "base/io.h"

// The folder that holds `part`: of $WEFT_DATA_DIR when it is set, else of the installed
// data, else of the sources this build was made from. The path is given even when
// nothing is there, so that an error can name it.
weft_status wf_data_dir(const wf_io *io, const char *part, wf_path *ret,
                        weft_error *error) WEFT_MUST_CHECK;

#endif
