// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "support/small_kinds.h"

static void kinds_tables_and_fields_are_found(void **state)
{
    (void)state;
    assert_ptr_equal(wf_kinds_find(&small_kinds, WF_TEXT("pair.met")), &small_pair);
    assert_null(wf_kinds_find(&small_kinds, WF_TEXT("pair.me")));
    assert_ptr_equal(wf_kinds_numbered(&small_kinds, 3), &small_withdrawn);
    assert_null(wf_kinds_numbered(&small_kinds, 4));
    assert_ptr_equal(wf_kinds_table(&small_kinds, WF_TEXT("member")), &small_member);
    assert_null(wf_kinds_table(&small_kinds, WF_TEXT("members")));
    assert_int_equal(wf_kind_field(&small_seen, WF_TEXT("word")), SMALL_WORD);
    assert_int_equal(wf_kind_field(&small_seen, WF_TEXT("")), SIZE_MAX);
    assert_int_equal(wf_table_column(&small_thing, WF_TEXT("last_at")), 2);
    assert_int_equal(wf_table_column(&small_thing, WF_TEXT("id")), SIZE_MAX);
}

static void classes_and_roles_have_words(void **state)
{
    (void)state;
    assert_string_equal(wf_keep_word(WF_KEEP_REGISTER), "register");
    assert_string_equal(wf_keep_word(WF_KEEP_ACCOUNT), "account");
    assert_string_equal(wf_role_words[WF_ROLE_RESIDENT], "resident");
    assert_null(wf_role_words[WF_ROLE_COUNT]);
}

// ---- soundness: the small kinds with one thing made wrong ----

typedef struct {
    wf_column fields[SMALL_FIELDS_COUNT], columns[SMALL_COUNT(small_thing_columns)];
    wf_column_source sources[SMALL_COUNT(small_thing_sources)];
    wf_projection projections[2];
    wf_rule rules[1];
    wf_table table;
    wf_kind kind;
    const wf_kind *kinds[3];
    const wf_table *tables[2];
    wf_kinds all;
} copy;

static void copy_small(copy *to)
{
    memcpy(to->fields, small_fields, sizeof to->fields);
    memcpy(to->columns, small_thing_columns, sizeof to->columns);
    memcpy(to->sources, small_thing_sources, sizeof to->sources);
    memcpy(to->projections, small_projections, sizeof to->projections);
    memcpy(to->rules, small_rules, sizeof to->rules);
    to->table = small_thing;
    to->table.columns = to->columns;
    to->projections[0].table = &to->table;
    to->projections[0].sources = to->sources;
    to->kind = small_seen;
    to->kind.fields = to->fields;
    to->kind.projections = to->projections;
    to->kind.rules = to->rules;
    to->kinds[0] = &to->kind;
    to->kinds[1] = &small_pair;
    to->kinds[2] = &small_withdrawn;
    to->tables[0] = &to->table;
    to->tables[1] = &small_member;
    to->all = (wf_kinds){to->kinds, 3, to->tables, 2};
}

static void the_small_kinds_are_sound(void **state)
{
    (void)state;
    char text[WF_SOUND_TEXT_MAX] = "";
    copy made;
    copy_small(&made);
    if (!wf_kinds_sound(&small_kinds, text) || !wf_kinds_sound(&made.all, text))
        fail_msg("%s", text);
}

// Only where the projection says so itself.
static void a_row_may_depend_on_whether_its_key_is_given(void **state)
{
    (void)state;
    char text[WF_SOUND_TEXT_MAX] = "";
    copy made;
    copy_small(&made);
    made.fields[0].required = false;
    made.projections[0].where_keyed = made.projections[1].where_keyed = true;
    if (!wf_kinds_sound(&made.all, text))
        fail_msg("%s", text);
    made.projections[1].where_keyed = false;
    assert_false(wf_kinds_sound(&made.all, text));
}

#define UNSOUND(name, change)                                                            \
    static void name(copy *c)                                                            \
    {                                                                                    \
        change;                                                                          \
    }
UNSOUND(number_twice, c->kind.number = 2)
UNSOUND(number_zero, c->kind.number = 0)
UNSOUND(name_twice, c->kind.name = "pair.met")
UNSOUND(no_class, c->kind.keep = WF_KEEP_END)
UNSOUND(no_text, c->kind.zh = "")
UNSOUND(no_fields, c->kind.fields_count = 0)
UNSOUND(no_such_role, c->kind.roles = 1u << WF_ROLE_COUNT)
UNSOUND(where_nobody, c->kind.where = "note")
UNSOUND(where_nothing, c->kind.where = "nothing")
UNSOUND(kept_by_nothing, c->kind.kept_by = "nothing")
UNSOUND(kept_by_a_text, c->kind.kept_by = "note")
UNSOUND(kept_by_what_may_be_left_out, c->kind.kept_by = "starts")
UNSOUND(withdraws_nothing, c->kind.withdraws = true)
UNSOUND(rows_of_what_is_elsewhere, c->kind.body_elsewhere = true)
UNSOUND(field_twice, c->fields[1].name = "id")
UNSOUND(field_named_badly, c->fields[3].name = "No-te")
UNSOUND(field_without_limit, c->fields[3].bytes_max = 0)
UNSOUND(field_without_words, c->fields[SMALL_WORD].words = NULL)
UNSOUND(field_without_range, c->fields[SMALL_NUMBER].max = -2)
UNSOUND(list_without_limit, c->fields[SMALL_PERSONS].items_max = 0)
UNSOUND(rule_of_nothing, c->rules[0].first = "nothing")
UNSOUND(rule_of_two_types, c->rules[0].first = "whole")
UNSOUND(table_named_badly, c->table.name = "order")
UNSOUND(table_twice, c->table.name = "member")
UNSOUND(table_without_key, c->table.keys_count = 0)
UNSOUND(key_that_merges, c->columns[0].merge = WF_MERGE_LAST)
UNSOUND(key_behind, c->columns[1].merge = WF_MERGE_KEY)
UNSOUND(column_reserved, c->columns[4].name = "user")
UNSOUND(column_of_lists, c->columns[4].list = true)
UNSOUND(latest_text, c->columns[4].merge = WF_MERGE_LATEST)
UNSOUND(count_of_times, c->columns[1].merge = WF_MERGE_COUNT)
UNSOUND(source_of_nothing, c->sources[4].field = "nothing")
UNSOUND(source_for_nothing, c->sources[4].column = "nothing")
UNSOUND(source_twice, c->sources[2] = c->sources[1])
UNSOUND(source_of_other_type, c->sources[1].field = "note")
UNSOUND(source_too_long, c->columns[4].bytes_max = 11)
UNSOUND(source_of_a_list, c->sources[4].field = "persons")
UNSOUND(source_of_no_envelope, c->sources[1].field = "@nobody")
UNSOUND(envelope_too_long, c->sources[4].field = "@fact")
UNSOUND(envelope_day_as_time, c->sources[1].field = "@day")
UNSOUND(count_with_field, c->sources[3].field = "whole")
UNSOUND(constant_too_great, c->sources[5].constant = 2)
UNSOUND(no_such_word, c->sources[5].if_word = "blue")
UNSOUND(word_of_a_text, c->sources[5].if_field = "note")
UNSOUND(key_not_always, c->fields[0].required = false)
UNSOUND(key_under_condition,
        (c->sources[0].if_field = "word", c->sources[0].if_word = "red"))
UNSOUND(key_without_source, c->projections[0].sources = &c->sources[1];
        c->projections[0].sources_count = 5)
UNSOUND(each_of_no_list, c->projections[0].each = "note")
UNSOUND(table_not_listed, c->all.tables_count = 1)
UNSOUND(personal_in_the_clear, c->fields[SMALL_TEXT].personal = true)
#define SEARCHED                                                                         \
    (c->fields[SMALL_TEXT].personal = c->columns[4].personal = true,                     \
     c->fields[SMALL_TEXT].searched = WF_SEARCH_NAME)
UNSOUND(searched_in_the_clear, c->fields[SMALL_TEXT].searched = WF_SEARCH_NAME)
UNSOUND(searched_and_forgotten, SEARCHED)
UNSOUND(searched_of_nobody,
        (SEARCHED, c->kind.keep = WF_KEEP_REGISTER, c->fields[SMALL_PERSON].name = "who"))

static void every_contradiction_is_seen(void **state)
{
    (void)state;
    static void (*const changes[])(copy *) = {number_twice,
                                              number_zero,
                                              name_twice,
                                              no_class,
                                              no_text,
                                              no_fields,
                                              no_such_role,
                                              where_nobody,
                                              where_nothing,
                                              kept_by_nothing,
                                              kept_by_a_text,
                                              kept_by_what_may_be_left_out,
                                              withdraws_nothing,
                                              rows_of_what_is_elsewhere,
                                              field_twice,
                                              field_named_badly,
                                              field_without_limit,
                                              field_without_words,
                                              field_without_range,
                                              list_without_limit,
                                              rule_of_nothing,
                                              rule_of_two_types,
                                              table_named_badly,
                                              table_twice,
                                              table_without_key,
                                              key_that_merges,
                                              key_behind,
                                              column_reserved,
                                              column_of_lists,
                                              latest_text,
                                              count_of_times,
                                              source_of_nothing,
                                              source_for_nothing,
                                              source_twice,
                                              source_of_other_type,
                                              source_too_long,
                                              source_of_a_list,
                                              source_of_no_envelope,
                                              envelope_too_long,
                                              envelope_day_as_time,
                                              count_with_field,
                                              constant_too_great,
                                              no_such_word,
                                              word_of_a_text,
                                              key_not_always,
                                              key_under_condition,
                                              key_without_source,
                                              each_of_no_list,
                                              table_not_listed,
                                              personal_in_the_clear,
                                              searched_in_the_clear,
                                              searched_and_forgotten,
                                              searched_of_nobody};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        char text[WF_SOUND_TEXT_MAX] = "";
        copy made;
        copy_small(&made);
        changes[i](&made);
        if (wf_kinds_sound(&made.all, text))
            fail_msg("change %zu was not seen", i);
        assert_true(strlen(text) > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_tables_and_fields_are_found),
        cmocka_unit_test(classes_and_roles_have_words),
        cmocka_unit_test(the_small_kinds_are_sound),
        cmocka_unit_test(a_row_may_depend_on_whether_its_key_is_given),
        cmocka_unit_test(every_contradiction_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
