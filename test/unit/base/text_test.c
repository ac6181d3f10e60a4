// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "base/text.h"

static void integers_are_whole_and_in_range(void **state)
{
    (void)state;
    int64_t value = 7;
    assert_true(
        wf_parse_i64(WF_TEXT("-9223372036854775808"), INT64_MIN, INT64_MAX, &value));
    assert_int_equal(value, INT64_MIN);
    assert_true(wf_parse_i64(WF_TEXT("+42"), 0, 100, &value));
    assert_int_equal(value, 42);
    static const char *const bad[] = {
        "", "-", "+", "1 ", " 1", "1.0", "0x1", "9223372036854775808", "101", "-1", "１"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(wf_parse_i64(wf_text_of(bad[i]), 0, 100, &value));
    assert_int_equal(value, 42);
}

static void utf8_is_judged_strictly(void **state)
{
    (void)state;
    assert_true(wf_text_is_utf8(WF_TEXT("湖㳇镇 \xF0\x9F\x98\x80")));
    static const char *const bad[] = {"\x80",         "\xC0\xAF",         "\xE0\x80\x80",
                                      "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE6\xB9",
                                      "\xFF"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(wf_text_is_utf8(wf_text_of(bad[i])));
}

static void a_buffer_keeps_its_limit(void **state)
{
    (void)state;
    wf_buffer buffer = {.limit = 4};
    assert_true(wf_buffer_append(&buffer, "abcd", 4));
    assert_false(wf_buffer_append(&buffer, "e", 1));
    assert_true(wf_text_equal(wf_buffer_text(&buffer), WF_TEXT("abcd")));
    wf_buffer_done(&buffer);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_whole_and_in_range),
        cmocka_unit_test(utf8_is_judged_strictly),
        cmocka_unit_test(a_buffer_keeps_its_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
