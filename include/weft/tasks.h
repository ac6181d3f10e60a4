// Tasks out of holes: a post is told to close them by a time. A task is over when facts
// have closed its hole, and by nothing else (docs/concepts/tasks.md).
#ifndef WEFT_TASKS_H
#define WEFT_TASKS_H

#include <stdint.h>

#include "weft/city.h"

typedef struct {
    const char *holes; // kind of hole
    const char *grid;  // in it and below; NULL: everywhere
    const char *post;  // work group and grid, "tracing@320282003"
    weft_time due;     // to be closed by, after now
} weft_tasks_request;

#define WEFT_TASKS_MAX 1000 // of one request

typedef struct {
    uint64_t made; // tasks
    uint64_t had;  // holes that had one: they are asked for once
    uint64_t left; // holes for which another request is needed
} weft_tasks_reply;

// Makes a task (a fact task.assigned, with the owner's rights) for every hole of the kind
// that is due and has none. Durable, and seen by every question, when it returns; again,
// it makes none. A kind that is unknown: WEFT_NOT_FOUND; a time that has passed:
// WEFT_BAD_INPUT ("tasks.due").
weft_status weft_tasks_make(weft_city *city, const weft_tasks_request *request,
                            weft_tasks_reply *ret, weft_error *error) WEFT_MUST_CHECK;

#endif
