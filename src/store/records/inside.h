// What the files of the records share. Only for files of src/store and its tests.
#ifndef WF_STORE_RECORDS_INSIDE_H
#define WF_STORE_RECORDS_INSIDE_H

#include "store/records/amendments.h"
#include "store/records/claim.h"
#include "store/records/records.h"

// Changes when the fold changes its mind about the same facts: then the rows are made
// anew.
#define WF_APPLY_VERSION 2

typedef struct {
    wf_form form;
    wf_statement *find, *upsert, *erase; // NULL until first needed
    bool is_watched;
    uint32_t keyed_watched; // bits 1 << place of a column whose keyed hash is watched
    // A delivery under way: it has looked whether there are rows; there were none, and
    // the indexes are gone until its end.
    bool was_asked, lacks_indexes;
} wf_records_table;

// A watch with names made places.
typedef struct {
    const wf_follower *follower;
    const wf_watch *watch;
    size_t table; // of wf_kinds.tables; behind the last: wf_records_beside
    size_t columns_count;
    size_t columns[WF_WATCH_COLUMNS_MAX];
} wf_records_watcher;

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
    weft_time newest;    // greatest `at` of what was applied; WF_TIME_NONE: nothing yet
    weft_time delivered; // the same, with the delivery under way
    wf_record row;       // at hand
    wf_record_room room; // of the row at hand
    const wf_follower *followers;
    size_t followers_count;
    wf_records_watcher *watchers;
    size_t watchers_count;
    wf_records_paused *paused; // NULL: nobody
    void *paused_context;
    bool had_before; // the row at hand, before it was folded; its values if watched
    wf_value before[WF_TABLE_COLUMNS_MAX];
};

// Makes the indexes of a table, or takes them away.
weft_status wf_records_index(wf_records *records, const wf_records_table *table,
                             bool make, weft_error *error) WEFT_MUST_CHECK;

// Stores, in the transaction under way, how far the rows are.
weft_status wf_records_put_applied(wf_records *records, uint64_t upto, weft_time newest,
                                   weft_error *error) WEFT_MUST_CHECK;
// The later of `newest` and the entry's `at`. A refusal of ours tells nothing of when.
weft_time wf_records_later(weft_time newest, const wf_entry *entry);

// Stores a number and bytes under a name, in the transaction under way.
weft_status wf_records_put_about(wf_records *records, const char *name, int64_t number,
                                 wf_text bytes, weft_error *error) WEFT_MUST_CHECK;

// Gives numbers to the persons and places of entries.
weft_status wf_records_number(const wf_numbers *numbers, wf_entry *const *entries,
                              size_t count, weft_error *error) WEFT_MUST_CHECK;

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
weft_status wf_records_erase_row(wf_records *records, wf_records_table *table,
                                 const wf_claim *claim,
                                 weft_error *error) WEFT_MUST_CHECK;
// The row that was read may be written now.
void wf_records_leave_row(wf_records_table *table);

// ---- what follows the rows (watch.c) ----

weft_status wf_records_watchers_make(wf_records *records,
                                     weft_error *error) WEFT_MUST_CHECK;
// records->row was read (`found`) and will be folded: its texts must stand until
// wf_records_tell, which tells those who watch what has become of it.
void wf_records_note_before(wf_records *records, const wf_records_table *table,
                            bool found);
weft_status wf_records_tell(wf_records *records, const wf_records_table *table,
                            bool has_after, weft_error *error) WEFT_MUST_CHECK;
// A text has come into a table beside those of the kinds, or gone; said again where it
// may have changed.
typedef enum { WF_BESIDE_DEAD_FACTS, WF_BESIDE_SENDER_GAP } wf_records_beside;
weft_status wf_records_tell_beside(wf_records *records, wf_records_beside beside,
                                   wf_text text, bool is_there,
                                   weft_error *error) WEFT_MUST_CHECK;
// All rows are written, and what follows from them is to be; the transaction is committed
// next; it has ended.
weft_status wf_records_follow(wf_records *records, weft_error *error) WEFT_MUST_CHECK;
void wf_records_committing(const wf_records *records);
void wf_records_ended(wf_records *records, bool committed);

#endif
