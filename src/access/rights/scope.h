// Whom and what somebody reaches: grid ∪ custody ∪ assignment (DESIGN §5). What they may
// do at all is the policy (access/rights/policy.h).
//
//   grid        where a person lives and whose case a row of work is lie in the actor's
//   custody     the person was handed over to the actor's grid, and it holds
//   assignment  the user was assigned to the reference or the person, and it holds
//
// A person who has moved away is no longer seen by those who work where they lived,
// unless the row is of work on a case that is theirs, or custody or assignment says so.
// Commanders see counts and nobody, operators nobody; residents see themselves and nobody
// else.
//
// Threads: all functions may run in parallel.
#ifndef WF_ACCESS_RIGHTS_SCOPE_H
#define WF_ACCESS_RIGHTS_SCOPE_H

#include "access/accounts/accounts.h"
#include "access/rights/policy.h"
#include "model/fact.h"

// Whom an answer or a row is about. Texts of size 0: not said.
typedef struct {
    wf_text grid;      // where the person lives; or where the row lies
    wf_text case_grid; // of a row of work on a person: whose case it is
    wf_text reference; // what it belongs to: "case:C-0001"
    uint32_t person;   // WF_NUMBER_NONE: nobody
} wf_subject;

// Whether the actor reaches the subject's row. `now`: the city's clock.
bool wf_scope_sees(wf_accounts *accounts, const wf_actor *actor,
                   const wf_subject *subject, weft_time now);

// The same, whether or not their role reads anything of persons: whom they may say
// something of.
bool wf_scope_reaches(wf_accounts *accounts, const wf_actor *actor,
                      const wf_subject *subject, weft_time now);

// How far an action reaches for them with this subject: policy and scope together. What
// is their own (OWN_STATUS, OWN_LOOKS) is their own person only; VALID, METRICS and ME
// have no scope.
wf_reach wf_scope_reach(wf_accounts *accounts, const wf_actor *actor, wf_action action,
                        const wf_subject *subject, weft_time now);

// Whether the actor may send this fact, judged by its own line and their rights:
// WEFT_BAD_INPUT with the field,
//   "access.kind"     their role does not send this kind
//   "access.sender"   it is not of their own book
//   "access.grid"     it lies outside of their grid
//   "access.person"   a resident's, about somebody else
//   "access.amends"   it corrects what is not theirs; leads and operators also correct
//                     those whose role they may give, inside their grid
//   "access.exceeds"  an account that is more than they are, or was; "user.unknown" or
//                     "device.unknown" when it lies outside of their grid
// A fact without a grid lies in its sender's: fill it in before.
weft_status wf_scope_may_send(wf_accounts *accounts, const wf_actor *actor,
                              const wf_fact *fact, weft_error *error) WEFT_MUST_CHECK;

// Whether the actor may correct or withdraw a visit.stated that the device has sent: what
// "access.kind" and "access.amends" would say of it, before anything is typed.
bool wf_scope_restates(wf_accounts *accounts, const wf_actor *actor, wf_text device);

// Whether the actor may change or end the account (or its tokens): they could have made
// it. One that is unknown: yes, what becomes of it is the judge's.
bool wf_scope_manages(wf_accounts *accounts, const wf_actor *actor, wf_text name,
                      bool is_user);

#endif
