#include "access/copies/restore_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "access/city/city.h"
#include "access/city/hex.h"
#include "load/outlines.h"

enum { line_max = 128, yaml_max = 64 * 1024, chunk_bytes = 256 * 1024 };

static const char *const phases[] = {"copying", "opening"};
static const char *const folders[] = {"ledger", "visits", "refused", "mappings"};
enum { folders_count = sizeof folders / sizeof *folders };

// ---- the line ----

weft_status wf_restore_note(const wf_io *io, const char *dir,
                            const unsigned char backup[WF_KEYS_ID_BYTES],
                            wf_restore_phase phase, weft_error *error)
{
    wf_path path;
    wf_buffer line = {0};
    char id[2 * WF_KEYS_ID_BYTES + 1];
    wf_hex_print(id, backup, WF_KEYS_ID_BYTES);
    WF_TRY(wf_path_join(dir, WF_CITY_RESTORING, &path, error));
    weft_status status =
        wf_buffer_printf(&line, "%s %s\n", id, phases[phase])
            ? wf_io_replace_file(io, path.text, wf_buffer_text(&line), 0600, error)
            : wf_fail_memory(error);
    wf_buffer_done(&line);
    return status;
}

static weft_status fail_exists(const char *dir, weft_error *error)
{
    return wf_fail(error, WEFT_CONFLICT, "restore.exists", "path", dir, NULL);
}

static weft_status parse_line(wf_text line, const unsigned char backup[WF_KEYS_ID_BYTES],
                              const char *dir, wf_restore_phase *ret, weft_error *error)
{
    char id[2 * WF_KEYS_ID_BYTES + 1];
    wf_hex_print(id, backup, WF_KEYS_ID_BYTES);
    size_t size = strlen(id);
    if (line.size <= size + 2 || memcmp(line.bytes, id, size) != 0)
        return fail_exists(dir, error);
    wf_text word = {line.bytes + size + 1, line.size - size - 2};
    for (int phase = WF_RESTORE_COPYING; phase <= WF_RESTORE_OPENING; phase++)
        if (wf_text_equal(word, wf_text_of(phases[phase]))) {
            *ret = (wf_restore_phase)phase;
            return WEFT_OK;
        }
    return fail_exists(dir, error);
}

// A folder without the line is somebody's city, or something else.
static weft_status find_earlier(const wf_io *io, const char *dir,
                                const unsigned char backup[WF_KEYS_ID_BYTES],
                                wf_restore_phase *ret, weft_error *error)
{
    wf_path path;
    wf_arena arena;
    wf_text line;
    WF_TRY(wf_path_join(dir, WF_CITY_RESTORING, &path, error));
    wf_arena_init(&arena, 0);
    weft_status status = wf_io_read_file(io, path.text, line_max, &arena, &line, error);
    if (status == WEFT_NOT_FOUND || status == WEFT_TOO_LARGE) {
        wf_error_clear(error);
        status = fail_exists(dir, error);
    } else if (status == WEFT_OK) {
        status = parse_line(line, backup, dir, ret, error);
    }
    wf_arena_done(&arena);
    return status;
}

// An empty one, or one in which a restore died before its line stood.
static bool is_free(const char *dir)
{
    DIR *names = opendir(dir);
    if (names == NULL)
        return false;
    bool others = false;
    for (const struct dirent *entry = readdir(names); entry != NULL;
         entry = readdir(names))
        others = others ||
                 (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
                  strcmp(entry->d_name, WF_CITY_RESTORING ".next") != 0);
    WF_IGNORE(closedir(names), "a folder only read loses nothing in closing");
    return !others;
}

weft_status wf_restore_claim(const wf_io *io, const char *dir,
                             const unsigned char backup[WF_KEYS_ID_BYTES],
                             wf_restore_phase *ret, weft_error *error)
{
    wf_path above;
    if (io->mkdir(io, dir, 0700) != 0) {
        if (errno != EEXIST)
            return wf_fail_errno(error, errno, "io.mkdir", dir);
        WF_TRY(wf_io_own(io, dir, error));
        if (!is_free(dir))
            return find_earlier(io, dir, backup, ret, error);
    }
    weft_status status = wf_restore_note(io, dir, backup, WF_RESTORE_COPYING, error);
    if (status == WEFT_OK)
        status = wf_path_join(dir, "..", &above, error);
    if (status == WEFT_OK && io->sync_dir(io, above.text) != 0)
        status = wf_fail_errno(error, errno, "io.sync", above.text);
    if (status != WEFT_OK)
        wf_restore_remove(io, dir);
    else
        *ret = WF_RESTORE_COPYING;
    return status;
}

weft_status wf_restore_done(const wf_io *io, const char *dir, weft_error *error)
{
    wf_path path;
    WF_TRY(wf_path_join(dir, WF_CITY_RESTORING, &path, error));
    if (io->unlink(io, path.text) != 0 && errno != ENOENT)
        return wf_fail_errno(error, errno, "io.unlink", path.text);
    if (io->sync_dir(io, dir) != 0)
        return wf_fail_errno(error, errno, "io.sync", dir);
    return WEFT_OK;
}

// ---- emptying ----

// All plain files in a folder below `dir`; a missing folder is empty.
static weft_status empty_folder(const wf_io *io, const char *dir, const char *name,
                                weft_error *error)
{
    wf_path folder, path;
    WF_TRY(wf_path_join(dir, name, &folder, error));
    DIR *names = opendir(folder.text);
    if (names == NULL)
        return errno == ENOENT ? WEFT_OK
                               : wf_fail_errno(error, errno, "io.open", folder.text);
    weft_status status = WEFT_OK;
    for (const struct dirent *entry = readdir(names); entry != NULL && status == WEFT_OK;
         entry = readdir(names)) {
        if (entry->d_name[0] == '.' || strcmp(entry->d_name, WF_CITY_RESTORING) == 0)
            continue;
        status = wf_path_join(folder.text, entry->d_name, &path, error);
        if (status == WEFT_OK && io->unlink(io, path.text) != 0 && errno != ENOENT)
            status = wf_fail_errno(error, errno, "io.unlink", path.text);
    }
    WF_IGNORE(closedir(names), "a folder only read loses nothing in closing");
    return status;
}

static weft_status empty_files(const wf_io *io, const char *dir, weft_error *error)
{
    static const char *const files[] = {"weft.yaml", "weft.yaml.next", "clock", "keep",
                                        WF_OUTLINES_NAME};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        wf_path path;
        WF_TRY(wf_path_join(dir, files[i], &path, error));
        if (io->unlink(io, path.text) != 0 && errno != ENOENT)
            return wf_fail_errno(error, errno, "io.unlink", path.text);
    }
    return WEFT_OK;
}

weft_status wf_restore_empty(const wf_io *io, const char *dir, weft_error *error)
{
    WF_TRY(empty_files(io, dir, error));
    for (size_t i = 0; i < folders_count; i++) {
        wf_path path;
        WF_TRY(empty_folder(io, dir, folders[i], error));
        WF_TRY(wf_path_join(dir, folders[i], &path, error));
        if (io->mkdir(io, path.text, 0700) != 0 && errno != EEXIST)
            return wf_fail_errno(error, errno, "io.mkdir", path.text);
    }
    return WEFT_OK;
}

void wf_restore_remove(const wf_io *io, const char *dir)
{
    static const char *const own[] = {"ledger",   "visits", "refused",
                                      "mappings", "keys",   ""};
    weft_error ignored = {0};
    wf_path path;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        WF_IGNORE(empty_folder(io, dir, own[i], &ignored), "what stays keeps its folder");
        // The line goes last: with it the next call knows the folder for what it is.
        if (own[i][0] == '\0' &&
            wf_path_join(dir, WF_CITY_RESTORING, &path, &ignored) == WEFT_OK)
            WF_IGNORE(io->unlink(io, path.text), "it may never have been written");
        if (wf_path_join(dir, own[i], &path, &ignored) == WEFT_OK)
            WF_IGNORE(rmdir(path.text), "at worst some of it stays");
    }
}

// ---- files ----

static weft_status copy_content(const wf_io *io, int file, const char *path,
                                wf_parcel_reader *from, uint64_t size, weft_error *error)
{
    if (size == 0)
        return WEFT_OK;
    char *chunk = malloc(size < chunk_bytes ? (size_t)size : chunk_bytes);
    if (chunk == NULL)
        return wf_fail_memory(error);
    weft_status status = WEFT_OK;
    while (size > 0 && status == WEFT_OK) {
        size_t part = size < chunk_bytes ? (size_t)size : chunk_bytes;
        status = wf_parcel_read(from, chunk, part, error);
        if (status == WEFT_OK)
            status = wf_io_write_all(io, file, chunk, part, path, error);
        size -= part;
    }
    free(chunk);
    return status;
}

static weft_status write_file(const wf_io *io, const char *path, wf_parcel_reader *from,
                              uint64_t size, weft_error *error)
{
    int file = io->open(io, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 && errno == EEXIST) // the same name twice
        return wf_fail(error, WEFT_DAMAGED, "backup.content", NULL);
    if (file < 0)
        return wf_fail_errno(error, errno, "io.open", path);
    weft_status status = copy_content(io, file, path, from, size, error);
    if (status == WEFT_OK && io->sync(io, file) != 0)
        status = wf_fail_errno(error, errno, "io.sync", path);
    if (io->close(io, file) != 0 && status == WEFT_OK)
        status = wf_fail_errno(error, errno, "io.write", path);
    return status;
}

// Rows on a server may be those of a city that lives: this one keeps its own.
static bool drop_records(wf_text yaml, wf_buffer *to, bool *ret_records)
{
    static const char key[] = "records:";
    while (yaml.size > 0) {
        const char *end = memchr(yaml.bytes, '\n', yaml.size);
        size_t size = end != NULL ? (size_t)(end - yaml.bytes) + 1 : yaml.size;
        bool records =
            size >= sizeof key - 1 && memcmp(yaml.bytes, key, sizeof key - 1) == 0;
        if (!records && !wf_buffer_append(to, yaml.bytes, size))
            return false;
        *ret_records = *ret_records || records;
        yaml.bytes += size;
        yaml.size -= size;
    }
    return true;
}

static weft_status write_yaml(const wf_io *io, const char *path, wf_parcel_reader *from,
                              uint64_t size, bool *ret_records, weft_error *error)
{
    char bytes[yaml_max];
    wf_buffer kept = {0};
    if (size > sizeof bytes)
        return wf_fail(error, WEFT_DAMAGED, "backup.content", NULL);
    WF_TRY(wf_parcel_read(from, bytes, (size_t)size, error));
    weft_status status = WEFT_OK;
    if (!drop_records((wf_text){bytes, (size_t)size}, &kept, ret_records))
        status = wf_fail_memory(error);
    if (status == WEFT_OK)
        status = wf_io_replace_file(io, path, wf_buffer_text(&kept), 0600, error);
    wf_buffer_wipe(&kept); // an address may hold a password
    explicit_bzero(bytes, sizeof bytes);
    return status;
}

weft_status wf_restore_file(const wf_io *io, const char *dir, wf_parcel_reader *from,
                            const wf_bundle_entry *entry, bool *ret_records,
                            weft_error *error)
{
    wf_path path;
    WF_TRY(wf_path_join(dir, entry->name, &path, error));
    if (strcmp(entry->name, "weft.yaml") == 0)
        return write_yaml(io, path.text, from, entry->size, ret_records, error);
    return write_file(io, path.text, from, entry->size, error);
}

weft_status wf_restore_sync(const wf_io *io, const char *dir, weft_error *error)
{
    for (size_t i = 0; i < folders_count; i++) {
        wf_path path;
        WF_TRY(wf_path_join(dir, folders[i], &path, error));
        if (io->sync_dir(io, path.text) != 0)
            return wf_fail_errno(error, errno, "io.sync", path.text);
    }
    if (io->sync_dir(io, dir) != 0)
        return wf_fail_errno(error, errno, "io.sync", dir);
    return WEFT_OK;
}
