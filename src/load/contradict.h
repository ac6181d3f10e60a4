// Rows of one list of which no more than one can be right: two results of one tube at one
// time. Nobody but whoever made the list can tell which; so all of them are refused.
//
// Method: of each row a hash of what it speaks of and a hash of what it says; sorted by
// the first, rows beside one another that say different things contradict each other.
// 24 bytes a row. Only for files of src/load.
#ifndef WF_LOAD_CONTRADICT_H
#define WF_LOAD_CONTRADICT_H

#include "load/fact_rows.h"

typedef struct {
    uint64_t about, says;
    size_t row;
} wf_row_said;

// Zero-initialised but for the seed means empty.
typedef struct {
    wf_row_said *all;
    size_t count, capacity;
    uint64_t seed; // wf_hash_seed()
} wf_rows_said;

// Notes a row that is good by itself. `row`: what the caller calls it. Does nothing for a
// list whose rows cannot contradict each other. False: no memory.
bool wf_rows_said_add(wf_rows_said *said, const wf_fact_list *list,
                      const wf_value *values, size_t row);

// Leaves only the rows that contradict others, each once, in the order of `row`.
void wf_rows_said_find(wf_rows_said *said);

// Whether a row is left, after wf_rows_said_find.
bool wf_rows_said_has(const wf_rows_said *said, size_t row);

void wf_rows_said_done(wf_rows_said *said);

#endif
