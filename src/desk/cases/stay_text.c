#include "desk/cases/stay_text.h"

#include <string.h>

#include "desk/declare.h"

enum { minutes_of_day = 1440, minutes_of_half = 720, hour_m = 60, longest_m = 30 * 1440 };

// Where in a sentence reading is. What a rule does not understand it leaves as it was.
typedef struct {
    const char *at, *end;
} cursor;

// ---- letters ----

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static void skip_blanks(cursor *c)
{
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\t'))
        c->at++;
}

// Over one character of UTF-8.
static void skip_one(cursor *c)
{
    c->at++;
    while (c->at < c->end && ((unsigned char)*c->at & 0xc0) == 0x80)
        c->at++;
}

// Letters are compared without case; a word of letters ends where no letter follows.
static bool take(cursor *c, const char *word)
{
    size_t size = strlen(word);
    if ((size_t)(c->end - c->at) < size)
        return false;
    for (size_t i = 0; i < size; i++)
        if (lower(c->at[i]) != word[i])
            return false;
    if (is_letter(word[size - 1]) && c->at + size < c->end && is_letter(c->at[size]))
        return false;
    c->at += size;
    return true;
}

// The number of the word that stands here, or −1.
static int take_any(cursor *c, const char *const *words)
{
    for (int i = 0; words[i] != NULL; i++)
        if (take(c, words[i]))
            return i;
    return -1;
}

// ---- numbers ----

static int digit_of(cursor *c)
{
    static const char *const digits[] = {"〇", "一", "二", "三", "四", "五", "六",
                                         "七", "八", "九", "两", "零", NULL};
    static const char *const wide[] = {"０", "１", "２", "３", "４", "５",
                                       "６", "７", "８", "９", NULL};
    if (c->at < c->end && is_digit(*c->at))
        return *c->at++ - '0';
    int digit = take_any(c, wide);
    if (digit >= 0)
        return digit;
    digit = take_any(c, digits);
    return digit == 10 ? 2 : digit == 11 ? 0 : digit;
}

// 0 to 9999: digits, or 二十三 up to 九十九.
static bool take_number(cursor *c, int *ret)
{
    cursor from = *c;
    int value = 0, digits = 0, digit;
    while (digits < 4 && (digit = digit_of(&from)) >= 0) {
        value = value * 10 + digit;
        digits++;
    }
    if (take(&from, "十")) {
        if (digits > 1)
            return false;
        value = (digits == 0 ? 1 : value) * 10;
        digit = digit_of(&from);
        value += digit > 0 ? digit : 0;
        digits = 2;
    }
    if (digits == 0 || (from.at < from.end && is_digit(*from.at)))
        return false;
    *c = from;
    *ret = value;
    return true;
}

// ---- days ----

typedef struct {
    weft_day today;
    weft_day day, other;
    bool found, unsure; // unsure: `other` may be meant
} day_read;

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

static bool give_day(day_read *to, int year, int month, int date)
{
    to->found = newest(to->today, year, month, date, &to->day);
    return to->found;
}

// 9号: of this month or the newest before that has it.
static bool give_date(day_read *to, int date)
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
static bool give_either(day_read *to, int year, int a, int b)
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

// 2021年12月9日, 12月9日, 9号.
static bool read_zh_day(cursor *c, day_read *to)
{
    static const char *const ends[] = {"日", "号", NULL};
    cursor from = *c;
    int a, b, year = 0;
    if (!take_number(&from, &a))
        return false;
    if (take(&from, "年")) {
        year = a < 100 ? 2000 + a : a;
        skip_blanks(&from);
        if (!take_number(&from, &a))
            return false;
    }
    skip_blanks(&from);
    if (take(&from, "月")) {
        skip_blanks(&from);
        if (!take_number(&from, &b) || !give_day(to, year, a, b))
            return false;
        WF_IGNORE(take_any(&from, ends), "12月9 is as good as 12月9日");
    } else if (year > 0 || take_any(&from, ends) < 0 || !give_date(to, a)) {
        return false;
    }
    *c = from;
    return true;
}

// 2021-12-09; 9/12, 9/12/2021, 9.12. with any of the three signs.
static bool read_signs_day(cursor *c, day_read *to)
{
    static const char *const hours[] = {"点", "时",  "分", "小时", "个", "hour",
                                        "h",  "min", "am", "pm",   NULL};
    cursor from = *c;
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
    cursor behind = from;
    skip_blanks(&behind);
    if (!three && (sign != '/' || take_any(&behind, hours) >= 0))
        return false;
    bool good =
        three && a > 31
            ? give_day(to, a, b, third)
            : give_either(to, third > 0 && third < 100 ? 2000 + third : third, a, b);
    if (good)
        *c = from;
    return good;
}

static const char *const months[] = {
    "january", "february",  "march",   "april",    "may",      "june", "july",
    "august",  "september", "october", "november", "december", "jan",  "feb",
    "mar",     "apr",       "may",     "jun",      "jul",      "aug",  "sep",
    "oct",     "nov",       "dec",     NULL};

static void take_order(cursor *c)
{
    static const char *const orders[] = {"st", "nd", "rd", "th", NULL};
    WF_IGNORE(take_any(c, orders), "9 is as good as 9th");
}

static int read_year(cursor *c)
{
    cursor from = *c;
    int year;
    WF_IGNORE(take(&from, ","), "a comma may stand before a year");
    skip_blanks(&from);
    if (!take_number(&from, &year) || year < 1900)
        return 0;
    *c = from;
    return year;
}

// December 9, 9 December, with or without a year.
static bool read_en_day(cursor *c, day_read *to)
{
    cursor from = *c;
    int date, month = take_any(&from, months);
    if (month >= 0) {
        WF_IGNORE(take(&from, "."), "Dec. is as good as Dec");
        skip_blanks(&from);
        if (!take_number(&from, &date))
            return false;
        take_order(&from);
    } else {
        if (!take_number(&from, &date))
            return false;
        take_order(&from);
        skip_blanks(&from);
        WF_IGNORE(take(&from, "of "), "the 9th of December");
        month = take_any(&from, months);
        if (month < 0)
            return false;
    }
    if (!give_day(to, read_year(&from), month % 12 + 1, date))
        return false;
    *c = from;
    return true;
}

static bool read_day_word(cursor *c, day_read *to)
{
    static const char *const words[] = {"今天",   "昨天",      "前天",
                                        "today",  "yesterday", "the day before yesterday",
                                        "大前天", NULL};
    static const int back[] = {0, 1, 2, 0, 1, 2, 3};
    int word = take_any(c, words);
    if (word < 0)
        return false;
    to->day = (weft_day){to->today.number - back[word]};
    return to->found = true;
}

static bool read_day(cursor *c, day_read *to)
{
    return read_day_word(c, to) || read_zh_day(c, to) || read_signs_day(c, to) ||
           read_en_day(c, to);
}

// ---- times ----

typedef struct {
    int minute; // of the day
    bool half_unknown;
} time_read;

// 凌晨 and 上午 leave an hour as it is, 中午 and later ones make it one of the afternoon.
static int take_half(cursor *c)
{
    static const char *const words[] = {"凌晨", "早上", "清晨", "上午", "早晨",
                                        "中午", "下午", "傍晚", "晚上", "晚间",
                                        "夜里", "深夜", NULL};
    int word = take_any(c, words);
    skip_blanks(c);
    return word < 0 ? -1 : word < 5 ? 0 : word == 5 ? 2 : 1;
}

// Of an hour of 12 that belongs to a half of the day: −1 not said, 0 before noon, 1
// after, 2 about noon.
static bool settle(int hour, int minute, int half, bool is_24, time_read *ret)
{
    if (hour > 24 || minute >= hour_m || (hour == 24 && minute > 0))
        return false;
    if (half == 1 && hour < 12)
        hour += 12;
    else if (half == 2 && hour < 6)
        hour += 12;
    else if (half == 0 && hour == 12)
        hour = 0;
    ret->minute = hour * hour_m + minute;
    ret->half_unknown = half < 0 && !is_24 && hour >= 1 && hour <= 12;
    return true;
}

static int read_minutes_zh(cursor *c)
{
    int minute;
    cursor from = *c;
    if (take(&from, "半")) {
        *c = from;
        return 30;
    }
    if (take(&from, "一刻") || take(&from, "三刻")) {
        int quarters = memcmp(c->at, "三", 3) == 0 ? 45 : 15;
        *c = from;
        return quarters;
    }
    if (!take_number(&from, &minute) || minute >= hour_m)
        return 0;
    WF_IGNORE(take(&from, "分"), "10点15 is as good as 10点15分");
    *c = from;
    return minute;
}

// 上午10点半, 15时20分; not 10个小时.
static bool read_zh_time(cursor *c, time_read *to)
{
    static const char *const signs[] = {"点钟", "点", "时", NULL};
    cursor from = *c;
    int hour, half = take_half(&from);
    if (!take_number(&from, &hour) || take_any(&from, signs) < 0)
        return false;
    int minute = read_minutes_zh(&from);
    if (!settle(hour, minute, half, false, to))
        return false;
    *c = from;
    return true;
}

// 10:30, 下午3:15, 3 pm, 3:15 p.m.
static bool read_en_time(cursor *c, time_read *to)
{
    static const char *const halves[] = {"am", "a.m.", "pm", "p.m.", NULL};
    static const char *const colons[] = {":", "：", NULL};
    cursor from = *c;
    int hour, minute = 0, half = take_half(&from);
    if (!take_number(&from, &hour))
        return false;
    bool colon = take_any(&from, colons) >= 0;
    if (colon && !take_number(&from, &minute))
        return false;
    cursor behind = from;
    skip_blanks(&behind);
    int said = take_any(&behind, halves);
    if (said >= 0) {
        if (hour > 12)
            return false;
        half = said / 2;
        from = behind;
    }
    if ((!colon && said < 0) || !settle(hour, minute, half, colon, to))
        return false;
    *c = from;
    return true;
}

static bool read_time(cursor *c, time_read *to)
{
    static const char *const words[] = {"noon", "midnight", "正午", NULL};
    if (read_zh_time(c, to) || read_en_time(c, to))
        return true;
    int word = take_any(c, words);
    *to = word < 0 ? *to : (time_read){.minute = word == 1 ? 0 : minutes_of_half};
    return word >= 0;
}

static bool take_until(cursor *c)
{
    static const char *const words[] = {"-",  "–",  "—",  "~",     "～",
                                        "到", "至", "to", "until", NULL};
    cursor from = *c;
    skip_blanks(&from);
    if (take_any(&from, words) < 0)
        return false;
    skip_blanks(&from);
    *c = from;
    return true;
}

// 10-11点, 3-4 pm: the first has the sign of the second.
static bool read_span(cursor *c, time_read *start, time_read *end)
{
    cursor from = *c;
    int hour, half = take_half(&from);
    time_read last;
    if (!take_number(&from, &hour) || !take_until(&from) || !read_time(&from, &last))
        return false;
    if (half < 0 && !last.half_unknown)
        half = last.minute >= minutes_of_half && hour <= last.minute / hour_m - 12;
    if (!settle(hour, 0, half, false, start))
        return false;
    // 下午3-4点: the half of the day is that of both.
    if (last.half_unknown && half == 1 && last.minute < minutes_of_half)
        last.minute += minutes_of_half;
    last.half_unknown = last.half_unknown && half < 0;
    *c = from;
    *end = last;
    return true;
}

// ---- how long ----

// 20分钟, 1小时30分, 一个半小时, 半小时, 1.5 hours, half an hour, an hour.
static bool read_length(cursor *c, int *ret)
{
    static const char *const hours[] = {"个小时", "小时", "个钟头", "钟头", "hours",
                                        "hour",   "hrs",  "hr",     NULL};
    static const char *const minutes[] = {"分钟", "minutes", "minute",
                                          "mins", "min",     NULL};
    static const char *const halves[] = {"半小时", "半个小时", "half an hour", "半个钟头",
                                         NULL};
    cursor from = *c;
    int number, tenth = 0, more = 0;
    if (take_any(&from, halves) >= 0) {
        *c = from;
        *ret = 30;
        return true;
    }
    if (take(&from, "an hour")) {
        *c = from;
        *ret = hour_m;
        return true;
    }
    if (!take_number(&from, &number))
        return false;
    if (take(&from, ".") && (tenth = digit_of(&from)) < 0)
        return false;
    skip_blanks(&from);
    bool half = take(&from, "个半");
    if (take_any(&from, minutes) >= 0 && tenth == 0 && !half) {
        *ret = number;
    } else if (take_any(&from, hours) >= 0) {
        *ret = number * hour_m + tenth * 6 + (half ? 30 : 0);
        cursor behind = from;
        skip_blanks(&behind);
        if (take_number(&behind, &more) && more < hour_m) {
            skip_blanks(&behind);
            if (take_any(&behind, minutes) >= 0 || take(&behind, "分")) {
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

// ---- places ----

static bool is_end_of_place(cursor c)
{
    static const char *const ends[] = {
        ",",    "，",      "、",    "(",      "（",      "停留",     "逗留",
        "待了", "呆了",    "待到",  "呆到",   "吃",      "买",       "约",
        "大约", "左右",    " for ", " from ", " about ", " around ", " on ",
        " at ", " until ", " and ", "之后",   "然后",    NULL};
    if (take_any(&c, ends) >= 0)
        return true;
    time_read time;
    int length;
    return read_time(&c, &time) || read_length(&c, &length);
}

// What follows 在 or at, up to what is no place any more; a stop at an article is over
// it.
static bool read_place(cursor *c, wf_text *ret)
{
    static const char *const words[] = {"在", "去了", "到了", "去", "到",
                                        "于", "at",   "in",   "to", NULL};
    static const char *const no_places[] = {"morning", "afternoon", "evening", "night",
                                            NULL};
    cursor from = *c;
    if (take_any(&from, words) < 0)
        return false;
    skip_blanks(&from);
    WF_IGNORE(take(&from, "the "), "an article is no part of the place");
    skip_blanks(&from);
    const char *begin = from.at;
    if (take_any(&(cursor){from.at, from.end}, no_places) >= 0)
        return false;
    while (from.at < from.end && !is_end_of_place(from))
        skip_one(&from);
    wf_text place = wf_text_trim((wf_text){begin, (size_t)(from.at - begin)});
    if (place.size == 0)
        return false;
    *c = from;
    *ret = place;
    return true;
}

// ---- a sentence ----

typedef struct {
    day_read day;
    time_read start, end;
    bool has_start, has_end;
    int length; // minutes; 0: not said
    bool about;
    wf_text place;
} sentence;

static bool is_about(cursor *c)
{
    static const char *const words[] = {"左右",    "大约",  "大概",   "约",
                                        "前后",    "about", "around", "approximately",
                                        "roughly", NULL};
    return take_any(c, words) >= 0;
}

static bool read_times(cursor *c, sentence *to)
{
    time_read time;
    if (!to->has_start && read_span(c, &to->start, &to->end))
        return to->has_start = to->has_end = true;
    if (to->has_end || !read_time(c, &time))
        return false;
    if (to->has_start)
        to->end = time;
    else
        to->start = time;
    to->has_end = to->has_start;
    to->has_start = true;
    return true;
}

static bool read_something(cursor *c, sentence *to)
{
    if (to->length == 0 && read_length(c, &to->length))
        return true;
    if (!to->day.found && read_day(c, &to->day))
        return true;
    if (read_times(c, to))
        return true;
    if (is_about(c))
        return to->about = true;
    return to->place.size == 0 && read_place(c, &to->place);
}

// Over what is no part of a stay: a whole word of letters or number, or one character.
static void skip_unread(cursor *c)
{
    bool (*of_word)(char) = is_digit(*c->at) ? is_digit : is_letter;
    if (!of_word(*c->at)) {
        skip_one(c);
        return;
    }
    while (c->at < c->end && of_word(*c->at))
        c->at++;
}

static void read_sentence(wf_text text, weft_day today, sentence *ret)
{
    cursor c = {text.bytes, text.bytes + text.size};
    *ret = (sentence){.day = {.today = today}};
    while (c.at < c.end)
        if (!read_something(&c, ret))
            skip_unread(&c);
}

// ---- what is asked ----

// Whose half of the day is not said is the one that comes first after a start of which it
// is known: 下午3点半到5点.
static void follow_start(sentence *of)
{
    if (!of->has_end || of->start.half_unknown || !of->end.half_unknown)
        return;
    int early = of->end.minute % minutes_of_half, late = early + minutes_of_half;
    of->end.minute = early > of->start.minute  ? early
                     : late > of->start.minute ? late
                                               : early + minutes_of_day;
    of->end.half_unknown = false;
}

static void settle_end(const sentence *from, wf_stay_said *to)
{
    to->end = -1;
    if (from->has_end)
        to->end = from->end.minute;
    else if (from->has_start && from->length > 0)
        to->end = from->start.minute + from->length;
    // From ten in the evening until two is until the next day.
    if (from->has_end && to->end <= to->start)
        to->end += minutes_of_day;
}

static wf_stay_said said_of(wf_text text, const sentence *from, const wf_stay_said *last)
{
    wf_stay_said said = {.text = text,
                         .place = from->place,
                         .has_day = from->day.found,
                         .day = from->day.day,
                         .other_day = from->day.unsure ? from->day.other : from->day.day,
                         .start = from->has_start ? from->start.minute : -1,
                         .about = from->about};
    bool unsure = from->day.unsure;
    if (!said.has_day && last != NULL && last->has_day) {
        said.has_day = said.day_carried = true;
        said.day = last->day;
        said.other_day = last->other_day;
        unsure = (last->asks & WF_STAY_ASK_DAY_ORDER) != 0;
    }
    settle_end(from, &said);
    bool half = (from->has_start && from->start.half_unknown) ||
                (from->has_end && from->end.half_unknown);
    said.asks =
        (said.has_day ? 0u : WF_STAY_ASK_DAY) | (unsure ? WF_STAY_ASK_DAY_ORDER : 0u) |
        (from->has_start ? 0u : WF_STAY_ASK_START) | (half ? WF_STAY_ASK_HALF_DAY : 0u) |
        (said.end >= 0 ? 0u : WF_STAY_ASK_END) |
        (from->place.size > 0 ? 0u : WF_STAY_ASK_PLACE);
    return said;
}

static bool is_end_of_sentence(cursor c)
{
    static const char *const ends[] = {"。", "；", ";", "\n", "!", "！", NULL};
    return take_any(&c, ends) >= 0;
}

static wf_text next_sentence(cursor *c)
{
    const char *begin = c->at;
    while (c->at < c->end && !is_end_of_sentence(*c))
        skip_one(c);
    wf_text text = wf_text_trim((wf_text){begin, (size_t)(c->at - begin)});
    if (c->at < c->end)
        skip_one(c);
    return text;
}

void wf_stay_text_read(wf_text text, weft_day today,
                       wf_stay_said ret[wf_stay_text_stays_max], size_t *ret_count)
{
    cursor c = {text.bytes, text.bytes + text.size};
    size_t count = 0;
    if (text.size > wf_stay_text_bytes_max || !wf_text_is_utf8(text))
        c.at = c.end;
    while (c.at < c.end && count < wf_stay_text_stays_max) {
        wf_text one = next_sentence(&c);
        sentence read;
        read_sentence(one, today, &read);
        follow_start(&read);
        if (read.day.found || read.has_start || read.place.size > 0) {
            ret[count] = said_of(one, &read, count > 0 ? &ret[count - 1] : NULL);
            count++;
        }
    }
    *ret_count = count;
}
