// A sheaf: facts of a list, of any kinds and times, that are judged and made ready beside
// posts, where a send (store.h) keeps everybody waiting.
//
//   wf_sheaf_new      by the thread that writes the store
//   wf_sheaf_judge    by any one thread; meanwhile the writer may send observations whose
//   wf_sheaf_add      bodies stand in the ledger, and nothing else may be done with the
//                     store: no rows applied, no ids interned
//   wf_sheaf_number   by the writer: some microseconds a day that the facts are of
//   wf_sheaf_ready    by any one thread, as above
//   wf_sheaf_commit   by the writer: sealed, written, synced, true; the rest stands ready
//
// It is one commit: all of it or nothing, also after a crash. Its rows follow in slices.
// Facts are judged by how things stood when the sheaf was begun: what is sent meanwhile
// comes after them.
#ifndef WF_STORE_SHEAF_H
#define WF_STORE_SHEAF_H

#include "store/store.h"

typedef struct wf_sheaf wf_sheaf;

// Applies all that the ledger holds. `now`: the city's clock, as of wf_store_begin.
weft_status wf_sheaf_new(wf_store *store, wf_text device, weft_time now, wf_sheaf **ret,
                         weft_error *error) WEFT_MUST_CHECK;
void wf_sheaf_free(wf_sheaf *sheaf); // NULL does nothing; wipes

// Whether the store takes a fact that was judged by its own line: WEFT_OK, or its refusal
// in *ret and *why, as wf_store_put says it. Its body stands in the ledger, it amends
// nothing, and a decision is of a kind that is judged by the rows and by what it says
// itself: by no fact of this sheaf, and by none that it names.
weft_status wf_sheaf_judge(wf_sheaf *sheaf, const wf_fact *fact, weft_status *ret,
                           weft_error *why, weft_error *error) WEFT_MUST_CHECK;
// Adds a fact that was judged so; its identity is given later. Nothing of it is kept. It
// lies in no grid, or in the one that all others of the sheaf lie in that lie in one.
weft_status wf_sheaf_add(wf_sheaf *sheaf, const wf_fact *fact,
                         weft_error *error) WEFT_MUST_CHECK;

// All are added. Makes the keys of their days where there are none.
weft_status wf_sheaf_number(wf_sheaf *sheaf, weft_error *error) WEFT_MUST_CHECK;
weft_status wf_sheaf_ready(wf_sheaf *sheaf, weft_error *error) WEFT_MUST_CHECK;
// Durable when it returns; nothing is left of it on failure. Where somebody has sent as
// the device meanwhile it is made ready once more. Without facts it does nothing.
weft_status wf_sheaf_commit(wf_sheaf *sheaf, weft_error *error) WEFT_MUST_CHECK;

#endif
