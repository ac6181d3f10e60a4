// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <string.h>

#include "model/catalogue.h"
#include "wire/mapping.h"

static const wf_mapping_target visit_fields[] = {
    {"person", true, false}, {"place", true, false}, {"start", true, true},
    {"end", false, true},    {NULL, false, false},
};
static const wf_mapping_kind kinds[] = {{"visits", visit_fields, NULL}};

static wf_zone *zone;
static wf_arena arena;

static int begin(void **state)
{
    (void)state;
    weft_error error = {0};
    return wf_zone_open("Asia/Shanghai", &zone, &error) == WEFT_OK ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    wf_arena_done(&arena);
    wf_zone_close(zone);
    return 0;
}

#define HEAD "kind: visits\nfields:\n  person: {column: a}\n  place: {column: b}\n"

typedef struct {
    const char *what, *yaml, *code;
    unsigned line;
} wrong;

static const wrong wrongs[] = {
    {"no kind", "fields: {}\n", "mapping.key_missing", 1},
    {"unknown kind", "kind: birds\n", "mapping.unknown_kind", 1},
    {"unknown key", "kind: visits\ncolour: red\n", "yaml.unknown_key", 2},
    {"no fields and no header", "kind: visits\nheader: false\n", "mapping.key_missing",
     1},
    {"dates", "kind: visits\ndates: both\nfields: {}\n", "mapping.choice", 2},
    {"a list of sheets", "kind: visits\nsheet: [a]\nfields: {}\n", "mapping.not_a_word",
     2},
    {"field missing", HEAD, "mapping.field_missing", 2},
    {"unknown field", HEAD "  begin: {column: c}\n", "yaml.unknown_key", 5},
    {"two sources", HEAD "  start: {column: c, constant: x}\n", "mapping.one_source", 5},
    {"no source", HEAD "  start: {prefix: x}\n", "mapping.one_source", 5},
    {"time of a word", "kind: visits\nfields:\n  person: {time: {column: a}}\n",
     "mapping.no_time", 3},
    {"time without column", HEAD "  start: {time: {format: iso}}\n", "mapping.column", 5},
    {"bad pattern", HEAD "  start: {time: {column: c, format: \"%Q\"}}\n",
     "mapping.time_format", 5},
    {"pattern without day", HEAD "  start: {time: {column: c, format: \"%Y-%m\"}}\n",
     "mapping.time_format", 5},
    {"epoch without seconds", HEAD "  start: {time: {column: c, epoch: 2020-01-01}}\n",
     "mapping.epoch_unused", 5},
    {"plus_s too large", HEAD "  start: {time: {column: c, plus_s: 99999999999}}\n",
     "mapping.number", 5},
    {"default_stay", "kind: visits\ndefault_stay: 0\nfields: {}\n", "mapping.number", 2},
    {"format", "kind: visits\nformat: xml\n", "mapping.choice", 2},
    {"gzip", "kind: visits\ngzip: never\n", "mapping.gzip", 2},
    {"name without header",
     "kind: visits\nheader: false\nfields:\n  person: {column: a}\n",
     "mapping.name_without_header", 4},
    {"otherwise alone", HEAD "  start: {column: c, otherwise: x}\n", "mapping.otherwise",
     5},
    {"join of one", HEAD "  start: {column: c, join: x}\n", "mapping.join", 5},
    {"cells of one", HEAD "  start: {column: c, cells: {x: y}}\n", "mapping.join", 5},
    {"may_lack of one", HEAD "  start: {column: c, may_lack: [c]}\n", "mapping.may_lack",
     5},
    {"may_lack of another", HEAD "  start: {column: [c, d], may_lack: [e]}\n",
     "mapping.may_lack", 5},
    {"may_lack no list", HEAD "  start: {column: [c, d], may_lack: d}\n",
     "mapping.may_lack", 5},
    {"five columns", "kind: visits\nfields:\n  person: {column: [1, 2, 3, 4, 5]}\n",
     "mapping.too_many_columns", 3},
    {"empty split", HEAD "  start: {column: c, split: \"\"}\n", "mapping.split", 5},
    {"two splits",
     "kind: visits\nfields:\n  person: {column: a, split: \",\"}\n"
     "  place: {column: b, split: \",\"}\n  start: {column: c}\n",
     "mapping.two_splits", 4},
    {"a list", "- a\n", "yaml.not_a_map", 1},
};

static void errors_name_file_line_and_what_is_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        const wf_mapping *mapping = NULL;
        weft_error error = {0};
        weft_status status = wf_mapping_parse(wf_text_of(wrongs[i].yaml), "m.yaml", kinds,
                                              1, &arena, &mapping, &error);
        if (status != WEFT_BAD_INPUT || strcmp(error.code, wrongs[i].code) != 0 ||
            error.line != wrongs[i].line || strcmp(error.file, "m.yaml") != 0)
            fail_msg("%s: %s line %u", wrongs[i].what, error.code, (unsigned)error.line);
        assert_true(wf_catalogue_has(error.code));
        assert_null(mapping);
    }
}

// Parses, binds to the header "a,b,c,d" and returns the binding.
static wf_binding bound(const char *yaml)
{
    static const wf_text header[] = {{"a", 1}, {" b ", 3}, {"c", 1}, {"d", 1}};
    const wf_mapping *mapping = NULL;
    wf_binding binding = {0};
    weft_error error = {0};
    if (wf_mapping_parse(wf_text_of(yaml), "m.yaml", kinds, 1, &arena, &mapping,
                         &error) != WEFT_OK ||
        wf_mapping_bind(mapping, &kinds[0], zone, header, mapping->header ? 4 : 0,
                        &binding, &error) != WEFT_OK)
        fail_msg("%s line %u", error.code, (unsigned)error.line);
    return binding;
}

static void assert_field(const wf_binding *binding, size_t field, const wf_text *row,
                         size_t part, const char *expected)
{
    wf_text text;
    assert_true(wf_binding_text(binding, field, row, part, &arena, &text));
    if (!wf_text_equal(text, wf_text_of(expected)))
        fail_msg("field %zu: %.*s", field, (int)text.size, text.bytes);
}

static void cells_become_fields(void **state)
{
    (void)state;
    wf_binding binding = bound(
        "kind: visits\nformat: csv\ndefault_stay: 45\nfields:\n"
        "  person: {column: a, split: \",\", map: {x: y, NA: \"\"}, prefix: \"kr-\"}\n"
        "  place: {column: [b, 4], join: \"/\"}\n"
        "  start: {column: c, map: {NA: \"\"}, otherwise: z}\n"
        "  end: {constant: \"2020-01-02\"}\n");
    const wf_text row[] = {WF_TEXT(" 7, ,x ,NA, 8,"), WF_TEXT(" B "), WF_TEXT("NA"),
                           WF_TEXT("D")};
    assert_int_equal(binding.columns_needed, 4);
    assert_int_equal(wf_binding_records(&binding, row), 3);
    assert_field(&binding, 0, row, 0, "kr-7");
    assert_field(&binding, 0, row, 1, "kr-y");
    assert_field(&binding, 0, row, 2, "kr-8");
    assert_field(&binding, 1, row, 0, "B/D");
    assert_field(&binding, 2, row, 0, "");
    assert_field(&binding, 3, row, 0, "2020-01-02");
    const wf_text empty[] = {WF_TEXT(" , "), WF_TEXT(""), WF_TEXT("q"), WF_TEXT(" ")};
    assert_int_equal(wf_binding_records(&binding, empty), 0);
    assert_field(&binding, 1, empty, 0, "");
    assert_field(&binding, 2, empty, 0, "z");
}

// Words of cells become others before they are joined; what a file lacks is empty.
static void joined_cells_have_words(void **state)
{
    (void)state;
    wf_binding binding =
        bound("kind: visits\nfields:\n  person: {column: a}\n  start: {column: c}\n"
              "  end: {column: e, may_lack: [e]}\n"
              "  place: {column: [b, e, d], may_lack: [e], join: \"/\", "
              "cells: {Ja: \"1\", x/y: xy}, map: {\"1//xy\": both}}\n");
    const wf_text row[] = {WF_TEXT("7"), WF_TEXT(" Ja "), WF_TEXT("9"), WF_TEXT("x/y")};
    const wf_text other[] = {WF_TEXT("7"), WF_TEXT("1"), WF_TEXT("9"), WF_TEXT("z")};
    const wf_text none[] = {WF_TEXT("7"), WF_TEXT(""), WF_TEXT("9"), WF_TEXT(" ")};
    assert_int_equal(binding.columns_needed, 4);
    assert_field(&binding, 1, row, 0, "both");
    assert_field(&binding, 1, other, 0, "1//z");
    assert_field(&binding, 1, none, 0, "");
    assert_field(&binding, 3, row, 0, "");
}

typedef struct {
    const char *format, *text, *expected; // "" : cannot be read
} time_example;

static const time_example times[] = {
    {"format: iso", " 2021-12-09 10:05 ", "2021-12-09T10:05:00+08:00"},
    {"format: iso, plus_s: -20", "2021-12-09T10:05:00Z", "2021-12-09T18:04:40+08:00"},
    {"format: seconds, epoch: 2013-06-24T00:00:00+02:00, plus_s: -20", "28820",
     "2013-06-24T14:00:00+08:00"},
    {"format: seconds, epoch: 2013-06-24", "1.5e1", "2013-06-24T00:00:15+08:00"},
    {"format: seconds", "x", ""},
    {"format: seconds", "1e300", ""},
    {"format: serial", "43831", "2020-01-01T00:00:00+08:00 day"},
    {"format: serial", "43831.5", "2020-01-01T12:00:00+08:00"},
    {"format: serial", "nan", ""},
    {"format: serial", "59", ""},
    {"format: \"%d/%m/%Y\"", "5/2/2020", "2020-02-05T00:00:00+08:00 day"},
    {"format: \"%d/%m/%Y\"", "31/2/2020", ""},
    {"format: \"%m/%d/%y %H:%M\"", "2/5/20 9:07", "2020-02-05T09:07:00+08:00"},
    {"format: \"%Y%m%d%H%M%S\"", "20200205090708", "2020-02-05T09:07:08+08:00"},
    {"format: \"%d/%m/%Y\"", "5/2/2020 x", ""},
    // As a workbook gives it.
    {"format: \"%d/%m/%Y\"", "2020-02-05 09:07:00", "2020-02-05T09:07:00+08:00"},
    {"format: serial", "2020-02-05", "2020-02-05T00:00:00+08:00 day"},
    {"format: \"%Y-%d-%m\"", "2020-02-13", ""},
    {"format: \"%d/%m/%Y\"", "", ""},
};

static void times_are_read_by_their_format(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        char yaml[400], got[WF_TIME_TEXT_MAX + 8] = "";
        assert_true(snprintf(yaml, sizeof yaml, HEAD "  start: {time: {column: c, %s}}\n",
                             times[i].format) < (int)sizeof yaml);
        wf_binding binding = bound(yaml);
        weft_time at;
        wf_iso_kind kind;
        if (wf_binding_time(&binding, 2, wf_text_of(times[i].text), &at, &kind)) {
            wf_time_text(got, at, zone);
            if (kind == WF_ISO_DATE)
                strncat(got, " day", 5);
        }
        if (strcmp(got, times[i].expected) != 0)
            fail_msg("%s of %s: %s", times[i].format, times[i].text, got);
    }
}

// Which number of a date is the day is said, never found out.
static void dates_are_read_by_the_order_that_was_said(void **state)
{
    (void)state;
    static const struct {
        const char *text, *asked, *day_first, *month_first;
    } dates[] = {
        {"03/04/2021", "asked", "2021-04-03T00:00:00+08:00 day",
         "2021-03-04T00:00:00+08:00 day"},
        {"3.4.2021 9:07", "asked", "2021-04-03T09:07:00+08:00",
         "2021-03-04T09:07:00+08:00"},
        {"03-04-2021  09:07:08", "asked", "2021-04-03T09:07:08+08:00",
         "2021-03-04T09:07:08+08:00"},
        // Also where it can only be one of them: the next row will be a guess.
        {"31/12/2021", "asked", "2021-12-31T00:00:00+08:00 day", ""},
        {"12/31/2021", "asked", "", "2021-12-31T00:00:00+08:00 day"},
        {"31/02/2021", "asked", "", ""},
        {"2021/12/9", "2021-12-09T00:00:00+08:00 day", "2021-12-09T00:00:00+08:00 day",
         "2021-12-09T00:00:00+08:00 day"},
        {"2021年12月9日 10:05", "2021-12-09T10:05:00+08:00", "2021-12-09T10:05:00+08:00",
         "2021-12-09T10:05:00+08:00"},
        {"2021年12月9日", "2021-12-09T00:00:00+08:00 day",
         "2021-12-09T00:00:00+08:00 day", "2021-12-09T00:00:00+08:00 day"},
        // Which century it is nobody said either.
        {"03/04/21", "", "", ""},
        {"2021/13/9", "", "", ""},
        {"2021/12/9 25:00", "", "", ""},
        {"3/4/2021 10", "", "", ""},
        {"3/4-2021", "", "", ""},
        {"3/4/2021/5", "", "", ""},
        {"20213/4/2", "", "", ""},
        {"3/4", "", "", ""},
        {"年", "", "", ""},
        {"", "", "", ""},
    };
    static const char *const yamls[] = {"", "dates: day-first\n", "dates: month-first\n"};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        const char *const wanted[] = {dates[i].asked, dates[i].day_first,
                                      dates[i].month_first};
        for (size_t order = 0; order < 3; order++) {
            char yaml[400], got[WF_TIME_TEXT_MAX + 8] = "";
            weft_time at;
            wf_iso_kind kind;
            snprintf(yaml, sizeof yaml, "%s" HEAD "  start: {column: c}\n", yamls[order]);
            wf_binding binding = bound(yaml);
            wf_date_found found =
                wf_binding_date(&binding, wf_text_of(dates[i].text), &at, &kind);
            if (found == WF_DATE_READ) {
                wf_time_text(got, at, zone);
                if (kind == WF_ISO_DATE)
                    strncat(got, " day", 5);
            } else if (found == WF_DATE_ASKED) {
                strncat(got, "asked", 6);
            }
            if (strcmp(got, wanted[order]) != 0)
                fail_msg("%s%s: %s", yamls[order], dates[i].text, got);
        }
    }
}

static void a_mapping_without_fields_takes_columns_by_their_names(void **state)
{
    (void)state;
    static const wf_text header[] = {{"place", 5}, {"person", 6}, {"start", 5}};
    const wf_mapping *mapping = NULL;
    wf_binding binding;
    weft_error error = {0};
    assert_int_equal(
        wf_mapping_parse(WF_TEXT("kind: visits\nsheet: 十二月\ndates: day-first\n"),
                         "m.yaml", kinds, 1, &arena, &mapping, &error),
        WEFT_OK);
    assert_true(mapping->plain);
    assert_string_equal(mapping->sheet, "十二月");
    assert_int_equal(
        wf_mapping_bind(mapping, &kinds[0], zone, header, 3, &binding, &error), WEFT_OK);
    assert_int_equal(binding.fields[0].columns[0], 1);
    assert_int_equal(binding.dates, WF_DATES_DAY_FIRST);
}

typedef struct {
    const char *yaml; // NULL: plain CSV
    const char *header[4];
    const char *code;
} unbindable;

static void headers_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    static const unbindable examples[] = {
        {NULL, {"person", "place", "begin"}, "mapping.unknown_column"},
        {NULL, {"person", "place", "person"}, "mapping.column_twice"},
        {NULL, {"person", "place"}, "mapping.column_missing"},
        {HEAD "  start: {column: c}\n", {"a", "b"}, "mapping.column_missing"},
        {HEAD "  start: {column: c}\n", {"a", "b", "c", "a"}, "mapping.column_twice"},
        {HEAD "  start: {time: {column: c, format: seconds, epoch: noon}}\n",
         {"a", "b", "c"},
         "mapping.epoch"},
    };
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const unbindable *x = &examples[i];
        const wf_mapping *mapping = NULL;
        wf_binding binding;
        weft_error error = {0};
        wf_text header[4];
        size_t count = 0;
        for (; count < 4 && x->header[count] != NULL; count++)
            header[count] = wf_text_of(x->header[count]);
        if (x->yaml != NULL)
            assert_int_equal(wf_mapping_parse(wf_text_of(x->yaml), "m.yaml", kinds, 1,
                                              &arena, &mapping, &error),
                             WEFT_OK);
        assert_int_equal(
            wf_mapping_bind(mapping, &kinds[0], zone, header, count, &binding, &error),
            WEFT_BAD_INPUT);
        assert_string_equal(error.code, x->code);
        assert_true(wf_catalogue_has(error.code));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_name_file_line_and_what_is_wrong),
        cmocka_unit_test(cells_become_fields),
        cmocka_unit_test(joined_cells_have_words),
        cmocka_unit_test(times_are_read_by_their_format),
        cmocka_unit_test(dates_are_read_by_the_order_that_was_said),
        cmocka_unit_test(a_mapping_without_fields_takes_columns_by_their_names),
        cmocka_unit_test(headers_that_do_not_fit_are_refused),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
