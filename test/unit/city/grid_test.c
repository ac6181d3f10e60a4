// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "city/grid.h"

static weft_status lay(wf_text csv, uint32_t compounds, wf_arena *arena,
                       wf_town_grid *ret, weft_error *error)
{
    wf_arena_init(arena, 0);
    return wf_town_grid_lay(csv, "grid.csv", compounds, arena, ret, error);
}

static void invented_codes_have_fixed_widths(void **state)
{
    (void)state;
    wf_arena arena;
    wf_town_grid grid;
    weft_error error = {0};
    assert_int_equal(lay((wf_text){NULL, 0}, 2000, &arena, &grid, &error), WEFT_OK);
    assert_string_equal(grid.compounds[0], "990101001001001");
    assert_string_equal(grid.compounds[3], "990101001002001");
    assert_string_equal(grid.compounds[600], "990102001001001");
    for (uint32_t i = 0; i < 2000; i++) {
        assert_int_equal(strlen(grid.compounds[i]), WF_GRID_COMPOUND);
        assert_true(i == 0 || strcmp(grid.compounds[i - 1], grid.compounds[i]) < 0);
    }
    wf_arena_done(&arena);
}

static void people_live_in_the_finest_codes_of_a_file(void **state)
{
    (void)state;
    wf_arena arena;
    wf_town_grid grid;
    weft_error error = {0};
    wf_text csv = WF_TEXT("code,name\r\n9902,甲市\r\n990201003005,\"乙村\",x\r\n"
                          "990201003,丙镇\n990201004,丁镇\n");
    assert_int_equal(lay(csv, 4, &arena, &grid, &error), WEFT_OK);
    assert_string_equal(grid.compounds[0], "990201003005001");
    assert_string_equal(grid.compounds[1], "990201003005002");
    assert_string_equal(grid.compounds[2], "990201004001001");
    assert_string_equal(grid.compounds[3], "990201004001002");
    assert_string_equal(grid.names[1], "乙村");
    assert_string_equal(grid.names[3], "丁镇");
    wf_arena_done(&arena);
}

static void a_wrong_file_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *csv, *code;
        uint64_t line;
        uint32_t compounds;
    } cases[] = {
        {"code,name\n99011,x\n", "city.grid_code", 2, 4},
        {"code,name\n9901,x\n\n99o101,x\n", "city.grid_code", 4, 4},
        {"code,name\n9901,\xFF\n", "city.grid_name", 2, 4},
        {"code,name\n", "city.grid_empty", 0, 4},
        {"code,name\n990101001001,x\n", "city.grid_few", 0, 1000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        wf_arena arena;
        wf_town_grid grid;
        weft_error error = {0};
        wf_text csv = wf_text_of(cases[i].csv);
        assert_int_equal(lay(csv, cases[i].compounds, &arena, &grid, &error),
                         WEFT_BAD_INPUT);
        assert_string_equal(error.code, cases[i].code);
        assert_int_equal(error.line, cases[i].line);
        assert_string_equal(error.file, "grid.csv");
        wf_arena_done(&arena);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(invented_codes_have_fixed_widths),
        cmocka_unit_test(people_live_in_the_finest_codes_of_a_file),
        cmocka_unit_test(a_wrong_file_is_refused_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
