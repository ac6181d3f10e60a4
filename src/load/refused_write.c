// Refused rows written to a file, and how the file becomes visible with its import.
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "load/record.h"
#include "load/refused.h"
#include "load/refused_file.h"

enum {
    day_chunks = 512, // days whose chunks are filled side by side
    open_chunks,      // and one for rows under the key of the day of receipt
    undated_chunk = day_chunks,
    new_keys_max = 400,      // days that get a key only because of refused rows
    days_back_max = 366 * 2, // older days are taken for wrong dates
    mark_digits = 16
};

// Where in a chunk a reason was given.
typedef struct {
    uint32_t at, size;
} given_reason;

typedef struct {
    weft_day day;
    uint32_t rows;
    uint64_t first; // number of its first row in the delivery
    uint64_t line;  // of its last row
    wf_buffer plain;
    given_reason reasons[refused_reasons_max];
    size_t reasons_count;
} row_chunk;

struct wf_refused {
    wf_refused_options options;
    wf_path folder;
    wf_path path;  // where the file is at present
    wf_path shown; // what it will be called
    int file;      // −1: not open
    bool written;  // a file is there
    bool complete, visible;
    unsigned char head[refused_head_bytes];
    row_chunk chunks[open_chunks];
    uint32_t chunks_count; // written
    uint64_t rows;
    unsigned keys_made;
    crypto_generichash_state content; // of all that was refused
    wf_buffer sealed, source;
    wf_buffer reason; // of the row at hand, as a chunk holds it
    size_t source_number;
    bool source_said; // in the file
};

// ---- numbers and texts ----

static bool put_number(wf_buffer *buffer, uint64_t number)
{
    unsigned char bytes[10];
    size_t size = 0;
    do {
        bytes[size++] = (unsigned char)((number & 0x7F) | (number > 0x7F ? 0x80 : 0));
        number >>= 7;
    } while (number > 0);
    return wf_buffer_append(buffer, bytes, size);
}

// A difference modulo 2^64: small ones of both signs are short.
static bool put_step(wf_buffer *buffer, uint64_t step)
{
    return put_number(buffer, step >> 63 != 0 ? ~(step << 1) : step << 1);
}

static bool put_text(wf_buffer *buffer, wf_text text)
{
    return put_number(buffer, text.size) &&
           wf_buffer_append(buffer, text.bytes, text.size);
}

// ---- what was refused, as one hash ----

static void hash_number(wf_refused *refused, uint64_t number)
{
    unsigned char bytes[8];
    wf_put_u64(bytes, number);
    crypto_generichash_update(&refused->content, bytes, sizeof bytes);
}

static void hash_text(wf_refused *refused, wf_text text)
{
    hash_number(refused, text.size);
    crypto_generichash_update(&refused->content, (const unsigned char *)text.bytes,
                              text.size);
}

weft_status wf_refused_new(const wf_refused_options *options, wf_refused **ret,
                           weft_error *error)
{
    wf_refused *refused = calloc(1, sizeof *refused);
    if (refused == NULL)
        return wf_fail_memory(error);
    refused->options = *options;
    refused->file = -1;
    crypto_generichash_init(&refused->content, NULL, 0, WF_SEAL_SECRET_BYTES);
    hash_number(refused, options->kind);
    hash_text(refused, options->mapping_yaml);
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
                           refused->sealed.size, refused->path.text, error);
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
    bool undated = chunk == &refused->chunks[undated_chunk];
    WF_TRY(write_chunk(refused, CHUNK_ROWS, undated ? WF_KEY_REFUSED : WF_KEY_VISITS,
                       undated ? refused->options.received : chunk->day, chunk->rows,
                       wf_buffer_text(&chunk->plain), error));
    wf_buffer_clear(&chunk->plain);
    chunk->rows = 0;
    chunk->line = 0;
    chunk->reasons_count = 0;
    return WEFT_OK;
}

// In the order of their first rows, which is what a reader would expect.
static weft_status flush_all(wf_refused *refused, weft_error *error)
{
    for (;;) {
        row_chunk *first = NULL;
        for (size_t i = 0; i < open_chunks; i++) {
            row_chunk *chunk = &refused->chunks[i];
            if (chunk->rows > 0 && (first == NULL || chunk->first < first->first))
                first = chunk;
        }
        if (first == NULL)
            return WEFT_OK;
        WF_TRY(flush_rows(refused, first, error));
    }
}

// ---- the file ----

// "<folder>/<day>-<16 hex digits>.rows<more>".
static weft_status file_path(const wf_refused *refused, weft_day day, uint64_t mark,
                             const char *more, wf_path *ret, weft_error *error)
{
    char text[WF_DAY_TEXT_MAX], name[WF_REFUSED_NAME_MAX];
    int size = snprintf(name, sizeof name, "%s-%0*llx%s%s", wf_day_text(text, day),
                        mark_digits, (unsigned long long)mark, refused_suffix, more);
    WF_ASSERT(size > 0 && (size_t)size < sizeof name);
    return wf_path_join(refused->folder.text, name, ret, error);
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

static weft_status write_about(wf_refused *refused, weft_error *error)
{
    wf_buffer plain = {0};
    bool put = put_text(&plain, refused->options.mapping_name) &&
               put_text(&plain, refused->options.mapping_yaml);
    weft_status status =
        put ? write_own(refused, CHUNK_ABOUT, 0, wf_buffer_text(&plain), error)
            : wf_fail_memory(error);
    wf_buffer_done(&plain);
    return status;
}

static weft_status begin_file(wf_refused *refused, weft_error *error)
{
    const wf_io *io = refused->options.io;
    uint64_t mark = 0;
    WF_TRY(wf_refused_folder_path(refused->options.city_dir, &refused->folder, error));
    WF_TRY(make_folder(refused, error));
    wf_random_bytes(&mark, sizeof mark);
    WF_TRY(file_path(refused, refused->options.received, mark, ".next", &refused->path,
                     error));
    refused->file = io->open(io, refused->path.text, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (refused->file < 0)
        return wf_fail_errno(error, errno, "io.open", refused->path.text);
    refused->written = true;
    memcpy(refused->head, refused_magic, sizeof refused_magic);
    wf_random_bytes(refused->head + 8, refused_nonce_bytes);
    wf_put_u64(refused->head + 24, (uint64_t)refused->options.now.us);
    wf_put_u32(refused->head + 32, (uint32_t)refused->options.kind);
    WF_TRY(wf_io_write_all(io, refused->file, refused->head, sizeof refused->head,
                           refused->path.text, error));
    return write_about(refused, error);
}

weft_status wf_refused_source(wf_refused *refused, size_t number, const char *name,
                              wf_text header, weft_error *error)
{
    refused->source_number = number;
    refused->source_said = false;
    wf_buffer_clear(&refused->source);
    if (!put_number(&refused->source, number) ||
        !put_text(&refused->source, wf_text_of(name)) ||
        !put_text(&refused->source, header))
        return wf_fail_memory(error);
    return WEFT_OK;
}

static weft_status say_source(wf_refused *refused, weft_error *error)
{
    // Rows of the source before must not come after this in the file.
    WF_TRY(flush_all(refused, error));
    wf_text source = wf_buffer_text(&refused->source);
    hash_text(refused, source);
    refused->source_said = true;
    return write_own(refused, CHUNK_SOURCE, 0, source, error);
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

// The chunk for the row, with room for it: days less than 512 apart do not meet.
static weft_status chunk_of(wf_refused *refused, const wf_refused_row *row,
                            row_chunk **ret, weft_error *error)
{
    row_chunk *chunk = &refused->chunks[undated_chunk];
    bool begun = false;
    if (row->dated) {
        chunk = &refused->chunks[(uint32_t)row->day.number % day_chunks];
        begun = chunk->rows > 0 && chunk->day.number == row->day.number;
    }
    if (!begun && row->dated) {
        if (!day_has_key(refused, row->day))
            chunk = &refused->chunks[undated_chunk];
        else if (chunk->day.number != row->day.number)
            WF_TRY(flush_rows(refused, chunk, error));
    }
    if (chunk->rows > 0 && chunk->plain.size + row->raw.size > refused_chunk_bytes)
        WF_TRY(flush_rows(refused, chunk, error));
    if (chunk->rows == 0) {
        chunk->day = row->day;
        chunk->first = refused->rows;
    }
    *ret = chunk;
    return WEFT_OK;
}

static bool compose_reason(wf_buffer *to, const wf_refused_row *row)
{
    WF_ASSERT(row->params_count <= WEFT_ERROR_PARAMS_MAX);
    to->size = 0;
    if (!put_text(to, row->code) || !put_text(to, row->field) ||
        !put_number(to, row->params_count))
        return false;
    for (size_t i = 0; i < row->params_count; i++)
        if (!put_text(to, wf_text_of(row->params[i].name)) ||
            !put_text(to, wf_text_of(row->params[i].value)))
            return false;
    return true;
}

static bool put_reason(row_chunk *chunk, wf_text reason)
{
    wf_buffer *plain = &chunk->plain;
    for (size_t i = 0; i < chunk->reasons_count; i++) {
        const given_reason *given = &chunk->reasons[i];
        if (wf_text_equal((wf_text){plain->bytes + given->at, given->size}, reason))
            return put_number(plain, i + 1);
    }
    if (!put_number(plain, 0))
        return false;
    const given_reason given = {(uint32_t)plain->size, (uint32_t)reason.size};
    if (!wf_buffer_append(plain, reason.bytes, reason.size))
        return false;
    if (chunk->reasons_count < refused_reasons_max)
        chunk->reasons[chunk->reasons_count++] = given;
    return true;
}

weft_status wf_refused_add(wf_refused *refused, const wf_refused_row *row,
                           weft_error *error)
{
    row_chunk *chunk = NULL;
    WF_ASSERT(row->source == refused->source_number);
    if (!refused->written)
        WF_TRY(begin_file(refused, error));
    if (!refused->source_said)
        WF_TRY(say_source(refused, error));
    WF_TRY(chunk_of(refused, row, &chunk, error));
    if (!compose_reason(&refused->reason, row) ||
        !put_reason(chunk, wf_buffer_text(&refused->reason)) ||
        !put_step(&chunk->plain, row->line - chunk->line) ||
        !put_text(&chunk->plain, row->raw))
        return wf_fail_memory(error);
    chunk->line = row->line;
    chunk->rows++;
    refused->rows++;
    hash_number(refused, row->line);
    hash_text(refused, row->raw);
    return WEFT_OK;
}

// ---- the end ----

// The digits of the content under the key of a day: without the ring nobody can tell
// from a name what was refused.
static uint64_t mark_of(const wf_key *key, const unsigned char *content)
{
    static const char purpose[] = "weft refused content";
    unsigned char text[sizeof purpose + WF_SEAL_SECRET_BYTES];
    unsigned char secret[WF_SEAL_SECRET_BYTES];
    memcpy(text, purpose, sizeof purpose);
    memcpy(text + sizeof purpose, content, WF_SEAL_SECRET_BYTES);
    wf_seal_derive(key, (wf_text){(const char *)text, sizeof text}, secret);
    return wf_get_u64(secret);
}

// The name of the file that already holds this content, else one of today.
static weft_status choose_name(wf_refused *refused, wf_arena *arena, weft_error *error)
{
    unsigned char content[WF_SEAL_SECRET_BYTES];
    weft_day *days;
    size_t count = 0;
    const wf_key *key = NULL;
    crypto_generichash_final(&refused->content, content, sizeof content);
    WF_TRY(
        wf_keys_days(refused->options.keys, WF_KEY_REFUSED, arena, &days, &count, error));
    for (size_t i = 0; i < count; i++) {
        WF_TRY(wf_keys_find(refused->options.keys, WF_KEY_REFUSED, days[i], &key, error));
        WF_TRY(file_path(refused, days[i], mark_of(key, content), "", &refused->shown,
                         error));
        if (wf_io_exists(refused->options.io, refused->shown.text))
            return WEFT_OK;
    }
    WF_TRY(wf_keys_find(refused->options.keys, WF_KEY_REFUSED, refused->options.received,
                        &key, error));
    return file_path(refused, refused->options.received, mark_of(key, content), "",
                     &refused->shown, error);
}

static weft_status find_name(wf_refused *refused, weft_error *error)
{
    wf_arena arena;
    if (refused->options.replaces != NULL)
        return wf_path_join(refused->folder.text, refused->options.replaces,
                            &refused->shown, error);
    wf_arena_init(&arena, 0);
    weft_status status = choose_name(refused, &arena, error);
    wf_arena_done(&arena);
    return status;
}

static weft_status write_end(wf_refused *refused, weft_error *error)
{
    wf_buffer plain = {0};
    WF_TRY(flush_all(refused, error));
    weft_status status = put_number(&plain, refused->rows)
                             ? write_own(refused, CHUNK_END, (uint32_t)refused->rows,
                                         wf_buffer_text(&plain), error)
                             : wf_fail_memory(error);
    wf_buffer_done(&plain);
    return status;
}

static weft_status close_file(wf_refused *refused, weft_error *error)
{
    const wf_io *io = refused->options.io;
    int file = refused->file;
    if (io->sync(io, file) != 0)
        return wf_fail_errno(error, errno, "io.sync", refused->path.text);
    refused->file = -1;
    if (io->close(io, file) != 0)
        return wf_fail_errno(error, errno, "io.write", refused->path.text);
    return WEFT_OK;
}

static weft_status move_to(wf_refused *refused, const wf_path *to, weft_error *error)
{
    const wf_io *io = refused->options.io;
    if (io->rename(io, refused->path.text, to->text) != 0)
        return wf_fail_errno(error, errno, "io.rename", to->text);
    refused->path = *to;
    if (io->sync_dir(io, refused->folder.text) != 0)
        return wf_fail_errno(error, errno, "io.sync", refused->folder.text);
    return WEFT_OK;
}

// The name until the commit that is awaited: "….rows.next-v18".
static weft_status awaiting_path(const wf_refused *refused, const wf_refused_commits *now,
                                 wf_path *ret, weft_error *error)
{
    bool registers = !wf_load_is_stays(refused->options.kind);
    uint64_t commit = 1 + (registers ? now->registers : now->visits);
    int size =
        snprintf(ret->text, sizeof ret->text, "%s.next-%c%llu", refused->shown.text,
                 registers ? 'r' : 'v', (unsigned long long)commit);
    if (size > 0 && (size_t)size < sizeof ret->text)
        return WEFT_OK;
    return wf_fail(error, WEFT_BAD_INPUT, "io.path_too_long", "path", refused->shown.text,
                   NULL);
}

weft_status wf_refused_finish(wf_refused *refused, const wf_refused_commits *now,
                              wf_path *ret_path, weft_error *error)
{
    wf_path awaiting;
    ret_path->text[0] = '\0';
    if (refused->rows == 0)
        return WEFT_OK;
    WF_TRY(write_end(refused, error));
    WF_TRY(wf_keys_commit(refused->options.keys, error));
    WF_TRY(close_file(refused, error));
    WF_TRY(find_name(refused, error));
    WF_TRY(awaiting_path(refused, now, &awaiting, error));
    WF_TRY(move_to(refused, &awaiting, error));
    refused->complete = true;
    *ret_path = refused->shown;
    return WEFT_OK;
}

void wf_refused_show(wf_refused *refused)
{
    weft_error error = {0};
    if (!refused->complete)
        return;
    refused->visible = true;
    WF_IGNORE(move_to(refused, &refused->shown, &error),
              "the import has happened; the next settling gives the file its name");
}

void wf_refused_free(wf_refused *refused, bool keep)
{
    if (refused == NULL)
        return;
    const wf_io *io = refused->options.io;
    if (refused->file >= 0)
        WF_IGNORE(io->close(io, refused->file), "the file is removed");
    if (refused->written && !refused->visible && !(keep && refused->complete))
        WF_IGNORE(io->unlink(io, refused->path.text),
                  "what is left is removed by the next settling");
    for (size_t i = 0; i < open_chunks; i++)
        wf_buffer_wipe(&refused->chunks[i].plain);
    wf_buffer_done(&refused->sealed);
    wf_buffer_done(&refused->source);
    wf_buffer_wipe(&refused->reason);
    free(refused);
}
