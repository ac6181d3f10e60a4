// The time of a drill that was never given a clock: the newest in its data.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "access/city/clock.h"
#include "support/bytes_source.h"
#include "support/scratch.h"
#include "weft/facts.h"

static wf_path folder, keys;
static weft_city *city;

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("# %s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

static void open_city(void)
{
    weft_error error = {0};
    const weft_key_options options = {.key_dir = keys.text};
    wf_path dir = scratch_path(&folder, "city");
    ok(weft_city_open(dir.text, &options, &city, &error), &error);
}

static void make_city(const char *clock)
{
    weft_error error = {0};
    scratch_new(&folder);
    scratch_new(&keys);
    wf_path dir = scratch_path(&folder, "city");
    weft_init_options options = {
        .kind = WEFT_CITY_DRILL, .clock = clock, .keys.key_dir = keys.text};
    ok(weft_city_init(dir.text, &options, &error), &error);
    open_city();
}

static void end_city(void)
{
    weft_city_close(city);
    scratch_remove(folder.text);
    scratch_remove(keys.text);
}

static void import(weft_import_kind kind, const char *text)
{
    weft_error error = {0};
    bytes_source source = {text, strlen(text), 0, 0, 0};
    weft_import_source from = {bytes_source_read, &source, "test", strlen(text)};
    weft_import_options options = {.as_of = WEFT_TIME_NONE};
    weft_import_summary summary;
    ok(weft_import(city, kind, &from, 1, &options, &summary, &error), &error);
}

#define SEALED(seq, at)                                                                  \
    "{\"device\":\"S-1\",\"seq\":" seq ",\"kind\":\"tube.sealed\",\"at\":\"" at          \
    "\",\"body\":{\"tube\":\"T1\",\"count\":10}}\n"

static void stands_at(const char *text)
{
    weft_time expected = WEFT_TIME_NONE;
    weft_error error = {0};
    ok(weft_city_time_parse(city, text, &expected, &error), &error);
    assert_int_equal(weft_city_now(city).us, expected.us);
}

static void a_drill_without_a_clock_stands_at_its_newest_data(void **state)
{
    weft_error error = {0};
    uint64_t facts = 0;
    (void)state;
    make_city(NULL);
    stands_at("1970-01-01T00:00Z");
    import(WEFT_IMPORT_FACTS, SEALED("1", "2021-12-12T07:00:00+08:00"));
    stands_at("2021-12-12T07:00+08:00");
    // What came earlier does not take it back, what is refused says nothing.
    import(WEFT_IMPORT_FACTS, SEALED("2", "2021-12-11T07:00:00+08:00"));
    import(WEFT_IMPORT_FACTS, SEALED("1", "2021-12-13T07:00:00+08:00"));
    stands_at("2021-12-12T07:00+08:00");
    import(WEFT_IMPORT_VISITS, "person,place,start,end\n"
                               "P-0000007,X-1,2021-12-12 08:00,2021-12-12 09:00\n");
    stands_at("2021-12-12T09:00+08:00");
    import(WEFT_IMPORT_FACTS, SEALED("3", "2021-12-12T09:30:00+08:00"));
    stands_at("2021-12-12T09:30+08:00");
    // A file of persons is as of then: the newest, not newer.
    import(WEFT_IMPORT_PERSONS, "person,grid\nP-0000007,120104\n");
    stands_at("2021-12-12T09:30+08:00");
    ok(weft_rebuild(city, NULL, NULL, &facts, &error), &error);
    stands_at("2021-12-12T09:30+08:00");
    weft_city_close(city);
    open_city();
    stands_at("2021-12-12T09:30+08:00");
    end_city();
}

static void a_clock_that_was_given_stands(void **state)
{
    (void)state;
    make_city("2021-12-12T06:00+08:00");
    import(WEFT_IMPORT_FACTS, SEALED("1", "2021-12-12T06:05:00+08:00"));
    stands_at("2021-12-12T06:00+08:00");
    end_city();
}

static void runs_from(const char *text, double speed, bool ignored)
{
    weft_time at = WEFT_TIME_NONE;
    weft_error error = {0};
    bool was_ignored = false;
    if (text != NULL)
        ok(weft_city_time_parse(city, text, &at, &error), &error);
    ok(wf_clock_run(city, at, speed, &was_ignored, &error), &error);
    assert_int_equal(was_ignored, ignored);
}

static void a_running_clock_goes_on_and_never_runs_back(void **state)
{
    weft_error error = {0};
    (void)state;
    make_city("2021-12-12T06:00+08:00");
    runs_from("2021-12-12T08:00+08:00", 1e5, false);
    weft_time first = weft_city_now(city), later = first;
    while (later.us < first.us + 60 * WF_US_PER_S) { // under a millisecond
        weft_time now = weft_city_now(city);
        assert_true(now.us >= later.us);
        later = now;
    }
    ok(wf_clock_keep(city, &error), &error);
    weft_city_close(city);
    open_city();
    // Where it was, to the second; it stands until it is told to run.
    weft_time kept = weft_city_now(city);
    assert_true(kept.us > later.us - WF_US_PER_S);
    assert_int_equal(weft_city_now(city).us, kept.us);
    runs_from("2021-12-12T06:00+08:00", 1e-3, true);
    assert_true(weft_city_now(city).us >= kept.us);
    runs_from(NULL, 1, false);
    assert_true(weft_city_now(city).us >= kept.us);
    end_city();
}

static void after_a_crash_it_is_not_earlier_than_what_was_received(void **state)
{
    weft_error error = {0};
    (void)state;
    make_city("2021-12-12T06:00+08:00");
    runs_from("2021-12-12T09:00+08:00", 1e-3, false);
    import(WEFT_IMPORT_FACTS, SEALED("1", "2021-12-12T08:55:00+08:00"));
    // The time that was written down last is an older one.
    const weft_time old = {weft_city_now(city).us - 3600 * WF_US_PER_S};
    ok(wf_clock_write(city->io, city->dir.text, city->zone, old, &error), &error);
    weft_city_close(city);
    open_city();
    runs_from(NULL, 1e-3, false);
    weft_time nine = WEFT_TIME_NONE;
    ok(weft_city_time_parse(city, "2021-12-12T09:00+08:00", &nine, &error), &error);
    assert_true(weft_city_now(city).us >= nine.us);
    end_city();
}

static void a_city_without_a_time_of_its_own_is_given_none_by_running(void **state)
{
    (void)state;
    make_city(NULL);
    import(WEFT_IMPORT_FACTS, SEALED("1", "2021-12-12T07:00:00+08:00"));
    runs_from(NULL, 1, false);
    stands_at("2021-12-12T07:00+08:00");
    runs_from("2021-12-12T06:00+08:00", 1e-3, true);
    weft_time seven = WEFT_TIME_NONE;
    weft_error error = {0};
    ok(weft_city_time_parse(city, "2021-12-12T07:00+08:00", &seven, &error), &error);
    assert_true(weft_city_now(city).us >= seven.us);
    end_city();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_drill_without_a_clock_stands_at_its_newest_data),
        cmocka_unit_test(a_clock_that_was_given_stands),
        cmocka_unit_test(a_running_clock_goes_on_and_never_runs_back),
        cmocka_unit_test(after_a_crash_it_is_not_earlier_than_what_was_received),
        cmocka_unit_test(a_city_without_a_time_of_its_own_is_given_none_by_running),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
