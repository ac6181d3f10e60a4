#include "base/pinned.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/grow.h"

static weft_status add(wf_pinned_files *files, const wf_pinned *file, weft_error *error)
{
    wf_pinned *all = wf_grow(files->files, files->count, &files->capacity, sizeof *all);
    if (all == NULL)
        return wf_fail_memory(error);
    files->files = all;
    all[files->count++] = *file;
    return WEFT_OK;
}

static weft_status keep_name(const wf_pinned_files *files, const char *name, wf_text *ret,
                             weft_error *error)
{
    *ret = wf_arena_text(files->arena, wf_text_of(name));
    return ret->bytes != NULL ? WEFT_OK : wf_fail_memory(error);
}

weft_status wf_pin_bytes(wf_pinned_files *files, const char *folder, const char *name,
                         size_t limit_bytes, weft_error *error)
{
    wf_path path;
    wf_pinned file = {.file = -1};
    WF_TRY(wf_path_join(folder, name, &path, error));
    if (!wf_io_exists(files->io, path.text))
        return WEFT_OK;
    WF_TRY(keep_name(files, name, &file.name, error));
    WF_TRY(wf_io_read_file(files->io, path.text, limit_bytes, files->arena, &file.head,
                           error));
    file.size = file.head.size;
    return add(files, &file, error);
}

static weft_status read_head(const wf_pinned_files *files, wf_pinned *file,
                             size_t head_bytes, const char *path, weft_error *error)
{
    off_t end = lseek(file->file, 0, SEEK_END);
    if (end < 0)
        return wf_fail_errno(error, errno, "io.read", path);
    if ((uint64_t)end < file->size)
        file->size = (uint64_t)end; // damaged: as it is
    size_t size = head_bytes < file->size ? head_bytes : (size_t)file->size;
    char *head = wf_arena_new(files->arena, size + 1);
    if (head == NULL)
        return wf_fail_memory(error);
    file->head = (wf_text){head, size};
    return wf_io_pread_all(files->io, file->file, head, size, 0, path, error);
}

weft_status wf_pin_file(wf_pinned_files *files, const char *folder, const char *name,
                        size_t head_bytes, uint64_t size, weft_error *error)
{
    const wf_io *io = files->io;
    wf_path path;
    wf_pinned file = {.size = size};
    WF_TRY(wf_path_join(folder, name, &path, error));
    WF_TRY(keep_name(files, name, &file.name, error));
    file.file = io->open(io, path.text, O_RDONLY | O_CLOEXEC, 0);
    if (file.file < 0 && errno == ENOENT)
        return WEFT_OK;
    if (file.file < 0)
        return wf_fail_errno(error, errno, "io.open", path.text);
    weft_status status = read_head(files, &file, head_bytes, path.text, error);
    if (status == WEFT_OK)
        status = add(files, &file, error);
    if (status != WEFT_OK)
        WF_IGNORE(io->close(io, file.file), "it was only read");
    return status;
}

weft_status wf_pinned_read(const wf_io *io, const wf_pinned *file, uint64_t at, void *ret,
                           size_t size, weft_error *error)
{
    char *to = ret;
    if (at < file->head.size) {
        size_t left = file->head.size - (size_t)at;
        size_t part = size < left ? size : left;
        memcpy(to, file->head.bytes + at, part);
        at += part;
        to += part;
        size -= part;
    }
    return size == 0 ? WEFT_OK
                     : wf_io_pread_all(io, file->file, to, size, (off_t)at,
                                       file->name.bytes, error);
}

void wf_pinned_files_done(wf_pinned_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        if (files->files[i].file >= 0)
            WF_IGNORE(files->io->close(files->io, files->files[i].file),
                      "it was only read");
    free(files->files);
    *files = (wf_pinned_files){0};
}
