// Recorded answers are read whole and held one by one; what is spoiled, missing or not
// the service's own is found (support/recorded_answers.h).

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/recorded_answers.h"

#define HEAD(status, more) "HTTP/1.1 " status "\r\nX-Request-Id: 1\r\n" more "\r\n"
#define JSON "Content-Type: application/json\r\n"

static const char document[] =
    "{\"paths\":{\"/v1/"
    "openapi.json\":{\"get\":{\"operationId\":\"describe\",\"responses\":"
    "{\"200\":{\"content\":{\"application/json\":{\"schema\":{\"type\":\"object\"}}}}}}},"
    "\"/v1/"
    "one\":{\"get\":{\"operationId\":\"readOne\",\"responses\":{\"200\":{\"content\":"
    "{\"application/json\":{\"schema\":{\"type\":\"object\",\"required\":[\"n\"]}}}},"
    "\"304\":{},\"503\":{}}}}},\"components\":{\"schemas\":{\"Error\":{\"type\":"
    "\"object\","
    "\"required\":[\"code\"]}}}}";

static char records[8192];
static size_t size;

static void add(const char *request, const char *head, const char *body)
{
    int part = snprintf(records + size, sizeof records - size, "%s %zu %zu\n%s%s",
                        request, strlen(head), strlen(body), head, body);
    assert_in_range(part, 1, (int)(sizeof records - size) - 1);
    size += (size_t)part;
}

static int begin(void **state)
{
    (void)state;
    size = 0;
    add("GET /v1/openapi.json", HEAD("200 OK", JSON), document);
    return 0;
}

static recorded_held held;
static json_t *held_document, *held_seen;

static int end(void **state)
{
    (void)state;
    json_decref(held_document);
    json_decref(held_seen);
    held_document = held_seen = NULL;
    return 0;
}

static bool hold(bool behind_proxy)
{
    held_document = recorded_document(records, size);
    held_seen = json_object();
    assert_non_null(held_document);
    held = (recorded_held){
        .document = held_document, .seen = held_seen, .behind_proxy = behind_proxy};
    return recorded_hold(&held, records, size);
}

static void each_answer_is_held(void **state)
{
    (void)state;
    add("GET /v1/one?x=1", HEAD("200 OK", JSON), "{\"n\":1}");
    add("GET /v1/one",
        "HTTP/2 200 \r\nx-request-id: 1\r\ncontent-type: application/json"
        "\r\n\r\n",
        "{\"n\":2}");
    add("GET /v1/one", "HTTP/1.1 100 Continue\r\n\r\n" HEAD("200 OK", JSON), "{\"n\":2}");
    assert_true(hold(false));
    assert_int_equal(held.held, 4);
    assert_int_equal(held.wrong, 0);
}

static void a_spoiled_one_among_many_is_found(void **state)
{
    static const char *const spoiled[][2] = {
        {HEAD("200 OK", JSON), "{\"m\":1}"},
        {HEAD("201 Created", JSON), "{\"n\":1}"},
        {HEAD("200 OK", "Content-Type: text/csv\r\n"), "n\r\n1\r\n"},
        {"HTTP/1.1 200 OK\r\n" JSON "\r\n", "{\"n\":1}"},
        {"HTTP/1.1 502 Bad\r\nServer: nginx\r\nContent-Type: text/html\r\n\r\n", "x"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof spoiled / sizeof *spoiled; i++)
        add("GET /v1/one", spoiled[i][0], spoiled[i][1]);
    add("GET /v1/one", HEAD("200 OK", JSON), "{\"n\":1}");
    assert_true(hold(false));
    assert_int_equal(held.held, sizeof spoiled / sizeof *spoiled + 2);
    assert_int_equal(held.wrong, sizeof spoiled / sizeof *spoiled);
}

static void what_a_proxy_says_itself_is_told_apart(void **state)
{
    (void)state;
    add("GET /v1/one",
        "HTTP/1.1 502 Bad\r\nServer: nginx\r\nContent-Type: text/html\r\n\r\n", "x");
    add("GET /v1/one", "HTTP/1.1 431 Large\r\nServer: nginx\r\n" JSON "\r\n",
        "{\"code\":\"x\"}");
    add("GET /v1/one", "HTTP/1.1 431 Large\r\nServer: nginx\r\n" JSON "\r\n", "{}");
    // With the service's id it is the service's, and so is whatever succeeds.
    add("GET /v1/one", HEAD("502 Bad", "Server: nginx\r\nContent-Type: text/html\r\n"),
        "x");
    add("GET /v1/one", "HTTP/1.1 200 OK\r\nServer: nginx\r\n" JSON "\r\n", "{\"n\":1}");
    assert_true(hold(true));
    assert_int_equal(held.proxys, 3);
    assert_int_equal(held.held, 3);
    assert_int_equal(held.wrong, 3);
}

static void a_body_that_was_not_kept_is_counted(void **state)
{
    static const char head[] = HEAD("200 OK", JSON);
    (void)state;
    size += (size_t)snprintf(records + size, sizeof records - size,
                             "GET /v1/one %zu -\n%s", sizeof head - 1, head);
    assert_true(hold(false));
    assert_int_equal(held.without_body, 1);
    assert_int_equal(held.wrong, 0);
}

static void what_is_no_record_ends_it(void **state)
{
    static const char *const broken[] = {
        "GET /v1/one\n",
        "GET /v1/one 4\n",
        "GET /v1/one 9 0\nHTTP/1.1 ",
        "GET /v1/one 99999 0\nx",
        "GET /v1/one 4 1\n\r\n\r\n",
        "GET /v1/one 4 -x\n\r\n\r\n",
        "GET /v1/one 4 0",
        "x",
    };
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        begin(NULL);
        size += (size_t)snprintf(records + size, sizeof records - size, "%s", broken[i]);
        if (hold(false))
            print_error("# %s\n", broken[i]);
        assert_int_equal(held.held, 1);
        assert_false(recorded_hold(&held, records, size));
        end(NULL);
    }
}

static void without_a_description_or_with_two_nothing_is_held(void **state)
{
    (void)state;
    assert_null(recorded_document(records, 0));
    add("GET /v1/openapi.json", HEAD("200 OK", JSON), document);
    json_t *same = recorded_document(records, size);
    assert_non_null(same);
    json_decref(same);
    add("GET /v1/openapi.json", HEAD("200 OK", JSON), "{}");
    assert_null(recorded_document(records, size));
}

static void count(void *context, const char *operation, const char *status)
{
    char *to = context;
    size_t at = strlen(to);
    snprintf(to + at, 128 - at, "%s %s;", operation, status);
}

static void what_never_came_is_told(void **state)
{
    char never[128] = "";
    (void)state;
    add("GET /v1/one", HEAD("200 OK", JSON), "{\"n\":1}");
    assert_true(hold(false));
    recorded_never(&held, count, never);
    assert_string_equal(never, "readOne 304;readOne 503;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_answer_is_held, begin, end),
        cmocka_unit_test_setup_teardown(a_spoiled_one_among_many_is_found, begin, end),
        cmocka_unit_test_setup_teardown(what_a_proxy_says_itself_is_told_apart, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_body_that_was_not_kept_is_counted, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_record_ends_it, begin, end),
        cmocka_unit_test_setup_teardown(without_a_description_or_with_two_nothing_is_held,
                                        begin, end),
        cmocka_unit_test_setup_teardown(what_never_came_is_told, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
