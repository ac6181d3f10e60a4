// What a look rests on, as the rows have it: is it there, does it go on, where does it
// lie, and may people be traced from it (model/look.h)? And where that lies of which a
// fact says something (wf_naming).
//
// Cases, orders and places are there. Rounds, zones, tasks and requests have no tables
// yet: what rests on them is refused in plain words, rather than taken on trust.
//
// Threads: one call at a time.
#ifndef WF_DESK_REFERENCE_H
#define WF_DESK_REFERENCE_H

#include "base/time.h"
#include "model/ids.h"
#include "model/kind.h"
#include "model/look.h"
#include "store/store.h"

typedef struct wf_references wf_references;

// With a database of its own for reading; `store` as long as it is open.
weft_status wf_references_open(wf_store *store, wf_numbers numbers, wf_references **ret,
                               weft_error *error) WEFT_MUST_CHECK;
void wf_references_close(wf_references *references); // NULL does nothing
// That database, for other questions of the same reader.
wf_database *wf_references_rows(wf_references *references);

typedef struct {
    bool there;
    // A case goes on until it is found to be none or its outbreak is declared over, an
    // order while it is in force and its end has not come, a place always.
    bool goes_on;
    char grid[WF_GRID_BYTES_MAX + 1]; // where it lies; "": not known
    wf_person person;                 // of a case; WF_NUMBER_NONE: not said
    // A case that was found to be one (confirmed, or an infection without symptoms), or
    // whose person alone gave a sample that is positive, or for which two people answer
    // (case.vouched: two senders, and two persons who say so of themselves). The result
    // of a pool is no evidence of any one of its members.
    bool has_evidence;
} wf_reference;

// Appends the numbers (uint32_t) of the persons that accounts of working users name.
weft_status wf_references_users(wf_references *references, wf_buffer *ret,
                                weft_error *error) WEFT_MUST_CHECK;

// False for kinds of which nothing is kept yet.
bool wf_reference_is_kept(wf_reference_kind kind);

// How a reference stands at `now`. What is not there is no error: *ret says so. The kind
// is kept.
weft_status wf_reference_ask(wf_references *references, wf_reference_kind kind,
                             wf_text id, weft_time now, wf_reference *ret,
                             weft_error *error) WEFT_MUST_CHECK;

// ---- where something lies ----

typedef struct {
    bool there;
    // Where it lies, and where it came from (of a custody, from where somebody was handed
    // over); "": the rows do not say.
    char grid[WF_GRID_BYTES_MAX + 1], also[WF_GRID_BYTES_MAX + 1];
    uint32_t person; // whose it is; WF_NUMBER_NONE: nobody's, or not said
} wf_whereabouts;

// Of a person, place, case, tube, order, outbreak, assignment, custody or look. What is
// not there is no error.
weft_status wf_whereabouts_ask(wf_references *references, wf_named what, wf_text id,
                               wf_whereabouts *ret, weft_error *error) WEFT_MUST_CHECK;

// ---- by which numbers a case goes ----

// Whether who asks reaches the case of this id.
typedef bool (*wf_case_reached)(void *context, wf_text id, const wf_whereabouts *about);

// The cases that go by a number, of those that are reached: the one whose own id it is,
// alone; else those of which it is another number (case.reported: known_as,
// known_as_too), by id.
enum { WF_CASES_NAMED_MAX = 4 };
typedef struct {
    bool own;                        // it is the id of the one case
    size_t count;                    // 0: no case that is reached goes by it
    wf_text ids[WF_CASES_NAMED_MAX]; // in the arena, ended by NUL
    bool more;                       // than these
} wf_cases_named;

// `reached` NULL: all cases are. A case that is not reached is as one that is not there:
// its own id is then another number of one that is.
weft_status wf_cases_named_ask(wf_references *references, wf_text number,
                               wf_case_reached reached, void *context, wf_arena *arena,
                               wf_cases_named *ret, weft_error *error) WEFT_MUST_CHECK;

// Whose contact somebody is whom nobody knows yet, in *ret; "": the rows do not say.
weft_status wf_unidentified_case(wf_references *references, wf_text contact,
                                 char ret[WF_ID_BYTES_MAX + 1],
                                 weft_error *error) WEFT_MUST_CHECK;

// Where those facts lie that say something of a case or an outbreak and are live.
typedef struct {
    bool inside, outside; // of the area
    bool nowhere;         // facts that name no grid: of the whole city
} wf_said_where;
weft_status wf_said_where_ask(wf_references *references, wf_named what, wf_text id,
                              wf_text area, wf_said_where *ret,
                              weft_error *error) WEFT_MUST_CHECK;

#endif
