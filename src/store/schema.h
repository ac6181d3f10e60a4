// SQL made from the column table: the schema of records.db, and the statements that
// read and write whole rows. Only for files of src/store.
//
// A table has, in this order:
//   key       persons, places: the dictionary's number; cases: the id as text
//   plain     one SQL column for each column that is not sealed
//   keyed     "<column>_key": keyed hash of a sealed column whose equality is asked
//   as_of     the greatest as-of among the row's values, µs UTC; NULL: no values
//   older     the as-ofs of values that are older than that (register_row.h)
//   sealed    the sealed values (register_row.h); only where the table has such columns
#ifndef WF_STORE_SCHEMA_H
#define WF_STORE_SCHEMA_H

#include "base/text.h"
#include "model/columns.h"

// PRAGMA user_version. A change of the column table or of the form of rows is a new
// version, and brings the step that leads there from the one before.
#define WF_SCHEMA_VERSION 1

typedef enum {
    WF_SLOT_KEY,
    WF_SLOT_PLAIN,
    WF_SLOT_KEYED,
    WF_SLOT_AS_OF,
    WF_SLOT_OLDER,
    WF_SLOT_SEALED
} wf_slot_kind;

// One SQL column; `column` is the index into the table's columns, where it has one.
typedef struct {
    wf_slot_kind kind;
    size_t column;
} wf_slot;

#define WF_SLOTS_MAX (2 * WF_COLUMNS_MAX + 3)

typedef struct {
    const wf_register_table *table;
    wf_register_kind kind;
    wf_slot slots[WF_SLOTS_MAX];
    size_t slots_count;
    bool has_sealed;
} wf_table_form;

void wf_table_form_init(wf_table_form *form, wf_register_kind kind);

// Each appends one statement, ended by NUL (not counted in size).
// CREATE TABLE with types, CHECKs, and meaning and unit in comments.
weft_status wf_schema_create(const wf_table_form *form, wf_buffer *ret,
                             weft_error *error) WEFT_MUST_CHECK;
// Whole rows, columns in the order of the slots: one by its key, or all by rising key.
weft_status wf_schema_select(const wf_table_form *form, bool by_key, wf_buffer *ret,
                             weft_error *error) WEFT_MUST_CHECK;
// A whole row put in place of the one with its key; parameter i + 1 is slot i.
weft_status wf_schema_upsert(const wf_table_form *form, wf_buffer *ret,
                             weft_error *error) WEFT_MUST_CHECK;
// Only the as-ofs of the row with key ?1: "as_of" is ?2, "older" is ?3.
weft_status wf_schema_touch(const wf_table_form *form, wf_buffer *ret,
                            weft_error *error) WEFT_MUST_CHECK;

// The table beside the registers: what the file says of itself.
extern const char wf_schema_about[];

#endif
