// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "access/city/data_dir.h"
#include "access/city/law.h"
#include "access/city/protocol.h"
#include "model/catalogue.h"
#include "model/protocol_label.h"
#include "support/both_languages.h"
#include "support/protocol_number.h"
#include "weft/protocol.h"

static const wf_protocol *load(wf_arena *arena, const char *name)
{
    weft_error error = {0};
    const wf_protocol *protocol = NULL;
    weft_status status = wf_protocol_load(&wf_io_posix, name, arena, &protocol, &error);
    if (status != WEFT_OK) {
        wf_buffer text = {0};
        assert_true(wf_error_text(&error, WF_LANGUAGE_EN, &text));
        fail_msg("%.*s", (int)text.size, text.bytes);
    }
    return protocol;
}

static double value_of(const wf_protocol *protocol, const char *name)
{
    wf_number number = {.value = NAN};
    if (!number_find(protocol, name, &number))
        fail_msg("%s is not there", name);
    return number.value;
}

static void every_edition_that_is_shipped_loads(void **state)
{
    (void)state;
    static const char *const names[] = {"nhc-covid-8",    "nhc-covid-9", "who-covid-2021",
                                        "cdc-covid-2020", "measles",     "mers",
                                        "ebola",          "who-cholera", "h5n1-cdc"};
    // What the clock and the holes of every case are judged by.
    static const char *const of_cases[] = {"deadlines.isolated", "deadlines.treated",
                                           "deadlines.interviewed"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        wf_arena arena = {0};
        const wf_protocol *protocol = load(&arena, names[i]);
        assert_string_equal(protocol->name, names[i]);
        for (size_t k = 0; k < sizeof of_cases / sizeof *of_cases; k++)
            assert_true(value_of(protocol, of_cases[k]) > 0);
        wf_arena_done(&arena);
    }
}

// The table of numbers that people decide by, for both Chinese editions.
static void
the_numbers_of_the_eighth_and_ninth_edition_are_those_of_the_table(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double eighth, ninth; // NAN: not in that edition
    } rows[] = {
        {"incubation_min_d", 1, 1},
        {"incubation_max_d", 14, 14},
        {"numbers.incubation.mostly_min_d", 3, 2},
        {"numbers.incubation.mostly_max_d", 7, 4},
        {"window.opens[1].offset_d", -2, -2},
        {"detection_delay_d", 3, 3},
        {"visits_kept_d", 21, 21},
        {"measures.close.central_d", 14, 7},
        {"measures.close.home_d", 7, 3},
        {"measures.close.tests_central_d[2]", 4, 2},
        {"measures.close.tests_central_d[4]", 14, 5},
        {"measures.close.tests_home_d[1]", 2, 3},
        {"measures.secondary.central_d", 7, NAN},
        {"measures.secondary.home_d", NAN, 7},
        {"measures.sealed_compound.home_d", 14, 7},
        {"durations.zone.without_case_d", 14, NAN},
        {"durations.zone.high_to_medium_d", NAN, 7},
        {"durations.zone.medium_to_low_d", NAN, 3},
        {"durations.community_cleared_d", 3, 3},
        {"durations.evidence_kept_d", 60, 60},
        {"numbers.cluster.cases", 5, 5},
        {"deadlines.contact_moved", 12, 8},
        {"deadlines.case_form", 24, 24},
        {"deadlines.direct_report", 2, 2},
        {"deadlines.letter.under_control", 8, 8},
        {"numbers.variants.ancestral.median_d", 5.06, 5.06},
        {"shares.attack.household.high", 24.8, 24.8},
        {"kinds.bus.near_minutes", 15, 15},
        {"kinds.market.near_minutes", 30, 30},
        {"kinds.aircraft.unit_reach", 3, 3},
        {"crowd_people_per_hour", 300, 300},
    };
    wf_arena arena = {0};
    const wf_protocol *editions[] = {load(&arena, "nhc-covid-8"),
                                     load(&arena, "nhc-covid-9")};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double expected[] = {rows[i].eighth, rows[i].ninth};
        for (size_t j = 0; j < 2; j++) {
            wf_number number = {0};
            if (isnan(expected[j]))
                assert_false(number_find(editions[j], rows[i].name, &number));
            else
                assert_float_equal(value_of(editions[j], rows[i].name), expected[j],
                                   1e-9);
        }
    }
    wf_arena_done(&arena);
}

static void check_number(void *context, const char *name, const wf_number *number)
{
    size_t *count = context;
    ++*count;
    assert_true(number->given && isfinite(number->value));
    assert_true(*number->unit != '\0' && *number->source != '\0');
    if (number->sureness == WF_SURE_D && strlen(number->why.en) < 10)
        fail_msg("%s is of sure D and does not say why", name);
    if (strcmp(number->source, "weft-default") == 0 && number->sureness != WF_SURE_D)
        fail_msg("%s: no text gives it, but it is not of sure D", name);
}

static void every_number_has_unit_source_and_sureness(void **state)
{
    (void)state;
    wf_arena arena = {0};
    size_t count = 0;
    wf_protocol_each(load(&arena, "nhc-covid-8"), check_number, &count);
    assert_true(count > 300);
    wf_arena_done(&arena);
}

static void check_label(void *context, const char *name, const wf_number *number)
{
    static const char between[] = " › ";
    (void)context;
    (void)number;
    wf_buffer label = {0};
    assert_true(wf_protocol_label(name, WF_LANGUAGE_ZH, &label));
    assert_true(wf_buffer_append(&label, "", 1)); // ends the text
    // A part without words stands as in the file: small ASCII letters, "_" and digits.
    for (const char *part = label.bytes; part != NULL;) {
        const char *end = strstr(part, between);
        size_t size = end != NULL ? (size_t)(end - part) : strlen(part), plain = 0;
        while (plain < size && (unsigned char)part[plain] < 0x80 &&
               (part[plain] < 'A' || part[plain] > 'Z'))
            plain++;
        if (plain == size)
            fail_msg("%s has a part without words in labels.def", name);
        part = end != NULL ? end + sizeof between - 1 : NULL;
    }
    wf_buffer_done(&label);
}

static void check_word_label(void *context, const char *name, const char *zh,
                             const char *en)
{
    assert_true(*zh != '\0' && *en != '\0');
    check_label(context, name, NULL);
}

static void every_shipped_number_has_a_name_in_words(void **state)
{
    (void)state;
    static const char *const names[] = {"nhc-covid-8",    "nhc-covid-9", "who-covid-2021",
                                        "cdc-covid-2020", "measles",     "mers",
                                        "ebola",          "who-cholera", "h5n1-cdc"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        wf_arena arena = {0};
        const wf_protocol *protocol = load(&arena, names[i]);
        wf_protocol_each(protocol, check_label, NULL);
        wf_protocol_each_word(protocol, check_word_label, NULL);
        wf_arena_done(&arena);
    }
}

// ---- both languages ----

static bool list_is_done(void *context, const weft_edition *edition)
{
    expect_chinese(edition->name, "title", edition->title_zh);
    expect_chinese(edition->name, "pathogen", edition->pathogen_zh);
    ++*(size_t *)context;
    return true;
}

static bool show_is_in_chinese(void *context, const weft_protocol_row *row)
{
    ++*(size_t *)context;
    expect_chinese(row->name, "label", row->label_zh);
    expect_chinese(row->name, "text", row->text_zh);
    expect_chinese(row->name, "terms", row->terms_zh);
    expect_chinese(row->name, "source", row->source_title_zh);
    expect_chinese(row->name, "why", row->why_zh);
    assert_int_equal(*row->why_zh != '\0', *row->why_en != '\0');
    if (*row->why_zh != '\0')
        expect_both(row->name, (wf_both){row->why_zh, row->why_en});
    return true;
}

static bool show_one(void *context, const weft_edition *edition)
{
    size_t rows = 0;
    weft_error error = {0};
    assert_int_equal(weft_protocol_show(edition->name, list_is_done, show_is_in_chinese,
                                        &rows, &error),
                     WEFT_OK);
    assert_true(rows > 200);
    ++*(size_t *)context;
    return true;
}

static void no_chinese_answer_of_an_edition_lacks_chinese(void **state)
{
    (void)state;
    size_t editions = 0;
    weft_error error = {0};
    assert_int_equal(weft_protocol_list(show_one, &editions, &error), WEFT_OK);
    assert_int_equal(editions, 9);
}

static void every_source_that_is_shipped_is_in_both_languages(void **state)
{
    (void)state;
    wf_arena arena = {0};
    weft_error error = {0};
    wf_path folder;
    const wf_protocol *protocol = NULL;
    wf_sources sources = {0};
    assert_int_equal(wf_data_dir(&wf_io_posix, "protocol", &folder, &error), WEFT_OK);
    assert_int_equal(wf_protocol_load_from(&wf_io_posix, folder.text, "nhc-covid-8",
                                           &arena, &protocol, &sources, &error),
                     WEFT_OK);
    assert_true(sources.count > 20);
    for (size_t i = 0; i < sources.count; i++)
        expect_source_in_both(&sources.entries[i]);
    wf_arena_done(&arena);
}

static void days_deadlines_and_shares_carry_their_terms(void **state)
{
    (void)state;
    wf_arena arena = {0};
    const wf_protocol *protocol = load(&arena, "nhc-covid-8");
    wf_number number = {0};
    assert_true(number_find(protocol, "measures.close.central_d", &number));
    assert_string_equal(number.terms->counted_from, "last_exposure");
    assert_string_equal(number.terms->day_one, "next_day");
    assert_true(number_find(protocol, "deadlines.case_form", &number));
    assert_string_equal(number.terms->owner.en, "case investigator");
    assert_string_equal(number.terms->owner.zh, "流调人员");
    assert_true(number_find(protocol, "shares.attack.household", &number));
    assert_string_equal(number.terms->eligible.en, "household contacts of cases");
    assert_int_equal(number.sureness, WF_SURE_A);
    wf_arena_done(&arena);
}

static void expect_term(const char *name, wf_both term)
{
    if (*term.zh == '\0' || *term.en == '\0')
        fail_msg("%s lacks from, to, owner or clause", name);
    expect_both(name, term);
    expect_chinese(name, "terms", term.zh);
}

// What the clock and the holes count as a deadline: the section, and the days on which
// close contacts are tested.
static void check_deadline(void *context, const char *name, const wf_number *number)
{
    static const char section[] = "deadlines.", days[] = "measures.close.tests_central_d";
    size_t *count = context;
    if (strncmp(name, section, sizeof section - 1) != 0 &&
        strncmp(name, days, sizeof days - 1) != 0)
        return;
    ++*count;
    if (number->terms == NULL)
        fail_msg("%s has no terms", name);
    expect_term(name, number->terms->from);
    expect_term(name, number->terms->to);
    expect_term(name, number->terms->owner);
    expect_term(name, number->terms->clause);
}

static bool check_deadlines(void *context, const weft_edition *edition)
{
    wf_arena arena = {0};
    size_t count = 0;
    wf_protocol_each(load(&arena, edition->name), check_deadline, &count);
    assert_true(count > 5);
    wf_arena_done(&arena);
    ++*(size_t *)context;
    return true;
}

static void every_deadline_says_from_to_owner_and_clause(void **state)
{
    (void)state;
    size_t editions = 0;
    weft_error error = {0};
    assert_int_equal(weft_protocol_list(check_deadlines, &editions, &error), WEFT_OK);
    assert_int_equal(editions, 9);
}

// No text names who samples contacts: the days are those of the text, the owner is ours.
static void who_samples_contacts_is_said_to_be_assumed(void **state)
{
    (void)state;
    static const char *const names[] = {"nhc-covid-8", "nhc-covid-9"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        wf_arena arena = {0};
        wf_number number = {0};
        assert_true(number_find(load(&arena, names[i]),
                                "measures.close.tests_central_d[1]", &number));
        assert_string_equal(number.terms->owner.zh, "采样组");
        assert_string_equal(number.terms->owner.en, "sampling team");
        assert_int_equal(number.sureness, WF_SURE_B);
        assert_non_null(strstr(number.why.zh, "责任方的可靠程度为D"));
        assert_non_null(strstr(number.why.en, "the owner is sure D"));
        wf_arena_done(&arena);
    }
}

static void an_edition_that_is_not_there_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *name, *code;
        weft_status status;
    } rows[] = {
        {"nhc-covid-7", "protocol.unknown", WEFT_NOT_FOUND},
        {"sources", "protocol.unknown", WEFT_NOT_FOUND},
        {"../protocol/mers", "protocol.bad_name", WEFT_BAD_INPUT},
        {"", "protocol.bad_name", WEFT_BAD_INPUT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wf_arena arena = {0};
        weft_error error = {0};
        const wf_protocol *protocol = NULL;
        assert_int_equal(
            wf_protocol_load(&wf_io_posix, rows[i].name, &arena, &protocol, &error),
            rows[i].status);
        assert_string_equal(error.code, rows[i].code);
        assert_null(protocol);
        wf_arena_done(&arena);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_edition_that_is_shipped_loads),
        cmocka_unit_test(
            the_numbers_of_the_eighth_and_ninth_edition_are_those_of_the_table),
        cmocka_unit_test(every_number_has_unit_source_and_sureness),
        cmocka_unit_test(every_shipped_number_has_a_name_in_words),
        cmocka_unit_test(no_chinese_answer_of_an_edition_lacks_chinese),
        cmocka_unit_test(every_source_that_is_shipped_is_in_both_languages),
        cmocka_unit_test(days_deadlines_and_shares_carry_their_terms),
        cmocka_unit_test(every_deadline_says_from_to_owner_and_clause),
        cmocka_unit_test(who_samples_contacts_is_said_to_be_assumed),
        cmocka_unit_test(an_edition_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
