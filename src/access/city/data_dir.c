#include "access/city/data_dir.h"

#include <stdlib.h>

#include "access/city/data_dirs.h" // written by the build

weft_status wf_data_dir(const wf_io *io, const char *part, wf_path *ret,
                        weft_error *error)
{
    const char *named = getenv("WEFT_DATA_DIR");
    if (named != NULL && *named != '\0')
        return wf_path_join(named, part, ret, error);
    wf_path installed;
    WF_TRY(wf_path_join(WEFT_DATA_DIR_INSTALLED, part, &installed, error));
    if (wf_io_exists(io, installed.text)) {
        *ret = installed;
        return WEFT_OK;
    }
    return wf_path_join(WEFT_DATA_DIR_DEFAULT, part, ret, error);
}
