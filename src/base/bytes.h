// Little-endian integers, as every file of a city has them.
#ifndef WF_BASE_BYTES_H
#define WF_BASE_BYTES_H

#include <stdint.h>

static inline void wf_put_u32(unsigned char *to, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        to[i] = (unsigned char)(value >> (8 * i));
}

static inline void wf_put_u64(unsigned char *to, uint64_t value)
{
    wf_put_u32(to, (uint32_t)value);
    wf_put_u32(to + 4, (uint32_t)(value >> 32));
}

static inline uint32_t wf_get_u32(const unsigned char *from)
{
    return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 |
           (uint32_t)from[3] << 24;
}

static inline uint64_t wf_get_u64(const unsigned char *from)
{
    return wf_get_u32(from) | (uint64_t)wf_get_u32(from + 4) << 32;
}

#endif
