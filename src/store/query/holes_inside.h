// What the files of holes share. Only for files of src/store/query and its tests.
#ifndef WF_STORE_QUERY_HOLES_INSIDE_H
#define WF_STORE_QUERY_HOLES_INSIDE_H

#include "store/query/holes.h"
#include "store/query/sql_number.h"
#include "store/query/touched.h"

// A rule, with its numbers, and what is known of it in the transaction under way.
typedef struct {
    wf_sql_file file;
    bool is_number; // its subjects are
    wf_sql_number numbers[WF_SQL_LIST_MAX];
    const char *lacks; // a number that the protocol does not have
    wf_touched touched;
    bool whole; // too many to be asked one by one
    wf_statement *ask,
        *held; // rows of a subject: by the rule, in the table; NULL: closed
    wf_buffer asked_rows, held_rows; // of wf_hole, of the subject at hand
    wf_arena texts;
} wf_hole_rule;

// A "touched_by" line.
typedef struct {
    wf_holes *holes;
    wf_hole_rule *rule;
    const wf_sql_touch *touch;
    bool is_number;     // what is asked by
    wf_touched values;  // where a SELECT names the subjects: what it is to be asked by
    wf_statement *find; // that SELECT; NULL: closed, or none
} wf_hole_touch;

struct wf_holes {
    const wf_kinds *kinds;
    const wf_beside_sql *beside; // NULL: nothing is
    wf_arena arena;              // of the files
    wf_hole_rule *rules;
    size_t rules_count;
    wf_hole_touch *touches;
    size_t touches_count;
    wf_watch *watches; // one a touch
    wf_follower follower;
    unsigned char hash[32]; // of the rules and their numbers
    size_t touched_max;
    bool is_open;
    wf_statement *insert, *erase, *mark;
};

// The SELECT of a rule with what is no hole left out: subject, grid, owner, since,
// due_at; with `by_subject` only those of :weft_subject. Not ended by NUL.
bool wf_hole_rule_select(const wf_hole_rule *rule, bool by_subject, wf_buffer *to);
// Prepares `sql` (which is ended here) and frees the buffer.
weft_status wf_hole_prepare(wf_database *db, wf_buffer *sql, wf_statement **ret,
                            weft_error *error) WEFT_MUST_CHECK;
// The same as one that is taken (wf_statement_give_back).
weft_status wf_hole_take(wf_database *db, wf_buffer *sql, wf_statement **ret,
                         weft_error *error) WEFT_MUST_CHECK;
// Binds a text parameter by name; one that the statement does not have is left out.
void wf_hole_bind_text(wf_statement *statement, const char *name, wf_text value);
void wf_hole_bind_i64(wf_statement *statement, const char *name, int64_t value);
// As :weft_subject.
void wf_hole_bind_subject(wf_statement *statement, const wf_hole_rule *rule,
                          const wf_subject *subject);
// Of a table with "grid": what lies in a grid and below.
#define WF_HOLE_IN_GRID "\"grid\" >= :weft_from AND \"grid\" < :weft_upto"
#define WF_HOLE_UPTO_MAX (WF_GRID_BYTES_MAX + 5)
// Binds it, if the query has a grid; `upto` is borrowed until the statement has run.
void wf_hole_bind_grid(const wf_holes_query *query, char upto[WF_HOLE_UPTO_MAX],
                       wf_statement *statement);
// Reads subject, grid, owner, since, due_at from a column on; the subject of a rule is a
// text or a number there.
wf_hole wf_hole_read(const wf_hole_rule *rule, const wf_statement *statement);

// ---- as a whole (holes_whole.c) ----

// A rule as a whole: its SELECT, and whom it is asked for, if not for everybody.
typedef struct {
    wf_statement *statement;
    bool by_subject;
    wf_touched subjects;
    size_t next; // of subjects
    bool runs;   // a row of it may follow
} wf_hole_whole;

// Prepares `before`, the SELECT of the rule and `after` as one statement, and finds whom
// it has to be asked for: where subjects have to share a value ("shared") those that do,
// unless there are more than `most`.
weft_status wf_hole_whole_open(wf_database *db, const wf_hole_rule *rule, size_t most,
                               const char *before, const char *after, wf_hole_whole *ret,
                               weft_error *error) WEFT_MUST_CHECK;
// The next row, of one subject after the other; *ret_row false at the end.
weft_status wf_hole_whole_step(wf_hole_whole *whole, const wf_hole_rule *rule,
                               bool *ret_row, weft_error *error) WEFT_MUST_CHECK;
void wf_hole_whole_done(wf_hole_whole *whole);

// ---- keeping (holes_keep.c) ----

// Evaluates a rule and puts its rows in place of those that are there.
weft_status wf_hole_keep_whole(const wf_holes *holes, wf_database *db,
                               const wf_hole_rule *rule,
                               weft_error *error) WEFT_MUST_CHECK;
// Asks the rule again for what was touched.
weft_status wf_hole_keep_touched(const wf_holes *holes, wf_hole_rule *rule,
                                 weft_error *error) WEFT_MUST_CHECK;

#endif
