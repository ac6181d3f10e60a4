// Work aside: who posts what is seen does not wait for it, who needs rows does, and its
// steps are nobody else's moment. And what is said while storage is away.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <pthread.h>
#include <stdatomic.h>

#include "desk/kinds.h"
#include "support/shared_city.h"

// ---- posts ----

// One fact, whose sender may wait for it.
typedef struct {
    wf_post post;
    wf_post_line line;
    wf_fact fact;
    char name[40];
    wf_arena arena;
    _Atomic bool is_done;
    weft_status status;
    const char *code; // why not
} sending;

static void done(wf_post *post, weft_status status, const weft_error *error)
{
    sending *of = post->context;
    of->status = status;
    of->code = status != WEFT_OK ? error->code : "";
    atomic_store(&of->is_done, true);
}

static void post(sending *of, const char *kind, const char *device, int64_t seq)
{
    memset(of, 0, sizeof *of);
    wf_arena_init(&of->arena, 0);
    snprintf(of->name, sizeof of->name, "%s-%lld", device, (long long)seq);
    of->fact = (wf_fact){.id = {wf_text_of(device), seq},
                         .kind = wf_kinds_find(wf_desk_kinds(), wf_text_of(kind)),
                         .at = {now_is(NULL).us - 4 * 3600 * WF_US_PER_S}};
    of->fact.values[0] = (wf_value){.given = true, .text = wf_text_of(of->name)};
    if (of->fact.kind->kind_class != WF_DECISION)
        of->fact.values[1] = (wf_value){.given = true, .number = 10};
    of->line = (wf_post_line){.line = 1, .fact = &of->fact};
    of->post = (wf_post){.lines = &of->line,
                         .count = 1,
                         .from = device,
                         .arena = &of->arena,
                         .done = done,
                         .context = of};
    wf_shared_post(shared, &of->post);
}

static weft_status wait(sending *of)
{
    while (!atomic_load(&of->is_done))
        sched_yield();
    wf_arena_done(&of->arena);
    return of->status;
}

static uint64_t in_ledger(void)
{
    return wf_ledger_now(wf_store_ledger(city->store)).positions;
}

// ---- what goes on ----

enum { each = 50 };

// The work posts, and would never end if nobody served it: a tube that was sealed is
// durable before it ends, the outbreak that stands before it in the queue is not, nor are
// rows; who asks is answered.
static weft_status work_among_posts(void *context, weft_city *with, weft_error *error)
{
    sending *decision = context;
    sending tube;
    weft_city *reader;
    assert_ptr_equal(with, city);
    uint64_t rows = wf_shared_as_of(shared).position;
    post(decision, "outbreak.declared", "C-1", 1);
    for (int64_t i = 1; i <= each; i++) {
        post(&tube, "tube.sealed", "S-1", i);
        assert_int_equal(wait(&tube), WEFT_OK);
        assert_int_equal(tube.line.sent, WF_SENT_ACCEPTED);
    }
    assert_false(atomic_load(&decision->is_done));
    assert_int_equal(wf_shared_as_of(shared).position, rows);
    assert_int_equal(wf_shared_as_of(shared).ledger, rows + each);
    fact_city_ok(wf_shared_read(shared, &reader, error), error);
    wf_shared_read_end(shared, reader);
    return WEFT_OK;
}

static void posts_go_on_beside_work(void **state)
{
    sending before, decision;
    weft_error error = {0};
    (void)state;
    post(&before, "tube.sealed", "S-2", 1);
    assert_int_equal(wf_shared_aside(shared, work_among_posts, &decision, &error),
                     WEFT_OK);
    assert_int_equal(wait(&before), WEFT_OK);
    assert_int_equal(wait(&decision), WEFT_OK);
    assert_int_equal(decision.line.sent, WF_SENT_ACCEPTED);
    assert_true(wf_shared_catch_up(shared, 20000));
    assert_int_equal(in_ledger(), each + 2);
}

// What was posted before is in the rows when the work begins.
static weft_status work_on_rows(void *context, weft_city *with, weft_error *error)
{
    uint64_t *rows = context;
    (void)with;
    (void)error;
    *rows = wf_shared_as_of(shared).position;
    return WEFT_OK;
}

static void work_begins_with_rows_that_are_caught_up(void **state)
{
    sending sent[each];
    weft_error error = {0};
    uint64_t rows = 0;
    (void)state;
    for (int64_t i = 0; i < each; i++)
        post(&sent[i], "tube.sealed", "S-1", i + 1);
    assert_int_equal(wf_shared_aside(shared, work_on_rows, &rows, &error), WEFT_OK);
    assert_int_equal(rows, each);
    for (int64_t i = 0; i < each; i++)
        assert_int_equal(wait(&sent[i]), WEFT_OK);
}

// ---- steps ----

typedef struct {
    pthread_t thread;
    _Atomic bool is_out, may_end, has_ended;
    bool saw_end; // the step came after the reader had gone
} reading;

static void *read_for_a_while(void *context)
{
    reading *of = context;
    weft_city *reader;
    weft_error error = {0};
    fact_city_ok(wf_shared_read(shared, &reader, &error), &error);
    atomic_store(&of->is_out, true);
    while (!atomic_load(&of->may_end))
        sched_yield();
    atomic_store(&of->has_ended, true);
    wf_shared_read_end(shared, reader);
    return NULL;
}

static weft_status step_alone(void *context, weft_error *error)
{
    reading *of = context;
    (void)error;
    of->saw_end = atomic_load(&of->has_ended);
    return WEFT_OK;
}

static weft_status step_beside(void *context, weft_error *error)
{
    reading *of = context;
    (void)error;
    assert_true(atomic_load(&of->is_out));
    atomic_store(&of->may_end, true); // the other step waits for it
    return WEFT_OK;
}

static weft_status step_that_fails(void *context, weft_error *error)
{
    (void)context;
    return wf_fail(error, WEFT_DISK_FULL, "io.write", "path", "x", NULL);
}

static weft_status work_in_steps(void *context, weft_city *with, weft_error *error)
{
    reading *of = context;
    weft_error why = {0};
    (void)with;
    assert_int_equal(wf_shared_do(shared, false, step_that_fails, of, &why),
                     WEFT_DISK_FULL);
    assert_string_equal(why.code, "io.write");
    assert_int_equal(pthread_create(&of->thread, NULL, read_for_a_while, of), 0);
    while (!atomic_load(&of->is_out))
        sched_yield();
    fact_city_ok(wf_shared_do(shared, false, step_beside, of, error), error);
    fact_city_ok(wf_shared_do(shared, true, step_alone, of, error), error);
    assert_int_equal(pthread_join(of->thread, NULL), 0);
    return wf_fail(error, WEFT_INTERRUPTED, "import.stopped", NULL);
}

static void a_step_keeps_readers_out_where_it_says_so(void **state)
{
    reading of = {0};
    weft_error error = {0};
    (void)state;
    assert_int_equal(wf_shared_aside(shared, work_in_steps, &of, &error),
                     WEFT_INTERRUPTED);
    assert_string_equal(error.code, "import.stopped");
    assert_true(of.saw_end);
}

// ---- storage ----

// A sync of a post fails while the work goes on: the post is told so, nothing is written
// over it, the work ends, and then all is opened again.
static weft_status work_while_a_sync_fails(void *context, weft_city *with,
                                           weft_error *error)
{
    sending first;
    (void)context;
    (void)with;
    (void)error;
    disk.at = __atomic_load_n(&disk.calls, __ATOMIC_RELAXED) + 2; // its write, its sync
    disk.kind = FAULT_ONCE;
    post(&first, "tube.sealed", "S-1", 1);
    assert_int_not_equal(wait(&first), WEFT_OK);
    disk.kind = FAULT_NONE;
    assert_true(wf_ledger_is_stopped(wf_store_ledger(city->store)));
    return WEFT_OK;
}

static void storage_that_fails_beside_work_is_opened_again_after_it(void **state)
{
    sending warm, again;
    weft_error error = {0};
    (void)state;
    post(&warm, "tube.sealed", "S-1", 2); // the day's key, the file
    assert_int_equal(wait(&warm), WEFT_OK);
    assert_true(wf_shared_catch_up(shared, 20000));
    assert_int_equal(wf_shared_aside(shared, work_while_a_sync_fails, NULL, &error),
                     WEFT_OK);
    post(&again, "tube.sealed", "S-1", 1);
    assert_int_equal(wait(&again), WEFT_OK);
    assert_true(wf_shared_count(shared).reopened > 0);
    assert_true(wf_shared_catch_up(shared, 20000));
    assert_int_equal(in_ledger(), 2);
}

static weft_status own_nothing(void *context, weft_city *with, weft_error *error)
{
    (void)context;
    (void)with;
    (void)error;
    return WEFT_OK;
}

static void expect_away(weft_status status, const char *code)
{
    sending next;
    weft_error error = {0};
    weft_city *with = NULL;
    post(&next, "tube.sealed", "S-1", 3);
    assert_int_equal(wait(&next), status);
    assert_string_equal(next.code, code);
    assert_int_equal(wf_shared_read(shared, &with, &error), status);
    assert_string_equal(error.code, code);
    assert_int_equal(wf_shared_own(shared, &with, &error), status);
    assert_string_equal(error.code, code);
    assert_int_equal(wf_shared_aside(shared, own_nothing, NULL, &error), status);
    assert_string_equal(error.code, code);
}

// Whoever's own write fails is told what failed; whoever comes while storage is away,
// that it is so for now. Once it is there again all go on.
static void while_storage_is_away_all_are_told_to_come_again(void **state)
{
    sending warm, first, last;
    weft_error error = {0};
    weft_city *with = NULL;
    (void)state;
    post(&warm, "tube.sealed", "S-1", 1);
    assert_int_equal(wait(&warm), WEFT_OK);
    assert_true(wf_shared_catch_up(shared, 20000));
    disk.at = 1;
    disk.kind = FAULT_CHANGES;
    post(&first, "tube.sealed", "S-1", 2);
    assert_int_equal(wait(&first), WEFT_STORAGE);
    assert_string_equal(first.code, "io.write");
    expect_away(WEFT_BUSY, "service.storage");
    disk.kind = FAULT_NONE;
    do
        post(&last, "tube.sealed", "S-1", 3);
    while (wait(&last) == WEFT_BUSY);
    assert_int_equal(last.status, WEFT_OK);
    fact_city_ok(wf_shared_read(shared, &with, &error), &error);
    wf_shared_read_end(shared, with);
}

// A ring that nobody can tell the state of needs a new start, and nobody is told to come
// again.
static void what_stays_away_is_said_to_all(void **state)
{
    sending warm, next;
    (void)state;
    post(&warm, "tube.sealed", "S-1", 1);
    assert_int_equal(wait(&warm), WEFT_OK);
    assert_true(wf_shared_catch_up(shared, 20000));
    disk.at = 1;
    disk.kind = FAULT_KILL; // nothing can be read, either
    post(&next, "tube.sealed", "S-1", 2);
    assert_int_equal(wait(&next), WEFT_STORAGE);
    disk.kind = FAULT_NONE;
    __atomic_store_n(&disk.dead, false, __ATOMIC_RELAXED);
    do
        post(&next, "tube.sealed", "S-1", 2);
    while (wait(&next) == WEFT_BUSY);
    expect_away(WEFT_STORAGE, "keys.unsure");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(posts_go_on_beside_work),
        TEST(work_begins_with_rows_that_are_caught_up),
        TEST(a_step_keeps_readers_out_where_it_says_so),
        TEST(storage_that_fails_beside_work_is_opened_again_after_it),
        TEST(while_storage_is_away_all_are_told_to_come_again),
        TEST(what_stays_away_is_said_to_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
