// What the ledger was told before: the same of the same time, and each row of it read
// once, however many rows of a list ask; and judging a list is stopped as reading it is.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "load/told.h"
#include "support/made_city.h"

static made_city city;
static wf_import_city asked_city;
static wf_told told;
static unsigned steps, looks;

static weft_status count_step(void *context, bool readers_out, wf_import_step *step,
                              void *of, weft_error *error)
{
    (void)context;
    assert_false(readers_out);
    steps++;
    return step(of, error);
}

static int begin(void **state)
{
    (void)state;
    made_city_new(&city);
    asked_city = city.import;
    asked_city.alone = count_step;
    steps = looks = 0;
    return 0;
}

static int end(void **state)
{
    (void)state;
    wf_told_done(&told);
    made_city_done(&city);
    return 0;
}

static void imports(const char *rows)
{
    const weft_import_options options = {.as_of = WEFT_TIME_NONE};
    assert_int_equal(
        made_import_bytes(&city, WEFT_IMPORT_TUBES, wf_text_of(rows), &options), WEFT_OK);
    assert_int_equal(city.summary.refused, 0);
}

static bool was_told(const char *tube, const char *result, const char *lab, int hour)
{
    weft_error error = {0};
    bool was = false;
    wf_fact fact = {.kind = wf_kinds_find(wf_desk_kinds(), WF_TEXT("tube.resulted")),
                    .at = {INT64_C(1639094400000000) + // 2021-12-10T00:00Z
                           (int64_t)hour * 3600 * 1000000}};
    const struct {
        const char *name, *text;
    } says[] = {{"tube", tube}, {"result", result}, {"lab", lab}};
    for (size_t i = 0; i < 3; i++)
        if (says[i].text != NULL)
            fact.values[wf_kind_field(fact.kind, wf_text_of(says[i].name))] =
                (wf_value){.given = true, .text = wf_text_of(says[i].text)};
    assert_int_equal(wf_told_before(&told, &asked_city,
                                    wf_kinds_table(wf_desk_kinds(), WF_TEXT("tube")),
                                    wf_text_of(tube), &fact, &was, &error),
                     WEFT_OK);
    return was;
}

#define ROWS                                                                             \
    "tube,result,resulted,lab\n"                                                         \
    "T-1,negative,2021-12-10T01:00Z,A\nT-1,positive,2021-12-10T02:00Z,A\n"               \
    "T-1,negative,2021-12-10T03:00Z,\nT-2,grey,2021-12-10T01:00Z,A\n"

static void the_same_of_the_same_time_was_told(void **state)
{
    (void)state;
    imports(ROWS);
    assert_true(was_told("T-1", "negative", "A", 1));
    assert_true(was_told("T-1", "positive", "A", 2));  // as a correction
    assert_true(was_told("T-1", "negative", NULL, 1)); // says less
    assert_true(was_told("T-1", "negative", NULL, 3));
    assert_false(was_told("T-1", "negative", "A", 3)); // says more
    assert_false(was_told("T-1", "negative", "A", 2));
    assert_false(was_told("T-1", "grey", "A", 1)); // of another tube
    assert_true(was_told("T-2", "grey", "A", 1));
    assert_false(was_told("T-3", "grey", "A", 1));
}

static void each_row_is_read_once(void **state)
{
    (void)state;
    imports(ROWS);
    for (int hour = 1; hour < 200; hour++) {
        was_told("T-1", "negative", "A", hour);
        was_told("T-2", "negative", "A", hour);
        was_told("T-1", "positive", "B", hour);
    }
    assert_int_equal(steps, 2);
    was_told("T-1", "positive", NULL, 1); // asks for less, which is kept apart
    was_told("T-1", "positive", NULL, 2);
    assert_int_equal(steps, 3);
}

static bool twice(void *context, const weft_import_progress *progress)
{
    (void)context;
    (void)progress;
    return looks++ < 2;
}

static void judging_stops(void **state)
{
    (void)state;
    const weft_import_options options = {.as_of = WEFT_TIME_NONE, .progress = twice};
    weft_import_summary summary;
    weft_error error = {0};
    wf_buffer rows = {0};
    assert_true(wf_buffer_printf(&rows, "tube,result,resulted\n"));
    for (unsigned i = 0; i < 3000; i++)
        assert_true(wf_buffer_printf(&rows, "T-%u,negative,2021-12-10T01:00Z\n", i));
    bytes_source source = {rows.bytes, rows.size, 0, 0, 0};
    const weft_import_source from = {bytes_source_read, &source, "test.csv", rows.size};
    assert_int_equal(
        wf_import(&city.import, WEFT_IMPORT_TUBES, &from, 1, &options, &summary, &error),
        WEFT_INTERRUPTED);
    assert_string_equal(error.code, "import.stopped");
    wf_buffer_done(&rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_same_of_the_same_time_was_told, begin, end),
        cmocka_unit_test_setup_teardown(each_row_is_read_once, begin, end),
        cmocka_unit_test_setup_teardown(judging_stops, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
