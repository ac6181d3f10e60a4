// Opening SQLite safely, and its failures as ours. Only for files of src/store.
//
// SQLite does its own file I/O: records.db is outside wf_io. What stands in its place
// are WAL with synchronous = FULL and tests that end the space of the file.
//
// Threads: a connection is for one thread at a time.
#ifndef WF_STORE_DATABASE_H
#define WF_STORE_DATABASE_H

#include <sqlite3.h>

#include "base/io.h"
#include "base/text.h"

// "WEFT", in the file's header: what makes the file ours.
#define WF_DATABASE_APPLICATION INT64_C(0x57454654)

typedef enum { WF_DATABASE_WRITE, WF_DATABASE_READ } wf_database_use;

// Opens <folder>/records.db; WRITE makes an empty file (mode 0600) if there is none.
// A link in its place is refused, a name is never read as a URI, and nothing that the
// file's own schema brings along (triggers, views, functions) is run.
weft_status wf_database_open(const char *folder, wf_database_use use, sqlite3 **ret,
                             weft_error *error) WEFT_MUST_CHECK;

// The failure of the newest call on `db`: NOMEM → WEFT_NO_MEMORY, FULL → WEFT_DISK_FULL,
// CORRUPT, NOTADB → WEFT_DAMAGED ("register.damaged"), BUSY → WEFT_BUSY
// ("register.busy"), all others WEFT_STORAGE ("register.io"). SQLite's own sentence is
// left out where it could repeat a value.
weft_status wf_database_fail(sqlite3 *db, weft_error *error);

// "register.damaged" for content that SQLite read but that breaks our form.
weft_status wf_database_damaged(sqlite3 *db, weft_error *error);

// Runs statements without results.
weft_status wf_database_run(sqlite3 *db, const char *sql,
                            weft_error *error) WEFT_MUST_CHECK;
// The first column of the first row; NULL or no row gives `otherwise`.
weft_status wf_database_number(sqlite3 *db, const char *sql, int64_t otherwise,
                               int64_t *ret, weft_error *error) WEFT_MUST_CHECK;
// A statement that is kept; the caller finalises it. It has to be the only one of `sql`.
weft_status wf_database_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **ret,
                                weft_error *error) WEFT_MUST_CHECK;
// The next row: *ret_row false at the end.
weft_status wf_database_step(sqlite3_stmt *statement, bool *ret_row,
                             weft_error *error) WEFT_MUST_CHECK;
// Ends a statement's run; what went wrong was said by its step.
void wf_database_reset(sqlite3_stmt *statement);

// A column as text or as bytes, borrowed until the statement moves on; size 0 for NULL.
wf_text wf_database_text(sqlite3_stmt *statement, int column);
wf_text wf_database_blob(sqlite3_stmt *statement, int column);

#endif
