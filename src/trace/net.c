#include "trace/net.h"

enum { days_many = 1000 }; // beyond, only those between the first and last day known

// Cuts [*first, *end) to the days the store knows anything of, so that a window of
// thousands of years costs what the city holds.
static weft_status cut_to_known(const wf_net *net, wf_arena *arena, weft_day *first,
                                weft_day *last, weft_error *error)
{
    weft_day *days = NULL;
    size_t count = 0;
    WF_TRY(wf_visits_days(net->visits, arena, &days, &count, error));
    if (count == 0) {
        *last = *first;
        return WEFT_OK;
    }
    if (days[0].number > first->number)
        *first = days[0];
    if (days[count - 1].number < last->number)
        *last = days[count - 1];
    return WEFT_OK;
}

weft_status wf_span_open(const wf_net *net, weft_time from, weft_time to, wf_arena *arena,
                         wf_span *ret, weft_error *error)
{
    wf_span span = {.first = wf_zone_day_of(net->zone, from)};
    if (from.us < to.us) {
        weft_day last = wf_zone_day_of(net->zone, (weft_time){to.us - 1});
        if (last.number - span.first.number >= days_many)
            WF_TRY(cut_to_known(net, arena, &span.first, &last, error));
        if (last.number >= span.first.number)
            span.count = (size_t)(last.number - span.first.number) + 1;
    }
    span.days = wf_arena_array(arena, span.count + 1, sizeof *span.days);
    span.starts = wf_arena_array(arena, span.count + 1, sizeof *span.starts);
    span.states = wf_arena_array(arena, span.count + 1, sizeof *span.states);
    if (span.days == NULL || span.starts == NULL || span.states == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < span.count; i++) {
        weft_day day = {span.first.number + (int32_t)i};
        span.starts[i] = wf_zone_day_start(net->zone, day);
        WF_TRY(wf_visits_day(net->visits, day, &span.states[i], &span.days[i], error));
    }
    weft_day end = {span.first.number + (int32_t)span.count};
    span.starts[span.count] = wf_zone_day_start(net->zone, end);
    *ret = span;
    return WEFT_OK;
}

weft_status wf_span_status(const wf_span *span, weft_error *error)
{
    for (size_t i = 0; i < span->count; i++) {
        bool damaged = span->states[i] == WF_DAY_DAMAGED;
        if (!damaged && span->states[i] != WF_DAY_KEYLESS)
            continue;
        char text[WF_DAY_TEXT_MAX];
        weft_day day = {span->first.number + (int32_t)i};
        return wf_fail(error, damaged ? WEFT_DAMAGED : WEFT_KEYLESS,
                       damaged ? "trace.day_damaged" : "trace.day_keyless", "day",
                       wf_day_text(text, day), NULL);
    }
    return WEFT_OK;
}
