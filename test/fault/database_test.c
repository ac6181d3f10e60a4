// The sealed database when a call that changes the disk fails once, or when the process
// dies there: for every such call of a workload that fills the log, brings it into the
// file, begins it again and spills pages before their commit. The normal
// run tries the first calls and every 41st; with WEFT_LONG or WEFT_PROP_CASES set
// all.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "store/database/database.h"
#include "support/fault_io.h"
#include "support/scratch.h"
#include "support/test_key.h"

enum {
    rounds = 8,
    rows_a_round = 40,
    calls_max = 5000,
    sampled_first = 40,
    sampled_every = 7
};

typedef struct {
    wf_path folder, file;
    fault_io fault;
    wf_database *db;
    int committed; // rounds that were acknowledged
} fixture;

static int set_up(void **state)
{
    *state = calloc(1, sizeof(fixture));
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

static void begin_city(fixture *f)
{
    scratch_new(&f->folder);
    f->file = scratch_path(&f->folder, "records.db");
    f->committed = 0;
    f->db = NULL;
}

static void end_city(fixture *f)
{
    wf_database_close(f->db);
    scratch_remove(f->folder.text);
}

// The machine itself does not die here: what counts is the order of calls.
static int count_sync(const wf_io *io, int file)
{
    (void)file;
    return fault_hits(io) ? -1 : 0;
}

static int count_sync_dir(const wf_io *io, const char *path)
{
    (void)path;
    return fault_hits(io) ? -1 : 0;
}

static void begin_io(fixture *f)
{
    fault_io_init(&f->fault);
    f->fault.io.sync = count_sync;
    f->fault.io.sync_dir = count_sync_dir;
}

static weft_status open_db(fixture *f, weft_error *error)
{
    // A round does not fit: pages are spilled before its commit.
    wf_database_options options = {.io = &f->fault.io,
                                   .key = test_key_of(0),
                                   .where = f->file.text,
                                   .cache_bytes = 4 * 8192};
    return wf_database_open(&options, &f->db, error);
}

static weft_status put_rows(wf_database *db, int round, weft_error *error)
{
    static const char filler[2500] = "filler";
    wf_statement *insert = NULL;
    WF_TRY(wf_database_prepare(db, "INSERT INTO t VALUES (:id, :round, :filler)", &insert,
                               error));
    weft_status status = WEFT_OK;
    for (int i = 0; status == WEFT_OK && i < rows_a_round; i++) {
        bool row;
        wf_statement_bind_i64(insert, 0, round * 100 + i);
        wf_statement_bind_i64(insert, 1, round);
        wf_statement_bind_blob(insert, 2, (wf_text){filler, sizeof filler});
        status = wf_statement_step(insert, &row, error);
        wf_statement_reset(insert);
    }
    wf_statement_free(insert);
    return status;
}

static weft_status do_round(wf_database *db, int round, weft_error *error)
{
    WF_TRY(wf_database_begin(db, error));
    weft_status status = WEFT_OK;
    if (round == 1)
        status = wf_database_run(db,
                                 "CREATE TABLE t (id INTEGER PRIMARY KEY, round INTEGER,"
                                 " filler BLOB) STRICT;"
                                 "CREATE TABLE s (round INTEGER) STRICT;"
                                 "INSERT INTO s VALUES (0)",
                                 error);
    if (status == WEFT_OK)
        status = put_rows(db, round, error);
    if (status == WEFT_OK)
        status = wf_database_run(db, "UPDATE s SET round = round + 1", error);
    if (status == WEFT_OK)
        return wf_database_commit(db, error);
    wf_database_rollback(db);
    return status;
}

// From the first round that is not there to the last.
static weft_status work(fixture *f, weft_error *error)
{
    while (f->committed < rounds) {
        int round = f->committed + 1;
        WF_TRY(do_round(f->db, round, error));
        f->committed = round;
        if (round == 2 || round == 4)
            WF_TRY(wf_database_run(f->db, "PRAGMA wal_checkpoint", error));
        if (round == 5)
            WF_TRY(wf_database_settle(f->db, error));
    }
    return WEFT_OK;
}

static weft_status open_and_work(fixture *f, weft_error *error)
{
    WF_TRY(open_db(f, error));
    return work(f, error);
}

static int64_t number(wf_database *db, const char *sql)
{
    weft_error error = {0};
    int64_t value = -1;
    assert_int_equal(wf_database_number(db, sql, -1, &value, &error), WEFT_OK);
    return value;
}

static bool is_whole(wf_database *db)
{
    weft_error error = {0};
    wf_statement *check = NULL;
    bool row = false;
    assert_int_equal(wf_database_prepare(db, "PRAGMA integrity_check", &check, &error),
                     WEFT_OK);
    assert_int_equal(wf_statement_step(check, &row, &error), WEFT_OK);
    bool whole = row && wf_text_equal(wf_statement_text(check, 0), WF_TEXT("ok"));
    wf_statement_free(check);
    return whole;
}

// What was acknowledged is there; of what was not, at most the round at hand, whole.
static void check(fixture *f)
{
    wf_database *db = f->db;
    int64_t there = 0;
    assert_true(is_whole(db));
    if (number(db, "SELECT count(*) FROM sqlite_schema") > 0) {
        there = number(db, "SELECT round FROM s");
        assert_int_equal(number(db, "SELECT count(*) FROM t"), there * rows_a_round);
        assert_int_equal(number(db, "SELECT count(DISTINCT round) FROM t"), there);
        assert_int_equal(number(db, "SELECT count(*) FROM t WHERE length(filler) = 2500"
                                    " AND substr(filler, 1, 6) = CAST('filler' AS BLOB)"
                                    " AND id / 100 = round"),
                         there * rows_a_round);
    }
    assert_in_range(there, f->committed, f->committed + 1);
    f->committed = (int)there;
}

// Runs the workload with the fault, then again without; true if the fault was reached.
static bool survive(fixture *f, fault_kind kind, unsigned long at, int errno_value)
{
    weft_error error = {0};
    begin_city(f);
    begin_io(f);
    f->fault.kind = kind;
    f->fault.at = at;
    f->fault.errno_value = errno_value;
    weft_status status = open_and_work(f, &error);
    bool reached = f->fault.calls >= at;
    assert_true(reached || status == WEFT_OK);
    if (status != WEFT_OK)
        assert_int_equal(status, errno_value == ENOSPC ? WEFT_DISK_FULL : WEFT_STORAGE);
    wf_database_close(f->db);
    f->db = NULL;
    begin_io(f);
    status = open_db(f, &error);
    if (status != WEFT_OK)
        print_error("call %lu: %s %s\n", at, error.code, error.params[1].value);
    assert_int_equal(status, WEFT_OK);
    check(f);
    assert_int_equal(work(f, &error), WEFT_OK);
    assert_int_equal(f->committed, rounds);
    check(f);
    end_city(f);
    return reached;
}

static void every_call_of_the_workload(void **state, fault_kind kind, int errno_value)
{
    bool all = getenv("WEFT_LONG") != NULL || getenv("WEFT_PROP_CASES") != NULL;
    unsigned long at = 1;
    while (at < calls_max && survive(*state, kind, at, errno_value))
        at += all || at < sampled_first ? 1 : sampled_every;
    assert_in_range(at, 100, calls_max - 1);
}

static void a_process_that_dies_keeps_what_it_committed(void **state)
{
    every_call_of_the_workload(state, FAULT_KILL, EIO);
}

static void a_call_that_fails_loses_nothing(void **state)
{
    every_call_of_the_workload(state, FAULT_ONCE, EIO);
}

static void a_full_disk_is_told_and_heals(void **state)
{
    every_call_of_the_workload(state, FAULT_ONCE, ENOSPC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_process_that_dies_keeps_what_it_committed,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_call_that_fails_loses_nothing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_full_disk_is_told_and_heals, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
