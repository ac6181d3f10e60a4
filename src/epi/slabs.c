#include "epi/slabs.h"

#include "base/pages.h"
#include "epi/room.h"

enum {
    slab_bytes = 1 << 21, // one huge page
    slab_chunks = slab_bytes / (int)WF_SLAB_CHUNK_BYTES
};

void *wf_slabs_next(wf_slabs *slabs)
{
    size_t slab = slabs->chunks_used / slab_chunks;
    if (slab == slabs->count) {
        unsigned char **grown =
            wf_room_grow(slabs->slabs, &slabs->capacity, sizeof *grown, slabs->count,
                         slabs->count + 1);
        if (grown == NULL)
            return NULL;
        slabs->slabs = grown;
        grown[slab] = wf_pages_new(slab_bytes);
        if (grown[slab] == NULL)
            return NULL;
        slabs->count++;
    }
    return slabs->slabs[slab] + slabs->chunks_used++ % slab_chunks * WF_SLAB_CHUNK_BYTES;
}

void wf_slabs_done(wf_slabs *slabs)
{
    for (size_t i = 0; i < slabs->count; i++)
        wf_pages_free(slabs->slabs[i], slab_bytes);
    wf_room_free(slabs->slabs, slabs->capacity, sizeof *slabs->slabs);
    *slabs = (wf_slabs){0};
}
