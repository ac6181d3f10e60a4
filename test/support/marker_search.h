// The search of the forget law: a marker in every form in which it could have been left
// somewhere: UTF-8, UTF-16 of both orders, hex of both cases, base64 at its three
// alignments, and numbers as they are packed.
#ifndef TEST_SUPPORT_MARKER_SEARCH_H
#define TEST_SUPPORT_MARKER_SEARCH_H

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    marker_bytes = 24,
    marker_forms_max = 24,
    marker_form_bytes_max = 4 * marker_bytes
};

typedef struct {
    struct {
        const char *name;
        char bytes[marker_form_bytes_max];
        size_t size;
    } forms[marker_forms_max];
    size_t count;
} marker_search;

static inline void marker_add(marker_search *search, const char *name, const void *bytes,
                              size_t size)
{
    if (search->count == marker_forms_max || size > marker_form_bytes_max || size == 0)
        abort();
    search->forms[search->count].name = name;
    memcpy(search->forms[search->count].bytes, bytes, size);
    search->forms[search->count++].size = size;
}

// A number of 64 bits as files have it.
static inline void marker_add_number(marker_search *search, uint64_t number)
{
    unsigned char low[8], high[8];
    for (size_t i = 0; i < 8; i++)
        high[7 - i] = low[i] = (unsigned char)(number >> (8 * i));
    marker_add(search, "a packed number", low, sizeof low);
    marker_add(search, "a packed number, the greatest byte first", high, sizeof high);
}

// What is the same in base64 wherever the text begins within three bytes.
static inline void marker_add_base64(marker_search *search, const char *text)
{
    for (size_t skip = 0; skip < 3; skip++) {
        char base64[marker_form_bytes_max];
        size_t size = (marker_bytes - skip) / 3 * 3;
        sodium_bin2base64(base64, sizeof base64, (const unsigned char *)text + skip, size,
                          sodium_base64_VARIANT_ORIGINAL);
        marker_add(search, "base64", base64, size / 3 * 4);
    }
}

// A text of marker_bytes letters and digits.
static inline void marker_add_text(marker_search *search, const char *text)
{
    char little[2 * marker_bytes] = {0}, big[2 * marker_bytes] = {0},
                    hex[2 * marker_bytes + 1];
    if (strlen(text) != marker_bytes)
        abort();
    marker_add(search, "UTF-8", text, marker_bytes);
    for (size_t i = 0; i < marker_bytes; i++)
        little[2 * i] = big[2 * i + 1] = text[i];
    marker_add(search, "UTF-16", little, sizeof little);
    marker_add(search, "UTF-16, the greatest byte first", big, sizeof big);
    sodium_bin2hex(hex, sizeof hex, (const unsigned char *)text, marker_bytes);
    marker_add(search, "hex", hex, 2 * marker_bytes);
    for (size_t i = 0; i < 2 * marker_bytes; i++)
        hex[i] = hex[i] >= 'a' ? (char)(hex[i] - 'a' + 'A') : hex[i];
    marker_add(search, "HEX", hex, 2 * marker_bytes);
    marker_add_base64(search, text);
}

// The name of a form that stands in the bytes, NULL: none does.
static inline const char *marker_found(const marker_search *search, const void *bytes,
                                       size_t size)
{
    for (size_t i = 0; i < search->count; i++)
        if (memmem(bytes, size, search->forms[i].bytes, search->forms[i].size) != NULL)
            return search->forms[i].name;
    return NULL;
}

// The same of a file of any size.
static inline const char *marker_found_in(const marker_search *search, const char *path)
{
    enum { part_bytes = 1 << 20 };
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(marker_form_bytes_max + part_bytes);
    const char *found = NULL;
    size_t had = 0, part;
    if (file == NULL || bytes == NULL)
        abort();
    while (found == NULL && (part = fread(bytes + had, 1, part_bytes, file)) > 0) {
        size_t size = had + part;
        found = marker_found(search, bytes, size);
        // What begins at the end of this part ends in the next.
        had = size < marker_form_bytes_max ? size : marker_form_bytes_max;
        memmove(bytes, bytes + size - had, had);
    }
    if (ferror(file) != 0 || fclose(file) != 0)
        abort();
    free(bytes);
    return found;
}

#endif
