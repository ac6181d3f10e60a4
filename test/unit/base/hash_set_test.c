// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "base/hash_set.h"
#include "base/prng.h"

static void what_was_added_is_there_and_nothing_else(void **state)
{
    (void)state;
    enum { count = 20000 };
    wf_hash_set set = {0};
    wf_prng prng = wf_prng_new(7), again = wf_prng_new(7), others = wf_prng_new(8);
    assert_false(wf_hash_set_has(&set, 1));
    for (size_t i = 0; i < count; i++)
        assert_true(wf_hash_set_add(&set, wf_prng_u64(&prng)));
    for (size_t i = 0; i < count; i++) {
        assert_true(wf_hash_set_has(&set, wf_prng_u64(&again)));
        assert_false(wf_hash_set_has(&set, wf_prng_u64(&others)));
    }
    wf_hash_set_done(&set);
    assert_false(wf_hash_set_has(&set, 1));
}

static void adding_twice_adds_once(void **state)
{
    (void)state;
    wf_hash_set set = {0};
    for (int round = 0; round < 2; round++)
        for (uint64_t i = 1; i <= 1000; i++)
            assert_true(wf_hash_set_add(&set, i << 40)); // one slot for all
    assert_int_equal(set.count, 1000);
    wf_hash_set_done(&set);
}

static void zero_is_a_hash_like_any_other(void **state)
{
    (void)state;
    wf_hash_set set = {0};
    assert_true(wf_hash_set_add(&set, 5));
    assert_false(wf_hash_set_has(&set, 0));
    assert_true(wf_hash_set_add(&set, 0));
    assert_true(wf_hash_set_has(&set, 0));
    assert_true(wf_hash_set_has(&set, 5));
    wf_hash_set_done(&set);
    assert_false(wf_hash_set_has(&set, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_added_is_there_and_nothing_else),
        cmocka_unit_test(adding_twice_adds_once),
        cmocka_unit_test(zero_is_a_hash_like_any_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
