// The check that every answer of the tests goes through (support/described_answer.h)
// finds what is wrong in one: each of these is spoiled in one place.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/described_answer.h"

static const char document_text[] =
    "{\"paths\":{"
    "\"/v1/things/{thing}\":{\"get\":{\"responses\":{"
    "\"200\":{\"headers\":{\"X-Request-Id\":{\"$ref\":\"#/components/headers/Id\"},"
    "\"Made-At\":{\"x-required-of\":\"text/csv\",\"schema\":{\"type\":\"integer\"}}},"
    "\"content\":{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/"
    "Thing\"}},\"text/csv\":{\"schema\":{\"type\":\"string\"}}}},"
    "\"304\":{},"
    "\"503\":{\"headers\":{\"Retry-After\":{\"required\":true,\"schema\":{\"type\":"
    "\"integer\",\"minimum\":1}}},\"content\":{\"application/"
    "json\":{\"schema\":{\"$ref\":"
    "\"#/components/schemas/Error\"}}}}}}},"
    "\"/v1/things/best\":{\"get\":{\"responses\":{\"204\":{}}}},"
    "\"/v1/pages\":{\"get\":{\"responses\":{\"200\":{\"content\":{\"application/json\":"
    "{\"schema\":{\"type\":\"object\"}}}}}}},"
    "\"/v1/odd\":{\"get\":{\"responses\":{\"200\":{\"content\":{\"application/json\":"
    "{\"schema\":{\"type\":\"object\",\"patternProperties\":{}}}}}}}},"
    "\"/v1/events\":{\"get\":{\"responses\":{\"200\":{\"content\":{\"text/event-stream\":"
    "{\"schema\":{\"type\":\"string\",\"x-line-schema\":{\"$ref\":\"#/components/schemas/"
    "Thing\"}}}}}}}},"
    "\"/v1/lines\":{\"get\":{\"responses\":{\"200\":{\"content\":{\"application/"
    "x-ndjson\":"
    "{\"schema\":{\"type\":\"string\",\"x-line-schema\":{\"$ref\":\"#/components/schemas/"
    "Thing\"}}}}}}}}},"
    "\"components\":{\"headers\":{\"Id\":{\"required\":true,\"schema\":{\"type\":"
    "\"string\"}}},\"schemas\":{"
    "\"Error\":{\"type\":\"object\",\"required\":[\"code\"]},"
    "\"Thing\":{\"type\":\"object\",\"required\":[\"name\"],\"additionalProperties\":"
    "false,"
    "\"properties\":{\"name\":{\"type\":\"string\",\"maxLength\":2},"
    "\"kind\":{\"enum\":[\"a\",\"b\"]},\"day\":{\"type\":\"string\",\"format\":\"date\"},"
    "\"at\":{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"},"
    "\"count\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":9},"
    "\"list\":{\"type\":\"array\",\"minItems\":1,\"maxItems\":2,\"items\":{\"oneOf\":["
    "{\"const\":1},{\"type\":\"string\"}]}},"
    "\"words\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}}},"
    "\"view.testing.tubes\":{\"type\":\"object\",\"properties\":{\"tube\":{\"type\":"
    "[\"string\",\"null\"]}}}}}}";

static json_t *document;

static int begin(void **state)
{
    (void)state;
    document = json_loads(document_text, JSON_REJECT_DUPLICATES, NULL);
    return document != NULL ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    json_decref(document);
    return 0;
}

typedef struct {
    const char *request, *status, *headers, *body;
    bool fits;
} spoiled;

#define THING "GET /v1/things/t1?x=/y HTTP/1.1"
#define JSON "Content-Type: application/json; charset=utf-8\r\n"
#define OF_THING(body, fits)                                                             \
    {                                                                                    \
        THING, "200 OK", JSON, body, fits                                                \
    }

static void check(const spoiled *one)
{
    char head[512];
    snprintf(head, sizeof head, "HTTP/1.1 %s\r\nX-Request-Id: 1\r\n%s\r\n", one->status,
             one->headers);
    const described_exchange exchange = {.request = one->request,
                                         .head = head,
                                         .body = one->body,
                                         .body_size = strlen(one->body)};
    if (described_fits(document, &exchange) != one->fits)
        print_error("# %s: %s %s\n", one->request, one->status, one->body);
    assert_int_equal(described_fits(document, &exchange), one->fits);
}

static void bodies_of_json_are_held_to_their_schema(void **state)
{
    static const spoiled all[] = {
        OF_THING("{\"name\":\"x\"}", true),
        OF_THING("{\"name\":\"\\u6c49\\u5b57\",\"kind\":\"b\",\"day\":\"2021-12-11\","
                 "\"at\":\"2021-12-11T05:31:05+08:00\",\"count\":9,\"list\":[1,\"x\"],"
                 "\"words\":{\"a\":\"b\"}}",
                 true),
        OF_THING("{\"name\":\"x\",\"at\":\"2021-12-11T05:31:05.123Z\"}", true),
        OF_THING("{\"name\":\"x\",\"at\":null}", true),
        OF_THING("", false),
        OF_THING("{\"name\":\"x\"", false),
        OF_THING("{\"name\":\"x\"} {}", false),
        OF_THING("{\"name\":\"x\",\"name\":\"x\"}", false),
        OF_THING("[]", false),
        OF_THING("{}", false),
        OF_THING("{\"name\":1}", false),
        OF_THING("{\"name\":\"xyz\"}", false),
        OF_THING("{\"name\":\"x\",\"other\":1}", false),
        OF_THING("{\"name\":\"x\",\"kind\":\"c\"}", false),
        OF_THING("{\"name\":\"x\",\"day\":\"2021-12-1\"}", false),
        OF_THING("{\"name\":\"x\",\"day\":\"2021-12-111\"}", false),
        OF_THING("{\"name\":\"x\",\"at\":\"2021-12-11\"}", false),
        OF_THING("{\"name\":\"x\",\"at\":\"2021-12-11T05:31:05\"}", false),
        OF_THING("{\"name\":\"x\",\"at\":\"2021-12-11T05:31:05+0800\"}", false),
        OF_THING("{\"name\":\"x\",\"count\":0}", false),
        OF_THING("{\"name\":\"x\",\"count\":10}", false),
        OF_THING("{\"name\":\"x\",\"count\":1.5}", false),
        OF_THING("{\"name\":\"x\",\"list\":[]}", false),
        OF_THING("{\"name\":\"x\",\"list\":[1,1,1]}", false),
        OF_THING("{\"name\":\"x\",\"list\":[2]}", false),
        OF_THING("{\"name\":\"x\",\"words\":{\"a\":1}}", false),
        // A word of JSON Schema that the check does not know goes by unseen by nobody.
        {"GET /v1/odd HTTP/1.1", "200 OK", JSON, "{}", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        check(&all[i]);
}

static void statuses_types_and_headers_are_those_declared(void **state)
{
    static const spoiled all[] = {
        {THING, "201 Created", JSON, "{\"name\":\"x\"}", false},
        {THING, "200 OK", "", "{\"name\":\"x\"}", false},
        {THING, "200 OK", "Content-Type: text/plain\r\n", "x", false},
        {THING, "200 OK", "Content-Type: text/csv\r\nMade-At: 12\r\n", "x\n", true},
        {THING, "200 OK", "content-type: text/csv\r\nmade-at: 12\r\n", "x\n", true},
        {THING, "200 OK", "Content-Type: text/csv\r\nMade-At: noon\r\n", "x\n", false},
        {THING, "200 OK", "Content-Type: text/csv\r\n", "x\n", false},
        {THING, "304 Not Modified", "", "", true},
        {THING, "304 Not Modified", "", "x", false},
        {THING, "503 Busy", JSON "Retry-After: 3\r\n", "{\"code\":\"x\"}", true},
        {THING, "503 Busy", JSON "Retry-After: 0\r\n", "{\"code\":\"x\"}", false},
        {THING, "503 Busy", JSON "Retry-After: soon\r\n", "{\"code\":\"x\"}", false},
        {THING, "503 Busy", JSON, "{\"code\":\"x\"}", false},
        {"HEAD /v1/things/t1 HTTP/1.1", "200 OK", JSON, "", true},
        {"HEAD /v1/things/t1 HTTP/1.1", "204 No", "", "", false},
        // The path without braces goes before.
        {"GET /v1/things/best HTTP/1.1", "204 No Content", "", "", true},
        {"GET /v1/things/best HTTP/1.1", "200 OK", JSON, "{\"name\":\"x\"}", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        check(&all[i]);
    const described_exchange nameless = {
        .request = THING,
        .head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
                "X-Request-Id: of the body\r\n",
        .body = "{\"name\":\"x\"}",
        .body_size = 12};
    assert_false(described_fits(document, &nameless));
}

static void what_is_not_described_may_only_be_refused(void **state)
{
    static const spoiled all[] = {
        {"GET /v1/other HTTP/1.1", "404 Not Found", JSON, "{\"code\":\"x\"}", true},
        {"GET /v1/other HTTP/1.1", "404 Not Found", JSON, "{}", false},
        {"GET /v1/other HTTP/1.1", "404 Not Found", "Content-Type: text/html\r\n", "x",
         false},
        {"GET /v1/other HTTP/1.1", "200 OK", JSON, "{\"name\":\"x\"}", false},
        {"PUT /v1/pages HTTP/1.1", "405 No", JSON "Allow: GET\r\n", "{\"code\":\"x\"}",
         true},
        {"PUT /v1/pages HTTP/1.1", "405 No", JSON, "{\"code\":\"x\"}", false},
        {"GET /app/page.js HTTP/1.1", "200 OK", "Content-Type: text/javascript\r\n", "x",
         true}, // a file of the page
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        check(&all[i]);
    const described_exchange elsewhere = {.request = "GET /v1/pages HTTP/1.1",
                                          .head =
                                              "HTTP/1.1 404 x\r\nX-Request-Id: 1\r\n"
                                              "Content-Type: application/json\r\n\r\n",
                                          .body = "{\"code\":\"x\"}",
                                          .body_size = 12,
                                          .elsewhere = true};
    assert_true(described_fits(document, &elsewhere));
}

#define CSV THING, "200 OK", "Content-Type: text/csv\r\nMade-At: 12\r\n"
#define EVENTS "GET /v1/events HTTP/1.1", "200 OK", "Content-Type: text/event-stream\r\n"
#define LINES "GET /v1/lines HTTP/1.1", "200 OK", "Content-Type: application/x-ndjson\r\n"
#define PAGE "GET /v1/pages HTTP/1.1", "200 OK", JSON

static void lines_events_and_rows_are_held_one_by_one(void **state)
{
    static const spoiled all[] = {
        {CSV, "a,b\r\n1,\"x,\ny\"\"\"\r\n,\r\n", true},
        {CSV, "DRILL\r\na,b\r\n1,2\r\n", true},
        {CSV, "DRILL\r\na,b\r\n1\r\n", false},
        {CSV, "a,b\r\n1\r\n", false},
        {CSV, "a,b\r\n1,2,3\r\n", false},
        {CSV, "a,b\r\n1,\"2\r\n", false},
        {CSV, "a,b\r\n1,2", false},
        {CSV, "a\r\n\xff\r\n", false},
        {CSV, "", false},
        {EVENTS, ":\nid: 1\n\nid: 2\nevent: x\ndata: {\"name\":\"x\"}\n\ndata: {\"na",
         true},
        {EVENTS, "data: {\"name\":\"x\"}\n\ndata: {\"name\":1}\n\n", false},
        {LINES, "{\"name\":\"x\"}\n{\"name\":\"y\"}\n", true},
        {LINES, "{\"name\":\"x\"}\n{}\n{\"name\":\"y\"}\n", false},
        {PAGE, "{\"view\":\"testing/tubes\",\"rows\":[{\"tube\":\"T\"},{\"tube\":null}]}",
         true},
        {PAGE, "{\"view\":\"testing/tubes\",\"rows\":[{\"tube\":\"T\"},{\"tube\":1}]}",
         false},
        {PAGE, "{\"view\":\"testing/tubes\",\"rows\":[{\"tube\":\"T\",\"phone\":\"1\"}]}",
         false},
        {PAGE, "{\"view\":\"testing/none\",\"rows\":[{}]}", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        check(&all[i]);
}

static void what_a_library_refuses_is_told_apart(void **state)
{
    static const struct {
        const char *head;
        bool is;
    } all[] = {
        {"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", true},
        {"HTTP/1.1 431 Too Large\r\nConnection: close\r\n\r\n", true},
        {"HTTP/1.1 400 Bad Request\r\n\r\n", false},
        {"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nX-Request-Id: 1\r\n\r\n",
         false},
        {"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", false},
        {"HTTP/1.1 500 Failed\r\nConnection: close\r\n\r\n", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const described_exchange one = {.request = THING, .head = all[i].head};
        if (described_is_librarys(&one) != all[i].is)
            print_error("# %s\n", all[i].head);
        assert_int_equal(described_is_librarys(&one), all[i].is);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_of_json_are_held_to_their_schema),
        cmocka_unit_test(statuses_types_and_headers_are_those_declared),
        cmocka_unit_test(what_is_not_described_may_only_be_refused),
        cmocka_unit_test(lines_events_and_rows_are_held_one_by_one),
        cmocka_unit_test(what_a_library_refuses_is_told_apart),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
