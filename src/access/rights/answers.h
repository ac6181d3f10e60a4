// What the city answers to somebody: the questions of include/weft, cut to what the actor
// may see (access/rights/policy.h, access/rights/scope.h). Whoever serves asks here, not
// there.
//
// What somebody may not have is answered as what is not there: WEFT_NOT_FOUND.
//
// Threads: one at a time on one reader.
#ifndef WF_ACCESS_RIGHTS_ANSWERS_H
#define WF_ACCESS_RIGHTS_ANSWERS_H

#include "access/accounts/accounts.h"
#include "access/city/city.h"
#include "access/looks/look.h"
#include "access/rights/policy.h"
#include "weft/holes.h"
#include "weft/lookup.h"
#include "weft/views.h"

typedef struct {
    weft_city *city; // a reader (access/shared/shared.h)
    wf_accounts *accounts;
    const wf_actor *actor;
    weft_time now; // the city's
} wf_asker;

// ---- views ----

// Whether the view is theirs to read: their role is among its roles, and of a view whose
// rows name people they may see rows.
bool wf_answers_may_read(const wf_asker *asker, const weft_view_about *about);

// A view of theirs; "view.unknown" for all others.
weft_status wf_answers_view(const wf_asker *asker, const char *name,
                            const weft_view_about **ret,
                            weft_error *error) WEFT_MUST_CHECK;

// Whether a page of it costs what all of its rows cost.
bool wf_answers_is_computed(const wf_asker *asker, const weft_view_about *about);

// What `question` asks of a view of theirs, bound to their scope: to the grid they work
// for and, in a view that names persons or is of work on them, to whom they reach beside
// it; or, when it asks for one person whom they reach (by where they live, by custody or
// assignment), to that person alone. A grid that is asked for is a part of theirs, and
// has nothing beside it, unless it is all of theirs. A parameter that names a person whom
// they do not reach, and a grid that is not within theirs, are not there. Changes only
// question->grid and question->beside, which is in *room or NULL.
weft_status wf_answers_bind(const wf_asker *asker, const weft_view_about *about,
                            weft_view_question *question, weft_beside *room,
                            weft_error *error) WEFT_MUST_CHECK;

// Calls `each` for the persons that a page shows: of its rows, and whom the question
// named as a parameter; some come more than once.
weft_status wf_answers_each_person(
    const wf_asker *asker, const weft_view_question *question, const weft_view_page *page,
    weft_status (*each)(void *context, const char *person, weft_error *error),
    void *context, weft_error *error) WEFT_MUST_CHECK;
// Notes them.
weft_status wf_answers_show_page(const wf_asker *asker,
                                 const weft_view_question *question,
                                 const weft_view_page *page, wf_look_shown *shown,
                                 weft_error *error) WEFT_MUST_CHECK;

// ---- holes ----

// Whether a kind's subjects are people: shown with a look only.
bool wf_answers_is_personal_hole(const wf_asker *asker, const char *kind);

// weft_holes in their grid and, for those who may see persons, of whom and of whose cases
// they reach beside it. Of looks (whose post is the auditor's) only for those who
// audit them; with `personal` those that name people, too. `row` gives false to end.
weft_status wf_answers_holes(const wf_asker *asker, const weft_holes_query *query,
                             bool personal,
                             bool (*row)(void *context, const weft_hole *hole),
                             void *context, weft_holes_summary *ret,
                             weft_error *error) WEFT_MUST_CHECK;

// weft_holes_counts in their grid.
weft_status wf_answers_counts(const wf_asker *asker, const weft_holes_query *query,
                              bool (*row)(void *context, const weft_holes_count *count),
                              void *context, weft_holes_summary *ret,
                              weft_error *error) WEFT_MUST_CHECK;

// weft_holes_spans in their grid.
weft_status wf_answers_spans(const wf_asker *asker, const weft_holes_query *query,
                             size_t digits,
                             bool (*row)(void *context, const weft_holes_span *span),
                             void *context, int64_t *ret_step_s, weft_holes_summary *ret,
                             weft_error *error) WEFT_MUST_CHECK;

// weft_holes_kinds, of which they may know.
bool wf_answers_hole_kinds(const wf_asker *asker,
                           bool (*row)(void *context, const weft_hole_kind *kind),
                           void *context) WEFT_MUST_CHECK;

// The grid to ask for: `asked` (NULL: all of theirs), if it is within theirs. "": all.
weft_status wf_answers_grid(const wf_asker *asker, const char *asked, const char **ret,
                            weft_error *error) WEFT_MUST_CHECK;

// ---- people ----

// Whose case it is, in the reader's arena of answers; NULL: it is not said.
weft_status wf_answers_case_person(const wf_asker *asker, const char *case_id,
                                   const char **ret, weft_error *error) WEFT_MUST_CHECK;

// WEFT_NOT_FOUND when an action of theirs does not reach the case, by where its person
// lives; *case_id, any of its numbers, becomes its own id, in the arena. For answers
// without a look, which has judged this.
weft_status wf_answers_reach_case(const wf_asker *asker, wf_action action,
                                  wf_arena *arena, const char **case_id,
                                  weft_error *error) WEFT_MUST_CHECK;

// *case_id becomes, in the arena, the own id of the case that goes by it, of those that
// lie within their grid or that they reach beside it; stays as it is where none does.
// Of several: WEFT_CONFLICT ("case.number_several").
weft_status wf_answers_case(const wf_asker *asker, wf_arena *arena, const char **case_id,
                            weft_error *error) WEFT_MUST_CHECK;

// Whether somebody is registered under this id.
weft_status wf_answers_is_registered(const wf_asker *asker, const char *person, bool *ret,
                                     weft_error *error) WEFT_MUST_CHECK;

// Whether the place is somebody's home, so that its id names people; and whether that
// home lies within their grid.
typedef enum {
    WF_HOME_NOT_KNOWN, // there is no such place
    WF_HOME_PUBLIC,    // it is no home
    WF_HOME_THEIRS,
    WF_HOME_ELSEWHERE
} wf_home_kind;
wf_home_kind wf_answers_home(const wf_asker *asker, const char *place);

#endif
