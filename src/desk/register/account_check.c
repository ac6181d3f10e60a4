#include "desk/register/account_check.h"

#include <string.h>

#include "desk/asked_sql.h"
#include "desk/declare.h"
#include "desk/register/kinds.h"
#include "desk/register/one_user.h"
#include "model/grid.h"
#include "model/role.h"

static const wf_value *value_of(const wf_fact *fact, const char *field)
{
    return &fact->values[wf_kind_field(fact->kind, wf_text_of(field))];
}

static weft_status wrong(weft_error *error, const char *field, const char *code)
{
    wf_error_at(error, NULL, 0, field);
    return wf_fail(error, WEFT_BAD_INPUT, code, NULL);
}

static bool is_over(const wf_fact *fact)
{
    const wf_value *until = value_of(fact, "until");
    return until->given && until->number <= fact->at.us;
}

// ---- whose rights a token may have ----

typedef struct {
    bool known; // and may work
    wf_role role;
    char grid[WF_GRID_BYTES_MAX + 1];
    size_t grid_size;
    bool ends;
    int64_t until_us;
} rights;

static void read_rights(const wf_statement *row, rights *ret)
{
    wf_text grid = wf_statement_text(row, 1);
    ret->known = wf_statement_i64(row, 2) != 0 &&
                 wf_role_parse(wf_statement_text(row, 0), &ret->role) &&
                 grid.size <= WF_GRID_BYTES_MAX;
    if (!ret->known)
        return;
    if (grid.size > 0)
        memcpy(ret->grid, grid.bytes, grid.size);
    ret->grid_size = grid.size;
    ret->ends = !wf_statement_is_null(row, 3);
    ret->until_us = wf_statement_i64(row, 3);
}

static weft_status ask_rights(wf_database *rows, const char *sql, wf_text name,
                              rights *ret, weft_error *error)
{
    wf_statement *statement = NULL;
    bool row = false;
    *ret = (rights){.known = false};
    WF_TRY(wf_database_prepare(rows, sql, &statement, error));
    wf_statement_bind_text(statement, 0, name);
    weft_status status = wf_statement_step(statement, &row, error);
    if (status == WEFT_OK && row)
        read_rights(statement, ret);
    wf_statement_free(statement);
    return status;
}

static wf_text area_of(const rights *of)
{
    return (wf_text){of->grid, of->grid_size};
}

static weft_status check_holder(wf_database *rows, const wf_fact *fact, wf_role role,
                                weft_error *error)
{
    const wf_value *device = value_of(fact, "device"), *user = value_of(fact, "user");
    rights holder;
    if (device->given && user->given)
        return wrong(error, "user", "token.holder");
    WF_TRY(ask_rights(rows, device->given ? WF_SQL_RIGHTS_DEVICE : WF_SQL_RIGHTS_USER,
                      device->given ? device->text : user->text, &holder, error));
    if (!holder.known)
        return wrong(error, device->given ? "device" : "user", "token.holder");
    if (holder.role != role)
        return wrong(error, "role", "token.role");
    if (!wf_grid_is_inside(value_of(fact, "grid")->text, area_of(&holder)))
        return wrong(error, "grid", "token.area");
    return WEFT_OK;
}

// Cuts a text that begins so.
static bool take(wf_text *text, const char *prefix)
{
    size_t size = strlen(prefix);
    if (text->size <= size || memcmp(text->bytes, prefix, size) != 0)
        return false;
    *text = (wf_text){text->bytes + size, text->size - size};
    return true;
}

static weft_status check_maker(wf_database *rows, const wf_fact *fact, wf_role role,
                               weft_error *error)
{
    wf_text name = value_of(fact, "maker")->text;
    const wf_value *until = value_of(fact, "until");
    rights maker;
    if (wf_text_equal(name, WF_TEXT("owner")))
        return WEFT_OK;
    bool is_user = take(&name, "user/");
    if (!is_user && !take(&name, "token/"))
        return wrong(error, "maker", "token.maker");
    WF_TRY(ask_rights(rows, is_user ? WF_SQL_RIGHTS_USER : WF_SQL_RIGHTS_TOKEN, name,
                      &maker, error));
    // Whether the maker's own token is over says the machine's clock, to whoever asks.
    if (!maker.known)
        return wrong(error, "maker", "token.maker");
    if (!wf_role_may_give(maker.role, role))
        return wrong(error, "role", "token.exceeds");
    if (!wf_grid_is_inside(value_of(fact, "grid")->text, area_of(&maker)))
        return wrong(error, "grid", "token.exceeds");
    if (maker.ends && (!until->given || until->number > maker.until_us))
        return wrong(error, "until", "token.exceeds");
    return WEFT_OK;
}

static weft_status check_token(wf_database *rows, const wf_fact *fact, weft_error *error)
{
    wf_role role;
    if (!wf_role_parse(value_of(fact, "role")->text, &role))
        return wrong(error, "role", "token.role");
    WF_TRY(check_holder(rows, fact, role, error));
    return check_maker(rows, fact, role, error);
}

// ---- secrets ----

static weft_status check_secret(wf_database *rows, const wf_fact *fact, weft_error *error)
{
    rights user;
    wf_text secret = value_of(fact, "secret")->text;
    WF_TRY(ask_rights(rows, WF_SQL_RIGHTS_USER, fact->values[0].text, &user, error));
    if (!user.known)
        return wrong(error, "user", "user.unknown");
    if (!take(&secret, "$argon2id$"))
        return wrong(error, "secret", "secret.form");
    return WEFT_OK;
}

// ---- in whose charge a person is ----

// Whether the person is of `area`: by their row, or by a custody that holds at `at`.
static weft_status step_area(wf_database *rows, const char *sql, uint32_t person,
                             const weft_time *at, wf_text area, bool *ret_row,
                             bool *ret_inside, weft_error *error)
{
    wf_statement *statement = NULL;
    bool row = false;
    WF_TRY(wf_database_prepare(rows, sql, &statement, error));
    wf_statement_bind_i64(statement, 0, person);
    if (at != NULL)
        wf_statement_bind_i64(statement, 1, at->us);
    weft_status status;
    while ((status = wf_statement_step(statement, &row, error)) == WEFT_OK && row) {
        *ret_row = true;
        *ret_inside |= wf_grid_is_inside(wf_statement_text(statement, 0), area);
    }
    wf_statement_free(statement);
    return status;
}

// Who is in the charge of others answers as who is not there: `code`.
static weft_status check_charge(wf_database *rows, const wf_fact *fact, uint32_t person,
                                const char *field, const char *code, weft_error *error)
{
    bool known = false, inside = fact->grid.size == 0, handed_over = false;
    if (person != WF_NUMBER_NONE)
        WF_TRY(step_area(rows, WF_SQL_PERSON_GRID, person, NULL, fact->grid, &known,
                         &inside, error));
    if (!known)
        return wrong(error, field, code);
    if (!inside)
        WF_TRY(step_area(rows, WF_SQL_PERSON_CUSTODY, person, &fact->at, fact->grid,
                         &handed_over, &inside, error));
    return inside ? WEFT_OK : wrong(error, field, code);
}

static uint32_t number_of(wf_store *store, wf_text person)
{
    const wf_numbers *numbers = wf_store_numbers(store);
    return numbers->find(numbers->context, WF_COLUMN_PERSON, person);
}

// WF_NUMBER_NONE: there is no such case.
static weft_status ask_case(wf_database *rows, wf_text case_id, uint32_t *ret,
                            weft_error *error)
{
    wf_statement *statement = NULL;
    bool row = false;
    *ret = WF_NUMBER_NONE;
    WF_TRY(wf_database_prepare(rows, WF_SQL_CASE_PERSON, &statement, error));
    wf_statement_bind_text(statement, 0, case_id);
    weft_status status = wf_statement_step(statement, &row, error);
    if (status == WEFT_OK && row && !wf_statement_is_null(statement, 0))
        *ret = (uint32_t)wf_statement_i64(statement, 0);
    wf_statement_free(statement);
    return status;
}

// ---- assignments and custody ----

// Whether an order or a place lies in `area`.
static weft_status lies_inside(wf_database *rows, const char *sql, const uint32_t *number,
                               wf_text id, wf_text area, bool *ret, weft_error *error)
{
    wf_statement *statement = NULL;
    bool row = false;
    *ret = false;
    WF_TRY(wf_database_prepare(rows, sql, &statement, error));
    if (number != NULL)
        wf_statement_bind_i64(statement, 0, *number);
    else
        wf_statement_bind_text(statement, 0, id);
    weft_status status = wf_statement_step(statement, &row, error);
    if (status == WEFT_OK && row)
        *ret = wf_grid_is_inside(wf_statement_text(statement, 0), area);
    wf_statement_free(statement);
    return status;
}

// A reference opens what rests on it: it has to be in the charge of who gives it. One of
// a kind of which the city keeps nothing opens nothing, and is taken beside a person.
static weft_status check_reference(wf_store *store, wf_database *rows,
                                   const wf_fact *fact, wf_text reference,
                                   weft_error *error)
{
    const wf_numbers *numbers = wf_store_numbers(store);
    bool inside = true;
    uint32_t number = WF_NUMBER_NONE;
    if (take(&reference, "case:")) {
        WF_TRY(ask_case(rows, reference, &number, error));
        return check_charge(rows, fact, number, "reference", "assignment.reference",
                            error);
    }
    if (take(&reference, "order:")) {
        WF_TRY(lies_inside(rows, WF_SQL_LIES_ORDER, NULL, reference, fact->grid, &inside,
                           error));
    } else if (take(&reference, "site:")) {
        number = numbers->find(numbers->context, WF_COLUMN_PLACE, reference);
        inside = false;
        if (number != WF_NUMBER_NONE)
            WF_TRY(lies_inside(rows, WF_SQL_LIES_PLACE, &number, reference, fact->grid,
                               &inside, error));
    } else {
        inside = value_of(fact, "person")->given;
    }
    return inside ? WEFT_OK : wrong(error, "reference", "assignment.reference");
}

// To whom is not asked (desk/register/grants.c).
static weft_status check_assignment(wf_store *store, wf_database *rows,
                                    const wf_fact *fact, weft_error *error)
{
    const wf_value *person = value_of(fact, "person");
    if (is_over(fact))
        return wrong(error, "until", "assignment.over");
    if (person->given)
        WF_TRY(check_charge(rows, fact, number_of(store, person->text), "person",
                            "assignment.reference", error));
    // Who works for the whole city may name what has not come yet.
    if (person->given && fact->grid.size == 0)
        return WEFT_OK;
    return check_reference(store, rows, fact, value_of(fact, "reference")->text, error);
}

static weft_status check_custody(wf_store *store, wf_database *rows, const wf_fact *fact,
                                 weft_error *error)
{
    const wf_value *because = value_of(fact, "because");
    if (is_over(fact))
        return wrong(error, "until", "custody.over");
    for (size_t i = 0; i < because->items_count; i++) {
        wf_standing standing = WF_FACT_UNKNOWN;
        WF_TRY(wf_store_standing(store, because->items[i].fact, &standing, error));
        if (standing != WF_FACT_LIVE)
            return wrong(error, "because", "custody.reason");
    }
    uint32_t person = number_of(store, value_of(fact, "person")->text);
    return check_charge(rows, fact, person, "person", "custody.person", error);
}

// Whether a fact came from this sender, or from another account of the same person.
static weft_status is_of_sender(wf_database *rows, wf_text fact, wf_text sender,
                                bool *ret, weft_error *error)
{
    wf_identity id;
    *ret = false;
    return wf_identity_read(fact, &id)
               ? wf_senders_are_one(rows, id.device, sender, ret, error)
               : WEFT_OK;
}

// By whom it was handed over, and to whom: the taker's word is another one's, from the
// grid that is to have them. What was handed to others is not there.
static weft_status check_taking(wf_database *rows, const wf_fact *fact, weft_error *error)
{
    wf_statement *statement = NULL;
    bool row = false, theirs = false, same = false;
    WF_TRY(wf_database_prepare(rows, WF_SQL_CUSTODY_SIGNED, &statement, error));
    wf_statement_bind_text(statement, 0, fact->values[0].text);
    weft_status status = wf_statement_step(statement, &row, error);
    if (status == WEFT_OK && row && !wf_statement_is_null(statement, 0)) {
        theirs = wf_grid_is_inside(wf_statement_text(statement, 0), fact->grid) &&
                 wf_statement_i64(statement, 1) > fact->at.us;
        status = is_of_sender(rows, wf_statement_text(statement, 2), fact->id.device,
                              &same, error);
    }
    wf_statement_free(statement);
    WF_TRY(status);
    if (!theirs)
        return wrong(error, "custody", "custody.unknown");
    return same ? wrong(error, "custody", "custody.same") : WEFT_OK;
}

weft_status wf_account_check(wf_store *store, wf_database *rows, const wf_fact *fact,
                             wf_subject_state state, weft_error *error)
{
    static const struct {
        const wf_kind *begins, *ends;
        const char *there, *unknown;
    } pairs[] = {
        {&wf_kind_token_issued, &wf_kind_token_revoked, "token.there", "token.unknown"},
        {&wf_kind_assignment_given, &wf_kind_assignment_ended, "assignment.there",
         "assignment.unknown"},
        {&wf_kind_custody_given, &wf_kind_custody_ended, "custody.there",
         "custody.unknown"},
    };
    const wf_kind *kind = fact->kind;
    bool amends = fact->amends.device.size > 0;
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        if (kind == pairs[i].begins && state != WF_SUBJECT_UNKNOWN && !amends)
            return wrong(error, kind->fields[0].name, pairs[i].there);
        if (kind == pairs[i].ends && state == WF_SUBJECT_UNKNOWN)
            return wrong(error, kind->fields[0].name, pairs[i].unknown);
    }
    if (kind == &wf_kind_token_issued)
        return check_token(rows, fact, error);
    if (kind == &wf_kind_user_secret_set)
        return check_secret(rows, fact, error);
    if (kind == &wf_kind_assignment_given)
        return check_assignment(store, rows, fact, error);
    if (kind == &wf_kind_custody_given)
        return check_custody(store, rows, fact, error);
    if (kind == &wf_kind_custody_taken)
        return check_taking(rows, fact, error);
    return WEFT_OK;
}
