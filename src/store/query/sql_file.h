// A question in SQL: a file with one SELECT of the shared subset (DESIGN §3) behind a
// header of comments. Views (view.h) and holes (holes.h) are such files; adding one is
// adding a file to its desk. Everything that a runner composes (paging, sorting, scope,
// filters) comes from the header; nothing of a request reaches SQL text.
//
// The header is the first lines, as long as they begin with "--", of the form
// "-- word: …"; a line that begins with "--" and at least four blanks goes on with the
// one before. Texts are "中文 | English". A word stands once, unless it says "again".
//
//   title: 采样管 | Tubes
//   about: … | …             what it is for, in a sentence or two
//   roles: lead lab          who may ask (words of wf_role); none: nobody but the owner
//   personal: yes            rows name persons: it must be said where a column is a
//                            PERSON, or anything is opened
//   column: tube_id = tube.tube_id
//                            a column of the SELECT, in its order (again): type, unit,
//                            words and texts are those of a table's column,
//   column: site_grid = place.grid 采样点网格 | grid of the site
//                            texts may be its own,
//   column: waiting_us = INTEGER µs 等待 | waited
//                            or all is said here: a type (ID PERSON PLACE TEXT DATE TIME
//                            NUMBER YESNO INTEGER FACT), the unit of an INTEGER or NUMBER
//                            ("1": it has none), texts
//   opens: person = name phone
//                            columns of a table that are opened for the rows that leave
//                            (again, for another table); the SELECT has the key columns
//                            of that table under their own names, and its "sealed" as
//                            "person_sealed", which is not a column of the view
//   parameter: person = person.person
//                            bound as :person, required (again); or as column says; it
//                            may be a sealed column, of which it is no value that leaves
//   number: due_us = testing.result_due_h
//                            a number of the protocol, bound as :due_us (again);
//                            durations in µs
//   now: yes                 the city's now is bound as :now (views only)
//   key: tube_id             these columns together name a row; never NULL
//   sorts: tube_id -sealed_at
//                            the first is the default; "-": falling
//   filters: result site     equality with a column, given or not
//   all_ids: yes             who is asked for by a filter is a person: rows of whichever of
//                            their ids (view.h, same_person; SELECTs only)
//   scope: grid              the column with the grid code by which rows are cut
//   computed: yes            there is no SELECT: a C function gives the rows (view.h;
//                            views only)
//   beside: yes              rows are of work on persons and cases whom they do not name:
//                            the function says which lie beside the grid (computed only)
//   publish: yes             other desks' SQL may read it as "desk_name" (views only,
//                            without parameters, numbers and now)
//   small: yes               few rows: any sort will do
//   closes: … | …            what closes a hole, in a sentence (holes only)
//   closed_by: letter.answered answer=not_found,done
//                            facts of this kind close it (again; holes only): all, or
//                            those whose WORD field has one of these words
//   touched_by: tube.tube_id sealed_at result
//                            when one of these columns of a row changes, the subject
//                            named by the first is asked again (again; holes only)
//   touched_by: dead_facts.fact SELECT … WHERE fact = :fact
//                            or the subjects that this SELECT names for the first column
//                            (:fact) of the row, as it was and as it is; of a sealed
//                            column its keyed hash can be watched ("id_number_key").
//                            Beside the tables of the kinds there are dead_facts.fact
//                            and sender_gap.device (store/store_gaps.h)
//   shared: person.id_number_key
//                            a subject whose row has a value that no other row has is no
//                            hole: as a whole the rule is asked for those alone that
//                            share one (holes only; the keyed hash of a column with an
//                            index, in a table whose key is the subject)
//
// A file with "closes" is a hole, and its columns are subject, grid, owner, since, due_at
// (holes.h); any other is a view, and has key and sorts.
//
// Threads: all functions may run in parallel.
#ifndef WF_STORE_QUERY_SQL_FILE_H
#define WF_STORE_QUERY_SQL_FILE_H

#include "base/arena.h"
#include "model/kind.h"

// A file as the desks hand it down.
typedef struct {
    const char *name; // "testing/tubes": desk and file
    const char *text; // the whole file
} wf_sql_text;

typedef struct {
    const char *name;       // in the SELECT
    const wf_column *about; // type, unit, words, 中文 and English; its name may differ
    // Opened from "<opens>_sealed" (then it is no column of the SELECT); NULL: not
    // sealed.
    const wf_table *opens;
} wf_sql_column;

typedef struct {
    const char *name;       // of the parameter, without ":"
    const wf_column *about; // of a parameter
    const char *number;     // of a number: its name in the protocol
} wf_sql_input;

typedef struct {
    size_t column; // of the file's columns
    bool falls;
} wf_sql_sort;

// What touches a subject; see above.
typedef struct {
    const char *table;      // of the kinds, "dead_facts" or "sender_gap"
    const char *columns[9]; // ended by NULL; the first names the subject, unless `sql`
    const char *sql;        // NULL, or gives subjects
} wf_sql_touch;

// A kind of fact that closes a hole; see above.
typedef struct {
    const wf_kind *kind;
    size_t field;         // SIZE_MAX: whatever it says
    const char *words[8]; // ended by NULL
} wf_sql_closer;

// By what subjects have to have a companion; see above.
typedef struct {
    const char *table; // NULL: nothing is said
    const char *key, *column;
} wf_sql_shared;

#define WF_SQL_COLUMNS_MAX 32
#define WF_SQL_LIST_MAX 8
#define WF_SQL_TOUCHES_MAX 12

typedef struct {
    const char *name;
    const char *title_zh, *title_en, *about_zh, *about_en, *closes_zh, *closes_en;
    uint32_t roles; // bits 1 << wf_role
    bool personal, publish, small, takes_now, computed, beside, all_ids;
    wf_sql_column columns[WF_SQL_COLUMNS_MAX]; // of the SELECT in its order, then opened
    size_t columns_count, selected_count;
    wf_sql_input parameters[WF_SQL_LIST_MAX], numbers[WF_SQL_LIST_MAX];
    size_t parameters_count, numbers_count;
    size_t key[WF_SQL_LIST_MAX], filters[WF_SQL_LIST_MAX]; // places of columns
    size_t key_count, filters_count;
    wf_sql_sort sorts[WF_SQL_LIST_MAX];
    size_t sorts_count;
    size_t scope; // place of a column; SIZE_MAX: rows have no place
    wf_sql_touch touches[WF_SQL_TOUCHES_MAX];
    size_t touches_count;
    wf_sql_shared shared;
    wf_sql_closer closers[WF_SQL_LIST_MAX];
    size_t closers_count;
    const char *select; // without header, comments and trailing blanks; computed: ""
} wf_sql_file;

// Reads a file; everything in the arena, `text` may go. Files are part of the program, so
// that what is wrong in one is a bug: then false, and the first contradiction (an unknown
// word, table or column, a missing title, a sort by a column that is none, words that the
// shared subset does not have: LIKE, OVER, strftime, json, group_concat, …) is in `why`.
// That the SELECT has the columns is seen where it is prepared. Names that begin with
// "weft" are kept for what the runners bind.
#define WF_SQL_WHY_MAX 256
bool wf_sql_file_read(const wf_sql_text *text, const wf_kinds *kinds, wf_arena *arena,
                      wf_sql_file *ret, char why[WF_SQL_WHY_MAX]);

#endif
