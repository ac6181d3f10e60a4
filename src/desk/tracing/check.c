#include "desk/tracing/check.h"

#include "desk/asked_sql.h"
#include "desk/register/kinds.h"
#include "desk/tracing/kinds.h"
#include "model/ids.h"

// Each names a person as a contact of a case.
static bool names_contact(const wf_kind *kind)
{
    return kind == &wf_kind_contact_named || kind == &wf_kind_contact_identified ||
           kind == &wf_kind_contact_confirmed;
}

bool wf_tracing_judges(const wf_kind *kind)
{
    return names_contact(kind) || kind == &wf_kind_contact_dismissed;
}

static const wf_value *value_of(const wf_fact *fact, wf_text field)
{
    return &fact->values[wf_kind_field(fact->kind, field)];
}

static weft_status wrong(weft_error *error, const char *field, const char *code)
{
    wf_error_at(error, NULL, 0, field);
    return wf_fail(error, WEFT_BAD_INPUT, code, NULL);
}

static weft_status check_reasons(wf_store *store, const wf_fact *fact, weft_error *error)
{
    const wf_value *because = value_of(fact, WF_TEXT("because"));
    for (size_t i = 0; i < because->items_count; i++) {
        wf_standing standing = WF_FACT_UNKNOWN;
        WF_TRY(wf_store_standing(store, because->items[i].fact, &standing, error));
        if (standing != WF_FACT_LIVE)
            return wrong(error, "because", "contact.reason");
    }
    return WEFT_OK;
}

weft_status wf_tracing_refuses(wf_numbers numbers, wf_database *rows, const wf_fact *fact,
                               weft_error *error)
{
    wf_statement *statement = NULL;
    bool row = false, is_theirs = false, is_none = false;
    if (!names_contact(fact->kind))
        return WEFT_OK;
    uint32_t person = numbers.find(numbers.context, WF_COLUMN_PERSON,
                                   value_of(fact, WF_TEXT("person"))->text);
    WF_TRY(wf_database_prepare(rows, WF_SQL_CASE_JUDGED, &statement, error));
    wf_statement_bind_i64(statement, 0, (int64_t)person);
    wf_statement_bind_text(statement, 1, value_of(fact, WF_TEXT("case"))->text);
    weft_status status = wf_statement_step(statement, &row, error);
    if (status == WEFT_OK && row) {
        is_theirs = wf_statement_i64(statement, 0) == 1;
        is_none = wf_text_equal(wf_statement_text(statement, 1), WF_TEXT("not_a_case"));
    }
    wf_statement_free(statement);
    WF_TRY(status);
    if (is_theirs)
        return wrong(error, "person", "contact.oneself");
    // Whom somebody names of a case that was none waits, should it be one after all.
    return is_none && fact->kind == &wf_kind_contact_confirmed
               ? wrong(error, "case", "contact.no_case")
               : WEFT_OK;
}

weft_status wf_tracing_check(wf_store *store, wf_database *rows, const wf_fact *fact,
                             weft_error *error)
{
    if (wf_kind_field(fact->kind, WF_TEXT("because")) != SIZE_MAX)
        WF_TRY(check_reasons(store, fact, error));
    return wf_tracing_refuses(*wf_store_numbers(store), rows, fact, error);
}

bool wf_tracing_may_ask(const wf_kind *kind)
{
    return kind == &wf_kind_encounter_named;
}

weft_status wf_tracing_asks(wf_numbers numbers, wf_database *rows, const wf_fact *fact,
                            bool *ret, weft_error *error)
{
    wf_statement *statement = NULL;
    WF_ASSERT(wf_tracing_may_ask(fact->kind));
    *ret = false;
    uint32_t a = numbers.find(numbers.context, WF_COLUMN_PERSON,
                              value_of(fact, WF_TEXT("a"))->text);
    uint32_t b = numbers.find(numbers.context, WF_COLUMN_PERSON,
                              value_of(fact, WF_TEXT("b"))->text);
    if (a == WF_NUMBER_NONE || b == WF_NUMBER_NONE)
        return WEFT_OK;
    WF_TRY(wf_database_prepare(rows, WF_SQL_ARE_ONE, &statement, error));
    wf_statement_bind_i64(statement, 0, (int64_t)a);
    wf_statement_bind_i64(statement, 1, (int64_t)b);
    weft_status status = wf_statement_step(statement, ret, error);
    wf_statement_free(statement);
    return status;
}
