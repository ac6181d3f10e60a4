// A folder of one test's own, gone at its end.
#ifndef TEST_SUPPORT_SCRATCH_H
#define TEST_SUPPORT_SCRATCH_H

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/io.h"

static inline int scratch_remove_one(const char *path, const struct stat *about, int kind,
                                     struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    return remove(path);
}

static inline void scratch_remove(const char *path)
{
    if (nftw(path, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0)
        abort();
}

// Syncs to a disk cost more than most tests do otherwise, and no test sees them: in
// memory where there is room for the largest many times over.
static inline const char *scratch_base(void)
{
    const char *base = getenv("TMPDIR");
    struct statvfs room;
    if (base != NULL)
        return base;
    if (access("/dev/shm", W_OK) == 0 && statvfs("/dev/shm", &room) == 0 &&
        room.f_bavail >= (UINT64_C(4) << 30) / room.f_frsize)
        return "/dev/shm";
    return "/tmp";
}

// A fresh folder below scratch_base.
static inline void scratch_new(wf_path *ret)
{
    int size =
        snprintf(ret->text, sizeof ret->text, "%s/weft-test-XXXXXX", scratch_base());
    if (size < 0 || (size_t)size >= sizeof ret->text || mkdtemp(ret->text) == NULL)
        abort();
}

static inline wf_path scratch_path(const wf_path *folder, const char *name)
{
    wf_path path;
    int size = snprintf(path.text, sizeof path.text, "%s/%s", folder->text, name);
    if (size < 0 || (size_t)size >= sizeof path.text)
        abort();
    return path;
}

// The whole file; the caller frees. NULL when it is not there.
static inline char *scratch_read(const wf_path *path, size_t *ret_size)
{
    *ret_size = 0;
    FILE *file = fopen(path->text, "rb");
    if (file == NULL)
        return NULL;
    char *bytes = NULL;
    size_t size = 0, capacity = 0;
    for (;;) {
        if (size == capacity) {
            capacity = capacity == 0 ? 4096 : capacity * 2;
            bytes = realloc(bytes, capacity);
            if (bytes == NULL)
                abort();
        }
        size_t part = fread(bytes + size, 1, capacity - size, file);
        if (part == 0)
            break;
        size += part;
    }
    if (fclose(file) != 0)
        abort();
    *ret_size = size;
    return bytes;
}

static inline void scratch_write(const wf_path *path, const char *bytes, size_t size)
{
    int file = open(path->text, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || write(file, bytes, size) != (ssize_t)size || close(file) != 0)
        abort();
}

#endif
