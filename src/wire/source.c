#include "wire/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "wire/workbook.h"

enum { buffer_bytes = 1 << 16 };

struct wf_source {
    wf_raw raw;
    wf_gunzip *gunzip;      // NULL: not gzip
    wf_workbook *workbook;  // NULL: none
    wf_gb18030 *converter;  // NULL: UTF-8 as it is
    unsigned char *foreign; // bytes before conversion
    size_t foreign_at, foreign_size;
    bool foreign_ended;
};

weft_status wf_raw_fill(wf_raw *raw, weft_error *error)
{
    if (raw->at > 0) {
        memmove(raw->bytes, raw->bytes + raw->at, raw->size - raw->at);
        raw->size -= raw->at;
        raw->at = 0;
    }
    if (raw->ended || raw->size == buffer_bytes)
        return WEFT_OK;
    size_t room = buffer_bytes - raw->size;
    errno = 0;
    ssize_t got = raw->read(raw->context, raw->bytes + raw->size, room);
    if (got < 0 && errno == EINTR)
        return wf_fail(error, WEFT_INTERRUPTED, "wire.interrupted", NULL);
    if (got < 0 || (size_t)got > room)
        return wf_fail_errno(error, errno, "io.read", raw->name);
    raw->ended = got == 0;
    raw->size += (size_t)got;
    raw->total += (uint64_t)got;
    return WEFT_OK;
}

void wf_source_close(wf_source *source)
{
    if (source == NULL)
        return;
    wf_gunzip_free(source->gunzip);
    wf_workbook_close(source->workbook);
    wf_gb18030_free(source->converter);
    free(source->foreign);
    free(source->raw.bytes);
    free(source);
}

// Looks at the first bytes and sets up what must be undone.
static weft_status prepare(wf_source *source, bool gb18030, const char *sheet,
                           weft_error *error)
{
    wf_raw *raw = &source->raw;
    while (raw->size < WF_WORKBOOK_MARK_BYTES && !raw->ended)
        WF_TRY(wf_raw_fill(raw, error));
    if (wf_workbook_begins(raw->bytes, raw->size))
        return wf_workbook_open(raw, sheet, &source->workbook, error);
    if (wf_gunzip_begins(raw->bytes, raw->size))
        WF_TRY(wf_gunzip_new(&source->gunzip, error));
    if (!gb18030)
        return WEFT_OK;
    source->foreign = malloc(buffer_bytes);
    if (source->foreign == NULL)
        return wf_fail_memory(error);
    return wf_gb18030_new(&source->converter, error);
}

weft_status wf_source_open(ssize_t (*read)(void *context, void *bytes, size_t size),
                           void *context, const char *name, bool gb18030,
                           const char *sheet, wf_source **ret, weft_error *error)
{
    wf_source *source = calloc(1, sizeof *source);
    if (source == NULL)
        return wf_fail_memory(error);
    source->raw = (wf_raw){.read = read, .context = context, .name = name};
    source->raw.bytes = malloc(buffer_bytes);
    weft_status status = source->raw.bytes == NULL
                             ? wf_fail_memory(error)
                             : prepare(source, gb18030, sheet, error);
    if (status != WEFT_OK) {
        wf_source_close(source);
        return status;
    }
    *ret = source;
    return WEFT_OK;
}

// What was buffered first, then straight from the outside into `bytes`.
static weft_status read_plain(wf_raw *raw, void *bytes, size_t size, size_t *ret_size,
                              weft_error *error)
{
    size_t part = raw->size - raw->at;
    if (part > 0) {
        part = part < size ? part : size;
        memcpy(bytes, raw->bytes + raw->at, part);
        raw->at += part;
        *ret_size = part;
        return WEFT_OK;
    }
    if (raw->ended) {
        *ret_size = 0;
        return WEFT_OK;
    }
    errno = 0;
    ssize_t got = raw->read(raw->context, bytes, size);
    if (got < 0 && errno == EINTR)
        return wf_fail(error, WEFT_INTERRUPTED, "wire.interrupted", NULL);
    if (got < 0 || (size_t)got > size)
        return wf_fail_errno(error, errno, "io.read", raw->name);
    raw->ended = got == 0;
    raw->total += (uint64_t)got;
    *ret_size = (size_t)got;
    return WEFT_OK;
}

static weft_status read_bytes(wf_source *source, void *bytes, size_t size,
                              size_t *ret_size, weft_error *error)
{
    if (source->workbook != NULL)
        return wf_workbook_read(source->workbook, bytes, size, ret_size, error);
    if (source->gunzip != NULL)
        return wf_gunzip_read(source->gunzip, &source->raw, bytes, size, ret_size, error);
    return read_plain(&source->raw, bytes, size, ret_size, error);
}

static weft_status read_converted(wf_source *source, unsigned char *bytes, size_t size,
                                  size_t *ret_size, weft_error *error)
{
    for (;;) {
        size_t used = 0, made = 0;
        size_t left = source->foreign_size - source->foreign_at;
        wf_gb18030_convert(source->converter, source->foreign + source->foreign_at, left,
                           source->foreign_ended, bytes, size, &used, &made);
        source->foreign_at += used;
        left -= used;
        if (made > 0 || (source->foreign_ended && left == 0)) {
            *ret_size = made;
            return WEFT_OK;
        }
        // A sequence cut at the end of the buffer: fetch the rest of it.
        memmove(source->foreign, source->foreign + source->foreign_at, left);
        source->foreign_at = 0;
        source->foreign_size = left;
        size_t got = 0;
        WF_TRY(
            read_bytes(source, source->foreign + left, buffer_bytes - left, &got, error));
        source->foreign_size += got;
        source->foreign_ended = got == 0;
    }
}

weft_status wf_source_read(wf_source *source, void *bytes, size_t size, size_t *ret_size,
                           weft_error *error)
{
    if (source->converter != NULL)
        return read_converted(source, bytes, size, ret_size, error);
    return read_bytes(source, bytes, size, ret_size, error);
}

bool wf_source_is_workbook(const wf_source *source)
{
    return source->workbook != NULL;
}

uint64_t wf_source_bytes(const wf_source *source)
{
    return source->raw.total;
}
