// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <pthread.h>
#include <stdio.h>

#include "base/recent.h"

typedef struct {
    int64_t at;
    uint64_t count;
} item;

enum { sets = 16, places = sets * 8, lives = 100 };

static uint64_t worth(const void *of, int64_t now)
{
    const item *one = of;
    return now - one->at > lives ? 0 : one->count;
}

static wf_recent *made(void)
{
    const wf_recent_options options = {sets, sizeof(item), worth};
    weft_error error = {0};
    wf_recent *recent = NULL;
    assert_int_equal(wf_recent_new(&options, &recent, &error), WEFT_OK);
    return recent;
}

static uint64_t count_once(wf_recent *recent, const char *who, int64_t now)
{
    uint64_t hash = wf_recent_hash(recent, wf_text_of(who), 0);
    wf_recent_lock(recent);
    item *one = wf_recent_make(recent, hash, now);
    one->at = now;
    uint64_t count = ++one->count;
    wf_recent_unlock(recent);
    return count;
}

static bool is_known(wf_recent *recent, const char *who, int64_t now)
{
    uint64_t hash = wf_recent_hash(recent, wf_text_of(who), 0);
    wf_recent_lock(recent);
    bool known = wf_recent_find(recent, hash, now) != NULL;
    wf_recent_unlock(recent);
    return known;
}

static void what_is_known_is_found_until_it_is_worth_nothing(void **state)
{
    (void)state;
    wf_recent *recent = made();
    assert_false(is_known(recent, "a", 1));
    assert_int_equal(count_once(recent, "a", 1), 1);
    assert_int_equal(count_once(recent, "a", 2), 2);
    assert_int_equal(count_once(recent, "b", 2), 1);
    assert_true(is_known(recent, "a", 2 + lives));
    assert_false(is_known(recent, "a", 3 + lives));
    assert_int_equal(count_once(recent, "a", 3 + lives), 1);
    assert_true(wf_recent_hash(recent, WF_TEXT("a"), 0) !=
                wf_recent_hash(recent, WF_TEXT("a"), 1));
    wf_recent_free(recent);
    wf_recent_free(NULL);
}

// However many come, whoever was counted most in their set stays.
static void who_is_worth_least_gives_way(void **state)
{
    (void)state;
    wf_recent *recent = made();
    char who[16];
    for (int i = 0; i < 5; i++)
        count_once(recent, "often", 1);
    for (int i = 0; i < 100 * places; i++) {
        snprintf(who, sizeof who, "s-%d", i);
        count_once(recent, who, 1);
    }
    assert_int_equal(count_once(recent, "often", 1), 6);
    int known = 0;
    for (int i = 0; i < 100 * places; i++) {
        snprintf(who, sizeof who, "s-%d", i);
        known += is_known(recent, who, 1);
    }
    assert_int_equal(known, places - 1);
    // What is worth nothing any more gives way before what is worth little.
    for (int i = 0; i < 100 * places; i++) {
        snprintf(who, sizeof who, "t-%d", i);
        count_once(recent, who, 2 + lives);
    }
    assert_false(is_known(recent, "often", 2 + lives));
    wf_recent_free(recent);
}

enum { threads = 4, turns = 20000 };

static void *count_many(void *recent)
{
    for (int i = 0; i < turns; i++)
        count_once(recent, i % 2 == 0 ? "a" : "b", 1);
    return NULL;
}

static void threads_count_together(void **state)
{
    (void)state;
    wf_recent *recent = made();
    pthread_t all[threads];
    for (int i = 0; i < threads; i++)
        assert_int_equal(pthread_create(&all[i], NULL, count_many, recent), 0);
    for (int i = 0; i < threads; i++)
        assert_int_equal(pthread_join(all[i], NULL), 0);
    assert_int_equal(count_once(recent, "a", 1), threads * turns / 2 + 1);
    wf_recent_free(recent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_known_is_found_until_it_is_worth_nothing),
        cmocka_unit_test(who_is_worth_least_gives_way),
        cmocka_unit_test(threads_count_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
