// Refused rows: kept whole and sealed in <city>/refused/, mendable, until their class
// ends.
//
// One file a delivery, "<day of receipt>-<16 hex digits>.rows":
//
//   OFFSET  SIZE
//        0     8  magic "WEFTREF\1"
//        8    16  nonce of the file, random
//       24     8  received, µs UTC (little-endian as everything here)
//       32     4  kind of import
//       36     …  chunks:
//
//        0     4  size of what is sealed
//        4     4  number of the chunk, from 0; the sealed bytes of a purged one are zeros
//        8     4  key class (ring.h)          12  4  day of the key
//       16     4  what it holds: 1 about the delivery, 2 about a source, 3 rows, 4 end
//       20     4  rows in it (4: rows of the file when it was written)
//       24     …  sealed blob; its context is magic, nonce and these 24 bytes
//
// A row whose day could be read is sealed under that day's VISITS key, so that it ends
// with the day; all else under the REFUSED key of the day of receipt. A file without its
// end is cut. What is sealed: (size u32, bytes) texts: 1: mapping's name, mapping's YAML
// ("" : plain CSV); 2: source's number, name, header row; 3: a row each: source's number,
// line, code, field, raw row. Numbers are texts of decimal digits.
#ifndef WF_LOAD_REFUSED_H
#define WF_LOAD_REFUSED_H

#include "base/io.h"
#include "keys/ring.h"
#include "weft/import.h"

// ---- writing ----

typedef struct wf_refused wf_refused;

typedef struct {
    const wf_io *io;
    const char *city_dir;
    wf_keys *keys;
    weft_day received; // civil day of receipt
    weft_time now;
    weft_import_kind kind;
    wf_text mapping_name, mapping_yaml; // borrowed while writing
} wf_refused_options;

// Nothing is written before the first row.
weft_status wf_refused_new(const wf_refused_options *options, wf_refused **ret,
                           weft_error *error) WEFT_MUST_CHECK;
// Says what the rows of a source that follow stand under; the name is borrowed, the
// header is copied.
weft_status wf_refused_source(wf_refused *refused, size_t number, const char *name,
                              wf_text header, weft_error *error) WEFT_MUST_CHECK;

typedef struct {
    size_t source; // number of the source
    uint64_t line;
    wf_text code, field, raw;
    bool dated; // `day` is the row's
    weft_day day;
} wf_refused_row;

// Memory is bounded whatever the number of rows and days.
weft_status wf_refused_add(wf_refused *refused, const wf_refused_row *row,
                           weft_error *error) WEFT_MUST_CHECK;
// Puts the file in place, durable, with the keys it needs. *ret_path is "" when no row
// was refused. May be undone until wf_refused_free.
weft_status wf_refused_finish(wf_refused *refused, wf_path *ret_path,
                              weft_error *error) WEFT_MUST_CHECK;
// Frees; `keep` false removes what was written.
void wf_refused_free(wf_refused *refused, bool keep); // NULL does nothing

// ---- reading ----

typedef struct {
    char name[64];
    weft_time received;
    weft_import_kind kind;
    uint64_t rows;       // as the chunks say
    uint64_t unreadable; // of them, whose key is gone or that are damaged
    char mapping[256];   // "" none, or not readable
} wf_refused_about;

typedef struct {
    const wf_io *io;
    const char *city_dir;
    const wf_keys *keys;
} wf_refused_folder;

// What the reader of a file is given; each function may be NULL.
typedef struct {
    void (*about)(void *context, const wf_refused_about *about, wf_text mapping_yaml);
    void (*source)(void *context, size_t number, wf_text name, wf_text header);
    // False stops reading, which is no failure.
    bool (*row)(void *context, const wf_refused_row *row);
    void *context;
} wf_refused_visitor;

// Reads a file in its order: about, sources, rows; what cannot be opened is left out and
// counted in *ret. Unknown name: WEFT_NOT_FOUND ("refused.unknown"); damaged or cut:
// WEFT_DAMAGED ("refused.damaged"), after what could be read.
weft_status wf_refused_read(const wf_refused_folder *folder, const char *name,
                            const wf_refused_visitor *visitor, wf_refused_about *ret,
                            weft_error *error) WEFT_MUST_CHECK;

// The names of all files, oldest first, in the arena. A folder that is not there is
// empty.
weft_status wf_refused_names(const wf_refused_folder *folder, wf_arena *arena,
                             const char ***ret, size_t *ret_count,
                             weft_error *error) WEFT_MUST_CHECK;

// Removes a file: overwritten, then unlinked.
weft_status wf_refused_remove(const wf_refused_folder *folder, const char *name,
                              weft_error *error) WEFT_MUST_CHECK;

// After keys were destroyed: overwrites all chunks whose key is forgotten, and removes
// files in which no other rows are left. *ret_rows counts the rows that went, again where
// a file keeps its wiped chunks. Also removes what an interrupted import left
// half-written; no import may be under way.
weft_status wf_refused_purge(const wf_refused_folder *folder, uint64_t *ret_rows,
                             weft_error *error) WEFT_MUST_CHECK;

#endif
