// What bodies may take in memory: all, one account's, and the small ones whatever it is.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <string.h>

#include "serve/http/intake.h"

static wf_intake intake;
static const size_t large = (size_t)16 << 20;

// The share of the first account of a number that is in none of the others' shares.
static size_t share_of(unsigned *number, const size_t *others, size_t count)
{
    for (;; (*number)++) {
        wf_actor actor = {.kind = WF_ACTOR_DEVICE};
        snprintf(actor.name, sizeof actor.name, "S-%u", *number);
        size_t share = wf_intake_share(&intake, &actor);
        size_t i = 0;
        while (i < count && others[i] != share)
            i++;
        if (i == count)
            return share;
    }
}

static void one_account_does_not_take_the_room_of_others(void **state)
{
    unsigned number = 0;
    (void)state;
    wf_intake_init(&intake);
    size_t hostile = share_of(&number, NULL, 0);
    size_t other = share_of(&number, &hostile, 1);
    for (size_t i = 0; i < WF_INTAKE_ACCOUNT_MAX / large; i++)
        assert_true(wf_intake_take(&intake, hostile, 0, large));
    assert_false(wf_intake_take(&intake, hostile, 0, large));
    assert_true(wf_intake_take(&intake, hostile, 0, WF_INTAKE_SMALL));
    assert_false(wf_intake_take(&intake, hostile, WF_INTAKE_SMALL, 1));
    assert_true(wf_intake_take(&intake, other, 0, large));
    wf_intake_give_back(&intake, hostile, large);
    assert_false(wf_intake_take(&intake, hostile, 0, large));
    assert_true(wf_intake_take(&intake, hostile, 0, large - WF_INTAKE_SMALL));
    // What was refused is not counted.
    assert_int_equal(wf_intake_bytes(&intake), WF_INTAKE_ACCOUNT_MAX + large);
}

static void however_full_it_is_what_is_small_is_taken(void **state)
{
    enum { accounts = WF_INTAKE_MAX / WF_INTAKE_ACCOUNT_MAX };
    size_t shares[accounts + 1];
    unsigned number = 0;
    (void)state;
    wf_intake_init(&intake);
    for (size_t i = 0; i <= accounts; i++)
        shares[i] = share_of(&number, shares, i);
    for (size_t i = 0; i < accounts; i++) {
        assert_int_equal(wf_intake_crowded(&intake), i > accounts / 2);
        assert_true(wf_intake_take(&intake, shares[i], 0, WF_INTAKE_ACCOUNT_MAX));
    }
    assert_true(wf_intake_crowded(&intake));
    assert_false(wf_intake_take(&intake, shares[accounts], 0, WF_INTAKE_SMALL + 1));
    assert_true(wf_intake_take(&intake, shares[accounts], 0, WF_INTAKE_SMALL));
    for (size_t i = 0; i < accounts; i++)
        wf_intake_give_back(&intake, shares[i], WF_INTAKE_ACCOUNT_MAX);
    wf_intake_give_back(&intake, shares[accounts], WF_INTAKE_SMALL);
    assert_int_equal(wf_intake_bytes(&intake), 0);
    assert_true(wf_intake_take(&intake, shares[accounts], 0, large));
}

static void after_a_crowd_it_is_calm_once(void **state)
{
    static const uint64_t s = UINT64_C(1000000000);
    (void)state;
    wf_intake_init(&intake);
    assert_false(wf_intake_has_calmed(&intake, 100 * s)); // there was none
    assert_true(wf_intake_take(&intake, 1, 0, WF_INTAKE_ACCOUNT_MAX));
    assert_false(wf_intake_has_calmed(&intake, 101 * s));
    assert_true(wf_intake_take(&intake, 2, 0, large));
    assert_false(wf_intake_has_calmed(&intake, 102 * s));
    assert_false(wf_intake_has_calmed(&intake, 200 * s)); // it lasts
    wf_intake_give_back(&intake, 1, WF_INTAKE_ACCOUNT_MAX);
    assert_false(wf_intake_has_calmed(&intake, 209 * s));
    assert_true(wf_intake_has_calmed(&intake, 210 * s));
    assert_false(wf_intake_has_calmed(&intake, 300 * s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_account_does_not_take_the_room_of_others),
        cmocka_unit_test(however_full_it_is_what_is_small_is_taken),
        cmocka_unit_test(after_a_crowd_it_is_calm_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
