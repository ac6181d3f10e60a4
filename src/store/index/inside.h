// What the index is inside; for files of src/store/index*.c and their tests.
#ifndef WF_STORE_INDEX_INSIDE_H
#define WF_STORE_INDEX_INSIDE_H

#include <pthread.h>

#include "store/index/memory.h"
#include "store/index/run.h"

// As many pairs go to memory before it is frozen to be written as a run: 12 MB.
#define WF_INDEX_MEMORY_PAIRS (UINT32_C(1) << 19)
// Runs of fewer pairs count as of this many when it is asked whether merging pays.
#define WF_INDEX_SMALL_PAIRS (UINT32_C(1) << 16)

#define WF_INDEX_HASH_KEY_BYTES 16

struct wf_index {
    wf_path folder;
    wf_index_tags tags;
    unsigned char hash_key[WF_INDEX_HASH_KEY_BYTES];
    size_t memory_pairs, small_pairs; // the limits above; tests make them smaller
    bool alone;                       // no thread of its own; for tests that count calls
    // Over what finding looks at: memory, what is frozen, runs. Who changes them has it
    // for writing.
    pthread_rwlock_t lock;
    wf_index_memory memory; // changed by the thread that adds
    // Changed by whoever settles: the worker while it is busy, else the thread that adds.
    wf_index_memory frozen; // on the way to a run
    wf_index_run **runs;    // oldest first; what they cover is 1 to durable_upto, gapless
    size_t runs_count, runs_room;
    uint64_t durable_upto;
    uint64_t frozen_upto; // what is frozen, or was last, covers up to here
    bool freezing;        // it is not a run yet
    uint64_t next_file;
    uint64_t newest; // position that was added last; of the thread that adds
    size_t reserved; // pairs that the next adding may bring without making room
    // The worker: `work` is over what follows it.
    pthread_mutex_t work;
    pthread_cond_t changed;
    pthread_t thread;
    bool has_thread; // of the thread that adds
    bool busy, ending;
    weft_status result; // of the last settling, until it was asked for
    weft_error failure;
};

// ---- index/work.c ----

weft_status wf_index_work_init(wf_index *index, weft_error *error) WEFT_MUST_CHECK;
void wf_index_work_end(wf_index *index); // waits for what is under way

void wf_index_lock(wf_index *index); // for writing
void wf_index_unlock(wf_index *index);

// Room for one run more. Under the lock, when readers may be there.
bool wf_index_reserve_run(wf_index *index);
// Removes its file and closes it; it is no longer among the runs.
void wf_index_drop_run(wf_index *index, wf_index_run *run);

// Makes what is frozen a durable run, then merges runs where that pays. On failure it
// stays frozen, if it was not written.
weft_status wf_index_settle(wf_index *index, weft_error *error) WEFT_MUST_CHECK;

// Begins to settle beside the caller (or does it at once, where there is no thread). The
// worker is not busy.
weft_status wf_index_work_begin(wf_index *index, weft_error *error) WEFT_MUST_CHECK;
bool wf_index_work_is_busy(wf_index *index);
void wf_index_work_wait(wf_index *index);
// How the last settling ended; says so once.
weft_status wf_index_work_result(wf_index *index, weft_error *error) WEFT_MUST_CHECK;

#endif
