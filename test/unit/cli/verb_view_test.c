// `weft view`: lists, pages, filters, scope and what is opened, through the program.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "base/time.h"
#include "cli/view_cell.h"
#include "support/verb_city.h"

static const char persons_csv[] =
    "person,name,sex,birth,grid,phone\n"
    "P-0000001,虚构一,female,1980-02-03,330212001001,10000000001\n"
    "P-0000002,\"=1+1, \"\"二\"\"\",male,,330212001002,10000000002\n"
    "P-0000003,虚构三,male,,330213001001,\n"
    "P-0000004,虚构四,female,,,\n";
static const char facts_ndjson[] =
    "{\"device\":\"S-1\",\"seq\":1,\"kind\":\"sample.collected\","
    "\"at\":\"2021-12-12T07:41:05+08:00\",\"grid\":\"330212001001\","
    "\"body\":{\"tube\":\"T-1\",\"person\":\"P-0000001\"}}\n"
    "{\"device\":\"S-1\",\"seq\":2,\"kind\":\"sample.collected\","
    "\"at\":\"2021-12-12T07:42:05+08:00\","
    "\"body\":{\"tube\":\"T-2\",\"person\":\"P-0000001\"}}\n"
    "{\"device\":\"S-1\",\"seq\":3,\"kind\":\"fact.withdrawn\","
    "\"at\":\"2021-12-12T07:43:05+08:00\","
    "\"body\":{\"device\":\"S-1\",\"seq\":2,\"reason\":\"slip\"}}\n"
    "{\"device\":\"L-1\",\"seq\":1,\"kind\":\"tube.resulted\","
    "\"at\":\"2021-12-12T11:51:05+08:00\","
    "\"body\":{\"tube\":\"T-1\",\"result\":\"positive\",\"ct\":31.5}}\n";

static int make_city(void **state)
{
    (void)state;
    verb_city_make("2021-12-12T12:00+08:00");
    verb_city_import("persons", persons_csv);
    verb_city_import("facts", facts_ndjson);
    return 0;
}

static void says(const outcome *o, const char *what)
{
    if (strstr(o->out, what) == NULL)
        fail_msg("\"%s\" is not in:\n%s%s", what, o->out, o->messages);
}

static void says_not(const outcome *o, const char *what)
{
    if (strstr(o->out, what) != NULL)
        fail_msg("\"%s\" is in:\n%s", what, o->out);
}

static void without_a_name_the_views_are_listed(void **state)
{
    (void)state;
    outcome o = RUN("weft", "view", city.text, "--lang", "en");
    assert_int_equal(o.code, 0);
    says(&o, "演练 DRILL");
    says(&o, "testing/tubes");
    says(&o, "A person's file");
    outcome_done(&o);
    o = RUN("weft", "view", city.text, "--json");
    says(&o, "\"view\":\"register/person_file\"");
    says_not(&o, "DRILL");
    outcome_done(&o);
}

static void a_table_has_titles_and_times_of_the_city(void **state)
{
    (void)state;
    outcome o = RUN("weft", "view", city.text, "testing/tubes", "--lang", "zh");
    assert_int_equal(o.code, 0);
    says(&o, "采样管编号");
    says(&o, "2021-12-12 07:41:05");
    says(&o, "4小时10分");
    says(&o, "1 行");
    outcome_done(&o);
}

// Deadlines of up to two days are told in hours, longer times in days.
static void how_long_something_took_is_told_in_units_that_people_use(void **state)
{
    (void)state;
    static const struct {
        int64_t minutes;
        const char *zh, *en;
    } rows[] = {{0, "0分", "0 min"},
                {35, "35分", "35 min"},
                {120, "2小时", "2 h"},
                {250, "4小时10分", "4 h 10 min"},
                {1440, "24小时", "24 h"},
                {2240, "37小时20分", "37 h 20 min"},
                {2880, "48小时", "48 h"},
                {2881, "2天", "2 d"},
                {3060, "2天3小时", "2 d 3 h"},
                {10080, "7天", "7 d"},
                {-250, "−4小时10分", "−4 h 10 min"},
                {-10080, "−7天", "−7 d"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char room[WF_CLI_CELL_MAX];
        int64_t us = rows[i].minutes * 60 * WF_US_PER_S;
        const wf_cli zh = {.language = WF_LANGUAGE_ZH}, en = {.language = WF_LANGUAGE_EN};
        assert_string_equal(wf_cli_span(&zh, us, room), rows[i].zh);
        assert_string_equal(wf_cli_span(&en, us, room), rows[i].en);
    }
    char room[WF_CLI_CELL_MAX];
    const wf_cli en = {.language = WF_LANGUAGE_EN};
    assert_non_null(strstr(wf_cli_span(&en, INT64_MIN, room), "−106751991 d"));
}

static void what_is_sealed_is_opened_for_the_rows_that_leave(void **state)
{
    (void)state;
    outcome o = RUN("weft", "view", city.text, "register/persons", "--json");
    assert_int_equal(o.code, 0);
    says(&o, "{\"person\":\"P-0000002\",\"sex\":\"male\",\"grid\":\"330212001002\",");
    says(&o, "\"name\":\"=1+1, \\\"二\\\"\",\"birth\":null,");
    says(&o, "\"name\":\"虚构一\",\"birth\":\"1980-02-03\"");
    says(&o, "\"phone\":\"10000000001\"");
    says(&o, "\"complete\":true,\"next\":null");
    outcome_done(&o);
}

static void filters_and_grids_cut(void **state)
{
    (void)state;
    outcome o = RUN("weft", "view", city.text, "register/persons", "sex=male", "--grid",
                    "330212", "--json");
    says(&o, "P-0000002");
    says(&o, "\"rows\":1");
    outcome_done(&o);
    o = RUN("weft", "view", city.text, "register/persons", "--grid", "330213", "--json");
    says(&o, "P-0000003");
    says(&o, "\"rows\":1");
    outcome_done(&o);
    o = RUN("weft", "view", city.text, "testing/samples", "person=P-none", "--json");
    assert_int_equal(o.code, 0);
    says(&o, "\"rows\":0");
    outcome_done(&o);
}

// The token of the page before, from its last line.
static void next_of(const outcome *o, char *ret, size_t size)
{
    const char *at = strstr(o->out, "\"next\":\"");
    assert_non_null(at);
    at += strlen("\"next\":\"");
    size_t length = strcspn(at, "\"");
    assert_true(length < size);
    memcpy(ret, at, length);
    ret[length] = '\0';
}

// People are sorted in the order in which the city came to know them.
static void count_persons(const outcome *o, size_t seen[4])
{
    for (size_t i = 0; i < 4; i++) {
        char person[16];
        snprintf(person, sizeof person, "P-000000%zu", i + 1);
        seen[i] += strstr(o->out, person) != NULL;
    }
}

static void pages_go_on_and_tokens_cannot_be_made_up(void **state)
{
    (void)state;
    char token[512], changed[512];
    size_t seen[4] = {0};
    outcome o = RUN("weft", "view", city.text, "register/persons", "--limit", "3",
                    "--sort", "-person", "--json");
    says(&o, "\"rows\":3");
    count_persons(&o, seen);
    next_of(&o, token, sizeof token);
    outcome_done(&o);
    o = RUN("weft", "view", city.text, "register/persons", "--limit", "3", "--sort",
            "-person", "--after", token, "--json");
    says(&o, "\"rows\":1");
    says(&o, "\"next\":null");
    count_persons(&o, seen);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(seen[i], 1);
    outcome_done(&o);
    memcpy(changed, token, sizeof changed);
    changed[20] = changed[20] == 'A' ? 'B' : 'A';
    o = RUN("weft", "view", city.text, "register/persons", "--sort", "-person", "--after",
            changed);
    assert_int_equal(o.code, 2);
    outcome_done(&o);
    // Of another sort, and of another view.
    o = RUN("weft", "view", city.text, "register/persons", "--after", token);
    assert_int_equal(o.code, 2);
    outcome_done(&o);
    o = RUN("weft", "view", city.text, "testing/tubes", "--after", token);
    assert_int_equal(o.code, 2);
    outcome_done(&o);
}

static void a_file_of_a_person_holds_what_was_withdrawn_too(void **state)
{
    (void)state;
    outcome o = RUN("weft", "view", city.text, "register/person_file", "person=P-0000001",
                    "--json");
    assert_int_equal(o.code, 0);
    says(&o, "\"kind\":\"sample.collected\",\"fact\":\"S-1/1\",\"live\":true,");
    says(&o, "\"kind\":\"sample.collected\",\"fact\":\"S-1/2\",\"live\":false,");
    says(&o, "{\\\"tube\\\":\\\"T-1\\\",\\\"person\\\":\\\"P-0000001\\\"}");
    says(&o, "\"kind\":\"person.registered\",\"fact\":\"import/persons/");
    says(&o, "\"rows\":3");
    says_not(&o, "P-0000002");
    const char *first = strstr(o.out, "S-1/1"), *last = strstr(o.out, "import/persons/");
    assert_true(first < last); // by the time at which it happened
    outcome_done(&o);
    o = RUN("weft", "view", city.text, "register/person_file", "person=P-0000001",
            "live=yes", "kind=sample.collected", "--json");
    says(&o, "\"rows\":1");
    outcome_done(&o);
}

// Until it is said that they are not.
static void a_file_of_a_person_holds_what_came_under_their_other_id(void **state)
{
    (void)state;
    outcome o = RUN("weft", "fact", city.text, "person.same", "a=P-0000002",
                    "b=P-0000001", "--device", "R-1", "--seq", "1");
    assert_int_equal(o.code, 0);
    outcome_done(&o);
    o = RUN("weft", "view", city.text, "register/person_file", "person=P-0000001",
            "--json");
    says(&o, "\"fact\":\"S-1/1\"");
    says(&o, "\\\"person\\\":\\\"P-0000002\\\"");
    says(&o, "\"kind\":\"person.same\",\"fact\":\"R-1/1\"");
    assert_null(strstr(strstr(o.out, "\"fact\":\"R-1/1\"") + 1, "\"fact\":\"R-1/1\""));
    outcome_done(&o);
    o = RUN("weft", "fact", city.text, "person.not_same", "a=P-0000001", "b=P-0000002",
            "--device", "R-1", "--seq", "2");
    assert_int_equal(o.code, 0);
    outcome_done(&o);
    o = RUN("weft", "view", city.text, "register/person_file", "person=P-0000001",
            "--json");
    says(&o, "\"fact\":\"S-1/1\"");
    says_not(&o, "\\\"person\\\":\\\"P-0000002\\\"");
    outcome_done(&o);
}

static void what_a_view_does_not_have_is_refused(void **state)
{
    (void)state;
    const char *dir = city.text;
    const struct {
        outcome o;
        int code;
    } bad[] = {
        {RUN("weft", "view", dir, "testing/none"), 4},
        {RUN("weft", "view", dir, "testing/tubes", "nothing=1"), 2},
        {RUN("weft", "view", dir, "testing/tubes", "result=bad"), 2},
        {RUN("weft", "view", dir, "testing/tubes", "--sort", "lab"), 2},
        {RUN("weft", "view", dir, "testing/tubes", "--limit", "0"), 2},
        {RUN("weft", "view", dir, "testing/tubes", "--after", "***"), 2},
        {RUN("weft", "view", dir, "register/person_file"), 2},
        {RUN("weft", "help", "views", "none"), 4},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        outcome o = bad[i].o;
        assert_int_equal(o.code, bad[i].code);
        assert_true(o.messages_size > 0);
        outcome_done(&o);
    }
}

// Two of the three with a grid are missing; the one without one only where all are asked.
static void a_building_says_who_is_missing(void **state)
{
    (void)state;
    outcome o = RUN("weft", "view", city.text, "testing/population", "--grid", "33",
                    "--json", "level=county");
    assert_int_equal(o.code, 0);
    says(&o, "{\"grid\":\"330212\",\"level\":\"county\",\"round_id\":null,\"since\":null,"
             "\"registered\":2,\"present\":2,\"sampled\":1,\"explained\":0,\"missing\":1,"
             "\"strangers\":0}");
    says(&o, "{\"grid\":\"330213\",");
    outcome_done(&o);
    o = RUN("weft", "view", city.text, "testing/missing", "--json");
    assert_int_equal(o.code, 0);
    says(&o, "{\"person\":\"P-0000002\",\"grid\":\"330212001002\",\"present\":null,");
    says(&o, "{\"person\":\"P-0000004\",\"grid\":\"\",");
    says_not(&o, "P-0000001");
    outcome_done(&o);
}

// Whatever id they were taken under; not those that were withdrawn.
static void a_person_s_samples_are_found_by_any_of_their_ids(void **state)
{
    (void)state;
    verb_city_import("facts",
                     "{\"device\":\"S-2\",\"seq\":1,\"kind\":\"sample.collected\","
                     "\"at\":\"2021-12-12T08:41:05+08:00\","
                     "\"body\":{\"tube\":\"T-9\",\"person\":\"P-0000004\"}}\n"
                     "{\"device\":\"S-2\",\"seq\":2,\"kind\":\"person.same\","
                     "\"at\":\"2021-12-12T08:42:05+08:00\","
                     "\"body\":{\"a\":\"P-0000004\",\"b\":\"P-0000001\"}}\n");
    outcome o = RUN("weft", "view", city.text, "testing/samples_of_person",
                    "person=P-0000001", "--json");
    assert_int_equal(o.code, 0);
    says(&o, "\"rows\":2");
    says(&o, "{\"tube_id\":\"T-9\",\"person\":\"P-0000004\",\"collected_at\":"
             "\"2021-12-12T08:41:05+08:00\",\"site\":null,\"grid\":null,\"result\":null,"
             "\"result_at\":null}");
    says(&o, "{\"tube_id\":\"T-1\",\"person\":\"P-0000001\",");
    says(&o, "\"result\":\"positive\",\"result_at\":\"2021-12-12T11:51:05+08:00\"}");
    says_not(&o, "T-2");
    assert_true(strstr(o.out, "T-9") < strstr(o.out, "T-1")); // the newest first
    outcome_done(&o);
    o = RUN("weft", "view", city.text, "testing/samples_of_person", "person=P-0000002",
            "--json");
    assert_int_equal(o.code, 0);
    says(&o, "\"rows\":0");
    outcome_done(&o);
}

static void views_are_read_again_after_the_rows_were_made_anew(void **state)
{
    (void)state;
    outcome o = RUN("weft", "rebuild", city.text);
    assert_int_equal(o.code, 0);
    outcome_done(&o);
    o = RUN("weft", "view", city.text, "testing/tubes", "--json");
    says(&o, "\"rows\":2");
    outcome_done(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_name_the_views_are_listed),
        cmocka_unit_test(a_table_has_titles_and_times_of_the_city),
        cmocka_unit_test(how_long_something_took_is_told_in_units_that_people_use),
        cmocka_unit_test(what_is_sealed_is_opened_for_the_rows_that_leave),
        cmocka_unit_test(filters_and_grids_cut),
        cmocka_unit_test(pages_go_on_and_tokens_cannot_be_made_up),
        cmocka_unit_test(a_file_of_a_person_holds_what_was_withdrawn_too),
        cmocka_unit_test(a_file_of_a_person_holds_what_came_under_their_other_id),
        cmocka_unit_test(what_a_view_does_not_have_is_refused),
        cmocka_unit_test(a_building_says_who_is_missing),
        cmocka_unit_test(a_person_s_samples_are_found_by_any_of_their_ids),
        cmocka_unit_test(views_are_read_again_after_the_rows_were_made_anew),
    };
    return cmocka_run_group_tests(tests, make_city, remove_city);
}
