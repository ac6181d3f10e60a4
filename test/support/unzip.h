// What is in a zip, for tests: the content of one of its files, by name.
#ifndef TEST_SUPPORT_UNZIP_H
#define TEST_SUPPORT_UNZIP_H

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static inline size_t unzip_number(const char *at, size_t size)
{
    size_t number = 0;
    for (size_t i = size; i > 0; i--)
        number = number << 8 | (unsigned char)at[i - 1];
    return number;
}

// A content ended by NUL, to be freed; NULL: there is none, or it is broken.
static inline char *unzip_inflate(const char *from, size_t packed, size_t size,
                                  int method)
{
    char *content = malloc(size + 1);
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)from, .avail_in = (uInt)packed};
    if (content == NULL)
        abort();
    content[size] = '\0';
    if (method == 0) {
        memcpy(content, from, size);
        return content;
    }
    stream.next_out = (Bytef *)content;
    stream.avail_out = (uInt)size;
    if (inflateInit2(&stream, -15) != Z_OK)
        abort();
    int end = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    if (end == Z_STREAM_END && stream.total_out == size)
        return content;
    free(content);
    return NULL;
}

// The file's directory is walked, whose place stands in the last record.
static inline char *unzip_file(const char *zip, size_t zip_size, const char *name)
{
    if (zip_size < 22 || memcmp(zip + zip_size - 22, "PK\5\6", 4) != 0)
        return NULL;
    size_t count = unzip_number(zip + zip_size - 22 + 10, 2);
    const char *at = zip + unzip_number(zip + zip_size - 22 + 16, 4);
    for (size_t i = 0; i < count; i++) {
        size_t name_size = unzip_number(at + 28, 2);
        const char *local = zip + unzip_number(at + 42, 4);
        if (name_size == strlen(name) && memcmp(at + 46, name, name_size) == 0)
            return unzip_inflate(local + 30 + unzip_number(local + 26, 2) +
                                     unzip_number(local + 28, 2),
                                 unzip_number(at + 20, 4), unzip_number(at + 24, 4),
                                 (int)unzip_number(at + 10, 2));
        at += 46 + name_size + unzip_number(at + 30, 2) + unzip_number(at + 32, 2);
    }
    return NULL;
}

#endif
