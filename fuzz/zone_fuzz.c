// A file of a time zone (TZif): it is refused, or gives for every instant a civil time
// that lies in the calendar.
#include "base/time.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void tell(const wf_zone *zone, int64_t us)
{
    wf_civil civil;
    int32_t ahead_s = wf_zone_civil(zone, (weft_time){us}, &civil);
    weft_time back;
    weft_day date;
    WF_ASSERT(ahead_s > -200 * 3600 && ahead_s < 200 * 3600);
    WF_ASSERT(wf_day_from_date(civil.year, civil.month, civil.day, &date));
    WF_ASSERT(wf_zone_instant(zone, &civil, &back));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wf_zone *zone = NULL;
    weft_error error = {0};
    if (wf_zone_from_bytes("fuzz", (wf_text){(const char *)data, size}, &zone, &error) !=
        WEFT_OK)
        return 0;
    for (int64_t year = -70; year < 200; year += 3)
        tell(zone, year * 31556952 * WF_US_PER_S);
    wf_zone_close(zone);
    return 0;
}
