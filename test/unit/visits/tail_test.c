// Live rows.
//
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <string.h>

#include "support/made_store.h"

static const weft_day friday = {18971};
enum { plenty = 1 << 30 };

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

// Appends the stay of an invented person from `start` on.
static weft_status append(made_store *store, const char *person, unsigned start,
                          weft_error *error)
{
    const char *seat = start % 2 == 0 ? NULL : "T1";
    const made_row row = {person, "L-1", friday, start, start + 10, seat, 0, false, 0};
    return made_append(store->visits, &row, error);
}

static uint64_t visits_of(made_store *store)
{
    weft_error error = {0};
    wf_day_state state;
    const wf_day *day;
    ok(wf_visits_day(store->visits, friday, &state, &day, &error), &error);
    return state == WF_DAY_PRESENT ? wf_day_visits(day) : 0;
}

static void live_rows_are_there_at_once_and_after_opening(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    made_store_new(&store);
    for (unsigned i = 1; i <= 5; i++) {
        ok(append(&store, i % 2 == 0 ? "P-1" : "P-2", i * 10, &error), &error);
        assert_int_equal(visits_of(&store), i);
    }
    wf_digest before = made_digest(store.visits);
    weft_time newest = wf_visits_newest(store.visits);
    assert_int_equal(newest.us - wf_zone_day_start(store.zone, friday).us,
                     60 * WF_US_PER_MINUTE);
    made_store_reopen(&store);
    assert_int_equal(visits_of(&store), 5);
    assert_int_equal(wf_visits_newest(store.visits).us, newest.us);
    wf_digest after = made_digest(store.visits);
    assert_memory_equal(before.bytes, after.bytes, sizeof before.bytes);
    made_store_done(&store);
}

static void the_next_delivery_folds_the_tail(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    made_store_new(&store);
    ok(append(&store, "P-1", 10, &error), &error);
    ok(append(&store, "P-1", 10, &error), &error); // sent twice
    ok(append(&store, "P-2", 20, &error), &error);
    wf_path tail = made_store_path(&store, "2021-12-10.tail");
    assert_true(wf_io_exists(&wf_io_posix, tail.text));
    const made_row rows[] = {{"P-1", "L-1", friday, 10, 20, NULL, 0, false, 0},
                             {"P-3", "L-1", friday, 10, 20, NULL, 0, false, 1}};
    wf_visits_batch_count count;
    ok(made_deliver(store.visits, rows, 2, plenty, &count, &error), &error);
    assert_int_equal(count.visits_had, 1);
    assert_int_equal(count.visits_accepted, 1);
    assert_false(wf_io_exists(&wf_io_posix, tail.text));
    assert_int_equal(visits_of(&store), 3);
    ok(append(&store, "P-9", 30, &error), &error);
    made_store_reopen(&store);
    assert_int_equal(visits_of(&store), 4);
    made_store_done(&store);
}

// ---- what is lost and what was never there ----

enum { marks_at = 40, records_at = 184 }; // as tail.c draws them

static int no_open(const wf_io *io, const char *path, int flags, mode_t mode)
{
    (void)io;
    (void)path;
    (void)flags;
    (void)mode;
    errno = EIO;
    return -1;
}

// Ends as a killed process does: nothing more is written.
static void crash(made_store *store)
{
    wf_io io = store->quick;
    store->quick.open = no_open;
    made_store_close(store);
    store->quick = io;
}

static void open_again(made_store *store)
{
    weft_error error = {0};
    ok(made_store_open(store, &store->quick, &error), &error);
}

typedef struct {
    char *bytes;
    size_t size;
} content;

static content tail_of(const made_store *store)
{
    wf_path path = made_store_path(store, "2021-12-10.tail");
    content result;
    result.bytes = scratch_read(&path, &result.size);
    return result;
}

static void put_tail(const made_store *store, const char *bytes, size_t size)
{
    wf_path path = made_store_path(store, "2021-12-10.tail");
    scratch_write(&path, bytes, size);
}

// The tail after one, two and three appends, by a process that then died.
static void three_appends(made_store *store, content ret[3])
{
    static const char *const people[] = {"P-1", "P-2", "P-3"};
    weft_error error = {0};
    made_store_new(store);
    for (unsigned i = 0; i < 3; i++) {
        ok(append(store, people[i], 10 * i + 10, &error), &error);
        ret[i] = tail_of(store);
    }
    crash(store);
}

static void free_contents(content contents[3])
{
    for (size_t i = 0; i < 3; i++)
        free(contents[i].bytes);
}

// How many visits the day has with this file and after a crash; verify finds no fault.
static uint64_t visits_with(made_store *store, const char *bytes, size_t size)
{
    weft_error error = {0};
    wf_visits_findings nowhere = {0};
    put_tail(store, bytes, size);
    open_again(store);
    uint64_t visits = visits_of(store);
    ok(wf_visits_verify(store->visits, &nowhere, &error), &error);
    crash(store);
    return visits;
}

static void take_reason(void *context, const weft_error *what)
{
    char *reason = context;
    assert_string_equal(what->code, "visits.tail_damaged");
    for (size_t i = 0; i < what->params_count; i++)
        if (strcmp(what->params[i].name, "reason") == 0)
            snprintf(reason, 16, "%s", what->params[i].value);
}

// With this file the day is damaged, and verify says why.
static void expect_damaged(made_store *store, const char *bytes, size_t size,
                           const char *why)
{
    char reason[16] = "";
    weft_error error = {0};
    const wf_visits_findings findings = {take_reason, reason};
    put_tail(store, bytes, size);
    open_again(store);
    assert_int_equal(made_state(store->visits, friday), WF_DAY_DAMAGED);
    assert_int_equal(wf_visits_verify(store->visits, &findings, &error),
                     WEFT_FOUND_WRONG);
    if (why != NULL)
        assert_string_equal(reason, why);
    crash(store);
}

static void a_record_that_was_never_acknowledged_is_left_out(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    content tails[3];
    three_appends(&store, tails);
    // The third record is written, but its mark is not.
    content torn = tails[2];
    memcpy(torn.bytes, tails[1].bytes, records_at);
    for (size_t size = tails[1].size; size < torn.size; size++)
        assert_int_equal(visits_with(&store, torn.bytes, size), 2);
    // It stands whole, so that it may as well be kept.
    assert_int_equal(visits_with(&store, torn.bytes, torn.size), 3);
    // Blocks that were never written read as zeroes.
    for (size_t size = tails[1].size; size < torn.size; size += 7) {
        char *zeroed = calloc(torn.size, 1);
        memcpy(zeroed, torn.bytes, size);
        assert_int_equal(visits_with(&store, zeroed, torn.size), 2);
        free(zeroed);
    }
    // The next append takes its place.
    put_tail(&store, torn.bytes, torn.size - 1);
    open_again(&store);
    ok(append(&store, "P-4", 40, &error), &error);
    assert_int_equal(visits_of(&store), 3);
    made_store_reopen(&store);
    assert_int_equal(visits_of(&store), 3);
    free_contents(tails);
    made_store_done(&store);
}

static void a_mark_that_a_crash_tore_is_made_good_by_the_next_append(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    content tails[3];
    three_appends(&store, tails);
    content torn = tails[2];
    // Between the second and the third append the one place was written.
    size_t from = marks_at, to = marks_at + 72;
    if (memcmp(tails[1].bytes + from, torn.bytes + from, 72) == 0) {
        from += 72;
        to += 72;
    }
    assert_memory_not_equal(tails[1].bytes + from, torn.bytes + from, 72);
    for (size_t at = from + 1; at < to; at += 10) {
        char *bytes = calloc(torn.size, 1);
        memcpy(bytes, torn.bytes, torn.size);
        memcpy(bytes + at, tails[1].bytes + at, to - at);
        // A mark begins with noise: where its first bytes happen to be those that stood
        // there, the tear has left the old mark whole, and nothing says that it was
        // begun.
        if (memcmp(bytes + from, tails[1].bytes + from, to - from) == 0) {
            free(bytes);
            continue;
        }
        assert_int_equal(visits_with(&store, bytes, torn.size), 3);
        // The record is synced before its mark is begun.
        expect_damaged(&store, bytes, torn.size - 1, "cut");
        expect_damaged(&store, bytes, tails[1].size, "cut");
        put_tail(&store, bytes, torn.size);
        open_again(&store);
        ok(append(&store, "P-4", 40, &error), &error);
        crash(&store);
        content four = tail_of(&store);
        assert_int_equal(visits_with(&store, four.bytes, four.size), 4);
        expect_damaged(&store, four.bytes, torn.size, "cut");
        free(four.bytes);
        free(bytes);
    }
    free_contents(tails);
    made_store_done(&store);
}

static void
a_tail_that_lost_acknowledged_rows_is_damaged_wherever_it_was_cut(void **state)
{
    (void)state;
    made_store store;
    content tails[3];
    three_appends(&store, tails);
    content whole = tails[2];
    for (unsigned closed = 0; closed < 2; closed++) {
        for (size_t size = 0; size < whole.size; size++)
            expect_damaged(&store, whole.bytes, size, "cut");
        char *zeroed = calloc(whole.size, 1);
        memcpy(zeroed, whole.bytes, tails[1].size);
        expect_damaged(&store, zeroed, whole.size, "flipped");
        free(zeroed);
        // Once more after the manifest was told.
        put_tail(&store, whole.bytes, whole.size);
        open_again(&store);
        assert_int_equal(visits_of(&store), 3);
        made_store_close(&store);
    }
    free_contents(tails);
    made_store_done(&store);
}

static void an_older_copy_of_a_tail_is_damaged_once_the_store_was_closed(void **state)
{
    (void)state;
    made_store store;
    content tails[3];
    three_appends(&store, tails);
    open_again(&store);
    made_store_close(&store);
    expect_damaged(&store, tails[0].bytes, tails[0].size, "stale");
    expect_damaged(&store, tails[1].bytes, tails[1].size, "stale");
    assert_int_equal(visits_with(&store, tails[2].bytes, tails[2].size), 3);
    free_contents(tails);
    made_store_done(&store);
}

static void a_flipped_bit_of_a_tail_is_damage(void **state)
{
    (void)state;
    made_store store;
    content tails[3];
    three_appends(&store, tails);
    open_again(&store);
    made_store_close(&store);
    content whole = tails[2];
    for (size_t at = 0; at < whole.size; at += 3) {
        whole.bytes[at] ^= 1;
        expect_damaged(&store, whole.bytes, whole.size, NULL);
        whole.bytes[at] ^= 1;
    }
    assert_int_equal(visits_with(&store, whole.bytes, whole.size), 3);
    free_contents(tails);
    made_store_done(&store);
}

static void rows_for_a_day_whose_tail_is_damaged_go_into_the_day(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    made_store_new(&store);
    ok(append(&store, "P-1", 10, &error), &error);
    wf_path path = made_store_path(&store, "2021-12-10.tail");
    size_t size, left;
    char *bytes = scratch_read(&path, &size);
    bytes[size - 1] ^= 1;
    scratch_write(&path, bytes, size);
    made_store_reopen(&store);
    ok(append(&store, "P-2", 20, &error), &error);
    assert_int_equal(made_state(store.visits, friday), WF_DAY_DAMAGED);
    char *same = scratch_read(&path, &left);
    assert_int_equal(left, size);
    assert_memory_equal(same, bytes, size);
    bytes[size - 1] ^= 1;
    scratch_write(&path, bytes, size);
    assert_int_equal(visits_of(&store), 2);
    free(same);
    free(bytes);
    made_store_done(&store);
}

static void the_tail_of_another_time_is_damaged(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    wf_visits_batch_count count;
    made_store_new(&store);
    ok(append(&store, "P-1", 10, &error), &error);
    wf_path path = made_store_path(&store, "2021-12-10.tail");
    size_t size;
    char *old = scratch_read(&path, &size);
    const made_row row = {"P-1", "L-1", friday, 10, 20, NULL, 0, false, 0};
    ok(made_deliver(store.visits, &row, 1, plenty, &count, &error), &error);
    ok(append(&store, "P-2", 20, &error), &error);
    scratch_write(&path, old, size);
    made_store_reopen(&store);
    assert_int_equal(made_state(store.visits, friday), WF_DAY_DAMAGED);
    free(old);
    made_store_done(&store);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(live_rows_are_there_at_once_and_after_opening),
        cmocka_unit_test(the_next_delivery_folds_the_tail),
        cmocka_unit_test(a_record_that_was_never_acknowledged_is_left_out),
        cmocka_unit_test(a_mark_that_a_crash_tore_is_made_good_by_the_next_append),
        cmocka_unit_test(
            a_tail_that_lost_acknowledged_rows_is_damaged_wherever_it_was_cut),
        cmocka_unit_test(an_older_copy_of_a_tail_is_damaged_once_the_store_was_closed),
        cmocka_unit_test(a_flipped_bit_of_a_tail_is_damage),
        cmocka_unit_test(rows_for_a_day_whose_tail_is_damaged_go_into_the_day),
        cmocka_unit_test(the_tail_of_another_time_is_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
