// Civil days and times of one zone, remembered, so that a file of millions of times on
// a few days asks the zone's table only a few times. One a thread.
#ifndef WF_LOAD_CALENDAR_H
#define WF_LOAD_CALENDAR_H

#include "base/time.h"

typedef struct {
    int32_t number;
    bool known;
    bool plain; // 24 hours with one offset: local times are found by adding
    int64_t start_us, end_us;
} wf_calendar_day;

enum { WF_CALENDAR_SLOTS = 64 };

typedef struct {
    const wf_zone *zone;
    wf_calendar_day days[WF_CALENDAR_SLOTS]; // by number
    struct {
        char text[16]; // "2021-12-09"
        wf_calendar_day day;
    } dates[WF_CALENDAR_SLOTS];
    char offset_text[8]; // "+08:00"
    int64_t offset_us;
    weft_day last; // day of the newest time, where the next one is looked for first
} wf_calendar;

void wf_calendar_init(wf_calendar *calendar, const wf_zone *zone);

// A day by its number; valid until the next call.
const wf_calendar_day *wf_calendar_day_of_number(wf_calendar *calendar, int32_t number);
// The day in which an instant lies.
const wf_calendar_day *wf_calendar_day_of(wf_calendar *calendar, weft_time at);

// Exactly as wf_time_parse, faster for "2021-12-09T10:05+08:00", "2021-12-09 10:05" and
// both with seconds.
bool wf_calendar_parse(wf_calendar *calendar, wf_text text, weft_time *ret,
                       wf_iso_kind *ret_kind);

#endif
