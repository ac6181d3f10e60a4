// What is kept of a sender's refused lines has a bound (access/shared/quota.h).

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "access/shared/quota.h"

static const weft_day today = {18972}, tomorrow = {18973};

static void a_sender_has_its_own_bound(void **state)
{
    wf_quota quota;
    (void)state;
    wf_quota_init(&quota, 1000);
    assert_true(wf_quota_take(&quota, today, 7, 600));
    assert_false(wf_quota_take(&quota, today, 7, 401)); // what is pending counts
    assert_true(wf_quota_take(&quota, today, 7, 400));
    assert_true(wf_quota_take(&quota, today, 8, 1000));
    wf_quota_end(&quota, true);
    assert_false(wf_quota_take(&quota, today, 7, 1));
    assert_false(wf_quota_take(&quota, today, 8, 1));
    wf_quota_done(&quota);
}

static void what_was_not_kept_takes_no_room(void **state)
{
    wf_quota quota;
    (void)state;
    wf_quota_init(&quota, 1000);
    assert_true(wf_quota_take(&quota, today, 7, 1000));
    wf_quota_end(&quota, false);
    assert_true(wf_quota_take(&quota, today, 7, 1000));
    wf_quota_end(&quota, true);
    assert_false(wf_quota_take(&quota, today, 7, 1));
    wf_quota_done(&quota);
}

static void a_day_begins_anew(void **state)
{
    wf_quota quota;
    (void)state;
    wf_quota_init(&quota, 1000);
    assert_true(wf_quota_take(&quota, today, 7, 1000));
    wf_quota_end(&quota, true);
    assert_true(wf_quota_take(&quota, tomorrow, 7, 1000));
    wf_quota_end(&quota, true);
    assert_false(wf_quota_take(&quota, tomorrow, 7, 1));
    wf_quota_done(&quota);
}

// More senders than there is room for at first, one of them with the hash 0.
static void many_senders_are_told_apart(void **state)
{
    enum { senders = 5000 };
    wf_quota quota;
    (void)state;
    wf_quota_init(&quota, 10);
    for (uint64_t i = 0; i < senders; i++)
        assert_true(wf_quota_take(&quota, today, i * 64, 6));
    wf_quota_end(&quota, true);
    for (uint64_t i = 0; i < senders; i++) {
        assert_false(wf_quota_take(&quota, today, i * 64, 5));
        assert_true(wf_quota_take(&quota, today, i * 64, 4));
    }
    wf_quota_done(&quota);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sender_has_its_own_bound),
        cmocka_unit_test(what_was_not_kept_takes_no_room),
        cmocka_unit_test(a_day_begins_anew),
        cmocka_unit_test(many_senders_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
