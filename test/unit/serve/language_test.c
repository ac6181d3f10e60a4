// The language that is asked for.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "serve/http/language.h"

static const struct {
    const char *header;
    wf_language language; // where 中文 is the one otherwise
} examples[] = {
    {"", WF_LANGUAGE_ZH},
    {"en", WF_LANGUAGE_EN},
    {"EN-gb", WF_LANGUAGE_EN},
    {"zh-CN,zh;q=0.9,en;q=0.8", WF_LANGUAGE_ZH},
    {"en-US,en;q=0.9,zh-CN;q=0.8", WF_LANGUAGE_EN},
    {"zh;q=0.5, en;q=0.6", WF_LANGUAGE_EN},
    {"zh;q=0.5, en;q=0.5", WF_LANGUAGE_ZH},
    {"fr, de;q=0.9", WF_LANGUAGE_ZH},
    {"fr, en;q=0.1", WF_LANGUAGE_EN},
    {"en;q=0", WF_LANGUAGE_ZH},
    {"en;q=2", WF_LANGUAGE_ZH},
    {"en;q=", WF_LANGUAGE_ZH},
    {"en;level=1", WF_LANGUAGE_ZH},
    {"english", WF_LANGUAGE_ZH},
    {"*, en;q=0.5", WF_LANGUAGE_EN},
    {",,;,en", WF_LANGUAGE_EN},
};

static void the_language_with_the_greatest_weight_is_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        wf_text header = wf_text_of(examples[i].header);
        if (wf_language_of_header(header, WF_LANGUAGE_ZH) != examples[i].language)
            print_error("# %s\n", examples[i].header);
        assert_int_equal(wf_language_of_header(header, WF_LANGUAGE_ZH),
                         examples[i].language);
    }
    assert_int_equal(wf_language_of_header(WF_TEXT("fr"), WF_LANGUAGE_EN),
                     WF_LANGUAGE_EN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_language_with_the_greatest_weight_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
