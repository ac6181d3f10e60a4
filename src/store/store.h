// The store of a city: the ledger, and the rows that are made from it.
//
// Sending a fact ends when the ledger has it, durably; rows follow in sorted slices, and
// the store says how far they are (as_of). After a crash what is missing is applied again
// from the ledger, so that no fact can be lost between the two.
//
// Threads: one call at a time; readers open databases of their own (wf_store_reader).
#ifndef WF_STORE_STORE_H
#define WF_STORE_STORE_H

#include "store/bodies.h"
#include "store/ledger/ledger.h"
#include "store/records/records.h"
#include "store/senders.h"

typedef struct wf_store wf_store;
typedef struct wf_places wf_places;

// Who judges decisions (DESIGN §3): each that is new, once, before it is added to a send.
// Repeats are not judged, nor is anything that is applied or made anew from the ledger.
// Calls come within a send, from its thread.
typedef struct {
    // `rows` holds all that the ledger does; of the send under way count the facts that
    // came before this one (wf_store_standing knows them). A refusal is WEFT_BAD_INPUT
    // and says why in *error; any other failure ends the send.
    weft_status (*judge)(void *context, wf_store *store, wf_database *rows,
                         const wf_fact *fact, weft_error *error);
    // The decision is part of the send: those that follow are judged by it, too.
    weft_status (*added)(void *context, const wf_fact *fact, weft_error *error);
    // The send has ended, committed or not: what was noted of it is not asked again.
    void (*ended)(void *context);
    void *context;
} wf_judge;

typedef struct {
    const wf_io *io;
    const char *city_dir;
    const char *records; // NULL: <city_dir>/records.db; else "postgres://…"
    const char *name;    // of the city's schema on PostgreSQL: its id, 32 hex digits
    wf_keys *keys;
    const wf_kinds *kinds;
    const wf_zone *zone;
    wf_numbers numbers;
    const wf_follower *followers; // of the rows; borrowed while the store is open
    size_t followers_count;
    // Where bodies stand of kinds that say so (wf_kind.body_elsewhere); borrowed while
    // the store is open. NULL: in the ledger, as all others.
    const wf_bodies *bodies;
    const wf_judge *judge; // borrowed while the store is open; NULL: all are taken
} wf_store_options;

weft_status wf_store_open(const wf_store_options *options, wf_store **ret,
                          weft_error *error) WEFT_MUST_CHECK;
// Applies what is outstanding, flushes the index, marks the ring.
void wf_store_close(wf_store *store);

// What became of a fact that was sent.
typedef enum {
    WF_SENT_ACCEPTED,
    WF_SENT_HAD,      // the same fact was there, or its body is forgotten
    WF_SENT_CONFLICT, // the same (device, seq) with another body: refused, and a hole
    WF_SENT_REFUSED   // by `why`
} wf_sent;

typedef struct {
    wf_sent sent;
    weft_error why; // CONFLICT, REFUSED
} wf_verdict;

// Facts go in as one commit, durable when it returns: all of it is there, or nothing.
// Each fact has been judged by its own line; decisions are judged here, by the judge of
// the options, those of one send in their order. `now`: the city's clock; facts whose
// `at` is more than 10 minutes ahead are refused ("fact.future") unless `now` is
// WF_TIME_NONE. After a failure only a rollback is left. Cost: memory of some 100 MB, and
// of some 80 bytes a fact of the send; of bodies that stand elsewhere what
// their book takes.
void wf_store_begin(wf_store *store, weft_time now);
weft_status wf_store_put(wf_store *store, const wf_fact *fact, wf_verdict *ret,
                         weft_error *error) WEFT_MUST_CHECK;
weft_status wf_store_commit(wf_store *store, weft_error *error) WEFT_MUST_CHECK;
void wf_store_rollback(wf_store *store); // without a send: does nothing
// The commit in three steps: written, synced, true. On failure of the first the send is
// rolled back. The second may run on any thread; meanwhile wf_store_apply may be called,
// and nothing else that changes the store.
weft_status wf_store_commit_write(wf_store *store, weft_error *error) WEFT_MUST_CHECK;
weft_status wf_store_commit_sync(const wf_store *store,
                                 weft_error *error) WEFT_MUST_CHECK;
void wf_store_commit_end(wf_store *store, bool synced);
// The three in one; verdicts[i] is that of facts[i].
weft_status wf_store_send(wf_store *store, const wf_fact *facts, size_t count,
                          weft_time now, wf_verdict *verdicts,
                          weft_error *error) WEFT_MUST_CHECK;

// ---- deliveries of register files ----
//
// Each row is a fact of a device import/…, whose seq the store gives. A row counts as
// accepted when it made a row or changed a value that is seen; what only says again what
// stands is had. Visible at once or not at all. Between begin and the end nothing else
// may be asked of the store.
weft_status wf_store_deliver_begin(wf_store *store, weft_time now,
                                   weft_error *error) WEFT_MUST_CHECK;
weft_status wf_store_deliver(wf_store *store, const wf_fact *facts, size_t count,
                             bool *ret_accepted, weft_error *error) WEFT_MUST_CHECK;
weft_status wf_store_deliver_commit(wf_store *store, weft_error *error) WEFT_MUST_CHECK;
void wf_store_deliver_rollback(wf_store *store);

// Notes, in the send under way, that a line of a known identity was refused: fills its
// seq.
weft_status wf_store_refuse(wf_store *store, wf_identity id, const char *code,
                            weft_time at, weft_error *error) WEFT_MUST_CHECK;

// How a fact stands, by the ledger and what the send under way holds so far.
typedef enum { WF_FACT_UNKNOWN, WF_FACT_DEAD, WF_FACT_LIVE } wf_standing;
// For the judge's calls only. One whose body is forgotten stands as before.
weft_status wf_store_standing(wf_store *store, wf_identity id, wf_standing *ret,
                              weft_error *error) WEFT_MUST_CHECK;

// Applies at most `facts_max` outstanding facts (0: all).
weft_status wf_store_apply(wf_store *store, size_t facts_max,
                           weft_error *error) WEFT_MUST_CHECK;

// Closes the rows' database, of which writing has failed, and opens it again; readers are
// closed. On failure the rows are closed (wf_store_records is NULL) until an applying has
// opened them.
weft_status wf_store_rows_again(wf_store *store, weft_error *error) WEFT_MUST_CHECK;

// Told of each slice that wf_store_apply has put into the rows, after it is there, on its
// thread. NULL: nobody.
typedef void wf_store_applied(void *context, wf_entry *const *entries, size_t count);
void wf_store_on_applied(wf_store *store, wf_store_applied *told, void *context);

// Called between the steps of wf_store_apply, on its thread, so that who has to wait for
// rows waits for a step, which takes some milliseconds, and not for all of them. There
// the ledger may be read, and a send may begin and end whose facts are observations whose
// bodies stand in the ledger; their rows come with a later slice. NULL: nobody is called.
void wf_store_on_pause(wf_store *store, wf_records_paused *paused, void *context);
// Whether a fact may be sent there.
bool wf_store_takes_in_pause(const wf_fact *fact);

// A database for reading what was applied.
weft_status wf_store_reader(wf_store *store, wf_database **ret,
                            weft_error *error) WEFT_MUST_CHECK;
// The length of the rows' log (wf_database_log_pages); 0 while they are closed.
size_t wf_store_rows_log_pages(const wf_store *store);
// A database that moves the log into the rows' file (wf_database_checkpoint), beside the
// one the store writes with; closed before that one, and before rows are made anew.
weft_status wf_store_checkpointer(wf_store *store, wf_database **ret,
                                  weft_error *error) WEFT_MUST_CHECK;
wf_ledger *wf_store_ledger(wf_store *store);
wf_records *wf_store_records(wf_store *store);
// What look-ups have asked of places (store/register/places.h); NULL where the kinds have
// no table of them.
wf_places *wf_store_places(wf_store *store);
const wf_senders *wf_store_senders(const wf_store *store);
const wf_numbers *wf_store_numbers(const wf_store *store);

// Makes records and index anew from the ledger, beside the old ones, then in their place.
// `progress` (may be NULL) gets facts done and in all.
weft_status wf_store_rebuild(wf_store *store,
                             void (*progress)(void *context, uint64_t done, uint64_t all),
                             void *context, weft_error *error) WEFT_MUST_CHECK;

// Destroys the keys of (keep, day) for all days before `before[keep]` (INT32_MIN: none),
// then rebuilds when any was destroyed. May be cut off anywhere: call it again.
weft_status wf_store_purge(wf_store *store, const weft_day before[WF_KEEP_END],
                           uint64_t *ret_keys_destroyed,
                           weft_error *error) WEFT_MUST_CHECK;

#endif
