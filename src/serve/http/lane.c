#include "serve/http/lane.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/parallel.h"

enum { workers_max = 256, turn_of_the_last = 8 };

const char *const wf_lane_words[] = {"field", "orders", "lookups", "dashboards", "login"};

typedef struct {
    wf_job *first, *last;
    size_t depth; // places
    wf_lane_figures figures;
} queue;

struct wf_lanes {
    pthread_mutex_t lock;
    pthread_cond_t work;
    queue queues[WF_LANE_COUNT];
    uint64_t taken; // jobs that workers took
    bool stopping;
    size_t threads_count;
    pthread_t threads[workers_max];
};

// ---- what comes next ----

// This lane and those behind it hold one worker less than this lane and the one before:
// so the first always finds one.
static bool may_run(const wf_lanes *lanes, size_t lane)
{
    uint64_t running = 0;
    for (size_t i = WF_LANE_COUNT; i-- > 0;) {
        running += lanes->queues[i].figures.running;
        if (i > 0 && i <= lane && running >= lanes->threads_count - i)
            return lanes->stopping;
    }
    return true;
}

// NULL: nothing may run now. Under the lock.
static queue *choose(wf_lanes *lanes)
{
    bool from_behind = lanes->taken % turn_of_the_last == turn_of_the_last - 1;
    for (size_t i = 0; i < WF_LANE_COUNT; i++) {
        size_t lane = from_behind ? WF_LANE_COUNT - 1 - i : i;
        if (lanes->queues[lane].first != NULL && may_run(lanes, lane))
            return &lanes->queues[lane];
    }
    return NULL;
}

static wf_job *take(queue *from)
{
    wf_job *job = from->first;
    from->first = job->next;
    if (from->first == NULL)
        from->last = NULL;
    job->next = NULL;
    from->figures.waiting--;
    from->figures.running++;
    return job;
}

static void *work(void *context)
{
    wf_lanes *lanes = context;
    wf_thread_name("weft worker");
    // Commits and connections go before what workers read and write: each of these keeps
    // one of many busy, the writer all who post.
    wf_thread_nice(wf_nice_answers);
    pthread_mutex_lock(&lanes->lock);
    for (;;) {
        queue *from = choose(lanes);
        if (from == NULL && lanes->stopping)
            break;
        if (from == NULL) {
            pthread_cond_wait(&lanes->work, &lanes->lock);
            continue;
        }
        lanes->taken++;
        wf_job *job = take(from);
        bool stopping = lanes->stopping;
        pthread_mutex_unlock(&lanes->lock);
        job->run(job, stopping); // the job may be gone after
        pthread_mutex_lock(&lanes->lock);
        from->figures.running--;
        from->figures.done++;
    }
    pthread_mutex_unlock(&lanes->lock);
    return NULL;
}

// ---- bringing ----

static void append(wf_lanes *lanes, wf_job *job)
{
    queue *to = &lanes->queues[job->lane];
    job->next = NULL;
    if (to->last != NULL)
        to->last->next = job;
    else
        to->first = job;
    to->last = job;
    to->figures.waiting++;
    pthread_cond_signal(&lanes->work);
}

bool wf_lanes_offer(wf_lanes *lanes, wf_job *job)
{
    queue *to = &lanes->queues[job->lane];
    pthread_mutex_lock(&lanes->lock);
    bool fits = to->figures.waiting < to->depth && !lanes->stopping;
    if (fits)
        append(lanes, job);
    else
        to->figures.refused++;
    pthread_mutex_unlock(&lanes->lock);
    return fits;
}

bool wf_lanes_continue(wf_lanes *lanes, wf_job *job)
{
    pthread_mutex_lock(&lanes->lock);
    bool taken = !lanes->stopping;
    if (taken)
        append(lanes, job);
    pthread_mutex_unlock(&lanes->lock);
    return taken;
}

void wf_lanes_figures(wf_lanes *lanes, wf_lane lane, wf_lane_figures *ret)
{
    pthread_mutex_lock(&lanes->lock);
    *ret = lanes->queues[lane].figures;
    pthread_mutex_unlock(&lanes->lock);
}

// ---- beginning and end ----

void wf_lanes_end(wf_lanes *lanes)
{
    pthread_mutex_lock(&lanes->lock);
    lanes->stopping = true;
    pthread_cond_broadcast(&lanes->work);
    pthread_mutex_unlock(&lanes->lock);
    for (size_t i = 0; i < lanes->threads_count; i++)
        WF_ASSERT(pthread_join(lanes->threads[i], NULL) == 0);
    lanes->threads_count = 0;
}

void wf_lanes_free(wf_lanes *lanes)
{
    if (lanes == NULL)
        return;
    wf_lanes_end(lanes);
    pthread_cond_destroy(&lanes->work);
    pthread_mutex_destroy(&lanes->lock);
    free(lanes);
}

weft_status wf_lanes_start(const wf_lanes_options *options, wf_lanes **ret,
                           weft_error *error)
{
    WF_ASSERT(options->workers >= WF_LANE_COUNT && options->workers <= workers_max);
    wf_lanes *lanes = calloc(1, sizeof *lanes);
    if (lanes == NULL)
        return wf_fail_memory(error);
    WF_ASSERT(pthread_mutex_init(&lanes->lock, NULL) == 0);
    WF_ASSERT(pthread_cond_init(&lanes->work, NULL) == 0);
    for (unsigned i = 0; i < WF_LANE_COUNT; i++)
        lanes->queues[i].depth = options->depth[i];
    // Signals are for the thread that waits for them.
    sigset_t all, before;
    sigfillset(&all);
    WF_ASSERT(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
    // Held, so that workers see how many they are.
    pthread_mutex_lock(&lanes->lock);
    while (lanes->threads_count < options->workers &&
           pthread_create(&lanes->threads[lanes->threads_count], NULL, work, lanes) == 0)
        lanes->threads_count++;
    pthread_mutex_unlock(&lanes->lock);
    WF_ASSERT(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    if (lanes->threads_count < options->workers) {
        wf_lanes_free(lanes);
        return wf_fail_memory(error);
    }
    *ret = lanes;
    return WEFT_OK;
}
