// A small edition written by the test itself, so that single lines can be spoiled.
#ifndef TEST_SUPPORT_SMALL_PROTOCOL_H
#define TEST_SUPPORT_SMALL_PROTOCOL_H

#include <stdlib.h>
#include <string.h>

#include "model/protocol.h"

static const char small_sources[] = "book:\n"
                                    "  title: \"A book\"\n"
                                    "  issuer: \"someone\"\n"
                                    "  read: text\n"
                                    "  note: \"Read whole.\"\n"
                                    "guess:\n"
                                    "  title: \"A guess\"\n"
                                    "  issuer: \"nobody\"\n"
                                    "  read: none\n"
                                    "  note: \"Read by nobody.\"\n";

#define SMALL_NUMBER(value, unit)                                                        \
    "{value: " value ", unit: \"" unit "\", source: book, sure: A}\n"

static const char small_head[] =
    "name: small\n"
    "title: {zh: \"小\", en: \"Small\"}\n"
    "pathogen: \"Nothing\"\n"
    "in_force: 2021-05-11\n"
    "lists_secondary: true\n"
    "reasons:\n"
    "  habit: \"It has always been so.\"\n"
    "incubation_min_d: " SMALL_NUMBER("1", "d") "incubation_max_d: " SMALL_NUMBER("14", "d") "incubation_meanlog: " SMALL_NUMBER(
        "1.6", "ln d") "incubation_sdlog: " SMALL_NUMBER("0.4",
                                                         "ln d") "latent_d:"
                                                                 " " SMALL_NUMBER(
                                                                     "3", "d") "d"
                                                                               "e"
                                                                               "t"
                                                                               "e"
                                                                               "c"
                                                                               "t"
                                                                               "i"
                                                                               "o"
                                                                               "n"
                                                                               "_"
                                                                               "d"
                                                                               "e"
                                                                               "l"
                                                                               "a"
                                                                               "y"
                                                                               "_"
                                                                               "d"
                                                                               ":"
                                                                               " "
                                                                               "{"
                                                                               "v"
                                                                               "a"
                                                                               "l"
                                                                               "u"
                                                                               "e"
                                                                               ":"
                                                                               " "
                                                                               "3"
                                                                               ","
                                                                               " "
                                                                               "u"
                                                                               "n"
                                                                               "i"
                                                                               "t"
                                                                               ":"
                                                                               " "
                                                                               "d"
                                                                               ","
                                                                               " "
                                                                               "s"
                                                                               "o"
                                                                               "u"
                                                                               "r"
                                                                               "c"
                                                                               "e"
                                                                               ":"
                                                                               " "
                                                                               "g"
                                                                               "u"
                                                                               "e"
                                                                               "s"
                                                                               "s"
                                                                               ","
                                                                               " "
                                                                               "s"
                                                                               "u"
                                                                               "r"
                                                                               "e"
                                                                               ":"
                                                                               " "
                                                                               "D"
                                                                               ","
                                                                               " "
                                                                               "w"
                                                                               "h"
                                                                               "y"
                                                                               ":"
                                                                               " "
                                                                               "h"
                                                                               "a"
                                                                               "b"
                                                                               "i"
                                                                               "t"
                                                                               "}"
                                                                               "\n"
                                                                               "v"
                                                                               "i"
                                                                               "s"
                                                                               "i"
                                                                               "t"
                                                                               "s"
                                                                               "_"
                                                                               "k"
                                                                               "e"
                                                                               "p"
                                                                               "t"
                                                                               "_"
                                                                               "d"
                                                                               ":"
                                                                               " " SMALL_NUMBER("21",
                                                                                                "d") "conversions_for_calibration: " SMALL_NUMBER("30", "cases") "crowd_people_per_hour: " SMALL_NUMBER("300", "people") "asymptomatic_factor: " SMALL_NUMBER("0.5", "1") "presymptomatic_factor: " SMALL_NUMBER("0.6", "1") "guessed_factor: " SMALL_NUMBER("0.7",
                                                                                                                                                                                                                                                                                                                                                             "1") "encounter_near_minutes: " SMALL_NUMBER("2", "min") "encounter_hazard_per_h: " SMALL_NUMBER("0.02", "1/h") "encounter_hazard_low_per_h: " SMALL_NUMBER("0.01", "1/h") "encounter_hazard_high_per_h: " SMALL_NUMBER("0.04", "1/h") "window:\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "  opens:\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "    - {event: onset, offset_d: {value: -2, unit: d, source: book, sure: A}}\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "    - {event: sampled, offset_d: {value: -3, unit: d, source: book, sure: A}}\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "  closes:\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "    - {event: isolated, offset_d: {value: 0, unit: d, source: book, sure: A}}\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "  closes_when: earliest\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "infectiousness: {first_day: -1, values: [0.5, 1, 0.25], source: book, sure: A}\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "measures:\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "  close:\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "    central_d: {value: 14, unit: d, source: book, sure: A, counted_from: "
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "last_exposure, day_one: next_day}\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "    tests_central_d: {values: [1, 4, 13], unit: d, source: book, sure: A, "
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "counted_from: last_exposure, day_one: next_day}\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "deadlines:\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "  form: {value: 24, unit: h, source: book, sure: A, from: report, to: form, owner: "
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "clerk, clause: \"7\"}\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "shares:\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "  infected: {value: 21, low: 17, high: 25, unit: \"%\", source: book, sure: A, "
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "eligible: everybody, since: birth}\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "numbers:\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "  tube: {samples: {value: 10, unit: samples, source: book, sure: A}}\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "texts:\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "  rule: {zh: \"规则\", en: \"a rule\", source: book, sure: A}\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "kinds:\n";

static inline void small_append(wf_buffer *to, const char *text)
{
    if (!wf_buffer_append(to, text, strlen(text)))
        abort();
}

// The whole file; the caller frees it with wf_buffer_done. It is ended by a NUL.
static inline wf_buffer small_protocol_text(void)
{
    wf_buffer text = {0};
    small_append(&text, small_head);
    for (int kind = 0; kind < WF_PLACE_KIND_COUNT; kind++) {
        small_append(&text, "  ");
        small_append(&text, wf_place_kind_word((wf_place_kind)kind));
        small_append(&text, ":\n    near_minutes: ");
        small_append(&text,
                     kind == WF_PLACE_OPENAIR ? "never\n" : SMALL_NUMBER("5", "min"));
        small_append(&text, kind == WF_PLACE_AIRCRAFT
                                ? "    finer_unit: rows\n"
                                  "    unit_reach: " SMALL_NUMBER("3", "rows")
                                : "    finer_unit: whole\n");
        small_append(&text, "    lingering_min: " SMALL_NUMBER("15", "min"));
        small_append(&text, "    hazard_per_h: " SMALL_NUMBER("0.2", "1/h"));
        small_append(&text, "    hazard_low_per_h: " SMALL_NUMBER("0.1", "1/h"));
        small_append(&text, "    hazard_high_per_h: " SMALL_NUMBER("0.4", "1/h"));
        small_append(&text, "    hazard_other_unit: " SMALL_NUMBER("0.3", "1"));
        small_append(&text, "    setting_weight: " SMALL_NUMBER("1.5", "1"));
    }
    if (!wf_buffer_append(&text, "", 1))
        abort();
    text.size--;
    return text;
}

// Aborts when the small sources do not parse: that is no test of its own.
static inline wf_sources small_protocol_sources(wf_arena *arena)
{
    wf_sources sources = {0};
    weft_error error = {0};
    if (wf_sources_parse(wf_text_of(small_sources), "sources.yaml", arena, &sources,
                         &error) != WEFT_OK)
        abort();
    return sources;
}

#endif
