// Hash → positions, as sorted runs: how a fact is found by its identity, and how the
// facts of a row are found when it has to be folded again.
//
// New pairs go to memory; when there are many, or at a flush, they are sorted and written
// as one run; runs of like size are merged, so that there are O(log n) of them. Runs are
// made from the ledger and can be made again: a missing, damaged or foreign run is
// dropped by opening, which then says from which position the ledger must be indexed
// again.
//
// Hashes are keyed (by a secret of the LEDGER key), so that runs tell nothing without the
// ring. Different facts may share a hash: who asks must look at what it finds.
//
// Threads: one writer; finding may run beside it from other threads (a lock inside).
#ifndef WF_STORE_INDEX_H
#define WF_STORE_INDEX_H

#include "base/io.h"
#include "keys/ring.h"
#include "model/value.h"

typedef struct wf_index wf_index;

typedef struct {
    uint64_t hash;
    uint64_t position;
} wf_index_pair;

// Opens <city_dir>/ledger/*.index. Everything up to *ret_upto is indexed.
weft_status wf_index_open(const wf_io *io, const char *city_dir, wf_keys *keys,
                          wf_index **ret, uint64_t *ret_upto,
                          weft_error *error) WEFT_MUST_CHECK;
void wf_index_close(wf_index *index);

// The hash of an identity, or of a row: table's name and key values in canonical form.
uint64_t wf_index_hash(const wf_index *index, wf_text what);

// Positions rise from call to call; several pairs may name one position.
weft_status wf_index_add(wf_index *index, const wf_index_pair *pairs, size_t count,
                         weft_error *error) WEFT_MUST_CHECK;
// Makes durable what came up to `upto`; merges runs where that pays.
weft_status wf_index_flush(wf_index *index, uint64_t upto,
                           weft_error *error) WEFT_MUST_CHECK;

// Appends all positions of a hash, rising, to *ret (an array of uint64_t).
weft_status wf_index_find(const wf_index *index, uint64_t hash, wf_buffer *ret,
                          weft_error *error) WEFT_MUST_CHECK;

// Forgets everything; to be filled again from position 1.
weft_status wf_index_clear(wf_index *index, weft_error *error) WEFT_MUST_CHECK;

#endif
