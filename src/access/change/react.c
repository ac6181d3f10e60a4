#include "weft/react.h"

#include "access/city/city.h"
#include "desk/react.h"

typedef struct {
    void (*each)(void *context, const weft_reaction *reaction);
    void *context;
} telling;

static void tell(void *context, const wf_react_report *report)
{
    const telling *to = context;
    const weft_reaction reaction = {
        .rule = report->rule,
        .lacks = report->missing.code != NULL ? &report->missing : NULL,
        .facts = report->facts,
        .issued = report->issued,
        .lifted = report->lifted,
        .refused = report->refused,
        .upto = report->upto};
    if (to->each != NULL)
        to->each(to->context, &reaction);
}

weft_status weft_react(weft_city *city,
                       void (*each)(void *context, const weft_reaction *reaction),
                       void *context, weft_error *error)
{
    const wf_react_city of = {
        .store = city->store, .law = city->law_profile, .protocol = city->protocol};
    telling to = {each, context};
    weft_error second = {0};
    weft_status status = wf_react(&of, tell, &to, error);
    weft_status again = wf_city_reread(city, &second);
    WF_TRY(status);
    if (again != WEFT_OK)
        *error = second;
    return again;
}
