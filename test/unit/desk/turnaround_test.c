// How long tubes take, as a laboratory and a command centre read it.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "desk/queries.h"
#include "support/edition.h"
#include "support/made_city.h"
#include "support/server.h"

#define SAID(seq, kind, at, body)                                                        \
    "{\"device\":\"S-1\",\"seq\":" #seq ",\"kind\":\"" kind "\",\"grid\":\"320282001\"," \
    "\"at\":\"2021-12-" at ":00+08:00\",\"body\":{" body "}}\n"
#define TAKEN(seq, at, tube)                                                             \
    SAID(seq, "sample.collected", at, "\"tube\":\"" tube "\",\"person\":\"P-1\"")
#define RECEIVED(seq, at, tube) SAID(seq, "tube.received", at, "\"tube\":\"" tube "\"")
#define RESULTED(seq, at, tube)                                                          \
    SAID(seq, "tube.resulted", at, "\"tube\":\"" tube "\",\"result\":\"negative\"")

// "step: done median p90; pending longest; not said", in hours.
static const struct {
    const char *name, *facts, *grid, *says;
} stories[] = {
    {"nothing was taken, and nothing is said", "", "",
     "collected_received: 0 - -; 0 -; 0\n"
     "received_resulted: 0 - -; 0 -; 0\n"
     "collected_resulted: 0 - -; 0 -; 0\n"},
    {"one is done, one is in the laboratory, one on its way",
     TAKEN(1, "12T08:00", "T-1") RECEIVED(2, "12T10:00", "T-1")
         RESULTED(3, "12T15:00", "T-1") TAKEN(4, "12T09:00", "T-2")
             RECEIVED(5, "12T13:00", "T-2") TAKEN(6, "12T12:00", "T-3"),
     "",
     "collected_received: 2 2 4; 1 8; 0\n"
     "received_resulted: 1 5 5; 1 7; 0\n"
     "collected_resulted: 1 7 7; 2 11; 0\n"},
    {"a result without a word of the laboratory is not on its way",
     TAKEN(1, "12T08:00", "T-1") RESULTED(2, "12T15:00", "T-1"), "",
     "collected_received: 0 - -; 0 -; 1\n"
     "received_resulted: 0 - -; 0 -; 1\n"
     "collected_resulted: 1 7 7; 0 -; 0\n"},
    {"of ten the ninth is the 90th percentile, and the fifth the median",
     TAKEN(1, "12T02:00", "T-1") TAKEN(2, "12T02:00", "T-2") TAKEN(3, "12T02:00", "T-3")
         TAKEN(4, "12T02:00", "T-4") TAKEN(5, "12T02:00", "T-5") TAKEN(
             6, "12T02:00", "T-6") TAKEN(7, "12T02:00", "T-7") TAKEN(8, "12T02:00", "T-8")
             TAKEN(9, "12T02:00", "T-9") TAKEN(10, "12T02:00", "T-10") RESULTED(
                 11, "12T03:00", "T-1") RESULTED(12, "12T04:00", "T-2")
                 RESULTED(13, "12T05:00", "T-3") RESULTED(14, "12T06:00", "T-4") RESULTED(
                     15, "12T07:00", "T-5") RESULTED(16, "12T08:00", "T-6")
                     RESULTED(17, "12T09:00", "T-7") RESULTED(18, "12T10:00", "T-8")
                         RESULTED(19, "12T11:00", "T-9") RESULTED(20, "12T12:00", "T-10"),
     "",
     "collected_received: 0 - -; 0 -; 10\n"
     "received_resulted: 0 - -; 0 -; 10\n"
     "collected_resulted: 10 5 9; 0 -; 0\n"},
    {"what was taken a day ago is another day's, a minute later it is this one's",
     TAKEN(1, "11T20:00", "T-1") TAKEN(2, "11T20:01", "T-2"), "",
     "collected_received: 0 - -; 1 23.9833; 0\n"
     "received_resulted: 0 - -; 0 -; 0\n"
     "collected_resulted: 0 - -; 1 23.9833; 0\n"},
    {"of another town nothing is said", TAKEN(1, "12T08:00", "T-1"), "320282002",
     "collected_received: 0 - -; 0 -; 0\n"
     "received_resulted: 0 - -; 0 -; 0\n"
     "collected_resulted: 0 - -; 0 -; 0\n"},
};

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s %s\n", error->code, error->params[0].value);
    assert_int_equal(status, WEFT_OK);
}

static void put_hours(wf_buffer *to, const wf_value *value)
{
    if (value->given)
        assert_true(
            wf_buffer_printf(to, " %g", (double)value->number / 3600 / WF_US_PER_S));
    else
        assert_true(wf_buffer_append(to, " -", 2));
}

static void put_rows(const wf_view_page *page, wf_buffer *to)
{
    for (size_t i = 0; i < page->rows_count; i++) {
        const wf_value *row = page->values + i * page->columns_count;
        assert_true(wf_buffer_printf(to, "%.*s: %lld", (int)row[1].text.size,
                                     row[1].text.bytes, (long long)row[2].number));
        put_hours(to, &row[3]);
        put_hours(to, &row[4]);
        assert_true(wf_buffer_printf(to, "; %lld", (long long)row[5].number));
        put_hours(to, &row[6]);
        assert_true(wf_buffer_printf(to, "; %lld\n", (long long)row[7].number));
    }
    assert_true(wf_buffer_append(to, "", 1));
}

// The file of the view, and its function.
static void find(const wf_sql_text **ret_text, const wf_view_computed **ret_rows)
{
    static const char name[] = "testing/turnaround";
    size_t texts_count, count;
    const wf_sql_text *texts = wf_desk_views(&texts_count);
    const wf_view_computed *all = wf_desk_computed(&count);
    for (size_t i = 0; i < texts_count; i++)
        if (strcmp(texts[i].name, name) == 0)
            *ret_text = &texts[i];
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i].name, name) == 0)
            *ret_rows = &all[i];
}

// At 20:00 of the 12th.
static void tell(size_t story, const char *where, wf_buffer *to)
{
    made_city city = {.where = where};
    wf_arena arena = {0};
    weft_error error = {0};
    wf_views *views = NULL;
    wf_view_page page = {0};
    const wf_sql_text *text = NULL;
    const wf_view_computed *rows = NULL;
    static const wf_value filters[WF_SQL_LIST_MAX];
    made_city_make(&city);
    if (stories[story].facts[0] != '\0')
        ok(made_import(&city, WEFT_IMPORT_FACTS, stories[story].facts), &city.error);
    assert_int_equal(city.summary.refused, 0);
    find(&text, &rows);
    wf_views_options options = {.protocol = edition_load("nhc-covid-8", &arena),
                                .store = city.records,
                                .keys = city.store.keys,
                                .kinds = wf_desk_kinds(),
                                .numbers = wf_numbers_of(city.store.visits),
                                .zone = city.store.zone,
                                .texts = text,
                                .texts_count = 1,
                                .computed = rows,
                                .computed_count = 1};
    ok(wf_views_open(&options, &views, &error), &error);
    wf_view_question asked = {.filters = filters,
                              .limit = 10,
                              .grid = wf_text_of(stories[story].grid),
                              .now = made_time(&city.store, "2021-12-12 20:00")};
    ok(wf_view_ask(wf_views_at(views, 0), &asked, &arena, &page, &error), &error);
    put_rows(&page, to);
    wf_views_close(views);
    made_city_done(&city);
    wf_arena_done(&arena);
}

static void tubes_take_what_they_take_and_those_on_their_way_are_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        wf_buffer said = {0};
        tell(i, NULL, &said);
        if (strcmp(said.bytes, stories[i].says) != 0)
            fail_msg("%s:\n%sinstead of\n%s", stories[i].name, said.bytes,
                     stories[i].says);
        wf_buffer_done(&said);
    }
}

static void the_server_says_the_same(void **state)
{
    (void)state;
    wf_buffer said = {0};
    if (!has_server)
        skip();
    test_address where = test_postgres_schema(&server);
    tell(1, where.text, &said);
    assert_string_equal(said.bytes, stories[1].says);
    wf_buffer_done(&said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tubes_take_what_they_take_and_those_on_their_way_are_said),
        cmocka_unit_test(the_server_says_the_same),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
