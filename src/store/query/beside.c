#include "store/query/beside.h"

static void bind_text(wf_statement *statement, const char *name, wf_text value)
{
    int at = wf_statement_parameter(statement, name);
    if (at >= 0)
        wf_statement_bind_text(statement, at, value);
}

static void bind_i64(wf_statement *statement, const char *name, int64_t value)
{
    int at = wf_statement_parameter(statement, name);
    if (at >= 0)
        wf_statement_bind_i64(statement, at, value);
}

void wf_beside_bind(const wf_beside *beside, weft_time now, wf_beside_bound *bound,
                    wf_statement *statement)
{
    WF_ASSERT(wf_grid_area_of(beside->grid, &bound->area));
    bind_text(statement, "weft_own_from", bound->area.from);
    bind_text(statement, "weft_own_upto", (wf_text){bound->area.to, bound->area.to_size});
    // No user has an empty name, so that what is bound for none finds none.
    bind_text(statement, "weft_own_user",
              beside->user.size > 0 ? beside->user : WF_TEXT(""));
    bind_i64(statement, "weft_own_person",
             beside->person == WF_NUMBER_NONE ? -1 : (int64_t)beside->person);
    bind_i64(statement, "weft_now", now.us);
}
