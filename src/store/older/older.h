// records.db of before the ledger: what it holds, for the upgrade. It is only read.
//
// A plain SQLite file, application id "WEFT", user version 1, with the tables persons,
// places and cases: a column each of model/columns that identifies nobody,
// "household_key" (not needed), and
//
//   as_of    INTEGER  greatest as-of of the row's values, µs UTC; NULL: it has no value
//   older    BLOB     9 bytes for each value that is older: its column's place, its as-of
//   sealed   BLOB     persons: a blob under the ring's REGISTER key, whose context is
//                     "weft register ", the table's name, the row's number (4 bytes):
//                     for each value its column's place (1), size (2), bytes; of a date
//                     its day (4)
//
// and a table "about", whose value 'key' opens to "this key" under that key. Little
// endian.
//
// An upgrade sets the file aside as <city>/records.older, so that nothing takes the city
// for an empty one meanwhile. At its end it is called records.older-gone, overwritten,
// and removed.
#ifndef WF_STORE_OLDER_H
#define WF_STORE_OLDER_H

#include "base/io.h"
#include "keys/ring.h"
#include "model/columns.h"
#include "model/value.h"

typedef enum {
    WF_OLDER_NONE,  // the folder has no such file
    WF_OLDER_THERE, // records.db is one
    WF_OLDER_ASIDE  // records.older is there: an upgrade was begun
} wf_older_state;
weft_status wf_older_look(const wf_io *io, const char *city_dir, wf_older_state *ret,
                          weft_error *error) WEFT_MUST_CHECK;

// THERE → ASIDE: brings what is in the file's log into it, and gives it its other name.
weft_status wf_older_set_aside(const wf_io *io, const char *city_dir,
                               weft_error *error) WEFT_MUST_CHECK;
// ASIDE → NONE: what it holds is in the ledger. The file is overwritten and removed; what
// fails of that is made good by wf_older_settle.
weft_status wf_older_end(const wf_io *io, const char *city_dir,
                         weft_error *error) WEFT_MUST_CHECK;
// Removes what a removal that was cut off left. On opening a city.
weft_status wf_older_settle(const wf_io *io, const char *city_dir,
                            weft_error *error) WEFT_MUST_CHECK;

typedef struct wf_older wf_older;

// Opens the file that was set aside. Of another city, or damaged: WEFT_DAMAGED; the ring
// has not its key: WEFT_KEYLESS. `keys` must outlive it.
weft_status wf_older_open(const char *city_dir, const wf_keys *keys, wf_older **ret,
                          weft_error *error) WEFT_MUST_CHECK;
void wf_older_close(wf_older *older); // NULL does nothing

// One row. Persons and places of it are numbers of the dictionary; so is the row's own
// id, but for cases, whose id is values[0].
typedef struct {
    uint32_t number;
    wf_value values[WF_COLUMNS_MAX];
    int64_t as_of_us[WF_COLUMNS_MAX]; // of the values that are given
    bool broken;                      // its values cannot be read, or are none
} wf_older_row;

// Calls `each` for all rows of a table in the order of their keys, until it fails. Texts
// live until the call returns.
typedef weft_status wf_older_visitor(void *context, const wf_older_row *row,
                                     weft_error *error);
weft_status wf_older_scan(wf_older *older, wf_register_kind kind, wf_older_visitor *each,
                          void *context, weft_error *error) WEFT_MUST_CHECK;

// The greatest as-of of the table; INT64_MIN: it has none.
weft_status wf_older_newest(wf_older *older, wf_register_kind kind, int64_t *ret_us,
                            weft_error *error) WEFT_MUST_CHECK;

#endif
