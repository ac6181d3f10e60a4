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
        cmocka_unit_test(what_is_no_code_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
