// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>
#include <string.h>

#include "model/catalogue.h"
#include "model/protocol.h"
#include "support/protocol_number.h"
#include "support/small_protocol.h"
#include "support/spoiled.h"

static const char file[] = "small.yaml";

static void a_whole_edition_is_read_as_it_stands(void **state)
{
    (void)state;
    wf_arena arena = {0};
    weft_error error = {0};
    const wf_protocol *protocol = NULL;
    wf_sources sources = small_protocol_sources(&arena);
    wf_buffer text = small_protocol_text();
    assert_int_equal(wf_protocol_parse(wf_buffer_text(&text), file, &sources, &arena,
                                       &protocol, &error),
                     WEFT_OK);
    assert_string_equal(protocol->title_zh, "小");
    assert_true(protocol->lists_secondary);
    assert_float_equal(protocol->incubation_max_d.value, 14, 0);
    assert_string_equal(protocol->incubation_max_d.unit, "d");
    assert_string_equal(protocol->detection_delay_d.why.en, "It has always been so.");
    assert_int_equal(protocol->detection_delay_d.sureness, WF_SURE_D);
    assert_int_equal(protocol->infectious.opens_count, 2);
    assert_int_equal(protocol->infectious.opens[1].event, WF_EVENT_SAMPLED);
    assert_float_equal(protocol->infectious.opens[1].offset_d.value, -3, 0);
    assert_true(protocol->kinds[WF_PLACE_OPENAIR].near_never);
    assert_int_equal(protocol->kinds[WF_PLACE_AIRCRAFT].unit, WF_UNIT_ROWS);
    assert_float_equal(protocol->kinds[WF_PLACE_AIRCRAFT].unit_reach.value, 3, 0);
    assert_false(protocol->kinds[WF_PLACE_BUS].unit_reach.given);
    wf_number number = {0};
    assert_true(number_find(protocol, "measures.close.tests_central_d[3]", &number));
    assert_float_equal(number.value, 13, 0);
    assert_true(number_find(protocol, "shares.infected.low", &number));
    assert_float_equal(number.value, 17, 0);
    assert_string_equal(number.terms->since.en, "birth");
    assert_true(number_find(protocol, "infectiousness[0]", &number));
    assert_float_equal(number.value, 1, 0);
    assert_true(number_find(protocol, "kinds.other.hazard_per_h", &number));
    assert_false(number_find(protocol, "kinds.openair.near_minutes", &number));
    assert_string_equal(protocol->texts[0].zh, "规则");
    wf_buffer_done(&text);
    wf_arena_done(&arena);
}

static void expect_refusal(const spoiled *row)
{
    wf_arena arena = {0};
    weft_error error = {0};
    const wf_protocol *protocol = NULL;
    wf_sources sources = small_protocol_sources(&arena);
    wf_buffer text = small_protocol_text();
    char *whole = spoil(text.bytes, row);
    weft_status status =
        wf_protocol_parse(wf_text_of(whole), file, &sources, &arena, &protocol, &error);
    if (status != WEFT_BAD_INPUT || strcmp(error.code, row->code) != 0)
        fail_msg("'%s' gave %s instead of %s", row->put, error.code, row->code);
    assert_null(protocol);
    assert_true(wf_catalogue_has(error.code));
    assert_string_equal(error.file, file);
    if (strcmp(error.field, row->field) != 0)
        fail_msg("'%s' blamed %s instead of %s", row->put, error.field, row->field);
    uint64_t line = line_of(whole, row->line_of != NULL ? row->line_of : row->put);
    if (error.line != line)
        fail_msg("'%s' blamed line %d instead of %d", row->put, (int)error.line,
                 (int)line);
    free(whole);
    wf_buffer_done(&text);
    wf_arena_done(&arena);
}

#define NUMBER(value, unit, rest) "{value: " value ", unit: " unit ", " rest "}\n#"

static void a_number_must_be_whole_and_honest(void **state)
{
    (void)state;
    static const spoiled rows[] = {
        {"latent_d: ", "latent_d: " NUMBER("nan", "d", "source: book, sure: A"),
         "protocol.not_a_number", "latent_d.value", NULL},
        {"latent_d: ", "latent_d: " NUMBER(".inf", "d", "source: book, sure: A"),
         "protocol.not_a_number", "latent_d.value", NULL},
        {"latent_d: ", "latent_d: " NUMBER("1e400", "d", "source: book, sure: A"),
         "protocol.not_a_number", "latent_d.value", NULL},
        {"latent_d: ", "latent_d: " NUMBER("\"3\"", "d", "source: book, sure: A"),
         "protocol.not_a_number", "latent_d.value", NULL},
        {"latent_d: ", "latent_d: " NUMBER("3 d", "d", "source: book, sure: A"),
         "protocol.not_a_number", "latent_d.value", NULL},
        {"latent_d: ", "latent_d: 3 # ", "yaml.not_a_map", "latent_d", NULL},
        {"latent_d: ", "latent_d: " NUMBER("401", "d", "source: book, sure: A"),
         "protocol.range", "latent_d.value", NULL},
        {"latent_d: ", "latent_d: " NUMBER("-1", "d", "source: book, sure: A"),
         "protocol.range", "latent_d.value", NULL},
        {"latent_d: ", "latent_d: " NUMBER("72", "h", "source: book, sure: A"),
         "protocol.unit", "latent_d.unit", NULL},
        {"latent_d: ", "latent_d: {value: 3, source: book, sure: A}\n#",
         "protocol.missing", "latent_d", NULL},
        {"latent_d: ", "latent_d: {unit: d, source: book, sure: A}\n#",
         "protocol.missing", "latent_d", NULL},
        {"latent_d: ", "latent_d: " NUMBER("3", "d", "sure: A"), "protocol.no_source",
         "latent_d", NULL},
        {"latent_d: ", "latent_d: " NUMBER("3", "d", "source: bok, sure: A"),
         "protocol.unknown_source", "latent_d.source", NULL},
        {"latent_d: ", "latent_d: " NUMBER("3", "d", "source: book"), "protocol.missing",
         "latent_d", NULL},
        {"latent_d: ", "latent_d: " NUMBER("3", "d", "source: book, sure: E"),
         "protocol.word", "latent_d.sure", NULL},
        {"latent_d: ", "latent_d: " NUMBER("3", "d", "source: book, sure: D"),
         "protocol.no_why", "latent_d", NULL},
        {"latent_d: ", "latent_d: " NUMBER("3", "d", "source: guess, sure: C"),
         "protocol.not_read", "latent_d", NULL},
        {"latent_d: ", "latent_d: " NUMBER("3", "d", "source: book, sure: D, why: x"),
         "protocol.unknown_reason", "latent_d.why", NULL},
        {"latent_d: ", "latent_d: " NUMBER("3", "d", "source: book, sure: A, wy: x y"),
         "yaml.unknown_key", "latent_d.wy", NULL},
        {"samples: {value: 10, unit: samples", "samples: {value: 10, unit: smaples",
         "protocol.word", "numbers.tube.samples.unit", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_refusal(&rows[i]);
}

static void a_reason_in_one_language_is_refused(void **state)
{
    (void)state;
    static const spoiled rows[] = {
        {"latent_d: ",
         "latent_d: " NUMBER("3", "d", "source: book, sure: D, why: {zh: \"三天\"}"),
         "protocol.one_language", "latent_d.why", NULL},
        {"latent_d: ",
         "latent_d: " NUMBER("3", "d", "source: book, sure: D, why: {en: \"as is\"}"),
         "protocol.one_language", "latent_d.why", NULL},
        {"latent_d: ", "latent_d: " NUMBER("3", "d", "source: book, sure: A, why: {}"),
         "protocol.one_language", "latent_d.why", NULL},
        {"latent_d: ",
         "latent_d: " NUMBER("3", "d",
                             "source: book, sure: A, why: {zh: \"\", en: \"as is\"}"),
         "protocol.text", "latent_d.why.zh", NULL},
        {"latent_d: ",
         "latent_d: " NUMBER("3", "d",
                             "source: book, sure: A, why: {zh: [a], en: \"as is\"}"),
         "protocol.text", "latent_d.why.zh", NULL},
        {"latent_d: ",
         "latent_d: " NUMBER("3", "d",
                             "source: book, sure: A, why: {zh: 三, en: x, fr: y}"),
         "yaml.unknown_key", "latent_d.why.fr", NULL},
        {"latent_d: ", "latent_d: " NUMBER("3", "d", "source: book, sure: A, why: [a b]"),
         "protocol.text", "latent_d.why", NULL},
        {"habit: \"It has always been so.\"", "habit: {zh: \"一直如此。\"}",
         "protocol.one_language", "reasons.habit", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_refusal(&rows[i]);
}

static void expect_why(const spoiled *row, const char *zh, const char *en)
{
    wf_arena arena = {0};
    weft_error error = {0};
    const wf_protocol *protocol = NULL;
    wf_sources sources = small_protocol_sources(&arena);
    wf_buffer text = small_protocol_text();
    char *whole = spoil(text.bytes, row);
    assert_int_equal(
        wf_protocol_parse(wf_text_of(whole), file, &sources, &arena, &protocol, &error),
        WEFT_OK);
    assert_string_equal(protocol->detection_delay_d.why.zh, zh);
    assert_string_equal(protocol->detection_delay_d.why.en, en);
    free(whole);
    wf_buffer_done(&text);
    wf_arena_done(&arena);
}

// Cities have editions of their own from before reasons stood in two languages.
static void a_reason_stands_in_both_languages_or_is_the_same_in_both(void **state)
{
    (void)state;
    static const char habit[] = "It has always been so.";
    expect_why(&(spoiled){.find = "habit: \"It has always been so.\"",
                          .put = "habit: {zh: \"一直如此。\", en: \"As ever.\"}"},
               "一直如此。", "As ever.");
    expect_why(&(spoiled){.find = "why: habit",
                          .put = "why: {zh: \"按惯例。\", en: \"By habit.\"}"},
               "按惯例。", "By habit.");
    // Within a mapping one word is a word and names no reason.
    expect_why(&(spoiled){.find = "why: habit", .put = "why: {zh: 惯例, en: habit}"},
               "惯例", "habit");
    expect_why(&(spoiled){.find = "why: habit", .put = "why: habit"}, habit, habit);
    expect_why(&(spoiled){.find = "why: habit", .put = "why: \"By a habit.\""},
               "By a habit.", "By a habit.");
    expect_why(&(spoiled){.find = "why: habit", .put = "why: 按惯例"}, "按惯例",
               "按惯例");
}

static void expect_owner(const char *put, const char *zh, const char *en)
{
    wf_arena arena = {0};
    weft_error error = {0};
    const wf_protocol *protocol = NULL;
    wf_number number = {0};
    wf_sources sources = small_protocol_sources(&arena);
    wf_buffer text = small_protocol_text();
    char *whole = spoil(text.bytes, &(spoiled){.find = "owner: clerk", .put = put});
    assert_int_equal(
        wf_protocol_parse(wf_text_of(whole), file, &sources, &arena, &protocol, &error),
        WEFT_OK);
    assert_true(number_find(protocol, "deadlines.form", &number));
    assert_string_equal(number.terms->owner.zh, zh);
    assert_string_equal(number.terms->owner.en, en);
    free(whole);
    wf_buffer_done(&text);
    wf_arena_done(&arena);
}

// As a city writes its own edition; words that stand in every edition need no Chinese.
static void who_answers_is_said_in_both_languages(void **state)
{
    (void)state;
    expect_owner("owner: {zh: 文员, en: clerk}", "文员", "clerk");
    expect_owner("owner: clerk", "clerk", "clerk");
    expect_owner("owner: 文员", "文员", "文员");
    expect_owner("owner: laboratory", "实验室", "laboratory");
}

static void what_a_number_needs_to_be_applied_is_asked_for(void **state)
{
    (void)state;
    static const spoiled rows[] = {
        {", clause: \"7\"", "", "protocol.missing", "deadlines.form", "form: {value"},
        {"from: report, ", "", "protocol.missing", "deadlines.form", "form: {value"},
        {"owner: clerk", "owner: \"\"", "protocol.text", "deadlines.form.owner", NULL},
        {"owner: clerk", "owner: {zh: 文员}", "protocol.one_language",
         "deadlines.form.owner", NULL},
        {"counted_from: last_exposure", "owner: clerk, counted_from: last_exposure",
         "protocol.missing", "measures.close.central_d", "central_d: {"},
        {"value: 24, unit: h", "value: 24, unit: people", "protocol.unit",
         "deadlines.form.unit", NULL},
        {", since: birth", "", "protocol.missing", "shares.infected", "infected: {"},
        {"eligible: everybody, ", "", "protocol.missing", "shares.infected",
         "infected: {"},
        {"value: 21, low: 17", "value: 121, low: 17", "protocol.range",
         "shares.infected.value", NULL},
        {"low: 17", "low: 22", "protocol.low_high", "shares.infected", NULL},
        {"low: 17, ", "", "protocol.missing", "shares.infected", "infected: {"},
        {", day_one: next_day", "", "protocol.missing", "measures.close.central_d",
         "central_d: {"},
        {"counted_from: last_exposure", "counted_from: last_exposer", "protocol.word",
         "measures.close.central_d.counted_from", NULL},
        {"samples: {", "Samples: {", "protocol.name", "numbers.tube.Samples", NULL},
        {"rule: {zh: \"规则\", ", "rule: {", "protocol.missing", "texts.rule", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_refusal(&rows[i]);
}

static void contradictions_are_found(void **state)
{
    (void)state;
    static const spoiled rows[] = {
        {"incubation_min_d: {value: 1,", "incubation_min_d: {value: 15,",
         "protocol.incubation", "incubation_min_d", NULL},
        {"incubation_meanlog: {value: 1.6,", "incubation_meanlog: {value: 3,",
         "protocol.median", "incubation_meanlog", NULL},
        {"incubation_sdlog:", "#", "protocol.lognormal", "incubation_meanlog",
         "incubation_meanlog"},
        {"latent_d: {value: 3,", "latent_d: {value: 15,", "protocol.latent", "latent_d",
         NULL},
        {"visits_kept_d: {value: 21,", "visits_kept_d: {value: 13,", "protocol.kept",
         "visits_kept_d", NULL},
        {"event: isolated, offset_d: {value: 0,", "event: onset, offset_d: {value: -3,",
         "protocol.window_closes_first", "window.closes[1]", NULL},
        {"values: [1, 4, 13]", "values: [1, 4, 15]", "protocol.test_outside",
         "measures.close.tests_central_d.values[3]", NULL},
        {"values: [1, 4, 13]", "values: [1, 4, 4]", "protocol.ascending",
         "measures.close.tests_central_d.values[3]", NULL},
        {"values: [1, 4, 13]", "values: [1, 4.5]", "protocol.test_outside",
         "measures.close.tests_central_d.values[2]", NULL},
        {"values: [1, 4, 13]", "values: []", "protocol.list",
         "measures.close.tests_central_d.values", NULL},
        {"values: [0.5, 1, 0.25]", "values: [0.5, 0.9]", "protocol.peak",
         "infectiousness.values", NULL},
        {"values: [0.5, 1, 0.25]", "values: [0.5, 1.5]", "protocol.range",
         "infectiousness.values[2]", NULL},
        {"first_day: -1", "first_day: -0.5", "protocol.whole_days",
         "infectiousness.first_day", NULL},
        {"offset_d: {value: -2,", "offset_d: {value: -2.5,", "protocol.whole_days",
         "window.opens[1].offset_d", NULL},
        {"hazard_low_per_h: {value: 0.1,", "hazard_low_per_h: {value: 0.3,",
         "protocol.low_high", "kinds.household.hazard_per_h",
         "hazard_per_h: {value: 0.2"},
        {"encounter_hazard_high_per_h: {value: 0.04,",
         "encounter_hazard_high_per_h: {value: 0.01,", "protocol.low_high",
         "encounter_hazard_per_h", "encounter_hazard_per_h"},
        {"    unit_reach:", "#", "protocol.reach", "kinds.aircraft", "  aircraft:\n"},
        {"finer_unit: whole", "finer_unit: rows", "protocol.reach", "kinds.household",
         "  household:\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_refusal(&rows[i]);
}

static void unknown_words_and_missing_parts_are_named(void **state)
{
    (void)state;
    static const spoiled rows[] = {
        {"pathogen:", "patogen:", "yaml.unknown_key", "patogen", NULL},
        {"  bus:\n", "  tram:\n", "yaml.unknown_key", "kinds.tram", NULL},
        {"lists_secondary: true", "lists_secondary: maybe", "protocol.word",
         "lists_secondary", NULL},
        {"in_force: 2021-05-11", "in_force: 2021-02-30", "protocol.date", "in_force",
         NULL},
        {"visits_kept_d:", "#", "protocol.missing", "", "name: small"},
        {"event: onset", "event: onest", "protocol.word", "window.opens[1].event", NULL},
        {"closes_when: earliest", "closes_when: first", "protocol.word",
         "window.closes_when", NULL},
        {"finer_unit: whole", "finer_unit: table", "protocol.word",
         "kinds.household.finer_unit", NULL},
        {"name: small", "name: \"\"", "protocol.text", "name", NULL},
        {"name: small", "name: \"a\\tb\"", "protocol.text", "name", NULL},
        {"habit: \"It has always been so.\"", "habit: [a]", "protocol.text",
         "reasons.habit", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_refusal(&rows[i]);
}

static void a_kind_that_is_missing_is_named(void **state)
{
    (void)state;
    wf_arena arena = {0};
    weft_error error = {0};
    const wf_protocol *protocol = NULL;
    wf_sources sources = small_protocol_sources(&arena);
    wf_buffer text = small_protocol_text();
    *strstr(text.bytes, "  other:\n") = '\0'; // the last kind
    assert_int_equal(wf_protocol_parse(wf_text_of(text.bytes), file, &sources, &arena,
                                       &protocol, &error),
                     WEFT_BAD_INPUT);
    assert_string_equal(error.code, "protocol.missing");
    assert_string_equal(error.field, "kinds");
    assert_string_equal(error.params[0].value, "other");
    wf_buffer_done(&text);
    wf_arena_done(&arena);
}

static void sources_say_how_far_they_were_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *code;
        uint64_t line;
    } rows[] = {
        {"a:\n  title: T\n  issuer: I\n  read: text\n", "protocol.missing", 1},
        {"a:\n  title: T\n  issuer: I\n  note: n\n", "protocol.missing", 1},
        {"a:\n  title: T\n  issuer: I\n  note: n\n  read: twice\n", "protocol.word", 5},
        {"a:\n  titel: T\n", "yaml.unknown_key", 2},
        {"a:\n  title: {en: T}\n", "protocol.one_language", 2},
        {"a:\n  title: T\n  issuer: {zh: 某}\n", "protocol.one_language", 3},
        {"a:\n  title: T\n  issuer: I\n  clause: {}\n", "protocol.one_language", 4},
        {"a:\n  title: T\n  issuer: I\n  note: {zh: n, en: \"\"}\n", "protocol.text", 4},
        {"- a\n", "yaml.not_a_map", 1},
        {"a: b\n", "yaml.not_a_map", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wf_arena arena = {0};
        weft_error error = {0};
        wf_sources sources = {0};
        assert_int_equal(wf_sources_parse(wf_text_of(rows[i].text), "sources.yaml",
                                          &arena, &sources, &error),
                         WEFT_BAD_INPUT);
        assert_string_equal(error.code, rows[i].code);
        assert_int_equal(error.line, rows[i].line);
        assert_int_equal(sources.count, 0);
        wf_arena_done(&arena);
    }
}

static void memory_that_ends_is_said(void **state)
{
    (void)state;
    wf_buffer text = small_protocol_text();
    wf_arena kept = {0};
    wf_sources sources = small_protocol_sources(&kept);
    bool whole = false;
    for (size_t limit = 1024; !whole; limit += 4099) {
        wf_arena arena;
        wf_arena_init(&arena, limit);
        weft_error error = {0};
        const wf_protocol *protocol = NULL;
        weft_status status = wf_protocol_parse(wf_buffer_text(&text), file, &sources,
                                               &arena, &protocol, &error);
        whole = status == WEFT_OK;
        assert_true(whole ? protocol != NULL
                          : status == WEFT_NO_MEMORY && protocol == NULL);
        wf_arena_done(&arena);
    }
    wf_arena_done(&kept);
    wf_buffer_done(&text);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_edition_is_read_as_it_stands),
        cmocka_unit_test(a_number_must_be_whole_and_honest),
        cmocka_unit_test(a_reason_in_one_language_is_refused),
        cmocka_unit_test(a_reason_stands_in_both_languages_or_is_the_same_in_both),
        cmocka_unit_test(who_answers_is_said_in_both_languages),
        cmocka_unit_test(what_a_number_needs_to_be_applied_is_asked_for),
        cmocka_unit_test(contradictions_are_found),
        cmocka_unit_test(unknown_words_and_missing_parts_are_named),
        cmocka_unit_test(a_kind_that_is_missing_is_named),
        cmocka_unit_test(sources_say_how_far_they_were_read),
        cmocka_unit_test(memory_that_ends_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
