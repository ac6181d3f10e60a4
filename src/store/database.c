#include "store/database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

enum {
    busy_ms = 2000,
    value_bytes_max = 1 << 20, // a row of ours has some hundreds
    sql_bytes_max = 1 << 16
};

static const char *path_of(sqlite3 *db)
{
    const char *path = sqlite3_db_filename(db, "main");
    return path != NULL && path[0] != '\0' ? path : "records.db";
}

weft_status wf_database_damaged(sqlite3 *db, weft_error *error)
{
    return wf_fail(error, WEFT_DAMAGED, "register.damaged", "path", path_of(db), NULL);
}

weft_status wf_database_fail(sqlite3 *db, weft_error *error)
{
    int extended = sqlite3_extended_errcode(db);
    int system = sqlite3_system_errno(db);
    switch (extended & 0xFF) {
    case SQLITE_NOMEM:
        return wf_fail_memory(error);
    case SQLITE_FULL:
        return wf_fail_errno(error, ENOSPC, "register.io", path_of(db));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return wf_database_damaged(db, error);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return wf_fail(error, WEFT_BUSY, "register.busy", "path", path_of(db), NULL);
    case SQLITE_IOERR:
        if (extended == SQLITE_IOERR_SHORT_READ)
            return wf_database_damaged(db, error);
        if (system != 0)
            return wf_fail_errno(error, system, "register.io", path_of(db));
        break;
    default:
        break;
    }
    return wf_fail(error, WEFT_STORAGE, "register.io", "path", path_of(db), "reason",
                   sqlite3_errstr(extended), NULL);
}

// ---- statements ----

weft_status wf_database_run(sqlite3 *db, const char *sql, weft_error *error)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK
               ? WEFT_OK
               : wf_database_fail(db, error);
}

weft_status wf_database_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **ret,
                                weft_error *error)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) !=
        SQLITE_OK)
        return wf_database_fail(db, error);
    *ret = statement;
    return WEFT_OK;
}

weft_status wf_database_step(sqlite3_stmt *statement, bool *ret_row, weft_error *error)
{
    int code = sqlite3_step(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return wf_database_fail(sqlite3_db_handle(statement), error);
    *ret_row = code == SQLITE_ROW;
    return WEFT_OK;
}

void wf_database_reset(sqlite3_stmt *statement)
{
    WF_IGNORE(sqlite3_reset(statement) != SQLITE_OK,
              "it repeats the failure that the step has told");
}

weft_status wf_database_number(sqlite3 *db, const char *sql, int64_t otherwise,
                               int64_t *ret, weft_error *error)
{
    sqlite3_stmt *statement = NULL;
    bool row = false;
    WF_TRY(wf_database_prepare(db, sql, &statement, error));
    weft_status status = wf_database_step(statement, &row, error);
    if (status == WEFT_OK)
        *ret = row && sqlite3_column_type(statement, 0) == SQLITE_INTEGER
                   ? sqlite3_column_int64(statement, 0)
                   : otherwise;
    sqlite3_finalize(statement);
    return status;
}

// The size is asked after the bytes, as SQLite demands.
wf_text wf_database_text(sqlite3_stmt *statement, int column)
{
    const unsigned char *bytes = sqlite3_column_text(statement, column);
    int size = sqlite3_column_bytes(statement, column);
    if (bytes == NULL)
        return (wf_text){"", 0};
    return (wf_text){(const char *)bytes, (size_t)size};
}

wf_text wf_database_blob(sqlite3_stmt *statement, int column)
{
    const void *bytes = sqlite3_column_blob(statement, column);
    int size = sqlite3_column_bytes(statement, column);
    if (bytes == NULL)
        return (wf_text){"", 0};
    return (wf_text){bytes, (size_t)size};
}

// ---- opening ----

// SQLite would make the file readable by others, and its journal files take over the
// mode; hence the empty file is made here.
static weft_status make_file(const char *path, weft_error *error)
{
    int file = wf_io_posix.open(&wf_io_posix, path, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
    if (file < 0)
        return wf_fail_errno(error, errno, "io.open", path);
    if (wf_io_posix.close(&wf_io_posix, file) != 0)
        return wf_fail_errno(error, errno, "io.write", path);
    return WEFT_OK;
}

// The folder without links, absolute: SQLite's refusal of links covers the whole path,
// and a path that begins with "/" is not a URI even where the machine's SQLite reads
// URIs.
static weft_status resolve(const char *folder, wf_path *ret, weft_error *error)
{
    char *real = realpath(folder, NULL);
    if (real == NULL)
        return wf_fail_errno(error, errno, "io.open", folder);
    weft_status status = wf_path_join(real, "records.db", ret, error);
    free(real);
    return status;
}

static weft_status harden(sqlite3 *db, weft_error *error)
{
    static const struct {
        int option, value;
    } options[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},        {SQLITE_DBCONFIG_DQS_DML, 0}};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (sqlite3_db_config(db, options[i].option, options[i].value, NULL) != SQLITE_OK)
            return wf_database_fail(db, error);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, value_bytes_max);
    sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, sql_bytes_max);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_busy_timeout(db, busy_ms);
    return wf_database_run(db, "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY",
                           error);
}

weft_status wf_database_open(const char *folder, wf_database_use use, sqlite3 **ret,
                             weft_error *error)
{
    wf_path path;
    WF_TRY(resolve(folder, &path, error));
    if (use == WF_DATABASE_WRITE)
        WF_TRY(make_file(path.text, error));
    sqlite3 *db = NULL;
    int how = use == WF_DATABASE_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    int code = sqlite3_open_v2(path.text, &db,
                               how | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX |
                                   SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE,
                               NULL);
    if (db == NULL)
        return wf_fail_memory(error);
    weft_status status =
        code == SQLITE_OK ? harden(db, error) : wf_database_fail(db, error);
    if (status != WEFT_OK) {
        sqlite3_close(db);
        return status;
    }
    *ret = db;
    return WEFT_OK;
}
