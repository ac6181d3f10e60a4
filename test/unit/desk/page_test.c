// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>
#include <string.h>

#include "desk/kinds.h"
#include "desk/page.h"
#include "desk/page_holes.h"
#include "desk/page_views.h"
#include "desk/queries.h"
#include "support/golden.h"
#include "wire/facts.h"

static void every_example_is_a_line_that_can_be_sent(void **state)
{
    (void)state;
    const wf_kinds *kinds = wf_desk_kinds();
    wf_zone *zone = NULL;
    weft_error error = {0};
    assert_int_equal(wf_zone_open("Asia/Shanghai", &zone, &error), WEFT_OK);
    for (size_t i = 0; i < kinds->kinds_count; i++) {
        wf_arena arena = {0};
        wf_buffer line = {0};
        wf_fact fact;
        bool known;
        assert_true(wf_page_example(kinds->kinds[i], &line));
        if (wf_facts_read(kinds, zone, wf_buffer_text(&line), &arena, &fact, &known,
                          &error) != WEFT_OK)
            fail_msg("%s: %s %s", kinds->kinds[i]->name, error.code, error.field);
        assert_ptr_equal(fact.kind, kinds->kinds[i]);
        wf_buffer_done(&line);
        wf_arena_done(&arena);
    }
    wf_zone_close(zone);
}

static void assert_says(wf_buffer *text, const char *what)
{
    if (memmem(text->bytes, text->size, what, strlen(what)) == NULL)
        fail_msg("nothing says %s", what);
}

static void the_help_names_every_kind_and_every_field(void **state)
{
    (void)state;
    const wf_kinds *kinds = wf_desk_kinds();
    for (int language = 0; language < 2; language++) {
        wf_buffer list = {0};
        assert_true(wf_page_kinds(kinds, (wf_language)language, &list));
        for (size_t i = 0; i < kinds->kinds_count; i++) {
            const wf_kind *kind = kinds->kinds[i];
            wf_buffer about = {0};
            assert_says(&list, kind->name);
            assert_says(&list, language == WF_LANGUAGE_ZH ? kind->zh : kind->en);
            assert_true(wf_page_kind(kind, (wf_language)language, &about));
            for (size_t f = 0; f < kind->fields_count; f++)
                assert_says(&about, language == WF_LANGUAGE_ZH ? kind->fields[f].zh
                                                               : kind->fields[f].en);
            wf_buffer_done(&about);
        }
        wf_buffer_done(&list);
    }
}

static void the_reference_page_is_made_from_the_declarations(void **state)
{
    (void)state;
    wf_buffer page = {0};
    assert_true(wf_page_reference(wf_desk_kinds(), &page));
    golden_compare("docs/reference/facts.md", &page);
    wf_buffer_done(&page);
}

static void the_page_of_holes_is_made_from_their_headers(void **state)
{
    (void)state;
    wf_buffer page = {0};
    assert_true(wf_page_holes_reference(&page));
    golden_compare("docs/reference/holes.md", &page);
    wf_buffer_done(&page);
}

static void the_help_names_every_kind_of_hole(void **state)
{
    (void)state;
    size_t count;
    const wf_sql_text *texts = wf_desk_holes(&count);
    wf_buffer list = {0};
    bool known = true;
    assert_true(wf_page_holes(WF_LANGUAGE_ZH, &list));
    for (size_t i = 0; i < count; i++) {
        wf_buffer one = {0};
        assert_says(&list, texts[i].name);
        assert_true(wf_page_hole(texts[i].name, WF_LANGUAGE_EN, &one, &known) && known);
        assert_says(&one, "closed by: ");
        wf_buffer_done(&one);
    }
    assert_true(wf_page_hole("register/none", WF_LANGUAGE_EN, &list, &known));
    assert_false(known);
    wf_buffer_done(&list);
}

static void the_reference_page_of_views_is_made_from_their_headers(void **state)
{
    (void)state;
    wf_buffer page = {0};
    assert_true(wf_page_views_reference(&page));
    golden_compare("docs/reference/views.md", &page);
    wf_buffer_done(&page);
}

static void the_help_names_every_view_and_every_column(void **state)
{
    (void)state;
    size_t count;
    const wf_sql_text *texts = wf_desk_views(&count);
    for (size_t i = 0; i < 2 * count; i++) {
        wf_language language = i % 2 == 0 ? WF_LANGUAGE_ZH : WF_LANGUAGE_EN;
        wf_buffer list = {0}, about = {0};
        wf_arena arena = {0};
        wf_sql_file file;
        char why[WF_SQL_WHY_MAX];
        bool known = false;
        assert_true(wf_sql_file_read(&texts[i / 2], wf_desk_kinds(), &arena, &file, why));
        assert_true(wf_page_views(language, &list));
        assert_says(&list, file.name);
        assert_true(wf_page_view(wf_text_of(file.name), language, &about, &known));
        assert_true(known);
        for (size_t c = 0; c < file.columns_count; c++)
            assert_says(&about, language == WF_LANGUAGE_ZH ? file.columns[c].about->zh
                                                           : file.columns[c].about->en);
        wf_buffer_done(&list);
        wf_buffer_done(&about);
        wf_arena_done(&arena);
    }
}

static void a_full_buffer_is_said_and_not_written_past(void **state)
{
    (void)state;
    wf_buffer whole = {0};
    assert_true(wf_page_reference(wf_desk_kinds(), &whole));
    for (size_t limit = 1; limit < whole.size; limit += 97) {
        wf_buffer cut = {.limit = limit};
        assert_false(wf_page_reference(wf_desk_kinds(), &cut));
        wf_buffer_done(&cut);
    }
    wf_buffer_done(&whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_is_a_line_that_can_be_sent),
        cmocka_unit_test(the_help_names_every_kind_and_every_field),
        cmocka_unit_test(the_reference_page_is_made_from_the_declarations),
        cmocka_unit_test(the_page_of_holes_is_made_from_their_headers),
        cmocka_unit_test(the_help_names_every_kind_of_hole),
        cmocka_unit_test(the_reference_page_of_views_is_made_from_their_headers),
        cmocka_unit_test(the_help_names_every_view_and_every_column),
        cmocka_unit_test(a_full_buffer_is_said_and_not_written_past),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
