// Files that are cut, flipped, swapped, old, missing or without their key.
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

static const weft_day friday = {18971}, saturday = {18972};
enum { plenty = 1 << 30 };

static const made_row rows[] = {
    {"P-1", "L-1", {18971}, 420, 450, "T1", 0, false, 0},
    {"P-2", "L-1", {18971}, 425, 455, NULL, 0, false, 1},
    {"P-1", "L-2", {18972}, 600, 700, NULL, 0, false, 2},
    {"P-3", "L-2", {18972}, 610, 640, NULL, 0, false, 3},
};
static const made_row late[] = {
    {"P-4", "L-1", {18971}, 430, 460, "T9", 0, false, 0},
    {"P-1", "P-4", {18971}, 26000, 26100, NULL, 0, true, 0},
};

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

static wf_visits_batch_count deliver(made_store *store, const made_row *what,
                                     size_t count)
{
    wf_visits_batch_count result = {0};
    weft_error error = {0};
    ok(made_deliver(store->visits, what, count, plenty, &result, &error), &error);
    return result;
}

typedef struct {
    char codes[8][40];
    size_t count;
} findings;

static void note(void *context, const weft_error *what)
{
    findings *all = context;
    assert_true(all->count < 8);
    assert_true(snprintf(all->codes[all->count++], 40, "%s", what->code) > 0);
}

static findings verify(made_store *store)
{
    findings all = {0};
    weft_error error = {0};
    wf_visits_findings sink = {note, &all};
    weft_status status = wf_visits_verify(store->visits, &sink, &error);
    assert_int_equal(status, all.count == 0 ? WEFT_OK : WEFT_FOUND_WRONG);
    return all;
}

static void expect_damaged(made_store *store, bool damaged)
{
    assert_int_equal(made_state(store->visits, friday),
                     damaged ? WF_DAY_DAMAGED : WF_DAY_PRESENT);
    assert_int_equal(made_state(store->visits, saturday), WF_DAY_PRESENT);
    findings all = verify(store);
    assert_int_equal(all.count, damaged ? 1 : 0);
    if (damaged)
        assert_string_equal(all.codes[0], "visits.day_file_damaged");
}

static void a_damaged_day_is_named_and_good_again_when_put_back(void **state)
{
    (void)state;
    made_store store;
    made_store_new(&store);
    deliver(&store, rows, 4);
    wf_path path = made_store_path(&store, "2021-12-10.day");
    wf_path other = made_store_path(&store, "2021-12-11.day");
    size_t size, other_size;
    char *good = scratch_read(&path, &size), *swapped = scratch_read(&other, &other_size);
    for (size_t at = 0; at < size; at += 97) {
        wf_visits_release(store.visits);
        good[at] ^= 1;
        scratch_write(&path, good, size);
        good[at] ^= 1;
        assert_int_equal(made_state(store.visits, friday), WF_DAY_DAMAGED);
    }
    expect_damaged(&store, true);
    scratch_write(&path, good, size / 2);
    expect_damaged(&store, true);
    scratch_write(&path, swapped, other_size);
    expect_damaged(&store, true);
    made_store_reopen(&store);
    expect_damaged(&store, true);
    size_t left;
    char *bytes = scratch_read(&path, &left); // not moved, not rewritten
    assert_int_equal(left, other_size);
    assert_memory_equal(bytes, swapped, other_size);
    assert_int_equal(unlink(path.text), 0);
    expect_damaged(&store, true);
    scratch_write(&path, good, size);
    expect_damaged(&store, false);
    free(bytes);
    free(good);
    free(swapped);
    made_store_done(&store);
}

static void an_old_day_file_is_damaged(void **state)
{
    (void)state;
    made_store store;
    made_store_new(&store);
    deliver(&store, rows, 4);
    wf_path path = made_store_path(&store, "2021-12-10.day");
    size_t size;
    char *old = scratch_read(&path, &size);
    deliver(&store, late, 2);
    expect_damaged(&store, false);
    wf_visits_release(store.visits);
    scratch_write(&path, old, size);
    expect_damaged(&store, true);
    free(old);
    made_store_done(&store);
}

static void an_old_manifest_is_refused(void **state)
{
    (void)state;
    made_store store;
    made_store_new(&store);
    deliver(&store, rows, 4);
    wf_path path = made_store_path(&store, "manifest");
    size_t size, new_size;
    char *old = scratch_read(&path, &size);
    deliver(&store, late, 2);
    char *newest = scratch_read(&path, &new_size);
    made_store_close(&store);
    weft_error error = {0};
    scratch_write(&path, old, size);
    assert_int_equal(made_store_open(&store, &store.quick, &error), WEFT_DAMAGED);
    assert_string_equal(error.code, "visits.manifest_stale");
    for (size_t at = 0; at < new_size; at += 5) {
        newest[at] ^= 4;
        scratch_write(&path, newest, new_size);
        newest[at] ^= 4;
        weft_status status = made_store_open(&store, &store.quick, &error);
        assert_true(status == WEFT_DAMAGED || status == WEFT_KEYLESS);
    }
    assert_int_equal(unlink(path.text), 0);
    assert_int_equal(made_store_open(&store, &store.quick, &error), WEFT_DAMAGED);
    scratch_write(&path, newest, new_size);
    ok(made_store_open(&store, &store.quick, &error), &error);
    free(old);
    free(newest);
    made_store_done(&store);
}

static void rows_for_a_damaged_day_wait_beside_it(void **state)
{
    (void)state;
    made_store store, whole;
    made_store_new(&store);
    made_store_new(&whole);
    deliver(&store, rows, 4);
    deliver(&whole, rows, 4);
    deliver(&whole, late, 2);
    wf_path path = made_store_path(&store, "2021-12-10.day");
    size_t size, left;
    char *good = scratch_read(&path, &size);
    good[size - 1] ^= 1;
    scratch_write(&path, good, size);
    // One row of the day comes again and cannot be compared; it is taken as new.
    wf_visits_batch_count count = deliver(&store, rows, 1);
    assert_int_equal(count.visits_accepted, 1);
    deliver(&store, late, 2);
    wf_path delta = made_store_path(&store, "2021-12-10.delta");
    assert_true(wf_io_exists(&wf_io_posix, delta.text));
    assert_int_equal(made_state(store.visits, friday), WF_DAY_DAMAGED);
    char *untouched = scratch_read(&path, &left);
    assert_int_equal(left, size);
    assert_memory_equal(untouched, good, size);
    free(untouched);
    // The delta is damaged too: the next rows go to another one.
    char *delta_bytes = scratch_read(&delta, &left);
    delta_bytes[left - 1] ^= 1;
    scratch_write(&delta, delta_bytes, left);
    const made_row more = {"P-5", "L-1", {18971}, 1, 2, NULL, 0, false, 0};
    deliver(&store, &more, 1);
    deliver(&whole, &more, 1);
    wf_path second = made_store_path(&store, "2021-12-10.delta-2");
    assert_true(wf_io_exists(&wf_io_posix, second.text));
    delta_bytes[left - 1] ^= 1;
    scratch_write(&delta, delta_bytes, left);
    good[size - 1] ^= 1;
    scratch_write(&path, good, size);
    wf_digest a = made_digest(store.visits), b = made_digest(whole.visits);
    assert_memory_equal(a.bytes, b.bytes, sizeof a.bytes);
    // The next delivery joins everything into one file.
    const made_row last = {"P-6", "L-1", {18971}, 3, 4, NULL, 0, false, 0};
    deliver(&store, &last, 1);
    deliver(&whole, &last, 1);
    assert_false(wf_io_exists(&wf_io_posix, delta.text));
    assert_false(wf_io_exists(&wf_io_posix, second.text));
    a = made_digest(store.visits), b = made_digest(whole.visits);
    assert_memory_equal(a.bytes, b.bytes, sizeof a.bytes);
    assert_int_equal(verify(&store).count, 0);
    free(delta_bytes);
    free(good);
    made_store_done(&store);
    made_store_done(&whole);
}

static void a_day_without_its_key_is_keyless_and_takes_nothing(void **state)
{
    (void)state;
    made_store store;
    made_store_new(&store);
    deliver(&store, rows, 2); // friday only
    wf_path ring = scratch_path(&store.folder, "keys/ring");
    size_t size, new_size;
    char *old = scratch_read(&ring, &size);
    deliver(&store, rows + 2, 2);
    char *newest = scratch_read(&ring, &new_size);
    made_store_close(&store);
    scratch_write(&ring, old, size);
    made_store_reopen(&store);
    assert_int_equal(made_state(store.visits, friday), WF_DAY_PRESENT);
    assert_int_equal(made_state(store.visits, saturday), WF_DAY_KEYLESS);
    findings all = verify(&store);
    assert_int_equal(all.count, 1);
    assert_string_equal(all.codes[0], "visits.day_keyless");
    weft_error error = {0};
    wf_visits_batch_count count;
    assert_int_equal(wf_visits_day_takes(store.visits, saturday, &error), WEFT_KEYLESS);
    assert_int_equal(made_deliver(store.visits, rows, 4, plenty, &count, &error),
                     WEFT_KEYLESS);
    assert_string_equal(error.code, "visits.day_keyless");
    made_store_close(&store);
    scratch_write(&ring, newest, new_size);
    made_store_reopen(&store);
    assert_int_equal(made_state(store.visits, saturday), WF_DAY_PRESENT);
    assert_int_equal(verify(&store).count, 0);
    free(old);
    free(newest);
    made_store_done(&store);
}

static void strays_are_named_and_left_alone(void **state)
{
    (void)state;
    made_store store;
    made_store_new(&store);
    deliver(&store, rows, 4);
    wf_path stray = made_store_path(&store, "2021-12-01.day");
    wf_path note_path = made_store_path(&store, "notes.txt");
    wf_path leftover = made_store_path(&store, "2021-12-10.day.next");
    wf_path spill = made_store_path(&store, "2021-12-10.spill");
    scratch_write(&stray, "x", 1);
    scratch_write(&note_path, "x", 1);
    scratch_write(&leftover, "x", 1);
    scratch_write(&spill, "x", 1);
    made_store_reopen(&store);
    assert_false(wf_io_exists(&wf_io_posix, leftover.text));
    assert_false(wf_io_exists(&wf_io_posix, spill.text));
    findings all = verify(&store);
    assert_int_equal(all.count, 2);
    assert_string_equal(all.codes[0], "visits.stray");
    assert_string_equal(all.codes[1], "visits.stray");
    assert_true(wf_io_exists(&wf_io_posix, stray.text));
    made_store_done(&store);
}

static void a_damaged_dictionary_is_named(void **state)
{
    (void)state;
    made_store store;
    made_store_new(&store);
    deliver(&store, rows, 4);
    wf_path path = made_store_path(&store, "dictionary");
    size_t size;
    char *bytes = scratch_read(&path, &size);
    bytes[size / 2] ^= 1;
    scratch_write(&path, bytes, size);
    free(bytes);
    findings all = verify(&store);
    assert_int_equal(all.count, 1);
    assert_string_equal(all.codes[0], "visits.dictionary_damaged");
    made_store_done(&store);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_damaged_day_is_named_and_good_again_when_put_back),
        cmocka_unit_test(an_old_day_file_is_damaged),
        cmocka_unit_test(an_old_manifest_is_refused),
        cmocka_unit_test(rows_for_a_damaged_day_wait_beside_it),
        cmocka_unit_test(a_day_without_its_key_is_keyless_and_takes_nothing),
        cmocka_unit_test(strays_are_named_and_left_alone),
        cmocka_unit_test(a_damaged_dictionary_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
