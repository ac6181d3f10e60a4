// A file of which one place was made wrong, and where the reader has to see it.
#ifndef TEST_SUPPORT_SPOILED_H
#define TEST_SUPPORT_SPOILED_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *find, *put; // the first `find` is replaced
    const char *code, *field;
    const char *line_of; // a text whose line is blamed; NULL: that of `put`
} spoiled;

// `find` replaced once; the caller frees.
static inline char *spoil(const char *text, const spoiled *row)
{
    const char *at = strstr(text, row->find);
    if (at == NULL)
        fail_msg("the small file has no '%s'", row->find);
    size_t before = (size_t)(at - text), put = strlen(row->put);
    const char *rest = at + strlen(row->find);
    char *whole = malloc(before + put + strlen(rest) + 1);
    assert_non_null(whole);
    memcpy(whole, text, before);
    memcpy(whole + before, row->put, put);
    memcpy(whole + before + put, rest, strlen(rest) + 1);
    return whole;
}

static inline uint64_t line_of(const char *text, const char *part)
{
    uint64_t line = 1;
    const char *end = strstr(text, part);
    assert_non_null(end);
    for (; text < end; text++)
        line += *text == '\n';
    return line;
}

#endif
