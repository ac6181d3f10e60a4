// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "support/made_store.h"
#include "visits/store.h"

// 10 and 11 December 2021.
static const weft_day friday = {18971}, saturday = {18972};
enum { plenty = 1 << 30 };

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

static wf_visits_batch_count deliver(made_store *store, const made_row *rows,
                                     size_t count)
{
    wf_visits_batch_count result = {0};
    weft_error error = {0};
    ok(made_deliver(store->visits, rows, count, plenty, &result, &error), &error);
    return result;
}

static void expect_counts(wf_visits_batch_count count, uint64_t accepted, uint64_t had,
                          uint64_t days)
{
    assert_int_equal(count.visits_accepted, accepted);
    assert_int_equal(count.visits_had, had);
    assert_int_equal(count.days_touched, days);
}

static bool same_digest(wf_digest a, wf_digest b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

static const made_row breakfast[] = {
    {"P-1", "L-canteen", {18971}, 420, 450, "T1", 0, false, 0},
    {"P-2", "L-canteen", {18971}, 425, 455, "T1", 0, false, 1},
    {"P-3", "L-canteen", {18971}, 430, 440, NULL, WF_MARK_END_GUESSED, false, 2},
    {"P-1", "P-2", {18971}, 25300, 25400, "meal", 0, true, 0},
};

static void a_delivery_is_found_again_after_closing(void **state)
{
    (void)state;
    made_store store;
    made_store_new(&store);
    wf_visits_batch_count count = deliver(&store, breakfast, 4);
    expect_counts(count, 3, 0, 1);
    assert_int_equal(count.encounters_accepted, 1);
    wf_path path = made_store_path(&store, "2021-12-10.day");
    assert_true(wf_io_exists(&wf_io_posix, path.text));
    for (int round = 0; round < 2; round++) {
        weft_error error = {0};
        wf_day_state day_state;
        const wf_day *day;
        ok(wf_visits_day(store.visits, friday, &day_state, &day, &error), &error);
        assert_int_equal(day_state, WF_DAY_PRESENT);
        assert_int_equal(wf_day_visits(day), 3);
        assert_int_equal(wf_day_encounters(day), 1);
        uint32_t place =
            wf_ids_find(wf_visits_ids(store.visits), WF_ID_PLACE, WF_TEXT("L-canteen"));
        wf_stay_list list = {0};
        assert_int_equal(
            wf_day_place_stays_marked(day, (wf_place){place}, 0, 1500, &list), WEFT_OK);
        assert_int_equal(list.count, 3);
        assert_int_equal(list.rows[0].start, 420);
        assert_true(
            wf_text_equal(wf_day_seat_text(day, list.marks[0].seat), WF_TEXT("T1")));
        assert_true(list.marks[2].end_guessed);
        wf_stay_list_done(&list);
        assert_int_equal(made_state(store.visits, saturday), WF_DAY_EMPTY);
        wf_zone *zone = store.zone;
        weft_time newest = wf_visits_newest(store.visits);
        assert_int_equal(newest.us - wf_zone_day_start(zone, friday).us,
                         INT64_C(455) * WF_US_PER_MINUTE);
        made_store_reopen(&store);
    }
    made_store_done(&store);
}

static void what_comes_again_is_had(void **state)
{
    (void)state;
    made_store store;
    made_store_new(&store);
    made_row twice[6];
    memcpy(twice, breakfast, 4 * sizeof *twice);
    twice[4] = breakfast[0]; // repeated within the delivery
    twice[4].ordinal = 3;
    twice[5] = breakfast[3];
    twice[5].ordinal = 1;
    wf_visits_batch_count count = deliver(&store, twice, 6);
    expect_counts(count, 3, 1, 1);
    assert_int_equal(count.encounters_accepted, 1);
    assert_int_equal(count.encounters_had, 1);
    wf_digest before = made_digest(store.visits);
    expect_counts(deliver(&store, breakfast, 4), 0, 3, 0);
    assert_true(same_digest(before, made_digest(store.visits)));
    // A file that has grown by one line adds one row; seat and guess are part of a row.
    made_row grown[5];
    memcpy(grown, breakfast, 4 * sizeof *grown);
    grown[4] = breakfast[2];
    grown[4].marks = 0;
    grown[4].ordinal = 3;
    count = deliver(&store, grown, 5);
    expect_counts(count, 1, 3, 1);
    assert_int_equal(count.encounters_had, 1);
    assert_false(same_digest(before, made_digest(store.visits)));
    made_store_done(&store);
}

static void a_row_split_at_midnight_counts_once(void **state)
{
    (void)state;
    made_store store;
    made_store_new(&store);
    const made_row night[] = {
        {"P-1", "L-home", {18971}, 1320, 1440, NULL, WF_MARK_INTO_NEXT, false, 0},
        {"P-1", "L-home", {18972}, 0, 480, NULL, WF_MARK_FROM_BEFORE, false, 0},
    };
    expect_counts(deliver(&store, night, 2), 1, 0, 2);
    expect_counts(deliver(&store, night, 2), 0, 1, 0);
    // The same evening with a longer morning: one piece is new, so the row is.
    made_row longer[2];
    memcpy(longer, night, sizeof longer);
    longer[1].end = 500;
    expect_counts(deliver(&store, longer, 2), 1, 0, 1);
    // A stay that ends at midnight is another row than one that goes on.
    made_row ends = night[0];
    ends.marks = 0;
    expect_counts(deliver(&store, &ends, 1), 1, 0, 1);
    made_store_done(&store);
}

static void the_digest_does_not_know_the_order_of_arrival(void **state)
{
    (void)state;
    made_store one, other;
    made_store_new(&one);
    made_store_new(&other);
    deliver(&one, breakfast, 4);
    for (int i = 3; i >= 0; i--)
        deliver(&other, &breakfast[i], 1);
    assert_true(same_digest(made_digest(one.visits), made_digest(other.visits)));
    deliver(&one, &(made_row){"P-9", "L-9", {18971}, 1, 2, NULL, 0, false, 0}, 1);
    assert_false(same_digest(made_digest(one.visits), made_digest(other.visits)));
    made_store_done(&one);
    made_store_done(&other);
}

// Many rows of a day, all different: place i / 50 in minute i % 1000.
static made_row *many_rows(size_t count, weft_day day, char names[][2][16])
{
    made_row *rows = calloc(count, sizeof *rows);
    if (rows == NULL)
        abort();
    for (size_t i = 0; i < count; i++) {
        if (snprintf(names[i][0], 16, "P-%zu", i * 7919 % (count / 3 + 1)) < 0 ||
            snprintf(names[i][1], 16, "L-%zu", i / 50) < 0)
            abort();
        rows[i] = (made_row){names[i][0],
                             names[i][1],
                             day,
                             (uint32_t)(i % 1000),
                             (uint32_t)(i % 1000) + 30,
                             i % 4 == 0 ? "T2" : NULL,
                             0,
                             false,
                             (uint32_t)i};
    }
    return rows;
}

static void a_delivery_larger_than_memory_spills_and_arrives_whole(void **state)
{
    (void)state;
    enum { count = 150000 };
    static char names[count][2][16];
    made_store one, other;
    made_store_new(&one);
    made_store_new(&other);
    made_row *rows = many_rows(count, friday, names);
    for (size_t i = 0; i < count; i += 2)
        rows[i].day = saturday;
    wf_visits_batch_count result;
    weft_error error = {0};
    ok(made_deliver(one.visits, rows, count, 2 << 20, &result, &error), &error);
    expect_counts(result, count, 0, 2);
    wf_path spill = made_store_path(&one, "2021-12-10.spill");
    assert_false(wf_io_exists(&wf_io_posix, spill.text));
    ok(made_deliver(other.visits, rows, count, plenty, &result, &error), &error);
    assert_true(same_digest(made_digest(one.visits), made_digest(other.visits)));
    free(rows);
    made_store_done(&one);
    made_store_done(&other);
}

static void late_rows_of_a_large_day_go_to_a_delta(void **state)
{
    (void)state;
    enum { count = 80000 };
    static char names[count][2][16];
    made_store store, whole;
    made_store_new(&store);
    made_store_new(&whole);
    made_row *rows = many_rows(count, friday, names);
    expect_counts(deliver(&store, rows, count - 100), count - 100, 0, 1);
    wf_path delta = made_store_path(&store, "2021-12-10.delta");
    assert_false(wf_io_exists(&wf_io_posix, delta.text));
    expect_counts(deliver(&store, rows + count - 160, 110), 50, 60, 1);
    assert_true(wf_io_exists(&wf_io_posix, delta.text));
    expect_counts(deliver(&store, rows + count - 100, 100), 50, 50, 1);
    expect_counts(deliver(&store, rows, count), 0, count, 0);
    deliver(&whole, rows, count);
    assert_true(same_digest(made_digest(store.visits), made_digest(whole.visits)));
    made_store_reopen(&store);
    assert_true(same_digest(made_digest(store.visits), made_digest(whole.visits)));
    // As much again as an eighth of the day: the delta is taken into the day.
    static char more_names[count][2][16];
    made_row *more = many_rows(count, friday, more_names);
    for (size_t i = 0; i < count; i++)
        more[i].end++;
    expect_counts(deliver(&store, more, count / 4), count / 4, 0, 1);
    assert_false(wf_io_exists(&wf_io_posix, delta.text));
    deliver(&whole, more, count / 4);
    assert_true(same_digest(made_digest(store.visits), made_digest(whole.visits)));
    free(rows);
    free(more);
    made_store_done(&store);
    made_store_done(&whole);
}

static void an_abandoned_delivery_leaves_nothing(void **state)
{
    (void)state;
    made_store store;
    made_store_new(&store);
    weft_error error = {0};
    wf_visits_batch *batch;
    ok(wf_visits_batch_begin(store.visits, plenty, &batch, &error), &error);
    ok(made_add(store.visits, batch, breakfast, 4, &error), &error);
    wf_visits_batch_abandon(batch);
    assert_int_equal(made_state(store.visits, friday), WF_DAY_EMPTY);
    assert_int_equal(wf_ids_count(wf_visits_ids(store.visits), WF_ID_PERSON), 0);
    made_store_done(&store);
}

static void ids_without_rows_are_kept(void **state)
{
    (void)state;
    made_store store;
    made_store_new(&store);
    weft_error error = {0};
    wf_visits_batch *batch;
    wf_visits_batch_count count;
    ok(wf_visits_batch_begin(store.visits, plenty, &batch, &error), &error);
    assert_int_equal(made_id(store.visits, WF_ID_PERSON, "P-1"), 0);
    ok(wf_visits_batch_commit(batch, NULL, NULL, &count, &error), &error);
    made_store_reopen(&store);
    assert_int_equal(
        wf_ids_find(wf_visits_ids(store.visits), WF_ID_PERSON, WF_TEXT("P-1")), 0);
    made_store_done(&store);
}

// Facts bring new ids while others search: what they have open must stay.
static void days_stay_open_when_ids_are_kept(void **state)
{
    (void)state;
    made_store store;
    made_store_new(&store);
    deliver(&store, breakfast, 4);
    weft_error error = {0};
    wf_day_state day_state;
    const wf_day *before, *after;
    ok(wf_visits_day(store.visits, friday, &day_state, &before, &error), &error);
    made_id(store.visits, WF_ID_PERSON, "P-3000");
    assert_int_equal(store.visits->opened_count, 1);
    ok(wf_visits_commit_ids(store.visits, NULL, NULL, &error), &error);
    assert_int_equal(store.visits->opened_count, 1);
    ok(wf_visits_day(store.visits, friday, &day_state, &after, &error), &error);
    assert_ptr_equal(before, after);
    assert_int_equal(wf_day_visits(before), 3);
    made_store_done(&store);
}

// An io that counts what waits for the disk.
static struct {
    wf_io io;
    size_t syncs, between;
} counted;

static int counted_sync(const wf_io *io, int file)
{
    (void)io;
    counted.syncs++;
    return wf_io_posix.sync(&wf_io_posix, file);
}

static int counted_sync_dir(const wf_io *io, const char *path)
{
    (void)io;
    counted.syncs++;
    return wf_io_posix.sync_dir(&wf_io_posix, path);
}

static void count_between(void *context)
{
    size_t *most = context;
    *most =
        counted.syncs - counted.between > *most ? counted.syncs - counted.between : *most;
    counted.between = counted.syncs;
}

// Whoever waits for this thread waits for two syncs, not for all of them: the ids, the
// manifest and its name, the ring and its.
static void ids_wait_for_the_disk_in_steps(void **state)
{
    (void)state;
    made_store store;
    made_store_new(&store);
    weft_error error = {0};
    size_t most = 0;
    made_id(store.visits, WF_ID_PERSON, "P-1");
    ok(wf_visits_commit_ids(store.visits, NULL, NULL, &error), &error);
    counted.io = wf_io_posix;
    counted.io.sync = counted_sync;
    counted.io.sync_dir = counted_sync_dir;
    const wf_io *before = store.visits->io;
    store.visits->io = &counted.io;
    made_id(store.visits, WF_ID_PERSON, "P-2");
    ok(wf_visits_commit_ids(store.visits, count_between, &most, &error), &error);
    assert_int_equal(counted.syncs, 3); // the ring is written through the keys' own io
    assert_int_equal(counted.between, 3);
    assert_int_equal(most, 2);
    // Nothing is due behind it, and a delivery, which brings files, syncs their names.
    assert_false(store.visits->unsettled || store.visits->names_due);
    counted.syncs = 0;
    deliver(&store, breakfast, 4);
    assert_true(counted.syncs >= 5);
    store.visits->io = before;
    made_store_reopen(&store);
    assert_int_equal(
        wf_ids_find(wf_visits_ids(store.visits), WF_ID_PERSON, WF_TEXT("P-2")), 1);
    made_store_done(&store);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_delivery_is_found_again_after_closing),
        cmocka_unit_test(what_comes_again_is_had),
        cmocka_unit_test(a_row_split_at_midnight_counts_once),
        cmocka_unit_test(the_digest_does_not_know_the_order_of_arrival),
        cmocka_unit_test(a_delivery_larger_than_memory_spills_and_arrives_whole),
        cmocka_unit_test(late_rows_of_a_large_day_go_to_a_delta),
        cmocka_unit_test(an_abandoned_delivery_leaves_nothing),
        cmocka_unit_test(ids_without_rows_are_kept),
        cmocka_unit_test(days_stay_open_when_ids_are_kept),
        cmocka_unit_test(ids_wait_for_the_disk_in_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
