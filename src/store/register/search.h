// People found by what is known of them: a name, a phone, the number of a document.
//
// The index of the ledger says which facts have ever said it (records/sought.h); the
// people whom those facts name are kept when their row says it still. A number that was
// changed, or a fact that was withdrawn, finds nobody.
//
// Threads: as the register.
#ifndef WF_STORE_REGISTER_SEARCH_H
#define WF_STORE_REGISTER_SEARCH_H

#include "model/search.h"
#include "store/register/register.h"

typedef struct {
    const char *column; // of the table of persons, one that is searched
    wf_text value;
    wf_text grid; // beginning of their grid codes; size 0: everywhere
    size_t limit; // how many are given
} wf_person_search;

typedef struct {
    wf_text person, name, grid; // name and grid of size 0: not known
} wf_person_found;

// In the order of the ids. Everywhere a name is sought as a whole; within a grid also by
// its parts (wf_search_has_parts). *ret_all: how many there are, of whom `limit` are
// given, in the arena. A value of which nothing is left to be sought, or that is too
// long: WEFT_BAD_INPUT ("find.empty").
//
// Cost: one read of the ledger and one of the rows for each person who has ever had the
// value; a name by parts in a grid that is larger than a town, once through the grids of
// all people besides.
weft_status wf_register_search(wf_register *reg, const wf_person_search *ask,
                               wf_arena *arena, wf_person_found **ret, size_t *ret_count,
                               uint64_t *ret_all, weft_error *error) WEFT_MUST_CHECK;

// The same of what the rows hold now, by a register that is open for this question alone.
weft_status wf_store_search(wf_store *store, const wf_person_search *ask, wf_arena *arena,
                            wf_person_found **ret, size_t *ret_count,
                            weft_error *error) WEFT_MUST_CHECK;

#endif
