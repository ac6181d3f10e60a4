// Facts read again from the ledger: by their name, by the row that they make, by what
// amends what. For reactions, which look at facts and not only at rows.
//
// Rows that were applied and the ledger may differ by what is outstanding: whoever
// compares the two applies first. Threads: as the store.
#ifndef WF_STORE_FACTS_H
#define WF_STORE_FACTS_H

#include "store/records/amendments.h"
#include "store/store.h"

// The fact of this name, in the arena; *ret_found false: it has not come. Of a forgotten
// one there is the envelope only (entry.forgotten).
weft_status wf_store_fact(wf_store *store, wf_identity id, wf_arena *arena,
                          bool *ret_found, wf_entry *ret,
                          weft_error *error) WEFT_MUST_CHECK;

// Values of an entry whose body stands elsewhere, from the book where it does, in the
// arena: then it is `elsewhere` no more. It stays so when the body is not there, or its
// day cannot be read.
weft_status wf_store_read_body(wf_store *store, wf_arena *arena, wf_entry *entry,
                               weft_error *error) WEFT_MUST_CHECK;

// All facts that make the row of `table` whose key is the one text `key`, in the order of
// the ledger, dead ones too; forgotten ones are left out. A few may be of another row
// whose hash is the same: who asks looks at the fact. An entry's texts live until its
// call returns. Cost: one reading of the ledger each.
typedef weft_status wf_fact_visitor(void *context, const wf_entry *entry, bool is_live,
                                    weft_error *error);
weft_status wf_store_facts_of_row(wf_store *store, const wf_table *table, wf_text key,
                                  wf_fact_visitor *each, void *context,
                                  weft_error *error) WEFT_MUST_CHECK;

// All facts that hang together with `id` by amendments, itself among them, as far as they
// are applied; in the arena.
weft_status wf_store_amended(wf_store *store, wf_identity id, wf_arena *arena,
                             wf_amended **ret, size_t *ret_count,
                             weft_error *error) WEFT_MUST_CHECK;

#endif
