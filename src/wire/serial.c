#include "wire/serial.h"

#include <math.h>

enum {
    seconds_of_day = 86400,
    phantom_day = 60 // 1900-02-29
};

// The day that is number 0 of a calendar, as counted at `whole`.
static weft_day day_zero(int32_t whole, bool is_1904)
{
    weft_day base = {0};
    bool known = is_1904 ? wf_day_from_date(1904, 1, 1, &base)
                         : wf_day_from_date(1899, 12, 30, &base);
    WF_ASSERT(known);
    // Before the day that never was all days are one later.
    if (!is_1904 && whole < phantom_day)
        base.number++;
    return base;
}

bool wf_serial_civil(double serial, bool is_1904, wf_civil *ret, bool *ret_timed)
{
    static const double end = 2958466; // 10000-01-01 in the calendar of 1900
    static const double between_calendars = 1462;
    if (!(serial >= 1 && serial < (is_1904 ? end - between_calendars : end)))
        return false;
    int32_t whole = (int32_t)floor(serial);
    int32_t second = (int32_t)lround((serial - floor(serial)) * seconds_of_day);
    whole += second / seconds_of_day;
    second %= seconds_of_day;
    wf_civil civil = {
        .hour = second / 3600, .minute = second / 60 % 60, .second = second % 60};
    if (!is_1904 && whole == phantom_day) {
        civil.year = 1900;
        civil.month = 2;
        civil.day = 29;
    } else {
        weft_day day = {day_zero(whole, is_1904).number + whole};
        wf_day_date(day, &civil.year, &civil.month, &civil.day);
        if (civil.year > 9999)
            return false; // rounded up to the last midnight
    }
    *ret = civil;
    *ret_timed = second > 0;
    return true;
}
