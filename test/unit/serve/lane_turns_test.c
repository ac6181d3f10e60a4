// Lanes, with pauses between any two of their steps: no worker sleeps while a job may
// run. Jobs of a round wait for each other, so that one that is overlooked until another
// ends is overlooked for ever.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

// ---- pauses ----

static _Thread_local uint64_t dice;
static atomic_uint_fast64_t threads_begun;

// As the kernel sets a nice thread aside where it likes; seeded, not the clock's.
static void pause_now_and_then(void)
{
    if (dice == 0)
        dice = (atomic_fetch_add_explicit(&threads_begun, 1, memory_order_relaxed) + 1) *
               UINT64_C(0x9e3779b97f4a7c15);
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    const struct timespec time = {.tv_nsec = (long)(dice >> 40) % 100000};
    if ((dice >> 20) % 8 == 0)
        nanosleep(&time, NULL);
}

static int unlock_and_pause(pthread_mutex_t *lock)
{
    int result = pthread_mutex_unlock(lock);
    pause_now_and_then();
    return result;
}

#undef atomic_load
#undef atomic_fetch_add
#undef atomic_fetch_sub
#define atomic_load(at)                                                                  \
    (pause_now_and_then(), atomic_load_explicit(at, memory_order_seq_cst))
#define atomic_fetch_add(at, by)                                                         \
    (pause_now_and_then(), atomic_fetch_add_explicit(at, by, memory_order_seq_cst))
#define atomic_fetch_sub(at, by)                                                         \
    (pause_now_and_then(), atomic_fetch_sub_explicit(at, by, memory_order_seq_cst))
#define pthread_mutex_unlock unlock_and_pause
// The library has it, too, and AddressSanitizer holds that there is one of each.
#define wf_lane_words words_of_lanes
#include "serve/http/lane.c"
#undef pthread_mutex_unlock

// ---- rounds ----

enum { rounds = 2000, jobs_count = WF_LANE_COUNT, forever_s = 60 };

typedef struct {
    wf_job job;
    wf_lanes *lanes;
} one_of_all;

static struct {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    size_t begun, ended; // jobs, of all rounds
    size_t brought_upto; // rounds that the second who brings has brought
    size_t round;
} stand = {.lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};

static one_of_all jobs[jobs_count];

// Under the lock. What has not happened by then does not happen.
static void wait_until_at_least(const size_t *what, size_t count)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += forever_s;
    while (*what < count)
        if (pthread_cond_timedwait(&stand.moved, &stand.lock, &until) != 0) {
            print_error("round %zu: %zu of %zu\n", stand.round, *what, count);
            _exit(1);
        }
}

static void add(size_t *what)
{
    (*what)++;
    pthread_cond_broadcast(&stand.moved);
}

static void wait_for_the_others(wf_job *job, bool stopping)
{
    (void)stopping;
    wf_lanes *lanes = ((one_of_all *)job)->lanes;
    wf_lane lane = job->lane;
    pthread_mutex_lock(&stand.lock);
    add(&stand.begun);
    wait_until_at_least(&stand.begun, stand.round * jobs_count);
    wf_lanes_leave(lanes, lane);
    add(&stand.ended);
    pthread_mutex_unlock(&stand.lock);
}

// One of each lane may run at once, on as many workers as there are lanes, two of them
// for the owner's turn.
static void bring_each(wf_lanes *lanes, size_t from, size_t step)
{
    for (size_t i = from; i < jobs_count; i += step) {
        bool turn = i == WF_LANE_ORDERS || i == WF_LANE_LOGIN;
        jobs[i] = (one_of_all){
            {.lane = (wf_lane)i, .turn = turn, .run = wait_for_the_others}, lanes};
        assert_true(wf_lanes_offer(lanes, &jobs[i].job));
    }
}

static void *bring_half(void *lanes)
{
    for (size_t round = 1; round <= rounds; round++) {
        pthread_mutex_lock(&stand.lock);
        wait_until_at_least(&stand.round, round);
        pthread_mutex_unlock(&stand.lock);
        bring_each(lanes, 1, 2);
        pthread_mutex_lock(&stand.lock);
        add(&stand.brought_upto);
        pthread_mutex_unlock(&stand.lock);
    }
    return NULL;
}

static void no_worker_sleeps_while_a_job_may_run(void **state)
{
    wf_lanes *lanes = NULL;
    weft_error error = {0};
    pthread_t second;
    const wf_lanes_options options = {jobs_count, {2, 2, 2, 2, 2, 2}};
    (void)state;
    assert_int_equal(wf_lanes_start(&options, &lanes, &error), WEFT_OK);
    assert_int_equal(pthread_create(&second, NULL, bring_half, lanes), 0);
    for (size_t round = 1; round <= rounds; round++) {
        pthread_mutex_lock(&stand.lock);
        add(&stand.round);
        pthread_mutex_unlock(&stand.lock);
        bring_each(lanes, 0, 2);
        pthread_mutex_lock(&stand.lock);
        wait_until_at_least(&stand.ended, round * jobs_count);
        wait_until_at_least(&stand.brought_upto, round);
        pthread_mutex_unlock(&stand.lock);
    }
    pthread_join(second, NULL);
    wf_lanes_free(lanes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_worker_sleeps_while_a_job_may_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
