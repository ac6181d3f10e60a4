// Work aside: an upload has a thread of its own, and the writer serves posts meanwhile
// and does the steps that are its.
#include "access/shared/shared_inside.h"
#include "base/clock.h"
#include "base/parallel.h"

enum { between_facts_max = 2048 };

static void lock(wf_shared *shared)
{
    WF_ASSERT(pthread_mutex_lock(&shared->lock) == 0);
}

static void unlock(wf_shared *shared)
{
    WF_ASSERT(pthread_mutex_unlock(&shared->lock) == 0);
}

// Who needs rows is passed over: a team's samples do not wait for an order of somebody
// else's. What comes first of the two does not matter to either.
wf_post *wf_writer_take_between(wf_shared *shared)
{
    wf_post *taken = NULL, **end = &taken, **at = &shared->first;
    size_t facts = 0;
    while (*at != NULL) {
        wf_post *post = *at;
        if (post->needs_rows) {
            at = &post->next;
            continue;
        }
        if (facts > 0 && facts + post->count > between_facts_max)
            break;
        facts += post->count;
        shared->posts_taken++;
        *at = post->next;
        if (*at == NULL)
            shared->last = at;
        post->next = NULL;
        *end = post;
        end = &post->next;
    }
    return taken;
}

// ---- the thread ----

typedef struct {
    wf_shared *shared;
    wf_shared_turn *turn;
} working;

static void *work(void *context)
{
    const working *of = context;
    wf_shared *shared = of->shared;
    wf_thread_name("weft upload");
    wf_thread_nice(wf_nice_beside);
    of->turn->status = of->turn->run(of->turn->context, shared->city, of->turn->error);
    lock(shared);
    shared->aside_ended = true;
    WF_ASSERT(pthread_cond_broadcast(&shared->work) == 0);
    unlock(shared);
    return NULL;
}

static void do_step(wf_shared *shared, wf_shared_step *step)
{
    if (step->readers_out)
        wf_writer_enter(shared);
    step->status = step->run(step->context, step->error);
    if (step->readers_out)
        wf_writer_leave(shared);
    wf_shared_note_stand(shared);
}

// Under the lock, until the work has ended.
static void serve(wf_shared *shared)
{
    while (shared->step != NULL || !shared->aside_ended) {
        wf_shared_step *step = shared->step;
        wf_post *posts = step != NULL || shared->breaks_between
                             ? NULL
                             : wf_writer_take_between(shared);
        if (step == NULL && posts == NULL) {
            WF_ASSERT(pthread_cond_wait(&shared->work, &shared->lock) == 0);
            continue;
        }
        unlock(shared);
        if (step != NULL)
            do_step(shared, step);
        else
            wf_writer_serve_between(shared, posts);
        lock(shared);
        if (step == NULL)
            continue;
        shared->step = NULL;
        step->done = true;
        WF_ASSERT(pthread_cond_broadcast(&shared->ended) == 0);
    }
}

static weft_status run(wf_shared *shared, wf_shared_turn *turn)
{
    working of = {shared, turn};
    pthread_t thread;
    shared->aside_ended = false;
    if (pthread_create(&thread, NULL, work, &of) != 0)
        return wf_fail_memory(turn->error);
    lock(shared);
    serve(shared);
    unlock(shared);
    WF_ASSERT(pthread_join(thread, NULL) == 0);
    wf_writer_end_between(shared);
    if (!shared->broken)
        wf_writer_rows_moved(shared);
    return turn->status;
}

// Rows that hold what was in the ledger when it came.
static weft_status catch_up(wf_shared *shared, weft_error *error)
{
    uint64_t upto = atomic_load(&shared->ledger);
    do // no slice begins while the rows' log is ended
        wf_checkpoint_wait(&shared->checkpoint);
    while (!shared->broken && !shared->rows_away &&
           atomic_load(&shared->applied) < upto && wf_writer_apply_between(shared));
    wf_checkpoint_wait(&shared->checkpoint);
    if (shared->broken || shared->rows_away)
        return wf_shared_away(shared, error);
    return atomic_load(&shared->applied) < upto
               ? wf_store_apply(shared->city->store, 0, error)
               : WEFT_OK;
}

void wf_writer_aside(wf_shared *shared, wf_shared_turn *turn)
{
    weft_status status = catch_up(shared, turn->error);
    turn->status = status == WEFT_OK ? run(shared, turn) : status;
    lock(shared);
    turn->given = true;
    WF_ASSERT(pthread_cond_broadcast(&shared->ended) == 0);
    unlock(shared);
}
