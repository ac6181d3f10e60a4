// A whole row of records.db in memory, between SQL and the fold. Only for files of
// src/store.
//
// "sealed" is a blob of keys/seal.h whose context is "weft records ", the table's name
// and the key, so that a blob put into another row does not open. Its content is a run of
// values in the order of the columns:
//
//   OFFSET SIZE
//   0      1    the column's place in its table
//   1      2    size n
//   3      n    a text as it is; a date as 4 bytes
//
// "stamps" is a run of groups, so that a row whose values were said by one fact, which is
// nearly every row, carries one:
//
//   0      1    n, how many columns; 0: all that no other group names
//   1      n    their places in the table
//   …      8    at, µs UTC
//   …      1    size of device
//   …      …    device ("import" for all devices import/…)
//   …      8    seq (0 for imports, whose values stand for it)
//
// All numbers are little endian.
#ifndef WF_STORE_RECORDS_ROW_H
#define WF_STORE_RECORDS_ROW_H

#include "keys/ring.h"
#include "store/records/form.h"

#define WF_EQUALITY_KEY_BYTES 16

// What rows are sealed and hashed with.
typedef struct {
    const wf_key *key;
    unsigned char equality_key[WF_EQUALITY_KEY_BYTES];
} wf_record_keys;

// Who said a value, and when: the greater by (at, device, seq) stands.
typedef struct {
    int64_t at_us;
    wf_text device;
    int64_t seq;
} wf_stamp;

// Texts are borrowed: of facts, of the statement, or of `plain`. FACT values are texts
// ("S-03-2/118").
typedef struct {
    wf_value values[WF_TABLE_COLUMNS_MAX];
    wf_stamp stamps[WF_TABLE_COLUMNS_MAX]; // of given `last` values
    bool own;
    wf_buffer plain; // the opened content of "sealed"
} wf_record;

void wf_record_done(wf_record *row); // wipes
// Forgets the values, keeps the memory.
void wf_record_clear(wf_record *row);

// True for columns whose SQL value is text.
bool wf_record_is_text(const wf_column *column);

// The keys, out of the REGISTER key of the ring, made if there is none.
weft_status wf_record_keys_make(wf_keys *keys, wf_record_keys *ret,
                                weft_error *error) WEFT_MUST_CHECK;
// The same of a city whose rows are open, for what nobody keeps: writes nothing.
weft_status wf_record_keys_find(wf_keys *keys, wf_record_keys *ret,
                                weft_error *error) WEFT_MUST_CHECK;

// Reads the row that `statement` (wf_form_select) stands on; valid until it moves on.
// Content that breaks the form: WEFT_DAMAGED.
weft_status wf_record_read(const wf_form *form, const wf_record_keys *keys,
                           const wf_statement *statement, wf_record *ret,
                           weft_error *error) WEFT_MUST_CHECK;

// Opens the "sealed" blob of a row whose key stands in row->values; its values go there
// too.
weft_status wf_record_open_sealed(const wf_form *form, const wf_record_keys *keys,
                                  wf_text sealed, wf_record *row,
                                  weft_error *error) WEFT_MUST_CHECK;

// Binds the key of a row: its key values in order, from parameter 0.
void wf_record_bind_key(const wf_form *form, const wf_value *values,
                        wf_statement *statement);
// Binds the row to `statement` (wf_form_upsert). What is bound lies in the row and in
// `room`, which must stand until the statement has run; wiped by the caller's end.
typedef struct {
    wf_buffer sealed, stamps;
} wf_record_room;
weft_status wf_record_bind(const wf_form *form, const wf_record_keys *keys,
                           const wf_record *row, wf_record_room *room,
                           wf_statement *statement, weft_error *error) WEFT_MUST_CHECK;

// The hash of a household and the like, for equality; never 0.
int64_t wf_record_equality(const wf_record_keys *keys, wf_text text);

#endif
