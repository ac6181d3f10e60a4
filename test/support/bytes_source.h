// Bytes in memory as the source of a reader, handed out in parts of uneven size.
#ifndef TEST_SUPPORT_BYTES_SOURCE_H
#define TEST_SUPPORT_BYTES_SOURCE_H

#include <errno.h>
#include <string.h>
#include <sys/types.h>

typedef struct {
    const char *bytes;
    size_t size;
    size_t at;
    size_t part;     // bytes a call gives at most, 0: as many as are asked for
    size_t fails_at; // from here on reading fails with EIO, 0: never
} bytes_source;

static inline ssize_t bytes_source_read(void *context, void *bytes, size_t size)
{
    bytes_source *source = context;
    size_t left = source->size - source->at;
    size_t part = size < left ? size : left;
    if (source->part > 0 && part > source->part)
        part = source->part;
    if (source->fails_at > 0 && source->at >= source->fails_at) {
        errno = EIO;
        return -1;
    }
    if (part > 0)
        memcpy(bytes, source->bytes + source->at, part);
    source->at += part;
    return (ssize_t)part;
}

#endif
