// Views: lists that the desks declare ("testing/tubes"), a page at a time or whole.
//
// Here the owner of the city asks: everything is shown. Which views there are, and their
// columns: docs/reference/views.md, or weft_views_list.
#ifndef WEFT_VIEWS_H
#define WEFT_VIEWS_H

#include <stddef.h>
#include <stdint.h>

#include "weft/city.h"

typedef enum {
    WEFT_COLUMN_TEXT, // also ids of persons, places, facts, and words
    WEFT_COLUMN_DATE, // days since 1970-01-01
    WEFT_COLUMN_TIME, // µs UTC
    WEFT_COLUMN_WHOLE,
    WEFT_COLUMN_REAL,
    WEFT_COLUMN_YESNO // 1 or 0
} weft_column_type;

typedef struct {
    const char *name;
    weft_column_type type;
    const char *unit; // "" without one
    const char *title_zh, *title_en;
    bool is_person; // an id of a person, or what identifies one
} weft_view_column;

#define WEFT_VIEW_COLUMNS_MAX 32
#define WEFT_VIEW_LIST_MAX 8

typedef struct {
    const char *name; // "testing/tubes"
    const char *title_zh, *title_en, *about_zh, *about_en;
    bool personal; // rows name persons
    bool has_grid; // rows can be cut by a grid code
    weft_view_column columns[WEFT_VIEW_COLUMNS_MAX];
    size_t columns_count;
    weft_view_column parameters[WEFT_VIEW_LIST_MAX]; // have to be given
    size_t parameters_count;
    const char *filters[WEFT_VIEW_LIST_MAX]; // columns that may be asked for by equality
    size_t filters_count;
    const char *sorts[WEFT_VIEW_LIST_MAX]; // "tube_id", "-sealed_at"; the first is used
    size_t sorts_count;                    // where none is named
} weft_view_about;

// Text is "" unless the type is TEXT; it is ended by NUL.
typedef struct {
    bool given;
    const char *text;
    int64_t number; // DATE, TIME, WHOLE, YESNO
    double real;    // REAL
} weft_view_value;

typedef struct {
    uint64_t position; // the rows hold the ledger up to this fact
    weft_time at;      // when it was received; WEFT_TIME_NONE: there is none
    bool complete;     // the ledger holds no more
} weft_view_as_of;

typedef struct {
    const char *view;          // "testing/tubes"
    const char *const *fields; // "name=value": parameters and filters
    size_t fields_count;
    const char *sort;          // one of the view's; NULL: the first
    const char *grid;          // rows whose grid code begins so; NULL: all
    const weft_beside *beside; // with a grid: rows that name theirs, too; NULL: no others
    const char *after;         // `next` of the page before; NULL: from the start
    size_t limit;              // 1 to 100,000; 0: 100
} weft_view_question;

typedef struct {
    const weft_view_about *about;
    const weft_view_value *values; // row by row, about->columns_count each
    size_t rows_count;
    const char *next; // token of the page that follows; NULL: this is the last
    weft_view_as_of as_of;
} weft_view_page;

// All views, in a fixed order. *ret lives until the records are made anew, or the city is
// closed.
weft_status weft_views_list(weft_city *city, const weft_view_about **ret,
                            size_t *ret_count, weft_error *error) WEFT_MUST_CHECK;

// One page; lives until the next look-up. No such view: WEFT_NOT_FOUND ("view.unknown");
// a sort, field or token that is not of this view: WEFT_BAD_INPUT ("view.…").
weft_status weft_view_read(weft_city *city, const weft_view_question *question,
                           weft_view_page *ret, weft_error *error) WEFT_MUST_CHECK;

// All rows as of one moment, in parts; `limit` is not used. `each` gives false to end:
// WEFT_INTERRUPTED. *ret is the last part's.
weft_status weft_view_read_all(weft_city *city, const weft_view_question *question,
                               bool (*each)(void *context, const weft_view_page *part),
                               void *context, weft_view_as_of *ret,
                               weft_error *error) WEFT_MUST_CHECK;

#endif
