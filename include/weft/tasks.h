// Tasks out of holes: a post is told to close them by a time. A task is over when facts
// have closed its hole, and by nothing else (docs/concepts/tasks.md).
#ifndef WEFT_TASKS_H
#define WEFT_TASKS_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/city.h"

typedef struct {
    const char *holes; // kind of hole
    const char *grid;  // in it and below; NULL: everywhere
    const char *post;  // work group and grid, "tracing@320282003"; NULL: each hole's own
    weft_time due;     // to be closed by, after now
    bool with_not_due; // holes that are not late yet, too, as weft_holes lists them
} weft_tasks_request;

#define WEFT_TASKS_MAX 1000 // of one request, those that are due first

typedef struct {
    uint64_t made;   // tasks
    uint64_t had;    // holes that had one: they are asked for once
    uint64_t left;   // holes for which another request is needed
    uint64_t nobody; // holes that no post has: they need a request that names one
} weft_tasks_reply;

// Makes a task (a fact task.assigned, with the owner's rights) for every hole that
// weft_holes lists of the kind and that has none; of several rows of a subject one.
// Without a post each hole is given to its own: of its work group the one with the finest
// grid around the hole that a roster names. Durable, and seen by every question, when it
// returns; again, it makes none. A kind that is unknown: WEFT_NOT_FOUND; a time that has
// passed: WEFT_BAD_INPUT ("tasks.due").
weft_status weft_tasks_make(weft_city *city, const weft_tasks_request *request,
                            weft_tasks_reply *ret, weft_error *error) WEFT_MUST_CHECK;

// Holes without a task that would be given to one post, or to none for one reason. Texts
// are borrowed during the call they are given to.
typedef struct {
    const char *post;   // "": there is none
    const char *holder; // user who holds it now; "": nobody
    // "": they would be given. Else why not: "no_roster" (no roster names a post of the
    // group around the holes), "no_grid" (they lie nowhere), "not_yours" (the post lies
    // outside of the asker's grid).
    const char *why;
    const char *group, *grid; // of the holes; their town where there is no post
    uint64_t holes;
} weft_tasks_share;

typedef struct {
    uint64_t rows;   // that weft_holes lists
    uint64_t holes;  // of so many subjects: one task each
    uint64_t had;    // that have one
    uint64_t nobody; // that would not be given
} weft_tasks_proposal;

// What weft_tasks_make would do without a post, and does not: calls `row` for the posts,
// in their order, those without one last; false ends. `post` and `due` do not matter.
weft_status weft_tasks_propose(weft_city *city, const weft_tasks_request *request,
                               bool (*row)(void *context, const weft_tasks_share *share),
                               void *context, weft_tasks_proposal *ret,
                               weft_error *error) WEFT_MUST_CHECK;

#endif
