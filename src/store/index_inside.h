// What the index is inside; for files of src/store/index*.c and their tests.
#ifndef WF_STORE_INDEX_INSIDE_H
#define WF_STORE_INDEX_INSIDE_H

#include <pthread.h>

#include "store/index_memory.h"
#include "store/index_run.h"

// As many pairs go to memory before a run is written: 12 MB.
#define WF_INDEX_MEMORY_PAIRS (UINT32_C(1) << 19)
// Runs of fewer pairs count as of this many when it is asked whether merging pays.
#define WF_INDEX_SMALL_PAIRS (UINT32_C(1) << 16)

#define WF_INDEX_HASH_KEY_BYTES 16

struct wf_index {
    wf_path folder;
    wf_index_tags tags;
    unsigned char hash_key[WF_INDEX_HASH_KEY_BYTES];
    size_t memory_pairs, small_pairs; // the limits above; tests make them smaller
    // Over what finding looks at: memory and runs. The writer alone changes them, and
    // reads them without it.
    pthread_rwlock_t lock;
    wf_index_memory memory;
    wf_index_run **runs; // oldest first; what they cover is 1 to durable_upto, gapless
    size_t runs_count, runs_room;
    uint64_t durable_upto;
    uint64_t newest; // position that was added last
    uint64_t next_file;
};

#endif
