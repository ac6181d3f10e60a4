// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "model/grid.h"

static void an_area_ends_before_the_next_code(void **state)
{
    (void)state;
    static const struct {
        const char *grid, *to;
    } areas[] = {
        {"330212", "330213"},       {"3302", "3303"}, {"33021299", "3302129:"},
        {"\x7F", "\xC2\x80"},       {"网", "罒"},     {"a\xED\x9F\xBF", "a\xEE\x80\x80"},
        {"a\xF4\x8F\xBF\xBF", "b"},
    };
    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++) {
        wf_grid_area area;
        assert_true(wf_grid_area_of(wf_text_of(areas[i].grid), &area));
        wf_text to = {area.to, area.to_size};
        assert_true(wf_text_equal(area.from, wf_text_of(areas[i].grid)));
        if (!wf_text_equal(to, wf_text_of(areas[i].to)))
            fail_msg("%s ends before %.*s", areas[i].grid, (int)to.size, to.bytes);
        assert_true(wf_text_is_utf8(to));
    }
}

static void what_is_no_code_has_no_area(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "\xFF", "\xF4\x8F\xBF\xBF",
                                      "33021200100200300400500600700800"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        wf_grid_area area;
        assert_false(wf_grid_area_of(wf_text_of(bad[i]), &area));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_area_ends_before_the_next_code),
        cmocka_unit_test(what_is_no_code_has_no_area),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
