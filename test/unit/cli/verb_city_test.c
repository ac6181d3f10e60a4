// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "support/run_verb.h"
#include "support/scratch.h"

static void wrong_wishes_end_in_2_and_say_what_is_possible(void **state)
{
    (void)state;
    static const struct {
        const char *arguments[8];
        int count;
        const char *says;
    } rows[] = {
        {{"weft", "city", "--lang=en"}, 3, "where the city goes"},
        {{"weft", "city", "x", "--people=19", "--lang=en"}, 5, "20"},
        {{"weft", "city", "x", "--days=61", "--lang=en"}, 5, "60"},
        {{"weft", "city", "x", "--start=2021-02-30", "--lang=en"}, 5, "2021-02-30"},
        {{"weft", "city", "x", "y", "--lang=en"}, 5, "too many arguments"},
        {{"weft", "city", "x", "--seed=-1", "--lang=en"}, 5, "--seed"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        outcome o = run(rows[i].count, rows[i].arguments);
        assert_int_equal(o.code, 2);
        assert_string_equal(o.out, "");
        assert_non_null(strstr(o.messages, rows[i].says));
        outcome_done(&o);
    }
}

static void a_missing_grid_file_ends_in_4(void **state)
{
    (void)state;
    const char *arguments[] = {"weft", "city", "x", "--grid=/nowhere/grid.csv"};
    outcome o = run(4, arguments);
    assert_int_equal(o.code, 4);
    outcome_done(&o);
}

static void files_and_city_are_made_in_one_go(void **state)
{
    (void)state;
    wf_path folder;
    scratch_new(&folder);
    wf_path dir = scratch_path(&folder, "city");
    wf_path csv = scratch_path(&folder, "csv");
    wf_path keys = scratch_path(&folder, "keys");
    const char *arguments[] = {"weft",     "city",      dir.text,  "--out",
                               csv.text,   "--key-dir", keys.text, "--people=300",
                               "--days=3", "--json"};
    outcome o = run(10, arguments);
    assert_int_equal(o.code, 0);
    // First the files, which have the truth besides, then the city.
    assert_non_null(strstr(o.out, "{\"persons\":300,\"places\":"));
    char *second = strchr(o.out, '\n');
    assert_non_null(second);
    assert_non_null(strstr(o.out, ",\"truth\":"));
    assert_null(strstr(second, "truth"));
    assert_non_null(strstr(second, "{\"persons\":300,\"places\":"));
    wf_path visits = scratch_path(&csv, "visits.csv");
    wf_path day = scratch_path(&dir, "visits/2021-11-30.day");
    assert_true(wf_io_exists(&wf_io_posix, visits.text));
    assert_true(wf_io_exists(&wf_io_posix, day.text));
    outcome_done(&o);
    scratch_remove(folder.text);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_wishes_end_in_2_and_say_what_is_possible),
        cmocka_unit_test(a_missing_grid_file_ends_in_4),
        cmocka_unit_test(files_and_city_are_made_in_one_go),
    };
    // The messages are UTF-8.
    if (setlocale(LC_ALL, "C.UTF-8") == NULL)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
