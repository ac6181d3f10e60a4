// Fields of a few bits in bytes, least significant first: bit b of a run stands in byte
// b / 8. Only for files of src/visits.
#ifndef WF_VISITS_BITS_H
#define WF_VISITS_BITS_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t wf_load_u64(const unsigned char *from)
{
    uint64_t value;
    memcpy(&value, from, sizeof value);
    return le64toh(value);
}

// The 57 or more bits from bit `bit` on, in the low bits of the result. Reads 8 bytes,
// so up to 7 behind the field must be readable.
static inline uint64_t wf_bits_at(const unsigned char *run, uint64_t bit)
{
    return wf_load_u64(run + (bit >> 3)) >> (bit & 7);
}

static inline uint64_t wf_bits_mask(unsigned bits)
{
    return (UINT64_C(1) << bits) - 1; // bits < 64
}

// How many bits hold every number up to `greatest`.
static inline unsigned wf_bits_for(uint64_t greatest)
{
    return greatest == 0 ? 0 : 64 - (unsigned)__builtin_clzll(greatest);
}

static inline uint64_t wf_bits_bytes(uint64_t bits)
{
    return (bits + 7) / 8;
}

// Writes fields one after another; never touches a byte behind the last one.
typedef struct {
    unsigned char *at;
    uint64_t held; // bits that do not stand in memory yet
    unsigned held_bits;
} wf_bit_writer;

// bits ≤ 32, value < 2^bits.
static inline void wf_bits_put(wf_bit_writer *writer, uint64_t value, unsigned bits)
{
    writer->held |= value << writer->held_bits;
    writer->held_bits += bits;
    if (writer->held_bits >= 32) {
        uint32_t word = htole32((uint32_t)writer->held);
        memcpy(writer->at, &word, sizeof word);
        writer->at += sizeof word;
        writer->held >>= 32;
        writer->held_bits -= 32;
    }
}

// Writes what is held, filled up with zero bits to a whole byte.
static inline void wf_bits_flush(wf_bit_writer *writer)
{
    while (writer->held_bits > 0) {
        *writer->at++ = (unsigned char)writer->held;
        writer->held >>= 8;
        writer->held_bits -= writer->held_bits < 8 ? writer->held_bits : 8;
    }
}

#endif
