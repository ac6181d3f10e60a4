// A table of file I/O that keeps a log of all that changes the disk, and gives what a
// power cut after any call of it may leave: what was synced is there; of the rest, whole
// calls may be missing, each sector of 512 bytes may be as it was after any of them,
// sizes may have come without the data (it reads as zeroes), and names that were not
// synced may be as before, but in their order.
//
// For one thread. Files are what was made through it; folders are always there.
#ifndef TEST_SUPPORT_POWER_IO_H
#define TEST_SUPPORT_POWER_IO_H

#include <errno.h>
#include <fcntl.h>

#include "base/hash.h"
#include "base/io.h"
#include "base/prng.h"
#include "support/scratch.h"

enum { power_sector = 512, power_files_max = 1024, power_inodes_max = 512 };

typedef enum {
    POWER_WRITE,
    POWER_TRUNCATE,
    POWER_SYNC,
    POWER_CREATE,
    POWER_RENAME,
    POWER_UNLINK,
    POWER_SYNC_DIR
} power_kind;

typedef struct {
    power_kind kind;
    size_t inode; // WRITE, TRUNCATE, SYNC, CREATE
    char *bytes;  // WRITE
    size_t size;
    off_t at;        // WRITE; TRUNCATE: the new size
    char *from, *to; // names; SYNC_DIR: `from`
} power_call;

typedef struct {
    wf_io io; // pass &power.io
    power_call *calls;
    size_t count, capacity;
    size_t inodes;
    struct {
        bool used;
        size_t inode;
        off_t at;
    } files[power_files_max];
    struct { // as the running process sees them
        char *name;
        size_t inode;
    } names[power_inodes_max];
    size_t names_count;
} power_io;

typedef enum { POWER_ALL, POWER_NONE, POWER_RANDOM } power_mode;

// ---- the log ----

static inline power_call *power_add(const wf_io *io, power_kind kind)
{
    power_io *power = io->self;
    if (power->count == power->capacity) {
        power->capacity = power->capacity == 0 ? 256 : power->capacity * 2;
        power->calls = realloc(power->calls, power->capacity * sizeof *power->calls);
        if (power->calls == NULL)
            abort();
    }
    power_call *call = &power->calls[power->count++];
    *call = (power_call){.kind = kind};
    return call;
}

static inline char *power_text(const char *text)
{
    char *copy = strdup(text);
    if (copy == NULL)
        abort();
    return copy;
}

static inline size_t power_name(const power_io *power, const char *path)
{
    size_t i = 0;
    while (i < power->names_count && strcmp(power->names[i].name, path) != 0)
        i++;
    return i;
}

static inline void power_drop_name(power_io *power, size_t at)
{
    free(power->names[at].name);
    power->names[at] = power->names[--power->names_count];
}

static inline void power_log_write(const wf_io *io, int file, const void *bytes,
                                   size_t size, off_t at)
{
    power_io *power = io->self;
    power_call *call = power_add(io, POWER_WRITE);
    call->inode = power->files[file].inode;
    call->bytes = malloc(size + 1);
    if (call->bytes == NULL)
        abort();
    memcpy(call->bytes, bytes, size);
    call->size = size;
    call->at = at;
}

static inline int power_open(const wf_io *io, const char *path, int flags, mode_t mode)
{
    power_io *power = io->self;
    int file = wf_io_posix.open(&wf_io_posix, path, flags, mode);
    if (file < 0)
        return file;
    size_t name = power_name(power, path);
    if (file >= power_files_max)
        abort();
    if (name == power->names_count && (flags & O_CREAT) != 0) {
        if (power->names_count == power_inodes_max)
            abort();
        power->names[power->names_count].name = power_text(path);
        power->names[power->names_count++].inode = power->inodes++;
        power_call *call = power_add(io, POWER_CREATE);
        call->inode = power->names[name].inode;
        call->to = power_text(path);
    } else if ((flags & O_TRUNC) != 0 && name < power->names_count) {
        power_call *call = power_add(io, POWER_TRUNCATE);
        call->inode = power->names[name].inode;
    }
    power->files[file].used = name < power->names_count;
    power->files[file].at = 0;
    if (power->files[file].used)
        power->files[file].inode = power->names[name].inode;
    return file;
}

static inline ssize_t power_read(const wf_io *io, int file, void *bytes, size_t size)
{
    (void)io;
    return wf_io_posix.read(&wf_io_posix, file, bytes, size);
}

static inline ssize_t power_pread(const wf_io *io, int file, void *bytes, size_t size,
                                  off_t at)
{
    (void)io;
    return wf_io_posix.pread(&wf_io_posix, file, bytes, size, at);
}

static inline ssize_t power_write(const wf_io *io, int file, const void *bytes,
                                  size_t size)
{
    power_io *power = io->self;
    ssize_t done = wf_io_posix.write(&wf_io_posix, file, bytes, size);
    if (done > 0) {
        power_log_write(io, file, bytes, (size_t)done, power->files[file].at);
        power->files[file].at += done;
    }
    return done;
}

static inline ssize_t power_pwrite(const wf_io *io, int file, const void *bytes,
                                   size_t size, off_t at)
{
    ssize_t done = wf_io_posix.pwrite(&wf_io_posix, file, bytes, size, at);
    if (done > 0)
        power_log_write(io, file, bytes, (size_t)done, at);
    return done;
}

static inline int power_truncate(const wf_io *io, int file, off_t size)
{
    const power_io *power = io->self;
    size_t inode = power->files[file].inode;
    power_call *call = power_add(io, POWER_TRUNCATE);
    call->inode = inode;
    call->at = size;
    return wf_io_posix.truncate(&wf_io_posix, file, size);
}

static inline int power_sync(const wf_io *io, int file)
{
    const power_io *power = io->self;
    size_t inode = power->files[file].inode;
    power_add(io, POWER_SYNC)->inode = inode;
    return 0;
}

static inline int power_close(const wf_io *io, int file)
{
    power_io *power = io->self;
    power->files[file].used = false;
    return wf_io_posix.close(&wf_io_posix, file);
}

static inline int power_rename(const wf_io *io, const char *from, const char *to)
{
    power_io *power = io->self;
    if (wf_io_posix.rename(&wf_io_posix, from, to) != 0)
        return -1;
    power_call *call = power_add(io, POWER_RENAME);
    call->from = power_text(from);
    call->to = power_text(to);
    size_t old = power_name(power, to);
    if (old < power->names_count)
        power_drop_name(power, old);
    size_t moved = power_name(power, from);
    if (moved == power->names_count)
        abort();
    free(power->names[moved].name);
    power->names[moved].name = power_text(to);
    return 0;
}

static inline int power_unlink(const wf_io *io, const char *path)
{
    power_io *power = io->self;
    if (wf_io_posix.unlink(&wf_io_posix, path) != 0)
        return -1;
    size_t at = power_name(power, path);
    if (at < power->names_count)
        power_drop_name(power, at);
    power_add(io, POWER_UNLINK)->from = power_text(path);
    return 0;
}

static inline int power_mkdir(const wf_io *io, const char *path, mode_t mode)
{
    (void)io;
    return wf_io_posix.mkdir(&wf_io_posix, path, mode);
}

static inline int power_sync_dir(const wf_io *io, const char *path)
{
    power_add(io, POWER_SYNC_DIR)->from = power_text(path);
    return 0;
}

static inline void power_io_init(power_io *power)
{
    *power = (power_io){.io = {.open = power_open,
                               .read = power_read,
                               .pread = power_pread,
                               .write = power_write,
                               .pwrite = power_pwrite,
                               .truncate = power_truncate,
                               .sync = power_sync,
                               .close = power_close,
                               .rename = power_rename,
                               .unlink = power_unlink,
                               .mkdir = power_mkdir,
                               .sync_dir = power_sync_dir}};
    power->io.self = power;
}

static inline void power_io_done(power_io *power)
{
    for (size_t i = 0; i < power->count; i++) {
        free(power->calls[i].bytes);
        free(power->calls[i].from);
        free(power->calls[i].to);
    }
    while (power->names_count > 0)
        power_drop_name(power, 0);
    free(power->calls);
}

// ---- images ----

typedef struct {
    struct {
        char *bytes;
        size_t size;
    } inodes[power_inodes_max];
    struct {
        const char *name;
        size_t inode;
    } names[power_inodes_max];
    size_t names_count;
} power_image;

static inline bool power_in_folder(const char *path, const char *folder)
{
    size_t size = strlen(folder);
    return strncmp(path, folder, size) == 0 && path[size] == '/' &&
           strchr(path + size + 1, '/') == NULL;
}

// Whether a call before `cut` is durable because a sync came after it.
static inline bool power_is_synced(const power_io *power, size_t at, size_t cut)
{
    const power_call *call = &power->calls[at];
    for (size_t i = at + 1; i < cut; i++) {
        const power_call *sync = &power->calls[i];
        bool names = call->kind == POWER_CREATE || call->kind == POWER_RENAME ||
                     call->kind == POWER_UNLINK;
        if (!names && sync->kind == POWER_SYNC && sync->inode == call->inode)
            return true;
        if (names && sync->kind == POWER_SYNC_DIR &&
            power_in_folder(call->to != NULL ? call->to : call->from, sync->from))
            return true;
    }
    return false;
}

static inline void power_resize(power_image *image, size_t inode, size_t size)
{
    size_t had = image->inodes[inode].size;
    char *bytes = realloc(image->inodes[inode].bytes, size + 1);
    if (bytes == NULL)
        abort();
    if (size > had)
        memset(bytes + had, 0, size - had);
    image->inodes[inode].bytes = bytes;
    image->inodes[inode].size = size;
}

// The call up to which a sector has come to the disk.
static inline size_t power_reached(size_t inode, size_t sector, size_t cut, uint64_t seed)
{
    uint64_t key[2] = {inode, sector};
    return (size_t)(wf_hash(key, sizeof key, seed) % (cut + 1));
}

// Call number `i`, a write of which some sectors have come to the disk.
static inline void power_put(power_image *image, const power_call *call, bool whole,
                             size_t i, size_t cut, uint64_t seed)
{
    size_t at = (size_t)call->at, end = at + call->size;
    // The size may come without the data.
    if ((whole || i < power_reached(call->inode, SIZE_MAX, cut, seed)) &&
        image->inodes[call->inode].size < end)
        power_resize(image, call->inode, end);
    for (size_t done = 0; done < call->size;) {
        size_t part = power_sector - (at + done) % power_sector;
        part = part > call->size - done ? call->size - done : part;
        size_t sector = (at + done) / power_sector;
        if (whole || i < power_reached(call->inode, sector, cut, seed)) {
            if (image->inodes[call->inode].size < at + done + part)
                power_resize(image, call->inode, at + done + part);
            memcpy(image->inodes[call->inode].bytes + at + done, call->bytes + done,
                   part);
        }
        done += part;
    }
}

static inline void power_rename_in(power_image *image, const power_call *call)
{
    size_t moved = SIZE_MAX;
    for (size_t i = 0; i < image->names_count; i++) {
        if (call->from != NULL && strcmp(image->names[i].name, call->from) == 0)
            moved = image->names[i].inode;
        const char *gone = image->names[i].name;
        if ((call->from != NULL && strcmp(gone, call->from) == 0) ||
            (call->to != NULL && strcmp(gone, call->to) == 0))
            image->names[i--] = image->names[--image->names_count];
    }
    if (call->kind == POWER_CREATE)
        moved = call->inode;
    if (call->to != NULL && moved != SIZE_MAX) {
        image->names[image->names_count].name = call->to;
        image->names[image->names_count++].inode = moved;
    }
}

static inline bool power_is_of_names(const power_call *call)
{
    return call->kind == POWER_CREATE || call->kind == POWER_RENAME ||
           call->kind == POWER_UNLINK;
}

// Writes into the paths of the log what a power cut after `cut` calls leaves. The process
// must have closed its files.
static inline void power_cut(const power_io *power, size_t cut, power_mode mode,
                             wf_prng *prng)
{
    power_image *image = calloc(1, sizeof *image);
    if (image == NULL)
        abort();
    bool names_go_on = true;
    uint64_t seed = wf_prng_u64(prng);
    for (size_t i = 0; i < cut; i++) {
        const power_call *call = &power->calls[i];
        bool whole = mode == POWER_ALL || power_is_synced(power, i, cut);
        if (power_is_of_names(call)) {
            // In their order: one that is missing ends them, unless it is synced.
            if (!whole && (mode == POWER_NONE || wf_prng_below(prng, 3) == 0))
                names_go_on = false;
            if (whole || names_go_on)
                power_rename_in(image, call);
        } else if (call->kind == POWER_WRITE && (whole || mode == POWER_RANDOM)) {
            power_put(image, call, whole, i, cut, seed);
        } else if (call->kind == POWER_TRUNCATE &&
                   (whole || (mode == POWER_RANDOM &&
                              i < power_reached(call->inode, SIZE_MAX, cut, seed)))) {
            power_resize(image, call->inode, (size_t)call->at);
        }
    }
    for (size_t i = 0; i < power->count; i++)
        if (power->calls[i].to != NULL && unlink(power->calls[i].to) != 0 &&
            errno != ENOENT)
            abort();
    for (size_t i = 0; i < image->names_count; i++) {
        wf_path path;
        size_t inode = image->names[i].inode;
        memcpy(path.text, image->names[i].name, strlen(image->names[i].name) + 1);
        scratch_write(
            &path, image->inodes[inode].bytes != NULL ? image->inodes[inode].bytes : "",
            image->inodes[inode].size);
    }
    for (size_t i = 0; i < power_inodes_max; i++)
        free(image->inodes[i].bytes);
    free(image);
}

#endif
