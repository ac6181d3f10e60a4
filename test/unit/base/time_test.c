// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "base/time.h"

static wf_zone *zone_of(const char *name)
{
    wf_zone *zone = NULL;
    weft_error error = {0};
    assert_int_equal(wf_zone_open(name, &zone, &error), WEFT_OK);
    return zone;
}

static void every_day_of_ten_thousand_years_has_its_date(void **state)
{
    (void)state;
    static const int lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t expected;
    weft_day day;
    assert_true(wf_day_from_date(1, 1, 1, &day));
    assert_int_equal(day.number, -719162);
    expected = day.number;
    for (int year = 1; year <= 9999; year++)
        for (int month = 1; month <= 12; month++) {
            bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
            int length = lengths[month - 1] + (month == 2 && leap);
            assert_false(wf_day_from_date(year, month, length + 1, &day));
            for (int date = 1; date <= length; date++) {
                assert_true(wf_day_from_date(year, month, date, &day));
                assert_int_equal(day.number, expected++);
                int32_t back[3];
                wf_day_date(day, &back[0], &back[1], &back[2]);
                assert_true(back[0] == year && back[1] == month && back[2] == date);
            }
        }
    assert_false(wf_day_from_date(0, 1, 1, &day));
    assert_false(wf_day_from_date(10000, 1, 1, &day));
    assert_false(wf_day_from_date(2021, 13, 1, &day));
    assert_false(wf_day_from_date(2021, 0, 1, &day));
    assert_false(wf_day_from_date(2021, 1, 0, &day));
}

static void a_day_is_read_and_written_in_one_form(void **state)
{
    (void)state;
    weft_day day = {7};
    assert_true(wf_day_parse(WF_TEXT("2021-12-11"), &day));
    assert_int_equal(day.number, 18972);
    char buffer[WF_DAY_TEXT_MAX];
    assert_string_equal(wf_day_text(buffer, day), "2021-12-11");
    assert_string_equal(wf_day_text(buffer, (weft_day){-1}), "1969-12-31");
    static const char *const bad[] = {
        "",           "2021-12-1", "2021/12/11", "2021-12-11 ", "2021-02-29",
        "0000-01-01", "20211211",  "2021-1２-1", "-021-12-11",  "2021-12-32"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(wf_day_parse(wf_text_of(bad[i]), &day));
    assert_int_equal(day.number, 18972);
}

static void iso_times_are_read(void **state)
{
    (void)state;
    wf_zone *zone = zone_of("Asia/Shanghai");
    static const struct {
        const char *text;
        int64_t us;
        wf_iso_kind kind;
    } good[] = {
        {"1970-01-01T00:00:00Z", 0, WF_ISO_INSTANT},
        {"2021-12-11T07:41:05+08:00", 1639179665000000, WF_ISO_INSTANT},
        {"2021-12-11 07:41:05", 1639179665000000, WF_ISO_INSTANT},
        {"2021-12-11T07:41", 1639179660000000, WF_ISO_INSTANT},
        {"2021-12-10T23:41Z", 1639179660000000, WF_ISO_INSTANT},
        {"2021-12-10T20:11-03:30", 1639179660000000, WF_ISO_INSTANT},
        {"2021-12-11T07:41:05.25", 1639179665250000, WF_ISO_INSTANT},
        {"2021-12-11T07:41:05,123456789+08:00", 1639179665123456, WF_ISO_INSTANT},
        {"2021-12-11", 1639152000000000, WF_ISO_DATE},
        {"1969-12-31T23:59:59.999999Z", -1, WF_ISO_INSTANT},
        {"1900-01-01T08:05:43+08:05:43", -2208988800000000, WF_ISO_INSTANT},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        weft_time at;
        wf_iso_kind kind;
        assert_true(wf_time_parse(wf_text_of(good[i].text), zone, &at, &kind));
        assert_int_equal(at.us, good[i].us);
        assert_int_equal(kind, good[i].kind);
    }
    wf_zone_close(zone);
}

static void what_is_not_a_time_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    wf_zone *zone = zone_of("Asia/Shanghai");
    static const char *const bad[] = {
        "",
        "2021",
        "2021-12",
        "2021-12-11T",
        "2021-12-11T07",
        "2021-12-11T07:4",
        "2021-12-11T07:41:",
        "2021-12-11T07:41:0",
        "2021-12-11T24:00",
        "2021-12-11T07:60",
        "2021-12-11T07:41:60",
        "2021-12-11T07:41:05.",
        "2021-12-11T07:41:05.Z",
        "2021-12-11T07:41:05+8:00",
        "2021-12-11T07:41:05+0800",
        "2021-12-11T07:41:05+08:60",
        "2021-12-11T07:41:05+24:00",
        "2021-12-11T07:41:05+08:00 ",
        "2021-12-11T07:41:05z",
        "2021-12-11_07:41",
        " 2021-12-11",
        "2021-02-30T07:41",
        "2021-12-11T07:41 +08:00",
        "2021-12-11T-7:41",
        "12/11/2021 07:41",
    };
    weft_time at = {42};
    wf_iso_kind kind = WF_ISO_DATE;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(wf_time_parse(wf_text_of(bad[i]), zone, &at, &kind));
    // Every front part of a good time is refused or shorter in meaning, never read past.
    static const char good[] = "2021-12-11T07:41:05.25+08:00";
    for (size_t size = 0; size < sizeof good - 1; size++) {
        weft_time part = {42};
        bool whole = size == 10 || size == 16 || size == 19 || size == 21 || size == 22;
        assert_int_equal(wf_time_parse((wf_text){good, size}, zone, &part, &kind), whole);
    }
    assert_int_equal(at.us, 42);
    wf_zone_close(zone);
}

static void a_time_is_written_with_the_zones_offset(void **state)
{
    (void)state;
    wf_zone *shanghai = zone_of("Asia/Shanghai");
    wf_zone *newfoundland = zone_of("America/St_Johns");
    char buffer[WF_TIME_TEXT_MAX];
    assert_string_equal(wf_time_text(buffer, (weft_time){1639179665999999}, shanghai),
                        "2021-12-11T07:41:05+08:00");
    assert_string_equal(wf_time_text(buffer, (weft_time){0}, newfoundland),
                        "1969-12-31T20:30:00-03:30");
    assert_string_equal(wf_time_text(buffer, (weft_time){-2208988800000000}, shanghai),
                        "1900-01-01T08:05:43+08:05:43");
    assert_string_equal(wf_time_text(buffer, WF_TIME_NONE, shanghai), "");
    assert_true(strlen(wf_time_text(buffer, (weft_time){INT64_MAX}, shanghai)) > 0);
    assert_true(strlen(wf_time_text(buffer, (weft_time){INT64_MIN + 1}, shanghai)) > 0);
    wf_zone_close(shanghai);
    wf_zone_close(newfoundland);
}

// An offset leads out of the years 1–9999, or into them; what a zone has outside of them
// is written as UTC: what is read is written, and read again as the same second.
static void at_the_edges_what_is_read_is_written_again(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool in_shanghai, in_newfoundland;
    } edges[] = {
        {"0001-01-01T00:00:00Z", true, true},
        {"0001-01-01T00:00:00+23:59:59", false, false},
        {"0001-01-01T00:00:00-23:59:59", true, true},
        {"0001-01-01", true, true},
        {"0001-01-01T00:00:00", true, true},
        {"9999-12-31T23:59:59Z", true, true},
        {"9999-12-31T15:59:59Z", true, true},
        {"9999-12-31T16:00:00Z", true, true},
        {"9999-12-31T23:59:59-23:59:59", false, false},
        {"9999-12-31T23:59:59+23:59:59", true, true},
        {"9999-12-31", true, true},
        {"9999-12-31T23:59:59.999999", true, true},
    };
    wf_zone *zones[] = {zone_of("Asia/Shanghai"), zone_of("America/St_Johns")};
    for (size_t i = 0; i < 2 * sizeof edges / sizeof *edges; i++) {
        const wf_zone *zone = zones[i % 2];
        char text[WF_TIME_TEXT_MAX];
        weft_time at = {42}, again = {0};
        wf_iso_kind kind;
        bool is_read =
            i % 2 == 0 ? edges[i / 2].in_shanghai : edges[i / 2].in_newfoundland;
        assert_int_equal(wf_time_parse(wf_text_of(edges[i / 2].text), zone, &at, &kind),
                         is_read);
        if (!is_read) {
            assert_int_equal(at.us, 42);
            continue;
        }
        assert_true(
            wf_time_parse(wf_text_of(wf_time_text(text, at, zone)), zone, &again, &kind));
        assert_int_equal(again.us - again.us % WF_US_PER_S, at.us - at.us % WF_US_PER_S);
    }
    wf_zone_close(zones[0]);
    wf_zone_close(zones[1]);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_ten_thousand_years_has_its_date),
        cmocka_unit_test(a_day_is_read_and_written_in_one_form),
        cmocka_unit_test(iso_times_are_read),
        cmocka_unit_test(what_is_not_a_time_is_refused_and_changes_nothing),
        cmocka_unit_test(a_time_is_written_with_the_zones_offset),
        cmocka_unit_test(at_the_edges_what_is_read_is_written_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
