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
#include "store/database/database.h"
#include "store/index/index.h"
#include "store/ledger/ledger.h"
#include "store/numbers.h"

typedef struct wf_records wf_records;

// What a fact has changed in its rows: a value; a value or when it was last said.
typedef struct {
    bool visible, any;
} wf_fold_change;

// ---- what follows the rows ----
//
// Counters and holes follow rows and nothing else, so that corrections, withdrawals and
// imports reach them as any other fact does.

#define WF_WATCH_COLUMNS_MAX 8

// Some columns of one table.
typedef struct {
    // Of the kinds; or "dead_facts", whose one column "fact" names what amendments made
    // dead (wf_identity_read); or "sender_gap", by its column "device" (store_gaps.h).
    const char *table;
    // Of its key and its plain columns, not those that are sealed; of a sealed one that
    // is keyed its hash, "id_number_key", as a whole number; ended by NULL.
    const char *columns[WF_WATCH_COLUMNS_MAX + 1];
    // A row has been written (`before` NULL: there was none) or erased (`after` NULL),
    // and one of the columns has another value. Values in the order of `columns`, persons
    // and places as numbers, borrowed during the call. For dead_facts
    // and sender_gap one of the two is NULL, and the same may be said again.
    weft_status (*changed)(void *context, const wf_value *before, const wf_value *after,
                           weft_error *error);
    void *context; // of `changed`; NULL: the follower's
} wf_watch;

// Calls come from the thread that writes, within its transaction.
typedef struct {
    const wf_watch *watches;
    size_t watches_count;
    // The rows were opened, or made anew (then nothing is watched before): what follows
    // them is made from `db`, within a transaction of its own if it writes there.
    weft_status (*opened)(void *context, wf_database *db, weft_error *error);
    // All rows of a slice or delivery are written: what follows from them is written into
    // the same transaction. May be NULL.
    weft_status (*before_commit)(void *context, wf_database *db, weft_error *error);
    // The transaction is committed next, and then `ended`. May be NULL.
    void (*committing)(void *context);
    // The database that was opened is about to be closed: nothing of it may be kept. May
    // be NULL.
    void (*closing)(void *context);
    // The transaction has ended. After a rollback nothing that `changed` said is true.
    void (*ended)(void *context, bool committed);
    void *context;
} wf_follower;

typedef struct {
    wf_database *db; // for writing; borrowed
    wf_keys *keys;
    const wf_kinds *kinds;
    const wf_zone *zone; // of the city: whose days facts lie in
    wf_numbers numbers;
    wf_ledger *ledger; // where facts are read again
    wf_index *index;
    const wf_follower *followers; // borrowed while the records are open
    size_t followers_count;
    bool
        being_made; // without indexes: the next opening makes them, over all rows at once
} wf_records_options;

// Makes the tables in an empty database; or checks that they are those of `kinds` (a hash
// of schema and apply version stands beside them): else WEFT_FOUND_WRONG
// ("records.other"), and the caller makes them anew. Makes the indexes that are not
// there.
weft_status wf_records_open(const wf_records_options *options, wf_records **ret,
                            weft_error *error) WEFT_MUST_CHECK;
void wf_records_close(wf_records *records);

// Rows hold every fact up to this position. Any thread may ask.
uint64_t wf_records_applied_upto(const wf_records *records);

// The greatest `at` of these facts (of refused lines, which tell of others, it is not
// taken); WF_TIME_NONE: there are none.
weft_time wf_records_newest(const wf_records *records);

// Applies entries, whose positions rise and follow applied_upto, in one transaction that
// also stores applied_upto; their persons and places get their numbers. All or nothing.
// `senders` (a checkpoint of the senders up to the last entry; size 0: none) is stored
// with it. Slices of thousands are fast: rows are written in the order of their keys.
weft_status wf_records_apply(wf_records *records, wf_entry *const *entries, size_t count,
                             wf_text senders, weft_error *error) WEFT_MUST_CHECK;

// Called between the steps of applying, on its thread; the rows are as they were before
// the slice, and nothing may be asked of `records`. NULL: nobody is.
typedef void wf_records_paused(void *context);
void wf_records_on_pause(wf_records *records, wf_records_paused *paused, void *context);

// A delivery of register rows, in one transaction: each is judged against what stands,
// its own earlier rows among it. ret[i] says whether entries[i] changed a value that is
// seen (accepted), or only when it was last said; those that changed nothing are not
// needed. After a failure only a rollback is left. Into a table without rows they come
// without its indexes, which are made at the end: writing these in random order costs
// more than all else.
weft_status wf_records_deliver_begin(wf_records *records,
                                     weft_error *error) WEFT_MUST_CHECK;
weft_status wf_records_deliver(wf_records *records, wf_entry *const *entries,
                               size_t count, wf_fold_change *ret,
                               weft_error *error) WEFT_MUST_CHECK;
// The facts of the delivery are in the ledger, up to position `upto`.
weft_status wf_records_deliver_commit(wf_records *records, uint64_t upto,
                                      weft_error *error) WEFT_MUST_CHECK;
void wf_records_deliver_rollback(wf_records *records);

// True if some amendment names the identity.
bool wf_records_is_amended(const wf_records *records, wf_identity id);

// The newest checkpoint, into the empty *ret, and the position up to which it goes; empty
// and 0 when there is none.
weft_status wf_records_senders(wf_records *records, uint64_t *ret_upto, wf_buffer *ret,
                               weft_error *error) WEFT_MUST_CHECK;

// Bytes that stand beside the rows under a name; marking is durable when it returns.
weft_status wf_records_mark(wf_records *records, const char *name, wf_text bytes,
                            weft_error *error) WEFT_MUST_CHECK;
// What stands under a name that begins with WF_RECORDS_KEPT is carried over when the rows
// are made anew.
#define WF_RECORDS_KEPT "kept/"
// Into the empty *ret; empty when nothing stands there.
weft_status wf_records_marked(wf_records *records, const char *name, wf_buffer *ret,
                              weft_error *error) WEFT_MUST_CHECK;

// Takes over what is carried over from rows that are about to go.
weft_status wf_records_carry_over(wf_records *records, const wf_records *from,
                                  weft_error *error) WEFT_MUST_CHECK;

// The digest of a table: sum modulo 2^256 of BLAKE2b-256 of each canonical row with
// external ids; rows that rest only on facts of devices rule/… do not count. `db` may be
// a reader's.
weft_status wf_records_digest(wf_records *records, wf_database *db, const wf_table *table,
                              unsigned char ret[32], weft_error *error) WEFT_MUST_CHECK;

// Calls `each` for every row of a table with its values, as many as the table has
// columns; persons and places are texts here. They live until the call returns; when it
// fails so does the whole. `db` may be a reader's.
weft_status wf_records_each(wf_records *records, wf_database *db, const wf_table *table,
                            weft_status (*each)(void *context, const wf_value *values,
                                                weft_error *error),
                            void *context, weft_error *error) WEFT_MUST_CHECK;

// Reads every row, opens what is sealed: names what breaks the form.
weft_status wf_records_verify(wf_records *records,
                              void (*found)(void *context, const weft_error *what),
                              void *context, weft_error *error) WEFT_MUST_CHECK;

#endif
