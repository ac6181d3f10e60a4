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
#include "model/law.h"
#include "support/small_law.h"
#include "support/small_protocol.h"
#include "support/spoiled.h"

static const char file[] = "small.yaml";

static void a_whole_profile_is_read_as_it_stands(void **state)
{
    (void)state;
    wf_arena arena = {0};
    weft_error error = {0};
    const wf_law *law = NULL;
    wf_sources sources = small_protocol_sources(&arena);
    assert_int_equal(
        wf_law_parse(wf_text_of(small_law), file, &sources, &arena, &law, &error),
        WEFT_OK);
    assert_string_equal(law->title_zh, "小");
    assert_int_equal(law->clauses_count, 2);
    const wf_law_clause *first = wf_law_find(law, WF_TEXT("first-1"));
    const wf_law_clause *second = wf_law_find(law, WF_TEXT("second"));
    assert_non_null(first);
    assert_non_null(second);
    assert_null(wf_law_find(law, WF_TEXT("first")));
    assert_true(wf_law_founds(first, WF_ORDER_HOLD));
    assert_true(wf_law_founds(first, WF_ORDER_HOME_ISOLATION));
    assert_false(wf_law_founds(first, WF_ORDER_PLACE_CLOSED));
    assert_true(first->max_days.given);
    assert_float_equal(first->max_days.value, 14, 0);
    assert_int_equal(second->orders, 0);
    assert_false(second->max_days.given);
    // A plain text is the text in both languages.
    assert_string_equal(second->why.zh, "It has always been so.");
    assert_string_equal(second->why.en, "It has always been so.");
    assert_string_equal(second->cite.zh, "Second book");
    assert_ptr_equal(law->pool_hold.clause, first);
    assert_int_equal(law->pool_hold.sureness, WF_SURE_A);
    assert_float_equal(law->appeal_days.value, 60, 0);
    assert_string_equal(law->appeal_en, "somewhere");
    assert_float_equal(law->keeping_days[WF_KEEP_TESTING].value, 90, 0);
    assert_false(law->keeping_days[WF_KEEP_VISIT].given);
    assert_false(law->keeping_days[WF_KEEP_REGISTER].given);
    wf_arena_done(&arena);
}

static void a_profile_need_not_let_the_city_act_by_itself(void **state)
{
    (void)state;
    static const spoiled without = {
        .find = "reactions:\n  pool_hold: {clause: first-1, source: book, sure: A}\n",
        .put = ""};
    wf_arena arena = {0};
    weft_error error = {0};
    const wf_law *law = NULL;
    wf_sources sources = small_protocol_sources(&arena);
    char *whole = spoil(small_law, &without);
    assert_int_equal(
        wf_law_parse(wf_text_of(whole), file, &sources, &arena, &law, &error), WEFT_OK);
    assert_null(law->pool_hold.clause);
    free(whole);
    wf_arena_done(&arena);
}

static void expect_refusal(const spoiled *row)
{
    wf_arena arena = {0};
    weft_error error = {0};
    const wf_law *law = NULL;
    wf_sources sources = small_protocol_sources(&arena);
    char *whole = spoil(small_law, row);
    weft_status status =
        wf_law_parse(wf_text_of(whole), file, &sources, &arena, &law, &error);
    if (status != WEFT_BAD_INPUT || strcmp(error.code, row->code) != 0)
        fail_msg("'%s' gave %s instead of %s", row->put, error.code, row->code);
    assert_null(law);
    assert_true(wf_catalogue_has(error.code));
    assert_string_equal(error.file, file);
    if (strcmp(error.field, row->field) != 0)
        fail_msg("'%s' blamed %s instead of %s", row->put, error.field, row->field);
    uint64_t line = line_of(whole, row->line_of != NULL ? row->line_of : row->put);
    if (error.line != line)
        fail_msg("'%s' blamed line %d instead of %d", row->put, (int)error.line,
                 (int)line);
    free(whole);
    wf_arena_done(&arena);
}

static void what_is_wrong_is_said_with_file_line_and_field(void **state)
{
    (void)state;
    static const spoiled rows[] = {
        {"wording: small", "colour: red", "yaml.unknown_key", "colour", NULL},
        {"wording: small\n", "", "protocol.missing", "", "name: small"},
        {"clauses:\n", "clauses: []\nreasonz:\n", "yaml.unknown_key", "reasonz",
         "reasonz:"},
        {"first-1:", "First:", "law.key", "clauses.First", NULL},
        {"first-1:", "first.1:", "law.key", "clauses.first.1", NULL},
        {"  second:", "  first-1:", "yaml.duplicate_key", "clauses.first-1",
         "  first-1:\n    cite: \"Second"},
        {"cite: \"First book, line 1\"", "cite: \"\"", "protocol.text",
         "clauses.first-1.cite", NULL},
        {"cite: \"First book, line 1\"", "cite: {en: \"First book\"}",
         "protocol.one_language", "clauses.first-1.cite", NULL},
        {"    why: habit\n", "    why: {zh: \"惯例\"}\n", "protocol.one_language",
         "clauses.second.why", NULL},
        {"habit: \"It has always been so.\"", "habit: {en: \"As ever.\"}",
         "protocol.one_language", "reasons.habit", NULL},
        {"{zh: \"可以隔离。\", en: \"There may be isolation.\"}", "{zh: \"可以隔离。\"}",
         "protocol.missing", "clauses.first-1.text", NULL},
        {"[hold, home_isolation]", "hold", "law.orders", "clauses.first-1.orders", NULL},
        {"[hold, home_isolation]", "[hold, home_isolatoin]", "law.order",
         "clauses.first-1.orders[2]", NULL},
        {"[hold, home_isolation]", "[hold, hold]", "law.order_twice",
         "clauses.first-1.orders[2]", NULL},
        {"[hold, home_isolation]", "[{a: b}]", "law.order", "clauses.first-1.orders[1]",
         NULL},
        {"{value: 14,", "{value: 14.5,", "law.whole_days", "clauses.first-1.max_days",
         NULL},
        {"{value: 14,", "{value: 0,", "protocol.range", "clauses.first-1.max_days.value",
         NULL},
        {"{value: 14, unit: d", "{value: 14, unit: h", "protocol.unit",
         "clauses.first-1.max_days.unit", NULL},
        {"    source: book\n", "", "protocol.no_source", "clauses.first-1", "first-1:"},
        {"    source: book\n", "    source: bok\n", "protocol.unknown_source",
         "clauses.first-1.source", NULL},
        {"    sure: D\n", "    sure: B\n", "protocol.not_read", "clauses.second",
         "second:"},
        {"    why: habit\n", "", "protocol.no_why", "clauses.second", "second:"},
        {"    why: habit\n", "    why: hobbit\n", "protocol.unknown_reason",
         "clauses.second.why", NULL},
        {"{clause: first-1,", "{clause: third,", "law.reaction",
         "reactions.pool_hold.clause", NULL},
        {"{clause: first-1,", "{clause: second,", "law.reaction",
         "reactions.pool_hold.clause", NULL},
        {"{clause: first-1,", "{", "protocol.missing", "reactions.pool_hold",
         "  pool_hold:"},
        {"first-1, source: book,", "first-1,", "protocol.no_source",
         "reactions.pool_hold", NULL},
        {"  pool_hold:", "  pool_held:", "yaml.unknown_key", "reactions.pool_held", NULL},
        {"appeal:\n", "appeals:\n", "yaml.unknown_key", "appeals", NULL},
        {"  testing: ", "  visit: ", "yaml.unknown_key", "keeping.visit", NULL},
        {"  order: {value: 61", "  order: {value: 60", "law.kept", "keeping.order", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_refusal(&rows[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_profile_is_read_as_it_stands),
        cmocka_unit_test(a_profile_need_not_let_the_city_act_by_itself),
        cmocka_unit_test(what_is_wrong_is_said_with_file_line_and_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
