#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "wire/source.h"

enum { gzip_window = 15 + 16 }; // the largest window, gzip framing only

struct wf_gunzip {
    z_stream stream;
    bool between; // a member has ended, the next has not begun
};

bool wf_gunzip_begins(const unsigned char *bytes, size_t size)
{
    return size >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B;
}

weft_status wf_gunzip_new(wf_gunzip **ret, weft_error *error)
{
    wf_gunzip *gunzip = calloc(1, sizeof *gunzip);
    if (gunzip == NULL)
        return wf_fail_memory(error);
    if (inflateInit2(&gunzip->stream, gzip_window) != Z_OK) {
        free(gunzip);
        return wf_fail_memory(error);
    }
    *ret = gunzip;
    return WEFT_OK;
}

void wf_gunzip_free(wf_gunzip *gunzip)
{
    if (gunzip == NULL)
        return;
    WF_IGNORE(inflateEnd(&gunzip->stream) != Z_OK, "the stream is thrown away");
    free(gunzip);
}

static weft_status fail_gzip(const wf_raw *raw, weft_error *error)
{
    return wf_fail(error, WEFT_BAD_INPUT, "wire.gzip", "path", raw->name, NULL);
}

// Between members: zero bytes are padding, anything else must be the next member.
// *ret_end is set where the file ends properly.
static weft_status next_member(wf_gunzip *gunzip, wf_raw *raw, bool *ret_end,
                               weft_error *error)
{
    for (;;) {
        while (raw->at < raw->size && raw->bytes[raw->at] == 0)
            raw->at++;
        if (raw->size - raw->at >= 2 || raw->ended)
            break;
        WF_TRY(wf_raw_fill(raw, error));
    }
    *ret_end = raw->at == raw->size;
    if (*ret_end)
        return WEFT_OK;
    if (!wf_gunzip_begins(raw->bytes + raw->at, raw->size - raw->at) ||
        inflateReset(&gunzip->stream) != Z_OK)
        return fail_gzip(raw, error);
    gunzip->between = false;
    return WEFT_OK;
}

// One step of inflating into what is left of the stream's room.
static weft_status step(wf_gunzip *gunzip, wf_raw *raw, weft_error *error)
{
    if (raw->at == raw->size)
        WF_TRY(wf_raw_fill(raw, error));
    if (raw->at == raw->size)
        return fail_gzip(raw, error); // cut inside a member
    z_stream *stream = &gunzip->stream;
    stream->next_in = raw->bytes + raw->at;
    stream->avail_in = (uInt)(raw->size - raw->at);
    int result = inflate(stream, Z_NO_FLUSH);
    raw->at = raw->size - stream->avail_in;
    if (result == Z_MEM_ERROR)
        return wf_fail_memory(error);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
        return fail_gzip(raw, error);
    gunzip->between = result == Z_STREAM_END;
    return WEFT_OK;
}

weft_status wf_gunzip_read(wf_gunzip *gunzip, wf_raw *raw, void *bytes, size_t size,
                           size_t *ret_size, weft_error *error)
{
    uInt room = size < UINT_MAX ? (uInt)size : UINT_MAX;
    gunzip->stream.next_out = bytes;
    gunzip->stream.avail_out = room;
    while (gunzip->stream.avail_out == room) {
        bool end = false;
        if (gunzip->between)
            WF_TRY(next_member(gunzip, raw, &end, error));
        if (end)
            break;
        WF_TRY(step(gunzip, raw, error));
    }
    *ret_size = room - gunzip->stream.avail_out;
    return WEFT_OK;
}
