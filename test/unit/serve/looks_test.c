// Reading people's data over HTTP: what a look rests on, whom an answer shows and to
// whom, that a look is there for every answer, and that no answer leaves without one.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "access/looks/exports.h"
#include "support/asked_city.h"

static size_t rows_of(const char *array)
{
    json_t *json = json_loads(client_body(&answer), 0, NULL);
    assert_non_null(json);
    size_t count = json_array_size(json_object_get(json, array));
    json_decref(json);
    return count;
}

// How many looks the auditor's view has, once the rows hold all.
static size_t looks(void)
{
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    get("auditor", "/v1/views/register/looks?limit=1000", NULL);
    says(200, "\"rows\":");
    return rows_of("rows");
}

#define INTERVIEW "ref=case:C-1; purpose=interview"
#define TRACING(id) "ref=case:" id "; purpose=trace-contacts"

// ---- views ----

static void a_page_that_names_people_needs_a_reference_and_a_purpose(void **state)
{
    (void)state;
    static const char path[] = "/v1/views/register/persons";
    size_t before = looks();
    get("here", path, NULL);
    says(400, "look.needed");
    get("here", path, "ref=case:C-1");
    says(400, "look.header");
    get("here", path, "ref=round:R-1; purpose=find-missed");
    says(400, "look.not_kept");
    get("here", path, TRACING("C-1"));
    says(200, "P-1");
    assert_int_equal(looks(), before + 1);
    get("here", path, "ref=case:C-9; purpose=interview");
    says(404, "http.not_found");
    get("here", path, "ref=case:C-3; purpose=interview");
    says(404, "http.not_found");
    keeps_quiet_of("P-");
    get("resident", path, INTERVIEW);
    says(404, "http.not_found");
    get("commander", path, INTERVIEW);
    says(404, "http.not_found");
    get("nobody", path, INTERVIEW);
    assert_int_equal(answer.status, 401);
}

// Of the rows of an answer those whose `name` begins so; *ret_last is the last of them.
static size_t rows_that_begin(const char *name, const char *with, json_t **ret_last)
{
    json_t *all = json_loads(client_body(&answer), 0, NULL), *row;
    size_t count = 0, i;
    assert_non_null(all);
    *ret_last = NULL;
    json_array_foreach(json_object_get(all, "rows"), i, row)
    {
        const char *text = json_string_value(json_object_get(row, name));
        if (text == NULL || strncmp(text, with, strlen(with)) != 0)
            continue;
        json_decref(*ret_last);
        *ret_last = json_incref(row);
        count++;
    }
    json_decref(all);
    return count;
}

static void refusals_are_noted_once_a_second_and_an_hour_of_them_is_a_hole(void **state)
{
    (void)state;
    json_int_t noted = 0;
    json_t *row;
    // Nobody waits for these facts: they come soon, and the second a second later.
    for (int i = 0; noted < 2 && i < 100000; i++) {
        get("lead", "/v1/views/register/persons", "ref=case:C-9; purpose=interview");
        says(404, "http.not_found");
        get("auditor", "/v1/views/register/look_refusals?actor=lead", NULL);
        says(200, "\"rows\":");
        if (rows_that_begin("actor", "lead", &row) > 0)
            noted = json_integer_value(json_object_get(row, "refusals"));
        json_decref(row);
    }
    assert_in_range(noted, 2, 3);
    // However many they are: one of an hour, since the first, until it was reviewed.
    get("auditor", "/v1/holes?kind=register/look_without_reference", NULL);
    assert_int_equal(rows_that_begin("subject", "lead ", &row), 1);
    const char *hour = json_string_value(json_object_get(row, "subject"));
    assert_non_null(strstr(hour, " refused"));
    json_decref(row);
    get("lead", "/v1/holes", NULL);
    says(200, "\"rows\":");
    keeps_quiet_of("register/look_");
    get("lead", "/v1/views/register/look_refusals", NULL);
    says(404, "http.not_found");
}

static void rows_are_cut_to_the_grid_of_who_asks(void **state)
{
    (void)state;
    get("here", "/v1/views/register/persons", INTERVIEW);
    says(200, "P-2");
    keeps_quiet_of("P-3");
    get("there", "/v1/views/register/persons", "ref=case:C-3; purpose=interview");
    says(200, "P-3");
    keeps_quiet_of("P-1");
    get("here", "/v1/views/register/persons?grid=320282", INTERVIEW);
    says(404, "http.not_found");
    get("here", "/v1/views/register/persons?grid=320214002", INTERVIEW);
    says(200, "P-2");
    keeps_quiet_of("P-1");
    get("lead", "/v1/views/register/persons", INTERVIEW);
    assert_int_equal(rows_of("rows"), 3);
}

static void a_person_is_asked_for_in_a_body_by_those_who_reach_them(void **state)
{
    (void)state;
    static const char file[] = "/v1/views/register/person_file/query";
    get("here", "/v1/views/register/person_file?person=P-1", INTERVIEW);
    says(400, "http.person_in_address");
    get("here", "/v1/views/register/persons?person=P-1", INTERVIEW);
    says(400, "http.person_in_address");
    ask("here", "POST", file, INTERVIEW, "{\"fields\":{\"person\":\"P-1\"}}");
    says(200, "person.registered");
    ask("there", "POST", file, "ref=case:C-3; purpose=interview",
        "{\"fields\":{\"person\":\"P-1\"}}");
    says(404, "http.not_found");
    ask("there", "POST", file, "ref=case:C-3; purpose=interview",
        "{\"fields\":{\"person\":\"P-99\"}}");
    says(404, "http.not_found");
    ask("here", "POST", file, INTERVIEW, "{\"fields\":{\"person\":7}}");
    says(400, "http.field");
    ask("here", "POST", file, INTERVIEW, "{\"limit\":0}");
    says(400, "http.field");
    ask("here", "POST", file, INTERVIEW, "{\"colour\":\"red\"}");
    says(400, "http.field");
}

// Every id in every answer of one user, asked for by another who does not reach it.
static void what_one_reads_another_out_of_scope_does_not(void **state)
{
    (void)state;
    static const char *const views[] = {"register/persons", "testing/samples",
                                        "order/bound_persons"};
    for (size_t v = 0; v < sizeof views / sizeof *views; v++) {
        char path[128];
        snprintf(path, sizeof path, "/v1/views/%s", views[v]);
        get("here", path, INTERVIEW);
        says(200, "\"rows\":");
        json_t *mine = json_loads(client_body(&answer), 0, NULL), *row;
        size_t i;
        json_array_foreach(json_object_get(mine, "rows"), i, row)
        {
            char body[256];
            const char *id = json_string_value(json_object_get(row, "person"));
            for (size_t other = 0; other < sizeof views / sizeof *views; other++) {
                snprintf(path, sizeof path, "/v1/views/%s/query", views[other]);
                snprintf(body, sizeof body, "{\"fields\":{\"person\":\"%s\"}}", id);
                ask("there", "POST", path, "ref=case:C-3; purpose=interview", body);
                assert_true(answer.status == 404 || rows_of("rows") == 0);
                assert_null(strstr(client_body(&answer), id));
            }
            snprintf(body, sizeof body, "{\"fields\":{\"person\":\"%s\"}}", id);
            ask("there", "POST", "/v1/views/register/person_file/query",
                "ref=case:C-3; purpose=interview", body);
            assert_int_equal(answer.status, 404);
        }
        json_decref(mine);
    }
}

static void views_are_listed_to_those_who_may_read_them(void **state)
{
    (void)state;
    get("here", "/v1/views", NULL);
    says(200, "register/persons");
    keeps_quiet_of("register/looks\"");
    keeps_quiet_of("register/export_question");
    get("auditor", "/v1/views", NULL);
    says(200, "register/looks\"");
    keeps_quiet_of("register/persons");
    get("guard", "/v1/views", NULL);
    says(404, "http.not_found");
}

static void pages_come_one_after_another_also_as_csv(void **state)
{
    (void)state;
    get("lead", "/v1/views/register/persons?limit=2&sort=person", INTERVIEW);
    assert_int_equal(rows_of("rows"), 2);
    json_t *page = json_loads(client_body(&answer), 0, NULL);
    char path[512];
    snprintf(path, sizeof path, "/v1/views/register/persons?limit=2&sort=person&after=%s",
             json_string_value(json_object_get(page, "next")));
    json_decref(page);
    get("lead", path, INTERVIEW);
    says(200, "P-3");
    assert_int_equal(rows_of("rows"), 1);
    keeps_quiet_of("\"next\"");
    get("lead", "/v1/views/register/persons?format=csv", INTERVIEW);
    says(200, "text/csv");
    says(200, "Weft-As-Of: ");
    says(200, "Weft-Complete: ");
    says(200, "P-1,");
}

// ---- tracing ----

static void contacts_come_of_the_referenced_case_with_evidence(void **state)
{
    (void)state;
    size_t before = looks();
    get("here", "/v1/contacts?case=C-1", TRACING("C-1"));
    says(200, "P-2");
    says(200, "\"missing\":[]");
    assert_int_equal(looks(), before + 1);
    keeps_quiet_of("\"next\"");
    get("here", "/v1/contacts?case=C-1&after=1", TRACING("C-1"));
    says(200, "\"rows\":[]");
    keeps_quiet_of("\"next\"");
    get("here", "/v1/contacts?case=C-1&format=csv", TRACING("C-1"));
    says(200, "person,level");
    get("here", "/v1/contacts?case=C-1", INTERVIEW);
    says(400, "look.purpose_not_for");
    get("here", "/v1/contacts?case=C-2", TRACING("C-1"));
    says(400, "look.other_case");
    get("here", "/v1/contacts?case=C-2", TRACING("C-2"));
    says(409, "look.no_evidence");
    get("here", "/v1/contacts?case=C-3", TRACING("C-3"));
    says(404, "http.not_found");
    get("here", "/v1/contacts?case=C-1", NULL);
    says(400, "look.needed");
    get("commander", "/v1/contacts?case=C-1", NULL);
    says(200, "\"close\":");
    keeps_quiet_of("P-2");
    get("here", "/v1/contacts?person=P-1", TRACING("C-1"));
    assert_int_equal(answer.status, 400);
}

// The client of these tests asks for English.
static void reasons_come_for_so_many_rows_in_the_language_asked_for(void **state)
{
    (void)state;
    get("here", "/v1/contacts?case=C-1", TRACING("C-1"));
    says(200, "\"place_kind\":\"market\"");
    says(200, "\"reasons\":[{\"day\":\"2021-12-10\"");
    says(200, "\"text_en\":\"1 h in the same market");
    says(200, "\"reasons_left_out\":0");
    says(200, "\"note_en\":");
    keeps_quiet_of("_zh\"");
    get("here", "/v1/contacts?case=C-1&lang=zh", TRACING("C-1"));
    says(200, "\"text_zh\":\"12月10日");
    keeps_quiet_of("_en\"");
    get("here", "/v1/contacts?case=C-1&texts=both", TRACING("C-1"));
    says(200, "\"text_zh\":\"12月10日");
    says(200, "\"text_en\":\"1 h in the same market");
    get("here", "/v1/contacts?case=C-1&reasons=0", TRACING("C-1"));
    says(200, "\"place_kind\":\"market\",\"reasons\":[],\"reasons_left_out\":1,"
              "\"guessable\":true,\"guess_why\":\"few\",\"told_day\":\"2021-12-10\","
              "\"told_kind\":null}");
    keeps_quiet_of("\"text_");
    get("here", "/v1/contacts?case=C-1&format=csv", TRACING("C-1"));
    says(200, "1 h in the same market");
    says(200, "place_kind,guessable,guess_why,told_day,told_kind,reasons");
    says(200, ",yes,few,2021-12-10,,");
    get("here", "/v1/contacts?case=C-1&texts=none", TRACING("C-1"));
    assert_int_equal(answer.status, 400);
}

static void a_place_that_is_said_to_be_another_is_another_at_once(void **state)
{
    (void)state;
    get("here", "/v1/contacts?case=C-1", TRACING("C-1"));
    says(200, "\"place_kind\":\"market\"");
    const char *const kinds[] = {"restaurant", "market"};
    for (size_t i = 0; i < 2; i++) {
        char body[256], expected[64];
        snprintf(body, sizeof body,
                 "{\"device\":\"user/lead\",\"seq\":%zu,\"kind\":\"place.registered\","
                 "\"at\":\"2021-12-11T06:0%zu:00+08:00\",\"body\":{\"place\":\"M-1\","
                 "\"kind\":\"%s\"}}\n",
                 i + 1, i + 1, kinds[i]);
        ask("lead", "POST", "/v1/facts", NULL, body);
        says(200, "\"accepted\":1");
        assert_true(wf_shared_catch_up(city.server->shared, 20000));
        get("here", "/v1/contacts?case=C-1", TRACING("C-1"));
        snprintf(expected, sizeof expected, "\"place_kind\":\"%s\"", kinds[i]);
        says(200, expected);
    }
}

static void who_was_there_is_asked_of_places_and_homes_in_a_body_only(void **state)
{
    (void)state;
    get("here", "/v1/who?case=C-1&place=M-1", TRACING("C-1"));
    says(200, "P-2");
    get("here", "/v1/who?case=C-1&place=H-1", TRACING("C-1"));
    says(400, "look.no_public_place");
    get("here", "/v1/who?case=C-1&place=H-9", TRACING("C-1"));
    says(400, "look.no_public_place");
    ask("here", "POST", "/v1/who", TRACING("C-1"),
        "{\"case\":\"C-1\",\"place\":\"M-1\"}");
    says(200, "P-2");
    ask("here", "POST", "/v1/who", TRACING("C-1"), "{\"place\":\"M-1\"}");
    says(400, "http.field");
}

static void a_source_is_sought_of_cases_that_may_be_traced(void **state)
{
    (void)state;
    get("lead", "/v1/source?cases=C-1,C-3", "ref=case:C-1; purpose=find-source");
    says(200, "\"places_tested\":");
    get("lead", "/v1/source?cases=C-1,C-2", "ref=case:C-1; purpose=find-source");
    says(409, "look.no_evidence");
    get("here", "/v1/source?cases=C-1,C-3", "ref=case:C-1; purpose=find-source");
    says(404, "http.not_found");
    get("lead", "/v1/source?cases=C-3", "ref=case:C-1; purpose=find-source");
    says(400, "look.other_case");
}

// ---- misuse ----

// Of the holes of a kind, how many there are.
static size_t holes_of(const char *kind)
{
    char path[128];
    snprintf(path, sizeof path, "/v1/holes?kind=%s", kind);
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    get("auditor", path, NULL);
    says(200, "\"rows\":");
    return rows_of("rows");
}

// The most looks at one person within a day that the looks of an actor say.
static json_int_t most_of_one(const char *actor)
{
    char path[128];
    json_int_t most = 0;
    size_t i;
    json_t *row;
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    snprintf(path, sizeof path, "/v1/views/register/looks?limit=1000&actor=%s", actor);
    get("auditor", path, NULL);
    says(200, "\"of_one\":");
    json_t *all = json_loads(client_body(&answer), 0, NULL);
    json_array_foreach(json_object_get(all, "rows"), i, row)
    {
        json_int_t one = json_integer_value(json_object_get(row, "of_one"));
        most = one > most ? one : most;
    }
    json_decref(all);
    return most;
}

static void
more_than_50_looks_at_one_person_are_a_hole_tracing_does_not_count(void **state)
{
    (void)state;
    static const char kind[] = "register/look_often";
    const int usual = 50;
    get("there", "/v1/views/register/persons", "ref=case:C-3; purpose=interview");
    says(200, "P-3");
    assert_int_equal(holes_of(kind), 0);
    for (json_int_t i = most_of_one("there"); i < usual; i++)
        get("there", "/v1/views/register/persons", "ref=case:C-3; purpose=interview");
    assert_int_equal(most_of_one("there"), usual);
    assert_int_equal(holes_of(kind), 0);
    get("there", "/v1/views/register/persons", "ref=case:C-3; purpose=interview");
    assert_int_equal(holes_of(kind), 1);
    says(200, "\"there 20");
    json_int_t before = most_of_one("here");
    get("here", "/v1/contacts?case=C-1", TRACING("C-1"));
    says(200, "P-2");
    assert_int_equal(most_of_one("here"), before);
}

static void a_look_at_a_colleague_is_a_hole_until_an_auditor_has_reviewed_it(void **state)
{
    (void)state;
    static const char kind[] = "register/look_close_by";
    char line[512];
    size_t before = holes_of(kind);
    get("there", "/v1/views/register/persons", "ref=case:C-3; purpose=interview");
    says(200, "P-3");
    assert_int_equal(holes_of(kind), before + 1);
    json_t *list = json_loads(client_body(&answer), 0, NULL);
    json_t *last = json_array_get(json_object_get(list, "rows"), before);
    snprintf(line, sizeof line,
             "{\"device\":\"user/auditor\",\"seq\":1,\"kind\":\"look.reviewed\",\"at\":"
             "\"2021-12-11T06:00:00+08:00\",\"body\":{\"subject\":\"%s\",\"finding\":"
             "\"their own contact\"}}\n",
             json_string_value(json_object_get(last, "subject")));
    json_decref(list);
    ask("lead", "POST", "/v1/facts", NULL, line);
    says(200, "\"accepted\":0");
    ask("auditor", "POST", "/v1/facts", NULL, line);
    says(200, "\"accepted\":1");
    assert_int_equal(holes_of(kind), before);
}

// ---- without a look ----

// Page after page, of two rows, is the whole list.
static void a_list_of_holes_goes_on(void **state)
{
    (void)state;
    static const char list[] = "/v1/holes?all=true&limit=";
    char path[4096], whole[64];
    size_t rows = 0;
    snprintf(whole, sizeof whole, "%s500", list);
    get("auditor", whole, NULL);
    size_t all = rows_of("rows");
    assert_true(all > 2);
    snprintf(path, sizeof path, "%s2", list);
    for (bool more = true; more;) {
        get("auditor", path, NULL);
        json_t *page = json_loads(client_body(&answer), 0, NULL);
        const char *next = json_string_value(json_object_get(page, "next"));
        rows += json_array_size(json_object_get(page, "rows"));
        more = json_is_true(json_object_get(page, "more"));
        assert_int_equal(more, next != NULL);
        snprintf(path, sizeof path, "%s2&after=%s", list, more ? next : "");
        json_decref(page);
    }
    assert_int_equal(rows, all);
    snprintf(path, sizeof path, "%s2&after=AAAA", list);
    get("auditor", path, NULL);
    says(400, "view.after");
}

static void counts_and_gates_name_nobody_and_need_no_look(void **state)
{
    (void)state;
    size_t before = looks();
    get("commander", "/v1/counts", NULL);
    says(200, "\"population\":");
    get("here", "/v1/counts?grid=320282", NULL);
    says(404, "http.not_found");
    ask("guard", "POST", "/v1/valid", NULL, "{\"person\":\"P-1\"}");
    says(200, "\"valid\":true");
    ask("guard", "POST", "/v1/valid", NULL, "{\"person\":\"P-99\"}");
    says(200, "\"valid\":false");
    get("commander", "/v1/holes", NULL);
    says(404, "http.not_found");
    get("here", "/v1/purposes", NULL);
    says(200, "trace-contacts");
    assert_int_equal(looks(), before);
}

static void ones_own_is_read_without_a_look(void **state)
{
    (void)state;
    get("resident", "/v1/me", NULL);
    says(200, "\"role\":\"resident\"");
    get("resident", "/v1/me/looks", NULL);
    says(200, "\"rows\":[]"); // a day has not passed
    get("resident", "/v1/me/status", NULL);
    says(200, "\"samples\":[]");
    get("here", "/v1/me/status", NULL);
    says(404, "http.not_found"); // who they are as a person is not said
}

// ---- exports ----

static void an_export_has_a_purpose_of_its_own(void **state)
{
    (void)state;
    size_t before = looks();
    ask("here", "POST", "/v1/exports", INTERVIEW, "{\"view\":\"register/persons\"}");
    says(400, "look.purpose_not_for");
    ask("here", "POST", "/v1/exports", "ref=case:C-1; purpose=hand-over",
        "{\"view\":\"register/persons\"}");
    says(200, "attachment; filename=\"register-persons.csv\"");
    says(200, "P-2");
    keeps_quiet_of("P-3");
    assert_int_equal(looks(), before + 1);
    ask("guard", "POST", "/v1/exports", "ref=case:C-1; purpose=hand-over",
        "{\"view\":\"register/persons\"}");
    says(404, "http.not_found");
}

static void an_export_is_a_workbook_where_that_is_asked_for(void **state)
{
    (void)state;
    size_t before = looks();
    ask("here", "POST", "/v1/exports?format=xlsx", "ref=case:C-1; purpose=hand-over",
        "{\"view\":\"register/persons\"}");
    says(200, "attachment; filename=\"register-persons.xlsx\"");
    says(200, "spreadsheetml.sheet\r\n");
    assert_memory_equal(client_body(&answer), "PK\3\4", 4); // a file of zip
    assert_int_equal(looks(), before + 1);
    ask("here", "POST", "/v1/exports?format=ods", "ref=case:C-1; purpose=hand-over",
        "{\"view\":\"register/persons\"}");
    says(400, "format");
}

static void a_large_export_takes_two_people_and_comes_once(void **state)
{
    (void)state;
    char id[WF_EXPORT_ID_BYTES + 1], fetch[64], release[64];
    weft_error error = {0};
    wf_look look = {.actor = &actors[0],
                    .why = {WF_REFERENCE_CASE, "C-1", WF_PURPOSE_HAND_OVER},
                    .use = WF_LOOK_EXPORT,
                    .asked = "register/persons"};
    assert_int_equal(wf_exports_request(city.server->looks, &look,
                                        "{\"view\":\"register/persons\"}", 5001, id,
                                        &error),
                     WEFT_OK);
    snprintf(fetch, sizeof fetch, "/v1/exports/%s", id);
    snprintf(release, sizeof release, "/v1/exports/%s/release", id);
    get("lead", fetch, NULL);
    says(409, "export.waits");
    get("other-lead", fetch, NULL);
    says(404, "http.not_found");
    ask("lead", "POST", release, NULL, "{}");
    says(409, "export.own");
    ask("here", "POST", release, NULL, "{}");
    says(404, "http.not_found");
    ask("other-lead", "POST", release, NULL, "{}");
    says(200, "released");
    ask("other-lead", "POST", release, NULL, "{}");
    says(409, "export.agreed");
    get("lead", fetch, NULL);
    says(200, "P-3");
    get("lead", fetch, NULL);
    says(409, "export.delivered");
    get("lead", "/v1/exports/0123456789abcdef", NULL);
    says(404, "http.not_found");
    get("lead", "/v1/views/register/exports", NULL);
    says(200, id);
}

// ---- durable before the first byte ----

static void no_answer_leaves_when_its_look_cannot_be_kept(void **state)
{
    (void)state;
    struct rlimit before, none;
    size_t kept = looks();
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    none = before;
    none.rlim_cur = 0; // whatever is written to a file fails
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    get("here", "/v1/views/register/persons", INTERVIEW);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_true(answer.status >= 500);
    keeps_quiet_of("P-");
    // It heals by itself, and what was not shown is not noted.
    do
        get("here", "/v1/views/register/persons", INTERVIEW);
    while (answer.status >= 500);
    says(200, "P-1");
    assert_int_equal(looks(), kept + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_that_names_people_needs_a_reference_and_a_purpose),
        cmocka_unit_test(refusals_are_noted_once_a_second_and_an_hour_of_them_is_a_hole),
        cmocka_unit_test(rows_are_cut_to_the_grid_of_who_asks),
        cmocka_unit_test(a_person_is_asked_for_in_a_body_by_those_who_reach_them),
        cmocka_unit_test(what_one_reads_another_out_of_scope_does_not),
        cmocka_unit_test(views_are_listed_to_those_who_may_read_them),
        cmocka_unit_test(pages_come_one_after_another_also_as_csv),
        cmocka_unit_test(contacts_come_of_the_referenced_case_with_evidence),
        cmocka_unit_test(reasons_come_for_so_many_rows_in_the_language_asked_for),
        cmocka_unit_test(a_place_that_is_said_to_be_another_is_another_at_once),
        cmocka_unit_test(who_was_there_is_asked_of_places_and_homes_in_a_body_only),
        cmocka_unit_test(a_source_is_sought_of_cases_that_may_be_traced),
        cmocka_unit_test(
            more_than_50_looks_at_one_person_are_a_hole_tracing_does_not_count),
        cmocka_unit_test(
            a_look_at_a_colleague_is_a_hole_until_an_auditor_has_reviewed_it),
        cmocka_unit_test(a_list_of_holes_goes_on),
        cmocka_unit_test(counts_and_gates_name_nobody_and_need_no_look),
        cmocka_unit_test(ones_own_is_read_without_a_look),
        cmocka_unit_test(an_export_has_a_purpose_of_its_own),
        cmocka_unit_test(an_export_is_a_workbook_where_that_is_asked_for),
        cmocka_unit_test(a_large_export_takes_two_people_and_comes_once),
        cmocka_unit_test(no_answer_leaves_when_its_look_cannot_be_kept),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
