// Rows written straight to bytes say what the library's tree would say.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve/areas/json_out.h"

static void texts_are_escaped_as_the_library_does(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",         "P-0000007", "12月4日 同住",         "a\"b", "back\\slash",
        "\n\t\x01", "del \x7f/", "\xf0\x9f\xa7\xb5 '<>&"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        wf_buffer bytes = {0};
        wf_json_out out = {.to = &bytes};
        json_t *value = json_string(texts[i]);
        char *expected = json_dumps(value, JSON_ENCODE_ANY);
        wf_json_out_text(&out, texts[i]);
        assert_true(wf_json_out_done(&out));
        assert_int_equal(bytes.size, strlen(expected));
        assert_memory_equal(bytes.bytes, expected, bytes.size);
        free(expected);
        json_decref(value);
        wf_buffer_done(&bytes);
    }
}

static void what_is_not_utf8_is_never_written(void **state)
{
    (void)state;
    static const char *const texts[] = {"\xff", "a\xc3", "\xed\xa0\x80", "\"\xff"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        wf_buffer bytes = {0};
        wf_json_out out = {.to = &bytes};
        wf_json_out_text(&out, texts[i]);
        assert_false(wf_json_out_done(&out));
        wf_buffer_done(&bytes);
    }
}

static void shares_have_the_four_digits_that_printf_gives(void **state)
{
    (void)state;
    static const double given[] = {0,        1,         0.5,      0.02665,   0.123449,
                                   0.99994,  0.99996,   0.099996, 0.0099999, 0.00012346,
                                   1.5e-7,   9.9996e-9, 1e-9,     3.3e-13,   5e-324,
                                   0.300001, 0.0833333, 0.25,     0.1,       1e-4};
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        wf_buffer bytes = {0};
        wf_json_out out = {.to = &bytes};
        char expected[32];
        wf_json_out_share(&out, given[i]);
        assert_true(wf_json_out_done(&out) && wf_buffer_append(&bytes, "", 1));
        snprintf(expected, sizeof expected, "%.4g", given[i]);
        assert_true(strtod(bytes.bytes, NULL) == strtod(expected, NULL));
        json_t *read = json_loads(bytes.bytes, JSON_DECODE_ANY, NULL);
        assert_true(json_is_number(read));
        json_decref(read);
        wf_buffer_done(&bytes);
    }
}

static void values_stand_in_lists_and_objects(void **state)
{
    (void)state;
    static const char expected[] = "{\"a\":[1,-9223372036854775808,{}],\"b\":null,"
                                   "\"c\":[true,false,[]],\"d\":\"x\"}";
    wf_buffer bytes = {0};
    wf_json_out out = {.to = &bytes};
    wf_json_out_open(&out, '{');
    wf_json_out_name(&out, WF_JSON_NAME("a"));
    wf_json_out_open(&out, '[');
    wf_json_out_whole(&out, 1);
    wf_json_out_whole(&out, INT64_MIN);
    wf_json_out_open(&out, '{');
    wf_json_out_close(&out, '}');
    wf_json_out_close(&out, ']');
    wf_json_out_name(&out, WF_JSON_NAME("b"));
    wf_json_out_text(&out, NULL);
    wf_json_out_name(&out, WF_JSON_NAME("c"));
    wf_json_out_open(&out, '[');
    wf_json_out_yesno(&out, true);
    wf_json_out_yesno(&out, false);
    wf_json_out_open(&out, '[');
    wf_json_out_close(&out, ']');
    wf_json_out_close(&out, ']');
    wf_json_out_name(&out, WF_JSON_NAME("d"));
    wf_json_out_text(&out, "x");
    wf_json_out_close(&out, '}');
    assert_true(wf_json_out_done(&out));
    assert_int_equal(bytes.size, sizeof expected - 1);
    assert_memory_equal(bytes.bytes, expected, bytes.size);
    wf_buffer_done(&bytes);
}

static void a_full_buffer_fails_for_good(void **state)
{
    (void)state;
    wf_buffer bytes = {.limit = 4};
    wf_json_out out = {.to = &bytes};
    wf_json_out_text(&out, "long");
    wf_json_out_whole(&out, 1);
    assert_false(wf_json_out_done(&out));
    wf_buffer_done(&bytes);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_escaped_as_the_library_does),
        cmocka_unit_test(what_is_not_utf8_is_never_written),
        cmocka_unit_test(shares_have_the_four_digits_that_printf_gives),
        cmocka_unit_test(values_stand_in_lists_and_objects),
        cmocka_unit_test(a_full_buffer_fails_for_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
