// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>
#include <string.h>

#include "support/run_verb.h"

static void a_day_in_force_that_nobody_read_is_null_and_said_so(void **state)
{
    (void)state;
    outcome json = RUN("weft", "protocol", "list", "--json");
    outcome zh = RUN("weft", "protocol", "list", "--lang=zh");
    outcome en = RUN("weft", "protocol", "list", "--lang=en");
    assert_non_null(strstr(json.out, "\"in_force\":\"2021-05-11\""));
    assert_non_null(strstr(json.out, "\"in_force\":null"));
    assert_null(strstr(json.out, "\"in_force\":\"\""));
    assert_non_null(strstr(zh.out, "日期未查到"));
    assert_non_null(strstr(en.out, "date not read"));
    outcome_done(&json);
    outcome_done(&zh);
    outcome_done(&en);
}

static void the_list_names_every_edition(void **state)
{
    (void)state;
    static const char *const names[] = {"nhc-covid-8",    "nhc-covid-9", "who-covid-2021",
                                        "cdc-covid-2020", "measles",     "mers",
                                        "ebola",          "who-cholera", "h5n1-cdc"};
    outcome o = RUN("weft", "protocol", "list");
    assert_int_equal(o.code, 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_non_null(strstr(o.out, names[i]));
    outcome_done(&o);
}

static void what_changes_tonight_is_a_command(void **state)
{
    (void)state;
    outcome o = RUN("weft", "protocol", "diff", "nhc-covid-8", "nhc-covid-9", "--json");
    assert_int_equal(o.code, 0);
    assert_non_null(strstr(o.out, "{\"name\":\"measures.close.central_d\",\"label\":"
                                  "\"measure › close contact › in central isolation\","
                                  "\"old\":14,\"new\":7,\"unit\":\"d\"}\n"));
    assert_non_null(strstr(o.out, "\"name\":\"durations.zone.high_to_medium_d\""));
    assert_null(strstr(o.out, "\"name\":\"incubation_max_d\""));
    outcome_done(&o);
}

static void an_edition_differs_in_nothing_from_itself(void **state)
{
    (void)state;
    outcome o = RUN("weft", "protocol", "diff", "mers", "mers", "--lang", "en");
    assert_int_equal(o.code, 0);
    assert_string_equal(o.out, "the two editions are the same\n");
    outcome_done(&o);
    o = RUN("weft", "protocol", "diff", "mers", "mers", "--json");
    assert_int_equal(o.code, 0);
    assert_string_equal(o.out, "");
    outcome_done(&o);
}

static void show_gives_value_source_and_sureness(void **state)
{
    (void)state;
    outcome o = RUN("weft", "protocol", "show", "nhc-covid-8", "--json");
    assert_int_equal(o.code, 0);
    assert_non_null(
        strstr(o.out, "\"value\":3,\"unit\":\"d\",\"source\":\"weft-default\""));
    assert_non_null(strstr(o.out, "\"sure\":\"D\",\"why\":\"For the source window"));
    outcome_done(&o);
    o = RUN("weft", "protocol", "show", "nhc-covid-8", "--lang", "zh", "--why");
    assert_int_equal(o.code, 0);
    assert_non_null(strstr(o.out, "集中隔离"));
    assert_non_null(strstr(o.out, "起算：末次暴露"));
    assert_non_null(strstr(o.out, "    文件把此项留给本市决定。\n"));
    assert_null(strstr(o.out, "The texts leave this to the city"));
    outcome_done(&o);
    o = RUN("weft", "protocol", "show", "nhc-covid-8", "--lang", "zh", "--json");
    assert_non_null(strstr(o.out, "\"text\":\"earliest\"}"));
    assert_non_null(strstr(o.out, "\"source_title\":\"织网（Weft）的起始值\""));
    assert_non_null(strstr(o.out, "\"why\":\"用于没有发病日期的病例的溯源窗口"));
    outcome_done(&o);
}

static void wrong_words_say_what_is_meant(void **state)
{
    (void)state;
    outcome o = RUN("weft", "protocol", "compare", "a", "b", "--lang", "en");
    assert_int_equal(o.code, 2);
    assert_non_null(strstr(o.messages, "protocol takes list, show or diff"));
    outcome_done(&o);
    o = RUN("weft", "protocol", "show", "nhc-covid-7", "--lang", "en");
    assert_int_equal(o.code, 4);
    assert_non_null(strstr(o.messages, "there is no such edition: nhc-covid-7"));
    outcome_done(&o);
    o = RUN("weft", "protocol", "diff", "mers");
    assert_int_equal(o.code, 2);
    outcome_done(&o);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_names_every_edition),
        cmocka_unit_test(a_day_in_force_that_nobody_read_is_null_and_said_so),
        cmocka_unit_test(what_changes_tonight_is_a_command),
        cmocka_unit_test(an_edition_differs_in_nothing_from_itself),
        cmocka_unit_test(show_gives_value_source_and_sureness),
        cmocka_unit_test(wrong_words_say_what_is_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
