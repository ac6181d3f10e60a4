// How long tubes take, and how many are taken and done, as a laboratory and a command
// centre read it.

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

// "hours:minutes town: tubes taken, samples; tubes resulted, samples", of testing/pace.
static const struct {
    const char *name, *facts, *grid, *says;
} paces[] = {
    {"nothing was taken", "", "", ""},
    {"two of one quarter are one row; the result stands in its own",
     TAKEN(1, "12T08:00", "T-1") TAKEN(2, "12T08:14", "T-2") TAKEN(3, "12T08:20", "T-2")
         TAKEN(4, "12T08:15", "T-3") RESULTED(5, "12T15:59", "T-2"),
     "",
     "08:00 320282001: 2, 3; 0, 0\n"
     "08:15 320282001: 1, 1; 0, 0\n"
     "15:45 320282001: 0, 0; 1, 2\n"},
    {"of what was taken yesterday the result counts, of older tubes it does not",
     TAKEN(1, "10T19:00", "T-1") RESULTED(2, "12T08:00", "T-1") TAKEN(
         3, "11T08:00", "T-2") RESULTED(4, "12T08:16", "T-2") TAKEN(5, "11T20:00", "T-3"),
     "320282", "08:15 320282001: 0, 0; 1, 1\n"},
    {"a second result of a tube is no second one",
     TAKEN(1, "12T08:00", "T-1") RESULTED(2, "12T09:00", "T-1")
         RESULTED(3, "12T10:00", "T-1"),
     "", "08:00 320282001: 1, 1; 0, 0\n09:00 320282001: 0, 0; 1, 1\n"},
    {"of another town nothing is said", TAKEN(1, "12T08:00", "T-1"), "320282002", ""},
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

static void put_pace(const wf_view_page *page, wf_buffer *to)
{
    for (size_t i = 0; i < page->rows_count; i++) {
        const wf_value *row = page->values + i * page->columns_count;
        int64_t minutes = row[0].number / WF_US_PER_S / 60 + 8 * 60;
        assert_true(wf_buffer_printf(to, "%02lld:%02lld %.*s: %lld, %lld; %lld, %lld\n",
                                     (long long)(minutes / 60 % 24),
                                     (long long)(minutes % 60), (int)row[1].text.size,
                                     row[1].text.bytes, (long long)row[2].number,
                                     (long long)row[3].number, (long long)row[4].number,
                                     (long long)row[5].number));
    }
    assert_true(wf_buffer_append(to, "", 1));
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

// The file of the view, and its function, if it has one.
static void find(const char *name, const wf_sql_text **ret_text,
                 const wf_view_computed **ret_rows)
{
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
static void ask_view(const made_city *city, const char *name, const char *grid,
                     wf_buffer *to)
{
    wf_arena arena = {0};
    weft_error error = {0};
    wf_views *views = NULL;
    wf_view_page page = {0};
    const wf_sql_text *text = NULL;
    const wf_view_computed *rows = NULL;
    static const wf_value filters[WF_SQL_LIST_MAX];
    find(name, &text, &rows);
    wf_views_options options = {.protocol = edition_load("nhc-covid-8", &arena),
                                .store = city->records,
                                .keys = city->store.keys,
                                .kinds = wf_desk_kinds(),
                                .numbers = wf_numbers_of(city->store.visits),
                                .zone = city->store.zone,
                                .texts = text,
                                .texts_count = 1,
                                .computed = rows,
                                .computed_count = rows != NULL};
    ok(wf_views_open(&options, &views, &error), &error);
    wf_view_question asked = {.filters = filters,
                              .limit = 10,
                              .grid = wf_text_of(grid),
                              .now = made_time(&city->store, "2021-12-12 20:00")};
    ok(wf_view_ask(wf_views_at(views, 0), &asked, &arena, &page, &error), &error);
    if (rows != NULL)
        put_rows(&page, to);
    else
        put_pace(&page, to);
    wf_views_close(views);
    wf_arena_done(&arena);
}

static made_city city_of(const char *facts, const char *where)
{
    made_city city = {.where = where};
    made_city_make(&city);
    if (facts[0] != '\0')
        ok(made_import(&city, WEFT_IMPORT_FACTS, facts), &city.error);
    assert_int_equal(city.summary.refused, 0);
    return city;
}

// The view is what it says of the facts.
static void hold(const char *view, const char *facts, const char *grid, const char *name,
                 const char *says)
{
    made_city city = city_of(facts, NULL);
    wf_buffer said = {0};
    ask_view(&city, view, grid, &said);
    if (strcmp(said.bytes, says) != 0)
        fail_msg("%s:\n%sinstead of\n%s", name, said.bytes, says);
    wf_buffer_done(&said);
    made_city_done(&city);
}

static void tubes_take_what_they_take_and_those_on_their_way_are_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++)
        hold("testing/turnaround", stories[i].facts, stories[i].grid, stories[i].name,
             stories[i].says);
}

static void each_quarter_of_an_hour_has_what_was_taken_and_what_was_done(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof paces / sizeof *paces; i++)
        hold("testing/pace", paces[i].facts, paces[i].grid, paces[i].name, paces[i].says);
}

static void the_server_says_the_same(void **state)
{
    (void)state;
    if (!has_server)
        skip();
    test_address where = test_postgres_schema(&server);
    made_city city = city_of(paces[1].facts, where.text);
    wf_buffer took = {0}, pace = {0};
    ask_view(&city, "testing/turnaround", "", &took);
    ask_view(&city, "testing/pace", paces[1].grid, &pace);
    assert_string_equal(pace.bytes, paces[1].says);
    assert_non_null(strstr(took.bytes, "collected_resulted: 1 7.75 7.75; 2 12; 0\n"));
    wf_buffer_done(&took);
    wf_buffer_done(&pace);
    made_city_done(&city);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tubes_take_what_they_take_and_those_on_their_way_are_said),
        cmocka_unit_test(each_quarter_of_an_hour_has_what_was_taken_and_what_was_done),
        cmocka_unit_test(the_server_says_the_same),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
