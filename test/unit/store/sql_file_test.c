// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "store/query/sql_file.h"
#include "support/small_kinds.h"

// The tables of support/small_kinds.h, and one with a sealed column.
static const wf_column owner_columns[] = {
    {SMALL_FIELD("owner", WF_COLUMN_PERSON), .merge = WF_MERGE_KEY, .personal = true,
     .bytes_max = 128},
    {SMALL_FIELD("name", WF_COLUMN_TEXT), .personal = true, .bytes_max = 64},
    {SMALL_FIELD("number", WF_COLUMN_TEXT), .personal = true, .bytes_max = 64,
     .keyed = true, .indexed = true},
    {SMALL_FIELD("phone", WF_COLUMN_TEXT), .personal = true, .bytes_max = 64,
     .keyed = true},
};
static const wf_table owner_table = {"owner", owner_columns, 4, 1, true, "物主", "owner"};
static const wf_table *const tables[] = {&small_thing, &small_member, &owner_table};
static const wf_kinds kinds = {small_kind_list, 3, tables, 3};

static bool read(const char *text, wf_arena *arena, wf_sql_file *ret,
                 char why[WF_SQL_WHY_MAX])
{
    return wf_sql_file_read(&(wf_sql_text){"desk/file", text}, &kinds, arena, ret, why);
}

#define HEAD "-- title: 物 | Things\n-- about: 何物 | what\n"
#define ID "-- column: thing_id = thing.thing_id\n"
#define NOTE "-- column: note = thing.note\n"
#define ORDERED "-- key: thing_id\n-- sorts: thing_id\n"
#define GOOD HEAD ID NOTE ORDERED
#define SELECTED "SELECT thing_id, note FROM thing"
#define OWNED "-- column: owner = owner.owner\n"
#define HOLE HEAD ID "-- closes: 找到 | finding it\n"

// ---- good files ----

static void a_view_is_what_its_header_says(void **state)
{
    (void)state;
    wf_arena arena = {0};
    wf_sql_file file;
    char why[WF_SQL_WHY_MAX] = "";
    const char *text =
        "-- title: 物与物主 | Things and \"owners\"\n"
        "-- about: 第一行\n"
        "--     第二行 | one line,\n"
        "--     and another\n"
        "-- roles: lab lead\n"
        "-- personal: yes\n"
        "-- column: thing_id = thing.thing_id\n"
        "-- column: owner = owner.owner 主人 | whose it is\n"
        "-- column: age_us = INTEGER µs 年龄 | age\n"
        "-- column: ratio = NUMBER 1 比 | ratio\n"
        "-- column: note = thing.note\n"
        "-- opens: owner = name\n"
        "-- parameter: who = member.person\n"
        "-- number: due_us = testing.due_h\n"
        "-- now: yes\n"
        "-- key: thing_id owner\n"
        "-- sorts: -age_us thing_id\n"
        "-- filters: note owner\n"
        "-- scope: note\n"
        "-- small: yes\n"
        "\n"
        "SELECT thing_id, ':who -- 是''' AS note, -- :none of this\n"
        "  owner, sealed AS owner_sealed FROM thing WHERE :now < :due_us + :who -- end\n"
        "\n";
    if (!read(text, &arena, &file, why))
        fail_msg("%s", why);
    assert_string_equal(file.name, "desk/file");
    assert_string_equal(file.title_zh, "物与物主");
    assert_string_equal(file.title_en, "Things and \"owners\"");
    assert_string_equal(file.about_zh, "第一行 第二行");
    assert_string_equal(file.about_en, "one line, and another");
    assert_null(file.closes_zh);
    assert_int_equal(file.roles, 1u << WF_ROLE_LAB | 1u << WF_ROLE_LEAD);
    assert_true(file.personal && file.takes_now && file.small && !file.publish);
    assert_int_equal(file.columns_count, 6);
    assert_int_equal(file.selected_count, 5);
    assert_ptr_equal(file.columns[0].about, &small_thing_columns[0]);
    assert_string_equal(file.columns[1].about->en, "whose it is");
    assert_int_equal(file.columns[1].about->type, WF_COLUMN_PERSON);
    assert_string_equal(file.columns[2].about->unit, "µs");
    assert_string_equal(file.columns[2].about->zh, "年龄");
    assert_string_equal(file.columns[3].about->unit, "");
    assert_ptr_equal(file.columns[5].opens, &owner_table);
    assert_string_equal(file.parameters[0].name, "who");
    assert_string_equal(file.numbers[0].number, "testing.due_h");
    assert_int_equal(file.key_count, 2);
    assert_int_equal(file.key[1], 1);
    assert_int_equal(file.sorts_count, 2);
    assert_true(file.sorts[0].falls && file.sorts[0].column == 2);
    assert_false(file.sorts[1].falls);
    assert_int_equal(file.filters_count, 2);
    assert_int_equal(file.scope, 4);
    assert_string_equal(file.select,
                        "SELECT thing_id, ':who -- 是''' AS note, \n"
                        "  owner, sealed AS owner_sealed FROM thing WHERE :now < :due_us "
                        "+ :who");
    wf_arena_done(&arena);
}

// It is asked for, and shown to nobody.
static void a_parameter_may_be_sealed(void **state)
{
    (void)state;
    wf_arena arena = {0};
    wf_sql_file file;
    char why[WF_SQL_WHY_MAX] = "";
    if (!read(HEAD ID "-- parameter: name = owner.name\n"
                      "-- key: thing_id\n-- sorts: thing_id\n"
                      "SELECT thing_id FROM thing WHERE note = :name",
              &arena, &file, why))
        fail_msg("%s", why);
    assert_true(file.parameters[0].about->personal);
    wf_arena_done(&arena);
}

static void a_hole_says_what_touches_and_closes_it(void **state)
{
    (void)state;
    wf_arena arena = {0};
    wf_sql_file file;
    char why[WF_SQL_WHY_MAX] = "";
    const char *text = "-- title: 物 | Things\n"
                       "-- about: 何物 | what\n"
                       "-- column: subject = thing.thing_id\n"
                       "-- column: grid = TEXT 网格 | grid\n"
                       "-- column: owner = TEXT 责任 | owner\n"
                       "-- column: since = TIME 自 | since\n"
                       "-- column: due_at = TIME 限 | due\n"
                       "-- closes: 找到 | finding it\n"
                       "-- touched_by: thing.thing_id note first_at\n"
                       "-- touched_by: dead_facts.fact SELECT thing_id\n"
                       "--     FROM thing WHERE note = :fact\n"
                       "SELECT thing_id AS subject, '' AS grid, 'lab' AS owner,\n"
                       "first_at AS since, first_at AS due_at FROM thing";
    if (!read(text, &arena, &file, why))
        fail_msg("%s", why);
    assert_string_equal(file.closes_en, "finding it");
    assert_int_equal(file.touches_count, 2);
    assert_string_equal(file.touches[0].table, "thing");
    assert_string_equal(file.touches[0].columns[0], "thing_id");
    assert_string_equal(file.touches[0].columns[2], "first_at");
    assert_null(file.touches[0].columns[3]);
    assert_null(file.touches[0].sql);
    assert_string_equal(file.touches[1].table, "dead_facts");
    assert_string_equal(file.touches[1].columns[0], "fact");
    assert_string_equal(file.touches[1].sql,
                        "SELECT thing_id FROM thing WHERE note = :fact");
    wf_arena_done(&arena);
}

static void a_hole_says_what_its_subjects_share(void **state)
{
    (void)state;
    wf_arena arena = {0};
    wf_sql_file file;
    char why[WF_SQL_WHY_MAX] = "";
    const char *text = HEAD "-- personal: yes\n"
                            "-- column: subject = owner.owner\n"
                            "-- column: grid = TEXT 网格 | grid\n"
                            "-- column: owner = TEXT 责任 | owner\n"
                            "-- column: since = TIME 自 | since\n"
                            "-- column: due_at = TIME 限 | due\n"
                            "-- closes: 找到 | finding it\n"
                            "-- touched_by: owner.owner number_key\n"
                            "-- shared: owner.number_key\n"
                            "SELECT 1";
    if (!read(text, &arena, &file, why))
        fail_msg("%s", why);
    assert_string_equal(file.shared.table, "owner");
    assert_string_equal(file.shared.key, "owner");
    assert_string_equal(file.shared.column, "number_key");
    wf_arena_done(&arena);
}

// ---- contradictions ----

static const struct {
    const char *text, *why; // a part of what is said
} bad[] = {
    {"", "title"},
    {"-- title: 物 | Things\n" ID ORDERED "SELECT 1", "about"},
    {"-- title: 物\n" SELECTED, "two languages"},
    {"-- title: | Things\n" SELECTED, "both languages"},
    {"-- titel: 物 | Things\n", "no word \"titel\""},
    {"-- something else\n" SELECTED, "word: "},
    {HEAD "-- title: 物 | Things\n", "twice"},
    {HEAD "-- roles: doctor\n", "no role"},
    {HEAD "-- roles:\n", "which roles"},
    {HEAD "-- personal: no\n", "left out"},
    {HEAD "-- column: thing_id\n", "\"=\""},
    {HEAD "-- column: Thing = thing.thing_id\n", "cannot be a name"},
    {HEAD "-- column: weft_after = thing.thing_id\n", "cannot be a name"},
    {HEAD "-- column: thing_id = thing.none\n", "no table has"},
    {HEAD "-- column: thing_id = none.thing_id\n", "no table has"},
    {HEAD "-- column: name = owner.name\n", "sealed"},
    {HEAD "-- column: age = WORD 年龄 | age\n", "no type"},
    {HEAD "-- column: age = INTEGER µs\n", "two languages"},
    {HEAD ID ID, "twice"},
    {HEAD ID "-- opens: none = name\n", "no table"},
    {HEAD ID "-- opens: owner = owner\n", "no sealed column"},
    {HEAD ID "-- opens: owner =\n", "which columns"},
    {HEAD ID "-- opens: owner = name\n", "has to be a column"},
    {HEAD "-- column: owner = owner.owner\n-- opens: owner = name\n" ID, "before what"},
    {HEAD ORDERED, "no column of the SELECT"},
    {HEAD "-- column: owner = owner.owner\n-- opens: owner = name\n-- key: name\n",
     "no column of the SELECT"},
    {HEAD ID "-- key: thing_id thing_id\n", "twice"},
    {HEAD ID "-- key:\n", "which columns"},
    {HEAD ID "-- sorts: note\n", "no column of the SELECT"},
    {HEAD ID "-- sorts: thing_id thing_id\n", "twice"},
    {HEAD ID "-- filters: note\n", "no column of the SELECT"},
    {HEAD ID "-- scope: note\n", "no column of the SELECT"},
    {HEAD ID "-- scope: thing_id\n", "TEXT"},
    {HEAD ID "-- number: due = two words\n", "a number of the protocol"},
    {HEAD ID "-- parameter: who = member.person\n-- number: who = a.b\n", "twice"},
    {HEAD ID "-- number: now = a.b\n-- now: yes\n", "already"},
    {HEAD ID SELECTED, "key and sorts"},
    {GOOD "-- touched_by: thing.thing_id\n" SELECTED, "closes"},
    {HOLE SELECTED, "touches"},
    {HOLE "-- touched_by: thing.none\n" SELECTED, "can be watched"},
    {HOLE "-- touched_by: thing.thing_id none\n" SELECTED, "can be watched"},
    {HOLE "-- touched_by: owner.owner name\n" SELECTED, "can be watched"},
    {HOLE "-- touched_by: dead_facts.fact note\n" SELECTED, "has one column"},
    {HOLE "-- touched_by: thing.note SELECT 1\n" SELECTED, "asks by"},
    {HOLE "-- touched_by: none.note\n" SELECTED, "no table has"},
    {HOLE "-- touched_by: thing.note\n" SELECTED, "a hole gives"},
    {HOLE "-- touched_by: thing.note SELECT :note + :other\n" SELECTED, ":other"},
    {HOLE "-- touched_by: thing.note SELECT :note LIMIT 1\n" SELECTED, "LIMIT"},
    {HOLE "-- touched_by: thing.note\n-- publish: yes\n" SELECTED, "a hole has no"},
    {GOOD "-- filters: note\n-- all_ids: yes\n" SELECTED, "asked for by a filter"},
    {HOLE "-- touched_by: thing.note\n-- now: yes\nSELECT :now", "a hole has no"},
    {HEAD OWNED "-- shared: owner.number\n" SELECTED, "can be watched"},
    {HEAD OWNED "-- shared: owner.owner\n" SELECTED, "no keyed hash"},
    {HEAD OWNED "-- shared: owner.phone_key\n" SELECTED, "no keyed hash"},
    {HEAD OWNED "-- shared: number_key\n" SELECTED, "the subject"},
    {HEAD ID "-- shared: owner.number_key\n" SELECTED, "the subject"},
    {HEAD "-- shared: owner.number_key\n" OWNED SELECTED, "the subject"},
    {HEAD OWNED "-- key: owner\n-- sorts: owner\n-- personal: yes\n"
                "-- shared: owner.number_key\n" SELECTED,
     "a hole has closes"},
    {GOOD "-- now: yes\n" SELECTED, "not used"},
    {GOOD "-- number: due = a.b\n" SELECTED, "not used"},
    {GOOD "-- parameter: who = thing.note\n" SELECTED, "not used"},
    {GOOD "-- publish: yes\n-- now: yes\n" SELECTED " WHERE first_at < :now",
     "published"},
    {HEAD "-- column: owner = owner.owner\n-- key: owner\n-- sorts: owner\n"
          "SELECT owner FROM owner",
     "personal"},
    {GOOD, "cut off"},
    {GOOD "VALUES (1)", "\"VALUES\""},
    {GOOD SELECTED " WHERE note = 'x", "cut off"},
    {GOOD SELECTED " WHERE (note = 'x'", "cut off"},
    {GOOD SELECTED ")", "\")\""},
    {GOOD SELECTED "; SELECT 1", "\";\""},
    {GOOD SELECTED " WHERE note = :other", ":other"},
    {GOOD SELECTED " WHERE note = ?", "\"?\""},
    {GOOD SELECTED " /* why */", "\"/\""},
    {GOOD SELECTED " WHERE note::TEXT = ''", "\":\""},
    {GOOD SELECTED " WHERE note LIKE 'x'", "\"LIKE\""},
    {GOOD SELECTED " WHERE row_number() OvEr () = 1", "\"OvEr\""},
    {GOOD SELECTED " WHERE strftime('%s') > 1", "\"strftime\""},
    {GOOD SELECTED " WHERE json_valid(note)", "\"json_valid\""},
    {GOOD SELECTED " WHERE group_concat(note) = ''", "\"group_concat\""},
    {GOOD SELECTED " WHERE first_at < current_timestamp", "\"current_timestamp\""},
    {GOOD SELECTED " ORDER BY note", "\"ORDER\""},
    {GOOD SELECTED " LIMIT 1", "\"LIMIT\""},
    {GOOD SELECTED " WHERE pg_sleep(1) = 1", "\"pg_sleep\""},
};

static void a_contradiction_is_refused_and_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < SMALL_COUNT(bad); i++) {
        wf_arena arena = {0};
        wf_sql_file file = {.name = "untouched"};
        char why[WF_SQL_WHY_MAX] = "";
        if (read(bad[i].text, &arena, &file, why))
            fail_msg("taken, which should not be: %s", bad[i].text);
        if (strstr(why, bad[i].why) == NULL || strstr(why, "desk/file, line") != why)
            fail_msg("\"%s\" does not say \"%s\" of %s", why, bad[i].why, bad[i].text);
        assert_string_equal(file.name, "untouched");
        wf_arena_done(&arena);
    }
}

static void what_quotes_hold_is_not_looked_at(void **state)
{
    (void)state;
    static const char *const good[] = {
        SELECTED " WHERE note = 'LIKE :x ; -- it''s'",
        "SELECT thing_id, note FROM (SELECT \"date\" AS note, thing_id FROM thing\n"
        "ORDER BY thing_id LIMIT 1) AS t",
        "-- a comment of the SELECT, behind a blank line\n" SELECTED,
    };
    for (size_t i = 0; i < SMALL_COUNT(good); i++) {
        wf_arena arena = {0};
        wf_buffer text = {0};
        wf_sql_file file;
        char why[WF_SQL_WHY_MAX] = "";
        assert_true(wf_buffer_printf(&text, GOOD "\n%s", good[i]));
        assert_true(wf_buffer_append(&text, "", 1));
        if (!read(text.bytes, &arena, &file, why))
            fail_msg("%s", why);
        wf_buffer_done(&text);
        wf_arena_done(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_view_is_what_its_header_says),
        cmocka_unit_test(a_parameter_may_be_sealed),
        cmocka_unit_test(a_hole_says_what_its_subjects_share),
        cmocka_unit_test(a_hole_says_what_touches_and_closes_it),
        cmocka_unit_test(a_contradiction_is_refused_and_named),
        cmocka_unit_test(what_quotes_hold_is_not_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
