// Forgetting days.
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
    {"P-3", "P-4", {18972}, 610, 640, NULL, 0, true, 0},
    {"P-5", "P-6", {18971}, 610, 640, NULL, 0, true, 1},
};

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

static void fill(made_store *store)
{
    weft_error error = {0};
    wf_visits_batch_count count;
    made_store_new(store);
    ok(made_deliver(store->visits, rows, 6, plenty, &count, &error), &error);
}

static bool knows(made_store *store, const char *person)
{
    return wf_ids_find(wf_visits_ids(store->visits), WF_ID_PERSON, wf_text_of(person)) !=
           WF_NUMBER_NONE;
}

// The register holds the person numbered 1, "P-2".
static bool claims_second(void *context, wf_id_class id_class, uint32_t number)
{
    (void)context;
    return id_class == WF_ID_PERSON && number == 1;
}

static void a_purge_forgets_rows_keys_files_and_ids(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    wf_visits_purge_count count;
    fill(&store);
    wf_path path = made_store_path(&store, "2021-12-10.day");
    size_t size;
    char *old = scratch_read(&path, &size);
    ok(wf_visits_purge(store.visits, saturday, claims_second, NULL, &count, &error),
       &error);
    assert_int_equal(count.keys_destroyed, 1);
    assert_int_equal(count.days_forgotten, 1);
    assert_int_equal(count.files_removed, 1);
    assert_int_equal(count.ids_forgotten, 3); // P-5, P-6, L-1
    for (int round = 0; round < 2; round++) {
        assert_false(wf_io_exists(&wf_io_posix, path.text));
        assert_int_equal(made_state(store.visits, friday), WF_DAY_FORGOTTEN);
        assert_int_equal(made_state(store.visits, saturday), WF_DAY_PRESENT);
        assert_true(knows(&store, "P-1"));
        assert_true(knows(&store, "P-2"));
        assert_false(knows(&store, "P-5"));
        assert_int_equal(
            wf_ids_find(wf_visits_ids(store.visits), WF_ID_PERSON, WF_TEXT("P-3")),
            2); // numbers stay
        made_store_reopen(&store);
    }
    // A row of a forgotten day is refused, and its file stays forgotten when put back.
    wf_visits_batch_count delivered;
    assert_int_equal(made_deliver(store.visits, rows, 1, plenty, &delivered, &error),
                     WEFT_FORGOTTEN);
    scratch_write(&path, old, size);
    made_store_reopen(&store);
    assert_int_equal(made_state(store.visits, friday), WF_DAY_FORGOTTEN);
    wf_visits_findings nowhere = {0};
    assert_int_equal(wf_visits_verify(store.visits, &nowhere, &error), WEFT_FOUND_WRONG);
    assert_true(wf_io_exists(&wf_io_posix, path.text));
    free(old);
    made_store_done(&store);
}

static void ids_come_again_under_new_numbers(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    wf_visits_purge_count count;
    wf_visits_batch_count delivered;
    fill(&store);
    ok(wf_visits_purge(store.visits, saturday, NULL, NULL, &count, &error), &error);
    const made_row again = {"P-5", "L-1", {18972}, 1, 2, NULL, 0, false, 0};
    ok(made_deliver(store.visits, &again, 1, plenty, &delivered, &error), &error);
    made_store_reopen(&store);
    uint32_t number =
        wf_ids_find(wf_visits_ids(store.visits), WF_ID_PERSON, WF_TEXT("P-5"));
    assert_int_equal(number, 6);
    wf_visits_findings nowhere = {0};
    ok(wf_visits_verify(store.visits, &nowhere, &error), &error);
    made_store_done(&store);
}

static void a_purge_of_everything_leaves_an_empty_store(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    wf_visits_purge_count count;
    fill(&store);
    ok(wf_visits_purge(store.visits, (weft_day){20000}, NULL, NULL, &count, &error),
       &error);
    assert_int_equal(count.days_forgotten, 2);
    assert_int_equal(count.ids_forgotten, 8);
    assert_true(wf_visits_newest(store.visits).us == INT64_MIN);
    ok(wf_visits_purge(store.visits, (weft_day){20000}, NULL, NULL, &count, &error),
       &error);
    assert_int_equal(count.keys_destroyed, 0);
    made_store_reopen(&store);
    assert_int_equal(made_state(store.visits, saturday), WF_DAY_FORGOTTEN);
    made_store_done(&store);
}

static void ids_are_kept_while_a_living_day_cannot_be_read(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    wf_visits_purge_count count;
    fill(&store);
    wf_path path = made_store_path(&store, "2021-12-11.day");
    size_t size;
    char *bytes = scratch_read(&path, &size);
    bytes[size - 1] ^= 1;
    scratch_write(&path, bytes, size);
    assert_int_equal(wf_visits_purge(store.visits, saturday, NULL, NULL, &count, &error),
                     WEFT_DAMAGED);
    assert_string_equal(error.code, "visits.ids_kept");
    assert_int_equal(made_state(store.visits, friday), WF_DAY_FORGOTTEN);
    assert_true(knows(&store, "P-5"));
    bytes[size - 1] ^= 1;
    scratch_write(&path, bytes, size);
    made_store_reopen(&store);
    ok(wf_visits_purge(store.visits, saturday, NULL, NULL, &count, &error), &error);
    assert_int_equal(count.ids_forgotten, 4);
    assert_false(knows(&store, "P-5"));
    free(bytes);
    made_store_done(&store);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_purge_forgets_rows_keys_files_and_ids),
        cmocka_unit_test(ids_come_again_under_new_numbers),
        cmocka_unit_test(a_purge_of_everything_leaves_an_empty_store),
        cmocka_unit_test(ids_are_kept_while_a_living_day_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
