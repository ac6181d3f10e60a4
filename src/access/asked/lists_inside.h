// A list that is being written: its rows, before they are in order. Only for lists*.c.
#ifndef WF_ACCESS_ASKED_LISTS_INSIDE_H
#define WF_ACCESS_ASKED_LISTS_INSIDE_H

#include "access/city/city.h"
#include "load/record.h"
#include "weft/lists.h"
#include "wire/mapping_back.h"

typedef struct {
    wf_text key;    // by which lists are in order
    wf_text *cells; // one a column
} wf_list_row_cells;

typedef struct {
    weft_city *city;
    wf_load_kinds kinds;
    bool titled; // a template: columns by what people of the language call them
    bool is_english;
    const wf_mapping_kind *kind;
    wf_back back;
    const wf_register_table *fields; // NULL: visits and encounters, of which only a
                                     // template is written
    const wf_table *table;
    size_t columns[WF_COLUMNS_MAX]; // of the table, of each field
    wf_arena arena;
    wf_list_row_cells *rows;
    size_t rows_count, rows_capacity;
    // lists_carried.c
    bool reads_back;
    wf_binding binding;
    uint64_t lost[WF_MAPPING_FIELDS_MAX], changed[WF_MAPPING_FIELDS_MAX], rows_out;
} wf_listing;

// A value of a column of `fields`, as it is written. New texts in the arena; false: no
// memory.
bool wf_listing_value(const wf_listing *list, const wf_column *field,
                      const wf_value *value, wf_arena *arena,
                      wf_back_value *ret) WEFT_MUST_CHECK;
// Adds a row of values, one a field; texts are copied. False: no memory.
bool wf_listing_add(wf_listing *list, const wf_back_value *values,
                    wf_text key) WEFT_MUST_CHECK;
// lists_carried.c: rows are read back from now on by the mapping; NULL: they are not.
void wf_listing_bind(wf_listing *list, const wf_mapping *mapping);
// Notes what the cells do not carry of the values; *ret_out: the row stays out. False: no
// memory.
bool wf_listing_carries(wf_listing *list, const wf_back_value *values,
                        const wf_text *cells, bool *ret_out) WEFT_MUST_CHECK;
void wf_listing_tell(const wf_listing *list, const weft_list_options *options);

// By their keys.
void wf_listing_sort(wf_listing *list);

// lists_contacts.c, lists_work.c: all rows, in order.
weft_status wf_listing_contacts(wf_listing *list, weft_error *error) WEFT_MUST_CHECK;
weft_status wf_listing_tubes(wf_listing *list, weft_error *error) WEFT_MUST_CHECK;
weft_status wf_listing_followups(wf_listing *list, weft_error *error) WEFT_MUST_CHECK;
weft_status wf_listing_results(wf_listing *list, weft_error *error) WEFT_MUST_CHECK;

#endif
