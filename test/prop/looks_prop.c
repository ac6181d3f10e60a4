// The law of looks: whatever people ask over HTTP, by whatever reference, an answer that
// shows people has its look, and nothing else has one; nobody is shown a row that lies
// outside of the grid that they work for.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <inttypes.h>
#include <jansson.h>

#include "base/prng.h"
#include "serve/http/exchange.h"
#include "serve/server_inside.h"
#include "support/served_city.h"
#include "weft/facts.h"

enum { cases_default = 60, people = 12, actors_count = 6 };

static served_city city;
static client_answer answer;

// Grids nest: the whole city, a county, its towns, another county.
static const char *const grids[actors_count] = {"",          "320214", "320214001",
                                                "320214002", "320282", "320282001"};
static const char *const homes[] = {"320214001", "320214002", "320282001", "320282002"};
enum { homes_count = sizeof homes / sizeof *homes };

// The bearer is the number of the actor; all are leads, who may most.
static weft_status by_number(wf_exchange *x, wf_actor *ret, weft_error *error)
{
    wf_text given = wf_exchange_header(x, "Authorization");
    size_t which = given.size == 8 ? (size_t)(given.bytes[7] - '0') : SIZE_MAX;
    wf_actor actor = {.kind = WF_ACTOR_USER,
                      .role = which == 9 ? WF_ROLE_AUDITOR : WF_ROLE_LEAD,
                      .person_number = WF_NUMBER_NONE};
    if (which > 9)
        return wf_fail(error, WEFT_NOT_ALLOWED, "access.token", NULL);
    actor.name[0] = (char)('0' + which);
    if (which < actors_count)
        memcpy(actor.grid, grids[which], strlen(grids[which]) + 1);
    *ret = actor;
    return WEFT_OK;
}

static void fact(const char *kind, const char *const *fields, size_t count)
{
    weft_error error = {0};
    weft_fact_reply reply;
    weft_fact_options options = {.at = WEFT_TIME_NONE};
    if (weft_fact_send(city.city, kind, fields, count, &options, &reply, &error) !=
        WEFT_OK)
        abort();
}

// Person i lives at homes[i % 4], and has a case of their own; every third is over.
static void fill(void)
{
    for (int i = 0; i < people; i++) {
        char person[32], grid[32], id[32];
        snprintf(person, sizeof person, "person=P-%d", i);
        snprintf(grid, sizeof grid, "grid=%s", homes[i % homes_count]);
        snprintf(id, sizeof id, "case=C-%d", i);
        fact("person.registered", (const char *const[]){person, grid}, 2);
        fact("case.reported",
             (const char *const[]){id, person,
                                   i % 3 == 0 ? "classification=not_a_case"
                                              : "classification=confirmed"},
             3);
    }
}

static int begin(void **state)
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
    const wf_server_options options = {.listen = "127.0.0.1:0", .identify = by_number};
    if (weft_city_init(dir.text, &init, &error) != WEFT_OK ||
        weft_city_open(dir.text, &keys, &city.city, &error) != WEFT_OK)
        abort();
    fill();
    return wf_server_start(city.city, &options, &city.server, &error) == WEFT_OK ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    served_end(&city);
    return 0;
}

static void ask(int who, const char *method, const char *path, const char *purpose,
                const char *body)
{
    char text[3072];
    int size = snprintf(text, sizeof text,
                        "%s %s HTTP/1.1\r\nHost: x\r\nConnection: "
                        "close\r\nAuthorization: Bearer %d\r\n%s%s%s",
                        method, path, who, purpose[0] != '\0' ? "Weft-Purpose: " : "",
                        purpose, purpose[0] != '\0' ? "\r\n" : "");
    if (body != NULL)
        size +=
            snprintf(text + size, sizeof text - (size_t)size,
                     "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                     strlen(body), body);
    else
        size += snprintf(text + size, sizeof text - (size_t)size, "\r\n");
    client_ask(&city, text, (size_t)size, &answer);
}

// Rows of an answer; each lies in the grid of who asked, or is of the person asked for.
static size_t check_rows(int who, const char *person)
{
    json_t *json = json_loads(client_body(&answer), 0, NULL), *row;
    size_t i, count = json_array_size(json_object_get(json, "rows"));
    json_array_foreach(json_object_get(json, "rows"), i, row)
    {
        const char *grid = json_string_value(json_object_get(row, "grid"));
        const char *whose = json_string_value(json_object_get(row, "person"));
        assert_true(strncmp(grid, grids[who], strlen(grids[who])) == 0);
        assert_true(person == NULL || strcmp(person, whose) == 0);
    }
    json_decref(json);
    return count;
}

// Of one page of the auditor's view; *next is "" after the last.
static size_t count_page(char next[1200])
{
    char path[1400];
    size_t count = 0, i;
    snprintf(path, sizeof path, "/v1/views/register/looks?limit=50%s%s",
             next[0] != '\0' ? "&after=" : "", next);
    ask(9, "GET", path, "", NULL);
    assert_int_equal(answer.status, 200);
    json_t *json = json_loads(client_body(&answer), 0, NULL), *row;
    json_array_foreach(json_object_get(json, "rows"), i, row) count +=
        json_is_null(json_object_get(row, "refused"));
    const char *token = json_string_value(json_object_get(json, "next"));
    snprintf(next, 1200, "%s", token != NULL ? token : "");
    json_decref(json);
    return count;
}

static size_t looks_kept(void)
{
    char next[1200] = "";
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    size_t count = count_page(next);
    while (next[0] != '\0')
        count += count_page(next);
    return count;
}

// One question; true when its answer has to have a look.
static bool ask_something(wf_prng *prng)
{
    static const char *const purposes[] = {"interview", "care", "trace-contacts",
                                           "hand-over", "curiosity"};
    int who = (int)(wf_prng_below(prng, actors_count));
    int whose = (int)(wf_prng_below(prng, people + 2));
    char purpose[64] = "", body[128], person[16];
    if (wf_prng_below(prng, 8) != 0)
        snprintf(purpose, sizeof purpose, "ref=case:C-%d; purpose=%s", whose,
                 purposes[wf_prng_below(prng, 5)]);
    snprintf(person, sizeof person, "P-%d", (int)(wf_prng_below(prng, people + 2)));
    snprintf(body, sizeof body, "{\"fields\":{\"person\":\"%s\"}}", person);
    switch (wf_prng_below(prng, 4)) {
    case 0:
        ask(who, "GET", "/v1/views/register/persons?limit=500", purpose, NULL);
        if (answer.status == 200)
            check_rows(who, NULL);
        return answer.status == 200;
    case 1:
        ask(who, "POST", "/v1/views/register/persons/query", purpose, body);
        if (answer.status == 200)
            assert_true(check_rows(who, person) <= 1);
        return answer.status == 200;
    case 2:
        ask(who, "GET", "/v1/counts", purpose, NULL);
        assert_int_equal(answer.status, 200);
        assert_null(strstr(client_body(&answer), "\"P-"));
        return false;
    default: {
        char path[64];
        snprintf(path, sizeof path, "/v1/contacts?case=C-%d", whose);
        ask(who, "GET", path, purpose, NULL);
        return answer.status == 200;
    }
    }
}

static void every_answer_that_shows_people_has_its_look_and_nothing_else(void **state)
{
    (void)state;
    const char *set = getenv("WEFT_PROP_SEED"), *many = getenv("WEFT_PROP_CASES");
    uint64_t seed = set != NULL ? strtoull(set, NULL, 10) : 1;
    size_t cases = many != NULL ? strtoull(many, NULL, 10) : cases_default;
    size_t expected = looks_kept(), answered = 0;
    wf_prng prng = wf_prng_new(seed);
    print_message("# seed %" PRIu64 "\n", seed);
    for (size_t i = 0; i < cases; i++) {
        bool shown = ask_something(&prng);
        answered += shown;
        if (!shown && answer.status != 200)
            assert_null(strstr(client_body(&answer), "\"P-"));
    }
    assert_int_equal(looks_kept(), expected + answered);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_that_shows_people_has_its_look_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
