// Holes: what must be there and is not, with owner, deadline and what closes it.
//
// Each kind of hole is a rule (docs/reference/holes.md). Its rows are kept beside the
// records, so that listing them costs what is listed; weft_holes_check evaluates the
// rules from scratch and compares. Only facts close a hole.
#ifndef WEFT_HOLES_H
#define WEFT_HOLES_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/city.h"

// Texts are borrowed during the call they are given to.
typedef struct {
    const char *kind;                // "testing/tube_no_result"
    const char *title_zh, *title_en; // of the kind
    const char *subject;             // external id of what or whom it is about
    const char *grid;                // "" when it is not known where
    const char *owner;               // work group; with the grid it is the post
    weft_time since, due_at;
    int64_t late_s; // seconds since it was due; below 0: it is not yet due
    // Of a list `with_tasks`: the task that the hole has, of several the one that was
    // given last; "" and WEFT_TIME_NONE: it has none. Else NULL.
    const char *task, *task_post; // the post that has it now (weft/tasks.h)
    const char *task_state;       // "open", "accepted", "overdue", "returned", "unknown"
    weft_time task_since;         // with that post since
} weft_hole;

typedef struct {
    const char *kind;          // NULL: all
    const char *grid;          // in it and below; NULL: everywhere
    const weft_beside *beside; // of a list with a grid: theirs, too; NULL: no others
    bool with_not_due;         // rows that are not late yet, too
    bool with_tasks;           // of a list: which task each has
    const char *after; // of a list: `next` of the page before; NULL: from the start
} weft_holes_query;

typedef struct {
    uint64_t rows;  // given
    uint64_t as_of; // facts that the records hold
    // Kinds that are not asked because the city's protocol sets no time for them.
    uint64_t not_asked;
    // Of a list that `row` ended: goes on after the last hole that was taken, with the
    // same query; lives until the next look-up. NULL: there is no more.
    const char *next;
} weft_holes_summary;

// Calls `row` for the holes, those that are due first come first; false ends, and does
// not take the hole. An unknown kind is WEFT_NOT_FOUND, a grid that is no code
// WEFT_BAD_USAGE, a token that was changed or is of another query WEFT_BAD_INPUT
// ("view.after").
weft_status weft_holes(weft_city *city, const weft_holes_query *query,
                       bool (*row)(void *context, const weft_hole *hole), void *context,
                       weft_holes_summary *ret, weft_error *error) WEFT_MUST_CHECK;

// Holes of one kind in a grid and below it.
typedef struct {
    const char *grid; // "": everywhere, also where no grid is known
    const char *kind, *title_zh, *title_en;
    uint64_t due, not_yet;
} weft_holes_count;

// Counts by grid level (city, county, town, village) and kind, down from the grid that is
// asked: calls `row` by grid, then kind; a grid stands before those in it. `with_not_due`
// does not matter.
weft_status weft_holes_counts(weft_city *city, const weft_holes_query *query,
                              bool (*row)(void *context, const weft_holes_count *count),
                              void *context, weft_holes_summary *ret,
                              weft_error *error) WEFT_MUST_CHECK;

// Holes of one kind and owner in one grid which began, and are due, within the same steps
// of time; all of them are due, or none is.
typedef struct {
    const char *kind;  // texts are borrowed during the call
    const char *grid;  // of the level that was asked, or wider where no finer is known
    const char *owner; // work group
    weft_time since, due_at; // the earliest of them
    uint64_t count;
} weft_holes_span;

#define WEFT_HOLES_SPANS_MAX 2000

// All holes, due or not, in as few rows as a picture needs, by grid: codes are cut to
// `digits` (1 to 12), and times to the smallest step of 15 minutes, 1 hour, 6 hours, a
// day or everything with which there are no more than WEFT_HOLES_SPANS_MAX rows. The last
// one has no limit but grids, kinds and owners. `with_not_due` does not matter;
// *ret_step_s is 0 for everything.
weft_status weft_holes_spans(weft_city *city, const weft_holes_query *query,
                             size_t digits,
                             bool (*row)(void *context, const weft_holes_span *span),
                             void *context, int64_t *ret_step_s, weft_holes_summary *ret,
                             weft_error *error) WEFT_MUST_CHECK;

// A kind of hole, as people see it.
typedef struct {
    const char *kind, *title_zh, *title_en;
    const char *about_zh, *about_en;
    const char *closes_zh, *closes_en; // which facts close one
    bool personal;                     // its subjects are people
} weft_hole_kind;

// Calls `row` for each kind; false ends, and is what comes back.
bool weft_holes_kinds(const weft_city *city,
                      bool (*row)(void *context, const weft_hole_kind *kind),
                      void *context) WEFT_MUST_CHECK;

// Compares the kept rows with the rules, evaluated from scratch: calls `found` for what
// differs, `missing` when the rules give it and it is not kept; false ends. When
// something differs WEFT_FOUND_WRONG ("holes.differ").
weft_status weft_holes_check(weft_city *city, const weft_holes_query *query,
                             bool (*found)(void *context, bool missing,
                                           const weft_hole *hole),
                             void *context, weft_holes_summary *ret,
                             weft_error *error) WEFT_MUST_CHECK;

#endif
