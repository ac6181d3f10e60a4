// What a role may do at all: one table, role × action, deny by default. Where they may do
// it is the scope (access/rights/scope.h).
//
// Threads: all functions may run in parallel.
#ifndef WF_ACCESS_RIGHTS_POLICY_H
#define WF_ACCESS_RIGHTS_POLICY_H

#include <stdbool.h>

#include "access/accounts/actor.h"

// X(name, word): what is asked of the service.
#define WF_ACTION_TABLE(X)                                                               \
    X(WF_ACTION_SEND_FACTS, "send_facts") /* of kinds that name the role */              \
    X(WF_ACTION_READ_VIEW, "read_view")   /* views without persons */                    \
    X(WF_ACTION_READ_PERSONAL_VIEW, "read_personal_view") /* with a look */              \
    X(WF_ACTION_HOLES, "holes")                                                          \
    X(WF_ACTION_COUNTS, "counts")                                                        \
    X(WF_ACTION_CONTACTS, "contacts")                                                    \
    X(WF_ACTION_WHO, "who")                                                              \
    X(WF_ACTION_SOURCE, "source")                                                        \
    X(WF_ACTION_EXPORT, "export")                                                        \
    X(WF_ACTION_EXPORT_LARGE, "export_large") /* agrees to another's large export */     \
    X(WF_ACTION_IMPORT, "import") /* lists whose facts are all theirs */          \
    X(WF_ACTION_EVENTS, "events")                                                        \
    X(WF_ACTION_OWN_STATUS, "own_status") /* of their own person */                      \
    X(WF_ACTION_OWN_LOOKS, "own_looks")   /* who looked at their own person */           \
    X(WF_ACTION_LOOKS_AUDIT, "looks_audit")                                              \
    X(WF_ACTION_VALID, "valid")       /* is this pass or code good */                    \
    X(WF_ACTION_ACCOUNTS, "accounts") /* users, devices, tokens of others */             \
    X(WF_ACTION_CLOCK, "clock")       /* of cases and outbreaks; it names nobody */      \
    X(WF_ACTION_METRICS, "metrics")                                                      \
    X(WF_ACTION_ME, "me") /* who am I, my log-out, my secret */

typedef enum {
#define X(name, word) name,
    WF_ACTION_TABLE(X)
#undef X
        WF_ACTION_COUNT
} wf_action;

const char *wf_action_word(wf_action action);

// How far an action reaches for somebody.
typedef enum {
    WF_REACH_NOTHING, // told apart from "there is none" by nobody: 404
    WF_REACH_COUNTS,  // sums, never a person or a row of theirs
    WF_REACH_ROWS
} wf_reach;

wf_reach wf_policy_reach(const wf_actor *actor, wf_action action);

// Whether the action is theirs, in counts at least. `kind`: with WF_ACTION_SEND_FACTS,
// which kind of fact (it has to name their role); NULL: any kind.
bool wf_policy_allows(const wf_actor *actor, wf_action action, const wf_kind *kind);

// Whether their role is among `roles` (bits 1 << wf_role), as views and kinds name them;
// the owner's always is.
bool wf_policy_is_among(const wf_actor *actor, uint32_t roles);

#endif
