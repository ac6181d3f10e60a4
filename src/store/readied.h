// Facts of one sender that are numbered and made ready for the ledger beside the writer:
// what rolls (roll.h) and sheaves (sheaf.h) end with. Only for files of src/store.
//
// Threads: as is said of each; one call at a time.
#ifndef WF_STORE_READIED_H
#define WF_STORE_READIED_H

#include "store/store.h"

typedef struct {
    wf_store *store;
    char device[WF_DEVICE_BYTES_MAX + 1];
    weft_time now;
    int64_t first_seq; // the device's next one, as far as is known
    int64_t next_seq;
    uint64_t position; // of the next one, from 1
    wf_ledger_ready *ready;
    wf_buffer pairs;  // of wf_index_pair, positions from 1
    wf_buffer noted;  // of int64_t: numbers of its facts
    wf_buffer passed; // of int64_t: numbers that were amended beforehand
} wf_readied;

// By the thread that writes the store. `days`: of all facts that are to come.
// WEFT_FORGOTTEN when one of them is. wf_readied_done after it, also when it failed.
weft_status wf_readied_init(wf_readied *readied, wf_store *store, wf_text device,
                            weft_time now, const wf_ledger_day *days, size_t count,
                            weft_error *error) WEFT_MUST_CHECK;
void wf_readied_done(wf_readied *readied); // of zeroes: does nothing

// Begins anew with the first number.
void wf_readied_clear(wf_readied *readied);
// Adds a checked fact, whose identity is given here, and its body; by any one thread.
weft_status wf_readied_add(wf_readied *readied, const wf_fact *fact, wf_text body,
                           wf_arena *arena, weft_error *error) WEFT_MUST_CHECK;

// By the thread that writes. Whether somebody has sent as the device meanwhile: then all
// has to be added once more, from the number that is next now.
bool wf_readied_is_late(wf_readied *readied);
// One commit, durable when it returns; nothing is left of it on failure. Its positions
// are the `*ret_count` after `*ret_head`.
weft_status wf_readied_commit(wf_readied *readied, uint64_t *ret_head,
                              uint64_t *ret_count, weft_error *error) WEFT_MUST_CHECK;

#endif
