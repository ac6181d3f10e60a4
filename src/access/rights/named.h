// Of what somebody says something: the ids that a fact names, and what its sender has to
// reach of them, as its kind declares it (wf_naming).
//
//   theirs     lies in their grid; is, or is of, somebody who lives there, was handed
//   over
//              to it, or to whom they are assigned; a case, too, that was reported there;
//              whom nobody knows yet, too, as a contact of a case that is theirs
//   new        not in the rows; or lies nowhere yet, as somebody without a home
//   elsewhere  all else
//
// It is judged when the fact comes, by what the rows hold by then: what arrives with it,
// or is on its way into the rows (a second at most), is new. So a case may be reported
// before its person is known, and facts come in any order; who wins that second says
// something of what nobody had said anything of before.
//
// Refused are, with the field: "access.elsewhere", or the code that the kind gives for
// it; where something has to be there, "access.not_there" for both. Who makes something
// learns that its id is taken, and no more: not where, whose, or since when. Every try
// is a line that was refused and kept.
//
// Threads: one at a time on one reader.
#ifndef WF_ACCESS_RIGHTS_NAMED_H
#define WF_ACCESS_RIGHTS_NAMED_H

#include "access/accounts/accounts.h"
#include "access/city/city.h"
#include "desk/reference.h"
#include "model/fact.h"

// What was asked of last: the samples of a batch name few tubes, again and again. Its id
// is borrowed; {0}: nothing.
typedef struct {
    wf_named what;
    wf_text id;
    int standing;
} wf_named_last;

typedef struct {
    weft_city *city; // a reader, or the owner's in his turn
    wf_accounts *accounts;
    const wf_actor *actor;
    wf_text sender; // their book
    weft_time now;  // the city's
    wf_named_last *last;
} wf_named_by;

// Whether anything is to be asked for facts of this kind from them: not of those who work
// for the whole city, nor of kinds that may name anything. Some ns.
bool wf_named_needs(const wf_actor *actor, const wf_kind *kind);

// Whether what the id names is elsewhere, as above; what cannot be looked up is.
bool wf_named_is_elsewhere(const wf_named_by *by, wf_named what, wf_text id);

// *ret: whether what the id names is there and theirs, as above. Who works for the whole
// city reaches all that is there.
weft_status wf_named_is_theirs(const wf_named_by *by, wf_named what, wf_text id,
                               bool *ret, weft_error *error) WEFT_MUST_CHECK;

// WEFT_BAD_INPUT as above. Some µs for each id that is not the last. The fact's texts are
// borrowed until `last` is not used any more.
weft_status wf_named_judge(const wf_named_by *by, const wf_fact *fact,
                           weft_error *error) WEFT_MUST_CHECK;

// Whether a case of which somebody says something may be told to them: it lies in their
// grid, was reported there, or they reach it beside it. A wf_case_reached of a
// wf_named_by.
bool wf_named_reaches_case(void *by, wf_text id, const wf_whereabouts *about);

#endif
