#include "access/city/data_file.h"

#include <stdio.h>
#include <string.h>

enum { file_bytes_max = 1 << 20, name_bytes_max = 64 };

bool wf_data_name_is_good(const char *name)
{
    size_t size = strlen(name);
    return size > 0 && size <= name_bytes_max &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == size;
}

weft_status wf_data_file_read(const wf_io *io, const char *folder, const char *name,
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

weft_status wf_data_sources_read(const wf_io *io, const char *folder, wf_arena *arena,
                                 wf_sources *ret, weft_error *error)
{
    wf_text text = {0};
    const char *path = NULL;
    WF_TRY(wf_data_file_read(io, folder, "sources", arena, &text, &path, error));
    return wf_sources_parse(text, path, arena, ret, error);
}
