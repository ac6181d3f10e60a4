#include "store/database/database.h"

#include <stdlib.h>
#include <string.h>

#include "store/database/engine.h"

// Enough for two of each kind of holes; some kilobytes each.
enum { given_back_max = 128 };

weft_status wf_database_open(const wf_database_options *options, wf_database **ret,
                             weft_error *error)
{
    bool remote = strncmp(options->where, "postgres://", 11) == 0 ||
                  strncmp(options->where, "postgresql://", 13) == 0;
    return remote ? wf_postgres_open(options, ret, error)
                  : wf_sqlite_open(options, ret, error);
}

void wf_database_close(wf_database *db)
{
    if (db == NULL)
        return;
    while (db->given_back != NULL) {
        wf_statement *statement = db->given_back;
        db->given_back = statement->next;
        wf_statement_free(statement);
    }
    db->engine->close(db);
}

wf_dialect wf_database_dialect(const wf_database *db)
{
    return db->engine->dialect;
}

weft_status wf_database_run(wf_database *db, const char *sql, weft_error *error)
{
    return db->engine->run(db, sql, error);
}

weft_status wf_database_begin(wf_database *db, weft_error *error)
{
    return db->engine->begin(db, error);
}

weft_status wf_database_commit(wf_database *db, weft_error *error)
{
    weft_status status = db->engine->commit(db, error);
    if (status != WEFT_OK)
        db->engine->rollback(db);
    return status;
}

void wf_database_rollback(wf_database *db)
{
    db->engine->rollback(db);
}

weft_status wf_database_settle(wf_database *db, weft_error *error)
{
    return db->engine->settle(db, error);
}

size_t wf_database_log_pages(const wf_database *db)
{
    return db->engine->log_pages(db);
}

void wf_database_on_work(wf_database *db, void (*between)(void *context), void *context)
{
    db->engine->on_work(db, between, context);
}

weft_status wf_database_checkpoint(wf_database *db, weft_error *error)
{
    return db->engine->checkpoint(db, error);
}

weft_status wf_database_damaged(wf_database *db, weft_error *error)
{
    return wf_fail(error, WEFT_DAMAGED, "records.damaged", "path", db->place, NULL);
}

weft_status wf_database_number(wf_database *db, const char *sql, int64_t otherwise,
                               int64_t *ret, weft_error *error)
{
    wf_statement *statement = NULL;
    bool row = false;
    WF_TRY(wf_database_prepare(db, sql, &statement, error));
    weft_status status = wf_statement_step(statement, &row, error);
    if (status == WEFT_OK)
        *ret = row && !wf_statement_is_null(statement, 0) ? wf_statement_i64(statement, 0)
                                                          : otherwise;
    wf_statement_free(statement);
    return status;
}

// ---- statements ----

weft_status wf_database_prepare(wf_database *db, const char *sql, wf_statement **ret,
                                weft_error *error)
{
    return db->engine->prepare(db, sql, ret, error);
}

void wf_statement_free(wf_statement *statement)
{
    if (statement == NULL)
        return;
    free(statement->sql);
    statement->engine->free(statement);
}

// Takes one out of those given back; NULL: none is of this SQL.
static wf_statement *find_given_back(wf_database *db, const char *sql)
{
    for (wf_statement **at = &db->given_back; *at != NULL; at = &(*at)->next) {
        wf_statement *statement = *at;
        if (strcmp(statement->sql, sql) != 0)
            continue;
        *at = statement->next;
        db->given_back_count--;
        return statement;
    }
    return NULL;
}

weft_status wf_database_take(wf_database *db, const char *sql, wf_statement **ret,
                             weft_error *error)
{
    wf_statement *statement = find_given_back(db, sql);
    if (statement == NULL) {
        WF_TRY(wf_database_prepare(db, sql, &statement, error));
        statement->sql = strdup(sql);
        if (statement->sql == NULL) {
            wf_statement_free(statement);
            return wf_fail_memory(error);
        }
    }
    *ret = statement;
    return WEFT_OK;
}

void wf_statement_give_back(wf_statement *statement)
{
    if (statement == NULL)
        return;
    wf_database *db = statement->db;
    WF_ASSERT(statement->sql != NULL);
    if (db->given_back_count == given_back_max) {
        wf_statement_free(statement);
        return;
    }
    wf_statement_reset(statement);
    statement->next = db->given_back;
    db->given_back = statement;
    db->given_back_count++;
}

int wf_statement_parameter(const wf_statement *statement, const char *name)
{
    return statement->engine->parameter(statement, name);
}

static void check_bind(const wf_statement *statement, int parameter)
{
    WF_ASSERT(parameter >= 0 && parameter < statement->parameters);
    WF_ASSERT(!statement->running);
}

static wf_text not_null(wf_text value)
{
    return value.bytes != NULL ? value : WF_TEXT("");
}

void wf_statement_bind_i64(wf_statement *statement, int parameter, int64_t value)
{
    check_bind(statement, parameter);
    statement->engine->bind_i64(statement, parameter, value);
}

void wf_statement_bind_real(wf_statement *statement, int parameter, double value)
{
    check_bind(statement, parameter);
    statement->engine->bind_real(statement, parameter, value);
}

void wf_statement_bind_text(wf_statement *statement, int parameter, wf_text value)
{
    check_bind(statement, parameter);
    statement->engine->bind_text(statement, parameter, not_null(value));
}

void wf_statement_bind_blob(wf_statement *statement, int parameter, wf_text value)
{
    check_bind(statement, parameter);
    statement->engine->bind_blob(statement, parameter, not_null(value));
}

weft_status wf_statement_step(wf_statement *statement, bool *ret_row, weft_error *error)
{
    bool row = false;
    if (!statement->ended) {
        statement->running = true;
        weft_status status = statement->engine->step(statement, &row, error);
        statement->ended = status != WEFT_OK || !row;
        WF_TRY(status);
    }
    *ret_row = row;
    return WEFT_OK;
}

void wf_statement_reset(wf_statement *statement)
{
    statement->engine->reset(statement);
    statement->running = statement->ended = false;
}

static void check_column(const wf_statement *statement, int column)
{
    WF_ASSERT(statement->running && !statement->ended && column >= 0 &&
              column < statement->engine->columns(statement));
}

int wf_statement_columns(const wf_statement *statement)
{
    return statement->engine->columns(statement);
}

const char *wf_statement_column_name(const wf_statement *statement, int column)
{
    WF_ASSERT(column >= 0 && column < statement->engine->columns(statement));
    return statement->engine->column_name(statement, column);
}

bool wf_statement_is_null(const wf_statement *statement, int column)
{
    check_column(statement, column);
    return statement->engine->is_null(statement, column);
}

int64_t wf_statement_i64(const wf_statement *statement, int column)
{
    check_column(statement, column);
    return statement->engine->i64(statement, column);
}

double wf_statement_real(const wf_statement *statement, int column)
{
    check_column(statement, column);
    return statement->engine->real(statement, column);
}

wf_text wf_statement_text(const wf_statement *statement, int column)
{
    check_column(statement, column);
    return statement->engine->text(statement, column);
}

wf_text wf_statement_blob(const wf_statement *statement, int column)
{
    check_column(statement, column);
    return statement->engine->blob(statement, column);
}
