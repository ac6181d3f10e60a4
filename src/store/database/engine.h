// What an engine (sqlite.c, postgres.c) does for database.h; inside of src/store only.
#ifndef WF_STORE_ENGINE_H
#define WF_STORE_ENGINE_H

#include "store/database/database.h"

typedef struct {
    wf_dialect dialect;
    void (*close)(wf_database *db);
    weft_status (*run)(wf_database *db, const char *sql, weft_error *error);
    weft_status (*begin)(wf_database *db, weft_error *error);
    weft_status (*commit)(wf_database *db, weft_error *error);
    void (*rollback)(wf_database *db);
    weft_status (*settle)(wf_database *db, weft_error *error);
    size_t (*log_pages)(const wf_database *db);
    void (*on_work)(wf_database *db, void (*between)(void *context), void *context);
    weft_status (*checkpoint)(wf_database *db, weft_error *error);

    weft_status (*prepare)(wf_database *db, const char *sql, wf_statement **ret,
                           weft_error *error);
    void (*free)(wf_statement *statement);
    int (*parameter)(const wf_statement *statement, const char *name);
    void (*bind_i64)(wf_statement *statement, int parameter, int64_t value);
    void (*bind_real)(wf_statement *statement, int parameter, double value);
    // Never called with NULL bytes.
    void (*bind_text)(wf_statement *statement, int parameter, wf_text value);
    void (*bind_blob)(wf_statement *statement, int parameter, wf_text value);
    weft_status (*step)(wf_statement *statement, bool *ret_row, weft_error *error);
    void (*reset)(wf_statement *statement);
    int (*columns)(const wf_statement *statement);
    const char *(*column_name)(const wf_statement *statement, int column);
    bool (*is_null)(const wf_statement *statement, int column);
    int64_t (*i64)(const wf_statement *statement, int column);
    double (*real)(const wf_statement *statement, int column);
    wf_text (*text)(const wf_statement *statement, int column);
    wf_text (*blob)(const wf_statement *statement, int column);
} wf_engine;

// The first member of each engine's own.
struct wf_database {
    const wf_engine *engine;
    const char *place; // for errors: the path, or an address without user and password
    wf_statement *given_back; // that may be taken again, the newest first
    size_t given_back_count;
};

struct wf_statement {
    wf_database *db;
    const wf_engine *engine;
    int parameters;
    bool running;       // stepped since the last reset
    bool started;       // the engine's own
    bool ended;         // its last step gave no row
    char *sql;          // of one that was taken; NULL: it was prepared
    wf_statement *next; // given back
};

weft_status wf_sqlite_open(const wf_database_options *options, wf_database **ret,
                           weft_error *error) WEFT_MUST_CHECK;
weft_status wf_postgres_open(const wf_database_options *options, wf_database **ret,
                             weft_error *error) WEFT_MUST_CHECK;

#endif
