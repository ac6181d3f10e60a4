// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "city/make.h"
#include "support/made_town.h"
#include "support/scratch.h"
#include "weft/import.h"

static const weft_import_kind kinds[] = {
    [WF_TABLE_PERSONS] = WEFT_IMPORT_PERSONS,
    [WF_TABLE_PLACES] = WEFT_IMPORT_PLACES,
    [WF_TABLE_VISITS] = WEFT_IMPORT_VISITS,
    [WF_TABLE_ENCOUNTERS] = WEFT_IMPORT_ENCOUNTERS,
    [WF_TABLE_CASES] = WEFT_IMPORT_CASES,
};

static ssize_t read_file(void *context, void *bytes, size_t size)
{
    return (ssize_t)fread(bytes, 1, size, context);
}

static weft_import_summary import_file(weft_city *city, const wf_path *csv,
                                       wf_table table)
{
    wf_path path = scratch_path(csv, wf_table_file(table));
    FILE *file = fopen(path.text, "rb");
    assert_non_null(file);
    weft_import_source source = {
        .read = read_file, .context = file, .name = wf_table_file(table)};
    weft_import_options options = {.as_of = WEFT_TIME_NONE};
    weft_import_summary summary = {0};
    weft_error error = {0};
    assert_int_equal(
        weft_import(city, kinds[table], &source, 1, &options, &summary, &error), WEFT_OK);
    fclose(file);
    return summary;
}

static void a_made_city_already_has_every_row_of_the_files(void **state)
{
    (void)state;
    wf_path folder;
    scratch_new(&folder);
    wf_path dir = scratch_path(&folder, "city");
    wf_path csv = scratch_path(&folder, "csv");
    wf_path key_dir = scratch_path(&folder, "keys");
    weft_key_options keys = {.key_dir = key_dir.text};
    weft_error error = {0};
    wf_town *town = made_town(600, 6, 9);
    wf_city_files_summary made, written;
    assert_int_equal(wf_city_make(town, dir.text, &keys, 2, NULL, &made, &error),
                     WEFT_OK);
    assert_int_equal(
        wf_city_files_write(town, &wf_io_posix, csv.text, 1, NULL, &written, &error),
        WEFT_OK);
    weft_city *city = NULL;
    assert_int_equal(weft_city_open(dir.text, &keys, &city, &error), WEFT_OK);
    assert_int_equal(weft_city_kind_of(city), WEFT_CITY_DRILL);
    assert_string_equal(weft_city_protocol(city), "nhc-covid-8");
    char clock[40];
    assert_string_equal(weft_city_time_text(city, weft_city_now(city), clock),
                        "2021-12-04T00:00:00+08:00");
    for (int table = 0; table < WF_TABLE_TRUTH; table++) {
        weft_import_summary summary = import_file(city, &csv, (wf_table)table);
        assert_true(summary.rows > 0);
        assert_int_equal(summary.rows, made.rows[table]);
        assert_int_equal(summary.rows, written.rows[table]);
        assert_int_equal(summary.had, summary.rows);
    }
    weft_city_close(city);
    wf_town_free(town);
    scratch_remove(folder.text);
}

static void a_folder_that_is_not_empty_is_left_alone(void **state)
{
    (void)state;
    wf_path folder;
    scratch_new(&folder);
    wf_path file = scratch_path(&folder, "mine");
    scratch_write(&file, "x", 1);
    weft_key_options keys = {.key_dir = folder.text};
    weft_error error = {0};
    wf_town *town = made_town(100, 1, 9);
    wf_city_files_summary made;
    assert_int_equal(wf_city_make(town, folder.text, &keys, 1, NULL, &made, &error),
                     WEFT_CONFLICT);
    wf_town_free(town);
    scratch_remove(folder.text);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_made_city_already_has_every_row_of_the_files),
        cmocka_unit_test(a_folder_that_is_not_empty_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
