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
//       16     4  what it holds: 1 about the delivery, 2 about a source, 5 rows, 4 end;
//                 3 rows as they were written before reasons had values
//       20     4  rows in it (4: rows of the file when it was written)
//       24     …  sealed blob; its context is magic, nonce and these 24 bytes
//
// A row whose day could be read is sealed under that day's VISITS key, so that it ends
// with the day; all else under the REFUSED key of the day of receipt. A file without its
// end is cut. What is sealed consists of numbers (7 bits a byte, the lowest first; the
// high bit: more follows) and texts (size as a number, bytes):
//
//   1  mapping's name, mapping's YAML ("": plain CSV)
//   2  source's number, name, header row; the rows that follow are of this source
//   5  a row each: number of its reason; its line less that of the row before, doubled
//      (less than nothing: as in −n → 2n − 1); raw row, empty for a further part of
//      the row at that line, where a mapping made several of it.
//      Reason 0 is followed by its code and field, the number of the values that its
//      sentence names, and the name and text of each; the first 31 so given in a chunk
//      are called 1, 2, … by the rows after them.
//   3  as 5; of a reason only code and field
//   4  rows of the file
//
// The name's digits are made of what was refused (kind, mapping, sources, lines, raw
// rows) under the REFUSED key of the day in the name: the same delivery twice has one
// file. The second takes the first one's place.
//
// Becoming visible: "….rows.next" is being written. Complete and durable it is called
// "….rows.next-v18" or "….rows.next-r5" until the import has committed, which it has
// once the visit store is at generation 18, or the ledger at commit 5. Then it gets
// its name; after a crash wf_refused_settle does that, or removes it.
#ifndef WF_LOAD_REFUSED_H
#define WF_LOAD_REFUSED_H

#include "base/io.h"
#include "keys/ring.h"
#include "weft/import.h"

#define WF_REFUSED_NAME_MAX 64 // with its NUL

// What was committed so far.
typedef struct {
    uint64_t visits;    // wf_visits_generation
    uint64_t registers; // of the ledger
} wf_refused_commits;

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
    const char *replaces; // name of the file whose rows are tried again, or NULL
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
    wf_text code, field;
    const weft_error_param *params; // of the code's sentence; borrowed
    size_t params_count;            // at most WEFT_ERROR_PARAMS_MAX
    wf_text raw;                    // empty: another part of the row at this line
    bool dated;                     // `day` is the row's
    weft_day day;
} wf_refused_row;

// Memory is bounded whatever the number of rows and
// days: some 64 KiB for each of up to 513 days at hand.
weft_status wf_refused_add(wf_refused *refused, const wf_refused_row *row,
                           weft_error *error) WEFT_MUST_CHECK;
// Makes the file complete and durable, with the keys it needs, but not visible: it waits
// for the commit after `now`. *ret_path is what it will be called, "" when no row was
// refused.
weft_status wf_refused_finish(wf_refused *refused, const wf_refused_commits *now,
                              wf_path *ret_path, weft_error *error) WEFT_MUST_CHECK;
// After the commit: makes the file visible. What fails here is made good by the next
// wf_refused_settle.
void wf_refused_show(wf_refused *refused);
// Frees; what was not shown is removed, unless `keep` says that it is not known whether
// the import has committed. NULL does nothing.
void wf_refused_free(wf_refused *refused, bool keep);

// ---- reading ----

typedef struct {
    char name[WF_REFUSED_NAME_MAX];
    weft_time received;
    weft_import_kind kind;
    uint64_t rows;       // as the chunks say
    uint64_t unreadable; // of them, whose key is gone or that are damaged
    bool partly_gone;    // rows, or what they stand under, cannot be read any more
    char mapping[256];   // "" none, or not readable
} wf_refused_about;

typedef struct {
    const wf_io *io;
    const char *city_dir;
    const wf_keys *keys;
} wf_refused_folder;

typedef enum {
    WF_REFUSED_ABOUT,  // mapping_yaml
    WF_REFUSED_SOURCE, // number, name, header; empty texts where it cannot be read
    WF_REFUSED_ROW,    // row
    WF_REFUSED_END
} wf_refused_what;

// One thing read; texts live until the next is read.
typedef struct {
    wf_refused_what what;
    wf_text mapping_yaml;
    size_t number;
    wf_text name, header;
    wf_refused_row row;
} wf_refused_item;

typedef struct wf_refused_reader wf_refused_reader;

// Unknown name: WEFT_NOT_FOUND ("refused.unknown"). A damaged file is opened: what can be
// read of it is read.
weft_status wf_refused_reader_open(const wf_refused_folder *folder, const char *name,
                                   wf_refused_reader **ret,
                                   weft_error *error) WEFT_MUST_CHECK;
void wf_refused_reader_close(wf_refused_reader *reader); // NULL does nothing
// The next thing in the file's order: about, sources, each followed by its rows. What
// cannot be opened is left out. Where the end should come: WEFT_DAMAGED
// ("refused.damaged") if the file is damaged or cut. Memory: one chunk.
weft_status wf_refused_next(wf_refused_reader *reader, wf_refused_item *ret,
                            weft_error *error) WEFT_MUST_CHECK;
// What was read so far says this about the file.
const wf_refused_about *wf_refused_reader_about(const wf_refused_reader *reader);
// Begins again. From now on only keys that were met in the first reading are used and
// the ring is not looked at: the reader may run beside a thread that makes keys.
void wf_refused_reader_rewind(wf_refused_reader *reader);

// The next names after `after` ("": from the oldest) in rising order, at most `max`; a
// folder that is not there is empty. Memory: `max` names, whatever the folder holds.
weft_status wf_refused_names(const wf_refused_folder *folder, const char *after,
                             char (*ret)[WF_REFUSED_NAME_MAX], size_t max,
                             size_t *ret_count, weft_error *error) WEFT_MUST_CHECK;

// ---- the folder ----

// What an import left that was cut off: shows the files whose import has committed,
// removes the others. No import may be under way. Called on opening a city and before
// each import.
weft_status wf_refused_settle(const wf_refused_folder *folder,
                              const wf_refused_commits *now,
                              weft_error *error) WEFT_MUST_CHECK;

// Removes a file: overwritten, then unlinked.
weft_status wf_refused_remove(const wf_refused_folder *folder, const char *name,
                              weft_error *error) WEFT_MUST_CHECK;

// After keys were destroyed: overwrites all chunks whose key is forgotten, and removes
// files in which no other rows are left. *ret_rows counts the rows that went, again where
// a file keeps its wiped chunks; *ret_files the files. Also removes what an interrupted
// import left half-written; no import may be under way.
weft_status wf_refused_purge(const wf_refused_folder *folder, uint64_t *ret_rows,
                             uint64_t *ret_files, weft_error *error) WEFT_MUST_CHECK;

#endif
