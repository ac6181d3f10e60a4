// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <pthread.h>
#include <sqlite3.h>

#include "store/database.h"
#include "store/sealed_page.h"
#include "support/fault_io.h"
#include "support/scratch.h"
#include "support/test_key.h"

typedef struct {
    wf_path folder, file, log;
    fault_io fault;
    wf_database *db;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    scratch_new(&f->folder);
    f->file = scratch_path(&f->folder, "records.db");
    f->log = scratch_path(&f->folder, "records.db-wal");
    fault_io_init(&f->fault);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    wf_database_close(f->db);
    scratch_remove(f->folder.text);
    free(f);
    return 0;
}

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s %s %s\n", error->code != NULL ? error->code : "?",
                    error->params[0].value, error->params[1].value);
    assert_int_equal(status, WEFT_OK);
}

static weft_status open_with(fixture *f, unsigned key, wf_database_use use,
                             wf_database **ret, weft_error *error)
{
    wf_database_options options = {
        .io = &f->fault.io, .key = test_key_of(key), .where = f->file.text, .use = use};
    return wf_database_open(&options, ret, error);
}

static wf_database *open_new(fixture *f, wf_database_use use)
{
    wf_database *db = NULL;
    weft_error error = {0};
    ok(open_with(f, 0, use, &db, &error), &error);
    return db;
}

static void run(wf_database *db, const char *sql)
{
    weft_error error = {0};
    ok(wf_database_run(db, sql, &error), &error);
}

static int64_t number(wf_database *db, const char *sql)
{
    weft_error error = {0};
    int64_t value = -1;
    ok(wf_database_number(db, sql, -1, &value, &error), &error);
    return value;
}

static void make_table(wf_database *db)
{
    run(db, "CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT) STRICT");
}

// Rows [from, to), in one transaction, each with the marker.
static weft_status put_rows(wf_database *db, int64_t from, int64_t to, weft_error *error)
{
    wf_statement *insert = NULL;
    WF_TRY(wf_database_begin(db, error));
    weft_status status = wf_database_prepare(
        db, "INSERT INTO t VALUES (:id, :word || :id)", &insert, error);
    for (int64_t id = from; status == WEFT_OK && id < to; id++) {
        bool row;
        wf_statement_bind_i64(insert, 0, id);
        wf_statement_bind_text(insert, 1, WF_TEXT("MARKER-OF-A-PERSON"));
        status = wf_statement_step(insert, &row, error);
        wf_statement_reset(insert);
    }
    wf_statement_free(insert);
    if (status == WEFT_OK)
        return wf_database_commit(db, error);
    wf_database_rollback(db);
    return status;
}

static void put(wf_database *db, int64_t from, int64_t to)
{
    weft_error error = {0};
    ok(put_rows(db, from, to, &error), &error);
}

static bool holds(const wf_path *path, const char *marker)
{
    size_t size = 0;
    char *bytes = scratch_read(path, &size);
    bool found = bytes != NULL && memmem(bytes, size, marker, strlen(marker)) != NULL;
    free(bytes);
    return found;
}

static size_t size_of(const wf_path *path)
{
    struct stat about;
    return stat(path->text, &about) == 0 ? (size_t)about.st_size : 0;
}

static void assert_nothing_in_clear(const fixture *f)
{
    static const char *const markers[] = {"MARKER", "CREATE TABLE", "SQLite"};
    for (size_t i = 0; i < sizeof markers / sizeof *markers; i++) {
        assert_false(holds(&f->file, markers[i]));
        assert_false(holds(&f->log, markers[i]));
    }
}

static void nothing_stands_in_clear_in_file_or_log(void **state)
{
    fixture *f = *state;
    f->db = open_new(f, WF_DATABASE_WRITE);
    make_table(f->db);
    put(f->db, 0, 2000);
    assert_true(size_of(&f->log) > 2 * WF_FRAME_BYTES);
    assert_nothing_in_clear(f);
    weft_error error = {0};
    ok(wf_database_settle(f->db, &error), &error);
    assert_int_equal(size_of(&f->log), 0);
    assert_true(size_of(&f->file) > 2 * WF_PAGE_BYTES);
    assert_nothing_in_clear(f);
    run(f->db, "DELETE FROM t WHERE id % 3 <> 0");
    assert_nothing_in_clear(f);
    wf_database_close(f->db);
    f->db = NULL;
    assert_nothing_in_clear(f);
    f->db = open_new(f, WF_DATABASE_READ);
    assert_int_equal(number(f->db, "SELECT count(*) FROM t"), 667);
    assert_int_equal(number(f->db, "SELECT count(*) FROM t WHERE word = "
                                   "'MARKER-OF-A-PERSON' || id"),
                     667);
}

static void only_the_file_and_its_log_ever_stand_in_the_folder(void **state)
{
    fixture *f = *state;
    f->db = open_new(f, WF_DATABASE_WRITE);
    make_table(f->db);
    put(f->db, 0, 3000);
    // A sort, a temporary index, a statement that is undone within a transaction.
    run(f->db, "CREATE TEMP TABLE s AS SELECT word FROM t ORDER BY word DESC");
    run(f->db, "UPDATE t SET id = id + 10000");
    assert_int_equal(wf_io_exists(&wf_io_posix, f->log.text), true);
    struct stat about;
    assert_int_equal(stat(f->file.text, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(stat(f->log.text, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    wf_database_close(f->db);
    f->db = NULL;
    assert_false(wf_io_exists(&wf_io_posix, f->log.text));
    assert_false(
        wf_io_exists(&wf_io_posix, scratch_path(&f->folder, "records.db-journal").text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_stands_in_clear_in_file_or_log, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            only_the_file_and_its_log_ever_stand_in_the_folder, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
