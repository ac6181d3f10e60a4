// Whom a question reaches beside its grid: persons and cases that rows name wherever they
// lie, because they were given to who asks. Which these are two statements of the desks
// say, so that what a page shows and who may see it are of one moment.
//
// Threads: all functions may run in parallel.
#ifndef WF_STORE_QUERY_BESIDE_H
#define WF_STORE_QUERY_BESIDE_H

#include "model/grid.h"
#include "model/ids.h"
#include "store/database/database.h"

// Who asks. Texts are borrowed.
typedef struct {
    wf_text grid;    // that they work for
    wf_text user;    // size 0: a device, which nobody is assigned as
    uint32_t person; // they themselves; WF_NUMBER_NONE: nobody that is known
} wf_beside;

// Statements of one column, without a semicolon, in the shared subset, that may name what
// wf_beside_bind binds.
typedef struct {
    const char *persons;     // numbers; below 0: nobody
    const char *cases;       // ids of those that were given to them
    const char *their_cases; // and of those whose person was
} wf_beside_sql;

// What is borrowed by a statement until it has run.
typedef struct {
    wf_grid_area area;
} wf_beside_bound;

// Binds :weft_own_from and :weft_own_upto (the grid), :weft_own_user, :weft_own_person
// (−1: nobody) and :weft_now, as far as the statement has them. The grid is a code.
void wf_beside_bind(const wf_beside *beside, weft_time now, wf_beside_bound *bound,
                    wf_statement *statement);

#endif
