// The net over HTTP: what there is of each town, how many rows many holes take, and who
// is shown what.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <jansson.h>

#include "serve/http/exchange.h"
#include "support/bytes_source.h"
#include "support/served_city.h"
#include "weft/holes.h"
#include "weft/import.h"

static served_city city;

// ---- who asks ----

static wf_actor actors[] = {
    {.kind = WF_ACTOR_USER, .role = WF_ROLE_COMMANDER, .name = "commander"},
    {.kind = WF_ACTOR_USER, .role = WF_ROLE_SAMPLER, .name = "sampler"},
    {.kind = WF_ACTOR_USER, .role = WF_ROLE_GUARD, .name = "guard"},
    {.kind = WF_ACTOR_USER, .role = WF_ROLE_LEAD, .name = "here", .grid = "320282001"},
    {.kind = WF_ACTOR_USER,
     .role = WF_ROLE_COMMANDER,
     .name = "county",
     .grid = "320282"},
};

static weft_status by_name(wf_exchange *x, wf_actor *ret, weft_error *error)
{
    wf_text given = wf_exchange_header(x, "Authorization");
    for (size_t i = 0; i < sizeof actors / sizeof *actors; i++)
        if (given.size == strlen(actors[i].name) + 7 &&
            memcmp(given.bytes + 7, actors[i].name, given.size - 7) == 0) {
            *ret = actors[i];
            ret->person_number = WF_NUMBER_NONE;
            return WEFT_OK;
        }
    return wf_fail(error, WEFT_NOT_ALLOWED, "access.token", NULL);
}

static json_t *net_of(const char *who, const char *query, unsigned status)
{
    char text[512];
    static client_answer answer;
    json_error_t why;
    int size =
        snprintf(text, sizeof text,
                 "GET /v1/net%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                 "Connection: close\r\n\r\n",
                 query, who);
    client_ask(&city, text, (size_t)size, &answer);
    assert_int_equal(answer.status, status);
    json_t *json = json_loads(client_body(&answer), 0, &why);
    if (json == NULL)
        print_error("# %s\n", why.text);
    assert_non_null(json);
    return json;
}

// ---- what is there ----

static void import(const wf_buffer *lines)
{
    weft_error error = {0};
    bytes_source source = {lines->bytes, lines->size, 0, 0, 0};
    weft_import_source from = {bytes_source_read, &source, "facts", lines->size};
    weft_import_options options = {.as_of = WEFT_TIME_NONE};
    weft_import_summary summary;
    assert_int_equal(
        weft_import(city.city, WEFT_IMPORT_FACTS, &from, 1, &options, &summary, &error),
        WEFT_OK);
    assert_int_equal(summary.refused, 0);
}

static void put(wf_buffer *to, const char *kind, const char *at, const char *grid,
                const char *body)
{
    static unsigned seq;
    assert_true(wf_buffer_printf(to,
                                 "{\"device\":\"S-1\",\"seq\":%u,\"kind\":\"%s\",\"at\":"
                                 "\"2021-12-%s+08:00\",\"grid\":\"%s\",\"body\":{%s}}\n",
                                 ++seq, kind, at, grid, body));
}

// Two towns, three villages, two contacts of one case; a tube sealed in each village.
static void fill(wf_buffer *to)
{
    static const char *const grids[] = {"320282001001", "320282001002", "320282002001"};
    char body[256];
    for (int i = 0; i < 3; i++) {
        snprintf(body, sizeof body, "\"person\":\"P-%d\",\"grid\":\"%s\"", i, grids[i]);
        put(to, "person.registered", "09T08:00:00", grids[i], body);
        snprintf(body, sizeof body, "\"tube\":\"T-%d\",\"count\":1", i);
        put(to, "tube.sealed", "10T08:00:00", grids[i], body);
    }
    put(to, "case.reported", "10T09:00:00", grids[0],
        "\"case\":\"C-1\",\"person\":\"P-0\",\"classification\":\"confirmed\",\"onset\":"
        "\"2021-12-09T08:00:00+08:00\",\"outbreak\":\"O-1\"");
    for (int i = 1; i < 3; i++) {
        snprintf(body, sizeof body,
                 "\"case\":\"C-1\",\"person\":\"P-%d\",\"outbreak\":\"O-1\","
                 "\"level\":\"close\",\"judgement\":\"seat\"",
                 i);
        put(to, "contact.confirmed", "10T10:00:00", grids[i], body);
    }
    put(to, "contact.reached", "10T11:00:00", grids[1],
        "\"person\":\"P-1\",\"outbreak\":\"O-1\",\"how\":\"phone\"");
}

static int begin(void **state)
{
    (void)state;
    const wf_server_options options = {.identify = by_name};
    wf_buffer lines = {0};
    served_make(&city);
    fill(&lines);
    import(&lines);
    wf_buffer_done(&lines);
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

// The sum of a figure over the rows of an array that are of a grid; "": all.
static json_int_t sum_of(const json_t *net, const char *array, const char *grid,
                         const char *figure)
{
    json_int_t sum = 0;
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(net, array), i, row)
    {
        const char *of = json_string_value(json_object_get(row, "grid"));
        if (grid[0] == '\0' || strcmp(of, grid) == 0)
            sum += json_integer_value(json_object_get(row, figure));
    }
    return sum;
}

static const char *text_of(const json_t *net, const char *name)
{
    return json_string_value(json_object_get(net, name));
}

static void it_is_of_towns_and_of_a_town_of_its_villages(void **state)
{
    (void)state;
    json_t *net = net_of("commander", "", 200);
    assert_string_equal(text_of(net, "level"), "town");
    assert_int_equal(sum_of(net, "population", "320282001", "present"), 2);
    assert_int_equal(sum_of(net, "population", "320282002", "present"), 1);
    assert_int_equal(sum_of(net, "contacts", "320282001", "confirmed"), 1);
    assert_int_equal(sum_of(net, "contacts", "320282001", "reached"), 1);
    assert_int_equal(sum_of(net, "contacts", "320282002", "reached"), 0);
    assert_true(sum_of(net, "rows", "320282002", "count") > 0);
    json_decref(net);
    net = net_of("commander", "?grid=320282001", 200);
    assert_string_equal(text_of(net, "level"), "village");
    assert_int_equal(sum_of(net, "population", "320282001002", "present"), 1);
    assert_int_equal(sum_of(net, "contacts", "", "confirmed"), 1);
    assert_true(sum_of(net, "rows", "320282001001", "count") > 0);
    assert_int_equal(sum_of(net, "rows", "320282001", "count"), 0);
    json_decref(net);
    // Below villages nobody stands alone.
    net = net_of("commander", "?grid=320282001002", 200);
    assert_string_equal(text_of(net, "level"), "village");
    assert_int_equal(json_array_size(json_object_get(net, "population")), 1);
    json_decref(net);
}

static void what_is_due_and_what_is_not_never_share_a_row(void **state)
{
    (void)state;
    json_t *net = net_of("commander", "", 200), *row;
    size_t i, tubes = 0;
    json_array_foreach(json_object_get(net, "rows"), i, row)
    {
        if (strcmp(json_string_value(json_object_get(row, "kind")),
                   "testing/tube_no_result") != 0)
            continue;
        tubes++;
        assert_string_equal(json_string_value(json_object_get(row, "owner")), "testing");
        assert_string_equal(json_string_value(json_object_get(row, "since")),
                            "2021-12-10T08:00:00+08:00");
    }
    // Two of one town began in the same moment and are one row.
    assert_int_equal(tubes, 2);
    json_decref(net);
}

// What is asked for together says the same holes in fewer rows.
static void rows_together_are_the_spans_of_the_others(void **state)
{
    (void)state;
    json_t *net = net_of("commander", "", 200), *row;
    json_t *together = net_of("commander", "?together=true", 200);
    weft_time from, since;
    json_int_t count = 0;
    size_t i, tubes = 0;
    weft_error error = {0};
    assert_int_equal(
        weft_city_time_parse(city.city, text_of(together, "from"), &from, &error),
        WEFT_OK);
    assert_int_equal(
        weft_city_time_parse(city.city, "2021-12-10T08:00:00+08:00", &since, &error),
        WEFT_OK);
    json_array_foreach(json_object_get(together, "rows"), i, row)
    {
        json_t *spans = json_object_get(row, "spans");
        assert_int_equal(json_array_size(spans) % 3, 0);
        for (size_t at = 0; at < json_array_size(spans); at += 3)
            count += json_integer_value(json_array_get(spans, at + 2));
        if (strcmp(json_string_value(json_object_get(row, "kind")),
                   "testing/tube_no_result") != 0)
            continue;
        tubes++;
        assert_int_equal(json_integer_value(json_array_get(spans, 0)),
                         (since.us - from.us) / 1000000);
    }
    assert_int_equal(tubes, 2);
    assert_int_equal(count, sum_of(net, "rows", "", "count"));
    assert_null(json_object_get(net, "from"));
    json_decref(together);
    json_decref(net);
}

static void it_is_cut_to_who_asks(void **state)
{
    (void)state;
    json_t *net = net_of("here", "", 200);
    assert_string_equal(text_of(net, "grid"), "320282001");
    assert_int_equal(sum_of(net, "population", "", "present"), 2);
    json_decref(net);
    json_decref(net_of("here", "?grid=320282002", 404));
    json_decref(net_of("guard", "", 404));
    // The funnel of contacts is no sampler's view.
    net = net_of("sampler", "", 200);
    assert_null(json_object_get(net, "contacts"));
    assert_int_equal(sum_of(net, "population", "", "present"), 3);
    json_decref(net);
}

// Last, for it fills the city.
static void thousands_of_holes_are_few_rows(void **state)
{
    (void)state;
    enum { tubes = WEFT_HOLES_SPANS_MAX + 500, towns = 60 };
    wf_buffer lines = {0};
    char body[64], at[32], grid[16];
    // By another than below: what is asked by the same may be kept for a moment.
    json_t *net = net_of("commander", "", 200);
    json_int_t before = sum_of(net, "rows", "", "count");
    assert_int_equal(json_integer_value(json_object_get(net, "step_s")), 900);
    json_decref(net);
    for (int i = 0; i < tubes; i++) {
        snprintf(body, sizeof body, "\"tube\":\"M-%d\",\"count\":1", i);
        snprintf(at, sizeof at, "%02dT%02d:%02d:00", 9 + i / towns / 24 % 2,
                 i / towns % 24, i % 4 * 15);
        snprintf(grid, sizeof grid, "320282%03d", 1 + i % towns);
        put(&lines, "tube.sealed", at, grid, body);
    }
    import(&lines);
    wf_buffer_done(&lines);
    net = net_of("county", "", 200);
    assert_int_equal(sum_of(net, "rows", "", "count"), before + tubes);
    assert_true(json_array_size(json_object_get(net, "rows")) <= WEFT_HOLES_SPANS_MAX);
    assert_true(json_integer_value(json_object_get(net, "step_s")) > 900);
    json_decref(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_of_towns_and_of_a_town_of_its_villages),
        cmocka_unit_test(what_is_due_and_what_is_not_never_share_a_row),
        cmocka_unit_test(rows_together_are_the_spans_of_the_others),
        cmocka_unit_test(it_is_cut_to_who_asks),
        cmocka_unit_test(thousands_of_holes_are_few_rows),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
