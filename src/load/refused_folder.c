// The folder of refused rows: names, what crashes left, purge.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "load/refused.h"
#include "load/refused_file.h"

bool wf_refused_is_name(const char *name)
{
    size_t size = strlen(name), end = sizeof refused_suffix - 1;
    if (size >= WF_REFUSED_NAME_MAX || size <= end + 1 ||
        strcmp(name + size - end, refused_suffix) != 0)
        return false;
    return strspn(name, "0123456789abcdef-") == size - end;
}

weft_status wf_refused_folder_path(const char *city_dir, wf_path *ret, weft_error *error)
{
    return wf_path_join(city_dir, "refused", ret, error);
}

// Calls `each` with every name in the folder until it fails; a folder that is not there
// is empty.
static weft_status each_name(const wf_refused_folder *folder, wf_path *ret_dir,
                             weft_status (*each)(void *context, const char *name,
                                                 weft_error *error),
                             void *context, weft_error *error)
{
    WF_TRY(wf_refused_folder_path(folder->city_dir, ret_dir, error));
    DIR *dir = opendir(ret_dir->text);
    if (dir == NULL)
        return errno == ENOENT ? WEFT_OK
                               : wf_fail_errno(error, errno, "io.open", ret_dir->text);
    weft_status status = WEFT_OK;
    for (struct dirent *entry; status == WEFT_OK && (entry = readdir(dir)) != NULL;)
        status = each(context, entry->d_name, error);
    closedir(dir);
    return status;
}

// ---- the next names ----

typedef char file_name[WF_REFUSED_NAME_MAX];

typedef struct {
    const char *after;
    file_name *names; // room for twice `max`
    size_t count, max;
    char last[WF_REFUSED_NAME_MAX]; // later ones are not among the next; "": any may be
} choosing;

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void keep_first(choosing *on)
{
    qsort(on->names, on->count, sizeof *on->names, compare_names);
    if (on->count < on->max)
        return;
    on->count = on->max;
    memcpy(on->last, on->names[on->max - 1], sizeof on->last);
}

static weft_status choose(void *context, const char *name, weft_error *error)
{
    (void)error;
    choosing *on = context;
    if (!wf_refused_is_name(name) || strcmp(name, on->after) <= 0 ||
        (on->last[0] != '\0' && strcmp(name, on->last) > 0))
        return WEFT_OK;
    memcpy(on->names[on->count++], name, strlen(name) + 1);
    if (on->count == 2 * on->max)
        keep_first(on);
    return WEFT_OK;
}

weft_status wf_refused_names(const wf_refused_folder *folder, const char *after,
                             char (*ret)[WF_REFUSED_NAME_MAX], size_t max,
                             size_t *ret_count, weft_error *error)
{
    choosing on = {.after = after, .max = max};
    wf_path dir;
    on.names = calloc(max, 2 * sizeof *on.names);
    if (on.names == NULL)
        return wf_fail_memory(error);
    weft_status status = each_name(folder, &dir, choose, &on, error);
    if (status == WEFT_OK) {
        keep_first(&on);
        memcpy(ret, on.names, on.count * sizeof *on.names);
        *ret_count = on.count;
    }
    free(on.names);
    return status;
}

// ---- removing ----

// Overwrites a file's bytes (a second belt: what counts is the key) and unlinks it.
static weft_status shred(const wf_io *io, const char *path, weft_error *error)
{
    static const unsigned char zeros[1 << 16];
    struct stat about;
    int file = io->open(io, path, O_WRONLY | O_NOFOLLOW, 0);
    if (file < 0 && errno == ELOOP) // what a link leads to is not ours
        return io->unlink(io, path) == 0 ? WEFT_OK
                                         : wf_fail_errno(error, errno, "io.unlink", path);
    if (file < 0)
        return wf_fail_errno(error, errno, "io.open", path);
    weft_status status =
        fstat(file, &about) == 0 ? WEFT_OK : wf_fail_errno(error, errno, "io.read", path);
    for (off_t at = 0; status == WEFT_OK && at < about.st_size;
         at += (off_t)sizeof zeros) {
        off_t left = about.st_size - at;
        size_t part = left < (off_t)sizeof zeros ? (size_t)left : sizeof zeros;
        status = wf_io_pwrite_all(io, file, zeros, part, at, path, error);
    }
    if (status == WEFT_OK && io->sync(io, file) != 0)
        status = wf_fail_errno(error, errno, "io.sync", path);
    WF_IGNORE(io->close(io, file), "synced before");
    WF_TRY(status);
    if (io->unlink(io, path) != 0)
        return wf_fail_errno(error, errno, "io.unlink", path);
    return WEFT_OK;
}

weft_status wf_refused_remove(const wf_refused_folder *folder, const char *name,
                              weft_error *error)
{
    wf_path dir, path;
    if (!wf_refused_is_name(name))
        return wf_fail(error, WEFT_NOT_FOUND, "refused.unknown", NULL);
    WF_TRY(wf_refused_folder_path(folder->city_dir, &dir, error));
    WF_TRY(wf_path_join(dir.text, name, &path, error));
    WF_TRY(shred(folder->io, path.text, error));
    if (folder->io->sync_dir(folder->io, dir.text) != 0)
        return wf_fail_errno(error, errno, "io.sync", dir.text);
    return WEFT_OK;
}

// ---- what a crash left ----

typedef struct {
    const wf_refused_folder *folder;
    const wf_refused_commits *now;
    wf_path dir;
    bool changed;
} settling;

// What a name says of a file that is not visible yet.
typedef struct {
    char shown[WF_REFUSED_NAME_MAX]; // its name once it is
    char awaits;                     // 'v' or 'r'; 0: it is being written
    uint64_t number;                 // of the commit
} unfinished;

// False for all other names, which are left alone.
static bool parse_unfinished(const char *name, unfinished *ret)
{
    const char *next = strstr(name, refused_next_suffix);
    int64_t number = 0;
    *ret = (unfinished){0};
    if (next == NULL)
        return false;
    size_t size = (size_t)(next - name) + sizeof refused_suffix - 1;
    if (size >= sizeof ret->shown)
        return false;
    memcpy(ret->shown, name, size);
    if (!wf_refused_is_name(ret->shown))
        return false;
    const char *awaited = next + sizeof refused_next_suffix - 1;
    if (*awaited == '\0')
        return true;
    if (awaited[0] != '-' || (awaited[1] != 'v' && awaited[1] != 'r') ||
        !wf_parse_i64(wf_text_of(awaited + 2), 0, INT64_MAX, &number))
        return false;
    ret->awaits = awaited[1];
    ret->number = (uint64_t)number;
    return true;
}

static bool has_committed(const unfinished *file, const wf_refused_commits *now)
{
    return (file->awaits == 'v' && file->number <= now->visits) ||
           (file->awaits == 'r' && file->number <= now->registers);
}

static weft_status settle_name(void *context, const char *name, weft_error *error)
{
    settling *on = context;
    const wf_io *io = on->folder->io;
    unfinished file;
    wf_path path, to;
    if (!parse_unfinished(name, &file))
        return WEFT_OK;
    WF_TRY(wf_path_join(on->dir.text, name, &path, error));
    WF_TRY(wf_path_join(on->dir.text, file.shown, &to, error));
    on->changed = true;
    if (!has_committed(&file, on->now))
        return io->unlink(io, path.text) == 0
                   ? WEFT_OK
                   : wf_fail_errno(error, errno, "io.unlink", path.text);
    return io->rename(io, path.text, to.text) == 0
               ? WEFT_OK
               : wf_fail_errno(error, errno, "io.rename", to.text);
}

weft_status wf_refused_settle(const wf_refused_folder *folder,
                              const wf_refused_commits *now, weft_error *error)
{
    settling on = {.folder = folder, .now = now};
    WF_TRY(each_name(folder, &on.dir, settle_name, &on, error));
    if (on.changed && folder->io->sync_dir(folder->io, on.dir.text) != 0)
        return wf_fail_errno(error, errno, "io.sync", on.dir.text);
    return WEFT_OK;
}

// ---- purge ----

typedef struct {
    uint64_t rows_kept, rows_gone;
    bool any_gone;
} purge_plan;

static weft_status plan_purge(refused_chunks *in, purge_plan *ret, weft_error *error)
{
    bool end = false;
    *ret = (purge_plan){0};
    for (;;) {
        WF_TRY(wf_refused_chunks_next(in, &end, error));
        if (end)
            return WEFT_OK;
        bool gone = wf_refused_chunk_is_forgotten(in);
        uint64_t rows = refused_chunk_has_rows(&in->chunk) ? in->chunk.rows : 0;
        ret->any_gone = ret->any_gone || gone;
        ret->rows_gone += gone ? rows : 0;
        ret->rows_kept += gone ? 0 : rows;
    }
}

// Wipes the forgotten chunks where they stand: their sealed bytes become zeros. The
// file keeps its shape, so that a stop in between leaves it readable.
static weft_status wipe_chunks(refused_chunks *in, weft_error *error)
{
    const wf_io *io = in->folder->io;
    int file = io->open(io, in->path.text, O_WRONLY | O_NOFOLLOW, 0);
    if (file < 0)
        return wf_fail_errno(error, errno, "io.open", in->path.text);
    bool end = false;
    weft_status status = WEFT_OK;
    in->at = refused_head_bytes;
    for (;;) {
        status = wf_refused_chunks_next(in, &end, error);
        if (status != WEFT_OK || end)
            break;
        if (!wf_refused_chunk_is_forgotten(in) || in->sealed.size == 0)
            continue;
        memset(in->sealed.bytes, 0, in->sealed.size);
        status = wf_io_pwrite_all(io, file, in->sealed.bytes, in->sealed.size,
                                  in->chunk_at + refused_chunk_head_bytes, in->path.text,
                                  error);
        if (status != WEFT_OK)
            break;
    }
    if (status == WEFT_OK && io->sync(io, file) != 0)
        status = wf_fail_errno(error, errno, "io.sync", in->path.text);
    WF_IGNORE(io->close(io, file), "synced before");
    return status;
}

typedef struct {
    const wf_refused_folder *folder;
    wf_path dir;
    uint64_t rows, files;
} purging;

static weft_status purge_file(purging *on, const char *name, weft_error *error)
{
    refused_chunks in;
    purge_plan plan = {0};
    bool remove = false;
    weft_status status = wf_refused_chunks_open(&in, on->folder, name, error);
    if (status == WEFT_OK)
        status = plan_purge(&in, &plan, error);
    if (status == WEFT_OK && plan.any_gone) {
        remove = plan.rows_kept == 0;
        if (!remove)
            status = wipe_chunks(&in, error);
    }
    wf_refused_chunks_close(&in);
    if (status == WEFT_DAMAGED)
        return WEFT_OK; // verify names it; nothing is moved or rewritten
    WF_TRY(status);
    if (remove)
        WF_TRY(wf_refused_remove(on->folder, name, error));
    on->files += remove;
    on->rows += plan.rows_gone;
    return WEFT_OK;
}

static weft_status shred_unfinished(void *context, const char *name, weft_error *error)
{
    purging *on = context;
    unfinished file;
    wf_path path;
    if (!parse_unfinished(name, &file) || file.awaits != 0)
        return WEFT_OK;
    WF_TRY(wf_path_join(on->dir.text, name, &path, error));
    return shred(on->folder->io, path.text, error);
}

weft_status wf_refused_purge(const wf_refused_folder *folder, uint64_t *ret_rows,
                             uint64_t *ret_files, weft_error *error)
{
    enum { together = 256 };
    char names[together][WF_REFUSED_NAME_MAX], after[WF_REFUSED_NAME_MAX] = "";
    purging on = {.folder = folder};
    size_t count = 0;
    WF_TRY(each_name(folder, &on.dir, shred_unfinished, &on, error));
    do {
        WF_TRY(wf_refused_names(folder, after, names, together, &count, error));
        for (size_t i = 0; i < count; i++)
            WF_TRY(purge_file(&on, names[i], error));
        if (count > 0)
            memcpy(after, names[count - 1], sizeof after);
    } while (count > 0);
    *ret_rows = on.rows;
    *ret_files = on.files;
    return WEFT_OK;
}
