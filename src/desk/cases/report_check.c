#include "desk/cases/report_check.h"

#include "desk/asked_sql.h"
#include "desk/cases/kinds.h"
#include "model/ids.h"

bool wf_report_is(const wf_kind *kind)
{
    return kind == &wf_kind_self_reported;
}

static const wf_value *value_of(const wf_fact *fact, wf_text field)
{
    return &fact->values[wf_kind_field(fact->kind, field)];
}

static weft_status is_published(wf_numbers numbers, wf_database *rows,
                                const wf_fact *report, bool *ret, weft_error *error)
{
    const wf_value *place = value_of(report, WF_TEXT("place"));
    const wf_value *happened = value_of(report, WF_TEXT("happened"));
    const wf_value *until = value_of(report, WF_TEXT("until"));
    wf_statement *asked = NULL;
    uint32_t number = place->given
                          ? numbers.find(numbers.context, WF_COLUMN_PLACE, place->text)
                          : WF_NUMBER_NONE;
    *ret = false;
    if (number == WF_NUMBER_NONE)
        return WEFT_OK;
    WF_TRY(wf_database_prepare(rows, WF_SQL_REPORT_NOTICES, &asked, error));
    wf_statement_bind_i64(asked, 0, number);
    wf_statement_bind_i64(asked, 1, until->given ? until->number : happened->number);
    wf_statement_bind_i64(asked, 2, happened->number);
    weft_status status = wf_statement_step(asked, ret, error);
    wf_statement_free(asked);
    return status;
}

weft_status wf_report_answer(wf_numbers numbers, wf_database *rows, const wf_fact *report,
                             const char **ret, weft_error *error)
{
    bool published = false;
    if (wf_text_equal(value_of(report, WF_TEXT("about"))->text, WF_TEXT("symptom"))) {
        *ret = "report.symptom";
        return WEFT_OK;
    }
    WF_TRY(is_published(numbers, rows, report, &published, error));
    *ret = published ? "report.published" : "report.noted";
    return WEFT_OK;
}
