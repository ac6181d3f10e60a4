// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/prng.h"
#include "base/time.h"

static wf_zone *zone_of(const char *name)
{
    wf_zone *zone = NULL;
    weft_error error = {0};
    assert_int_equal(wf_zone_open(name, &zone, &error), WEFT_OK);
    return zone;
}

static weft_time instant(const wf_zone *zone, const char *text)
{
    weft_time at = WF_TIME_NONE;
    wf_iso_kind kind;
    assert_true(wf_time_parse(wf_text_of(text), zone, &at, &kind));
    return at;
}

static int64_t hours_of_day(const wf_zone *zone, const char *date)
{
    weft_day day;
    assert_true(wf_day_parse(wf_text_of(date), &day));
    int64_t us = wf_zone_day_end(zone, day).us - wf_zone_day_start(zone, day).us;
    assert_int_equal(us % (60 * WF_US_PER_MINUTE), 0);
    return us / (60 * WF_US_PER_MINUTE);
}

static void days_have_23_24_or_25_hours(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *date;
        int64_t hours;
    } cases[] = {
        {"Asia/Shanghai", "2021-12-11", 24},     {"Asia/Shanghai", "1986-05-04", 23},
        {"Asia/Shanghai", "1986-09-14", 25},     {"Asia/Shanghai", "1987-04-12", 23},
        {"Asia/Shanghai", "1991-04-14", 23},     {"Asia/Shanghai", "1991-09-15", 25},
        {"Asia/Shanghai", "1992-04-12", 24},     {"Europe/Berlin", "2021-03-28", 23},
        {"Europe/Berlin", "2021-10-31", 25},     {"Europe/Berlin", "2021-12-11", 24},
        {"Europe/Berlin", "2099-03-29", 23},     {"Europe/Berlin", "2099-10-25", 25},
        {"America/Sao_Paulo", "2017-10-15", 23}, // midnight itself does not come
        {"America/Havana", "2021-11-07", 25},    {"Pacific/Apia", "2011-12-30", 0},
        {"Pacific/Apia", "2011-12-31", 24},      {"UTC", "2000-02-29", 24},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wf_zone *zone = zone_of(cases[i].zone);
        assert_int_equal(hours_of_day(zone, cases[i].date), cases[i].hours);
        wf_zone_close(zone);
    }
}

static void a_jump_gives_its_end_and_a_repeated_hour_its_first(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *local, *expected;
    } cases[] = {
        {"Europe/Berlin", "2021-03-28 02:30", "2021-03-28T01:00:00Z"},
        {"Europe/Berlin", "2021-03-28 02:30:59.5", "2021-03-28T01:00:00Z"},
        {"Europe/Berlin", "2021-03-28 03:00", "2021-03-28T01:00:00Z"},
        {"Europe/Berlin", "2021-03-28 01:59", "2021-03-28T00:59:00Z"},
        {"Europe/Berlin", "2021-10-31 02:30", "2021-10-31T00:30:00Z"},
        {"Europe/Berlin", "2021-10-31 03:00", "2021-10-31T02:00:00Z"},
        {"Asia/Shanghai", "1986-05-04 02:10", "1986-05-03T18:00:00Z"},
        {"Asia/Shanghai", "1986-09-14 01:30", "1986-09-13T16:30:00Z"},
        {"Asia/Shanghai", "1988-07-01 12:00", "1988-07-01T03:00:00Z"},
        {"America/Sao_Paulo", "2017-10-15", "2017-10-15T03:00:00Z"},
        {"Europe/Berlin", "2099-07-01 12:00", "2099-07-01T10:00:00Z"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wf_zone *zone = zone_of(cases[i].zone);
        assert_int_equal(instant(zone, cases[i].local).us,
                         instant(zone, cases[i].expected).us);
        wf_zone_close(zone);
    }
}

static void clocks_going_back_over_midnight_keep_days_in_one_piece(void **state)
{
    (void)state;
    // Newfoundland until 2011: at 00:01 back to 23:01 of the day before.
    wf_zone *zone = zone_of("America/St_Johns");
    weft_day sixth, seventh;
    assert_true(wf_day_parse(WF_TEXT("2010-11-06"), &sixth));
    assert_true(wf_day_parse(WF_TEXT("2010-11-07"), &seventh));
    weft_time start = wf_zone_day_start(zone, seventh);
    assert_int_equal(wf_zone_day_end(zone, sixth).us, start.us);
    weft_time in_repeat = {start.us + 30 * WF_US_PER_MINUTE};
    wf_civil civil;
    wf_zone_civil(zone, in_repeat, &civil);
    assert_int_equal(civil.day, 6); // so say the clocks
    assert_int_equal(wf_zone_day_of(zone, in_repeat).number, seventh.number);
    assert_int_equal(wf_zone_day_of(zone, (weft_time){start.us - 1}).number,
                     sixth.number);
    wf_zone_close(zone);
}

// An oracle that shares nothing with us: the C library's own reader.
static void offsets_equal_those_of_the_c_library(void **state)
{
    (void)state;
    static const char *const names[] = {"Asia/Shanghai",
                                        "Europe/Berlin",
                                        "America/New_York",
                                        "Australia/Lord_Howe",
                                        "Asia/Kolkata",
                                        "America/St_Johns",
                                        "Africa/Casablanca",
                                        "Europe/Dublin",
                                        "Pacific/Apia",
                                        "Antarctica/Troll",
                                        "America/Sao_Paulo",
                                        "Asia/Tehran",
                                        "UTC",
                                        "America/Scoresbysund",
                                        "EST5EDT"};
    wf_prng prng = wf_prng_new(20211211);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        wf_zone *zone = zone_of(names[i]);
        setenv("TZ", names[i], 1);
        tzset();
        // 1850 to 2500, every few hours somewhere.
        for (int64_t s = INT64_C(-3786825600); s < INT64_C(16725225600);
             s += 1 + wf_prng_below(&prng, 2000000)) {
            time_t at = (time_t)s;
            struct tm local;
            assert_non_null(localtime_r(&at, &local));
            weft_time instant_at = {s * WF_US_PER_S};
            assert_int_equal(wf_zone_offset_s(zone, instant_at), local.tm_gmtoff);
            wf_civil civil;
            wf_zone_civil(zone, instant_at, &civil);
            assert_true(civil.year == local.tm_year + 1900 &&
                        civil.month == local.tm_mon + 1 && civil.day == local.tm_mday &&
                        civil.hour == local.tm_hour && civil.minute == local.tm_min &&
                        civil.second == local.tm_sec);
            weft_day day = wf_zone_day_of(zone, instant_at);
            assert_true(wf_zone_day_start(zone, day).us <= instant_at.us);
            assert_true(instant_at.us < wf_zone_day_end(zone, day).us);
            weft_time first;
            assert_true(wf_zone_instant(zone, &civil, &first));
            assert_true(first.us <= instant_at.us);
            assert_int_equal(first.us + wf_zone_offset_s(zone, first) * WF_US_PER_S,
                             instant_at.us + local.tm_gmtoff * WF_US_PER_S);
            char text[WF_TIME_TEXT_MAX];
            assert_int_equal(instant(zone, wf_time_text(text, instant_at, zone)).us,
                             instant_at.us);
        }
        wf_zone_close(zone);
    }
}

static void names_outside_the_folder_are_unknown(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "/etc/passwd",
                                      "../../../etc/passwd",
                                      "Asia",
                                      "Asia/",
                                      "Asia//Tokyo",
                                      "Asia/Nowhere",
                                      "zone.tab",
                                      "a\nb",
                                      "right/UTC",
                                      "上海",
                                      "."};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        wf_zone *zone = NULL;
        weft_error error = {0};
        assert_int_equal(wf_zone_open(bad[i], &zone, &error), WEFT_BAD_INPUT);
        assert_string_equal(error.code, "zone.unknown");
        assert_null(zone);
    }
}

// A file of version 2 with an empty first block, no transitions, and this footer.
static size_t file_with_footer(unsigned char *bytes, size_t room, const char *footer)
{
    static const unsigned char head[44] = {'T', 'Z', 'i', 'f', '2', [39] = 1, [43] = 4};
    static const unsigned char type[10] = {0, 0, 0, 0, 0, 0, 'U', 'T', 'C', 0};
    size_t size = 0;
    for (int block = 0; block < 2; block++) {
        memcpy(bytes + size, head, sizeof head);
        memcpy(bytes + size + sizeof head, type, sizeof type);
        size += sizeof head + sizeof type;
    }
    int written = snprintf((char *)bytes + size, room - size, "\n%s\n", footer);
    assert_true(written > 0 && (size_t)written < room - size);
    return size + (size_t)written;
}

static weft_status status_of_footer(const char *footer, wf_zone **ret)
{
    unsigned char bytes[512];
    size_t size = file_with_footer(bytes, sizeof bytes, footer);
    weft_error error = {0};
    return wf_zone_from_bytes("Test", (wf_text){(char *)bytes, size}, ret, &error);
}

static void footers_are_read_to_the_letter(void **state)
{
    (void)state;
    static const struct {
        const char *footer, *at;
        int32_t offset_s;
    } good[] = {
        {"", "2021-07-01T00:00:00Z", 0},
        {"UTC0", "2021-07-01T00:00:00Z", 0},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2021-07-01T00:00:00Z", 7200},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2021-03-28T00:59:59Z", 3600},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2021-03-28T01:00:00Z", 7200},
        {"<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "2021-07-01T00:00:00Z", -7200},
        {"XXX-2YYY-2:30:10,J60/0,J300/0", "2021-07-01T00:00:00Z", 9010},
        {"XXX-2YYY,J60/0,J300/0", "2024-02-29T21:59:59Z", 7200}, // J60 is always 1 March
        {"XXX-2YYY,J60/0,J300/0", "2024-02-29T22:00:00Z", 10800},
        {"XXX-2YYY,59/0,300/0", "2024-02-28T22:00:00Z", 10800},  // day 59 of a leap year
        {"EST5EDT,0/0,J365/25", "2021-01-01T05:00:00Z", -14400}, // summer all the year
        {"EST5EDT,0/0,J365/25", "2021-12-31T23:59:59Z", -14400},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        wf_zone *zone = NULL;
        assert_int_equal(status_of_footer(good[i].footer, &zone), WEFT_OK);
        assert_int_equal(wf_zone_offset_s(zone, instant(zone, good[i].at)),
                         good[i].offset_s);
        wf_zone_close(zone);
    }
    static const char *const bad[] = {
        "X",
        "CET",
        "CET-1CEST",
        "CET-25",
        "CET-1CEST,",
        "CET-1CEST,M3",
        "CET-1CEST,M13.1.0,M10.5.0",
        "CET-1 ",
        "<CET-1",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET99999999999999999999",
        "CET-1CEST,M3.5.0,M10.5.0/168",
        "CET-1CEST,J0,J1",
        "CET-1CEST,M3.5.0,M10.5.0,",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        wf_zone *zone = NULL;
        assert_int_equal(status_of_footer(bad[i], &zone), WEFT_DAMAGED);
        assert_null(zone);
    }
}

static void a_file_cut_anywhere_is_damaged(void **state)
{
    (void)state;
    unsigned char bytes[512];
    size_t size = file_with_footer(bytes, sizeof bytes, "CET-1CEST,M3.5.0,M10.5.0/3");
    for (size_t cut = 0; cut < size; cut++) {
        unsigned char *copy = malloc(cut + 1); // so that reading past it is seen
        assert_non_null(copy);
        memcpy(copy, bytes, cut);
        wf_zone *zone = NULL;
        weft_error error = {0};
        unsigned char *exact = realloc(copy, cut > 0 ? cut : 1);
        assert_int_equal(
            wf_zone_from_bytes("Test", (wf_text){(char *)exact, cut}, &zone, &error),
            WEFT_DAMAGED);
        assert_string_equal(error.code, "zone.damaged");
        free(exact);
    }
    bytes[0] = 't';
    wf_zone *zone = NULL;
    weft_error error = {0};
    assert_int_equal(
        wf_zone_from_bytes("Test", (wf_text){(char *)bytes, size}, &zone, &error),
        WEFT_DAMAGED);
}

static void the_ends_of_time_are_answered(void **state)
{
    (void)state;
    wf_zone *zone = zone_of("Europe/Berlin");
    static const int64_t instants[] = {INT64_MIN, INT64_MIN + 1, INT64_MAX};
    for (size_t i = 0; i < 3; i++) {
        wf_civil civil;
        wf_zone_civil(zone, (weft_time){instants[i]}, &civil);
        assert_true(civil.month >= 1 && civil.month <= 12);
        assert_true(wf_zone_day_of(zone, (weft_time){instants[i]}).number != 0);
    }
    assert_true(wf_zone_day_start(zone, (weft_day){INT32_MIN}).us < 0);
    assert_true(wf_zone_day_end(zone, (weft_day){INT32_MAX}).us > 0);
    wf_zone_close(zone);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_have_23_24_or_25_hours),
        cmocka_unit_test(a_jump_gives_its_end_and_a_repeated_hour_its_first),
        cmocka_unit_test(clocks_going_back_over_midnight_keep_days_in_one_piece),
        cmocka_unit_test(offsets_equal_those_of_the_c_library),
        cmocka_unit_test(names_outside_the_folder_are_unknown),
        cmocka_unit_test(footers_are_read_to_the_letter),
        cmocka_unit_test(a_file_cut_anywhere_is_damaged),
        cmocka_unit_test(the_ends_of_time_are_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
