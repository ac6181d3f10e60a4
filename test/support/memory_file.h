// One file in memory behind every path, for what reads and writes files: whoever opens a
// path gets that file, and a look at one finds it there.
#ifndef TEST_SUPPORT_MEMORY_FILE_H
#define TEST_SUPPORT_MEMORY_FILE_H

#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"

typedef struct {
    int file;
    wf_io io; // self points to `file`: the whole stays where it is
} memory_file;

static inline int memory_file_again(const wf_io *io, const char *path, int flags,
                                    mode_t mode)
{
    (void)path;
    (void)flags;
    (void)mode;
    int file = dup(*(const int *)io->self);
    WF_ASSERT(file >= 0 && lseek(file, 0, SEEK_SET) == 0);
    return file;
}

static inline int memory_file_look(const wf_io *io, const char *path, bool follow,
                                   struct stat *ret)
{
    (void)path;
    (void)follow;
    return fstat(*(const int *)io->self, ret);
}

static inline int memory_file_sync(const wf_io *io, int file)
{
    (void)io;
    (void)file;
    return 0;
}

static inline void memory_file_open(memory_file *ret, const void *bytes, size_t size)
{
    ret->file = memfd_create("file", MFD_CLOEXEC);
    WF_ASSERT(ret->file >= 0);
    WF_ASSERT(size == 0 || write(ret->file, bytes, size) == (ssize_t)size);
    ret->io = wf_io_posix;
    ret->io.open = memory_file_again;
    ret->io.look = memory_file_look;
    ret->io.sync = memory_file_sync;
    ret->io.self = &ret->file;
}

static inline void memory_file_close(memory_file *file)
{
    WF_ASSERT(close(file->file) == 0);
}

#endif
