// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "support/bytes_source.h"
#include "wire/csv.h"
#include "wire/csv_write.h"

#define CELL(literal)                                                                    \
    {                                                                                    \
        .text = {(literal), sizeof(literal) - 1 }                                        \
    }
#define NUMBER(literal, value)                                                           \
    {                                                                                    \
        .text = {(literal), sizeof(literal) - 1}, .is_number = true, .number = (value)   \
    }

static void rows_are_written_as_spreadsheet_programs_read_them(void **state)
{
    (void)state;
    static const struct {
        wf_cell cells[4];
        size_t count;
        const char *line;
    } rows[] = {
        {{CELL("a"), CELL("b")}, 2, "a,b\r\n"},
        {{CELL("a,b"), CELL("c\"d"), CELL("e\r\nf")},
         3,
         "\"a,b\",\"c\"\"d\",\"e\r\nf\"\r\n"},
        {{CELL(" a"), CELL("b "), CELL("")}, 3, "\" a\",\"b \",\r\n"},
        {{CELL("=1+1"), CELL("+86"), CELL("-5"), CELL("@x")},
         4,
         "'=1+1,'+86,'-5,'@x\r\n"},
        {{CELL("\tx"), CELL("\rx")}, 2, "'\tx,\"'\rx\"\r\n"},
        {{CELL("=\"a\",b")}, 1, "\"'=\"\"a\"\",b\"\r\n"},
        {{NUMBER("-5", -5), NUMBER("31.5", 31.5)}, 2, "-5,31.5\r\n"},
        {{CELL("")}, 1, "\"\"\r\n"},
        {{CELL("虚构"), CELL("000000000000000001")}, 2, "虚构,000000000000000001\r\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wf_buffer text = {0};
        assert_true(wf_csv_put_row(rows[i].cells, rows[i].count, &text));
        assert_int_equal(text.size, strlen(rows[i].line));
        assert_memory_equal(text.bytes, rows[i].line, text.size);
        wf_buffer_done(&text);
    }
}

static void what_was_written_reads_back(void **state)
{
    (void)state;
    static const wf_cell cells[3][3] = {
        {CELL("一"), CELL("two, \"three\""), CELL("")},
        {CELL("line\r\nline"), CELL(""), CELL("'x")},
        {CELL("a'b"), CELL(";"), NUMBER("-1.5", -1.5)},
    };
    wf_buffer text = {0};
    weft_error error = {0};
    wf_csv *csv = NULL;
    wf_csv_block block = {0};
    assert_true(wf_csv_put_mark(&text));
    for (size_t i = 0; i < 3; i++)
        assert_true(wf_csv_put_row(cells[i], 3, &text));
    bytes_source source = {text.bytes, text.size, 0, 0, 0};
    wf_csv_options options = {
        .read = bytes_source_read, .context = &source, .name = "test.csv"};
    assert_int_equal(wf_csv_open(&options, &csv, &error), WEFT_OK);
    assert_int_equal(wf_csv_next(csv, &block, &error), WEFT_OK);
    assert_int_equal(block.rows_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_null(block.rows[i].bad);
        assert_int_equal(block.rows[i].fields_count, 3);
        for (size_t c = 0; c < 3; c++)
            assert_true(wf_text_equal(block.fields[block.rows[i].first_field + c],
                                      cells[i][c].text));
    }
    wf_csv_block_done(&block);
    wf_csv_close(csv);
    wf_buffer_done(&text);
}

static void a_full_buffer_is_said(void **state)
{
    (void)state;
    const wf_cell cells[] = {CELL("a\"b"), CELL("=c")};
    for (size_t limit = 1; limit < 12; limit++) {
        wf_buffer text = {.limit = limit};
        assert_false(wf_csv_put_row(cells, 2, &text));
        wf_buffer_done(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_written_as_spreadsheet_programs_read_them),
        cmocka_unit_test(what_was_written_reads_back),
        cmocka_unit_test(a_full_buffer_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
