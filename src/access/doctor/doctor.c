#include "access/doctor/doctor.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>

#include "access/change/due.h"
#include "access/change/outlines.h"
#include "base/clock.h"
#include "weft/care.h"
#include "weft/import.h"

// ---- saying ----

static void give(wf_doctor *doctor, const weft_check *check)
{
    doctor->bad += check->level == WEFT_CHECK_BAD;
    doctor->each(doctor->context, check);
}

void wf_doctor_say(wf_doctor *doctor, const char *name, weft_check_level level,
                   const char *code, ...)
{
    weft_check check = {.name = name, .level = level};
    va_list pairs;
    va_start(pairs, code);
    WF_IGNORE(wf_fail_list(&check.what, WEFT_FOUND_WRONG, code, pairs),
              "a sentence, not an end");
    va_end(pairs);
    if (level == WEFT_CHECK_OK)
        check.what.status = WEFT_OK;
    give(doctor, &check);
}

void wf_doctor_say_unknown(wf_doctor *doctor, const char *name)
{
    wf_doctor_say(doctor, name, WEFT_CHECK_LOOK, "doctor.unknown", NULL);
}

// What should have been answered was not: the sentence is that of the failure.
static void say_failure(wf_doctor *doctor, const char *name, weft_check_level level,
                        const weft_error *what)
{
    weft_check check = {.name = name, .level = level, .what = *what};
    give(doctor, &check);
}

// ---- the clock ----

enum { clock_leeway_s = 60 };

// A clock that was set back stamps what comes before what is there.
static bool clock_is_behind(wf_doctor *doctor, const wf_ledger_head *head)
{
    char number[WF_NUMBER_TEXT_MAX];
    if (weft_time_is_none(head->received) ||
        head->received.us - doctor->now.us <= clock_leeway_s * WF_US_PER_S)
        return false;
    int64_t behind_s = (head->received.us - doctor->now.us) / WF_US_PER_S;
    wf_doctor_say(doctor, "clock", WEFT_CHECK_BAD, "doctor.clock_behind", "minutes",
                  wf_number_text(number, behind_s / 60), NULL);
    return true;
}

static void check_drill_clock(wf_doctor *doctor)
{
    char text[WF_TIME_TEXT_MAX];
    const weft_city *city = doctor->city;
    bool given = !weft_time_is_none(city->kept_clock);
    wf_doctor_say(doctor, "clock", WEFT_CHECK_OK,
                  given ? "doctor.clock_drill" : "doctor.clock_drill_none", "now",
                  weft_city_time_text(city, weft_city_now(city), text), NULL);
}

static void check_clock(wf_doctor *doctor)
{
    bool right = false;
    if (doctor->city != NULL && doctor->city->kind == WEFT_CITY_DRILL) {
        check_drill_clock(doctor);
        return;
    }
    if (doctor->city != NULL) {
        wf_ledger_head head = wf_ledger_now(wf_store_ledger(doctor->city->store));
        if (clock_is_behind(doctor, &head))
            return;
    }
    if (!doctor->system->synchronised(doctor->system, &right))
        wf_doctor_say_unknown(doctor, "clock");
    else if (right)
        wf_doctor_say(doctor, "clock", WEFT_CHECK_OK, "doctor.clock", NULL);
    else
        wf_doctor_say(doctor, "clock", WEFT_CHECK_LOOK, "doctor.clock_alone", NULL);
}

// "# version 2025b"
static void check_zone(wf_doctor *doctor)
{
    static const char before[] = "# version ";
    char text[1 << 18], version[16] = "";
    size_t size = 0;
    wf_zone *zone = NULL;
    weft_error what = {0};
    const char *name = doctor->city != NULL ? doctor->city->zone_name : "Asia/Shanghai";
    if (wf_zone_open(name, &zone, &what) != WEFT_OK) {
        say_failure(doctor, "time_zone", WEFT_CHECK_BAD, &what);
        return;
    }
    wf_zone_close(zone);
    if (doctor->system->read(doctor->system, "/usr/share/zoneinfo/tzdata.zi", text,
                             sizeof text, &size) &&
        size > sizeof before && memcmp(text, before, sizeof before - 1) == 0)
        for (size_t i = 0; i + 1 < sizeof version && sizeof before - 1 + i < size &&
                           text[sizeof before - 1 + i] > ' ';
             i++)
            version[i] = text[sizeof before - 1 + i];
    wf_doctor_say(doctor, "time_zone", WEFT_CHECK_OK,
                  version[0] != '\0' ? "doctor.zone_version" : "doctor.zone", "zone",
                  name, "version", version, NULL);
}

// ---- keys and forgetting ----

static const wf_key_class daily[] = {WF_KEY_VISITS, WF_KEY_REFUSED};

static weft_status count_keys(wf_doctor *doctor, wf_key_class key_class, uint64_t *count,
                              weft_day *oldest, weft_error *error)
{
    weft_day *days;
    size_t days_count;
    weft_city *city = doctor->city;
    WF_TRY(wf_keys_days(city->keys, key_class, wf_city_new_answer(city), &days,
                        &days_count, error));
    *count += days_count;
    if (days_count > 0 && days[0].number < oldest->number)
        *oldest = days[0];
    return WEFT_OK;
}

static weft_status check_keys(wf_doctor *doctor, weft_error *error)
{
    enum { many = 500000 }; // a ring holds a million
    uint64_t count = 0;
    weft_day oldest = {INT32_MAX};
    char number[WF_NUMBER_TEXT_MAX], day[WF_DAY_TEXT_MAX];
    for (size_t i = 0; i < sizeof daily / sizeof *daily; i++)
        WF_TRY(count_keys(doctor, daily[i], &count, &oldest, error));
    for (int keep = 1; keep < WF_KEEP_END; keep++)
        WF_TRY(
            count_keys(doctor, wf_key_class_of((wf_keep)keep), &count, &oldest, error));
    wf_number_text(number, (int64_t)count);
    if (count == 0)
        wf_doctor_say(doctor, "keys", WEFT_CHECK_OK, "doctor.keys_none", NULL);
    else
        wf_doctor_say(doctor, "keys", count > many ? WEFT_CHECK_LOOK : WEFT_CHECK_OK,
                      "doctor.keys", "count", number, "day", wf_day_text(day, oldest),
                      NULL);
    return WEFT_OK;
}

// A day or two late is a purge that was not run last night; more is a duty broken.
static weft_status check_due(wf_doctor *doctor, weft_error *error)
{
    enum { late_days = 3 };
    wf_due_late late;
    char keys[WF_NUMBER_TEXT_MAX], days[WF_NUMBER_TEXT_MAX];
    WF_TRY(wf_due_late_read(doctor->city, &late, error));
    if (late.keys == 0)
        wf_doctor_say(doctor, "forgetting", WEFT_CHECK_OK, "doctor.due_none", NULL);
    else
        wf_doctor_say(doctor, "forgetting",
                      late.days > late_days ? WEFT_CHECK_BAD : WEFT_CHECK_LOOK,
                      "doctor.due", "count", wf_number_text(keys, (int64_t)late.keys),
                      "days", wf_number_text(days, late.days), NULL);
    return WEFT_OK;
}

// ---- what waits ----

typedef struct {
    uint64_t files, rows, damaged;
} waiting;

static bool count_waiting(void *context, const weft_refused_file *file)
{
    waiting *all = context;
    all->files++;
    all->rows += file->rows - file->unreadable;
    all->damaged += file->damaged;
    return true;
}

static weft_status check_refused(wf_doctor *doctor, weft_error *error)
{
    waiting all = {0};
    char rows[WF_NUMBER_TEXT_MAX], files[WF_NUMBER_TEXT_MAX];
    WF_TRY(weft_refused_list(doctor->city, count_waiting, &all, error));
    wf_number_text(rows, (int64_t)all.rows);
    wf_number_text(files, (int64_t)all.files);
    uint64_t lost = doctor->city->refused_not_kept == NULL
                        ? 0
                        : atomic_load(doctor->city->refused_not_kept);
    if (lost > 0) {
        char lines[WF_NUMBER_TEXT_MAX];
        wf_doctor_say(doctor, "refused_not_kept", WEFT_CHECK_LOOK,
                      "doctor.refused_not_kept", "lines",
                      wf_number_text(lines, (int64_t)lost), NULL);
    }
    if (all.damaged > 0)
        wf_doctor_say(doctor, "refused", WEFT_CHECK_BAD, "doctor.refused_damaged",
                      "files", wf_number_text(files, (int64_t)all.damaged), NULL);
    else if (all.rows == 0)
        wf_doctor_say(doctor, "refused", WEFT_CHECK_OK, "doctor.refused_none", NULL);
    else
        wf_doctor_say(doctor, "refused", WEFT_CHECK_LOOK, "doctor.refused", "rows", rows,
                      "files", files, NULL);
    return WEFT_OK;
}

typedef struct {
    uint64_t senders, gaps, facts;
    char last[WF_DEVICE_BYTES_MAX + 1];
} missing;

static bool count_gap(void *context, const wf_seq_gap *gap)
{
    missing *all = context;
    if (all->gaps++ == 0 || !wf_text_equal(gap->device, wf_text_of(all->last)))
        all->senders++;
    memcpy(all->last, gap->device.bytes, gap->device.size);
    all->last[gap->device.size] = '\0';
    all->facts += (uint64_t)gap->upto - (uint64_t)gap->from + 1;
    return true;
}

static void check_gaps(wf_doctor *doctor)
{
    missing all = {0};
    char senders[WF_NUMBER_TEXT_MAX], facts[WF_NUMBER_TEXT_MAX];
    wf_senders_gaps(wf_store_senders(doctor->city->store), count_gap, &all);
    if (all.gaps == 0)
        wf_doctor_say(doctor, "gaps", WEFT_CHECK_OK, "doctor.gaps_none", NULL);
    else
        wf_doctor_say(doctor, "gaps", WEFT_CHECK_LOOK, "doctor.gaps", "senders",
                      wf_number_text(senders, (int64_t)all.senders), "facts",
                      wf_number_text(facts, (int64_t)all.facts), NULL);
}

// ---- the rows ----

static void check_rows(wf_doctor *doctor)
{
    wf_store *store = doctor->city->store;
    uint64_t positions = wf_ledger_now(wf_store_ledger(store)).positions;
    uint64_t upto = wf_records_applied_upto(wf_store_records(store));
    char number[WF_NUMBER_TEXT_MAX];
    if (upto >= positions)
        wf_doctor_say(doctor, "rows", WEFT_CHECK_OK, "doctor.rows", NULL);
    else
        wf_doctor_say(doctor, "rows", WEFT_CHECK_BAD, "doctor.rows_behind", "facts",
                      wf_number_text(number, (int64_t)(positions - upto)), NULL);
}

static weft_status check_server(wf_doctor *doctor, weft_error *error)
{
    enum { oldest_version = 150000 };
    wf_database *db = NULL;
    int64_t version = 0;
    char number[WF_NUMBER_TEXT_MAX];
    if (doctor->city->records == NULL)
        return WEFT_OK;
    WF_TRY(wf_store_reader(doctor->city->store, &db, error));
    weft_status status = wf_database_number(
        db, "SELECT CAST(current_setting('server_version_num') AS BIGINT)", 0, &version,
        error);
    wf_database_close(db);
    WF_TRY(status);
    wf_doctor_say(doctor, "database",
                  version < oldest_version ? WEFT_CHECK_BAD : WEFT_CHECK_OK,
                  version < oldest_version ? "doctor.server_old" : "doctor.server",
                  "version", wf_number_text(number, version / 10000), NULL);
    return WEFT_OK;
}

// ---- the outlines of the map ----

// A page that is shown a damaged file has no map; what is looked at here is every byte.
static weft_status check_outlines(wf_doctor *doctor, weft_error *error)
{
    wf_outlines_file file;
    weft_error what = {0};
    char size[WF_NUMBER_TEXT_MAX];
    weft_status status = wf_city_outlines_open(doctor->city, &file, &what);
    if (status == WEFT_NOT_FOUND) {
        wf_doctor_say(doctor, "outlines", WEFT_CHECK_OK, "doctor.outlines_none", NULL);
        return WEFT_OK;
    }
    if (status != WEFT_OK) {
        *error = what;
        return status;
    }
    wf_city_outlines_close(doctor->city, &file);
    wf_doctor_say(doctor, "outlines", WEFT_CHECK_OK, "doctor.outlines", "kilobytes",
                  wf_number_text(size, (int64_t)(file.size / 1000) + 1), NULL);
    return WEFT_OK;
}

// ---- the whole ----

static void try_check(wf_doctor *doctor, const char *name,
                      weft_status (*check)(wf_doctor *doctor, weft_error *error))
{
    weft_error what = {0};
    if (check(doctor, &what) != WEFT_OK)
        say_failure(doctor, name, WEFT_CHECK_BAD, &what);
}

static void look_inside(wf_doctor *doctor)
{
    wf_doctor_say(doctor, "city", WEFT_CHECK_OK, "doctor.city", NULL);
    try_check(doctor, "keys", check_keys);
    try_check(doctor, "forgetting", check_due);
    try_check(doctor, "refused", check_refused);
    check_gaps(doctor);
    check_rows(doctor);
    try_check(doctor, "outlines", check_outlines);
    wf_doctor_copies(doctor);
    try_check(doctor, "database", check_server);
}

weft_status wf_doctor_run(wf_doctor *doctor, weft_error *error)
{
    char number[WF_NUMBER_TEXT_MAX];
    weft_error what = {0};
    bool is_open = doctor->city != NULL; // the caller's
    weft_status status =
        is_open ? WEFT_OK
                : weft_city_open(doctor->dir, &doctor->keys, &doctor->city, &what);
    if (status == WEFT_NOT_FOUND && strcmp(what.code, "city.none") == 0) {
        *error = what;
        return status;
    }
    if (status == WEFT_OK)
        look_inside(doctor);
    else // one that is at work is no patient
        say_failure(doctor, "city",
                    status == WEFT_BUSY ? WEFT_CHECK_LOOK : WEFT_CHECK_BAD, &what);
    check_clock(doctor);
    check_zone(doctor);
    wf_doctor_machine(doctor);
    if (!is_open)
        weft_city_close(doctor->city);
    doctor->city = NULL;
    if (doctor->bad == 0)
        return WEFT_OK;
    return wf_fail(error, WEFT_FOUND_WRONG, "doctor.found", "count",
                   wf_number_text(number, (int64_t)doctor->bad), NULL);
}

weft_status weft_doctor(const char *dir, const weft_key_options *keys,
                        void (*each)(void *context, const weft_check *check),
                        void *context, weft_error *error)
{
    wf_doctor doctor = {.system = &wf_system_machine,
                        .dir = dir,
                        .keys = keys != NULL ? *keys : (weft_key_options){0},
                        .now = wf_clock_now(),
                        .each = each,
                        .context = context};
    return wf_doctor_run(&doctor, error);
}

weft_status weft_doctor_inside(weft_city *city, const weft_key_options *keys,
                               void (*each)(void *context, const weft_check *check),
                               void *context, weft_error *error)
{
    wf_doctor doctor = {.system = &wf_system_machine,
                        .dir = city->dir.text,
                        .keys = keys != NULL ? *keys : (weft_key_options){0},
                        .now = wf_clock_now(),
                        .city = city,
                        .each = each,
                        .context = context};
    return wf_doctor_run(&doctor, error);
}
