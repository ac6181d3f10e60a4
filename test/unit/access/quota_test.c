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

// What an upload keeps is kept at once, beside what is pending of posts.
static void what_is_used_at_once_can_be_given_back(void **state)
{
    wf_quota quota;
    (void)state;
    wf_quota_init(&quota, 1000);
    assert_true(wf_quota_take(&quota, today, 7, 300));
    assert_true(wf_quota_use(&quota, today, 7, 600));
    assert_false(wf_quota_use(&quota, today, 7, 101));
    assert_true(wf_quota_use(&quota, today, 8, 1000));
    wf_quota_end(&quota, false);
    assert_true(wf_quota_use(&quota, today, 7, 400));
    wf_quota_give_back(&quota, today, 7, 500);
    assert_true(wf_quota_use(&quota, today, 7, 500));
    assert_false(wf_quota_use(&quota, today, 7, 1));
    wf_quota_give_back(&quota, today, 9, 500); // who has none
    assert_true(wf_quota_use(&quota, today, 9, 1000));
    // What came after midnight is not made more by what goes back of the day before.
    assert_true(wf_quota_use(&quota, tomorrow, 7, 700));
    wf_quota_give_back(&quota, today, 7, 500);
    assert_false(wf_quota_use(&quota, tomorrow, 7, 301));
    wf_quota_done(&quota);
}

// Files of before may hold more than the bound of today; numbers that are near the end
// of their type do not turn over.
static void what_is_counted_stands_whatever_the_bound(void **state)
{
    wf_quota quota;
    (void)state;
    wf_quota_init(&quota, 1000);
    wf_quota_count(&quota, today, 7, 900);
    assert_false(wf_quota_take(&quota, today, 7, 101));
    assert_true(wf_quota_take(&quota, today, 7, 50));
    wf_quota_count(&quota, today, 7, 900);
    assert_false(wf_quota_take(&quota, today, 7, 1));
    assert_false(wf_quota_use(&quota, today, 7, 0));
    assert_false(wf_quota_use(&quota, today, 8, UINT64_MAX));
    wf_quota_done(&quota);
}

// A clock that goes back, and on again, brings no room.
static void a_day_that_is_over_brings_no_room(void **state)
{
    wf_quota quota;
    (void)state;
    wf_quota_init(&quota, 1000);
    assert_true(wf_quota_use(&quota, tomorrow, 7, 1000));
    assert_false(wf_quota_use(&quota, today, 7, 1));
    assert_false(wf_quota_take(&quota, today, 7, 1));
    assert_false(wf_quota_use(&quota, tomorrow, 7, 1));
    wf_quota_done(&quota);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sender_has_its_own_bound),
        cmocka_unit_test(what_was_not_kept_takes_no_room),
        cmocka_unit_test(a_day_begins_anew),
        cmocka_unit_test(many_senders_are_told_apart),
        cmocka_unit_test(what_is_used_at_once_can_be_given_back),
        cmocka_unit_test(what_is_counted_stands_whatever_the_bound),
        cmocka_unit_test(a_day_that_is_over_brings_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
