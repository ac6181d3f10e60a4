// Reading a parcel; parcel.h draws it.
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "keys/parcel.h"
#include "keys/seal.h"

enum { version = 1, size_bytes = 4 };

struct wf_parcel_reader {
    const wf_io *io;
    wf_path path;
    int file;
    wf_parcel_about about;
    wf_parcel_key *key;
    unsigned char context[wf_parcel_context_bytes];
    uint64_t pieces, bytes;  // opened
    bool short_piece, ended; // only the last may follow; it has come
    size_t at, used;         // of plain
    size_t room;             // of plain; grows to the largest piece that came
    unsigned char *plain;    // one piece
    unsigned char *sealed;   // one piece with its tag
};

static weft_status fail_damaged(const wf_parcel_reader *reader, weft_error *error)
{
    char number[WF_NUMBER_TEXT_MAX];
    wf_error_clear(error);
    return wf_fail(error, WEFT_DAMAGED, "parcel.damaged", "path", reader->path.text,
                   "piece", wf_number_text(number, (int64_t)reader->pieces), NULL);
}

// Up to `size` bytes, less only at the end of the file.
static weft_status read_bytes(const wf_parcel_reader *reader, unsigned char *to,
                              size_t size, size_t *ret, weft_error *error)
{
    size_t done = 0;
    while (done < size) {
        ssize_t got = reader->io->read(reader->io, reader->file, to + done, size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return wf_fail_errno(error, errno, "io.read", reader->path.text);
        if (got == 0)
            break;
        done += (size_t)got;
    }
    *ret = done;
    return WEFT_OK;
}

// ---- opening ----

static weft_status read_head(wf_parcel_reader *reader, weft_error *error)
{
    unsigned char *head = reader->context;
    wf_parcel_about *about = &reader->about;
    size_t size = 0;
    WF_TRY(read_bytes(reader, head, wf_parcel_head_bytes, &size, error));
    memcpy(about->city_id, head + 16, 32);
    memcpy(about->id, head + 48, sizeof about->id);
    if (size == wf_parcel_head_bytes && memcmp(head, "WEFTPARC", 8) == 0 &&
        wf_get_u32(head + 8) == version &&
        wf_get_u32(head + 12) == wf_parcel_piece_bytes &&
        strspn(about->city_id, "0123456789abcdef") == 32)
        return WEFT_OK;
    return wf_fail(error, WEFT_DAMAGED, "parcel.none", "path", reader->path.text, NULL);
}

static weft_status start(wf_parcel_reader *reader, const char *path, weft_error *error)
{
    const wf_io *io = reader->io;
    WF_TRY(wf_path_join(path, "", &reader->path, error));
    memcpy(reader->path.text, path, strlen(path) + 1); // without the slash
    reader->file = io->open(io, path, O_RDONLY | O_CLOEXEC, 0);
    if (reader->file < 0 && (errno == ENOENT || errno == ENOTDIR))
        return wf_fail(error, WEFT_NOT_FOUND, "io.missing", "path", path, NULL);
    if (reader->file < 0)
        return wf_fail_errno(error, errno, "io.open", path);
    return read_head(reader, error);
}

weft_status wf_parcel_open(const wf_io *io, const char *path, wf_parcel_reader **ret,
                           weft_error *error)
{
    wf_parcel_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return wf_fail_memory(error);
    reader->io = io;
    reader->file = -1;
    weft_status status = start(reader, path, error);
    if (status == WEFT_OK)
        *ret = reader;
    else
        wf_parcel_reader_free(reader);
    return status;
}

static void free_room(wf_parcel_reader *reader)
{
    if (reader->plain != NULL)
        sodium_memzero(reader->plain, reader->room);
    free(reader->plain);
    free(reader->sealed);
    reader->plain = reader->sealed = NULL;
    reader->room = 0;
}

void wf_parcel_reader_free(wf_parcel_reader *reader)
{
    if (reader == NULL)
        return;
    if (reader->file >= 0)
        WF_IGNORE(reader->io->close(reader->io, reader->file), "it was only read");
    free_room(reader);
    wf_parcel_key_free(reader->key);
    free(reader);
}

const wf_parcel_about *wf_parcel_reader_about(const wf_parcel_reader *reader)
{
    return &reader->about;
}

weft_status wf_parcel_unlock(wf_parcel_reader *reader, const wf_keys *keys,
                             weft_error *error)
{
    wf_parcel_key *key = NULL;
    if (sodium_init() < 0)
        return wf_fail(error, WEFT_STORAGE, "keys.no_sodium", NULL);
    WF_TRY(wf_parcel_key_new(keys, &key, error));
    wf_parcel_key_free(reader->key);
    reader->key = key;
    return WEFT_OK;
}

// ---- pieces ----

static weft_status end(wf_parcel_reader *reader, size_t size, weft_error *error)
{
    unsigned char more;
    size_t behind = 0;
    if (size != wf_parcel_end_bytes || wf_get_u64(reader->plain) != reader->pieces ||
        wf_get_u64(reader->plain + 8) != reader->bytes)
        return fail_damaged(reader, error);
    WF_TRY(read_bytes(reader, &more, 1, &behind, error));
    if (behind != 0)
        return fail_damaged(reader, error);
    reader->ended = true;
    return WEFT_OK;
}

// For a piece of `size` bytes; what was in the room before is read.
static weft_status make_room(wf_parcel_reader *reader, size_t size, weft_error *error)
{
    if (size <= reader->room)
        return WEFT_OK;
    free_room(reader);
    reader->plain = malloc(size);
    reader->sealed = malloc(size + WF_SEAL_TAG_BYTES);
    if (reader->plain == NULL || reader->sealed == NULL)
        return wf_fail_memory(error);
    reader->room = size;
    return WEFT_OK;
}

static weft_status next_piece(wf_parcel_reader *reader, weft_error *error)
{
    unsigned char *head = reader->context + wf_parcel_head_bytes;
    size_t got = 0;
    WF_TRY(read_bytes(reader, head, size_bytes, &got, error));
    uint32_t size = wf_get_u32(head) & ~WF_PARCEL_LAST;
    bool last = (wf_get_u32(head) & WF_PARCEL_LAST) != 0;
    if (got != size_bytes || size == 0 || size > wf_parcel_piece_bytes ||
        (reader->short_piece && !last))
        return fail_damaged(reader, error);
    WF_TRY(make_room(reader, size, error));
    WF_TRY(read_bytes(reader, reader->sealed, size + WF_SEAL_TAG_BYTES, &got, error));
    if (got != size + WF_SEAL_TAG_BYTES ||
        !wf_open_piece(wf_parcel_key_of(reader->key), reader->context + 48,
                       reader->pieces,
                       (wf_text){(const char *)reader->context, sizeof reader->context},
                       reader->sealed, got, reader->plain))
        return fail_damaged(reader, error);
    if (last)
        return end(reader, size, error);
    reader->short_piece = size < wf_parcel_piece_bytes;
    reader->pieces++;
    reader->bytes += size;
    reader->at = 0;
    reader->used = size;
    return WEFT_OK;
}

weft_status wf_parcel_read_some(wf_parcel_reader *reader, void *ret, size_t size,
                                size_t *ret_size, weft_error *error)
{
    WF_ASSERT(reader->key != NULL && size > 0);
    if (reader->at == reader->used && !reader->ended)
        WF_TRY(next_piece(reader, error));
    size_t left = reader->used - reader->at;
    size_t part = size < left ? size : left;
    if (part > 0)
        memcpy(ret, reader->plain + reader->at, part);
    reader->at += part;
    *ret_size = part;
    return WEFT_OK;
}

weft_status wf_parcel_read(wf_parcel_reader *reader, void *ret, size_t size,
                           weft_error *error)
{
    unsigned char *to = ret;
    while (size > 0) {
        size_t part = 0;
        WF_TRY(wf_parcel_read_some(reader, to, size, &part, error));
        if (part == 0)
            return fail_damaged(reader, error);
        to += part;
        size -= part;
    }
    return WEFT_OK;
}
