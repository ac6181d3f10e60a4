// What the ledger was told before of the rows of a list: the same, of the same time.
//
// Method: all facts of a row are read once, when it is first asked about, and kept as two
// hashes each of what the question says. A list that asks the same row a hundred thousand
// times, of which the ledger has a hundred thousand facts, reads each of them once. Only
// for files of src/load.
#ifndef WF_LOAD_TOLD_H
#define WF_LOAD_TOLD_H

#include "base/hash_set.h"
#include "load/import.h"

// Zero-initialised is empty.
typedef struct {
    bool seeded;
    uint64_t seeds[2];
    wf_hash_set read; // rows that were read, and for which fields
    wf_hash_set has[2];
} wf_told;

void wf_told_done(wf_told *told); // leaves it empty

// Whether the ledger has a living fact of the row of `table` with the key `key` that is
// of the same time as `fact` and says in each field that `fact` gives the same, whoever
// said it and as whatever kind: what was a result becomes a correction where another has
// come meanwhile. As things stood when the row was first asked about. At most 64 fields.
// The ledger is read in a step of `alone`, where the import goes on beside others.
weft_status wf_told_before(wf_told *told, const wf_import_city *city,
                           const wf_table *table, wf_text key, const wf_fact *fact,
                           bool *ret, weft_error *error) WEFT_MUST_CHECK;

#endif
