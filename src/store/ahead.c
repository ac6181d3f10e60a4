#include "store/ahead.h"
#include "base/parallel.h"

#include <signal.h>

static void lock(wf_ahead *ahead)
{
    WF_ASSERT(pthread_mutex_lock(&ahead->lock) == 0);
}

static void unlock(wf_ahead *ahead)
{
    WF_ASSERT(pthread_mutex_unlock(&ahead->lock) == 0);
}

void wf_ahead_init(wf_ahead *ahead,
                   void (*run)(void *context, wf_database *db, const atomic_bool *stop),
                   void *context)
{
    *ahead = (wf_ahead){.run = run, .context = context};
    WF_ASSERT(pthread_mutex_init(&ahead->lock, NULL) == 0);
}

void wf_ahead_done(wf_ahead *ahead)
{
    WF_ASSERT(!ahead->has_thread);
    WF_ASSERT(pthread_mutex_destroy(&ahead->lock) == 0);
}

static void *run(void *context)
{
    wf_ahead *ahead = context;
    weft_error error = {0};
    wf_thread_name("weft ahead");
    wf_thread_nice(wf_nice_answers);
    if (wf_database_begin(ahead->reader, &error) == WEFT_OK) {
        ahead->run(ahead->context, ahead->reader, &ahead->stop);
        wf_database_rollback(ahead->reader);
    }
    wf_database_close(ahead->reader);
    ahead->reader = NULL;
    return NULL;
}

// Signals are for other threads.
static bool start_thread(wf_ahead *ahead)
{
    sigset_t all, before;
    sigfillset(&all);
    WF_ASSERT(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
    bool started = pthread_create(&ahead->thread, NULL, run, ahead) == 0;
    WF_ASSERT(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    return started;
}

// It holds nothing when it has ended. Under the lock.
static void end_thread(wf_ahead *ahead)
{
    if (!ahead->has_thread)
        return;
    atomic_store(&ahead->stop, true);
    WF_ASSERT(pthread_join(ahead->thread, NULL) == 0);
    atomic_store(&ahead->stop, false);
    ahead->has_thread = false;
}

void wf_ahead_allow(wf_ahead *ahead, bool allowed)
{
    lock(ahead);
    if (!allowed)
        end_thread(ahead);
    ahead->allowed = allowed;
    atomic_store(&ahead->wanted, allowed);
    unlock(ahead);
}

void wf_ahead_begin(wf_ahead *ahead, wf_store *store)
{
    weft_error error = {0};
    if (!atomic_load(&ahead->wanted))
        return;
    lock(ahead);
    if (atomic_exchange(&ahead->wanted, false)) {
        end_thread(ahead);
        if (wf_store_reader(store, &ahead->reader, &error) == WEFT_OK) {
            ahead->has_thread = start_thread(ahead);
            if (!ahead->has_thread)
                wf_database_close(ahead->reader);
        }
    }
    unlock(ahead);
}

void wf_ahead_end(wf_ahead *ahead)
{
    lock(ahead);
    end_thread(ahead);
    unlock(ahead);
}

void wf_ahead_again(wf_ahead *ahead)
{
    lock(ahead);
    end_thread(ahead);
    atomic_store(&ahead->wanted, ahead->allowed);
    unlock(ahead);
}
