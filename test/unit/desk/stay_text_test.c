// Stays in people's own words, as they are offered for confirmation.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <string.h>

#include "desk/cases/stay_text.h"

// "2021-12-09 10:00+20m @place", "?" where it is asked; one line a stay.
static void describe(const wf_stay_said *one, char *ret, size_t size)
{
    char day[WF_DAY_TEXT_MAX] = "?", other[WF_DAY_TEXT_MAX + 1] = "";
    char start[8] = "?", end[16] = "?";
    if (one->has_day)
        wf_day_text(day, one->day);
    if ((one->asks & WF_STAY_ASK_NO_SUCH_DAY) != 0)
        snprintf(day, sizeof day, "!!");
    if ((one->asks & WF_STAY_ASK_DAY_ORDER) != 0) {
        other[0] = '|';
        wf_day_text(other + 1, one->other_day);
    }
    if (one->start >= 0)
        snprintf(start, sizeof start, "%02d:%02d", one->start / 60 % 100,
                 one->start % 60);
    if (one->end >= 0)
        snprintf(end, sizeof end, "+%dm", one->end - one->start);
    snprintf(ret, size, "%s%s%s %s%s%s%s @%.*s", day, other, one->day_carried ? "^" : "",
             start, end, one->about ? "~" : "",
             (one->asks & WF_STAY_ASK_HALF_DAY) != 0 ? " half?" : "",
             (int)one->place.size, one->place.size > 0 ? one->place.bytes : "");
}

static void reads(const char *text, const char *expected)
{
    wf_stay_said said[wf_stay_text_stays_max];
    char lines[2048] = "", line[512]; // of the few stays of a test
    weft_day today;
    size_t count;
    assert_true(wf_day_from_date(2021, 12, 11, &today));
    wf_stay_text_read(wf_text_of(text), today, said, &count);
    for (size_t i = 0; i < count; i++) {
        describe(&said[i], line, sizeof line);
        size_t used = strlen(lines);
        snprintf(lines + used, sizeof lines - used, "%s%s", i > 0 ? "\n" : "", line);
    }
    if (strcmp(lines, expected) != 0)
        print_error("# %s\n", text);
    assert_string_equal(lines, expected);
}

static void a_stay_is_read_from_what_people_say(void **state)
{
    (void)state;
    static const char *const table[][2] = {
        {"12月9日上午10点左右在万石菜市场,停留约20分钟",
         "2021-12-09 10:00+20m~ @万石菜市场"},
        {"12月9日上午10点左右在万石菜市场，停留约20分钟。",
         "2021-12-09 10:00+20m~ @万石菜市场"},
        {"昨天下午3点半到5点在棋牌室", "2021-12-10 15:30+90m @棋牌室"},
        {"上午10点到万石菜市场，十一点走的，12月8号", "2021-12-08 10:00+60m @万石菜市场"},
        {"9号晚上8点在小李饭店吃饭，一个半小时", "2021-12-09 20:00+90m @小李饭店"},
        {"十二月八日 18:30-19:15 在食堂", "2021-12-08 18:30+45m @食堂"},
        {"2021-12-09 22:00 到次日2:00 在网吧", "2021-12-09 22:00+240m @网吧"},
        {"I was at the Wanshi market on 9 December around 10:00 for 20 minutes",
         "2021-12-09 10:00+20m~ @Wanshi market"},
        {"Dec 9th, 3-4 pm in Canteen 2", "2021-12-09 15:00+60m @Canteen 2"},
        {"yesterday at noon to the clinic, half an hour", "2021-12-10 12:00+30m @clinic"},
        {"12月9日下午3-4点在厂里", "2021-12-09 15:00+60m @厂里"},
        {"１２月９日１０：３０在银行，１０分钟", "2021-12-09 10:30+10m @银行"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        reads(table[i][0], table[i][1]);
}

static void what_is_open_is_asked_and_never_guessed(void **state)
{
    (void)state;
    static const char *const table[][2] = {
        // Both ways round are days of the past.
        {"9/12 10:00 at the bank, 5 minutes", "2021-09-12|2021-12-09 10:00+5m @bank"},
        {"09-12-2021 at the bank", "2021-09-12|2021-12-09 ?? @bank"},
        // One way round is no day, and two equal numbers are one day.
        {"25/11 10:00 at the bank, 5 minutes", "2021-11-25 10:00+5m @bank"},
        {"11/11 at the bank", "2021-11-11 ?? @bank"},
        {"3点在超市，10分钟", "? 03:00+10m half? @超市"},
        {"15点在超市", "? 15:00? @超市"},
        {"10点到11点在超市", "? 10:00+60m half? @超市"},
        {"在超市", "? ?? @超市"},
        {"12月9日", "2021-12-09 ?? @"},
        // Next year's December is not meant in January's case; a day to come is last
        // year's.
        {"12月31日在家", "2020-12-31 ?? @家"},
        {"31号在家", "2021-10-31 ?? @家"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        reads(table[i][0], table[i][1]);
}

static void sentences_are_stays_and_keep_the_day_of_the_one_before(void **state)
{
    (void)state;
    reads("12月9日上午8点在家，1小时。上午10点在菜市场，20分钟；没有别的了\n昨天在厂里",
          "2021-12-09 08:00+60m @家\n"
          "2021-12-09^ 10:00+20m @菜市场\n"
          "2021-12-10 ?? @厂里");
    reads("9/12 at home; 10:00 at the bank, 5 min",
          "2021-09-12|2021-12-09 ?? @home\n2021-09-12|2021-12-09^ 10:00+5m @bank");
}

static void what_tells_of_no_stay_gives_none(void **state)
{
    (void)state;
    reads("", "");
    reads("不记得了", "");
    reads("。；;\n\n", "");
    reads("13月40日", "");
    reads("25:00", "");
    reads("\xff\xfe", "");
}

// A day that no calendar has is asked, and no other is read out of it, nor taken from
// the sentence before.
static void a_day_that_is_in_no_calendar_is_asked(void **state)
{
    (void)state;
    reads("2月30日上午10点在菜市场，20分钟", "!! 10:00+20m @菜市场");
    reads("11月31号上午10点在菜市场", "!! 10:00? @菜市场");
    reads("2021-02-30 10:00 at the bank", "!! 10:00? @bank");
    reads("31 November, 10:00 at the bank", "!! 10:00? @bank");
    reads("12月9日上午8点在家，1小时。11月31日上午10点在菜市场。11点在食堂",
          "2021-12-09 08:00+60m @家\n!! 10:00? @菜市场\n? 11:00? half? @食堂");
    reads("12月9日上午8点坐3号线，在9号楼", "2021-12-09 08:00? @9号楼");
}

// 晚上12点 is midnight, and of two o'clock at night nobody knows which day it is.
static void the_hours_of_a_night_are_no_afternoon(void **state)
{
    (void)state;
    static const char *const table[][2] = {
        {"12月9日晚上11点到凌晨2点在KTV", "2021-12-09 23:00+180m @KTV"},
        {"12月9日晚上10点到夜里2点在KTV", "2021-12-09 22:00+240m @KTV"},
        {"12月9日晚上12点在网吧，一个小时", "2021-12-09 24:00+60m @网吧"},
        {"12月9日晚上11点到晚上12点在网吧", "2021-12-09 23:00+60m @网吧"},
        {"12月9日夜里2点在医院，半小时", "2021-12-09|2021-12-10 02:00+30m @医院"},
        {"12月9日凌晨2点在医院，半小时", "2021-12-09 02:00+30m @医院"},
        {"12月9日晚8点半到10点在饭店", "2021-12-09 20:30+90m @饭店"},
        {"昨晚8点在饭店，两小时", "2021-12-10 20:00+120m @饭店"},
        {"9 December, 8:00 in the evening at the club for 2 hours",
         "2021-12-09 20:00+120m @club"},
        {"12月9日晚上10点到12月11日早上8点在医院", "2021-12-09 22:00+2040m @医院"},
        {"12月9日22:00到10日6:00在厂里", "2021-12-09 22:00+480m @厂里"},
        {"12月9日晚上9点在网吧待到第二天早上7点", "2021-12-09 21:00+600m @网吧"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        reads(table[i][0], table[i][1]);
}

// A further place is a stay of its own, with the time that stands beside it.
static void no_place_of_a_sentence_is_lost(void **state)
{
    (void)state;
    reads("12月9日上午10点在万石菜市场买菜，11点到车站",
          "2021-12-09 10:00? @万石菜市场\n2021-12-09^ 11:00? half? @车站");
    reads("12月9日上午10点在菜市场停留20分钟，然后去了银行",
          "2021-12-09 10:00+20m @菜市场\n2021-12-09^ ?? @银行");
    reads("12月9日上午10点到11点在菜市场，下午2点到3点在银行",
          "2021-12-09 10:00+60m @菜市场\n2021-12-09^ 14:00+60m @银行");
    reads("12月9日上午在家，下午在厂里", "2021-12-09 ?? @家\n2021-12-09^ ?? @厂里");
    reads("12月9日上午10点在菜市场遇到熟人，停留20分钟", "2021-12-09 10:00+20m @菜市场");
    reads("Dec 9, from 9:00 to 10:00 at the market and from 11:00 to 12:00 at the bank",
          "2021-12-09 09:00+60m @market\n2021-12-09^ 11:00+60m @bank");
    reads("12月9日下午3点在棋牌室，2小时。第二天上午9点在厂里，1小时",
          "2021-12-09 15:00+120m @棋牌室\n2021-12-10^ 09:00+60m @厂里");
}

// Hours whose half of the day was not said, as they are offered: "03:00+10m|15:00+10m".
static void offers(const char *text, const char *expected)
{
    wf_stay_said said[wf_stay_text_stays_max];
    char line[256] = "";
    weft_day today;
    size_t count, used = 0;
    assert_true(wf_day_from_date(2021, 12, 11, &today));
    wf_stay_text_read(wf_text_of(text), today, said, &count);
    assert_int_equal(count, 1);
    for (size_t i = 0; i < said[0].readings_count; i++) {
        const wf_stay_hours *one = &said[0].readings[i];
        used += (size_t)snprintf(line + used, sizeof line - used, "%s", i > 0 ? "|" : "");
        if (one->start >= 0)
            used += (size_t)snprintf(line + used, sizeof line - used, "%02d:%02d",
                                     one->start / 60, one->start % 60);
        if (one->end >= 0)
            used += (size_t)snprintf(line + used, sizeof line - used, "-%02d:%02d",
                                     one->end / 60, one->end % 60);
    }
    assert_int_equal(said[0].readings_count > 0,
                     (said[0].asks & WF_STAY_ASK_HALF_DAY) != 0);
    assert_string_equal(line, expected);
}

static void hours_without_a_half_of_the_day_are_offered_both_ways(void **state)
{
    (void)state;
    static const char *const table[][2] = {
        {"12月9日3点在超市，10分钟", "03:00-03:10|15:00-15:10"},
        {"12月9日3点在超市", "03:00|15:00"},
        {"3点在超市", "03:00|15:00"},
        // Noon, or one of two midnights.
        {"12月9日12点在超市，1小时", "00:00-01:00|12:00-13:00|24:00-25:00"},
        {"12月9日12点半在超市", "00:30|12:30|24:30"},
        // The end is the first that comes after the start.
        {"12月9日10点到11点在超市", "10:00-11:00|22:00-23:00"},
        {"12月9日11点到1点在超市", "11:00-13:00|23:00-25:00"},
        {"12月9日9点到14:00在超市", "09:00-14:00|21:00-38:00"},
        // Of the end alone, on the day that was named for it.
        {"12月9日22:00到次日2点在超市", "22:00-26:00|22:00-38:00"},
        {"12月9日下午3点在超市，10分钟", ""},
        {"12月9日15:00在超市，10分钟", ""},
        // Day and half are two questions.
        {"9/12 3点 at the bank", "03:00|15:00"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        offers(table[i][0], table[i][1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stay_is_read_from_what_people_say),
        cmocka_unit_test(what_is_open_is_asked_and_never_guessed),
        cmocka_unit_test(sentences_are_stays_and_keep_the_day_of_the_one_before),
        cmocka_unit_test(what_tells_of_no_stay_gives_none),
        cmocka_unit_test(a_day_that_is_in_no_calendar_is_asked),
        cmocka_unit_test(the_hours_of_a_night_are_no_afternoon),
        cmocka_unit_test(hours_without_a_half_of_the_day_are_offered_both_ways),
        cmocka_unit_test(no_place_of_a_sentence_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
