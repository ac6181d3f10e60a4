// Dates as people write them, where ISO 8601 was not meant.
#include <string.h>

#include "wire/mapping.h"

// A whole text as numbers and the characters between them: "9/12/2021 10:05".
enum { numbers_max = 6 };
typedef struct {
    int32_t numbers[numbers_max];
    size_t digits[numbers_max];
    char between[numbers_max]; // behind each number; '\0' at the end
    size_t count;
} numbers;

// 年 月 日 are read as / / and nothing.
static bool take_mark(wf_text *text, char *ret)
{
    static const struct {
        const char *word;
        char mark;
    } words[] = {{"年", '/'}, {"月", '/'}, {"日", ' '}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        wf_text word = wf_text_of(words[i].word);
        if (text->size < word.size ||
            !wf_text_equal((wf_text){text->bytes, word.size}, word))
            continue;
        *text = (wf_text){text->bytes + word.size, text->size - word.size};
        *ret = words[i].mark;
        return true;
    }
    if (text->size == 0)
        return false;
    *ret = text->bytes[0];
    *text = (wf_text){text->bytes + 1, text->size - 1};
    return true;
}

static bool take_number(wf_text *text, numbers *to)
{
    enum { digits_max = 4 };
    int32_t number = 0;
    size_t digits = 0;
    while (digits < digits_max && digits < text->size && text->bytes[digits] >= '0' &&
           text->bytes[digits] <= '9')
        number = number * 10 + (text->bytes[digits++] - '0');
    if (digits == 0 || to->count == numbers_max)
        return false;
    *text = (wf_text){text->bytes + digits, text->size - digits};
    to->numbers[to->count] = number;
    to->digits[to->count] = digits;
    to->between[to->count++] = '\0';
    return true;
}

static bool take_numbers(wf_text text, numbers *ret)
{
    *ret = (numbers){0};
    while (text.size > 0) {
        char mark = '\0';
        if (!take_number(&text, ret))
            return false;
        if (text.size == 0)
            return true;
        take_mark(&text, &mark);
        ret->between[ret->count - 1] = mark;
        while (mark == ' ' && text.size > 0 && text.bytes[0] == ' ')
            take_mark(&text, &mark);
    }
    return true;
}

// "", " 10:05" or " 10:05:00" behind the third number.
static bool time_fits(const numbers *of, wf_civil *civil)
{
    if (of->count == 3)
        return of->between[2] == '\0' || of->between[2] == ' ';
    if (of->count < 5 || of->between[2] != ' ' || of->between[3] != ':' ||
        of->digits[4] != 2 || of->between[of->count - 1] != '\0' ||
        (of->count == 6 && (of->between[4] != ':' || of->digits[5] != 2)))
        return false;
    civil->hour = of->numbers[3];
    civil->minute = of->numbers[4];
    civil->second = of->count == 6 ? of->numbers[5] : 0;
    return true;
}

wf_date_found wf_binding_date(const wf_binding *binding, wf_text text, weft_time *ret,
                              wf_iso_kind *ret_kind)
{
    numbers of;
    wf_civil civil = {0};
    if (!take_numbers(wf_text_trim(text), &of) || of.count < 3 ||
        of.between[0] != of.between[1] || of.between[0] == '\0' ||
        strchr("/.-", of.between[0]) == NULL || !time_fits(&of, &civil))
        return WF_DATE_NONE;
    bool year_first = of.digits[0] == 4, year_last = of.digits[2] == 4;
    if (year_first == year_last || of.digits[1] > 2 || of.digits[year_first ? 2 : 0] > 2)
        return WF_DATE_NONE;
    if (year_last && binding->dates == WF_DATES_ASK)
        return WF_DATE_ASKED;
    bool day_first = year_last && binding->dates == WF_DATES_DAY_FIRST;
    civil.year = of.numbers[year_first ? 0 : 2];
    civil.month = of.numbers[year_first || day_first ? 1 : 0];
    civil.day = of.numbers[year_first ? 2 : day_first ? 0 : 1];
    *ret_kind = of.count == 3 ? WF_ISO_DATE : WF_ISO_INSTANT;
    weft_day day;
    if (!wf_day_from_date(civil.year, civil.month, civil.day, &day) ||
        !wf_zone_instant(binding->zone, &civil, ret))
        return WF_DATE_NONE;
    if (of.count == 3)
        *ret = wf_zone_day_start(binding->zone, day);
    return WF_DATE_READ;
}
