#include "desk/cases/stay_words.h"

#include <string.h>

#include "desk/declare.h"

enum { minutes_of_half = 720, hour_m = 60, longest_m = 30 * 1440 };

// ---- letters ----

bool wf_words_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool wf_words_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

void wf_words_skip_blanks(wf_words *c)
{
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\t'))
        c->at++;
}

// Over one character of UTF-8.
void wf_words_skip_one(wf_words *c)
{
    c->at++;
    while (c->at < c->end && ((unsigned char)*c->at & 0xc0) == 0x80)
        c->at++;
}

// Letters are compared without case; a word of letters ends where no letter follows.
bool wf_words_take(wf_words *c, const char *word)
{
    size_t size = strlen(word);
    if ((size_t)(c->end - c->at) < size)
        return false;
    for (size_t i = 0; i < size; i++)
        if (lower(c->at[i]) != word[i])
            return false;
    if (wf_words_is_letter(word[size - 1]) && c->at + size < c->end &&
        wf_words_is_letter(c->at[size]))
        return false;
    c->at += size;
    return true;
}

// The number of the word that stands here, or −1.
int wf_words_take_any(wf_words *c, const char *const *words)
{
    for (int i = 0; words[i] != NULL; i++)
        if (wf_words_take(c, words[i]))
            return i;
    return -1;
}

// ---- numbers ----

static int digit_of(wf_words *c)
{
    static const char *const digits[] = {"〇", "一", "二", "三", "四", "五", "六",
                                         "七", "八", "九", "两", "零", NULL};
    static const char *const wide[] = {"０", "１", "２", "３", "４", "５",
                                       "６", "７", "８", "９", NULL};
    if (c->at < c->end && wf_words_is_digit(*c->at))
        return *c->at++ - '0';
    int digit = wf_words_take_any(c, wide);
    if (digit >= 0)
        return digit;
    digit = wf_words_take_any(c, digits);
    return digit == 10 ? 2 : digit == 11 ? 0 : digit;
}

// 0 to 9999: digits, or 二十三 up to 九十九.
static bool take_number(wf_words *c, int *ret)
{
    wf_words from = *c;
    int value = 0, digits = 0, digit;
    while (digits < 4 && (digit = digit_of(&from)) >= 0) {
        value = value * 10 + digit;
        digits++;
    }
    if (wf_words_take(&from, "十")) {
        if (digits > 1)
            return false;
        value = (digits == 0 ? 1 : value) * 10;
        digit = digit_of(&from);
        value += digit > 0 ? digit : 0;
        digits = 2;
    }
    if (digits == 0 || (from.at < from.end && wf_words_is_digit(*from.at)))
        return false;
    *c = from;
    *ret = value;
    return true;
}

// ---- days ----

// The newest such day that is not after today; of a year that is said, that day.
static bool newest(weft_day today, int year, int month, int date, weft_day *ret)
{
    int32_t this_year, m, d;
    wf_day_date(today, &this_year, &m, &d);
    if (year > 0)
        return wf_day_from_date(year, month, date, ret);
    for (int back = 0; back <= 8; back++) // 29 February comes again within eight years
        if (wf_day_from_date(this_year - back, month, date, ret) &&
            ret->number <= today.number)
            return true;
    return false;
}

static bool give_day(wf_words_day *to, int year, int month, int date)
{
    to->found = newest(to->today, year, month, date, &to->day);
    return to->found;
}

// 9号: of this month or the newest before that has it.
static bool give_date(wf_words_day *to, int date)
{
    int32_t year, month, today;
    wf_day_date(to->today, &year, &month, &today);
    for (int back = 0; back < 3; back++) {
        if (wf_day_from_date(year, month, date, &to->day) &&
            to->day.number <= to->today.number)
            return to->found = true;
        month = month == 1 ? 12 : month - 1;
        year -= month == 12;
    }
    return false;
}

// Two numbers whose order nobody has said. Only one way round is a day: that one.
static bool give_either(wf_words_day *to, int year, int a, int b)
{
    weft_day one, other;
    bool first = newest(to->today, year, a, b, &one);
    bool second = newest(to->today, year, b, a, &other);
    to->found = first || second;
    to->day = first ? one : other;
    to->other = second ? other : one;
    to->unsure = first && second && one.number != other.number;
    return to->found;
}

// 9号楼, 3号线.
static bool is_a_number_of(wf_words c)
{
    static const char *const things[] = {"楼", "线", "院", "店", "门", "车", "桌", "厅",
                                         "库", "馆", "厂", "路", "铺", "摊", NULL};
    return wf_words_take_any(&c, things) >= 0;
}

// 2021年12月9日, 12月9日, 9号. A day that no calendar has, 2月30日, is read and is none:
// its end by itself, 30日, would be another.
static bool read_zh_day(wf_words *c, wf_words_day *to)
{
    static const char *const ends[] = {"日", "号", NULL};
    wf_words from = *c;
    int a, b, year = 0;
    if (!take_number(&from, &a))
        return false;
    if (wf_words_take(&from, "年")) {
        year = a < 100 ? 2000 + a : a;
        wf_words_skip_blanks(&from);
        if (!take_number(&from, &a))
            return false;
    }
    wf_words_skip_blanks(&from);
    if (wf_words_take(&from, "月")) {
        wf_words_skip_blanks(&from);
        if (!take_number(&from, &b))
            return false;
        to->none = !give_day(to, year, a, b);
        WF_IGNORE(wf_words_take_any(&from, ends), "12月9 is as good as 12月9日");
    } else if (year > 0 || wf_words_take_any(&from, ends) < 0 || is_a_number_of(from) ||
               !give_date(to, a)) {
        return false;
    }
    *c = from;
    return true;
}

// 2021-12-09; 9/12, 9/12/2021, 9.12. with any of the three signs.
static bool read_signs_day(wf_words *c, wf_words_day *to)
{
    static const char *const hours[] = {"点", "时",  "分", "小时", "个", "hour",
                                        "h",  "min", "am", "pm",   NULL};
    wf_words from = *c;
    int a, b, third = 0;
    if (!take_number(&from, &a) || from.at == from.end ||
        memchr("/-.", *from.at, 3) == NULL)
        return false;
    char sign = *from.at++;
    if (!take_number(&from, &b))
        return false;
    bool three = from.at < from.end && *from.at == sign;
    if (three) {
        from.at++;
        three = take_number(&from, &third);
    }
    wf_words behind = from;
    wf_words_skip_blanks(&behind);
    if (!three && (sign != '/' || wf_words_take_any(&behind, hours) >= 0))
        return false;
    bool good =
        three && a > 31
            ? give_day(to, a, b, third)
            : give_either(to, third > 0 && third < 100 ? 2000 + third : third, a, b);
    to->none = three && !good;
    if (good || three)
        *c = from;
    return good || three;
}

static const char *const months[] = {
    "january", "february",  "march",   "april",    "may",      "june", "july",
    "august",  "september", "october", "november", "december", "jan",  "feb",
    "mar",     "apr",       "may",     "jun",      "jul",      "aug",  "sep",
    "oct",     "nov",       "dec",     NULL};

static void take_order(wf_words *c)
{
    static const char *const orders[] = {"st", "nd", "rd", "th", NULL};
    WF_IGNORE(wf_words_take_any(c, orders), "9 is as good as 9th");
}

static int read_year(wf_words *c)
{
    wf_words from = *c;
    int year;
    WF_IGNORE(wf_words_take(&from, ","), "a comma may stand before a year");
    wf_words_skip_blanks(&from);
    if (!take_number(&from, &year) || year < 1900)
        return 0;
    *c = from;
    return year;
}

// December 9, 9 December, with or without a year.
static bool read_en_day(wf_words *c, wf_words_day *to)
{
    wf_words from = *c;
    int date, month = wf_words_take_any(&from, months);
    if (month >= 0) {
        WF_IGNORE(wf_words_take(&from, "."), "Dec. is as good as Dec");
        wf_words_skip_blanks(&from);
        if (!take_number(&from, &date))
            return false;
        take_order(&from);
    } else {
        if (!take_number(&from, &date))
            return false;
        take_order(&from);
        wf_words_skip_blanks(&from);
        WF_IGNORE(wf_words_take(&from, "of "), "the 9th of December");
        month = wf_words_take_any(&from, months);
        if (month < 0)
            return false;
    }
    to->none = !give_day(to, read_year(&from), month % 12 + 1, date);
    *c = from;
    return true;
}

static bool read_day_word(wf_words *c, wf_words_day *to)
{
    static const char *const words[] = {"今天",   "昨天",      "前天",
                                        "today",  "yesterday", "the day before yesterday",
                                        "大前天", NULL};
    static const int back[] = {0, 1, 2, 0, 1, 2, 3};
    // Their last character is a half of the day, to be read with the hour.
    static const char *const halves[] = {"今早", "今晚", "昨早", "昨晚",
                                         "昨夜", "前晚", NULL};
    static const int half_back[] = {0, 0, 1, 1, 1, 2};
    wf_words from = *c;
    int word = wf_words_take_any(&from, words),
        half = word < 0 ? wf_words_take_any(&from, halves) : -1;
    if (word < 0 && half < 0)
        return false;
    c->at = word < 0 ? from.at - strlen("晚") : from.at;
    to->day = (weft_day){to->today.number - (word < 0 ? half_back[half] : back[word])};
    return to->found = true;
}

bool wf_words_read_day(wf_words *c, wf_words_day *to)
{
    return read_day_word(c, to) || read_zh_day(c, to) || read_signs_day(c, to) ||
           read_en_day(c, to);
}

// ---- times ----

wf_words_half wf_words_take_half(wf_words *c)
{
    static const char *const words[] = {
        "凌晨", "早上", "清晨", "上午", "早晨", "早",   "中午", "下午", "傍晚", "午后",
        "晚上", "晚间", "晚",   "夜里", "深夜", "半夜", "夜间", "夜",   NULL};
    int word = wf_words_take_any(c, words);
    wf_words_skip_blanks(c);
    return word < 0     ? WF_HALF_NOT_SAID
           : word < 6   ? WF_HALF_MORNING
           : word == 6  ? WF_HALF_NOON
           : word < 10  ? WF_HALF_AFTERNOON
           : word <= 12 ? WF_HALF_EVENING
                        : WF_HALF_NIGHT;
}

static bool settle(int hour, int minute, wf_words_half half, bool is_24,
                   wf_words_time *ret)
{
    bool late = half == WF_HALF_EVENING || half == WF_HALF_NIGHT;
    if (hour > 24 || minute >= hour_m || (hour == 24 && minute > 0))
        return false;
    *ret = (wf_words_time){.night = late && hour <= (half == WF_HALF_NIGHT ? 5 : 4)};
    if (late && hour == 12)
        hour = 24;
    else if ((half == WF_HALF_AFTERNOON || late) && hour < 12 && !ret->night)
        hour += 12;
    else if (half == WF_HALF_NOON && hour < 6)
        hour += 12;
    else if (half == WF_HALF_MORNING && hour == 12)
        hour = 0;
    ret->minute = hour * hour_m + minute;
    ret->half_unknown = half == WF_HALF_NOT_SAID && !is_24 && hour >= 1 && hour <= 12;
    return true;
}

static int read_minutes_zh(wf_words *c)
{
    int minute;
    wf_words from = *c;
    if (wf_words_take(&from, "半")) {
        *c = from;
        return 30;
    }
    if (wf_words_take(&from, "一刻") || wf_words_take(&from, "三刻")) {
        int quarters = memcmp(c->at, "三", 3) == 0 ? 45 : 15;
        *c = from;
        return quarters;
    }
    if (!take_number(&from, &minute) || minute >= hour_m)
        return 0;
    WF_IGNORE(wf_words_take(&from, "分"), "10点15 is as good as 10点15分");
    *c = from;
    return minute;
}

// 上午10点半, 15时20分; not 10个小时.
static bool read_zh_time(wf_words *c, wf_words_time *to)
{
    static const char *const signs[] = {"点钟", "点", "时", NULL};
    wf_words from = *c;
    int hour;
    wf_words_half half = wf_words_take_half(&from);
    if (!take_number(&from, &hour) || wf_words_take_any(&from, signs) < 0)
        return false;
    int minute = read_minutes_zh(&from);
    if (!settle(hour, minute, half, false, to))
        return false;
    *c = from;
    return true;
}

// 10:30, 下午3:15, 3 pm, 3:15 p.m., 8:00 in the evening.
static bool read_en_time(wf_words *c, wf_words_time *to)
{
    static const char *const halves[] = {"am",
                                         "a.m.",
                                         "in the morning",
                                         "pm",
                                         "p.m.",
                                         "in the afternoon",
                                         "in the evening",
                                         "at night",
                                         NULL};
    static const wf_words_half half_of[] = {
        WF_HALF_MORNING,   WF_HALF_MORNING,   WF_HALF_MORNING, WF_HALF_AFTERNOON,
        WF_HALF_AFTERNOON, WF_HALF_AFTERNOON, WF_HALF_EVENING, WF_HALF_NIGHT};
    static const char *const colons[] = {":", "：", NULL};
    wf_words from = *c;
    int hour, minute = 0;
    wf_words_half half = wf_words_take_half(&from);
    if (!take_number(&from, &hour))
        return false;
    bool colon = wf_words_take_any(&from, colons) >= 0;
    if (colon && !take_number(&from, &minute))
        return false;
    wf_words behind = from;
    wf_words_skip_blanks(&behind);
    int said = wf_words_take_any(&behind, halves);
    if (said >= 0) {
        if (hour > 12 && !colon)
            return false;
        half = hour > 12 ? half : half_of[said];
        from = behind;
    }
    if ((!colon && said < 0) || !settle(hour, minute, half, colon, to))
        return false;
    *c = from;
    return true;
}

bool wf_words_read_time(wf_words *c, wf_words_time *to)
{
    static const char *const words[] = {"noon", "midnight", "正午", NULL};
    if (read_zh_time(c, to) || read_en_time(c, to))
        return true;
    int word = wf_words_take_any(c, words);
    if (word < 0)
        return false;
    *to = (wf_words_time){.minute = word == 1 ? 0 : minutes_of_half, .night = word == 1};
    return true;
}

bool wf_words_take_until(wf_words *c)
{
    static const char *const words[] = {"-",  "–",  "—",  "~",     "～",
                                        "到", "至", "to", "until", NULL};
    wf_words from = *c;
    wf_words_skip_blanks(&from);
    if (wf_words_take_any(&from, words) < 0)
        return false;
    wf_words_skip_blanks(&from);
    *c = from;
    return true;
}

// 10-11点, 3-4 pm: the first has the sign of the second.
bool wf_words_read_span(wf_words *c, wf_words_time *start, wf_words_time *end)
{
    wf_words from = *c;
    int hour;
    wf_words_half half = wf_words_take_half(&from);
    wf_words_time last;
    if (!take_number(&from, &hour) || !wf_words_take_until(&from) ||
        !wf_words_read_time(&from, &last))
        return false;
    if (half == WF_HALF_NOT_SAID && !last.half_unknown && !last.night)
        half = last.minute >= minutes_of_half && hour <= last.minute / hour_m - 12
                   ? WF_HALF_AFTERNOON
                   : WF_HALF_MORNING;
    if (!settle(hour, 0, half, false, start))
        return false;
    *c = from;
    *end = last;
    return true;
}

// ---- how long ----

// 20分钟, 1小时30分, 一个半小时, 半小时, 1.5 hours, half an hour, an hour.
bool wf_words_read_length(wf_words *c, int *ret)
{
    static const char *const hours[] = {"个小时", "小时", "个钟头", "钟头", "hours",
                                        "hour",   "hrs",  "hr",     NULL};
    static const char *const minutes[] = {"分钟", "minutes", "minute",
                                          "mins", "min",     NULL};
    static const char *const halves[] = {"半小时", "半个小时", "half an hour", "半个钟头",
                                         NULL};
    wf_words from = *c;
    int number, tenth = 0, more = 0;
    if (wf_words_take_any(&from, halves) >= 0) {
        *c = from;
        *ret = 30;
        return true;
    }
    if (wf_words_take(&from, "an hour")) {
        *c = from;
        *ret = hour_m;
        return true;
    }
    if (!take_number(&from, &number))
        return false;
    if (wf_words_take(&from, ".") && (tenth = digit_of(&from)) < 0)
        return false;
    wf_words_skip_blanks(&from);
    bool half = wf_words_take(&from, "个半");
    if (wf_words_take_any(&from, minutes) >= 0 && tenth == 0 && !half) {
        *ret = number;
    } else if (wf_words_take_any(&from, hours) >= 0) {
        *ret = number * hour_m + tenth * 6 + (half ? 30 : 0);
        wf_words behind = from;
        wf_words_skip_blanks(&behind);
        if (take_number(&behind, &more) && more < hour_m) {
            wf_words_skip_blanks(&behind);
            if (wf_words_take_any(&behind, minutes) >= 0 ||
                wf_words_take(&behind, "分")) {
                *ret += more;
                from = behind;
            }
        }
    } else {
        return false;
    }
    if (*ret <= 0 || *ret > longest_m) {
        *ret = 0;
        return false;
    }
    *c = from;
    return true;
}
