// How a handler answers a question about the city: on a reader, and, where it shows
// people, with a look that is durable before anything leaves (access/looks/looks.h).
//
//   static weft_status ask_x(wf_asking *a) { … fills a->answer and a->rows … }
//   static void x(wf_exchange *x) { wf_asking_answer(x, ask_x); }
//
// The rows of an answer are objects of JSON, or where there are hundreds of them, their
// bytes. They are made before a byte leaves, for the look that has to be durable first
// names everybody whom they show. What is written beyond wf_asking_whole_bytes waits
// packed (packed.h) and leaves in pieces, as fast as the client takes them; less leaves
// as one. Where CSV is asked for, `columns` of each row make the file, set before the
// first row; as_of, complete and next stand in headers of the answer then (Weft-As-Of,
// Weft-Complete, Weft-Next).
#ifndef WF_SERVE_AREAS_ASKING_H
#define WF_SERVE_AREAS_ASKING_H

#include "access/looks/looks.h"
#include "access/rights/answers.h"
#include "serve/areas/kept.h"
#include "serve/areas/packed.h"
#include "serve/http/exchange.h"

enum { wf_asking_whole_bytes = 256 << 10 };

typedef struct {
    wf_exchange *x;
    wf_asker asker; // on the reader; its time is the exchange's
    // The answer: an object, to which the rows are added under "rows".
    json_t *answer, *rows;
    wf_buffer written; // rows that are bytes already, which then are all of them; of CSV
                       // the last one alone
    bool is_written;
    const char *const *columns; // of CSV, ended by NULL; NULL: only JSON is given
    weft_view_as_of as_of;
    bool complete;
    json_t *missing;  // may be NULL
    const char *next; // of the page that follows; NULL: none. In the exchange's arena
    bool has_look;
    wf_look look;
    wf_look_shown shown;
    bool is_kept; // as this
    wf_kept_as kept_as;
    // The answer as it leaves: what comes first of it is packed where it is large.
    wf_buffer bytes;
    wf_packed *packed; // NULL: it is small
    size_t taken;      // of what is packed
    const char *type;
} wf_asking;

// Asks, and ends the exchange: with what `ask` made, or with its error.
void wf_asking_answer(wf_exchange *x,
                      weft_status (*ask)(wf_asking *a, weft_error *error));

// As wf_asking_answer, of what is the same for all of a role and grid and shows nobody:
// the bytes of JSON are kept for who asks next (kept.h). `asked`: all that it depends on
// beside them; borrowed.
void wf_asking_answer_kept(wf_exchange *x, const char *asked,
                           weft_status (*ask)(wf_asking *a, weft_error *error));

// Begins the look that the header names. `asked` as wf_looks_begin. Before anything is
// read.
weft_status wf_asking_look(wf_asking *a, wf_look_use use, const char *asked,
                           weft_error *error) WEFT_MUST_CHECK;

// Appends a row, which is taken over; WEFT_NO_MEMORY.
weft_status wf_asking_row(wf_asking *a, json_t *row, weft_error *error) WEFT_MUST_CHECK;

// Where the next row is to be written (serve/areas/rows_json.h); WEFT_NO_MEMORY. An
// answer that writes its rows writes all of them.
weft_status wf_asking_write(wf_asking *a, wf_buffer **ret,
                            weft_error *error) WEFT_MUST_CHECK;

// Whether an answer of this moment of the rows is complete: they are at most a second
// behind the ledger, which grows by the look at every answer.
bool wf_asking_is_complete(const wf_exchange *x, const weft_view_as_of *as_of);

// Writes a row that is JSON already, which is taken over.
weft_status wf_asking_write_row(wf_asking *a, json_t *row,
                                weft_error *error) WEFT_MUST_CHECK;

// How far the rows of the city are now: for answers that do not say it themselves.
void wf_asking_stand(wf_asking *a);
// The same for an answer that says it, from its own moment.
void wf_asking_as_of(wf_asking *a, const weft_view_as_of *as_of);

// A text of the query ended by NUL; NULL: it was not given.
const char *wf_asking_query(const wf_asking *a, const char *name);
// A time of the query or the body in the city's zone; WF_TIME_NONE for NULL.
weft_status wf_asking_time(const wf_asking *a, const char *text, weft_time *ret,
                           weft_error *error) WEFT_MUST_CHECK;

#endif
