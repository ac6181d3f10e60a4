#include "serve/areas/packed.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
    part_bytes = 16 << 10,
    // 8 KiB back and small tables: 100 KiB while it is packed, 15 KiB while it leaves.
    level = 1,
    window_bits = -13, // bare, without a head of its own
    memory_level = 6
};

typedef struct part part;
struct part {
    part *next;
    size_t size;
    unsigned char bytes[part_bytes];
};

typedef enum { PUTTING, TAKING, ENDED } stage;

struct wf_packed {
    z_stream stream;
    stage stage;
    size_t most, size, bytes;
    part *first, *last;
};

// ---- memory that is wiped ----

typedef struct {
    _Alignas(max_align_t) size_t size;
} before_block;

static void *get_block(void *context, unsigned count, unsigned size)
{
    size_t bytes;
    (void)context;
    if (__builtin_mul_overflow((size_t)count, (size_t)size, &bytes) ||
        bytes > SIZE_MAX - sizeof(before_block))
        return NULL;
    before_block *block = malloc(sizeof *block + bytes);
    if (block == NULL)
        return NULL;
    block->size = bytes;
    return block + 1;
}

static void free_block(void *context, void *bytes)
{
    before_block *block = (before_block *)bytes - 1;
    (void)context;
    explicit_bzero(bytes, block->size);
    free(block);
}

static void free_first(wf_packed *packed)
{
    part *one = packed->first;
    packed->first = one->next;
    if (packed->first == NULL)
        packed->last = NULL;
    packed->bytes -= one->size;
    explicit_bzero(one->bytes, one->size);
    free(one);
}

static void end_stream(wf_packed *packed)
{
    // An end before everything went through is one of an answer that is given up.
    if (packed->stage == PUTTING)
        WF_IGNORE(deflateEnd(&packed->stream), "only memory is freed");
    else if (packed->stage == TAKING)
        WF_IGNORE(inflateEnd(&packed->stream), "only memory is freed");
    packed->stage = ENDED;
}

weft_status wf_packed_new(size_t most, wf_packed **ret, weft_error *error)
{
    wf_packed *packed = calloc(1, sizeof *packed);
    if (packed == NULL)
        return wf_fail_memory(error);
    packed->most = most;
    packed->stream.zalloc = get_block;
    packed->stream.zfree = free_block;
    if (deflateInit2(&packed->stream, level, Z_DEFLATED, window_bits, memory_level,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        free(packed);
        return wf_fail_memory(error);
    }
    *ret = packed;
    return WEFT_OK;
}

void wf_packed_free(wf_packed *packed)
{
    if (packed == NULL)
        return;
    end_stream(packed);
    while (packed->first != NULL)
        free_first(packed);
    free(packed);
}

// ---- putting ----

static weft_status add_part(wf_packed *packed, weft_error *error)
{
    if (packed->bytes >= packed->most)
        return wf_fail(error, WEFT_TOO_LARGE, "http.answer_too_large", NULL);
    part *one = malloc(sizeof *one);
    if (one == NULL)
        return wf_fail_memory(error);
    one->next = NULL;
    one->size = 0;
    if (packed->last != NULL)
        packed->last->next = one;
    else
        packed->first = one;
    packed->last = one;
    return WEFT_OK;
}

// Until everything that was given is in the parts; with Z_FINISH also the end.
static weft_status run(wf_packed *packed, int flush, weft_error *error)
{
    z_stream *stream = &packed->stream;
    int said = Z_OK;
    do {
        part *to = packed->last;
        if (to == NULL || to->size == part_bytes) {
            WF_TRY(add_part(packed, error));
            to = packed->last;
        }
        unsigned room = (unsigned)(part_bytes - to->size);
        stream->next_out = to->bytes + to->size;
        stream->avail_out = room;
        said = deflate(stream, flush);
        to->size += room - stream->avail_out;
        packed->bytes += room - stream->avail_out;
        WF_ASSERT(said == Z_OK || said == Z_STREAM_END || said == Z_BUF_ERROR);
    } while (flush == Z_FINISH ? said != Z_STREAM_END
                               : stream->avail_in > 0 || stream->avail_out == 0);
    return WEFT_OK;
}

weft_status wf_packed_put(wf_packed *packed, wf_text bytes, weft_error *error)
{
    enum { at_a_time = 1 << 20 };
    WF_ASSERT(packed->stage == PUTTING);
    for (size_t at = 0; at < bytes.size;) {
        size_t left = bytes.size - at, size = left < at_a_time ? left : at_a_time;
        packed->stream.next_in = (unsigned char *)(uintptr_t)(bytes.bytes + at);
        packed->stream.avail_in = (unsigned)size;
        WF_TRY(run(packed, Z_NO_FLUSH, error));
        at += size;
    }
    packed->size += bytes.size;
    return WEFT_OK;
}

weft_status wf_packed_seal(wf_packed *packed, weft_error *error)
{
    WF_ASSERT(packed->stage == PUTTING);
    packed->stream.next_in = NULL;
    packed->stream.avail_in = 0;
    WF_TRY(run(packed, Z_FINISH, error));
    end_stream(packed);
    memset(&packed->stream, 0, sizeof packed->stream);
    packed->stream.zalloc = get_block;
    packed->stream.zfree = free_block;
    if (inflateInit2(&packed->stream, window_bits) != Z_OK)
        return wf_fail_memory(error);
    packed->stage = TAKING;
    packed->stream.next_in = packed->first->bytes;
    packed->stream.avail_in = (unsigned)packed->first->size;
    return WEFT_OK;
}

// ---- taking ----

static void next_part(wf_packed *packed)
{
    free_first(packed);
    if (packed->first == NULL)
        return;
    packed->stream.next_in = packed->first->bytes;
    packed->stream.avail_in = (unsigned)packed->first->size;
}

weft_status wf_packed_take(wf_packed *packed, size_t most, wf_buffer *to,
                           weft_error *error)
{
    z_stream *stream = &packed->stream;
    int said = Z_OK;
    WF_ASSERT(packed->stage != PUTTING && most <= UINT32_MAX);
    if (packed->stage == ENDED)
        return WEFT_OK;
    if (!wf_buffer_reserve(to, most))
        return wf_fail_memory(error);
    stream->next_out = (unsigned char *)to->bytes + to->size;
    stream->avail_out = (unsigned)most;
    while (said == Z_OK && stream->avail_out > 0) {
        if (stream->avail_in == 0)
            next_part(packed);
        said = inflate(stream, Z_NO_FLUSH);
        // What was packed here is not damaged: only memory may be missing.
        WF_ASSERT(said == Z_OK || said == Z_STREAM_END || said == Z_MEM_ERROR);
    }
    if (said == Z_MEM_ERROR)
        return wf_fail_memory(error);
    to->size += most - stream->avail_out;
    if (said == Z_STREAM_END)
        end_stream(packed);
    return WEFT_OK;
}

size_t wf_packed_size(const wf_packed *packed)
{
    return packed->size;
}

size_t wf_packed_bytes(const wf_packed *packed)
{
    return packed->bytes;
}
