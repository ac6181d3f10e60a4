#include "base/text.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

wf_text wf_text_of(const char *c_string)
{
    return (wf_text){c_string, strlen(c_string)};
}

bool wf_text_equal(wf_text a, wf_text b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.bytes, b.bytes, a.size) == 0);
}

int wf_text_compare(wf_text a, wf_text b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common == 0 ? 0 : memcmp(a.bytes, b.bytes, common);
    if (order != 0)
        return order;
    return (a.size > b.size) - (a.size < b.size);
}

wf_text wf_text_trim(wf_text text)
{
    while (text.size > 0 && (text.bytes[0] == ' ' || text.bytes[0] == '\t')) {
        text.bytes++;
        text.size--;
    }
    while (text.size > 0 &&
           (text.bytes[text.size - 1] == ' ' || text.bytes[text.size - 1] == '\t'))
        text.size--;
    return text;
}

// Length of the well-formed sequence at the front of `at`, 0 if there is none.
static size_t utf8_sequence(const unsigned char *at, size_t left)
{
    unsigned char lead = at[0];
    if (lead < 0x80)
        return 1;
    size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || size > left)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    if ((lead == 0xE0 && at[1] < 0xA0) || (lead == 0xED && at[1] > 0x9F) ||
        (lead == 0xF0 && at[1] < 0x90) || (lead == 0xF4 && at[1] > 0x8F))
        return 0;
    return size;
}

bool wf_text_is_utf8(wf_text text)
{
    const unsigned char *at = (const unsigned char *)text.bytes;
    size_t left = text.size;
    while (left > 0) {
        size_t size = utf8_sequence(at, left);
        if (size == 0)
            return false;
        at += size;
        left -= size;
    }
    return true;
}

bool wf_parse_i64(wf_text text, int64_t min, int64_t max, int64_t *ret)
{
    size_t i = 0;
    bool negative = false;
    if (text.size > 0 && (text.bytes[0] == '-' || text.bytes[0] == '+')) {
        negative = text.bytes[0] == '-';
        i = 1;
    }
    if (i == text.size)
        return false;
    // Counted downwards, because the negative range is the larger one.
    int64_t value = 0;
    for (; i < text.size; i++) {
        char c = text.bytes[i];
        if (c < '0' || c > '9')
            return false;
        if (__builtin_mul_overflow(value, (int64_t)10, &value) ||
            __builtin_sub_overflow(value, (int64_t)(c - '0'), &value))
            return false;
    }
    if (!negative && __builtin_sub_overflow((int64_t)0, value, &value))
        return false;
    if (value < min || value > max)
        return false;
    *ret = value;
    return true;
}

bool wf_parse_double(wf_text text, double min, double max, double *ret)
{
    char copy[64];
    if (text.size == 0 || text.size >= sizeof copy)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (strchr("0123456789+-.eE", text.bytes[i]) == NULL || text.bytes[i] == '\0')
            return false;
    memcpy(copy, text.bytes, text.size);
    copy[text.size] = '\0';
    char *end = NULL;
    double value = strtod(copy, &end);
    if (end != copy + text.size || !isfinite(value) || value < min || value > max)
        return false;
    *ret = value;
    return true;
}

bool wf_buffer_reserve(wf_buffer *buffer, size_t size)
{
    size_t needed;
    if (__builtin_add_overflow(buffer->size, size, &needed) ||
        (buffer->limit != 0 && needed > buffer->limit))
        return false;
    if (needed <= buffer->capacity)
        return true;
    size_t capacity = buffer->capacity < 256 ? 256 : buffer->capacity;
    while (capacity < needed)
        if (__builtin_add_overflow(capacity, capacity / 2, &capacity))
            return false;
    char *bytes = realloc(buffer->bytes, capacity);
    if (bytes == NULL)
        return false;
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return true;
}

bool wf_buffer_append(wf_buffer *buffer, const void *bytes, size_t size)
{
    if (!wf_buffer_reserve(buffer, size))
        return false;
    if (size > 0)
        memcpy(buffer->bytes + buffer->size, bytes, size);
    buffer->size += size;
    return true;
}

bool wf_buffer_printf(wf_buffer *buffer, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    va_list again;
    va_copy(again, list);
    int size = vsnprintf(NULL, 0, format, list);
    va_end(list);
    bool done = size >= 0 && wf_buffer_reserve(buffer, (size_t)size + 1);
    if (done) {
        WF_IGNORE(
            vsnprintf(buffer->bytes + buffer->size, (size_t)size + 1, format, again) < 0,
            "the same format was measured a moment ago");
        buffer->size += (size_t)size;
    }
    va_end(again);
    return done;
}

wf_text wf_buffer_text(const wf_buffer *buffer)
{
    return (wf_text){buffer->bytes, buffer->size};
}

void wf_buffer_clear(wf_buffer *buffer)
{
    buffer->size = 0;
}

void wf_buffer_done(wf_buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (wf_buffer){.limit = buffer->limit};
}

void wf_buffer_wipe(wf_buffer *buffer)
{
    if (buffer->capacity > 0)
        explicit_bzero(buffer->bytes, buffer->capacity);
    wf_buffer_done(buffer);
}
