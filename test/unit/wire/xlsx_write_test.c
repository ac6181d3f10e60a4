// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/scratch.h"
#include "support/unzip.h"
#include "wire/xlsx_write.h"

static wf_path folder, path;

static wf_cell text_cell(const char *text)
{
    return (wf_cell){.text = wf_text_of(text)};
}

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s %s\n", error->code, error->params[1].value);
    assert_int_equal(status, WEFT_OK);
}

static wf_xlsx *open_book(void)
{
    wf_xlsx *book = NULL;
    weft_error error = {0};
    ok(wf_xlsx_open(path.text, folder.text, "演练 DRILL", &book, &error), &error);
    ok(wf_xlsx_sheet(book, "testing tubes", &error), &error);
    return book;
}

static char *content(const char *name)
{
    size_t size;
    char *zip = scratch_read(&path, &size);
    char *found = unzip_file(zip, size, name);
    free(zip);
    assert_non_null(found);
    return found;
}

static void has(const char *name, const char *what)
{
    char *xml = content(name);
    if (strstr(xml, what) == NULL)
        fail_msg("%s does not hold %s:\n%.2000s", name, what, xml);
    free(xml);
}

static void texts_stay_texts_and_numbers_are_numbers(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_xlsx *book = open_book();
    const wf_cell row[] = {text_cell("000000000000000001"),
                           text_cell("=1+1"),
                           text_cell("虚构 <一> & \"二\""),
                           {.text = WF_TEXT("31.5"), .is_number = true, .number = 31.5},
                           {.text = {NULL, 0}}};
    ok(wf_xlsx_row(book, row, 5, &error), &error);
    ok(wf_xlsx_close(book, &error), &error);
    const char *sheet = "xl/worksheets/sheet1.xml";
    has(sheet, "<c r=\"A1\" t=\"inlineStr\"><is><t>000000000000000001</t></is></c>");
    has(sheet, "<t>'=1+1</t>");
    has(sheet, "<t>虚构 &lt;一&gt; &amp; \"二\"</t>");
    has(sheet, "<c r=\"D1\"><v>31.5</v></c>");
    has(sheet, "&amp;C演练 DRILL");
    has("xl/workbook.xml", "name=\"testing tubes\"");
    has("docProps/core.xml", "演练 DRILL");
}

static void a_book_has_as_many_sheets_as_are_begun(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_xlsx *book = open_book();
    const wf_cell one = text_cell("one"), two = text_cell("two");
    ok(wf_xlsx_row(book, &one, 1, &error), &error);
    ok(wf_xlsx_sheet(book, "testing tubes 2", &error), &error);
    ok(wf_xlsx_row(book, &two, 1, &error), &error);
    ok(wf_xlsx_close(book, &error), &error);
    has("xl/worksheets/sheet1.xml", "<t>one</t>");
    has("xl/worksheets/sheet2.xml", "<c r=\"A1\" t=\"inlineStr\"><is><t>two</t>");
}

// A cell holds 32,767 characters: what is longer goes on behind the row, whole.
static void a_long_text_goes_on_behind_the_row(void **state)
{
    (void)state;
    enum { characters = 2 * WF_XLSX_CELL_CHARACTERS_MAX + 5 };
    weft_error error = {0};
    wf_buffer text = {0};
    for (size_t i = 0; i < characters; i++)
        assert_true(wf_buffer_append(&text, "字", 3));
    wf_xlsx *book = open_book();
    const wf_cell row[] = {{.text = wf_buffer_text(&text)}, text_cell("last")};
    ok(wf_xlsx_row(book, row, 2, &error), &error);
    ok(wf_xlsx_close(book, &error), &error);
    has("xl/worksheets/sheet1.xml", "<c r=\"B1\" t=\"inlineStr\"><is><t>last</t>");
    has("xl/worksheets/sheet1.xml", "<c r=\"D1\" t=\"inlineStr\"><is><t>字字字字字</t>");
    wf_buffer_done(&text);
}

static void what_cannot_be_written_is_said(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_xlsx *book = NULL;
    wf_path nowhere = scratch_path(&folder, "none");
    wf_path file = scratch_path(&nowhere, "a.xlsx");
    ok(wf_xlsx_open(file.text, folder.text, "t", &book, &error), &error);
    ok(wf_xlsx_sheet(book, "s", &error), &error);
    assert_int_equal(wf_xlsx_close(book, &error), WEFT_STORAGE);
    assert_string_equal(error.code, "io.write");
    book = open_book();
    wf_xlsx_abandon(book);
    wf_xlsx_abandon(NULL);
}

static int make_folder(void **state)
{
    (void)state;
    scratch_new(&folder);
    path = scratch_path(&folder, "book.xlsx");
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    scratch_remove(folder.text);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_stay_texts_and_numbers_are_numbers),
        cmocka_unit_test(a_book_has_as_many_sheets_as_are_begun),
        cmocka_unit_test(a_long_text_goes_on_behind_the_row),
        cmocka_unit_test(what_cannot_be_written_is_said),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
