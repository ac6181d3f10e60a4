#include "desk/cases/notice_check.h"

#include "desk/asked_sql.h"
#include "desk/cases/kinds.h"
#include "model/ids.h"

bool wf_notice_is(const wf_kind *kind)
{
    return kind == &wf_kind_notice_published;
}

static const wf_value *value_of(const wf_fact *fact, wf_text field)
{
    return &fact->values[wf_kind_field(fact->kind, field)];
}

weft_status wf_notice_is_telling(wf_numbers numbers, wf_database *rows,
                                 const wf_fact *notice, bool *ret, weft_error *error)
{
    const wf_value *from = value_of(notice, WF_TEXT("from"));
    const wf_value *until = value_of(notice, WF_TEXT("until"));
    uint32_t place = numbers.find(numbers.context, WF_COLUMN_PLACE,
                                  value_of(notice, WF_TEXT("place"))->text);
    wf_statement *asked = NULL;
    bool row = false;
    int64_t cases = 0;
    if (place != WF_NUMBER_NONE) {
        WF_TRY(wf_database_prepare(rows, WF_SQL_NOTICE_CASES, &asked, error));
        wf_statement_bind_i64(asked, 0, place);
        wf_statement_bind_i64(asked, 1, until->given ? until->number : INT64_MAX);
        wf_statement_bind_i64(asked, 2, from->given ? from->number : INT64_MIN);
        weft_status status = wf_statement_step(asked, &row, error);
        cases = status == WEFT_OK && row ? wf_statement_i64(asked, 0) : 0;
        wf_statement_free(asked);
        WF_TRY(status);
    }
    *ret = cases < 2;
    return WEFT_OK;
}
