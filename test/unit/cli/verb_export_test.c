// `weft export`: the rows of a view as CSV and as a workbook.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <sys/stat.h>

#include "support/unzip.h"
#include "support/verb_city.h"
#include "weft/export.h"

static int make_city(void **state)
{
    (void)state;
    verb_city_make("2021-12-12T12:00+08:00");
    verb_city_import("persons",
                     "person,name,sex,birth,grid,phone,id_number\n"
                     "P-0000001,\"=1+1, \"\"二\"\"\",male,1980-02-03,330212001001,"
                     "+8610000000001,000000000000000001\n");
    verb_city_import(
        "facts", "{\"device\":\"S-1\",\"seq\":1,\"kind\":\"sample.collected\","
                 "\"at\":\"2021-12-12T07:41:05+08:00\","
                 "\"body\":{\"tube\":\"T-1\",\"person\":\"P-0000001\"}}\n"
                 "{\"device\":\"S-1\",\"seq\":2,\"kind\":\"sample.collected\","
                 "\"at\":\"2021-12-12T07:42:05+08:00\","
                 "\"body\":{\"tube\":\"T-2\",\"person\":\"P-0000001\"}}\n"
                 "{\"device\":\"L-1\",\"seq\":1,\"kind\":\"tube.resulted\","
                 "\"at\":\"2021-12-12T08:41:05+08:00\","
                 "\"body\":{\"tube\":\"T-1\",\"result\":\"positive\",\"ct\":31.5}}\n");
    return 0;
}

static void end_well(outcome o)
{
    if (o.code != 0)
        print_error("%s%s", o.out, o.messages);
    assert_int_equal(o.code, 0);
    outcome_done(&o);
}

static void holds(const char *text, const char *what)
{
    if (strstr(text, what) == NULL)
        fail_msg("\"%s\" is not in:\n%s", what, text);
}

// Ended by NUL.
static char *read_text(const wf_path *path)
{
    size_t size;
    char *bytes = scratch_read(path, &size);
    char *text = strndup(bytes, size);
    assert_non_null(text);
    assert_int_equal(strlen(text), size);
    free(bytes);
    return text;
}

static void check_mode(const wf_path *path)
{
    struct stat about;
    assert_int_equal(stat(path->text, &about), 0);
    assert_int_equal(about.st_mode & 07777, 0600);
}

static bool exists(const char *name)
{
    wf_path path = scratch_path(&folder, name);
    return access(path.text, F_OK) == 0;
}

static void csv_is_for_spreadsheet_programs(void **state)
{
    (void)state;
    wf_path path = scratch_path(&folder, "persons.csv");
    end_well(RUN("weft", "export", city.text, "register/persons", path.text));
    char *text = read_text(&path);
    assert_memory_equal(text, "\xEF\xBB\xBF演练 DRILL\r\n人员编号,", 27);
    holds(text, "\r\nthe person's id,");
    holds(text, "\r\nP-0000001,male,330212001001,");
    holds(text, "\"'=1+1, \"\"二\"\"\",1980-02-03,");
    holds(text, "'+8610000000001,000000000000000001,");
    check_mode(&path);
    assert_false(exists("persons.csv.next"));
    free(text);
}

static void a_workbook_holds_the_same(void **state)
{
    (void)state;
    size_t size;
    wf_path path = scratch_path(&folder, "tubes.xlsx");
    scratch_write(&path, "old", 3);
    end_well(
        RUN("weft", "export", city.text, "testing/tubes", "result=positive", path.text));
    char *zip = scratch_read(&path, &size);
    char *sheet = unzip_file(zip, size, "xl/worksheets/sheet1.xml");
    assert_non_null(sheet);
    holds(sheet, "<t>演练 DRILL</t>");
    holds(sheet, "<t>采样管编号</t>");
    holds(sheet, "<t>the tube's id</t>");
    holds(sheet, "<t>first sample collected (Asia/Shanghai)</t>");
    holds(sheet, "<t>2021-12-12 07:41:05</t>");
    holds(sheet, "<v>31.5</v>");
    holds(sheet, "<v>3600</v>"); // waited, in seconds
    assert_null(strstr(sheet, "T-2"));
    check_mode(&path);
    assert_false(exists("tubes.xlsx.next"));
    free(sheet);
    free(zip);
}

static void what_does_not_fit_goes_on_in_the_next(void **state)
{
    (void)state;
    weft_error error = {0};
    weft_city *open = NULL;
    size_t size;
    wf_path book = scratch_path(&folder, "parts.xlsx");
    wf_path first = scratch_path(&folder, "parts.csv");
    wf_path second = scratch_path(&folder, "parts-2.csv");
    weft_view_question question = {.view = "testing/tubes"};
    weft_export_options how = {.format = WEFT_EXPORT_CSV, .rows_max = 4};
    weft_export_summary summary;
    assert_int_equal(weft_city_open(city.text, NULL, &open, &error), WEFT_OK);
    assert_int_equal(weft_export(open, &question, &how, first.text, &summary, &error),
                     WEFT_OK);
    assert_int_equal(summary.rows, 2);
    assert_int_equal(summary.parts, 2);
    char *text = read_text(&second);
    assert_memory_equal(text, "\xEF\xBB\xBF演练 DRILL\r\n", 17);
    holds(text, "\r\nT-2,");
    free(text);
    how.format = WEFT_EXPORT_XLSX;
    assert_int_equal(weft_export(open, &question, &how, book.text, &summary, &error),
                     WEFT_OK);
    assert_int_equal(summary.parts, 2);
    char *zip = scratch_read(&book, &size);
    char *sheet = unzip_file(zip, size, "xl/worksheets/sheet2.xml");
    assert_non_null(sheet);
    holds(sheet, "<t>T-2</t>");
    holds(sheet, "<t>演练 DRILL</t>");
    free(sheet);
    free(zip);
    weft_city_close(open);
}

static void all_views_go_into_a_folder(void **state)
{
    (void)state;
    wf_path path = scratch_path(&folder, "all");
    end_well(RUN("weft", "export", city.text, "--all", path.text, "--format", "xlsx"));
    assert_true(exists("all/testing-tubes.xlsx"));
    assert_true(exists("all/register-persons.xlsx"));
    assert_false(exists("all/register-person_file.xlsx")); // of whom?
}

static void a_failure_leaves_what_was_there(void **state)
{
    (void)state;
    wf_path path = scratch_path(&folder, "kept.csv");
    wf_path nowhere = scratch_path(&folder, "none");
    wf_path in_nowhere = scratch_path(&nowhere, "a.csv");
    scratch_write(&path, "kept", 4);
    outcome o = RUN("weft", "export", city.text, "testing/tubes", "none=1", path.text);
    assert_int_equal(o.code, 2);
    outcome_done(&o);
    char *text = read_text(&path);
    assert_string_equal(text, "kept");
    free(text);
    assert_false(exists("kept.csv.next"));
    o = RUN("weft", "export", city.text, "testing/tubes", in_nowhere.text);
    assert_int_equal(o.code, 5);
    outcome_done(&o);
    o = RUN("weft", "export", city.text, "testing/tubes", path.text, "--format", "pdf");
    assert_int_equal(o.code, 2);
    outcome_done(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_is_for_spreadsheet_programs),
        cmocka_unit_test(a_workbook_holds_the_same),
        cmocka_unit_test(what_does_not_fit_goes_on_in_the_next),
        cmocka_unit_test(all_views_go_into_a_folder),
        cmocka_unit_test(a_failure_leaves_what_was_there),
    };
    return cmocka_run_group_tests(tests, make_city, remove_city);
}
