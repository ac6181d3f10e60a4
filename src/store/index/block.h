// Blocks of a run of the index: their form is drawn in index/run.h.
//
// Threads: all functions may run in parallel.
#ifndef WF_STORE_INDEX_BLOCK_H
#define WF_STORE_INDEX_BLOCK_H

#include "store/index/run.h"

// Room for a block with what its tag is over before it: number of the file, of the block.
#define WF_INDEX_TAG_PREFIX_BYTES 16
typedef struct {
    unsigned char prefix[WF_INDEX_TAG_PREFIX_BYTES];
    unsigned char bytes[WF_INDEX_BLOCK_BYTES];
} wf_index_block;

// The tag of prefix and `size` bytes that stand behind it in memory.
uint64_t wf_index_tag(const wf_index_tags *tags, unsigned char *prefix, uint64_t number,
                      uint64_t block, size_t size);
// Writes, or checks, the tag in the last 8 bytes.
void wf_index_block_seal(const wf_index_tags *tags, uint64_t number, uint64_t block,
                         wf_index_block *at);
bool wf_index_block_sound(const wf_index_tags *tags, uint64_t number, uint64_t block,
                          wf_index_block *at);

// How many bytes `value` needs, 0 to 8.
unsigned wf_index_width(uint64_t value);
// How many pairs of these widths fit.
size_t wf_index_block_room(unsigned hash_width, unsigned position_width);
// Writes pairs, in order of (hash, position), that fit; `least` of their positions.
void wf_index_block_pack(const wf_index_pair *pairs, size_t n, uint64_t least,
                         unsigned hash_width, unsigned position_width,
                         wf_index_block *ret);

// A block as it stands, its numbers not yet decoded.
typedef struct {
    size_t n;
    unsigned hash_width, position_width;
    uint64_t first, least;
    const unsigned char *hashes, *positions;
} wf_index_view;
// False when the form is broken. The view borrows the block.
bool wf_index_block_view(const wf_index_block *block, wf_index_view *ret);
uint64_t wf_index_view_hash(const wf_index_view *view, size_t at);
uint64_t wf_index_view_position(const wf_index_view *view, size_t at);
// All n of them, decoded.
void wf_index_view_pairs(const wf_index_view *view, wf_index_pair *ret);
// The first place whose hash is not less than `hash`; n: none.
size_t wf_index_view_find(const wf_index_view *view, uint64_t hash);

// Little-endian integers.
static inline void wf_index_put(unsigned char *to, uint64_t value, unsigned width)
{
    for (unsigned i = 0; i < width; i++)
        to[i] = (unsigned char)(value >> (8 * i));
}

// Reads 8 bytes at `from`, whatever the width.
static inline uint64_t wf_index_get(const unsigned char *from, unsigned width)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < 8; i++)
        value |= (uint64_t)from[i] << (8 * i);
    return width == 0 ? 0 : value & (UINT64_MAX >> (64 - 8 * width));
}

#endif
