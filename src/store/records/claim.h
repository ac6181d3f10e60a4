// What a fact says of which rows: the projections of its kind, made ready once, and asked
// a fact at a time. Only for files of src/store.
#ifndef WF_STORE_RECORDS_CLAIM_H
#define WF_STORE_RECORDS_CLAIM_H

#include "store/index/index.h"
#include "store/ledger/ledger.h"
#include "store/numbers.h"
#include "store/records/records.h"
#include "store/records/row.h"

#define WF_KEYS_MAX 4

// The declarations with names made places.
typedef struct wf_plans wf_plans;
weft_status wf_plans_new(const wf_kinds *kinds, const wf_zone *zone, wf_plans **ret,
                         weft_error *error) WEFT_MUST_CHECK;
void wf_plans_free(wf_plans *plans); // NULL does nothing

// One row that a fact names. Texts are borrowed from the fact.
typedef struct {
    uint16_t table;      // place in wf_kinds.tables
    uint16_t projection; // of the fact's kind
    uint32_t item;       // of the list that the projection goes through
    bool again;          // the row has to be folded from all its facts
    uint64_t hash;       // of table and key, by external ids
    // The key's first eight bytes, or its number, in the order of keys: most claims are
    // sorted without a look at their texts.
    uint64_t beginning;
    uint64_t position; // of the entry
    wf_entry *entry;
    struct {
        wf_text text;
        int64_t number; // of persons and places: once they are numbered
    } keys[WF_KEYS_MAX];
} wf_claim;

// Appends the claims of an entry to *ret (an array of wf_claim); a list that names one
// person twice claims its row twice. Names of facts are made in the arena. Entries
// without body, of unknown kinds, or whose key fields are not given say nothing.
weft_status wf_claims_of(const wf_plans *plans, const wf_index *index, wf_entry *entry,
                         wf_arena *arena, wf_buffer *ret,
                         weft_error *error) WEFT_MUST_CHECK;

// Calls `each` for every person and place that an entry tells of, so that it can be
// numbered; whom it only shows (wf_kind.shows) it does not tell of.
void wf_claims_names(wf_entry *entry,
                     void (*each)(void *context, wf_column_type type, wf_value *value),
                     void *context);

// Folds a claim into the row: key, values by their merges, stamps. The entry's persons
// and places are numbered; what is taken over is borrowed from the entry or the arena.
// False when memory ran out.
bool wf_claim_fold(const wf_plans *plans, const wf_claim *claim,
                   const wf_numbers *numbers, wf_arena *arena, wf_record *row,
                   wf_fold_change *change);

// The hashes under which the index knows an entry: its identity, its rows, the persons
// it names, what people are sought by (sought.h). Appends wf_index_pair.
weft_status wf_claims_pairs(const wf_plans *plans, const wf_index *index, wf_entry *entry,
                            wf_arena *arena, wf_buffer *ret,
                            weft_error *error) WEFT_MUST_CHECK;

uint64_t wf_claims_identity(const wf_index *index, wf_identity id);
// Of the row of a table whose key is one text.
uint64_t wf_claims_row(const wf_index *index, const wf_table *table, wf_text key);
uint64_t wf_claims_person(const wf_index *index, wf_text person); // told of
uint64_t wf_claims_shown(const wf_index *index, wf_text person);  // shown to somebody

#endif
