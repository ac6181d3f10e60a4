// Looks of lately, out of the rows and the ledger: what sums in memory begin with that
// are kept of those who look (access/looks).
//
// Threads: as whoever reads (store/person_facts.h).
#ifndef WF_DESK_REGISTER_LOOKS_LATELY_H
#define WF_DESK_REGISTER_LOOKS_LATELY_H

#include "store/store.h"

// Calls `each` for how many people each answer after `since` showed, rising by when it
// was. Cost: one reading of the rows of looks since then.
weft_status wf_looks_lately(wf_database *db, weft_time since,
                            void (*each)(void *context, wf_text actor, weft_time at,
                                         uint64_t persons),
                            void *context, weft_error *error) WEFT_MUST_CHECK;

// Calls `each` for each person of the looks after `since` that count as looks at one
// person (of_one), rising by when they were; of no more than `most` looks, those that
// came back to somebody most. What cannot be read of a look any more does not come. Texts
// are borrowed. Cost: one reading of the ledger a look.
weft_status
wf_looks_at_one(wf_store *store, wf_database *db, weft_time since, size_t most,
                void (*each)(void *context, wf_text actor, wf_text person, weft_time at),
                void *context, weft_error *error) WEFT_MUST_CHECK;

#endif
