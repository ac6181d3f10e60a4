// One SQL database, SQLite or PostgreSQL, behind one small interface: what runs on both
// is written once (DESIGN §3, shared SQL).
//
// SQLite: <city>/records.db, sealed page by page (sealed_file.h), all I/O through wf_io.
// PostgreSQL: a connection of libpq.
//
// SQL is given as text of the shared subset, with parameters :name, which are numbered
// from 0 by first appearance. Texts and blobs that are bound must stand until the step.
//
// Threads: a database is for one thread at a time.
#ifndef WF_STORE_DATABASE_H
#define WF_STORE_DATABASE_H

#include "base/io.h"
#include "base/text.h"
#include "keys/ring.h"

typedef struct wf_database wf_database;
typedef struct wf_statement wf_statement;

typedef enum { WF_DIALECT_SQLITE, WF_DIALECT_POSTGRES } wf_dialect;
// CHECKPOINT: for wf_database_checkpoint alone, beside the one that writes.
typedef enum {
    WF_DATABASE_WRITE,
    WF_DATABASE_READ,
    WF_DATABASE_CHECKPOINT
} wf_database_use;

typedef struct {
    const wf_io *io;   // borrowed while the database is open
    const wf_key *key; // as io; seals the pages (SQLite); NULL: PostgreSQL
    // A path (SQLite; WRITE makes an empty file, mode 0600, if there is none; a link in
    // its place is refused), or "postgres://…".
    const char *where;
    wf_database_use use;
    size_t cache_bytes; // of pages in memory (SQLite); 0: 64 MiB to write, 16 to read
} wf_database_options;

// Only one database may be open for writing. A file that another key seals: WEFT_KEYLESS
// ("records.other_key"); READ of a missing one: WEFT_NOT_FOUND ("io.missing").
weft_status wf_database_open(const wf_database_options *options, wf_database **ret,
                             weft_error *error) WEFT_MUST_CHECK;
void wf_database_close(wf_database *db); // NULL does nothing; rolls back
wf_dialect wf_database_dialect(const wf_database *db);

// Failures: NOMEM → WEFT_NO_MEMORY, full disk → WEFT_DISK_FULL, a page that does not open
// or a broken file → WEFT_DAMAGED ("records.damaged"), held by another → WEFT_BUSY, a
// lost connection or any other → WEFT_STORAGE ("records.io"). The engine's own sentence
// is left out where it could repeat a value.

// After a failure within a transaction only a rollback is sure to help. After a sync that
// failed nothing is written until the database is opened again.

// Runs statements without parameters and results.
weft_status wf_database_run(wf_database *db, const char *sql,
                            weft_error *error) WEFT_MUST_CHECK;
// A transaction; of a READ database it sees what was committed before its first statement
// and nothing later.
weft_status wf_database_begin(wf_database *db, weft_error *error) WEFT_MUST_CHECK;
// On failure it is rolled back.
weft_status wf_database_commit(wf_database *db, weft_error *error) WEFT_MUST_CHECK;
void wf_database_rollback(wf_database *db); // outside of a transaction: does nothing
// Brings all that was committed into the file itself and empties its log, which then may
// be renamed or copied after it is closed (SQLite; a reader that is in a transaction
// makes it WEFT_BUSY). PostgreSQL: nothing.
weft_status wf_database_settle(wf_database *db, weft_error *error) WEFT_MUST_CHECK;
// How many pages the newest commit has left in the log of a database for writing (SQLite;
// PostgreSQL: 0). From 4,096 on a commit brings what it can into the file itself, one of
// each 1,024 pages, and begins the log again when all is in it.
size_t wf_database_log_pages(const wf_database *db);
// Has a statement that takes long call `between` every millisecond or so, on its thread;
// it may ask nothing of the database. NULL: no more. PostgreSQL: never.
void wf_database_on_work(wf_database *db, void (*between)(void *context), void *context);
// Brings what was committed into the file, as far as no reader needs the older pages,
// while another writes and others read; then the writer's own commits find less to do. A
// sync that failed: nobody may write until the writer's database is opened again.
weft_status wf_database_checkpoint(wf_database *db, weft_error *error) WEFT_MUST_CHECK;
// "records.damaged" for content that was read but breaks our form.
weft_status wf_database_damaged(wf_database *db, weft_error *error);

// The first column of the first row; NULL or no row gives `otherwise`.
weft_status wf_database_number(wf_database *db, const char *sql, int64_t otherwise,
                               int64_t *ret, weft_error *error) WEFT_MUST_CHECK;

// ---- statements ----

// A statement that is kept; it has to be the only one of `sql`.
weft_status wf_database_prepare(wf_database *db, const char *sql, wf_statement **ret,
                                weft_error *error) WEFT_MUST_CHECK;
void wf_statement_free(wf_statement *statement); // NULL does nothing

// The same for what is asked again and again, each time with another value: one of this
// `sql` that was given back is taken, else it is prepared. Preparing costs some ten times
// what a few rows do.
weft_status wf_database_take(wf_database *db, const char *sql, wf_statement **ret,
                             weft_error *error) WEFT_MUST_CHECK;
// Ends its run; it may be freed instead. NULL does nothing.
void wf_statement_give_back(wf_statement *statement);

// The number of a parameter (its name without ":"), −1 if the statement has none of it.
int wf_statement_parameter(const wf_statement *statement, const char *name);
// Binds before the first step or after a reset; what is not bound since is NULL. A text
// must be UTF-8 without NUL (PostgreSQL refuses others).
void wf_statement_bind_i64(wf_statement *statement, int parameter, int64_t value);
void wf_statement_bind_real(wf_statement *statement, int parameter, double value);
void wf_statement_bind_text(wf_statement *statement, int parameter, wf_text value);
void wf_statement_bind_blob(wf_statement *statement, int parameter, wf_text value);

// The next row: *ret_row false at the end, and again until a reset. The first step runs
// the statement. Other statements may run between two steps.
weft_status wf_statement_step(wf_statement *statement, bool *ret_row,
                              weft_error *error) WEFT_MUST_CHECK;
// Ends a statement's run and forgets what was bound; what went wrong was said by its
// step.
void wf_statement_reset(wf_statement *statement);

// Columns of the row at hand, from 0 (number and names stand when a step has been made);
// texts and blobs are borrowed until the statement
// moves on. NULL reads as 0 or as an empty text.
int wf_statement_columns(const wf_statement *statement);
const char *wf_statement_column_name(const wf_statement *statement, int column);
bool wf_statement_is_null(const wf_statement *statement, int column);
int64_t wf_statement_i64(const wf_statement *statement, int column);
double wf_statement_real(const wf_statement *statement, int column);
wf_text wf_statement_text(const wf_statement *statement, int column);
wf_text wf_statement_blob(const wf_statement *statement, int column);

#endif
