// A sealed segment on disk:
//
//   OFFSET SIZE
//   0      8    "WEFTDAY1"
//   8      4    civil day, little endian like all that follows
//   12     4    bytes of a piece, 262,144
//   16     8    generation
//   24     8    bytes of the content
//   32     16   nonce of the pieces
//   48     32   BLAKE2b-256 of the tags of all pieces, in their order
//   80     32   BLAKE2b-256 of the 80 bytes before: tells a flipped header from that of
//               another file
//   112    …    pieces: 262,144 bytes of content, the last one what is left, each sealed
//               and followed by its tag of 16 bytes
//
// A piece authenticates the header up to the nonce, and its own number.
#include "visits/day_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/pages.h"
#include "base/parallel.h"
#include "keys/seal.h"

enum {
    piece_bytes = 256 * 1024,
    sealed_piece_bytes = piece_bytes + WF_SEAL_TAG_BYTES,
    at_day = 8,
    at_piece = 12,
    at_generation = 16,
    at_size = 24,
    at_nonce = 32,
    at_tags_hash = 48,
    at_header_hash = 80,
    header_bytes = 112,
    context_bytes = at_tags_hash,
    threads_max = 64,
    // One thread takes as many pieces at a time as fill a huge page of what is opened:
    // two that touch a fresh one at once both wait for it to be zeroed.
    run_pieces = 8
};

// A day of WF_SEGMENT_ROWS_MAX rows is far below; keeps offsets of a file in 63 bits.
#define CONTENT_BYTES_MAX (UINT64_C(1) << 40)

static void hash_of(const void *bytes, size_t size, unsigned char *ret)
{
    int failed = crypto_generichash(ret, WF_DAY_FILE_HASH_BYTES, bytes, size, NULL, 0);
    WF_ASSERT(failed == 0);
}

static uint64_t pieces_of(uint64_t size)
{
    return (size + piece_bytes - 1) / piece_bytes;
}

static uint64_t file_bytes(uint64_t size)
{
    return header_bytes + size + pieces_of(size) * WF_SEAL_TAG_BYTES;
}

static weft_status fail_damaged(const char *path, const char *reason, weft_error *error)
{
    wf_error_clear(error); // what the reading of a short file said
    return wf_fail(error, WEFT_DAMAGED, "visits.day_file_damaged", "path", path, "reason",
                   reason, NULL);
}

// Pieces of one file, worked on by several threads.
typedef struct pieces {
    const wf_io *io;
    const char *path;
    int file;
    const wf_key *key;
    void (*work)(struct pieces *p, unsigned thread, size_t piece);
    unsigned char header[header_bytes];
    unsigned char *content;
    uint64_t size;
    unsigned char *tags;
    unsigned char *sealed[threads_max]; // room for the largest piece, one a thread
    atomic_bool failed;                 // pieces after the first failure are left
    atomic_flag told;                   // the first failure fills what follows
    weft_status status;
    weft_error error;
} pieces;

static void piece_fails(pieces *p, weft_status status, const weft_error *error)
{
    atomic_store(&p->failed, true);
    if (atomic_flag_test_and_set(&p->told))
        return;
    p->status = status;
    p->error = *error;
}

static size_t piece_size(const pieces *p, size_t piece)
{
    uint64_t left = p->size - (uint64_t)piece * piece_bytes;
    return left < piece_bytes ? (size_t)left : piece_bytes;
}

static off_t piece_at(size_t piece)
{
    return (off_t)(header_bytes + (uint64_t)piece * sealed_piece_bytes);
}

static wf_text context_of(const pieces *p)
{
    return (wf_text){(const char *)p->header, context_bytes};
}

static weft_status pieces_new(pieces *p, unsigned threads, weft_error *error)
{
    p->tags = malloc((size_t)pieces_of(p->size) * WF_SEAL_TAG_BYTES);
    if (p->tags == NULL)
        return wf_fail_memory(error);
    for (unsigned i = 0; i < threads; i++) {
        p->sealed[i] = malloc(piece_size(p, 0) + WF_SEAL_TAG_BYTES);
        if (p->sealed[i] == NULL)
            return wf_fail_memory(error);
    }
    return WEFT_OK;
}

static void pieces_done(pieces *p)
{
    for (unsigned i = 0; i < threads_max; i++)
        free(p->sealed[i]);
    free(p->tags);
}

static unsigned sane_threads(unsigned threads)
{
    return threads == 0 ? 1 : threads > threads_max ? threads_max : threads;
}

static void work_on_run(void *job, unsigned thread, size_t run)
{
    pieces *p = job;
    size_t end = (size_t)pieces_of(p->size), first = run * run_pieces;
    for (size_t i = first; i < end && i - first < run_pieces; i++) {
        if (atomic_load(&p->failed))
            return;
        p->work(p, thread, i);
    }
}

// Works on all pieces and gives the first failure.
static weft_status all_pieces(pieces *p, unsigned threads,
                              void (*work)(pieces *p, unsigned thread, size_t piece),
                              weft_error *error)
{
    p->work = work;
    size_t runs = ((size_t)pieces_of(p->size) + run_pieces - 1) / run_pieces;
    wf_parallel_for(threads, runs, work_on_run, p);
    if (atomic_load(&p->failed)) {
        *error = p->error;
        return p->status;
    }
    return WEFT_OK;
}

// ---- writing ----

static void write_piece(pieces *p, unsigned thread, size_t piece)
{
    size_t size = piece_size(p, piece);
    unsigned char *sealed = p->sealed[thread];
    wf_seal_piece(p->key, p->header + at_nonce, piece, context_of(p),
                  p->content + piece * piece_bytes, size, sealed);
    memcpy(p->tags + piece * WF_SEAL_TAG_BYTES, sealed + size, WF_SEAL_TAG_BYTES);
    weft_error error = {0};
    weft_status status =
        wf_io_pwrite_all(p->io, p->file, sealed, size + WF_SEAL_TAG_BYTES,
                         piece_at(piece), p->path, &error);
    if (status != WEFT_OK)
        piece_fails(p, status, &error);
}

static weft_status write_all(pieces *p, unsigned threads, weft_error *error)
{
    WF_TRY(pieces_new(p, threads, error));
    WF_TRY(all_pieces(p, threads, write_piece, error));
    hash_of(p->tags, (size_t)pieces_of(p->size) * WF_SEAL_TAG_BYTES,
            p->header + at_tags_hash);
    hash_of(p->header, at_header_hash, p->header + at_header_hash);
    WF_TRY(wf_io_pwrite_all(p->io, p->file, p->header, header_bytes, 0, p->path, error));
    if (p->io->sync(p->io, p->file) != 0)
        return wf_fail_errno(error, errno, "io.sync", p->path);
    return WEFT_OK;
}

static void put_header(pieces *p, weft_day day, uint64_t generation)
{
    memcpy(p->header, "WEFTDAY1", 8);
    wf_put_u32(p->header + at_day, (uint32_t)day.number);
    wf_put_u32(p->header + at_piece, piece_bytes);
    wf_put_u64(p->header + at_generation, generation);
    wf_put_u64(p->header + at_size, p->size);
    wf_random_bytes(p->header + at_nonce, WF_SEAL_PIECE_NONCE_BYTES);
}

weft_status wf_day_file_write(const wf_io *io, const char *path, const wf_key *key,
                              weft_day day, uint64_t generation, wf_text content,
                              unsigned threads, wf_day_file_hash *ret_hash,
                              uint64_t *ret_size, weft_error *error)
{
    WF_ASSERT(content.size > 0 && content.size <= CONTENT_BYTES_MAX);
    pieces p = {.io = io,
                .path = path,
                .key = key,
                .content = (unsigned char *)(uintptr_t)content.bytes, // only read
                .size = content.size,
                .told = ATOMIC_FLAG_INIT};
    put_header(&p, day, generation);
    p.file = io->open(io, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (p.file < 0)
        return wf_fail_errno(error, errno, "io.open", path);
    weft_status status = write_all(&p, sane_threads(threads), error);
    if (io->close(io, p.file) != 0 && status == WEFT_OK)
        status = wf_fail_errno(error, errno, "io.write", path);
    pieces_done(&p);
    if (status != WEFT_OK)
        return status;
    hash_of(p.header, header_bytes, ret_hash->bytes);
    *ret_size = file_bytes(p.size);
    return WEFT_OK;
}

// ---- reading ----

static void read_piece(pieces *p, unsigned thread, size_t piece)
{
    size_t size = piece_size(p, piece);
    unsigned char *sealed = p->sealed[thread];
    weft_error error = {0};
    weft_status status = wf_io_pread_all(p->io, p->file, sealed, size + WF_SEAL_TAG_BYTES,
                                         piece_at(piece), p->path, &error);
    if (status == WEFT_OK) {
        memcpy(p->tags + piece * WF_SEAL_TAG_BYTES, sealed + size, WF_SEAL_TAG_BYTES);
        if (!wf_open_piece(p->key, p->header + at_nonce, piece, context_of(p), sealed,
                           size + WF_SEAL_TAG_BYTES, p->content + piece * piece_bytes))
            status = fail_damaged(p->path, "flipped", &error);
    } else if (status == WEFT_DAMAGED) {
        status = fail_damaged(p->path, "cut", &error);
    }
    if (status != WEFT_OK)
        piece_fails(p, status, &error);
}

// Why a header is not the one expected; NULL when it is.
static const char *header_reason(const unsigned char header[header_bytes], weft_day day,
                                 uint64_t generation, const wf_day_file_hash *expected)
{
    unsigned char own[WF_DAY_FILE_HASH_BYTES], whole[WF_DAY_FILE_HASH_BYTES];
    hash_of(header, at_header_hash, own);
    hash_of(header, header_bytes, whole);
    if (memcmp(header, "WEFTDAY1", 8) != 0 ||
        memcmp(own, header + at_header_hash, sizeof own) != 0)
        return "flipped";
    if (wf_get_u32(header + at_day) != (uint32_t)day.number)
        return "swapped";
    if (wf_get_u64(header + at_generation) != generation)
        return "stale";
    // The same day and generation under another hash: of another city, or written by
    // a delivery that was never committed.
    return memcmp(whole, expected->bytes, sizeof whole) == 0 ? NULL : "swapped";
}

// Reads and judges the header of an open file.
static weft_status read_header(pieces *p, weft_day day, uint64_t generation,
                               const wf_day_file_hash *expected, weft_error *error)
{
    weft_status status =
        wf_io_pread_all(p->io, p->file, p->header, header_bytes, 0, p->path, error);
    if (status == WEFT_DAMAGED)
        return fail_damaged(p->path, "cut", error);
    WF_TRY(status);
    const char *reason = header_reason(p->header, day, generation, expected);
    if (reason != NULL)
        return fail_damaged(p->path, reason, error);
    p->size = wf_get_u64(p->header + at_size);
    // A header that the manifest names was written by this file; still nothing is
    // taken from it unseen.
    if (wf_get_u32(p->header + at_piece) != piece_bytes || p->size == 0 ||
        p->size > CONTENT_BYTES_MAX)
        return fail_damaged(p->path, "flipped", error);
    return WEFT_OK;
}

// The file has to end where its header says.
static weft_status check_end(const pieces *p, weft_error *error)
{
    unsigned char byte;
    off_t end = (off_t)file_bytes(p->size);
    ssize_t got = p->io->pread(p->io, p->file, &byte, 1, end - 1);
    if (got == 0)
        return fail_damaged(p->path, "cut", error);
    if (got > 0)
        got = p->io->pread(p->io, p->file, &byte, 1, end);
    if (got < 0)
        return wf_fail_errno(error, errno, "io.read", p->path);
    return got == 0 ? WEFT_OK : fail_damaged(p->path, "flipped", error);
}

static weft_status read_all(pieces *p, unsigned threads, weft_error *error)
{
    unsigned char hash[WF_DAY_FILE_HASH_BYTES];
    WF_TRY(pieces_new(p, threads, error));
    WF_TRY(all_pieces(p, threads, read_piece, error));
    hash_of(p->tags, (size_t)pieces_of(p->size) * WF_SEAL_TAG_BYTES, hash);
    if (memcmp(hash, p->header + at_tags_hash, sizeof hash) != 0)
        return fail_damaged(p->path, "swapped", error);
    return WEFT_OK;
}

static weft_status open_file(pieces *p, weft_error *error)
{
    p->file = p->io->open(p->io, p->path, O_RDONLY | O_CLOEXEC, 0);
    if (p->file < 0 && errno == ENOENT)
        return fail_damaged(p->path, "missing", error);
    if (p->file < 0)
        return wf_fail_errno(error, errno, "io.open", p->path);
    return WEFT_OK;
}

static weft_status read_content(pieces *p, weft_day day, uint64_t generation,
                                const wf_day_file_hash *expected, unsigned threads,
                                weft_error *error)
{
    WF_TRY(read_header(p, day, generation, expected, error));
    WF_TRY(check_end(p, error)); // before memory of that size is asked for
    p->content = wf_pages_new((size_t)p->size);
    if (p->content == NULL)
        return wf_fail_memory(error);
    return read_all(p, threads, error);
}

weft_status wf_day_file_read(const wf_io *io, const char *path, const wf_key *key,
                             weft_day day, uint64_t generation,
                             const wf_day_file_hash *expected, unsigned threads,
                             wf_segment_bytes *ret, weft_error *error)
{
    pieces p = {.io = io, .path = path, .key = key, .told = ATOMIC_FLAG_INIT};
    WF_TRY(open_file(&p, error));
    weft_status status =
        read_content(&p, day, generation, expected, sane_threads(threads), error);
    WF_IGNORE(io->close(io, p.file), "a file only read loses nothing in closing");
    pieces_done(&p);
    if (status != WEFT_OK) {
        wf_pages_free(p.content, (size_t)p.size);
        return status;
    }
    *ret = (wf_segment_bytes){p.content, (size_t)p.size, (size_t)p.size};
    return WEFT_OK;
}

weft_status wf_day_file_check(const wf_io *io, const char *path, weft_day day,
                              uint64_t generation, const wf_day_file_hash *expected,
                              weft_error *error)
{
    pieces p = {.io = io, .path = path, .told = ATOMIC_FLAG_INIT};
    WF_TRY(open_file(&p, error));
    weft_status status = read_header(&p, day, generation, expected, error);
    if (status == WEFT_OK)
        status = check_end(&p, error);
    WF_IGNORE(io->close(io, p.file), "a file only read loses nothing in closing");
    return status;
}
