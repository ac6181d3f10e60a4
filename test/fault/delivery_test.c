// Deliveries of visits and encounters: the visit store has the rows, the ledger one fact,
// both or neither.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/fault_io.h"
#include "support/made_city.h"

static const char visits[] = "person,place,start,end\n"
                             "P-0000001,R-1,2021-12-09 08:00,2021-12-09 10:10\n"
                             "P-0000002,R-1,2021-12-10 23:00,2021-12-11 02:00\n"
                             "P-0000003,R-1,2021-12-10 23:00,never\n";
static const char meetings[] = "a,b,start,end\n"
                               "P-0000001,P-0000002,2021-12-09 08:00,2021-12-09 08:01\n";

// ---- what the ledger has ----

typedef struct {
    size_t count;
    char kind[16], digest[80];
    int64_t rows, accepted, had, refused, at_us;
    weft_day first, last;
} deliveries;

static int64_t number_of(const wf_fact *fact, const char *field)
{
    return fact->values[wf_kind_field(fact->kind, wf_text_of(field))].number;
}

static void copy_text(const wf_fact *fact, const char *field, char *to)
{
    wf_text text = fact->values[wf_kind_field(fact->kind, wf_text_of(field))].text;
    memcpy(to, text.bytes, text.size);
    to[text.size] = '\0';
}

static weft_status take(void *context, const wf_entry *entry, weft_error *error)
{
    deliveries *to = context;
    const wf_fact *fact = &entry->fact;
    (void)error;
    if (fact->kind == NULL ||
        !wf_text_equal(wf_text_of(fact->kind->name), WF_TEXT("visits.received")))
        return WEFT_OK;
    to->count++;
    copy_text(fact, "kind", to->kind);
    copy_text(fact, "digest", to->digest);
    to->rows = number_of(fact, "rows");
    to->accepted = number_of(fact, "accepted");
    to->had = number_of(fact, "had");
    to->refused = number_of(fact, "refused");
    to->first.number = (int32_t)number_of(fact, "first_day");
    to->last.number = (int32_t)number_of(fact, "last_day");
    to->at_us = fact->at.us;
    return WEFT_OK;
}

// All of them counted, the newest in the fields.
static deliveries deliveries_of(made_city *city)
{
    deliveries all = {0};
    weft_error error = {0};
    assert_int_equal(
        wf_ledger_scan(wf_store_ledger(city->records), 1, take, &all, &error), WEFT_OK);
    return all;
}

static uint64_t rows_of(made_city *city)
{
    wf_database *db = NULL;
    weft_error error = {0};
    int64_t count = 0;
    assert_int_equal(wf_store_reader(city->records, &db, &error), WEFT_OK);
    assert_int_equal(
        wf_database_number(db, "SELECT count(*) FROM \"delivery\"", 0, &count, &error),
        WEFT_OK);
    wf_database_close(db);
    return (uint64_t)count;
}

static void import(made_city *city, weft_import_kind kind, const char *text)
{
    if (made_import(city, kind, text) != WEFT_OK)
        fail_msg("%s", city->error.code);
}

// ---- tests ----

static void a_delivery_says_what_became_of_its_rows(void **state)
{
    (void)state;
    made_city city;
    made_city_new(&city);
    import(&city, WEFT_IMPORT_VISITS, visits);
    deliveries first = deliveries_of(&city);
    assert_int_equal(first.count, 1);
    assert_string_equal(first.kind, "visits");
    assert_int_equal(first.rows, 3);
    assert_int_equal(first.accepted, 2);
    assert_int_equal(first.had, 0);
    assert_int_equal(first.refused, 1);
    assert_int_equal(first.last.number - first.first.number, 2);
    assert_int_equal(strlen(first.digest), 64);
    import(&city, WEFT_IMPORT_VISITS, visits);
    deliveries again = deliveries_of(&city);
    assert_int_equal(again.count, 2);
    assert_int_equal(again.accepted, 0);
    assert_int_equal(again.had, 2);
    assert_string_equal(again.digest, first.digest);
    import(&city, WEFT_IMPORT_ENCOUNTERS, meetings);
    deliveries met = deliveries_of(&city);
    assert_int_equal(met.count, 3);
    assert_string_equal(met.kind, "encounters");
    assert_string_not_equal(met.digest, first.digest);
    assert_int_equal(rows_of(&city), 3);
    import(&city, WEFT_IMPORT_PERSONS, "person,name\nP-0000001,虚构一\n");
    assert_int_equal(deliveries_of(&city).count, 3);
    made_city_done(&city);
}

static void a_delivery_is_in_no_digest(void **state)
{
    (void)state;
    made_city once, twice;
    made_city_new(&once);
    made_city_new(&twice);
    import(&once, WEFT_IMPORT_VISITS, visits);
    import(&twice, WEFT_IMPORT_VISITS, visits);
    import(&twice, WEFT_IMPORT_VISITS, visits);
    assert_true(made_digests_equal(made_city_digest(&once), made_city_digest(&twice)));
    made_city_done(&once);
    made_city_done(&twice);
}

static void forget_before(made_city *city, weft_day day)
{
    weft_day before[WF_KEEP_END];
    weft_error error = {0};
    wf_visits_purge_count purged;
    uint64_t destroyed = 0;
    for (int keep = 0; keep < WF_KEEP_END; keep++)
        before[keep] = (weft_day){keep == WF_KEEP_VISIT ? day.number : INT32_MIN};
    wf_register_close(city->reg);
    city->reg = NULL;
    assert_int_equal(wf_store_purge(city->records, before, &destroyed, &error), WEFT_OK);
    assert_int_equal(
        wf_visits_purge(city->store.visits, day, NULL, NULL, &purged, &error), WEFT_OK);
    assert_int_equal(wf_register_open(city->records, city->store.keys, wf_desk_kinds(),
                                      &city->reg, &error),
                     WEFT_OK);
}

// Where no clock says when it came, it came with its rows: also after an older day was
// forgotten, before which the city stands.
static void a_city_without_a_clock_takes_deliveries_after_a_purge(void **state)
{
    (void)state;
    made_city city;
    made_city_new(&city);
    city.import.now = made_time(&city.store, "2021-12-01 08:00");
    forget_before(&city, wf_zone_day_of(city.store.zone,
                                        made_time(&city.store, "2021-12-05 08:00")));
    import(&city, WEFT_IMPORT_VISITS, visits);
    deliveries all = deliveries_of(&city);
    assert_int_equal(all.count, 1);
    assert_true(all.at_us > made_time(&city.store, "2021-12-10 08:00").us);
    // Nothing of this one can be kept: it came on a day that is forgotten.
    import(&city, WEFT_IMPORT_VISITS, "person,place,start,end\nx,y,never,never\n");
    assert_int_equal(deliveries_of(&city).count, 1);
    made_city_done(&city);
}

// Every call that changes the disk is the last of its process: the rows and their
// delivery are both there when the city is opened again, or neither is, and the import
// again ends in one of each.
static void a_crash_leaves_both_or_neither(void **state)
{
    (void)state;
    size_t with = 0, without = 0;
    for (unsigned long at = 1;; at++) {
        made_city city;
        fault_io fault;
        made_city_new(&city);
        made_city_close(&city);
        fault_io_init(&fault);
        made_city_open(&city, &fault.io);
        fault.kind = FAULT_KILL;
        fault.at = fault.calls + at;
        fault.errno_value = EIO;
        weft_status status = made_import(&city, WEFT_IMPORT_VISITS, visits);
        bool died = fault.dead;
        made_city_close(&city);
        made_city_open(&city, &city.store.quick);
        bool rows = !made_digests_equal(made_digest(city.store.visits), (wf_digest){{0}});
        assert_true(!rows || deliveries_of(&city).count == 1);
        assert_int_equal(rows_of(&city), rows ? 1 : 0);
        assert_true(rows || status != WEFT_OK);
        with += rows;
        without += !rows;
        import(&city, WEFT_IMPORT_VISITS, visits);
        assert_int_equal(deliveries_of(&city).count, rows ? 2 : 1);
        made_city_done(&city);
        if (!died)
            break;
    }
    assert_true(with > 3 && without > 3);
}

// The disk refuses one call: what the import says is true, and what it could not tell
// the ledger is told later.
static void a_refused_call_loses_no_delivery(void **state)
{
    (void)state;
    bool hit = true;
    for (unsigned long at = 1; hit; at++) {
        made_city city;
        fault_io fault;
        made_city_new(&city);
        made_city_close(&city);
        fault_io_init(&fault);
        made_city_open(&city, &fault.io);
        fault.kind = FAULT_ONCE;
        fault.at = fault.calls + at;
        fault.errno_value = ENOSPC;
        weft_status status = made_import(&city, WEFT_IMPORT_VISITS, visits);
        hit = fault.calls >= fault.at;
        fault.kind = FAULT_NONE;
        made_city_close(&city);
        made_city_open(&city, &city.store.quick);
        size_t count = deliveries_of(&city).count;
        assert_int_equal(count, status == WEFT_OK ? 1 : 0);
        bool rows = !made_digests_equal(made_digest(city.store.visits), (wf_digest){{0}});
        assert_int_equal(rows, status == WEFT_OK);
        made_city_done(&city);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_delivery_says_what_became_of_its_rows),
        cmocka_unit_test(a_delivery_is_in_no_digest),
        cmocka_unit_test(a_city_without_a_clock_takes_deliveries_after_a_purge),
        cmocka_unit_test(a_crash_leaves_both_or_neither),
        cmocka_unit_test(a_refused_call_loses_no_delivery),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
