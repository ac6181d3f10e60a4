// What the files of the records share. Only for files of src/store and its tests.
#ifndef WF_STORE_RECORDS_INSIDE_H
#define WF_STORE_RECORDS_INSIDE_H

#include "store/amendments.h"
#include "store/records.h"
#include "store/records_claim.h"

// Changes when the fold changes its mind about the same facts: then the rows are made
// anew.
#define WF_APPLY_VERSION 1

typedef struct {
    wf_form form;
    wf_statement *find, *upsert, *erase;
} wf_records_table;

struct wf_records {
    wf_database *db;
    const wf_kinds *kinds;
    wf_numbers numbers;
    wf_ledger *ledger;
    wf_index *index;
    wf_plans *plans;
    wf_record_keys keys;
    wf_records_table *tables; // in the order of kinds->tables
    wf_amendments *amendments;
    wf_statement *put_about, *put_amendment, *put_dead, *erase_dead;
    uint64_t applied_upto;
    wf_record row;       // at hand
    wf_record_room room; // of the row at hand
};

// Stores a number and bytes under a name, in the transaction under way.
weft_status wf_records_put_about(wf_records *records, const char *name, int64_t number,
                                 wf_text bytes, weft_error *error) WEFT_MUST_CHECK;

// Gives numbers to the persons and places of entries.
weft_status wf_records_number(const wf_numbers *numbers, wf_entry *entries, size_t count,
                              weft_error *error) WEFT_MUST_CHECK;

// Runs a statement without results and resets it.
weft_status wf_records_run(wf_statement *statement, weft_error *error) WEFT_MUST_CHECK;
// Reads what stands under a claim's key into records->row, or empties that; table->find
// stands on it until it is reset.
weft_status wf_records_read_row(wf_records *records, wf_records_table *table,
                                const wf_claim *claim, bool *ret_found,
                                weft_error *error) WEFT_MUST_CHECK;
// Puts records->row into its table.
weft_status wf_records_write_row(wf_records *records, wf_records_table *table,
                                 weft_error *error) WEFT_MUST_CHECK;
weft_status wf_records_erase_row(wf_records_table *table, const wf_claim *claim,
                                 weft_error *error) WEFT_MUST_CHECK;

#endif
