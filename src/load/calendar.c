#include "load/calendar.h"

#include <string.h>

static const int64_t day_us = 24 * 3600 * WF_US_PER_S;

void wf_calendar_init(wf_calendar *calendar, const wf_zone *zone)
{
    *calendar = (wf_calendar){.zone = zone};
}

static wf_calendar_day look_up(const wf_zone *zone, int32_t number)
{
    weft_day day = {number};
    wf_calendar_day found = {.number = number, .known = true};
    found.start_us = wf_zone_day_start(zone, day).us;
    found.end_us = wf_zone_day_end(zone, day).us;
    int32_t first_s = wf_zone_offset_s(zone, (weft_time){found.start_us});
    int32_t last_s = wf_zone_offset_s(zone, (weft_time){found.end_us - 1});
    // No zone changes its clocks twice within a day and back.
    found.plain = first_s == last_s && found.end_us - found.start_us == day_us &&
                  found.start_us == number * day_us - first_s * WF_US_PER_S;
    return found;
}

const wf_calendar_day *wf_calendar_day_of_number(wf_calendar *calendar, int32_t number)
{
    wf_calendar_day *slot = &calendar->days[(uint32_t)number % WF_CALENDAR_SLOTS];
    if (!slot->known || slot->number != number)
        *slot = look_up(calendar->zone, number);
    return slot;
}

const wf_calendar_day *wf_calendar_day_of(wf_calendar *calendar, weft_time at)
{
    const wf_calendar_day *day =
        wf_calendar_day_of_number(calendar, calendar->last.number);
    if (at.us >= day->start_us && at.us < day->end_us)
        return day;
    calendar->last = wf_zone_day_of(calendar->zone, at);
    return wf_calendar_day_of_number(calendar, calendar->last.number);
}

// The remembered day of the date at the front of `text` (10 bytes or more), or NULL.
static const wf_calendar_day *day_of_date(wf_calendar *calendar, const char *text)
{
    // The last digits of day and month tell the days of a file well apart.
    unsigned slot = ((unsigned char)text[9] + 10u * (unsigned char)text[8] +
                     31u * (unsigned char)text[6]) %
                    WF_CALENDAR_SLOTS;
    if (memcmp(calendar->dates[slot].text, text, 10) == 0)
        return &calendar->dates[slot].day;
    weft_day day;
    if (!wf_day_parse((wf_text){text, 10}, &day))
        return NULL;
    memcpy(calendar->dates[slot].text, text, 10);
    calendar->dates[slot].day = look_up(calendar->zone, day.number);
    return &calendar->dates[slot].day;
}

// Two digits as a number; over 99 if they are none.
static inline unsigned two(const char *at)
{
    unsigned high = (unsigned)(unsigned char)at[0] - '0';
    unsigned low = (unsigned)(unsigned char)at[1] - '0';
    return high > 9 || low > 9 ? 100 : high * 10 + low;
}

// "10:05" or "10:05:07" at `at`, `size` bytes; µs of the day, or −1.
static inline int64_t clock_us(const char *at, size_t size)
{
    unsigned hour = two(at), minute = two(at + 3), second = 0;
    if (at[2] != ':' || hour > 23 || minute > 59)
        return -1;
    if (size == 8) {
        second = two(at + 6);
        if (at[5] != ':' || second > 59)
            return -1;
    }
    return (int64_t)(hour * 3600 + minute * 60 + second) * WF_US_PER_S;
}

static bool offset_is_known(wf_calendar *calendar, const char *at)
{
    if (memcmp(calendar->offset_text, at, 6) == 0)
        return true;
    unsigned hours = two(at + 1), minutes = two(at + 4);
    if ((at[0] != '+' && at[0] != '-') || at[3] != ':' || hours > 23 || minutes > 59)
        return false;
    int64_t us = (int64_t)(hours * 3600 + minutes * 60) * WF_US_PER_S;
    memcpy(calendar->offset_text, at, 6);
    calendar->offset_us = at[0] == '-' ? -us : us;
    return true;
}

bool wf_calendar_parse(wf_calendar *calendar, wf_text text, weft_time *ret,
                       wf_iso_kind *ret_kind)
{
    size_t size = text.size;
    bool local = size == 16 || size == 19;
    if (!local && size != 22 && size != 25)
        return wf_time_parse(text, calendar->zone, ret, ret_kind);
    const char *at = text.bytes;
    const wf_calendar_day *day = day_of_date(calendar, at);
    int64_t of_day = clock_us(at + 11, (local ? size : size - 6) - 11);
    bool usual = day != NULL && of_day >= 0 && (at[10] == 'T' || at[10] == ' ') &&
                 (local ? day->plain : offset_is_known(calendar, at + size - 6));
    if (!usual)
        return wf_time_parse(text, calendar->zone, ret, ret_kind);
    ret->us = local ? day->start_us + of_day
                    : day->number * day_us + of_day - calendar->offset_us;
    *ret_kind = WF_ISO_INSTANT;
    return true;
}
