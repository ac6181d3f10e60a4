// What is read from the rows before somebody asks for it, on a thread of its own: each
// time the rows were opened, once. What it reads is kept by who follows the rows
// (records/records.h), whose calls say when rows close and open.
//
// Threads: any.
#ifndef WF_STORE_AHEAD_H
#define WF_STORE_AHEAD_H

#include <pthread.h>
#include <stdatomic.h>

#include "store/store.h"

typedef struct {
    // Reads; `db` is in a transaction that has read nothing yet. It ends soon after
    // `stop` is set, and needs no other lock than those that callers of wf_ahead_end do
    // not hold.
    void (*run)(void *context, wf_database *db, const atomic_bool *stop);
    void *context;
    pthread_mutex_t lock; // of the next lines
    bool allowed;
    bool has_thread; // that is to be joined
    pthread_t thread;
    wf_database *reader; // the thread's
    atomic_bool wanted;  // that it is begun
    atomic_bool stop;    // that it ends
} wf_ahead;

void wf_ahead_init(wf_ahead *ahead,
                   void (*run)(void *context, wf_database *db, const atomic_bool *stop),
                   void *context);
void wf_ahead_done(wf_ahead *ahead); // nothing runs

// Whether it is done at all. When it is allowed no more, the thread has ended at the
// return.
void wf_ahead_allow(wf_ahead *ahead, bool allowed);
// Begins, if that is allowed and to be done; returns at once, and costs nothing where
// there is nothing to do. What goes wrong leaves all to whoever asks first. By whoever
// may ask while rows are open.
void wf_ahead_begin(wf_ahead *ahead, wf_store *store);
// The rows are about to be closed: the thread has ended at the return.
void wf_ahead_end(wf_ahead *ahead);
// The rows were opened: it is to be done once more.
void wf_ahead_again(wf_ahead *ahead);

#endif
