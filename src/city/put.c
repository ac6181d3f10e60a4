#include "city/put.h"

#include <string.h>

#include "city/figures.h"

char *wf_put_text(char *at, const char *text)
{
    size_t size = strlen(text);
    memcpy(at, text, size);
    return at + size;
}

char *wf_put_digits(char *at, uint32_t value, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        at[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return at + digits;
}

char *wf_put_number(char *at, uint32_t value)
{
    int digits = 1;
    for (uint32_t rest = value; rest >= 10; rest /= 10)
        digits++;
    return wf_put_digits(at, value, digits);
}

char *wf_put_person(char *at, uint32_t person)
{
    memcpy(at, "P-", 2);
    return wf_put_digits(at + 2, person, 7);
}

char *wf_put_spot(char *at, wf_spot spot)
{
    memcpy(at, wf_kind_figure[spot.kind].prefix, 2);
    at[2] = '-';
    return wf_put_digits(at + 3, spot.index, 7);
}

char *wf_put_seat(char *at, wf_seat seat)
{
    switch ((wf_seat_kind)seat.kind) {
    case WF_SEAT_NONE:
        return at;
    case WF_SEAT_TABLE:
        *at++ = 'T';
        return wf_put_digits(at, seat.number, 2);
    case WF_SEAT_CABIN:
        *at++ = 'C';
        return wf_put_digits(at, seat.number, 2);
    case WF_SEAT_ZONE:
        *at++ = 'Z';
        return wf_put_digits(at, seat.number, 2);
    case WF_SEAT_ROOM:
        at = wf_put_digits(at, seat.carriage, 1);
        return wf_put_digits(at, seat.number, 2);
    case WF_SEAT_CARRIAGE:
        at = wf_put_digits(at, seat.carriage, 2);
        *at++ = '/';
        break;
    case WF_SEAT_ROW:
        break;
    }
    at = wf_put_number(at, seat.number);
    *at++ = (char)seat.letter;
    return at;
}

static char *put_clock(char *at, const char (*dates)[WF_DAY_TEXT_MAX], int32_t minute)
{
    memcpy(at, dates[minute / WF_DAY_MINUTES], 10);
    at[10] = ' ';
    uint32_t clock = (uint32_t)(minute % WF_DAY_MINUTES);
    at = wf_put_digits(at + 11, clock / 60, 2);
    *at++ = ':';
    return wf_put_digits(at, clock % 60, 2);
}

char *wf_put_minute(char *at, const char (*dates)[WF_DAY_TEXT_MAX], int32_t minute)
{
    return put_clock(at, dates, minute);
}

char *wf_put_second(char *at, const char (*dates)[WF_DAY_TEXT_MAX], int32_t second)
{
    at = put_clock(at, dates, second / 60);
    *at++ = ':';
    return wf_put_digits(at, (uint32_t)(second % 60), 2);
}
