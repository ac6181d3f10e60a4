// Holes: what must be there and is not (DESIGN §3). Each kind of hole is a file with one
// SELECT (sql_file.h, "closes") that gives
//
//   subject   whom or what it is about: a text, or the number of a person or place
//   grid      where; NULL: not said
//   owner     the work group that has to close it; with the grid it is the post
//   since     when what is missing began to be owed, µs UTC
//   due_at    when it is late, µs UTC
//
// in this order. It reads no clock: a row IS a hole while due_at ≤ now. A subject may
// have several rows; a row whose subject, since or due_at is NULL is none.
//
// The rows of all rules stand in the table `hole`, which is kept beside the rows: what
// follows the rows (records.h) notes the subjects that a slice of facts touches
// ("touched_by"), and before its commit asks the rules again for these alone, in the same
// transaction. After more than WF_HOLES_TOUCHED_MAX subjects of a rule it is evaluated as
// a whole. A mark beside the table says of which rules and of which facts it is; when it
// is of others all rules are evaluated at opening.
//
// The full evaluation stays the truth: wf_holes_check compares.
//
//   hole  kind TEXT, subject TEXT ('' where number counts), number INTEGER (−1 where
//         subject counts), grid TEXT, owner TEXT, since INTEGER, due_at INTEGER; all of
//         them are the key, and by kind and due_at they are indexed
//
// Threads: the follower's calls come from the thread that writes; lists, counts and
// checks may run beside it, each on a reader of its own.
#ifndef WF_STORE_QUERY_HOLES_H
#define WF_STORE_QUERY_HOLES_H

#include "model/protocol.h"
#include "store/query/beside.h"
#include "store/query/sql_file.h"
#include "store/records/records.h"

typedef struct wf_holes wf_holes;

// Measured (bench/holes_bench): asking a subject costs some 6 µs on SQLite, a table of a
// million rows 1 s as a whole; a server is asked over a wire.
#define WF_HOLES_TOUCHED_MAX 65536
#define WF_HOLES_TOUCHED_MAX_POSTGRES 4096

typedef struct {
    const wf_sql_text *files; // borrowed until new returns, as the views
    size_t files_count;
    // Those that are published may be read by a rule: "order/in_force" as order_in_force.
    const wf_sql_text *views;
    size_t views_count;
    const wf_beside_sql *beside; // static; NULL: nothing is beside a grid
    const wf_kinds *kinds;       // borrowed
    // Whose numbers are bound; borrowed until new returns. A rule whose number the
    // edition does not have is not asked: nothing is owed where no time is set.
    const wf_protocol *protocol;
} wf_holes_options;

// A file that is unsound is a bug.
weft_status wf_holes_new(const wf_holes_options *options, wf_holes **ret,
                         weft_error *error) WEFT_MUST_CHECK;
void wf_holes_free(wf_holes *holes); // NULL does nothing; after the store is closed
// What the store is opened with; lives as long as the holes.
const wf_follower *wf_holes_follower(const wf_holes *holes);

size_t wf_holes_rules(const wf_holes *holes);
const wf_sql_file *wf_holes_rule(const wf_holes *holes, size_t rule);
// The name of the first number that the rule needs and the protocol does not have; NULL:
// it is asked.
const char *wf_holes_lacks(const wf_holes *holes, size_t rule);
// The rule of a name; SIZE_MAX: none.
size_t wf_holes_find(const wf_holes *holes, const char *name);

// ---- asking ----

// A row. Texts are borrowed during the call.
typedef struct {
    const wf_sql_file *rule; // NULL: of no rule of these, only in a check
    wf_text subject;         // where the rule's subject is a text
    int64_t number;          // else
    wf_text grid, owner;
    weft_time since, due_at;
} wf_hole;

typedef struct {
    size_t rule;  // SIZE_MAX: all
    wf_text grid; // only in it and below; size 0: everywhere
    weft_time now;
    // Of a list that is cut by a grid: those of persons and cases of theirs, too,
    // wherever these lie; NULL: no others.
    const wf_beside *beside;
    bool not_yet_due;     // those, too
    const wf_hole *after; // of a list: only what comes after this one; NULL: all
} wf_holes_query;

// Calls `each` for the holes by due_at, kind, subject; false ends. `db` is a reader.
// Cost: what is taken of a kind, and what of it lies before that in other grids.
weft_status wf_holes_list(const wf_holes *holes, wf_database *db,
                          const wf_holes_query *query,
                          bool (*each)(void *context, const wf_hole *hole), void *context,
                          weft_error *error) WEFT_MUST_CHECK;
// A text that says after which hole a list goes on, for the same query.
weft_status wf_holes_token_make(const wf_holes *holes, wf_keys *keys,
                                const wf_holes_query *query, const wf_hole *last,
                                wf_arena *arena, wf_text *ret,
                                weft_error *error) WEFT_MUST_CHECK;
// WEFT_BAD_INPUT ("view.after"): it was changed, or is of another query.
weft_status wf_holes_token_read(const wf_holes *holes, wf_keys *keys,
                                const wf_holes_query *query, wf_text token,
                                wf_arena *arena, wf_hole *ret,
                                weft_error *error) WEFT_MUST_CHECK;

// Rows of one kind in exactly one grid code.
typedef struct {
    wf_text grid;
    const wf_sql_file *rule;
    uint64_t due, not_yet;
} wf_holes_sum;
// By grid, then kind; query->not_yet_due does not matter.
weft_status wf_holes_sums(const wf_holes *holes, wf_database *db,
                          const wf_holes_query *query,
                          bool (*each)(void *context, const wf_holes_sum *sum),
                          void *context, weft_error *error) WEFT_MUST_CHECK;

// Rows of one kind and owner in one grid, which began and are due in the same steps of
// time, and all are due or are not: what a picture of many holes is drawn of.
typedef struct {
    const wf_sql_file *rule;
    wf_text grid, owner;     // borrowed during the call
    weft_time since, due_at; // the earliest of them
    uint64_t count;
} wf_holes_span;
// Grid codes are cut to `digits`; steps are of `step_us`. By grid, kind, owner, due_at.
// query->not_yet_due does not matter. Cost: one pass over the rows of the grid.
weft_status wf_holes_spans(const wf_holes *holes, wf_database *db,
                           const wf_holes_query *query, size_t digits, int64_t step_us,
                           bool (*each)(void *context, const wf_holes_span *span),
                           void *context, weft_error *error) WEFT_MUST_CHECK;

typedef enum {
    WF_HOLES_MISSING, // the rules give it, the table does not have it
    WF_HOLES_EXTRA    // the other way round
} wf_holes_difference;

// Evaluates the rules (query->rule; grid and now do not matter) from scratch, as `db`
// stands now, and compares with the table: calls `each` for what differs; false ends.
// Cost: one pass over the rules and one over the table.
weft_status wf_holes_check(const wf_holes *holes, wf_database *db,
                           const wf_holes_query *query,
                           bool (*each)(void *context, wf_holes_difference difference,
                                        const wf_hole *hole),
                           void *context, weft_error *error) WEFT_MUST_CHECK;

#endif
