#include "desk/cases/stay_text.h"

#include <string.h>

#include "desk/cases/stay_words.h"
#include "desk/declare.h"

enum { minutes_of_day = 1440, minutes_of_half = 720 };

// ---- places ----

// A day after the one before: of a stay's start, or of the stay before it.
static bool take_next_day(wf_words *c)
{
    static const char *const words[] = {
        "次日",     "翌日", "第二天", "隔天", "the next day", "the following day",
        "next day", NULL};
    return wf_words_take_any(c, words) >= 0;
}

static bool is_day_or_time(wf_words c)
{
    wf_words_day day = {.today = {0}};
    wf_words_time time;
    return take_next_day(&c) || wf_words_read_time(&c, &time) ||
           wf_words_read_day(&c, &day);
}

static bool is_end_of_place(wf_words c)
{
    static const char *const ends[] = {
        ",",       "，",   "、",       "(",    "（",      "遇到",  "碰到",   "见到",
        "停留",    "逗留", "待了",     "呆了", "待到",    "呆到",  "吃",     "买",
        "约",      "大约", "左右",     "之后", "上午",    "下午",  "晚上",   "中午",
        "凌晨",    "傍晚", "然后",     "接着", "后来",    "随后",  " for ",  " from ",
        " about ", " on ", " around ", " at ", " until ", " and ", " then ", NULL};
    if (wf_words_take_any(&c, ends) >= 0)
        return true;
    wf_words until = c;
    if (wf_words_take_until(&until) && is_day_or_time(until))
        return true;
    wf_words_time time;
    int length;
    return wf_words_read_time(&c, &time) || wf_words_read_length(&c, &length);
}

// What follows 在 or at, up to what is no place any more; a stop at an article is over
// it. `went`: by words that say so of whoever speaks, which 到 alone does not: 遇到,
// 买到.
static bool read_place(wf_words *c, wf_text *ret, bool *went)
{
    static const char *const words[] = {"去了", "到了", "回到", "去", "went to", "在",
                                        "到",   "于",   "at",   "in", "to",      NULL};
    static const char *const no_places[] = {"morning", "afternoon", "evening", "night",
                                            "里面",    "那里",      "那儿",    "这里",
                                            "其中",    "there",     NULL};
    wf_words from = *c;
    int word = wf_words_take_any(&from, words);
    if (word < 0)
        return false;
    wf_words_skip_blanks(&from);
    WF_IGNORE(wf_words_take(&from, "the "), "an article is no part of the place");
    wf_words_skip_blanks(&from);
    const char *begin = from.at;
    if (wf_words_take_any(&(wf_words){from.at, from.end}, no_places) >= 0 ||
        is_day_or_time(from))
        return false;
    while (from.at < from.end && !is_end_of_place(from))
        wf_words_skip_one(&from);
    wf_text place = wf_text_trim((wf_text){begin, (size_t)(from.at - begin)});
    if (place.size == 0)
        return false;
    *c = from;
    *ret = place;
    *went = word < 5;
    return true;
}

// ---- a stay ----

typedef struct {
    wf_words_day day;
    bool next_day; // the day after the stay before it
    wf_words_time start, end;
    bool has_start, has_end;
    int end_day; // days after the start's; 0: not said, −1: said, and which is not clear
    int halves;  // 上午, 下午 without an hour: how often
    int length;  // minutes; 0: not said
    bool about;
    wf_text place;
} stay_read;

static bool is_about(wf_words *c)
{
    static const char *const words[] = {"左右",    "大约",  "大概",   "约",
                                        "前后",    "about", "around", "approximately",
                                        "roughly", NULL};
    return wf_words_take_any(c, words) >= 0;
}

static bool read_times(wf_words *c, stay_read *to)
{
    wf_words_time time;
    if (!to->has_start && wf_words_read_span(c, &to->start, &to->end))
        return to->has_start = to->has_end = true;
    if (to->has_end || !wf_words_read_time(c, &time))
        return false;
    if (to->has_start)
        to->end = time;
    else
        to->start = time;
    to->has_end = to->has_start;
    to->has_start = true;
    return true;
}

// 到12月11日早上8点, 到次日2点: the day on which it ended, where another is named.
static bool read_end_day(wf_words *c, stay_read *to)
{
    enum { longest_days = 30 };
    wf_words_day end = {.today = to->day.today};
    if (!to->has_start || to->end_day != 0)
        return false;
    if (take_next_day(c)) {
        to->end_day = 1;
        return true;
    }
    if (!to->day.found || !wf_words_read_day(c, &end))
        return false;
    int32_t after = end.found ? end.day.number - to->day.day.number : -1;
    bool clear = !end.unsure && !to->day.unsure && after >= 0 && after <= longest_days;
    to->end_day = clear && after == 0 ? 0 : clear ? (int)after : -1;
    return true;
}

static bool read_when(wf_words *c, stay_read *to)
{
    if (to->length == 0 && wf_words_read_length(c, &to->length))
        return true;
    if (!to->day.found && !to->day.none && !to->next_day &&
        wf_words_read_day(c, &to->day))
        return true;
    if (!to->has_start && !to->day.found && !to->next_day && take_next_day(c))
        return to->next_day = true;
    if (read_end_day(c, to) || read_times(c, to))
        return true;
    wf_words half = *c;
    if (wf_words_take_half(&half) == WF_HALF_NOT_SAID)
        return false;
    *c = half;
    to->halves++;
    return true;
}

// Over what is no part of a stay: a whole word of letters or number, words that only look
// as if a place followed, or one character.
static void skip_unread(wf_words *c)
{
    static const char *const words[] = {
        "遇到", "碰到", "见到", "看到", "听到", "拿到", "收到", "迟到", "感到", "等到",
        "直到", "买到", "找到", "得到", "想到", "现在", "正在", "实在", "存在", "不在",
        "过去", "出去", "进去", "回去", "下去", "离去", "由于", "关于", "至于", NULL};
    bool (*of_word)(char) =
        wf_words_is_digit(*c->at) ? wf_words_is_digit : wf_words_is_letter;
    if (wf_words_take_any(c, words) >= 0)
        return;
    if (!of_word(*c->at)) {
        wf_words_skip_one(c);
        return;
    }
    while (c->at < c->end && of_word(*c->at))
        c->at++;
}

// Where a new part of a sentence begins.
static bool take_break(wf_words *c)
{
    static const char *const words[] = {"然后", "之后",  "接着",       "后来",
                                        "随后", "then ", "after that", ",",
                                        "，",   "、",    "and ",       NULL};
    return wf_words_take_any(c, words) >= 0;
}

// Where a stay can end, with what was known of it there.
typedef struct {
    wf_words at;
    stay_read known;
    bool is_part; // a part of the sentence begins here
} stay_end;

// Whether a place that follows, with whatever was read since, is of another stay: a stay
// has one place, and a time that stands beside a place is of that place.
static bool is_another(const stay_read *now, const stay_end *since, bool went)
{
    const stay_read *then = &since->known;
    if (then->place.size == 0)
        return then->has_start && now->has_end && !then->has_end;
    return since->is_part || went || now->halves != then->halves ||
           now->has_start != then->has_start || now->has_end != then->has_end ||
           now->day.found != then->day.found || now->next_day != then->next_day;
}

// Reads one stay, and leaves the wf_words where another begins.
static void read_stay(wf_words *c, weft_day today, stay_read *ret)
{
    *ret = (stay_read){.day = {.today = today}};
    stay_end since = {*c, *ret, true};
    while (c->at < c->end) {
        wf_text place;
        bool went;
        wf_words behind = *c;
        if (take_break(c)) {
            since = (stay_end){*c, *ret, true};
        } else if (read_when(c, ret)) {
            // 停留20分钟去B: the minutes are the first place's.
            if (ret->length != since.known.length)
                since = (stay_end){*c, *ret, since.is_part};
        } else if (is_about(c)) {
            ret->about = true;
        } else if (!read_place(&behind, &place, &went)) {
            skip_unread(c);
        } else if (is_another(ret, &since, went)) {
            *c = since.at;
            *ret = since.known;
            return;
        } else {
            *c = behind;
            if (ret->place.size == 0) {
                ret->place = place;
                since = (stay_end){*c, *ret, false};
            }
        }
    }
}

// ---- what is asked ----

// Whose half of the day is not said is the one that comes first after a start of which it
// is known: 下午3点半到5点.
static void follow_start(stay_read *of)
{
    if (!of->has_end || of->start.half_unknown || !of->end.half_unknown ||
        of->end_day != 0)
        return;
    int early = of->end.minute % minutes_of_half, late = early + minutes_of_half;
    of->end.minute = early > of->start.minute  ? early
                     : late > of->start.minute ? late
                                               : early + minutes_of_day;
    of->end.half_unknown = false;
}

static void settle_end(const stay_read *from, wf_stay_said *to)
{
    to->end = -1;
    if (from->has_end && from->end_day >= 0)
        to->end = from->end.minute + from->end_day * minutes_of_day;
    else if (from->has_start && from->length > 0 && from->end_day == 0)
        to->end = from->start.minute + from->length;
    // From ten in the evening until two is until the next day.
    if (from->has_end && to->end >= 0 && to->end <= to->start)
        to->end += minutes_of_day;
}

// When it ended, if it began at `start`; −1: not said, or of which day is not clear.
static int end_after(const stay_read *from, int start)
{
    int end = from->end.minute + from->end_day * minutes_of_day;
    if (!from->has_end)
        return from->length > 0 && from->end_day == 0 ? start + from->length : -1;
    if (from->end_day < 0 || (from->end_day > 0 && from->end.half_unknown))
        return -1;
    int step = from->end.half_unknown ? minutes_of_half : minutes_of_day;
    if (from->end.half_unknown)
        end %= minutes_of_half;
    while (end <= start)
        end += step;
    return end;
}

// The halves of the day that hours may be of. Both hours open: the end is the first that
// comes after the start. 12点 is noon, or midnight before the day or after it.
static void settle_readings(const stay_read *from, wf_stay_said *to)
{
    bool of_start = from->has_start && from->start.half_unknown;
    if ((to->asks & WF_STAY_ASK_HALF_DAY) == 0)
        return;
    int clock = (of_start ? from->start : from->end).minute % minutes_of_half;
    size_t most = clock < 60 ? wf_stay_readings_max : 2;
    for (size_t i = 0; i < most; i++) {
        int at = clock + (int)i * minutes_of_half;
        wf_stay_hours one = {at, of_start ? end_after(from, at) : -1};
        if (!of_start)
            one = (wf_stay_hours){to->start, at + from->end_day * minutes_of_day};
        if (of_start || one.end > one.start)
            to->readings[to->readings_count++] = one;
    }
}

// The day of a stay: its own, or that of the one before, or the day after that.
static void settle_day(const stay_read *from, wf_words_day *last, wf_stay_said *to)
{
    wf_words_day day = from->day;
    if (!day.found && !day.none && last->found) {
        day = *last;
        day.day.number += from->next_day;
        day.other.number += from->next_day;
        to->day_carried = true;
    }
    *last = day;
    to->has_day = day.found;
    to->day = day.day;
    to->other_day = day.unsure ? day.other : day.day;
    if (day.unsure)
        to->asks |= WF_STAY_ASK_DAY_ORDER;
    else if (day.found && from->has_start && from->start.night) {
        to->other_day.number++;
        to->asks |= WF_STAY_ASK_DAY_ORDER;
    }
    if (!day.found)
        to->asks |= day.none ? WF_STAY_ASK_NO_SUCH_DAY : WF_STAY_ASK_DAY;
}

static wf_stay_said said_of(wf_text text, const stay_read *from, wf_words_day *last)
{
    wf_stay_said said = {.text = text,
                         .place = from->place,
                         .start = from->has_start ? from->start.minute : -1,
                         .about = from->about};
    settle_day(from, last, &said);
    settle_end(from, &said);
    bool half = (from->has_start && from->start.half_unknown) ||
                (from->has_end && from->end.half_unknown);
    said.asks |= (from->has_start ? 0u : WF_STAY_ASK_START) |
                 (half ? WF_STAY_ASK_HALF_DAY : 0u) |
                 (said.end >= 0 ? 0u : WF_STAY_ASK_END) |
                 (from->place.size > 0 ? 0u : WF_STAY_ASK_PLACE);
    settle_readings(from, &said);
    return said;
}

static bool is_end_of_sentence(wf_words c)
{
    static const char *const ends[] = {"。", "；", ";", "\n", "!", "！", NULL};
    return wf_words_take_any(&c, ends) >= 0;
}

static wf_words next_sentence(wf_words *c)
{
    wf_words one = {c->at, c->at};
    while (one.end < c->end && !is_end_of_sentence((wf_words){one.end, c->end}))
        one.end++;
    c->at = one.end;
    if (c->at < c->end)
        wf_words_skip_one(c);
    return one;
}

// Without the commas between it and its neighbours.
static wf_text words_of(const char *begin, const char *end)
{
    static const char *const commas[] = {",", "，", "、", " ", NULL};
    wf_words c = {begin, end};
    while (wf_words_take_any(&c, commas) >= 0)
        continue;
    while (c.end > c.at && (c.end[-1] == ',' || c.end[-1] == ' '))
        c.end--;
    while (c.end - c.at >= 3 &&
           (memcmp(c.end - 3, "，", 3) == 0 || memcmp(c.end - 3, "、", 3) == 0))
        c.end -= 3;
    return wf_text_trim((wf_text){c.at, (size_t)(c.end - c.at)});
}

void wf_stay_text_read(wf_text text, weft_day today,
                       wf_stay_said ret[wf_stay_text_stays_max], size_t *ret_count)
{
    wf_words all = {text.bytes, text.bytes + text.size};
    wf_words_day last = {.today = today};
    size_t count = 0;
    if (text.size > wf_stay_text_bytes_max || !wf_text_is_utf8(text))
        all.at = all.end;
    while (all.at < all.end && count < wf_stay_text_stays_max) {
        wf_words one = next_sentence(&all);
        while (one.at < one.end && count < wf_stay_text_stays_max) {
            const char *begin = one.at;
            stay_read read;
            read_stay(&one, today, &read);
            follow_start(&read);
            if (read.day.found || read.next_day || read.has_start || read.place.size > 0)
                ret[count++] = said_of(words_of(begin, one.at), &read, &last);
            else if (read.day.none)
                last = read.day;
        }
    }
    *ret_count = count;
}
