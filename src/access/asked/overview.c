// A city at one glance.
#include <string.h>

#include "access/change/due.h"
#include "access/city/city.h"
#include "load/refused.h"
#include "weft/care.h"

static void read_head(weft_city *city, weft_overview *to)
{
    static const char digits[] = "0123456789abcdef";
    wf_ledger_head head = wf_ledger_now(wf_store_ledger(city->store));
    to->commits = head.commits;
    to->facts = head.positions;
    to->received = head.received;
    _Static_assert(sizeof to->link == 2 * WF_LINK_BYTES + 1, "the whole link in hex");
    for (size_t i = 0; i < WF_LINK_BYTES; i++) {
        to->link[2 * i] = digits[head.link[i] >> 4];
        to->link[2 * i + 1] = digits[head.link[i] & 15];
    }
    to->link[2 * WF_LINK_BYTES] = '\0';
}

static weft_status read_days(weft_city *city, weft_overview *to, weft_error *error)
{
    weft_day *days;
    size_t count;
    WF_TRY(wf_visits_days(city->visits, wf_city_new_answer(city), &days, &count, error));
    for (size_t i = 0; i < count; i++) {
        if (wf_visits_day_is_forgotten(city->visits, days[i]))
            continue;
        if (to->days++ == 0)
            to->first_day = days[i];
        to->last_day = days[i];
    }
    return WEFT_OK;
}

static weft_status read_cases(weft_city *city, weft_overview *to, weft_error *error)
{
    wf_database *db = NULL;
    int64_t cases = 0;
    WF_TRY(wf_store_reader(city->store, &db, error));
    weft_status status =
        wf_database_number(db, "SELECT count(*) FROM \"cases\"", 0, &cases, error);
    wf_database_close(db);
    to->cases = (uint64_t)cases;
    return status;
}

static weft_status count_refused(weft_city *city, weft_overview *to, weft_error *error)
{
    enum { together = 256 };
    wf_refused_folder folder = {city->io, city->dir.text, city->keys};
    char names[together][WF_REFUSED_NAME_MAX], after[WF_REFUSED_NAME_MAX] = "";
    size_t count = 0;
    do {
        WF_TRY(wf_refused_names(&folder, after, names, together, &count, error));
        to->refused_files += count;
        if (count > 0)
            memcpy(after, names[count - 1], sizeof after);
    } while (count == together);
    return WEFT_OK;
}

static void note_forgotten(weft_city *city, const char *name, wf_key_class key_class,
                           weft_overview *to)
{
    weft_day before = wf_keys_forgotten_before(city->keys, key_class);
    if (before.number != INT32_MIN)
        to->forgotten[to->forgotten_count++] = (weft_forgotten){name, before};
}

static void read_forgotten(weft_city *city, weft_overview *to)
{
    _Static_assert(2 + WF_KEEP_END - 1 <= WEFT_FORGOTTEN_MAX, "every class has room");
    note_forgotten(city, "visits", WF_KEY_VISITS, to);
    note_forgotten(city, "refused", WF_KEY_REFUSED, to);
    for (int keep = 1; keep < WF_KEEP_END; keep++)
        note_forgotten(city, wf_keep_word((wf_keep)keep), wf_key_class_of((wf_keep)keep),
                       to);
}

weft_status weft_city_overview(weft_city *city, weft_overview *ret, weft_error *error)
{
    const wf_ids *ids = wf_visits_ids(city->visits);
    wf_due_late late;
    weft_overview all = {.kind = city->kind,
                         .zone = city->zone_name,
                         .protocol = city->protocol_name,
                         .law = city->law,
                         .grid = city->grid,
                         .on_server = city->records != NULL,
                         .now = weft_city_now(city),
                         .persons = wf_ids_count(ids, WF_ID_PERSON),
                         .places = wf_ids_count(ids, WF_ID_PLACE)};
    read_head(city, &all);
    all.as_of = wf_records_applied_upto(wf_store_records(city->store));
    WF_TRY(read_days(city, &all, error));
    WF_TRY(read_cases(city, &all, error));
    WF_TRY(count_refused(city, &all, error));
    read_forgotten(city, &all);
    WF_TRY(wf_due_late_read(city, &late, error));
    all.keys_due = late.keys;
    *ret = all;
    return WEFT_OK;
}
