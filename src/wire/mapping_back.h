// A mapping read backwards: values of fields → the columns of somebody's file.
//
// Each column that the mapping names is written once, in the order of the kind's fields.
// What comes of a value is what the mapping reads as that value again, as far as the file
// can carry it: a pattern without hours keeps the day, `otherwise` and `split` what is
// left after them. In this order: the prefix goes; the word that `back` or `map` gives
// stands for the value (of several the first; of a column from which several fields come
// one that is all of their values, if the map has it); of joined columns each gets its
// part, the last the rest.
//
// Pure. Threads: any.
#ifndef WF_WIRE_MAPPING_BACK_H
#define WF_WIRE_MAPPING_BACK_H

#include "wire/mapping.h"

typedef struct {
    wf_text name;
    size_t field; // the first field that the column belongs to; or WF_BACK_ALSO
    size_t part;  // of its joined columns; of the columns that are only written
} wf_back_column;
#define WF_BACK_ALSO SIZE_MAX
#define WF_BACK_COLUMNS_MAX                                                              \
    (WF_MAPPING_FIELDS_MAX * WF_MAPPING_COLUMNS_MAX + WF_MAPPING_ALSO_MAX)

typedef struct {
    const wf_mapping *mapping; // NULL: each field is a column of its name
    const wf_mapping_kind *kind;
    const wf_zone *zone;
    wf_back_column columns[WF_BACK_COLUMNS_MAX];
    size_t columns_count;
} wf_back;

// `mapping` and `zone` are borrowed. Columns that go by number have no name to write:
// WEFT_BAD_INPUT ("mapping.no_way_back").
weft_status wf_back_init(const wf_mapping *mapping, const wf_mapping_kind *kind,
                         const wf_zone *zone, wf_back *ret,
                         weft_error *error) WEFT_MUST_CHECK;

// A value of a field: a text, or a time where `timed` (whole days as their date).
typedef struct {
    bool given, timed;
    wf_text text;
    weft_time at;
} wf_back_value;

// The cell of a column in a row of values, one a field. New texts in the arena; false
// when it is full.
bool wf_back_cell(const wf_back *back, size_t column, const wf_back_value *values,
                  wf_arena *arena, wf_text *ret) WEFT_MUST_CHECK;

#endif
