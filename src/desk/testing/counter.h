// Nobody missed: present and not sampled, by building, kept up to date by the facts
// (population.h says what is counted and how).
//
// Nothing is held until somebody asks, or is about to (wf_counter_begin). The first
// question reads the persons from the rows, the first of each round its samples; from
// then on the counter follows the rows (store/records/records.h) and every further
// question is answered at once. The rounds that were asked last are kept
// (WF_POPULATION_ROUNDS_MAX). Whatever goes wrong while following costs only a fresh
// count at the next question, never the transaction.
//
// The rows are read as of one moment, without the lock; what is committed meanwhile is
// noted and added at the end. So nobody who writes waits for a count, only who asks for
// what is being counted.
//
// Memory: some 5 bytes a person, 1 a person and round; 40 bytes a building and round; 13
// a person while they are read.
//
// Threads: what a transaction changes is kept aside until it is committed. A lock is held
// over its commit, and by a question until its release, so that questions see all of what
// is committed and nothing else, and none waits for a slice of rows.
#ifndef WF_DESK_TESTING_COUNTER_H
#define WF_DESK_TESTING_COUNTER_H

#include "desk/testing/population.h"
#include "store/store.h"

typedef struct wf_counter wf_counter;

weft_status wf_counter_new(wf_numbers numbers, wf_counter **ret,
                           weft_error *error) WEFT_MUST_CHECK;
void wf_counter_free(wf_counter *counter); // after the store is closed; NULL does nothing

// Keeps it up to date; lives as long as the counter.
wf_follower wf_counter_follower(wf_counter *counter);

// Whether the register and its samples of any round, for which the wall asks first, are
// counted before somebody asks: on a thread of its own, each time the rows were opened.
// When it is allowed no more, the thread has ended at the return.
void wf_counter_allow(wf_counter *counter, bool ahead);
// Begins to, if that is allowed and to be done; returns at once. What goes wrong in it
// leaves the count to the first question. As wf_store_reader, by whoever may ask.
void wf_counter_begin(wf_counter *counter, wf_store *store);

// Whose samples count: those of a round, of any round (for who works without rounds), and
// of them those that were collected at `since` or later.
typedef struct {
    wf_text round;   // an id, at most WF_ID_BYTES_MAX; size 0: any
    weft_time since; // WF_TIME_NONE: whenever
} wf_counter_question;

// The population as it stands now and the round in it, until the release, which must
// follow on the same thread. Kept up to date: some ns. Counted first: a pass over the
// tables person and sample, about a million rows a second. `store`: the one it follows.
weft_status wf_counter_ask(wf_counter *counter, wf_store *store,
                           const wf_counter_question *question, wf_population **ret,
                           unsigned *ret_round, weft_error *error) WEFT_MUST_CHECK;
void wf_counter_release(wf_counter *counter);

#endif
