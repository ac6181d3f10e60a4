// What the files of the view runner share. Only for files of src/store/query and tests.
#ifndef WF_STORE_QUERY_VIEW_INSIDE_H
#define WF_STORE_QUERY_VIEW_INSIDE_H

#include "model/grid.h"
#include "store/query/sql_number.h"
#include "store/query/view.h"
#include "store/records/row.h"

// By what rows are ordered: the sort's column, then those of the key.
#define WF_VIEW_ORDER_MAX (1 + WF_SQL_LIST_MAX)

typedef struct {
    size_t columns[WF_VIEW_ORDER_MAX];
    size_t count;
    bool falls;
    bool can_be_null; // the sort's column, which is not of the key
} wf_view_order;

// Where a page ended: values in the order's columns; PERSON and PLACE by number.
typedef struct {
    bool given; // else the rows begin
    wf_value values[WF_VIEW_ORDER_MAX];
} wf_view_position;

// By what a row is among those that are wanted.
typedef enum {
    WF_VIEW_ALL,     // by nothing
    WF_VIEW_GRID,    // by where it lies
    WF_VIEW_PERSONS, // by a person beside the grid
    WF_VIEW_CASES    // by a case beside it
} wf_view_reach;

// One of the statements of a view. Its rows are those with a sort value, or those
// without.
typedef struct {
    size_t sort;
    uint32_t filters; // bits of those that are given
    wf_view_reach reach;
    bool after, nulls;
} wf_view_variant;

typedef struct wf_view_statement {
    wf_view_variant variant;
    wf_statement *statement;
    struct wf_view_statement *next;
} wf_view_statement;

// Rows of one table that are opened.
typedef struct {
    wf_form form;
    size_t key[WF_SQL_LIST_MAX]; // places of its key in the file's columns
    int sealed;                  // column of the statements
} wf_view_opened;

struct wf_view {
    wf_views *views;
    wf_sql_file file;
    const wf_view_computed *computed; // NULL: rows come from SQL
    wf_sql_number numbers[WF_SQL_LIST_MAX];
    wf_view_statement *statements;
    wf_view_opened *opened;
    size_t opened_count;
    // Columns by which rows lie beside a grid; SIZE_MAX: it has none.
    size_t person, case_id;
};

struct wf_views {
    wf_views_options options;
    wf_arena arena; // of the files
    wf_view *items;
    size_t count;
    wf_database *db;
    wf_statement *persons, *cases, *their_cases; // beside a grid; NULL: not asked yet
    wf_record_keys row_keys;
    wf_record row; // that is being opened
};

// A question made ready.
typedef struct {
    wf_view *view;
    const wf_view_question *question;
    wf_view_order order;
    bool scoped;
    wf_grid_area area;
    const int64_t *persons; // beside the area, rising
    size_t persons_count;
    const wf_text *cases;
    size_t cases_count;
    wf_view_position after;
    size_t limit;
} wf_view_run;

// Rows that came of it: pointers to as many values as the file has columns.
typedef struct {
    wf_value **rows;
    size_t count, capacity;
} wf_view_rows;

wf_view_order wf_view_order_of(const wf_sql_file *file, size_t sort);

// The number of a person or place that is asked for; −1: it has none, and no row has it.
int64_t wf_view_number_of(const wf_view *view, const wf_column *about, wf_text id);

// A row's values get the texts of persons and places. False: no memory.
bool wf_view_name(const wf_view *view, wf_value *row, wf_arena *arena);

// A row against another in the run's order; 0: they are the same row.
int wf_view_compare(const wf_view_run *run, const wf_value *row, const wf_value *other);

// ---- view_beside.c ----

// The columns by which rows of the view lie beside a grid.
void wf_view_beside_open(wf_view *view);
// Finds whom the run reaches beside its area; in the arena. Within a transaction.
weft_status wf_view_beside_find(wf_view_run *run, wf_arena *arena,
                                weft_error *error) WEFT_MUST_CHECK;
bool wf_view_beside_has(const wf_view_run *run, const wf_value *row);
// Of rows that came of several statements the first run->limit in the run's order, each
// once.
void wf_view_beside_merge(const wf_view_run *run, wf_view_rows *rows);
void wf_view_beside_close(wf_views *views);

// ---- view_sql.c ----

// Appends the statement, ended by NUL (counted).
weft_status wf_view_compose(const wf_view *view, const wf_view_variant *variant,
                            wf_buffer *ret, weft_error *error) WEFT_MUST_CHECK;
// At most run->limit rows.
weft_status wf_view_sql_rows(const wf_view_run *run, wf_arena *arena, wf_view_rows *ret,
                             weft_error *error) WEFT_MUST_CHECK;
weft_status wf_view_sql_open(wf_view *view, weft_error *error) WEFT_MUST_CHECK;
void wf_view_sql_close(wf_view *view);

// ---- view_computed.c ----

weft_status wf_view_computed_rows(const wf_view_run *run, wf_arena *arena,
                                  wf_view_rows *ret, weft_error *error) WEFT_MUST_CHECK;

// ---- view_token.c ----

// The token of a position; in the arena.
weft_status wf_view_token_make(const wf_view *view, size_t sort,
                               const wf_view_position *position, wf_arena *arena,
                               wf_text *ret, weft_error *error) WEFT_MUST_CHECK;
weft_status wf_view_token_read(const wf_view *view, size_t sort, wf_text token,
                               wf_arena *arena, wf_view_position *ret,
                               weft_error *error) WEFT_MUST_CHECK;

#endif
