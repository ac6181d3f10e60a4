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
// Method: a log-structured merge of sorted runs (O'Neil et al. 1996, Acta Informatica
// 33), each with a sparse directory in memory, so that finding reads one block a run; a
// run is merged with its elders when it is together no smaller than they are. A pair is
// some 10 bytes on disk, and 24 in memory until it is there. Files: index/run.h.
//
// Threads: one writer; finding may run beside it from other threads (a lock inside). When
// memory is full a thread of the index's own writes the run and merges, so that adding
// waits only where the disk is much slower than what comes.
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

// Opens <city_dir>/ledger/*.index. Everything up to *ret_upto is indexed: what follows is
// to be added again. When that is beyond the ledger's end, the index is of another
// ledger: clear it. Failures are those of the disk and of the ring only. `io` and the
// secrets made from `keys` are kept, `keys` itself is not.
weft_status wf_index_open(const wf_io *io, const char *city_dir, wf_keys *keys,
                          wf_index **ret, uint64_t *ret_upto,
                          weft_error *error) WEFT_MUST_CHECK;
void wf_index_close(wf_index *index);

// The hash of an identity, or of a row: table's name and key values in canonical form.
// SipHash-2-4 (Aumasson & Bernstein 2012) under a secret of the LEDGER key.
uint64_t wf_index_hash(const wf_index *index, wf_text what);

// Positions begin at 1 and never fall, and a later call does not name again what an
// earlier one has named; several pairs of a call may name one position. When memory is
// full it is written as a run; that this failed is said by a later call, of which then
// nothing was added. What was there can be found as before, and it is tried again.
weft_status wf_index_add(wf_index *index, const wf_index_pair *pairs, size_t count,
                         weft_error *error) WEFT_MUST_CHECK;
// Makes room for the `count` pairs of the next wf_index_add, which then cannot fail: for
// whoever cannot go back between. `next`: their first position. Fails as adding does.
weft_status wf_index_reserve(wf_index *index, size_t count, uint64_t next,
                             weft_error *error) WEFT_MUST_CHECK;
// Makes durable what came up to `upto`; merges runs where that pays (where there is no
// room to merge, that is left for later). Nothing to do when `upto` already is. On
// failure all can be found as before, and flushing may be tried again.
weft_status wf_index_flush(wf_index *index, uint64_t upto,
                           weft_error *error) WEFT_MUST_CHECK;

// Appends all positions of a hash, rising, each once, to *ret (an array of uint64_t).
// A run that turns out to be damaged: WEFT_DAMAGED ("index.damaged"), *ret as it was; the
// run is removed by closing, so that opening asks for what is missing.
weft_status wf_index_find(const wf_index *index, uint64_t hash, wf_buffer *ret,
                          weft_error *error) WEFT_MUST_CHECK;

// Forgets everything, durably; to be filled again from position 1.
weft_status wf_index_clear(wf_index *index, weft_error *error) WEFT_MUST_CHECK;

#endif
