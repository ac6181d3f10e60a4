#include "access/city/clock.h"

#include "base/clock.h"

enum { file_bytes_max = 256 };

// What a given clock shows. A day of the machine is at most 100,000 of the city's days.
static weft_time running(const weft_city *city)
{
    if (city->clock_speed <= 0)
        return city->kept_clock;
    uint64_t since_ns = wf_clock_monotonic_ns() - city->clock_from_ns;
    double gone_us = (double)since_ns / 1000 * city->clock_speed;
    const double most_us = 1e15; // 31 years: a drill is over by then
    return (weft_time){city->kept_clock.us +
                       (int64_t)(gone_us < most_us ? gone_us : most_us)};
}

weft_time weft_city_now(const weft_city *city)
{
    if (city->kind == WEFT_CITY_REAL)
        return wf_clock_now();
    if (!weft_time_is_none(city->kept_clock))
        return running(city);
    const weft_time epoch = {0};
    if (city->visits == NULL || city->store == NULL) // it is being restored
        return epoch;
    weft_time newest = wf_visits_newest(city->visits);
    wf_records *records = wf_store_records(city->store);
    weft_time fact = records != NULL ? wf_records_newest(records) : WF_TIME_NONE;
    if (fact.us > newest.us)
        newest = fact;
    return weft_time_is_none(newest) ? epoch : newest;
}

weft_status wf_clock_read(weft_city *city, weft_error *error)
{
    wf_path path;
    wf_text text;
    city->kept_clock = WF_TIME_NONE;
    WF_TRY(wf_path_join(city->dir.text, "clock", &path, error));
    if (city->kind == WEFT_CITY_REAL || !wf_io_exists(city->io, path.text))
        return WEFT_OK;
    WF_TRY(
        wf_io_read_file(city->io, path.text, file_bytes_max, &city->arena, &text, error));
    while (text.size > 0 && text.bytes[text.size - 1] == '\n')
        text.size--;
    wf_iso_kind kind;
    if (!wf_time_parse(text, city->zone, &city->kept_clock, &kind))
        return wf_fail(error, WEFT_DAMAGED, "city.clock_damaged", "path", path.text,
                       NULL);
    return WEFT_OK;
}

weft_status wf_clock_write(const wf_io *io, const char *dir, const wf_zone *zone,
                           weft_time at, weft_error *error)
{
    wf_path path;
    wf_buffer text = {0};
    char line[WF_TIME_TEXT_MAX];
    WF_TRY(wf_path_join(dir, "clock", &path, error));
    weft_status status = WEFT_OK;
    if (!wf_buffer_printf(&text, "%s\n", wf_time_text(line, at, zone)))
        status = wf_fail_memory(error);
    else
        status = wf_io_replace_file(io, path.text, wf_buffer_text(&text), 0600, error);
    wf_buffer_done(&text);
    return status;
}

// Where a clock that is to run stands now. What was received is not later, also when a
// crash came before the time was written down.
static weft_time reached(const weft_city *city)
{
    weft_time at = weft_city_now(city);
    weft_time received = wf_ledger_now(wf_store_ledger(city->store)).received;
    return received.us > at.us ? received : at;
}

weft_status wf_clock_run(weft_city *city, weft_time at, double speed, bool *ret_ignored,
                         weft_error *error)
{
    if (city->kind == WEFT_CITY_REAL)
        return wf_fail(error, WEFT_BAD_USAGE, "city.real_clock", NULL);
    weft_time stands = reached(city);
    bool was_given = !weft_time_is_none(city->kept_clock);
    if (!was_given && weft_time_is_none(at))
        return WEFT_OK;
    bool ignored = !weft_time_is_none(at) && at.us < stands.us;
    if (!weft_time_is_none(at) && !ignored)
        stands = at;
    WF_TRY(wf_clock_write(city->io, city->dir.text, city->zone, stands, error));
    city->kept_clock = stands;
    city->clock_from_ns = wf_clock_monotonic_ns();
    city->clock_speed = speed;
    *ret_ignored = ignored;
    return WEFT_OK;
}

weft_status wf_clock_keep(const weft_city *city, weft_error *error)
{
    if (city->kind == WEFT_CITY_REAL || city->clock_speed <= 0)
        return WEFT_OK;
    return wf_clock_write(city->io, city->dir.text, city->zone, weft_city_now(city),
                          error);
}
