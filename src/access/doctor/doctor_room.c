// How fast a city grows: facts of the last days times what a fact takes, and the day
// files of the last days of visits.
#include <stdarg.h>
#include <stdio.h>

#include "access/doctor/doctor.h"

enum { days_looked_at = 7, arena_bytes_max = 64 << 20 };

#define DAY_US (24 * 3600 * WF_US_PER_S)

static uint64_t size_of(const wf_doctor *doctor, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Of a file of the city, 0 when it is not there.
static uint64_t size_of(const wf_doctor *doctor, const char *format, ...)
{
    char name[64];
    wf_path path;
    weft_error unused = {0};
    wf_file_about about;
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(name, sizeof name, format, arguments);
    va_end(arguments);
    if (size < 0 || (size_t)size >= sizeof name ||
        wf_path_join(doctor->dir, name, &path, &unused) != WEFT_OK ||
        !doctor->system->look(doctor->system, path.text, &about))
        return 0;
    return about.size;
}

static uint64_t ledger_bytes(const wf_doctor *doctor)
{
    uint64_t all = size_of(doctor, "records.db") + size_of(doctor, "records.db-wal");
    for (unsigned number = 1;; number++) {
        uint64_t facts = size_of(doctor, "ledger/%010u.facts", number);
        if (facts == 0)
            return all;
        all += facts + size_of(doctor, "ledger/%010u.index", number);
    }
}

// ---- facts ----

static bool received_at(wf_ledger *ledger, uint64_t position, int64_t *ret_us)
{
    wf_arena arena;
    wf_entry entry;
    weft_error unused = {0};
    wf_arena_init(&arena, arena_bytes_max);
    bool done = wf_ledger_read(ledger, position, &arena, &entry, &unused) == WEFT_OK &&
                !weft_time_is_none(entry.received);
    if (done)
        *ret_us = entry.received.us;
    wf_arena_done(&arena);
    return done;
}

// The first position received at or after an instant: they are received in order.
static bool first_since(wf_ledger *ledger, uint64_t positions, int64_t since_us,
                        uint64_t *ret)
{
    uint64_t low = 1, high = positions;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        int64_t at_us = 0;
        if (!received_at(ledger, middle, &at_us))
            return false;
        if (at_us < since_us)
            low = middle + 1;
        else
            high = middle;
    }
    *ret = low;
    return true;
}

static bool facts_a_day(const wf_doctor *doctor, uint64_t *ret_bytes)
{
    wf_ledger *ledger = wf_store_ledger(doctor->city->store);
    wf_ledger_head head = wf_ledger_now(ledger);
    int64_t first_us = 0;
    uint64_t from = 0;
    if (head.positions == 0 || weft_time_is_none(head.received) ||
        !received_at(ledger, 1, &first_us))
        return false;
    int64_t span_us = head.received.us - first_us;
    if (span_us > days_looked_at * DAY_US)
        span_us = days_looked_at * DAY_US;
    if (span_us < DAY_US ||
        !first_since(ledger, head.positions, head.received.us - span_us, &from))
        return false;
    double facts = (double)(head.positions - from + 1);
    double bytes = (double)ledger_bytes(doctor) / (double)head.positions;
    *ret_bytes = (uint64_t)(facts * bytes * ((double)DAY_US / (double)span_us));
    return true;
}

// ---- visits ----

static bool visits_a_day(const wf_doctor *doctor, uint64_t *ret_bytes)
{
    weft_day *days;
    size_t count;
    weft_error unused = {0};
    uint64_t bytes = 0, seen = 0;
    weft_city *city = doctor->city;
    if (wf_visits_days(city->visits, wf_city_new_answer(city), &days, &count, &unused) !=
        WEFT_OK)
        return false;
    for (size_t i = count; i > 0 && seen < days_looked_at; i--) {
        char text[WF_DAY_TEXT_MAX];
        wf_day_text(text, days[i - 1]);
        uint64_t size = size_of(doctor, "visits/%s.day", text) +
                        size_of(doctor, "visits/%s.delta", text) +
                        size_of(doctor, "visits/%s.tail", text) +
                        size_of(doctor, "visits/%s.stated", text);
        bytes += size;
        seen += size > 0;
    }
    if (seen < 2) // one day says nothing of the next
        return false;
    *ret_bytes = bytes / seen;
    return true;
}

bool wf_doctor_growth(const wf_doctor *doctor, uint64_t *ret_bytes_a_day)
{
    uint64_t facts = 0, visits = 0;
    if (doctor->city == NULL)
        return false;
    bool any = facts_a_day(doctor, &facts);
    any = visits_a_day(doctor, &visits) || any;
    if (any && facts + visits > 0)
        *ret_bytes_a_day = facts + visits;
    return any && facts + visits > 0;
}
