// A served city that people ask about a few others, and who asks: what tests of look-ups
// over HTTP share. The test has included cmocka.
#ifndef TEST_SUPPORT_ASKED_CITY_H
#define TEST_SUPPORT_ASKED_CITY_H

#include <jansson.h>

#include "serve/http/exchange.h"
#include "serve/server_inside.h"
#include "support/bytes_source.h"
#include "support/served_city.h"
#include "weft/facts.h"
#include "weft/import.h"

static served_city city;
static client_answer answer;

// ---- who asks ----

// The bearer's text is the name of one of these.
static wf_actor actors[] = {
    {.kind = WF_ACTOR_USER, .role = WF_ROLE_LEAD, .name = "lead"},
    {.kind = WF_ACTOR_USER, .role = WF_ROLE_LEAD, .name = "other-lead"},
    {.kind = WF_ACTOR_USER,
     .role = WF_ROLE_INVESTIGATOR,
     .name = "here",
     .grid = "320214",
     .office = "流调三组"},
    {.kind = WF_ACTOR_USER,
     .role = WF_ROLE_INVESTIGATOR,
     .name = "there",
     .grid = "320282"},
    {.kind = WF_ACTOR_USER, .role = WF_ROLE_COMMANDER, .name = "commander"},
    {.kind = WF_ACTOR_USER, .role = WF_ROLE_AUDITOR, .name = "auditor"},
    {.kind = WF_ACTOR_USER, .role = WF_ROLE_GUARD, .name = "guard"},
    {.kind = WF_ACTOR_USER, .role = WF_ROLE_LAB, .name = "lab", .grid = "320214"},
    {.kind = WF_ACTOR_USER, .role = WF_ROLE_LAB, .name = "far-lab", .grid = "320282"},
    {.kind = WF_ACTOR_USER,
     .role = WF_ROLE_RESIDENT,
     .name = "resident",
     .person = "P-1"},
};

static inline weft_status by_name(wf_exchange *x, wf_actor *ret, weft_error *error)
{
    wf_text given = wf_exchange_header(x, "Authorization");
    for (size_t i = 0; i < sizeof actors / sizeof *actors; i++) {
        size_t size = strlen(actors[i].name);
        if (given.size == size + 7 &&
            memcmp(given.bytes + 7, actors[i].name, size) == 0) {
            *ret = actors[i];
            ret->person_number = WF_NUMBER_NONE;
            return WEFT_OK;
        }
    }
    return wf_fail(error, WEFT_NOT_ALLOWED, "access.token", NULL);
}

// ---- what is there ----

static inline void fact(const char *kind, const char *const *fields)
{
    weft_error error = {0};
    weft_fact_reply reply;
    weft_fact_options options = {.at = WEFT_TIME_NONE};
    size_t count = 0;
    while (fields[count] != NULL)
        count++;
    if (weft_fact_send(city.city, kind, fields, count, &options, &reply, &error) !=
        WEFT_OK) {
        print_error("# %s: %s\n", kind, error.code);
        abort();
    }
}
#define FACT(kind, ...) fact(kind, (const char *const[]){__VA_ARGS__, NULL})

static inline void fill(void)
{
    FACT("person.registered", "person=P-1", "name=甲", "grid=320214001");
    FACT("person.registered", "person=P-2", "name=乙", "grid=320214002");
    FACT("person.registered", "person=P-3", "name=丙", "grid=320282001");
    FACT("case.reported", "case=C-1", "person=P-1", "classification=confirmed",
         "onset=2021-12-10T08:00+08:00");
    FACT("case.reported", "case=C-2", "person=P-2", "classification=suspected",
         "onset=2021-12-10T08:00+08:00");
    FACT("case.reported", "case=C-3", "person=P-3", "classification=confirmed",
         "onset=2021-12-10T08:00+08:00");
    FACT("user.added", "user=nurse", "role=medic", "person=P-3");
    FACT("place.registered", "place=H-1", "kind=household", "grid=320214001");
    FACT("place.registered", "place=M-1", "kind=market", "grid=320214001");
    static const char visits[] = "person,place,start,end\n"
                                 "P-1,M-1,2021-12-10T09:00,2021-12-10T11:00\n"
                                 "P-2,M-1,2021-12-10T09:30,2021-12-10T10:30\n";
    weft_error error = {0};
    bytes_source source = {visits, sizeof visits - 1, 0, 0, 0};
    weft_import_source from = {bytes_source_read, &source, "v.csv", sizeof visits - 1};
    weft_import_options options = {.as_of = WEFT_TIME_NONE};
    weft_import_summary summary;
    if (weft_import(city.city, WEFT_IMPORT_VISITS, &from, 1, &options, &summary,
                    &error) != WEFT_OK ||
        summary.accepted != 2)
        abort();
}

static inline int begin(void **state)
{
    (void)state;
    weft_error error = {0};
    scratch_new(&city.folder);
    scratch_new(&city.keys);
    wf_path dir = scratch_path(&city.folder, "city");
    weft_init_options init = {.kind = WEFT_CITY_DRILL,
                              .clock = "2021-12-11T06:00+08:00",
                              .keys.key_dir = city.keys.text};
    const weft_key_options keys = {.key_dir = city.keys.text};
    const wf_server_options options = {.listen = "127.0.0.1:0", .identify = by_name};
    if (weft_city_init(dir.text, &init, &error) != WEFT_OK ||
        weft_city_open(dir.text, &keys, &city.city, &error) != WEFT_OK)
        abort();
    fill();
    return wf_server_start(city.city, &options, &city.server, &error) == WEFT_OK ? 0 : -1;
}

static inline int end(void **state)
{
    (void)state;
    served_end(&city);
    return 0;
}

// ---- asking ----

static inline void ask(const char *who, const char *method, const char *path,
                       const char *purpose, const char *body)
{
    char text[4096];
    int size =
        snprintf(text, sizeof text,
                 "%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                 "%s%s%sContent-Type: application/%sjson\r\nContent-Length: %zu\r\n"
                 "Accept-Language: en\r\nConnection: close\r\n\r\n%s",
                 method, path, who, purpose != NULL ? "Weft-Purpose: " : "",
                 purpose != NULL ? purpose : "", purpose != NULL ? "\r\n" : "",
                 strncmp(path, "/v1/facts", 9) == 0 ? "x-nd" : "",
                 body != NULL ? strlen(body) : 0, body != NULL ? body : "");
    assert_true(size > 0 && (size_t)size < sizeof text);
    if (body == NULL) { // a GET has no body, and no type of one
        char *type = strstr(text, "Content-Type"),
             *next = strstr(text, "Accept-Language");
        memmove(type, next, strlen(next) + 1);
    }
    client_ask(&city, text, strlen(text), &answer);
}

static inline void get(const char *who, const char *path, const char *purpose)
{
    ask(who, "GET", path, purpose, NULL);
}

static inline void says(unsigned status, const char *text)
{
    if (answer.status != status || strstr(answer.bytes, text) == NULL)
        print_error("# %s\n", answer.bytes);
    assert_int_equal(answer.status, status);
    assert_non_null(strstr(answer.bytes, text));
}

static inline void keeps_quiet_of(const char *text)
{
    assert_null(strstr(answer.bytes, text));
}

#endif
