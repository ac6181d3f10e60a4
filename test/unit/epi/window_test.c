// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <limits.h>
#include <string.h>

#include "access/city/protocol.h"
#include "epi/window.h"

// Local times of Shanghai; "" is not known.
typedef struct {
    const char *edition;
    const char *onset, *onset_kind, *sampled, *last_negative, *isolated, *died, *buried;
    int symptomatic;
    const char *as_of;
    const char *from, *to; // "" where the case opens no window
    const char *opened_by, *closed_by;
} history;

static wf_zone *shanghai(void)
{
    wf_zone *zone = NULL;
    weft_error error = {0};
    assert_int_equal(wf_zone_open("Asia/Shanghai", &zone, &error), WEFT_OK);
    return zone;
}

static weft_time at(const wf_zone *zone, const char *text)
{
    weft_time time = WF_TIME_NONE;
    wf_iso_kind kind;
    if (text != NULL && *text != '\0')
        assert_true(wf_time_parse(wf_text_of(text), zone, &time, &kind));
    return time;
}

static wf_case case_of(const wf_zone *zone, const history *row)
{
    return (wf_case){.reported = WF_TIME_NONE,
                     .onset = at(zone, row->onset),
                     .onset_kind = wf_text_of(row->onset_kind ? row->onset_kind : ""),
                     .sampled = at(zone, row->sampled),
                     .last_negative = at(zone, row->last_negative),
                     .isolated = at(zone, row->isolated),
                     .died = at(zone, row->died),
                     .buried = at(zone, row->buried),
                     .symptomatic = row->symptomatic};
}

static void expect_time(const wf_zone *zone, weft_time time, const char *expected)
{
    char text[WF_TIME_TEXT_MAX];
    wf_time_text(text, time, zone);
    text[16] = '\0'; // to the minute
    text[10] = ' ';
    assert_string_equal(text, expected);
}

static void expect_window(const wf_zone *zone, const history *row, bool source)
{
    wf_arena arena = {0};
    weft_error error = {0};
    const wf_protocol *protocol = NULL;
    assert_int_equal(
        wf_protocol_load(&wf_io_posix, row->edition, &arena, &protocol, &error), WEFT_OK);
    wf_case of = case_of(zone, row);
    wf_window window = {0};
    weft_status status =
        source
            ? wf_window_source(protocol, zone, &of, at(zone, row->as_of), &window, &error)
            : wf_window_infectious(protocol, zone, &of, at(zone, row->as_of), &window,
                                   &error);
    if (*row->from == '\0') {
        assert_int_equal(status, WEFT_BAD_INPUT);
        assert_string_equal(error.code, "window.no_event");
    } else {
        assert_int_equal(status, WEFT_OK);
        expect_time(zone, window.from, row->from);
        expect_time(zone, window.to, row->to);
        assert_string_equal(wf_event_word(window.opened_by), row->opened_by);
        assert_string_equal(
            window.closed_by < 0 ? "as_of" : wf_event_word((wf_event)window.closed_by),
            row->closed_by);
    }
    wf_arena_done(&arena);
}

static void expect_windows(const history *rows, size_t count, bool source)
{
    wf_zone *zone = shanghai();
    for (size_t i = 0; i < count; i++)
        expect_window(zone, &rows[i], source);
    wf_zone_close(zone);
}
#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static void covid_opens_two_days_before_and_closes_at_isolation(void **state)
{
    (void)state;
    static const history rows[] = {
        {.edition = "nhc-covid-8",
         .onset = "2021-12-09 15:30",
         .symptomatic = 1,
         .isolated = "2021-12-11 20:00",
         .as_of = "2021-12-12 06:00",
         .from = "2021-12-07 00:00",
         .to = "2021-12-11 20:00",
         .opened_by = "onset",
         .closed_by = "isolated"},
        // Not isolated yet: open until now.
        {.edition = "nhc-covid-8",
         .onset = "2021-12-09",
         .symptomatic = -1,
         .as_of = "2021-12-12 06:00",
         .from = "2021-12-07 00:00",
         .to = "2021-12-12 06:00",
         .opened_by = "onset",
         .closed_by = "as_of"},
        // Without symptoms: from the positive sample.
        {.edition = "nhc-covid-8",
         .sampled = "2021-12-10 09:00",
         .symptomatic = 0,
         .isolated = "2021-12-13",
         .as_of = "2021-12-12 06:00",
         .from = "2021-12-08 00:00",
         .to = "2021-12-12 06:00",
         .opened_by = "sampled",
         .closed_by = "as_of"},
        // In quarantine before it could infect: empty, and no error.
        {.edition = "nhc-covid-8",
         .onset = "2021-12-09",
         .symptomatic = 1,
         .isolated = "2021-12-01",
         .as_of = "2021-12-12 06:00",
         .from = "2021-12-07 00:00",
         .to = "2021-12-07 00:00",
         .opened_by = "onset",
         .closed_by = "isolated"},
        {.edition = "nhc-covid-8", .symptomatic = -1, .as_of = "2021-12-12", .from = ""},
    };
    expect_windows(rows, COUNT(rows), false);
}

static void
the_ninth_edition_counts_from_the_last_negative_of_the_often_tested(void **state)
{
    (void)state;
    static const history rows[] = {
        {.edition = "nhc-covid-9",
         .sampled = "2022-07-10 09:00",
         .symptomatic = 0,
         .last_negative = "2022-07-09 08:00",
         .as_of = "2022-07-12",
         .from = "2022-07-09 00:00",
         .to = "2022-07-12 00:00",
         .opened_by = "last_negative",
         .closed_by = "as_of"},
        // A negative of weeks ago says nothing.
        {.edition = "nhc-covid-9",
         .sampled = "2022-07-10 09:00",
         .symptomatic = 0,
         .last_negative = "2022-06-20 08:00",
         .as_of = "2022-07-12",
         .from = "2022-07-08 00:00",
         .to = "2022-07-12 00:00",
         .opened_by = "sampled",
         .closed_by = "as_of"},
    };
    expect_windows(rows, COUNT(rows), false);
}

static void who_counts_to_the_tenth_or_thirteenth_day(void **state)
{
    (void)state;
    static const history rows[] = {
        {.edition = "who-covid-2021",
         .onset = "2021-12-01",
         .symptomatic = 1,
         .isolated = "2021-12-02",
         .as_of = "2021-12-31",
         .from = "2021-11-29 00:00",
         .to = "2021-12-15 00:00",
         .opened_by = "onset",
         .closed_by = "onset"},
        {.edition = "who-covid-2021",
         .sampled = "2021-12-01 10:00",
         .symptomatic = 0,
         .as_of = "2021-12-31",
         .from = "2021-11-29 00:00",
         .to = "2021-12-12 00:00",
         .opened_by = "sampled",
         .closed_by = "sampled"},
    };
    expect_windows(rows, COUNT(rows), false);
}

static void measles_counts_from_the_rash(void **state)
{
    (void)state;
    static const history rows[] = {
        {.edition = "measles",
         .onset = "2021-12-10",
         .onset_kind = "rash",
         .symptomatic = 1,
         .as_of = "2021-12-31",
         .from = "2021-12-06 00:00",
         .to = "2021-12-15 00:00",
         .opened_by = "onset",
         .closed_by = "onset"},
        // Fever came first and counts for nothing.
        {.edition = "measles",
         .onset = "2021-12-06",
         .onset_kind = "fever",
         .sampled = "2021-12-10",
         .symptomatic = 1,
         .as_of = "2021-12-31",
         .from = ""},
    };
    expect_windows(rows, COUNT(rows), false);
}

static void ebola_has_no_window_before_symptoms_and_closes_at_burial(void **state)
{
    (void)state;
    static const history rows[] = {
        // Isolation does not close it, death does not close it: the dead infect.
        {.edition = "ebola",
         .onset = "2021-12-05",
         .symptomatic = 1,
         .isolated = "2021-12-07",
         .died = "2021-12-12",
         .buried = "2021-12-14",
         .as_of = "2021-12-31",
         .from = "2021-12-05 00:00",
         .to = "2021-12-15 00:00",
         .opened_by = "onset",
         .closed_by = "buried"},
        {.edition = "ebola",
         .onset = "2021-12-05",
         .symptomatic = 1,
         .isolated = "2021-12-07",
         .died = "2021-12-12",
         .as_of = "2021-12-31",
         .from = "2021-12-05 00:00",
         .to = "2021-12-31 00:00",
         .opened_by = "onset",
         .closed_by = "as_of"},
        // Found dead.
        {.edition = "ebola",
         .died = "2021-12-12 18:00",
         .symptomatic = -1,
         .as_of = "2021-12-31",
         .from = "2021-12-12 00:00",
         .to = "2021-12-31 00:00",
         .opened_by = "died",
         .closed_by = "as_of"},
        // Positive without symptoms opens nothing.
        {.edition = "ebola",
         .sampled = "2021-12-05",
         .symptomatic = 0,
         .as_of = "2021-12-31",
         .from = ""},
    };
    expect_windows(rows, COUNT(rows), false);
}

static void mers_opens_at_onset(void **state)
{
    (void)state;
    static const history rows[] = {
        {.edition = "mers",
         .onset = "2015-05-11 10:00",
         .symptomatic = 1,
         .isolated = "2015-05-20 18:00",
         .as_of = "2015-06-01",
         .from = "2015-05-11 00:00",
         .to = "2015-05-20 18:00",
         .opened_by = "onset",
         .closed_by = "isolated"},
    };
    expect_windows(rows, COUNT(rows), false);
}

static void the_source_window_reaches_back_by_the_incubation(void **state)
{
    (void)state;
    static const history rows[] = {
        {.edition = "nhc-covid-8",
         .onset = "2021-12-15 13:00",
         .symptomatic = 1,
         .as_of = "2021-12-31",
         .from = "2021-12-01 00:00",
         .to = "2021-12-15 00:00",
         .opened_by = "onset",
         .closed_by = "onset"},
        {.edition = "nhc-covid-8",
         .sampled = "2021-12-18 09:30",
         .symptomatic = 0,
         .as_of = "2021-12-31",
         .from = "2021-12-01 00:00",
         .to = "2021-12-18 09:30",
         .opened_by = "sampled",
         .closed_by = "sampled"},
        {.edition = "nhc-covid-8", .symptomatic = 0, .as_of = "2021-12-31", .from = ""},
    };
    expect_windows(rows, COUNT(rows), true);
}

static void days_are_counted_on_the_calendar(void **state)
{
    (void)state;
    wf_zone *zone = shanghai();
    history row = {.onset = "2021-12-09 23:50"};
    wf_case of = case_of(zone, &row);
    assert_int_equal(wf_window_days_from_onset(zone, &of, at(zone, "2021-12-10 00:10")),
                     1);
    assert_int_equal(wf_window_days_from_onset(zone, &of, at(zone, "2021-12-07 23:00")),
                     -2);
    row = (history){.sampled = "2021-12-09 08:00"};
    of = case_of(zone, &row);
    assert_int_equal(wf_window_days_from_onset(zone, &of, at(zone, "2021-12-12 00:00")),
                     3);
    of.sampled = WF_TIME_NONE;
    assert_int_equal(wf_window_days_from_onset(zone, &of, at(zone, "2021-12-12")),
                     INT_MIN);
    wf_zone_close(zone);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(covid_opens_two_days_before_and_closes_at_isolation),
        cmocka_unit_test(
            the_ninth_edition_counts_from_the_last_negative_of_the_often_tested),
        cmocka_unit_test(who_counts_to_the_tenth_or_thirteenth_day),
        cmocka_unit_test(measles_counts_from_the_rash),
        cmocka_unit_test(ebola_has_no_window_before_symptoms_and_closes_at_burial),
        cmocka_unit_test(mers_opens_at_onset),
        cmocka_unit_test(the_source_window_reaches_back_by_the_incubation),
        cmocka_unit_test(days_are_counted_on_the_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
