// SQLite behind database.h: one file, sealed page by page, with a log (WAL) beside it.
#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/database/engine.h"
#include "store/database/sealed_file.h"

enum {
    busy_ms = 2000,
    value_bytes_max = 16 << 20,
    sql_bytes_max = 1 << 18,
    // Pages of the log after which a commit moves them into the file: 32 MiB. Fewer would
    // write the same pages more often, more would make such a commit longer.
    log_pages = 4096,
    log_pages_more = 1024, // before another tries to
    log_bytes_kept = 64 << 20,
    write_cache_bytes = 64 << 20,
    read_cache_bytes = 16 << 20
};

typedef struct {
    wf_database base;
    wf_sealed_vfs *vfs;
    sqlite3 *db;
    wf_database_use use;
    size_t log_pages;               // that the newest commit has left
    size_t tried_at;                // as many, when a commit moved them last
    void (*between)(void *context); // NULL: nobody
    void *between_context;
    char place[WF_PATH_MAX];
} sqlite_database;

typedef struct {
    wf_statement base;
    sqlite3_stmt *statement;
    bool too_long; // a value that was bound
} sqlite_statement;

static sqlite_database *of(wf_database *db)
{
    return (sqlite_database *)db;
}

static sqlite3_stmt *statement_of(const wf_statement *statement)
{
    return ((const sqlite_statement *)statement)->statement;
}

// ---- failures ----

static weft_status fail_other(sqlite_database *d, const char *reason, weft_error *error)
{
    return wf_fail(error, WEFT_STORAGE, "records.io", "path", d->place, "reason", reason,
                   NULL);
}

// The failure of the newest call. SQLite's own sentence could repeat a value.
static weft_status fail(sqlite_database *d, weft_error *error)
{
    int extended = sqlite3_extended_errcode(d->db);
    // Not sqlite3_system_errno(), which a statement's failure does not always set.
    int system = d->vfs != NULL ? wf_sealed_errno(d->vfs) : 0;
    if (extended == SQLITE_IOERR_DATA || extended == SQLITE_IOERR_SHORT_READ)
        return wf_database_damaged(&d->base, error);
    switch (extended & 0xFF) {
    case SQLITE_NOMEM:
        return wf_fail_memory(error);
    case SQLITE_FULL:
        return wf_fail_errno(error, ENOSPC, "records.io", d->place);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return wf_database_damaged(&d->base, error);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return wf_fail(error, WEFT_BUSY, "records.busy", "path", d->place, NULL);
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        if (system != 0)
            return wf_fail_errno(error, system, "records.io", d->place);
        break;
    default:
        break;
    }
    return fail_other(d, sqlite3_errstr(extended), error);
}

static weft_status run_sql(sqlite_database *d, const char *sql, weft_error *error)
{
    return sqlite3_exec(d->db, sql, NULL, NULL, NULL) == SQLITE_OK ? WEFT_OK
                                                                   : fail(d, error);
}

// ---- transactions ----

static weft_status sqlite_run(wf_database *db, const char *sql, weft_error *error)
{
    return run_sql(of(db), sql, error);
}

static weft_status sqlite_begin(wf_database *db, weft_error *error)
{
    sqlite_database *d = of(db);
    return run_sql(d, d->use == WF_DATABASE_WRITE ? "BEGIN IMMEDIATE" : "BEGIN", error);
}

static weft_status sqlite_commit(wf_database *db, weft_error *error)
{
    return run_sql(of(db), "COMMIT", error);
}

static void sqlite_rollback(wf_database *db)
{
    sqlite_database *d = of(db);
    if (sqlite3_get_autocommit(d->db) == 0)
        WF_IGNORE(sqlite3_exec(d->db, "ROLLBACK", NULL, NULL, NULL) != SQLITE_OK,
                  "what it cannot undo was never committed");
}

static weft_status sqlite_settle(wf_database *db, weft_error *error)
{
    sqlite_database *d = of(db);
    return sqlite3_wal_checkpoint_v2(d->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
                                     NULL) == SQLITE_OK
               ? WEFT_OK
               : fail(d, error);
}

static size_t sqlite_log_pages(const wf_database *db)
{
    return ((const sqlite_database *)db)->log_pages;
}

static int work_goes_on(void *context)
{
    const sqlite_database *d = context;
    d->between(d->between_context);
    return 0;
}

static void sqlite_on_work(wf_database *db, void (*between)(void *context), void *context)
{
    enum { steps = 10000 }; // of SQLite's machine: some 1 ms
    sqlite_database *d = (sqlite_database *)db;
    d->between = between;
    d->between_context = context;
    sqlite3_progress_handler(d->db, between == NULL ? 0 : steps,
                             between == NULL ? NULL : work_goes_on, d);
}

// As much as can be moved now. Another that is at it does it.
static weft_status move_log(sqlite_database *d, weft_error *error)
{
    int code =
        sqlite3_wal_checkpoint_v2(d->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return code == SQLITE_OK || code == SQLITE_BUSY ? WEFT_OK : fail(d, error);
}

static weft_status sqlite_checkpoint(wf_database *db, weft_error *error)
{
    return move_log(of(db), error);
}

// Called by SQLite after each commit. The commit stands whatever comes of it: where a
// sync fails the file system writes no more (sealed_file.h).
static int note_commit(void *context, sqlite3 *db, const char *name, int pages)
{
    sqlite_database *d = context;
    weft_error unused = {0};
    (void)db;
    (void)name;
    d->log_pages = (size_t)pages;
    if (d->log_pages < d->tried_at)
        d->tried_at = 0; // the log has begun again
    // Where somebody still reads the older pages it stays as long as it is.
    if (pages < log_pages || d->log_pages - d->tried_at < log_pages_more)
        return SQLITE_OK;
    d->tried_at = d->log_pages;
    WF_IGNORE(move_log(d, &unused), "a later commit tries again");
    return SQLITE_OK;
}

// ---- statements ----

static void sqlite_free(wf_statement *statement)
{
    sqlite3_finalize(statement_of(statement));
    free(statement);
}

// Whether behind a statement there are only blanks.
static bool is_blank(const char *tail)
{
    return tail[strspn(tail, " \t\r\n;")] == '\0';
}

static weft_status sqlite_prepare(wf_database *db, const char *sql, wf_statement **ret,
                                  weft_error *error)
{
    sqlite_database *d = of(db);
    const char *tail = "";
    sqlite_statement *s = calloc(1, sizeof *s);
    if (s == NULL)
        return wf_fail_memory(error);
    weft_status status = WEFT_OK;
    if (sqlite3_prepare_v3(d->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->statement,
                           &tail) != SQLITE_OK)
        status = fail(d, error);
    else if (s->statement == NULL || !is_blank(tail))
        status = fail_other(d, "not one statement", error);
    if (status != WEFT_OK) {
        sqlite3_finalize(s->statement);
        free(s);
        return status;
    }
    s->base = (wf_statement){.db = db,
                             .engine = db->engine,
                             .parameters = sqlite3_bind_parameter_count(s->statement)};
    *ret = &s->base;
    return WEFT_OK;
}

static int sqlite_parameter(const wf_statement *statement, const char *name)
{
    char room[80];
    int size = snprintf(room, sizeof room, ":%s", name);
    if (size < 0 || (size_t)size >= sizeof room)
        return -1;
    return sqlite3_bind_parameter_index(statement_of(statement), room) - 1;
}

// What is bound is borrowed, so that only a bug could make these fail, or a value that is
// too long: which is told by the step.
static void note_bind(wf_statement *statement, int code)
{
    WF_ASSERT(code == SQLITE_OK || code == SQLITE_TOOBIG);
    ((sqlite_statement *)statement)->too_long |= code == SQLITE_TOOBIG;
}

static void sqlite_bind_i64(wf_statement *statement, int parameter, int64_t value)
{
    note_bind(statement,
              sqlite3_bind_int64(statement_of(statement), parameter + 1, value));
}

static void sqlite_bind_real(wf_statement *statement, int parameter, double value)
{
    note_bind(statement,
              sqlite3_bind_double(statement_of(statement), parameter + 1, value));
}

static void sqlite_bind_text(wf_statement *statement, int parameter, wf_text value)
{
    note_bind(statement,
              sqlite3_bind_text64(statement_of(statement), parameter + 1, value.bytes,
                                  value.size, SQLITE_STATIC, SQLITE_UTF8));
}

static void sqlite_bind_blob(wf_statement *statement, int parameter, wf_text value)
{
    note_bind(statement, sqlite3_bind_blob64(statement_of(statement), parameter + 1,
                                             value.bytes, value.size, SQLITE_STATIC));
}

static weft_status sqlite_step(wf_statement *statement, bool *ret_row, weft_error *error)
{
    if (((sqlite_statement *)statement)->too_long)
        return fail_other(of(statement->db), sqlite3_errstr(SQLITE_TOOBIG), error);
    int code = sqlite3_step(statement_of(statement));
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return fail(of(statement->db), error);
    *ret_row = code == SQLITE_ROW;
    return WEFT_OK;
}

static void sqlite_reset(wf_statement *statement)
{
    WF_IGNORE(sqlite3_reset(statement_of(statement)) != SQLITE_OK,
              "it repeats the failure that the step has told");
    WF_IGNORE(sqlite3_clear_bindings(statement_of(statement)) != SQLITE_OK,
              "it cannot fail");
    ((sqlite_statement *)statement)->too_long = false;
}

static int sqlite_columns(const wf_statement *statement)
{
    return sqlite3_column_count(statement_of(statement));
}

static const char *sqlite_column_name(const wf_statement *statement, int column)
{
    const char *name = sqlite3_column_name(statement_of(statement), column);
    return name != NULL ? name : "";
}

static bool sqlite_is_null(const wf_statement *statement, int column)
{
    return sqlite3_column_type(statement_of(statement), column) == SQLITE_NULL;
}

static int64_t sqlite_i64(const wf_statement *statement, int column)
{
    return sqlite3_column_int64(statement_of(statement), column);
}

static double sqlite_real(const wf_statement *statement, int column)
{
    return sqlite3_column_double(statement_of(statement), column);
}

// The size is asked after the bytes, as SQLite demands.
static wf_text sqlite_text(const wf_statement *statement, int column)
{
    const unsigned char *bytes = sqlite3_column_text(statement_of(statement), column);
    int size = sqlite3_column_bytes(statement_of(statement), column);
    if (bytes == NULL)
        return WF_TEXT("");
    return (wf_text){(const char *)bytes, (size_t)size};
}

static wf_text sqlite_blob(const wf_statement *statement, int column)
{
    const void *bytes = sqlite3_column_blob(statement_of(statement), column);
    int size = sqlite3_column_bytes(statement_of(statement), column);
    if (bytes == NULL)
        return WF_TEXT("");
    return (wf_text){bytes, (size_t)size};
}

// ---- opening ----

// Closing the last connection brings the log into the file and removes it.
static void sqlite_close(wf_database *db)
{
    sqlite_database *d = of(db);
    if (d->db != NULL) {
        sqlite_rollback(db);
        int code = sqlite3_close(d->db);
        WF_ASSERT(code == SQLITE_OK); // else a statement was not freed
    }
    wf_sealed_free(d->vfs);
    free(d);
}

static const wf_engine engine = {
    .dialect = WF_DIALECT_SQLITE,
    .close = sqlite_close,
    .run = sqlite_run,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .settle = sqlite_settle,
    .log_pages = sqlite_log_pages,
    .on_work = sqlite_on_work,
    .checkpoint = sqlite_checkpoint,
    .prepare = sqlite_prepare,
    .free = sqlite_free,
    .parameter = sqlite_parameter,
    .bind_i64 = sqlite_bind_i64,
    .bind_real = sqlite_bind_real,
    .bind_text = sqlite_bind_text,
    .bind_blob = sqlite_bind_blob,
    .step = sqlite_step,
    .reset = sqlite_reset,
    .columns = sqlite_columns,
    .column_name = sqlite_column_name,
    .is_null = sqlite_is_null,
    .i64 = sqlite_i64,
    .real = sqlite_real,
    .text = sqlite_text,
    .blob = sqlite_blob,
};

// The path without links, absolute: one file must have one name in this process.
static weft_status resolve(const char *path, char ret[WF_PATH_MAX], weft_error *error)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    wf_path folder = {"."}, whole;
    size_t size = slash == path ? 1 : (size_t)(name - path);
    if (size >= sizeof folder.text)
        return wf_fail(error, WEFT_BAD_INPUT, "io.path_too_long", "path", path, NULL);
    if (slash != NULL) {
        memcpy(folder.text, path, size);
        folder.text[size] = '\0';
    }
    char *real = realpath(folder.text, NULL);
    if (real == NULL)
        return wf_fail_errno(error, errno, "io.open", folder.text);
    weft_status status = wf_path_join(real, name, &whole, error);
    free(real);
    if (status == WEFT_OK)
        memcpy(ret, whole.text, WF_PATH_MAX);
    return status;
}

// Nothing that a schema brings along is run, and SQL has no way out of the file. Views
// are read: the program makes them (query/publish.h), and no other page opens.
static weft_status harden(sqlite_database *d, weft_error *error)
{
    static const struct {
        int option, value;
    } options[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},        {SQLITE_DBCONFIG_DQS_DML, 0}};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (sqlite3_db_config(d->db, options[i].option, options[i].value, NULL) !=
            SQLITE_OK)
            return fail(d, error);
    sqlite3_limit(d->db, SQLITE_LIMIT_LENGTH, value_bytes_max);
    sqlite3_limit(d->db, SQLITE_LIMIT_SQL_LENGTH, sql_bytes_max);
    sqlite3_limit(d->db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_busy_timeout(d->db, busy_ms);
    return WEFT_OK;
}

static weft_status configure(sqlite_database *d, size_t cache_bytes, weft_error *error)
{
    char sql[240];
    bool writes = d->use == WF_DATABASE_WRITE;
    if (cache_bytes == 0)
        cache_bytes = writes ? write_cache_bytes : read_cache_bytes;
    // Pages are sealed under a key that is destroyed: clearing what is deleted would only
    // write more of them.
    int size = snprintf(
        sql, sizeof sql,
        "PRAGMA temp_store = MEMORY; PRAGMA synchronous = FULL; PRAGMA mmap_size = 0;"
        "PRAGMA secure_delete = OFF; PRAGMA cell_size_check = ON;"
        "PRAGMA cache_size = -%zu; PRAGMA journal_size_limit = %d",
        cache_bytes / 1024, log_bytes_kept);
    WF_ASSERT(size > 0 && (size_t)size < sizeof sql);
    WF_TRY(run_sql(d, sql, error));
    // Others leave the log as it is, unless they are told to move it.
    if (writes)
        (void)sqlite3_wal_hook(d->db, note_commit, d);
    if ((!writes && sqlite3_wal_autocheckpoint(d->db, 0) != SQLITE_OK) ||
        sqlite3_db_config(d->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !writes, NULL) !=
            SQLITE_OK)
        return fail(d, error);
    return WEFT_OK;
}

// Reads page 1 through the log, so that damage is told here. The log's content is brought
// into the file: after a sync that failed, what the kernel shows of it may not be on the
// disk, and no commit may come to lie behind it.
static weft_status look(sqlite_database *d, weft_error *error)
{
    WF_TRY(run_sql(d, "SELECT count(*) FROM sqlite_schema", error));
    return d->use == WF_DATABASE_WRITE ? move_log(d, error) : WEFT_OK;
}

// SQLite counts the bytes it has for itself under one lock of the whole process: an
// eighth of the writer's time went there, and readers waited for each other. Nobody asks
// for the count. Where SQLite is under way already (a test that does ask) it goes on.
static void count_no_bytes(void)
{
    WF_IGNORE(sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0), "then it counts");
}

static weft_status connect_file(sqlite_database *d, const wf_database_options *options,
                                weft_error *error)
{
    bool writes = options->use != WF_DATABASE_READ;
    WF_TRY(resolve(options->where, d->place, error));
    if (options->use == WF_DATABASE_WRITE && !wf_io_exists(options->io, d->place))
        WF_TRY(wf_sealed_create(options->io, options->key, d->place, error));
    WF_TRY(wf_sealed_new(options->io, options->key, d->place, writes, &d->vfs, error));
    int code = sqlite3_open_v2(d->place, &d->db,
                               (writes ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) |
                                   SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE |
                                   SQLITE_OPEN_EXRESCODE,
                               wf_sealed_name(d->vfs));
    if (d->db == NULL)
        return wf_fail_memory(error);
    if (code != SQLITE_OK)
        return fail(d, error);
    WF_TRY(harden(d, error));
    WF_TRY(configure(d, options->cache_bytes, error));
    return look(d, error);
}

weft_status wf_sqlite_open(const wf_database_options *options, wf_database **ret,
                           weft_error *error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    WF_ASSERT(options->key != NULL);
    WF_ASSERT(pthread_once(&once, count_no_bytes) == 0);
    sqlite_database *d = calloc(1, sizeof *d);
    if (d == NULL)
        return wf_fail_memory(error);
    d->base = (wf_database){.engine = &engine, .place = d->place};
    d->use = options->use;
    weft_status status = connect_file(d, options, error);
    if (status != WEFT_OK) {
        sqlite_close(&d->base);
        return status;
    }
    *ret = &d->base;
    return WEFT_OK;
}
