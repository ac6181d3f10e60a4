// The verb `clock`, as a command centre calls it.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/verb_city.h"

static int make_city(void **state)
{
    (void)state;
    verb_city_make("2021-12-12T06:00+08:00");
    return 0;
}

static void report(const char *case_id, const char *outbreak, const char *grid)
{
    char id[64], of[64];
    snprintf(id, sizeof id, "case=%s", case_id);
    snprintf(of, sizeof of, "outbreak=%s", outbreak);
    outcome sent = RUN("weft", "fact", city.text, "case.reported", id, of,
                       "reported=2021-12-12T03:00+08:00", "--grid", grid);
    assert_int_equal(sent.code, 0);
    outcome_done(&sent);
}

static void says(outcome o, int code, const char *const *parts)
{
    assert_int_equal(o.code, code);
    const char *out = o.out != NULL ? o.out : "";
    for (; *parts != NULL; parts++)
        if (strstr(out, *parts) == NULL)
            fail_msg("\"%s\" is not in %s", *parts, out);
    outcome_done(&o);
}
#define SAYS(outcome, code, ...)                                                         \
    says(outcome, code, (const char *const[]){__VA_ARGS__, NULL})

static void the_clock_is_shown_by_case_outbreak_and_grid(void **state)
{
    (void)state;
    report("C-1", "O-1", "320214001");
    report("C-2", "O-2", "320282001");
    SAYS(RUN("weft", "clock", city.text, "--case", "C-1"), 0, "O-1  C-1", "first facts",
         "2021-12-12 05:00", "overdue", "0/1", "full report", "+1");
    SAYS(RUN("weft", "clock", city.text, "--outbreak", "O-2", "--json"), 0,
         "{\"outbreak\":\"O-2\",\"case_id\":\"\",\"place\":0,\"step\":\"onset\"",
         "\"step\":\"responded_7\"", "\"rows\":33,");
    SAYS(RUN("weft", "clock", city.text, "--grid", "320282", "--json"), 0, "\"rows\":33,",
         "\"case_id\":\"C-2\"");
    SAYS(RUN("weft", "clock", city.text, "--case", "C-9"), 0, "there are no such cases");
    // Who answers for a step stands in both languages, as the sampling of contacts does.
    SAYS(RUN("weft", "clock", city.text, "--case", "C-1", "--json"), 0,
         "\"owner_zh\":\"流调人员\",\"owner_en\":\"case investigator\"",
         "\"clause_zh\":\"评价指标\",\"clause_en\":\"indicator\"",
         "\"owner_zh\":\"采样组\",\"owner_en\":\"sampling team\"");
    SAYS(RUN("weft", "clock", city.text, "--case", "C-1"), 0, "sampling team",
         "clause not recorded");
    SAYS(RUN("weft", "clock", city.text, "--case", "C-1", "--lang", "zh"), 0, "采样组",
         "条款未记录");
}

static void name_contact(const char *case_id, const char *person, const char *grid)
{
    char of[64], who[64];
    snprintf(of, sizeof of, "case=%s", case_id);
    snprintf(who, sizeof who, "person=%s", person);
    outcome sent =
        RUN("weft", "fact", city.text, "contact.confirmed", of, who, "outbreak=O-1",
            "level=close", "judgement=they met", "--grid", grid);
    assert_int_equal(sent.code, 0);
    outcome_done(&sent);
}

// Beside the clock of a case stands the risk of its outbreak: an interval a level, and
// what it does not hold is said in both languages. Nowhere is it one percentage.
static void the_open_risk_stands_beside_the_clock(void **state)
{
    (void)state;
    report("C-1", "O-1", "320214001");
    report("C-2", "O-1", "320282001");
    SAYS(RUN("weft", "clock", city.text, "--case", "C-1"), 0, "no contact was named yet",
         "hidden chains not included");
    name_contact("C-1", "P-2", "320214001");
    name_contact("C-1", "P-3", "320282001");
    name_contact("C-2", "P-4", "320282001");
    outcome shown = RUN("weft", "clock", city.text, "--case", "C-1");
    assert_null(strchr(shown.out, '%'));
    SAYS(shown, 0, "O-1  open risk", "hidden chains not included",
         "close               0 to 3                  3             3 not reached",
         "level not judged    0 to 0                  0");
    SAYS(RUN("weft", "clock", city.text, "--case", "C-1", "--lang", "zh"), 0,
         "未含隐匿传播链", "密切接触者", "0 至 3 ", "3 未联系上\n");
    SAYS(RUN("weft", "clock", city.text, "--grid", "320214"), 0,
         "close               0 to 1                  1             1 not reached");
    SAYS(RUN("weft", "clock", city.text, "--json"), 0, "\"step\":\"responded_7\"",
         "\"level\":\"close\",\"least\":0,\"most\":3,\"open\":3",
         "\"hidden_chains\":\"not_included\"",
         "\"view\":\"tracing/open_risk\",\"rows\":4");
}

// Outbreaks do not lend one another their contacts, and a case of none has no risk.
static void each_outbreak_has_its_own_open_risk(void **state)
{
    (void)state;
    report("C-1", "O-1", "320214001");
    report("C-2", "O-2", "320282001");
    name_contact("C-1", "P-2", "320214001");
    SAYS(RUN("weft", "clock", city.text, "--case", "C-2", "--json"), 0,
         "\"view\":\"tracing/open_risk\",\"rows\":0");
    SAYS(RUN("weft", "clock", city.text, "--outbreak", "O-1", "--json"), 0,
         "\"view\":\"tracing/open_risk\",\"rows\":4");
    // Contacts are in the outbreak of their case, whichever was named with them.
    name_contact("C-2", "P-4", "320282001");
    SAYS(RUN("weft", "clock", city.text, "--case", "C-2", "--json"), 0,
         "\"level\":\"close\",\"least\":0,\"most\":1,\"open\":1");
    SAYS(RUN("weft", "clock", city.text, "--outbreak", "O-1", "--json"), 0,
         "\"level\":\"close\",\"least\":0,\"most\":1,\"open\":1");
    outcome sent = RUN("weft", "fact", city.text, "case.reported", "case=C-3");
    assert_int_equal(sent.code, 0);
    outcome_done(&sent);
    outcome shown = RUN("weft", "clock", city.text, "--case", "C-3");
    assert_null(strstr(shown.out, "open risk"));
    SAYS(shown, 0, "C-3", "first facts");
}

static void what_is_asked_wrongly_is_refused(void **state)
{
    (void)state;
    char id[200];
    memset(id, 'C', sizeof id - 1);
    id[sizeof id - 1] = '\0';
    SAYS(RUN("weft", "clock", city.text, "--case", id), 2, "");
    SAYS(RUN("weft", "clock", city.text, "--outbreak", id), 2, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_clock_is_shown_by_case_outbreak_and_grid,
                                        make_city, remove_city),
        cmocka_unit_test_setup_teardown(the_open_risk_stands_beside_the_clock, make_city,
                                        remove_city),
        cmocka_unit_test_setup_teardown(each_outbreak_has_its_own_open_risk, make_city,
                                        remove_city),
        cmocka_unit_test_setup_teardown(what_is_asked_wrongly_is_refused, make_city,
                                        remove_city),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
