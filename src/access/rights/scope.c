#include "access/rights/scope.h"

#include <string.h>

#include "desk/register/kinds.h"
#include "model/grid.h"
#include "model/role.h"

// ---- what is seen ----

static bool is_own(const wf_actor *actor, const wf_subject *subject)
{
    return subject->person != WF_NUMBER_NONE && subject->person == actor->person_number;
}

static bool is_in_grid(const wf_actor *actor, const wf_subject *subject)
{
    wf_text area = wf_text_of(actor->grid);
    return wf_grid_is_inside(subject->grid, area) ||
           (subject->case_grid.size > 0 && wf_grid_is_inside(subject->case_grid, area));
}

static bool is_beside_grid(wf_accounts *accounts, const wf_actor *actor,
                           const wf_subject *subject, weft_time now)
{
    if (subject->person != WF_NUMBER_NONE &&
        wf_accounts_has_custody(accounts, wf_text_of(actor->grid), subject->person, now))
        return true;
    return actor->kind == WF_ACTOR_USER &&
           wf_accounts_is_assigned(accounts, wf_text_of(actor->name), subject->reference,
                                   subject->person, now);
}

bool wf_scope_reaches(wf_accounts *accounts, const wf_actor *actor,
                      const wf_subject *subject, weft_time now)
{
    if (actor->kind == WF_ACTOR_OWNER)
        return true;
    return actor->kind != WF_ACTOR_NOBODY &&
           (is_own(actor, subject) || is_in_grid(actor, subject) ||
            is_beside_grid(accounts, actor, subject, now));
}

bool wf_scope_sees(wf_accounts *accounts, const wf_actor *actor,
                   const wf_subject *subject, weft_time now)
{
    if (actor->kind == WF_ACTOR_OWNER)
        return true;
    if (actor->kind == WF_ACTOR_NOBODY)
        return false;
    if (is_own(actor, subject))
        return true;
    if (actor->role == WF_ROLE_RESIDENT)
        return false;
    bool sees_nobody =
        actor->role == WF_ROLE_COMMANDER || actor->role == WF_ROLE_OPERATOR;
    if (sees_nobody && subject->person != WF_NUMBER_NONE)
        return false;
    return wf_scope_reaches(accounts, actor, subject, now);
}

wf_reach wf_scope_reach(wf_accounts *accounts, const wf_actor *actor, wf_action action,
                        const wf_subject *subject, weft_time now)
{
    wf_reach reach = wf_policy_reach(actor, action);
    bool reached;
    // A pass is judged at whatever gate it is shown; the others are about no subject.
    if (actor->kind == WF_ACTOR_OWNER || action == WF_ACTION_VALID ||
        action == WF_ACTION_METRICS || action == WF_ACTION_ME)
        return reach;
    if (action == WF_ACTION_OWN_STATUS || action == WF_ACTION_OWN_LOOKS)
        reached = is_own(actor, subject);
    else if (reach == WF_REACH_COUNTS)
        reached = is_in_grid(actor, subject);
    else
        reached = wf_scope_sees(accounts, actor, subject, now);
    return reached ? reach : WF_REACH_NOTHING;
}

// ---- what is sent ----

static weft_status wrong(weft_error *error, const char *field, const char *code)
{
    wf_error_at(error, NULL, 0, field);
    return wf_fail(error, WEFT_BAD_INPUT, code, NULL);
}

static bool begins_with(wf_text text, const char *prefix)
{
    size_t size = strlen(prefix);
    return text.size > size && memcmp(text.bytes, prefix, size) == 0;
}

// Rows of files have no sender who could correct them: a lead does. What the city itself
// has sent nobody corrects but its owner.
static bool may_amend(wf_accounts *accounts, const wf_actor *actor, wf_text own,
                      wf_text device)
{
    if (device.size == 0 || wf_text_equal(device, own))
        return true;
    if (begins_with(device, "import/"))
        return actor->role == WF_ROLE_LEAD;
    if (actor->role != WF_ROLE_LEAD && actor->role != WF_ROLE_OPERATOR)
        return false; // colleagues do not correct each other
    bool is_user = begins_with(device, "user/");
    wf_text name = is_user ? (wf_text){device.bytes + 5, device.size - 5} : device;
    wf_account_rights of;
    return wf_accounts_rights(accounts, name, is_user, &of) &&
           wf_role_may_give(actor->role, of.role) &&
           wf_grid_is_inside(wf_text_of(of.grid), wf_text_of(actor->grid));
}

bool wf_scope_manages(wf_accounts *accounts, const wf_actor *actor, wf_text name,
                      bool is_user)
{
    wf_account_rights of;
    if (actor->kind == WF_ACTOR_OWNER ||
        !wf_accounts_rights(accounts, name, is_user, &of))
        return true;
    return wf_role_may_give(actor->role, of.role) &&
           wf_grid_is_inside(wf_text_of(of.grid), wf_text_of(actor->grid));
}

static const wf_value *value_of(const wf_fact *fact, const char *field)
{
    static const wf_value none = {.given = false};
    size_t place = wf_kind_field(fact->kind, wf_text_of(field));
    return place == SIZE_MAX ? &none : &fact->values[place];
}

// An account that lies outside of their grid is for them what is not there; that its name
// is taken has to be said to whoever makes one.
static weft_status not_managed(wf_accounts *accounts, const wf_actor *actor,
                               const wf_fact *fact, bool is_device, bool is_made,
                               weft_error *error)
{
    wf_account_rights of;
    bool seen =
        is_made || (wf_accounts_rights(accounts, fact->values[0].text, !is_device, &of) &&
                    wf_grid_is_inside(wf_text_of(of.grid), wf_text_of(actor->grid)));
    return wrong(error, fact->kind->fields[0].name,
                 seen        ? "access.exceeds"
                 : is_device ? "device.unknown"
                             : "user.unknown");
}

// What an account is to be: within what its maker is. What is not given of one that is
// there stays as it was, which wf_scope_manages has judged.
static weft_status check_account(wf_accounts *accounts, const wf_actor *actor,
                                 const wf_fact *fact, weft_error *error)
{
    const wf_kind *kind = fact->kind;
    bool is_device = kind == &wf_kind_device_enrolled || kind == &wf_kind_device_revoked;
    bool is_made = kind == &wf_kind_device_enrolled || kind == &wf_kind_user_added;
    if (!is_device && !is_made && kind != &wf_kind_user_changed &&
        kind != &wf_kind_user_removed)
        return WEFT_OK;
    const wf_value *role = value_of(fact, "role"), *grid = value_of(fact, "grid");
    wf_role given;
    if (!wf_scope_manages(accounts, actor, fact->values[0].text, !is_device))
        return not_managed(accounts, actor, fact, is_device, is_made, error);
    if (role->given &&
        (!wf_role_parse(role->text, &given) || !wf_role_may_give(actor->role, given)))
        return wrong(error, "role", "access.exceeds");
    if ((is_made || grid->given) &&
        !wf_grid_is_inside(grid->given ? grid->text : WF_TEXT(""),
                           wf_text_of(actor->grid)))
        return wrong(error, "grid", "access.exceeds");
    // Whoever could say who they are could read, as their own, what is somebody else's.
    if (value_of(fact, "person")->given && actor->kind == WF_ACTOR_USER && !is_device &&
        wf_text_equal(fact->values[0].text, wf_text_of(actor->name)))
        return wrong(error, "person", "access.exceeds");
    return WEFT_OK;
}

// One of the persons it names: of two who met, either.
static bool is_about_self(const wf_actor *actor, const wf_fact *fact)
{
    wf_text self = wf_text_of(actor->person);
    for (size_t i = 0; self.size > 0 && i < fact->kind->fields_count; i++)
        if (fact->kind->fields[i].type == WF_COLUMN_PERSON && fact->values[i].given &&
            wf_text_equal(fact->values[i].text, self))
            return true;
    return false;
}

bool wf_scope_restates(wf_accounts *accounts, const wf_actor *actor, wf_text device)
{
    char room[WF_ACTOR_SENDER_MAX + 1];
    return actor->kind == WF_ACTOR_OWNER ||
           (wf_policy_allows(actor, WF_ACTION_SEND_FACTS, &wf_kind_visit_stated) &&
            may_amend(accounts, actor, wf_actor_sender(actor, room), device));
}

weft_status wf_scope_may_send(wf_accounts *accounts, const wf_actor *actor,
                              const wf_fact *fact, weft_error *error)
{
    char room[WF_ACTOR_SENDER_MAX + 1];
    if (actor->kind == WF_ACTOR_OWNER)
        return WEFT_OK;
    if (!wf_policy_allows(actor, WF_ACTION_SEND_FACTS, fact->kind))
        return wrong(error, "kind", "access.kind");
    wf_text own = wf_actor_sender(actor, room);
    if (!wf_text_equal(fact->id.device, own))
        return wrong(error, "device", "access.sender");
    if (!wf_grid_is_inside(fact->grid, wf_text_of(actor->grid)))
        return wrong(error, "grid", "access.grid");
    if (actor->role == WF_ROLE_RESIDENT && !is_about_self(actor, fact))
        return wrong(error, fact->kind->fields[0].name, "access.person");
    if (!may_amend(accounts, actor, own, fact->amends.device))
        return wrong(error, fact->kind->withdraws ? "device" : "instead_of",
                     "access.amends");
    return check_account(accounts, actor, fact, error);
}
