#include "access/rights/unknown.h"

#include "access/asked/views.h"
#include "access/city/numbers.h"
#include "desk/cases/kinds.h"
#include "desk/register/kinds.h"
#include "desk/tracing/kinds.h"

// Kinds by which something becomes known, and those that ask whether it is.
static bool makes(const wf_kind *kind, wf_named what)
{
    if (what == WF_NAMED_CASE)
        return kind == &wf_kind_case_reported;
    if (what == WF_NAMED_PLACE)
        return kind == &wf_kind_place_registered;
    return what == WF_NAMED_PERSON &&
           (kind == &wf_kind_person_registered || kind == &wf_kind_contact_named ||
            kind == &wf_kind_contact_confirmed || kind == &wf_kind_contact_identified);
}

static bool asks_of(const wf_kind *kind, wf_named what)
{
    if (what == WF_NAMED_CASE)
        return kind != &wf_kind_case_reported && kind != &wf_kind_contact_dismissed;
    if (what == WF_NAMED_PLACE)
        return kind == &wf_kind_visit_stated;
    return what == WF_NAMED_PERSON &&
           (kind == &wf_kind_contact_attempted || kind == &wf_kind_contact_reached ||
            kind == &wf_kind_contact_placed || kind == &wf_kind_contact_tested);
}

bool wf_unknown_may_ask(const wf_kind *kind)
{
    for (size_t i = 0; i < kind->names_count; i++)
        if (asks_of(kind, kind->names[i].names))
            return true;
    return false;
}

static const wf_value *value_of(const wf_fact *fact, const wf_naming *naming)
{
    return &fact->values[wf_kind_field(fact->kind, wf_text_of(naming->field))];
}

weft_status wf_unknown_note(wf_told_before *told, const wf_fact *fact, wf_arena *arena,
                            weft_error *error)
{
    for (size_t i = 0; i < fact->kind->names_count; i++) {
        const wf_naming *naming = &fact->kind->names[i];
        const wf_value *value = value_of(fact, naming);
        if (!makes(fact->kind, naming->names) || !value->given || value->items != NULL)
            continue;
        struct wf_told_of *all =
            wf_arena_grow(arena, told->all, told->count, &told->capacity, sizeof *all);
        if (all == NULL)
            return wf_fail_memory(error);
        told->all = all;
        all[told->count++] = (struct wf_told_of){naming->names, value->text};
    }
    return WEFT_OK;
}

static bool was_told(const wf_told_before *told, wf_named what, wf_text id)
{
    for (size_t i = told == NULL ? 0 : told->count; i > 0; i--)
        if (told->all[i - 1].what == what && wf_text_equal(told->all[i - 1].id, id))
            return true;
    return false;
}

// Somebody who is named in any fact has a number, registered or not.
static weft_status is_known(const wf_named_by *by, wf_named what, wf_text id, bool *ret,
                            weft_error *error)
{
    wf_references *references;
    wf_whereabouts about;
    wf_numbers numbers = wf_numbers_of(by->city->visits);
    *ret = true;
    if (what == WF_NAMED_CASE)
        return wf_named_is_theirs(by, what, id, ret, error);
    if (by->actor->kind != WF_ACTOR_OWNER && by->actor->grid[0] != '\0')
        return WEFT_OK;
    if (what == WF_NAMED_PERSON) {
        *ret = numbers.find(numbers.context, WF_COLUMN_PERSON, id) != WF_NUMBER_NONE;
        return WEFT_OK;
    }
    WF_TRY(wf_city_references(by->city, &references, error));
    WF_TRY(wf_whereabouts_ask(references, what, id, &about, error));
    *ret = about.there;
    return WEFT_OK;
}

static const char *code_of(wf_named what)
{
    return what == WF_NAMED_CASE    ? "case.unknown_yet"
           : what == WF_NAMED_PLACE ? "place.unknown_yet"
                                    : "person.unknown_yet";
}

weft_status wf_unknown_asks(const wf_named_by *by, const wf_told_before *told,
                            const wf_fact *fact, bool *ret_asks, weft_error *ret,
                            weft_error *error)
{
    *ret_asks = false;
    if (by->actor->kind != WF_ACTOR_OWNER && by->actor->role == WF_ROLE_RESIDENT)
        return WEFT_OK;
    for (size_t i = 0; i < fact->kind->names_count; i++) {
        const wf_naming *naming = &fact->kind->names[i];
        const wf_value *value = value_of(fact, naming);
        size_t count = value->items != NULL ? value->items_count : value->given;
        const wf_value *all = value->items != NULL ? value->items : value;
        for (size_t k = 0; asks_of(fact->kind, naming->names) && k < count; k++) {
            bool known = was_told(told, naming->names, all[k].text);
            if (!known)
                WF_TRY(is_known(by, naming->names, all[k].text, &known, error));
            if (known)
                continue;
            *ret_asks = true;
            *ret = (weft_error){0};
            WF_IGNORE(wf_fail(ret, WEFT_BAD_INPUT, code_of(naming->names), NULL),
                      "it is a warning");
            wf_error_at(ret, NULL, 0, naming->field);
            return WEFT_OK;
        }
    }
    return WEFT_OK;
}
