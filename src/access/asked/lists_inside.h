// A list that is being written: its rows, before they are in order. Only for lists*.c.
#ifndef WF_ACCESS_ASKED_LISTS_INSIDE_H
#define WF_ACCESS_ASKED_LISTS_INSIDE_H

#include "access/city/city.h"
#include "load/record.h"
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
} wf_listing;

// A value of a column of `fields`, as it is written. New texts in the arena; false: no
// memory.
bool wf_listing_value(const wf_listing *list, const wf_column *field,
                      const wf_value *value, wf_arena *arena,
                      wf_back_value *ret) WEFT_MUST_CHECK;
// Adds a row of values, one a field; texts are copied. False: no memory.
bool wf_listing_add(wf_listing *list, const wf_back_value *values,
                    wf_text key) WEFT_MUST_CHECK;
// By their keys.
void wf_listing_sort(wf_listing *list);

// lists_contacts.c, lists_work.c: all rows, in order.
weft_status wf_listing_contacts(wf_listing *list, weft_error *error) WEFT_MUST_CHECK;
weft_status wf_listing_tubes(wf_listing *list, weft_error *error) WEFT_MUST_CHECK;
weft_status wf_listing_followups(wf_listing *list, weft_error *error) WEFT_MUST_CHECK;
weft_status wf_listing_results(wf_listing *list, weft_error *error) WEFT_MUST_CHECK;

#endif
