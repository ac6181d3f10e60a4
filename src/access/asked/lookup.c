#include "access/asked/lookup.h"

#include <string.h>

#include "access/asked/case_number.h"

weft_status wf_lookup_needs_drill(const weft_city *city, weft_error *error)
{
    if (city->kind == WEFT_CITY_DRILL)
        return WEFT_OK;
    return wf_fail(error, WEFT_NOT_ALLOWED, "lookup.needs_case", NULL);
}

weft_status wf_lookup_number(const wf_net *net, wf_id_class id_class, const char *id,
                             uint32_t *ret, weft_error *error)
{
    wf_text text = wf_text_of(id);
    uint32_t number = WF_NUMBER_NONE;
    if (text.size > 0 && text.size <= WF_ID_BYTES_MAX)
        number = wf_ids_find(wf_visits_ids(net->visits), id_class, text);
    if (number == WF_NUMBER_NONE)
        return wf_fail(error, WEFT_NOT_FOUND,
                       id_class == WF_ID_PERSON ? "lookup.person_unknown"
                                                : "lookup.place_unknown",
                       NULL);
    *ret = number;
    return WEFT_OK;
}

weft_status wf_lookup_case(weft_city *city, const char **case_id, wf_arena *arena,
                           wf_case *ret, weft_error *error)
{
    WF_TRY(wf_case_number(city, *case_id, NULL, NULL, arena, case_id, error));
    return wf_register_case(city->reg, wf_text_of(*case_id), arena, ret, error);
}

weft_status weft_case_find(weft_city *city, const char *number, const char **ret,
                           weft_error *error)
{
    const char *found = number;
    wf_case unused;
    WF_TRY(wf_lookup_case(city, &found, wf_city_new_answer(city), &unused, error));
    *ret = found;
    return WEFT_OK;
}

static weft_status resolve_case(weft_city *city, const wf_net *net, wf_lookup_ask *ask,
                                wf_arena *arena, wf_case *ret_case, wf_window *ret_window,
                                weft_error *error)
{
    WF_TRY(wf_lookup_case(city, &ask->case_id, arena, ret_case, error));
    return wf_window_infectious(net->protocol, net->zone, ret_case, net->now, ret_window,
                                error);
}

weft_status wf_lookup_resolve(weft_city *city, const wf_net *net, wf_lookup_ask *ask,
                              wf_arena *arena, wf_case *ret_case, wf_window *ret_window,
                              weft_error *error)
{
    if (ask->case_id != NULL)
        return resolve_case(city, net, ask, arena, ret_case, ret_window, error);
    WF_TRY(wf_lookup_needs_drill(city, error));
    if (ask->person == NULL || weft_time_is_none(ask->from) ||
        weft_time_is_none(ask->to) || ask->to.us < ask->from.us)
        return wf_fail(error, WEFT_BAD_USAGE, "lookup.window", NULL);
    wf_case index = {.reported = WF_TIME_NONE,
                     .onset = WF_TIME_NONE,
                     .sampled = WF_TIME_NONE,
                     .isolated = WF_TIME_NONE,
                     .last_negative = WF_TIME_NONE,
                     .died = WF_TIME_NONE,
                     .buried = WF_TIME_NONE,
                     .symptomatic = -1,
                     .classification = WF_CASE_UNCLASSIFIED};
    WF_TRY(wf_lookup_number(net, WF_ID_PERSON, ask->person, &index.person.number, error));
    *ret_case = index;
    *ret_window = (wf_window){.from = ask->from, .to = ask->to, .closed_by = -1};
    return WEFT_OK;
}

static bool is_missing(wf_day_state state, weft_missing_why *ret)
{
    switch (state) {
    case WF_DAY_EMPTY:
    case WF_DAY_PRESENT:
        return false;
    case WF_DAY_FORGOTTEN:
        *ret = WEFT_DAY_FORGOTTEN;
        return true;
    case WF_DAY_DAMAGED:
        *ret = WEFT_DAY_DAMAGED;
        return true;
    case WF_DAY_KEYLESS:
        *ret = WEFT_DAY_KEYLESS;
        return true;
    }
    WF_BUG("a state of a day is one of the five");
}

weft_status wf_lookup_summary(const wf_net *net, const wf_span *span, weft_time from,
                              weft_time to, uint64_t rows, wf_arena *arena,
                              weft_lookup_summary *ret, weft_error *error)
{
    weft_missing_day *missing = wf_arena_array(arena, span->count + 1, sizeof *missing);
    size_t count = 0;
    if (missing == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < span->count; i++)
        if (is_missing(span->states[i], &missing[count].why))
            missing[count++].day = (weft_day){span->first.number + (int32_t)i};
    *ret = (weft_lookup_summary){.as_of = net->now,
                                 .from = from,
                                 .to = to,
                                 .rows = rows,
                                 .complete = count == 0,
                                 .missing = missing,
                                 .missing_count = count};
    return WEFT_OK;
}
