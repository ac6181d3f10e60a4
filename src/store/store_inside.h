// What the files of the store share. Only for files of src/store and its tests.
#ifndef WF_STORE_STORE_INSIDE_H
#define WF_STORE_STORE_INSIDE_H

#include "base/hash_set.h"
#include "store/records/claim.h"
#include "store/register/places.h"
#include "store/store.h"
#include "store/store_gaps.h"

// A send under way.
typedef struct {
    wf_store *store;
    weft_time now;
    bool under_way, failed;
    bool gave_pairs;   // some went to the index ahead of the commit
    wf_buffer pairs;   // of wf_index_pair
    wf_buffer digests; // of the facts of this send
    // Finds them by hash: 1 + their place, 0 where there is none. A power of 2, or none.
    uint32_t *slots;
    size_t slots_count;
    wf_hash_set refused; // hashes of the rows of its refusals
    wf_arena arena;
    // What the judge is told of this send (store_judge.c).
    wf_buffer amending; // of its facts that amend others; texts in `names`
    wf_arena names;
    bool judges;              // the rows hold the whole ledger, and more from here on:
    size_t amendments_before; // amendments of the records when judging began
    size_t amendments_told;   // of `amending`, those that are among them
    wf_ledger_ready *ready;   // all that it commits (roll.h); NULL: what was put
} wf_store_sending;

// Positions whose rows are seen at once or not at all: no slice ends between them.
typedef struct {
    uint64_t first, last; // 0: there are none
} wf_store_whole;

struct wf_store {
    wf_store_options options;
    wf_ledger *ledger;
    wf_index *index;
    wf_senders *senders;
    wf_plans *plans;
    wf_database *db;
    bool runs;              // it was opened, all of it
    wf_records *records;    // NULL, as db: could not be opened again; the next use tries
    const wf_key *page_key; // of the records that are open; NULL on PostgreSQL
    uint64_t senders_upto;  // of the newest checkpoint
    const wf_kind *refusal; // line.refused
    wf_places *places;      // kept of the table "place"; NULL: there is none
    wf_follower *followers; // its own first, then those of the options
    wf_buffer lives;        // of facts whose life changed: "+" or "-", the name, NUL
    bool lives_lost;        // rows were made anew, which nobody follows: all are compared
    wf_store_sending sending;
    // The index may lack what the ledger has: nothing is taken or flushed until it has
    // been made anew, which applying tries.
    bool stopped;
    wf_store_applied *applied; // NULL: nobody is told
    void *applied_context;
    wf_records_paused *paused; // NULL: nobody
    void *paused_context;
    bool index_is_new;    // made from the ledger by this opening, which goes on
    wf_store_whole whole; // of the newest roll, while its rows are outstanding
};

// What a refusal says.
typedef struct {
    wf_identity id;
    wf_text code;
    weft_time at;
} wf_refusal;

// Opens or makes the records; those that are not ours any more are made anew. Without
// telling those who follow, or with.
weft_status wf_store_open_rows(wf_store *store, weft_error *error) WEFT_MUST_CHECK;
weft_status wf_store_open_records(wf_store *store, weft_error *error) WEFT_MUST_CHECK;
weft_status wf_store_tell_opened(const wf_store *store,
                                 weft_error *error) WEFT_MUST_CHECK;
// The senders, from the ledger: they know no more than a restart would.
weft_status wf_store_senders_anew(wf_store *store, weft_error *error) WEFT_MUST_CHECK;
// Whether it lies more than 10 minutes after `now`, which may be WF_TIME_NONE.
bool wf_store_is_future(weft_time now, const wf_fact *fact);

// ---- bodies that stand in another book (store_bodies.c) ----

// Whether the book takes the fact's body: WEFT_OK, or its refusal in *ret and `why`.
// Facts whose bodies stand in the ledger are always taken.
weft_status wf_store_takes_body(const wf_store *store, const wf_fact *fact,
                                weft_status *ret, weft_error *why,
                                weft_error *error) WEFT_MUST_CHECK;
// Puts it there, if that is where it stands.
weft_status wf_store_put_body(const wf_store *store, const wf_fact *fact,
                              weft_error *error) WEFT_MUST_CHECK;
// What tells who is dead, and makes it durable once the rows are; does nothing within a
// send. What is told is kept until then.
wf_follower wf_store_life_follower(wf_store *store);
weft_status wf_store_write_life(wf_store *store, weft_error *error) WEFT_MUST_CHECK;
// Makes the book of bodies agree with the ledger; those that stand in a ledger of before
// there was the book are put into it, once.
weft_status wf_store_settle_bodies(wf_store *store, weft_error *error) WEFT_MUST_CHECK;
// Closes them, and tells those who follow; does nothing when they are closed.
void wf_store_close_records(wf_store *store);
// Adds to the index what the ledger holds after the position `upto`.
weft_status wf_store_index_ledger(wf_store *store, uint64_t upto,
                                  weft_error *error) WEFT_MUST_CHECK;
// Makes the index from the ledger. On failure the store is stopped, for rows that were
// folded over an index with holes would stay wrong; else it runs again.
weft_status wf_store_index_anew(wf_store *store, weft_error *error) WEFT_MUST_CHECK;
// WEFT_STORAGE ("ledger.stopped") when the store is.
weft_status wf_store_check_runs(const wf_store *store, weft_error *error) WEFT_MUST_CHECK;

// Applies all that `records`, which are being made, do not hold yet.
weft_status wf_store_fill(wf_store *store, wf_records *records,
                          void (*progress)(void *context, uint64_t done, uint64_t all),
                          void *context, weft_error *error) WEFT_MUST_CHECK;

// Adds a fact whose identity is new to the send under way.
weft_status wf_store_add(wf_store *store, const wf_fact *fact,
                         weft_error *error) WEFT_MUST_CHECK;

// ---- decisions of a send (store_judge.c) ----

// A decision that is new is judged: WEFT_OK, or refused with WEFT_BAD_INPUT in *ret and
// `why`. Observations, and all where there is no judge, are not.
weft_status wf_store_judge(wf_store *store, const wf_fact *fact, weft_status *ret,
                           weft_error *why, weft_error *error) WEFT_MUST_CHECK;
// A fact was added to the send.
weft_status wf_store_judge_added(wf_store *store, const wf_fact *fact,
                                 weft_error *error) WEFT_MUST_CHECK;
// Whether no amendment that the records know makes the fact dead.
weft_status wf_store_is_live(wf_store *store, wf_identity id, bool *ret,
                             weft_error *error) WEFT_MUST_CHECK;
void wf_store_judge_ended(wf_store *store);

#endif
