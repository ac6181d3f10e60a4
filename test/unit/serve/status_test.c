// One's own status and whether somebody may pass: from the board as from the rows, byte
// for byte.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <time.h>

#include "serve/http/exchange.h"
#include "serve/server_inside.h"
#include "support/served_city.h"
#include "weft/facts.h"

enum { persons = 5, questions = 3, answers = persons * questions };

static served_city city;
static client_answer answer;
static char first[answers][8192];

// "guard", or the resident of an id.
static weft_status by_name(wf_exchange *x, wf_actor *ret, weft_error *error)
{
    wf_text given = wf_exchange_header(x, "Authorization");
    if (given.size <= 7 || given.size >= 7 + sizeof ret->person)
        return wf_fail(error, WEFT_NOT_ALLOWED, "access.token", NULL);
    *ret = wf_actor_nobody();
    ret->kind = WF_ACTOR_USER;
    ret->role = given.bytes[7] == 'g' ? WF_ROLE_GUARD : WF_ROLE_RESIDENT;
    memcpy(ret->name, given.bytes + 7, given.size - 7);
    if (ret->role == WF_ROLE_RESIDENT)
        memcpy(ret->person, given.bytes + 7, given.size - 7);
    return WEFT_OK;
}

// ---- what is there ----

static void fact(const char *kind, const char *const *fields)
{
    weft_error error = {0};
    weft_fact_reply reply;
    weft_fact_options options = {.at = WEFT_TIME_NONE};
    size_t count = 0;
    while (fields[count] != NULL)
        count++;
    if (weft_fact_send(city.city, kind, fields, count, &options, &reply, &error) !=
        WEFT_OK) {
        print_error("# %s: %s %s\n", kind, error.code, error.field);
        abort();
    }
}
#define FACT(kind, ...) fact(kind, (const char *const[]){__VA_ARGS__, NULL})

static void fill(void)
{
    FACT("person.registered", "person=P-1", "name=甲", "grid=320214001"); // cli/1
    FACT("person.registered", "person=P-2", "name=乙", "grid=320214002");
    FACT("person.registered", "person=P-3", "name=丙", "grid=320282001");
    FACT("place.registered", "place=H \"一\"", "kind=household", "grid=320214001");
    FACT("person.registered", "person=P-4", "name=丙", "grid=320282001");
    FACT("person.same", "a=P-3", "b=P-4");
    for (char tube[] = "tube=T-0"; tube[7] < '8'; tube[7]++) {
        FACT("sample.collected", tube, tube[7] % 2 == 0 ? "person=P-1" : "person=P-3");
        FACT("tube.resulted", tube, "result=negative");
    }
    FACT("sample.collected", "tube=T\\9\"", "person=P-4");
    FACT("order.issued", "order=O-1", "kind=home_isolation", "persons=P-2,P-3",
         "clause=cn-40-home", "because=cli/1", "until=2021-12-13T07:00",
         "issuer=区 \"指挥部\"", "place=H \"一\"");
    FACT("order.issued", "order=O-2", "kind=health_monitoring", "persons=P-1",
         "clause=cn-40", "because=cli/1", "until=2021-12-12T07:00");
}

static int begin(void **state)
{
    (void)state;
    const wf_server_options options = {.identify = by_name};
    served_make(&city);
    fill();
    served_start(&city, &options);
    return 0;
}

static int end(void **state)
{
    (void)state;
    served_end(&city);
    return 0;
}

// ---- asking ----

static void ask(size_t person, size_t question)
{
    char text[512], who[] = "P-0", body[] = "{\"person\":\"P-0\"}";
    who[2] = body[13] = (char)('1' + person);
    int size = snprintf(text, sizeof text,
                        "%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                        "Content-Type: application/json\r\nContent-Length: %zu\r\n"
                        "Connection: close\r\n\r\n%s",
                        "POST /v1/valid", "guard", strlen(body), body);
    if (question < 2)
        size = snprintf(text, sizeof text,
                        "GET /v1/me/status%s HTTP/1.1\r\nHost: x\r\nAuthorization: "
                        "Bearer %s\r\nConnection: close\r\n\r\n",
                        question == 0 ? "" : "?samples=2", who);
    assert_true(size > 0 && (size_t)size < sizeof text);
    client_ask(&city, text, (size_t)size, &answer);
    assert_int_equal(answer.status, 200);
}

// How many requests a worker has dealt with, or ends to deal with.
static uint64_t worked(void)
{
    uint64_t sum = 0;
    for (int lane = 0; lane < WF_LANE_COUNT; lane++) {
        wf_lane_figures figures;
        wf_lanes_figures(city.server->lanes, (wf_lane)lane, &figures);
        sum += figures.done + figures.running;
    }
    return sum;
}

static void wait_for_board(void)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    for (int i = 0; i < 20000 && !wf_board_now(city.city->board).is_ready; i++)
        nanosleep(&moment, NULL);
    assert_true(wf_board_now(city.city->board).is_ready);
}

static void the_board_gives_the_same_bytes_as_the_rows(void **state)
{
    (void)state;
    wait_for_board();
    uint64_t before = worked();
    for (size_t i = 0; i < answers; i++) {
        ask(i / questions, i % questions);
        snprintf(first[i], sizeof first[i], "%s", client_body(&answer));
    }
    // P-5 is nobody whom the city knows: that is asked of the rows.
    assert_int_equal(worked(), before + questions);
    assert_non_null(strstr(first[0], "\"result\":\"negative\""));
    assert_non_null(strstr(first[0], "health_monitoring"));
    assert_non_null(strstr(first[1], "\"more_samples\":true"));
    assert_non_null(strstr(first[2], "\"valid\":true"));
    assert_non_null(strstr(first[questions + 2], "\"valid\":false"));
    assert_non_null(strstr(first[3 * questions], "\"tube_id\":\"T\\\\9\\\"\""));
    // An order names P-3 alone; the other of their two passes does not open a gate.
    assert_non_null(strstr(first[3 * questions], "\"order_id\":\"O-1\""));
    assert_non_null(strstr(first[3 * questions + 2], "\"valid\":false"));
    wf_board_allow(city.city->board, 0);
    for (size_t i = 0; i < answers; i++) {
        ask(i / questions, i % questions);
        assert_string_equal(client_body(&answer), first[i]);
    }
    assert_int_equal(worked(), before + questions + answers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_board_gives_the_same_bytes_as_the_rows),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
