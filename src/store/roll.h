// A roll: rows of a register file that become facts beside posts, where a delivery
// (store.h) keeps everybody waiting.
//
//   wf_roll_new      by the thread that writes the store
//   wf_roll_add      by any one thread; meanwhile the writer may send observations whose
//   wf_roll_judge    bodies stand in the ledger, and nothing else may be done with the
//   wf_roll_ready    store: no rows applied, no ids interned
//   wf_roll_commit   by the writer: sealed, written, synced, true; the rest stands ready
//
// The rows that come of it are those of one slice (wf_store_apply), so that who reads
// sees all of it or nothing, and a crash leaves what the ledger says: all or nothing.
// What became of each row is what a delivery would say of it that had come when the roll
// was begun: a fact that is sent meanwhile comes after it.
#ifndef WF_STORE_ROLL_H
#define WF_STORE_ROLL_H

#include "store/store.h"

typedef struct wf_roll wf_roll;

typedef struct {
    uint64_t accepted, had; // as of a delivery
} wf_roll_counts;

// A roll of one kind, whose rows are facts of `device` at one time. The kind is an
// observation, its first field an id by which its rows are known: each projection makes
// one row of its own table, whose key follows from that id and the device. `now`: the
// city's clock. WEFT_FORGOTTEN when the time's day is.
weft_status wf_roll_new(wf_store *store, const wf_kind *kind, wf_text device,
                        weft_time at, weft_time now, wf_roll **ret,
                        weft_error *error) WEFT_MUST_CHECK;
// NULL does nothing. Without a commit that has come true nothing is left of it but ids,
// which mean nothing.
void wf_roll_free(wf_roll *roll);

// Adds checked facts in the order in which they are to stand: their persons and places
// get numbers in it. Of the facts only the values are looked at.
weft_status wf_roll_add(wf_roll *roll, const wf_fact *facts, size_t count,
                        weft_error *error) WEFT_MUST_CHECK;
// All are added: each is judged against what stands and what came before it.
weft_status wf_roll_judge(wf_roll *roll, wf_roll_counts *ret,
                          weft_error *error) WEFT_MUST_CHECK;
// Numbers them, and does all that can be done before the commit.
weft_status wf_roll_ready(wf_roll *roll, weft_error *error) WEFT_MUST_CHECK;
// One commit, durable when it returns; nothing is left of it on failure. Where somebody
// has sent as the device meanwhile it is made ready once more.
weft_status wf_roll_commit(wf_roll *roll, weft_error *error) WEFT_MUST_CHECK;

#endif
