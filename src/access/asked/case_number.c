#include "access/asked/case_number.h"

#include <stdio.h>
#include <string.h>

#include "access/asked/views.h"
#include "desk/cases/kinds.h"
#include "desk/tracing/kinds.h"
#include "store/facts.h"

static weft_status fail(weft_status status, const char *code, const wf_cases_named *named,
                        weft_error *error)
{
    char ids[WF_CASES_NAMED_MAX * (WF_ID_BYTES_MAX + 2) + sizeof ", …"] = "";
    size_t size = 0;
    for (size_t i = 0; i < named->count; i++) {
        int made = snprintf(ids + size, sizeof ids - size, "%s%s", i > 0 ? ", " : "",
                            named->ids[i].bytes);
        WF_ASSERT(made > 0 && (size_t)made < sizeof ids - size);
        size += (size_t)made;
    }
    if (named->more)
        (void)snprintf(ids + size, sizeof ids - size, ", …");
    return wf_fail(error, status, code, "cases", ids, NULL);
}

weft_status wf_case_number(weft_city *city, const char *number, wf_case_reached reached,
                           void *context, wf_arena *arena, const char **ret,
                           weft_error *error)
{
    wf_references *references;
    wf_cases_named named;
    WF_TRY(wf_city_references(city, &references, error));
    WF_TRY(wf_cases_named_ask(references, wf_text_of(number), reached, context, arena,
                              &named, error));
    if (named.count > 1)
        return fail(WEFT_CONFLICT, "case.number_several", &named, error);
    const char *found = named.count == 1 ? named.ids[0].bytes
                                         : wf_arena_text(arena, wf_text_of(number)).bytes;
    if (found == NULL)
        return wf_fail_memory(error);
    *ret = found;
    return WEFT_OK;
}

// ---- facts ----

enum { fact_bytes_max = 4 << 20 };

typedef struct {
    weft_city *city;
    const wf_fact *fact;
    wf_case_reached reached;
    void *context;
    wf_arena arena;
} judging;

static weft_status judge_one(judging *on, const char *field, wf_text number,
                             weft_error *error)
{
    wf_references *references;
    wf_cases_named named;
    wf_entry entry;
    bool had = false;
    WF_TRY(wf_city_references(on->city, &references, error));
    WF_TRY(wf_cases_named_ask(references, number, on->reached, on->context, &on->arena,
                              &named, error));
    if (named.count == 0 || named.own)
        return WEFT_OK;
    if (on->fact->id.seq > 0)
        WF_TRY(wf_store_fact(on->city->store, on->fact->id, &on->arena, &had, &entry,
                             error));
    if (had)
        return WEFT_OK;
    wf_error_at(error, NULL, 0, field);
    return fail(WEFT_BAD_INPUT,
                named.count > 1 ? "case.number_several" : "case.number_other", &named,
                error);
}

// A reference to a case has its number behind "case:"; false: it is of something else.
static bool take_number(const wf_naming *naming, wf_text *number)
{
    static const char word[] = "case:";
    size_t size = sizeof word - 1;
    if (naming->names == WF_NAMED_CASE)
        return true;
    if (number->size < size || memcmp(number->bytes, word, size) != 0)
        return false;
    *number = (wf_text){number->bytes + size, number->size - size};
    return true;
}

static bool may_name_case(const wf_naming *naming)
{
    return naming->names == WF_NAMED_CASE || naming->names == WF_NAMED_REFERENCE;
}

static weft_status judge_naming(judging *on, const wf_naming *naming, weft_error *error)
{
    const wf_fact *fact = on->fact;
    const wf_value *value =
        &fact->values[wf_kind_field(fact->kind, wf_text_of(naming->field))];
    size_t count = value->items != NULL ? value->items_count : value->given;
    const wf_value *all = value->items != NULL ? value->items : value;
    for (size_t i = 0; i < count; i++) {
        wf_text number = all[i].text;
        if (take_number(naming, &number))
            WF_TRY(judge_one(on, naming->field, number, error));
    }
    return WEFT_OK;
}

weft_status wf_case_number_judge(weft_city *city, const wf_fact *fact,
                                 wf_case_reached reached, void *context,
                                 weft_error *error)
{
    const wf_kind *kind = fact->kind;
    judging on = {.city = city, .fact = fact, .reached = reached, .context = context};
    weft_status status = WEFT_OK;
    if (kind == &wf_kind_case_reported || kind == &wf_kind_contact_dismissed)
        return WEFT_OK;
    wf_arena_init(&on.arena, fact_bytes_max);
    for (size_t i = 0; status == WEFT_OK && i < kind->names_count; i++)
        if (may_name_case(&kind->names[i]))
            status = judge_naming(&on, &kind->names[i], error);
    wf_arena_done(&on.arena);
    return status;
}

// ---- reports ----

typedef struct {
    wf_case_reached reached; // NULL: all are
    void *context;
    wf_text of;
    bool own; // the case itself was met
} others;

static bool is_other(void *context, wf_text id, const wf_whereabouts *about)
{
    others *on = context;
    if (wf_text_equal(id, on->of)) {
        on->own = true;
        return false;
    }
    return on->reached == NULL || on->reached(on->context, id, about);
}

static weft_status look_at_number(others *on, wf_references *references,
                                  const wf_fact *report, const char *field,
                                  wf_arena *arena, weft_error *ret, weft_error *error)
{
    wf_cases_named named;
    wf_text number = report->values[wf_kind_field(report->kind, wf_text_of(field))].text;
    bool is_id = wf_text_equal(number, on->of);
    if (ret->code != NULL || (is_id && strcmp(field, "case") != 0))
        return WEFT_OK;
    on->own = false;
    WF_TRY(wf_cases_named_ask(references, number, is_other, on, arena, &named, error));
    if (named.count == 0)
        return WEFT_OK;
    wf_error_at(ret, NULL, 0, field);
    WF_IGNORE(fail(WEFT_BAD_INPUT,
                   is_id && !on->own ? "case.second" : "case.number_shared", &named, ret),
              "it is a warning");
    return WEFT_OK;
}

weft_status wf_case_number_warn(weft_city *city, const wf_fact *fact,
                                wf_case_reached reached, void *context, weft_error *ret,
                                weft_error *error)
{
    static const char *const fields[] = {"case", "known_as", "known_as_too"};
    wf_references *references;
    wf_arena arena;
    weft_status status = WEFT_OK;
    *ret = (weft_error){0};
    if (fact->kind != &wf_kind_case_reported)
        return WEFT_OK;
    others on = {.reached = reached, .context = context, .of = fact->values[0].text};
    WF_TRY(wf_city_references(city, &references, error));
    wf_arena_init(&arena, fact_bytes_max);
    for (size_t i = 0; status == WEFT_OK && i < sizeof fields / sizeof *fields; i++)
        status = look_at_number(&on, references, fact, fields[i], &arena, ret, error);
    wf_arena_done(&arena);
    return status;
}

bool wf_case_number_is_named(const wf_kind *kind)
{
    for (size_t i = 0; i < kind->names_count; i++)
        if (may_name_case(&kind->names[i]))
            return true;
    return false;
}
