// The newest pairs of the index, in memory: in order of arrival, chained by their hash;
// and the sorting of them.
//
// Threads: finding may run in parallel, not beside adding.
#ifndef WF_STORE_INDEX_MEMORY_H
#define WF_STORE_INDEX_MEMORY_H

#include "store/index/index.h"

// Zero-initialised is empty. Grows by doubling; 24 bytes a pair.
typedef struct {
    wf_index_pair *pairs;
    uint32_t *before;   // by pair: 1 + the one before it in its chain; 0: none
    uint32_t *newest;   // by the low bits of the hash: the newest of its chain, as above
    size_t count, room; // room: a power of two, or 0
} wf_index_memory;

// Room for `more` pairs in all.
weft_status wf_index_memory_reserve(wf_index_memory *memory, size_t more,
                                    weft_error *error) WEFT_MUST_CHECK;
// There is room.
void wf_index_memory_add(wf_index_memory *memory, const wf_index_pair *pairs,
                         size_t count);
// Appends the positions of a hash in order of arrival to *ret.
weft_status wf_index_memory_find(const wf_index_memory *memory, uint64_t hash,
                                 wf_buffer *ret, weft_error *error) WEFT_MUST_CHECK;
void wf_index_memory_clear(wf_index_memory *memory); // keeps the memory
void wf_index_memory_done(wf_index_memory *memory);

// Sorts by hash; what is equal keeps its order. Both arrays have room for `count`; gives
// the one that the result is in.
wf_index_pair *wf_index_sort(wf_index_pair *pairs, wf_index_pair *scratch, size_t count);

#endif
