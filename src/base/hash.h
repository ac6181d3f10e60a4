// Fast hash of bytes for in-memory tables. Seeded, so that hostile ids cannot be
// chosen to collide; not for files, not for secrets.
//
// Method: the two halves of a 64 × 64 → 128 bit product folded together (the step
// of the wyhash family), over 16 bytes a step, each factor whitened by the seed and
// a constant. Short keys, which are nearly all, take two steps and no loop. The
// value depends on the byte order of the machine.
#ifndef WF_BASE_HASH_H
#define WF_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// A fresh seed from the machine's entropy.
uint64_t wf_hash_seed(void);

// The fractional parts of the square roots of 2, 3, 5 and 7, made odd.
#define WF_HASH_A UINT64_C(0x6A09E667F3BCC909)
#define WF_HASH_B UINT64_C(0xBB67AE8584CAA73B)
#define WF_HASH_C UINT64_C(0x3C6EF372FE94F82B)
#define WF_HASH_D UINT64_C(0xA54FF53A5F1D36F1)

static inline uint64_t wf_hash_fold(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t wf_hash_load8(const unsigned char *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static inline uint64_t wf_hash_load4(const unsigned char *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

// `bytes` may be NULL when size is 0.
static inline uint64_t wf_hash(const void *bytes, size_t size, uint64_t seed)
{
    const unsigned char *at = bytes;
    uint64_t first = seed ^ WF_HASH_A;
    uint64_t second = (seed << 32 | seed >> 32) ^ WF_HASH_B;
    uint64_t a = 0, b = 0;
    size_t left = size;
    while (left > 16) {
        first = wf_hash_fold(wf_hash_load8(at) ^ first,
                             wf_hash_load8(at + 8) ^ second ^ WF_HASH_D);
        at += 16;
        left -= 16;
    }
    // The last 1 to 16 bytes, read as two words that may overlap.
    if (left >= 8) {
        a = wf_hash_load8(at);
        b = wf_hash_load8(at + left - 8);
    } else if (left >= 4) {
        a = wf_hash_load4(at);
        b = wf_hash_load4(at + left - 4);
    } else if (left > 0) {
        a = (uint64_t)at[0] << 16 | (uint64_t)at[left / 2] << 8 | at[left - 1];
    }
    uint64_t mixed = wf_hash_fold(a ^ first, b ^ second);
    return wf_hash_fold(mixed ^ WF_HASH_C, (uint64_t)size ^ first ^ WF_HASH_D);
}

#endif
