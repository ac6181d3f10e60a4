#include "epi/window.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/text.h"

static const int64_t us_per_day = 24 * 60 * 60 * WF_US_PER_S;

// ---- events of a case ----

static bool onset_counts(const wf_window_rule *rule, const wf_case *of)
{
    return *rule->onset_kind == '\0' ||
           wf_text_equal(of->onset_kind, wf_text_of(rule->onset_kind));
}

static weft_time time_of(const wf_window_rule *rule, const wf_case *of, wf_event event)
{
    switch (event) {
    case WF_EVENT_ONSET:
        return onset_counts(rule, of) ? of->onset : WF_TIME_NONE;
    case WF_EVENT_SAMPLED:
        return of->sampled;
    case WF_EVENT_LAST_NEGATIVE:
        return of->last_negative;
    case WF_EVENT_ISOLATED:
        return of->isolated;
    case WF_EVENT_DIED:
        return of->died;
    case WF_EVENT_BURIED:
        return of->buried;
    case WF_EVENT_REPORTED:
        return of->reported;
    case WF_EVENT_COUNT:
        break;
    }
    WF_ASSERT(false); // an event without its time
    return WF_TIME_NONE;
}

// Where it is not said, a case with an onset of any kind has had symptoms.
static bool has_symptoms(const wf_case *of)
{
    return of->symptomatic >= 0 ? of->symptomatic == 1 : !weft_time_is_none(of->onset);
}

static weft_time edge_event(const wf_window_rule *rule, const wf_case *of,
                            const wf_window_edge *edge)
{
    bool symptoms = has_symptoms(of);
    if ((edge->only_if_symptomatic && !symptoms) ||
        (edge->only_if_asymptomatic && symptoms))
        return WF_TIME_NONE;
    weft_time at = time_of(rule, of, edge->event);
    if (!edge->within_d.given || weft_time_is_none(at))
        return at;
    int64_t within_us = (int64_t)(edge->within_d.value * (double)us_per_day);
    bool near = !weft_time_is_none(of->sampled) && of->sampled.us - at.us <= within_us;
    return near ? at : WF_TIME_NONE;
}

// ---- the infectious window ----

static weft_time day_start_after(const wf_zone *zone, weft_time at, double days)
{
    weft_day day = wf_zone_day_of(zone, at);
    return wf_zone_day_start(zone, (weft_day){day.number + (int32_t)days});
}

static bool find_opening(const wf_window_rule *rule, const wf_zone *zone,
                         const wf_case *of, wf_window *ret)
{
    for (size_t i = 0; i < rule->opens_count; i++) {
        const wf_window_edge *edge = &rule->opens[i];
        weft_time at = edge_event(rule, of, edge);
        if (weft_time_is_none(at))
            continue;
        ret->from = day_start_after(zone, at, edge->offset_d.value);
        ret->opened_by = edge->event;
        return true;
    }
    return false;
}

static weft_time closing_time(const wf_zone *zone, const wf_window_edge *edge,
                              weft_time at)
{
    if (edge->day_end)
        return day_start_after(zone, at, edge->offset_d.value + 1);
    return (weft_time){at.us + (int64_t)edge->offset_d.value * us_per_day};
}

// Leaves *ret as it was when no closing event is known.
static void find_closing(const wf_window_rule *rule, const wf_zone *zone,
                         const wf_case *of, wf_window *ret)
{
    bool found = false;
    for (size_t i = 0; i < rule->closes_count; i++) {
        const wf_window_edge *edge = &rule->closes[i];
        weft_time at = edge_event(rule, of, edge);
        if (weft_time_is_none(at))
            continue;
        at = closing_time(zone, edge, at);
        if (found && (rule->closes_latest ? at.us <= ret->to.us : at.us >= ret->to.us))
            continue;
        ret->to = at;
        ret->closed_by = (int)edge->event;
        found = true;
    }
}

// "onset (rash), sampled" for the error.
static weft_status fail_no_event(const wf_window_rule *rule, weft_error *error)
{
    char events[160] = "";
    size_t size = 0;
    for (size_t i = 0; i < rule->opens_count; i++) {
        const char *parts[] = {i > 0 ? ", " : "", wf_event_word(rule->opens[i].event)};
        for (size_t j = 0; j < 2; j++) {
            size_t length = strlen(parts[j]);
            if (length >= sizeof events - size)
                break;
            memcpy(events + size, parts[j], length + 1);
            size += length;
        }
    }
    return wf_fail(error, WEFT_BAD_INPUT, "window.no_event", "events", events,
                   "onset_kind", rule->onset_kind, NULL);
}

// Nothing is known beyond as_of; a window that opens only later is empty.
static void end_at(wf_window *window, weft_time as_of)
{
    if (window->to.us > as_of.us) {
        window->to = as_of;
        window->closed_by = -1;
    }
    if (window->from.us > window->to.us)
        window->from = window->to;
}

weft_status wf_window_infectious(const wf_protocol *protocol, const wf_zone *zone,
                                 const wf_case *of, weft_time as_of, wf_window *ret,
                                 weft_error *error)
{
    const wf_window_rule *rule = &protocol->infectious;
    wf_window window = {.to = as_of, .closed_by = -1};
    if (!find_opening(rule, zone, of, &window))
        return fail_no_event(rule, error);
    find_closing(rule, zone, of, &window);
    // Set apart before it could infect, as contacts in quarantine are: nobody was met.
    if (window.closed_by >= 0 && window.to.us < window.from.us)
        window.to = window.from;
    end_at(&window, as_of);
    *ret = window;
    return WEFT_OK;
}

// ---- the source window ----

weft_status wf_window_source(const wf_protocol *protocol, const wf_zone *zone,
                             const wf_case *of, weft_time as_of, wf_window *ret,
                             weft_error *error)
{
    const wf_window_rule *rule = &protocol->infectious;
    weft_time onset = time_of(rule, of, WF_EVENT_ONSET);
    double longest = protocol->incubation_max_d.value;
    double shortest = protocol->incubation_min_d.value;
    wf_window window = {.closed_by = -1};
    if (!weft_time_is_none(onset)) {
        window.from = day_start_after(zone, onset, -ceil(longest));
        window.to = day_start_after(zone, onset, 1 - floor(shortest));
        window.opened_by = WF_EVENT_ONSET;
    } else if (!weft_time_is_none(of->sampled)) {
        double back = longest + protocol->detection_delay_d.value;
        window.from = day_start_after(zone, of->sampled, -ceil(back));
        window.to = of->sampled;
        window.opened_by = WF_EVENT_SAMPLED;
    } else {
        return wf_fail(error, WEFT_BAD_INPUT, "window.no_event", "events",
                       "onset, sampled", "onset_kind", rule->onset_kind, NULL);
    }
    window.closed_by = (int)window.opened_by;
    end_at(&window, as_of);
    *ret = window;
    return WEFT_OK;
}

int wf_window_days_from_onset(const wf_zone *zone, const wf_case *of, weft_time at)
{
    weft_time from = weft_time_is_none(of->onset) ? of->sampled : of->onset;
    if (weft_time_is_none(from))
        return INT_MIN;
    return wf_zone_day_of(zone, at).number - wf_zone_day_of(zone, from).number;
}
