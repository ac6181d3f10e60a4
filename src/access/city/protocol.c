#include "access/city/protocol.h"

#include <string.h>

#include "access/city/data_dir.h"
#include "access/city/data_file.h"

weft_status wf_protocol_load_from(const wf_io *io, const char *folder, const char *name,
                                  wf_arena *arena, const wf_protocol **ret,
                                  wf_sources *ret_sources, weft_error *error)
{
    wf_text text = {0};
    const char *path = NULL;
    wf_sources sources = {0};
    const wf_protocol *protocol = NULL;
    if (!wf_data_name_is_good(name))
        return wf_fail(error, WEFT_BAD_INPUT, "protocol.bad_name", "name", name, NULL);
    weft_status status = wf_data_sources_read(io, folder, arena, &sources, error);
    if (status == WEFT_NOT_FOUND)
        return wf_fail(error, WEFT_NOT_FOUND, "protocol.no_folder", "folder", folder,
                       NULL);
    WF_TRY(status);
    status = strcmp(name, "sources") == 0
                 ? WEFT_NOT_FOUND
                 : wf_data_file_read(io, folder, name, arena, &text, &path, error);
    if (status == WEFT_NOT_FOUND)
        return wf_fail(error, WEFT_NOT_FOUND, "protocol.unknown", "name", name, "folder",
                       folder, NULL);
    WF_TRY(status);
    WF_TRY(wf_protocol_parse(text, path, &sources, arena, &protocol, error));
    if (strcmp(protocol->name, name) != 0) {
        wf_error_at(error, path, 0, "name");
        return wf_fail(error, WEFT_BAD_INPUT, "protocol.other_name", "name",
                       protocol->name, NULL);
    }
    *ret = protocol;
    *ret_sources = sources;
    return WEFT_OK;
}

weft_status wf_protocol_load(const wf_io *io, const char *name, wf_arena *arena,
                             const wf_protocol **ret, weft_error *error)
{
    wf_path folder;
    wf_sources sources;
    WF_TRY(wf_data_dir(io, "protocol", &folder, error));
    return wf_protocol_load_from(io, folder.text, name, arena, ret, &sources, error);
}
