// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <pthread.h>
#include <sqlite3.h>

#include "store/database/database.h"
#include "store/database/sealed_page.h"
#include "store/database/sealed_place.h"
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

// ---- what is changed on the disk ----

enum { commits = 6, rows_a_commit = 60 };

// A file of some pages and a log of six commits; the bytes of both as they stand while
// the writer is open, as a crash would leave them.
typedef struct {
    char *file, *log;
    size_t file_size, log_size;
    size_t log_ends[commits + 1]; // behind each commit; [0]: nothing is in the log
} crashed;

static void crash(fixture *f, crashed *ret)
{
    weft_error error = {0};
    f->db = open_new(f, WF_DATABASE_WRITE);
    make_table(f->db);
    put(f->db, 0, 300);
    run(f->db, "DELETE FROM t WHERE id >= 0");
    ok(wf_database_settle(f->db, &error), &error);
    ret->log_ends[0] = 0;
    for (int i = 0; i < commits; i++) {
        ok(wf_database_begin(f->db, &error), &error);
        wf_statement *insert = NULL;
        ok(wf_database_prepare(f->db, "INSERT INTO t VALUES (:id, 'MARKER' || :id)",
                               &insert, &error),
           &error);
        for (int64_t id = 0; id < rows_a_commit; id++) {
            bool row;
            wf_statement_bind_i64(insert, 0, id * commits + i);
            ok(wf_statement_step(insert, &row, &error), &error);
            wf_statement_reset(insert);
        }
        wf_statement_free(insert);
        ok(wf_database_commit(f->db, &error), &error);
        ret->log_ends[i + 1] = size_of(&f->log);
    }
    ret->file = scratch_read(&f->file, &ret->file_size);
    ret->log = scratch_read(&f->log, &ret->log_size);
    wf_database_close(f->db);
    f->db = NULL;
}

static void crashed_done(crashed *c)
{
    free(c->file);
    free(c->log);
}

static void put_back(const fixture *f, const crashed *c)
{
    scratch_write(&f->file, c->file, c->file_size);
    scratch_write(&f->log, c->log, c->log_size);
}

// Reads all there is: the number of commits seen, −1 if it is told to be damaged.
// Anything else (wrong rows, another status) fails the test.
static int read_all(fixture *f)
{
    weft_error error = {0};
    wf_database *db = NULL;
    weft_status status = open_with(f, 0, WF_DATABASE_READ, &db, &error);
    int64_t rows = 0, right = 0;
    if (status == WEFT_OK)
        status = wf_database_number(db, "SELECT count(*) FROM t", -1, &rows, &error);
    if (status == WEFT_OK)
        status = wf_database_number(
            db, "SELECT count(*) FROM t WHERE word = 'MARKER' || id", -1, &right, &error);
    wf_database_close(db);
    if (status != WEFT_OK) {
        assert_int_equal(status, WEFT_DAMAGED);
        assert_string_equal(error.code, "records.damaged");
        return -1;
    }
    assert_int_equal(rows, right);
    assert_int_equal(rows % rows_a_commit, 0);
    return (int)(rows / rows_a_commit);
}

static void flip(const wf_path *path, size_t at)
{
    int file = open(path->text, O_RDWR);
    char byte;
    assert_true(file >= 0);
    assert_int_equal(pread(file, &byte, 1, (off_t)at), 1);
    byte = (char)(byte ^ 0x10);
    assert_int_equal(pwrite(file, &byte, 1, (off_t)at), 1);
    assert_int_equal(close(file), 0);
}

static void a_flipped_byte_of_the_file_is_damage_or_changes_nothing(void **state)
{
    fixture *f = *state;
    crashed c;
    int damaged = 0;
    crash(f, &c);
    put_back(f, &c);
    assert_int_equal(read_all(f), commits);
    for (size_t at = 0; at < c.file_size; at += at < 64 ? 1 : 127) {
        flip(&f->file, at);
        int seen = read_all(f);
        // A page that the log holds is not read.
        assert_true(seen == -1 || seen == commits);
        damaged += seen == -1;
        flip(&f->file, at);
    }
    assert_in_range(damaged, 16, 1 << 20);
    // Without a log every page of the table counts.
    f->db = open_new(f, WF_DATABASE_WRITE);
    wf_database_close(f->db);
    f->db = NULL;
    assert_int_equal(read_all(f), commits);
    for (size_t at = 0; at < 2 * WF_PAGE_BYTES; at += 101) {
        flip(&f->file, at);
        assert_int_equal(read_all(f), -1);
        flip(&f->file, at);
    }
    crashed_done(&c);
}

static void a_flipped_byte_of_the_log_is_damage_or_undoes_the_last_commit(void **state)
{
    fixture *f = *state;
    crashed c;
    int damaged = 0, undone = 0;
    crash(f, &c);
    put_back(f, &c);
    for (size_t at = 0; at < c.log_size; at += at < 64 ? 1 : 131) {
        flip(&f->log, at);
        int seen = read_all(f);
        bool last = at >= c.log_ends[commits - 1];
        if (at < WF_LOG_HEADER)
            assert_int_equal(seen, commits); // made again from the first frame
        else
            assert_int_equal(seen, last ? commits - 1 : -1);
        damaged += seen == -1;
        undone += seen == commits - 1;
        flip(&f->log, at);
    }
    assert_in_range(damaged, 10, 1 << 20);
    assert_in_range(undone, 10, 1 << 20);
    crashed_done(&c);
}

static void a_log_that_is_cut_ends_with_a_whole_commit(void **state)
{
    fixture *f = *state;
    crashed c;
    crash(f, &c);
    scratch_write(&f->file, c.file, c.file_size);
    for (size_t size = c.log_size; size > 0; size -= size > 512 ? 512 : size) {
        int whole = commits;
        while (c.log_ends[whole] > size)
            whole--;
        scratch_write(&f->log, c.log, size);
        assert_int_equal(read_all(f), whole);
    }
    crashed_done(&c);
}

static void a_first_sector_that_is_lost_from_the_log_is_damage(void **state)
{
    fixture *f = *state;
    crashed c;
    crash(f, &c);
    memset(c.log, 0, 512);
    put_back(f, &c);
    assert_int_equal(read_all(f), -1);
    crashed_done(&c);
}

static void a_page_or_frame_in_another_place_does_not_open(void **state)
{
    fixture *f = *state;
    crashed c;
    crash(f, &c);
    char *frames = c.log + WF_LOG_HEADER;
    memcpy(frames, frames + WF_FRAME_BYTES, WF_FRAME_BYTES);
    put_back(f, &c);
    assert_int_equal(read_all(f), -1);
    crashed_done(&c);
    scratch_remove(f->folder.text);
    scratch_new(&f->folder);
    f->file = scratch_path(&f->folder, "records.db");
    f->log = scratch_path(&f->folder, "records.db-wal");
    f->db = open_new(f, WF_DATABASE_WRITE);
    make_table(f->db);
    put(f->db, 0, 3000);
    wf_database_close(f->db);
    f->db = NULL;
    size_t size;
    char *file = scratch_read(&f->file, &size);
    assert_true(size > 5 * WF_PAGE_BYTES);
    memcpy(file + 4 * WF_PAGE_BYTES, file + 3 * WF_PAGE_BYTES, WF_PAGE_BYTES);
    scratch_write(&f->file, file, size);
    free(file);
    weft_error error = {0};
    int64_t rows;
    f->db = open_new(f, WF_DATABASE_READ);
    assert_int_equal(
        wf_database_number(f->db, "SELECT sum(length(word)) FROM t", -1, &rows, &error),
        WEFT_DAMAGED);
}

static void a_file_that_is_cut_is_damage(void **state)
{
    fixture *f = *state;
    f->db = open_new(f, WF_DATABASE_WRITE);
    make_table(f->db);
    put(f->db, 0, 3000);
    wf_database_close(f->db);
    f->db = NULL;
    off_t whole = (off_t)size_of(&f->file);
    for (off_t size = whole - 1; size >= 0; size -= size > 5000 ? 5000 : size + 1) {
        weft_error error = {0};
        wf_database *db = NULL;
        int64_t rows;
        assert_int_equal(truncate(f->file.text, size), 0);
        weft_status status = open_with(f, 0, WF_DATABASE_READ, &db, &error);
        if (status == WEFT_OK)
            status = wf_database_number(db, "SELECT sum(length(word)) FROM t", -1, &rows,
                                        &error);
        assert_int_equal(status, WEFT_DAMAGED);
        wf_database_close(db);
    }
}

// ---- what is refused ----

static void expect_refusal(fixture *f, unsigned key, wf_database_use use,
                           weft_status wanted, const char *code)
{
    weft_error error = {0};
    wf_database *db = NULL;
    assert_int_equal(open_with(f, key, use, &db, &error), wanted);
    assert_string_equal(error.code, code);
    assert_null(db);
}

static void another_key_is_told_from_damage(void **state)
{
    fixture *f = *state;
    f->db = open_new(f, WF_DATABASE_WRITE);
    make_table(f->db);
    put(f->db, 0, 10);
    wf_database_close(f->db);
    f->db = NULL;
    expect_refusal(f, 1, WF_DATABASE_READ, WEFT_KEYLESS, "records.other_key");
    expect_refusal(f, 1, WF_DATABASE_WRITE, WEFT_KEYLESS, "records.other_key");
    flip(&f->file, 9);
    expect_refusal(f, 0, WF_DATABASE_READ, WEFT_DAMAGED, "records.damaged");
    flip(&f->file, 9);
    f->db = open_new(f, WF_DATABASE_READ);
    assert_int_equal(number(f->db, "SELECT count(*) FROM t"), 10);
}

static void what_is_no_file_of_ours_is_left_alone(void **state)
{
    fixture *f = *state;
    expect_refusal(f, 0, WF_DATABASE_READ, WEFT_NOT_FOUND, "io.missing");
    assert_false(wf_io_exists(&wf_io_posix, f->file.text));
    sqlite3 *plain = NULL;
    assert_int_equal(sqlite3_open(f->file.text, &plain), SQLITE_OK);
    assert_int_equal(sqlite3_exec(plain, "CREATE TABLE t (id)", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(plain), SQLITE_OK);
    expect_refusal(f, 0, WF_DATABASE_WRITE, WEFT_DAMAGED, "records.damaged");
    scratch_write(&f->file, "", 0);
    expect_refusal(f, 0, WF_DATABASE_WRITE, WEFT_DAMAGED, "records.damaged");
    assert_int_equal(unlink(f->file.text), 0);
    assert_int_equal(symlink("elsewhere", f->file.text), 0);
    expect_refusal(f, 0, WF_DATABASE_WRITE, WEFT_STORAGE, "io.open");
}

static void a_log_without_its_file_is_not_read_into_a_new_one(void **state)
{
    fixture *f = *state;
    crashed c;
    crash(f, &c);
    put_back(f, &c);
    assert_int_equal(unlink(f->file.text), 0);
    f->db = open_new(f, WF_DATABASE_WRITE);
    assert_int_equal(number(f->db, "SELECT count(*) FROM sqlite_schema"), 0);
    crashed_done(&c);
}

// ---- threads ----

enum { transfers = 300, accounts = 50 };

typedef struct {
    fixture *f;
    bool stop;
    int64_t seen;
} reader;

// Each transaction of the writer moves one from an account to another and adds a line:
// a reader that saw half of one would find another sum.
static void *read_on(void *context)
{
    reader *r = context;
    wf_database *db = NULL;
    weft_error error = {0};
    if (open_with(r->f, 0, WF_DATABASE_READ, &db, &error) != WEFT_OK)
        return "does not open";
    const char *wrong = NULL;
    while (wrong == NULL && !__atomic_load_n(&r->stop, __ATOMIC_ACQUIRE)) {
        int64_t sum = -1, first = -1, second = -2;
        bool read = wf_database_begin(db, &error) == WEFT_OK &&
                    wf_database_number(db, "SELECT count(*) FROM line", -1, &first,
                                       &error) == WEFT_OK &&
                    wf_database_number(db, "SELECT sum(held) FROM account", -1, &sum,
                                       &error) == WEFT_OK &&
                    wf_database_number(db, "SELECT count(*) FROM line", -1, &second,
                                       &error) == WEFT_OK &&
                    wf_database_commit(db, &error) == WEFT_OK;
        if (!read)
            wrong = error.code != NULL ? error.code : "does not read";
        else if (sum != accounts * 100 || first != second || first < r->seen)
            wrong = "sees half of something";
        r->seen = first;
    }
    wf_database_close(db);
    return (void *)wrong;
}

static void transfer(wf_database *db, int round)
{
    weft_error error = {0};
    char sql[256];
    int from = round % accounts, to = (round * 7 + 1) % accounts;
    int size = snprintf(sql, sizeof sql,
                        "UPDATE account SET held = held - 1 WHERE id = %d;"
                        "UPDATE account SET held = held + 1 WHERE id = %d;"
                        "INSERT INTO line VALUES (%d, zeroblob(3000))",
                        from, to, round);
    assert_in_range(size, 1, sizeof sql - 1);
    ok(wf_database_begin(db, &error), &error);
    run(db, sql);
    ok(wf_database_commit(db, &error), &error);
    // The log goes into the file beside the readers, and begins again when it can.
    if (round % 40 == 39)
        run(db, "PRAGMA wal_checkpoint");
}

// Moves the log into the file, again and again.
static void *move_on(void *context)
{
    reader *r = context;
    wf_database *db = NULL;
    weft_error error = {0};
    if (open_with(r->f, 0, WF_DATABASE_CHECKPOINT, &db, &error) != WEFT_OK)
        return "does not open";
    const char *wrong = NULL;
    while (wrong == NULL && !__atomic_load_n(&r->stop, __ATOMIC_ACQUIRE))
        if (wf_database_checkpoint(db, &error) != WEFT_OK)
            wrong = error.code != NULL ? error.code : "does not move the log";
    wf_database_close(db);
    return (void *)wrong;
}

static void see_whole_commits(fixture *f, void *(*second)(void *))
{
    void *(*const runs[])(void *) = {read_on, second};
    f->db = open_new(f, WF_DATABASE_WRITE);
    run(f->db, "CREATE TABLE account (id INTEGER PRIMARY KEY, held INTEGER) STRICT;"
               "CREATE TABLE line (id INTEGER PRIMARY KEY, filler BLOB) STRICT");
    for (int i = 0; i < accounts; i++) {
        char sql[80];
        assert_true(snprintf(sql, sizeof sql, "INSERT INTO account VALUES (%d, 100)", i) >
                    0);
        run(f->db, sql);
    }
    reader readers[2] = {{.f = f}, {.f = f}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, runs[i], &readers[i]), 0);
    for (int round = 0; round < transfers; round++)
        transfer(f->db, round);
    void *wrong[2] = {NULL, NULL};
    for (int i = 0; i < 2; i++)
        __atomic_store_n(&readers[i].stop, true, __ATOMIC_RELEASE);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_join(threads[i], &wrong[i]), 0);
    for (int i = 0; i < 2; i++)
        if (wrong[i] != NULL)
            fail_msg("%s: %s", i == 0 ? "the reader" : "the other",
                     (const char *)wrong[i]);
    assert_int_equal(number(f->db, "SELECT count(*) FROM line"), transfers);
}

static void two_readers_see_whole_commits_beside_a_writer(void **state)
{
    see_whole_commits(*state, read_on);
}

static void a_reader_sees_whole_commits_while_another_moves_the_log(void **state)
{
    see_whole_commits(*state, move_on);
}

static void a_log_that_another_has_moved_begins_again(void **state)
{
    fixture *f = *state;
    weft_error error = {0};
    f->db = open_new(f, WF_DATABASE_WRITE);
    make_table(f->db);
    wf_database *mover = open_new(f, WF_DATABASE_CHECKPOINT);
    wf_database *early = open_new(f, WF_DATABASE_READ);
    put(f->db, 0, 1000);
    size_t pages = wf_database_log_pages(f->db);
    assert_true(pages > 4);
    // A reader that needs the older pages keeps the newer ones in the log.
    ok(wf_database_begin(early, &error), &error);
    assert_int_equal(number(early, "SELECT count(*) FROM t"), 1000);
    put(f->db, 1000, 1001);
    ok(wf_database_checkpoint(mover, &error), &error);
    put(f->db, 1001, 1002);
    assert_true(wf_database_log_pages(f->db) > pages);
    assert_int_equal(number(early, "SELECT count(*) FROM t"), 1000);
    wf_database_rollback(early);
    ok(wf_database_checkpoint(mover, &error), &error);
    put(f->db, 1002, 1003);
    assert_true(wf_database_log_pages(f->db) < pages);
    assert_int_equal(number(early, "SELECT count(*) FROM t"), 1003);
    assert_nothing_in_clear(f);
    // It leaves the log to the one that writes, which may be gone before it.
    wf_database_close(early);
    wf_database_close(f->db);
    wf_database_close(mover);
    f->db = open_new(f, WF_DATABASE_WRITE);
    assert_int_equal(number(f->db, "SELECT count(*) FROM t"), 1003);
}

// The log stays as it is, and holds all that did not come into the file.
static void moving_the_log_may_fail_anywhere(void **state)
{
    fixture *f = *state;
    weft_error error = {0};
    f->db = open_new(f, WF_DATABASE_WRITE);
    make_table(f->db);
    weft_status status = WEFT_STORAGE;
    for (unsigned long nth = 1, rows = 0; status != WEFT_OK; nth++, rows += 400) {
        put(f->db, (int64_t)rows, (int64_t)rows + 400);
        wf_database *mover = open_new(f, WF_DATABASE_CHECKPOINT);
        f->fault.errno_value = EIO;
        f->fault.at = f->fault.calls + nth;
        f->fault.kind = FAULT_ONCE;
        status = wf_database_checkpoint(mover, &error);
        f->fault.kind = FAULT_NONE;
        if (status != WEFT_OK) {
            assert_int_equal(status, WEFT_STORAGE);
            assert_string_equal(error.code, "records.io");
        }
        wf_database_close(mover);
        wf_database_close(f->db);
        f->db = open_new(f, WF_DATABASE_WRITE);
        assert_int_equal(number(f->db, "SELECT count(*) FROM t"), rows + 400);
        assert_true(nth < 1000);
    }
}

// What the two above meet by chance: SQLite takes these locks of the log's index by
// number.
static void who_moves_the_log_and_who_begins_it_again_exclude_each_other(void **state)
{
    enum {
        checkpoint = 1,
        with_recovery = 2,
        first_mark = 4,
        marks = SQLITE_SHM_NLOCK - 4
    };
    const int take = SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE;
    const int let = SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE;
    wf_place_hold mover = {0}, writer = {0};
    wf_place *place = wf_place_enter(1, 1);
    (void)state;
    assert_non_null(place);
    assert_int_equal(wf_place_index_lock(place, &mover, checkpoint, 1, take), SQLITE_OK);
    assert_int_equal(wf_place_index_lock(place, &writer, first_mark, marks, take),
                     SQLITE_BUSY);
    // One mark of a reader, and the mover's own end of the log, are as they were.
    assert_int_equal(wf_place_index_lock(place, &writer, first_mark, 1, take), SQLITE_OK);
    assert_int_equal(wf_place_index_lock(place, &writer, first_mark, 1, let), SQLITE_OK);
    assert_int_equal(wf_place_index_lock(place, &mover, first_mark, marks, take),
                     SQLITE_OK);
    assert_int_equal(wf_place_index_lock(place, &mover, first_mark, marks, let),
                     SQLITE_OK);
    assert_int_equal(wf_place_index_lock(place, &mover, checkpoint, 1, let), SQLITE_OK);
    assert_int_equal(wf_place_index_lock(place, &writer, first_mark, marks, take),
                     SQLITE_OK);
    assert_int_equal(wf_place_index_lock(place, &mover, checkpoint, 1, take),
                     SQLITE_BUSY);
    // So does the recovery of a log, which takes the checkpoint's with its own.
    assert_int_equal(wf_place_index_lock(place, &mover, checkpoint, with_recovery, take),
                     SQLITE_BUSY);
    assert_int_equal(wf_place_index_lock(place, &writer, first_mark, marks, let),
                     SQLITE_OK);
    assert_int_equal(wf_place_index_lock(place, &mover, checkpoint, 1, take), SQLITE_OK);
    assert_int_equal(wf_place_index_lock(place, &mover, checkpoint, 1, let), SQLITE_OK);
    wf_place_leave(place);
}

static void a_second_writer_waits_for_the_first(void **state)
{
    fixture *f = *state;
    weft_error error = {0};
    f->db = open_new(f, WF_DATABASE_WRITE);
    make_table(f->db);
    wf_database *second = open_new(f, WF_DATABASE_WRITE);
    put(f->db, 0, 10);
    put(second, 10, 20);
    put(f->db, 20, 30);
    assert_int_equal(number(second, "SELECT count(*) FROM t"), 30);
    run(second, "PRAGMA busy_timeout = 20");
    ok(wf_database_begin(f->db, &error), &error);
    assert_int_equal(wf_database_begin(second, &error), WEFT_BUSY);
    assert_string_equal(error.code, "records.busy");
    wf_database_rollback(f->db);
    // While another looks, the log stays.
    wf_database_close(second);
    assert_true(wf_io_exists(&wf_io_posix, f->log.text));
    assert_int_equal(number(f->db, "SELECT count(*) FROM t"), 30);
}

static void a_reader_may_be_there_before_the_log(void **state)
{
    fixture *f = *state;
    wf_database_close(open_new(f, WF_DATABASE_WRITE));
    wf_database *early = open_new(f, WF_DATABASE_READ);
    assert_int_equal(number(early, "SELECT count(*) FROM sqlite_schema"), 0);
    assert_false(wf_io_exists(&wf_io_posix, f->log.text));
    f->db = open_new(f, WF_DATABASE_WRITE);
    make_table(f->db);
    put(f->db, 0, 10);
    assert_int_equal(number(early, "SELECT count(*) FROM t"), 10);
    wf_database_close(early);
}

static void after_a_sync_that_failed_nothing_is_written(void **state)
{
    fixture *f = *state;
    weft_error error = {0};
    f->db = open_new(f, WF_DATABASE_WRITE);
    make_table(f->db);
    put(f->db, 0, 10);
    // The last call of a commit is its sync.
    unsigned long before = f->fault.calls;
    put(f->db, 10, 20);
    f->fault.at = f->fault.calls + (f->fault.calls - before);
    f->fault.kind = FAULT_ONCE;
    assert_int_equal(put_rows(f->db, 20, 30, &error), WEFT_STORAGE);
    unsigned long calls = f->fault.calls;
    assert_int_equal(put_rows(f->db, 20, 30, &error), WEFT_STORAGE);
    assert_int_equal(f->fault.calls, calls);
    assert_int_equal(number(f->db, "SELECT count(*) FROM t"), 20);
    wf_database_close(f->db);
    f->db = open_new(f, WF_DATABASE_WRITE);
    int64_t there = number(f->db, "SELECT count(*) FROM t");
    assert_true(there == 20 || there == 30);
    put(f->db, 40, 50);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(nothing_stands_in_clear_in_file_or_log),
        T(only_the_file_and_its_log_ever_stand_in_the_folder),
        T(a_flipped_byte_of_the_file_is_damage_or_changes_nothing),
        T(a_flipped_byte_of_the_log_is_damage_or_undoes_the_last_commit),
        T(a_log_that_is_cut_ends_with_a_whole_commit),
        T(a_first_sector_that_is_lost_from_the_log_is_damage),
        T(a_page_or_frame_in_another_place_does_not_open),
        T(a_file_that_is_cut_is_damage),
        T(another_key_is_told_from_damage),
        T(what_is_no_file_of_ours_is_left_alone),
        T(a_log_without_its_file_is_not_read_into_a_new_one),
        T(two_readers_see_whole_commits_beside_a_writer),
        T(a_reader_sees_whole_commits_while_another_moves_the_log),
        T(a_log_that_another_has_moved_begins_again),
        T(moving_the_log_may_fail_anywhere),
        cmocka_unit_test(who_moves_the_log_and_who_begins_it_again_exclude_each_other),
        T(a_second_writer_waits_for_the_first),
        T(a_reader_may_be_there_before_the_log),
        T(after_a_sync_that_failed_nothing_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
