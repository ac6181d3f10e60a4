// Whatever the bytes of a run, opening refuses them by name or gives a run that can be
// searched and read to its end; nothing is asked for that the file does not hold.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store/index/block.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    uint8_t *data;
    size_t size;
} memory_file;

static int memory_open(const wf_io *io, const char *path, int flags, mode_t mode)
{
    (void)io;
    (void)path;
    (void)flags;
    (void)mode;
    return 3;
}

static ssize_t memory_pread(const wf_io *io, int number, void *bytes, size_t size,
                            off_t at)
{
    (void)number;
    const memory_file *file = io->self;
    if (at < 0 || (size_t)at >= file->size)
        return 0;
    size_t left = file->size - (size_t)at;
    size_t part = size < left ? size : left;
    memcpy(bytes, file->data + at, part);
    return (ssize_t)part;
}

static int memory_close(const wf_io *io, int number)
{
    (void)io;
    (void)number;
    return 0;
}

// The tags are made to fit, so that reading goes on behind them.
static void mend(const wf_index_tags *tags, memory_file *file)
{
    wf_index_block block;
    uint64_t number = wf_index_get(file->data + 16, 8);
    size_t blocks = (file->size - WF_INDEX_BLOCK_BYTES - 8) / (WF_INDEX_BLOCK_BYTES + 8);
    uint8_t *directory = file->data + (blocks + 1) * WF_INDEX_BLOCK_BYTES;
    unsigned char *room = malloc(WF_INDEX_TAG_PREFIX_BYTES + blocks * 8 + 8);
    if (room == NULL)
        abort();
    wf_index_put(file->data + 48, blocks, 8);
    for (size_t i = 0; i <= blocks; i++) {
        uint8_t *at = file->data + i * WF_INDEX_BLOCK_BYTES;
        memcpy(block.bytes, at, sizeof block.bytes);
        wf_index_block_seal(tags, number, i, &block);
        memcpy(at, block.bytes, sizeof block.bytes);
    }
    memcpy(room + WF_INDEX_TAG_PREFIX_BYTES, directory, blocks * 8);
    wf_index_put(directory + blocks * 8,
                 wf_index_tag(tags, room, number, UINT64_MAX, blocks * 8), 8);
    free(room);
}

static void use(wf_index_run *run)
{
    wf_buffer found = {0};
    weft_error error = {0};
    wf_index_cursor cursor = {0};
    for (uint64_t i = 0; i < run->blocks && i < 64; i++) {
        weft_status status =
            wf_index_run_find(run, run->firsts[i] + i % 3, &found, &error);
        WF_ASSERT(status == WEFT_OK || status == WEFT_DAMAGED);
    }
    bool there = true;
    weft_status status = wf_index_cursor_open(run, &cursor, &error);
    while (status == WEFT_OK && there) {
        status = wf_index_cursor_load(&cursor, &there, &error);
        cursor.at = cursor.count;
    }
    WF_ASSERT(status == WEFT_OK || status == WEFT_DAMAGED || status == WEFT_NO_MEMORY);
    wf_index_cursor_close(&cursor);
    wf_buffer_done(&found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    memory_file file = {malloc(size + 1), size};
    wf_io io = {
        .open = memory_open, .pread = memory_pread, .close = memory_close, .self = &file};
    wf_index_tags tags = {.io = &io, .key = {1}};
    if (file.data == NULL)
        abort();
    memcpy(file.data, data, size);
    if (size >= WF_INDEX_BLOCK_BYTES + 8)
        mend(&tags, &file);
    wf_index_run *run = NULL;
    weft_error error = {0};
    weft_status status = wf_index_run_open(&tags, "fuzz", &run, &error);
    WF_ASSERT(status == WEFT_OK || status == WEFT_DAMAGED);
    if (status == WEFT_OK)
        use(run);
    wf_index_run_close(run);
    free(file.data);
    return 0;
}
