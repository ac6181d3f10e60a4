// The window of a protocol file and its profile of infectiousness.
#include <math.h>

#include "model/protocol_read.h"

static const char *const event_words[WF_EVENT_COUNT + 1] = {
    [WF_EVENT_ONSET] = "onset",
    [WF_EVENT_SAMPLED] = "sampled",
    [WF_EVENT_LAST_NEGATIVE] = "last_negative",
    [WF_EVENT_ISOLATED] = "isolated",
    [WF_EVENT_DIED] = "died",
    [WF_EVENT_BURIED] = "buried",
    [WF_EVENT_REPORTED] = "reported",
    [WF_EVENT_COUNT] = NULL};

const char *wf_event_word(wf_event event)
{
    WF_ASSERT((unsigned)event < WF_EVENT_COUNT);
    return event_words[event];
}

static weft_status read_conditions(const wf_protocol_reader *in, const wf_yaml *node,
                                   wf_window_edge *edge)
{
    static const char *const ifs[] = {"symptomatic", "asymptomatic", NULL};
    static const char *const yes_no[] = {"false", "true", NULL};
    static const wf_protocol_field within = {.unit = "d", .min = 0, .max = 60};
    size_t only = 0, day_end = 0;
    if (wf_yaml_get(node, "only_if") != NULL) {
        WF_TRY(wf_protocol_read_word(in, node, "only_if", ifs, &only));
        edge->only_if_symptomatic = only == 0;
        edge->only_if_asymptomatic = only == 1;
    }
    if (wf_yaml_get(node, "day_end") != NULL)
        WF_TRY(wf_protocol_read_word(in, node, "day_end", yes_no, &day_end));
    edge->day_end = day_end == 1;
    const wf_yaml *number = wf_yaml_get(node, "within_d");
    if (number == NULL)
        return WEFT_OK;
    return wf_protocol_read_number(in, number, &within, WF_TERMS_NONE, &edge->within_d);
}

static weft_status read_edge(const wf_protocol_reader *in, const wf_yaml *node,
                             const char *condition, wf_window_edge *ret)
{
    const char *const keys[] = {"event", "offset_d", "only_if", condition, NULL};
    static const wf_protocol_field offset = {.unit = "d", .min = -60, .max = 60};
    size_t event = 0;
    const wf_yaml *number = NULL;
    WF_TRY(wf_yaml_only_keys(node, in->file, keys, in->error));
    WF_TRY(wf_protocol_read_word(in, node, "event", event_words, &event));
    WF_TRY(wf_protocol_read_node(in, node, "offset_d", &number));
    wf_window_edge edge = {.event = (wf_event)event,
                           .within_d = {.unit = "d", .source = "", .why = WF_BOTH_NONE}};
    WF_TRY(wf_protocol_read_number(in, number, &offset, WF_TERMS_NONE, &edge.offset_d));
    if (edge.offset_d.value != floor(edge.offset_d.value))
        return wf_yaml_fail(number, in->file, in->error, "protocol.whole_days", NULL);
    WF_TRY(read_conditions(in, node, &edge));
    *ret = edge;
    return WEFT_OK;
}

// `condition` is the key that only opening or only closing edges may have.
static weft_status read_edges(const wf_protocol_reader *in, const wf_yaml *window,
                              const char *key, const char *condition,
                              wf_window_edge *edges, size_t *ret_count)
{
    const wf_yaml *list = NULL;
    WF_TRY(wf_protocol_read_node(in, window, key, &list));
    if (list->kind != WF_YAML_LIST || list->count == 0 ||
        list->count > WF_WINDOW_EDGES_MAX)
        return wf_yaml_fail(list, in->file, in->error, "protocol.list", NULL);
    for (size_t i = 0; i < list->count; i++)
        WF_TRY(read_edge(in, list->items[i], condition, &edges[i]));
    *ret_count = list->count;
    return WEFT_OK;
}

static weft_status read_rule(const wf_protocol_reader *in, const wf_yaml *root,
                             wf_window_rule *ret)
{
    static const char *const keys[] = {"onset_kind", "opens", "closes", "closes_when",
                                       NULL};
    static const char *const whens[] = {"earliest", "latest", NULL};
    const wf_yaml *window = NULL;
    size_t when = 0;
    WF_TRY(wf_protocol_read_node(in, root, "window", &window));
    WF_TRY(wf_yaml_only_keys(window, in->file, keys, in->error));
    WF_TRY(wf_protocol_read_text(in, window, "onset_kind", false, &ret->onset_kind));
    WF_TRY(read_edges(in, window, "opens", "within_d", ret->opens, &ret->opens_count));
    WF_TRY(read_edges(in, window, "closes", "day_end", ret->closes, &ret->closes_count));
    WF_TRY(wf_protocol_read_word(in, window, "closes_when", whens, &when));
    ret->closes_latest = when == 1;
    return WEFT_OK;
}

// ---- infectiousness by day ----

static weft_status read_days(const wf_protocol_reader *in, const wf_yaml *node,
                             wf_profile *ret)
{
    const wf_yaml *first = NULL, *values = NULL;
    double day = 0, peak = 0;
    WF_TRY(wf_protocol_read_node(in, node, "first_day", &first));
    WF_TRY(wf_protocol_read_double(in, first, &day));
    if (day != floor(day) || day < -60 || day > 60)
        return wf_yaml_fail(first, in->file, in->error, "protocol.whole_days", NULL);
    WF_TRY(wf_protocol_read_node(in, node, "values", &values));
    if (values->kind != WF_YAML_LIST || values->count == 0 ||
        values->count > WF_PROFILE_DAYS_MAX)
        return wf_yaml_fail(values, in->file, in->error, "protocol.list", NULL);
    for (size_t i = 0; i < values->count; i++) {
        double *value = &ret->values[i];
        WF_TRY(wf_protocol_read_double(in, values->items[i], value));
        if (*value < 0 || *value > 1)
            return wf_yaml_fail(values->items[i], in->file, in->error, "protocol.range",
                                "value", values->items[i]->scalar.bytes, "min", "0",
                                "max", "1", "unit", "1", NULL);
        peak = fmax(peak, *value);
    }
    if (peak < 1)
        return wf_yaml_fail(values, in->file, in->error, "protocol.peak", NULL);
    ret->first_day = (int)day;
    ret->days = values->count;
    return WEFT_OK;
}

static weft_status read_profile(const wf_protocol_reader *in, const wf_yaml *root,
                                wf_profile *ret)
{
    static const char *const keys[] = {"first_day", "values", "source",
                                       "sure",      "why",    NULL};
    const wf_yaml *node = NULL;
    WF_TRY(wf_protocol_read_node(in, root, "infectiousness", &node));
    WF_TRY(wf_yaml_only_keys(node, in->file, keys, in->error));
    WF_TRY(
        wf_protocol_read_provenance(in, node, &ret->source, &ret->sureness, &ret->why));
    return read_days(in, node, ret);
}

weft_status wf_protocol_read_window(const wf_protocol_reader *in, const wf_yaml *root,
                                    wf_protocol *to)
{
    WF_TRY(read_rule(in, root, &to->infectious));
    return read_profile(in, root, &to->infectiousness);
}
