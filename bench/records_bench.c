// Rows a second into a table as records.db has them (primary key of two columns),
// upserted in sorted slices of 1,500 a transaction: sealed, and by SQLite's own file
// system with the same settings, in the same run and in turns.
//
//   records_bench [ROWS]
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/prng.h"
#include "store/database/database.h"
#include "support/scratch.h"
#include "support/test_key.h"

enum { slice = 1500, sorted_rows = 60 * slice, people = 7500000 };

static const char table[] =
    "CREATE TABLE sample (person INTEGER, tube INTEGER, at INTEGER,"
    " grid TEXT, PRIMARY KEY (person, tube)) STRICT, WITHOUT ROWID";
static const char upsert[] =
    "INSERT INTO sample VALUES (:person, :tube, :at, :grid) ON CONFLICT (person, tube)"
    " DO UPDATE SET at = max(at, excluded.at)";
static const char grid[] = "320214001001";

static double now_s(clockid_t clock)
{
    struct timespec now;
    if (clock_gettime(clock, &now) != 0)
        abort();
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void check(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "%s failed\n", what);
    exit(1);
}

// Persons of the next slices, sorted as the store sorts what is outstanding.
static void draw(wf_prng *prng, int64_t *persons)
{
    for (int i = 0; i < sorted_rows; i++)
        persons[i] = (int64_t)wf_prng_below(prng, people);
    qsort(persons, sorted_rows, sizeof *persons, compare);
}

typedef struct {
    const char *name;
    double wall_s, cpu_s;
} measure;

static void put_sealed(wf_database *db, wf_statement *insert, const int64_t *persons)
{
    weft_error error = {0};
    bool row;
    check(wf_database_begin(db, &error) == WEFT_OK, "begin");
    for (int i = 0; i < slice; i++) {
        wf_statement_bind_i64(insert, 0, persons[i]);
        wf_statement_bind_i64(insert, 1, i);
        wf_statement_bind_i64(insert, 2, persons[i] * 1000);
        wf_statement_bind_text(insert, 3, WF_TEXT(grid));
        check(wf_statement_step(insert, &row, &error) == WEFT_OK, "insert");
        wf_statement_reset(insert);
    }
    check(wf_database_commit(db, &error) == WEFT_OK, "commit");
}

static void put_plain(sqlite3 *db, sqlite3_stmt *insert, const int64_t *persons)
{
    check(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK, "begin");
    for (int i = 0; i < slice; i++) {
        bool bound = sqlite3_bind_int64(insert, 1, persons[i]) == SQLITE_OK &&
                     sqlite3_bind_int64(insert, 2, i) == SQLITE_OK &&
                     sqlite3_bind_int64(insert, 3, persons[i] * 1000) == SQLITE_OK &&
                     sqlite3_bind_text(insert, 4, grid, sizeof grid - 1, SQLITE_STATIC) ==
                         SQLITE_OK;
        check(bound && sqlite3_step(insert) == SQLITE_DONE &&
                  sqlite3_reset(insert) == SQLITE_OK,
              "insert");
    }
    check(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK, "commit");
}

static wf_database *open_sealed(const wf_path *path, wf_statement **ret)
{
    weft_error error = {0};
    wf_database *db = NULL;
    wf_database_options options = {
        .io = &wf_io_posix, .key = test_key_of(0), .where = path->text};
    check(wf_database_open(&options, &db, &error) == WEFT_OK &&
              wf_database_run(db, table, &error) == WEFT_OK &&
              wf_database_prepare(db, upsert, ret, &error) == WEFT_OK,
          "opening");
    return db;
}

static sqlite3 *open_plain(const wf_path *path, sqlite3_stmt **ret)
{
    sqlite3 *db = NULL;
    check(
        sqlite3_open_v2(path->text, &db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) == SQLITE_OK &&
            sqlite3_exec(db,
                         "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL;"
                         "PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;"
                         "PRAGMA secure_delete = OFF;"
                         "PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4096",
                         NULL, NULL, NULL) == SQLITE_OK &&
            sqlite3_exec(db, table, NULL, NULL, NULL) == SQLITE_OK &&
            sqlite3_prepare_v2(db, upsert, -1, ret, NULL) == SQLITE_OK,
        "opening");
    return db;
}

static void add(measure *m, double wall_from, double cpu_from)
{
    m->wall_s += now_s(CLOCK_MONOTONIC) - wall_from;
    m->cpu_s += now_s(CLOCK_PROCESS_CPUTIME_ID) - cpu_from;
}

int main(int count, char **words)
{
    long rows = count > 1 ? strtol(words[1], NULL, 10) : 540000;
    wf_path folder;
    scratch_new(&folder);
    wf_path sealed_path = scratch_path(&folder, "records.db");
    wf_path plain_path = scratch_path(&folder, "plain.db");
    wf_statement *insert = NULL;
    sqlite3_stmt *plain_insert = NULL;
    wf_database *db = open_sealed(&sealed_path, &insert);
    sqlite3 *plain = open_plain(&plain_path, &plain_insert);
    int64_t *persons = calloc(sorted_rows, sizeof *persons);
    check(persons != NULL, "memory");
    measure sealed = {.name = "sealed"}, own = {.name = "SQLite's own"};
    wf_prng prng = wf_prng_new(1);
    long done = 0;
    for (; done < rows; done += sorted_rows) {
        draw(&prng, persons);
        for (int at = 0; at < sorted_rows; at += slice) {
            double wall = now_s(CLOCK_MONOTONIC), cpu = now_s(CLOCK_PROCESS_CPUTIME_ID);
            put_sealed(db, insert, persons + at);
            add(&sealed, wall, cpu);
            wall = now_s(CLOCK_MONOTONIC), cpu = now_s(CLOCK_PROCESS_CPUTIME_ID);
            put_plain(plain, plain_insert, persons + at);
            add(&own, wall, cpu);
        }
    }
    const measure *both[] = {&sealed, &own};
    for (int i = 0; i < 2; i++)
        printf("%-14s %8.0f rows/s  %5.2f us of processor a row\n", both[i]->name,
               (double)done / both[i]->wall_s, both[i]->cpu_s * 1e6 / (double)done);
    printf("sealed / own: %.2f by the clock, %.2f by processor time\n",
           own.wall_s / sealed.wall_s, own.cpu_s / sealed.cpu_s);
    wf_statement_free(insert);
    wf_database_close(db);
    sqlite3_finalize(plain_insert);
    sqlite3_close(plain);
    free(persons);
    scratch_remove(folder.text);
    return 0;
}
