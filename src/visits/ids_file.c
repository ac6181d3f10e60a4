#include "visits/ids_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>

#include "base/bytes.h"

enum {
    file_version = 1,
    file_head_bytes = 16,
    record_head_bytes = 12,
    record_bytes = 1 << 20,
    // A record is closed once it has reached record_bytes.
    record_bytes_max = record_bytes + WF_ID_BYTES_MAX + 1 + WF_SEAL_BLOB_OVERHEAD,
    context_bytes = 8 + 4 + 4 + WF_SEAL_TAG_BYTES
};

static void put_file_head(unsigned char head[file_head_bytes], int32_t generation)
{
    memcpy(head, "WEFTDICT", 8);
    wf_put_u32(head + 8, file_version);
    wf_put_u32(head + 12, (uint32_t)generation);
}

static void put_context(unsigned char context[context_bytes], const wf_ids_mark *mark)
{
    memcpy(context, "weft ids", 8);
    wf_put_u32(context + 8, (uint32_t)mark->generation);
    wf_put_u32(context + 12, mark->records);
    memcpy(context + 16, mark->last_tag, WF_SEAL_TAG_BYTES);
}

static weft_status fail_damaged(const char *path, weft_error *error)
{
    return wf_fail(error, WEFT_DAMAGED, "visits.dictionary_damaged", "path", path, NULL);
}

// ---- loading ----

typedef struct {
    const wf_io *io;
    const char *path;
    const wf_key *key;
    int file;
    wf_ids *ids;
    wf_ids_mark read; // what has been read so far
    wf_buffer sealed;
    wf_buffer plain;
} loader;

// True if the content is well formed and follows what has been read.
static bool check_record(const loader *l, wf_id_class *ret_class, uint32_t *ret_count)
{
    const unsigned char *from = (const unsigned char *)l->plain.bytes;
    size_t size = l->plain.size;
    if (size < record_head_bytes)
        return false;
    uint32_t id_class = wf_get_u32(from), count = wf_get_u32(from + 8);
    if (id_class >= WF_ID_CLASS_COUNT || wf_get_u32(from + 4) != l->read.counts[id_class])
        return false;
    size_t at = record_head_bytes;
    for (uint32_t i = 0; i < count; i++) {
        if (at >= size || from[at] > WF_ID_BYTES_MAX)
            return false;
        at += 1u + from[at];
    }
    *ret_class = (wf_id_class)id_class;
    *ret_count = count;
    return at == size;
}

static weft_status load_record(loader *l, weft_error *error)
{
    unsigned char head[4], context[context_bytes];
    WF_TRY(
        wf_io_pread_all(l->io, l->file, head, 4, (off_t)l->read.length, l->path, error));
    uint32_t size = wf_get_u32(head);
    if (size < WF_SEAL_BLOB_OVERHEAD || size > record_bytes_max)
        return fail_damaged(l->path, error);
    wf_buffer_clear(&l->sealed);
    if (!wf_buffer_reserve(&l->sealed, size))
        return wf_fail_memory(error);
    WF_TRY(wf_io_pread_all(l->io, l->file, l->sealed.bytes, size,
                           (off_t)l->read.length + 4, l->path, error));
    l->sealed.size = size;
    put_context(context, &l->read);
    wf_buffer_clear(&l->plain);
    WF_TRY(wf_open_blob(l->key, (wf_text){(char *)context, sizeof context},
                        wf_buffer_text(&l->sealed), &l->plain, error));
    wf_id_class id_class;
    uint32_t count;
    if (!check_record(l, &id_class, &count))
        return fail_damaged(l->path, error);
    WF_TRY(wf_ids_load_block(l->ids, id_class,
                             (const unsigned char *)l->plain.bytes + record_head_bytes,
                             l->plain.size - record_head_bytes, count, error));
    l->read.length += 4 + (uint64_t)size;
    l->read.records++;
    l->read.counts[id_class] += count;
    memcpy(l->read.last_tag, l->sealed.bytes + size - WF_SEAL_TAG_BYTES,
           WF_SEAL_TAG_BYTES);
    return WEFT_OK;
}

static bool mark_equal(const wf_ids_mark *a, const wf_ids_mark *b)
{
    return a->length == b->length && a->records == b->records &&
           a->generation == b->generation &&
           memcmp(a->counts, b->counts, sizeof a->counts) == 0 &&
           memcmp(a->last_tag, b->last_tag, sizeof a->last_tag) == 0;
}

static weft_status load_all(loader *l, const wf_ids_mark *mark, weft_error *error)
{
    unsigned char head[file_head_bytes], wanted[file_head_bytes];
    put_file_head(wanted, mark->generation);
    WF_TRY(wf_io_pread_all(l->io, l->file, head, sizeof head, 0, l->path, error));
    if (memcmp(head, wanted, sizeof head) != 0)
        return fail_damaged(l->path, error);
    l->read = (wf_ids_mark){.length = file_head_bytes, .generation = mark->generation};
    while (l->read.length < mark->length)
        WF_TRY(load_record(l, error));
    return mark_equal(&l->read, mark) ? WEFT_OK : fail_damaged(l->path, error);
}

weft_status wf_ids_file_load(const wf_io *io, const char *path, const wf_key *key,
                             const wf_ids_mark *mark, unsigned threads, wf_ids *ids,
                             weft_error *error)
{
    if (mark->length == 0)
        return WEFT_OK;
    loader l = {.io = io, .path = path, .key = key, .ids = ids};
    l.file = io->open(io, path, O_RDONLY | O_CLOEXEC, 0);
    if (l.file < 0 && errno == ENOENT)
        return fail_damaged(path, error);
    if (l.file < 0)
        return wf_fail_errno(error, errno, "io.open", path);
    weft_status status = load_all(&l, mark, error);
    if (status == WEFT_DAMAGED)
        status = fail_damaged(path, error);
    if (status == WEFT_OK)
        status = wf_ids_index(ids, threads, error);
    WF_IGNORE(io->close(io, l.file), "a file only read loses nothing in closing");
    if (l.plain.capacity > 0)
        sodium_memzero(l.plain.bytes, l.plain.capacity);
    wf_buffer_done(&l.plain);
    wf_buffer_done(&l.sealed);
    return status;
}

// ---- appending ----

typedef struct {
    const wf_io *io;
    const char *path;
    const wf_key *key;
    int file;
    const wf_ids *ids;
    wf_ids_mark mark;
    wf_buffer plain;
    wf_buffer sealed;
} appender;

// Fills a->plain with one record that begins where the mark ends.
static bool print_record(appender *a, wf_id_class id_class, uint32_t *ret_count)
{
    uint32_t first = a->mark.counts[id_class], end = wf_ids_count(a->ids, id_class);
    uint32_t number = first;
    wf_buffer_clear(&a->plain);
    unsigned char head[record_head_bytes] = {0};
    if (!wf_buffer_append(&a->plain, head, sizeof head))
        return false;
    for (; number < end && a->plain.size < record_bytes; number++) {
        wf_text text = wf_ids_text(a->ids, id_class, number);
        unsigned char size = (unsigned char)text.size;
        if (!wf_buffer_append(&a->plain, &size, 1) ||
            !wf_buffer_append(&a->plain, text.bytes, text.size))
            return false;
    }
    wf_put_u32((unsigned char *)a->plain.bytes, (uint32_t)id_class);
    wf_put_u32((unsigned char *)a->plain.bytes + 4, first);
    wf_put_u32((unsigned char *)a->plain.bytes + 8, number - first);
    *ret_count = number - first;
    return true;
}

static weft_status append_record(appender *a, wf_id_class id_class, weft_error *error)
{
    uint32_t count;
    unsigned char context[context_bytes], size[4] = {0};
    put_context(context, &a->mark);
    wf_buffer_clear(&a->sealed);
    if (!print_record(a, id_class, &count) || !wf_buffer_append(&a->sealed, size, 4))
        return wf_fail_memory(error);
    WF_TRY(wf_seal_blob(a->key, (wf_text){(char *)context, sizeof context},
                        wf_buffer_text(&a->plain), &a->sealed, error));
    wf_put_u32((unsigned char *)a->sealed.bytes, (uint32_t)(a->sealed.size - 4));
    WF_TRY(wf_io_pwrite_all(a->io, a->file, a->sealed.bytes, a->sealed.size,
                            (off_t)a->mark.length, a->path, error));
    a->mark.length += a->sealed.size;
    a->mark.records++;
    a->mark.counts[id_class] += count;
    memcpy(a->mark.last_tag, a->sealed.bytes + a->sealed.size - WF_SEAL_TAG_BYTES,
           WF_SEAL_TAG_BYTES);
    return WEFT_OK;
}

static weft_status append_all(appender *a, weft_error *error)
{
    if (a->io->truncate(a->io, a->file, (off_t)a->mark.length) != 0)
        return wf_fail_errno(error, errno, "io.write", a->path);
    if (a->mark.length == 0) {
        unsigned char head[file_head_bytes];
        put_file_head(head, a->mark.generation);
        WF_TRY(wf_io_pwrite_all(a->io, a->file, head, sizeof head, 0, a->path, error));
        a->mark.length = file_head_bytes;
    }
    for (wf_id_class c = WF_ID_PERSON; c < WF_ID_CLASS_COUNT; c++)
        while (a->mark.counts[c] < wf_ids_count(a->ids, c))
            WF_TRY(append_record(a, c, error));
    if (a->io->sync(a->io, a->file) != 0)
        return wf_fail_errno(error, errno, "io.sync", a->path);
    return WEFT_OK;
}

weft_status wf_ids_file_append(const wf_io *io, const char *path, const wf_key *key,
                               const wf_ids *ids, wf_ids_mark *mark, weft_error *error)
{
    appender a = {.io = io, .path = path, .key = key, .ids = ids, .mark = *mark};
    a.file = io->open(io, path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (a.file < 0)
        return wf_fail_errno(error, errno, "io.open", path);
    weft_status status = append_all(&a, error);
    if (io->close(io, a.file) != 0 && status == WEFT_OK)
        status = wf_fail_errno(error, errno, "io.write", path);
    if (a.plain.capacity > 0)
        sodium_memzero(a.plain.bytes, a.plain.capacity);
    wf_buffer_done(&a.plain);
    wf_buffer_done(&a.sealed);
    if (status == WEFT_OK)
        *mark = a.mark;
    return status;
}
