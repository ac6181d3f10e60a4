#include "base/sha1.h"

#include <stdint.h>
#include <string.h>

#include "base/status.h"

enum { block_bytes = 64, length_bytes = 8, words = 5, rounds = 80 };

static uint32_t turn(uint32_t word, unsigned bits)
{
    return word << bits | word >> (32 - bits);
}

static uint32_t load_be(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void store_be(unsigned char *at, uint32_t word)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(word >> (24 - 8 * i));
}

// f and K of FIPS 180-4 §4.1.1, §4.2.1.
static uint32_t mix(size_t round, uint32_t b, uint32_t c, uint32_t d)
{
    if (round < 20)
        return ((b & c) | (~b & d)) + UINT32_C(0x5A827999);
    if (round < 40)
        return (b ^ c ^ d) + UINT32_C(0x6ED9EBA1);
    if (round < 60)
        return ((b & c) | (b & d) | (c & d)) + UINT32_C(0x8F1BBCDC);
    return (b ^ c ^ d) + UINT32_C(0xCA62C1D6);
}

static void add_block(uint32_t state[words], const unsigned char block[block_bytes])
{
    uint32_t schedule[rounds], now[words];
    for (size_t i = 0; i < 16; i++)
        schedule[i] = load_be(block + 4 * i);
    for (size_t i = 16; i < rounds; i++)
        schedule[i] = turn(
            schedule[i - 3] ^ schedule[i - 8] ^ schedule[i - 14] ^ schedule[i - 16], 1);
    memcpy(now, state, sizeof now);
    for (size_t i = 0; i < rounds; i++) {
        uint32_t next =
            turn(now[0], 5) + mix(i, now[1], now[2], now[3]) + now[4] + schedule[i];
        now[4] = now[3];
        now[3] = now[2];
        now[2] = turn(now[1], 30);
        now[1] = now[0];
        now[0] = next;
    }
    for (size_t i = 0; i < words; i++)
        state[i] += now[i];
}

// Of one whole block (the padded key) and a tail of at most a block.
static void hash_two(const unsigned char first[block_bytes], const void *tail,
                     size_t tail_size, unsigned char ret[WF_SHA1_BYTES])
{
    uint32_t state[words] = {UINT32_C(0x67452301), UINT32_C(0xEFCDAB89),
                             UINT32_C(0x98BADCFE), UINT32_C(0x10325476),
                             UINT32_C(0xC3D2E1F0)};
    unsigned char last[2 * block_bytes] = {0};
    uint64_t bits = 8 * (block_bytes + (uint64_t)tail_size);
    size_t size =
        tail_size + 1 + length_bytes <= block_bytes ? block_bytes : 2 * block_bytes;
    memcpy(last, tail, tail_size);
    last[tail_size] = 0x80;
    store_be(last + size - 8, (uint32_t)(bits >> 32));
    store_be(last + size - 4, (uint32_t)bits);
    add_block(state, first);
    add_block(state, last);
    if (size > block_bytes)
        add_block(state, last + block_bytes);
    for (size_t i = 0; i < words; i++)
        store_be(ret + 4 * i, state[i]);
}

void wf_hmac_sha1(const void *key, size_t key_size, const void *message,
                  size_t message_size, unsigned char ret[WF_SHA1_BYTES])
{
    unsigned char pad[block_bytes] = {0}, inner[WF_SHA1_BYTES];
    WF_ASSERT(key_size <= block_bytes && message_size <= block_bytes);
    memcpy(pad, key, key_size);
    for (size_t i = 0; i < block_bytes; i++)
        pad[i] ^= 0x36;
    hash_two(pad, message, message_size, inner);
    for (size_t i = 0; i < block_bytes; i++)
        pad[i] ^= 0x36 ^ 0x5C;
    hash_two(pad, inner, sizeof inner, ret);
    memset(pad, 0, sizeof pad);
}
