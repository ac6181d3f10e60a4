// Requests that may be two, or that are none: each gets its one answer, and what stands
// behind it on the connection is never taken for a request.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "serve/http/exchange.h"
#include "support/hostile_requests.h"
#include "support/served_city.h"

static served_city city;
static client_answer answer;

static void echo(wf_exchange *x)
{
    wf_exchange_json(x, 200,
                     json_pack("{s:I}", "size", (json_int_t)wf_exchange_body(x).size));
}

static const wf_route routes[] = {
    {.method = "POST",
     .path = "/echo",
     .open = true,
     .hidden = true,
     .body = {.kind = WF_BODY_JSON, .bytes_max = 4096},
     .handle = echo},
    WF_ROUTES_END,
};

static int begin(void **state)
{
    const wf_server_options options = {.routes = routes};
    (void)state;
    served_begin(&city, &options);
    return 0;
}

static int end(void **state)
{
    (void)state;
    served_end(&city);
    return 0;
}

static size_t answers_in(const char *bytes)
{
    size_t count = 0;
    for (const char *at = bytes; (at = strstr(at, "HTTP/1.")) != NULL; at += 7)
        count++;
    return count;
}

// What libmicrohttpd itself refuses it may say twice; nothing behind it is answered.
static void each_hostile_request_is_refused_and_nothing_behind_it_is_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < hostile_requests_count; i++) {
        const hostile_request *one = &hostile_requests[i];
        client_ask_to_end(&city, one->bytes, one->size, &answer);
        bool good = answer.status == one->status && answer.closed &&
                    strstr(answer.bytes, "HTTP/1.1 2") == NULL;
        if (!good)
            print_error("# %s: %u%s\n%s\n", one->what, answer.status,
                        answer.closed ? ", closed" : "", answer.bytes);
        assert_true(good);
    }
}

#define ASK(text) client_ask(&city, text, sizeof(text) - 1, &answer)
#define ASK_TO_END(text) client_ask_to_end(&city, text, sizeof(text) - 1, &answer)

static void what_is_plain_is_taken(void **state)
{
    (void)state;
    ASK("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
        "Content-Length: 2\r\n\r\n{}");
    assert_int_equal(answer.status, 200);
    assert_string_equal(client_body(&answer), "{\"size\":2}");
    ASK("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n");
    assert_int_equal(answer.status, 200);
    assert_string_equal(client_body(&answer), "{\"size\":2}");
    // Line ends of one byte, no blank and many around a value.
    ASK("GET /healthz HTTP/1.1\nHost:h\nX:  y\t \n\n");
    assert_int_equal(answer.status, 200);
    ASK("GET /healthz?lang=en HTTP/1.1\r\nHost: h\r\nCookie: a=b; c=d\r\nEmpty:\r\n\r\n");
    assert_int_equal(answer.status, 200);
    ASK("\r\nGET /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_int_equal(answer.status, 200);
    ASK("GET http://h/healthz HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_int_equal(answer.status, 200);
    ASK_TO_END("GET /healthz HTTP/1.0\r\n\r\n");
    assert_int_equal(answer.status, 200);
}

static void requests_one_after_the_other_are_answered_in_order(void **state)
{
    (void)state;
    ASK_TO_END("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"
               "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
               "Content-Length: 3\r\n\r\n{ }"
               "GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n"
               "GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    assert_int_equal(answers_in(answer.bytes), 4);
    const char *at = strstr(answer.bytes, "\"ok\"");
    assert_non_null(at);
    at = strstr(at, "{\"size\":3}");
    assert_non_null(at);
    at = strstr(at, "access.nobody");
    assert_non_null(at);
    assert_non_null(strstr(at, "\"ok\""));
}

static void a_body_that_is_too_large_is_refused(void **state)
{
    (void)state;
    ASK("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
        "Content-Length: 4097\r\n\r\n");
    assert_int_equal(answer.status, 413);
    int file = client_open(&city);
    static const char head[] =
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n";
    static char chunk[5000] = "1000\r\n";
    memset(chunk + 6, ' ', 4096);
    memcpy(chunk + 6 + 4096, "\r\n", 2);
    client_send(file, head, sizeof head - 1);
    client_send(file, chunk, 6 + 4096 + 2);
    client_send(file, chunk, 6 + 4096 + 2);
    client_send(file, "0\r\n\r\n", 5);
    client_read_until(file, true, &answer);
    close(file);
    client_hold(&city, head, sizeof head - 1, &answer);
    assert_int_equal(answer.status, 413);
}

static void large_headers_and_many_are_refused(void **state)
{
    (void)state;
    static char request[60000];
    size_t size = 0;
    // More than there is memory for.
    size += (size_t)snprintf(request, sizeof request,
                             "GET /healthz HTTP/1.1\r\nHost: h\r\nX: ");
    memset(request + size, 'a', 50000);
    client_ask_to_end(&city, request, size + 50000, &answer);
    assert_true(answer.status == 431 || answer.status == 413 || answer.status == 0);
    size =
        (size_t)snprintf(request, sizeof request, "GET /healthz HTTP/1.1\r\nHost: h\r\n");
    for (int i = 0; i < 70; i++)
        size += (size_t)snprintf(request + size, sizeof request - size, "X-%d: y\r\n", i);
    size += (size_t)snprintf(request + size, sizeof request - size, "\r\n");
    client_ask_to_end(&city, request, size, &answer);
    assert_int_equal(answer.status, 431);
    // A target of 9,000 bytes.
    size = (size_t)snprintf(request, sizeof request, "GET /healthz?a=");
    memset(request + size, 'a', 9000);
    size += 9000;
    size += (size_t)snprintf(request + size, sizeof request - size,
                             " HTTP/1.1\r\nHost: h\r\n\r\n");
    client_ask(&city, request, size, &answer);
    assert_int_equal(answer.status, 414);
}

static void garbage_costs_its_connection_only(void **state)
{
    static char garbage[3000];
    uint64_t draw = 88172645463325252u;
    (void)state;
    for (int round = 0; round < 20; round++) {
        for (size_t i = 0; i < sizeof garbage; i++) {
            draw ^= draw << 13;
            draw ^= draw >> 7;
            draw ^= draw << 17;
            garbage[i] = (char)draw;
        }
        // Without its end a client may be about to say more.
        int file = client_open(&city);
        client_send(file, garbage, sizeof garbage);
        shutdown(file, SHUT_WR);
        client_read_until(file, true, &answer);
        assert_int_not_equal(answer.status, 200);
        close(file);
    }
    ASK("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_int_equal(answer.status, 200);
}

static void who_stops_sending_half_way_still_gets_an_answer(void **state)
{
    (void)state;
    int file = client_open(&city);
    static const char asked[] = "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n";
    client_send(file, asked, sizeof asked - 1);
    shutdown(file, SHUT_WR);
    client_read(file, &answer);
    close(file);
    client_hold(&city, asked, sizeof asked - 1, &answer);
    assert_int_equal(answer.status, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_hostile_request_is_refused_and_nothing_behind_it_is_taken),
        cmocka_unit_test(what_is_plain_is_taken),
        cmocka_unit_test(requests_one_after_the_other_are_answered_in_order),
        cmocka_unit_test(a_body_that_is_too_large_is_refused),
        cmocka_unit_test(large_headers_and_many_are_refused),
        cmocka_unit_test(garbage_costs_its_connection_only),
        cmocka_unit_test(who_stops_sending_half_way_still_gets_an_answer),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
