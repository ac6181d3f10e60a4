// A laboratory's list of its tubes over HTTP: what it becomes, twice the same, what
// contradicts itself, what stands elsewhere, and that a preview knows nothing of the
// city.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "access/change/upload.h"
#include "access/city/city.h"
#include "store/facts.h"
#include "support/asked_city.h"

#define PREVIEW "/v1/imports/preview?kind=tubes"
#define IMPORT "/v1/imports?kind=tubes"
#define HEAD "tube,result,resulted,received,lab,ct\n"

// ---- asking ----

static void send_file(const char *who, const char *path, const char *text)
{
    char whole[8192];
    int size =
        snprintf(whole, sizeof whole,
                 "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                 "Content-Type: application/octet-stream\r\nContent-Length: %zu\r\n"
                 "Accept-Language: en\r\nConnection: close\r\n\r\n%s",
                 path, who, strlen(text), text);
    assert_true(size > 0 && (size_t)size < sizeof whole);
    client_ask(&city, whole, (size_t)size, &answer);
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
}

// How many facts stand in the book of the laboratory's lists: the city itself sends
// others meanwhile, where a tube is positive.
static int64_t facts_there(void)
{
    weft_city *reader;
    weft_error error = {0};
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    assert_int_equal(wf_shared_read(city.server->shared, &reader, &error), WEFT_OK);
    int64_t next =
        wf_senders_next(wf_store_senders(reader->store), WF_TEXT("import/tubes/lab"));
    wf_shared_read_end(city.server->shared, reader);
    return next - 1;
}

// The tube as it stands, as a list.
static const char *tube(const char *id)
{
    char path[160];
    snprintf(path, sizeof path, "/v1/views/testing/tubes?tube_id=%s", id);
    get("lab", path, NULL);
    return client_body(&answer);
}

static void tube_says(const char *id, const char *text)
{
    if (strstr(tube(id), text) == NULL)
        fail_msg("%s: %s", text, answer.bytes);
}

static void filled(const char *id, const char *grid, bool is_sealed)
{
    weft_error error = {0};
    weft_fact_reply reply;
    char name[64];
    const weft_fact_options options = {.at = {INT64_C(1639000000000000)}, .grid = grid};
    snprintf(name, sizeof name, "tube=%s", id);
    const char *const sample[] = {name, "person=P-1"};
    const char *const sealed[] = {name, "count=1"};
    assert_int_equal(weft_fact_send(city.city, "sample.collected", sample, 2, &options,
                                    &reply, &error),
                     WEFT_OK);
    if (is_sealed)
        assert_int_equal(
            weft_fact_send(city.city, "tube.sealed", sealed, 2, &options, &reply, &error),
            WEFT_OK);
}

static int begin_tubes(void **state)
{
    static const char *const here[] = {"T-1", "T-2", "T-3", "T-4", "T-5", "T-6"};
    const wf_server_options options = {.identify = by_name};
    (void)state;
    served_make(&city);
    fill();
    for (size_t i = 0; i < sizeof here / sizeof *here; i++)
        filled(here[i], "320214001", i != 4);
    filled("T-FAR", "320282001", true);
    served_start(&city, &options);
    return 0;
}

// ---- what it becomes ----

static void a_list_becomes_what_a_laboratory_may_say(void **state)
{
    (void)state;
    static const char rows[] =
        HEAD "T-1,negative,2021-12-10 20:00,2021-12-10 12:00,一号,\n"
             "T-2,positive,2021-12-10 20:00,,一号,21.5\n"
             "T-1,negative,2021-12-10 20:00,2021-12-10 12:00,一号,\n";
    int64_t before = facts_there();
    send_file("lab", PREVIEW, rows);
    says(200, "\"rows_read\":3,\"refused\":0,\"warned\":0");
    assert_int_equal(facts_there(), before);
    send_file("lab", IMPORT, rows);
    says(200, "\"rows\":3,\"accepted\":2,\"had\":1,\"refused\":0,\"warned\":0");
    assert_int_equal(facts_there(), before + 3); // received, and two results
    tube_says("T-2", "\"result\":\"positive\"");
    tube_says("T-1", "\"result\":\"negative\"");
    send_file("lab", IMPORT, rows);
    says(200, "\"accepted\":0,\"had\":3,\"refused\":0");
    assert_int_equal(facts_there(), before + 3);
}

// Titles and words as laboratories have them, and columns that name somebody left out.
static void a_list_comes_as_it_is(void **state)
{
    (void)state;
    static const char rows[] =
        "姓名,条码,检测结果,Ct,报告时间\n某甲,T-3,阴性,-,2021/12/10 20:01\n"
        "某乙,T-4,阳性,30.1,2021/12/10 20:02\n"
        "某丙,T-4,看不清,,2021/12/10 20:03\n";
    static const char how[] = "&columns=tube:2,result:3,ct:4,resulted:5";
    char path[200];
    snprintf(path, sizeof path, PREVIEW "%s", how);
    send_file("lab", path, rows);
    says(200, "\"refused\":1");
    says(200, "\"code\":\"import.word\"");
    keeps_quiet_of("某甲\",");
    snprintf(path, sizeof path, IMPORT "%s&remember=lab-one", how);
    send_file("lab", path, rows);
    says(200, "\"accepted\":2,\"had\":0,\"refused\":1");
    tube_says("T-4", "\"result\":\"positive\"");
    send_file("lab", IMPORT "&profile=lab-one", rows);
    says(200, "\"accepted\":0,\"had\":2,\"refused\":1");
}

// Nobody can tell which is right: none is taken, and the preview says so of all.
static void what_contradicts_itself_is_refused_whole(void **state)
{
    (void)state;
    static const char rows[] = HEAD "T-5,positive,2021-12-10 20:00,,,\n"
                                    "T-6,negative,2021-12-10 20:00,,,\n"
                                    "T-5,negative,2021-12-10 20:00,,,\n";
    int64_t before = facts_there();
    send_file("lab", PREVIEW, rows);
    says(200, "\"rows_read\":3,\"refused\":2");
    says(200, "{\"line\":2,\"code\":\"import.contradicts\",\"field\":\"result\"");
    says(200, "{\"line\":4,\"code\":\"import.contradicts\"");
    send_file("lab", IMPORT, rows);
    says(200, "\"accepted\":1,\"had\":0,\"refused\":2");
    assert_int_equal(facts_there(), before + 1);
    // Tested again: two results of two times are the course of one tube, told once.
    static const char course[] = HEAD "T-6,grey,2021-12-11 01:00,,,\n"
                                      "T-6,positive,2021-12-11 02:00,,,\n";
    before = facts_there();
    send_file("lab", IMPORT, course);
    says(200, "\"accepted\":2,\"had\":0,\"refused\":0");
    tube_says("T-6", "\"result\":\"positive\"");
    send_file("lab", IMPORT, course);
    says(200, "\"accepted\":0,\"had\":2,\"refused\":0,\"warned\":0");
    assert_int_equal(facts_there(), before + 2);
}

// Another result of the same time corrects what stands; the older file that comes again
// does not turn it back, and says so.
static void a_correction_stands(void **state)
{
    (void)state;
    static const char first[] = HEAD "T-1,negative,2021-12-10 20:00,,,\n";
    static const char other[] = HEAD "T-1,positive,2021-12-10 20:00,,,\n";
    send_file("lab", IMPORT, first);
    send_file("lab", IMPORT, other);
    says(200, "\"accepted\":1");
    tube_says("T-1", "\"result\":\"positive\"");
    send_file("lab", IMPORT, other);
    says(200, "\"accepted\":0,\"had\":1");
    send_file("lab", IMPORT, first);
    says(200, "\"accepted\":0,\"had\":1,\"refused\":0,\"warned\":1");
    says(200, "\"code\":\"import.result_other\"");
    tube_says("T-1", "\"result\":\"positive\"");
}

// As a result that is posted: whoever is in a positive tube is held, and nobody else.
static void a_positive_tube_holds_its_people(void **state)
{
    (void)state;
    bool held = false;
    send_file("lab", IMPORT, HEAD "T-3,positive,2021-12-11 03:00,,,\n");
    says(200, "\"accepted\":1");
    for (unsigned i = 0; i < 200 && !held; i++) {
        get("lead", "/v1/views/order/orders", NULL);
        held = answer.status == 200 && strstr(answer.bytes, "T-3") != NULL;
        if (!held)
            usleep(50000);
    }
    if (!held)
        fail_msg("%s", answer.bytes);
}

// ---- what is asked ----

static void tubes_that_look_wrong_are_said_once_sent(void **state)
{
    (void)state;
    static const char rows[] = HEAD "T-5,negative,2021-12-10 21:00,,,\n"
                                    "T-NONE,negative,2021-12-10 21:00,,,\n"
                                    "T-2,negative,2021-12-10 08:00,,,\n";
    send_file("lab", PREVIEW, rows);
    says(200, "\"refused\":0,\"warned\":0");
    send_file("lab", IMPORT, rows);
    says(200, "\"accepted\":3");
    says(200, "\"warned\":3");
    says(200, "{\"line\":2,\"code\":\"import.tube_open\"");
    says(200, "{\"line\":3,\"code\":\"import.tube_unknown\"");
    says(200, "{\"line\":4,\"code\":\"import.result_older\"");
    tube_says("T-2", "\"result\":\"positive\"");
}

static void a_row_is_judged_by_itself(void **state)
{
    (void)state;
    send_file("lab", PREVIEW,
              HEAD
              "T-1,,2021-12-10 20:00,,,\n,negative,2021-12-10 20:00,,,\n"
              "T-1,negative,,,,\nT-1,negative,2021-12-10 20:00,2021-12-12 20:00,,\n"
              "T-1,negative,2021-12-10 20:00,,,900\nT-1,Positiv,2021-12-10 20:00,,,\n"
              "T-1,negative,2031-12-10 20:00,,,\n");
    says(200, "\"rows_read\":7,\"refused\":7");
}

#define TITLES                                                                           \
    "the tube's id,result,when it was resulted,received by the laboratory,"              \
    "laboratory,Ct value\r\n"

static void a_template_shows_the_columns(void **state)
{
    (void)state;
    get("lab", "/v1/imports/template?kind=tubes", NULL);
    says(200, TITLES "EXAMPLE,negative,");
    says(200, "filename=\"template.csv\"");
    get("lab", "/v1/imports/template?kind=tubes&format=xlsx", NULL);
    says(200, "spreadsheetml");
    // Its example is no tube.
    send_file("lab", IMPORT, HEAD "EXAMPLE,negative,2021-12-10 20:00,,,\n");
    says(200, "\"code\":\"import.example\"");
    get("lab", "/v1/imports/template?kind=persons", NULL);
    says(400, "access.list");
    get("guard", "/v1/imports/template?kind=tubes", NULL);
    says(404, "http.not_found");
}

// ---- whose ----

// Whether a result stands elsewhere is nothing that a row finds out.
static void what_lies_elsewhere_is_refused_alike(void **state)
{
    (void)state;
    static const char same[] = HEAD "T-FAR,positive,2021-12-10 20:00,,,\n";
    static const char not_same[] = HEAD "T-FAR,negative,2021-12-10 20:00,,,\n";
    const char *const rows[] = {same, not_same};
    send_file("far-lab", IMPORT, same);
    says(200, "\"accepted\":1");
    for (size_t i = 0; i < 2; i++) {
        send_file("lab", PREVIEW, rows[i]);
        says(200, "\"refused\":0,\"warned\":0");
        send_file("lab", IMPORT, rows[i]);
        says(200, "\"accepted\":0,\"had\":0,\"refused\":1,\"warned\":0");
        says(200, "\"code\":\"access.elsewhere\",\"field\":\"tube\"");
    }
}

static void other_lists_are_not_a_laboratorys(void **state)
{
    (void)state;
    static const char *const others[] = {"persons",   "places",     "cases",
                                         "visits",    "encounters", "contacts",
                                         "followups", "results"};
    char path[80];
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        snprintf(path, sizeof path, "/v1/imports/preview?kind=%s", others[i]);
        send_file("lab", path, "case,person,level\nC-1,P-1,close\n");
        says(400, "\"code\":\"access.list\"");
        snprintf(path, sizeof path, "/v1/imports?kind=%s", others[i]);
        send_file("lab", path, "case,person,level\nC-1,P-1,close\n");
        says(400, "access.list");
    }
    send_file("lead", PREVIEW, HEAD);
    says(400, "access.list");
    send_file("guard", PREVIEW, HEAD);
    says(404, "http.not_found");
}

// Where the laboratory is, as of what it posts.
static void what_it_says_lies_with_the_laboratory(void **state)
{
    (void)state;
    send_file("far-lab", IMPORT, HEAD "T-NEW,negative,2021-12-10 20:00,,二号,\n");
    says(200, "\"accepted\":1");
    weft_error error = {0};
    bool found = false;
    wf_entry entry;
    weft_city *reader;
    wf_arena arena;
    wf_arena_init(&arena, 1 << 20);
    assert_int_equal(wf_shared_read(city.server->shared, &reader, &error), WEFT_OK);
    // T-FAR's was the first of that book.
    assert_int_equal(wf_store_fact(reader->store,
                                   (wf_identity){WF_TEXT("import/tubes/far-lab"), 2},
                                   &arena, &found, &entry, &error),
                     WEFT_OK);
    assert_true(found);
    assert_true(wf_text_equal(entry.fact.grid, WF_TEXT("320282")));
    wf_shared_read_end(city.server->shared, reader);
    wf_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_becomes_what_a_laboratory_may_say),
        cmocka_unit_test(a_list_comes_as_it_is),
        cmocka_unit_test(what_contradicts_itself_is_refused_whole),
        cmocka_unit_test(a_correction_stands),
        cmocka_unit_test(a_positive_tube_holds_its_people),
        cmocka_unit_test(tubes_that_look_wrong_are_said_once_sent),
        cmocka_unit_test(a_row_is_judged_by_itself),
        cmocka_unit_test(a_template_shows_the_columns),
        cmocka_unit_test(what_lies_elsewhere_is_refused_alike),
        cmocka_unit_test(other_lists_are_not_a_laboratorys),
        cmocka_unit_test(what_it_says_lies_with_the_laboratory),
    };
    return cmocka_run_group_tests(tests, begin_tubes, end);
}
