// A file system for SQLite that seals what it writes (sealed_page.h has the form), over
// the table of file I/O, so that every write, sync, truncation and removal can be made to
// fail in a test.
//
// What stands on the disk: <path>, and while it is open <path>-wal, both sealed. SQLite
// is refused every other file: no rollback journal, no temporary files (temp_store has to
// be MEMORY), nothing mapped. A leftover <path>-journal is never looked at.
//
// Each connection has a file system of its own, so that its key is no global; what the
// connections of the process share is in sealed_place.h. Other processes are kept out by
// the lock of the city's folder.
//
// After a sync that failed nothing is written any more until the file is opened again:
// the kernel may have dropped what it could not write and say "done" the next time.
//
// Threads: for one thread at a time, as its connection.
#ifndef WF_STORE_SEALED_FILE_H
#define WF_STORE_SEALED_FILE_H

#include "base/io.h"
#include "keys/ring.h"

typedef struct wf_sealed_vfs wf_sealed_vfs;

// Puts an empty database at path, mode 0600, whole or not at all; a log that was left
// there goes first. Nothing may be at path.
weft_status wf_sealed_create(const wf_io *io, const wf_key *key, const char *path,
                             weft_error *error) WEFT_MUST_CHECK;

// The file system for one connection to the file at path (absolute, without links). io
// and key are borrowed until wf_sealed_free. Not a file of ours: WEFT_DAMAGED
// ("records.damaged"); sealed under another key: WEFT_KEYLESS ("records.other_key");
// missing: WEFT_NOT_FOUND ("io.missing").
weft_status wf_sealed_new(const wf_io *io, const wf_key *key, const char *path,
                          bool writes, wf_sealed_vfs **ret,
                          weft_error *error) WEFT_MUST_CHECK;
// After the connection is closed. NULL does nothing.
void wf_sealed_free(wf_sealed_vfs *vfs);

// Why the newest failure of reading or writing was, as errno; 0: none.
int wf_sealed_errno(const wf_sealed_vfs *vfs);

// The name for sqlite3_open_v2.
const char *wf_sealed_name(const wf_sealed_vfs *vfs);

#endif
