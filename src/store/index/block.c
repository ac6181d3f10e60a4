#include "store/index/block.h"

#include <sodium.h>
#include <string.h>

enum {
    head_bytes = 24,
    tag_at = WF_INDEX_BLOCK_BYTES - 8,
    payload_bytes = tag_at - head_bytes
};

_Static_assert(payload_bytes == WF_INDEX_BLOCK_PAIRS_MAX,
               "pairs that differ take a byte each at least");
_Static_assert(crypto_shorthash_KEYBYTES == WF_INDEX_TAG_KEY_BYTES &&
                   crypto_shorthash_BYTES == 8,
               "a tag is SipHash-2-4");

uint64_t wf_index_tag(const wf_index_tags *tags, unsigned char *prefix, uint64_t number,
                      uint64_t block, size_t size)
{
    unsigned char tag[crypto_shorthash_BYTES];
    wf_index_put(prefix, number, 8);
    wf_index_put(prefix + 8, block, 8);
    int failed =
        crypto_shorthash(tag, prefix, WF_INDEX_TAG_PREFIX_BYTES + size, tags->key);
    WF_ASSERT(failed == 0);
    return wf_index_get(tag, 8);
}

void wf_index_block_seal(const wf_index_tags *tags, uint64_t number, uint64_t block,
                         wf_index_block *at)
{
    wf_index_put(at->bytes + tag_at,
                 wf_index_tag(tags, at->prefix, number, block, tag_at), 8);
}

bool wf_index_block_sound(const wf_index_tags *tags, uint64_t number, uint64_t block,
                          wf_index_block *at)
{
    return wf_index_tag(tags, at->prefix, number, block, tag_at) ==
           wf_index_get(at->bytes + tag_at, 8);
}

unsigned wf_index_width(uint64_t value)
{
    return value == 0 ? 0 : (71 - (unsigned)__builtin_clzll(value)) / 8;
}

size_t wf_index_block_room(unsigned hash_width, unsigned position_width)
{
    unsigned width = hash_width + position_width;
    return width == 0 ? WF_INDEX_BLOCK_PAIRS_MAX : payload_bytes / width;
}

void wf_index_block_pack(const wf_index_pair *pairs, size_t n, uint64_t least,
                         unsigned hash_width, unsigned position_width,
                         wf_index_block *ret)
{
    unsigned char *to = ret->bytes;
    memset(to, 0, sizeof ret->bytes);
    wf_index_put(to, n, 2);
    to[2] = (unsigned char)hash_width;
    to[3] = (unsigned char)position_width;
    wf_index_put(to + 8, pairs[0].hash, 8);
    wf_index_put(to + 16, least, 8);
    to += head_bytes;
    // Eight bytes each time: what is beyond the width is zeroes, which what follows
    // overwrites, the tag at the last.
    for (size_t i = 0; i < n; i++, to += hash_width)
        wf_index_put(to, pairs[i].hash - pairs[0].hash, 8);
    for (size_t i = 0; i < n; i++, to += position_width)
        wf_index_put(to, pairs[i].position - least, 8);
}

bool wf_index_block_view(const wf_index_block *block, wf_index_view *ret)
{
    const unsigned char *from = block->bytes;
    wf_index_view view = {.n = (size_t)wf_index_get(from, 2),
                          .hash_width = from[2],
                          .position_width = from[3],
                          .first = wf_index_get(from + 8, 8),
                          .least = wf_index_get(from + 16, 8),
                          .hashes = from + head_bytes};
    if (view.n == 0 || view.hash_width > 8 || view.position_width > 8 ||
        view.n > wf_index_block_room(view.hash_width, view.position_width))
        return false;
    view.positions = view.hashes + view.n * view.hash_width;
    *ret = view;
    return true;
}

// Eight bytes at any number of a block stand before its end, because of the tag.
uint64_t wf_index_view_hash(const wf_index_view *view, size_t at)
{
    return view->first +
           wf_index_get(view->hashes + at * view->hash_width, view->hash_width);
}

uint64_t wf_index_view_position(const wf_index_view *view, size_t at)
{
    return view->least + wf_index_get(view->positions + at * view->position_width,
                                      view->position_width);
}

void wf_index_view_pairs(const wf_index_view *view, wf_index_pair *ret)
{
    wf_index_view from = *view; // what is written cannot be it
    for (size_t i = 0; i < from.n; i++)
        ret[i].hash = wf_index_view_hash(&from, i);
    for (size_t i = 0; i < from.n; i++)
        ret[i].position = wf_index_view_position(&from, i);
}

size_t wf_index_view_find(const wf_index_view *view, uint64_t hash)
{
    size_t low = 0, high = view->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (wf_index_view_hash(view, middle) < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
