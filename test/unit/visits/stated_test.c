// Stated visits and named encounters: their life, from being put to being forgotten.
//
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "support/made_stated.h"

static const weft_day friday = {18971}, saturday = {18972}, sunday = {18973};
static const weft_day first_day = {0}, last_day = {INT32_MAX};
enum { plenty = 1 << 30 };

static const made_row delivered[] = {
    {"P-1", "L-1", {18971}, 420, 450, "T1", 0, false, 0},
    {"P-2", "L-1", {18971}, 425, 455, NULL, 0, false, 1},
    {"P-1", "L-2", {18972}, 600, 700, NULL, 0, false, 2},
};
static const made_statement tea = {
    "S-1", 7, "tea", {{"P-7", "L-1", {18971}, 430, 445, "T3", 0, false, 0}}};
static const made_statement met = {
    "S-1", 8, "met", {{"P-7", "P-1", {18971}, 26000, 26600, "car", 0, true, 0}}};
static const made_statement night = {
    "S-2",
    1,
    "night",
    {{"P-8", "L-9", {18971}, 1380, 1440, NULL, WF_MARK_INTO_NEXT, false, 0},
     {"P-8", "L-9", {18972}, 0, 1440, NULL, 6, false, 0},
     {"P-8", "L-9", {18973}, 0, 60, NULL, WF_MARK_FROM_BEFORE, false, 0}}};

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

static void deliver(made_store *store)
{
    weft_error error = {0};
    wf_visits_batch_count count;
    ok(made_deliver(store->visits, delivered, 3, plenty, &count, &error), &error);
}

static void say(made_store *store, const made_statement *what)
{
    weft_error error = {0};
    ok(made_state_all(store->visits, what, 1, &error), &error);
}

static void set_dead(made_store *store, const made_statement *what, bool dead)
{
    weft_error error = {0};
    ok(made_set_dead(store->visits, what, dead, &error), &error);
}

static bool same(wf_digest a, wf_digest b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

static void expect_body(made_store *store, const made_statement *what)
{
    wf_arena arena;
    wf_arena_init(&arena, 0);
    weft_error error = {0};
    wf_text body;
    uint32_t kind;
    ok(wf_stated_find(store->visits, what->pieces[0].day, made_identity(what), &arena,
                      &body, &kind, &error),
       &error);
    assert_true(wf_text_equal(body, wf_text_of(what->body)));
    assert_int_equal(kind, what->pieces[0].encounter ? 42 : 41);
    wf_arena_done(&arena);
}

static void expect_no_body(made_store *store, const made_statement *what,
                           weft_status expected)
{
    wf_arena arena;
    wf_arena_init(&arena, 0);
    weft_error error = {0};
    wf_text body;
    uint32_t kind;
    assert_int_equal(wf_stated_find(store->visits, what->pieces[0].day,
                                    made_identity(what), &arena, &body, &kind, &error),
                     expected);
    wf_arena_done(&arena);
}

typedef struct {
    size_t entries, counted, dead;
} tally;

static weft_status count_entry(void *context, const wf_stated *entry, bool counted,
                               weft_error *error)
{
    (void)error;
    tally *all = context;
    assert_int_equal(entry->position, entry->id.seq);
    assert_in_range(entry->visits_count + entry->encounters_count, 1, 3);
    all->entries++;
    all->counted += counted;
    all->dead += entry->dead;
    return WEFT_OK;
}

static tally count_entries(made_store *store, bool uncounted)
{
    tally all = {0};
    size_t unread;
    weft_error error = {0};
    ok(wf_stated_each(store->visits, first_day, last_day, uncounted, count_entry, &all,
                      &unread, &error),
       &error);
    assert_int_equal(unread, 0);
    return all;
}

static void expect_whole(made_store *store)
{
    weft_error error = {0};
    wf_visits_findings nowhere = {0};
    ok(wf_visits_verify(store->visits, &nowhere, &error), &error);
}

// ---- a change ----

static void a_statement_has_no_row_before_it_counts(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    made_store_new(&store);
    deliver(&store);
    wf_digest before = made_digest(store.visits);
    const made_statement both[] = {tea, met};
    ok(made_put(store.visits, &tea, &error), &error);
    expect_body(&store, &tea);
    ok(made_write(store.visits, both, 2, &error), &error);
    assert_int_equal(made_rows_of(store.visits, friday), 2);
    assert_true(same(made_digest(store.visits), before));
    assert_int_equal(count_entries(&store, true).entries, 2);
    wf_stated_count(store.visits);
    assert_int_equal(made_rows_of(store.visits, friday), 4);
    assert_false(same(made_digest(store.visits), before));
    assert_int_equal(count_entries(&store, true).entries, 0);
    assert_int_equal(count_entries(&store, false).counted, 2);
    expect_body(&store, &tea);
    expect_body(&store, &met);
    expect_whole(&store);
    made_store_done(&store);
}

static void what_nobody_counted_is_asked_for_at_the_next_opening(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    made_store_new(&store);
    say(&store, &tea);
    ok(made_write(store.visits, &met, 1, &error), &error);
    made_store_reopen(&store);
    // That the first one counted was durable with the second one's commit.
    tally open = count_entries(&store, true);
    assert_int_equal(open.entries, 1);
    assert_int_equal(open.counted, 0);
    assert_int_equal(made_rows_of(store.visits, friday), 1);
    // The ledger does not know it.
    ok(wf_stated_drop(store.visits, friday, made_identity(&met), &error), &error);
    ok(wf_stated_commit(store.visits, &error), &error);
    wf_stated_count(store.visits);
    expect_no_body(&store, &met, WEFT_NOT_FOUND);
    ok(made_write(store.visits, &met, 1, &error), &error);
    made_store_reopen(&store);
    wf_stated_count(store.visits); // the ledger knows it
    assert_int_equal(made_rows_of(store.visits, friday), 2);
    made_store_reopen(&store);
    assert_int_equal(count_entries(&store, false).entries, 2);
    expect_whole(&store);
    made_store_done(&store);
}

static void what_is_rolled_back_was_never_there(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    made_store_new(&store);
    say(&store, &tea);
    wf_digest before = made_digest(store.visits);
    ok(made_put(store.visits, &met, &error), &error);
    wf_stated_rollback(store.visits, false);
    ok(wf_stated_commit(store.visits, &error), &error);
    expect_no_body(&store, &met, WEFT_NOT_FOUND);
    const made_statement both[] = {met, night};
    ok(made_write(store.visits, both, 2, &error), &error);
    wf_stated_rollback(store.visits, false);
    for (int round = 0; round < 2; round++) {
        expect_no_body(&store, &met, WEFT_NOT_FOUND);
        expect_no_body(&store, &night, WEFT_NOT_FOUND);
        expect_body(&store, &tea);
        assert_true(same(made_digest(store.visits), before));
        assert_int_equal(made_state(store.visits, saturday), WF_DAY_EMPTY);
        assert_int_equal(count_entries(&store, true).entries, 0);
        expect_whole(&store);
        made_store_reopen(&store);
    }
    say(&store, &met);
    assert_int_equal(made_rows_of(store.visits, friday), 2);
    made_store_done(&store);
}

// The ledger's disk failed at a moment at which it may have the fact.
static void what_may_be_in_the_ledger_waits_for_the_next_opening(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    made_store_new(&store);
    say(&store, &tea);
    ok(made_write(store.visits, &met, 1, &error), &error);
    wf_stated_rollback(store.visits, true);
    assert_int_equal(made_rows_of(store.visits, friday), 1);
    assert_int_equal(made_put(store.visits, &night, &error), WEFT_STORAGE);
    assert_string_equal(error.code, "visits.unsure");
    made_store_reopen(&store);
    assert_int_equal(count_entries(&store, true).entries, 1);
    wf_stated_count(store.visits); // it had it
    assert_int_equal(made_rows_of(store.visits, friday), 2);
    say(&store, &night);
    made_store_done(&store);
}

static void one_of_the_same_name_takes_its_place(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    made_store_new(&store);
    made_statement other = tea;
    other.body = "coffee";
    other.pieces[0].start = 431;
    const made_statement both[] = {tea, other};
    ok(made_state_all(store.visits, both, 2, &error), &error);
    expect_body(&store, &other);
    assert_int_equal(made_rows_of(store.visits, friday), 1);
    say(&store, &tea);
    expect_body(&store, &tea);
    assert_int_equal(made_rows_of(store.visits, friday), 1);
    made_store_done(&store);
}

// What an open day costs is not paid again for a statement.
static void an_open_day_stays_open(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    wf_day_state is;
    const wf_day *before, *after;
    made_store_new(&store);
    deliver(&store);
    ok(wf_visits_day(store.visits, friday, &is, &before, &error), &error);
    // Nothing that it was made of can be read any more.
    wf_path path = made_store_path(&store, "2021-12-10.day");
    size_t size;
    char *good = scratch_read(&path, &size);
    scratch_write(&path, "x", 1);
    const struct {
        bool dead;
        uint64_t visits;
        const char *seat;
    } steps[] = {{false, 3, "T3"}, {true, 2, NULL}, {false, 3, "T3"}};
    for (size_t i = 0; i < 3; i++) {
        if (i == 0)
            say(&store, &tea);
        else
            set_dead(&store, &tea, steps[i].dead);
        ok(wf_visits_day(store.visits, friday, &is, &after, &error), &error);
        assert_int_equal(is, WF_DAY_PRESENT);
        assert_ptr_equal(after, before);
        assert_int_equal(wf_day_visits(after), steps[i].visits);
        wf_stay_list list = {0};
        wf_place place = {made_id(store.visits, WF_ID_PLACE, "L-1")};
        ok(wf_day_place_stays_marked(after, place, 0, 1440, &list), &error);
        assert_int_equal(list.count, steps[i].visits);
        assert_true(
            wf_text_equal(wf_day_seat_text(after, list.marks[0].seat), WF_TEXT("T1")));
        if (steps[i].seat != NULL)
            assert_true(wf_text_equal(wf_day_seat_text(after, list.marks[2].seat),
                                      wf_text_of(steps[i].seat)));
        wf_stay_list_done(&list);
    }
    scratch_write(&path, good, size);
    free(good);
    expect_whole(&store);
    made_store_done(&store);
}

// ---- life ----

static void a_dead_one_keeps_its_body_and_may_live_again(void **state)
{
    (void)state;
    made_store store;
    made_store_new(&store);
    deliver(&store);
    wf_digest without = made_digest(store.visits);
    say(&store, &tea);
    wf_digest with = made_digest(store.visits);
    for (int round = 0; round < 2; round++) {
        set_dead(&store, &tea, true);
        assert_true(same(made_digest(store.visits), without));
        assert_int_equal(made_rows_of(store.visits, friday), 2);
        made_store_reopen(&store);
        assert_int_equal(made_rows_of(store.visits, friday), 2);
        assert_int_equal(count_entries(&store, false).dead, 1);
        expect_body(&store, &tea);
        set_dead(&store, &tea, false);
        made_store_reopen(&store);
        assert_true(same(made_digest(store.visits), with));
        assert_int_equal(made_rows_of(store.visits, friday), 3);
    }
    expect_whole(&store);
    made_store_done(&store);
}

static void what_is_known_already_writes_nothing(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    uint64_t before, after;
    made_statement nobody = tea;
    nobody.seq = 99;
    made_store_new(&store);
    say(&store, &tea);
    set_dead(&store, &tea, true);
    ok(wf_visits_generation(store.visits, &before, &error), &error);
    set_dead(&store, &tea, true);
    set_dead(&store, &nobody, true);
    ok(wf_stated_write_life(store.visits, 50, &error), &error);
    ok(wf_stated_commit(store.visits, &error), &error);
    ok(wf_visits_generation(store.visits, &after, &error), &error);
    assert_int_equal(after, before);
    assert_int_equal(wf_stated_life_position(store.visits), 50);
    set_dead(&store, &tea, false);
    made_store_reopen(&store);
    assert_int_equal(wf_stated_life_position(store.visits), 51);
    made_store_done(&store);
}

// ---- days ----

static void a_night_is_in_the_days_after_and_forgotten_with_its_first(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    wf_visits_purge_count count;
    wf_arena arena;
    weft_day *days;
    size_t days_count;
    made_store_new(&store);
    deliver(&store); // friday and saturday
    say(&store, &night);
    assert_int_equal(made_rows_of(store.visits, friday), 3);
    assert_int_equal(made_rows_of(store.visits, saturday), 2);
    assert_int_equal(made_rows_of(store.visits, sunday), 1);
    wf_arena_init(&arena, 0);
    ok(wf_visits_days(store.visits, &arena, &days, &days_count, &error), &error);
    assert_int_equal(days_count, 3);
    assert_int_equal(days[2].number, sunday.number);
    wf_arena_done(&arena);
    // 01:00 in Shanghai on Sunday.
    assert_true(wf_visits_newest(store.visits).us ==
                wf_zone_day_start(store.zone, sunday).us + 60 * WF_US_PER_MINUTE);
    set_dead(&store, &night, true);
    assert_int_equal(made_rows_of(store.visits, saturday), 1);
    assert_int_equal(made_state(store.visits, sunday), WF_DAY_EMPTY);
    assert_true(wf_visits_newest(store.visits).us ==
                wf_zone_day_start(store.zone, saturday).us + 700 * WF_US_PER_MINUTE);
    set_dead(&store, &night, false);
    assert_int_equal(made_rows_of(store.visits, sunday), 1);
    ok(wf_visits_purge(store.visits, saturday, NULL, NULL, &count, &error), &error);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(made_rows_of(store.visits, saturday), 1);
        assert_int_equal(made_state(store.visits, sunday), WF_DAY_EMPTY);
        expect_no_body(&store, &night, WEFT_FORGOTTEN);
        assert_int_equal(
            wf_ids_find(wf_visits_ids(store.visits), WF_ID_PERSON, WF_TEXT("P-8")),
            WF_NUMBER_NONE);
        expect_whole(&store);
        made_store_reopen(&store);
    }
    made_store_done(&store);
}

static void the_longest_one_is_in_its_last_day(void **state)
{
    (void)state;
    made_store store;
    made_statement longest = night;
    longest.pieces[2].day.number = friday.number + WF_STATED_DAYS_MAX - 1;
    made_store_new(&store);
    say(&store, &longest);
    assert_int_equal(made_rows_of(store.visits, longest.pieces[2].day), 1);
    made_store_reopen(&store);
    wf_stated_count(store.visits);
    assert_int_equal(made_rows_of(store.visits, longest.pieces[2].day), 1);
    assert_int_equal(made_state(store.visits, sunday), WF_DAY_EMPTY);
    made_store_done(&store);
}

static void a_day_of_statements_alone_is_present_until_it_is_forgotten(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    wf_visits_purge_count count;
    made_store_new(&store);
    say(&store, &tea);
    set_dead(&store, &tea, true);
    assert_int_equal(made_state(store.visits, friday), WF_DAY_EMPTY);
    set_dead(&store, &tea, false);
    made_store_reopen(&store);
    assert_int_equal(made_rows_of(store.visits, friday), 1);
    ok(wf_visits_purge(store.visits, saturday, NULL, NULL, &count, &error), &error);
    assert_int_equal(count.files_removed, 1);
    assert_int_equal(count.ids_forgotten, 2);
    wf_path path = made_store_path(&store, "2021-12-10.stated");
    assert_false(wf_io_exists(&wf_io_posix, path.text));
    assert_int_equal(made_state(store.visits, friday), WF_DAY_FORGOTTEN);
    assert_int_equal(made_put(store.visits, &tea, &error), WEFT_FORGOTTEN);
    ok(wf_stated_set_dead(store.visits, friday, made_identity(&tea), true, &error),
       &error);
    ok(wf_stated_write_life(store.visits, 9, &error), &error);
    assert_int_equal(wf_stated_life_position(store.visits), 9);
    expect_whole(&store);
    made_store_done(&store);
}

static void a_purge_keeps_the_ids_of_the_dead(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    wf_visits_purge_count count;
    made_statement later = tea;
    later.pieces[0].day = saturday;
    made_store_new(&store);
    deliver(&store);
    say(&store, &later);
    set_dead(&store, &later, true);
    ok(wf_visits_purge(store.visits, saturday, NULL, NULL, &count, &error), &error);
    assert_int_equal(count.ids_forgotten, 1); // P-2; L-1 is where the tea was
    made_store_reopen(&store);
    set_dead(&store, &later, false);
    assert_int_equal(made_rows_of(store.visits, saturday), 2);
    expect_whole(&store);
    made_store_done(&store);
}

// ---- two books ----

static void a_stay_in_both_books_is_there_twice(void **state)
{
    (void)state;
    made_store store, plain;
    weft_error error = {0};
    wf_visits_batch_count count;
    made_statement same_stay = tea;
    same_stay.pieces[0] = delivered[0];
    made_store_new(&store);
    made_store_new(&plain);
    deliver(&plain);
    say(&store, &same_stay);
    wf_digest stated = made_digest(store.visits);
    deliver(&store); // it does not look into what was stated, nor fold it in
    assert_int_equal(made_rows_of(store.visits, friday), 3);
    wf_digest sum = made_digest(plain.visits);
    wf_digest_add(&sum, &stated);
    assert_true(same(made_digest(store.visits), sum));
    ok(made_deliver(store.visits, delivered, 3, plenty, &count, &error), &error);
    assert_int_equal(count.visits_accepted, 0);
    set_dead(&store, &same_stay, true);
    assert_true(same(made_digest(store.visits), made_digest(plain.visits)));
    made_store_done(&store);
    made_store_done(&plain);
}

// Two people say the same of a third: one row, until neither of them does.
static void a_stay_stated_twice_is_one_row(void **state)
{
    (void)state;
    made_store store;
    made_statement again = tea;
    again.seq = 70;
    made_store_new(&store);
    say(&store, &tea);
    wf_digest once = made_digest(store.visits);
    say(&store, &again);
    assert_true(same(made_digest(store.visits), once));
    assert_int_equal(made_rows_of(store.visits, friday), 1);
    set_dead(&store, &tea, true);
    assert_true(same(made_digest(store.visits), once));
    set_dead(&store, &again, true);
    assert_int_equal(made_state(store.visits, friday), WF_DAY_EMPTY);
    made_store_done(&store);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_statement_has_no_row_before_it_counts),
        cmocka_unit_test(what_nobody_counted_is_asked_for_at_the_next_opening),
        cmocka_unit_test(what_is_rolled_back_was_never_there),
        cmocka_unit_test(what_may_be_in_the_ledger_waits_for_the_next_opening),
        cmocka_unit_test(one_of_the_same_name_takes_its_place),
        cmocka_unit_test(an_open_day_stays_open),
        cmocka_unit_test(a_dead_one_keeps_its_body_and_may_live_again),
        cmocka_unit_test(what_is_known_already_writes_nothing),
        cmocka_unit_test(a_night_is_in_the_days_after_and_forgotten_with_its_first),
        cmocka_unit_test(the_longest_one_is_in_its_last_day),
        cmocka_unit_test(a_day_of_statements_alone_is_present_until_it_is_forgotten),
        cmocka_unit_test(a_purge_keeps_the_ids_of_the_dead),
        cmocka_unit_test(a_stay_in_both_books_is_there_twice),
        cmocka_unit_test(a_stay_stated_twice_is_one_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
