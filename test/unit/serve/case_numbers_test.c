// A case by any of its numbers, over HTTP: each question takes it for the same case, what
// is noted and said is its own id, and nobody learns of a case that is not theirs.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/asked_city.h"

#define TRACING(id) "ref=case:" id "; purpose=trace-contacts"
#define INTERVIEW(id) "ref=case:" id "; purpose=interview"

static int seq;

static void post(const char *who, const char *kind, const char *body)
{
    char line[600];
    (void)snprintf(line, sizeof line,
                   "{\"device\":\"user/%s\",\"seq\":%d,\"kind\":\"%s\","
                   "\"at\":\"2021-12-11T05:09:00+08:00\",\"body\":{%s}}\n",
                   who, ++seq, kind, body);
    ask(who, "POST", "/v1/facts", NULL, line);
    says(200, "\"refused\":0");
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
}

// C-1 and C-2 lie here, C-3 there. S-1 is of both that lie here, T-1 of one here and of
// one there.
static int begin_numbered(void **state)
{
    int made = begin(state);
    post("lead", "case.reported",
         "\"case\":\"C-1\",\"known_as\":\"E-1\",\"known_as_too\":\"S-1\"");
    post("lead", "case.reported",
         "\"case\":\"C-2\",\"known_as\":\"S-1\",\"known_as_too\":\"T-1\"");
    post("lead", "case.reported",
         "\"case\":\"C-3\",\"known_as\":\"T-1\",\"known_as_too\":\"E-3\"");
    return made;
}

static void every_look_up_takes_any_number_of_a_case(void **state)
{
    (void)state;
    get("here", "/v1/contacts?case=E-1", TRACING("E-1"));
    says(200, "\"case\":\"C-1\"");
    says(200, "\"person\":\"P-2\"");
    get("here", "/v1/contacts?case=S-1", TRACING("C-1"));
    says(409, "case.number_several");
    get("here", "/v1/contacts?case=E-1", TRACING("C-1"));
    says(200, "\"case\":\"C-1\"");
    get("here", "/v1/contacts?case=C-1", TRACING("E-1"));
    says(200, "\"case\":\"C-1\"");
    get("here", "/v1/stays?case=E-1", TRACING("E-1"));
    says(200, "\"case\":\"C-1\"");
    says(200, "\"place\":\"M-1\"");
    get("here", "/v1/who?case=E-1&place=M-1", TRACING("E-1"));
    says(200, "\"case\":\"C-1\"");
    says(200, "\"person\":\"P-2\"");
    ask("here", "POST", "/v1/who", TRACING("C-1"),
        "{\"case\":\"E-1\",\"place\":\"M-1\"}");
    says(200, "\"case\":\"C-1\"");
    ask("here", "POST", "/v1/work", TRACING("E-1"), "{\"case\":\"E-1\"}");
    says(200, "\"case\":\"C-1\"");
    says(200, "\"person\":\"P-2\"");
    get("here", "/v1/clock?case_id=E-1", NULL);
    says(200, "\"case_id\":\"C-1\"");
    get("lead", "/v1/contacts?case=E-3", TRACING("E-1"));
    says(400, "look.other_case");
}

// One case by two of its numbers is one case.
static void a_case_is_a_source_once_by_whichever_number(void **state)
{
    (void)state;
    get("lead", "/v1/source?cases=E-1,C-1,E-3", TRACING("C-1"));
    says(200, "\"cases\":2");
    get("lead", "/v1/source?cases=E-3,C-1", TRACING("E-1"));
    says(200, "\"cases\":2");
}

static void who_sees_sums_asks_by_any_number_too(void **state)
{
    (void)state;
    get("commander", "/v1/contacts?case=E-1", NULL);
    says(200, "\"case\":\"C-1\"");
    keeps_quiet_of("P-2");
    ask("commander", "POST", "/v1/work", NULL, "{\"case\":\"E-1\"}");
    says(200, "\"case\":\"C-1\"");
    get("commander", "/v1/contacts?case=S-1", NULL);
    says(409, "C-1, C-2");
    get("commander", "/v1/clock?case_id=S-1", NULL);
    says(409, "C-1, C-2");
}

static void a_look_is_noted_at_the_cases_own_id(void **state)
{
    (void)state;
    get("here", "/v1/stays?case=E-1", TRACING("E-1"));
    says(200, "\"case\":\"C-1\"");
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    get("auditor", "/v1/views/register/looks?limit=1000", NULL);
    says(200, "\"reference\":\"C-1\"");
    keeps_quiet_of("\"reference\":\"E-1\"");
}

// Whoever reaches one of two cases means that one, and hears of no other.
static void of_several_cases_those_are_named_whom_one_reaches(void **state)
{
    (void)state;
    static const char persons[] = "/v1/views/register/persons";
    get("lead", persons, INTERVIEW("T-1"));
    says(409, "C-2, C-3");
    get("here", persons, INTERVIEW("T-1"));
    says(200, "P-2");
    keeps_quiet_of("C-3");
    get("there", "/v1/contacts?case=T-1", TRACING("T-1"));
    says(200, "\"case\":\"C-3\"");
    keeps_quiet_of("C-2");
    get("there", "/v1/clock?case_id=T-1", NULL);
    says(200, "\"case_id\":\"C-3\"");
}

// The answer to this number, with the number taken out.
static unsigned told(const char *method, const char *path, const char *purpose,
                     const char *body, const char *number, char ret[4096])
{
    char paths[200], purposes[200], bodies[200];
    (void)snprintf(paths, sizeof paths, path, number);
    (void)snprintf(purposes, sizeof purposes, purpose != NULL ? purpose : "%s", number);
    (void)snprintf(bodies, sizeof bodies, body != NULL ? body : "%s", number);
    ask("there", method, paths, purpose != NULL ? purposes : NULL,
        body != NULL ? bodies : NULL);
    (void)snprintf(ret, 4096, "%s", client_body(&answer));
    char *position = strstr(ret, "\"as_of\"");
    if (position != NULL)
        *position = '\0';
    for (char *at = ret; (at = strstr(at, number)) != NULL;)
        memset(at, '_', strlen(number));
    return answer.status;
}

static void a_number_of_a_case_elsewhere_is_as_one_of_none(void **state)
{
    (void)state;
    static const char tracing[] = "ref=case:%s; purpose=trace-contacts";
    static const struct {
        const char *method, *path, *purpose, *body;
    } ways[] = {
        {"GET", "/v1/contacts?case=%s", tracing, NULL},
        {"GET", "/v1/contacts?case=%s", TRACING("C-3"), NULL},
        {"GET", "/v1/stays?case=%s", tracing, NULL},
        {"GET", "/v1/who?place=M-1&case=%s", tracing, NULL},
        {"GET", "/v1/source?cases=%s", tracing, NULL},
        {"GET", "/v1/source?cases=C-3,%s", TRACING("C-3"), NULL},
        {"POST", "/v1/work", tracing, "{\"case\":\"%s\"}"},
        {"POST", "/v1/who", tracing, "{\"case\":\"%s\",\"place\":\"M-1\"}"},
        {"GET", "/v1/clock?case_id=%s", NULL, NULL},
        {"GET", "/v1/views/register/persons", "ref=case:%s; purpose=interview", NULL},
    };
    // Of one, of two, and the ids themselves.
    static const char *const numbers[] = {"E-1", "S-1", "C-1", "C-2"};
    char none[4096], theirs[4096];
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        unsigned status = told(ways[i].method, ways[i].path, ways[i].purpose,
                               ways[i].body, "Z-9", none);
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
            assert_int_equal(told(ways[i].method, ways[i].path, ways[i].purpose,
                                  ways[i].body, numbers[k], theirs),
                             status);
            assert_string_equal(theirs, none);
        }
    }
}

// A case's own id comes before another's number, for those who reach it; for all others
// it is the number of a case that they reach.
static void an_own_id_comes_first(void **state)
{
    (void)state;
    post("lead", "case.reported", "\"case\":\"C-2\",\"known_as_too\":\"C-1\"");
    post("lead", "case.reported", "\"case\":\"C-3\",\"known_as_too\":\"C-1\"");
    get("here", "/v1/contacts?case=C-1", TRACING("C-1"));
    says(200, "\"case\":\"C-1\"");
    get("lead", "/v1/contacts?case=C-1", TRACING("C-1"));
    says(200, "\"case\":\"C-1\"");
    get("there", "/v1/contacts?case=C-1", TRACING("C-1"));
    says(200, "\"case\":\"C-3\"");
}

// A line of `who` about a case, of this number of their book.
static void say(const char *who, int number, const char *kind, const char *body)
{
    char line[600];
    (void)snprintf(line, sizeof line,
                   "{\"device\":\"user/%s\",\"seq\":%d,\"kind\":\"%s\","
                   "\"at\":\"2021-12-11T05:30:00+08:00\",\"body\":{%s}}\n",
                   who, number, kind, body);
    ask(who, "POST", "/v1/facts", NULL, line);
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
}

#define OF(number) "\"case\":\"" number "\",\"person\":\"P-2\",\"outbreak\":\"O-1\","
#define NAMED(number) OF(number) "\"how\":\"interview\""

// What a sender said is not changed: it is told the id to write, and mends its own line.
static void a_fact_names_a_case_by_its_own_id(void **state)
{
    (void)state;
    say("here", 1, "contact.named", NAMED("E-1"));
    says(200, "\"refused\":1");
    says(200, "case.number_other");
    says(200, "another number of case C-1");
    says(200, "\"field\":\"case\"");
    say("here", 1, "contact.named", NAMED("C-1"));
    says(200, "\"accepted\":1");
    say("here", 2, "contact.named", NAMED("S-1"));
    says(200, "case.number_several");
    says(200, "C-1, C-2");
    // Of one here and one there: of the one that lies here.
    say("here", 3, "contact.named", NAMED("T-1"));
    says(200, "another number of case C-2");
    keeps_quiet_of("C-3");
    say("lead", ++seq, "contact.named", NAMED("T-1"));
    says(200, "C-2, C-3");
    // What stands under the number can be ended.
    say("here", 4, "contact.dismissed", OF("E-1") "\"reason\":\"no_case\"");
    says(200, "\"accepted\":1");
}

// A report under a number that another case goes by is taken, and its sender told.
static void a_report_under_another_cases_number_is_asked_about(void **state)
{
    (void)state;
    say("here", 21, "case.reported", "\"case\":\"E-1\"");
    says(200, "\"accepted\":1");
    says(200, "\"field\":\"case\"");
    says(200, "\"code\":\"case.second\"");
    says(200, "another number of case C-1");
    // It is a case now; what is said of it once more is asked about as a shared number.
    say("here", 22, "case.reported", "\"case\":\"E-1\",\"symptomatic\":true");
    says(200, "\"code\":\"case.number_shared\"");
    say("here", 23, "case.reported", "\"case\":\"C-23\",\"known_as_too\":\"S-1\"");
    says(200, "\"code\":\"case.number_shared\"");
    says(200, "\"field\":\"known_as_too\"");
    say("here", 24, "case.reported", "\"case\":\"C-24\",\"known_as\":\"C-1\"");
    says(200, "\"field\":\"known_as\"");
    // Its own numbers once more say nothing.
    say("here", 25, "case.reported", "\"case\":\"C-25\",\"known_as\":\"E-25\"");
    says(200, "\"warnings\":[]");
    say("here", 26, "case.reported", "\"case\":\"C-25\",\"known_as_too\":\"E-25\"");
    says(200, "\"warnings\":[]");
}

// Whoever does not reach the case is answered as of a number that nobody goes by.
static void a_report_tells_nobody_of_a_case_elsewhere(void **state)
{
    (void)state;
    static const char *const bodies[] = {"\"case\":\"C-31\",\"known_as\":\"Z-31\"",
                                         "\"case\":\"C-32\",\"known_as\":\"E-1\"",
                                         "\"case\":\"C-33\",\"known_as\":\"C-2\"",
                                         "\"case\":\"E-2\""};
    post("lead", "case.reported", "\"case\":\"C-2\",\"known_as\":\"E-2\"");
    for (int i = 0; i < 4; i++) {
        say("there", 31 + i, "case.reported", bodies[i]);
        says(200, "\"accepted\":1");
        says(200, "\"warnings\":[]");
    }
    say("here", 34, "case.reported", "\"case\":\"C-34\",\"known_as\":\"E-2\"");
    says(200, "\"code\":\"case.number_shared\"");
}

#define ASSIGNED(assignment, number)                                                     \
    "\"assignment\":\"" assignment "\",\"user\":\"here\","                               \
    "\"reference\":\"case:" number "\",\"until\":\"2021-12-13T00:00:00+08:00\""

// What an assignment opens is opened by the case's own id.
static void an_assignment_names_a_case_by_its_own_id(void **state)
{
    (void)state;
    say("lead", ++seq, "case.reported",
        "\"case\":\"C-1\",\"known_as\":\"E-1\",\"known_as_too\":\"S-1\"");
    say("lead", ++seq, "assignment.given", ASSIGNED("A-41", "E-1"));
    says(200, "\"refused\":1");
    says(200, "case.number_other");
    says(200, "write the case's own id: C-1");
    says(200, "\"field\":\"reference\"");
    say("lead", seq, "assignment.given", ASSIGNED("A-41", "C-1"));
    says(200, "\"accepted\":1");
    // Of none it is what it was.
    say("lead", ++seq, "assignment.given", ASSIGNED("A-42", "Z-41"));
    says(200, "assignment.reference");
}

// To who does not reach the case the number is one that no case goes by.
static void a_fact_tells_nobody_of_a_case_elsewhere(void **state)
{
    (void)state;
    static const char *const numbers[] = {"Z-9", "E-1", "S-1"};
    for (int i = 0; i < 3; i++) {
        char body[200];
        (void)snprintf(body, sizeof body,
                       "\"case\":\"%s\",\"person\":\"P-3\",\"outbreak\":\"O-1\","
                       "\"how\":\"interview\"",
                       numbers[i]);
        say("there", 1 + i, "contact.named", body);
        says(200, "\"accepted\":1");
        says(200, "\"refused\":0");
        keeps_quiet_of("C-");
        keeps_quiet_of("number");
    }
}

// The same line twice is one fact, whatever has become known since.
static void a_fact_that_came_before_its_case_is_had(void **state)
{
    (void)state;
    say("here", 7, "contact.named", NAMED("L-1"));
    says(200, "\"accepted\":1");
    post("lead", "case.reported",
         "\"case\":\"C-2\",\"person\":\"P-2\",\"known_as\":\"L-1\"");
    say("here", 7, "contact.named", NAMED("L-1"));
    says(200, "\"had\":1");
    say("here", 8, "contact.named", NAMED("L-1"));
    says(200, "another number of case C-2");
    // They wait, and those whose case it is are told so, and how many.
    get("here", "/v1/holes?kind=cases/contacts_wait", NULL);
    says(200, "\"subject\":\"C-2\"");
    get("here", "/v1/views/cases/contacts_wait?number=L-1", NULL);
    says(200, "\"case_id\":\"C-2\"");
    says(200, "\"contacts\":1");
    get("there", "/v1/holes?kind=cases/contacts_wait", NULL);
    keeps_quiet_of("C-2");
    get("there", "/v1/views/cases/contacts_wait?number=L-1", NULL);
    says(200, "\"rows\":[]");
}

// What nobody has told of yet is taken and asked about; a case elsewhere as one that is
// not there, and a place or somebody elsewhere not at all.
static void what_nobody_has_told_of_is_asked_about(void **state)
{
    (void)state;
#define EXPOSED(sender, seq, of)                                                         \
    "{\"device\":\"user/" sender "\",\"seq\":" seq ",\"kind\":\"exposure.recorded\","    \
    "\"at\":\"2021-12-11T05:10:00+08:00\",\"body\":{\"exposure\":\"E-" sender seq        \
    "\",\"person\":\"P-2\",\"kind\":\"care\",\"case\":\"" of "\"}}\n"
#define OF_BODY(sender, seq, kind, body)                                                 \
    "{\"device\":\"user/" sender "\",\"seq\":" seq ",\"kind\":\"" kind                   \
    "\",\"at\":\"2021-12-11T05:10:00+08:00\",\"body\":{" body "}}\n"
#define REACHED "\"outbreak\":\"O-1\",\"person\":\"P-NOBODY\",\"how\":\"phone\""
#define STAYED                                                                           \
    "\"person\":\"P-2\",\"place\":\"M-NOWHERE\","                                        \
    "\"start\":\"2021-12-10T09:00:00+08:00\""
    ask("here", "POST", "/v1/facts?warned=hold", NULL,
        EXPOSED("here", "801", "C-NONE") EXPOSED("here", "802", "C-3")
            EXPOSED("here", "803", "C-1")
                OF_BODY("here", "804", "contact.reached", REACHED)
                    OF_BODY("here", "805", "visit.stated", STAYED));
    says(200, "\"held\":2");
    says(200, "{\"line\":1,\"code\":\"case.unknown_yet\",\"field\":\"case\"");
    says(200, "{\"line\":2,\"code\":\"case.unknown_yet\",\"field\":\"case\"");
    keeps_quiet_of("\"line\":3");
    ask("lead", "POST", "/v1/facts?warned=hold", NULL,
        EXPOSED("lead", "801", "C-NONE") EXPOSED("lead", "802", "C-3")
            OF_BODY("lead", "803", "contact.reached", REACHED)
                OF_BODY("lead", "804", "visit.stated", STAYED)
                    OF_BODY("lead", "805", "case.reported", "\"case\":\"C-NEW\"")
                        EXPOSED("lead", "806", "C-NEW"));
    says(200, "\"held\":3");
    says(200, "{\"line\":1,\"code\":\"case.unknown_yet\",\"field\":\"case\"");
    says(200, "{\"line\":3,\"code\":\"person.unknown_yet\",\"field\":\"person\"");
    says(200, "{\"line\":4,\"code\":\"place.unknown_yet\",\"field\":\"place\"");
    // Isolated before it fell ill, the window of its contacts would be short.
    ask("here", "POST", "/v1/facts?warned=hold", NULL,
        "{\"device\":\"user/here\",\"seq\":811,\"kind\":\"case.isolated\","
        "\"at\":\"2021-12-09T23:00:00+08:00\",\"body\":{\"case\":\"C-1\","
        "\"where\":\"hospital\"}}\n"
        "{\"device\":\"user/here\",\"seq\":812,\"kind\":\"case.isolated\","
        "\"at\":\"2021-12-10T07:00:00+08:00\",\"body\":{\"case\":\"C-1\","
        "\"where\":\"hospital\"}}\n");
    says(200, "\"held\":1");
    says(200, "{\"line\":1,\"code\":\"case.isolated_before_onset\",\"field\":\"at\"");
#undef STAYED
#undef REACHED
#undef OF_BODY
#undef EXPOSED
}

// A page names fields and words in its own words: of a refusal it has them as they are.
static void a_refused_line_says_its_detail_and_which_fields(void **state)
{
    (void)state;
    ask("lead", "POST", "/v1/facts", NULL,
        "{\"device\":\"user/lead\",\"seq\":821,\"kind\":\"encounter.named\","
        "\"at\":\"2021-12-11T05:10:00+08:00\",\"body\":{\"a\":\"P-1\",\"b\":\"P-1\","
        "\"start\":\"2021-12-10T09:00:00+08:00\","
        "\"end\":\"2021-12-10T10:00:00+08:00\"}}\n"
        "{\"device\":\"user/lead\",\"seq\":822,\"kind\":\"case.isolated\","
        "\"at\":\"2021-12-11T05:10:00+08:00\",\"body\":{\"case\":\"C-1\","
        "\"where\":\"nowhere\"}}\n");
    says(200, "\"code\":\"fact.differ\",\"field\":\"b\"");
    says(200, "\"params\":{\"first\":\"a\",\"second\":\"b\"}");
    says(200, "\"detail\":\"it may be: ");
    says(200, "\"params\":{\"words\":\"");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_look_up_takes_any_number_of_a_case),
        cmocka_unit_test(a_case_is_a_source_once_by_whichever_number),
        cmocka_unit_test(who_sees_sums_asks_by_any_number_too),
        cmocka_unit_test(a_look_is_noted_at_the_cases_own_id),
        cmocka_unit_test(of_several_cases_those_are_named_whom_one_reaches),
        cmocka_unit_test(a_number_of_a_case_elsewhere_is_as_one_of_none),
        cmocka_unit_test(a_fact_names_a_case_by_its_own_id),
        cmocka_unit_test(a_fact_tells_nobody_of_a_case_elsewhere),
        cmocka_unit_test(a_fact_that_came_before_its_case_is_had),
        cmocka_unit_test(an_own_id_comes_first),
        cmocka_unit_test(an_assignment_names_a_case_by_its_own_id),
        cmocka_unit_test(what_nobody_has_told_of_is_asked_about),
        cmocka_unit_test(a_refused_line_says_its_detail_and_which_fields),
        cmocka_unit_test(a_report_tells_nobody_of_a_case_elsewhere),
        cmocka_unit_test(a_report_under_another_cases_number_is_asked_about),
    };
    return cmocka_run_group_tests(tests, begin_numbered, end);
}
