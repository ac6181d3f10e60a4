// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "weft/status.h"

// What a shell script and a client are told must not contradict each other.
static void the_exit_code_and_the_http_status_say_the_same(void **state)
{
    (void)state;
    for (weft_status status = 0; status < WEFT_STATUS_COUNT; status++) {
        int code = weft_status_exit_code(status), http = weft_status_http(status);
        assert_in_range(http, 200, 599);
        assert_int_equal(code == 0, http == 200);
        if (code == 2 || code == 3 || code == 4)
            assert_in_range(http, 400, 499);
        else if (code == 5)
            assert_true(http >= 500 || status == WEFT_FORGOTTEN);
        else
            assert_true(code == 0 || code == 1 || code == 130);
    }
    assert_int_equal(weft_status_http(WEFT_NOT_ALLOWED), 403);
    assert_int_equal(weft_status_http(WEFT_NOT_FOUND), 404);
    assert_int_equal(weft_status_http(WEFT_FORGOTTEN), 410);
}

static void every_status_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (weft_status a = 0; a < WEFT_STATUS_COUNT; a++) {
        const char *name = weft_status_name(a);
        assert_true(strspn(name, "abcdefghijklmnopqrstuvwxyz_") == strlen(name));
        for (weft_status b = 0; b < a; b++)
            assert_string_not_equal(name, weft_status_name(b));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_exit_code_and_the_http_status_say_the_same),
        cmocka_unit_test(every_status_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
