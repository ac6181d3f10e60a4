// Whatever the bytes of a file, reading it as a sealed day either refuses it by name or
// gives what its header says; nothing is asked for that the file does not hold.
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "support/test_key.h"
#include "visits/day_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { header_bytes = 112, at_day = 8, at_generation = 16 };

typedef struct {
    const uint8_t *data;
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    memory_file file = {data, size};
    wf_io io = {
        .open = memory_open, .pread = memory_pread, .close = memory_close, .self = &file};
    // The manifest is taken to name just this file, so that reading goes on.
    wf_day_file_hash expected = {{0}};
    weft_day day = {0};
    uint64_t generation = 0;
    if (size >= header_bytes) {
        day.number = (int32_t)wf_get_u32(data + at_day);
        generation = wf_get_u64(data + at_generation);
        WF_ASSERT(crypto_generichash(expected.bytes, sizeof expected.bytes, data,
                                     header_bytes, NULL, 0) == 0);
    }
    weft_error error = {0};
    wf_segment_bytes bytes = {0};
    weft_status checked =
        wf_day_file_check(&io, "fuzz", day, generation, &expected, &error);
    weft_status status = wf_day_file_read(&io, "fuzz", test_key_of(1), day, generation,
                                          &expected, 2, &bytes, &error);
    WF_ASSERT(status == WEFT_OK || status == WEFT_DAMAGED);
    WF_ASSERT(status != WEFT_OK || (checked == WEFT_OK && bytes.size < size));
    if (status == WEFT_OK)
        wf_segment_bytes_done(&bytes);
    return 0;
}
