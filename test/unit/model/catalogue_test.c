// The order in which codes are found is made beside the rows when the program is built.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "model/catalogue.h"

// A code and its Chinese message, out of the same files.
typedef struct {
    const char *code, *message;
} text;

#define TEXT(code, message_zh, message_en, detail_zh, detail_en, hint_zh, hint_en)       \
    {code, message_zh},

static const text first_and_last[] = {
#include "model/texts/access.def"
#include "model/texts/trace.def"
#include "model/texts/yaml.def"
};

static void every_code_finds_its_own_text(void **state)
{
    (void)state;
    size_t compared = 0;
    for (size_t i = 0; i < sizeof first_and_last / sizeof *first_and_last; i++) {
        const text *one = &first_and_last[i];
        const weft_error error = {.code = one->code};
        wf_buffer said = {0};
        assert_true(wf_catalogue_has(one->code));
        assert_true(wf_error_part_text(&error, WF_PART_MESSAGE, WF_LANGUAGE_ZH, &said));
        // What has parameters is another text once they are filled in.
        if (strchr(one->message, '{') == NULL) {
            assert_int_equal(said.size, strlen(one->message));
            assert_memory_equal(said.bytes, one->message, said.size);
            compared++;
        }
        wf_buffer_done(&said);
    }
    assert_true(compared > 40);
}

static void assert_part(const char *code, wf_error_part part, wf_language language,
                        const char *expected)
{
    const weft_error error = {.code = code};
    wf_buffer said = {0};
    assert_true(wf_error_part_text(&error, part, language, &said));
    assert_int_equal(said.size, strlen(expected));
    assert_memory_equal(said.bytes != NULL ? said.bytes : "", expected, said.size);
    wf_buffer_done(&said);
}

static void over_http_nobody_is_sent_to_the_command_line(void **state)
{
    (void)state;
    assert_part("view.unknown", WF_PART_HINT, WF_LANGUAGE_EN, "weft view DIR lists them");
    assert_part("view.unknown", WF_PART_HINT_OVER_HTTP, WF_LANGUAGE_EN,
                "choose one of the lists that there are");
    assert_part("view.unknown", WF_PART_HINT_OVER_HTTP, WF_LANGUAGE_ZH,
                "从所列的清单中选一个");
    // A hint that holds for both is the same; what only the command line says is none.
    assert_part("case.unknown", WF_PART_HINT_OVER_HTTP, WF_LANGUAGE_EN,
                "check the id, or import the cases first");
    assert_part("usage.task", WF_PART_HINT_OVER_HTTP, WF_LANGUAGE_EN, "");
    assert_part("a.none", WF_PART_HINT_OVER_HTTP, WF_LANGUAGE_EN, "");
}

static void what_is_no_code_is_not_found(void **state)
{
    (void)state;
    static const char *const none[] = {"", "a", "access", "access.", "yaml.zzz", "~"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(wf_catalogue_has(none[i]));
    assert_false(wf_catalogue_has(NULL));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_finds_its_own_text),
        cmocka_unit_test(over_http_nobody_is_sent_to_the_command_line),
        cmocka_unit_test(what_is_no_code_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
