// Where the look-ups of epi get their rows: whole blocks, asked for by place or person.
//
// Epi knows no store. Trace fills these calls from opened days and the register;
// tests fill them from tables. Times are seconds since an origin that the caller
// chooses (the first instant of the first civil day of the span), so that a stay over
// midnight is two touching rows. Seats are texts that live as long as the answer.
#ifndef WF_EPI_ROWS_H
#define WF_EPI_ROWS_H

#include "base/text.h"
#include "model/ids.h"
#include "model/place_kind.h"

// A stay at a place known from the context.
typedef struct {
    wf_person person;
    bool end_guessed; // the end was not observed
    bool days_only;   // the record knows only the day: guessed, from 00:00, a whole day
    int64_t start, end;
    wf_text seat;
} wf_row_stay;

// A stay of a person known from the context.
typedef struct {
    wf_place place;
    int64_t start, end;
} wf_row_stop;

// A meeting of a person known from the context with `other`.
typedef struct {
    wf_person other;
    int64_t start, end;
} wf_row_meeting;

// Growing lists; zero-initialised is empty, reuse them.
typedef struct {
    wf_row_stay *rows;
    size_t count, capacity;
} wf_row_stays;
typedef struct {
    wf_row_stop *rows;
    size_t count, capacity;
} wf_row_stops;
typedef struct {
    wf_row_meeting *rows;
    size_t count, capacity;
} wf_row_meetings;

// What ranking needs of a place.
typedef struct {
    wf_place_kind kind;
    int ventilated; // 1, 0, −1 not known
    double area_m2; // 0: not known
} wf_row_place;

// Each call appends the rows that overlap [from, to), in any order.
typedef struct {
    void *context;
    weft_status (*place_stays)(void *context, wf_place place, int64_t from, int64_t to,
                               wf_row_stays *list, weft_error *error);
    weft_status (*person_stops)(void *context, wf_person person, int64_t from, int64_t to,
                                wf_row_stops *list, weft_error *error);
    weft_status (*person_meetings)(void *context, wf_person person, int64_t from,
                                   int64_t to, wf_row_meetings *list, weft_error *error);
    // Places of a person without exact times: start and end are those of the civil day.
    weft_status (*person_places)(void *context, wf_person person, int64_t from,
                                 int64_t to, wf_row_stops *list, weft_error *error);
    // Says whose places are asked for next, so that what is far away is under way
    // already. NULL where nothing is.
    void (*expect_places)(void *context, const wf_person *people, size_t count,
                          int64_t from, int64_t to);
    weft_status (*place)(void *context, wf_place place, wf_row_place *ret,
                         weft_error *error);
    // External ids, asked for only where two rows are equal in everything else, so that
    // no answer depends on the numbers that an import happened to give.
    wf_text (*person_id)(void *context, wf_person person);
    wf_text (*place_id)(void *context, wf_place place);
} wf_rows;

// Moves *rows to more room. False when out of memory, everything as it was.
bool wf_rows_more(void *rows_pointer, size_t *capacity, size_t size) WEFT_MUST_CHECK;

// Room for one more row of `size` bytes: moves *rows when it is full.
static inline WEFT_MUST_CHECK bool wf_rows_room(void *rows_pointer, size_t count,
                                                size_t *capacity, size_t size)
{
    return count < *capacity || wf_rows_more(rows_pointer, capacity, size);
}

#endif
