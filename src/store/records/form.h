// SQL made from the declarations of tables: the schema of records.db in both dialects,
// and the statements that read and write whole rows. Only for files of src/store.
//
// A table has, in this order:
//   key        the key columns; persons and places as numbers of the dictionary
//   plain      one SQL column for each other column that is not sealed
//   keyed      "<column>_key": keyed hash of a sealed column whose equality is asked
//   stamps     when and by whom each `last` value was said (records/row.h)
//   own        1 when a fact that no rule sent (device rule/…) names the row, else 0
//   sealed     the sealed values (records/row.h); only where the table has such columns
#ifndef WF_STORE_RECORDS_FORM_H
#define WF_STORE_RECORDS_FORM_H

#include "model/kind.h"
#include "store/database/database.h"

typedef enum {
    WF_PART_VALUE, // key or plain
    WF_PART_KEYED,
    WF_PART_STAMPS,
    WF_PART_OWN,
    WF_PART_SEALED
} wf_part_kind;

// One SQL column; `column` is the place in the table's columns, where it has one.
typedef struct {
    wf_part_kind kind;
    size_t column;
} wf_part;

#define WF_PARTS_MAX (2 * WF_TABLE_COLUMNS_MAX + 3)

typedef struct {
    const wf_table *table;
    wf_part parts[WF_PARTS_MAX];
    size_t parts_count;
    bool has_sealed, has_stamps, has_indexes;
} wf_form;

void wf_form_init(wf_form *form, const wf_table *table);

// Each appends one statement, ended by NUL (not counted in size).
// CREATE TABLE with types, and meaning and unit in comments.
weft_status wf_form_create(const wf_form *form, wf_dialect dialect, wf_buffer *ret,
                           weft_error *error) WEFT_MUST_CHECK;
// The indexes of the columns that are declared so, of the rows where they are given: ";"
// after each, nothing when there are none. Making them is no change where they stand.
weft_status wf_form_make_indexes(const wf_form *form, wf_buffer *ret,
                                 weft_error *error) WEFT_MUST_CHECK;
weft_status wf_form_drop_indexes(const wf_form *form, wf_buffer *ret,
                                 weft_error *error) WEFT_MUST_CHECK;
// Whole rows, columns in the order of the parts: one by its key (parameters :p0 … are the
// key columns), or all, unordered.
weft_status wf_form_select(const wf_form *form, bool by_key, wf_buffer *ret,
                           weft_error *error) WEFT_MUST_CHECK;
// A whole row put in place of the one with its key; parameter i is part i.
weft_status wf_form_upsert(const wf_form *form, wf_buffer *ret,
                           weft_error *error) WEFT_MUST_CHECK;
// The row with its key goes; parameters as wf_form_select.
weft_status wf_form_delete(const wf_form *form, wf_buffer *ret,
                           weft_error *error) WEFT_MUST_CHECK;

#endif
