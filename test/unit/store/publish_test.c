// Published views: they stand in the records' database on both engines, and are replaced
// when what is published changes.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "desk/queries.h"
#include "store/query/publish.h"
#include "support/made_city.h"
#include "support/server.h"
#include "support/skip.h"

#define HEADER(more)                                                                     \
    "-- title: 管 | Tubes\n-- about: 管 | tubes\n-- column: tube_id = tube.tube_id\n"  \
    "-- key: tube_id\n-- sorts: tube_id\n" more

static const wf_sql_text first[] = {
    {"testing/one", HEADER("-- publish: yes\n") "SELECT tube_id FROM tube"},
    {"testing/kept", HEADER("") "SELECT tube_id FROM tube"},
    // Reads the one before it.
    {"order/two", HEADER("-- publish: yes\n") "SELECT tube_id FROM testing_one"},
};
static const wf_sql_text second[] = {
    {"testing/one", HEADER("-- publish: yes\n") "SELECT tube_id FROM tube WHERE 1 = 0"},
};

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s %s\n", error->code, error->params[0].value);
    assert_int_equal(status, WEFT_OK);
}

static bool can_read(wf_database *db, const char *sql)
{
    weft_error error = {0};
    int64_t number = -1;
    return wf_database_number(db, sql, 0, &number, &error) == WEFT_OK;
}

static void check(wf_database *db)
{
    weft_error error = {0};
    // What the records need, and no more.
    ok(wf_database_run(db,
                       "CREATE TABLE \"about\" (\"name\" TEXT NOT NULL PRIMARY KEY, "
                       "\"number\" BIGINT);"
                       "CREATE TABLE \"tube\" (\"tube_id\" TEXT NOT NULL PRIMARY KEY)",
                       &error),
       &error);
    for (int twice = 0; twice < 2; twice++) {
        ok(wf_views_publish(db, first, 3, wf_desk_kinds(), &error), &error);
        assert_true(can_read(db, "SELECT count(*) FROM testing_one"));
        assert_true(can_read(db, "SELECT count(*) FROM order_two"));
        assert_false(can_read(db, "SELECT count(*) FROM testing_kept"));
    }
    ok(wf_views_publish(db, second, 1, wf_desk_kinds(), &error), &error);
    assert_true(can_read(db, "SELECT count(*) FROM testing_one"));
    assert_false(can_read(db, "SELECT count(*) FROM order_two"));
    ok(wf_views_publish(db, NULL, 0, wf_desk_kinds(), &error), &error);
    assert_false(can_read(db, "SELECT count(*) FROM testing_one"));
}

static void in_the_folder(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    wf_database *db = NULL;
    const wf_key *key;
    made_store_new(&store);
    wf_path path = scratch_path(&store.folder, "some.db");
    ok(wf_keys_make(store.keys, WF_KEY_RECORDS, (weft_day){0}, &key, &error), &error);
    wf_database_options options = {.io = store.io, .key = key, .where = path.text};
    ok(wf_database_open(&options, &db, &error), &error);
    check(db);
    wf_database_close(db);
    made_store_done(&store);
}

static void on_a_server(void **state)
{
    (void)state;
    if (!has_server)
        TEST_SKIP("PostgreSQL is not installed");
    weft_error error = {0};
    wf_database *db = NULL;
    test_address where = test_postgres_schema(&server);
    wf_database_options options = {.io = &wf_io_posix, .where = where.text};
    ok(wf_database_open(&options, &db, &error), &error);
    check(db);
    wf_database_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_the_folder),
        cmocka_unit_test(on_a_server),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
