#include "desk/cases/isolation_check.h"

#include "desk/asked_sql.h"
#include "desk/cases/kinds.h"

bool wf_isolation_is(const wf_kind *kind)
{
    return kind == &wf_kind_case_isolated;
}

weft_status wf_isolation_asks(wf_database *rows, const wf_zone *zone,
                              const wf_fact *isolated, bool *ret, weft_error *error)
{
    size_t field = wf_kind_field(isolated->kind, WF_TEXT("case"));
    wf_statement *asked = NULL;
    bool row = false;
    *ret = false;
    WF_TRY(wf_database_prepare(rows, WF_SQL_CASE_ONSET, &asked, error));
    wf_statement_bind_text(asked, 0, isolated->values[field].text);
    weft_status status = wf_statement_step(asked, &row, error);
    if (status == WEFT_OK && row && !wf_statement_is_null(asked, 0)) {
        weft_time onset = {wf_statement_i64(asked, 0)};
        *ret = isolated->at.us < wf_zone_day_start(zone, wf_zone_day_of(zone, onset)).us;
    }
    wf_statement_free(asked);
    return status;
}
