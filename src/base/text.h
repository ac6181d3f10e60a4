// Borrowed text, growing buffers, and the one parser of outside integers.
#ifndef WF_BASE_TEXT_H
#define WF_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

// Bytes that belong to someone else; not ended by NUL.
typedef struct {
    const char *bytes;
    size_t size;
} wf_text;

#define WF_TEXT(literal) ((wf_text){(literal), sizeof(literal) - 1})

wf_text wf_text_of(const char *c_string);
bool wf_text_equal(wf_text a, wf_text b);
// Bytewise order, shorter first on a common prefix: <0, 0, >0.
int wf_text_compare(wf_text a, wf_text b);
// Without blanks and tabs at both ends.
wf_text wf_text_trim(wf_text text);
// True for well-formed UTF-8 (no overlong forms, surrogates, or > U+10FFFF).
bool wf_text_is_utf8(wf_text text);

// The one parser of integers from outside: optional sign, digits, nothing else;
// false (and *ret untouched) on anything else or outside [min, max].
bool wf_parse_i64(wf_text text, int64_t min, int64_t max, int64_t *ret);
// Finite decimal number ("12", "-0.5", "1e-3"), in [min, max].
bool wf_parse_double(wf_text text, double min, double max, double *ret);

// A growing byte buffer on the heap; zero-initialised is empty. `limit` 0 means
// no limit. Appending past the limit or out of memory gives false and leaves
// the content as it was.
typedef struct {
    char *bytes;
    size_t size;
    size_t capacity;
    size_t limit;
} wf_buffer;

bool wf_buffer_append(wf_buffer *buffer, const void *bytes, size_t size) WEFT_MUST_CHECK;
bool wf_buffer_printf(wf_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3))) WEFT_MUST_CHECK;
// Room for `size` more bytes at bytes + size, without changing size.
bool wf_buffer_reserve(wf_buffer *buffer, size_t size) WEFT_MUST_CHECK;
wf_text wf_buffer_text(const wf_buffer *buffer);
void wf_buffer_clear(wf_buffer *buffer); // keeps the memory
void wf_buffer_done(wf_buffer *buffer);
// The same, and no trace of what it holds stays in memory: for rows about people.
void wf_buffer_wipe(wf_buffer *buffer);

#endif
