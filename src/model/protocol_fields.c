// Which numbers have fields, and all numbers and words of an edition in one order.
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "model/protocol_label.h"
#include "model/protocol_read.h"

#define FIELD(name, unit, min, max, required)                                            \
    {                                                                                    \
#name, offsetof(wf_protocol, name), unit, min, max, required                     \
    }
const wf_protocol_field wf_protocol_fields[] = {
    FIELD(incubation_min_d, "d", 0, 400, true),
    FIELD(incubation_max_d, "d", 0, 400, true),
    FIELD(incubation_meanlog, "ln d", -5, 7, false),
    FIELD(incubation_sdlog, "ln d", 0.01, 3, false),
    FIELD(latent_d, "d", 0, 400, false),
    FIELD(detection_delay_d, "d", 0, 60, true),
    FIELD(visits_kept_d, "d", 1, 400, true),
    FIELD(conversions_for_calibration, "cases", 1, 100000, true),
    FIELD(crowd_people_per_hour, "people", 1, 1e7, true),
    FIELD(asymptomatic_factor, "1", 0, 10, true),
    FIELD(presymptomatic_factor, "1", 0, 10, true),
    FIELD(guessed_factor, "1", 0, 1, true),
    FIELD(encounter_near_minutes, "min", 0, 1440, true),
    FIELD(encounter_hazard_per_h, "1/h", 0, 100, true),
    FIELD(encounter_hazard_low_per_h, "1/h", 0, 100, true),
    FIELD(encounter_hazard_high_per_h, "1/h", 0, 100, true),
    {0},
};
#undef FIELD

#define FIELD(name, unit, min, max, required)                                            \
    {                                                                                    \
#name, offsetof(wf_place_rule, name), unit, min, max, required                   \
    }
const wf_protocol_field wf_protocol_place_fields[] = {
    FIELD(unit_reach, "rows", 0, 50, false),
    FIELD(lingering_min, "min", 0, 1440, true),
    FIELD(lingering_unventilated_min, "min", 0, 1440, false),
    FIELD(hazard_per_h, "1/h", 0, 100, true),
    FIELD(hazard_low_per_h, "1/h", 0, 100, true),
    FIELD(hazard_high_per_h, "1/h", 0, 100, true),
    FIELD(hazard_other_unit, "1", 0, 1, true),
    FIELD(hazard_adjacent, "1", 1, 100, false),
    FIELD(setting_weight, "1", 0, 100, true),
    {0},
};
#undef FIELD

enum { name_max_bytes = 128 };

typedef struct {
    void (*each)(void *context, const char *name, const wf_number *number);
    void *context;
} number_visitor;

static void visit(const number_visitor *to, const char *prefix, const char *name,
                  const wf_number *number)
{
    char text[name_max_bytes];
    if (!number->given)
        return;
    int size = snprintf(text, sizeof text, "%s%s", prefix, name);
    WF_ASSERT(size > 0 && (size_t)size < sizeof text);
    to->each(to->context, text, number);
}

static void visit_fields(const number_visitor *to, const char *prefix,
                         const wf_protocol_field *fields, const void *whole)
{
    for (; fields->name != NULL; fields++) {
        const void *at = (const char *)whole + fields->offset;
        visit(to, prefix, fields->name, at);
    }
}

static void visit_edges(const number_visitor *to, const char *name,
                        const wf_window_edge *edges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char text[name_max_bytes];
        int size = snprintf(text, sizeof text, "window.%s[%zu].", name, i + 1);
        WF_ASSERT(size > 0 && (size_t)size < sizeof text);
        visit(to, text, "offset_d", &edges[i].offset_d);
        visit(to, text, "within_d", &edges[i].within_d);
    }
}

static void visit_profile(const number_visitor *to, const wf_profile *profile)
{
    for (size_t i = 0; i < profile->days; i++) {
        char text[name_max_bytes];
        int size = snprintf(text, sizeof text, "infectiousness[%d]",
                            profile->first_day + (int)i);
        WF_ASSERT(size > 0 && (size_t)size < sizeof text);
        const wf_number number = {.value = profile->values[i],
                                  .unit = "1",
                                  .source = profile->source,
                                  .why = profile->why,
                                  .sureness = profile->sureness,
                                  .given = true};
        visit(to, "", text, &number);
    }
}

static void visit_kinds(const number_visitor *to, const wf_protocol *protocol)
{
    for (int kind = 0; kind < WF_PLACE_KIND_COUNT; kind++) {
        char prefix[name_max_bytes];
        int size = snprintf(prefix, sizeof prefix, "kinds.%s.",
                            wf_place_kind_word((wf_place_kind)kind));
        WF_ASSERT(size > 0 && (size_t)size < sizeof prefix);
        visit(to, prefix, "near_minutes", &protocol->kinds[kind].near_minutes);
        visit_fields(to, prefix, wf_protocol_place_fields, &protocol->kinds[kind]);
    }
}

void wf_protocol_each(const wf_protocol *protocol,
                      void (*each)(void *context, const char *name,
                                   const wf_number *number),
                      void *context)
{
    const number_visitor to = {each, context};
    const wf_window_rule *window = &protocol->infectious;
    visit_fields(&to, "", wf_protocol_fields, protocol);
    visit_edges(&to, "opens", window->opens, window->opens_count);
    visit_edges(&to, "closes", window->closes, window->closes_count);
    visit_profile(&to, &protocol->infectiousness);
    visit_kinds(&to, protocol);
    for (size_t i = 0; i < protocol->others_count; i++)
        each(context, protocol->others[i].name, &protocol->others[i].number);
}

// ---- words ----

typedef struct {
    void (*each)(void *context, const char *name, const char *zh, const char *en);
    void *context;
} word_visitor;

static void say(const word_visitor *to, const char *name, const char *word)
{
    to->each(to->context, name, wf_protocol_words(word, WF_LANGUAGE_ZH), word);
}

static void say_edges(const word_visitor *to, const char *name,
                      const wf_window_edge *edges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const wf_window_edge *edge = &edges[i];
        const char *event = wf_event_word(edge->event);
        char at[name_max_bytes], zh[name_max_bytes], en[name_max_bytes];
        int size = snprintf(at, sizeof at, "window.%s[%zu].event", name, i + 1);
        WF_ASSERT(size > 0 && (size_t)size < sizeof at);
        size =
            snprintf(en, sizeof en, "%s%s%s", event, edge->day_end ? ", end of day" : "",
                     edge->only_if_symptomatic    ? " (symptomatic)"
                     : edge->only_if_asymptomatic ? " (asymptomatic)"
                                                  : "");
        WF_ASSERT(size > 0 && (size_t)size < sizeof en);
        size = snprintf(zh, sizeof zh, "%s%s%s", wf_protocol_words(event, WF_LANGUAGE_ZH),
                        edge->day_end ? "，至当日结束" : "",
                        edge->only_if_symptomatic    ? "（有症状者）"
                        : edge->only_if_asymptomatic ? "（无症状者）"
                                                     : "");
        WF_ASSERT(size > 0 && (size_t)size < sizeof zh);
        to->each(to->context, at, zh, en);
    }
}

static void say_kinds(const word_visitor *to, const wf_protocol *protocol)
{
    for (int kind = 0; kind < WF_PLACE_KIND_COUNT; kind++) {
        const wf_place_rule *rule = &protocol->kinds[kind];
        const char *word = wf_place_kind_word((wf_place_kind)kind);
        char name[name_max_bytes];
        int size = snprintf(name, sizeof name, "kinds.%s.finer_unit", word);
        WF_ASSERT(size > 0 && (size_t)size < sizeof name);
        say(to, name, wf_unit_word(rule->unit));
        if (rule->unit_ventilated != rule->unit) {
            size = snprintf(name, sizeof name, "kinds.%s.finer_unit_ventilated", word);
            WF_ASSERT(size > 0 && (size_t)size < sizeof name);
            say(to, name, wf_unit_word(rule->unit_ventilated));
        }
        if (rule->unit != WF_UNIT_WHOLE) {
            size = snprintf(name, sizeof name, "kinds.%s.seat_unknown", word);
            WF_ASSERT(size > 0 && (size_t)size < sizeof name);
            say(to, name, rule->seat_unknown_apart ? "apart" : "near");
        }
        if (rule->near_never) {
            size = snprintf(name, sizeof name, "kinds.%s.near_minutes", word);
            WF_ASSERT(size > 0 && (size_t)size < sizeof name);
            say(to, name, "never");
        }
    }
}

void wf_protocol_each_word(const wf_protocol *protocol,
                           void (*each)(void *context, const char *name, const char *zh,
                                        const char *en),
                           void *context)
{
    const word_visitor to = {each, context};
    const wf_window_rule *window = &protocol->infectious;
    each(context, "title", protocol->title_zh, protocol->title_en);
    say(&to, "pathogen", protocol->pathogen);
    if (*protocol->in_force != '\0')
        say(&to, "in_force", protocol->in_force);
    say(&to, "lists_secondary", protocol->lists_secondary ? "true" : "false");
    if (*window->onset_kind != '\0')
        say(&to, "window.onset_kind", window->onset_kind);
    say_edges(&to, "opens", window->opens, window->opens_count);
    say_edges(&to, "closes", window->closes, window->closes_count);
    say(&to, "window.closes_when", window->closes_latest ? "latest" : "earliest");
    say_kinds(&to, protocol);
    for (size_t i = 0; i < protocol->texts_count; i++)
        each(context, protocol->texts[i].name, protocol->texts[i].zh,
             protocol->texts[i].en);
}

const char *wf_sureness_word(wf_sureness sureness)
{
    static const char *const words[] = {"A", "B", "C", "D"};
    WF_ASSERT((unsigned)sureness <= WF_SURE_D);
    return words[sureness];
}
