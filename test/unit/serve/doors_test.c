// The doors: what the field's has and has not, whose limits are whose, how both end.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <pthread.h>

#include "serve/http/exchange.h"
#include "support/served_city.h"

static client_answer answer;

// ---- handlers ----

static struct {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    bool held, open;
} gate = {.lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};

static void hold(wf_exchange *x)
{
    pthread_mutex_lock(&gate.lock);
    gate.held = true;
    pthread_cond_broadcast(&gate.moved);
    while (!gate.open)
        pthread_cond_wait(&gate.moved, &gate.lock);
    pthread_mutex_unlock(&gate.lock);
    wf_exchange_json(x, 200, json_pack("{s:b}", "held", 1));
}

static void wait_held(void)
{
    pthread_mutex_lock(&gate.lock);
    while (!gate.held)
        pthread_cond_wait(&gate.moved, &gate.lock);
    pthread_mutex_unlock(&gate.lock);
}

static void open_gate(void)
{
    pthread_mutex_lock(&gate.lock);
    gate.open = true;
    pthread_cond_broadcast(&gate.moved);
    pthread_mutex_unlock(&gate.lock);
}

static const wf_route routes[] = {{.method = "GET",
                                   .path = "/hold",
                                   .open = true,
                                   .field = true,
                                   .hidden = true,
                                   .handle = hold},
                                  WF_ROUTES_END};

// Whoever has the token may do everything: what is refused is refused by the door.
static weft_status identify(wf_exchange *x, wf_actor *ret, weft_error *error)
{
    wf_text token = wf_exchange_header(x, "Authorization");
    if (!wf_text_equal(token, WF_TEXT("Bearer right")))
        return wf_fail(error, WEFT_NOT_ALLOWED, "access.token", NULL);
    *ret = (wf_actor){.kind = WF_ACTOR_DEVICE, .role = WF_ROLE_SAMPLER};
    memcpy(ret->name, "S-03-2", 7);
    return WEFT_OK;
}

static bool allows(const wf_actor *actor, wf_action action)
{
    (void)action;
    return actor->kind == WF_ACTOR_DEVICE;
}

static served_city served(size_t connections)
{
    const wf_server_options options = {.listen_field = "127.0.0.1:0",
                                       .routes = routes,
                                       .identify = identify,
                                       .allows = allows,
                                       .connections = connections,
                                       .workers = 6};
    served_city city;
    served_begin(&city, &options);
    return city;
}

// ---- asking ----

static int open_field(const served_city *of)
{
    return client_open_at(wf_server_field_address(of->server));
}

// `elsewhere`: the field has no such route.
static void ask_field(const served_city *of, bool elsewhere, const char *request)
{
    int file = open_field(of);
    client_send_text(file, request);
    client_read(file, &answer);
    close(file);
    client_hold_at(of, elsewhere, request, strlen(request), &answer);
}

// A request for the route, with "x" for each of its parameters.
static void request_of(const wf_route *route, bool token, char ret[512])
{
    char path[256] = "";
    size_t size = 0;
    for (const char *at = route->path; *at != '\0'; at++) {
        bool parameter = *at == '{';
        path[size++] = parameter ? 'x' : *at;
        at += parameter ? strcspn(at, "}") : 0;
    }
    const char *length = route->body.kind != WF_BODY_NONE ? "Content-Length: 0\r\n" : "";
    assert_in_range(snprintf(ret, 512, "%s %s HTTP/1.1\r\nHost: h\r\n%s%s\r\n",
                             route->method, path, length,
                             token ? "Authorization: Bearer right\r\n" : ""),
                    1, 511);
}

// ---- what is there ----

static void the_field_has_its_routes_and_no_other(void **state)
{
    static const char *const field[] = {"POST /v1/facts", "GET /healthz", "GET /v1/me",
                                        "POST /v1/valid"};
    served_city city = served(0);
    wf_route_table table;
    size_t found = 0;
    (void)state;
    assert_true(wf_routes_join(NULL, &table));
    assert_true(table.count > 40);
    for (size_t i = 0; i < table.count; i++) {
        const wf_route *route = table.routes[i];
        char name[256], request[512];
        bool belongs = false;
        snprintf(name, sizeof name, "%s %s", route->method, route->path);
        for (size_t k = 0; k < sizeof field / sizeof *field; k++)
            belongs |= strcmp(field[k], name) == 0;
        found += belongs;
        if (belongs != route->field)
            print_error("# %s\n", name);
        assert_int_equal(belongs, route->field);
        request_of(route, true, request);
        ask_field(&city, !belongs, request);
        assert_int_equal(answer.status == 404, !belongs);
        // Without a token nobody learns which there are; also of files that the first
        // door gives to all.
        request_of(route, false, request);
        ask_field(&city, !belongs, request);
        assert_int_equal(answer.status == 401, !(belongs && route->open));
    }
    assert_int_equal(found, sizeof field / sizeof *field);
    wf_routes_done(&table);
    // The first door has all of them, and facts as ever.
    static const char page[] = "GET /v1/openapi.json HTTP/1.0\r\nHost: h\r\n\r\n",
                      facts[] = "POST /v1/facts HTTP/1.1\r\nHost: h\r\nAuthorization: "
                                "Bearer right\r\nContent-Length: 0\r\n\r\n";
    client_ask(&city, page, sizeof page - 1, &answer);
    assert_int_equal(answer.status, 200);
    client_ask(&city, facts, sizeof facts - 1, &answer);
    unsigned at_first = answer.status;
    ask_field(&city, false, facts);
    assert_int_equal(answer.status, at_first);
    served_end(&city);
}

static void what_is_no_request_is_refused_there_too(void **state)
{
    served_city city = served(0);
    (void)state;
    ask_field(&city, false, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
    assert_int_equal(answer.status, 400);
    ask_field(&city, false,
              "POST /v1/facts HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
              "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    assert_int_equal(answer.status, 400);
    // Whose token is not good is told so before their body is there.
    ask_field(&city, false,
              "POST /v1/facts HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer no\r\n"
              "Content-Length: 10000000\r\n\r\n");
    assert_int_equal(answer.status, 401);
    served_end(&city);
}

// ---- limits ----

static bool answers_within(int file, int ms)
{
    struct pollfd waits = {.fd = file, .events = POLLIN};
    return poll(&waits, 1, ms) == 1;
}

static const char alive[] = "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n";

static int hold_place(const served_city *of, int file)
{
    client_send_text(file, alive);
    client_read(file, &answer);
    client_hold(of, alive, sizeof alive - 1, &answer);
    assert_int_equal(answer.status, 200);
    return file;
}

static void whoever_fills_one_door_leaves_the_other_open(void **state)
{
    // Of eight places six are the first door's.
    enum { many = 12, field_places = 2 };
    served_city city = served(8);
    int first[many], field[field_places];
    (void)state;
    for (size_t i = 0; i < many; i++) {
        first[i] = client_open(&city);
        client_send_text(first[i], "GET /healthz HTTP/1.1\r\nX: ");
    }
    for (size_t i = 0; i < field_places; i++)
        field[i] = hold_place(&city, open_field(&city));
    // All of its places are taken; the next waits for one.
    int next = open_field(&city);
    client_send_text(next, alive);
    assert_false(answers_within(next, 100));
    for (size_t i = 0; i < many; i++)
        close(first[i]);
    close(hold_place(&city, client_open(&city)));
    close(field[0]);
    client_read(next, &answer);
    assert_int_equal(answer.status, 200);
    close(field[1]);
    close(next);
    served_end(&city);
}

static void both_doors_are_counted(void **state)
{
    served_city city = served(0);
    static const char figures[] = "GET /metrics HTTP/1.1\r\nHost: h\r\n"
                                  "Authorization: Bearer right\r\n\r\n";
    (void)state;
    for (size_t i = 0; i < 3; i++)
        close(hold_place(&city, open_field(&city)));
    // They are counted when their answer has left, a moment after it came.
    do
        client_ask(&city, figures, sizeof figures - 1, &answer);
    while (strstr(answer.bytes, "weft_door_requests_total{door=\"field\"} 3\n") == NULL);
    assert_non_null(strstr(answer.bytes, "weft_connections_total{door=\"field\"} 3\n"));
    served_end(&city);
}

// ---- beginning and end ----

static void a_door_that_cannot_be_had_opens_none(void **state)
{
    served_city city;
    weft_error error = {0};
    char taken[32];
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)state;
    assert_int_equal(bind(file, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(file, 1), 0);
    assert_int_equal(getsockname(file, (struct sockaddr *)&at, &size), 0);
    snprintf(taken, sizeof taken, "127.0.0.1:%u", (unsigned)ntohs(at.sin_port));
    served_make(&city);
    const struct {
        const char *address, *code;
        weft_status status;
    } bad[] = {{taken, "serve.bind", WEFT_STORAGE},
               {"0.0.0.0:0", "serve.open_to_all", WEFT_NOT_ALLOWED},
               {"nowhere", "serve.listen", WEFT_BAD_USAGE}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const wf_server_options options = {.listen = "127.0.0.1:0",
                                           .listen_field = bad[i].address};
        wf_server *server = NULL;
        assert_int_equal(wf_server_start(city.city, &options, &server, &error),
                         bad[i].status);
        assert_string_equal(error.code, bad[i].code);
        assert_null(server);
        wf_error_clear(&error);
    }
    // The city is as it was: with one door it is served.
    const wf_server_options one = {0};
    served_start(&city, &one);
    assert_null(wf_server_field_address(city.server));
    close(hold_place(&city, client_open(&city)));
    served_end(&city);
    close(file);
}

static void *stop(void *context)
{
    wf_server_stop(context, 10);
    return NULL;
}

static void what_is_under_way_at_the_field_is_answered_before_the_end(void **state)
{
    served_city city = served(0);
    pthread_t thread;
    (void)state;
    int held = open_field(&city), idle = hold_place(&city, open_field(&city));
    client_send_text(held, "GET /hold HTTP/1.1\r\nHost: h\r\n\r\n");
    wait_held();
    assert_int_equal(pthread_create(&thread, NULL, stop, city.server), 0);
    // Nobody is waited for who asks nothing.
    client_read_until(idle, true, &answer);
    assert_int_equal(answer.size, 0);
    open_gate();
    client_read_until(held, true, &answer);
    assert_int_equal(answer.status, 200);
    assert_string_equal(client_body(&answer), "{\"held\":true}");
    assert_int_equal(pthread_join(thread, NULL), 0);
    city.server = NULL;
    served_end(&city);
    close(held);
    close(idle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_field_has_its_routes_and_no_other),
        cmocka_unit_test(what_is_no_request_is_refused_there_too),
        cmocka_unit_test(whoever_fills_one_door_leaves_the_other_open),
        cmocka_unit_test(both_doors_are_counted),
        cmocka_unit_test(a_door_that_cannot_be_had_opens_none),
        cmocka_unit_test(what_is_under_way_at_the_field_is_answered_before_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
