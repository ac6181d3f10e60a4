// weft contacts and weft source on a small city, from CSV files to the printed line.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/verb_city.h"

// ---- the city ----

static const char places_csv[] = "place,name,kind,grid\n"
                                 "class-3-2,三年级二班,class,9901\n"
                                 "noodles,面馆,restaurant,9901\n"
                                 "home-1,一号,household,9901\n";
static const char visits_csv[] =
    "person,place,start,end,seat,guessed\n"
    "P-0000001,class-3-2,2021-12-09 08:00,2021-12-09 10:10,,\n"
    "P-0000002,class-3-2,2021-12-09 08:00,2021-12-09 12:00,,yes\n"
    "P-0000003,home-1,2021-12-09 20:00,2021-12-09 22:00,,\n"
    "P-0000002,home-1,2021-12-09 18:00,2021-12-10 07:00,,\n"
    "P-0000001,noodles,2021-12-08 18:00,2021-12-08 19:00,T4,\n"
    "P-0000004,noodles,2021-12-08 18:00,2021-12-08 19:00,T5,\n";
static const char cases_csv[] =
    "case,person,reported,onset,sampled,symptomatic\n"
    "C-1,P-0000001,2021-12-10 12:00,2021-12-08 09:00,2021-12-10 08:00,yes\n";

static int make_city(void **state)
{
    (void)state;
    verb_city_make("2021-12-11T12:00+08:00");
    verb_city_import("places", places_csv);
    verb_city_import("visits", visits_csv);
    verb_city_import("cases", cases_csv);
    return 0;
}

// ---- laws ----

static json_t *line(const char *text, size_t number)
{
    for (; number > 0; number--)
        text = strchr(text, '\n') + 1;
    json_t *object = json_loadb(text, strcspn(text, "\n"), 0, NULL);
    assert_non_null(object);
    return object;
}

static const char *field(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static size_t lines(const char *text)
{
    size_t count = 0;
    for (; (text = strchr(text, '\n')) != NULL; text++)
        count++;
    return count;
}

static void each_line_says_level_and_why(void **state)
{
    (void)state;
    static const struct {
        const char *person, *level, *why, *why_zh;
    } rows[] = {
        {"P-0000002", "close",
         "2 h 10 min in the same class on 9 Dec, one day after onset; end of stay "
         "guessed",
         "12月9日（发病后1天）同班 2 小时 10 分；离开时间为推定"},
        {"P-0000003", "secondary",
         "2 h with a close contact in the same household on 9 Dec",
         "12月9日与密切接触者同住 2 小时"},
        {"P-0000004", "general",
         "1 h in the same restaurant on 8 Dec, the day of onset; not at the same table, "
         "in near rows or in the same carriage",
         "12月8日（发病当天）同餐馆 1 小时；不同桌、不同排或不同车厢"},
    };
    outcome o = RUN("weft", "contacts", city.text, "--case", "C-1", "--json");
    assert_int_equal(o.code, 0);
    assert_int_equal(lines(o.out), 4);
    assert_null(strstr(o.out, "P-0000001")); // the case is not named
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *row = line(o.out, i);
        json_t *reason = json_array_get(json_object_get(row, "reasons"), 0);
        assert_string_equal(field(row, "person"), rows[i].person);
        assert_string_equal(field(row, "level"), rows[i].level);
        assert_string_equal(field(reason, "text_en"), rows[i].why);
        assert_string_equal(field(reason, "text_zh"), rows[i].why_zh);
        assert_true(i != 1 || strcmp(field(row, "via"), "P-0000002") == 0);
        json_decref(row);
    }
    json_t *last = line(o.out, 3), *summary = json_object_get(last, "summary");
    assert_string_equal(field(summary, "protocol"), "nhc-covid-8");
    assert_string_equal(field(summary, "from"), "2021-12-06T00:00:00+08:00");
    assert_string_equal(field(summary, "opened_by"), "onset");
    assert_string_equal(field(summary, "closed_by"), "as_of");
    assert_int_equal(json_integer_value(json_object_get(summary, "rows")), 3);
    assert_true(json_is_false(json_object_get(summary, "calibrated")));
    assert_non_null(strstr(field(summary, "note_en"), "class"));
    json_decref(last);
    outcome_done(&o);
}

static void a_limit_never_cuts_a_close_contact(void **state)
{
    (void)state;
    outcome o = RUN("weft", "contacts", city.text, "--case", "C-1", "--json", "--limit",
                    "1", "--generations", "1");
    assert_int_equal(o.code, 0);
    assert_int_equal(lines(o.out), 3); // one close, one below, the summary
    outcome_done(&o);
    o = RUN("weft", "contacts", city.text, "--case", "C-1", "--count", "--lang", "en");
    assert_non_null(strstr(o.out, "1 close, 1 secondary, 1 general contacts"));
    outcome_done(&o);
}

static void people_read_a_table_in_their_language(void **state)
{
    (void)state;
    outcome o = RUN("weft", "contacts", city.text, "--case", "C-1", "--lang", "zh");
    assert_int_equal(o.code, 0);
    assert_non_null(strstr(o.out, "密接"));
    assert_non_null(
        strstr(o.out, "12月9日（发病后1天）同班 2 小时 10 分；离开时间为推定"));
    assert_non_null(strstr(o.out, "概率未经校准"));
    outcome_done(&o);
}

static void plain_counts_seconds_without_rules(void **state)
{
    (void)state;
    outcome o = RUN("weft", "contacts", city.text, "--case", "C-1", "--plain", "--json",
                    "--min-minutes", "61");
    assert_int_equal(o.code, 0);
    assert_int_equal(lines(o.out), 2);
    assert_non_null(strstr(
        o.out, "{\"person\":\"P-0000002\",\"generation\":1,\"seconds\":7800,\"first\":"
               "\"2021-12-09T08:00:00+08:00\",\"last\":\"2021-12-09T10:10:00+08:00\","
               "\"via\":null,\"via_seconds\":null}"));
    outcome_done(&o);
}

static void no_shared_place_is_a_normal_answer(void **state)
{
    (void)state;
    outcome o = RUN("weft", "source", city.text, "--lang", "en");
    assert_int_equal(o.code, 0);
    assert_non_null(strstr(o.out, "no shared place found"));
    outcome_done(&o);
    o = RUN("weft", "source", city.text, "--cases", "C-1", "--json");
    assert_int_equal(o.code, 0);
    assert_int_equal(lines(o.out), 1);
    outcome_done(&o);
}

// Whoever calls from the list of a case that was none calls in vain.
static void a_case_that_was_none_is_said_to_be_none(void **state)
{
    static const char *const verbs[] = {"contacts", "work"};
    (void)state;
    for (int none = 0; none < 2; none++) {
        outcome o = RUN("weft", "fact", city.text, "case.classified", "case=C-1",
                        none ? "classification=not_a_case" : "classification=confirmed",
                        "--at", none ? "2021-12-11T11:30" : "2021-12-11T11:00");
        assert_int_equal(o.code, 0);
        outcome_done(&o);
        for (size_t i = 0; i < 2; i++) {
            o = RUN("weft", verbs[i], city.text, "--case", "C-1", "--lang", "en");
            assert_int_equal(o.code, 0);
            assert_int_equal(strstr(o.out, "this case was found to be none") != NULL,
                             none);
            outcome_done(&o);
            o = RUN("weft", verbs[i], city.text, "--case", "C-1", "--json");
            json_t *end = line(o.out, lines(o.out) - 1);
            assert_int_equal(json_is_true(json_object_get(json_object_get(end, "summary"),
                                                          "not_a_case")),
                             none);
            json_decref(end);
            outcome_done(&o);
        }
    }
}

// The list that the desk works from, in the order of calls: whom the look-up suggests,
// whom somebody named, and how far each is.
static void a_work_list_says_whom_to_call_next(void **state)
{
    (void)state;
    outcome o = RUN("weft", "fact", city.text, "contact.named", "case=C-1",
                    "person=P-0000009", "outbreak=O-1", "how=interview", "level=close");
    assert_int_equal(o.code, 0);
    outcome_done(&o);
    o = RUN("weft", "fact", city.text, "contact.reached", "outbreak=O-1",
            "person=P-0000009", "how=phone");
    assert_int_equal(o.code, 0);
    outcome_done(&o);
    o = RUN("weft", "work", city.text, "--case", "C-1", "--lang", "en");
    assert_int_equal(o.code, 0);
    const char *first = strstr(o.out, "P-0000002"), *last = strstr(o.out, "P-0000009");
    assert_non_null(first);
    assert_true(last > first);
    assert_non_null(strstr(o.out, "suggested"));
    assert_non_null(strstr(o.out, "named by somebody"));
    assert_non_null(strstr(o.out, "[may guess the case: tell the day alone]"));
    assert_non_null(strstr(o.out, "3 to call, of 4 rows; suggested 3; named 1"));
    assert_null(strstr(o.out, "P-0000001")); // the case is not named
    outcome_done(&o);
    o = RUN("weft", "work", city.text, "--case", "C-1", "--limit", "1", "--lang", "zh");
    assert_non_null(strstr(o.out, "系统建议"));
    assert_null(strstr(o.out, "P-0000009"));
    outcome_done(&o);
    o = RUN("weft", "work", city.text, "--case", "C-1", "--json");
    assert_int_equal(lines(o.out), 5);
    json_t *row = line(o.out, 0), *end = line(o.out, 4);
    assert_string_equal(field(row, "state"), "suggested");
    assert_string_equal(field(row, "told_day"), "2021-12-09");
    assert_int_equal(
        json_integer_value(json_object_get(json_object_get(end, "summary"), "to_call")),
        3);
    json_decref(row);
    json_decref(end);
    outcome_done(&o);
}

static void what_cannot_be_answered_ends_with_its_code(void **state)
{
    (void)state;
    const struct {
        const char *arguments[7];
        int count, code;
    } rows[] = {
        {{"weft", "contacts", city.text}, 3, 2},
        {{"weft", "contacts", city.text, "--case", "C-1", "--crowd", "3"}, 7, 2},
        {{"weft", "contacts", city.text, "--case", "C-1", "--person", "P-0000001"}, 7, 2},
        {{"weft", "contacts", city.text, "--case", "C-1", "--generations", "3"}, 7, 2},
        {{"weft", "contacts", city.text, "--case", "C-9"}, 5, 4},
        {{"weft", "contacts", city.text, "--person", "P-0000001"}, 5, 2},
        {{"weft", "work", city.text}, 3, 2},
        {{"weft", "work", city.text, "--case", "C-9"}, 5, 4},
        {{"weft", "source", city.text, "--cases", "C-9"}, 5, 4},
        {{"weft", "source", city.text, "--cases", "C-1,,C-2"}, 5, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        outcome o = run(rows[i].count, rows[i].arguments);
        if (o.code != rows[i].code)
            fail_msg("row %zu ends with %d", i, o.code);
        assert_true(o.messages_size > 0);
        outcome_done(&o);
    }
}

// Whom nobody knows is looked for by the words in which they are described; what would
// turn the rest of the line about is taken out of them.
static void who_is_not_known_is_printed_as_described(void **state)
{
    (void)state;
    outcome o = RUN("weft", "fact", city.text, "contact.unidentified", "contact=U-1",
                    "case=C-1", "outbreak=O-1",
                    "description=穿蓝色外套的女子, 3排 \xE2\x80\xAE"
                    "5a\xD8\x9C\xE2\x81\xA9"
                    "b");
    assert_int_equal(o.code, 0);
    outcome_done(&o);
    o = RUN("weft", "work", city.text, "--case", "C-1", "--lang", "zh");
    assert_non_null(strstr(o.out, "U-1 "));
    assert_non_null(strstr(o.out, "由他人提出；特征：穿蓝色外套的女子, 3排 \xEF\xBF\xBD"
                                  "5a"
                                  "\xEF\xBF\xBD\xEF\xBF\xBD"
                                  "b"));
    outcome_done(&o);
    o = RUN("weft", "work", city.text, "--case", "C-1", "--lang", "en");
    assert_non_null(
        strstr(o.out, "named by somebody; looks like: 穿蓝色外套的女子, 3排 "));
    outcome_done(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_says_level_and_why),
        cmocka_unit_test(a_limit_never_cuts_a_close_contact),
        cmocka_unit_test(people_read_a_table_in_their_language),
        cmocka_unit_test(plain_counts_seconds_without_rules),
        cmocka_unit_test(no_shared_place_is_a_normal_answer),
        cmocka_unit_test(a_work_list_says_whom_to_call_next),
        cmocka_unit_test(what_cannot_be_answered_ends_with_its_code),
        cmocka_unit_test(a_case_that_was_none_is_said_to_be_none),
        cmocka_unit_test(who_is_not_known_is_printed_as_described),
    };
    return cmocka_run_group_tests(tests, make_city, remove_city);
}
