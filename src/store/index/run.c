#include "store/index/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "keys/seal.h"
#include "store/index/block.h"

enum {
    // Changes with the form of a run, and with what pairs are made of a fact: then runs
    // of older programs are made again. 2: what people are sought by.
    version = 2,
    chunk_blocks = 64 // read and written at once
};

#define BLOCKS_MAX (UINT64_C(1) << 40)
#define DIRECTORY UINT64_MAX // as the number of a block

static const char magic[8] = {'W', 'E', 'F', 'T', 'I', 'N', 'D', 'X'};

static weft_status fail_damaged(wf_index_run *run, weft_error *error)
{
    __atomic_store_n(&run->damaged, true, __ATOMIC_RELAXED);
    wf_error_clear(error); // a file that is too short has said so in other words
    return wf_fail(error, WEFT_DAMAGED, "index.damaged", "path", run->path.text, NULL);
}

// ---- opening ----

static weft_status read_at(wf_index_run *run, void *bytes, size_t size, uint64_t at,
                           weft_error *error)
{
    const wf_io *io = run->tags->io;
    weft_status status =
        wf_io_pread_all(io, run->file, bytes, size, (off_t)at, run->path.text, error);
    return status == WEFT_DAMAGED ? fail_damaged(run, error) : status;
}

static void put_header(const wf_index_run *run, wf_index_block *ret)
{
    *ret = (wf_index_block){0};
    unsigned char *to = ret->bytes;
    memcpy(to, magic, sizeof magic);
    wf_index_put(to + 8, version, 4);
    wf_index_put(to + 12, WF_INDEX_BLOCK_BYTES, 4);
    wf_index_put(to + 16, run->number, 8);
    wf_index_put(to + 24, run->covers.first, 8);
    wf_index_put(to + 32, run->covers.last, 8);
    wf_index_put(to + 40, run->pairs, 8);
    wf_index_put(to + 48, run->blocks, 8);
    wf_index_block_seal(run->tags, run->number, 0, ret);
}

static weft_status read_header(wf_index_run *run, weft_error *error)
{
    wf_index_block block, same;
    WF_TRY(read_at(run, block.bytes, sizeof block.bytes, 0, error));
    run->number = wf_index_get(block.bytes + 16, 8);
    run->covers.first = wf_index_get(block.bytes + 24, 8);
    run->covers.last = wf_index_get(block.bytes + 32, 8);
    run->pairs = wf_index_get(block.bytes + 40, 8);
    run->blocks = wf_index_get(block.bytes + 48, 8);
    put_header(run, &same);
    if (memcmp(block.bytes, same.bytes, sizeof block.bytes) != 0 ||
        run->blocks > BLOCKS_MAX)
        return fail_damaged(run, error);
    return WEFT_OK;
}

static weft_status check_directory(wf_index_run *run, wf_buffer *bytes, weft_error *error)
{
    unsigned char *from = (unsigned char *)bytes->bytes + WF_INDEX_TAG_PREFIX_BYTES;
    size_t size = (size_t)run->blocks * 8;
    WF_TRY(read_at(run, from, size + 8, (run->blocks + 1) * WF_INDEX_BLOCK_BYTES, error));
    if (wf_index_get(from + size, 8) != wf_index_tag(run->tags,
                                                     (unsigned char *)bytes->bytes,
                                                     run->number, DIRECTORY, size))
        return fail_damaged(run, error);
    for (size_t i = 0; i < run->blocks; i++) {
        run->firsts[i] = wf_index_get(from + i * 8, 8);
        if (i > 0 && run->firsts[i] < run->firsts[i - 1])
            return fail_damaged(run, error);
    }
    return WEFT_OK;
}

// The header's tag has vouched for the number of blocks, so that asking for this memory
// is not left to a stranger.
static weft_status read_directory(wf_index_run *run, weft_error *error)
{
    wf_buffer bytes = {0};
    run->firsts = malloc((size_t)run->blocks * 8 + 8);
    if (run->firsts == NULL ||
        !wf_buffer_reserve(&bytes,
                           WF_INDEX_TAG_PREFIX_BYTES + (size_t)run->blocks * 8 + 8))
        return wf_fail_memory(error);
    weft_status status = check_directory(run, &bytes, error);
    wf_buffer_done(&bytes);
    return status;
}

static weft_status open_file(wf_index_run *run, const char *path, weft_error *error)
{
    const wf_io *io = run->tags->io;
    int size = snprintf(run->path.text, sizeof run->path.text, "%s", path);
    if (size < 0 || (size_t)size >= sizeof run->path.text)
        return wf_fail(error, WEFT_BAD_INPUT, "io.path_too_long", "path", path, NULL);
    run->file = io->open(io, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
    if (run->file < 0 && errno == ENOENT)
        return wf_fail(error, WEFT_NOT_FOUND, "io.missing", "path", path, NULL);
    if (run->file < 0)
        return wf_fail_errno(error, errno, "io.open", path);
    WF_TRY(read_header(run, error));
    return read_directory(run, error);
}

weft_status wf_index_run_open(const wf_index_tags *tags, const char *path,
                              wf_index_run **ret, weft_error *error)
{
    wf_index_run *run = calloc(1, sizeof *run);
    if (run == NULL)
        return wf_fail_memory(error);
    run->tags = tags;
    run->file = -1;
    weft_status status = open_file(run, path, error);
    if (status == WEFT_OK)
        *ret = run;
    else
        wf_index_run_close(run);
    return status;
}

void wf_index_run_close(wf_index_run *run)
{
    if (run == NULL)
        return;
    if (run->file >= 0)
        WF_IGNORE(run->tags->io->close(run->tags->io, run->file),
                  "a file only read loses nothing in closing");
    free(run->firsts);
    free(run);
}

// ---- finding ----

// The last block that begins before the hash, else the first: those of the hash begin
// there or in the next. Hashes are spread evenly, so that the place is guessed, and
// looked for in growing steps around the guess: this touches little of the directory.
static uint64_t block_of(const wf_index_run *run, uint64_t hash)
{
    const uint64_t *firsts = run->firsts;
    uint64_t low = 0, high = run->blocks, step = 8;
    if (run->blocks == 0)
        return 1;
    uint64_t guess = (uint64_t)((unsigned __int128)hash * run->blocks >> 64);
    // Before `low` all begin before the hash; from `high` on, none does.
    if (firsts[guess] < hash) {
        for (low = guess + 1; low + step < high && firsts[low + step] < hash; step *= 2)
            low += step + 1;
        if (low + step < high)
            high = low + step;
    } else {
        for (high = guess; high > step && firsts[high - step] >= hash; step *= 2)
            high -= step;
        if (high > step)
            low = high - step;
    }
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (firsts[middle] < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? 1 : low;
}

static weft_status view_block(wf_index_run *run, uint64_t number, wf_index_block *block,
                              wf_index_view *ret, weft_error *error)
{
    if (!wf_index_block_sound(run->tags, run->number, number, block) ||
        !wf_index_block_view(block, ret) || ret->first != run->firsts[number - 1])
        return fail_damaged(run, error);
    return WEFT_OK;
}

weft_status wf_index_run_find(wf_index_run *run, uint64_t hash, wf_buffer *ret,
                              weft_error *error)
{
    wf_index_block block;
    for (uint64_t number = block_of(run, hash); number <= run->blocks; number++) {
        wf_index_view view;
        if (run->firsts[number - 1] > hash)
            return WEFT_OK;
        WF_TRY(read_at(run, block.bytes, sizeof block.bytes,
                       number * WF_INDEX_BLOCK_BYTES, error));
        WF_TRY(view_block(run, number, &block, &view, error));
        for (size_t at = wf_index_view_find(&view, hash); at < view.n; at++) {
            if (wf_index_view_hash(&view, at) != hash)
                return WEFT_OK;
            uint64_t position = wf_index_view_position(&view, at);
            if (!wf_buffer_append(ret, &position, sizeof position))
                return wf_fail_memory(error);
        }
    }
    return WEFT_OK;
}

// ---- reading from begin to end ----

weft_status wf_index_cursor_open(wf_index_run *run, wf_index_cursor *ret,
                                 weft_error *error)
{
    wf_index_cursor cursor = {.run = run, .block = 1, .read_from = 1, .read_upto = 1};
    size_t blocks = run->blocks < chunk_blocks ? (size_t)run->blocks : chunk_blocks;
    cursor.bytes = malloc(blocks * WF_INDEX_BLOCK_BYTES + 1);
    cursor.pairs = malloc(WF_INDEX_BLOCK_PAIRS_MAX * sizeof *cursor.pairs);
    if (cursor.bytes == NULL || cursor.pairs == NULL) {
        wf_index_cursor_close(&cursor);
        return wf_fail_memory(error);
    }
    *ret = cursor;
    return WEFT_OK;
}

void wf_index_cursor_close(wf_index_cursor *cursor)
{
    free(cursor->bytes);
    free(cursor->pairs);
    *cursor = (wf_index_cursor){0};
}

static weft_status read_chunk(wf_index_cursor *cursor, weft_error *error)
{
    wf_index_run *run = cursor->run;
    uint64_t left = run->blocks - cursor->block + 1;
    uint64_t count = left < chunk_blocks ? left : chunk_blocks;
    WF_TRY(read_at(run, cursor->bytes, (size_t)count * WF_INDEX_BLOCK_BYTES,
                   cursor->block * WF_INDEX_BLOCK_BYTES, error));
    cursor->read_from = cursor->block;
    cursor->read_upto = cursor->block + count;
    return WEFT_OK;
}

weft_status wf_index_cursor_load(wf_index_cursor *cursor, bool *ret, weft_error *error)
{
    *ret = cursor->at < cursor->count;
    if (*ret || cursor->block > cursor->run->blocks)
        return WEFT_OK;
    if (cursor->block == cursor->read_upto)
        WF_TRY(read_chunk(cursor, error));
    wf_index_block block;
    wf_index_view view;
    memcpy(block.bytes,
           cursor->bytes + (cursor->block - cursor->read_from) * WF_INDEX_BLOCK_BYTES,
           sizeof block.bytes);
    WF_TRY(view_block(cursor->run, cursor->block, &block, &view, error));
    wf_index_view_pairs(&view, cursor->pairs);
    bool falls = wf_index_before(cursor->pairs[0], cursor->last);
    for (size_t i = 1; i < view.n; i++)
        falls |= wf_index_before(cursor->pairs[i], cursor->pairs[i - 1]);
    if (falls)
        return fail_damaged(cursor->run, error);
    cursor->last = cursor->pairs[view.n - 1];
    cursor->block++;
    cursor->at = 0;
    cursor->count = view.n;
    *ret = true;
    return WEFT_OK;
}

// ---- writing ----

struct wf_index_writer {
    wf_index_run run; // the header as it grows; its file is the one written
    wf_path next;
    bool begun, renamed;
    wf_index_pair pairs[WF_INDEX_BLOCK_PAIRS_MAX]; // of the block under way
    size_t count;
    uint64_t least, greatest; // of their positions
    uint64_t hash_reach;      // beyond the first hash, as far as their width goes
    size_t pairs_fit;         // of these widths in a block
    unsigned char *chunk;     // grows up to chunk_blocks
    size_t chunk_used, chunk_capacity; // blocks
    wf_buffer firsts;                  // the directory, after the prefix of its tag
};

weft_status wf_index_writer_open(const wf_index_tags *tags, const char *path,
                                 wf_index_range covers, wf_index_writer **ret,
                                 weft_error *error)
{
    static const unsigned char nothing[WF_INDEX_BLOCK_BYTES];
    const wf_io *io = tags->io;
    wf_index_writer *w = calloc(1, sizeof *w);
    if (w == NULL)
        return wf_fail_memory(error);
    w->run = (wf_index_run){.tags = tags, .file = -1, .covers = covers};
    wf_random_bytes(&w->run.number, sizeof w->run.number);
    int size = snprintf(w->run.path.text, sizeof w->run.path.text, "%s", path);
    int next = snprintf(w->next.text, sizeof w->next.text, "%s.next", path);
    weft_status status = WEFT_OK;
    if (size < 0 || next < 0 || (size_t)next >= sizeof w->next.text)
        status = wf_fail(error, WEFT_BAD_INPUT, "io.path_too_long", "path", path, NULL);
    else if (!wf_buffer_append(&w->firsts, nothing, WF_INDEX_TAG_PREFIX_BYTES))
        status = wf_fail_memory(error);
    if (status == WEFT_OK) {
        w->run.file =
            io->open(io, w->next.text, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        w->begun = w->run.file >= 0;
        if (!w->begun)
            status = wf_fail_errno(error, errno, "io.open", w->next.text);
    }
    // The header is written last: until then there is none.
    if (status == WEFT_OK)
        status = wf_io_write_all(io, w->run.file, nothing, sizeof nothing, w->next.text,
                                 error);
    if (status == WEFT_OK)
        *ret = w;
    else
        wf_index_writer_close(w);
    return status;
}

static weft_status write_chunk(wf_index_writer *w, weft_error *error)
{
    size_t size = w->chunk_used * WF_INDEX_BLOCK_BYTES;
    w->chunk_used = 0;
    return wf_io_write_all(w->run.tags->io, w->run.file, w->chunk, size, w->next.text,
                           error);
}

static weft_status end_block(wf_index_writer *w, weft_error *error)
{
    wf_index_block block;
    if (w->count == 0)
        return WEFT_OK;
    if (w->chunk_used == chunk_blocks)
        WF_TRY(write_chunk(w, error));
    unsigned char *chunk =
        wf_grow(w->chunk, w->chunk_used, &w->chunk_capacity, WF_INDEX_BLOCK_BYTES);
    if (chunk == NULL)
        return wf_fail_memory(error);
    w->chunk = chunk;
    unsigned char first[8];
    wf_index_put(first, w->pairs[0].hash, 8);
    if (!wf_buffer_append(&w->firsts, first, sizeof first))
        return wf_fail_memory(error);
    wf_index_block_pack(w->pairs, w->count, w->least,
                        wf_index_width(w->pairs[w->count - 1].hash - w->pairs[0].hash),
                        wf_index_width(w->greatest - w->least), &block);
    wf_index_block_seal(w->run.tags, w->run.number, ++w->run.blocks, &block);
    memcpy(chunk + w->chunk_used++ * WF_INDEX_BLOCK_BYTES, block.bytes,
           sizeof block.bytes);
    w->run.pairs += w->count;
    w->count = 0;
    return WEFT_OK;
}

// The pair goes into the block under way, or begins the next one, and that is measured:
// how far it may reach before its numbers need more bytes, and how many then fit.
static weft_status put_measured(wf_index_writer *w, wf_index_pair pair, weft_error *error)
{
    uint64_t least = pair.position, greatest = pair.position;
    unsigned hash_width = 0, position_width = 0;
    if (w->count > 0) {
        least = w->least < least ? w->least : least;
        greatest = w->greatest > greatest ? w->greatest : greatest;
        hash_width = wf_index_width(pair.hash - w->pairs[0].hash);
        position_width = wf_index_width(greatest - least);
        if (w->count >= wf_index_block_room(hash_width, position_width)) {
            WF_TRY(end_block(w, error));
            least = greatest = pair.position;
            hash_width = position_width = 0;
        }
    }
    w->pairs[w->count++] = pair;
    w->least = least;
    w->greatest = greatest;
    w->hash_reach = hash_width == 0 ? 0 : UINT64_MAX >> (64 - 8 * hash_width);
    w->pairs_fit = wf_index_block_room(hash_width, position_width);
    return WEFT_OK;
}

weft_status wf_index_writer_put(wf_index_writer *w, wf_index_pair pair, weft_error *error)
{
    if (w->count == 0)
        return put_measured(w, pair, error);
    const wf_index_pair *last = &w->pairs[w->count - 1];
    WF_ASSERT(last->hash <= pair.hash);
    if (last->hash == pair.hash && last->position == pair.position)
        return WEFT_OK;
    // Most need no more bytes than those before them.
    if (w->count == w->pairs_fit || pair.hash - w->pairs[0].hash > w->hash_reach ||
        pair.position < w->least || pair.position > w->greatest)
        return put_measured(w, pair, error);
    w->pairs[w->count++] = pair;
    return WEFT_OK;
}

static weft_status write_ends(wf_index_writer *w, weft_error *error)
{
    const wf_io *io = w->run.tags->io;
    wf_index_block header;
    WF_TRY(end_block(w, error));
    WF_TRY(write_chunk(w, error));
    unsigned char *prefix = (unsigned char *)w->firsts.bytes, tag[8];
    size_t size = w->firsts.size - WF_INDEX_TAG_PREFIX_BYTES;
    wf_index_put(tag, wf_index_tag(w->run.tags, prefix, w->run.number, DIRECTORY, size),
                 8);
    if (!wf_buffer_append(&w->firsts, tag, sizeof tag))
        return wf_fail_memory(error);
    WF_TRY(wf_io_write_all(io, w->run.file, w->firsts.bytes + WF_INDEX_TAG_PREFIX_BYTES,
                           size + 8, w->next.text, error));
    put_header(&w->run, &header);
    WF_TRY(wf_io_pwrite_all(io, w->run.file, header.bytes, sizeof header.bytes, 0,
                            w->next.text, error));
    if (io->sync(io, w->run.file) != 0)
        return wf_fail_errno(error, errno, "io.sync", w->next.text);
    return WEFT_OK;
}

static weft_status sync_folder(const wf_index_writer *w, weft_error *error)
{
    const wf_io *io = w->run.tags->io;
    wf_path folder = w->run.path;
    char *slash = strrchr(folder.text, '/');
    WF_ASSERT(slash != NULL);
    *slash = '\0';
    if (io->sync_dir(io, folder.text) != 0)
        return wf_fail_errno(error, errno, "io.sync", folder.text);
    return WEFT_OK;
}

weft_status wf_index_writer_end(wf_index_writer *w, wf_index_run **ret, weft_error *error)
{
    const wf_io *io = w->run.tags->io;
    WF_TRY(write_ends(w, error));
    int failed = io->close(io, w->run.file);
    w->run.file = -1;
    if (failed != 0)
        return wf_fail_errno(error, errno, "io.write", w->next.text);
    if (io->rename(io, w->next.text, w->run.path.text) != 0)
        return wf_fail_errno(error, errno, "io.rename", w->next.text);
    w->renamed = true;
    WF_TRY(sync_folder(w, error));
    WF_TRY(wf_index_run_open(w->run.tags, w->run.path.text, ret, error));
    w->begun = false;
    return WEFT_OK;
}

void wf_index_writer_close(wf_index_writer *w)
{
    if (w == NULL)
        return;
    const wf_io *io = w->run.tags->io;
    if (w->run.file >= 0)
        WF_IGNORE(io->close(io, w->run.file), "the file has been given up");
    if (w->begun)
        WF_IGNORE(io->unlink(io, w->renamed ? w->run.path.text : w->next.text),
                  "opening the index removes what is left over");
    wf_buffer_done(&w->firsts);
    free(w->chunk);
    free(w);
}
