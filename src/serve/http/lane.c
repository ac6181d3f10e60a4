#include "serve/http/lane.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/parallel.h"

enum { workers_max = 256, turn_of_the_last = 8, in_turns_max = 2 };

const char *const wf_lane_words[] = {"field",      "orders", "lookups",
                                     "dashboards", "login",  "files"};

typedef struct {
    wf_job *first, *last;
} line;

typedef struct {
    line others, turns; // those that wait for the owner's turn stand by themselves
    size_t depth;       // places
    atomic_size_t places_taken;
    atomic_uint_fast64_t waiting, running, refused;
    uint64_t done;
} queue;

// Whoever brings something waits for no worker. Workers are nice: one that the kernel
// sets aside while it holds a lock, or between two steps of a condition variable, held
// the door that wanted to tell it something, and with it everybody who came by that door
// (10 to 20 ms on two busy processors). So jobs are pushed without a lock, the bound of a
// lane is a counter, and a semaphore wakes.
struct wf_lanes {
    _Atomic(wf_job *)
        brought;              // not sorted into queues yet, the newest first; or `closed`
    _Atomic(wf_job *) behind; // what was left to do, the newest first; or `closed`
    atomic_size_t idle;       // workers that sleep, or are about to, and were not called
    atomic_size_t due;        // that were called and are not here yet
    sem_t called;             // once for each worker that was called
    pthread_mutex_t lock;     // among workers: what follows
    queue queues[WF_LANE_COUNT];
    atomic_size_t in_turns; // workers at jobs that wait for the owner's turn
    uint64_t taken;         // jobs that workers took
    bool stopping;
    bool joined;
    size_t threads_count; // fixed once workers run: whoever brings something reads it
    pthread_t threads[workers_max];
};

// Nothing is taken any more.
static wf_job closed;

// This lane and those behind it hold one worker less than this lane and the one before:
// so the first always finds one.
static bool has_worker(const wf_lanes *lanes, size_t lane)
{
    uint64_t running = 0;
    for (size_t i = WF_LANE_COUNT; i-- > 0;) {
        running += atomic_load(&lanes->queues[i].running);
        if (i > 0 && i <= lane && running >= lanes->threads_count - i)
            return false;
    }
    return true;
}

static bool may_run(const wf_lanes *lanes, size_t lane, bool turn)
{
    return has_worker(lanes, lane) &&
           (!turn || atomic_load(&lanes->in_turns) < in_turns_max);
}

// ---- bringing ----

// Whether there was one: who is counted down is called, or calls off its sleep.
static bool one_less_idle(wf_lanes *lanes)
{
    size_t idle = atomic_load(&lanes->idle);
    while (idle > 0)
        if (atomic_compare_exchange_weak(&lanes->idle, &idle, idle - 1))
            return true;
    return false;
}

// Counted before it is called: it counts itself down when it comes.
static void call_one(wf_lanes *lanes)
{
    if (!one_less_idle(lanes))
        return;
    atomic_fetch_add(&lanes->due, 1);
    WF_ASSERT(sem_post(&lanes->called) == 0);
}

static bool push(_Atomic(wf_job *) *onto, wf_job *job)
{
    wf_job *before = atomic_load(onto);
    do {
        if (before == &closed)
            return false;
        job->next = before;
    } while (!atomic_compare_exchange_weak(onto, &before, job));
    return true;
}

static bool bring(wf_lanes *lanes, wf_job *job)
{
    wf_lane lane = job->lane; // the job may be gone once it is there
    bool turn = job->turn;
    queue *to = &lanes->queues[lane];
    atomic_fetch_add(&to->waiting, 1);
    if (!push(&lanes->brought, job)) {
        atomic_fetch_sub(&to->waiting, 1);
        return false;
    }
    // Where none may run this, nobody is woken in vain: a worker that ends something
    // looks for what was brought. The counts are of no one moment, and what was just
    // brought may be among them: what is overlooked here sees whoever takes something
    // (work).
    if (may_run(lanes, lane, turn))
        call_one(lanes);
    return true;
}

static bool take_place(queue *to)
{
    size_t taken = atomic_load(&to->places_taken);
    do {
        if (taken >= to->depth)
            return false;
    } while (!atomic_compare_exchange_weak(&to->places_taken, &taken, taken + 1));
    return true;
}

void wf_lanes_leave(wf_lanes *lanes, wf_lane lane)
{
    size_t before = atomic_fetch_sub(&lanes->queues[lane].places_taken, 1);
    WF_ASSERT(before > 0);
}

bool wf_lanes_offer(wf_lanes *lanes, wf_job *job)
{
    wf_lane lane = job->lane;
    if (take_place(&lanes->queues[lane])) {
        if (bring(lanes, job))
            return true;
        wf_lanes_leave(lanes, lane);
    }
    atomic_fetch_add(&lanes->queues[lane].refused, 1);
    return false;
}

bool wf_lanes_continue(wf_lanes *lanes, wf_job *job)
{
    return bring(lanes, job);
}

bool wf_lanes_leave_behind(wf_lanes *lanes, wf_job *job)
{
    if (atomic_load(&lanes->idle) > 0 || !push(&lanes->behind, job))
        return false;
    call_one(lanes); // where one fell asleep meanwhile
    return true;
}

// ---- what comes next; under the lock ----

static void append(wf_lanes *lanes, wf_job *job)
{
    queue *lane = &lanes->queues[job->lane];
    line *to = job->turn ? &lane->turns : &lane->others;
    job->next = NULL;
    if (to->last != NULL)
        to->last->next = job;
    else
        to->first = job;
    to->last = job;
}

// Into the queues, the oldest first.
static void sort(wf_lanes *lanes, wf_job *newest)
{
    wf_job *oldest = NULL;
    while (newest != NULL) {
        wf_job *before = newest->next;
        newest->next = oldest;
        oldest = newest;
        newest = before;
    }
    while (oldest != NULL) {
        wf_job *after = oldest->next;
        append(lanes, oldest);
        oldest = after;
    }
}

static void sort_what_was_brought(wf_lanes *lanes)
{
    wf_job *newest = atomic_load(&lanes->brought);
    while (newest != NULL && newest != &closed)
        if (atomic_compare_exchange_weak(&lanes->brought, &newest, NULL)) {
            sort(lanes, newest);
            return;
        }
}

// NULL: nothing may run now. Of a lane those that wait for a turn go first: they are two
// at most.
static line *choose(wf_lanes *lanes)
{
    bool from_behind = lanes->taken % turn_of_the_last == turn_of_the_last - 1;
    for (size_t i = 0; i < WF_LANE_COUNT; i++) {
        size_t lane = from_behind ? WF_LANE_COUNT - 1 - i : i;
        queue *of = &lanes->queues[lane];
        if (of->turns.first != NULL && (lanes->stopping || may_run(lanes, lane, true)))
            return &of->turns;
        if (of->others.first != NULL && (lanes->stopping || may_run(lanes, lane, false)))
            return &of->others;
    }
    return NULL;
}

static wf_job *take(wf_lanes *lanes, line *from)
{
    wf_job *job = from->first;
    queue *of = &lanes->queues[job->lane];
    from->first = job->next;
    if (from->first == NULL)
        from->last = NULL;
    job->next = NULL;
    lanes->taken++;
    atomic_fetch_sub(&of->waiting, 1);
    atomic_fetch_add(&of->running, 1);
    if (job->turn)
        atomic_fetch_add(&lanes->in_turns, 1);
    return job;
}

// Runs it, without the lock, which is held again after.
static void run(wf_lanes *lanes, wf_job *job, bool stopping)
{
    queue *of = &lanes->queues[job->lane];
    bool turn = job->turn;
    job->run(job, stopping);
    pthread_mutex_lock(&lanes->lock);
    atomic_fetch_sub(&of->running, 1);
    if (turn)
        atomic_fetch_sub(&lanes->in_turns, 1);
    of->done++;
}

// ---- workers ----

// Under the lock, which is let go of meanwhile. Whoever brings something from here on
// finds this worker idle; what was brought before is seen here, and nobody else sorts it
// before this one looks.
static void sleep_until_called(wf_lanes *lanes)
{
    atomic_fetch_add(&lanes->idle, 1);
    const wf_job *brought = atomic_load(&lanes->brought);
    bool is_more =
        (brought != NULL && brought != &closed) || atomic_load(&lanes->behind) != NULL;
    if (is_more && one_less_idle(lanes))
        return;
    pthread_mutex_unlock(&lanes->lock);
    while (sem_wait(&lanes->called) != 0) // a signal
        ;
    pthread_mutex_lock(&lanes->lock);
    atomic_fetch_sub(&lanes->due, 1);
}

// Under the lock, after something was taken: no worker sleeps while a job that is sorted
// may run, or one that was called will come and ask this again. So who brings a job needs
// to be right only about one that nobody has sorted yet.
static void call_for_the_next(wf_lanes *lanes)
{
    if (atomic_load(&lanes->idle) > 0 && atomic_load(&lanes->due) == 0 &&
        choose(lanes) != NULL)
        call_one(lanes);
}

// Without the lock.
static void do_what_was_left(wf_job *newest)
{
    while (newest != NULL && newest != &closed) {
        wf_job *next = newest->next;
        newest->run(newest, false);
        newest = next;
    }
}

// Commits and connections go before what workers read and write: each of these keeps one
// of many busy, the writer all who post. But the first lane is first at the processors,
// too: else doors that a flood keeps busy take them from those who send samples.
static int nice_of(const wf_job *job)
{
    return job->lane == WF_LANE_FIELD ? wf_nice_soon : wf_nice_answers;
}

static void *work(void *context)
{
    wf_lanes *lanes = context;
    int nice = wf_nice_answers;
    wf_thread_name("weft worker");
    wf_thread_nice(nice);
    pthread_mutex_lock(&lanes->lock);
    for (;;) {
        if (atomic_load(&lanes->behind) != NULL) {
            pthread_mutex_unlock(&lanes->lock);
            do_what_was_left(atomic_exchange(&lanes->behind, NULL));
            pthread_mutex_lock(&lanes->lock);
        }
        sort_what_was_brought(lanes);
        line *from = choose(lanes);
        if (from == NULL && lanes->stopping)
            break;
        if (from == NULL) {
            sleep_until_called(lanes);
            continue;
        }
        wf_job *job = take(lanes, from);
        call_for_the_next(lanes);
        bool stopping = lanes->stopping;
        pthread_mutex_unlock(&lanes->lock);
        if (nice_of(job) != nice)
            wf_thread_nice(nice = nice_of(job));
        run(lanes, job, stopping);
    }
    pthread_mutex_unlock(&lanes->lock);
    return NULL;
}

void wf_lanes_figures(wf_lanes *lanes, wf_lane lane, wf_lane_figures *ret)
{
    const queue *of = &lanes->queues[lane];
    pthread_mutex_lock(&lanes->lock);
    *ret = (wf_lane_figures){.waiting = atomic_load(&of->waiting),
                             .running = atomic_load(&of->running),
                             .refused = atomic_load(&of->refused),
                             .done = of->done};
    pthread_mutex_unlock(&lanes->lock);
}

// ---- beginning and end ----

void wf_lanes_end(wf_lanes *lanes)
{
    pthread_mutex_lock(&lanes->lock);
    wf_job *last = atomic_exchange(&lanes->brought, &closed);
    if (last != &closed)
        sort(lanes, last);
    lanes->stopping = true;
    pthread_mutex_unlock(&lanes->lock);
    if (lanes->joined)
        return;
    atomic_fetch_add(&lanes->due, lanes->threads_count);
    for (size_t i = 0; i < lanes->threads_count; i++)
        WF_ASSERT(sem_post(&lanes->called) == 0);
    for (size_t i = 0; i < lanes->threads_count; i++)
        WF_ASSERT(pthread_join(lanes->threads[i], NULL) == 0);
    lanes->joined = true;
    do_what_was_left(atomic_exchange(&lanes->behind, &closed));
}

void wf_lanes_free(wf_lanes *lanes)
{
    if (lanes == NULL)
        return;
    wf_lanes_end(lanes);
    sem_destroy(&lanes->called);
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
    WF_ASSERT(sem_init(&lanes->called, 0, 0) == 0);
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
