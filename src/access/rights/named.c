#include "access/rights/named.h"

#include <string.h>

#include "access/asked/views.h"
#include "access/rights/scope.h"
#include "desk/command/post.h"
#include "model/grid.h"
#include "store/facts.h"

enum { fact_bytes_max = 4 << 20 };

typedef enum { NEW, THEIRS, ELSEWHERE } standing;

// ---- what lies in grids ----

static bool is_inside(const wf_named_by *by, wf_text grid)
{
    return wf_grid_is_inside(grid, wf_text_of(by->actor->grid));
}

static standing stand_of_grid(const wf_named_by *by, wf_text grid)
{
    return is_inside(by, grid) ? THEIRS : ELSEWHERE;
}

static standing stand_of_account(const wf_named_by *by, wf_text name)
{
    static const char users[] = "user/";
    size_t size = sizeof users - 1;
    bool is_user = name.size > size && memcmp(name.bytes, users, size) == 0;
    wf_account_rights of;
    if (is_user)
        name = (wf_text){name.bytes + size, name.size - size};
    if (!wf_accounts_rights(by->accounts, name, is_user, &of))
        return NEW;
    return stand_of_grid(by, wf_text_of(of.grid));
}

// ---- what the rows hold ----

static const char *reference_word(wf_named what)
{
    return what == WF_NAMED_CASE ? "case:" : what == WF_NAMED_ORDER ? "order:" : NULL;
}

static bool is_reached(const wf_named_by *by, wf_named what, wf_text id,
                       const wf_whereabouts *about)
{
    char reference[WF_ID_BYTES_MAX + sizeof "order:"];
    const char *word = reference_word(what);
    wf_subject subject = {.grid = wf_text_of(about->grid),
                          .case_grid = wf_text_of(about->also),
                          .person = about->person};
    if (word != NULL && id.size <= WF_ID_BYTES_MAX) {
        size_t size = strlen(word);
        memcpy(reference, word, size);
        memcpy(reference + size, id.bytes, id.size);
        subject.reference = (wf_text){reference, size + id.size};
    }
    return wf_scope_reaches(by->accounts, by->actor, &subject, by->now);
}

bool wf_named_reaches_case(void *by, wf_text id, const wf_whereabouts *about)
{
    return is_reached(by, WF_NAMED_CASE, id, about);
}

// A case is theirs, too, that was reported where they work; an outbreak that was declared
// there. What only says nowhere lies with nobody; of an outbreak, with the whole city.
static weft_status stand_by_facts(const wf_named_by *by, wf_references *references,
                                  wf_named what, wf_text id, bool has_grid, standing *ret,
                                  weft_error *error)
{
    wf_said_where said;
    WF_TRY(wf_said_where_ask(references, what, id, wf_text_of(by->actor->grid), &said,
                             error));
    bool elsewhere =
        has_grid || said.outside || (said.nowhere && what == WF_NAMED_OUTBREAK);
    *ret = said.inside ? THEIRS : elsewhere ? ELSEWHERE : NEW;
    return WEFT_OK;
}

static weft_status stand_in_rows(const wf_named_by *by, wf_named what, wf_text id,
                                 standing *ret, weft_error *error)
{
    wf_references *references;
    wf_whereabouts about;
    WF_TRY(wf_city_references(by->city, &references, error));
    WF_TRY(wf_whereabouts_ask(references, what, id, &about, error));
    bool has_grid = about.grid[0] != '\0' || about.also[0] != '\0';
    if (!about.there)
        *ret = NEW;
    else if (is_reached(by, what, id, &about))
        *ret = THEIRS;
    else if (what == WF_NAMED_CASE || what == WF_NAMED_OUTBREAK)
        return stand_by_facts(by, references, what, id, has_grid, ret, error);
    else
        *ret = has_grid ? ELSEWHERE : NEW;
    return WEFT_OK;
}

// Whom nobody knows yet is looked for by those whose case it is, too, wherever it was
// told: they read the words, and say who it is.
static weft_status stand_of_unidentified(const wf_named_by *by, wf_text id, standing *ret,
                                         weft_error *error)
{
    wf_references *references;
    char case_id[WF_ID_BYTES_MAX + 1];
    standing of_case = NEW;
    WF_TRY(stand_in_rows(by, WF_NAMED_UNIDENTIFIED, id, ret, error));
    if (*ret != ELSEWHERE)
        return WEFT_OK;
    WF_TRY(wf_city_references(by->city, &references, error));
    WF_TRY(wf_unidentified_case(references, id, case_id, error));
    if (case_id[0] != '\0')
        WF_TRY(stand_in_rows(by, WF_NAMED_CASE, wf_text_of(case_id), &of_case, error));
    if (of_case == THEIRS)
        *ret = THEIRS;
    return WEFT_OK;
}

static weft_status find_standing(const wf_named_by *by, wf_named what, wf_text id,
                                 standing *ret, weft_error *error)
{
    *ret = NEW;
    switch (what) {
    case WF_NAMED_GRID:
        *ret = stand_of_grid(by, id);
        return WEFT_OK;
    case WF_NAMED_POST:
        *ret = stand_of_grid(by, wf_post_grid(id));
        return WEFT_OK;
    case WF_NAMED_ACCOUNT:
        *ret = stand_of_account(by, id);
        return WEFT_OK;
    case WF_NAMED_UNIDENTIFIED:
        return stand_of_unidentified(by, id, ret, error);
    case WF_NAMED_ROUND: // the city keeps none, nor lots
    case WF_NAMED_LOT:
    case WF_NAMED_REFERENCE:
    case WF_NAMED_FACT:
    case WF_NAMED_COUNT:
        return WEFT_OK;
    default:
        return stand_in_rows(by, what, id, ret, error);
    }
}

static weft_status stand_of(const wf_named_by *by, wf_named what, wf_text id,
                            standing *ret, weft_error *error)
{
    wf_named_last *last = by->last;
    if (last->id.size == 0 || last->what != what || !wf_text_equal(last->id, id)) {
        standing found;
        WF_TRY(find_standing(by, what, id, &found, error));
        *last = (wf_named_last){what, id, (int)found};
    }
    *ret = (standing)last->standing;
    return WEFT_OK;
}

bool wf_named_is_elsewhere(const wf_named_by *by, wf_named what, wf_text id)
{
    weft_error error = {0};
    standing stands = ELSEWHERE;
    return find_standing(by, what, id, &stands, &error) != WEFT_OK || stands == ELSEWHERE;
}

weft_status wf_named_is_theirs(const wf_named_by *by, wf_named what, wf_text id,
                               bool *ret, weft_error *error)
{
    standing stands;
    WF_TRY(find_standing(by, what, id, &stands, error));
    *ret = stands == THEIRS;
    return WEFT_OK;
}

// ---- facts ----

// A fact is theirs that lies in their grid, or says something of what is theirs.
static weft_status says_of_theirs(const wf_named_by *by, const wf_fact *fact, bool *ret,
                                  weft_error *error)
{
    *ret = false;
    for (size_t i = 0; i < fact->kind->names_count && !*ret; i++) {
        const wf_naming *naming = &fact->kind->names[i];
        const wf_value *value =
            &fact->values[wf_kind_field(fact->kind, wf_text_of(naming->field))];
        size_t count = value->items != NULL ? value->items_count : value->given;
        const wf_value *all = value->items != NULL ? value->items : value;
        for (size_t k = 0; k < count && !*ret && naming->names != WF_NAMED_GRID; k++) {
            standing stands;
            WF_TRY(stand_of(by, naming->names, all[k].text, &stands, error));
            *ret = stands == THEIRS;
        }
    }
    return WEFT_OK;
}

static weft_status stand_of_fact(const wf_named_by *by, wf_identity id, wf_arena *arena,
                                 standing *ret, weft_error *error)
{
    wf_entry entry;
    bool found = false, theirs = false;
    *ret = THEIRS;
    if (wf_text_equal(id.device, by->sender))
        return WEFT_OK;
    WF_TRY(wf_store_fact(by->city->store, id, arena, &found, &entry, error));
    *ret = NEW;
    if (!found)
        return WEFT_OK;
    wf_named_last none = {.standing = NEW}; // the texts of this fact go
    wf_named_by of = *by;
    of.last = &none;
    theirs = is_inside(by, entry.fact.grid);
    if (!theirs && !entry.forgotten && !entry.elsewhere && entry.fact.kind != NULL)
        WF_TRY(says_of_theirs(&of, &entry.fact, &theirs, error));
    *ret = theirs ? THEIRS : ELSEWHERE;
    return WEFT_OK;
}

// ---- the judge ----

bool wf_named_needs(const wf_actor *actor, const wf_kind *kind)
{
    if (actor->kind == WF_ACTOR_OWNER || actor->grid[0] == '\0')
        return false;
    for (size_t i = 0; i < kind->names_count; i++)
        if (kind->names[i].needs == WF_NEEDS_OWN_OR_NEW ||
            kind->names[i].needs == WF_NEEDS_OWN)
            return true;
    return false;
}

static weft_status refuse(const wf_naming *naming, weft_error *error)
{
    const char *code = naming->code != NULL            ? naming->code
                       : naming->needs == WF_NEEDS_OWN ? "access.not_there"
                                                       : "access.elsewhere";
    wf_error_at(error, NULL, 0, naming->field);
    return wf_fail(error, WEFT_BAD_INPUT, code, NULL);
}

static weft_status judge_one(const wf_named_by *by, const wf_naming *naming,
                             const wf_value *value, weft_error *error)
{
    standing stands;
    if (naming->names == WF_NAMED_FACT) {
        wf_arena arena;
        wf_arena_init(&arena, fact_bytes_max);
        weft_status status = stand_of_fact(by, value->fact, &arena, &stands, error);
        wf_arena_done(&arena);
        WF_TRY(status);
    } else {
        WF_TRY(stand_of(by, naming->names, value->text, &stands, error));
    }
    bool may =
        stands == THEIRS || (stands == NEW && naming->needs == WF_NEEDS_OWN_OR_NEW);
    return may ? WEFT_OK : refuse(naming, error);
}

weft_status wf_named_judge(const wf_named_by *by, const wf_fact *fact, weft_error *error)
{
    const wf_kind *kind = fact->kind;
    for (size_t i = 0; i < kind->names_count; i++) {
        const wf_naming *naming = &kind->names[i];
        const wf_value *value =
            &fact->values[wf_kind_field(kind, wf_text_of(naming->field))];
        if (naming->needs != WF_NEEDS_OWN_OR_NEW && naming->needs != WF_NEEDS_OWN)
            continue;
        size_t count = value->items != NULL ? value->items_count : value->given;
        const wf_value *all = value->items != NULL ? value->items : value;
        for (size_t k = 0; k < count; k++)
            WF_TRY(judge_one(by, naming, &all[k], error));
    }
    return WEFT_OK;
}
