// A slice of rows that goes on beside a sync: who posts waits for the sync, not for the
// slice, and nothing is lost or doubled whatever fails meanwhile.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <pthread.h>

#include "desk/kinds.h"
#include "support/shared_city.h"

// ---- posts ----

enum { many = 8192, beside_rounds = 40 };

// Facts of one device in one post, and what of the rows had been told when it was done.
typedef struct {
    wf_post post;
    wf_post_line *lines;
    wf_fact *facts;
    char (*tubes)[40];
    wf_arena arena;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool is_done;
    weft_status status;
    uint64_t told;
    unsigned long
        fails_after; // so many changing calls later the disk fails once; 0: never
} sending_many;

static uint64_t told; // the writer's

static void tell(void *context, const wf_shared_event *events, size_t events_count)
{
    (void)context;
    told = events[events_count - 1].position;
}

static void done_many(wf_post *post, weft_status status, const weft_error *error)
{
    sending_many *of = post->context;
    (void)error;
    pthread_mutex_lock(&of->lock);
    of->is_done = true;
    of->status = status;
    of->told = told;
    if (of->fails_after > 0) {
        disk.at = __atomic_load_n(&disk.calls, __ATOMIC_RELAXED) + of->fails_after;
        disk.kind = FAULT_ONCE;
    }
    pthread_cond_signal(&of->ended);
    pthread_mutex_unlock(&of->lock);
}

static wf_fact sealed(wf_text device, int64_t seq, char tube[40])
{
    wf_fact fact = {.id = {device, seq},
                    .kind = wf_kinds_find(wf_desk_kinds(), WF_TEXT("tube.sealed")),
                    .at = {now_is(NULL).us - 4 * 3600 * WF_US_PER_S}};
    snprintf(tube, 40, "T%.*s-%lld", (int)device.size, device.bytes, (long long)seq);
    fact.values[0] = (wf_value){.given = true, .text = wf_text_of(tube)};
    fact.values[1] = (wf_value){.given = true, .number = 10};
    return fact;
}

static void post_many(sending_many *of, const char *device, int64_t seq, size_t facts,
                      unsigned long fails_after)
{
    *of = (sending_many){.fails_after = fails_after,
                         .lines = calloc(facts, sizeof *of->lines),
                         .facts = calloc(facts, sizeof *of->facts),
                         .tubes = calloc(facts, sizeof *of->tubes)};
    assert_true(of->lines != NULL && of->facts != NULL && of->tubes != NULL);
    pthread_mutex_init(&of->lock, NULL);
    pthread_cond_init(&of->ended, NULL);
    wf_arena_init(&of->arena, 0);
    for (size_t i = 0; i < facts; i++) {
        of->facts[i] = sealed(wf_text_of(device), seq + (int64_t)i, of->tubes[i]);
        of->lines[i] = (wf_post_line){.line = i + 1, .fact = &of->facts[i]};
    }
    of->post = (wf_post){.lines = of->lines,
                         .count = facts,
                         .from = device,
                         .arena = &of->arena,
                         .done = done_many,
                         .context = of};
    wf_shared_post(shared, &of->post);
}

static weft_status wait_many(sending_many *of)
{
    pthread_mutex_lock(&of->lock);
    while (!of->is_done)
        pthread_cond_wait(&of->ended, &of->lock);
    pthread_mutex_unlock(&of->lock);
    wf_arena_done(&of->arena);
    pthread_cond_destroy(&of->ended);
    pthread_mutex_destroy(&of->lock);
    free(of->lines);
    free(of->facts);
    free(of->tubes);
    return of->status;
}

static void wait_for_rows(void)
{
    wf_shared_stand stand;
    do
        stand = wf_shared_as_of(shared);
    while (stand.position < stand.ledger);
}

static uint64_t in_ledger(void)
{
    return wf_ledger_now(wf_store_ledger(city->store)).positions;
}

// ---- what is taken in ----

enum { flood_senders = 24, flood_facts = 512, flood_rounds = 40 };

// Everyone sends again as soon as they are answered: more than rows can follow. What
// waits for the rows stays a small part of what was taken in, for between the steps of a
// slice less is taken than it applies.
static void a_flood_is_taken_in_as_fast_as_rows_follow(void **state)
{
    static sending_many all[flood_senders];
    static char names[flood_senders][8]; // read until all is in the rows
    uint64_t most = 0, facts = 0;
    (void)state;
    for (size_t i = 0; i < flood_senders; i++)
        snprintf(names[i], sizeof names[i], "F-%zu", i);
    for (int64_t round = 0; round < flood_rounds; round++)
        for (size_t i = 0; i < flood_senders; i++) {
            if (round > 0)
                assert_int_equal(wait_many(&all[i]), WEFT_OK);
            post_many(&all[i], names[i], 1 + round * flood_facts, flood_facts, 0);
            facts += flood_facts;
            wf_shared_stand stand = wf_shared_as_of(shared);
            uint64_t behind = stand.ledger - stand.position;
            most = behind > most ? behind : most;
        }
    for (size_t i = 0; i < flood_senders; i++)
        assert_int_equal(wait_many(&all[i]), WEFT_OK);
    wait_for_rows();
    assert_int_equal(in_ledger(), facts);
    assert_true(most < facts / 4);
}

static int begin_far_soon(void **state)
{
    far_behind_ms = 20;
    int status = begin(state);
    far_behind_ms = 0;
    return status;
}

// ---- what they wait for ----

// Much is outstanding, so that a slice goes on while the post is synced: its sender is
// told when that is over and a step of the slice, not when the slice is. Mostly: the
// sync may take as long as the slice, but not each time.
static void a_post_does_not_wait_for_the_slice_beside_its_sync(void **state)
{
    unsigned early = 0;
    (void)state;
    wf_shared_listen(shared, tell, NULL);
    for (int64_t i = 0; i < beside_rounds && early == 0; i++) {
        sending_many first, second;
        post_many(&first, "S-1", 1 + i * many, many, 0); // a group of its own
        post_many(&second, "S-2", 1 + i, 1, 0);
        assert_int_equal(wait_many(&first), WEFT_OK);
        assert_int_equal(wait_many(&second), WEFT_OK);
        early += second.told == (uint64_t)i * (many + 1);
        wait_for_rows();
        assert_int_equal(in_ledger(), (uint64_t)(i + 1) * (many + 1));
    }
    assert_true(early > 0);
}

// Whatever call fails while a group is synced beside a slice: who was told "yes" is in
// the ledger, who was not is there once when they have sent again, and all goes on.
static void what_fails_beside_a_slice_loses_and_doubles_nothing(void **state)
{
    enum { calls = 12 };
    unsigned failed = 0;
    (void)state;
    for (int64_t i = 0; i < calls; i++) {
        sending_many first, second;
        post_many(&first, "S-1", 1 + i * many, many, (unsigned long)i + 1);
        post_many(&second, "S-2", 1 + i, 1, 0);
        assert_int_equal(wait_many(&first), WEFT_OK);
        weft_status status = wait_many(&second);
        failed += status != WEFT_OK;
        while (status != WEFT_OK) { // as phones do
            post_many(&second, "S-2", 1 + i, 1, 0);
            status = wait_many(&second);
        }
        wait_for_rows();
        disk.kind = FAULT_NONE;
        assert_int_equal(in_ledger(), (uint64_t)(i + 1) * (many + 1));
    }
    assert_true(failed > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_post_does_not_wait_for_the_slice_beside_its_sync, begin, end),
        cmocka_unit_test_setup_teardown(
            what_fails_beside_a_slice_loses_and_doubles_nothing, begin, end),
        cmocka_unit_test_setup_teardown(a_flood_is_taken_in_as_fast_as_rows_follow,
                                        begin_far_soon, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
