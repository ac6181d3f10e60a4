// Views: questions that are declared (sql_file.h) and answered a page at a time.
//
// The rows come from the SELECT of the file; or, where the file says "computed: yes",
// from a C function (wf_view_computed). Either way the header declares columns, key,
// sorts, filters and scope, and the runner sorts, filters, cuts and pages: a page holds
// the rows after the last one of the page before, by (sort value, key), so that rows that
// come and go meanwhile make no row of the others come twice or not at all. Rows without
// a sort value come last. Falling sorts fall in their key too.
//
// A grid cuts rows to those that lie in it. Of a view that names persons, rows come also
// for those whom somebody reaches beside it (beside.h): each of them is found by its own
// statement, through the index of the persons, and the pages of all are merged, so that a
// page costs a page, and none of it is read to be thrown away.
//
// Statements are composed from file and header, prepared when they are first needed, and
// kept. A page token is sealed under the REGISTER key: it tells nothing, and it cannot be
// made up.
//
// Threads: one call at a time.
#ifndef WF_STORE_QUERY_VIEW_H
#define WF_STORE_QUERY_VIEW_H

#include "model/protocol.h"
#include "store/query/beside.h"
#include "store/query/sql_file.h"
#include "store/store.h"

typedef struct wf_views wf_views;
typedef struct wf_view wf_view;

// ---- what is asked ----

typedef struct {
    size_t sort; // place in the file's sorts
    wf_text
        grid; // rows whose grid code begins so; size 0: all, also those without a grid
    // Rows that name one of theirs, too, wherever these lie; NULL: no others. Only where
    // rows are cut by a grid, in views that say "personal: yes".
    const wf_beside *beside;
    // In the order of the file's parameters, all given; of its filters, those that are
    // given. ID, TEXT, WORD, FACT, PERSON and PLACE are texts (external ids); the others
    // numbers, as wf_value says.
    const wf_value *parameters, *filters;
    wf_text after; // a page's `next`; size 0: from the start
    size_t limit;  // rows of a page, 1 to WF_VIEW_LIMIT_MAX
    weft_time now; // the city's
} wf_view_question;

#define WF_VIEW_LIMIT_MAX 100000

// How much of the ledger the rows hold.
typedef struct {
    uint64_t position; // the last that is in them
    weft_time at;      // when that was received; WF_TIME_NONE: nothing was
    bool complete;     // it was the ledger's end
} wf_view_as_of;

// Rows one after another, columns in the file's order; texts and all live in the arena.
// PERSON and PLACE are external ids; FACT is a text. What was sealed is open.
typedef struct {
    const wf_value *values;
    size_t rows_count, columns_count;
    wf_text next; // token of the page that follows; size 0: there is none
    wf_view_as_of as_of;
} wf_view_page;

// ---- computed views ----

typedef struct wf_view_sink wf_view_sink;

// What a function gets.
typedef struct {
    const wf_sql_file *file;
    const wf_view_question *question; // may be used to give less; need not
    wf_store *store;
    wf_database *db; // within a transaction for reading
    wf_numbers numbers;
    const wf_protocol *protocol; // the city's
    const wf_zone *zone;         // the city's
    wf_arena *arena;             // of this call
    // Persons whose rows are wanted wherever they lie, rising: as the question's grid it
    // may be used to give less.
    const int64_t *beside;
    size_t beside_count;
    // Cases, too; of a file that says `beside: yes` also those of these persons.
    const wf_text *cases;
    size_t cases_count;
} wf_view_call;

// Gives the rows, in any order, each key once, by wf_view_give; the runner does the rest.
// A PERSON or PLACE is given by its number, with or without its text.
typedef struct {
    const char *name; // "register/person_file", of the file that declares it
    weft_status (*rows)(void *context, const wf_view_call *call, wf_view_sink *sink,
                        weft_error *error);
    void *context;
} wf_view_computed;

// Values in the order of the file's columns; copied if they are kept.
weft_status wf_view_give(wf_view_sink *sink, const wf_value *values,
                         weft_error *error) WEFT_MUST_CHECK;

// The same of a row that is of work on one of the call's persons or cases: wanted
// wherever it lies (files that say `beside: yes`).
weft_status wf_view_give_beside(wf_view_sink *sink, const wf_value *values,
                                weft_error *error) WEFT_MUST_CHECK;
// Whether a person (below 0: none) is among those of the call.
bool wf_view_is_beside(const wf_view_call *call, int64_t person);

// ---- opening ----

typedef struct {
    wf_store *store;
    wf_keys *keys;
    const wf_kinds *kinds;
    wf_numbers numbers;
    const wf_protocol *protocol;
    const wf_zone *zone;
    const wf_beside_sql *beside; // static; NULL: nothing is beside a grid
    // The numbers of all ids of :weft_person, themselves among them; static; NULL: each
    // id stands for itself.
    const char *same_person;
    const wf_sql_text *texts;    // all of them are read: a contradiction is a bug
    size_t texts_count;
    const wf_view_computed *computed; // one for each file that says so; borrowed
    size_t computed_count;
} wf_views_options;

// Opens a database of its own for reading. Statements are prepared later.
weft_status wf_views_open(const wf_views_options *options, wf_views **ret,
                          weft_error *error) WEFT_MUST_CHECK;
void wf_views_close(wf_views *views); // NULL does nothing

size_t wf_views_count(const wf_views *views);
wf_view *wf_views_at(const wf_views *views, size_t place); // in the order of the texts
// NULL: there is none of that name ("testing/tubes").
wf_view *wf_views_find(const wf_views *views, wf_text name);
const wf_sql_file *wf_view_file(const wf_view *view);

// ---- asking ----

// One page, in the arena. A token that was changed, or is of another view or sort:
// WEFT_BAD_INPUT ("view.after"); a grid for a view whose rows have none, or one that is
// no grid code: WEFT_BAD_INPUT ("view.grid"). An unknown person or place is no error: no
// row has it.
weft_status wf_view_ask(wf_view *view, const wf_view_question *question, wf_arena *arena,
                        wf_view_page *ret, weft_error *error) WEFT_MUST_CHECK;

// All rows, from `after` on, as of one moment, some thousands at a time: `each` gets them
// as pages, whose values live until it returns, and ends the run by a status that is not
// WEFT_OK. `limit` is not used. *ret as the last page's.
weft_status wf_view_all(wf_view *view, const wf_view_question *question,
                        weft_status (*each)(void *context, const wf_view_page *page,
                                            weft_error *error),
                        void *context, wf_view_as_of *ret,
                        weft_error *error) WEFT_MUST_CHECK;

#endif
