// records.db: the rows that are made from facts, on SQLite or PostgreSQL (database.h).
//
// A row is the fold of the live facts that name it; any order, repetition and batching of
// the same facts gives the same rows (decisions/0003-the-ledger.md: merging, amendments).
// Nothing here is truth: all of it is made again by the ledger.
//
// Threads: one writer; each reader has a database of its own.
#ifndef WF_STORE_RECORDS_H
#define WF_STORE_RECORDS_H

#include "model/fact.h"
#include "store/database_next.h"
#include "store/index.h"
#include "store/ledger.h"

typedef struct wf_records wf_records;

// Numbers of the city's dictionary for the ids of persons and places: texts of persons
// never stand in a table.
typedef struct {
    // Of `count` texts; made if new. type: WF_COLUMN_PERSON or WF_COLUMN_PLACE.
    weft_status (*intern)(void *context, wf_column_type type, const wf_text *texts,
                          size_t count, uint32_t *ret, weft_error *error);
    // Makes interned ids durable: called before the rows that use them are committed.
    weft_status (*commit)(void *context, weft_error *error);
    // The text of a number, valid until the next intern.
    wf_text (*text_of)(void *context, wf_column_type type, uint32_t number);
    void *context;
} wf_numbers;

typedef struct {
    wf_database *db; // for writing; borrowed
    wf_keys *keys;
    const wf_kinds *kinds;
    wf_numbers numbers;
    wf_ledger *ledger; // where facts are read again
    wf_index *index;
} wf_records_options;

// Makes the tables in an empty database; or checks that they are those of `kinds` (a hash
// of schema and apply version stands beside them): else WEFT_FOUND_WRONG
// ("records.other"), and the caller makes them anew.
weft_status wf_records_open(const wf_records_options *options, wf_records **ret,
                            weft_error *error) WEFT_MUST_CHECK;
void wf_records_close(wf_records *records);

// Rows hold every fact up to this position.
uint64_t wf_records_applied_upto(const wf_records *records);

// Applies entries, whose positions rise and follow applied_upto, in one transaction that
// also stores applied_upto and `senders` (a checkpoint, borrowed). All or nothing.
weft_status wf_records_apply(wf_records *records, const wf_entry *entries, size_t count,
                             wf_text senders, weft_error *error) WEFT_MUST_CHECK;
// The checkpoint that was stored with applied_upto; in *ret, empty when there is none.
weft_status wf_records_senders(wf_records *records, wf_buffer *ret,
                               weft_error *error) WEFT_MUST_CHECK;

// The digest of a table: sum modulo 2^256 of BLAKE2b-256 of each canonical row with
// external ids; rows that rest only on facts of devices rule/… do not count. `db` may be
// a reader's.
weft_status wf_records_digest(wf_records *records, wf_database *db, const wf_table *table,
                              unsigned char ret[32], weft_error *error) WEFT_MUST_CHECK;

// Reads every row, opens what is sealed: names what breaks the form.
weft_status wf_records_verify(wf_records *records,
                              void (*found)(void *context, const weft_error *what),
                              void *context, weft_error *error) WEFT_MUST_CHECK;

#endif
