#include "store/register.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/pages.h"
#include "keys/seal.h"
#include "model/ids.h"
#include "store/register_inside.h"
#include "store/sql.h"

// Deliveries of millions of rows write their pages once; answers mostly ask for places.
static const char write_settings[] = "PRAGMA journal_mode = WAL;"
                                     "PRAGMA synchronous = FULL;"
                                     "PRAGMA journal_size_limit = 67108864;"
                                     "PRAGMA cache_size = -200000";
static const char read_settings[] = "PRAGMA query_only = ON;"
                                    "PRAGMA cache_size = -64000";

// What the value 'key' of the table "about" says when it opens.
#define KEY_CONTEXT WF_TEXT("weft register key")
#define KEY_PLAIN WF_TEXT("this key")

// ---- whose file is it ----

static weft_status is_empty(sqlite3 *db, bool *ret, weft_error *error)
{
    int64_t objects = 0, application = 0;
    WF_TRY(
        wf_database_number(db, "SELECT count(*) FROM sqlite_schema", 0, &objects, error));
    WF_TRY(wf_database_number(db, "PRAGMA application_id", 0, &application, error));
    *ret = objects == 0 && application == 0;
    return WEFT_OK;
}

static weft_status check_version(sqlite3 *db, const char *folder, weft_error *error)
{
    int64_t application = 0, version = 0;
    char text[WF_NUMBER_TEXT_MAX];
    WF_TRY(wf_database_number(db, "PRAGMA application_id", 0, &application, error));
    if (application != WF_DATABASE_APPLICATION)
        return wf_fail(error, WEFT_BAD_INPUT, "register.foreign", "path", folder, NULL);
    WF_TRY(wf_database_number(db, "PRAGMA user_version", 0, &version, error));
    if (version > WF_SCHEMA_VERSION)
        return wf_fail(error, WEFT_BAD_INPUT, "register.newer", "path", folder, "version",
                       wf_number_text(text, version), NULL);
    return version == WF_SCHEMA_VERSION ? WEFT_OK : wf_database_damaged(db, error);
}

// All definitions, each ended by ";\n", in the order of their names.
static weft_status expected_schema(const wf_register *reg, wf_buffer *ret,
                                   weft_error *error)
{
    static const wf_register_kind by_name[] = {WF_REGISTER_CASES, WF_REGISTER_PERSONS,
                                               WF_REGISTER_PLACES};
    bool done = wf_buffer_printf(ret, "%s;\n", wf_schema_about);
    for (size_t i = 0; done && i < WF_REGISTER_COUNT; i++) {
        WF_TRY(wf_schema_create(&reg->tables[by_name[i]].form, ret, error));
        done = wf_buffer_printf(ret, ";\n");
    }
    return done ? WEFT_OK : wf_fail_memory(error);
}

static weft_status found_schema(sqlite3 *db, wf_buffer *ret, weft_error *error)
{
    sqlite3_stmt *all = NULL;
    bool row = false, done = true;
    WF_TRY(wf_database_prepare(
        db, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name", &all,
        error));
    weft_status status;
    while ((status = wf_database_step(all, &row, error)) == WEFT_OK && row && done) {
        wf_text sql = wf_database_text(all, 0);
        done = wf_buffer_append(ret, sql.bytes, sql.size) && wf_buffer_printf(ret, ";\n");
    }
    sqlite3_finalize(all);
    return done ? status : wf_fail_memory(error);
}

// A file of our version has our definitions to the letter: nothing that someone added
// (an index, a trigger, another CHECK) is ever run.
static weft_status check_schema(const wf_register *reg, weft_error *error)
{
    wf_buffer expected = {0}, found = {0};
    weft_status status = expected_schema(reg, &expected, error);
    if (status == WEFT_OK)
        status = found_schema(reg->write, &found, error);
    if (status == WEFT_OK &&
        !wf_text_equal(wf_buffer_text(&expected), wf_buffer_text(&found)))
        status = wf_database_damaged(reg->write, error);
    wf_buffer_done(&expected);
    wf_buffer_done(&found);
    return status;
}

// ---- the key ----

static void set_key(wf_register *reg, const wf_key *key)
{
    unsigned char secret[WF_SEAL_SECRET_BYTES];
    reg->row_keys.key = key;
    wf_seal_derive(key, WF_TEXT("weft register equality"), secret);
    memcpy(reg->row_keys.hash_key, secret, sizeof reg->row_keys.hash_key);
    sodium_memzero(secret, sizeof secret);
}

static weft_status find_key(wf_register *reg, weft_error *error)
{
    const wf_key *key = NULL;
    WF_TRY(wf_keys_find(reg->keys, WF_KEY_REGISTER, (weft_day){0}, &key, error));
    set_key(reg, key);
    return WEFT_OK;
}

static weft_status make_key(wf_register *reg, weft_error *error)
{
    const wf_key *key = NULL;
    WF_TRY(wf_keys_make(reg->keys, WF_KEY_REGISTER, (weft_day){0}, &key, error));
    WF_TRY(wf_keys_commit(reg->keys, error));
    set_key(reg, key);
    return WEFT_OK;
}

// A register of another city has another key: better said here than at its first row.
static weft_status check_key(wf_register *reg, weft_error *error)
{
    sqlite3_stmt *find = NULL;
    bool row = false;
    wf_buffer plain = {0};
    WF_TRY(wf_database_prepare(reg->write,
                               "SELECT \"value\" FROM \"about\" WHERE \"name\" = 'key'",
                               &find, error));
    weft_status status = wf_database_step(find, &row, error);
    weft_error closer;
    wf_error_clear(&closer);
    if (status == WEFT_OK && wf_open_blob(reg->row_keys.key, KEY_CONTEXT,
                                          row ? wf_database_blob(find, 0) : WF_TEXT(""),
                                          &plain, &closer) != WEFT_OK)
        status = wf_fail(error, WEFT_DAMAGED, "register.other_key", NULL);
    sqlite3_finalize(find);
    wf_buffer_done(&plain);
    return status;
}

static weft_status put_key(wf_register *reg, weft_error *error)
{
    sqlite3_stmt *insert = NULL;
    bool row = false;
    wf_buffer sealed = {0};
    weft_status status =
        wf_seal_blob(reg->row_keys.key, KEY_CONTEXT, KEY_PLAIN, &sealed, error);
    if (status == WEFT_OK)
        status = wf_database_prepare(
            reg->write, "INSERT INTO \"about\" VALUES ('key', ?1)", &insert, error);
    if (status == WEFT_OK && sqlite3_bind_blob(insert, 1, sealed.bytes, (int)sealed.size,
                                               SQLITE_STATIC) != SQLITE_OK)
        status = wf_database_fail(reg->write, error);
    if (status == WEFT_OK)
        status = wf_database_step(insert, &row, error);
    sqlite3_finalize(insert);
    wf_buffer_done(&sealed);
    return status;
}

// ---- opening ----

static weft_status fill_new(wf_register *reg, weft_error *error)
{
    wf_buffer schema = {0};
    weft_status status = wf_database_run(reg->write, "BEGIN IMMEDIATE", error);
    if (status == WEFT_OK)
        status = expected_schema(reg, &schema, error);
    if (status == WEFT_OK &&
        !wf_buffer_printf(&schema,
                          "PRAGMA application_id = %lld; PRAGMA user_version = %d",
                          (long long)WF_DATABASE_APPLICATION, WF_SCHEMA_VERSION))
        status = wf_fail_memory(error);
    if (status == WEFT_OK)
        status = wf_database_run(reg->write, schema.bytes, error);
    if (status == WEFT_OK)
        status = put_key(reg, error);
    if (status == WEFT_OK) // people are counted by town from the first on
        status = wf_database_run(reg->write,
                                 "INSERT INTO \"about\" VALUES ('towns', x'')", error);
    if (status == WEFT_OK)
        status = wf_database_run(reg->write, "COMMIT", error);
    wf_buffer_done(&schema);
    return status;
}

// The key is made together with the file: where there is one, a file that is missing or
// has no bytes is a loss, not a new register. Asked before SQLite sees the folder, which
// would throw away the log of a file that is gone.
static weft_status check_not_lost(const wf_register *reg, const char *folder,
                                  weft_error *error)
{
    const wf_key *key = NULL;
    weft_error none = {0};
    wf_path path;
    struct stat about;
    if (wf_keys_find(reg->keys, WF_KEY_REGISTER, (weft_day){0}, &key, &none) != WEFT_OK)
        return WEFT_OK;
    WF_TRY(wf_path_join(folder, "records.db", &path, error));
    bool lost = lstat(path.text, &about) != 0 ? errno == ENOENT : about.st_size == 0;
    return lost ? wf_fail(error, WEFT_DAMAGED, "register.lost", "path", path.text, NULL)
                : WEFT_OK;
}

static weft_status open_write(wf_register *reg, const char *folder, weft_error *error)
{
    bool empty = false;
    WF_TRY(check_not_lost(reg, folder, error));
    WF_TRY(wf_database_open(folder, WF_DATABASE_WRITE, &reg->write, error));
    WF_TRY(is_empty(reg->write, &empty, error));
    if (!empty) {
        WF_TRY(check_version(reg->write, folder, error));
        WF_TRY(check_schema(reg, error));
        WF_TRY(find_key(reg, error));
        WF_TRY(check_key(reg, error));
        return wf_database_run(reg->write, write_settings, error);
    }
    WF_TRY(make_key(reg, error));
    // Pages are never given back, and pointers to find them again cost a page in 800.
    WF_TRY(wf_database_run(reg->write, "PRAGMA auto_vacuum = NONE", error));
    WF_TRY(wf_database_run(reg->write, write_settings, error));
    return fill_new(reg, error);
}

typedef weft_status make_sql(const wf_table_form *form, wf_buffer *ret,
                             weft_error *error);

static weft_status find_sql(const wf_table_form *form, wf_buffer *ret, weft_error *error)
{
    return wf_schema_select(form, true, ret, error);
}

static weft_status scan_sql(const wf_table_form *form, wf_buffer *ret, weft_error *error)
{
    return wf_schema_select(form, false, ret, error);
}

static weft_status prepare_made(sqlite3 *db, make_sql *make, const wf_table_form *form,
                                sqlite3_stmt **ret, weft_error *error)
{
    wf_buffer sql = {0};
    weft_status status = make(form, &sql, error);
    if (status == WEFT_OK)
        status = wf_database_prepare(db, sql.bytes, ret, error);
    wf_buffer_done(&sql);
    return status;
}

static weft_status prepare_all(wf_register *reg, weft_error *error)
{
    for (size_t i = 0; i < WF_REGISTER_COUNT; i++) {
        wf_register_state *state = &reg->tables[i];
        WF_TRY(prepare_made(reg->write, find_sql, &state->form, &state->find, error));
        WF_TRY(prepare_made(reg->write, wf_schema_upsert, &state->form, &state->upsert,
                            error));
        WF_TRY(prepare_made(reg->write, wf_schema_touch, &state->form, &state->touch,
                            error));
        WF_TRY(prepare_made(reg->read, scan_sql, &state->form, &state->scan, error));
    }
    WF_TRY(wf_database_prepare(reg->read, WF_SQL_PERSON, &reg->person, error));
    WF_TRY(wf_database_prepare(reg->read, WF_SQL_PLACE, &reg->place, error));
    WF_TRY(wf_database_prepare(reg->read, WF_SQL_CASE, &reg->one_case, error));
    return wf_database_prepare(reg->read, WF_SQL_CASES, &reg->all_cases, error);
}

static weft_status open_parts(wf_register *reg, const char *folder, weft_error *error)
{
    WF_TRY(open_write(reg, folder, error));
    WF_TRY(wf_database_open(folder, WF_DATABASE_READ, &reg->read, error));
    WF_TRY(wf_database_run(reg->read, read_settings, error));
    return prepare_all(reg, error);
}

weft_status wf_register_open(const char *city_dir, wf_keys *keys, wf_register **ret,
                             weft_error *error)
{
    wf_register *reg = calloc(1, sizeof *reg);
    if (reg == NULL)
        return wf_fail_memory(error);
    reg->keys = keys;
    for (wf_register_kind kind = 0; kind < WF_REGISTER_COUNT; kind++)
        wf_table_form_init(&reg->tables[kind].form, kind);
    reg->grid_column =
        wf_register_column(reg->tables[WF_REGISTER_PERSONS].form.table, "grid");
    weft_status status = open_parts(reg, city_dir, error);
    if (status != WEFT_OK) {
        wf_register_close(reg);
        return status;
    }
    *ret = reg;
    return WEFT_OK;
}

void wf_register_close(wf_register *reg)
{
    if (reg == NULL)
        return;
    wf_register_rollback(reg);
    for (size_t i = 0; i < WF_REGISTER_COUNT; i++) {
        sqlite3_finalize(reg->tables[i].find);
        sqlite3_finalize(reg->tables[i].upsert);
        sqlite3_finalize(reg->tables[i].touch);
        sqlite3_finalize(reg->tables[i].scan);
    }
    sqlite3_finalize(reg->person);
    sqlite3_finalize(reg->place);
    sqlite3_finalize(reg->one_case);
    sqlite3_finalize(reg->all_cases);
    wf_register_read_end(reg);
    // The writer last: it brings what is in the log into the file.
    WF_ASSERT(sqlite3_close(reg->read) == SQLITE_OK);
    WF_ASSERT(sqlite3_close(reg->write) == SQLITE_OK);
    wf_register_forget_read(reg);
    wf_row_done(&reg->row);
    wf_buffer_done(&reg->sealed);
    sodium_memzero(&reg->row_keys, sizeof reg->row_keys);
    free(reg);
}

// ---- the snapshot ----

weft_status wf_register_read_begin(wf_register *reg, weft_error *error)
{
    if (!reg->reading)
        WF_TRY(wf_database_run(reg->read, "BEGIN", error));
    reg->reading = true;
    return WEFT_OK;
}

void wf_register_read_end(wf_register *reg)
{
    weft_error unused;
    wf_error_clear(&unused);
    if (reg->reading)
        WF_IGNORE(wf_database_run(reg->read, "COMMIT", &unused),
                  "a transaction that only read has nothing to lose");
    reg->reading = false;
}
