#include "load/oneself.h"

#include <string.h>

weft_status wf_oneself_ask(const wf_import_city *city, uint32_t a, uint32_t b,
                           weft_error *ret, weft_error *error)
{
    bool are_one = false;
    *ret = (weft_error){0};
    if (city->are_one == NULL || a == WF_NUMBER_NONE || b == WF_NUMBER_NONE)
        return WEFT_OK;
    WF_TRY(city->are_one(city->are_one_context, a, b, &are_one, error));
    if (!are_one)
        return WEFT_OK;
    WF_IGNORE(wf_fail(ret, WEFT_BAD_INPUT, "encounter.oneself", NULL), "it is a warning");
    wf_error_at(ret, NULL, 0, "b");
    return WEFT_OK;
}

weft_status wf_oneself_ask_ids(const wf_import_city *city, wf_text a, wf_text b,
                               weft_error *ret, weft_error *error)
{
    const wf_ids *ids = wf_visits_ids(city->visits);
    return wf_oneself_ask(city, wf_ids_find(ids, WF_ID_PERSON, a),
                          wf_ids_find(ids, WF_ID_PERSON, b), ret, error);
}

weft_status wf_oneself_ask_fact(const wf_import_city *city, const wf_fact *fact,
                                weft_error *ret, weft_error *error)
{
    *ret = (weft_error){0};
    if (strcmp(fact->kind->name, "encounter.named") != 0)
        return WEFT_OK;
    size_t a = wf_kind_field(fact->kind, WF_TEXT("a"));
    size_t b = wf_kind_field(fact->kind, WF_TEXT("b"));
    return wf_oneself_ask_ids(city, fact->values[a].text, fact->values[b].text, ret,
                              error);
}
