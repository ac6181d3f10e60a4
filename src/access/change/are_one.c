#include "access/change/are_one.h"

#include "access/asked/views.h"
#include "desk/register/alias.h"

static weft_status are_one(void *context, uint32_t a, uint32_t b, bool *ret,
                           weft_error *error)
{
    wf_are_one *of = context;
    if (!of->read) {
        wf_references *references;
        WF_TRY(wf_city_references(of->city, &references, error));
        WF_TRY(wf_alias_read_shown(wf_references_rows(references), &of->shown, error));
        of->read = true;
    }
    const wf_alias_shown *one = wf_alias_find_shown(&of->shown, a);
    const wf_alias_shown *other = wf_alias_find_shown(&of->shown, b);
    *ret = one != NULL && other != NULL && one->shown == other->shown;
    return WEFT_OK;
}

void wf_are_one_use(wf_are_one *of, wf_import_city *into)
{
    into->are_one = are_one;
    into->are_one_context = of;
}

void wf_are_one_done(wf_are_one *of)
{
    wf_buffer_done(&of->shown);
}
