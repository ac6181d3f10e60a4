#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "load/refused.h"
#include "load/refused_file.h"

enum { names_bytes_max = 64 };

static const char suffix[] = ".rows";
static const char next_suffix[] = ".rows.next";

// A file being read.
typedef struct {
    const wf_refused_folder *folder;
    wf_path path;
    int file;
    off_t size, at;
    unsigned char head[refused_head_bytes];
    unsigned char chunk_head[refused_chunk_head_bytes];
    refused_chunk chunk;
    off_t chunk_at; // where its head begins
    wf_buffer sealed, plain;
} file_reader;

static weft_status damaged(const file_reader *in, weft_error *error)
{
    return wf_fail(error, WEFT_DAMAGED, "refused.damaged", "path", in->path.text, NULL);
}

// Names come from a person: only what refused_write.c makes is a name.
static bool is_name(const char *name)
{
    size_t size = strlen(name);
    if (size >= names_bytes_max || size <= sizeof suffix ||
        strcmp(name + size - (sizeof suffix - 1), suffix) != 0)
        return false;
    return strspn(name, "0123456789abcdef-") == size - (sizeof suffix - 1);
}

static weft_status folder_path(const wf_refused_folder *folder, wf_path *ret,
                               weft_error *error)
{
    return wf_path_join(folder->city_dir, "refused", ret, error);
}

static weft_status open_reader(file_reader *in, const wf_refused_folder *folder,
                               const char *name, weft_error *error)
{
    wf_path path;
    struct stat about;
    *in = (file_reader){.folder = folder, .file = -1};
    WF_TRY(folder_path(folder, &path, error));
    if (is_name(name)) {
        WF_TRY(wf_path_join(path.text, name, &in->path, error));
        in->file = folder->io->open(folder->io, in->path.text, O_RDONLY | O_NOFOLLOW, 0);
    }
    if (in->file < 0)
        return wf_fail(error, WEFT_NOT_FOUND, "refused.unknown", NULL);
    if (fstat(in->file, &about) != 0)
        return wf_fail_errno(error, errno, "io.read", in->path.text);
    in->size = about.st_size;
    in->at = refused_head_bytes;
    if (in->size < refused_head_bytes)
        return damaged(in, error);
    WF_TRY(wf_io_pread_all(folder->io, in->file, in->head, sizeof in->head, 0,
                           in->path.text, error));
    return memcmp(in->head, refused_magic, sizeof refused_magic) == 0
               ? WEFT_OK
               : damaged(in, error);
}

static void close_reader(file_reader *in)
{
    if (in->file >= 0)
        WF_IGNORE(in->folder->io->close(in->folder->io, in->file), "only read");
    wf_buffer_done(&in->sealed);
    wf_buffer_wipe(&in->plain);
}

// Reads the next chunk, still sealed; *ret_end at the end of the file.
static weft_status next_chunk(file_reader *in, bool *ret_end, weft_error *error)
{
    const wf_io *io = in->folder->io;
    *ret_end = in->at == in->size;
    if (*ret_end)
        return WEFT_OK;
    if (in->size - in->at < refused_chunk_head_bytes)
        return damaged(in, error);
    in->chunk_at = in->at;
    WF_TRY(wf_io_pread_all(io, in->file, in->chunk_head, sizeof in->chunk_head, in->at,
                           in->path.text, error));
    in->chunk = refused_get_chunk(in->chunk_head);
    in->at += refused_chunk_head_bytes;
    size_t size = in->chunk.sealed_size;
    if (size > refused_sealed_bytes_max || (off_t)size > in->size - in->at)
        return damaged(in, error);
    wf_buffer_clear(&in->sealed);
    if (!wf_buffer_reserve(&in->sealed, size + 1))
        return wf_fail_memory(error);
    WF_TRY(wf_io_pread_all(io, in->file, in->sealed.bytes, size, in->at, in->path.text,
                           error));
    in->sealed.size = size;
    in->at += (off_t)size;
    return WEFT_OK;
}

static bool chunk_is_known(const file_reader *in)
{
    return in->chunk.key_class == WF_KEY_VISITS || in->chunk.key_class == WF_KEY_REFUSED;
}

static bool chunk_is_forgotten(const file_reader *in)
{
    return chunk_is_known(in) &&
           wf_keys_is_forgotten(in->folder->keys, (wf_key_class)in->chunk.key_class,
                                (weft_day){in->chunk.day});
}

// False when the key is not there or the chunk does not authenticate.
static bool open_chunk(file_reader *in)
{
    const wf_key *key = NULL;
    refused_context context;
    weft_error error = {0};
    weft_day day = {in->chunk.day};
    wf_buffer_clear(&in->plain);
    return chunk_is_known(in) &&
           wf_keys_find(in->folder->keys, (wf_key_class)in->chunk.key_class, day, &key,
                        &error) == WEFT_OK &&
           wf_open_blob(key, refused_context_of(in->head, in->chunk_head, &context),
                        wf_buffer_text(&in->sealed), &in->plain, &error) == WEFT_OK;
}

// ---- what a chunk holds ----

static bool take_text(wf_text *left, wf_text *ret)
{
    if (left->size < 4)
        return false;
    uint32_t size = wf_get_u32((const unsigned char *)left->bytes);
    if (size > left->size - 4)
        return false;
    *ret = (wf_text){left->bytes + 4, size};
    left->bytes += 4 + (size_t)size;
    left->size -= 4 + (size_t)size;
    return true;
}

static bool take_number(wf_text *left, uint64_t *ret)
{
    wf_text text;
    int64_t value = 0;
    if (!take_text(left, &text) || !wf_parse_i64(text, 0, INT64_MAX, &value))
        return false;
    *ret = (uint64_t)value;
    return true;
}

static bool take_about(wf_text left, const wf_refused_visitor *visitor,
                       wf_refused_about *about)
{
    wf_text name, yaml;
    if (!take_text(&left, &name) || !take_text(&left, &yaml) || left.size > 0)
        return false;
    size_t size =
        name.size < sizeof about->mapping ? name.size : sizeof about->mapping - 1;
    memcpy(about->mapping, name.bytes, size);
    about->mapping[size] = '\0';
    if (visitor->about != NULL)
        visitor->about(visitor->context, about, yaml);
    return true;
}

static bool take_source(wf_text left, const wf_refused_visitor *visitor)
{
    uint64_t number = 0;
    wf_text name, header;
    if (!take_number(&left, &number) || !take_text(&left, &name) ||
        !take_text(&left, &header) || left.size > 0)
        return false;
    if (visitor->source != NULL)
        visitor->source(visitor->context, (size_t)number, name, header);
    return true;
}

// *ret_more is false when the visitor wants no more.
static bool take_rows(const refused_chunk *chunk, wf_text left,
                      const wf_refused_visitor *visitor, bool *ret_more)
{
    for (uint32_t i = 0; i < chunk->rows && *ret_more; i++) {
        wf_refused_row row = {.dated = chunk->key_class == WF_KEY_VISITS,
                              .day = {chunk->day}};
        uint64_t source = 0;
        if (!take_number(&left, &source) || !take_number(&left, &row.line) ||
            !take_text(&left, &row.code) || !take_text(&left, &row.field) ||
            !take_text(&left, &row.raw))
            return false;
        row.source = (size_t)source;
        if (visitor->row != NULL)
            *ret_more = visitor->row(visitor->context, &row);
    }
    return !*ret_more || left.size == 0;
}

static weft_status visit_chunk(file_reader *in, const wf_refused_visitor *visitor,
                               wf_refused_about *about, bool *ret_more, bool *ret_whole,
                               weft_error *error)
{
    bool rows = in->chunk.type == CHUNK_ROWS;
    bool whole = true;
    about->rows += rows ? in->chunk.rows : 0;
    if (!open_chunk(in)) {
        about->unreadable += rows ? in->chunk.rows : 0;
        *ret_whole = *ret_whole || in->chunk.type == CHUNK_END;
        return chunk_is_forgotten(in) ? WEFT_OK : damaged(in, error);
    }
    wf_text plain = wf_buffer_text(&in->plain);
    switch (in->chunk.type) {
    case CHUNK_ABOUT:
        whole = take_about(plain, visitor, about);
        break;
    case CHUNK_SOURCE:
        whole = take_source(plain, visitor);
        break;
    case CHUNK_ROWS:
        whole = take_rows(&in->chunk, plain, visitor, ret_more);
        break;
    case CHUNK_END:
        *ret_whole = true;
        break;
    default:
        whole = false;
    }
    return whole ? WEFT_OK : damaged(in, error);
}

static weft_status visit_file(file_reader *in, const wf_refused_visitor *visitor,
                              wf_refused_about *about, weft_error *error)
{
    bool end = false, more = true, whole = false;
    weft_status worst = WEFT_OK;
    for (;;) {
        WF_TRY(next_chunk(in, &end, error));
        if (end)
            break;
        weft_status status = visit_chunk(in, visitor, about, &more, &whole, error);
        if (status != WEFT_OK && status != WEFT_DAMAGED)
            return status;
        if (status != WEFT_OK)
            worst = status; // go on with what can be read
        if (!more)
            return WEFT_OK;
    }
    return worst != WEFT_OK ? worst : whole ? WEFT_OK : damaged(in, error);
}

weft_status wf_refused_read(const wf_refused_folder *folder, const char *name,
                            const wf_refused_visitor *visitor, wf_refused_about *ret,
                            weft_error *error)
{
    file_reader in;
    wf_refused_about about = {0};
    weft_status status = open_reader(&in, folder, name, error);
    if (status == WEFT_OK) {
        uint32_t kind = wf_get_u32(in.head + 32);
        about.received.us = (int64_t)((uint64_t)wf_get_u32(in.head + 24) |
                                      (uint64_t)wf_get_u32(in.head + 28) << 32);
        about.kind =
            kind < WEFT_IMPORT_KIND_COUNT ? (weft_import_kind)kind : WEFT_IMPORT_VISITS;
        memcpy(about.name, name, strlen(name) + 1);
        status = kind < WEFT_IMPORT_KIND_COUNT ? visit_file(&in, visitor, &about, error)
                                               : damaged(&in, error);
    }
    close_reader(&in);
    *ret = about;
    return status;
}

// ---- the folder ----

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool ends_with(const char *name, const char *end)
{
    size_t size = strlen(name), end_size = strlen(end);
    return size >= end_size && strcmp(name + size - end_size, end) == 0;
}

// Names that end so, sorted; `whole` asks for well-formed ones only.
static weft_status list_names(const wf_refused_folder *folder, const char *end,
                              wf_arena *arena, const char ***ret, size_t *ret_count,
                              weft_error *error)
{
    wf_path path;
    size_t count = 0, capacity = 0;
    const char **names = NULL;
    WF_TRY(folder_path(folder, &path, error));
    DIR *dir = opendir(path.text);
    if (dir == NULL && errno != ENOENT)
        return wf_fail_errno(error, errno, "io.open", path.text);
    weft_status status = WEFT_OK;
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        if (!ends_with(entry->d_name, end) || strlen(entry->d_name) >= 96)
            continue;
        if (count == capacity) {
            size_t wanted = capacity == 0 ? 16 : capacity * 2;
            const char **grown = wf_arena_array(arena, wanted, sizeof *grown);
            if (grown != NULL && count > 0)
                memcpy(grown, names, count * sizeof *names);
            names = grown;
            capacity = wanted;
        }
        wf_text name = {NULL, 0};
        if (names != NULL)
            name = wf_arena_text(arena, wf_text_of(entry->d_name));
        if (name.bytes == NULL) {
            status = wf_fail_memory(error);
            break;
        }
        names[count++] = name.bytes;
    }
    if (dir != NULL)
        closedir(dir);
    WF_TRY(status);
    if (count > 0)
        qsort(names, count, sizeof *names, compare_names);
    *ret = names;
    *ret_count = count;
    return WEFT_OK;
}

weft_status wf_refused_names(const wf_refused_folder *folder, wf_arena *arena,
                             const char ***ret, size_t *ret_count, weft_error *error)
{
    const char **names = NULL;
    size_t count = 0, kept = 0;
    WF_TRY(list_names(folder, suffix, arena, &names, &count, error));
    for (size_t i = 0; i < count; i++)
        if (is_name(names[i]))
            names[kept++] = names[i];
    *ret = names;
    *ret_count = kept;
    return WEFT_OK;
}

// Overwrites a file's bytes (a second belt: what counts is the key) and unlinks it.
static weft_status shred(const wf_io *io, const char *path, weft_error *error)
{
    static const unsigned char zeros[4096];
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
    if (!is_name(name))
        return wf_fail(error, WEFT_NOT_FOUND, "refused.unknown", NULL);
    WF_TRY(folder_path(folder, &dir, error));
    WF_TRY(wf_path_join(dir.text, name, &path, error));
    WF_TRY(shred(folder->io, path.text, error));
    if (folder->io->sync_dir(folder->io, dir.text) != 0)
        return wf_fail_errno(error, errno, "io.sync", dir.text);
    return WEFT_OK;
}

// ---- purge ----

typedef struct {
    uint64_t rows_kept, rows_gone;
    bool any_gone;
} purge_plan;

static weft_status plan_purge(file_reader *in, purge_plan *ret, weft_error *error)
{
    bool end = false;
    *ret = (purge_plan){0};
    for (;;) {
        WF_TRY(next_chunk(in, &end, error));
        if (end)
            return WEFT_OK;
        bool gone = chunk_is_forgotten(in);
        uint64_t rows = in->chunk.type == CHUNK_ROWS ? in->chunk.rows : 0;
        ret->any_gone = ret->any_gone || gone;
        ret->rows_gone += gone ? rows : 0;
        ret->rows_kept += gone ? 0 : rows;
    }
}

// Wipes the forgotten chunks where they stand: their sealed bytes become zeros. The
// file keeps its shape, so that a stop in between leaves it readable.
static weft_status wipe_chunks(file_reader *in, weft_error *error)
{
    const wf_io *io = in->folder->io;
    int file = io->open(io, in->path.text, O_WRONLY | O_NOFOLLOW, 0);
    if (file < 0)
        return wf_fail_errno(error, errno, "io.open", in->path.text);
    bool end = false;
    weft_status status = WEFT_OK;
    in->at = refused_head_bytes;
    for (;;) {
        status = next_chunk(in, &end, error);
        if (status != WEFT_OK || end)
            break;
        if (!chunk_is_forgotten(in) || in->sealed.size == 0)
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

static weft_status purge_file(const wf_refused_folder *folder, const char *name,
                              uint64_t *rows, weft_error *error)
{
    file_reader in;
    purge_plan plan = {0};
    bool remove = false;
    weft_status status = open_reader(&in, folder, name, error);
    if (status == WEFT_OK)
        status = plan_purge(&in, &plan, error);
    if (status == WEFT_OK && plan.any_gone) {
        remove = plan.rows_kept == 0;
        if (!remove)
            status = wipe_chunks(&in, error);
    }
    close_reader(&in);
    if (status == WEFT_DAMAGED)
        return WEFT_OK; // verify names it; nothing is moved or rewritten
    WF_TRY(status);
    if (remove)
        WF_TRY(wf_refused_remove(folder, name, error));
    *rows += plan.rows_gone;
    return WEFT_OK;
}

weft_status wf_refused_purge(const wf_refused_folder *folder, uint64_t *ret_rows,
                             weft_error *error)
{
    wf_arena arena;
    const char **names = NULL;
    size_t count = 0;
    uint64_t rows = 0;
    wf_path dir, path;
    wf_arena_init(&arena, 64 << 20);
    WF_TRY(folder_path(folder, &dir, error));
    weft_status status = list_names(folder, next_suffix, &arena, &names, &count, error);
    for (size_t i = 0; status == WEFT_OK && i < count; i++) {
        status = wf_path_join(dir.text, names[i], &path, error);
        if (status == WEFT_OK)
            status = shred(folder->io, path.text, error);
    }
    if (status == WEFT_OK)
        status = wf_refused_names(folder, &arena, &names, &count, error);
    for (size_t i = 0; status == WEFT_OK && i < count; i++)
        status = purge_file(folder, names[i], &rows, error);
    wf_arena_done(&arena);
    WF_TRY(status);
    *ret_rows = rows;
    return WEFT_OK;
}
