#include "access/asked/case_number.h"

#include <stdio.h>

#include "access/asked/views.h"

weft_status wf_case_number_several(const wf_cases_named *named, weft_error *error)
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
    return wf_fail(error, WEFT_CONFLICT, "case.number_several", "cases", ids, NULL);
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
        return wf_case_number_several(&named, error);
    const char *found = named.count == 1 ? named.ids[0].bytes
                                         : wf_arena_text(arena, wf_text_of(number)).bytes;
    if (found == NULL)
        return wf_fail_memory(error);
    *ret = found;
    return WEFT_OK;
}
