// Writing a parcel; parcel.h draws it.
#include "keys/parcel.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "keys/key.h"
#include "keys/seal.h"

enum {
    version = 1,
    size_bytes = 4,
    push_bytes = 512 << 10, // written before they are sent to the disk
};

struct wf_parcel_key {
    wf_key key;
};

struct wf_parcel_writer {
    const wf_io *io;
    wf_path path;
    int file;
    wf_parcel_key *key;
    unsigned char context[wf_parcel_context_bytes];
    uint64_t pieces, bytes;   // written out
    uint64_t written, pushed; // bytes of the file
    size_t used;              // of plain
    unsigned char *plain;     // the piece under way, then room for one sealed
    unsigned char *sealed;
};

// ---- the key ----

weft_status wf_parcel_key_new(const wf_keys *keys, wf_parcel_key **ret, weft_error *error)
{
    const wf_key *ledger;
    _Static_assert(WF_SEAL_SECRET_BYTES == WF_KEY_BYTES, "a secret serves as a key");
    WF_TRY(wf_keys_find(keys, WF_KEY_LEDGER, (weft_day){0}, &ledger, error));
    wf_parcel_key *key = sodium_malloc(sizeof *key);
    if (key == NULL)
        return wf_fail_memory(error);
    wf_seal_derive(ledger, WF_TEXT("weft backup"), key->key.bytes);
    *ret = key;
    return WEFT_OK;
}

void wf_parcel_key_free(wf_parcel_key *key)
{
    sodium_free(key); // wipes; NULL does nothing
}

const wf_key *wf_parcel_key_of(const wf_parcel_key *key)
{
    return &key->key;
}

// ---- the file ----

static weft_status write_out(wf_parcel_writer *writer, const void *bytes, size_t size,
                             weft_error *error)
{
    const wf_io *io = writer->io;
    WF_TRY(wf_io_write_all(io, writer->file, bytes, size, writer->path.text, error));
    writer->written += size;
    uint64_t waits = writer->written - writer->pushed;
    if (io->push == NULL || waits < push_bytes)
        return WEFT_OK;
    if (io->push(io, writer->file, (off_t)writer->pushed, (off_t)waits) != 0)
        return wf_fail_errno(error, errno, "io.write", writer->path.text);
    writer->pushed = writer->written;
    return WEFT_OK;
}

// Seals what is in `plain` and writes it.
static weft_status write_piece(wf_parcel_writer *writer, uint32_t flag, weft_error *error)
{
    unsigned char *size = writer->context + wf_parcel_head_bytes;
    wf_put_u32(size, (uint32_t)writer->used | flag);
    memcpy(writer->sealed, size, size_bytes);
    wf_seal_piece(&writer->key->key, writer->context + 48, writer->pieces,
                  (wf_text){(const char *)writer->context, sizeof writer->context},
                  writer->plain, writer->used, writer->sealed + size_bytes);
    WF_TRY(write_out(writer, writer->sealed,
                     size_bytes + writer->used + WF_SEAL_TAG_BYTES, error));
    writer->pieces++;
    writer->bytes += writer->used;
    writer->used = 0;
    return WEFT_OK;
}

static weft_status start(wf_parcel_writer *writer, const wf_keys *keys,
                         const char *city_id, weft_error *error)
{
    const wf_io *io = writer->io;
    enum { sealed_bytes = size_bytes + wf_parcel_piece_bytes + WF_SEAL_TAG_BYTES };
    WF_TRY(wf_parcel_key_new(keys, &writer->key, error));
    writer->plain = malloc(wf_parcel_piece_bytes);
    writer->sealed = malloc(sealed_bytes);
    if (writer->plain == NULL || writer->sealed == NULL)
        return wf_fail_memory(error);
    memcpy(writer->context, "WEFTPARC", 8);
    wf_put_u32(writer->context + 8, version);
    wf_put_u32(writer->context + 12, wf_parcel_piece_bytes);
    memcpy(writer->context + 16, city_id, 32);
    wf_random_bytes(writer->context + 48, WF_KEYS_ID_BYTES);
    // O_EXCL after an unlink: a file left by a crash may have other rights.
    WF_IGNORE(io->unlink(io, writer->path.text),
              "usually nothing is there; O_EXCL sees what stays");
    writer->file =
        io->open(io, writer->path.text, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (writer->file < 0)
        return wf_fail_errno(error, errno, "io.open", writer->path.text);
    return write_out(writer, writer->context, wf_parcel_head_bytes, error);
}

weft_status wf_parcel_create(const wf_io *io, const char *path, const wf_keys *keys,
                             const char *city_id, wf_parcel_writer **ret,
                             weft_error *error)
{
    wf_parcel_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL)
        return wf_fail_memory(error);
    writer->io = io;
    writer->file = -1;
    weft_status status = wf_path_join(path, "", &writer->path, error);
    if (status == WEFT_OK) {
        memcpy(writer->path.text, path, strlen(path) + 1); // without the slash
        status = start(writer, keys, city_id, error);
    }
    if (status == WEFT_OK) {
        *ret = writer;
        return WEFT_OK;
    }
    if (writer->file >= 0)
        WF_IGNORE(io->unlink(io, writer->path.text), "there is nothing in it");
    wf_parcel_writer_free(writer);
    return status;
}

const unsigned char *wf_parcel_writer_id(const wf_parcel_writer *writer)
{
    return writer->context + 48;
}

weft_status wf_parcel_add(wf_parcel_writer *writer, const void *bytes, size_t size,
                          weft_error *error)
{
    const unsigned char *from = bytes;
    while (size > 0) {
        size_t room = wf_parcel_piece_bytes - writer->used;
        size_t part = size < room ? size : room;
        memcpy(writer->plain + writer->used, from, part);
        writer->used += part;
        from += part;
        size -= part;
        if (writer->used == wf_parcel_piece_bytes)
            WF_TRY(write_piece(writer, 0, error));
    }
    return WEFT_OK;
}

weft_status wf_parcel_finish(wf_parcel_writer *writer, weft_error *error)
{
    const wf_io *io = writer->io;
    if (writer->used > 0)
        WF_TRY(write_piece(writer, 0, error));
    wf_put_u64(writer->plain, writer->pieces);
    wf_put_u64(writer->plain + 8, writer->bytes);
    writer->used = wf_parcel_end_bytes;
    WF_TRY(write_piece(writer, WF_PARCEL_LAST, error));
    if (io->sync(io, writer->file) != 0)
        return wf_fail_errno(error, errno, "io.sync", writer->path.text);
    int file = writer->file;
    writer->file = -1;
    if (io->close(io, file) != 0)
        return wf_fail_errno(error, errno, "io.write", writer->path.text);
    return WEFT_OK;
}

void wf_parcel_writer_free(wf_parcel_writer *writer)
{
    if (writer == NULL)
        return;
    if (writer->file >= 0)
        WF_IGNORE(writer->io->close(writer->io, writer->file), "it is given up");
    if (writer->plain != NULL)
        sodium_memzero(writer->plain, wf_parcel_piece_bytes);
    free(writer->plain);
    free(writer->sealed);
    wf_parcel_key_free(writer->key);
    free(writer);
}
