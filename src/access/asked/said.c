#include "access/asked/said.h"

#include "access/city/city.h"

bool wf_said_read(const weft_city *city, const char *text, const char *today,
                  wf_stay_said ret[wf_stay_text_stays_max], size_t *ret_count)
{
    weft_day day = wf_zone_day_of(city->zone, weft_city_now(city));
    if (today != NULL && !wf_day_parse(wf_text_of(today), &day))
        return false;
    wf_stay_text_read(wf_text_of(text), day, ret, ret_count);
    return true;
}
