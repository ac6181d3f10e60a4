// How an import ends, as it is said to people and to programs.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>
#include <string.h>

#include "cli/import_run.h"

// What is printed of a summary; to be freed.
static char *said(const weft_import_summary *summary, wf_language language, bool json)
{
    wf_cli *cli = calloc(1, sizeof *cli);
    char *text = NULL;
    size_t size = 0;
    assert_non_null(cli);
    cli->language = language;
    cli->json = json;
    cli->out = open_memstream(&text, &size);
    cli->messages = stderr;
    assert_int_equal(wf_cli_end(cli, wf_import_say(cli, summary, false)), 0);
    assert_int_equal(fclose(cli->out), 0);
    free(cli);
    return text;
}

static void two_places_are_a_number_or_said_not_to_be_known(void **state)
{
    (void)state;
    static const struct {
        uint64_t count;
        bool unknown;
        const char *json, *zh, *en; // "": nothing is said of it
    } rows[] = {
        {0, false, "", "", ""},
        {3, false, "\"two_places\":3}", "3 人日", "3 person-days"},
        {0, true, "\"two_places\":null}", "未统计", "not counted"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        weft_import_summary summary = {.rows = 9,
                                       .accepted = 9,
                                       .two_places = rows[i].count,
                                       .two_places_unknown = rows[i].unknown};
        char *json = said(&summary, WF_LANGUAGE_EN, true);
        char *zh = said(&summary, WF_LANGUAGE_ZH, false);
        char *en = said(&summary, WF_LANGUAGE_EN, false);
        bool silent = *rows[i].json == '\0';
        assert_int_equal(silent, strstr(json, "two_places") == NULL);
        assert_int_equal(silent, strstr(zh, "两处") == NULL);
        assert_int_equal(silent, strstr(en, "two places") == NULL);
        assert_non_null(strstr(json, rows[i].json));
        assert_non_null(strstr(zh, rows[i].zh));
        assert_non_null(strstr(en, rows[i].en));
        free(json);
        free(zh);
        free(en);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_places_are_a_number_or_said_not_to_be_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
