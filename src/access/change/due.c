#include "access/change/due.h"

#include "load/keep.h"

// ---- until when ----

// The day before which everything is due by its class; INT32_MIN when the city has no
// time yet or its protocol says nothing of keeping.
static weft_day first_kept(const weft_city *city)
{
    weft_time now = weft_city_now(city);
    if (weft_time_is_none(now) || !city->protocol->visits_kept_d.given)
        return (weft_day){INT32_MIN};
    weft_day today = wf_zone_day_of(city->zone, now);
    return (weft_day){today.number - (int32_t)city->protocol->visits_kept_d.value};
}

// The same for visits: days that were imported to be kept longer (--keep-until) are not
// due yet. Since the ring forgets all days before one, neither are those after them.
static weft_status first_kept_visits(weft_city *city, weft_day *ret, weft_error *error)
{
    weft_day kept = first_kept(city);
    wf_keep_entry *entries;
    size_t count;
    WF_TRY(wf_keep_read(city->io, city->dir.text, wf_city_new_answer(city), &entries,
                        &count, error));
    weft_time now = weft_city_now(city);
    for (size_t i = 0; i < count && kept.number != INT32_MIN; i++) {
        bool living = entries[i].until.number >= wf_zone_day_of(city->zone, now).number;
        bool forgotten = wf_keys_is_forgotten(city->keys, WF_KEY_VISITS, entries[i].day);
        if (living && !forgotten && entries[i].day.number < kept.number)
            kept = entries[i].day;
    }
    *ret = kept;
    return WEFT_OK;
}

// Days of keeping of a class of facts, counted from the day of `at`; none: kept on.
static bool kept_days(const weft_city *city, wf_keep keep, int32_t *ret)
{
    const wf_number *days = &city->law_profile->keeping_days[keep];
    if (keep != WF_KEEP_REGISTER && days->given)
        *ret = (int32_t)days->value;
    return keep != WF_KEEP_REGISTER && days->given;
}

weft_status wf_due_read(weft_city *city, wf_due *ret, weft_error *error)
{
    wf_due due = {.refused = first_kept(city)};
    weft_time now = weft_city_now(city);
    weft_day today = wf_zone_day_of(city->zone, now);
    WF_TRY(first_kept_visits(city, &due.visits, error));
    for (int keep = 0; keep < WF_KEEP_END; keep++) {
        int32_t days = 0;
        due.facts[keep] = (weft_day){INT32_MIN};
        // What was stated of a day stands in both books, which forget the same days.
        if (keep == WF_KEEP_VISIT)
            due.facts[keep] = due.visits;
        else if (keep > 0 && !weft_time_is_none(now) &&
                 kept_days(city, (wf_keep)keep, &days))
            due.facts[keep].number = today.number - days;
    }
    *ret = due;
    return WEFT_OK;
}

// ---- what of it is still there ----

static weft_status count_late(weft_city *city, wf_key_class key_class, weft_day before,
                              wf_due_late *late, weft_error *error)
{
    weft_day *days;
    size_t count;
    WF_TRY(wf_keys_days(city->keys, key_class, wf_city_new_answer(city), &days, &count,
                        error));
    if (count > 0 && days[0].number < before.number &&
        before.number - days[0].number > late->days)
        late->days = before.number - days[0].number;
    for (size_t i = 0; i < count && days[i].number < before.number; i++)
        late->keys++;
    return WEFT_OK;
}

weft_status wf_due_late_read(weft_city *city, wf_due_late *ret, weft_error *error)
{
    wf_due due;
    wf_due_late late = {0};
    WF_TRY(wf_due_read(city, &due, error));
    WF_TRY(count_late(city, WF_KEY_VISITS, due.visits, &late, error));
    WF_TRY(count_late(city, WF_KEY_REFUSED, due.refused, &late, error));
    for (int keep = 1; keep < WF_KEEP_END; keep++)
        WF_TRY(count_late(city, wf_key_class_of((wf_keep)keep), due.facts[keep], &late,
                          error));
    *ret = late;
    return WEFT_OK;
}
