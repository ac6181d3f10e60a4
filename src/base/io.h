// The one table of file I/O. Every write, sync, rename and unlink of the tree
// goes through it, so that a test can make the n-th one fail, tear it or log it.
//
// The functions behave as the POSIX calls of the same name (−1 and errno), with
// `self` for the implementer. wf_io_posix is the real one; tests pass their own.
#ifndef WF_BASE_IO_H
#define WF_BASE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

typedef struct wf_io {
    int (*open)(const struct wf_io *io, const char *path, int flags, mode_t mode);
    ssize_t (*read)(const struct wf_io *io, int file, void *bytes, size_t size);
    ssize_t (*pread)(const struct wf_io *io, int file, void *bytes, size_t size,
                     off_t at);
    ssize_t (*write)(const struct wf_io *io, int file, const void *bytes, size_t size);
    ssize_t (*pwrite)(const struct wf_io *io, int file, const void *bytes, size_t size,
                      off_t at);
    int (*truncate)(const struct wf_io *io, int file, off_t size);
    int (*sync)(const struct wf_io *io, int file); // data and size durable
    // Sends what was written of a range to the disk, waits until it has gone, and lets go
    // of its memory: so that much that is written does not leave at once, in the way of
    // another's sync. It makes nothing durable. A table may leave it out: NULL.
    int (*push)(const struct wf_io *io, int file, off_t at, off_t size);
    int (*close)(const struct wf_io *io, int file);
    int (*rename)(const struct wf_io *io, const char *from, const char *to);
    int (*unlink)(const struct wf_io *io, const char *path);
    int (*mkdir)(const struct wf_io *io, const char *path, mode_t mode);
    int (*sync_dir)(const struct wf_io *io, const char *path); // names durable
    // stat, or lstat when `follow` is not set. It changes nothing, so that a table of
    // tests may leave it out: NULL asks the machine.
    int (*look)(const struct wf_io *io, const char *path, bool follow, struct stat *ret);
    void *self;
    // Paths are another process's: who would write at one by other means than this table
    // writes to memory first.
    bool elsewhere;
} wf_io;

extern const wf_io wf_io_posix;

// A path in a fixed buffer; wf_path_join fails with "io.path_too_long".
#define WF_PATH_MAX 1024
typedef struct {
    char text[WF_PATH_MAX];
} wf_path;
weft_status wf_path_join(const char *folder, const char *name, wf_path *ret,
                         weft_error *error) WEFT_MUST_CHECK;
// The folder that holds the last name of a path, which fits a wf_path.
wf_path wf_path_folder(const char *path);

// The whole file into the arena, followed by a NUL that is not in .size.
// Missing: WEFT_NOT_FOUND ("io.missing"); larger than limit_bytes: WEFT_TOO_LARGE.
weft_status wf_io_read_file(const wf_io *io, const char *path, size_t limit_bytes,
                            wf_arena *arena, wf_text *ret,
                            weft_error *error) WEFT_MUST_CHECK;

// Writes all bytes at the file's position / at `at`; short writes are continued.
weft_status wf_io_write_all(const wf_io *io, int file, const void *bytes, size_t size,
                            const char *path, weft_error *error) WEFT_MUST_CHECK;
weft_status wf_io_pwrite_all(const wf_io *io, int file, const void *bytes, size_t size,
                             off_t at, const char *path,
                             weft_error *error) WEFT_MUST_CHECK;
// Reads exactly `size` bytes at `at`; a shorter file is WEFT_DAMAGED ("io.short").
weft_status wf_io_pread_all(const wf_io *io, int file, void *bytes, size_t size, off_t at,
                            const char *path, weft_error *error) WEFT_MUST_CHECK;

// Writes and syncs a new file, in the place of one that a crash left there. On failure
// the caller removes what may be there; the folder is the caller's to sync.
weft_status wf_io_write_new(const wf_io *io, const char *path, wf_text bytes, mode_t mode,
                            weft_error *error) WEFT_MUST_CHECK;

// Puts a file in place whole or not at all: writes <path>.next (mode 0600 or
// `mode`), syncs it, renames it over <path>, syncs the folder. On failure
// <path> is as it was and <path>.next is removed; only when the last step, the
// sync of the folder, fails ("io.sync") the new file already stands at <path>, whole
// but perhaps not durable.
weft_status wf_io_replace_file(const wf_io *io, const char *path, wf_text bytes,
                               mode_t mode, weft_error *error) WEFT_MUST_CHECK;

// What stands at the path, links followed: missing is WEFT_NOT_FOUND ("io.missing").
weft_status wf_io_look(const wf_io *io, const char *path, struct stat *ret,
                       weft_error *error) WEFT_MUST_CHECK;

// Whether a folder is this user's: files made in one of another user, root's too, would be
// files that its owner cannot open. Another's is WEFT_NOT_ALLOWED ("io.owner"); missing is
// WEFT_NOT_FOUND ("io.missing").
weft_status wf_io_own(const wf_io *io, const char *folder,
                      weft_error *error) WEFT_MUST_CHECK;

// True if something exists at path (any kind).
bool wf_io_exists(const wf_io *io, const char *path);

#endif
