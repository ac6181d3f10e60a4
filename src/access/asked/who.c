#include "trace/who.h"

#include "access/asked/lookup.h"

static const char *copy(wf_arena *arena, wf_text text)
{
    return wf_arena_text(arena, text).bytes;
}

static weft_status give(const wf_net *net, const wf_who_row *of, wf_arena *arena,
                        bool (*row)(void *context, const weft_stay *row), void *context,
                        weft_error *error)
{
    wf_text id = wf_ids_text(wf_visits_ids(net->visits), WF_ID_PERSON, of->person.number);
    weft_stay stay = {.person = copy(arena, id),
                      .start = of->start,
                      .end = of->end,
                      .seat = copy(arena, of->seat),
                      .end_guessed = of->end_guessed};
    if (stay.person == NULL || stay.seat == NULL)
        return wf_fail_memory(error);
    if (!row(context, &stay))
        return wf_fail(error, WEFT_INTERRUPTED, "lookup.stopped", NULL);
    return WEFT_OK;
}

// The window asked for; a case's own window bounds it.
static weft_status resolve(weft_city *city, const wf_net *net,
                           const weft_who_query *query, wf_arena *arena, wf_window *ret,
                           const char **ret_case, weft_error *error)
{
    wf_window window = {.from = query->from, .to = query->to};
    bool asked = !weft_time_is_none(query->from) && !weft_time_is_none(query->to);
    if (query->case_id != NULL) {
        wf_lookup_ask ask = {.case_id = query->case_id};
        wf_case index;
        WF_TRY(wf_lookup_resolve(city, net, &ask, arena, &index, &window, error));
        *ret_case = ask.case_id;
        if (asked && query->from.us > window.from.us)
            window.from = query->from;
        if (asked && query->to.us < window.to.us)
            window.to = query->to;
        if (window.to.us < window.from.us)
            window.to = window.from;
    } else {
        WF_TRY(wf_lookup_needs_drill(city, error));
    }
    if ((!asked && query->case_id == NULL) || (asked && query->to.us < query->from.us))
        return wf_fail(error, WEFT_BAD_USAGE, "lookup.window", NULL);
    *ret = window;
    return WEFT_OK;
}

weft_status weft_who(weft_city *city, const weft_who_query *query,
                     bool (*row)(void *context, const weft_stay *row), void *context,
                     weft_lookup_summary *ret, weft_error *error)
{
    wf_net net = wf_city_net(city);
    wf_arena *arena = wf_city_new_answer(city);
    wf_who_answer answer;
    wf_window window;
    wf_place place;
    const char *case_id = NULL;
    WF_TRY(resolve(city, &net, query, arena, &window, &case_id, error));
    WF_TRY(wf_lookup_number(&net, WF_ID_PLACE, query->place, &place.number, error));
    WF_TRY(wf_who(&net, place, window.from, window.to, arena, &answer, error));
    for (size_t i = 0; i < answer.count; i++)
        WF_TRY(give(&net, &answer.rows[i], arena, row, context, error));
    WF_TRY(wf_lookup_summary(&net, &answer.span, window.from, window.to, answer.count,
                             arena, ret, error));
    ret->case_id = case_id;
    return wf_span_status(&answer.span, error);
}
