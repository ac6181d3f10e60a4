// Looks (DESIGN §5): who reads people's data names a reference and a purpose; that they
// looked is durable before anything leaves, and the people may see it.
//
//   wf_look_parse   what the header says
//   wf_look_judge   may this actor look at people by it, for such a question?
//   wf_look_show    each person whom the answer shows
//   wf_look_fact    the fact that says so (desk/register/looks.c)
//
// Header: "Weft-Purpose: ref=case:C-0001; purpose=trace-contacts", the two in any order,
// blanks around ; and = ignored. Within an id ";", "%" and what is not printable ASCII is
// written %XX.
//
// No look is made for one's own data, for valid or not valid at a gate, or for counts.
//
// Threads: functions of one look by one thread; a wf_look_paces is asked by all.
#ifndef WF_ACCESS_LOOKS_LOOK_H
#define WF_ACCESS_LOOKS_LOOK_H

#include "access/accounts/actor.h"
#include "access/asked/views.h"
#include "access/looks/look_often.h"
#include "access/looks/look_pace.h"
#include "base/hash_set.h"
#include "desk/reference.h"
#include "model/fact.h"

typedef struct {
    wf_reference_kind kind;
    char reference[WF_ID_BYTES_MAX + 1];
    wf_purpose purpose;
} wf_look_why;

// WEFT_BAD_INPUT: "look.needed" for an empty header, "look.header", "look.kind",
// "look.purpose".
weft_status wf_look_parse(wf_text header, wf_look_why *ret,
                          weft_error *error) WEFT_MUST_CHECK;

// Whether a reference is within somebody's scope or assigned to them
// (access/rights/scope.h).
typedef struct {
    bool (*sees)(void *context, const wf_actor *actor, wf_reference_kind kind,
                 wf_text reference, const wf_reference *about);
    void *context;
} wf_look_scope;

typedef struct {
    const wf_actor *actor;
    wf_look_why why;
    wf_look_use use;
    const char *asked; // "register/persons", "contacts", …
} wf_look;

// What a refused look is noted as; NULL: it is a slip that is not noted.
typedef const char *wf_look_refusal;

// WEFT_OK, or why not: of what is not there or not within the actor's reach
// WEFT_NOT_FOUND ("look.reference"), of what is over or has no evidence WEFT_CONFLICT
// ("look.over", "look.no_evidence"); WEFT_BAD_INPUT ("look.not_kept",
// "look.purpose_not_for"). *ret_refusal says what has to be noted of it then
// (wf_look_refused). Rows as the reader `city` has them.
weft_status wf_look_judge(weft_city *city, const wf_look *look,
                          const wf_look_scope *scope, weft_time now,
                          wf_look_refusal *ret_refusal,
                          weft_error *error) WEFT_MUST_CHECK;

// ---- whom an answer shows ----

// Persons, each once, and what is noticed about them.
typedef struct {
    wf_value *persons;
    size_t count;
    bool own_household, colleague;
} wf_look_whom;

// Zero-initialise; wf_look_shown_done in the end.
typedef struct {
    wf_arena arena; // of all but `seen`
    wf_look_whom whom;
    size_t capacity;
    wf_hash_set seen;
} wf_look_shown;

// Whoever is shown twice counts once. One more than WF_LOOK_PERSONS_MAX: WEFT_TOO_LARGE
// ("look.too_many"): the answer may not leave.
weft_status wf_look_show(wf_look_shown *shown, const char *person,
                         weft_error *error) WEFT_MUST_CHECK;
void wf_look_shown_done(wf_look_shown *shown);

// Notes whether some of them live with the actor: of users whose account says who they
// are.
weft_status wf_look_close_by(weft_city *city, const wf_actor *actor, wf_look_whom *whom,
                             weft_error *error) WEFT_MUST_CHECK;

// ---- facts ----

#define WF_LOOKS_DEVICE WF_TEXT("weft/looks")

// What a fact of a look is made of besides.
typedef struct {
    const wf_zone *zone;
    weft_time now;    // the city's
    int64_t seq;      // the next of weft/looks; 0: whoever writes it gives it
    wf_pace pace;     // with this look
    wf_looked of_one; // most looks at one of them within a day; in_day 0: not counted
} wf_look_moment;

// look.made of at most WF_LOOK_PERSONS_MAX persons, ready to be sent; borrows from look,
// whom (whose persons it sorts) and the arena.
weft_status wf_look_fact(const wf_look *look, wf_look_whom *whom,
                         const wf_look_moment *moment, wf_arena *arena, wf_fact *ret,
                         weft_error *error) WEFT_MUST_CHECK;
// look.refused, which counts in its hour unless only evidence is wanting; borrows from
// look and the arena.
weft_status wf_look_refused(const wf_look *look, wf_look_refusal refusal,
                            const wf_look_moment *moment, wf_arena *arena, wf_fact *ret,
                            weft_error *error) WEFT_MUST_CHECK;

#endif
