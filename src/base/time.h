// Instants and civil days.
//
// An instant is UTC with microseconds (weft_time). A civil day is a date on the
// calendar of the city's zone (weft_day, days since 1970-01-01 on that calendar).
// Intervals are half-open everywhere: [from, to).
#ifndef WF_BASE_TIME_H
#define WF_BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "weft/time.h"

#define WF_TIME_NONE WEFT_TIME_NONE
#define WF_US_PER_S INT64_C(1000000)
#define WF_US_PER_MINUTE (60 * WF_US_PER_S)

static inline bool weft_time_is_none(weft_time t)
{
    return t.us == INT64_MIN;
}

// A zone of the tz database, read from the machine's zoneinfo files (RFC 8536).
// Immutable once open, so it may be shared between threads.
typedef struct wf_zone wf_zone;

// Opens "Asia/Shanghai" and the like. Unknown or unreadable: WEFT_BAD_INPUT
// ("zone.unknown"), damaged file: WEFT_DAMAGED ("zone.damaged"). Names with ".."
// or a leading "/" are unknown.
weft_status wf_zone_open(const char *name, wf_zone **ret,
                         weft_error *error) WEFT_MUST_CHECK;
// As wf_zone_open from the bytes of a TZif file (versions 1 to 4); they may be hostile
// and are not kept. Files that count leap seconds ("right/…") are "zone.damaged".
weft_status wf_zone_from_bytes(const char *name, wf_text bytes, wf_zone **ret,
                               weft_error *error) WEFT_MUST_CHECK;
void wf_zone_close(wf_zone *zone); // NULL does nothing

// The zone's offset from UTC at an instant, in seconds, east positive.
int32_t wf_zone_offset_s(const wf_zone *zone, weft_time at);

// First instant of a civil day, and of the day after it (so that
// [day_start, day_end) is 23, 24 or 25 hours where clocks change). Where clocks go back
// over midnight the day begins at the first of its two midnights. A day that a zone
// left out of its calendar is empty: its start is its end.
weft_time wf_zone_day_start(const wf_zone *zone, weft_day day);
weft_time wf_zone_day_end(const wf_zone *zone, weft_day day);
// The civil day in which an instant lies: day_start ≤ at < day_end.
weft_day wf_zone_day_of(const wf_zone *zone, weft_time at);

typedef struct {
    int32_t year;
    int32_t month; // 1–12
    int32_t day;   // 1–31
    int32_t hour, minute, second;
    int32_t us;
} wf_civil;

// The instant of a local time. Where clocks jump over it: the instant just
// after the jump; where it comes twice: the earlier one. False when the date
// does not exist (31 February) or lies outside the years 1–9999.
bool wf_zone_instant(const wf_zone *zone, const wf_civil *civil, weft_time *ret);
// What clocks show at an instant; returns by how many seconds they are ahead of UTC.
int32_t wf_zone_civil(const wf_zone *zone, weft_time at, wf_civil *ret);

// Proleptic Gregorian calendar.
bool wf_day_from_date(int32_t year, int32_t month, int32_t day, weft_day *ret);
void wf_day_date(weft_day day, int32_t *year, int32_t *month, int32_t *date);

// "2021-12-11" → day; false if it is anything else.
bool wf_day_parse(wf_text text, weft_day *ret);
#define WF_DAY_TEXT_MAX 16
const char *wf_day_text(char buffer[WF_DAY_TEXT_MAX], weft_day day);

// What an ISO 8601 text said: an instant, or only a date.
typedef enum { WF_ISO_INSTANT, WF_ISO_DATE } wf_iso_kind;

// "2021-12-11T07:41:05+08:00", "…Z", "2021-12-11 07:41" (local to the zone,
// seconds and fraction optional, 'T' or blank), "2021-12-11" (WF_ISO_DATE: *ret is
// the start of that local day). Hours 00–23, seconds 00–59; of a fraction (',' or '.')
// microseconds are kept. False (and nothing set) on anything else, and on an instant
// that an offset has led out of the years 1–9999 both of the zone and of UTC: what is read
// can be written by wf_time_text and read again.
bool wf_time_parse(wf_text text, const wf_zone *zone, weft_time *ret,
                   wf_iso_kind *ret_kind);

// ISO 8601 with the zone's offset, to the second: "2021-12-11T07:41:05+08:00". An
// offset that is not of whole minutes (before 1901) is given with its seconds, which
// wf_time_parse also reads. What the zone has outside of the years 1–9999 and UTC has not
// is given as UTC ("+00:00"). WF_TIME_NONE gives "".
#define WF_TIME_TEXT_MAX 40
const char *wf_time_text(char buffer[WF_TIME_TEXT_MAX], weft_time at,
                         const wf_zone *zone);

#endif
