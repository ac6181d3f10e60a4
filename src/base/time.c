#include "base/time.h"

#include <stdio.h>
#include <string.h>

enum { s_per_day = 86400 };

// Days from a year that begins on 1 March, so that the leap day is its last; an
// era is 400 years = 146,097 days.
bool wf_day_from_date(int32_t year, int32_t month, int32_t day, weft_day *ret)
{
    static const int8_t month_days[13] = {0,  31, 29, 31, 30, 31, 30,
                                          31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > month_days[month])
        return false;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (month == 2 && day == 29 && !leap)
        return false;
    int32_t march_year = month > 2 ? year : year - 1;
    int32_t march_month = month > 2 ? month - 3 : month + 9;
    int32_t day_of_year = (153 * march_month + 2) / 5 + day - 1;
    int32_t day_number = march_year * 365 + march_year / 4 - march_year / 100 +
                         march_year / 400 + day_of_year;
    ret->number = day_number - 719468; // 1970-01-01
    return true;
}

void wf_day_date(weft_day day, int32_t *year, int32_t *month, int32_t *date)
{
    int64_t since = (int64_t)day.number + 719468; // days since 0000-03-01
    int64_t era = (since >= 0 ? since : since - 146096) / 146097;
    int64_t of_era = since - era * 146097;
    int64_t year_of_era =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * of_year + 2) / 153;
    *date = (int32_t)(of_year - (153 * march_month + 2) / 5 + 1);
    *month = (int32_t)(march_month < 10 ? march_month + 3 : march_month - 9);
    *year = (int32_t)(year_of_era + era * 400 + (*month <= 2));
}

// The number in `count` digits; −1 if one is not a digit.
static inline int32_t digits(const char *at, size_t count)
{
    int32_t value = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned digit = (unsigned)(unsigned char)at[i] - '0';
        if (digit > 9)
            return -1;
        value = value * 10 + (int32_t)digit;
    }
    return value;
}

// Reads "2021-12-11" at the front; `at` holds at least 10 bytes.
static inline bool date_at(const char *at, wf_civil *ret)
{
    ret->year = digits(at, 4);
    ret->month = digits(at + 5, 2);
    ret->day = digits(at + 8, 2);
    return at[4] == '-' && at[7] == '-' && (ret->year | ret->month | ret->day) >= 0;
}

bool wf_day_parse(wf_text text, weft_day *ret)
{
    wf_civil civil;
    return text.size == 10 && date_at(text.bytes, &civil) &&
           wf_day_from_date(civil.year, civil.month, civil.day, ret);
}

const char *wf_day_text(char buffer[WF_DAY_TEXT_MAX], weft_day day)
{
    int32_t year, month, date;
    wf_day_date(day, &year, &month, &date);
    WF_IGNORE(snprintf(buffer, WF_DAY_TEXT_MAX, "%04d-%02d-%02d", year, month, date) < 0,
              "16 bytes hold every day of 32 bits");
    return buffer;
}

// Reads "07:41", "07:41:05", "07:41:05.25"; *used is set to the bytes read.
static bool clock_at(const char *at, size_t size, wf_civil *ret, size_t *used)
{
    if (size < 5 || at[2] != ':')
        return false;
    ret->hour = digits(at, 2);
    ret->minute = digits(at + 3, 2);
    ret->second = 0;
    ret->us = 0;
    *used = 5;
    if ((ret->hour | ret->minute) < 0 || ret->hour > 23 || ret->minute > 59)
        return false;
    if (size < 8 || at[5] != ':')
        return true;
    ret->second = digits(at + 6, 2);
    *used = 8;
    if (ret->second < 0 || ret->second > 59)
        return false;
    if (size == 8 || (at[8] != '.' && at[8] != ','))
        return true;
    size_t i = 9;
    int32_t unit = 100000;
    for (; i < size && at[i] >= '0' && at[i] <= '9'; i++) {
        ret->us += (at[i] - '0') * unit;
        unit /= 10; // digits beyond microseconds weigh nothing
    }
    *used = i;
    return i > 9;
}

// Reads "+08:00", "-03:30:00" or "Z", and nothing after it.
static bool offset_at(const char *at, size_t size, int32_t *ret_s)
{
    if (size == 1 && at[0] == 'Z') {
        *ret_s = 0;
        return true;
    }
    if ((size != 6 && size != 9) || (at[0] != '+' && at[0] != '-') || at[3] != ':')
        return false;
    int32_t hours = digits(at + 1, 2);
    int32_t minutes = digits(at + 4, 2);
    int32_t seconds = 0;
    if (size == 9)
        seconds = at[6] == ':' ? digits(at + 7, 2) : -1;
    if ((hours | minutes | seconds) < 0 || hours > 23 || minutes > 59 || seconds > 59)
        return false;
    int32_t offset_s = hours * 3600 + minutes * 60 + seconds;
    *ret_s = at[0] == '-' ? -offset_s : offset_s;
    return true;
}

static bool is_written_year(const wf_civil *civil)
{
    return civil->year >= 1 && civil->year <= 9999;
}

// What a time is written as, and by how many seconds that is ahead of UTC: as clocks of
// the zone show it; an instant that they show outside of the years 1–9999, as UTC has it.
static int32_t civil_of(const wf_zone *zone, weft_time at, wf_civil *ret)
{
    wf_civil in_utc = {.us = (int32_t)(at.us % WF_US_PER_S)};
    int64_t at_s = at.us / WF_US_PER_S;
    int32_t offset_s = wf_zone_civil(zone, at, ret);
    if (is_written_year(ret))
        return offset_s;
    if (in_utc.us < 0) {
        in_utc.us += WF_US_PER_S;
        at_s--;
    }
    int64_t day = at_s / s_per_day - (at_s % s_per_day < 0);
    int32_t second = (int32_t)(at_s - day * s_per_day);
    wf_day_date((weft_day){(int32_t)day}, &in_utc.year, &in_utc.month, &in_utc.day);
    if (!is_written_year(&in_utc))
        return offset_s;
    in_utc.hour = second / 3600;
    in_utc.minute = second / 60 % 60;
    in_utc.second = second % 60;
    *ret = in_utc;
    return 0;
}

// An offset can lead out of the years 1–9999, of the zone and of UTC: what could be read
// and not be written again is no time. It moves an instant by less than two days, so that
// only times of the first and the last year are looked at.
static bool can_be_written(const wf_zone *zone, weft_time at, int32_t said_year)
{
    wf_civil civil;
    if (said_year > 1 && said_year < 9999)
        return true;
    WF_IGNORE(civil_of(zone, at, &civil), "the year alone is asked for");
    return is_written_year(&civil);
}

bool wf_time_parse(wf_text text, const wf_zone *zone, weft_time *ret,
                   wf_iso_kind *ret_kind)
{
    wf_civil civil = {0};
    weft_day day;
    if (text.size < 10 || !date_at(text.bytes, &civil) ||
        !wf_day_from_date(civil.year, civil.month, civil.day, &day))
        return false;
    if (text.size == 10) {
        *ret = wf_zone_day_start(zone, day);
        *ret_kind = WF_ISO_DATE;
        return true;
    }
    size_t used;
    const char *at = text.bytes + 11;
    if ((text.bytes[10] != 'T' && text.bytes[10] != ' ') ||
        !clock_at(at, text.size - 11, &civil, &used))
        return false;
    size_t left = text.size - 11 - used;
    weft_time instant;
    if (left > 0) {
        int32_t offset_s;
        if (!offset_at(at + used, left, &offset_s))
            return false;
        int64_t local_s = (int64_t)day.number * s_per_day + civil.hour * 3600 +
                          civil.minute * 60 + civil.second;
        instant.us = (local_s - offset_s) * WF_US_PER_S + civil.us;
        if (!can_be_written(zone, instant, civil.year))
            return false;
    } else if (!wf_zone_instant(zone, &civil, &instant)) {
        return false;
    }
    *ret = instant;
    *ret_kind = WF_ISO_INSTANT;
    return true;
}

static char *put_two(char *to, int32_t value)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    memcpy(to, pairs + 2 * value, 2);
    return to + 2;
}

static char *put_offset(char *to, int32_t offset_s)
{
    *to++ = offset_s < 0 ? '-' : '+';
    int32_t size_s = offset_s < 0 ? -offset_s : offset_s;
    to = put_two(to, size_s / 3600);
    *to++ = ':';
    to = put_two(to, size_s / 60 % 60);
    if (size_s % 60 != 0) {
        *to++ = ':';
        to = put_two(to, size_s % 60);
    }
    return to;
}

const char *wf_time_text(char buffer[WF_TIME_TEXT_MAX], weft_time at, const wf_zone *zone)
{
    buffer[0] = '\0';
    if (weft_time_is_none(at))
        return buffer;
    wf_civil civil;
    int32_t offset_s = civil_of(zone, at, &civil);
    char *to = buffer;
    if (civil.year >= 0 && civil.year <= 9999) {
        to = put_two(put_two(to, civil.year / 100), civil.year % 100);
    } else {
        int size = snprintf(buffer, 12, "%d", civil.year); // six digits at most
        WF_ASSERT(size > 0 && size < 12);
        to += size;
    }
    *to++ = '-';
    to = put_two(to, civil.month);
    *to++ = '-';
    to = put_two(to, civil.day);
    *to++ = 'T';
    to = put_two(to, civil.hour);
    *to++ = ':';
    to = put_two(to, civil.minute);
    *to++ = ':';
    to = put_two(to, civil.second);
    to = put_offset(to, offset_s);
    *to = '\0';
    return buffer;
}
