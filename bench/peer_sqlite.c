// Puts the questions of bench/peers/sqlite.sql to an SQLite database, in process, and
// prints a CSV line a question and case: measure,number,people,minutes,first_ms,ms.
//
//   peer_sqlite DB SQL_FILE ASKED_CSV       (number,person,since,until with a header)
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"

enum { runs = 6, warm_runs = 3, file_bytes_max = 1 << 24 };

typedef struct {
    sqlite3_int64 number, person, since, until;
} asked_case;

static void stop(const char *what)
{
    fprintf(stderr, "peer_sqlite: %s\n", what);
    exit(1);
}

static wf_text read_file(const char *path, wf_arena *arena)
{
    wf_text text;
    weft_error error = {0};
    if (wf_io_read_file(&wf_io_posix, path, file_bytes_max, arena, &text, &error) !=
        WEFT_OK)
        stop(path);
    return text;
}

static void execute(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        stop(sqlite3_errmsg(db));
}

static int compare_doubles(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static double run_once(sqlite3_stmt *statement, const asked_case *one,
                       sqlite3_int64 *ret_people, sqlite3_int64 *ret_minutes)
{
    uint64_t began = wf_clock_monotonic_ns();
    if (sqlite3_bind_int64(statement, 1, one->person) != SQLITE_OK ||
        sqlite3_bind_int64(statement, 2, one->since) != SQLITE_OK ||
        sqlite3_bind_int64(statement, 3, one->until) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        stop("a question was not answered");
    *ret_people = sqlite3_column_int64(statement, 0);
    *ret_minutes = sqlite3_column_int64(statement, 1);
    sqlite3_reset(statement);
    return (double)(wf_clock_monotonic_ns() - began) / 1e6;
}

static void ask(sqlite3_stmt *statement, const char *measure, const asked_case *one)
{
    sqlite3_int64 people = 0, minutes = 0;
    double times[runs];
    for (int run = 0; run < runs; run++)
        times[run] = run_once(statement, one, &people, &minutes);
    double first = times[0];
    qsort(times + warm_runs, runs - warm_runs, sizeof times[0], compare_doubles);
    printf("%s,%lld,%lld,%lld,%.6f,%.6f\n", measure, one->number, people, minutes, first,
           times[warm_runs + (runs - warm_runs) / 2]);
}

static size_t read_cases(char *text, asked_case *cases, size_t cases_max)
{
    size_t count = 0;
    char *line = strchr(text, '\n');
    while (line != NULL && line[1] != '\0' && count < cases_max) {
        asked_case *one = &cases[count++];
        if (sscanf(line + 1, "%lld,%lld,%lld,%lld", &one->number, &one->person,
                   &one->since, &one->until) != 4)
            stop("a case could not be read");
        line = strchr(line + 1, '\n');
    }
    return count;
}

// The statement below the comment line "-- NAME".
static sqlite3_stmt *prepare(sqlite3 *db, const char *sql, const char *name)
{
    char mark[64];
    int size = snprintf(mark, sizeof mark, "\n-- %s\n", name);
    const char *at = strstr(sql, mark);
    sqlite3_stmt *statement = NULL;
    if (size < 0 || at == NULL ||
        sqlite3_prepare_v2(db, at + size, -1, &statement, NULL) != SQLITE_OK)
        stop(sqlite3_errmsg(db));
    return statement;
}

int main(int argc, char **argv)
{
    static const char *const measures[] = {"first_ring_all", "second_ring_crowd300"};
    static asked_case cases[10000];
    wf_arena arena;
    wf_arena_init(&arena, 0);
    sqlite3 *db = NULL;
    if (argc != 4)
        stop("usage: peer_sqlite DB SQL_FILE ASKED_CSV");
    if (sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        stop("the database could not be opened");
    execute(db, "PRAGMA mmap_size = 32000000000");
    execute(db, "PRAGMA cache_size = -1000000");
    wf_text sql = read_file(argv[2], &arena);
    wf_text asked = read_file(argv[3], &arena);
    size_t count =
        read_cases((char *)(uintptr_t)asked.bytes, cases, sizeof cases / sizeof cases[0]);
    for (size_t i = 0; i < sizeof measures / sizeof measures[0]; i++) {
        sqlite3_stmt *statement = prepare(db, sql.bytes, measures[i]);
        for (size_t k = 0; k < count; k++)
            ask(statement, measures[i], &cases[k]);
        sqlite3_finalize(statement);
    }
    wf_arena_done(&arena);
    return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
