// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>

#include "support/bytes_source.h"
#include "support/made_book.h"
#include "support/scratch.h"
#include "wire/csv.h"
#include "wire/xlsx_write.h"

// All rows of a book as lines "1|a|b", or the code with which reading ended.
static void read_bytes(const char *bytes, size_t size, const char *sheet, wf_buffer *ret,
                       weft_error *error)
{
    bytes_source source = {bytes, size, 0, 1000, 0};
    wf_csv_options options = {
        .read = bytes_source_read, .context = &source, .name = "b.xlsx", .sheet = sheet};
    wf_csv *csv = NULL;
    wf_csv_block block = {0};
    weft_status status = wf_csv_open(&options, &csv, error);
    while (status == WEFT_OK && (status = wf_csv_next(csv, &block, error)) == WEFT_OK &&
           block.rows_count > 0) {
        for (size_t i = 0; i < block.rows_count; i++) {
            const wf_csv_row *row = &block.rows[i];
            assert_true(wf_buffer_printf(ret, "%u", (unsigned)row->line));
            if (row->bad != NULL)
                assert_true(wf_buffer_printf(ret, " %s", row->bad));
            for (size_t f = 0; f < row->fields_count; f++) {
                wf_text field = block.fields[row->first_field + f];
                assert_true(wf_buffer_printf(ret, "|%.*s", (int)field.size, field.bytes));
            }
            assert_true(wf_buffer_printf(ret, "\n"));
        }
    }
    if (status != WEFT_OK) {
        assert_int_equal(status, WEFT_BAD_INPUT);
        wf_buffer_clear(ret);
        assert_true(wf_buffer_printf(ret, "%s", error->code));
    }
    assert_true(wf_buffer_append(ret, "", 1));
    wf_csv_block_done(&block);
    wf_csv_close(csv);
}

static void read_book(const made_xml *xml, const char *sheet, wf_buffer *ret,
                      weft_error *error)
{
    wf_buffer zip = {0};
    made_book(xml, &zip);
    read_bytes(zip.bytes, zip.size, sheet, ret, error);
    wf_buffer_done(&zip);
}

#define ROW(number, cells) "<row r=\"" #number "\">" cells "</row>"
#define NUMBER(at, value) "<c r=\"" at "\"><v>" value "</v></c>"
#define STYLED(at, style, value) "<c r=\"" at "\" s=\"" #style "\"><v>" value "</v></c>"
#define INLINE(at, text) "<c r=\"" at "\" t=\"inlineStr\"><is>" text "</is></c>"
#define SHARED(at, index) "<c r=\"" at "\" t=\"s\"><v>" #index "</v></c>"

static const char texts[] =
    "<sst xmlns=\"" MADE_SPACE "\" count=\"4\"><si><t>病例号</t></si>"
    "<si><r><t xml:space=\"preserve\">虚构 </t></r><r><rPr><b/></rPr><t>甲</t></r>"
    "<rPh sb=\"0\" eb=\"1\"><t>きょこう</t></rPh></si><si><t/></si>"
    "<si><t>a_x000D_\nb_x005F_c_x0000_ &lt;\"q\"&gt;, </t></si></sst>";

// 1 date, 2 date and time, 3 text, 4 own date, 5 quoted letters only, 6 a span of time.
static const char styles[] =
    "<styleSheet xmlns=\"" MADE_SPACE "\"><numFmts>"
    "<numFmt numFmtId=\"164\" "
    "formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@\"/>"
    "<numFmt numFmtId=\"165\" formatCode=\"0.0&quot; days&quot;[Red]\"/>"
    "<numFmt numFmtId=\"166\" formatCode=\"[h]:mm:ss\"/></numFmts>"
    "<cellStyleXfs><xf numFmtId=\"22\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/>"
    "<xf numFmtId=\"14\"/><xf numFmtId=\"22\"/><xf numFmtId=\"49\"/>"
    "<xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf numFmtId=\"166\"/></cellXfs>"
    "<dxfs><dxf><numFmt numFmtId=\"0\" formatCode=\"yyyy\"/></dxf></dxfs></styleSheet>";

#define CALENDAR_1904 MADE_BOOK("<workbookPr date1904=\"1\"/>" MADE_ONE_SHEET)

typedef struct {
    const char *what, *book, *data, *rows;
} reading;

static const reading readings[] = {
    {"texts of all kinds, as they are", NULL,
     ROW(1, SHARED("A1", 0) SHARED("B1", 1) INLINE("C1", "<t>x</t>"))
         ROW(2, INLINE("A2", "<r><t>a</t></r><r><t> b</t></r><rPh><t>z</t></rPh>")
                    SHARED("B2", 2) SHARED(
                        "C2", 3) "<c r=\"D2\" t=\"str\"><f>A1&amp;1</f><v>kept</v></c>"),
     "1|病例号|虚构 甲|x\n2|a b||a\r\nb_c_x0000_ <\"q\">, |kept\n"},
    {"numbers are their digits, and those that were rounded look so", NULL,
     ROW(1, NUMBER("A1", "13800000000") NUMBER("B1", "31.5") NUMBER("C1", "1.0E-2")
                NUMBER("D1", "320282196405310016") NUMBER("E1", "-0")
                    NUMBER("F1", "0.30000000000000004")),
     "1|13800000000|31.5|0.01|3.20282196405310E+17|0|0.3\n"},
    {"a number is a date only where its style says so", NULL,
     ROW(1, STYLED("A1", 1, "44541") STYLED("B1", 0, "44541") STYLED("C1", 3, "44541")
                STYLED("D1", 4, "44541") STYLED("E1", 5, "44541") STYLED("F1", 6, "1.5")),
     "1|2021-12-11|44541|44541|2021-12-11|44541|1.5\n"},
    {"a time of day is shown where there is one", NULL,
     ROW(1, STYLED("A1", 2, "44541") STYLED("B1", 1, "44541.420138888891")
                STYLED("C1", 2, "0.5") STYLED("D1", 2, "44540.999999")),
     "1|2021-12-11 00:00:00|2021-12-11 10:05:00|12:00:00|2021-12-11 00:00:00\n"},
    {"the day that never was is no date, and those before it are right", NULL,
     ROW(1, STYLED("A1", 1, "1") STYLED("B1", 1, "59") STYLED("C1", 1, "60")
                STYLED("D1", 1, "61") STYLED("E1", 1, "2958465")
                    STYLED("F1", 1, "2958466") STYLED("G1", 1, "-3")),
     "1|1900-01-01|1900-02-28|1900-02-29|1900-03-01|9999-12-31|2958466|-3\n"},
    {"the calendar of 1904 is heard", CALENDAR_1904,
     ROW(1, STYLED("A1", 1, "1") STYLED("B1", 1, "43079")), "1|1904-01-02|2021-12-11\n"},
    {"formulas give the value that was kept, or say that there is none", NULL,
     ROW(1, "<c r=\"A1\"><f>1+1</f><v>2</v></c><c r=\"B1\"><f>NOW()</f></c>"
            "<c r=\"C1\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>"
            "<c r=\"D1\" t=\"b\"><v>1</v></c><c r=\"E1\" t=\"b\"><v>0</v></c>"
            "<c r=\"F1\" t=\"str\"><f>\"\"</f><v></v></c>"
            "<c r=\"G1\" t=\"d\"><v>2021-12-11</v></c>"),
     "1|2|#CALC!|#DIV/0!|true|false||2021-12-11\n"},
    {"rows keep their numbers, empty ones are none, line breaks do not count", NULL,
     ROW(2, INLINE("B2", "<t>a\nb</t>"))
         ROW(3, "<c r=\"A3\" s=\"1\"/>") "<row><c><v>7</v></c><c><v>8</v></c></row>" ROW(
             9, NUMBER("A9", "9")),
     "2||a\nb\n4|7|8\n9|9|\n"},
    {"what is not of the table does not come", NULL,
     ROW(1, NUMBER("A1", "1") "<extLst><ext><c r=\"B1\"><v>2</v></c></ext></extLst>"),
     "1|1\n"},
    {"columns that go back", NULL, ROW(1, NUMBER("B1", "1") NUMBER("A1", "2")),
     "wire.xlsx_damaged"},
    {"rows that go back", NULL, ROW(2, NUMBER("A2", "1")) ROW(1, NUMBER("A1", "2")),
     "wire.xlsx_damaged"},
    {"a row past the end of a sheet", NULL, ROW(1048577, NUMBER("A1", "1")),
     "wire.xlsx_damaged"},
    {"a column past the end of a sheet", NULL, ROW(1, NUMBER("XFE1", "1")),
     "wire.xlsx_damaged"},
    {"a shared text that is not there", NULL, ROW(1, SHARED("A1", 4)),
     "wire.xlsx_damaged"},
    {"XML that is none", NULL, "<row><c></row>", "wire.xlsx_damaged"},
};

static void cells_become_what_they_show(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof readings / sizeof readings[0]; i++) {
        const reading *c = &readings[i];
        wf_buffer sheet = {0}, rows = {0};
        weft_error error = {0};
        assert_true(wf_buffer_printf(&sheet, "%s%s%s",
                                     "<worksheet xmlns=\"" MADE_SPACE "\"><sheetData>",
                                     c->data, "</sheetData></worksheet>"));
        assert_true(wf_buffer_append(&sheet, "", 1));
        made_xml xml = {
            .book = c->book, .sheet = sheet.bytes, .texts = texts, .styles = styles};
        read_book(&xml, NULL, &rows, &error);
        if (strcmp(rows.bytes, c->rows) != 0)
            fail_msg("%s:\n%s\nwanted:\n%s", c->what, rows.bytes, c->rows);
        wf_buffer_done(&sheet);
        wf_buffer_done(&rows);
    }
}

#define ONE MADE_SHEET(ROW(1, NUMBER("A1", "1")))
#define TWO MADE_SHEET(ROW(1, NUMBER("A1", "2")))
#define SHEETS(state_of_second)                                                          \
    MADE_BOOK("<sheets><sheet name=\"病例\" r:id=\"rId1\"/><sheet name=\"说明\" "    \
              "r:id=\"rId2\"" state_of_second "/><sheet name=\"图\" r:id=\"rId5\"/>"    \
              "</sheets>")

static void a_sheet_is_named_where_there_are_several(void **state)
{
    (void)state;
    static const struct {
        const char *what, *book, *sheet, *rows, *sheets;
    } cases[] = {
        {"two", SHEETS(""), NULL, "wire.xlsx_sheets", "病例, 说明"},
        {"one by its name", SHEETS(""), "说明", "1|2\n", NULL},
        {"a hidden one does not count", SHEETS(" state=\"hidden\""), NULL, "1|1\n", NULL},
        {"a hidden one by its name", SHEETS(" state=\"veryHidden\""), "说明", "1|2\n",
         NULL},
        {"a name that is not there", SHEETS(""), "病", "wire.xlsx_no_sheet",
         "病例, 说明"},
        {"a chart is no table", SHEETS(""), "图", "wire.xlsx_no_sheet", "病例, 说明"},
        {"no sheet", MADE_BOOK("<sheets/>"), NULL, "wire.xlsx_none", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        wf_buffer rows = {0};
        weft_error error = {0};
        made_xml xml = {.book = cases[i].book, .sheet = ONE, .other_sheet = TWO};
        read_book(&xml, cases[i].sheet, &rows, &error);
        if (strcmp(rows.bytes, cases[i].rows) != 0)
            fail_msg("%s: %s", cases[i].what, rows.bytes);
        if (cases[i].sheets != NULL)
            assert_string_equal(error.params[1].value, cases[i].sheets);
        wf_buffer_done(&rows);
    }
}

static void a_name_that_no_list_holds_ends_no_message(void **state)
{
    (void)state;
    wf_buffer book = {0}, rows = {0};
    weft_error error = {0};
    assert_true(wf_buffer_printf(&book, "%s",
                                 "<workbook xmlns=\"" MADE_SPACE
                                 "\" xmlns:r=\"" MADE_RELATIONS "\"><sheets>"));
    for (int i = 0; i < 40; i++)
        assert_true(wf_buffer_printf(
            &book, "<sheet name=\"十二月第%d日的流调名单\" r:id=\"rId1\"/>", i));
    assert_true(
        wf_buffer_append(&book, "</sheets></workbook>", sizeof "</sheets></workbook>"));
    read_book(&(made_xml){.book = book.bytes, .sheet = ONE}, NULL, &rows, &error);
    assert_string_equal(rows.bytes, "wire.xlsx_sheets");
    assert_true(wf_text_is_utf8(wf_text_of(error.params[1].value)));
    assert_non_null(strstr(error.params[1].value, ", …"));
    wf_buffer_done(&book);
    wf_buffer_done(&rows);
}

static void merged_cells_are_refused_by_their_range(void **state)
{
    (void)state;
    wf_buffer rows = {0};
    weft_error error = {0};
    made_xml xml = {.sheet = "<worksheet xmlns=\"" MADE_SPACE "\"><sheetData>" ROW(
                        1, NUMBER("A1", "1")) "</sheetData><mergeCells count=\"1\">"
                                              "<mergeCell ref=\"A1:D1\"/></mergeCells>"
                                              "</worksheet>"};
    read_book(&xml, NULL, &rows, &error);
    assert_string_equal(rows.bytes, "wire.xlsx_merged");
    assert_string_equal(error.params[1].value, "A1:D1");
    wf_buffer_done(&rows);
}

// ---- hostile files ----

static void no_entity_is_expanded(void **state)
{
    (void)state;
    static const char *const types[] = {
        "<!DOCTYPE w [<!ENTITY a \"xxxxxxxxxx\"><!ENTITY b \"&a;&a;&a;\">]>",
        "<!DOCTYPE w SYSTEM \"file:///etc/passwd\">", "<!DOCTYPE w []>"};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        char sheet[500];
        wf_buffer rows = {0};
        weft_error error = {0};
        snprintf(sheet, sizeof sheet, "%s%s", types[i],
                 MADE_SHEET(ROW(1, INLINE("A1", "<t>&b;</t>"))));
        read_book(&(made_xml){.sheet = sheet}, NULL, &rows, &error);
        assert_string_equal(rows.bytes, "wire.xlsx_entities");
        wf_buffer_done(&rows);
    }
}

static void read_sheet(wf_buffer *sheet, const char *wanted)
{
    wf_buffer rows = {0};
    weft_error error = {0};
    assert_true(wf_buffer_append(sheet, "", 1));
    read_book(&(made_xml){.sheet = sheet->bytes, .texts = texts}, NULL, &rows, &error);
    assert_string_equal(rows.bytes, wanted);
    wf_buffer_done(&rows);
    wf_buffer_done(sheet);
}

static void fill(wf_buffer *to, const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++)
        assert_true(wf_buffer_append(to, text, strlen(text)));
}

static void what_grows_beyond_reason_is_refused(void **state)
{
    (void)state;
    wf_buffer sheet = {0};
    fill(&sheet, "<worksheet xmlns=\"" MADE_SPACE "\"><sheetData>", 1);
    fill(&sheet, "<row></row>", 900000); // 10 MB that pack to some 20 kB
    fill(&sheet, "</sheetData></worksheet>", 1);
    read_sheet(&sheet, "wire.xlsx_too_large");
}

static void a_name_without_end_is_refused(void **state)
{
    (void)state;
    wf_buffer sheet = {0};
    fill(&sheet, "<worksheet xmlns=\"" MADE_SPACE "\"><!-- ", 1);
    fill(&sheet, "comment ", 200000);
    fill(&sheet, "--></worksheet>", 1);
    read_sheet(&sheet, "wire.xlsx_damaged");
}

static void a_depth_without_end_is_refused(void **state)
{
    (void)state;
    wf_buffer sheet = {0};
    fill(&sheet, "<a>", 100);
    read_sheet(&sheet, "wire.xlsx_damaged");
}

static void a_row_without_end_is_refused(void **state)
{
    (void)state;
    wf_buffer sheet = {0};
    fill(&sheet, "<worksheet xmlns=\"" MADE_SPACE "\"><sheetData><row>", 1);
    fill(&sheet, "<c t=\"s\"><v>0</v></c>", 16384);
    fill(&sheet, "</row><row><c t=\"str\"><v>", 1);
    fill(&sheet, "0123456789abcdef", 9000);
    fill(&sheet, "</v></c></row></sheetData></worksheet>", 1);
    read_sheet(&sheet, "wire.xlsx_row_too_long");
}

static void a_long_row_is_one_bad_row(void **state)
{
    (void)state;
    wf_buffer sheet = {0};
    fill(&sheet, "<worksheet xmlns=\"" MADE_SPACE "\"><sheetData><row><c t=\"str\"><v>",
         1);
    fill(&sheet, "P-1,\n", 20000);
    fill(&sheet, "</v></c></row><row><c><v>2</v></c></row></sheetData></worksheet>", 1);
    // However it is cut, no line of the cell becomes a row of its own.
    read_sheet(&sheet, "1 wire.quote_endless\n2|2\n");
}

static void what_is_no_book_is_refused(void **state)
{
    (void)state;
    wf_buffer whole = {0}, empty = {0};
    made_book(&(made_xml){.sheet = ONE}, &whole);
    made_zip(NULL, 0, &empty);
    const struct {
        const char *what;
        wf_text bytes;
        const char *code;
    } cases[] = {
        {"cut", {whole.bytes, whole.size - 30}, "wire.xlsx_damaged"},
        {"only its beginning", {whole.bytes, 4}, "wire.xlsx_damaged"},
        {"an old book", WF_TEXT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and so on"),
         "wire.xls"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        wf_buffer rows = {0};
        weft_error error = {0};
        read_bytes(cases[i].bytes.bytes, cases[i].bytes.size, NULL, &rows, &error);
        if (strcmp(rows.bytes, cases[i].code) != 0)
            fail_msg("%s: %s", cases[i].what, rows.bytes);
        wf_buffer_done(&rows);
    }
    // Any other zip: a text document.
    wf_buffer zip = {0}, rows = {0};
    weft_error error = {0};
    made_zip(&(made_part){"content.xml", WF_TEXT("<x/>"), false}, 1, &zip);
    read_bytes(zip.bytes, zip.size, NULL, &rows, &error);
    assert_string_equal(rows.bytes, "wire.xlsx_none");
    wf_buffer_done(&rows);
    wf_buffer_done(&zip);
    wf_buffer_done(&whole);
    wf_buffer_done(&empty);
}

static void a_flipped_byte_is_noticed_or_harmless(void **state)
{
    (void)state;
    wf_buffer whole = {0};
    made_book(&(made_xml){.sheet = ONE, .texts = texts, .styles = styles}, &whole);
    for (size_t i = 0; i < whole.size; i += 7) {
        wf_buffer rows = {0};
        weft_error error = {0};
        whole.bytes[i] ^= 0x20;
        read_bytes(whole.bytes, whole.size, NULL, &rows, &error);
        if (strcmp(rows.bytes, "1|1\n") != 0)
            assert_true(error.status == WEFT_BAD_INPUT || i < 4);
        whole.bytes[i] ^= 0x20;
        wf_buffer_done(&rows);
    }
    wf_buffer_done(&whole);
}

// ---- there and back ----

static void what_is_written_reads_back(void **state)
{
    (void)state;
    wf_path folder, path;
    wf_xlsx *book = NULL;
    weft_error error = {0};
    wf_buffer rows = {0};
    size_t size;
    const wf_cell cells[] = {{.text = WF_TEXT("320282196405310012")},
                             {.text = WF_TEXT("虚构 <一> & \"二\",\n三 _x000D_")},
                             {.text = {NULL, 0}},
                             {.text = WF_TEXT("31.5"), .is_number = true, .number = 31.5},
                             {.text = WF_TEXT(" both ends ")}};
    scratch_new(&folder);
    assert_int_equal(wf_path_join(folder.text, "a.xlsx", &path, &error), WEFT_OK);
    assert_int_equal(wf_xlsx_open(path.text, folder.text, "t", &book, &error), WEFT_OK);
    assert_int_equal(wf_xlsx_sheet(book, "cases", &error), WEFT_OK);
    assert_int_equal(wf_xlsx_row(book, cells, 5, &error), WEFT_OK);
    assert_int_equal(wf_xlsx_close(book, &error), WEFT_OK);
    char *bytes = scratch_read(&path, &size);
    read_bytes(bytes, size, NULL, &rows, &error);
    assert_string_equal(rows.bytes,
                        "1|320282196405310012|虚构 <一> & \"二\",\n三 _x000D_||"
                        "31.5| both ends \n");
    free(bytes);
    wf_buffer_done(&rows);
    scratch_remove(folder.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_become_what_they_show),
        cmocka_unit_test(a_sheet_is_named_where_there_are_several),
        cmocka_unit_test(a_name_that_no_list_holds_ends_no_message),
        cmocka_unit_test(merged_cells_are_refused_by_their_range),
        cmocka_unit_test(no_entity_is_expanded),
        cmocka_unit_test(what_grows_beyond_reason_is_refused),
        cmocka_unit_test(a_name_without_end_is_refused),
        cmocka_unit_test(a_depth_without_end_is_refused),
        cmocka_unit_test(a_row_without_end_is_refused),
        cmocka_unit_test(a_long_row_is_one_bad_row),
        cmocka_unit_test(what_is_no_book_is_refused),
        cmocka_unit_test(a_flipped_byte_is_noticed_or_harmless),
        cmocka_unit_test(what_is_written_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
