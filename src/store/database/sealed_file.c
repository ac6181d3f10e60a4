#include "store/database/sealed_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "keys/seal.h"
#include "store/database/sealed_inside.h"

enum { sector_bytes = 4096, sqlite_header_bytes = 100 };

static wf_sealed_file *of(sqlite3_file *file)
{
    return (wf_sealed_file *)file;
}

static wf_sealed_vfs *vfs_of(sqlite3_vfs *vfs)
{
    return vfs->pAppData;
}

static int fail(wf_sealed_vfs *vfs, int code)
{
    vfs->errno_value = errno;
    return code;
}

// The name without or with "-wal", for the time of a call.
static const char *path_of(wf_sealed_vfs *vfs, bool log)
{
    vfs->path[vfs->path_size] = log ? '-' : '\0';
    return vfs->path;
}

// ---- bytes ----

// A reader never makes the log; a writer may since have.
static void find_log(wf_sealed_file *file)
{
    if (file->file < 0)
        file->file = file->vfs->io->open(file->vfs->io, path_of(file->vfs, true),
                                         O_RDONLY | O_NOFOLLOW, 0);
}

int wf_sealed_load(wf_sealed_file *file, void *to, size_t size, sqlite3_int64 at,
                   size_t *ret_got)
{
    const wf_io *io = file->vfs->io;
    size_t got = 0;
    find_log(file);
    while (file->file >= 0 && got < size) {
        ssize_t part = io->pread(io, file->file, (char *)to + got, size - got,
                                 (off_t)at + (off_t)got);
        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0)
            return fail(file->vfs, SQLITE_IOERR_READ);
        if (part == 0)
            break;
        got += (size_t)part;
    }
    *ret_got = got;
    return SQLITE_OK;
}

int wf_sealed_put(wf_sealed_file *file, const void *from, size_t size, sqlite3_int64 at)
{
    const wf_io *io = file->vfs->io;
    if (file->vfs->stopped)
        return SQLITE_IOERR_WRITE;
    for (size_t done = 0; done < size;) {
        ssize_t part = io->pwrite(io, file->file, (const char *)from + done, size - done,
                                  (off_t)at + (off_t)done);
        if (part < 0 && errno == EINTR)
            continue;
        if (part == 0)
            errno = ENOSPC;
        if (part <= 0)
            return fail(file->vfs, errno == ENOSPC || errno == EDQUOT
                                       ? SQLITE_FULL
                                       : SQLITE_IOERR_WRITE);
        done += (size_t)part;
    }
    return SQLITE_OK;
}

// ---- the database ----

static bool page_of(sqlite3_int64 at, uint32_t *ret)
{
    if (at < 0 || at / WF_PAGE_BYTES >= UINT32_MAX)
        return false;
    *ret = (uint32_t)(at / WF_PAGE_BYTES) + 1;
    return true;
}

// SQLite looks at the first bytes before it knows of the log, which may hold the right
// page 1 when that of the database is torn: form and sizes are the same in all our files.
static int read_form(wf_sealed_file *file, unsigned char *to, size_t size, size_t at)
{
    unsigned char any;
    size_t got = 0;
    int code = wf_sealed_load(file, &any, 1, 0, &got);
    if (code != SQLITE_OK)
        return code;
    if (got == 0) {
        memset(to, 0, size);
        return SQLITE_IOERR_SHORT_READ;
    }
    wf_page_first(file->vfs->plain);
    memcpy(to, file->vfs->plain + at, size);
    return SQLITE_OK;
}

// A page that is not there is damage: SQLite would take it for zeros.
static int read_page(wf_sealed_file *file, uint32_t page)
{
    wf_sealed_vfs *vfs = file->vfs;
    size_t got = 0;
    int code = wf_sealed_load(file, vfs->sealed, WF_PAGE_BYTES,
                              (sqlite3_int64)(page - 1) * WF_PAGE_BYTES, &got);
    if (code == SQLITE_OK && (got < WF_PAGE_BYTES ||
                              !wf_page_open(&vfs->sealer, page, vfs->sealed, vfs->plain)))
        code = SQLITE_IOERR_DATA;
    return code;
}

static int read_pages(wf_sealed_file *file, unsigned char *to, size_t size,
                      sqlite3_int64 at)
{
    if (at >= 0 && at + (sqlite3_int64)size <= sqlite_header_bytes)
        return read_form(file, to, size, (size_t)at);
    while (size > 0) {
        uint32_t page;
        if (!page_of(at, &page))
            return SQLITE_IOERR_READ;
        int code = read_page(file, page);
        if (code != SQLITE_OK)
            return code;
        size_t from = (size_t)(at % WF_PAGE_BYTES), part = WF_PAGE_BYTES - from;
        if (part > size)
            part = size;
        memcpy(to, file->vfs->plain + from, part);
        to += part;
        at += (sqlite3_int64)part;
        size -= part;
    }
    return SQLITE_OK;
}

static int write_pages(wf_sealed_file *file, const unsigned char *from, size_t size,
                       sqlite3_int64 at)
{
    wf_sealed_vfs *vfs = file->vfs;
    uint32_t page;
    if (size != WF_PAGE_BYTES || at % WF_PAGE_BYTES != 0 || !page_of(at, &page) ||
        !wf_page_seal(&vfs->sealer, page, from, vfs->sealed))
        return SQLITE_IOERR_WRITE;
    return wf_sealed_put(file, vfs->sealed, WF_PAGE_BYTES, at);
}

// ---- the methods of a file ----

static bool is_log(const wf_sealed_file *file)
{
    return file->place == NULL;
}

static int file_close(sqlite3_file *base)
{
    wf_sealed_file *file = of(base);
    if (file->place != NULL) {
        wf_place_unmap(file->place, &file->hold);
        wf_place_unlock(file->place, &file->hold, SQLITE_LOCK_NONE);
        wf_place_leave(file->place);
    }
    if (file->file >= 0)
        WF_IGNORE(file->vfs->io->close(file->vfs->io, file->file) != 0,
                  "what has to be durable was synced");
    return SQLITE_OK;
}

static int file_read(sqlite3_file *base, void *to, int size, sqlite3_int64 at)
{
    wf_sealed_file *file = of(base);
    return is_log(file) ? wf_sealed_log_read(file, to, (size_t)size, at)
                        : read_pages(file, to, (size_t)size, at);
}

static int file_write(sqlite3_file *base, const void *from, int size, sqlite3_int64 at)
{
    wf_sealed_file *file = of(base);
    return is_log(file) ? wf_sealed_log_write(file, from, (size_t)size, at)
                        : write_pages(file, from, (size_t)size, at);
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    wf_sealed_file *file = of(base);
    file->header_known = false;
    file->frame = file->written = file->durable = 0;
    if (file->vfs->stopped)
        return SQLITE_IOERR_TRUNCATE;
    if (file->vfs->io->truncate(file->vfs->io, file->file, (off_t)size) != 0)
        return fail(file->vfs, SQLITE_IOERR_TRUNCATE);
    return SQLITE_OK;
}

static int sync_folder(wf_sealed_vfs *vfs)
{
    char *slash = strrchr(vfs->path, '/');
    char keep = slash[1];
    slash[1] = '\0';
    int failed = vfs->io->sync_dir(vfs->io, vfs->path);
    slash[1] = keep;
    return failed;
}

static int file_sync(sqlite3_file *base, int flags)
{
    (void)flags;
    wf_sealed_file *file = of(base);
    wf_sealed_vfs *vfs = file->vfs;
    if (vfs->stopped)
        return SQLITE_IOERR_FSYNC;
    if (vfs->io->sync(vfs->io, file->file) != 0 ||
        (file->new_name && sync_folder(vfs) != 0)) {
        vfs->stopped = true;
        return fail(vfs, SQLITE_IOERR_FSYNC);
    }
    file->new_name = false;
    file->durable = file->written;
    return SQLITE_OK;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *ret)
{
    wf_sealed_file *file = of(base);
    struct stat about = {0};
    find_log(file);
    if (file->file >= 0 && fstat(file->file, &about) != 0)
        return fail(file->vfs, SQLITE_IOERR_FSTAT);
    *ret = about.st_size;
    return SQLITE_OK;
}

static int file_lock(sqlite3_file *base, int level)
{
    wf_sealed_file *file = of(base);
    return is_log(file) ? SQLITE_OK : wf_place_lock(file->place, &file->hold, level);
}

static int file_unlock(sqlite3_file *base, int level)
{
    wf_sealed_file *file = of(base);
    if (!is_log(file))
        wf_place_unlock(file->place, &file->hold, level);
    return SQLITE_OK;
}

static int file_check_reserved(sqlite3_file *base, int *ret)
{
    wf_sealed_file *file = of(base);
    *ret = !is_log(file) && wf_place_is_reserved(file->place);
    return SQLITE_OK;
}

static int file_control(sqlite3_file *base, int operation, void *argument)
{
    (void)base;
    (void)operation;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int file_sector_size(sqlite3_file *base)
{
    (void)base;
    return sector_bytes;
}

static int file_characteristics(sqlite3_file *base)
{
    (void)base;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int file_map_index(sqlite3_file *base, int number, int bytes, int extend,
                          volatile void **ret)
{
    wf_sealed_file *file = of(base);
    return wf_place_region(file->place, &file->hold, number, bytes, extend != 0, ret);
}

static int file_lock_index(sqlite3_file *base, int first, int count, int flags)
{
    wf_sealed_file *file = of(base);
    return wf_place_index_lock(file->place, &file->hold, first, count, flags);
}

static void file_barrier(sqlite3_file *base)
{
    wf_place_barrier(of(base)->place);
}

static int file_unmap_index(sqlite3_file *base, int remove)
{
    (void)remove; // nothing of it is on the disk
    wf_sealed_file *file = of(base);
    wf_place_unmap(file->place, &file->hold);
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = file_map_index,
    .xShmLock = file_lock_index,
    .xShmBarrier = file_barrier,
    .xShmUnmap = file_unmap_index,
};

// ---- the methods of the file system ----

static int open_database(wf_sealed_vfs *vfs, wf_sealed_file *file)
{
    struct stat about;
    file->file = vfs->io->open(vfs->io, path_of(vfs, false),
                               (vfs->writes ? O_RDWR : O_RDONLY) | O_NOFOLLOW, 0);
    if (file->file < 0)
        return fail(vfs, SQLITE_CANTOPEN);
    int code = SQLITE_OK;
    if (fstat(file->file, &about) != 0)
        code = fail(vfs, SQLITE_CANTOPEN);
    else if ((file->place = wf_place_enter(about.st_dev, about.st_ino)) == NULL)
        code = SQLITE_NOMEM;
    if (code != SQLITE_OK)
        WF_IGNORE(vfs->io->close(vfs->io, file->file) != 0, "nothing was written");
    return code;
}

static int open_log(wf_sealed_vfs *vfs, wf_sealed_file *file)
{
    const char *path = path_of(vfs, true);
    int flags = O_RDWR | O_NOFOLLOW;
    file->file = -1;
    if (!vfs->writes) {
        find_log(file);
        return file->file >= 0 || errno == ENOENT ? SQLITE_OK
                                                  : fail(vfs, SQLITE_CANTOPEN);
    }
    file->file = vfs->io->open(vfs->io, path, flags | O_CREAT | O_EXCL, 0600);
    file->new_name = file->file >= 0;
    if (file->file < 0 && errno == EEXIST)
        file->file = vfs->io->open(vfs->io, path, flags, 0);
    return file->file >= 0 ? SQLITE_OK : fail(vfs, SQLITE_CANTOPEN);
}

static int vfs_open(sqlite3_vfs *base, const char *name, sqlite3_file *file, int flags,
                    int *ret_flags)
{
    (void)name; // one of two, by the flags
    wf_sealed_vfs *vfs = vfs_of(base);
    wf_sealed_file *opened = of(file);
    int code = SQLITE_CANTOPEN;
    *opened = (wf_sealed_file){.vfs = vfs, .file = -1};
    if ((flags & SQLITE_OPEN_MAIN_DB) != 0)
        code = open_database(vfs, opened);
    else if ((flags & SQLITE_OPEN_WAL) != 0)
        code = open_log(vfs, opened);
    if (code != SQLITE_OK)
        return code;
    opened->base.pMethods = &methods;
    if (ret_flags != NULL)
        *ret_flags =
            vfs->writes ? flags : (flags & ~SQLITE_OPEN_READWRITE) | SQLITE_OPEN_READONLY;
    return SQLITE_OK;
}

static bool ends_with_log(const char *name)
{
    size_t size = strlen(name);
    return size > 4 && strcmp(name + size - 4, "-wal") == 0;
}

// SQLite removes the log after its content is in the database, and a rollback journal,
// of which there is none.
static int vfs_delete(sqlite3_vfs *base, const char *name, int sync)
{
    wf_sealed_vfs *vfs = vfs_of(base);
    if (!ends_with_log(name))
        return SQLITE_IOERR_DELETE_NOENT;
    if (vfs->io->unlink(vfs->io, path_of(vfs, true)) != 0)
        return fail(vfs,
                    errno == ENOENT ? SQLITE_IOERR_DELETE_NOENT : SQLITE_IOERR_DELETE);
    if (sync != 0 && sync_folder(vfs) != 0)
        return fail(vfs, SQLITE_IOERR_DIR_FSYNC);
    return SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *base, const char *name, int flags, int *ret)
{
    (void)flags;
    wf_sealed_vfs *vfs = vfs_of(base);
    *ret = ends_with_log(name) && wf_io_exists(vfs->io, path_of(vfs, true));
    return SQLITE_OK;
}

static int vfs_full_path(sqlite3_vfs *base, const char *name, int room, char *ret)
{
    (void)base;
    size_t size = strlen(name);
    if (size >= (size_t)room)
        return SQLITE_CANTOPEN;
    memcpy(ret, name, size + 1);
    return SQLITE_OK;
}

static int vfs_random(sqlite3_vfs *base, int size, char *ret)
{
    (void)base;
    wf_random_bytes(ret, (size_t)size);
    return size;
}

static int vfs_sleep(sqlite3_vfs *base, int us)
{
    (void)base;
    struct timespec span = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000L};
    WF_IGNORE(nanosleep(&span, NULL) != 0, "a shorter pause before asking again");
    return us;
}

// SQL of ours has no date functions: the city's clock is a parameter.
static int vfs_time(sqlite3_vfs *base, double *ret)
{
    (void)base;
    *ret = 0;
    return SQLITE_ERROR;
}

static int vfs_last_error(sqlite3_vfs *base, int size, char *text)
{
    (void)size;
    (void)text;
    return vfs_of(base)->errno_value;
}

// ---- making ----

weft_status wf_sealed_create(const wf_io *io, const wf_key *key, const char *path,
                             weft_error *error)
{
    wf_path log;
    int size = snprintf(log.text, sizeof log.text, "%s-wal", path);
    if (size < 0 || (size_t)size >= sizeof log.text)
        return wf_fail(error, WEFT_BAD_INPUT, "io.path_too_long", "path", path, NULL);
    // It would be read into the new file.
    if (wf_io_exists(io, log.text) && io->unlink(io, log.text) != 0)
        return wf_fail_errno(error, errno, "io.unlink", log.text);
    unsigned char plain[WF_PAGE_BYTES], sealed[WF_PAGE_BYTES];
    wf_sealer sealer;
    wf_page_first(plain);
    wf_sealer_init(key, &sealer);
    bool done = wf_page_seal(&sealer, 1, plain, sealed);
    wf_sealer_done(&sealer);
    WF_ASSERT(done);
    return wf_io_replace_file(io, path, (wf_text){(const char *)sealed, sizeof sealed},
                              0600, error);
}

static weft_status fail_damaged(const char *path, weft_error *error)
{
    return wf_fail(error, WEFT_DAMAGED, "records.damaged", "path", path, NULL);
}

// Whether the file is ours and sealed under this key. Page 1 may be torn, its head not.
static weft_status check_head(wf_sealed_vfs *vfs, int file, weft_error *error)
{
    unsigned char *page = vfs->sealed;
    wf_sealed_file opened = {.vfs = vfs, .file = file};
    size_t got = 0;
    if (wf_sealed_load(&opened, page, WF_PAGE_BYTES, 0, &got) != SQLITE_OK)
        return wf_fail_errno(error, errno, "io.read", vfs->path);
    if (got < WF_PAGE_BYTES || memcmp(page, vfs->sealer.head, 8) != 0)
        return fail_damaged(vfs->path, error);
    if (memcmp(page, vfs->sealer.head, WF_PAGE_HEAD) == 0)
        return WEFT_OK;
    memcpy(page, vfs->sealer.head, WF_PAGE_HEAD);
    if (wf_page_open(&vfs->sealer, 1, page, vfs->plain))
        return fail_damaged(vfs->path, error);
    return wf_fail(error, WEFT_KEYLESS, "records.other_key", "path", vfs->path, NULL);
}

static weft_status check_file(wf_sealed_vfs *vfs, weft_error *error)
{
    const wf_io *io = vfs->io;
    const char *path = path_of(vfs, false);
    int file = io->open(io, path, O_RDONLY | O_NOFOLLOW, 0);
    if (file < 0 && errno == ENOENT)
        return wf_fail(error, WEFT_NOT_FOUND, "io.missing", "path", path, NULL);
    if (file < 0)
        return wf_fail_errno(error, errno, "io.open", path);
    weft_status status = check_head(vfs, file, error);
    WF_IGNORE(io->close(io, file) != 0, "a file opened for reading holds nothing");
    return status;
}

static bool enlist(wf_sealed_vfs *vfs)
{
    int size = snprintf(vfs->name, sizeof vfs->name, "weft %p", (void *)vfs);
    WF_ASSERT(size > 0 && (size_t)size < sizeof vfs->name);
    vfs->base = (sqlite3_vfs){.iVersion = 1,
                              .szOsFile = sizeof(wf_sealed_file),
                              .mxPathname = WF_PATH_MAX,
                              .zName = vfs->name,
                              .pAppData = vfs,
                              .xOpen = vfs_open,
                              .xDelete = vfs_delete,
                              .xAccess = vfs_access,
                              .xFullPathname = vfs_full_path,
                              .xRandomness = vfs_random,
                              .xSleep = vfs_sleep,
                              .xCurrentTime = vfs_time,
                              .xGetLastError = vfs_last_error};
    return sqlite3_vfs_register(&vfs->base, 0) == SQLITE_OK;
}

weft_status wf_sealed_new(const wf_io *io, const wf_key *key, const char *path,
                          bool writes, wf_sealed_vfs **ret, weft_error *error)
{
    size_t size = strlen(path);
    wf_sealed_vfs *vfs = calloc(1, sizeof *vfs + size + sizeof "-wal");
    if (vfs == NULL)
        return wf_fail_memory(error);
    vfs->io = io;
    vfs->writes = writes;
    vfs->path_size = size;
    memcpy(vfs->path, path, size);
    memcpy(vfs->path + size, "-wal", sizeof "-wal");
    wf_sealer_init(key, &vfs->sealer);
    weft_status status = check_file(vfs, error);
    if (status == WEFT_OK && !enlist(vfs))
        status = wf_fail_memory(error);
    if (status != WEFT_OK) {
        wf_sealer_done(&vfs->sealer);
        free(vfs);
        return status;
    }
    *ret = vfs;
    return WEFT_OK;
}

void wf_sealed_free(wf_sealed_vfs *vfs)
{
    if (vfs == NULL)
        return;
    WF_IGNORE(sqlite3_vfs_unregister(&vfs->base) != SQLITE_OK,
              "taking an entry out of a list cannot fail");
    wf_sealer_done(&vfs->sealer);
    free(vfs);
}

const char *wf_sealed_name(const wf_sealed_vfs *vfs)
{
    return vfs->name;
}

int wf_sealed_errno(const wf_sealed_vfs *vfs)
{
    return vfs->errno_value;
}
