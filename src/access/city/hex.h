// Ids and links as people read them.
#ifndef WF_ACCESS_CITY_HEX_H
#define WF_ACCESS_CITY_HEX_H

#include <stddef.h>

// 2 × size digits and NUL.
static inline void wf_hex_print(char *to, const unsigned char *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        to[2 * i] = digits[bytes[i] >> 4];
        to[2 * i + 1] = digits[bytes[i] & 15];
    }
    to[2 * size] = '\0';
}

#endif
