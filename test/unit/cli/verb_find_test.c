// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/run_verb.h"
#include "support/scratch.h"

static wf_path folder, city;

static const char persons_csv[] =
    "person,name,phone,id_number,grid\n"
    "P-0000001,张 三,+86 138-0000-0001,11010119900101123x,320214001001\n"
    "P-0000002,张三丰,13800000002/13800000003,,320214002001\n"
    "P-0000003,Li Ming,,E1234567,320214001001\n";

static int make_city(void **state)
{
    (void)state;
    scratch_new(&folder);
    city = scratch_path(&folder, "city");
    wf_path keys = scratch_path(&folder, "keys"), file = scratch_path(&folder, "csv");
    assert_int_equal(setenv("WEFT_KEY_DIR", keys.text, 1), 0);
    scratch_write(&file, persons_csv, strlen(persons_csv));
    outcome o = RUN("weft", "init", city.text);
    assert_int_equal(o.code, 0);
    outcome_done(&o);
    o = RUN("weft", "import", city.text, "persons", file.text, "--strict");
    assert_int_equal(o.code, 0);
    outcome_done(&o);
    return 0;
}

static int remove_city(void **state)
{
    (void)state;
    scratch_remove(folder.text);
    return 0;
}

static void people_are_found_by_what_is_known_of_them(void **state)
{
    (void)state;
    static const struct {
        const char *option, *value, *grid, *out;
    } rows[] = {
        {"--name", "张三", "",
         "{\"person\":\"P-0000001\",\"name\":\"张 三\",\"grid\":\"320214001001\"}\n"
         "{\"summary\":{\"rows\":1,\"found\":1,\"more\":false}}\n"},
        {"--name", "三丰", "", "{\"summary\":{\"rows\":0,\"found\":0,\"more\":false}}\n"},
        {"--name", "三丰", "320214",
         "{\"person\":\"P-0000002\",\"name\":\"张三丰\",\"grid\":\"320214002001\"}\n"
         "{\"summary\":{\"rows\":1,\"found\":1,\"more\":false}}\n"},
        {"--name", "三丰", "320214001",
         "{\"summary\":{\"rows\":0,\"found\":0,\"more\":false}}\n"},
        {"--name", "MING", "320214001",
         "{\"person\":\"P-0000003\",\"name\":\"Li Ming\",\"grid\":\"320214001001\"}\n"
         "{\"summary\":{\"rows\":1,\"found\":1,\"more\":false}}\n"},
        {"--phone", "13800000003", "",
         "{\"person\":\"P-0000002\",\"name\":\"张三丰\",\"grid\":\"320214002001\"}\n"
         "{\"summary\":{\"rows\":1,\"found\":1,\"more\":false}}\n"},
        {"--id-number", "e 1234567", "",
         "{\"person\":\"P-0000003\",\"name\":\"Li Ming\",\"grid\":\"320214001001\"}\n"
         "{\"summary\":{\"rows\":1,\"found\":1,\"more\":false}}\n"},
        {"--id-number", "G1234567", "",
         "{\"summary\":{\"rows\":0,\"found\":0,\"more\":false}}\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        outcome o = RUN("weft", "find", city.text, rows[i].option, rows[i].value,
                        "--grid", rows[i].grid, "--json");
        assert_int_equal(o.code, 0);
        assert_string_equal(o.out, rows[i].out);
        outcome_done(&o);
    }
}

static void what_is_left_out_is_said(void **state)
{
    (void)state;
    outcome o = RUN("weft", "find", city.text, "--name", "张三", "--grid", "3202",
                    "--limit", "1", "--lang", "en");
    assert_int_equal(o.code, 0);
    assert_non_null(strstr(o.out, "P-0000001"));
    assert_null(strstr(o.out, "P-0000002"));
    assert_non_null(strstr(o.out, "2 people found"));
    assert_non_null(strstr(o.out, "only the first 1 are listed"));
    // Not what was not asked for.
    assert_null(strstr(o.out, "138"));
    outcome_done(&o);
}

static void a_name_comes_by_standard_input(void **state)
{
    (void)state;
    static const struct {
        const char *input;
        int code;
        const char *out;
    } rows[] = {{"张三\n", 0, "P-0000001"}, {"张三", 0, "P-0000001"}, {"", 2, ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wf_path path = scratch_path(&folder, "input");
        scratch_write(&path, rows[i].input, strlen(rows[i].input));
        assert_non_null(freopen(path.text, "r", stdin));
        outcome o = RUN("weft", "find", city.text, "--name", "-", "--json");
        assert_int_equal(o.code, rows[i].code);
        assert_non_null(strstr(o.out, rows[i].out));
        outcome_done(&o);
    }
}

static void wrong_questions_end_in_2_and_repeat_no_name(void **state)
{
    (void)state;
    outcome o = RUN("weft", "find", city.text, "--lang", "en");
    assert_int_equal(o.code, 2);
    outcome_done(&o);
    o = RUN("weft", "find", city.text, "--name", "张三", "--phone", "138", "--lang",
            "en");
    assert_int_equal(o.code, 2);
    assert_null(strstr(o.messages, "张三"));
    outcome_done(&o);
    o = RUN("weft", "find", city.text, "--phone", "none", "--lang", "en");
    assert_int_equal(o.code, 2);
    assert_non_null(strstr(o.messages, "nothing to seek"));
    outcome_done(&o);
    o = RUN("weft", "find", city.text, "--phone", "1", "--limit", "501");
    assert_int_equal(o.code, 2);
    outcome_done(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_are_found_by_what_is_known_of_them),
        cmocka_unit_test(what_is_left_out_is_said),
        cmocka_unit_test(a_name_comes_by_standard_input),
        cmocka_unit_test(wrong_questions_end_in_2_and_repeat_no_name),
    };
    return cmocka_run_group_tests(tests, make_city, remove_city);
}
