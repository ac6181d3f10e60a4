// A city at one glance, and what could end badly, through the program.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/run_verb.h"
#include "support/scratch.h"

static wf_path folder;

static const char *city(void)
{
    static wf_path path;
    path = scratch_path(&folder, "city");
    return path.text;
}

static void end_well(outcome o)
{
    if (o.code != 0)
        print_error("%s%s", o.out, o.messages);
    assert_int_equal(o.code, 0);
    outcome_done(&o);
}

static void import(const char *kind, const char *text)
{
    wf_path path = scratch_path(&folder, kind);
    scratch_write(&path, text, strlen(text));
    end_well(RUN("weft", "import", city(), kind, path.text));
}

static int make_city(void **state)
{
    (void)state;
    scratch_new(&folder);
    wf_path keys = scratch_path(&folder, "keys");
    assert_int_equal(setenv("WEFT_KEY_DIR", keys.text, 1), 0);
    end_well(RUN("weft", "init", city(), "--kind", "drill", "--clock",
                 "2021-12-11T12:00+08:00"));
    return 0;
}

static int remove_city(void **state)
{
    (void)state;
    scratch_remove(folder.text);
    return 0;
}

static json_t *glance(void)
{
    outcome o = RUN("weft", "status", city(), "--json");
    if (o.code != 0)
        print_error("%s%s", o.out, o.messages);
    assert_int_equal(o.code, 0);
    assert_string_equal(strchr(o.out, '\n'), "\n");
    json_t *about = json_loads(o.out, 0, NULL);
    assert_non_null(about);
    outcome_done(&o);
    return about;
}

static json_int_t number(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

static const char *text(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    assert_true(json_is_string(value));
    return json_string_value(value);
}

static void a_new_city_holds_nothing(void **state)
{
    (void)state;
    json_t *about = glance();
    const json_t *ledger = json_object_get(about, "ledger");
    assert_string_equal(text(about, "kind"), "drill");
    assert_string_equal(text(about, "protocol"), "nhc-covid-8");
    assert_string_equal(text(about, "law"), "cn");
    assert_string_equal(text(about, "now"), "2021-12-11T12:00:00+08:00");
    assert_int_equal(number(ledger, "facts"), 0);
    assert_true(json_is_null(json_object_get(ledger, "received")));
    assert_int_equal(number(json_object_get(about, "visits"), "days"), 0);
    assert_int_equal(number(about, "persons"), 0);
    assert_int_equal(number(about, "cases"), 0);
    assert_int_equal(json_object_size(json_object_get(about, "forgotten")), 0);
    json_decref(about);
}

static void what_came_is_counted_and_the_head_moves(void **state)
{
    (void)state;
    json_t *before = glance();
    import("cases", "case,person,reported\nC-1,P-0000001,2021-12-10 12:00\n");
    import("visits", "person,place,start,end\n"
                     "P-0000001,R-1,2021-12-09 08:00,2021-12-09 10:10\n"
                     "P-0000002,R-2,2021-12-08 08:00,2021-12-08 12:00\n"
                     "P-0000002,R-2,2021-12-08 08:00,2021-12-07 12:00\n");
    json_t *after = glance();
    const json_t *ledger = json_object_get(after, "ledger");
    const json_t *visits = json_object_get(after, "visits");
    assert_true(number(ledger, "facts") >= 1);
    assert_int_equal(number(json_object_get(after, "rows"), "as_of"),
                     number(ledger, "facts"));
    assert_int_equal(strlen(text(ledger, "link")), 64);
    assert_string_not_equal(text(ledger, "link"),
                            text(json_object_get(before, "ledger"), "link"));
    assert_int_equal(number(visits, "days"), 2);
    assert_string_equal(text(visits, "first"), "2021-12-08");
    assert_string_equal(text(visits, "last"), "2021-12-09");
    assert_int_equal(number(after, "persons"), 2);
    assert_int_equal(number(after, "places"), 2);
    assert_int_equal(number(after, "cases"), 1);
    assert_int_equal(number(after, "refused_files"), 1);
    json_decref(before);
    json_decref(after);
}

static void what_was_purged_is_said(void **state)
{
    (void)state;
    import("visits", "person,place,start,end\n"
                     "P-0000001,R-1,2021-12-09 08:00,2021-12-09 10:10\n"
                     "P-0000002,R-2,2021-12-08 08:00,2021-12-08 12:00\n");
    end_well(RUN("weft", "purge", city(), "--before", "2021-12-09"));
    json_t *about = glance();
    assert_string_equal(text(json_object_get(about, "forgotten"), "visits"),
                        "2021-12-09");
    assert_int_equal(number(json_object_get(about, "visits"), "days"), 1);
    assert_int_equal(number(about, "keys_due"), 0);
    json_decref(about);
}

static void people_read_sentences_without_anybodys_id(void **state)
{
    (void)state;
    import("visits", "person,place,start,end\n"
                     "P-0000001,R-1,2021-12-09 08:00,2021-12-09 10:10\n");
    static const struct {
        const char *language, *first, *last;
    } rows[] = {{"en", "drill · Asia/Shanghai · protocol nhc-covid-8 · law cn",
                 "1 people (registered or met), 1 places, 0 cases"},
                {"zh", "演练 · Asia/Shanghai · 防控方案 nhc-covid-8 · 法规 cn",
                 "1 人（登记或出现过），1 处场所，0 个病例"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        outcome o = RUN("weft", "status", city(), "--lang", rows[i].language);
        assert_int_equal(o.code, 0);
        assert_non_null(strstr(o.out, rows[i].first));
        assert_non_null(strstr(o.out, rows[i].last));
        assert_null(strstr(o.out, "P-0000001"));
        outcome_done(&o);
    }
}

// What is wrong depends on the machine that runs the test; how it is said does not.
static void the_doctor_gives_a_line_a_check_and_counts_them(void **state)
{
    (void)state;
    outcome o = RUN("weft", "doctor", city(), "--json");
    json_int_t counts[3] = {0};
    static const char *const levels[] = {"ok", "look", "bad"};
    const json_t *summary = NULL;
    json_t *line = NULL;
    for (char *at = o.out, *end; (end = strchr(at, '\n')) != NULL; at = end + 1) {
        json_decref(line);
        line = json_loadb(at, (size_t)(end - at), 0, NULL);
        assert_non_null(line);
        summary = json_object_get(line, "summary");
        for (size_t i = 0; summary == NULL && i < 3; i++)
            counts[i] += strcmp(text(line, "level"), levels[i]) == 0;
    }
    assert_non_null(summary);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(number(summary, levels[i]), counts[i]);
    assert_true(counts[0] > 0);
    assert_int_equal(o.code, counts[2] > 0 ? 1 : 0);
    json_decref(line);
    outcome_done(&o);
    o = RUN("weft", "doctor", folder.text, "--lang", "en");
    assert_int_equal(o.code, 4);
    assert_non_null(strstr(o.messages, "there is no city here"));
    outcome_done(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_city_holds_nothing, make_city, remove_city),
        cmocka_unit_test_setup_teardown(what_came_is_counted_and_the_head_moves,
                                        make_city, remove_city),
        cmocka_unit_test_setup_teardown(what_was_purged_is_said, make_city, remove_city),
        cmocka_unit_test_setup_teardown(people_read_sentences_without_anybodys_id,
                                        make_city, remove_city),
        cmocka_unit_test_setup_teardown(the_doctor_gives_a_line_a_check_and_counts_them,
                                        make_city, remove_city),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
