#include "store/older/older.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "keys/seal.h"

enum {
    head_bytes = 100,         // of a SQLite file
    application_at = 68,      // in it, big endian
    value_head_bytes = 3,     // of a sealed value
    date_bytes = 4,           // of a sealed date
    older_bytes = 9,          // of a (column, as-of)
    context_bytes_max = 48,   // of a sealed row
    value_bytes_max = 1 << 20 // a row of ours has some hundreds
};

struct wf_older {
    sqlite3 *db;
    const wf_key *key;
    wf_path path;
};

#define APPLICATION 0x57454654u // "WEFT"

// ---- the file ----

static weft_status path_of(const char *city_dir, bool aside, wf_path *ret,
                           weft_error *error)
{
    return wf_path_join(city_dir, aside ? "records.older" : "records.db", ret, error);
}

// A sealed records.db never begins so: its first bytes are a nonce.
static weft_status is_older(const wf_io *io, const char *path, bool *ret,
                            weft_error *error)
{
    unsigned char head[head_bytes];
    static const char magic[] = "SQLite format 3"; // with its NUL
    int file = io->open(io, path, O_RDONLY | O_NOFOLLOW, 0);
    if (file < 0 && errno != ENOENT)
        return wf_fail_errno(error, errno, "io.open", path);
    ssize_t size = file < 0 ? 0 : io->pread(io, file, head, sizeof head, 0);
    if (file >= 0)
        WF_IGNORE(io->close(io, file), "nothing was written to it");
    if (size < 0)
        return wf_fail_errno(error, errno, "io.read", path);
    uint32_t application = 0;
    for (int i = 0; size == head_bytes && i < 4; i++)
        application = application << 8 | head[application_at + i];
    *ret = size == head_bytes && memcmp(head, magic, sizeof magic) == 0 &&
           application == APPLICATION;
    return WEFT_OK;
}

weft_status wf_older_look(const wf_io *io, const char *city_dir, wf_older_state *ret,
                          weft_error *error)
{
    wf_path path;
    bool there = false;
    WF_TRY(path_of(city_dir, true, &path, error));
    if (wf_io_exists(io, path.text)) {
        *ret = WF_OLDER_ASIDE;
        return WEFT_OK;
    }
    WF_TRY(path_of(city_dir, false, &path, error));
    WF_TRY(is_older(io, path.text, &there, error));
    *ret = there ? WF_OLDER_THERE : WF_OLDER_NONE;
    return WEFT_OK;
}

// ---- SQLite ----

static weft_status damaged(const wf_path *path, weft_error *error)
{
    return wf_fail(error, WEFT_DAMAGED, "records.older_damaged", "path", path->text,
                   NULL);
}

static weft_status fail(sqlite3 *db, const wf_path *path, weft_error *error)
{
    int code = sqlite3_errcode(db) & 0xFF, reason = sqlite3_system_errno(db);
    if (code == SQLITE_NOMEM)
        return wf_fail_memory(error);
    if (code == SQLITE_FULL)
        return wf_fail_errno(error, ENOSPC, "io.write", path->text);
    if (code == SQLITE_IOERR && reason != 0)
        return wf_fail_errno(error, reason, "io.read", path->text);
    return damaged(path, error);
}

// Nothing that stands in the file is run: no trigger, no view, no function of it.
static bool harden(sqlite3 *db)
{
    static const int options[][2] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},        {SQLITE_DBCONFIG_DQS_DML, 0}};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (sqlite3_db_config(db, options[i][0], options[i][1], NULL) != SQLITE_OK)
            return false;
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, value_bytes_max);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    return sqlite3_exec(db, "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY",
                        NULL, NULL, NULL) == SQLITE_OK;
}

static weft_status open_file(const wf_path *path, int how, sqlite3 **ret,
                             weft_error *error)
{
    sqlite3 *db = NULL;
    // An absolute path is no URI, whatever SQLite was built to take for one.
    char *real = realpath(path->text, NULL);
    if (real == NULL)
        return wf_fail_errno(error, errno, "io.open", path->text);
    int code = sqlite3_open_v2(
        real, &db, how | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE, NULL);
    free(real);
    if (db == NULL)
        return wf_fail_memory(error);
    weft_status status =
        code == SQLITE_OK && harden(db) ? WEFT_OK : fail(db, path, error);
    if (status != WEFT_OK) {
        sqlite3_close(db);
        return status;
    }
    *ret = db;
    return WEFT_OK;
}

// ---- aside, and away ----

weft_status wf_older_set_aside(const wf_io *io, const char *city_dir, weft_error *error)
{
    wf_path from, to;
    sqlite3 *db = NULL;
    WF_TRY(path_of(city_dir, false, &from, error));
    WF_TRY(path_of(city_dir, true, &to, error));
    WF_TRY(open_file(&from, SQLITE_OPEN_READWRITE, &db, error));
    // Leaving the log's mode brings the log into the file and removes it.
    weft_status status = WEFT_OK;
    if (sqlite3_exec(db, "PRAGMA synchronous = FULL; PRAGMA journal_mode = DELETE", NULL,
                     NULL, NULL) != SQLITE_OK)
        status = fail(db, &from, error);
    sqlite3_close(db);
    WF_TRY(status);
    if (io->rename(io, from.text, to.text) != 0)
        return wf_fail_errno(error, errno, "io.rename", to.text);
    if (io->sync_dir(io, city_dir) != 0)
        return wf_fail_errno(error, errno, "io.sync", city_dir);
    return WEFT_OK;
}

static weft_status overwrite(const wf_io *io, const wf_path *path, weft_error *error)
{
    static const char zeroes[1 << 16];
    int file = io->open(io, path->text, O_RDWR | O_NOFOLLOW, 0);
    if (file < 0)
        return wf_fail_errno(error, errno, "io.open", path->text);
    char room[1 << 12];
    off_t at = 0;
    ssize_t size = 0;
    weft_status status = WEFT_OK;
    while (status == WEFT_OK && (size = io->pread(io, file, room, sizeof room, at)) > 0) {
        status = wf_io_pwrite_all(io, file, zeroes, (size_t)size, at, path->text, error);
        at += size;
    }
    if (status == WEFT_OK && (size < 0 || io->sync(io, file) != 0))
        status = wf_fail_errno(error, errno, "io.sync", path->text);
    WF_IGNORE(io->close(io, file), "it was synced");
    return status;
}

weft_status wf_older_settle(const wf_io *io, const char *city_dir, weft_error *error)
{
    wf_path path;
    WF_TRY(wf_path_join(city_dir, "records.older-gone", &path, error));
    if (!wf_io_exists(io, path.text))
        return WEFT_OK;
    WF_TRY(overwrite(io, &path, error));
    if (io->unlink(io, path.text) != 0)
        return wf_fail_errno(error, errno, "io.unlink", path.text);
    if (io->sync_dir(io, city_dir) != 0)
        return wf_fail_errno(error, errno, "io.sync", city_dir);
    return WEFT_OK;
}

// Half overwritten it could not be read again: it loses its name first.
weft_status wf_older_end(const wf_io *io, const char *city_dir, weft_error *error)
{
    wf_path from, to;
    WF_TRY(path_of(city_dir, true, &from, error));
    WF_TRY(wf_path_join(city_dir, "records.older-gone", &to, error));
    if (io->rename(io, from.text, to.text) != 0)
        return wf_fail_errno(error, errno, "io.rename", to.text);
    if (io->sync_dir(io, city_dir) != 0)
        return wf_fail_errno(error, errno, "io.sync", city_dir);
    return wf_older_settle(io, city_dir, error);
}

// ---- opening ----

static wf_text blob_of(sqlite3_stmt *statement, int column)
{
    const void *bytes = sqlite3_column_blob(statement, column);
    int size = sqlite3_column_bytes(statement, column);
    return bytes == NULL ? (wf_text){"", 0} : (wf_text){bytes, (size_t)size};
}

static wf_text text_of(sqlite3_stmt *statement, int column)
{
    const unsigned char *bytes = sqlite3_column_text(statement, column);
    int size = sqlite3_column_bytes(statement, column);
    return bytes == NULL ? (wf_text){"", 0}
                         : (wf_text){(const char *)bytes, (size_t)size};
}

static weft_status prepare(const wf_older *older, const char *sql, sqlite3_stmt **ret,
                           weft_error *error)
{
    return sqlite3_prepare_v2(older->db, sql, -1, ret, NULL) == SQLITE_OK
               ? WEFT_OK
               : fail(older->db, &older->path, error);
}

static weft_status number_of(const wf_older *older, const char *sql, int64_t *ret,
                             weft_error *error)
{
    sqlite3_stmt *statement = NULL;
    WF_TRY(prepare(older, sql, &statement, error));
    bool row = sqlite3_step(statement) == SQLITE_ROW;
    bool given = row && sqlite3_column_type(statement, 0) == SQLITE_INTEGER;
    *ret = given ? sqlite3_column_int64(statement, 0) : INT64_MIN;
    weft_status status = row ? WEFT_OK : fail(older->db, &older->path, error);
    sqlite3_finalize(statement);
    return status;
}

// Better said here than at the first row that does not open.
static weft_status check_key(wf_older *older, weft_error *error)
{
    sqlite3_stmt *find = NULL;
    wf_buffer plain = {0};
    weft_error unused = {0};
    WF_TRY(prepare(older, "SELECT \"value\" FROM \"about\" WHERE \"name\" = 'key'", &find,
                   error));
    bool opens = sqlite3_step(find) == SQLITE_ROW &&
                 wf_open_blob(older->key, WF_TEXT("weft register key"), blob_of(find, 0),
                              &plain, &unused) == WEFT_OK &&
                 wf_text_equal(wf_buffer_text(&plain), WF_TEXT("this key"));
    sqlite3_finalize(find);
    wf_buffer_done(&plain);
    return opens ? WEFT_OK : damaged(&older->path, error);
}

static weft_status check(wf_older *older, const wf_keys *keys, weft_error *error)
{
    int64_t version = 0;
    WF_TRY(number_of(older, "PRAGMA user_version", &version, error));
    if (version != 1)
        return damaged(&older->path, error);
    WF_TRY(wf_keys_find(keys, WF_KEY_REGISTER, (weft_day){0}, &older->key, error));
    return check_key(older, error);
}

weft_status wf_older_open(const char *city_dir, const wf_keys *keys, wf_older **ret,
                          weft_error *error)
{
    wf_older *older = calloc(1, sizeof *older);
    if (older == NULL)
        return wf_fail_memory(error);
    weft_status status = path_of(city_dir, true, &older->path, error);
    if (status == WEFT_OK)
        status = open_file(&older->path, SQLITE_OPEN_READONLY, &older->db, error);
    if (status == WEFT_OK)
        status = check(older, keys, error);
    if (status != WEFT_OK) {
        wf_older_close(older);
        return status;
    }
    *ret = older;
    return WEFT_OK;
}

void wf_older_close(wf_older *older)
{
    if (older == NULL)
        return;
    WF_ASSERT(sqlite3_close(older->db) == SQLITE_OK);
    free(older);
}

// ---- rows ----

typedef struct {
    wf_older *older;
    const wf_register_table *table;
    size_t columns_count; // of the table then
    wf_register_kind kind;
    sqlite3_stmt *statement;
    int as_of, older_at, sealed; // columns; sealed −1: the table has none
    wf_buffer plain;             // of the row at hand
} scan;

static bool is_text(wf_column_type type)
{
    return type == WF_COLUMN_ID || type == WF_COLUMN_TEXT || type == WF_COLUMN_WORD;
}

static bool select_rows(scan *on, wf_buffer *sql)
{
    const wf_register_table *table = on->table;
    bool done = wf_buffer_printf(sql, "SELECT ");
    int column = 0;
    on->sealed = -1;
    for (size_t i = 0; done && i < on->columns_count; i++) {
        if (i > 0 && wf_column_is_sealed(&table->columns[i])) {
            on->sealed = 0;
            continue;
        }
        done = wf_buffer_printf(sql, "\"%s\", ", table->columns[i].name);
        column++;
    }
    on->as_of = column++;
    on->older_at = column++;
    if (on->sealed == 0)
        on->sealed = column;
    return done &&
           wf_buffer_printf(sql, "\"as_of\", \"older\"%s FROM \"%s\" ORDER BY 1",
                            on->sealed > 0 ? ", \"sealed\"" : "", table->name) &&
           wf_buffer_append(sql, "", 1);
}

static bool takes(const wf_column *column, const wf_value *value)
{
    if (is_text(column->type))
        return wf_column_takes_text(column, value->text);
    if (column->type == WF_COLUMN_NUMBER)
        return wf_column_takes_real(column, value->real);
    return wf_column_takes_number(column, value->number);
}

static void read_plain(const scan *on, wf_older_row *row)
{
    int at = 0;
    for (size_t i = 0; i < on->columns_count; i++) {
        const wf_column *column = &on->table->columns[i];
        if (i > 0 && wf_column_is_sealed(column))
            continue;
        wf_value *value = &row->values[i];
        *value =
            (wf_value){.given = sqlite3_column_type(on->statement, at) != SQLITE_NULL};
        if (i == 0 && on->kind != WF_REGISTER_CASES) {
            row->number = (uint32_t)sqlite3_column_int64(on->statement, at);
            value->given = false;
        } else if (value->given && is_text(column->type)) {
            value->text = text_of(on->statement, at);
        } else if (value->given && column->type == WF_COLUMN_NUMBER) {
            value->real = sqlite3_column_double(on->statement, at);
        } else if (value->given) {
            value->number = sqlite3_column_int64(on->statement, at);
        }
        at++;
    }
}

// ---- the sealed values ----

static bool read_value(const scan *on, wf_text plain, size_t *at, size_t *last,
                       wf_older_row *row)
{
    const unsigned char *from = (const unsigned char *)plain.bytes + *at;
    if (plain.size - *at < value_head_bytes)
        return false;
    size_t place = from[0], size = from[1] | (size_t)from[2] << 8;
    if (place <= *last || place >= on->columns_count ||
        size > plain.size - *at - value_head_bytes)
        return false;
    const wf_column *column = &on->table->columns[place];
    wf_value value = {.given = true,
                      .text = {(const char *)from + value_head_bytes, size}};
    if (column->type == WF_COLUMN_DATE) {
        if (size != date_bytes)
            return false;
        value = (wf_value){.given = true,
                           .number = (int32_t)wf_get_u32(from + value_head_bytes)};
    }
    row->values[place] = value;
    *last = place;
    *at += value_head_bytes + size;
    return wf_column_is_sealed(column);
}

static bool read_sealed(scan *on, wf_older_row *row)
{
    char context[context_bytes_max] = "weft register ";
    weft_error unused = {0};
    wf_text sealed = blob_of(on->statement, on->sealed);
    size_t size = strlen(context), name = strlen(on->table->name);
    WF_ASSERT(size + name + 4 <= sizeof context);
    memcpy(context + size, on->table->name, name);
    wf_put_u32((unsigned char *)context + size + name, row->number);
    wf_buffer_clear(&on->plain);
    if (sealed.size == 0)
        return true;
    if (wf_open_blob(on->older->key, (wf_text){context, size + name + 4}, sealed,
                     &on->plain, &unused) != WEFT_OK)
        return false;
    wf_text plain = wf_buffer_text(&on->plain);
    size_t at = 0, last = 0;
    while (at < plain.size)
        if (!read_value(on, plain, &at, &last, row))
            return false;
    return true;
}

// ---- as-ofs ----

static bool read_as_ofs(const scan *on, wf_older_row *row)
{
    bool none = sqlite3_column_type(on->statement, on->as_of) == SQLITE_NULL;
    int64_t newest = none ? 0 : sqlite3_column_int64(on->statement, on->as_of);
    wf_text older = blob_of(on->statement, on->older_at);
    for (size_t i = 1; i < on->columns_count; i++) {
        row->as_of_us[i] = newest;
        if (row->values[i].given && none)
            return false;
    }
    for (size_t at = 0; at < older.size; at += older_bytes) {
        const unsigned char *from = (const unsigned char *)older.bytes + at;
        if (older.size - at < older_bytes || from[0] == 0 || from[0] >= on->columns_count)
            return false;
        row->as_of_us[from[0]] = (int64_t)wf_get_u64(from + 1);
    }
    return true;
}

static bool read_row(scan *on, wf_older_row *row)
{
    *row = (wf_older_row){0};
    read_plain(on, row);
    if (on->sealed > 0 && !read_sealed(on, row))
        return false;
    if (!read_as_ofs(on, row))
        return false;
    const wf_column time = {.type = WF_COLUMN_TIME};
    for (size_t i = 0; i < on->columns_count; i++)
        if (row->values[i].given &&
            (!takes(&on->table->columns[i], &row->values[i]) ||
             (i > 0 && !wf_column_takes_number(&time, row->as_of_us[i]))))
            return false;
    return true;
}

static weft_status scan_rows(scan *on, wf_older_visitor *each, void *context,
                             weft_error *error)
{
    int code;
    wf_older_row row;
    while ((code = sqlite3_step(on->statement)) == SQLITE_ROW) {
        row.broken = !read_row(on, &row);
        WF_TRY(each(context, &row, error));
    }
    return code == SQLITE_DONE ? WEFT_OK : fail(on->older->db, &on->older->path, error);
}

weft_status wf_older_scan(wf_older *older, wf_register_kind kind, wf_older_visitor *each,
                          void *context, weft_error *error)
{
    // Columns that came later follow these, and are not in the file: nothing is said.
    static const size_t columns_then[WF_REGISTER_COUNT] = {
        [WF_REGISTER_PERSONS] = 10, [WF_REGISTER_PLACES] = 9, [WF_REGISTER_CASES] = 12};
    wf_buffer sql = {0};
    scan on = {.older = older,
               .kind = kind,
               .table = wf_register_table_of(kind),
               .columns_count = columns_then[kind]};
    WF_ASSERT(on.columns_count <= on.table->columns_count);
    weft_status status = select_rows(&on, &sql)
                             ? prepare(older, sql.bytes, &on.statement, error)
                             : wf_fail_memory(error);
    if (status == WEFT_OK)
        status = scan_rows(&on, each, context, error);
    sqlite3_finalize(on.statement);
    if (on.plain.bytes != NULL)
        sodium_memzero(on.plain.bytes, on.plain.capacity);
    wf_buffer_done(&on.plain);
    wf_buffer_done(&sql);
    return status;
}

weft_status wf_older_newest(wf_older *older, wf_register_kind kind, int64_t *ret_us,
                            weft_error *error)
{
    static const char *const sql[WF_REGISTER_COUNT] = {
        [WF_REGISTER_PERSONS] = "SELECT max(\"as_of\") FROM \"persons\"",
        [WF_REGISTER_PLACES] = "SELECT max(\"as_of\") FROM \"places\"",
        [WF_REGISTER_CASES] = "SELECT max(\"as_of\") FROM \"cases\""};
    return number_of(older, sql[kind], ret_us, error);
}
