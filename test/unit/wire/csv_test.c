// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "model/catalogue.h"
#include "support/bytes_source.h"
#include "wire/csv.h"

// Everything read as one text: fields in [], rows ended by '\n', a row of wrong form as
// !code@line.
static weft_status read_all(const wf_csv_options *as, bytes_source source, wf_buffer *ret,
                            weft_error *error)
{
    wf_csv_options options = *as;
    options.read = bytes_source_read;
    options.context = &source;
    options.name = "test.csv";
    wf_csv *csv = NULL;
    wf_csv_block block = {0};
    WF_TRY(wf_csv_open(&options, &csv, error));
    weft_status status;
    while ((status = wf_csv_next(csv, &block, error)) == WEFT_OK &&
           block.rows_count > 0) {
        for (size_t i = 0; i < block.rows_count; i++) {
            const wf_csv_row *row = &block.rows[i];
            if (row->bad != NULL) {
                assert_true(wf_catalogue_has(row->bad));
                assert_true(
                    wf_buffer_printf(ret, "!%s@%u", row->bad, (unsigned)row->line));
            }
            for (size_t f = 0; f < row->fields_count; f++) {
                wf_text field = block.fields[row->first_field + f];
                assert_true(
                    wf_buffer_printf(ret, "[%.*s]", (int)field.size, field.bytes));
            }
            assert_true(wf_buffer_append(ret, "\n", 1));
        }
    }
    wf_csv_block_done(&block);
    wf_csv_close(csv);
    return status;
}

typedef struct {
    const char *what;
    wf_csv_dialect dialect;
    const char *text;
    const char *expected;
} example;

static const example examples[] = {
    {"plain rows", WF_CSV_COMMA, "a,b\nc,d\n", "[a][b]\n[c][d]\n"},
    {"no line end at the end", WF_CSV_COMMA, "a,b\nc,d", "[a][b]\n[c][d]\n"},
    {"CRLF", WF_CSV_COMMA, "a,b\r\nc,\r\n", "[a][b]\n[c][]\n"},
    {"a byte order mark", WF_CSV_COMMA,
     "\xEF\xBB\xBF"
     "a,b\n",
     "[a][b]\n"},
    {"empty fields", WF_CSV_COMMA, ",,\n", "[][][]\n"},
    {"blank lines are no rows", WF_CSV_COMMA, "\n\na\n  \n\r\nb\n", "[a]\n[b]\n"},
    {"quoted commas", WF_CSV_COMMA, "\"a,b\",c\n", "[a,b][c]\n"},
    {"doubled quotes", WF_CSV_COMMA, "\"a\"\"b\"\"\",\"\"\"\"\n", "[a\"b\"][\"]\n"},
    {"an empty quoted field", WF_CSV_COMMA, "\"\",\"\"\r\n", "[][]\n"},
    {"line ends in quotes", WF_CSV_COMMA, "\"a\nb\r\n\",c\n", "[a\nb\r\n][c]\n"},
    {"a quote in plain text", WF_CSV_COMMA, "a\"b,c\"\n", "[a\"b][c\"]\n"},
    {"a quote that never ends", WF_CSV_COMMA, "a,\"b\nc,d\ne,f\n",
     "!wire.quote_endless@1\n[c][d]\n[e][f]\n"},
    {"the same twice", WF_CSV_COMMA, "\"x\"\"y\",\"b\n\"x\"\"y\",\"b\n\"q\"\"\",1\n",
     "!wire.quote_text@1\n!wire.quote_text@2\n[q\"][1]\n"},
    {"text behind a quote", WF_CSV_COMMA, "\"a\"b,c\nd\n", "!wire.quote_text@1\n[d]\n"},
    {"lines are counted", WF_CSV_COMMA, "\"a\n\n\"\n\n\xFF\n",
     "[a\n\n]\n!wire.not_utf8@5\n"},
    {"Chinese", WF_CSV_COMMA, "\xE5\xAE\x9C\xE5\x85\xB4,\xE7\x94\xB7\n",
     "[\xE5\xAE\x9C\xE5\x85\xB4][\xE7\x94\xB7]\n"},
    {"blanks and tabs", WF_CSV_SPACE, "1 2\t\t3  \r\n  4 5\n\n \n\"6\" 7",
     "[1][2][3]\n[4][5]\n[\"6\"][7]\n"},
};

static void texts_become_rows_of_fields_however_they_are_handed_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const example *x = &examples[i];
        for (size_t part = 0; part < 6; part++) {
            wf_buffer got = {0};
            weft_error error = {0};
            wf_csv_options options = {.dialect = x->dialect};
            bytes_source source = {x->text, strlen(x->text), 0, part, 0};
            assert_int_equal(read_all(&options, source, &got, &error), WEFT_OK);
            assert_true(wf_buffer_append(&got, "", 1));
            if (strcmp(got.bytes, x->expected) != 0)
                fail_msg("%s: %s", x->what, got.bytes);
            wf_buffer_done(&got);
        }
    }
}

static void a_nul_is_refused_with_its_row(void **state)
{
    (void)state;
    wf_buffer got = {0};
    weft_error error = {0};
    bytes_source source = {"a,b\nc\0d,e\nf,g\n", 14, 0, 0, 0};
    assert_int_equal(read_all(&(wf_csv_options){0}, source, &got, &error), WEFT_OK);
    assert_true(
        wf_text_equal(wf_buffer_text(&got), WF_TEXT("[a][b]\n!wire.nul@2\n[f][g]\n")));
    wf_buffer_done(&got);
}

// `count` times `byte`, then `tail`.
static void fill_bytes(wf_buffer *buffer, char byte, size_t count, const char *tail)
{
    assert_true(wf_buffer_reserve(buffer, count));
    memset(buffer->bytes + buffer->size, byte, count);
    buffer->size += count;
    assert_true(wf_buffer_append(buffer, tail, strlen(tail)));
}

static void limits_of_a_row_refuse_the_row_and_reading_goes_on(void **state)
{
    (void)state;
    wf_buffer text = {0}, got = {0};
    weft_error error = {0};
    fill_bytes(&text, ',', WF_CSV_FIELDS_MAX, "\n");
    fill_bytes(&text, 'x', WF_CSV_ROW_BYTES_MAX + 1, "\nok\n");
    fill_bytes(&text, 'x', 600000, "\nfine\n\"");
    fill_bytes(&text, 'x', 600000, "\"\nlast\n");
    bytes_source source = {text.bytes, text.size, 0, 0, 0};
    assert_int_equal(read_all(&(wf_csv_options){0}, source, &got, &error), WEFT_OK);
    assert_true(wf_text_equal(
        wf_buffer_text(&got),
        WF_TEXT("!wire.too_many_fields@1\n!wire.row_too_long@2\n[ok]\n"
                "!wire.row_too_long@4\n[fine]\n!wire.quote_endless@6\n[last]\n")));
    wf_buffer_done(&text);
    wf_buffer_done(&got);
}

static void a_line_without_end_is_no_table(void **state)
{
    (void)state;
    wf_buffer text = {0}, got = {0};
    weft_error error = {0};
    assert_true(wf_buffer_append(&text, "a\n", 2));
    fill_bytes(&text, 'x', 3 * WF_CSV_LINE_BYTES_MAX, "\n");
    bytes_source source = {text.bytes, text.size, 0, 0, 0};
    assert_int_equal(read_all(&(wf_csv_options){0}, source, &got, &error),
                     WEFT_BAD_INPUT);
    assert_string_equal(error.code, "wire.line_too_long");
    assert_string_equal(error.file, "test.csv");
    wf_buffer_done(&text);
    wf_buffer_done(&got);
}

static size_t gzip(const char *bytes, size_t size, unsigned char *out, size_t out_size)
{
    z_stream stream = {0};
    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
                     Z_OK);
    stream.next_in = (unsigned char *)(uintptr_t)bytes;
    stream.avail_in = (uInt)size;
    stream.next_out = out;
    stream.avail_out = (uInt)out_size;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    size_t made = out_size - stream.avail_out;
    deflateEnd(&stream);
    return made;
}

static void gzip_is_found_out_and_members_are_joined(void **state)
{
    (void)state;
    unsigned char bytes[256] = {0};
    size_t size = gzip("a,b\nc,", 6, bytes, sizeof bytes);
    size += gzip("d\ne,f\n", 6, bytes + size, sizeof bytes - size);
    size_t padded = size + 10; // zero bytes behind, as tapes leave them
    for (size_t part = 0; part < 4; part++) {
        wf_buffer got = {0};
        weft_error error = {0};
        bytes_source source = {(const char *)bytes, padded, 0, part, 0};
        assert_int_equal(read_all(&(wf_csv_options){0}, source, &got, &error), WEFT_OK);
        assert_true(
            wf_text_equal(wf_buffer_text(&got), WF_TEXT("[a][b]\n[c][d]\n[e][f]\n")));
        wf_buffer_done(&got);
    }
    // Cut anywhere it is an error, never a shorter table, except between the members.
    size_t first = gzip("a,b\nc,", 6, bytes, sizeof bytes);
    for (size_t cut = 2; cut < size; cut++) {
        wf_buffer got = {0};
        weft_error error = {0};
        bytes_source source = {(const char *)bytes, cut, 0, 0, 0};
        weft_status status = read_all(&(wf_csv_options){0}, source, &got, &error);
        assert_int_equal(status, cut == first ? WEFT_OK : WEFT_BAD_INPUT);
        wf_buffer_done(&got);
    }
}

static void gb18030_is_made_utf8_and_what_is_not_gb18030_is_refused(void **state)
{
    (void)state;
    // 宜兴,男 in GB18030; then a lone byte that begins nothing.
    const char text[] = "\xD2\xCB\xD0\xCB,\xC4\xD0\n\x81\x30\x81\x30,x\nb\xFF,c\n\xC4";
    for (size_t part = 0; part < 4; part++) {
        wf_buffer got = {0};
        weft_error error = {0};
        bytes_source source = {text, sizeof text - 1, 0, part, 0};
        wf_csv_options options = {.gb18030 = true};
        assert_int_equal(read_all(&options, source, &got, &error), WEFT_OK);
        assert_true(wf_text_equal(
            wf_buffer_text(&got),
            WF_TEXT("[\xE5\xAE\x9C\xE5\x85\xB4][\xE7\x94\xB7]\n[\xC2\x80][x]\n"
                    "!wire.not_utf8@3\n!wire.not_utf8@4\n")));
        wf_buffer_done(&got);
    }
}

static void a_source_that_fails_is_a_failure_not_an_end(void **state)
{
    (void)state;
    wf_buffer got = {0};
    weft_error error = {0};
    bytes_source source = {"a,b\nc,d\n", 8, 0, 4, 4};
    assert_int_equal(read_all(&(wf_csv_options){0}, source, &got, &error), WEFT_STORAGE);
    assert_string_equal(error.code, "io.read");
    wf_buffer_done(&got);
}

static void separators_are_found_out(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        char separator;
    } rows[] = {
        {"a,b,c\n1;2;3;4;5\n", ','},
        {"a;b;c\n1,5;2;3\n", ';'},
        {"a\tb\n1,2,3\n", '\t'},
        {"a;\"b,c,d,e\";f\n", ';'},
        {"Liste\n\na;b\n", ';'},
        {"a\n1\n", ','},
        {"", ','},
        {"a;b,c\n", ','},
        {"\"zwei\n;;;Zeilen\",b\n", ','},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (wf_csv_separator_of(wf_text_of(rows[i].text)) != rows[i].separator)
            fail_msg("of \"%s\"", rows[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(separators_are_found_out),
        cmocka_unit_test(texts_become_rows_of_fields_however_they_are_handed_out),
        cmocka_unit_test(a_nul_is_refused_with_its_row),
        cmocka_unit_test(limits_of_a_row_refuse_the_row_and_reading_goes_on),
        cmocka_unit_test(a_line_without_end_is_no_table),
        cmocka_unit_test(gzip_is_found_out_and_members_are_joined),
        cmocka_unit_test(gb18030_is_made_utf8_and_what_is_not_gb18030_is_refused),
        cmocka_unit_test(a_source_that_fails_is_a_failure_not_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
