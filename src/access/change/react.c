#include "access/change/react.h"

#include "access/city/city.h"
#include "desk/react.h"

typedef struct {
    void (*each)(void *context, const weft_reaction *reaction);
    void *context;
    uint64_t upto; // of the rule that has seen least
} telling;

static void tell(void *context, const wf_react_report *report)
{
    telling *to = context;
    const weft_reaction reaction = {
        .rule = report->rule,
        .lacks = report->missing.code != NULL ? &report->missing : NULL,
        .facts = report->facts,
        .issued = report->issued,
        .lifted = report->lifted,
        .refused = report->refused,
        .upto = report->upto};
    if (report->missing.code == NULL && report->upto < to->upto)
        to->upto = report->upto;
    if (to->each != NULL)
        to->each(to->context, &reaction);
}

static weft_status run(weft_city *city, size_t facts_max, telling *to, weft_error *error)
{
    const wf_react_city of = {.store = city->store,
                              .law = city->law_profile,
                              .protocol = city->protocol,
                              .facts_max = facts_max};
    weft_error second = {0};
    weft_status status = wf_react(&of, tell, to, error);
    weft_status again = wf_city_reread(city, &second);
    WF_TRY(status);
    if (again != WEFT_OK)
        *error = second;
    return again;
}

weft_status wf_react_some(weft_city *city, size_t facts_max, uint64_t *ret_upto,
                          weft_error *error)
{
    telling to = {.upto = UINT64_MAX};
    weft_status status = run(city, facts_max, &to, error);
    if (status == WEFT_OK)
        *ret_upto = to.upto;
    return status;
}

weft_status weft_react(weft_city *city,
                       void (*each)(void *context, const weft_reaction *reaction),
                       void *context, weft_error *error)
{
    telling to = {each, context, UINT64_MAX};
    return run(city, 0, &to, error);
}
