#include "access/protocol.h"

#include <stdio.h>
#include <string.h>

#include "access/data_dir.h"

enum { file_bytes_max = 1 << 20, name_bytes_max = 64 };

// Names come from people and become part of a path.
static weft_status check_name(const char *name, weft_error *error)
{
    size_t size = strlen(name);
    if (size > 0 && size <= name_bytes_max &&
        strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == size)
        return WEFT_OK;
    return wf_fail(error, WEFT_BAD_INPUT, "protocol.bad_name", "name", name, NULL);
}

// The path is in the arena, because the tree names it in every complaint.
static weft_status read_file(const wf_io *io, const char *folder, const char *name,
                             wf_arena *arena, wf_text *ret, const char **ret_path,
                             weft_error *error)
{
    char file[name_bytes_max + 8];
    int size = snprintf(file, sizeof file, "%s.yaml", name);
    WF_ASSERT(size > 0 && (size_t)size < sizeof file);
    wf_path path;
    WF_TRY(wf_path_join(folder, file, &path, error));
    wf_text kept = wf_arena_text(arena, wf_text_of(path.text));
    if (kept.bytes == NULL)
        return wf_fail_memory(error);
    *ret_path = kept.bytes;
    return wf_io_read_file(io, path.text, file_bytes_max, arena, ret, error);
}

static weft_status read_sources(const wf_io *io, const char *folder, wf_arena *arena,
                                wf_sources *ret, weft_error *error)
{
    wf_text text = {0};
    const char *path = NULL;
    weft_status status = read_file(io, folder, "sources", arena, &text, &path, error);
    if (status == WEFT_NOT_FOUND)
        return wf_fail(error, WEFT_NOT_FOUND, "protocol.no_folder", "folder", folder,
                       NULL);
    WF_TRY(status);
    return wf_sources_parse(text, path, arena, ret, error);
}

weft_status wf_protocol_load_from(const wf_io *io, const char *folder, const char *name,
                                  wf_arena *arena, const wf_protocol **ret,
                                  wf_sources *ret_sources, weft_error *error)
{
    wf_text text = {0};
    const char *path = NULL;
    wf_sources sources = {0};
    const wf_protocol *protocol = NULL;
    WF_TRY(check_name(name, error));
    WF_TRY(read_sources(io, folder, arena, &sources, error));
    weft_status status = strcmp(name, "sources") == 0
                             ? WEFT_NOT_FOUND
                             : read_file(io, folder, name, arena, &text, &path, error);
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
