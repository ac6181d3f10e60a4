// A folder of before the ledger becomes one of today: it holds what its imports would
// have put into a new city.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <sqlite3.h>

#include "support/bytes_source.h"
#include "support/older_city.h"
#include "weft/care.h"
#include "weft/upgrade.h"

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("# %s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

// ---- what a city holds ----

typedef struct {
    char text[8192];
    size_t size;
} contents;

static void keep_line(void *context, const weft_digest_line *line)
{
    contents *all = context;
    int size = snprintf(all->text + all->size, sizeof all->text - all->size, "%s %s %s\n",
                        line->name, line->hex, line->note);
    assert_true(size > 0 && (size_t)size < sizeof all->text - all->size);
    all->size += (size_t)size;
}

static contents contents_of(const wf_path *dir, const weft_key_options *keys)
{
    weft_error error = {0};
    weft_city *city = NULL;
    contents all = {.size = 0};
    ok(weft_city_open(dir->text, keys, &city, &error), &error);
    ok(weft_digest(city, keep_line, &all, &error), &error);
    weft_city_close(city);
    return all;
}

static void import(weft_city *city, size_t which)
{
    weft_error error = {0};
    weft_import_summary summary;
    const char *rows = older_imports[which].rows;
    bytes_source bytes = {rows, strlen(rows), 0, 0, 0};
    weft_import_source source = {bytes_source_read, &bytes, "test.csv", 0};
    weft_import_options options = {.as_of = WEFT_TIME_NONE};
    if (older_imports[which].as_of != NULL)
        ok(weft_city_time_parse(city, older_imports[which].as_of, &options.as_of, &error),
           &error);
    ok(weft_import(city, older_imports[which].kind, &source, 1, &options, &summary,
                   &error),
       &error);
    assert_int_equal(summary.refused, 0);
}

// The same imports into a city of this version.
static contents contents_of_a_new_city(void)
{
    wf_path folder, dir, keys;
    weft_error error = {0};
    weft_city *city = NULL;
    scratch_new(&folder);
    dir = scratch_path(&folder, "city");
    keys = scratch_path(&folder, "keys");
    weft_init_options options = {.kind = WEFT_CITY_DRILL,
                                 .clock = "2021-12-11T18:00+08:00",
                                 .keys.key_dir = keys.text};
    ok(weft_city_init(dir.text, &options, &error), &error);
    ok(weft_city_open(dir.text, &options.keys, &city, &error), &error);
    for (size_t i = 0; i < sizeof older_imports / sizeof *older_imports; i++)
        import(city, i);
    weft_city_close(city);
    contents all = contents_of(&dir, &options.keys);
    scratch_remove(folder.text);
    return all;
}

static bool is_there(const older_city *city, const char *name)
{
    wf_path path = scratch_path(&city->dir, name);
    return wf_io_exists(&wf_io_posix, path.text);
}

static weft_status upgrade(const older_city *city, bool leave_refused,
                           weft_upgrade_summary *ret, weft_error *error)
{
    weft_status status =
        weft_upgrade(city->dir.text, &city->options, leave_refused, ret, error);
    for (size_t i = 0; status == WEFT_OK && ret->needed && i < WEFT_UPGRADE_TABLES; i++)
        assert_int_equal(ret->tables[i].rows, ret->tables[i].accepted +
                                                  ret->tables[i].had +
                                                  ret->tables[i].refused);
    return status;
}

static void does_not_open(const older_city *city)
{
    weft_error error = {0};
    weft_city *open = NULL;
    assert_int_equal(weft_city_open(city->dir.text, &city->options, &open, &error),
                     WEFT_BAD_INPUT);
    assert_string_equal(error.code, "records.older");
}

// ---- tests ----

static void an_older_folder_comes_to_hold_what_its_imports_would_make_today(void **state)
{
    (void)state;
    older_city city;
    weft_error error = {0};
    weft_upgrade_summary done;
    older_city_new(&city);
    does_not_open(&city);
    ok(upgrade(&city, false, &done, &error), &error);
    assert_true(done.needed);
    static const struct {
        const char *name;
        uint64_t rows;
    } tables[] = {{"persons", 4}, {"places", 2}, {"cases", 2}};
    for (size_t i = 0; i < WEFT_UPGRADE_TABLES; i++) {
        assert_string_equal(done.tables[i].name, tables[i].name);
        assert_int_equal(done.tables[i].rows, tables[i].rows);
        assert_int_equal(done.tables[i].accepted, tables[i].rows);
    }
    contents now = contents_of(&city.dir, &city.options);
    contents wanted = contents_of_a_new_city();
    assert_string_equal(now.text, wanted.text);
    assert_false(is_there(&city, "records.older"));
    older_city_done(&city);
}

static void a_folder_of_this_version_needs_no_upgrade(void **state)
{
    (void)state;
    older_city city;
    weft_error error = {0};
    weft_upgrade_summary done;
    older_city_new(&city);
    ok(upgrade(&city, false, &done, &error), &error);
    contents before = contents_of(&city.dir, &city.options);
    ok(upgrade(&city, false, &done, &error), &error);
    assert_false(done.needed);
    contents after = contents_of(&city.dir, &city.options);
    assert_string_equal(before.text, after.text);
    older_city_done(&city);
}

static void change(const older_city *city, const char *sql)
{
    sqlite3 *db = NULL;
    wf_path path = scratch_path(&city->dir, "records.db");
    assert_int_equal(sqlite3_open(path.text, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(db));
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void rows_that_cannot_be_read_stop_it_until_they_are_given_up(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        size_t table;
    } rows[] = {
        // Another row's seal; a person whom the dictionary has not; as-ofs that are cut.
        {"UPDATE persons SET sealed = (SELECT sealed FROM persons WHERE person = 1) "
         "WHERE person = 0",
         0},
        {"UPDATE persons SET person = 12345 WHERE person = 2", 0},
        {"UPDATE cases SET person = 12345 WHERE \"case\" = 'C-2'", 2},
        {"UPDATE places SET older = x'0102' WHERE place = 0", 1},
        {"UPDATE cases SET as_of = NULL WHERE \"case\" = 'C-1'", 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        older_city city;
        weft_error error = {0};
        weft_upgrade_summary done;
        older_city_new(&city);
        change(&city, rows[i].sql);
        assert_int_equal(upgrade(&city, false, &done, &error), WEFT_FOUND_WRONG);
        assert_string_equal(error.code, "upgrade.refused");
        assert_string_equal(error.params[0].value, "1");
        does_not_open(&city);
        wf_error_clear(&error);
        ok(upgrade(&city, true, &done, &error), &error);
        for (size_t table = 0; table < WEFT_UPGRADE_TABLES; table++)
            assert_int_equal(done.tables[table].refused, table == rows[i].table);
        contents_of(&city.dir, &city.options);
        older_city_done(&city);
    }
}

// A version that was killed left its newest rows in the file's log.
static void what_stands_in_the_log_of_the_older_file_comes_too(void **state)
{
    (void)state;
    older_city city;
    weft_error error = {0};
    weft_upgrade_summary done;
    sqlite3 *db = NULL;
    size_t size;
    older_city_new(&city);
    wf_path path = scratch_path(&city.dir, "records.db");
    wf_path log = scratch_path(&city.dir, "records.db-wal");
    assert_int_equal(sqlite3_open(path.text, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "PRAGMA journal_mode = WAL;"
                                  "INSERT INTO cases (\"case\", person, as_of) "
                                  "VALUES ('C-3', 1, 1638892800000000)",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    char *bytes = scratch_read(&log, &size);
    assert_true(size > 0);
    char *file_bytes = NULL;
    size_t file_size;
    file_bytes = scratch_read(&path, &file_size);
    assert_int_equal(sqlite3_close(db), SQLITE_OK); // brings the log in: put both back
    scratch_write(&path, file_bytes, file_size);
    scratch_write(&log, bytes, size);
    free(bytes);
    free(file_bytes);
    ok(upgrade(&city, false, &done, &error), &error);
    assert_int_equal(done.tables[2].rows, 3);
    assert_int_equal(done.tables[2].accepted, 3);
    older_city_done(&city);
}

static void a_file_that_is_not_this_citys_is_left_alone(void **state)
{
    (void)state;
    static const char *const changes[] = {
        "UPDATE about SET value = x'00'", "PRAGMA user_version = 7", "DELETE FROM about",
        "ALTER TABLE persons RENAME COLUMN sex TO kind"};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        older_city city;
        weft_error error = {0};
        weft_upgrade_summary done;
        older_city_new(&city);
        change(&city, changes[i]);
        assert_int_equal(upgrade(&city, true, &done, &error), WEFT_DAMAGED);
        assert_string_equal(error.code, "records.older_damaged");
        assert_true(is_there(&city, "records.older"));
        does_not_open(&city);
        older_city_done(&city);
    }
}

// Rows that move to a server leave the folder: those that are in no ledger must not.
static void rows_that_are_to_move_to_a_server_are_upgraded_first(void **state)
{
    (void)state;
    older_city city;
    size_t size;
    older_city_new(&city);
    wf_path yaml = scratch_path(&city.dir, "weft.yaml");
    char *bytes = scratch_read(&yaml, &size);
    wf_buffer text = {0};
    assert_true(wf_buffer_append(&text, bytes, size));
    assert_true(wf_buffer_printf(&text, "records: postgres://u@127.0.0.1:1/x\n"));
    scratch_write(&yaml, text.bytes, text.size);
    does_not_open(&city);
    assert_true(is_there(&city, "records.db"));
    wf_buffer_done(&text);
    free(bytes);
    older_city_done(&city);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_older_folder_comes_to_hold_what_its_imports_would_make_today),
        cmocka_unit_test(a_folder_of_this_version_needs_no_upgrade),
        cmocka_unit_test(rows_that_cannot_be_read_stop_it_until_they_are_given_up),
        cmocka_unit_test(what_stands_in_the_log_of_the_older_file_comes_too),
        cmocka_unit_test(a_file_that_is_not_this_citys_is_left_alone),
        cmocka_unit_test(rows_that_are_to_move_to_a_server_are_upgraded_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
