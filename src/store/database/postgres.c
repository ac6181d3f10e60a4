// PostgreSQL behind database.h, by libpq: a connection and its prepared statements.
//
// Rows come one by one as they are asked for. A connection does one thing at a time: when
// another statement begins, what the running one has left is read into memory first.
#include <float.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/database/engine.h"
#include "store/database/postgres_sql.h"

enum {
    rows_bytes_max = 256 << 20, // of one statement, when they have to be kept
    number_room = 32,
    // Types of pg_type, as the protocol has them.
    type_bool = 16,
    type_bytea = 17,
    type_i64 = 20,
    type_text = 25,
    type_real = 701
};

typedef struct postgres_statement postgres_statement;

typedef struct {
    wf_database base;
    PGconn *connection;
    wf_database_use use;
    unsigned long names;         // of statements, so far
    postgres_statement *running; // its rows are still coming; NULL: none
    char place[400];
} postgres_database;

typedef struct {
    Oid type; // 0: NULL
    const char *bytes;
    int size;
    char number[number_room];
} binding;

struct postgres_statement {
    wf_statement base;
    wf_postgres_sql sql;
    char name[number_room];
    PGresult
        *about; // columns, types of parameters; NULL: not known before the first step
    binding *bindings;
    Oid *types;
    PGresult **kept; // rows that were read ahead, then what ended them
    size_t kept_count, kept_room, kept_at, kept_bytes;
    PGresult *row;
    wf_buffer *blobs; // one a column, decoded
};

static postgres_database *of(wf_database *db)
{
    return (postgres_database *)db;
}

static postgres_statement *statement_of(wf_statement *statement)
{
    return (postgres_statement *)statement;
}

static const postgres_statement *reading(const wf_statement *statement)
{
    return (const postgres_statement *)statement;
}

// ---- failures ----

static weft_status fail_other(const postgres_database *d, const char *reason,
                              weft_error *error)
{
    return wf_fail(error, WEFT_STORAGE, "records.io", "path", d->place, "reason", reason,
                   NULL);
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

// By the standard's code of the failure: the server's sentence could repeat a value.
static weft_status fail(postgres_database *d, const PGresult *result, weft_error *error)
{
    const char *code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    char reason[number_room];
    if (code == NULL)
        code = "";
    if (PQstatus(d->connection) != CONNECTION_OK || begins(code, "08") ||
        begins(code, "57P"))
        return wf_fail(error, WEFT_STORAGE, "records.connection", "path", d->place, NULL);
    if (strcmp(code, "53100") == 0)
        return wf_fail(error, WEFT_DISK_FULL, "io.disk_full", "path", d->place, "reason",
                       "SQLSTATE 53100", NULL);
    if (strcmp(code, "53200") == 0)
        return wf_fail_memory(error);
    if (begins(code, "40") || strcmp(code, "55P03") == 0 || strcmp(code, "53300") == 0)
        return wf_fail(error, WEFT_BUSY, "records.busy", "path", d->place, NULL);
    if (strcmp(code, "XX001") == 0 || strcmp(code, "XX002") == 0)
        return wf_database_damaged(&d->base, error);
    WF_IGNORE(snprintf(reason, sizeof reason, "SQLSTATE %.5s", code) < 0,
              "five letters fit");
    return fail_other(d, code[0] != '\0' ? reason : "?", error);
}

static bool is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
           status == PGRES_SINGLE_TUPLE || status == PGRES_EMPTY_QUERY;
}

// Ends with the result.
static weft_status finish(postgres_database *d, PGresult *result, weft_error *error)
{
    weft_status status = is_good(result) ? WEFT_OK : fail(d, result, error);
    PQclear(result);
    return status;
}

// ---- rows that are kept ----

static void forget_rows(postgres_statement *s)
{
    PQclear(s->row);
    for (size_t i = s->kept_at; i < s->kept_count; i++)
        PQclear(s->kept[i]);
    s->row = NULL;
    s->kept_at = s->kept_count = s->kept_bytes = 0;
}

// Takes the result. False: no memory, or too much.
static bool keep(postgres_statement *s, PGresult *result)
{
    size_t bytes = PQresultMemorySize(result);
    if (s->kept_count == s->kept_room) {
        size_t room = s->kept_room == 0 ? 64 : s->kept_room * 2;
        PGresult **kept = realloc(s->kept, room * sizeof *kept);
        if (kept == NULL) {
            PQclear(result);
            return false;
        }
        s->kept = kept;
        s->kept_room = room;
    }
    s->kept[s->kept_count++] = result;
    s->kept_bytes += bytes;
    return s->kept_bytes <= rows_bytes_max;
}

static void drop_rest(postgres_database *d)
{
    for (PGresult *result; (result = PQgetResult(d->connection)) != NULL;)
        PQclear(result);
    d->running = NULL;
}

// Makes the connection free for another statement.
static weft_status make_free(postgres_database *d, weft_error *error)
{
    postgres_statement *s = d->running;
    if (s == NULL)
        return WEFT_OK;
    for (PGresult *result; (result = PQgetResult(d->connection)) != NULL;)
        if (!keep(s, result)) {
            drop_rest(d);
            forget_rows(s);
            s->base.ended = true;
            return wf_fail_memory(error);
        }
    d->running = NULL;
    return WEFT_OK;
}

// ---- transactions ----

static weft_status execute(postgres_database *d, const char *sql, weft_error *error)
{
    WF_TRY(make_free(d, error));
    return finish(d, PQexec(d->connection, sql), error);
}

static weft_status postgres_run(wf_database *db, const char *sql, weft_error *error)
{
    return execute(of(db), sql, error);
}

static weft_status postgres_begin(wf_database *db, weft_error *error)
{
    return execute(of(db),
                   of(db)->use == WF_DATABASE_WRITE
                       ? "BEGIN"
                       : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                   error);
}

// The server answers COMMIT of a transaction that failed before with "ROLLBACK".
static weft_status postgres_commit(wf_database *db, weft_error *error)
{
    postgres_database *d = of(db);
    WF_TRY(make_free(d, error));
    PGresult *result = PQexec(d->connection, "COMMIT");
    bool rolled_back = is_good(result) && strcmp(PQcmdStatus(result), "COMMIT") != 0;
    WF_TRY(finish(d, result, error));
    return rolled_back ? fail_other(d, "SQLSTATE 25P02", error) : WEFT_OK;
}

static void postgres_rollback(wf_database *db)
{
    postgres_database *d = of(db);
    if (d->running != NULL) {
        d->running->base.ended = true;
        drop_rest(d);
    }
    PGTransactionStatusType now = PQtransactionStatus(d->connection);
    if (now == PQTRANS_INTRANS || now == PQTRANS_INERROR)
        PQclear(PQexec(d->connection, "ROLLBACK"));
}

// Its own processes do that.
static weft_status postgres_settle(wf_database *db, weft_error *error)
{
    (void)db;
    (void)error;
    return WEFT_OK;
}

static size_t postgres_log_pages(const wf_database *db)
{
    (void)db;
    return 0;
}

// The work is the server's.
static void postgres_on_work(wf_database *db, void (*between)(void *context),
                             void *context)
{
    (void)db;
    (void)between;
    (void)context;
}

// ---- preparing ----

static void drop_on_server(postgres_statement *s)
{
    char sql[64];
    weft_error ignored = {0};
    int size = snprintf(sql, sizeof sql, "DEALLOCATE %s", s->name);
    if (s->name[0] != '\0' && size > 0)
        WF_IGNORE(execute(of(s->base.db), sql, &ignored) != WEFT_OK,
                  "it goes with the connection");
    s->name[0] = '\0';
}

static void postgres_free(wf_statement *statement)
{
    postgres_statement *s = statement_of(statement);
    postgres_database *d = of(statement->db);
    if (d->running == s)
        drop_rest(d);
    forget_rows(s);
    drop_on_server(s);
    for (int i = 0; s->blobs != NULL && i < PQnfields(s->about); i++)
        wf_buffer_done(&s->blobs[i]);
    PQclear(s->about);
    wf_postgres_sql_done(&s->sql);
    free(s->bindings);
    free(s->types);
    free(s->kept);
    free(s->blobs);
    free(s);
}

// Prepares under a new name, with the types of what is bound where it is known.
static weft_status prepare_on_server(postgres_statement *s, const Oid *types,
                                     weft_error *error)
{
    postgres_database *d = of(s->base.db);
    char name[number_room];
    int size = snprintf(name, sizeof name, "weft_%lu", ++d->names);
    WF_ASSERT(size > 0 && (size_t)size < sizeof name);
    WF_TRY(finish(d,
                  PQprepare(d->connection, name, s->sql.text, s->base.parameters, types),
                  error));
    PGresult *about = PQdescribePrepared(d->connection, name);
    if (!is_good(about))
        return finish(d, about, error);
    if (s->blobs == NULL)
        s->blobs = calloc((size_t)PQnfields(about) + 1, sizeof *s->blobs);
    PQclear(s->about);
    s->about = about;
    memcpy(s->name, name, sizeof s->name);
    return s->blobs != NULL ? WEFT_OK : wf_fail_memory(error);
}

// Failures of a statement whose types could not be guessed; it may be right.
static bool is_of_types(const weft_error *error)
{
    static const char *const codes[] = {"42P08", "42P18", "42725", "42804", "42883"};
    const char *said = error->params_count > 1 ? error->params[1].value : "";
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (begins(said, "SQLSTATE ") && strcmp(said + 9, codes[i]) == 0)
            return true;
    return false;
}

// Prepares before types are known, so that what is no statement is refused here: within a
// transaction that must not end for it.
static weft_status try_on_server(postgres_statement *s, weft_error *error)
{
    postgres_database *d = of(s->base.db);
    weft_error why = {0};
    bool within = PQtransactionStatus(d->connection) == PQTRANS_INTRANS;
    if (within)
        WF_TRY(execute(d, "SAVEPOINT weft_prepare", error));
    weft_status status = prepare_on_server(s, NULL, &why);
    if (within && status != WEFT_OK)
        WF_TRY(execute(d, "ROLLBACK TO weft_prepare", error));
    if (within)
        WF_TRY(execute(d, "RELEASE weft_prepare", error));
    if (status == WEFT_OK || (s->base.parameters > 0 && is_of_types(&why)))
        return WEFT_OK;
    *error = why;
    return status;
}

static weft_status prepare(postgres_statement *s, const char *sql, weft_error *error)
{
    if (!wf_postgres_sql_read(sql, &s->sql))
        return wf_fail_memory(error);
    size_t count = s->sql.names_count;
    s->base.parameters = (int)count;
    s->bindings = calloc(count + 1, sizeof *s->bindings);
    s->types = calloc(count + 1, sizeof *s->types);
    if (s->bindings == NULL || s->types == NULL)
        return wf_fail_memory(error);
    WF_TRY(make_free(of(s->base.db), error));
    return try_on_server(s, error);
}

static weft_status postgres_prepare(wf_database *db, const char *sql, wf_statement **ret,
                                    weft_error *error)
{
    postgres_statement *s = calloc(1, sizeof *s);
    if (s == NULL)
        return wf_fail_memory(error);
    s->base = (wf_statement){.db = db, .engine = db->engine};
    weft_status status = prepare(s, sql, error);
    if (status != WEFT_OK) {
        postgres_free(&s->base);
        return status;
    }
    *ret = &s->base;
    return WEFT_OK;
}

// ---- binding ----

static int postgres_parameter(const wf_statement *statement, const char *name)
{
    return wf_postgres_sql_find(&reading(statement)->sql, name);
}

static void bind(wf_statement *statement, int parameter, Oid type, wf_text value)
{
    WF_ASSERT(value.size <= INT32_MAX);
    binding *b = &statement_of(statement)->bindings[parameter];
    b->type = type;
    b->bytes = value.bytes;
    b->size = (int)value.size;
}

static void postgres_bind_i64(wf_statement *statement, int parameter, int64_t value)
{
    char *room = statement_of(statement)->bindings[parameter].number;
    int size = snprintf(room, number_room, "%" PRId64, value);
    bind(statement, parameter, type_i64, (wf_text){room, (size_t)size});
}

static void postgres_bind_real(wf_statement *statement, int parameter, double value)
{
    char *room = statement_of(statement)->bindings[parameter].number;
    int size = snprintf(room, number_room, "%.17g", value);
    bind(statement, parameter, type_real, (wf_text){room, (size_t)size});
}

static void postgres_bind_text(wf_statement *statement, int parameter, wf_text value)
{
    bind(statement, parameter, type_text, value);
}

static void postgres_bind_blob(wf_statement *statement, int parameter, wf_text value)
{
    bind(statement, parameter, type_bytea, value);
}

// ---- running ----

// The server guesses the types of parameters from their places: `:at + 60` would be of 32
// bits. Where a guess differs from what is bound, it is told.
static weft_status settle_types(postgres_statement *s, weft_error *error)
{
    bool differs = s->about == NULL;
    for (int i = 0; i < s->base.parameters; i++) {
        Oid type = s->bindings[i].type;
        differs = differs || (type != 0 && type != PQparamtype(s->about, i));
        if (type != 0)
            s->types[i] = type;
    }
    if (!differs)
        return WEFT_OK;
    drop_on_server(s);
    return prepare_on_server(s, s->types, error);
}

// Numbers are sent as text, texts and blobs as they are.
static weft_status start(postgres_statement *s, weft_error *error)
{
    postgres_database *d = of(s->base.db);
    WF_TRY(make_free(d, error));
    WF_TRY(settle_types(s, error));
    size_t count = (size_t)s->base.parameters;
    const char **values = calloc(count + 1, sizeof *values);
    int *sizes = calloc(count + 1, sizeof *sizes);
    int *forms = calloc(count + 1, sizeof *forms);
    bool sent = false, room = values != NULL && sizes != NULL && forms != NULL;
    for (size_t i = 0; room && i < count; i++) {
        const binding *b = &s->bindings[i];
        values[i] = b->type != 0 ? b->bytes : NULL;
        sizes[i] = b->size;
        forms[i] = b->type == type_text || b->type == type_bytea;
    }
    if (room)
        sent = PQsendQueryPrepared(d->connection, s->name, (int)count, values, sizes,
                                   forms, 0) == 1;
    free(values);
    free(sizes);
    free(forms);
    if (!room)
        return wf_fail_memory(error);
    if (!sent)
        return fail(d, NULL, error);
    WF_ASSERT(PQsetSingleRowMode(d->connection) == 1);
    d->running = s;
    return WEFT_OK;
}

// The next result, from those that were kept or from the server; NULL at the end.
static PGresult *next_result(postgres_statement *s)
{
    postgres_database *d = of(s->base.db);
    if (s->kept_at < s->kept_count)
        return s->kept[s->kept_at++];
    if (d->running != s)
        return NULL;
    PGresult *result = PQgetResult(d->connection);
    if (result == NULL)
        d->running = NULL;
    return result;
}

// Room for the bytes of the row at hand, so that reading them cannot fail.
static weft_status make_room(const postgres_statement *s, weft_error *error)
{
    for (int i = 0; i < PQnfields(s->row); i++)
        if (PQftype(s->row, i) == type_bytea) {
            wf_buffer_clear(&s->blobs[i]);
            if (!wf_buffer_reserve(&s->blobs[i],
                                   (size_t)PQgetlength(s->row, 0, i) / 2 + 1))
                return wf_fail_memory(error);
        }
    return WEFT_OK;
}

static weft_status postgres_step(wf_statement *statement, bool *ret_row,
                                 weft_error *error)
{
    postgres_statement *s = statement_of(statement);
    if (!statement->started)
        WF_TRY(start(s, error));
    statement->started = true;
    PQclear(s->row);
    s->row = NULL;
    for (PGresult *result; (result = next_result(s)) != NULL;) {
        if (PQresultStatus(result) == PGRES_SINGLE_TUPLE) {
            s->row = result;
            *ret_row = true;
            return make_room(s, error);
        }
        weft_status status = finish(of(statement->db), result, error);
        if (status != WEFT_OK) {
            if (of(statement->db)->running == s)
                drop_rest(of(statement->db));
            return status;
        }
    }
    *ret_row = false;
    return WEFT_OK;
}

static void postgres_reset(wf_statement *statement)
{
    postgres_statement *s = statement_of(statement);
    if (of(statement->db)->running == s)
        drop_rest(of(statement->db));
    forget_rows(s);
    for (int i = 0; i < statement->parameters; i++)
        s->bindings[i].type = 0;
    statement->started = false;
}

// ---- columns ----

static int postgres_columns(const wf_statement *statement)
{
    return PQnfields(reading(statement)->about);
}

static const char *postgres_column_name(const wf_statement *statement, int column)
{
    return PQfname(reading(statement)->about, column);
}

static bool postgres_is_null(const wf_statement *statement, int column)
{
    return PQgetisnull(reading(statement)->row, 0, column) != 0;
}

// NULL is an empty text here.
static wf_text value_of(const wf_statement *statement, int column)
{
    const PGresult *row = reading(statement)->row;
    return (wf_text){PQgetvalue(row, 0, column), (size_t)PQgetlength(row, 0, column)};
}

static bool is_bool(const wf_statement *statement, int column)
{
    return PQftype(reading(statement)->row, column) == type_bool;
}

static double postgres_real(const wf_statement *statement, int column)
{
    double value = 0;
    wf_text text = value_of(statement, column);
    if (is_bool(statement, column))
        return wf_text_equal(text, WF_TEXT("t"));
    return wf_parse_double(text, -DBL_MAX, DBL_MAX, &value) ? value : 0;
}

static int64_t postgres_i64(const wf_statement *statement, int column)
{
    static const double i64_end = 9223372036854775808.0;
    int64_t value = 0;
    if (wf_parse_i64(value_of(statement, column), INT64_MIN, INT64_MAX, &value))
        return value;
    double real = postgres_real(statement, column);
    return real >= -i64_end && real < i64_end ? (int64_t)real : 0;
}

static wf_text postgres_text(const wf_statement *statement, int column)
{
    return value_of(statement, column);
}

static int hex_digit(char letter)
{
    return letter <= '9' ? letter - '0' : letter - 'a' + 10;
}

// The server sends "\x" and two digits a byte.
static wf_text postgres_blob(const wf_statement *statement, int column)
{
    wf_text hex = value_of(statement, column);
    if (PQftype(reading(statement)->row, column) != type_bytea || hex.size < 2)
        return hex;
    wf_buffer *blob = &reading(statement)->blobs[column];
    size_t size = hex.size / 2 - 1;
    WF_ASSERT(blob->capacity > size); // by make_room
    for (size_t i = 0; i < size; i++)
        blob->bytes[i] = (char)(hex_digit(hex.bytes[2 + 2 * i]) << 4 |
                                hex_digit(hex.bytes[3 + 2 * i]));
    blob->size = size;
    return wf_buffer_text(blob);
}

// ---- opening ----

static void postgres_close(wf_database *db)
{
    PQfinish(of(db)->connection);
    free(db);
}

static const wf_engine engine = {
    .dialect = WF_DIALECT_POSTGRES,
    .close = postgres_close,
    .run = postgres_run,
    .begin = postgres_begin,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .settle = postgres_settle,
    .log_pages = postgres_log_pages,
    .on_work = postgres_on_work,
    .checkpoint = postgres_settle,
    .prepare = postgres_prepare,
    .free = postgres_free,
    .parameter = postgres_parameter,
    .bind_i64 = postgres_bind_i64,
    .bind_real = postgres_bind_real,
    .bind_text = postgres_bind_text,
    .bind_blob = postgres_bind_blob,
    .step = postgres_step,
    .reset = postgres_reset,
    .columns = postgres_columns,
    .column_name = postgres_column_name,
    .is_null = postgres_is_null,
    .i64 = postgres_i64,
    .real = postgres_real,
    .text = postgres_text,
    .blob = postgres_blob,
};

static void be_silent(void *context, const char *message)
{
    (void)context;
    (void)message;
}

static weft_status reach(postgres_database *d, const char *where, weft_error *error)
{
    // What comes later wins, so that an address may say its own timeout.
    const char *words[] = {"connect_timeout", "application_name", "dbname", NULL};
    const char *values[] = {"10", "weft", where, NULL};
    d->connection = PQconnectdbParams(words, values, 1);
    if (d->connection == NULL)
        return wf_fail_memory(error);
    const char *host = PQhost(d->connection), *name = PQdb(d->connection);
    bool reached = PQstatus(d->connection) == CONNECTION_OK;
    // An address that could not be read may hold its password anywhere.
    WF_IGNORE(reached && snprintf(d->place, sizeof d->place, "postgres://%s/%s",
                                  host != NULL ? host : "", name != NULL ? name : "") < 0,
              "a name that is cut is still of use");
    if (!reached)
        return wf_fail(error, WEFT_STORAGE, "records.connection", "path", d->place, NULL);
    WF_IGNORE(PQsetNoticeProcessor(d->connection, be_silent, NULL) == NULL,
              "it gives the one before");
    return WEFT_OK;
}

weft_status wf_postgres_open(const wf_database_options *options, wf_database **ret,
                             weft_error *error)
{
    postgres_database *d = calloc(1, sizeof *d);
    if (d == NULL)
        return wf_fail_memory(error);
    d->base = (wf_database){.engine = &engine, .place = d->place};
    d->use = options->use;
    memcpy(d->place, "postgres://", sizeof "postgres://");
    weft_status status = reach(d, options->where, error);
    if (status == WEFT_OK)
        status = execute(
            d,
            "SET client_encoding = 'UTF8'; SET client_min_messages = error;"
            "SET standard_conforming_strings = on; SET bytea_output = 'hex';"
            "SET extra_float_digits = 3; SET timezone = 'UTC'; SET lock_timeout = '2s';"
            "SET synchronous_commit = on",
            error);
    if (status == WEFT_OK && d->use == WF_DATABASE_READ)
        status = execute(d, "SET default_transaction_read_only = on", error);
    if (status != WEFT_OK) {
        postgres_close(&d->base);
        return status;
    }
    *ret = &d->base;
    return WEFT_OK;
}
