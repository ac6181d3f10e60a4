// Law "Death" (DESIGN §3) for memory: the n-th allocation of the store, of SQLite or of
// what they call fails once. The call says so or does without; nothing is lost, doubled
// or left half done, and all memory is given back.
//
// WEFT_LONG=1 tries every allocation instead of a sample.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/failing_memory.h"
#include "support/store_script.h"

enum { sample_count = 60 };

// ---- the law ----

// Opens and runs all steps, going on after a failure. The number of steps that failed.
static size_t live(made_city *city, const script *s, bool done[steps_max], bool *opened)
{
    weft_error error = {0};
    size_t failed = 0;
    *opened = open_city(city, &city->store.quick, &error) == WEFT_OK;
    for (size_t i = 0; *opened && i < s->count; i++) {
        weft_status status = do_step(city, s, i, &error);
        done[i] = status == WEFT_OK;
        failed += status != WEFT_OK;
    }
    return failed;
}

static unsigned long allocations_of(const script *s)
{
    made_city city;
    bool done[steps_max] = {0}, opened;
    new_city(&city);
    arm(0);
    assert_int_equal(live(&city, s, done, &opened), 0);
    disarm();
    made_city_done(&city);
    return failing.calls;
}

// True if the failure was said by some call: others do without.
static bool fail_at(const script *s, unsigned long at)
{
    made_city city;
    weft_error error = {0};
    bool done[steps_max] = {0}, opened;
    long before = failing.living;
    sqlite3_int64 sqlite_before = sqlite3_memory_used();
    new_city(&city);
    arm(at);
    size_t failed = live(&city, s, done, &opened);
    disarm();
    made_city_close(&city);
    ok(open_city(&city, &city.store.quick, &error), &error);
    check_once(&city, s, done);
    check_sound(&city);
    for (size_t i = 0; i < s->count; i++)
        if (!done[i])
            ok(do_step(&city, s, i, &error), &error);
    check_end(&city, s);
    made_city_done(&city);
    assert_int_equal(failing.living, before);
    assert_int_equal(sqlite3_memory_used(), sqlite_before);
    assert_true(sqlite3_memory_highwater(0) > 0); // it counts
    return failed > 0 || !opened;
}

static void an_allocation_that_fails_loses_nothing_and_leaks_nothing(void **state)
{
    (void)state;
    script s;
    script_new(&s);
    unsigned long all = allocations_of(&s), failures = 0;
    bool every = getenv("WEFT_LONG") != NULL || all <= sample_count;
    unsigned long stride = every ? 1 : all / sample_count;
    print_message("# %lu allocations, each %luth fails\n", all, stride);
    for (unsigned long at = 1; at <= all; at += stride)
        failures += fail_at(&s, at);
    assert_true(failures > 0);
    history_done(&s.h);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_allocation_that_fails_loses_nothing_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, take_sqlite_memory, NULL);
}
