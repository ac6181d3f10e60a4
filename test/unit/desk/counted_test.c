// The views testing/population and testing/missing, as a work group reads them.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "desk/queries.h"
#include "desk/testing/counted.h"
#include "support/made_city.h"

// Two buildings of one compound, one building elsewhere, one person without a grid.
static const char persons[] = "person,grid\n"
                              "P-0000001,3202820010010010010001\n"
                              "P-0000002,3202820010010010010001\n"
                              "P-0000003,3202820010010010010002\n"
                              "P-0000004,320282001001001002\n"
                              "P-0000005,320282001001001002\n"
                              "P-0000006,320211001001001001\n"
                              "P-0000007,\n";

#define FACT(seq, kind, at, body)                                                        \
    "{\"device\":\"S-01\",\"seq\":" #seq ",\"kind\":\"" kind                             \
    "\",\"at\":\"2021-12-11T" at ":00+08:00\",\"body\":{" body "}}\n"
#define SAMPLE(seq, at, tube, person, round)                                             \
    FACT(seq, "sample.collected", at,                                                    \
         "\"tube\":\"" tube "\",\"person\":\"" person "\",\"round\":\"" round "\"")

// Two in three of the first building are sampled, one of them twice; one of the second is
// away; a stranger is sampled too. The second round has begun.
static const char facts[] = SAMPLE(1, "07:00", "T-1", "P-0000001", "R1")
    SAMPLE(2, "07:01", "T-1", "P-0000002", "R1")
        SAMPLE(3, "07:30", "T-2", "P-0000002", "R1")
            SAMPLE(4, "07:40", "T-2", "P-0000099", "R1")
                FACT(5, "person.absent", "07:50",
                     "\"person\":\"P-0000004\",\"reason\":\"hospital\"")
                    FACT(6, "person.absent", "07:51", "\"person\":\"P-0000005\"")
                        FACT(7, "person.absent", "07:52",
                             "\"person\":\"P-0000006\",\"reason\":\"moved\"")
                            FACT(8, "person.present", "07:53", "\"person\":\"P-0000003\"")
                                SAMPLE(9, "09:00", "T-3", "P-0000003", "R2");

typedef struct {
    made_city city;
    wf_counter *counter;
    wf_follower follower;
    wf_view_computed computed[WF_COUNTED_VIEWS];
    wf_views *views;
    wf_arena arena;
} desk;

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s\n", error->code);
    assert_int_equal(status, WEFT_OK);
}

static void import(desk *of, weft_import_kind kind, const char *text)
{
    ok(made_import(&of->city, kind, text), &of->city.error);
    assert_int_equal(of->city.summary.refused, 0);
}

static void open_views(desk *of)
{
    weft_error error = {0};
    wf_sql_text texts[WF_COUNTED_VIEWS];
    size_t count, found = 0;
    const wf_sql_text *all = wf_desk_views(&count);
    wf_counted_views(of->counter, of->computed);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < WF_COUNTED_VIEWS; k++)
            if (strcmp(all[i].name, of->computed[k].name) == 0)
                texts[found++] = all[i];
    assert_int_equal(found, WF_COUNTED_VIEWS);
    // Neither view has a number of a protocol.
    static const wf_protocol protocol = {0};
    wf_views_options options = {.protocol = &protocol,
                                .store = of->city.records,
                                .keys = of->city.store.keys,
                                .kinds = wf_desk_kinds(),
                                .numbers = wf_numbers_of(of->city.store.visits),
                                .texts = texts,
                                .texts_count = found,
                                .computed = of->computed,
                                .computed_count = WF_COUNTED_VIEWS};
    ok(wf_views_open(&options, &of->views, &error), &error);
}

// A counter needs the numbers of an open city, and the city its follower.
static wf_text text_of_number(void *context, wf_column_type type, uint32_t number)
{
    made_city *city = context;
    wf_numbers numbers = wf_numbers_of(city->store.visits);
    return numbers.text_of(numbers.context, type, number);
}

static void begin(desk *of)
{
    weft_error error = {0};
    *of = (desk){0};
    wf_numbers numbers = {.text_of = text_of_number, .context = &of->city};
    ok(wf_counter_new(numbers, &of->counter, &error), &error);
    of->follower = wf_counter_follower(of->counter);
    of->city.followers = &of->follower;
    of->city.followers_count = 1;
    made_city_make(&of->city);
    import(of, WEFT_IMPORT_PERSONS, persons);
    import(of, WEFT_IMPORT_FACTS, facts);
    open_views(of);
    wf_arena_init(&of->arena, 1 << 20);
}

static void end(desk *of)
{
    wf_views_close(of->views);
    made_city_done(&of->city);
    wf_counter_free(of->counter);
    wf_arena_done(&of->arena);
}

typedef struct {
    const char *grid, *round, *level;
    size_t sort;
} question;

static wf_view_page ask(desk *of, const char *name, question about)
{
    weft_error error = {0};
    wf_view_page page = {0};
    wf_value filters[3] = {0};
    if (about.round != NULL)
        filters[0] = (wf_value){.given = true, .text = wf_text_of(about.round)};
    if (about.level != NULL)
        filters[2] = (wf_value){.given = true, .text = wf_text_of(about.level)};
    wf_view_question asked = {.sort = about.sort,
                              .grid = wf_text_of(about.grid),
                              .filters = filters,
                              .limit = 100};
    wf_view *view = wf_views_find(of->views, wf_text_of(name));
    assert_non_null(view);
    ok(wf_view_ask(view, &asked, &of->arena, &page, &error), &error);
    return page;
}

// "grid registered present sampled explained missing strangers", a line a row.
static void check_counts(desk *of, question about, const char *wanted)
{
    wf_view_page page = ask(of, "testing/population", about);
    wf_buffer said = {0};
    for (size_t i = 0; i < page.rows_count; i++) {
        const wf_value *row = page.values + i * page.columns_count;
        assert_true(
            wf_buffer_printf(&said, "%.*s", (int)row[0].text.size, row[0].text.bytes));
        for (size_t k = 4; k < page.columns_count; k++)
            assert_true(wf_buffer_printf(&said, " %lld", (long long)row[k].number));
        assert_true(wf_buffer_printf(&said, "\n"));
    }
    assert_true(wf_buffer_append(&said, "", 1));
    assert_string_equal(said.bytes, wanted);
    wf_buffer_done(&said);
}

static void check_missing(desk *of, question about, const char *wanted)
{
    wf_view_page page = ask(of, "testing/missing", about);
    wf_buffer said = {0};
    for (size_t i = 0; i < page.rows_count; i++) {
        const wf_value *row = page.values + i * page.columns_count;
        assert_true(wf_buffer_printf(&said, "%.*s %.*s%s\n", (int)row[0].text.size,
                                     row[0].text.bytes, (int)row[1].text.size,
                                     row[1].text.bytes, row[2].given ? " here" : ""));
    }
    assert_true(wf_buffer_append(&said, "", 1));
    assert_string_equal(said.bytes, wanted);
    wf_buffer_done(&said);
}

static void each_building_says_who_is_missing(void **state)
{
    desk of;
    (void)state;
    begin(&of);
    check_counts(&of, (question){"", "R1", NULL, 0},
                 " 1 1 0 0 1 1\n"
                 "320211001001001001 1 0 0 0 0 0\n"
                 "320282001001001001 3 3 2 0 1 0\n"
                 "320282001001001002 2 2 0 1 1 0\n");
    check_counts(&of, (question){"3202820010010010", "R2", NULL, 0},
                 "320282001001001001 3 3 1 0 2 0\n"
                 "320282001001001002 2 2 0 1 1 0\n");
    check_missing(&of, (question){"3202", "R1", NULL, 0},
                  "P-0000003 320282001001001001 here\n"
                  "P-0000005 320282001001001002\n");
    check_missing(&of, (question){"", NULL, NULL, 0},
                  "P-0000007 \n"
                  "P-0000005 320282001001001002\n");
    end(&of);
}

static void wider_grids_add_their_buildings_up(void **state)
{
    desk of;
    (void)state;
    begin(&of);
    check_counts(&of, (question){"32", "R1", "county", 0},
                 "320211 1 0 0 0 0 0\n"
                 "320282 5 5 2 1 2 0\n");
    check_counts(&of, (question){"", "R1", "city", 0},
                 " 1 1 0 0 1 1\n"
                 "3202 6 5 2 1 2 0\n");
    check_counts(&of, (question){"320282001001001", "R1", "compound", 0},
                 "320282001001001 5 5 2 1 2 0\n");
    // Part of an area says nothing of the whole.
    check_counts(&of, (question){"320282001001001001", "R1", "town", 0}, "");
    check_counts(&of, (question){"", "R1", "street", 0}, "");
    end(&of);
}

static void the_worst_come_first_when_asked_so(void **state)
{
    desk of;
    (void)state;
    begin(&of);
    check_counts(&of, (question){"3202", "R2", NULL, 1},
                 "320282001001001001 3 3 1 0 2 0\n"
                 "320282001001001002 2 2 0 1 1 0\n"
                 "320211001001001001 1 0 0 0 0 0\n");
    end(&of);
}

static void a_round_that_nobody_knows_misses_everybody(void **state)
{
    char longer[WF_ID_BYTES_MAX + 2];
    desk of;
    (void)state;
    begin(&of);
    check_counts(&of, (question){"", "R9", "city", 0},
                 " 1 1 0 0 1 0\n"
                 "3202 6 5 0 1 4 0\n");
    memset(longer, 'R', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    check_counts(&of, (question){"", longer, NULL, 0}, "");
    end(&of);
}

static void what_comes_later_is_counted_at_once(void **state)
{
    static const char later[] = SAMPLE(10, "09:10", "T-4", "P-0000003", "R1") FACT(
        11, "fact.withdrawn", "09:20",
        "\"device\":\"S-01\",\"seq\":1,\"reason\":\"another person\"")
        FACT(12, "fact.withdrawn", "09:21",
             "\"device\":\"S-01\",\"seq\":2,\"reason\":\"written twice\"")
            FACT(13, "person.same", "09:30", "\"a\":\"P-0000099\",\"b\":\"P-0000001\"");
    desk of;
    (void)state;
    begin(&of);
    check_counts(&of, (question){"320282001001001001", "R1", NULL, 0},
                 "320282001001001001 3 3 2 0 1 0\n");
    import(&of, WEFT_IMPORT_FACTS, later);
    // The third came; of the first nothing is left but what was collected under another
    // id; one of two samples of the second still counts.
    check_counts(&of, (question){"320282001001001001", "R1", NULL, 0},
                 "320282001001001001 3 3 3 0 0 0\n");
    check_counts(&of, (question){"", "R1", "city", 0},
                 " 1 1 0 0 1 0\n"
                 "3202 6 5 3 1 1 0\n");
    end(&of);
}

#define WITHDRAWN(seq, at, which)                                                        \
    FACT(seq, "fact.withdrawn", at,                                                      \
         "\"device\":\"S-01\",\"seq\":" #which ",\"reason\":\"another person\"")

// Two facts of one tube and person are one sample, however often its row changes.
static void one_sample_that_was_said_twice_goes_when_both_are_withdrawn(void **state)
{
    static const question of_building = {"320282001001001002", "R3", NULL, 0};
    desk of;
    (void)state;
    begin(&of);
    import(&of, WEFT_IMPORT_FACTS, SAMPLE(20, "10:00", "T-9", "P-0000005", "R3"));
    check_counts(&of, of_building, "320282001001001002 2 2 1 1 0 0\n");
    import(&of, WEFT_IMPORT_FACTS, SAMPLE(21, "09:59", "T-9", "P-0000005", "R3"));
    check_counts(&of, of_building, "320282001001001002 2 2 1 1 0 0\n");
    import(&of, WEFT_IMPORT_FACTS, WITHDRAWN(22, "10:05", 21));
    check_counts(&of, of_building, "320282001001001002 2 2 1 1 0 0\n");
    import(&of, WEFT_IMPORT_FACTS, WITHDRAWN(23, "10:06", 20));
    check_counts(&of, of_building, "320282001001001002 2 2 0 1 1 0\n");
    end(&of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_building_says_who_is_missing),
        cmocka_unit_test(wider_grids_add_their_buildings_up),
        cmocka_unit_test(the_worst_come_first_when_asked_so),
        cmocka_unit_test(a_round_that_nobody_knows_misses_everybody),
        cmocka_unit_test(what_comes_later_is_counted_at_once),
        cmocka_unit_test(one_sample_that_was_said_twice_goes_when_both_are_withdrawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
