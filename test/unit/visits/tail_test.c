// Live rows.
//
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

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

static void reopen(made_store *store)
{
    weft_error error = {0};
    made_store_close(store);
    ok(made_store_open(store, &store->quick, &error), &error);
}

// Appends the stay of an invented person from `start` on.
static weft_status append(made_store *store, const char *person, unsigned start,
                          weft_error *error)
{
    const wf_text texts[] = {WF_TEXT(""), WF_TEXT("T1")};
    const made_row row = {person, "L-1", friday, start, start + 10, NULL, 0, false, 0};
    wf_visit_row visit = made_visit(store->visits, &row);
    visit.seat = start % 2;
    const wf_segment_rows rows = {.day = friday,
                                  .visits = &visit,
                                  .visits_count = 1,
                                  .seats = texts,
                                  .seats_count = 2,
                                  .settings = texts,
                                  .settings_count = 1};
    return wf_visits_append(store->visits, &rows, error);
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
    reopen(&store);
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
    reopen(&store);
    assert_int_equal(visits_of(&store), 4);
    made_store_done(&store);
}

static void a_torn_last_record_is_dropped_and_a_changed_one_is_not(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    made_store_new(&store);
    ok(append(&store, "P-1", 10, &error), &error);
    ok(append(&store, "P-2", 20, &error), &error);
    wf_path path = made_store_path(&store, "2021-12-10.tail");
    size_t two, three;
    free(scratch_read(&path, &two));
    ok(append(&store, "P-3", 30, &error), &error);
    char *bytes = scratch_read(&path, &three);
    for (size_t size = two; size < three; size++) {
        scratch_write(&path, bytes, size);
        reopen(&store);
        assert_int_equal(visits_of(&store), 2);
    }
    // Blocks that were never written read as zeroes.
    char *zeroed = calloc(three, 1);
    memcpy(zeroed, bytes, two + 12);
    scratch_write(&path, zeroed, three);
    reopen(&store);
    assert_int_equal(visits_of(&store), 2);
    ok(append(&store, "P-4", 40, &error), &error);
    reopen(&store);
    assert_int_equal(visits_of(&store), 3);
    for (size_t at = 0; at < three; at += 3) {
        bytes[at] ^= 1;
        scratch_write(&path, bytes, three);
        bytes[at] ^= 1;
        reopen(&store);
        assert_int_equal(made_state(store.visits, friday), WF_DAY_DAMAGED);
    }
    scratch_write(&path, bytes, three);
    assert_int_equal(visits_of(&store), 3);
    free(bytes);
    free(zeroed);
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
    reopen(&store);
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
    reopen(&store);
    assert_int_equal(made_state(store.visits, friday), WF_DAY_DAMAGED);
    free(old);
    made_store_done(&store);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(live_rows_are_there_at_once_and_after_opening),
        cmocka_unit_test(the_next_delivery_folds_the_tail),
        cmocka_unit_test(a_torn_last_record_is_dropped_and_a_changed_one_is_not),
        cmocka_unit_test(rows_for_a_day_whose_tail_is_damaged_go_into_the_day),
        cmocka_unit_test(the_tail_of_another_time_is_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
