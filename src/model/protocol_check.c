// Contradictions between the numbers of an edition, each named at its line.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/protocol_read.h"

typedef struct {
    const wf_protocol_reader *in;
    const wf_yaml *root;
    const wf_protocol *protocol;
} checker;

// The node of a dotted name; only for names that were read before.
static const wf_yaml *node_of(const wf_yaml *root, const char *group, const char *name)
{
    const wf_yaml *map = group != NULL ? wf_yaml_get(root, group) : root;
    const wf_yaml *node = wf_yaml_get(map, name);
    WF_ASSERT(node != NULL);
    return node;
}

static weft_status fail_field(const checker *check, const char *name, const char *code)
{
    return wf_yaml_fail(node_of(check->root, NULL, name), check->in->file,
                        check->in->error, code, NULL);
}

// ---- incubation ----

static weft_status check_incubation(const checker *check)
{
    const wf_protocol *protocol = check->protocol;
    double min = protocol->incubation_min_d.value, max = protocol->incubation_max_d.value;
    if (min > max)
        return fail_field(check, "incubation_min_d", "protocol.incubation");
    if (protocol->incubation_meanlog.given != protocol->incubation_sdlog.given)
        return fail_field(check,
                          protocol->incubation_meanlog.given ? "incubation_meanlog"
                                                             : "incubation_sdlog",
                          "protocol.lognormal");
    if (protocol->incubation_meanlog.given) {
        double median = exp(protocol->incubation_meanlog.value);
        if (median < min || median > max)
            return fail_field(check, "incubation_meanlog", "protocol.median");
    }
    if (protocol->latent_d.given && protocol->latent_d.value > max)
        return fail_field(check, "latent_d", "protocol.latent");
    if (protocol->visits_kept_d.value < max)
        return fail_field(check, "visits_kept_d", "protocol.kept");
    return WEFT_OK;
}

// ---- windows ----

// Events whose order nature gives: the first never comes after the second.
static bool comes_before(wf_event a, wf_event b)
{
    return (a == WF_EVENT_DIED && b == WF_EVENT_BURIED) ||
           (a == WF_EVENT_LAST_NEGATIVE && b == WF_EVENT_SAMPLED);
}

static bool can_meet(const wf_window_edge *a, const wf_window_edge *b)
{
    return !(a->only_if_symptomatic && b->only_if_asymptomatic) &&
           !(a->only_if_asymptomatic && b->only_if_symptomatic);
}

static bool closes_first(const wf_window_edge *opens, const wf_window_edge *closes)
{
    if (!can_meet(opens, closes) || closes->offset_d.value >= opens->offset_d.value)
        return false;
    return closes->event == opens->event || comes_before(closes->event, opens->event);
}

static weft_status check_window(const checker *check)
{
    const wf_window_rule *rule = &check->protocol->infectious;
    const wf_yaml *closes = node_of(check->root, "window", "closes");
    for (size_t i = 0; i < rule->closes_count; i++)
        for (size_t j = 0; j < rule->opens_count; j++)
            if (closes_first(&rule->opens[j], &rule->closes[i]))
                return wf_yaml_fail(closes->items[i], check->in->file, check->in->error,
                                    "protocol.window_closes_first", "opens",
                                    wf_event_word(rule->opens[j].event), "closes",
                                    wf_event_word(rule->closes[i].event), NULL);
    return WEFT_OK;
}

// ---- kinds of place ----

static weft_status check_rule(const checker *check, const wf_yaml *node,
                              const wf_place_rule *rule)
{
    const wf_protocol_reader *in = check->in;
    bool rows = rule->unit == WF_UNIT_ROWS || rule->unit_ventilated == WF_UNIT_ROWS;
    if (rule->unit_reach.given != rows)
        return wf_yaml_fail(node, in->file, in->error, "protocol.reach", NULL);
    if (rule->lingering_unventilated_min.given &&
        rule->lingering_unventilated_min.value < rule->lingering_min.value)
        return wf_yaml_fail(node_of(node, NULL, "lingering_unventilated_min"), in->file,
                            in->error, "protocol.lingering", NULL);
    if (rule->hazard_low_per_h.value > rule->hazard_per_h.value ||
        rule->hazard_per_h.value > rule->hazard_high_per_h.value)
        return wf_yaml_fail(node_of(node, NULL, "hazard_per_h"), in->file, in->error,
                            "protocol.low_high", NULL);
    return WEFT_OK;
}

static weft_status check_kinds(const checker *check)
{
    const wf_protocol *protocol = check->protocol;
    for (int kind = 0; kind < WF_PLACE_KIND_COUNT; kind++)
        WF_TRY(check_rule(
            check, node_of(check->root, "kinds", wf_place_kind_word((wf_place_kind)kind)),
            &protocol->kinds[kind]));
    if (protocol->encounter_hazard_low_per_h.value >
            protocol->encounter_hazard_per_h.value ||
        protocol->encounter_hazard_per_h.value >
            protocol->encounter_hazard_high_per_h.value)
        return fail_field(check, "encounter_hazard_per_h", "protocol.low_high");
    return WEFT_OK;
}

// ---- measures ----

static const wf_number *other(const wf_protocol *protocol, const char *measure,
                              const char *key)
{
    char name[128];
    int size = snprintf(name, sizeof name, "measures.%s.%s", measure, key);
    WF_ASSERT(size > 0 && (size_t)size < sizeof name);
    for (size_t i = 0; i < protocol->others_count; i++)
        if (strcmp(protocol->others[i].name, name) == 0)
            return &protocol->others[i].number;
    return NULL;
}

static weft_status check_days(const checker *check, const wf_yaml *measure,
                              const char *name, const char *days_key,
                              const char *tests_key)
{
    const wf_protocol_reader *in = check->in;
    const wf_yaml *tests = wf_yaml_get(measure, tests_key);
    const wf_number *days = other(check->protocol, name, days_key);
    if (wf_yaml_get(measure, days_key) != NULL &&
        (days == NULL || strcmp(days->unit, "d") != 0))
        return wf_yaml_fail(wf_yaml_get(measure, days_key), in->file, in->error,
                            "protocol.unit", "unit", days != NULL ? days->unit : "",
                            "expected", "d", NULL);
    if (tests == NULL)
        return WEFT_OK;
    const wf_yaml *values = wf_yaml_get(tests, "values");
    if (values == NULL)
        return wf_yaml_fail(tests, in->file, in->error, "protocol.missing", "key",
                            "values", NULL);
    for (size_t i = 0; i < values->count; i++) {
        double day = 0;
        WF_TRY(wf_protocol_read_double(in, values->items[i], &day));
        if (days == NULL || day > days->value || day < 0 || day != floor(day))
            return wf_yaml_fail(
                values->items[i], in->file, in->error, "protocol.test_outside", "day",
                values->items[i]->scalar.bytes, "measure", days_key, NULL);
    }
    return WEFT_OK;
}

static weft_status check_measures(const checker *check)
{
    const wf_yaml *measures = wf_yaml_get(check->root, "measures");
    for (size_t i = 0; measures != NULL && i < measures->count; i++) {
        const wf_yaml *measure = measures->items[i];
        WF_TRY(check_days(check, measure, measures->keys[i], "central_d",
                          "tests_central_d"));
        WF_TRY(check_days(check, measure, measures->keys[i], "home_d", "tests_home_d"));
    }
    return WEFT_OK;
}

weft_status wf_protocol_check(const wf_protocol_reader *in, const wf_yaml *root,
                              const wf_protocol *protocol)
{
    const checker check = {in, root, protocol};
    WF_TRY(check_incubation(&check));
    WF_TRY(check_window(&check));
    WF_TRY(check_kinds(&check));
    return check_measures(&check);
}
