// The thread that moves the log of the rows into their file, so that no post waits for
// it: a commit of the writer's that finds a long log moves all of it, a tenth of a
// second.
//
//   a slice  →  the log has grown by so much  →  moved here, beside posts and slices
//            →  it is three times as long     →  ended here: no slice begins until all
//                                                of it is moved, and nobody reads it
//
// SQLite begins its log again when all of it is in the file and nobody reads it. Under a
// load of reads somebody always does: after two minutes of it the log was half a gigabyte
// long, every page was looked for in all of it, and reads took seconds.
#include "access/shared/shared_inside.h"
#include "base/parallel.h"

enum {
    pages_worth = 1024, // a quarter of what a commit begins to move itself (database.h)
    worth_an_end = 3,   // of these
    await_ms = 250      // for readers that are out; then it is tried again later
};

static void lock(wf_shared_checkpoint *of)
{
    WF_ASSERT(pthread_mutex_lock(&of->lock) == 0);
}

static void unlock(wf_shared_checkpoint *of)
{
    WF_ASSERT(pthread_mutex_unlock(&of->lock) == 0);
}

static weft_status move_log(const wf_shared_checkpoint *of)
{
    weft_error unused = {0};
    return wf_database_checkpoint(of->db, &unused);
}

// Nothing is committed meanwhile, so that whoever begins to read reads the newest. When
// those who read something older have ended, all of it can be moved; then who begins to
// read needs the log no more, and when the rest has ended, too, nobody does.
static weft_status end_log(wf_shared_checkpoint *of)
{
    wf_shared *shared = of->shared;
    weft_status status = WEFT_OK;
    if (wf_shared_await_readers(shared, await_ms)) {
        status = move_log(of);
        WF_IGNORE(wf_shared_await_readers(shared, await_ms), "it is tried again later");
    }
    atomic_store(&of->ends_log, false);
    pthread_mutex_lock(&shared->lock);
    WF_ASSERT(pthread_cond_signal(&shared->work) == 0); // slices may go on
    pthread_mutex_unlock(&shared->lock);
    return status;
}

static void *run(void *context)
{
    wf_shared_checkpoint *of = context;
    wf_thread_name("weft checkpoint");
    lock(of);
    for (;;) {
        while (!of->running && !of->stop)
            WF_ASSERT(pthread_cond_wait(&of->asked, &of->lock) == 0);
        if (!of->running)
            break;
        unlock(of);
        weft_status status = atomic_load(&of->ends_log) ? end_log(of) : move_log(of);
        lock(of);
        of->failed = of->failed || status != WEFT_OK;
        of->running = false;
        WF_ASSERT(pthread_cond_signal(&of->done) == 0);
    }
    unlock(of);
    return NULL;
}

bool wf_checkpoint_start(wf_shared *shared)
{
    wf_shared_checkpoint *of = &shared->checkpoint;
    size_t log_pages = shared->settings.log_pages;
    of->shared = shared;
    of->pages_worth = log_pages > 0 ? log_pages : pages_worth;
    WF_ASSERT(pthread_mutex_init(&of->lock, NULL) == 0);
    WF_ASSERT(pthread_cond_init(&of->asked, NULL) == 0);
    WF_ASSERT(pthread_cond_init(&of->done, NULL) == 0);
    of->started = pthread_create(&of->thread, NULL, run, of) == 0;
    return of->started;
}

void wf_checkpoint_stop(wf_shared_checkpoint *of)
{
    if (of->started) {
        wf_checkpoint_close(of);
        lock(of);
        of->stop = true;
        WF_ASSERT(pthread_cond_signal(&of->asked) == 0);
        unlock(of);
        WF_ASSERT(pthread_join(of->thread, NULL) == 0);
    }
    WF_ASSERT(pthread_cond_destroy(&of->asked) == 0);
    WF_ASSERT(pthread_cond_destroy(&of->done) == 0);
    WF_ASSERT(pthread_mutex_destroy(&of->lock) == 0);
}

bool wf_checkpoint_ask(wf_shared_checkpoint *of, wf_store *store)
{
    weft_error unused = {0};
    size_t pages = wf_store_rows_log_pages(store);
    if (pages < of->moved)
        of->moved = of->ended = 0; // the log has begun again
    if (pages - of->moved < of->pages_worth)
        return true;
    bool ends = pages - of->ended >= worth_an_end * of->pages_worth;
    lock(of);
    bool failed = of->failed, free = !of->running && !failed;
    unlock(of);
    // Without one the writer's commits move the log themselves.
    if (!free ||
        (of->db == NULL && wf_store_checkpointer(store, &of->db, &unused) != WEFT_OK))
        return !failed;
    of->moved = pages;
    if (ends)
        of->ended = pages;
    atomic_store(&of->ends_log, ends);
    lock(of);
    of->running = true;
    WF_ASSERT(pthread_cond_signal(&of->asked) == 0);
    unlock(of);
    return true;
}

bool wf_checkpoint_ends_log(const wf_shared_checkpoint *of)
{
    return atomic_load(&of->ends_log);
}

void wf_checkpoint_wait(wf_shared_checkpoint *of)
{
    lock(of);
    while (of->running)
        WF_ASSERT(pthread_cond_wait(&of->done, &of->lock) == 0);
    unlock(of);
}

void wf_checkpoint_close(wf_shared_checkpoint *of)
{
    wf_checkpoint_wait(of);
    lock(of);
    of->failed = false;
    unlock(of);
    wf_database_close(of->db);
    of->db = NULL;
    of->moved = of->ended = 0;
}
