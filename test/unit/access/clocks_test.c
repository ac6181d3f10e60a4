// Clocks of senders: noted when first seen and when they have moved.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>

#include "access/accounts/clocks.h"

static wf_clocks *make(void)
{
    wf_clocks *clocks = NULL;
    weft_error error = {0};
    assert_int_equal(wf_clocks_new(&clocks, &error), WEFT_OK);
    return clocks;
}

static void a_clock_is_noted_first_and_when_it_has_moved(void **state)
{
    static const struct {
        int64_t offset_s;
        bool noted;
    } rows[] = {{0, true},
                {1, false},
                {-30, false},
                {31, true},
                {2, false},
                {61, false},
                {62, true},
                {-700, true},
                {-700, false},
                {0, true},
                {-(INT64_C(1) << 40), true}};
    wf_clocks *clocks = make();
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (wf_clocks_moved(clocks, WF_TEXT("S-1"), rows[i].offset_s) != rows[i].noted)
            fail_msg("row %zu", i);
    // What did not get into the ledger is noted the next time.
    wf_clocks_forget(clocks, WF_TEXT("S-1"));
    assert_true(wf_clocks_moved(clocks, WF_TEXT("S-1"), -(INT64_C(1) << 40)));
    wf_clocks_free(clocks);
}

static void more_senders_than_places_are_noted_again_and_never_mixed_up(void **state)
{
    enum { senders = 10000 };
    wf_clocks *clocks = make();
    char name[16];
    (void)state;
    for (int i = 0; i < senders; i++) {
        int size = snprintf(name, sizeof name, "S-%d", i);
        wf_text sender = {name, (size_t)size};
        assert_true(wf_clocks_moved(clocks, sender, i * 100));
        assert_false(wf_clocks_moved(clocks, sender, i * 100));
    }
    wf_clocks_free(clocks);
}

static void the_fact_is_one_that_the_ledger_takes(void **state)
{
    weft_error error = {0};
    wf_fact fact = wf_clocks_fact(WF_TEXT("S-1"), WF_TEXT("320282001"), -61,
                                  (weft_time){INT64_C(1639177200000000)});
    (void)state;
    assert_int_equal(fact.id.seq, 0); // the city's book gives it
    fact.id.seq = 1;
    assert_int_equal(wf_fact_check(&fact, &error), WEFT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_is_noted_first_and_when_it_has_moved),
        cmocka_unit_test(more_senders_than_places_are_noted_again_and_never_mixed_up),
        cmocka_unit_test(the_fact_is_one_that_the_ledger_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
