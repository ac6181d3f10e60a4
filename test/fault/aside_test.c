// An import beside those who post: whatever call fails or is the last of its process, the
// import is there whole or not at all, and what was acknowledged to the others is there.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "load/refused.h"
#include "support/beside_city.h"
#include "support/fault_io.h"

typedef struct {
    weft_import_kind kind;
    const char *text;
    uint64_t accepted, refused;
    unsigned posts; // one before each of its steps
} list;

static const list lists[] = {
    {WEFT_IMPORT_PERSONS,
     "person,name,birth\nP-1,虚构一,1980-01-02\nP-2,虚构二,\nP-3,虚构三,1980-13-02\n", 2,
     1, 2},
    {WEFT_IMPORT_CASES, "case,person,reported\nC-1,P-1,2021-12-09T08:00\nC-2,P-2,never\n",
     1, 1, 2},
    {WEFT_IMPORT_CONTACTS,
     "case,person,outbreak,level,confirmed,reached,reached_by\n"
     "C-1,P-1,O-1,close,2021-12-09 08:00,2021-12-10 09:00,phone\n"
     "C-1,P-2,O-1,secondary,2021-12-08 08:00,,\nC-1,P-3,O-1,close,never,,\n",
     2, 1, 3},
    {WEFT_IMPORT_VISITS,
     "person,place,start,end\nP-1,Q-1,2021-12-09 08:00,2021-12-09 10:10\n"
     "P-2,Q-1,2021-12-10 23:00,2021-12-11 02:00\nP-3,Q-1,2021-12-10 23:00,never\n",
     2, 1, 2}};

static size_t refused_files(made_city *city)
{
    const wf_refused_folder folder = {city->store.io, city->store.folder.text,
                                      city->store.keys};
    char names[4][WF_REFUSED_NAME_MAX];
    size_t count = 0;
    weft_error error = {0};
    assert_int_equal(wf_refused_names(&folder, "", names, 4, &count, &error), WEFT_OK);
    return count;
}

static uint64_t tubes(made_city *city)
{
    wf_database *db = NULL;
    weft_error error = {0};
    int64_t count = 0;
    assert_int_equal(wf_store_reader(city->records, &db, &error), WEFT_OK);
    assert_int_equal(
        wf_database_number(db, "SELECT count(*) FROM \"tube\"", 0, &count, &error),
        WEFT_OK);
    wf_database_close(db);
    return (uint64_t)count;
}

typedef struct {
    bool reached; // the call that fails
    bool happened;
    bool undecided; // a sync of the ledger failed: the next opening says
    weft_status status;
} outcome;

// What the city is with the list and so many tubes.
static wf_digest with_tubes(const list *of, bool imported, uint64_t count)
{
    made_city city;
    beside by = {0};
    made_city_new(&city);
    by.city = &city;
    if (imported)
        assert_int_equal(made_import(&city, of->kind, of->text), WEFT_OK);
    for (uint64_t i = 0; i < count; i++)
        assert_int_equal(beside_post(&by), WEFT_OK);
    weft_error error = {0};
    assert_int_equal(wf_store_apply(city.records, 0, &error), WEFT_OK);
    wf_digest digest = made_city_digest(&city);
    made_city_done(&city);
    return digest;
}

static outcome import_failing(const list *of, fault_kind kind, int errno_value,
                              unsigned long at)
{
    made_city city;
    fault_io fault;
    beside by = {0};
    outcome ret = {0};
    made_city_new(&city);
    made_city_close(&city);
    fault_io_init(&fault);
    made_city_open(&city, &fault.io);
    beside_bind(&by, &city);
    fault.errno_value = errno_value;
    fault.at = fault.calls + at;
    fault.kind = kind;
    ret.status = made_import(&city, of->kind, of->text);
    ret.reached = fault.calls >= fault.at;
    ret.undecided = wf_ledger_is_stopped(wf_store_ledger(city.records));
    fault.kind = kind == FAULT_KILL ? kind : FAULT_NONE;
    made_city_close(&city);
    made_city_open(&city, &city.store.quick);
    uint64_t count = tubes(&city);
    wf_digest got = made_city_digest(&city);
    ret.happened = made_digests_equal(got, with_tubes(of, true, count));
    assert_true(ret.happened || made_digests_equal(got, with_tubes(of, false, count)));
    // A post that was not acknowledged may be there all the same, when the process died.
    assert_true(count >= (uint64_t)by.posted);
    assert_true(count <= (uint64_t)(by.posted + by.refused));
    assert_int_equal(refused_files(&city), ret.happened ? 1 : 0);
    // And once more: nothing is doubled.
    assert_int_equal(made_import(&city, of->kind, of->text), WEFT_OK);
    assert_int_equal(city.summary.accepted, ret.happened ? 0 : of->accepted);
    assert_int_equal(city.summary.had, ret.happened ? of->accepted : 0);
    assert_int_equal(city.summary.refused, of->refused);
    assert_int_equal(refused_files(&city), 1);
    made_city_done(&city);
    return ret;
}

static void a_crash_leaves_all_of_it_or_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        size_t with = 0, without = 0;
        outcome got;
        unsigned long at = 1;
        do {
            got = import_failing(&lists[i], FAULT_KILL, EIO, at++);
            assert_true(got.happened || got.status != WEFT_OK);
            with += got.happened;
            without += !got.happened;
        } while (got.reached);
        assert_true(with > 0 && without > 3);
    }
}

// A disk that refuses one call refuses the import, or it happens: what it says is true,
// but where a sync failed, of which nobody knows before the next opening.
static void a_refused_call_leaves_what_the_import_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        outcome got;
        unsigned long at = 1;
        size_t undecided = 0;
        do {
            got = import_failing(&lists[i], FAULT_ONCE, ENOSPC, at++);
            undecided += got.undecided;
            assert_true(got.status == WEFT_OK ? got.happened
                                              : !got.happened || got.undecided);
        } while (got.reached);
        assert_true(undecided <= lists[i].posts + 2); // and of the import
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crash_leaves_all_of_it_or_nothing),
        cmocka_unit_test(a_refused_call_leaves_what_the_import_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
