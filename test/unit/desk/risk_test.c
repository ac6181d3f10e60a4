// Where cases were found, at the edges of the rule: an order in force before the swab.
// And what of the contacts of an outbreak is still open.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "desk/queries.h"
#include "support/desk_followers.h"
#include "support/edition.h"
#include "support/made_city.h"
#include "support/server.h"

// Day and time of December 2021 in the city, "12T00:00".
#define AT(at) "2021-12-" at ":00+08:00"
#define SAID(device, seq, kind, at, body)                                                \
    "{\"device\":\"" device "\",\"seq\":" #seq ",\"kind\":\"" kind                       \
    "\",\"at\":\"" AT(at) "\",\"body\":{" body "}}\n"
#define WITHDRAWN(device, seq, at, first)                                                \
    SAID(device, seq, "fact.withdrawn", at,                                              \
         "\"device\":\"" device "\",\"seq\":" #first ",\"reason\":\"a mistake\"")

// The swab of all of them was taken at midnight between the 11th and the 12th.
#define SWAB "12T00:00"
#define CASE(source)                                                                     \
    SAID("I-1", 1, "case.reported", "12T08:00",                                          \
         "\"case\":\"C-1\",\"person\":\"P-1\",\"outbreak\":\"O-1\",\"source\":\"" source \
         "\",\"sampled\":\"" AT(SWAB) "\"")
#define RESULT                                                                           \
    SAID("L-1", 1, "tube.resulted", "10T08:00",                                          \
         "\"tube\":\"T-9\",\"result\":\"positive\"")
#define ORDER_BODY(from, until)                                                          \
    "\"order\":\"M-1\",\"kind\":\"home_isolation\",\"persons\":[\"P-1\"],\"clause\":"    \
    "\"c-1\",\"because\":[{\"device\":\"L-1\",\"seq\":1}],\"from\":\"" AT(               \
        from) "\",\"until\":\"" AT(until) "\""
#define ORDER(issued, from, until)                                                       \
    RESULT SAID("M-1", 1, "order.issued", issued, ORDER_BODY(from, until))
#define LIFTED(at) SAID("M-1", 2, "order.lifted", at, "\"order\":\"M-1\"")
#define NAMED(device, at)                                                                \
    SAID(device, 1, "contact.named", at,                                                 \
         "\"case\":\"C-0\",\"person\":\"P-1\",\"outbreak\":\"O-1\",\"how\":"             \
         "\"interview\"")
#define JUDGED(device, seq, at, person, level)                                           \
    SAID(device, seq, "contact.confirmed", at,                                           \
         "\"case\":\"C-0\",\"person\":\"" person                                         \
         "\",\"outbreak\":\"O-1\",\"level\":\"" level                                    \
         "\",\"judgement\":\"they met\",\"exposed_until\":\"" AT("09T00:00") "\"")
#define FOLLOWED(seq, kind, at, person, more)                                            \
    SAID("G-1", seq, kind, at, "\"outbreak\":\"O-1\",\"person\":\"" person "\"" more)
#define PLACED(seq, at, person)                                                          \
    FOLLOWED(seq, "contact.placed", at, person, ",\"where\":\"site\"")
#define TESTED(seq, at, person) FOLLOWED(seq, "contact.tested", at, person, "")

static const struct {
    const char *name, *facts, *category;
} stories[] = {
    {"nobody knew of them, and a screening found them", CASE("screening"), "screening"},
    {"they came to a clinic", CASE("clinic"), "clinic_or_self"},
    {"they reported themselves", CASE("self"), "clinic_or_self"},
    {"an order bound them a minute before midnight",
     ORDER("11T12:00", "11T23:59", "25T00:00") CASE("screening"), "zone"},
    {"an order that begins at the instant of the swab is not before it",
     ORDER("11T12:00", "12T00:00", "25T00:00") CASE("screening"), "screening"},
    {"nor one that was issued at that instant, though it says that it began earlier",
     ORDER("12T00:00", "11T00:00", "25T00:00") CASE("screening"), "screening"},
    {"nor one that was issued when they were found",
     ORDER("12T08:00", "11T00:00", "25T00:00") CASE("clinic"), "clinic_or_self"},
    {"an order that ended at that midnight binds nobody at it",
     ORDER("10T12:00", "10T12:00", "12T00:00") CASE("screening"), "screening"},
    {"one that ended a minute later did",
     ORDER("10T12:00", "10T12:00", "12T00:01") CASE("screening"), "zone"},
    {"lifted before the swab it does not count",
     ORDER("10T12:00", "10T12:00", "25T00:00") LIFTED("11T23:59") CASE("screening"),
     "screening"},
    {"lifted at the instant of the swab it does not either",
     ORDER("10T12:00", "10T12:00", "25T00:00") LIFTED("12T00:00") CASE("screening"),
     "screening"},
    {"lifted afterwards it does",
     ORDER("10T12:00", "10T12:00", "25T00:00") LIFTED("12T00:01") CASE("screening"),
     "zone"},
    {"an order that was withdrawn never was, whenever that was said",
     ORDER("10T12:00", "10T12:00", "25T00:00") CASE("screening")
         WITHDRAWN("M-1", 2, "13T00:00", 1),
     "screening"},
    {"a lifting that was withdrawn never was",
     ORDER("10T12:00", "10T12:00", "25T00:00") LIFTED("11T12:00") CASE("screening")
         WITHDRAWN("M-1", 3, "13T00:00", 2),
     "zone"},
    {"that its reason fell afterwards does not undo that it bound them",
     ORDER("10T12:00", "10T12:00", "25T00:00") CASE("screening")
         WITHDRAWN("L-1", 2, "13T00:00", 1),
     "zone"},
    {"a named contact in quarantine goes before the order that put them there",
     ORDER("10T12:00", "10T12:00", "25T00:00")
         JUDGED("I-2", 1, "10T10:00", "P-1", "close") PLACED(1, "10T20:00", "P-1")
             CASE("screening"),
     "named_contact"},
    {"in quarantine from the instant of the swab is not before it",
     JUDGED("I-2", 1, "10T10:00", "P-1", "close") PLACED(1, "12T00:00", "P-1")
         CASE("screening"),
     "screening"},
    {"named when they were found already they were not a named contact",
     ORDER("10T12:00", "10T12:00", "25T00:00") PLACED(1, "10T20:00", "P-1")
         JUDGED("I-2", 1, "12T09:00", "P-1", "close") CASE("screening"),
     "zone"},
    {"named before and judged after the swab they were",
     NAMED("I-3", "10T09:00") PLACED(1, "10T20:00", "P-1")
         JUDGED("I-2", 1, "12T09:00", "P-1", "close") CASE("screening"),
     "named_contact"},
    {"found to be no contact before the swab they were none",
     JUDGED("I-2", 1, "10T10:00", "P-1", "close") PLACED(1, "10T20:00", "P-1")
         SAID("I-2", 2, "contact.dismissed", "11T10:00",
              "\"case\":\"C-0\",\"person\":\"P-1\",\"outbreak\":\"O-1\",\"reason\":"
              "\"no_contact\",\"judgement\":\"elsewhere\"") CASE("screening"),
     "screening"},
    {"the swab that nobody dated is that of the tube, not the report",
     ORDER("12T06:00", "12T06:00", "25T00:00") SAID(
         "S-1", 1, "sample.collected", "12T00:00", "\"tube\":\"T-1\",\"person\":\"P-1\"")
         SAID("I-1", 1, "case.reported", "12T08:00",
              "\"case\":\"C-1\",\"person\":\"P-1\",\"source\":\"screening\",\"tube\":"
              "\"T-1\""),
     "screening"},
};

// At noon of the 16th, seven days after everybody's last exposure. Of close contacts P-1
// is not reached, P-2 not placed, P-3 not tested, P-4 done with, P-5 a case; of secondary
// ones P-6 is done with when placed; the general P-7 when reached; P-8 is named and not
// judged, P-9 no contact after all; somebody is not identified.
static const char contacts[] = JUDGED("I-9", 1, "10T10:00", "P-1", "close") JUDGED(
    "I-9", 2, "10T10:00", "P-2", "close") JUDGED("I-9", 3, "10T10:00", "P-3", "close")
    JUDGED("I-9", 4, "10T10:00", "P-4",
           "close") JUDGED("I-9", 5, "10T10:00", "P-5",
                           "close") JUDGED("I-9", 6, "10T10:00", "P-6", "secondary")
        JUDGED("I-9", 7, "10T10:00", "P-7", "general") SAID(
            "I-9", 8, "contact.named", "10T10:00",
            "\"case\":\"C-0\",\"person\":\"P-8\",\"outbreak\":\"O-1\",\"how\":\"lookup\"")
            JUDGED("I-9", 9, "10T10:00", "P-9", "close")
                SAID("I-9", 10, "contact.dismissed", "11T10:00",
                     "\"case\":\"C-0\",\"person\":\"P-9\",\"outbreak\":\"O-1\","
                     "\"reason\":\"no_contact\",\"judgement\":\"elsewhere\"")
                    SAID("I-9", 11, "contact.unidentified", "10T10:00",
                         "\"contact\":\"U-1\",\"case\":\"C-0\",\"outbreak\":\"O-1\","
                         "\"level\":\"close\",\"description\":\"red coat\"")
                        FOLLOWED(1, "contact.reached", "10T11:00", "P-2",
                                 ",\"how\":\"phone\"") PLACED(2, "10T12:00", "P-3")
                            PLACED(3, "10T12:00", "P-4") TESTED(4, "11T12:00", "P-4")
                                FOLLOWED(5, "contact.converted", "12T12:00", "P-5",
                                         ",\"case\":\"C-5\"") PLACED(6, "10T12:00", "P-6")
                                    FOLLOWED(7, "contact.reached", "10T11:00", "P-7",
                                             ",\"how\":\"message\"");

typedef struct {
    made_city city;
    wf_arena arena;
    wf_views *views;
    wf_view_computed risk;
    desk_followers followers;
} desk;

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s %s\n", error->code, error->params[0].value);
    assert_int_equal(status, WEFT_OK);
}

static void begin(desk *of, const char *where, const char *facts)
{
    static const char *const names[] = {"cases/found", "tracing/open_risk"};
    weft_error error = {0};
    wf_sql_text texts[2];
    size_t count;
    *of = (desk){.city.where = where};
    desk_followers_begin(&of->followers, &of->city);
    made_city_make(&of->city);
    ok(made_import(&of->city, WEFT_IMPORT_FACTS, facts), &of->city.error);
    if (of->city.summary.refused > 0)
        fail_msg("%s refused: %s", facts, of->city.refused[0].code);
    const wf_sql_text *all = wf_desk_views(&count);
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < count; i++)
            if (strcmp(all[i].name, names[k]) == 0)
                texts[k] = all[i];
    const wf_view_computed *functions = wf_desk_computed(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(functions[i].name, names[1]) == 0)
            of->risk = functions[i];
    wf_views_options options = {.protocol = edition_load("nhc-covid-8", &of->arena),
                                .store = of->city.records,
                                .keys = of->city.store.keys,
                                .kinds = wf_desk_kinds(),
                                .numbers = wf_numbers_of(of->city.store.visits),
                                .zone = of->city.store.zone,
                                .texts = texts,
                                .texts_count = 2,
                                .computed = &of->risk,
                                .computed_count = 1};
    ok(wf_views_open(&options, &of->views, &error), &error);
}

static void end(desk *of)
{
    wf_views_close(of->views);
    made_city_done(&of->city);
    desk_followers_end(&of->followers);
    wf_arena_done(&of->arena);
}

static wf_view_page ask(desk *of, const char *name, const char *now, const char *grid)
{
    weft_error error = {0};
    wf_view_page page = {0};
    static const wf_value filters[WF_SQL_LIST_MAX];
    wf_view_question asked = {.filters = filters,
                              .limit = 1000,
                              .grid = wf_text_of(grid),
                              .now = made_time(&of->city.store, now)};
    ok(wf_view_ask(wf_views_find(of->views, wf_text_of(name)), &asked, &of->arena, &page,
                   &error),
       &error);
    return page;
}

static void check_story(desk *of, const char *name, const char *category)
{
    wf_view_page page = ask(of, "cases/found", "2021-12-12 06:00", "");
    assert_int_equal(page.rows_count, 1);
    if (!wf_text_equal(page.values[2].text, wf_text_of(category)))
        fail_msg("%s: %.*s", name, (int)page.values[2].text.size,
                 page.values[2].text.bytes);
}

static void in_control_is_by_an_order_in_force_before_the_swab(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        desk here;
        begin(&here, NULL, stories[i].facts);
        check_story(&here, stories[i].name, stories[i].category);
        end(&here);
    }
}

// "level least..most open: not identified, judged, reached, placed, tested; cases
// followed"
static void put_risk(desk *of, const char *now, const char *grid, wf_buffer *to)
{
    wf_view_page page = ask(of, "tracing/open_risk", now, grid);
    for (size_t i = 0; i < page.rows_count; i++) {
        const wf_value *row = page.values + i * page.columns_count;
        assert_true(wf_buffer_printf(to, "%.*s %lld..%lld %lld:", (int)row[1].text.size,
                                     row[1].text.bytes, (long long)row[2].number,
                                     (long long)row[3].number, (long long)row[4].number));
        for (size_t k = 5; k < 12; k++)
            assert_true(wf_buffer_printf(to, " %lld", (long long)row[k].number));
        assert_true(wf_buffer_append(to, "\n", 1));
    }
    assert_true(wf_buffer_append(to, "", 1));
}

static void what_is_open_is_told_by_what_is_missing_first(void **state)
{
    (void)state;
    desk here;
    wf_buffer said = {0};
    begin(&here, NULL, contacts);
    put_risk(&here, "2021-12-16 12:00", "", &said);
    assert_string_equal(said.bytes, "close 0..4 4: 1 0 1 1 1 1 1\n"
                                    "general 0..0 0: 0 0 0 0 0 0 1\n"
                                    "secondary 0..0 0: 0 0 0 0 0 0 1\n"
                                    "unknown 0..1 1: 0 1 0 0 0 0 0\n");
    wf_buffer_done(&said);
    put_risk(&here, "2021-12-16 12:00", "320214", &said);
    assert_string_equal(said.bytes, ""); // nobody of that grid
    wf_buffer_done(&said);
    end(&here);
}

static void both_engines_say_the_same(void **state)
{
    (void)state;
    static const char *const engines[] = {"SQLite", "PostgreSQL"};
    wf_buffer facts = {0}, said[2] = {{0}, {0}};
    if (!has_server)
        skip();
    test_address where = test_postgres_schema(&server);
    assert_true(wf_buffer_printf(&facts, "%s%s", contacts, stories[3].facts) &&
                wf_buffer_append(&facts, "", 1));
    for (size_t i = 0; i < 2; i++) {
        desk one;
        begin(&one, i == 0 ? NULL : where.text, facts.bytes);
        put_risk(&one, "2021-12-20 12:00", "", &said[i]);
        check_story(&one, engines[i], stories[3].category);
        end(&one);
    }
    assert_string_equal(said[0].bytes, said[1].bytes);
    for (size_t i = 0; i < 2; i++)
        wf_buffer_done(&said[i]);
    wf_buffer_done(&facts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_control_is_by_an_order_in_force_before_the_swab),
        cmocka_unit_test(what_is_open_is_told_by_what_is_missing_first),
        cmocka_unit_test(both_engines_say_the_same),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
