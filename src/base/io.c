#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int posix_open(const wf_io *io, const char *path, int flags, mode_t mode)
{
    (void)io;
    return open(path, flags | O_CLOEXEC, mode);
}

static ssize_t posix_read(const wf_io *io, int file, void *bytes, size_t size)
{
    (void)io;
    return read(file, bytes, size);
}

static ssize_t posix_pread(const wf_io *io, int file, void *bytes, size_t size, off_t at)
{
    (void)io;
    return pread(file, bytes, size, at);
}

static ssize_t posix_write(const wf_io *io, int file, const void *bytes, size_t size)
{
    (void)io;
    return write(file, bytes, size);
}

static ssize_t posix_pwrite(const wf_io *io, int file, const void *bytes, size_t size,
                            off_t at)
{
    (void)io;
    return pwrite(file, bytes, size, at);
}

static int posix_truncate(const wf_io *io, int file, off_t size)
{
    (void)io;
    return ftruncate(file, size);
}

static int posix_sync(const wf_io *io, int file)
{
    (void)io;
    // Not the times of a file: a write into room that the file has would otherwise wait
    // for the file system's journal, and for all that others wrote to it.
    return fdatasync(file);
}

static int posix_push(const wf_io *io, int file, off_t at, off_t size)
{
    (void)io;
    const unsigned how =
        SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
    // A failure to write is told once, here or by a sync. Where there is no such call
    // nothing is lost but calm.
    if (sync_file_range(file, at, size, how) != 0 && errno != ESPIPE && errno != ENOSYS)
        return -1;
    WF_IGNORE(posix_fadvise(file, at, size, POSIX_FADV_DONTNEED),
              "the memory is found otherwise");
    return 0;
}

static int posix_close(const wf_io *io, int file)
{
    (void)io;
    // Linux has closed the file even when a signal interrupted the call.
    return close(file) == 0 || errno == EINTR ? 0 : -1;
}

static int posix_rename(const wf_io *io, const char *from, const char *to)
{
    (void)io;
    return rename(from, to);
}

static int posix_unlink(const wf_io *io, const char *path)
{
    (void)io;
    return unlink(path);
}

static int posix_mkdir(const wf_io *io, const char *path, mode_t mode)
{
    (void)io;
    return mkdir(path, mode);
}

static int posix_sync_dir(const wf_io *io, const char *path)
{
    (void)io;
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return -1;
    int failed = fsync(folder);
    int reason = errno;
    WF_IGNORE(close(folder), "a folder opened for reading holds nothing unwritten");
    errno = reason;
    return failed;
}

const wf_io wf_io_posix = {
    .open = posix_open,
    .read = posix_read,
    .pread = posix_pread,
    .write = posix_write,
    .pwrite = posix_pwrite,
    .truncate = posix_truncate,
    .sync = posix_sync,
    .push = posix_push,
    .close = posix_close,
    .rename = posix_rename,
    .unlink = posix_unlink,
    .mkdir = posix_mkdir,
    .sync_dir = posix_sync_dir,
};

weft_status wf_path_join(const char *folder, const char *name, wf_path *ret,
                         weft_error *error)
{
    size_t folder_size = strlen(folder);
    size_t name_size = strlen(name);
    bool slash = folder_size > 0 && folder[folder_size - 1] != '/';
    if (folder_size >= WF_PATH_MAX || name_size >= WF_PATH_MAX ||
        folder_size + slash + name_size >= WF_PATH_MAX)
        return wf_fail(error, WEFT_BAD_INPUT, "io.path_too_long", "path", name, NULL);
    wf_path path;
    memcpy(path.text, folder, folder_size);
    if (slash)
        path.text[folder_size++] = '/';
    memcpy(path.text + folder_size, name, name_size + 1);
    *ret = path;
    return WEFT_OK;
}

// Reads to the end of the file, at most limit_bytes, into the buffer.
static weft_status read_whole(const wf_io *io, int file, const char *path,
                              size_t limit_bytes, wf_buffer *buffer, weft_error *error)
{
    for (;;) {
        if (!wf_buffer_reserve(buffer, 16 * 1024))
            return wf_fail_memory(error);
        ssize_t got = io->read(io, file, buffer->bytes + buffer->size,
                               buffer->capacity - buffer->size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return wf_fail_errno(error, errno, "io.read", path);
        if (got == 0)
            return WEFT_OK;
        buffer->size += (size_t)got;
        if (buffer->size > limit_bytes) {
            char limit[WF_NUMBER_TEXT_MAX];
            return wf_fail(error, WEFT_TOO_LARGE, "io.too_large", "path", path, "limit",
                           wf_number_text(limit, (int64_t)limit_bytes), NULL);
        }
    }
}

weft_status wf_io_read_file(const wf_io *io, const char *path, size_t limit_bytes,
                            wf_arena *arena, wf_text *ret, weft_error *error)
{
    int file = io->open(io, path, O_RDONLY, 0);
    if (file < 0 && (errno == ENOENT || errno == ENOTDIR))
        return wf_fail(error, WEFT_NOT_FOUND, "io.missing", "path", path, NULL);
    if (file < 0)
        return wf_fail_errno(error, errno, "io.open", path);
    wf_buffer buffer = {0};
    weft_status status = read_whole(io, file, path, limit_bytes, &buffer, error);
    WF_IGNORE(io->close(io, file), "a file opened for reading holds nothing unwritten");
    if (status == WEFT_OK) {
        wf_text copy = wf_arena_text(arena, wf_buffer_text(&buffer));
        if (copy.bytes != NULL)
            *ret = copy;
        else
            status = wf_fail_memory(error);
    }
    wf_buffer_done(&buffer);
    return status;
}

weft_status wf_io_write_all(const wf_io *io, int file, const void *bytes, size_t size,
                            const char *path, weft_error *error)
{
    const char *from = bytes;
    while (size > 0) {
        ssize_t done = io->write(io, file, from, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return wf_fail_errno(error, done < 0 ? errno : ENOSPC, "io.write", path);
        from += done;
        size -= (size_t)done;
    }
    return WEFT_OK;
}

weft_status wf_io_pwrite_all(const wf_io *io, int file, const void *bytes, size_t size,
                             off_t at, const char *path, weft_error *error)
{
    const char *from = bytes;
    while (size > 0) {
        ssize_t done = io->pwrite(io, file, from, size, at);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return wf_fail_errno(error, done < 0 ? errno : ENOSPC, "io.write", path);
        from += done;
        at += done;
        size -= (size_t)done;
    }
    return WEFT_OK;
}

weft_status wf_io_pread_all(const wf_io *io, int file, void *bytes, size_t size, off_t at,
                            const char *path, weft_error *error)
{
    char *to = bytes;
    while (size > 0) {
        ssize_t got = io->pread(io, file, to, size, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return wf_fail_errno(error, errno, "io.read", path);
        if (got == 0)
            return wf_fail(error, WEFT_DAMAGED, "io.short", "path", path, NULL);
        to += got;
        at += got;
        size -= (size_t)got;
    }
    return WEFT_OK;
}

wf_path wf_path_folder(const char *path)
{
    wf_path folder = {"."};
    const char *slash = strrchr(path, '/');
    if (slash != NULL) {
        size_t size = slash == path ? 1 : (size_t)(slash - path);
        memcpy(folder.text, path, size);
        folder.text[size] = '\0';
    }
    return folder;
}

weft_status wf_io_write_new(const wf_io *io, const char *path, wf_text bytes, mode_t mode,
                            weft_error *error)
{
    // O_EXCL after an unlink: a file left by a crash may have other rights.
    WF_IGNORE(io->unlink(io, path), "usually nothing is there; O_EXCL sees what stays");
    int file = io->open(io, path, O_WRONLY | O_CREAT | O_EXCL, mode);
    if (file < 0)
        return wf_fail_errno(error, errno, "io.open", path);
    weft_status status = wf_io_write_all(io, file, bytes.bytes, bytes.size, path, error);
    if (status == WEFT_OK && io->sync(io, file) != 0)
        status = wf_fail_errno(error, errno, "io.sync", path);
    if (io->close(io, file) != 0 && status == WEFT_OK)
        status = wf_fail_errno(error, errno, "io.write", path);
    return status;
}

weft_status wf_io_replace_file(const wf_io *io, const char *path, wf_text bytes,
                               mode_t mode, weft_error *error)
{
    wf_path next;
    int size = snprintf(next.text, sizeof next.text, "%s.next", path);
    if (size < 0 || (size_t)size >= sizeof next.text)
        return wf_fail(error, WEFT_BAD_INPUT, "io.path_too_long", "path", path, NULL);
    weft_status status = wf_io_write_new(io, next.text, bytes,
                                         mode != 0 ? mode : S_IRUSR | S_IWUSR, error);
    if (status == WEFT_OK && io->rename(io, next.text, path) != 0)
        status = wf_fail_errno(error, errno, "io.rename", path);
    if (status != WEFT_OK) {
        WF_IGNORE(io->unlink(io, next.text), "the first failure is the one to report");
        return status;
    }
    wf_path folder = wf_path_folder(path);
    if (io->sync_dir(io, folder.text) != 0)
        return wf_fail_errno(error, errno, "io.sync", folder.text);
    return WEFT_OK;
}

static int look(const wf_io *io, const char *path, bool follow, struct stat *ret)
{
    if (io->look != NULL)
        return io->look(io, path, follow, ret);
    return follow ? stat(path, ret) : lstat(path, ret);
}

weft_status wf_io_look(const wf_io *io, const char *path, struct stat *ret,
                       weft_error *error)
{
    struct stat found;
    if (look(io, path, true, &found) != 0)
        return errno == ENOENT || errno == ENOTDIR
                   ? wf_fail(error, WEFT_NOT_FOUND, "io.missing", "path", path, NULL)
                   : wf_fail_errno(error, errno, "io.open", path);
    *ret = found;
    return WEFT_OK;
}

weft_status wf_io_own(const wf_io *io, const char *folder, weft_error *error)
{
    struct stat about;
    char owner[WF_NUMBER_TEXT_MAX];
    WF_TRY(wf_io_look(io, folder, &about, error));
    if (about.st_uid == geteuid())
        return WEFT_OK;
    return wf_fail(error, WEFT_NOT_ALLOWED, "io.owner", "path", folder, "owner",
                   wf_number_text(owner, (int64_t)about.st_uid), NULL);
}

bool wf_io_exists(const wf_io *io, const char *path)
{
    struct stat found;
    return look(io, path, false, &found) == 0;
}
