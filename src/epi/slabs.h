// Chunks of memory for lists that grow without being moved: cut from huge pages, kept
// from query to query. One thread's.
#ifndef WF_EPI_SLABS_H
#define WF_EPI_SLABS_H

#include <stddef.h>

#define WF_SLAB_CHUNK_BYTES ((size_t)1 << 15)

// Zero-initialised is empty.
typedef struct {
    unsigned char **slabs;
    size_t count, capacity;
    size_t chunks_used; // over all slabs
} wf_slabs;

// The next WF_SLAB_CHUNK_BYTES, as they were left; NULL without memory.
void *wf_slabs_next(wf_slabs *slabs);
// All chunks are free again.
static inline void wf_slabs_reuse(wf_slabs *slabs)
{
    slabs->chunks_used = 0;
}
void wf_slabs_done(wf_slabs *slabs);

#endif
