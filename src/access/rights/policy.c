#include "access/rights/policy.h"

#define MAY(action) (UINT32_C(1) << WF_ACTION_##action)

_Static_assert(WF_ACTION_COUNT <= 32, "the actions of a role are bits of one word");

// Everybody may know who they are, who looked at them, and how they themselves stand.
#define OWN (MAY(ME) | MAY(OWN_STATUS) | MAY(OWN_LOOKS))
#define TRACING (MAY(CONTACTS) | MAY(WHO) | MAY(SOURCE))

// What is in neither column is not allowed.
static const struct {
    uint32_t rows, counts;
} allowed[WF_ROLE_COUNT] = {
    // The wall shows the net and how large its holes are, and nobody's name.
    [WF_ROLE_COMMANDER] = {.rows = OWN | MAY(SEND_FACTS) | MAY(READ_VIEW) | MAY(COUNTS) |
                                   MAY(CLOCK) | MAY(EVENTS),
                           .counts =
                               MAY(READ_PERSONAL_VIEW) | MAY(HOLES) | MAY(CONTACTS)},
    [WF_ROLE_LEAD] = {.rows = OWN | MAY(SEND_FACTS) | MAY(READ_VIEW) |
                              MAY(READ_PERSONAL_VIEW) | MAY(HOLES) | MAY(COUNTS) |
                              MAY(CLOCK) | TRACING | MAY(EXPORT) | MAY(EXPORT_LARGE) |
                              MAY(IMPORT) | MAY(EVENTS) | MAY(VALID) | MAY(ACCOUNTS)},
    [WF_ROLE_INVESTIGATOR] = {.rows = OWN | MAY(SEND_FACTS) | MAY(READ_VIEW) |
                                      MAY(READ_PERSONAL_VIEW) | MAY(HOLES) | MAY(COUNTS) |
                                      MAY(CLOCK) | TRACING | MAY(EXPORT) | MAY(IMPORT) |
                                      MAY(EVENTS)},
    [WF_ROLE_GRID_WORKER] = {.rows = OWN | MAY(SEND_FACTS) | MAY(READ_VIEW) |
                                     MAY(READ_PERSONAL_VIEW) | MAY(HOLES) | MAY(COUNTS) |
                                     MAY(EVENTS) | MAY(VALID)},
    [WF_ROLE_GUARD] = {.rows = OWN | MAY(SEND_FACTS) | MAY(VALID)},
    [WF_ROLE_SAMPLER] = {.rows = OWN | MAY(SEND_FACTS) | MAY(READ_VIEW) |
                                 MAY(READ_PERSONAL_VIEW) | MAY(HOLES) | MAY(COUNTS) |
                                 MAY(EVENTS)},
    [WF_ROLE_LAB] = {.rows = OWN | MAY(SEND_FACTS) | MAY(READ_VIEW) |
                             MAY(READ_PERSONAL_VIEW) | MAY(HOLES) | MAY(COUNTS) |
                             MAY(IMPORT) | MAY(EVENTS)},
    [WF_ROLE_MEDIC] = {.rows = OWN | MAY(SEND_FACTS) | MAY(READ_VIEW) |
                               MAY(READ_PERSONAL_VIEW) | MAY(HOLES) | MAY(COUNTS) |
                               MAY(CLOCK) | MAY(EVENTS) | MAY(VALID)},
    [WF_ROLE_REGULATOR] = {.rows = OWN | MAY(SEND_FACTS) | MAY(READ_VIEW) |
                                   MAY(READ_PERSONAL_VIEW) | MAY(HOLES) | MAY(COUNTS) |
                                   MAY(EVENTS)},
    // Reads who looked at whom, and says what came of it: no other fact is theirs.
    [WF_ROLE_AUDITOR] = {.rows = OWN | MAY(SEND_FACTS) | MAY(READ_VIEW) |
                                 MAY(READ_PERSONAL_VIEW) | MAY(HOLES) | MAY(COUNTS) |
                                 MAY(CLOCK) | MAY(EVENTS) | MAY(LOOKS_AUDIT)},
    // Runs the machine and the accounts, and reads nobody's data.
    [WF_ROLE_OPERATOR] = {.rows = OWN | MAY(SEND_FACTS) | MAY(READ_VIEW) | MAY(COUNTS) |
                                  MAY(HOLES) | MAY(EVENTS) | MAY(ACCOUNTS) |
                                  MAY(METRICS)},
    [WF_ROLE_RESIDENT] = {.rows = OWN | MAY(SEND_FACTS)},
};

const char *wf_action_word(wf_action action)
{
    static const char *const words[WF_ACTION_COUNT] = {
#define X(name, word) [name] = word,
        WF_ACTION_TABLE(X)
#undef X
    };
    return words[action];
}

wf_reach wf_policy_reach(const wf_actor *actor, wf_action action)
{
    if (actor->kind == WF_ACTOR_OWNER)
        return WF_REACH_ROWS;
    if (actor->kind == WF_ACTOR_NOBODY)
        return WF_REACH_NOTHING;
    if ((allowed[actor->role].rows >> action & 1) != 0)
        return WF_REACH_ROWS;
    return (allowed[actor->role].counts >> action & 1) != 0 ? WF_REACH_COUNTS
                                                            : WF_REACH_NOTHING;
}

bool wf_policy_allows(const wf_actor *actor, wf_action action, const wf_kind *kind)
{
    if (wf_policy_reach(actor, action) == WF_REACH_NOTHING)
        return false;
    return kind == NULL || wf_policy_is_among(actor, kind->roles);
}

bool wf_policy_is_among(const wf_actor *actor, uint32_t roles)
{
    if (actor->kind == WF_ACTOR_OWNER)
        return true;
    return actor->kind != WF_ACTOR_NOBODY && (roles >> actor->role & 1) != 0;
}
