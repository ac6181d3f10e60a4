// The thread that moves the log of the rows into their file, so that no post waits for
// it: a commit of the writer's that finds a long log moves all of it, a tenth of a
// second.
//
//   a slice  →  the log has grown by so much  →  moved here, beside posts and slices
//                                             →  the writer's own commit moves the rest
#include "access/shared/shared_inside.h"
#include "base/parallel.h"

// A quarter of what a commit begins to move itself (database.h).
enum { pages_worth = 1024 };

static void lock(wf_shared_checkpoint *of)
{
    WF_ASSERT(pthread_mutex_lock(&of->lock) == 0);
}

static void unlock(wf_shared_checkpoint *of)
{
    WF_ASSERT(pthread_mutex_unlock(&of->lock) == 0);
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
        weft_error unused = {0};
        weft_status status = wf_database_checkpoint(of->db, &unused);
        lock(of);
        of->failed = of->failed || status != WEFT_OK;
        of->running = false;
        WF_ASSERT(pthread_cond_signal(&of->done) == 0);
    }
    unlock(of);
    return NULL;
}

bool wf_checkpoint_start(wf_shared_checkpoint *of, size_t log_pages)
{
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
        of->moved = 0; // the log has begun again
    if (pages - of->moved < of->pages_worth)
        return true;
    lock(of);
    bool failed = of->failed, free = !of->running && !failed;
    unlock(of);
    // Without one the writer's commits move the log themselves.
    if (!free ||
        (of->db == NULL && wf_store_checkpointer(store, &of->db, &unused) != WEFT_OK))
        return !failed;
    of->moved = pages;
    lock(of);
    of->running = true;
    WF_ASSERT(pthread_cond_signal(&of->asked) == 0);
    unlock(of);
    return true;
}

void wf_checkpoint_close(wf_shared_checkpoint *of)
{
    lock(of);
    while (of->running)
        WF_ASSERT(pthread_cond_wait(&of->done, &of->lock) == 0);
    of->failed = false;
    unlock(of);
    wf_database_close(of->db);
    of->db = NULL;
    of->moved = 0;
}
