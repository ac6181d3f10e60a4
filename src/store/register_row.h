// One row of a register: its values with their as-ofs, the merge of two rows, and its
// form in SQL. Only for files of src/store.
//
// The column "sealed" is a blob of keys/seal.h whose context is "weft register ",
// the table's name and the key (4 bytes, little endian), so that a blob put into another
// row does not open. Its content is a run of values in the order of the columns:
//
//   OFFSET SIZE
//   0      1    the column's place in its table
//   1      2    size n
//   3      n    a text as it is; a date as 4 bytes
//
// The column "older" is a run of as-ofs in the order of the columns, of those given
// values whose as-of is not the row's "as_of"; NULL when there are none, which is nearly
// always, so that the bookkeeping of a row costs nine bytes:
//
//   0      1    the column's place in its table
//   1      8    as-of, µs UTC
//
// All numbers are little endian.
#ifndef WF_STORE_REGISTER_ROW_H
#define WF_STORE_REGISTER_ROW_H

#include "keys/ring.h"
#include "store/database.h"
#include "store/register.h"
#include "store/schema.h"

#define WF_HOUSEHOLD_KEY_BYTES 16

// What rows are sealed and hashed with.
typedef struct {
    const wf_key *key;
    unsigned char hash_key[WF_HOUSEHOLD_KEY_BYTES];
} wf_row_keys;

// Texts are borrowed: of the caller's values, of the statement, or of `plain`.
typedef struct {
    wf_value values[WF_COLUMNS_MAX]; // [0]: the id of a case, else not given
    int64_t as_of_us[WF_COLUMNS_MAX];
    wf_buffer plain; // the opened content of "sealed"
} wf_row;

void wf_row_done(wf_row *row); // wipes

// Reads the row that `statement` (wf_schema_select) stands on; valid until it moves on.
// Content that breaks the form: WEFT_DAMAGED.
weft_status wf_row_read(const wf_table_form *form, const wf_row_keys *keys,
                        sqlite3_stmt *statement, wf_row *ret,
                        weft_error *error) WEFT_MUST_CHECK;

// What a merge changed.
typedef struct {
    bool visible; // a value
    bool sealed;  // a sealed value
    bool any;     // a value or an as-of
} wf_row_change;

// Merges `values`, all of one as-of, into *row: per column the greater (as-of, value)
// stands. `text_of` gives the ids behind numbers of persons and places, because their
// order, unlike that of the numbers, is the same in every city.
wf_row_change wf_row_merge(const wf_table_form *form, wf_row *row, const wf_value *values,
                           weft_time as_of, wf_register_text_of *text_of, void *context);

// The content of "sealed" under its key, into the empty *ret; empty when the row has no
// sealed values.
weft_status wf_row_seal(const wf_table_form *form, const wf_row_keys *keys,
                        uint32_t number, const wf_row *row, wf_buffer *ret,
                        weft_error *error) WEFT_MUST_CHECK;

// Binds a row's key to the first parameter of `statement`: the number, or a case's id.
weft_status wf_row_bind_key(const wf_table_form *form, uint32_t number,
                            const wf_value *id, sqlite3_stmt *statement,
                            weft_error *error) WEFT_MUST_CHECK;

// Binds the row to `statement` (wf_schema_upsert). `sealed` as of wf_row_seal; texts and
// blobs are not copied: they must stand until the statement has run. `older` is room for
// the as-ofs.
#define WF_ROW_OLDER_BYTES_MAX (9 * WF_COLUMNS_MAX)
weft_status wf_row_bind(const wf_table_form *form, const wf_row_keys *keys,
                        uint32_t number, const wf_row *row, wf_text sealed,
                        unsigned char older[WF_ROW_OLDER_BYTES_MAX],
                        sqlite3_stmt *statement, weft_error *error) WEFT_MUST_CHECK;

// Binds the row's key and as-ofs to `statement` (wf_schema_touch), as wf_row_bind.
weft_status wf_row_bind_as_ofs(const wf_table_form *form, uint32_t number,
                               const wf_row *row,
                               unsigned char older[WF_ROW_OLDER_BYTES_MAX],
                               sqlite3_stmt *statement,
                               weft_error *error) WEFT_MUST_CHECK;

// The hash of a household and the like, for equality; never 0.
int64_t wf_row_key_of(const wf_row_keys *keys, wf_text text);

// Opens the "sealed" blob of a row alone into *row (values of sealed columns only).
weft_status wf_row_open_sealed(const wf_table_form *form, const wf_row_keys *keys,
                               uint32_t number, wf_text sealed, wf_row *ret,
                               weft_error *error) WEFT_MUST_CHECK;

#endif
