// All that the ledger holds about one person, out of the index of persons → facts; and
// about one row, for whoever reads.
#ifndef WF_STORE_PERSON_FACTS_H
#define WF_STORE_PERSON_FACTS_H

#include "store/store.h"

// Calls `each` for every fact that names the person, in the order of the ledger. `live`:
// no amendment has made it dead. Of a forgotten body it is not known whom it names: such
// entries come as long as the index knows them (their `forgotten` is set), and are gone
// once it was made anew. `person` is an external id, and only that id: ids that are said
// to be of one person are joined by whoever reads. `db` is a reader's, for what is dead.
// Entries are borrowed during the call; a status that is not WEFT_OK ends it.
weft_status wf_person_facts(wf_store *store, wf_database *db, wf_text person,
                            weft_status (*each)(void *context, const wf_entry *entry,
                                                bool live, weft_error *error),
                            void *context, weft_error *error) WEFT_MUST_CHECK;

// The same for the facts that make the row of `table` whose key is the one text `key`; a
// few may be of another row whose hash is the same: who asks looks at the fact.
weft_status wf_row_facts(wf_store *store, wf_database *db, const wf_table *table,
                         wf_text key,
                         weft_status (*each)(void *context, const wf_entry *entry,
                                             bool live, weft_error *error),
                         void *context, weft_error *error) WEFT_MUST_CHECK;

// The same for the facts that say who was shown the person's data (wf_kind.shows). Those
// whose body is forgotten do not come.
weft_status wf_person_shown(wf_store *store, wf_database *db, wf_text person,
                            weft_status (*each)(void *context, const wf_entry *entry,
                                                bool live, weft_error *error),
                            void *context, weft_error *error) WEFT_MUST_CHECK;

#endif
