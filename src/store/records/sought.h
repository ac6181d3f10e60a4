// The hashes under which the index knows what people are sought by (model/search.h):
// names, phones and numbers of documents that facts say. Only for files of src/store.
//
// Whole values are hashed alone; parts of names together with the town of the grid that
// the same fact says, so that a search by parts is cut to its towns before anything is
// read. Where a name and a grid came by different facts, the name's parts lie in no town,
// or in that of an older home: so every fact that says a home but no name is known by its
// town as well. Two rows of one as-of that give one person different names in different
// towns, of which one name and the other town stands, are found by the whole name only.
//
// A changed rule of what is hashed needs a new version of the index (index/run.c).
#ifndef WF_STORE_RECORDS_SOUGHT_H
#define WF_STORE_RECORDS_SOUGHT_H

#include "model/search.h"
#include "store/index/index.h"
#include "store/ledger/ledger.h"

// Appends the wf_index_pair of an entry.
weft_status wf_sought_pairs(const wf_index *index, const wf_entry *entry, wf_buffer *ret,
                            weft_error *error) WEFT_MUST_CHECK;

// `field`: its name. A part in a town; town of size 0: said without a grid.
uint64_t wf_sought_whole(const wf_index *index, wf_text field, wf_text whole);
uint64_t wf_sought_part(const wf_index *index, wf_text field, wf_text town, wf_text part);
// Facts that say a home in this town, but no `field`.
uint64_t wf_sought_home(const wf_index *index, wf_text field, wf_text town);

#endif
