#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "load/refused.h"
#include "load/refused_file.h"

enum {
    open_chunks = 8,        // chunks of rows being filled, for as many days
    new_keys_max = 400,     // days that get a key only because of refused rows
    days_back_max = 366 * 2 // older days are taken for wrong dates
};

typedef struct {
    bool used;
    wf_key_class key_class;
    weft_day day;
    uint32_t rows;
    uint64_t touched; // when last, for choosing which to seal early
    wf_buffer plain;
} row_chunk;

struct wf_refused {
    wf_refused_options options;
    wf_path path, next_path, folder;
    int file; // −1: nothing written yet
    bool placed;
    unsigned char head[refused_head_bytes];
    row_chunk chunks[open_chunks];
    uint32_t chunks_count; // written
    uint64_t rows, clock;
    unsigned keys_made;
    wf_buffer sealed, source;
    size_t source_number;
    bool source_said; // in the file
};

static weft_status put_text(wf_buffer *buffer, wf_text text, weft_error *error)
{
    unsigned char size[4];
    wf_put_u32(size, (uint32_t)text.size);
    if (!wf_buffer_append(buffer, size, sizeof size) ||
        !wf_buffer_append(buffer, text.bytes, text.size))
        return wf_fail_memory(error);
    return WEFT_OK;
}

static weft_status put_number(wf_buffer *buffer, uint64_t number, weft_error *error)
{
    char text[WF_NUMBER_TEXT_MAX];
    return put_text(buffer, wf_text_of(wf_number_text(text, (int64_t)number)), error);
}

weft_status wf_refused_new(const wf_refused_options *options, wf_refused **ret,
                           weft_error *error)
{
    wf_refused *refused = calloc(1, sizeof *refused);
    if (refused == NULL)
        return wf_fail_memory(error);
    refused->options = *options;
    refused->file = -1;
    *ret = refused;
    return WEFT_OK;
}

// ---- chunks ----

static weft_status write_chunk(wf_refused *refused, refused_chunk_type type,
                               wf_key_class key_class, weft_day day, uint32_t rows,
                               wf_text plain, weft_error *error)
{
    unsigned char chunk_head[refused_chunk_head_bytes];
    refused_context context;
    const wf_key *key = NULL;
    refused_chunk chunk = {.sealed_size = (uint32_t)(plain.size + WF_SEAL_BLOB_OVERHEAD),
                           .number = refused->chunks_count++,
                           .key_class = key_class,
                           .day = day.number,
                           .type = type,
                           .rows = rows};
    WF_TRY(wf_keys_make(refused->options.keys, key_class, day, &key, error));
    refused_put_chunk(chunk_head, &chunk);
    wf_buffer_clear(&refused->sealed);
    if (!wf_buffer_append(&refused->sealed, chunk_head, sizeof chunk_head))
        return wf_fail_memory(error);
    WF_TRY(wf_seal_blob(key, refused_context_of(refused->head, chunk_head, &context),
                        plain, &refused->sealed, error));
    return wf_io_write_all(refused->options.io, refused->file, refused->sealed.bytes,
                           refused->sealed.size, refused->next_path.text, error);
}

static weft_status write_own(wf_refused *refused, refused_chunk_type type, uint32_t rows,
                             wf_text plain, weft_error *error)
{
    return write_chunk(refused, type, WF_KEY_REFUSED, refused->options.received, rows,
                       plain, error);
}

static weft_status flush_rows(wf_refused *refused, row_chunk *chunk, weft_error *error)
{
    if (chunk->rows == 0)
        return WEFT_OK;
    WF_TRY(write_chunk(refused, CHUNK_ROWS, chunk->key_class, chunk->day, chunk->rows,
                       wf_buffer_text(&chunk->plain), error));
    wf_buffer_clear(&chunk->plain);
    chunk->rows = 0;
    return WEFT_OK;
}

// ---- the file ----

static weft_status make_paths(wf_refused *refused, weft_error *error)
{
    unsigned char random[8];
    char day[WF_DAY_TEXT_MAX], name[64];
    uint64_t mark = 0;
    wf_random_bytes(random, sizeof random);
    memcpy(&mark, random, sizeof mark);
    WF_TRY(wf_path_join(refused->options.city_dir, "refused", &refused->folder, error));
    int size =
        snprintf(name, sizeof name, "%s-%016llx.rows.next",
                 wf_day_text(day, refused->options.received), (unsigned long long)mark);
    WF_ASSERT(size > 0 && (size_t)size < sizeof name);
    WF_TRY(wf_path_join(refused->folder.text, name, &refused->next_path, error));
    name[size - 5] = '\0';
    return wf_path_join(refused->folder.text, name, &refused->path, error);
}

// The folder's name must be durable before a file in it is told of.
static weft_status make_folder(const wf_refused *refused, weft_error *error)
{
    const wf_io *io = refused->options.io;
    if (io->mkdir(io, refused->folder.text, 0700) != 0)
        return errno == EEXIST
                   ? WEFT_OK
                   : wf_fail_errno(error, errno, "io.mkdir", refused->folder.text);
    if (io->sync_dir(io, refused->options.city_dir) != 0)
        return wf_fail_errno(error, errno, "io.sync", refused->options.city_dir);
    return WEFT_OK;
}

static weft_status begin_file(wf_refused *refused, weft_error *error)
{
    const wf_io *io = refused->options.io;
    wf_buffer plain = {0};
    WF_TRY(make_paths(refused, error));
    WF_TRY(make_folder(refused, error));
    refused->file =
        io->open(io, refused->next_path.text, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (refused->file < 0)
        return wf_fail_errno(error, errno, "io.open", refused->next_path.text);
    memcpy(refused->head, refused_magic, sizeof refused_magic);
    wf_random_bytes(refused->head + 8, refused_nonce_bytes);
    uint64_t received = (uint64_t)refused->options.now.us;
    wf_put_u32(refused->head + 24, (uint32_t)received);
    wf_put_u32(refused->head + 28, (uint32_t)(received >> 32));
    wf_put_u32(refused->head + 32, (uint32_t)refused->options.kind);
    WF_TRY(wf_io_write_all(io, refused->file, refused->head, sizeof refused->head,
                           refused->next_path.text, error));
    weft_status status = put_text(&plain, refused->options.mapping_name, error);
    if (status == WEFT_OK)
        status = put_text(&plain, refused->options.mapping_yaml, error);
    if (status == WEFT_OK)
        status = write_own(refused, CHUNK_ABOUT, 0, wf_buffer_text(&plain), error);
    wf_buffer_done(&plain);
    return status;
}

weft_status wf_refused_source(wf_refused *refused, size_t number, const char *name,
                              wf_text header, weft_error *error)
{
    refused->source_number = number;
    refused->source_said = false;
    wf_buffer_clear(&refused->source);
    WF_TRY(put_number(&refused->source, number, error));
    WF_TRY(put_text(&refused->source, wf_text_of(name), error));
    return put_text(&refused->source, header, error);
}

// ---- rows ----

// True if the row may be sealed under its own day: the day has a key or may get one.
static bool day_has_key(wf_refused *refused, weft_day day)
{
    const wf_key *key = NULL;
    weft_error error = {0};
    int32_t today = refused->options.received.number;
    if (wf_keys_find(refused->options.keys, WF_KEY_VISITS, day, &key, &error) == WEFT_OK)
        return true;
    // A hostile file must not fill the ring with days that never were.
    if (day.number > today || day.number < today - days_back_max ||
        refused->keys_made == new_keys_max)
        return false;
    if (wf_keys_make(refused->options.keys, WF_KEY_VISITS, day, &key, &error) != WEFT_OK)
        return false;
    refused->keys_made++;
    return true;
}

// The chunk of (class, day); if there is none, the one least lately used is sealed and
// taken for it.
static weft_status chunk_of(wf_refused *refused, wf_key_class key_class, weft_day day,
                            row_chunk **ret, weft_error *error)
{
    row_chunk *oldest = &refused->chunks[0];
    for (size_t i = 0; i < open_chunks; i++) {
        row_chunk *chunk = &refused->chunks[i];
        if (chunk->used && chunk->key_class == key_class &&
            chunk->day.number == day.number) {
            *ret = chunk;
            return WEFT_OK;
        }
        if (chunk->touched < oldest->touched)
            oldest = chunk;
    }
    WF_TRY(flush_rows(refused, oldest, error));
    oldest->used = true;
    oldest->key_class = key_class;
    oldest->day = day;
    *ret = oldest;
    return WEFT_OK;
}

static weft_status put_row(wf_buffer *plain, const wf_refused_row *row, weft_error *error)
{
    WF_TRY(put_number(plain, row->source, error));
    WF_TRY(put_number(plain, row->line, error));
    WF_TRY(put_text(plain, row->code, error));
    WF_TRY(put_text(plain, row->field, error));
    return put_text(plain, row->raw, error);
}

weft_status wf_refused_add(wf_refused *refused, const wf_refused_row *row,
                           weft_error *error)
{
    row_chunk *chunk = NULL;
    WF_ASSERT(row->source == refused->source_number);
    if (refused->file < 0)
        WF_TRY(begin_file(refused, error));
    if (!refused->source_said) {
        // Rows of the source before must not come after this in the file.
        for (size_t i = 0; i < open_chunks; i++)
            WF_TRY(flush_rows(refused, &refused->chunks[i], error));
        WF_TRY(
            write_own(refused, CHUNK_SOURCE, 0, wf_buffer_text(&refused->source), error));
        refused->source_said = true;
    }
    bool own_day = row->dated && day_has_key(refused, row->day);
    WF_TRY(chunk_of(refused, own_day ? WF_KEY_VISITS : WF_KEY_REFUSED,
                    own_day ? row->day : refused->options.received, &chunk, error));
    WF_TRY(put_row(&chunk->plain, row, error));
    chunk->rows++;
    chunk->touched = ++refused->clock;
    refused->rows++;
    return chunk->plain.size < refused_chunk_bytes ? WEFT_OK
                                                   : flush_rows(refused, chunk, error);
}

// ---- the end ----

static weft_status close_file(wf_refused *refused, weft_error *error)
{
    const wf_io *io = refused->options.io;
    int file = refused->file;
    if (io->sync(io, file) != 0)
        return wf_fail_errno(error, errno, "io.sync", refused->next_path.text);
    refused->file = -1;
    if (io->close(io, file) != 0)
        return wf_fail_errno(error, errno, "io.write", refused->next_path.text);
    return WEFT_OK;
}

weft_status wf_refused_finish(wf_refused *refused, wf_path *ret_path, weft_error *error)
{
    const wf_io *io = refused->options.io;
    wf_buffer plain = {0};
    if (refused->rows == 0) {
        ret_path->text[0] = '\0';
        return WEFT_OK;
    }
    for (size_t i = 0; i < open_chunks; i++)
        WF_TRY(flush_rows(refused, &refused->chunks[i], error));
    weft_status status = put_number(&plain, refused->rows, error);
    if (status == WEFT_OK)
        status = write_own(refused, CHUNK_END, (uint32_t)refused->rows,
                           wf_buffer_text(&plain), error);
    wf_buffer_done(&plain);
    WF_TRY(status);
    WF_TRY(wf_keys_commit(refused->options.keys, error));
    WF_TRY(close_file(refused, error));
    if (io->rename(io, refused->next_path.text, refused->path.text) != 0)
        return wf_fail_errno(error, errno, "io.rename", refused->path.text);
    refused->placed = true;
    if (io->sync_dir(io, refused->folder.text) != 0)
        return wf_fail_errno(error, errno, "io.sync", refused->folder.text);
    *ret_path = refused->path;
    return WEFT_OK;
}

void wf_refused_free(wf_refused *refused, bool keep)
{
    if (refused == NULL)
        return;
    const wf_io *io = refused->options.io;
    if (refused->file >= 0)
        WF_IGNORE(io->close(io, refused->file), "the file is removed");
    if (!keep && refused->next_path.text[0] != '\0') {
        const char *path = refused->placed ? refused->path.text : refused->next_path.text;
        WF_IGNORE(io->unlink(io, path), "what is left is removed by the next purge");
    }
    for (size_t i = 0; i < open_chunks; i++)
        wf_buffer_wipe(&refused->chunks[i].plain);
    wf_buffer_done(&refused->sealed);
    wf_buffer_done(&refused->source);
    free(refused);
}
