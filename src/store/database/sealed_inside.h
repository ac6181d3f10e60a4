// What the files of the sealing file system share among themselves.
#ifndef WF_STORE_SEALED_INSIDE_H
#define WF_STORE_SEALED_INSIDE_H

#include <sqlite3.h>

#include "store/database/sealed_file.h"
#include "store/database/sealed_page.h"
#include "store/database/sealed_place.h"

struct wf_sealed_vfs {
    sqlite3_vfs base;
    char name[32];
    const wf_io *io;
    wf_sealer sealer;
    bool writes;
    bool stopped;    // a sync has failed
    int errno_value; // of the newest failure
    unsigned char sealed[WF_FRAME_BYTES];
    unsigned char plain[WF_PAGE_BYTES];
    size_t path_size;
    char path[]; // then "-wal" and NUL
};

// An open file of SQLite's.
typedef struct {
    sqlite3_file base;
    wf_sealed_vfs *vfs;
    int file;        // −1: a log that a reader has not found yet
    bool new_name;   // the folder has to be synced with it
    wf_place *place; // the database only
    wf_place_hold hold;
    // The log only.
    bool header_known; // header holds what was last written or read
    unsigned char header[WF_LOG_HEADER];
    uint32_t frame; // whose plain header is frame_header; 0: none
    unsigned char frame_header[WF_FRAME_HEADER];
    uint32_t written; // the newest frame since the header
    uint32_t durable; // frames up to here are synced
} wf_sealed_file;

// Reads at most `size` bytes; SQLITE_OK and what was got, or SQLITE_IOERR_READ.
int wf_sealed_load(wf_sealed_file *file, void *to, size_t size, sqlite3_int64 at,
                   size_t *ret_got);
// Writes all, or SQLITE_FULL, SQLITE_IOERR_WRITE.
int wf_sealed_put(wf_sealed_file *file, const void *from, size_t size, sqlite3_int64 at);

// The log, in SQLite's own bytes: any part may be read; headers and pages are written
// whole.
int wf_sealed_log_read(wf_sealed_file *file, unsigned char *to, size_t size,
                       sqlite3_int64 at);
int wf_sealed_log_write(wf_sealed_file *file, const unsigned char *from, size_t size,
                        sqlite3_int64 at);

#endif
