// The contract of store/database/database.h: every case runs on both engines.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <float.h>

#include "store/database/database.h"
#include "store/database/postgres_sql.h"
#include "support/postgres.h"
#include "support/test_key.h"

static test_postgres server;

typedef struct {
    wf_dialect dialect;
    wf_path folder;
    test_address where;
    wf_database *db;
} fixture;

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s %s %s\n", error->code != NULL ? error->code : "?",
                    error->params[0].value, error->params[1].value);
    assert_int_equal(status, WEFT_OK);
}

static weft_status open_as(const fixture *f, wf_database_use use, wf_database **ret,
                           weft_error *error)
{
    wf_database_options options = {.io = &wf_io_posix,
                                   .key = f->dialect == WF_DIALECT_SQLITE ? test_key_of(0)
                                                                          : NULL,
                                   .where = f->where.text,
                                   .use = use};
    return wf_database_open(&options, ret, error);
}

static wf_database *open_new(const fixture *f, wf_database_use use)
{
    wf_database *db = NULL;
    weft_error error = {0};
    ok(open_as(f, use, &db, &error), &error);
    return db;
}

static void run(wf_database *db, const char *sql)
{
    weft_error error = {0};
    ok(wf_database_run(db, sql, &error), &error);
}

static void set_up_as(fixture *f, wf_dialect dialect)
{
    f->dialect = dialect;
    scratch_new(&f->folder);
    if (dialect == WF_DIALECT_SQLITE) {
        wf_path path = scratch_path(&f->folder, "records.db");
        memcpy(f->where.text, path.text, sizeof path.text);
    } else {
        f->where = test_postgres_schema(&server);
    }
    f->db = open_new(f, WF_DATABASE_WRITE);
    run(f->db, dialect == WF_DIALECT_SQLITE
                   ? "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, r REAL,"
                     " word TEXT, bytes BLOB) STRICT"
                   : "CREATE TABLE t (id BIGINT PRIMARY KEY, n BIGINT,"
                     " r DOUBLE PRECISION, word TEXT, bytes BYTEA)");
}

static int set_up(void **state)
{
    wf_dialect dialect = *(const wf_dialect *)*state;
    fixture *f = calloc(1, sizeof *f);
    set_up_as(f, dialect);
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

static wf_statement *prepare(wf_database *db, const char *sql)
{
    weft_error error = {0};
    wf_statement *statement = NULL;
    ok(wf_database_prepare(db, sql, &statement, &error), &error);
    return statement;
}

static bool step(wf_statement *statement)
{
    weft_error error = {0};
    bool row = false;
    ok(wf_statement_step(statement, &row, &error), &error);
    return row;
}

static int64_t number(wf_database *db, const char *sql)
{
    weft_error error = {0};
    int64_t value = -1;
    ok(wf_database_number(db, sql, -1, &value, &error), &error);
    return value;
}

static void put(wf_database *db, int64_t from, int64_t to)
{
    wf_statement *insert = prepare(db, "INSERT INTO t (id, n) VALUES (:id, :id * 10)");
    for (int64_t id = from; id < to; id++) {
        wf_statement_bind_i64(insert, 0, id);
        assert_false(step(insert));
        wf_statement_reset(insert);
    }
    wf_statement_free(insert);
}

static void assert_no_parameter_holds(const weft_error *error, const char *secret)
{
    for (size_t i = 0; i < error->params_count; i++)
        assert_null(strstr(error->params[i].value, secret));
}

// ---- statements ----

static void parameters_are_numbered_by_first_appearance(void **state)
{
    fixture *f = *state;
    wf_statement *s = prepare(
        f->db, "INSERT INTO t (id, n, word) VALUES (:zeta, :alpha + :zeta, ':no' || :w)");
    assert_int_equal(wf_statement_parameter(s, "zeta"), 0);
    assert_int_equal(wf_statement_parameter(s, "alpha"), 1);
    assert_int_equal(wf_statement_parameter(s, "w"), 2);
    assert_int_equal(wf_statement_parameter(s, "no"), -1);
    assert_int_equal(wf_statement_parameter(s, "zet"), -1);
    wf_statement_bind_i64(s, 0, 7);
    wf_statement_bind_i64(s, 1, 30);
    wf_statement_bind_text(s, 2, WF_TEXT("!"));
    assert_false(step(s));
    wf_statement_free(s);
    assert_int_equal(number(f->db, "SELECT n FROM t WHERE id = 7 AND word = ':no!'"), 37);
}

static void values_come_back_as_they_were_bound(void **state)
{
    fixture *f = *state;
    static const struct {
        int64_t n;
        double r;
        wf_text word, bytes;
    } rows[] = {
        {0, 0, {"", 0}, {"", 0}},
        {INT64_MIN, -DBL_MAX, {"it's \"\\x41\" 张三", 18}, {"\0\1\\\xff'\n", 6}},
        {INT64_MAX, DBL_MIN, {"\xF0\xA3\xB3\x87", 4}, {"\0", 1}},
        {-1, 0.1 + 0.2, {"\\\\", 2}, {"\\x00", 4}},
        {INT64_C(1) << 53 | 1, 1.0 / 3, {" ", 1}, {"plain", 5}},
    };
    size_t count = sizeof rows / sizeof *rows;
    wf_statement *s = prepare(
        f->db, "INSERT INTO t (id, n, r, word, bytes) VALUES (:id, :n, :r, :w, :b)");
    for (size_t i = 0; i < count; i++) {
        wf_statement_bind_i64(s, 0, (int64_t)i);
        wf_statement_bind_i64(s, 1, rows[i].n);
        wf_statement_bind_real(s, 2, rows[i].r);
        wf_statement_bind_text(s, 3, rows[i].word);
        wf_statement_bind_blob(s, 4, rows[i].bytes);
        assert_false(step(s));
        wf_statement_reset(s);
    }
    wf_statement_free(s);
    s = prepare(f->db, "SELECT n, r, word, bytes FROM t ORDER BY id");
    for (size_t i = 0; i < count; i++) {
        assert_true(step(s));
        assert_int_equal(wf_statement_i64(s, 0), rows[i].n);
        assert_true(wf_statement_real(s, 1) == rows[i].r);
        assert_true(wf_text_equal(wf_statement_text(s, 2), rows[i].word));
        assert_true(wf_text_equal(wf_statement_blob(s, 3), rows[i].bytes));
        for (int column = 0; column < 4; column++)
            assert_false(wf_statement_is_null(s, column));
    }
    assert_false(step(s));
    wf_statement_free(s);
}

static void what_is_not_bound_is_null_and_a_reset_forgets(void **state)
{
    fixture *f = *state;
    wf_statement *s = prepare(
        f->db, "INSERT INTO t (id, n, r, word, bytes) VALUES (:id, :n, :r, :w, :b)");
    wf_statement_bind_i64(s, 0, 1);
    wf_statement_bind_i64(s, 1, 5);
    assert_false(step(s));
    wf_statement_reset(s);
    wf_statement_bind_i64(s, 0, 2);
    wf_statement_bind_text(s, 3, (wf_text){NULL, 0});
    assert_false(step(s));
    wf_statement_free(s);
    s = prepare(f->db, "SELECT n, r, word, bytes FROM t ORDER BY id");
    assert_true(step(s));
    assert_false(wf_statement_is_null(s, 0));
    assert_true(wf_statement_is_null(s, 2));
    assert_true(step(s));
    assert_true(wf_statement_is_null(s, 0));
    assert_true(wf_statement_is_null(s, 1));
    assert_false(wf_statement_is_null(s, 2)); // empty is not NULL
    assert_true(wf_statement_is_null(s, 3));
    assert_int_equal(wf_statement_i64(s, 0), 0);
    assert_true(wf_statement_real(s, 1) == 0);
    assert_int_equal(wf_statement_text(s, 2).size, 0);
    assert_int_equal(wf_statement_blob(s, 3).size, 0);
    wf_statement_free(s);
}

static void a_statement_stays_at_its_end_until_a_reset(void **state)
{
    fixture *f = *state;
    put(f->db, 0, 3);
    wf_statement *s = prepare(f->db, "SELECT id AS first, n AS \"Second\" FROM t"
                                     " WHERE id >= :from ORDER BY id");
    assert_int_equal(wf_statement_columns(s), 2);
    assert_string_equal(wf_statement_column_name(s, 0), "first");
    assert_string_equal(wf_statement_column_name(s, 1), "Second");
    for (int round = 0; round < 2; round++) {
        wf_statement_bind_i64(s, 0, 1);
        assert_true(step(s));
        assert_int_equal(wf_statement_i64(s, 0), 1);
        assert_true(step(s));
        assert_int_equal(wf_statement_i64(s, 1), 20);
        assert_false(step(s));
        assert_false(step(s));
        wf_statement_reset(s);
    }
    // Nothing is bound: no row compares with NULL.
    assert_false(step(s));
    wf_statement_free(s);
}

static void other_statements_run_between_two_steps(void **state)
{
    fixture *f = *state;
    weft_error error = {0};
    put(f->db, 0, 500);
    ok(wf_database_begin(f->db, &error), &error);
    wf_statement *outer = prepare(f->db, "SELECT id FROM t ORDER BY id");
    wf_statement *inner = prepare(f->db, "SELECT n FROM t WHERE id = :id");
    wf_statement *update = prepare(f->db, "UPDATE t SET n = n + 1 WHERE id = :id");
    int64_t rows = 0;
    for (; step(outer); rows++) {
        int64_t id = wf_statement_i64(outer, 0);
        wf_statement_bind_i64(update, 0, id);
        assert_false(step(update));
        wf_statement_reset(update);
        wf_statement_bind_i64(inner, 0, id);
        assert_true(step(inner));
        assert_int_equal(wf_statement_i64(inner, 0), id * 10 + 1);
        assert_false(step(inner));
        wf_statement_reset(inner);
        assert_int_equal(wf_statement_i64(outer, 0), id);
    }
    assert_int_equal(rows, 500);
    wf_statement_free(outer);
    wf_statement_free(inner);
    wf_statement_free(update);
    ok(wf_database_commit(f->db, &error), &error);
    assert_int_equal(number(f->db, "SELECT sum(n) FROM t"), 1247500 + 500);
}

static void a_long_answer_may_be_left_in_the_middle(void **state)
{
    fixture *f = *state;
    weft_error error = {0};
    ok(wf_database_begin(f->db, &error), &error);
    put(f->db, 0, 3000);
    ok(wf_database_commit(f->db, &error), &error);
    wf_statement *s = prepare(f->db, "SELECT id, n FROM t ORDER BY n DESC");
    for (int round = 0; round < 3; round++) {
        assert_true(step(s));
        assert_true(step(s));
        assert_int_equal(wf_statement_i64(s, 0), 2998);
        if (round < 2)
            wf_statement_reset(s);
    }
    assert_int_equal(number(f->db, "SELECT count(*) FROM t"), 3000);
    assert_true(step(s));
    assert_int_equal(wf_statement_i64(s, 0), 2997);
    wf_statement_free(s);
    assert_int_equal(number(f->db, "SELECT count(*) FROM t"), 3000);
}

static void whole_numbers_are_of_64_bits_wherever_they_stand(void **state)
{
    fixture *f = *state;
    int64_t at = INT64_C(1639296065000000);
    wf_statement *s = prepare(f->db, "SELECT :at + 60, :at / 2, :small, 7 / :small");
    wf_statement_bind_i64(s, wf_statement_parameter(s, "at"), at);
    wf_statement_bind_i64(s, wf_statement_parameter(s, "small"), 2);
    assert_true(step(s));
    assert_int_equal(wf_statement_i64(s, 0), at + 60);
    assert_int_equal(wf_statement_i64(s, 1), at / 2);
    assert_int_equal(wf_statement_i64(s, 2), 2);
    assert_int_equal(wf_statement_i64(s, 3), 3);
    wf_statement_reset(s);
    // Another type in the same place.
    wf_statement_bind_i64(s, wf_statement_parameter(s, "at"), 1);
    wf_statement_bind_real(s, wf_statement_parameter(s, "small"), 0.5);
    assert_true(step(s));
    assert_true(wf_statement_real(s, 2) == 0.5);
    assert_true(wf_statement_real(s, 3) == 14);
    wf_statement_free(s);
}

static void the_one_number_of_a_statement(void **state)
{
    fixture *f = *state;
    assert_int_equal(number(f->db, "SELECT n FROM t"), -1);
    put(f->db, 1, 3);
    assert_int_equal(number(f->db, "SELECT n FROM t ORDER BY id"), 10);
    assert_int_equal(number(f->db, "SELECT sum(n) FROM t"), 30);
    assert_int_equal(number(f->db, "SELECT NULL"), -1);
    assert_int_equal(number(f->db, "SELECT count(*) FROM t WHERE word IS NULL"), 2);
}

static void a_row_that_is_there_is_changed_by_putting_it_again(void **state)
{
    fixture *f = *state;
    wf_statement *s = prepare(f->db, "INSERT INTO t (id, n) VALUES (:id, :n)"
                                     " ON CONFLICT (id) DO UPDATE SET n = excluded.n"
                                     " WHERE excluded.n > t.n");
    static const int64_t values[] = {5, 9, 7};
    for (size_t i = 0; i < 3; i++) {
        wf_statement_bind_i64(s, 0, 1);
        wf_statement_bind_i64(s, 1, values[i]);
        assert_false(step(s));
        wf_statement_reset(s);
    }
    wf_statement_free(s);
    assert_int_equal(number(f->db, "SELECT n FROM t"), 9);
}

// ---- transactions ----

static void a_transaction_is_there_whole_or_not_at_all(void **state)
{
    fixture *f = *state;
    weft_error error = {0};
    wf_database *reader = open_new(f, WF_DATABASE_READ);
    ok(wf_database_begin(f->db, &error), &error);
    put(f->db, 0, 10);
    assert_int_equal(number(reader, "SELECT count(*) FROM t"), 0);
    ok(wf_database_commit(f->db, &error), &error);
    assert_int_equal(number(reader, "SELECT count(*) FROM t"), 10);
    ok(wf_database_begin(f->db, &error), &error);
    put(f->db, 10, 20);
    wf_database_rollback(f->db);
    wf_database_rollback(f->db);
    assert_int_equal(number(f->db, "SELECT count(*) FROM t"), 10);
    ok(wf_database_begin(f->db, &error), &error);
    put(f->db, 20, 30);
    wf_database_close(f->db);
    f->db = NULL;
    assert_int_equal(number(reader, "SELECT count(*) FROM t"), 10);
    wf_database_close(reader);
}

static void a_refused_statement_tells_no_value_and_ends_its_transaction(void **state)
{
    fixture *f = *state;
    weft_error error = {0};
    bool row;
    run(f->db, "CREATE UNIQUE INDEX word ON t (word)");
    wf_statement *s = prepare(f->db, "INSERT INTO t (id, word) VALUES (:id, :w)");
    ok(wf_database_begin(f->db, &error), &error);
    for (int i = 0; i < 2; i++) {
        wf_statement_bind_i64(s, 0, i);
        wf_statement_bind_text(s, 1, WF_TEXT("SECRET"));
        if (i == 0)
            assert_false(step(s));
        else
            assert_int_equal(wf_statement_step(s, &row, &error), WEFT_STORAGE);
        wf_statement_reset(s);
    }
    assert_string_equal(error.code, "records.io");
    assert_no_parameter_holds(&error, "SECRET");
    wf_database_rollback(f->db);
    assert_int_equal(number(f->db, "SELECT count(*) FROM t"), 0);
    ok(wf_database_begin(f->db, &error), &error);
    wf_statement_bind_i64(s, 0, 3);
    assert_false(step(s));
    wf_statement_free(s);
    ok(wf_database_commit(f->db, &error), &error);
    assert_int_equal(number(f->db, "SELECT count(*) FROM t"), 1);
}

static void a_reader_sees_one_moment_in_a_transaction(void **state)
{
    fixture *f = *state;
    weft_error error = {0};
    wf_database *reader = open_new(f, WF_DATABASE_READ);
    put(f->db, 0, 5);
    ok(wf_database_begin(reader, &error), &error);
    assert_int_equal(number(reader, "SELECT count(*) FROM t"), 5);
    put(f->db, 5, 9);
    assert_int_equal(number(reader, "SELECT count(*) FROM t"), 5);
    ok(wf_database_commit(reader, &error), &error);
    assert_int_equal(number(reader, "SELECT count(*) FROM t"), 9);
    assert_int_equal(wf_database_run(reader, "DELETE FROM t", &error), WEFT_STORAGE);
    assert_int_equal(number(f->db, "SELECT count(*) FROM t"), 9);
    wf_database_close(reader);
}

static void what_is_no_statement_is_refused(void **state)
{
    fixture *f = *state;
    static const char *const wrong[] = {"SELEC 1", "SELECT 1; SELECT 2",
                                        "SELECT nowhere FROM t", "SELECT 'x"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        weft_error error = {0};
        wf_statement *s = NULL;
        assert_int_equal(wf_database_prepare(f->db, wrong[i], &s, &error), WEFT_STORAGE);
        assert_string_equal(error.code, "records.io");
        assert_null(s);
    }
    weft_error error = {0};
    assert_int_equal(wf_database_run(f->db, "CREATE TABLE t (id INTEGER)", &error),
                     WEFT_STORAGE);
    assert_int_equal(wf_database_damaged(f->db, &error), WEFT_DAMAGED);
    assert_string_equal(error.code, "records.damaged");
}

static void a_statement_that_was_given_back_is_taken_again_as_new(void **state)
{
    static const char sql[] = "SELECT id FROM t WHERE id >= :from ORDER BY id";
    fixture *f = *state;
    weft_error error = {0};
    wf_statement *first = NULL, *second = NULL, *again = NULL;
    put(f->db, 0, 10);
    ok(wf_database_take(f->db, sql, &first, &error), &error);
    ok(wf_database_take(f->db, sql, &second, &error), &error);
    assert_ptr_not_equal(first, second);
    wf_statement_bind_i64(first, wf_statement_parameter(first, "from"), 4);
    assert_true(step(first));
    assert_int_equal(wf_statement_i64(first, 0), 4);
    wf_statement_give_back(first); // in the midst of its rows
    ok(wf_database_take(f->db, sql, &again, &error), &error);
    assert_ptr_equal(again, first);
    assert_false(step(again)); // nothing is bound any more
    wf_statement_free(again);
    wf_statement_give_back(second); // closing frees it
}

static void what_was_committed_is_there_after_opening_again(void **state)
{
    fixture *f = *state;
    weft_error error = {0};
    put(f->db, 0, 100);
    ok(wf_database_settle(f->db, &error), &error);
    put(f->db, 100, 200);
    wf_database_close(f->db);
    f->db = open_new(f, WF_DATABASE_WRITE);
    assert_int_equal(wf_database_dialect(f->db), f->dialect);
    assert_int_equal(number(f->db, "SELECT count(*) FROM t"), 200);
}

// ---- PostgreSQL alone ----

static void an_address_that_fails_shows_no_password(void **state)
{
    (void)state;
    static const char *const addresses[] = {
        "postgres://weft:SECRET@127.0.0.1:1/x?connect_timeout=2",
        "postgres://weft:SECRET@localhost:SECRET/x",

        "postgres://%zzSECRET", "postgresql://weft@/x?password=SECRET&nothing=SECRET",
        "postgres:///x?host=/nowhere&password=SECRET"};
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        weft_error error = {0};
        wf_database *db = NULL;
        wf_database_options options = {.io = &wf_io_posix, .where = addresses[i]};
        assert_int_equal(wf_database_open(&options, &db, &error), WEFT_STORAGE);
        assert_string_equal(error.code, "records.connection");
        assert_no_parameter_holds(&error, "SECRET");
        assert_null(db);
    }
}

static void a_connection_that_breaks_is_told_and_others_go_on(void **state)
{
    (void)state;
    fixture f = {0};
    weft_error error = {0};
    set_up_as(&f, WF_DIALECT_POSTGRES);
    wf_database *other = open_new(&f, WF_DATABASE_WRITE);
    wf_statement *s = prepare(f.db, "SELECT id FROM t");
    ok(wf_database_begin(f.db, &error), &error);
    put(f.db, 0, 3);
    int64_t pid = number(f.db, "SELECT pg_backend_pid()");
    wf_statement *end = prepare(other, "SELECT pg_terminate_backend(:pid::integer)");
    wf_statement_bind_i64(end, 0, pid);
    assert_true(step(end));
    wf_statement_free(end);
    bool row;
    assert_int_equal(wf_statement_step(s, &row, &error), WEFT_STORAGE);
    assert_string_equal(error.code, "records.connection");
    assert_int_equal(wf_database_commit(f.db, &error), WEFT_STORAGE);
    wf_statement_free(s);
    wf_database_close(f.db);
    assert_int_equal(number(other, "SELECT count(*) FROM t"), 0);
    wf_database_close(other);
    scratch_remove(f.folder.text);
}

static void a_commit_of_what_failed_before_is_no_success(void **state)
{
    (void)state;
    fixture f = {0};
    weft_error error = {0};
    set_up_as(&f, WF_DIALECT_POSTGRES);
    ok(wf_database_begin(f.db, &error), &error);
    put(f.db, 0, 3);
    assert_int_equal(wf_database_run(f.db, "SELECT 1 / 0", &error), WEFT_STORAGE);
    assert_int_equal(wf_database_commit(f.db, &error), WEFT_STORAGE);
    assert_int_equal(number(f.db, "SELECT count(*) FROM t"), 0);
    wf_database_close(f.db);
    scratch_remove(f.folder.text);
}

static void who_waits_too_long_for_another_is_told_busy(void **state)
{
    (void)state;
    fixture f = {0};
    weft_error error = {0};
    set_up_as(&f, WF_DIALECT_POSTGRES);
    wf_database *other = open_new(&f, WF_DATABASE_WRITE);
    ok(wf_database_begin(f.db, &error), &error);
    run(f.db, "LOCK TABLE t");
    run(other, "SET lock_timeout = '20ms'");
    assert_int_equal(wf_database_run(other, "DELETE FROM t", &error), WEFT_BUSY);
    assert_string_equal(error.code, "records.busy");
    wf_database_close(other);
    wf_database_close(f.db);
    scratch_remove(f.folder.text);
}

static void names_become_numbers_but_not_in_what_is_quoted(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        size_t names;
    } cases[] = {
        {"SELECT 1", "SELECT 1", 0},
        {":a :b :a", "$1 $2 $1", 2},
        {":a1_B:a1", "$1$2", 2},
        {"':a' || :a", "':a' || $1", 1},
        {"'it''s :a' :b", "'it''s :a' $1", 1},
        {"\":a\" = :b", "\":a\" = $1", 1},
        {"-- :a\n:b", "-- :a\n$1", 1},
        {"/* :a */ :b /* :c", "/* :a */ $1 /* :c", 1},
        {":a::text", "$1::text", 1},
        {"x::text:a", "x::text$1", 1},
        {"a : b", "a : b", 0},
        {"':a", "':a", 0},
        {"-- :a", "-- :a", 0},
        {":", ":", 0},
        {"", "", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wf_postgres_sql sql;
        assert_true(wf_postgres_sql_read(cases[i].from, &sql));
        assert_string_equal(sql.text, cases[i].to);
        assert_int_equal(sql.names_count, cases[i].names);
        wf_postgres_sql_done(&sql);
    }
}

// ---- all on both ----

#define CASE(name)                                                                       \
    {                                                                                    \
#name, name                                                                      \
    }

static const struct {
    const char *name;
    CMUnitTestFunction run;
} cases[] = {
    CASE(parameters_are_numbered_by_first_appearance),
    CASE(values_come_back_as_they_were_bound),
    CASE(what_is_not_bound_is_null_and_a_reset_forgets),
    CASE(a_statement_stays_at_its_end_until_a_reset),
    CASE(other_statements_run_between_two_steps),
    CASE(a_long_answer_may_be_left_in_the_middle),
    CASE(whole_numbers_are_of_64_bits_wherever_they_stand),
    CASE(the_one_number_of_a_statement),
    CASE(a_row_that_is_there_is_changed_by_putting_it_again),
    CASE(a_transaction_is_there_whole_or_not_at_all),
    CASE(a_refused_statement_tells_no_value_and_ends_its_transaction),
    CASE(a_reader_sees_one_moment_in_a_transaction),
    CASE(what_is_no_statement_is_refused),
    CASE(a_statement_that_was_given_back_is_taken_again_as_new),
    CASE(what_was_committed_is_there_after_opening_again),
};

enum { cases_count = sizeof cases / sizeof *cases };

static int start_server(void **state)
{
    (void)state;
    return test_postgres_start(&server) ? 0 : -1;
}

static int stop_server(void **state)
{
    (void)state;
    test_postgres_stop(&server);
    return 0;
}

int main(void)
{
    static wf_dialect dialects[] = {WF_DIALECT_SQLITE, WF_DIALECT_POSTGRES};
    static char names[2 * cases_count][120];
    struct CMUnitTest tests[] = {
        [2 * cases_count] = cmocka_unit_test(an_address_that_fails_shows_no_password),
        cmocka_unit_test(a_connection_that_breaks_is_told_and_others_go_on),
        cmocka_unit_test(a_commit_of_what_failed_before_is_no_success),
        cmocka_unit_test(who_waits_too_long_for_another_is_told_busy),
        cmocka_unit_test(names_become_numbers_but_not_in_what_is_quoted),
    };
    for (size_t i = 0; i < 2 * cases_count; i++) {
        if (snprintf(names[i], sizeof names[i], "%s: %s",
                     i % 2 == 0 ? "SQLite" : "PostgreSQL", cases[i / 2].name) < 0)
            return 1;
        tests[i] = (struct CMUnitTest){.name = names[i],
                                       .test_func = cases[i / 2].run,
                                       .setup_func = set_up,
                                       .teardown_func = tear_down,
                                       .initial_state = &dialects[i % 2]};
    }
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
