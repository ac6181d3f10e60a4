// Files of rows over HTTP: looked at without a trace, imported by who may say such facts
// of whom they reach, refused rows given back to who sent them alone.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <zlib.h>

#include "access/change/upload.h"
#include "load/refused.h"
#include "support/asked_city.h"
#include "wire/xlsx_write.h"

// ---- asking ----

static void send_bytes(const char *who, const char *path, const char *type,
                       const char *bytes, size_t size)
{
    char head[1024];
    wf_buffer whole = {0};
    int made = snprintf(head, sizeof head,
                        "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                        "Content-Type: %s\r\nContent-Length: %zu\r\n"
                        "Accept-Language: en\r\nConnection: close\r\n\r\n",
                        path, who, type, size);
    assert_true(made > 0 && (size_t)made < sizeof head);
    assert_true(wf_buffer_append(&whole, head, (size_t)made));
    assert_true(wf_buffer_append(&whole, bytes, size));
    client_ask(&city, whole.bytes, whole.size, &answer);
    wf_buffer_done(&whole);
}

static void send_file(const char *who, const char *path, const char *text)
{
    send_bytes(who, path, "application/octet-stream", text, strlen(text));
}

static json_t *answered(void)
{
    json_t *json = json_loads(client_body(&answer), 0, NULL);
    assert_non_null(json);
    return json;
}

static json_int_t number_of(const char *name)
{
    json_t *json = answered();
    json_int_t value = json_integer_value(json_object_get(json, name));
    json_decref(json);
    return value;
}

static wf_shared_stand stand(void)
{
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    return wf_shared_as_of(city.server->shared);
}

// ---- looking ----

static void a_preview_tells_what_would_become_of_each_row(void **state)
{
    (void)state;
    uint64_t before = stand().ledger;
    send_file("lead", "/v1/imports/preview?kind=persons",
              "person,name,birth\nQ-1,甲,1980-01-02\nQ-2,乙,1980-13-02\n");
    says(200, "\"rows_read\":2");
    says(200, "\"refused\":1");
    says(200, "\"code\":\"import.date\"");
    says(200, "\"hint\":\"for example 1964-05-31\"");
    says(200, "\"profile\":\"godata\"");
    assert_int_equal(stand().ledger, before);
}

static void the_order_of_dates_is_asked_and_never_guessed(void **state)
{
    (void)state;
    static const char rows[] = "case,person,reported,onset\n"
                               "C-9,P-1,2021-12-10,03/12/2021\n"
                               "C-8,P-2,2021-12-10,25/11/2021\n";
    send_file("lead", "/v1/imports/preview?kind=cases", rows);
    says(200, "\"dates_asked\":2");
    says(200, "\"only_day_first\":1");
    send_file("lead", "/v1/imports?kind=cases", rows);
    says(400, "import.date_order");
    send_file("lead", "/v1/imports/preview?kind=cases&dates=day-first", rows);
    says(200, "2021-12-03");
}

static void columns_of_other_titles_go_by_number(void **state)
{
    (void)state;
    static const char rows[] = "编号,\"姓\"\"名\",备注,备注\nQ-7,甲,a,b\n";
    send_file("lead", "/v1/imports/preview?kind=persons", rows);
    says(200, "mapping.unknown_column");
    send_file("lead", "/v1/imports/preview?kind=persons&columns=person:1,name:2,needs:4",
              rows);
    says(200, "\"problem\":null");
    says(200, "\"needs\":\"b\"");
    // Words as people write them.
    send_file("lead", "/v1/imports/preview?kind=persons&columns=person:1,sex:2",
              "编号,性别\nQ-7,女\n");
    says(200, "\"sex\":\"female\"");
    send_file("lead", "/v1/imports/preview?kind=places&columns=place:1,kind:2",
              "编号,类型\nM-7,市场\n");
    says(200, "\"kind\":\"market\"");
    send_file("lead", "/v1/imports/preview?kind=persons&columns=person:5", rows);
    says(400, "http.parameter_wrong");
    send_file("lead", "/v1/imports/preview?kind=persons&columns=person:1}", rows);
    says(400, "http.parameter_wrong");
    send_file("lead",
              "/v1/imports?kind=persons&columns=person:1,name:2&remember=our-hospital",
              rows);
    says(200, "\"accepted\":1");
    send_file("lead", "/v1/imports/preview?kind=persons&profile=our-hospital", rows);
    says(200, "\"problem\":null");
    says(200, "\"profile\":\"our-hospital\"");
}

// A line list that names a case by its other number: how many rows do is said before, and
// the rows are of that case where whoever sends them says so.
static void a_row_joins_the_case_that_it_is_another_number_of(void **state)
{
    (void)state;
    static const char list[] = "case,reported,onset\nE-78,2021-12-10,2021-12-09\n";
    send_file("lead", "/v1/imports?kind=cases",
              "case,reported,known_as\nC-78,2021-12-10,E-78\n");
    says(200, "\"accepted\":1");
    send_file("lead", "/v1/imports/preview?kind=cases", list);
    says(200, "\"joinable\":1,\"joins\":false");
    says(200, "\"code\":\"case.number_second\"");
    send_file("lead", "/v1/imports/preview?kind=cases&join=true", list);
    says(200, "\"warned\":0,\"joinable\":1,\"joins\":true");
    send_file("lead", "/v1/imports?kind=cases&join=true", list);
    says(200, "\"accepted\":1,\"had\":0,\"refused\":0,\"warned\":0");
    // It was joined: the number is still no case's own.
    send_file("lead", "/v1/imports/preview?kind=cases", list);
    says(200, "\"joinable\":1");
    send_file("lead", "/v1/imports?kind=cases&join=perhaps", list);
    says(400, "http.parameter_wrong");
}

// By which numbers a case elsewhere goes nobody learns who tries them: as if nobody had
// reported it. Whose it is, does.
static void numbers_tell_nothing_of_cases_elsewhere(void **state)
{
    (void)state;
    static const char list[] = "case,reported\nE-88,2021-12-10\n";
    static const char again[] = "case,reported,known_as\nC-89,2021-12-10,E-88\n";
    send_file("here", "/v1/imports?kind=cases",
              "case,person,reported,known_as\nC-88,P-1,2021-12-10,E-88\n");
    says(200, "\"accepted\":1");
    send_file("here", "/v1/imports/preview?kind=cases", list);
    says(200, "\"warned\":1,\"joinable\":1,\"joins\":false");
    send_file("here", "/v1/imports/preview?kind=cases", again);
    says(200, "\"code\":\"case.number_shared\"");
    const char *const paths[] = {"/v1/imports/preview?kind=cases",
                                 "/v1/imports/preview?kind=cases&join=true"};
    for (size_t i = 0; i < 2; i++) {
        send_file("there", paths[i], list);
        says(200, "\"warned\":0,\"joinable\":0");
        send_file("there", paths[i], again);
        says(200, "\"warned\":0,\"joinable\":0");
    }
    // Of rows of one list among themselves all is said.
    send_file("there", "/v1/imports/preview?kind=cases",
              "case,reported,known_as\nC-90,2021-12-10,E-90\nC-91,2021-12-10,E-90\n");
    says(200, "\"code\":\"case.number_shared\"");
    send_file("there", "/v1/imports?kind=cases&join=true", list);
    says(200, "\"accepted\":1,\"had\":0,\"refused\":0,\"warned\":0");
}

// What is answered to a list of `there` in which "%s" is a number of four bytes.
static void told_of(const char *path, const char *list, const char *number,
                    char ret[8192])
{
    char rows[400];
    (void)snprintf(rows, sizeof rows, list, number);
    send_file("there", path, rows);
    says(200, "\"warned\":");
    (void)snprintf(ret, 8192, "%s", client_body(&answer));
    char *end = strstr(ret, "\"as_of\"");
    if (end != NULL)
        *end = '\0';
    for (char *at = ret; (at = strstr(at, number)) != NULL;)
        memset(at, '_', strlen(number));
}

// Whatever a case elsewhere goes by, a list that names it is answered as one that names
// nobody's number.
static void contacts_tell_nothing_of_cases_elsewhere(void **state)
{
    (void)state;
    static const char look[] = "/v1/imports/preview?kind=contacts";
    static const char take[] = "/v1/imports?kind=contacts";
    static const char cases[] = "/v1/imports/preview?kind=cases";
    static const struct {
        const char *path, *list, *numbers[4];
    } ways[] = {
        {look,
         "case,person,outbreak,level\n%s,P-3,O-77,close\n",
         {"E-61", "S-61", "C-61"}},
        // That of somebody who is the case: who it is.
        {look, "case,person,outbreak,level\n%s,P-1,O-77,close\n", {"E-61", "C-61"}},
        {take, "case,person,outbreak,level\n%s,P-3,O-77,close\n", {"E-61", "S-61"}},
        {cases, "case,reported,known_as\nC-69,2021-12-10,%s\n", {"N-61", "C-61", "C-62"}},
        {cases,
         "case,reported,known_as\n%s,2021-12-10,E-69\nC-69,2021-12-10,E-69\n",
         {"C-61", "E-62"}},
        {cases,
         "case,reported,known_as\n%1$s,2021-12-10,\nC-69,2021-12-10,%1$s\n",
         {"C-61"}},
    };
    char none[8192], theirs[8192];
    send_file("here", "/v1/imports?kind=cases",
              "case,person,reported,known_as\nC-61,P-1,2021-12-10,E-61\n"
              "C-62,P-1,2021-12-10,S-61\nC-63,P-1,2021-12-10,S-61\n"
              "C-65,P-1,2021-12-10,C-64\n");
    says(200, "\"accepted\":4");
    send_file("there", "/v1/imports?kind=cases",
              "case,person,reported\nC-64,P-3,2021-12-10\n");
    says(200, "\"accepted\":1");
    // N-61 is nobody's yet; C-61 has its contact.
    send_file("here", take,
              "case,person,outbreak,level\nN-61,P-1,O-77,close\nC-61,P-3,O-77,close\n");
    says(200, "\"accepted\":2");
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        for (size_t k = 0; k < 4 && ways[i].numbers[k] != NULL; k++) {
            char unknown[] = "Z-6a";
            unknown[3] = (char)('a' + 4 * i + k);
            told_of(ways[i].path, ways[i].list, unknown, none);
            told_of(ways[i].path, ways[i].list, ways[i].numbers[k], theirs);
            assert_string_equal(theirs, none);
        }
    send_file("there", look, "case,person,outbreak,level\nC-64,P-2,O-77,close\n");
    says(200, "\"refused\":0,\"warned\":0");
}

// Those whose they are, are told.
static void contacts_tell_of_cases_within_reach(void **state)
{
    (void)state;
    static const char look[] = "/v1/imports/preview?kind=contacts";
    static const char cases[] = "/v1/imports/preview?kind=cases";
    send_file("here", look, "case,person,outbreak,level\nE-61,P-2,O-77,close\n");
    says(200, "\"refused\":0,\"warned\":0");
    send_file("here", look, "case,person,outbreak,level\nE-61,P-1,O-77,close\n");
    says(200, "contact.oneself");
    send_file("here", look, "case,person,outbreak,level\nS-61,P-2,O-77,close\n");
    says(200, "import.case_several");
    send_file("lead", look, "case,person,outbreak,level\nC-64,P-2,O-77,close\n");
    says(200, "import.case_shared");
    send_file("here", cases, "case,reported,known_as\nC-69,2021-12-10,N-61\n");
    says(200, "case.contacts_wait");
    says(200, "\"waiting\":1");
    // What they said themselves of a number that is of a case elsewhere.
    send_file("there", cases, "case,reported,known_as\nC-69,2021-12-10,E-61\n");
    says(200, "\"waiting\":1");
    send_file("here", cases, "case,reported,known_as\nC-61,2021-12-10,N-61\n");
    says(200, "\"waiting\":1");
}

// Judged as posts are, beside others; twice is once.
static void contacts_are_judged_row_by_row(void **state)
{
    (void)state;
    static const char rows[] =
        "病例,接触者,疫情,类别,末次暴露\nC-77,P-771,O-77,密接,2021-12-09\n"
        "C-77,P-772,O-77,次密接,2021-12-09\nC-77,P-773,O-77,亲戚,2021-12-09\n";
    static const char how[] =
        "/v1/imports?kind=contacts&columns=case:1,person:2,outbreak:3,level:4,"
        "exposed_until:5";
    send_file("lead", "/v1/imports/preview?kind=contacts",
              "case,person,level,reached\nC-77,P-771,close,2021-12-09 10:00\n");
    says(200, "\"field\":\"reached_by\"");
    // Whose case nobody has reported is said of, before and after, and taken.
    send_file("lead", "/v1/imports/preview?kind=contacts",
              "case,person,level\nC-77,P-771,close\n");
    says(200, "\"refused\":0,\"warned\":1");
    says(200, "\"code\":\"import.case_unknown\"");
    // All that looks wrong of a row is said, before as after; the row counts once.
    send_file("lead", "/v1/imports/preview?kind=contacts",
              "case,person,level,exposed_until\nC-77,P-771,close,2021-08-12\n");
    says(200, "\"warned\":1");
    says(200, "\"warnings\":[{\"line\":2,\"code\":\"import.case_unknown\"");
    says(200, "{\"line\":2,\"code\":\"fact.date_swapped\"");
    // A contact of oneself is refused beforehand, too.
    send_file("lead", "/v1/imports?kind=cases",
              "case,person,known_as\nC-78,P-781,E-78\n");
    says(200, "\"accepted\":1");
    send_file("lead", "/v1/imports/preview?kind=contacts",
              "case,person,outbreak,level\nC-78,P-781,O-77,close\n"
              "E-78,P-781,O-77,close\nC-78,P-782,O-77,close\n");
    says(200, "\"refused\":2");
    says(200, "\"code\":\"contact.oneself\",\"field\":\"person\"");
    send_file("lead", how, rows);
    says(200, "\"warned\":2");
    says(200, "\"accepted\":2");
    says(200, "\"code\":\"import.word\"");
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    send_file("lead", how, rows);
    says(200, "\"had\":2");
}

static void a_header_stands_below_titles(void **state)
{
    (void)state;
    static const char plain[] = "名单,\n2021-12-11,\nperson,name\nQ-71,甲\n";
    static const char ours[] =
        "名单,,\n单位：虚构,2021-12-11,\n编号,\"姓\"\"名\",备注\nQ-72,乙,a\nQ-73,丙,b\n";
    send_file("lead", "/v1/imports/preview?kind=persons", plain);
    says(200, "\"header\":3");
    says(200, "\"problem\":null");
    says(200, "\"rows_read\":1");
    says(200, "{\"line\":1,\"text\":\"名单\"}");
    send_file("lead", "/v1/imports?kind=persons", plain);
    says(200, "\"accepted\":1");
    // What has not our titles: the row that looks like a header, whose columns go by
    // number.
    send_file("lead", "/v1/imports/preview?kind=persons", ours);
    says(200, "\"header\":3");
    says(200, "\"title\":\"编号\"");
    says(200, "单位：虚构 | 2021-12-11");
    send_file("lead", "/v1/imports?kind=persons&columns=person:1,name:2", ours);
    says(200, "\"accepted\":2");
    // Another is said.
    send_file("lead", "/v1/imports/preview?kind=persons&header=2&columns=person:1", ours);
    says(200, "\"header\":2");
    says(200, "\"rows_read\":3");
    send_file("lead", "/v1/imports/preview?kind=persons&header=900", ours);
    says(200, "import.no_header");
    says(200, "\"header\":null");
}

// One after the other: what is lacking is said beside the columns.
static void columns_may_be_chosen_one_by_one(void **state)
{
    (void)state;
    static const char rows[] =
        "谁,在哪,从,到\nP-1,M-1,2021-12-10 08:00,2021-12-10 09:00\n";
    send_file("lead", "/v1/imports/preview?kind=visits&columns=person:1", rows);
    says(200, "\"title\":\"在哪\"");
    says(200, "\"problem\":{");
    says(200, "{\"field\":\"person\",\"required\":true,\"bound\":true");
    says(200, "{\"field\":\"place\",\"required\":true,\"bound\":false");
    send_file("lead", "/v1/imports?kind=visits&columns=person:1", rows);
    says(400, "mapping.");
    send_file("lead",
              "/v1/imports/preview?kind=visits&columns=person:1,place:2,start:3,end:4",
              rows);
    says(200, "\"problem\":null");
}

static void dates_that_look_wrong_are_taken_and_said(void **state)
{
    (void)state;
    static const char rows[] = "case,person,reported,onset\n"
                               "C-61,P-1,2021-12-10,2021-08-12\n"
                               "C-62,P-2,2021-12-10,2021-12-08\n";
    send_file("lead", "/v1/imports/preview?kind=cases", rows);
    says(200, "\"warned\":1");
    says(200, "\"code\":\"case.date_swapped\"");
    says(200, "2021-12-08 would fit");
    send_file("lead", "/v1/imports?kind=cases", rows);
    says(200, "\"accepted\":2");
    says(200, "\"warned\":1");
    says(200, "\"warnings\":[{\"line\":2,\"code\":\"case.date_swapped\"");
}

static void a_sheet_is_chosen_by_its_number(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_xlsx *book = NULL;
    size_t size;
    wf_path path = scratch_path(&city.folder, "book.xlsx");
    const wf_cell title = {.text = WF_TEXT("person")}, id = {.text = WF_TEXT("Q-40")};
    const wf_cell other = {.text = WF_TEXT("about")};
    assert_int_equal(wf_xlsx_open(path.text, city.folder.text, "book", &book, &error),
                     WEFT_OK);
    assert_int_equal(wf_xlsx_sheet(book, "说明", &error), WEFT_OK);
    assert_int_equal(wf_xlsx_row(book, &other, 1, &error), WEFT_OK);
    assert_int_equal(wf_xlsx_sheet(book, "名单", &error), WEFT_OK);
    assert_int_equal(wf_xlsx_row(book, &title, 1, &error), WEFT_OK);
    assert_int_equal(wf_xlsx_row(book, &id, 1, &error), WEFT_OK);
    assert_int_equal(wf_xlsx_close(book, &error), WEFT_OK);
    char *bytes = scratch_read(&path, &size);
    send_bytes("lead", "/v1/imports/preview?kind=persons", "application/octet-stream",
               bytes, size);
    says(400, "wire.xlsx_sheets");
    send_bytes("lead", "/v1/imports/preview?kind=persons&sheet=2",
               "application/octet-stream", bytes, size);
    says(200, "Q-40");
    send_bytes("lead", "/v1/imports/preview?kind=persons&sheet=3",
               "application/octet-stream", bytes, size);
    says(400, "wire.xlsx_no_sheet");
    free(bytes);
}

// ---- importing ----

static void an_import_is_seen_by_all_and_twice_the_same_is_had(void **state)
{
    (void)state;
    static const char rows[] = "person,name,grid\nQ-20,甲,320214001\nQ-21,乙,320214001\n";
    send_file("lead", "/v1/imports?kind=persons", rows);
    says(200, "\"accepted\":2");
    says(200, "\"refused_file\":\"\"");
    send_file("lead", "/v1/imports?kind=persons", rows);
    says(200, "\"had\":2");
    weft_city *reader;
    weft_error error = {0};
    wf_register *reg;
    assert_int_equal(wf_shared_read(city.server->shared, &reader, &error), WEFT_OK);
    reg = reader->reg;
    uint32_t number =
        wf_ids_find(wf_visits_ids(reader->visits), WF_ID_PERSON, WF_TEXT("Q-20"));
    wf_person_about about = {0};
    assert_int_equal(wf_register_person(reg, (wf_person){number}, &about, &error),
                     WEFT_OK);
    assert_string_equal(about.grid, "320214001");
    wf_shared_read_end(city.server->shared, reader);
}

// Whoever goes away while their list waits for its turn leaves nothing behind, and its
// worker is free: nobody would see what became of it.
static void a_list_whose_sender_has_gone_is_not_begun(void **state)
{
    static const char request[] =
        "POST /v1/imports?kind=persons HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer lead"
        "\r\nContent-Type: application/octet-stream\r\nContent-Length: 35\r\n\r\n"
        "person,name,grid\nQ-30,甲,320214001";
    weft_city *own;
    weft_error error = {0};
    wf_lane_figures files;
    uint64_t before = stand().ledger, done;
    (void)state;
    do // those before have been answered, and end
        wf_lanes_figures(city.server->lanes, WF_LANE_FILES, &files);
    while (files.running > 0);
    done = files.done;
    assert_int_equal(wf_shared_own(city.server->shared, &own, &error), WEFT_OK);
    int file = client_open(&city);
    assert_true(client_send(file, request, sizeof request - 1));
    do
        wf_lanes_figures(city.server->lanes, WF_LANE_FILES, &files);
    while (files.running == 0);
    close(file);
    wf_shared_own_end(city.server->shared);
    do
        wf_lanes_figures(city.server->lanes, WF_LANE_FILES, &files);
    while (files.done == done);
    assert_int_equal(stand().ledger, before);
    // Whoever stays has theirs taken in.
    send_file("lead", "/v1/imports?kind=persons", strstr(request, "person,name"));
    says(200, "\"accepted\":1");
}

static void refused_rows_come_back_to_be_mended(void **state)
{
    (void)state;
    char path[128];
    send_file("lead", "/v1/imports?kind=persons",
              "person,name,birth\nQ-30,甲,1980-01-02\nQ-31,\"乙,二\",never\n");
    says(200, "\"accepted\":1");
    json_t *json = answered();
    snprintf(path, sizeof path, "/v1/imports/refused/%s",
             json_string_value(json_object_get(json, "refused_file")));
    json_decref(json);
    get("lead", path, NULL);
    says(200, "person,name,birth,weft:line,weft:field,weft:reason\r\n"
              "Q-31,\"乙,二\",never,3,birth,this is not a date\r\n");
    // What was mended goes in with the remarks beside it.
    send_file("lead", "/v1/imports?kind=persons",
              "person,name,birth,weft:line,weft:field,weft:reason\r\n"
              "Q-31,\"乙,二\",1981-02-03,3,birth,this is not a date\r\n");
    says(200, "\"accepted\":1");
    get("other-lead", path, NULL);
    says(404, "http.not_found");
    strncat(path, "?format=xlsx", sizeof path - strlen(path) - 1);
    get("lead", path, NULL);
    says(200, "spreadsheetml");
    get("lead", "/v1/imports/refused/none", NULL);
    says(404, "http.not_found");
}

static void what_lies_elsewhere_is_refused_and_kept(void **state)
{
    (void)state;
    // P-3 lives elsewhere; a new person may be said anything of.
    send_file("here", "/v1/imports?kind=persons", "person,name\nP-3,他\nQ-50,新\n");
    says(200, "\"accepted\":1");
    assert_int_equal(number_of("refused"), 1);
    says(200, "access.elsewhere");
    // A preview tells nothing of it.
    send_file("here", "/v1/imports/preview?kind=persons", "person,name\nP-3,他\n");
    says(200, "\"refused\":0");
    send_file("here", "/v1/imports?kind=places",
              "place,name,kind,grid\nL-1,甲店,shop,320282001\nL-2,乙店,shop,320214009\n");
    says(200, "\"accepted\":1");
    assert_int_equal(number_of("refused"), 1);
}

static void who_may_not_finds_nothing_there(void **state)
{
    (void)state;
    static const char *const others[] = {"commander", "auditor", "guard", "resident"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        send_file(others[i], "/v1/imports?kind=persons", "person\nQ-60\n");
        says(404, "http.not_found");
        send_file(others[i], "/v1/imports/preview?kind=persons", "person\nQ-60\n");
        says(404, "http.not_found");
    }
}

// ---- hostile files ----

static void what_is_no_table_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        unsigned status;
        const char *says;
    } files[] = {
        {"PK\3\4 this is no zip", 20, 400, "wire.xlsx"},
        {"\xD0\xCF\x11\xE0 of an older program", 25, 400, "wire.xls"},
        {"\x1f\x8b\x08 no gzip", 11, 400, "wire.gzip"},
        {"", 0, 200, "import.no_header"},
        {"person\n\xff\xfe\n", 10, 200, "\"refused\":1"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        send_bytes("lead", "/v1/imports/preview?kind=persons", "application/octet-stream",
                   files[i].bytes, files[i].size);
        says(files[i].status, files[i].says);
        // Who sent it is no name of a file.
        keeps_quiet_of("user/lead");
        if (i < 3)
            says(files[i].status, "the file that was uploaded");
    }
    send_bytes("lead", "/v1/imports?kind=persons", "text/plain", "person\nQ-70\n", 12);
    says(415, "http.body_type");
    send_bytes("lead", "/v1/imports?kind=facts", "application/octet-stream", "{}", 2);
    says(400, "http.parameter_wrong");
}

// Small as it comes, larger than may be imported when it is undone.
static void a_file_of_too_many_rows_ends_early(void **state)
{
    (void)state;
    wf_buffer rows = {0};
    assert_true(wf_buffer_append(&rows, "person\n", 7));
    for (unsigned i = 0; i < WF_UPLOAD_ROWS_MAX + 10000; i++)
        assert_true(wf_buffer_append(&rows, "Q\n", 2));
    uint64_t before = stand().ledger;
    send_bytes("lead", "/v1/imports?kind=persons", "application/octet-stream", rows.bytes,
               rows.size);
    says(413, "import.upload_too_large");
    assert_int_equal(stand().ledger, before);
    wf_buffer_done(&rows);
}

static void a_file_that_grows_beyond_reason_ends_early(void **state)
{
    enum { row_bytes = 60000 };
    (void)state;
    static unsigned char packed[4 << 20];
    static char row[row_bytes];
    z_stream gz = {0};
    assert_int_equal(deflateInit2(&gz, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
                     Z_OK);
    gz.next_out = packed;
    gz.avail_out = sizeof packed;
    gz.next_in = (unsigned char *)"person,name\n";
    gz.avail_in = 12;
    assert_int_equal(deflate(&gz, Z_NO_FLUSH), Z_OK);
    memset(row, 'x', sizeof row);
    memcpy(row, "Q,", 2);
    row[row_bytes - 1] = '\n';
    for (uint64_t sent = 0; sent < WF_UPLOAD_TEXT_BYTES_MAX + (8 << 20);
         sent += row_bytes) {
        gz.next_in = (unsigned char *)row;
        gz.avail_in = row_bytes;
        assert_int_equal(deflate(&gz, Z_NO_FLUSH), Z_OK);
    }
    assert_int_equal(deflate(&gz, Z_FINISH), Z_STREAM_END);
    send_bytes("lead", "/v1/imports?kind=persons", "application/octet-stream",
               (const char *)packed, sizeof packed - gz.avail_out);
    says(413, "import.upload_too_large");
    deflateEnd(&gz);
}

enum { wrong_rows = 95000 };

// Rows of some 100 bytes, which take 64 more: 95,000 of them are just below the bound.
static void send_wrong_rows(const char *who, char first)
{
    wf_buffer rows = {0};
    assert_true(wf_buffer_printf(&rows, "person,name,birth\n"));
    for (unsigned i = 0; i < wrong_rows; i++)
        assert_true(
            wf_buffer_printf(&rows, "Q%c-%05u,%-84s,never\n", first, i, "Invented"));
    send_bytes(who, "/v1/imports?kind=persons", "application/octet-stream", rows.bytes,
               rows.size);
    wf_buffer_done(&rows);
    assert_int_equal(number_of("rows"), wrong_rows);
    assert_int_equal(number_of("refused"), wrong_rows);
}

static uint64_t refused_rows_kept(void)
{
    char name[WF_REFUSED_NAME_MAX];
    weft_city *reader;
    wf_refused_reader *rows = NULL;
    wf_refused_item item;
    weft_error error = {0};
    uint64_t count = 0;
    json_t *json = answered();
    snprintf(name, sizeof name, "%s",
             json_string_value(json_object_get(json, "refused_file")));
    json_decref(json);
    if (name[0] == '\0')
        return 0;
    assert_int_equal(wf_shared_read(city.server->shared, &reader, &error), WEFT_OK);
    const wf_refused_folder folder = {reader->io, reader->dir.text, reader->keys};
    assert_int_equal(wf_refused_reader_open(&folder, name, &rows, &error), WEFT_OK);
    do {
        assert_int_equal(wf_refused_next(rows, &item, &error), WEFT_OK);
        count += item.what == WF_REFUSED_ROW;
    } while (item.what != WF_REFUSED_END);
    wf_refused_reader_close(rows);
    wf_shared_read_end(city.server->shared, reader);
    return count;
}

// Nobody fills the disk by lists that are refused: beyond 16 MiB a day they are refused
// as ever, and it is said that their text is not kept. Others have theirs.
static void of_refused_rows_no_more_is_kept_in_a_day_than_there_is_room_for(void **state)
{
    (void)state;
    send_wrong_rows("other-lead", 'a');
    assert_int_equal(number_of("not_kept"), 0);
    assert_int_equal(refused_rows_kept(), wrong_rows);
    send_wrong_rows("other-lead", 'b');
    json_int_t not_kept = number_of("not_kept");
    assert_in_range(not_kept, wrong_rows / 2, wrong_rows - 1);
    assert_int_equal(refused_rows_kept(), (uint64_t)(wrong_rows - not_kept));
    send_wrong_rows("other-lead", 'c');
    assert_int_equal(number_of("not_kept"), wrong_rows);
    assert_int_equal(refused_rows_kept(), 0);
    // What is right goes in as ever, and others have room.
    send_file("other-lead", "/v1/imports?kind=persons",
              "person,birth\nQd-1,1980-01-02\n");
    says(200, "\"accepted\":1");
    send_file("lead", "/v1/imports?kind=persons", "person,birth\nQd-2,never\n");
    says(200, "\"not_kept\":0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_preview_tells_what_would_become_of_each_row),
        cmocka_unit_test(the_order_of_dates_is_asked_and_never_guessed),
        cmocka_unit_test(columns_of_other_titles_go_by_number),
        cmocka_unit_test(a_row_joins_the_case_that_it_is_another_number_of),
        cmocka_unit_test(numbers_tell_nothing_of_cases_elsewhere),
        cmocka_unit_test(contacts_tell_nothing_of_cases_elsewhere),
        cmocka_unit_test(contacts_tell_of_cases_within_reach),
        cmocka_unit_test(contacts_are_judged_row_by_row),
        cmocka_unit_test(a_header_stands_below_titles),
        cmocka_unit_test(columns_may_be_chosen_one_by_one),
        cmocka_unit_test(dates_that_look_wrong_are_taken_and_said),
        cmocka_unit_test(a_sheet_is_chosen_by_its_number),
        cmocka_unit_test(an_import_is_seen_by_all_and_twice_the_same_is_had),
        cmocka_unit_test(a_list_whose_sender_has_gone_is_not_begun),
        cmocka_unit_test(refused_rows_come_back_to_be_mended),
        cmocka_unit_test(what_lies_elsewhere_is_refused_and_kept),
        cmocka_unit_test(who_may_not_finds_nothing_there),
        cmocka_unit_test(what_is_no_table_is_refused),
        cmocka_unit_test(a_file_of_too_many_rows_ends_early),
        cmocka_unit_test(a_file_that_grows_beyond_reason_ends_early),
        cmocka_unit_test(of_refused_rows_no_more_is_kept_in_a_day_than_there_is_room_for),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
