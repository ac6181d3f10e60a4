// The reference page names every field with the unit and range that the reader asks for.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <string.h>

#include "access/city/data_dir.h"
#include "model/protocol_read.h"

static void expect_rows(const char *page, const wf_protocol_field *fields)
{
    for (; fields->name != NULL; fields++) {
        char row[200];
        int size = snprintf(row, sizeof row, "\n| `%s` | %s | %g to %g | %s |\n",
                            fields->name, fields->unit, fields->min, fields->max,
                            fields->required ? "yes" : "no");
        assert_true(size > 0 && (size_t)size < sizeof row);
        if (strstr(page, row) == NULL)
            fail_msg("docs/reference/protocol.md lacks the row %s", row + 1);
    }
}

static void expect_word(const char *page, const char *word)
{
    if (strstr(page, word) == NULL)
        fail_msg("docs/reference/protocol.md does not know %s", word);
}

static void the_reference_page_is_what_the_reader_asks_for(void **state)
{
    (void)state;
    wf_arena arena = {0};
    weft_error error = {0};
    wf_path folder, path;
    wf_text page = {0};
    assert_int_equal(wf_data_dir(&wf_io_posix, "docs/reference", &folder, &error),
                     WEFT_OK);
    assert_int_equal(wf_path_join(folder.text, "protocol.md", &path, &error), WEFT_OK);
    assert_int_equal(
        wf_io_read_file(&wf_io_posix, path.text, 1 << 20, &arena, &page, &error),
        WEFT_OK);
    expect_rows(page.bytes, wf_protocol_fields);
    expect_rows(page.bytes, wf_protocol_place_fields);
    for (int event = 0; event < WF_EVENT_COUNT; event++)
        expect_word(page.bytes, wf_event_word((wf_event)event));
    for (int kind = 0; kind < WF_PLACE_KIND_COUNT; kind++)
        expect_word(page.bytes, wf_place_kind_word((wf_place_kind)kind));
    wf_arena_done(&arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_page_is_what_the_reader_asks_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
