// How people stand, in memory: what is kept, what is left out and said to be so; and a
// board that is asked by many threads while the city is written, closed and opened.

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
#include <stdio.h>

#include "access/board/names.h"
#include "access/shared/shared.h"
#include "support/fact_city.h"

// ---- names ----

static void names_are_found_until_they_are_removed(void **state)
{
    enum { count = 40000 };
    static uint32_t slots[count];
    wf_budget budget = {.limit = 64 << 20};
    wf_names names;
    char id[64];
    (void)state;
    wf_names_init(&names, &budget);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < count; i++) {
            // Every third is longer than stands in a slot.
            int size = snprintf(id, sizeof id, "T%0*d", i % 3 == 0 ? 40 : 7, i);
            slots[i] = wf_names_add(&names, (wf_text){id, (size_t)size});
            assert_true(slots[i] > 0);
            assert_int_equal(wf_names_at(&names, slots[i])->uses, 0);
        }
        for (int i = 0; i < count; i++) {
            int size = snprintf(id, sizeof id, "T%0*d", i % 3 == 0 ? 40 : 7, i);
            wf_text text = {id, (size_t)size};
            assert_int_equal(wf_names_find(&names, text), slots[i]);
            assert_true(wf_text_equal(wf_names_text(&names, slots[i]), text));
        }
        size_t used = budget.used;
        for (int i = 0; i < count; i++)
            wf_names_remove(&names, slots[i]);
        assert_int_equal(names.count, 0);
        assert_true(budget.used < used); // the long ones
    }
    wf_names_done(&names);
    assert_int_equal(budget.used, 0);
}

// ---- standings ----

static void put_sample(wf_standings *to, uint32_t person, unsigned tube, bool was,
                       bool is, int64_t at)
{
    char id[16];
    int size = snprintf(id, sizeof id, "T%u", tube);
    const wf_standings_sample_change change = {.person = person,
                                               .tube = {id, (size_t)size},
                                               .was = was,
                                               .is = is,
                                               .at = {at},
                                               .result = {NULL, WF_TIME_NONE}};
    wf_standings_put_sample(to, &change);
}

// "T3 T2 T1+" are the newest, and there are more; "?" is not known.
static void samples_are(const wf_standings *of, uint32_t person, size_t most,
                        const char *wanted)
{
    wf_standings_sample samples[wf_standings_samples_max];
    size_t count;
    bool more;
    char said[256] = "?";
    if (wf_standings_samples(of, person, most, samples, &count, &more)) {
        size_t size = 0;
        said[0] = '\0';
        for (size_t i = 0; i < count; i++)
            size += (size_t)snprintf(said + size, sizeof said - size, "%s%.*s",
                                     i > 0 ? " " : "", (int)samples[i].tube.size,
                                     samples[i].tube.bytes);
        if (more)
            snprintf(said + size, sizeof said - size, "+");
    }
    assert_string_equal(said, wanted);
}

static void the_newest_samples_are_kept_and_others_counted(void **state)
{
    wf_standings *of = wf_standings_new(8 << 20);
    (void)state;
    assert_non_null(of);
    for (unsigned i = 0; i < 12; i++) // the newest comes in the middle
        put_sample(of, 7, i, false, true, i * 5 % 12);
    samples_are(of, 7, 3, "T7 T2 T9+");
    samples_are(of, 7, 8, "T7 T2 T9 T4 T11 T6 T1 T8+");
    put_sample(of, 7, 2, true, false, 10);
    samples_are(of, 7, 2, "T7 T9+");
    // Those beyond what is asked for make up for what is taken back, and then no more.
    put_sample(of, 7, 4, true, false, 8);
    samples_are(of, 7, 8, "T7 T9 T11 T6 T1 T8 T3 T10+");
    put_sample(of, 7, 6, true, false, 6);
    samples_are(of, 7, 8, "?");
    samples_are(of, 7, 7, "T7 T9 T11 T1 T8 T3 T10+");
    // A newer one is all that is missing; an older one is not.
    put_sample(of, 7, 40, false, true, -1);
    samples_are(of, 7, 8, "?");
    put_sample(of, 7, 41, false, true, 50);
    samples_are(of, 7, 8, "T41 T7 T9 T11 T1 T8 T3 T10+");
    // Of one time the greater tube comes first.
    put_sample(of, 8, 1, false, true, 5);
    put_sample(of, 8, 2, false, true, 5);
    samples_are(of, 8, 8, "T2 T1");
    put_sample(of, 8, 1, true, true, 6);
    samples_are(of, 8, 8, "T1 T2");
    samples_are(of, 9, 8, "");
    wf_standings_free(of);
}

static void ids_of_one_person_show_each_others_samples(void **state)
{
    wf_standings *of = wf_standings_new(8 << 20);
    const uint32_t three[] = {1, 2, 70000}, two[] = {1, 70000}, one[] = {2};
    (void)state;
    assert_non_null(of);
    put_sample(of, 1, 1, false, true, 1);
    put_sample(of, 2, 2, false, true, 2);
    put_sample(of, 70000, 3, false, true, 3);
    samples_are(of, 2, 8, "T2");
    wf_standings_put_same(of, three, 3);
    samples_are(of, 2, 8, "T3 T2 T1");
    samples_are(of, 70000, 2, "T3 T2+");
    wf_standings_put_same(of, two, 2);
    wf_standings_put_same(of, one, 1);
    samples_are(of, 1, 8, "T3 T1");
    samples_are(of, 2, 8, "T2");
    wf_standings_free(of);
}

static size_t bound_at(const wf_standings *of, uint32_t person, int64_t now)
{
    wf_standings_bound bound[wf_standings_orders_max];
    size_t count;
    return wf_standings_orders(of, person, (weft_time){now}, bound, &count) ? count : 99;
}

static void an_order_binds_while_it_lasts_and_holds(void **state)
{
    wf_standings *of = wf_standings_new(8 << 20);
    const wf_standings_order order = {.starts_at = {10},
                                      .ends_at = {20},
                                      .kind = WF_TEXT("hold"),
                                      .place = WF_NUMBER_NONE};
    (void)state;
    assert_non_null(of);
    wf_standings_put_order(of, WF_TEXT("O-1"), &order); // names nobody yet
    wf_standings_put_bound(of, 3, WF_TEXT("O-1"), true);
    assert_int_equal(bound_at(of, 3, 15), 0);
    wf_standings_put_order(of, WF_TEXT("O-1"), &order);
    assert_int_equal(bound_at(of, 3, 9), 0);
    assert_int_equal(bound_at(of, 3, 10), 1);
    assert_int_equal(bound_at(of, 3, 19), 1);
    assert_int_equal(bound_at(of, 3, 20), 0);
    wf_standings_put_bound(of, 3, WF_TEXT("O-1"), true);
    assert_int_equal(bound_at(of, 3, 15), 1);
    wf_standings_put_order(of, WF_TEXT("O-1"), NULL);
    assert_int_equal(bound_at(of, 3, 15), 0);
    for (int i = 0; i <= wf_standings_orders_max; i++) {
        char id[16];
        int size = snprintf(id, sizeof id, "O-%d", i);
        wf_standings_put_bound(of, 4, (wf_text){id, (size_t)size}, true);
    }
    assert_int_equal(bound_at(of, 4, 15), 99); // more than it keeps: not known
    assert_int_equal(bound_at(of, 3, 15), 0);
    wf_standings_free(of);
}

static void an_order_binds_a_person_by_any_of_their_ids(void **state)
{
    wf_standings *of = wf_standings_new(8 << 20);
    const uint32_t two[] = {1, 70000}, one[] = {1}, other[] = {70000};
    const wf_standings_order order = {.starts_at = {10},
                                      .ends_at = {20},
                                      .kind = WF_TEXT("hold"),
                                      .place = WF_NUMBER_NONE};
    wf_standings_bound bound[wf_standings_orders_max];
    size_t count;
    (void)state;
    assert_non_null(of);
    wf_standings_put_bound(of, 70000, WF_TEXT("O-1"), true);
    wf_standings_put_bound(of, 1, WF_TEXT("O-2"), true);
    wf_standings_put_bound(of, 70000, WF_TEXT("O-2"), true);
    wf_standings_put_bound(of, 70000, WF_TEXT("O-3"), true);
    wf_standings_put_order(of, WF_TEXT("O-1"), &order);
    wf_standings_put_order(of, WF_TEXT("O-2"), &order);
    wf_standings_put_order(of, WF_TEXT("O-3"), &order);
    assert_int_equal(bound_at(of, 1, 15), 1);
    wf_standings_put_same(of, two, 2);
    // The one that names both ids stands there once, all by their ids.
    assert_true(wf_standings_orders(of, 1, (weft_time){15}, bound, &count));
    assert_int_equal(count, 3);
    assert_true(wf_text_equal(bound[0].order, WF_TEXT("O-1")));
    assert_true(wf_text_equal(bound[1].order, WF_TEXT("O-2")));
    assert_true(wf_text_equal(bound[2].order, WF_TEXT("O-3")));
    assert_int_equal(bound_at(of, 70000, 15), 3);
    for (int i = 0; i <= wf_standings_orders_max; i++) {
        char id[16];
        int size = snprintf(id, sizeof id, "P-%d", i);
        wf_standings_put_bound(of, 1, (wf_text){id, (size_t)size}, true);
    }
    assert_int_equal(bound_at(of, 70000, 15), 99); // of neither is all known
    wf_standings_put_same(of, one, 1);
    wf_standings_put_same(of, other, 1);
    assert_int_equal(bound_at(of, 70000, 15), 3);
    wf_standings_free(of);
}

static void what_finds_no_room_is_said_to_be_unknown(void **state)
{
    wf_standings *of = wf_standings_new(2500 << 10);
    uint32_t person = 0, unknown = 0;
    (void)state;
    assert_non_null(of);
    for (unsigned i = 0; i < 60000; i++)
        put_sample(of, i / 2 % 16000, i, false, true, i);
    assert_false(wf_standings_is_lost(of));
    assert_true(wf_standings_bytes(of) <= 2500 << 10);
    for (; person < 16000; person++) {
        wf_standings_sample samples[wf_standings_samples_max];
        size_t count;
        bool more;
        if (!wf_standings_samples(of, person, 8, samples, &count, &more))
            unknown++;
        else
            assert_true(count == 2 || count == 4);
    }
    assert_true(unknown > 0 && unknown < 16000);
    // Of whom it is that nothing is known is not to be said: all is lost.
    wf_standings_put_registered(of, 5000000, true);
    wf_standings_put_registered(of, 6000000, true);
    wf_standings_put_registered(of, 7000000, true);
    assert_true(wf_standings_is_lost(of));
    wf_standings_free(of);
}

// ---- a board of a city ----

enum { askers = 3, rounds = 40 };

static fact_city files;
static wf_shared *shared;
static _Atomic bool ending, fell_back;
static _Atomic unsigned answers;

static weft_time now_is(void *context)
{
    (void)context;
    return (weft_time){INT64_C(1639281600) * WF_US_PER_S}; // 2021-12-12T12:00+08:00
}

// Neither positions nor samples ever fall back.
static void *ask_on(void *context)
{
    wf_board *board = files.city->board;
    size_t samples = 0;
    uint64_t position = 0;
    (void)context;
    while (!atomic_load(&ending)) {
        wf_board_answer answer;
        if (wf_shared_try_enter(shared)) {
            if (wf_board_ask(board, WF_TEXT("P-1"), now_is(NULL), 8, &answer)) {
                if (answer.samples_count < samples || answer.as_of.position < position)
                    atomic_store(&fell_back, true);
                samples = answer.samples_count;
                position = answer.as_of.position;
                atomic_fetch_add(&answers, 1);
                wf_board_end(board);
            }
            wf_shared_leave(shared);
        }
        sched_yield();
    }
    return NULL;
}

static void send_sample(int64_t seq)
{
    weft_error error = {0};
    wf_verdict verdict;
    char tube[16];
    int size = snprintf(tube, sizeof tube, "T%d", (int)seq);
    wf_fact fact = {.id = {WF_TEXT("S-1"), seq},
                    .kind = wf_kinds_find(wf_city_kinds(), WF_TEXT("sample.collected")),
                    .at = {now_is(NULL).us - 4 * 3600 * WF_US_PER_S}};
    fact.values[0] = (wf_value){.given = true, .text = {tube, (size_t)size}};
    fact.values[1] = (wf_value){.given = true, .text = WF_TEXT("P-1")};
    fact_city_ok(wf_shared_send(shared, &fact, 1, &verdict, &error), &error);
    assert_int_equal(verdict.sent, WF_SENT_ACCEPTED);
}

static void make_rows_anew(void)
{
    weft_error error = {0};
    weft_city *city;
    uint64_t facts;
    fact_city_ok(wf_shared_own(shared, &city, &error), &error);
    fact_city_ok(weft_rebuild(city, NULL, NULL, &facts, &error), &error);
    wf_shared_own_end(shared);
}

// A reader that is taken begins a board that is off.
static void wait_for_board(void)
{
    for (;;) {
        weft_error error = {0};
        weft_city *reader;
        if (wf_board_now(files.city->board).is_ready)
            return;
        fact_city_ok(wf_shared_read(shared, &reader, &error), &error);
        wf_shared_read_end(shared, reader);
        sched_yield();
    }
}

static void a_board_is_asked_while_it_is_written_and_made_anew(void **state)
{
    (void)state;
    weft_error error = {0};
    pthread_t threads[askers];
    fact_city_new(&files, NULL);
    const wf_shared_settings settings = {
        .readers_max = 2, .now = now_is, .board_bytes = 64 << 20};
    fact_city_ok(wf_shared_open(files.city, &settings, &shared, &error), &error);
    for (int i = 0; i < askers; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_on, NULL), 0);
    for (int64_t i = 1; i <= rounds; i++) {
        send_sample(i);
        if (i % 10 == 0)
            make_rows_anew();
        if (i % 4 == 0)
            wait_for_board();
    }
    wait_for_board();
    assert_true(wf_shared_catch_up(shared, 20000));
    unsigned before = atomic_load(&answers);
    while (atomic_load(&answers) == before)
        sched_yield();
    atomic_store(&ending, true);
    for (int i = 0; i < askers; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_false(atomic_load(&fell_back));
    wf_board_answer answer;
    assert_true(
        wf_board_ask(files.city->board, WF_TEXT("P-1"), now_is(NULL), 8, &answer));
    assert_int_equal(answer.samples_count, 8);
    assert_true(answer.more_samples);
    assert_int_equal(answer.as_of.position, wf_shared_as_of(shared).position);
    wf_board_end(files.city->board);
    assert_true(wf_board_now(files.city->board).built > 1);
    wf_shared_close(shared);
    fact_city_done(&files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_until_they_are_removed),
        cmocka_unit_test(the_newest_samples_are_kept_and_others_counted),
        cmocka_unit_test(ids_of_one_person_show_each_others_samples),
        cmocka_unit_test(an_order_binds_while_it_lasts_and_holds),
        cmocka_unit_test(an_order_binds_a_person_by_any_of_their_ids),
        cmocka_unit_test(what_finds_no_room_is_said_to_be_unknown),
        cmocka_unit_test(a_board_is_asked_while_it_is_written_and_made_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
