// The work list of a case and where it was, over HTTP: what facts make of them, step by
// step, and what has to be asked before a stay that is told becomes one.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/asked_city.h"

#define TRACING(id) "ref=case:" id "; purpose=trace-contacts"

static size_t rows_of(const char *array)
{
    json_t *json = json_loads(client_body(&answer), 0, NULL);
    assert_non_null(json);
    size_t count = json_array_size(json_object_get(json, array));
    json_decref(json);
    return count;
}

static size_t looks(void)
{
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    get("auditor", "/v1/views/register/looks?limit=1000", NULL);
    says(200, "\"rows\":");
    return rows_of("rows");
}

static void a_case_was_where_records_and_people_say(void **state)
{
    (void)state;
    get("here", "/v1/stays?case=C-1", TRACING("C-1"));
    says(200, "{\"place\":\"M-1\",\"place_kind\":\"market\","
              "\"start\":\"2021-12-10T09:00:00+08:00\","
              "\"end\":\"2021-12-10T11:00:00+08:00\",\"stated\":false,\"told_by\":[],"
              "\"facts\":[]}");
    says(200, "\"infectious_from\":\"2021-12-08T00:00:00+08:00\"");
    ask("other-lead", "POST", "/v1/facts", NULL,
        "{\"device\":\"user/other-lead\",\"seq\":9,\"kind\":\"visit.stated\","
        "\"at\":\"2021-12-11T05:09:00+08:00\",\"body\":{\"person\":\"P-1\","
        "\"place\":\"M-1\",\"start\":\"2021-12-09T22:00:00+08:00\","
        "\"end\":\"2021-12-10T01:00:00+08:00\"}}\n");
    says(200, "\"accepted\":1");
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    get("here", "/v1/stays?case=C-1", TRACING("C-1"));
    says(200, "\"end\":\"2021-12-10T00:00:00+08:00\",\"stated\":true,\"told_by\":[],"
              "\"facts\":[{");
    says(200, "\"end\":\"2021-12-10T01:00:00+08:00\",\"stated\":true,\"told_by\":[],"
              "\"facts\":[{");
    says(200, "\"end\":\"2021-12-10T11:00:00+08:00\",\"stated\":false,\"told_by\":[],"
              "\"facts\":[]}");
    // By another's book: said, and not for who asks to correct.
    says(200, "\"facts\":[{\"device\":\"user/other-lead\",\"seq\":9,\"may_amend\":false,"
              "\"said\":{\"person\":\"P-1\",\"place\":\"M-1\","
              "\"start\":\"2021-12-09T22:00:00+08:00\","
              "\"end\":\"2021-12-10T01:00:00+08:00\"},\"instead_of\":[]}]}");
    get("here", "/v1/stays?case=C-3", TRACING("C-3"));
    says(404, "http.not_found");
    get("commander", "/v1/stays?case=C-1", TRACING("C-1"));
    says(404, "http.not_found");
}

// A stay of P-1 over midnight, told by whom `more` says.
static void state_stay(int seq, const char *more)
{
    char line[400];
    snprintf(line, sizeof line,
             "{\"device\":\"user/here\",\"seq\":%d,\"kind\":\"visit.stated\","
             "\"at\":\"2021-12-11T05:09:00+08:00\",\"body\":{\"person\":\"P-1\","
             "\"place\":\"M-1\",\"start\":\"2021-12-08T22:30:00+08:00\","
             "\"end\":\"2021-12-09T01:30:00+08:00\"%s}}\n",
             seq, more);
    ask("here", "POST", "/v1/facts", NULL, line);
    says(200, "\"accepted\":1");
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
}

// Of a stay that several tell, each piece says whose word it is; a word that is not of
// the list is refused, and one that was taken back is no longer there.
static void a_stay_says_whose_word_it_is(void **state)
{
    (void)state;
    state_stay(1, ",\"told_by\":\"camera\"");
    state_stay(2, ",\"told_by\":\"spouse\"");
    state_stay(3, "");
    get("here", "/v1/stays?case=C-1", TRACING("C-1"));
    says(200, "\"end\":\"2021-12-09T00:00:00+08:00\",\"stated\":true,"
              "\"told_by\":[\"spouse\",\"camera\"],\"facts\":[{");
    says(200, "\"end\":\"2021-12-09T01:30:00+08:00\",\"stated\":true,"
              "\"told_by\":[\"spouse\",\"camera\"],\"facts\":[{");
    get("here", "/v1/stays?case=C-1&format=csv", TRACING("C-1"));
    says(200, "place,place_kind,start,end,stated,told_by");
    says(200, "2021-12-09T01:30:00+08:00,yes,\"[\"\"spouse\"\",\"\"camera\"\"]\"");
    ask("here", "POST", "/v1/facts", NULL,
        "{\"device\":\"user/here\",\"seq\":4,\"kind\":\"fact.withdrawn\","
        "\"at\":\"2021-12-11T05:12:00+08:00\",\"body\":{\"device\":\"user/here\","
        "\"seq\":2,\"reason\":\"not_them\"}}\n"
        "{\"device\":\"user/here\",\"seq\":5,\"kind\":\"visit.stated\","
        "\"at\":\"2021-12-11T05:12:00+08:00\",\"body\":{\"person\":\"P-1\","
        "\"place\":\"M-1\",\"start\":\"2021-12-08T22:30:00+08:00\","
        "\"told_by\":\"rumour\"}}\n");
    says(200, "\"accepted\":1");
    says(200, "told_by");
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    get("here", "/v1/stays?case=C-1", TRACING("C-1"));
    says(200, "\"end\":\"2021-12-09T01:30:00+08:00\",\"stated\":true,"
              "\"told_by\":[\"camera\"],\"facts\":[{");
}

// Another fact takes the place of what was said wrongly, with the reason; a stay that
// runs into it is one with it, and both facts are there to be corrected.
static void a_stay_is_corrected_by_another_fact(void **state)
{
    (void)state;
    state_stay(7, "");
    ask("here", "POST", "/v1/facts", NULL,
        "{\"device\":\"user/here\",\"seq\":8,\"kind\":\"visit.stated\","
        "\"at\":\"2021-12-11T05:20:00+08:00\","
        "\"instead_of\":{\"device\":\"user/here\",\"seq\":7},\"body\":{"
        "\"person\":\"P-1\",\"place\":\"M-1\",\"start\":\"2021-12-08T14:00:00+08:00\","
        "\"end\":\"2021-12-08T15:00:00+08:00\",\"reason\":\"day mistaken\"}}\n"
        "{\"device\":\"user/here\",\"seq\":9,\"kind\":\"visit.stated\","
        "\"at\":\"2021-12-11T05:21:00+08:00\",\"body\":{"
        "\"person\":\"P-1\",\"place\":\"M-1\",\"start\":\"2021-12-08T14:30:00+08:00\","
        "\"end\":\"2021-12-08T16:00:00+08:00\"}}\n");
    says(200, "\"accepted\":2");
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    get("here", "/v1/stays?case=C-1", TRACING("C-1"));
    says(200, "\"seq\":8,\"may_amend\":true,");
    says(200, "\"reason\":\"day mistaken\"},"
              "\"instead_of\":[{\"device\":\"user/here\",\"seq\":7}]}");
    says(200, "\"seq\":9,\"may_amend\":true,");
    assert_null(strstr(client_body(&answer), "\"seq\":7,"));
    get("here", "/v1/stays?case=C-1&format=csv", TRACING("C-1"));
    says(200, "2021-12-08T14:00:00+08:00");
}

static void what_people_say_is_offered_and_kept_nowhere(void **state)
{
    (void)state;
    size_t before = looks();
    ask("here", "POST", "/v1/stays/parse", NULL,
        "{\"text\":\"12月9日上午10点左右在万石菜市场,停留约20分钟\"}");
    says(200, "\"place\":\"万石菜市场\"");
    says(200, "\"start\":\"2021-12-09T10:00\",\"end\":\"2021-12-09T10:20\"");
    says(200, "\"asks\":[]");
    ask("here", "POST", "/v1/stays/parse", NULL,
        "{\"text\":\"9/12 10:00 in a shop\",\"today\":\"2021-12-20\"}");
    says(200, "\"asks\":[\"day_order\",\"end\"]");
    says(200, "\"start\":null");
    assert_int_equal(looks(), before);
    ask("here", "POST", "/v1/stays/parse", NULL, "{\"text\":1}");
    says(400, "http.field");
    ask("here", "POST", "/v1/stays/parse", NULL, "{\"text\":\"\",\"today\":\"9/12\"}");
    says(400, "http.field");
    ask("guard", "POST", "/v1/stays/parse", NULL, "{\"text\":\"\"}");
    says(404, "http.not_found");
}

static void work(const char *who, const char *purpose, const char *body)
{
    ask(who, "POST", "/v1/work", purpose, body);
}

static void a_work_list_is_of_the_referenced_case_with_evidence(void **state)
{
    (void)state;
    size_t before = looks();
    work("here", TRACING("C-1"), "{\"case\":\"C-1\"}");
    says(200, "\"place\":1,\"person\":\"P-2\",\"contact\":null,\"state\":\"suggested\"");
    says(200, "\"suggested\":true");
    says(200, "1 h in the same market");
    says(200, "\"to_call\":1");
    assert_int_equal(looks(), before + 1);
    work("here", TRACING("C-1"), "{\"case\":\"C-2\"}");
    says(400, "look.other_case");
    work("here", TRACING("C-2"), "{\"case\":\"C-2\"}");
    says(409, "look.no_evidence");
    work("here", NULL, "{\"case\":\"C-1\"}");
    says(400, "look.needed");
    work("commander", NULL, "{\"case\":\"C-1\"}");
    says(200, "\"suggested\":1");
    keeps_quiet_of("P-2");
    work("guard", NULL, "{\"case\":\"C-1\"}");
    says(404, "http.not_found");
}

static void a_work_list_refuses_what_it_does_not_understand(void **state)
{
    (void)state;
    static const char *const bodies[] = {"{}",
                                         "{\"case\":1}",
                                         "{\"case\":\"C-1\",\"limit\":0}",
                                         "{\"case\":\"C-1\",\"generations\":3}",
                                         "{\"case\":\"C-1\",\"more\":1}",
                                         "{\"case\":\"C-1\",\"seen\":[\"P-2\"]}",
                                         "{\"case\":\"C-1\",\"texts\":\"none\"}"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        work("here", TRACING("C-1"), bodies[i]);
        assert_int_equal(answer.status, 400);
    }
}

static void tell(int seq, const char *kind, const char *fields)
{
    char body[512];
    snprintf(body, sizeof body,
             "{\"device\":\"user/other-lead\",\"seq\":%d,\"kind\":\"%s\","
             "\"at\":\"2021-12-11T05:0%d:00+08:00\",\"body\":{%s}}\n",
             seq, kind, seq, fields);
    ask("other-lead", "POST", "/v1/facts", NULL, body);
    says(200, "\"accepted\":1");
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
}

// A browser keeps no book: it asks where its user's stands.
static void a_post_without_lines_says_the_next_number_of_the_book(void **state)
{
    (void)state;
    ask("other-lead", "POST", "/v1/facts", NULL, "");
    says(200, "\"received\":0");
    says(200, "\"next\":10}");
    ask("here", "POST", "/v1/facts", NULL, "");
    says(200, "\"next\":1}");
}

// All are refused and counted; the first hundred say why, or as many as are asked for.
static void a_reply_lists_100_refusals_or_as_many_as_are_asked_for(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        size_t listed;
    } asked[] = {{"/v1/facts", 100},
                 {"/v1/facts?refusals=0", 0},
                 {"/v1/facts?refusals=1", 1},
                 {"/v1/facts?refusals=101&warned=hold", 101},
                 {"/v1/facts?refusals=1000", 1000}};
    enum { lines = 1001, line_bytes = sizeof "{}\n" - 1 };
    static char body[lines * line_bytes + 1];
    for (size_t i = 0; i < lines; i++)
        memcpy(body + i * line_bytes, "{}\n", line_bytes);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        ask("here", "POST", asked[i].path, NULL, body);
        says(200, "\"refused\":1001,");
        assert_int_equal(rows_of("refusals"), asked[i].listed);
    }
    ask("here", "POST", "/v1/facts?refusals=1001", NULL, body);
    says(400, "http.parameter_wrong");
    ask("here", "POST", "/v1/facts?refusals=-1", NULL, body);
    says(400, "http.parameter_wrong");
}

static void tell_at(int seq, const char *kind, const char *fields)
{
    char body[512];
    snprintf(body, sizeof body,
             "{\"device\":\"user/other-lead\",\"seq\":%d,\"kind\":\"%s\","
             "\"at\":\"2021-12-11T05:12:%02d+08:00\",\"body\":{%s}}\n",
             seq, kind, seq - 40, fields);
    ask("other-lead", "POST", "/v1/facts", NULL, body);
    says(200, "\"accepted\":1");
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
}

// Two ids that were said to be one person are called once, as far as either was; what is
// taken back parts them.
static void ids_of_one_person_are_one_row_of_the_list(void **state)
{
    (void)state;
    tell_at(41, "contact.confirmed",
            "\"case\":\"C-1\",\"person\":\"P-91\",\"outbreak\":\"O-1\",\"level\":"
            "\"close\",\"judgement\":\"z\"");
    work("here", TRACING("C-1"), "{\"case\":\"C-1\"}");
    says(200, "\"person\":\"P-91\",\"contact\":null,\"state\":\"confirmed\"");
    says(200, "\"person\":\"P-2\",\"contact\":null,\"state\":\"reached\"");
    tell_at(42, "person.same", "\"a\":\"P-2\",\"b\":\"P-91\"");
    work("here", TRACING("C-1"), "{\"case\":\"C-1\"}");
    says(200, "\"state\":\"reached\"");
    bool first = strstr(answer.bytes, "\"person\":\"P-2\"") != NULL;
    bool second = strstr(answer.bytes, "\"person\":\"P-91\"") != NULL;
    assert_true(first != second);
    keeps_quiet_of("\"state\":\"confirmed\"");
    // Nobody was lost by it.
    says(200, "\"gone\":[]");
    tell_at(43, "person.not_same", "\"a\":\"P-2\",\"b\":\"P-91\"");
    work("here", TRACING("C-1"), "{\"case\":\"C-1\"}");
    says(200, "\"person\":\"P-91\",\"contact\":null,\"state\":\"confirmed\"");
    says(200, "\"person\":\"P-2\",\"contact\":null,\"state\":\"reached\"");
}

// One list from being suggested to being reached, as each fact arrives.
static void a_work_list_follows_facts_and_says_what_changed(void **state)
{
    (void)state;
    tell(1, "contact.unidentified",
         "\"contact\":\"X-1\",\"case\":\"C-1\",\"outbreak\":\"O-1\",\"description\":"
         "\"z\"");
    work("here", TRACING("C-1"), "{\"case\":\"C-1\"}");
    says(200,
         "{\"place\":1,\"person\":null,\"contact\":\"X-1\",\"state\":\"unidentified\","
         "\"level\":\"close\",\"change\":null,\"changes\":[]");
    says(200, "\"reviewed_at\":null,\"gone_count\":0,");
    tell(2, "contact.confirmed",
         "\"case\":\"C-1\",\"person\":\"P-2\",\"outbreak\":\"O-1\",\"level\":\"close\","
         "\"judgement\":\"z\"");
    work("here", TRACING("C-1"), "{\"case\":\"C-1\"}");
    says(200, "{\"place\":2,\"person\":\"P-2\",\"contact\":null,\"state\":\"confirmed\","
              "\"level\":\"close\",\"change\":\"same\",\"changes\":[],\"was\":0,"
              "\"reviewed_at\":null,\"suggested\":true");
    tell(3, "contact.attempted",
         "\"person\":\"P-2\",\"outbreak\":\"O-1\",\"result\":\"no_answer\"");
    work("here", TRACING("C-1"), "{\"case\":\"C-1\"}");
    says(200, "\"attempts\":1,\"attempted_at\":\"2021-12-11T05:03:00+08:00\","
              "\"attempt\":\"no_answer\"");
    tell(4, "contact.reached",
         "\"person\":\"P-2\",\"outbreak\":\"O-1\",\"how\":\"phone\"");
    work("here", TRACING("C-1"), "{\"case\":\"C-1\"}");
    says(200, "{\"place\":0,\"person\":\"P-2\",\"contact\":null,\"state\":\"reached\","
              "\"level\":\"close\",\"change\":\"same\"");
    says(200, "\"worked_at\":\"2021-12-11T05:04:00+08:00\"");
    says(200, "\"to_call\":1");
    ask("here", "POST", "/v1/work?format=csv", TRACING("C-1"), "{\"case\":\"C-1\"}");
    says(200, "place,person,contact,state");
}

// Somebody went through the list as it stood before P-2 was reached, and with one whom it
// has not: everybody is told the same, and as often as they ask.
static void what_changed_is_told_to_everybody_alike(void **state)
{
    (void)state;
#define STOOD "\"case\":\"C-1\",\"outbreak\":\"O-1\",\"level\":\"close\","
    tell_at(81, "contact.reviewed", STOOD "\"contact\":\"X-1\",\"rank\":1");
    tell_at(82, "contact.reviewed", STOOD "\"person\":\"P-2\",\"rank\":2,\"seconds\":60");
    tell_at(83, "contact.reviewed", STOOD "\"person\":\"P-77\",\"rank\":3");
#undef STOOD
    for (int i = 0; i < 2; i++) {
        work(i == 0 ? "here" : "other-lead", TRACING("C-1"), "{\"case\":\"C-1\"}");
        says(200,
             "\"state\":\"reached\",\"level\":\"close\",\"change\":\"done\",\"changes\":"
             "[\"done\",\"exposure\"],\"was\":2,"
             "\"reviewed_at\":\"2021-12-11T05:12:42+08:00\"");
        says(200, "\"contact\":\"X-1\",\"state\":\"unidentified\",\"level\":\"close\","
                  "\"change\":\"same\",\"changes\":[],\"was\":1");
        says(200, "\"gone\":[{\"person\":\"P-77\",\"contact\":null,"
                  "\"identified\":null,\"reviewed_at\":\"2021-12-11T05:12:43+08:00\"}]");
    }
}

static void post_notice(int seq, const char *id, const char *span)
{
    char body[512];
    snprintf(body, sizeof body,
             "{\"device\":\"user/other-lead\",\"seq\":%d,\"kind\":\"notice.published\","
             "\"at\":\"2021-12-11T05:10:00+08:00\",\"body\":{\"notice\":\"%s\","
             "\"place\":\"M-1\",%s\"advice\":\"come and be sampled\"}}\n",
             seq, id, span);
    ask("other-lead", "POST", "/v1/facts", NULL, body);
    says(200, "\"accepted\":1");
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
}

// Day and month that were swapped: nothing is refused, for symptoms may come after the
// report, but whoever said so is asked.
static void an_onset_after_the_report_is_asked_about(void **state)
{
    (void)state;
#define ILL(seq, onset)                                                                  \
    "{\"device\":\"user/other-lead\",\"seq\":" seq ",\"kind\":\"case.reported\","        \
    "\"at\":\"2021-12-11T05:10:00+08:00\",\"body\":{\"case\":\"C-T\",\"outbreak\":"      \
    "\"O-1\",\"onset\":\"" onset "T08:00:00+08:00\"}}\n"
    ask("other-lead", "POST", "/v1/facts", NULL, ILL("31", "2021-12-12"));
    says(200, "\"accepted\":1");
    says(200, "\"warnings\":[{\"line\":1,\"code\":\"case.onset_after_report\",\"field\":"
              "\"onset\",\"reason\":");
    ask("other-lead", "POST", "/v1/facts", NULL, ILL("32", "2021-12-10"));
    says(200, "\"warnings\":[]");
#undef ILL
}

// Whoever publishes a notice is told when whoever reads it may guess the case.
static void a_notice_of_a_place_where_one_case_was_is_warned_of(void **state)
{
    (void)state;
    static const char *const morning =
        "\"from\":\"2021-12-10T09:00:00+08:00\",\"until\":\"2021-12-10T12:00:00+08:00\",";
    static const char *const evening =
        "\"from\":\"2021-12-10T12:00:00+08:00\",\"until\":\"2021-12-10T20:00:00+08:00\",";
    post_notice(10, "N-0", morning); // nobody is known there yet
    says(200, "\"warnings\":[{\"line\":1,\"code\":\"notice.one_case\",\"field\":"
              "\"place\",\"reason\":");
    tell(5, "place.exposed",
         "\"case\":\"C-1\",\"place\":\"M-1\",\"from\":\"2021-12-10T09:00:00+08:00\","
         "\"until\":\"2021-12-10T12:00:00+08:00\"");
    post_notice(11, "N-1", morning);
    says(200, "notice.one_case");
    says(200, "\"refused\":0");
    tell(6, "place.exposed",
         "\"case\":\"C-2\",\"place\":\"M-1\",\"from\":\"2021-12-10T09:00:00+08:00\","
         "\"until\":\"2021-12-10T12:00:00+08:00\"");
    // Held, it is as if it had not been sent.
    ask("other-lead", "POST", "/v1/facts?warned=hold", NULL,
        "{\"device\":\"user/other-lead\",\"seq\":15,\"kind\":\"notice.published\","
        "\"at\":\"2021-12-11T05:10:00+08:00\",\"body\":{\"notice\":\"N-H\","
        "\"place\":\"M-1\",\"advice\":\"stay\",\"from\":\"2021-12-10T12:00:00+08:00\","
        "\"until\":\"2021-12-10T20:00:00+08:00\"}}\n"
        "{\"device\":\"user/other-lead\",\"seq\":16,\"kind\":\"person.registered\","
        "\"at\":\"2021-12-11T05:10:00+08:00\",\"body\":{\"person\":\"P-77\"}}\n");
    says(200, "\"received\":2,\"accepted\":1,\"had\":0,\"refused\":0,\"held\":1");
    says(200, "\"warnings\":[{\"line\":1,\"code\":\"notice.one_case\"");
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    get("other-lead", "/v1/views/cases/notices", NULL);
    keeps_quiet_of("N-H");
    post_notice(12, "N-2", morning);
    says(200, "\"warnings\":[]");
    post_notice(13, "N-3", evening); // both had left by noon
    says(200, "notice.one_case");
    post_notice(14, "N-4", "");
    says(200, "\"warnings\":[]");
    get("other-lead", "/v1/views/cases/notices", NULL);
    says(200, "\"cases_there\":2");
    says(200, "\"cases_there\":0");
    keeps_quiet_of("C-1");
}

static void report(int seq, const char *what)
{
    char body[512];
    snprintf(body, sizeof body,
             "{\"device\":\"user/resident\",\"seq\":%d,\"kind\":\"self.reported\","
             "\"at\":\"2021-12-11T05:20:00+08:00\",\"body\":{\"report\":\"R-%d\","
             "\"person\":\"P-1\",%s}}\n",
             seq, seq, what);
    ask("resident", "POST", "/v1/facts?lang=en", NULL, body);
    says(200, "\"accepted\":1");
}

// Who says something of themselves is answered at once, from what was published alone: a
// place that nobody has published is not found out by asking.
static void who_reports_of_themselves_is_answered_at_once(void **state)
{
    (void)state;
    static const char *const there = "\"about\":\"visit\",\"place\":\"M-1\",\"happened\":"
                                     "\"2021-12-10T10:00:00+08:00\"";
    report(1, there);
    says(200, "\"answers\":[{\"line\":1,\"code\":\"report.published\"");
    says(200, "come for a test");
    keeps_quiet_of("C-1");
    // Exposed, and not published; nowhere; and in words alone: one answer.
    tell(7, "place.exposed", "\"case\":\"C-1\",\"place\":\"H-1\"");
    report(2, "\"about\":\"visit\",\"place\":\"H-1\",\"happened\":\"2021-12-10T10:00:00+"
              "08:00\"");
    says(200, "\"code\":\"report.noted\"");
    report(3, "\"about\":\"visit\",\"place\":\"NONE\",\"happened\":\"2021-12-10T10:00:00+"
              "08:00\"");
    says(200, "\"code\":\"report.noted\"");
    says(200, "does not say that there is no risk");
    report(4, "\"about\":\"arrival\",\"happened\":\"2021-12-10T10:00:00+08:00\"");
    says(200, "\"code\":\"report.noted\"");
    // Symptoms go before all else.
    report(5, "\"about\":\"symptom\",\"place\":\"M-1\",\"happened\":\"2021-12-10T10:00:"
              "00+08:00\"");
    says(200, "\"code\":\"report.symptom\"");
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    // Whoever answers them sees what the reporter was told it matches.
    get("lead", "/v1/views/cases/self_reports", TRACING("C-1"));
    says(200, "\"report_id\":\"R-1\",");
    says(200, "\"matches\":2,\"notices\":4,");
    says(200, "\"matches\":1,\"notices\":0,");
    says(200, "\"matches\":0,\"notices\":0,");
    get("resident", "/v1/me/reports", NULL);
    says(200, "\"report_id\":\"R-1\",\"about\":\"visit\",\"place\":\"M-1\"");
    says(200, "\"answered_at\":null,\"answer\":null");
    assert_int_equal(rows_of("rows"), 5);
    // What a person answers stands there, too, and until then it is a hole.
    tell(8, "self.answered", "\"report\":\"R-1\",\"answer\":\"come_for_test\"");
    get("resident", "/v1/me/reports", NULL);
    says(200, "\"answer\":\"come_for_test\"");
    get("here", "/v1/me/reports", NULL);
    says(404, "");
}

// Everybody may read what was published; a home that was published by mistake only those
// who can withdraw it, and nobody when its outbreak is over.
static void what_was_published_is_for_everybody(void **state)
{
    (void)state;
    get("resident", "/v1/notices", NULL);
    says(200, "\"place\":\"M-1\"");
    says(200, "\"advice\":\"come and be sampled\"");
    keeps_quiet_of("cases_there");
    size_t before = rows_of("rows");
    tell_at(
        61, "notice.published",
        "\"notice\":\"N-9\",\"place\":\"H-1\",\"advice\":\"stay\",\"outbreak\":\"O-1\"");
    get("resident", "/v1/notices", NULL);
    assert_int_equal(rows_of("rows"), before);
    get("other-lead", "/v1/views/cases/notices", NULL);
    says(200, "N-9");
}

// The case has no outbreak of its own: it is of that in which its contacts were named,
// and what is done there is done for everybody on its list.
static void a_call_counts_in_the_outbreak_that_was_typed(void **state)
{
    (void)state;
    ask("lead", "POST", "/v1/facts", NULL,
        "{\"device\":\"user/lead\",\"seq\":921,\"kind\":\"contact.reached\","
        "\"at\":\"2021-12-11T05:01:00+08:00\",\"body\":{\"person\":\"P-2\","
        "\"outbreak\":\"O-5\",\"how\":\"phone\"}}\n");
    says(200, "\"accepted\":1");
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    work("here", TRACING("C-1"), "{\"case\":\"C-1\"}");
    says(200, "\"reached_at\":null");
    get("lead", "/v1/views/cases/milestones?case_id=C-1", NULL);
    says(200, "\"outbreak\":null");
    ask("lead", "POST", "/v1/facts", NULL,
        "{\"device\":\"user/lead\",\"seq\":922,\"kind\":\"contact.named\","
        "\"at\":\"2021-12-11T05:02:00+08:00\",\"body\":{\"case\":\"C-1\","
        "\"person\":\"P-96\",\"outbreak\":\"O-5\",\"how\":\"lookup\"}}\n");
    says(200, "\"accepted\":1");
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    work("there", TRACING("C-1"), "{\"case\":\"C-1\"}");
    says(404, "");
    work("here", TRACING("C-1"), "{\"case\":\"C-1\"}");
    says(200, "\"reached_at\":\"2021-12-11T05:01:00+08:00\"");
    get("lead", "/v1/views/cases/milestones?outbreak=O-5", NULL);
    says(200, "\"case_id\":\"C-1\",\"outbreak\":\"O-5\"");
    // Nor does an outbreak seem to owe nothing that nobody said of its case.
    get("commander", "/v1/views/tracing/bottomed_out?outbreak=O-5&part=contacts_judged",
        NULL);
    says(200, "\"holds\":false,\"open\":1");
    ask("lead", "POST", "/v1/facts", NULL,
        "{\"device\":\"user/lead\",\"seq\":923,\"kind\":\"fact.withdrawn\","
        "\"at\":\"2021-12-11T05:03:00+08:00\",\"body\":{\"device\":"
        "\"user/lead\",\"seq\":921,\"reason\":\"x\"}}\n"
        "{\"device\":\"user/lead\",\"seq\":924,\"kind\":\"fact.withdrawn\","
        "\"at\":\"2021-12-11T05:03:00+08:00\",\"body\":{\"device\":"
        "\"user/lead\",\"seq\":922,\"reason\":\"x\"}}\n");
    says(200, "\"accepted\":2");
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
}

// Who is called has a name and a number: those of the register, of whom one reaches.
static void a_work_list_has_names_for_those_whom_one_reaches(void **state)
{
    (void)state;
    tell_at(71, "person.registered",
            "\"person\":\"P-4\",\"name\":\"丁\",\"grid\":\"320282001\"");
    tell_at(72, "contact.confirmed",
            "\"case\":\"C-1\",\"person\":\"P-4\",\"outbreak\":\"O-1\",\"level\":"
            "\"close\",\"judgement\":\"z\"");
    size_t before = looks();
    work("here", TRACING("C-1"), "{\"case\":\"C-1\"}");
    says(200, "\"person\":\"P-4\"");
    keeps_quiet_of("\"names\"");
    work("here", TRACING("C-1"), "{\"case\":\"C-1\",\"names\":true}");
    says(200, "\"person\":\"P-4\"");
    says(200, "\"names\":[{\"person\":\"P-2\",\"name\":\"乙\",\"phone\":null}]");
    keeps_quiet_of("丁");
    assert_int_equal(looks(), before + 2);
    work("lead", TRACING("C-1"), "{\"case\":\"C-1\",\"names\":true}");
    says(200, "{\"person\":\"P-4\",\"name\":\"丁\",\"phone\":null}");
    work("commander", NULL, "{\"case\":\"C-1\",\"names\":true}");
    says(200, "\"count\":");
    keeps_quiet_of("\"names\"");
    work("here", TRACING("C-1"), "{\"case\":\"C-1\",\"names\":\"yes\"}");
    says(400, "http.field");
}

// Nobody is a contact of their own case: not by an id of which it was said later that it
// is theirs, until that is taken back.
static void who_is_the_case_is_no_row_of_its_list(void **state)
{
    (void)state;
    tell_at(73, "contact.confirmed",
            "\"case\":\"C-1\",\"person\":\"P-92\",\"outbreak\":\"O-1\",\"level\":"
            "\"close\",\"judgement\":\"z\"");
    work("here", TRACING("C-1"), "{\"case\":\"C-1\"}");
    says(200, "\"person\":\"P-92\"");
    tell_at(74, "person.same", "\"a\":\"P-1\",\"b\":\"P-92\"");
    work("here", TRACING("C-1"), "{\"case\":\"C-1\"}");
    says(200, "\"person\":\"P-2\"");
    keeps_quiet_of("\"P-92\"");
    keeps_quiet_of("\"P-1\"");
    // Told of by hand they are refused, and a meeting of the two is asked about.
    ask("other-lead", "POST", "/v1/facts", NULL,
        "{\"device\":\"user/other-lead\",\"seq\":901,\"kind\":\"contact.named\","
        "\"at\":\"2021-12-11T05:10:00+08:00\",\"body\":{\"case\":\"C-1\","
        "\"person\":\"P-92\",\"outbreak\":\"O-1\",\"how\":\"interview\"}}\n"
        "{\"device\":\"user/other-lead\",\"seq\":902,\"kind\":\"encounter.named\","
        "\"at\":\"2021-12-11T05:10:00+08:00\",\"body\":{\"a\":\"P-1\","
        "\"b\":\"P-92\",\"start\":\"2021-12-10T09:00:00+08:00\","
        "\"end\":\"2021-12-10T10:00:00+08:00\"}}\n");
    says(200, "\"accepted\":1");
    says(200, "\"code\":\"contact.oneself\"");
    says(200, "\"code\":\"encounter.oneself\",\"field\":\"b\"");
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    tell_at(75, "person.not_same", "\"a\":\"P-1\",\"b\":\"P-92\"");
    work("here", TRACING("C-1"), "{\"case\":\"C-1\"}");
    says(200, "\"person\":\"P-92\"");
}

// What was known of somebody before it was known who they are stands beside their name.
static void who_was_identified_brings_what_was_known(void **state)
{
    (void)state;
    tell_at(76, "contact.unidentified",
            "\"contact\":\"X-3\",\"case\":\"C-1\",\"outbreak\":\"O-1\",\"level\":"
            "\"secondary\",\"description\":\"z\",\"exposed_from\":"
            "\"2021-12-10T08:05:00+08:00\",\"exposed_until\":"
            "\"2021-12-10T08:20:00+08:00\"");
    tell_at(77, "contact.identified",
            "\"contact\":\"X-3\",\"case\":\"C-1\",\"outbreak\":\"O-1\",\"person\":"
            "\"P-93\"");
    work("here", TRACING("C-1"), "{\"case\":\"C-1\"}");
    says(200, "\"person\":\"P-93\",\"contact\":null,\"state\":\"named\","
              "\"level\":\"secondary\"");
    says(200, "\"exposed_until\":\"2021-12-10T08:20:00+08:00\"");
    keeps_quiet_of("X-3");
}

// Whom nobody knows is looked for by what was said of them: by those who see the row, in
// the words in which it was said, as far as these are words.
static void who_is_not_known_is_described_in_words(void **state)
{
    (void)state;
    static char body[3000], long_words[2001];
    memset(long_words, 'z', sizeof long_words - 1);
#define UNKNOWN(seq, contact)                                                            \
    "{\"device\":\"user/other-lead\",\"seq\":" seq                                       \
    ",\"kind\":\"contact.unidentified\",\"at\":\"2021-12-11T05:13:00+08:00\","           \
    "\"body\":{\"contact\":\"" contact "\",\"case\":\"C-1\",\"outbreak\":\"O-1\","       \
    "\"description\":\"%s\"}}\n"
    snprintf(body, sizeof body, UNKNOWN("911", "X-11") UNKNOWN("912", "X-12"), long_words,
             "one\\nDone");
    ask("other-lead", "POST", "/v1/facts", NULL, body);
    says(200, "\"accepted\":0");
    says(200, "\"refused\":2");
    snprintf(body, sizeof body, UNKNOWN("913", "X-13") UNKNOWN("914", "X-14"),
             "穿蓝色外套的女子, 3排 </p><b> \\\"q\\\"", "red\\u202Etah");
#undef UNKNOWN
    ask("other-lead", "POST", "/v1/facts", NULL, body);
    says(200, "\"accepted\":2");
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    work("here", TRACING("C-1"), "{\"case\":\"C-1\"}");
    says(200, "\"contact\":\"X-13\",\"state\":\"unidentified\"");
    says(200, "\"description\":\"穿蓝色外套的女子, 3排 </p><b> \\\"q\\\"\"}");
    says(200, "\"description\":\"red\xE2\x80\xAEtah\"}");
    says(200, "\"description\":null}"); // of a person
    keeps_quiet_of("\"X-11\"");
    ask("here", "POST", "/v1/work?format=csv", TRACING("C-1"), "{\"case\":\"C-1\"}");
    says(200, ",dismissed_for,description,reasons");
    says(200, "\"穿蓝色外套的女子, 3排 </p><b> \"\"q\"\"\"");
    // Of counts alone nobody is described, nor without the look.
    work("commander", NULL, "{\"case\":\"C-1\"}");
    says(200, "\"unidentified\":");
    keeps_quiet_of("穿蓝色外套");
    work("here", NULL, "{\"case\":\"C-1\"}");
    says(400, "look.needed");
    keeps_quiet_of("穿蓝色外套");
    // Who they are is known: they have an id, and are described no more.
    ask("other-lead", "POST", "/v1/facts", NULL,
        "{\"device\":\"user/other-lead\",\"seq\":915,\"kind\":\"contact.identified\","
        "\"at\":\"2021-12-11T05:14:00+08:00\",\"body\":{\"contact\":\"X-13\","
        "\"case\":\"C-1\",\"outbreak\":\"O-1\",\"person\":\"P-94\"}}\n");
    says(200, "\"accepted\":1");
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    work("here", TRACING("C-1"), "{\"case\":\"C-1\"}");
    says(200, "\"person\":\"P-94\"");
    keeps_quiet_of("穿蓝色外套");
}

// Two desks at one case: who is assigned to it says who somebody is, wherever it was
// told; the other, who had gone through the list, is told; and what is taken back parts
// them.
static void another_desk_says_who_somebody_is(void **state)
{
    (void)state;
    static const char identified[] =
        "{\"device\":\"user/there\",\"seq\":%d,\"kind\":\"contact.identified\","
        "\"at\":\"2021-12-11T05:16:00+08:00\",\"body\":{\"contact\":\"X-21\","
        "\"case\":\"C-1\",\"outbreak\":\"O-1\",\"person\":\"P-97\"}}\n";
    char body[512];
    ask("here", "POST", "/v1/facts", NULL,
        "{\"device\":\"user/here\",\"seq\":931,\"kind\":\"contact.unidentified\","
        "\"at\":\"2021-12-11T05:15:00+08:00\",\"grid\":\"320214001\",\"body\":{"
        "\"contact\":\"X-21\",\"case\":\"C-1\",\"outbreak\":\"O-1\",\"level\":"
        "\"general\","
        "\"description\":\"z\",\"exposed_until\":\"2021-12-10T08:40:00+08:00\"}}\n"
        "{\"device\":\"user/here\",\"seq\":932,\"kind\":\"contact.reviewed\","
        "\"at\":\"2021-12-11T05:15:00+08:00\",\"body\":{\"contact\":\"X-21\","
        "\"case\":\"C-1\",\"outbreak\":\"O-1\",\"level\":\"general\",\"rank\":3}}\n");
    says(200, "\"accepted\":2");
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    snprintf(body, sizeof body, identified, 1);
    ask("there", "POST", "/v1/facts", NULL, body);
    says(200, "\"code\":\"access.elsewhere\",\"field\":\"contact\"");
    ask("lead", "POST", "/v1/facts", NULL,
        "{\"device\":\"user/lead\",\"seq\":933,\"kind\":\"assignment.given\","
        "\"at\":\"2021-12-11T05:15:00+08:00\",\"body\":{\"assignment\":\"A-9\","
        "\"user\":\"there\",\"reference\":\"case:C-1\","
        "\"until\":\"2021-12-20T00:00:00+08:00\"}}\n");
    says(200, "\"accepted\":1");
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    snprintf(body, sizeof body, identified, 2);
    ask("there", "POST", "/v1/facts", NULL, body);
    says(200, "\"accepted\":1");
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    work("here", TRACING("C-1"), "{\"case\":\"C-1\"}");
    says(200, "\"person\":\"P-97\",\"contact\":null,\"state\":\"named\",\"level\":"
              "\"general\",\"change\":\"new\"");
    says(200, "{\"person\":null,\"contact\":\"X-21\",\"identified\":\"P-97\"");
    // As they were counted before: their level and exposure are not lost with the name.
    ask("lead", "POST", "/v1/views/tracing/contacts/query", TRACING("C-1"),
        "{\"fields\":{\"case_id\":\"C-1\",\"person\":\"P-97\"}}");
    says(200, "\"level\":\"general\",\"state\":\"named\",\"how\":\"identified\"");
    says(200, "\"exposed_until\":\"2021-12-10T08:40:00+08:00\"");
    get("lead", "/v1/views/tracing/funnel?outbreak=O-1&level=general", NULL);
    says(200, "\"named\":1");
    ask("there", "POST", "/v1/facts", NULL,
        "{\"device\":\"user/there\",\"seq\":3,\"kind\":\"fact.withdrawn\","
        "\"at\":\"2021-12-11T05:17:00+08:00\",\"body\":{\"device\":\"user/there\","
        "\"seq\":2,\"reason\":\"x\"}}\n");
    says(200, "\"accepted\":1");
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    work("here", TRACING("C-1"), "{\"case\":\"C-1\"}");
    says(200, "\"contact\":\"X-21\",\"state\":\"unidentified\",\"level\":\"general\"");
    keeps_quiet_of("\"P-97\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_case_was_where_records_and_people_say),
        cmocka_unit_test(what_people_say_is_offered_and_kept_nowhere),
        cmocka_unit_test(a_work_list_is_of_the_referenced_case_with_evidence),
        cmocka_unit_test(a_work_list_refuses_what_it_does_not_understand),
        cmocka_unit_test(a_call_counts_in_the_outbreak_that_was_typed),
        cmocka_unit_test(a_work_list_follows_facts_and_says_what_changed),
        cmocka_unit_test(a_post_without_lines_says_the_next_number_of_the_book),
        cmocka_unit_test(a_reply_lists_100_refusals_or_as_many_as_are_asked_for),
        cmocka_unit_test(an_onset_after_the_report_is_asked_about),
        cmocka_unit_test(a_notice_of_a_place_where_one_case_was_is_warned_of),
        cmocka_unit_test(who_reports_of_themselves_is_answered_at_once),
        cmocka_unit_test(what_was_published_is_for_everybody),
        cmocka_unit_test(ids_of_one_person_are_one_row_of_the_list),
        cmocka_unit_test(what_changed_is_told_to_everybody_alike),
        cmocka_unit_test(a_work_list_has_names_for_those_whom_one_reaches),
        cmocka_unit_test(who_is_the_case_is_no_row_of_its_list),
        cmocka_unit_test(who_was_identified_brings_what_was_known),
        cmocka_unit_test(who_is_not_known_is_described_in_words),
        cmocka_unit_test(another_desk_says_who_somebody_is),
        cmocka_unit_test(a_stay_says_whose_word_it_is),
        cmocka_unit_test(a_stay_is_corrected_by_another_fact),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
