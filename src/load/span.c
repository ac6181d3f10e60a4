#include "load/span.h"

#include "visits/row.h"

const char *wf_load_span_of(wf_calendar *calendar, int64_t unit_us, weft_day first,
                            weft_time start_at, weft_time end_at, wf_load_span *ret)
{
    const wf_calendar_day *day = wf_calendar_day_of_number(calendar, first.number);
    int64_t base_us = day->start_us;
    int64_t start = (start_at.us - base_us) / unit_us;
    int64_t end = (end_at.us - base_us + unit_us - 1) / unit_us;
    if (end <= start)
        end = start + 1;
    if ((end - start) * unit_us > WF_STAY_MAX_DAYS * 24 * 60 * WF_US_PER_MINUTE)
        return "import.too_long";
    if (base_us + end * unit_us > day->end_us) {
        day = wf_calendar_day_of(calendar, (weft_time){base_us + end * unit_us - 1});
        end -= (day->start_us - base_us) / unit_us;
    }
    int64_t longest = 25 * 3600 * WF_US_PER_S / unit_us;
    if (start >= longest || end > longest)
        return "import.day_too_long";
    *ret = (wf_load_span){first, {day->number}, (uint32_t)start, (uint32_t)end};
    return NULL;
}

bool wf_load_span_piece(wf_calendar *calendar, int64_t unit_us, const wf_load_span *span,
                        weft_day day, wf_load_piece *ret)
{
    *ret = (wf_load_piece){.end = span->end};
    if (day.number == span->first.number)
        ret->start = span->start;
    else
        ret->marks |= WF_MARK_FROM_BEFORE;
    if (day.number < span->last.number) {
        const wf_calendar_day *whole = wf_calendar_day_of_number(calendar, day.number);
        ret->end = (uint32_t)((whole->end_us - whole->start_us) / unit_us);
        ret->marks |= WF_MARK_INTO_NEXT;
    }
    return ret->start < ret->end;
}
