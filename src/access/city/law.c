#include "access/city/law.h"

#include <string.h>

#include "access/city/data_dir.h"
#include "access/city/data_file.h"

static weft_status load_from(const wf_io *io, const char *folder, const char *name,
                             wf_arena *arena, const wf_law **ret, weft_error *error)
{
    wf_text text = {0};
    const char *path = NULL;
    wf_sources sources = {0};
    const wf_law *law = NULL;
    weft_status status = wf_data_sources_read(io, folder, arena, &sources, error);
    if (status == WEFT_NOT_FOUND)
        return wf_fail(error, WEFT_NOT_FOUND, "law.no_folder", "folder", folder, NULL);
    WF_TRY(status);
    status = strcmp(name, "sources") == 0
                 ? WEFT_NOT_FOUND
                 : wf_data_file_read(io, folder, name, arena, &text, &path, error);
    if (status == WEFT_NOT_FOUND)
        return wf_fail(error, WEFT_NOT_FOUND, "law.unknown", "name", name, "folder",
                       folder, NULL);
    WF_TRY(status);
    WF_TRY(wf_law_parse(text, path, &sources, arena, &law, error));
    if (strcmp(law->name, name) != 0) {
        wf_error_at(error, path, 0, "name");
        return wf_fail(error, WEFT_BAD_INPUT, "law.other_name", "name", law->name, NULL);
    }
    *ret = law;
    return WEFT_OK;
}

weft_status wf_law_load(const wf_io *io, const char *name, wf_arena *arena,
                        const wf_law **ret, weft_error *error)
{
    wf_path folder;
    if (!wf_data_name_is_good(name))
        return wf_fail(error, WEFT_BAD_INPUT, "law.bad_name", "name", name, NULL);
    WF_TRY(wf_data_dir(io, "law", &folder, error));
    return load_from(io, folder.text, name, arena, ret, error);
}
