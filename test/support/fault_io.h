// A table of file I/O for tests that counts every call that changes the disk and
// makes the n-th one fail once, or makes it and all later ones fail, as on a disk that
// is read only from there on, or as if the process had been killed there.
//
// Writes that "die" are torn: the first half of their bytes reaches the file.
#ifndef TEST_SUPPORT_FAULT_IO_H
#define TEST_SUPPORT_FAULT_IO_H

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/io.h"

typedef enum { FAULT_NONE, FAULT_ONCE, FAULT_KILL, FAULT_CHANGES } fault_kind;

typedef struct fault_io fault_io;
struct fault_io {
    wf_io io; // pass &fault.io
    // Set by the test, also while other threads do I/O: `kind` last.
    _Atomic fault_kind kind;
    _Atomic unsigned long at; // the call that fails, 1 = the first
    unsigned long calls;      // changing calls so far
    _Atomic int errno_value;  // what the failing call says
    bool dead;                // written by any thread that does I/O
    // Told of each changing call before it is made, when there is one thread: what it
    // does ("write"), and to which file, or by which path (then file is −1).
    void (*watch)(fault_io *fault, const char *does, int file, const char *path);
    void *watching;
};

// Counts calls only until kind and at are set.
static inline void fault_io_init(fault_io *fault);

// ---- inside ----

static inline bool fault_hits(const wf_io *io)
{
    fault_io *fault = io->self;
    unsigned long call = __atomic_add_fetch(&fault->calls, 1, __ATOMIC_RELAXED);
    if (fault->kind == FAULT_KILL && call >= fault->at)
        __atomic_store_n(&fault->dead, true, __ATOMIC_RELAXED);
    bool hit = __atomic_load_n(&fault->dead, __ATOMIC_RELAXED) ||
               (fault->kind == FAULT_ONCE && call == fault->at) ||
               (fault->kind == FAULT_CHANGES && call >= fault->at);
    if (hit)
        errno = fault->errno_value;
    return hit;
}

static inline bool fault_hits_at(const wf_io *io, const char *does, int file,
                                 const char *path)
{
    fault_io *fault = io->self;
    if (fault->watch != NULL)
        fault->watch(fault, does, file, path);
    return fault_hits(io);
}

static inline bool fault_is_dead(const wf_io *io)
{
    const fault_io *fault = io->self;
    bool dead = __atomic_load_n(&fault->dead, __ATOMIC_RELAXED);
    if (dead)
        errno = EIO;
    return dead;
}

static inline int fault_open(const wf_io *io, const char *path, int flags, mode_t mode)
{
    bool changes = (flags & (O_CREAT | O_TRUNC)) != 0;
    if (changes ? fault_hits_at(io, "open", -1, path) : fault_is_dead(io))
        return -1;
    return wf_io_posix.open(&wf_io_posix, path, flags, mode);
}

static inline ssize_t fault_read(const wf_io *io, int file, void *bytes, size_t size)
{
    return fault_is_dead(io) ? -1 : wf_io_posix.read(&wf_io_posix, file, bytes, size);
}

static inline ssize_t fault_pread(const wf_io *io, int file, void *bytes, size_t size,
                                  off_t at)
{
    return fault_is_dead(io) ? -1
                             : wf_io_posix.pread(&wf_io_posix, file, bytes, size, at);
}

static inline ssize_t fault_write(const wf_io *io, int file, const void *bytes,
                                  size_t size)
{
    bool was_dead = fault_is_dead(io);
    if (!fault_hits_at(io, "write", file, NULL))
        return wf_io_posix.write(&wf_io_posix, file, bytes, size);
    int keep = errno;
    if (!was_dead && wf_io_posix.write(&wf_io_posix, file, bytes, size / 2) < 0)
        abort();
    errno = keep;
    return -1;
}

static inline ssize_t fault_pwrite(const wf_io *io, int file, const void *bytes,
                                   size_t size, off_t at)
{
    bool was_dead = fault_is_dead(io);
    if (!fault_hits_at(io, "pwrite", file, NULL))
        return wf_io_posix.pwrite(&wf_io_posix, file, bytes, size, at);
    int keep = errno;
    if (!was_dead && wf_io_posix.pwrite(&wf_io_posix, file, bytes, size / 2, at) < 0)
        abort();
    errno = keep;
    return -1;
}

static inline int fault_truncate(const wf_io *io, int file, off_t size)
{
    return fault_hits_at(io, "truncate", file, NULL)
               ? -1
               : wf_io_posix.truncate(&wf_io_posix, file, size);
}

static inline int fault_sync(const wf_io *io, int file)
{
    return fault_hits_at(io, "sync", file, NULL) ? -1
                                                 : wf_io_posix.sync(&wf_io_posix, file);
}

static inline int fault_push(const wf_io *io, int file, off_t at, off_t size)
{
    return fault_hits_at(io, "push", file, NULL)
               ? -1
               : wf_io_posix.push(&wf_io_posix, file, at, size);
}

static inline int fault_close(const wf_io *io, int file)
{
    // Closed in any case, so that a test of many deaths does not run out of files.
    int result = wf_io_posix.close(&wf_io_posix, file);
    return fault_is_dead(io) ? -1 : result;
}

static inline int fault_rename(const wf_io *io, const char *from, const char *to)
{
    return fault_hits_at(io, "rename", -1, to)
               ? -1
               : wf_io_posix.rename(&wf_io_posix, from, to);
}

static inline int fault_unlink(const wf_io *io, const char *path)
{
    return fault_hits_at(io, "unlink", -1, path) ? -1
                                                 : wf_io_posix.unlink(&wf_io_posix, path);
}

static inline int fault_mkdir(const wf_io *io, const char *path, mode_t mode)
{
    return fault_hits_at(io, "mkdir", -1, path)
               ? -1
               : wf_io_posix.mkdir(&wf_io_posix, path, mode);
}

static inline int fault_sync_dir(const wf_io *io, const char *path)
{
    return fault_hits_at(io, "sync_dir", -1, path)
               ? -1
               : wf_io_posix.sync_dir(&wf_io_posix, path);
}

static inline void fault_io_init(fault_io *fault)
{
    *fault = (fault_io){
        .io = {.open = fault_open,
               .read = fault_read,
               .pread = fault_pread,
               .write = fault_write,
               .pwrite = fault_pwrite,
               .truncate = fault_truncate,
               .sync = fault_sync,
               .push = fault_push,
               .close = fault_close,
               .rename = fault_rename,
               .unlink = fault_unlink,
               .mkdir = fault_mkdir,
               .sync_dir = fault_sync_dir},
        .errno_value = EIO,
    };
    fault->io.self = fault;
}

#endif
