// Lanes: bounds, preference, and that none is forgotten. Workers are held at a gate, so
// that what is shown does not depend on time.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "serve/http/lane.h"

enum { jobs_max = 64, workers = WF_LANE_COUNT };

typedef struct {
    wf_job job;
    int name;
    bool stopped;
} named;

static struct {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    bool open, open_to_first; // to all; to the job 0 alone
    size_t held;              // workers at the gate
    int order[jobs_max];
    size_t count;
} gate = {.lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};

static named jobs[jobs_max];

static void note(wf_job *job, bool stopping)
{
    named *one = (named *)job;
    pthread_mutex_lock(&gate.lock);
    one->stopped = stopping;
    gate.order[gate.count++] = one->name;
    pthread_cond_broadcast(&gate.moved);
    pthread_mutex_unlock(&gate.lock);
}

static void wait_at_gate(wf_job *job, bool stopping)
{
    pthread_mutex_lock(&gate.lock);
    gate.held++;
    pthread_cond_broadcast(&gate.moved);
    while (!gate.open && !(gate.open_to_first && ((named *)job)->name == 0))
        pthread_cond_wait(&gate.moved, &gate.lock);
    pthread_mutex_unlock(&gate.lock);
    note(job, stopping);
}

static void wait_held(size_t count)
{
    pthread_mutex_lock(&gate.lock);
    while (gate.held < count)
        pthread_cond_wait(&gate.moved, &gate.lock);
    pthread_mutex_unlock(&gate.lock);
}

static void wait_done(size_t count)
{
    pthread_mutex_lock(&gate.lock);
    while (gate.count < count)
        pthread_cond_wait(&gate.moved, &gate.lock);
    pthread_mutex_unlock(&gate.lock);
}

static void open_gate(void)
{
    pthread_mutex_lock(&gate.lock);
    gate.open = true;
    pthread_cond_broadcast(&gate.moved);
    pthread_mutex_unlock(&gate.lock);
}

static wf_lanes *start(size_t depth)
{
    wf_lanes *lanes = NULL;
    weft_error error = {0};
    const wf_lanes_options options = {workers,
                                      {depth, depth, depth, depth, depth, depth}};
    gate.open = gate.open_to_first = false;
    gate.held = gate.count = 0;
    assert_int_equal(wf_lanes_start(&options, &lanes, &error), WEFT_OK);
    return lanes;
}

static bool offer_as(wf_lanes *lanes, int name, wf_lane lane, bool turn, bool held)
{
    jobs[name] =
        (named){.job = {.lane = lane, .turn = turn, .run = held ? wait_at_gate : note},
                .name = name};
    return wf_lanes_offer(lanes, &jobs[name].job);
}

static bool offer(wf_lanes *lanes, int name, wf_lane lane, bool held)
{
    return offer_as(lanes, name, lane, false, held);
}

static void a_full_lane_refuses_at_once_and_the_others_do_not(void **state)
{
    wf_lanes *lanes = start(3);
    wf_lane_figures figures;
    (void)state;
    // One worker is all that the last lane may hold of six.
    assert_true(offer(lanes, 0, WF_LANE_FILES, true));
    wait_held(1);
    assert_true(offer(lanes, 1, WF_LANE_FILES, false));
    assert_true(offer(lanes, 2, WF_LANE_FILES, false));
    assert_false(offer(lanes, 3, WF_LANE_FILES, false));
    wf_lanes_figures(lanes, WF_LANE_FILES, &figures);
    assert_int_equal(figures.refused, 1);
    assert_int_equal(figures.waiting, 2);
    assert_int_equal(figures.running, 1);
    assert_true(offer(lanes, 4, WF_LANE_FIELD, false));
    wait_done(1); // while the others wait
    assert_int_equal(gate.order[0], 4);
    open_gate();
    wait_done(4);
    wf_lanes_free(lanes);
}

static void a_place_is_taken_until_the_answer_is_ready(void **state)
{
    wf_lanes *lanes = start(2);
    (void)state;
    assert_true(offer(lanes, 0, WF_LANE_LOOKUPS, false));
    assert_true(offer(lanes, 1, WF_LANE_LOOKUPS, false));
    wait_done(2); // workers are, and their answers wait for a commit
    assert_false(offer(lanes, 2, WF_LANE_LOOKUPS, false));
    // The next piece of what has begun asks for none.
    jobs[3] = (named){.job = {.lane = WF_LANE_LOOKUPS, .run = note}, .name = 3};
    assert_true(wf_lanes_continue(lanes, &jobs[3].job));
    wait_done(3);
    wf_lanes_leave(lanes, WF_LANE_LOOKUPS);
    assert_true(offer(lanes, 4, WF_LANE_LOOKUPS, false));
    assert_false(offer(lanes, 5, WF_LANE_LOOKUPS, false));
    wait_done(4);
    wf_lanes_end(lanes);
    wf_lanes_leave(lanes, WF_LANE_LOOKUPS);
    assert_false(offer(lanes, 6, WF_LANE_LOOKUPS, false));
    wf_lanes_free(lanes);
}

static size_t place_of(int name)
{
    size_t place = 0;
    while (gate.order[place] != name)
        place++;
    return place;
}

static bool leave_behind(wf_lanes *lanes, int name)
{
    jobs[name] = (named){.job = {.lane = WF_LANE_LOGIN, .run = note}, .name = name};
    return wf_lanes_leave_behind(lanes, &jobs[name].job);
}

static void what_is_left_behind_is_done_by_who_ends_something(void **state)
{
    wf_lanes *lanes = start(16);
    int name = 0;
    (void)state;
    // As soon as a worker sleeps it is left to the caller; what was taken is done.
    while (leave_behind(lanes, name))
        wait_done((size_t)++name);
    size_t before = gate.count;
    for (int i = 0; i < workers; i++)
        assert_true(offer(lanes, name++, WF_LANE_FIELD, true));
    wait_held(workers);
    for (int i = 0; i < 3; i++)
        assert_true(leave_behind(lanes, name++));
    assert_int_equal(gate.count, before);
    open_gate();
    wait_done(before + workers + 3); // though no other job comes
    wf_lanes_end(lanes);
    assert_false(leave_behind(lanes, name));
    wf_lanes_free(lanes);
}

// ---- many who bring, and an end among them ----

enum { bringers = 4, brought_by_each = 20000, places = 64 };

typedef struct {
    wf_job job;
    wf_lanes *lanes;
    atomic_uint *run;
} counted;

typedef struct {
    wf_lanes *lanes;
    unsigned number;
    counted jobs[places];
    atomic_uint run, taken;
} bringer;

static void count(wf_job *job, bool stopping)
{
    counted *one = (counted *)job;
    wf_lanes *lanes = one->lanes;
    wf_lane lane = job->lane;
    (void)stopping;
    atomic_fetch_add(one->run, 1); // it may be brought again from here on
    wf_lanes_leave(lanes, lane);
}

// One job after the other, each a second time only after it was run.
static void *bring_many(void *context)
{
    bringer *me = context;
    for (unsigned i = 0; i < brought_by_each; i++) {
        unsigned slot = i % places;
        if (slot == 0) // all of the round before were run
            while (atomic_load(&me->run) < atomic_load(&me->taken))
                sched_yield();
        counted *one = &me->jobs[slot];
        *one = (counted){{.lane = (wf_lane)((me->number + i) % WF_LANE_COUNT),
                          .turn = i % 3 == 0,
                          .run = count},
                         me->lanes,
                         &me->run};
        if (wf_lanes_offer(me->lanes, &one->job))
            atomic_fetch_add(&me->taken, 1);
    }
    return NULL;
}

static void what_is_taken_is_run_once_while_many_bring(bool ends_among_them)
{
    static bringer each[bringers];
    pthread_t threads[bringers];
    wf_lanes *lanes = start(ends_among_them ? 16 : 4096);
    for (unsigned i = 0; i < bringers; i++) {
        each[i].lanes = lanes;
        each[i].number = i;
        atomic_store(&each[i].run, 0);
        atomic_store(&each[i].taken, 0);
        assert_int_equal(pthread_create(&threads[i], NULL, bring_many, &each[i]), 0);
    }
    if (ends_among_them)
        wf_lanes_end(lanes);
    for (unsigned i = 0; i < bringers; i++)
        pthread_join(threads[i], NULL);
    if (!ends_among_them) // none was refused, and none is forgotten with workers asleep
        for (unsigned i = 0; i < bringers; i++) {
            assert_int_equal(atomic_load(&each[i].taken), brought_by_each);
            while (atomic_load(&each[i].run) < brought_by_each)
                sched_yield();
        }
    wf_lanes_end(lanes);
    uint64_t done = 0, refused = 0, taken = 0;
    for (unsigned i = 0; i < WF_LANE_COUNT; i++) {
        wf_lane_figures figures;
        wf_lanes_figures(lanes, (wf_lane)i, &figures);
        assert_int_equal(figures.waiting, 0);
        assert_int_equal(figures.running, 0);
        done += figures.done;
        refused += figures.refused;
    }
    for (unsigned i = 0; i < bringers; i++) {
        assert_int_equal(atomic_load(&each[i].run), atomic_load(&each[i].taken));
        taken += atomic_load(&each[i].taken);
    }
    assert_int_equal(done, taken);
    assert_int_equal(done + refused, bringers * brought_by_each);
    wf_lanes_free(lanes);
}

static void many_bring_at_once(void **state)
{
    (void)state;
    what_is_taken_is_run_once_while_many_bring(false);
}

static void an_end_among_them_forgets_none(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++)
        what_is_taken_is_run_once_while_many_bring(true);
}

static void later_lanes_never_hold_all_workers(void **state)
{
    wf_lanes *lanes = start(16);
    (void)state;
    for (int i = 0; i < 9; i++)
        assert_true(offer(lanes, i, (wf_lane)(1 + i % (WF_LANE_COUNT - 1)), true));
    wait_held(workers - 1);
    assert_true(offer(lanes, 9, WF_LANE_FIELD, false));
    wait_done(1);
    assert_int_equal(gate.order[0], 9);
    open_gate();
    wait_done(10);
    wf_lanes_free(lanes);
}

// Six uploads at once: whoever reads does not wait for one to end.
static void files_leave_workers_for_those_who_read(void **state)
{
    wf_lanes *lanes = start(16);
    (void)state;
    for (int i = 0; i < workers; i++)
        assert_true(offer(lanes, i, WF_LANE_FILES, true));
    wait_held(1);
    for (int i = 0; i < WF_LANE_FILES; i++)
        assert_true(offer(lanes, workers + i, (wf_lane)i, false));
    wait_done(WF_LANE_FILES);
    open_gate();
    wait_done(workers + WF_LANE_FILES);
    wf_lanes_free(lanes);
}

// Somebody has the city for long: those who wait for it take no more workers than two,
// and go on once it is given back; who does not wait for it is served meanwhile.
static void who_waits_for_the_owners_turn_leaves_workers_to_the_others(void **state)
{
    enum { turns = 7, others = 3 };
    static const wf_lane asked[others] = {WF_LANE_ORDERS, WF_LANE_LOOKUPS,
                                          WF_LANE_DASHBOARDS};
    wf_lanes *lanes = start(turns);
    wf_lane_figures figures;
    (void)state;
    for (int i = 0; i < turns - 1; i++)
        assert_true(offer_as(lanes, i, WF_LANE_ORDERS, true, true));
    assert_true(offer_as(lanes, turns - 1, WF_LANE_LOGIN, true, true));
    wait_held(2);
    for (int i = 0; i < others; i++)
        assert_true(offer(lanes, turns + i, asked[i], false));
    wait_done(others);
    for (int i = 0; i < others; i++)
        assert_true(gate.order[i] >= turns);
    wf_lanes_figures(lanes, WF_LANE_ORDERS, &figures);
    assert_int_equal(figures.running, 2);
    assert_int_equal(figures.waiting, turns - 3);
    wf_lanes_figures(lanes, WF_LANE_LOGIN, &figures);
    assert_int_equal(figures.waiting, 1);
    assert_int_equal(gate.held, 2);
    open_gate();
    wait_done(turns + others);
    wf_lanes_free(lanes);
}

static void the_first_lane_comes_first_and_the_last_is_not_forgotten(void **state)
{
    wf_lanes *lanes = start(64);
    (void)state;
    for (int i = 0; i < workers; i++)
        assert_true(offer(lanes, i, WF_LANE_FIELD, true));
    wait_held(workers);
    assert_true(offer(lanes, workers, WF_LANE_DASHBOARDS, false));
    for (int i = workers + 1; i < 45; i++)
        assert_true(offer(lanes, i, WF_LANE_FIELD, false));
    // By one worker, so that they are written down in the order in which they are taken.
    pthread_mutex_lock(&gate.lock);
    gate.open_to_first = true;
    pthread_cond_broadcast(&gate.moved);
    pthread_mutex_unlock(&gate.lock);
    wait_done(45 - (workers - 1));
    // Each eighth turn is the last lane's; so many were taken before these.
    enum { before = workers, last = (before / 8 + 1) * 8 - 1 - before };
    assert_int_equal(gate.order[0], 0); // who was held is done
    assert_int_equal(place_of(workers), 1 + last);
    open_gate();
    wait_done(45);
    wf_lanes_free(lanes);
}

static void what_waits_at_the_end_is_told_so(void **state)
{
    wf_lanes *lanes = start(8);
    (void)state;
    for (int i = 0; i < workers; i++)
        assert_true(offer(lanes, i, WF_LANE_FIELD, true));
    wait_held(workers);
    for (int i = workers; i < 9; i++)
        assert_true(offer(lanes, i, WF_LANE_ORDERS, false));
    open_gate();
    wf_lanes_free(lanes);
    assert_int_equal(gate.count, 9);
    for (int i = 0; i < workers; i++)
        assert_false(jobs[i].stopped);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_lane_refuses_at_once_and_the_others_do_not),
        cmocka_unit_test(what_is_left_behind_is_done_by_who_ends_something),
        cmocka_unit_test(a_place_is_taken_until_the_answer_is_ready),
        cmocka_unit_test(many_bring_at_once),
        cmocka_unit_test(an_end_among_them_forgets_none),
        cmocka_unit_test(later_lanes_never_hold_all_workers),
        cmocka_unit_test(files_leave_workers_for_those_who_read),
        cmocka_unit_test(who_waits_for_the_owners_turn_leaves_workers_to_the_others),
        cmocka_unit_test(the_first_lane_comes_first_and_the_last_is_not_forgotten),
        cmocka_unit_test(what_waits_at_the_end_is_told_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
