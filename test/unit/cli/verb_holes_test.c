// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "access/city/city.h"
#include "store/store_inside.h"
#include "support/run_verb.h"
#include "support/scratch.h"

static wf_path folder;

static int make_city(void **state)
{
    (void)state;
    wf_path base;
    scratch_new(&base);
    folder = scratch_path(&base, "city");
    wf_path keys = scratch_path(&base, "keys");
    assert_int_equal(setenv("WEFT_KEY_DIR", keys.text, 1), 0);
    outcome made = RUN("weft", "init", folder.text, "--kind", "drill", "--clock",
                       "2021-12-13T10:00+08:00");
    assert_int_equal(made.code, 0);
    outcome_done(&made);
    return 0;
}

static int remove_city(void **state)
{
    (void)state;
    wf_path base = folder;
    *strrchr(base.text, '/') = '\0';
    scratch_remove(base.text);
    return 0;
}

static void seal(const char *tube, const char *at, const char *grid)
{
    char field[64];
    snprintf(field, sizeof field, "tube=%s", tube);
    outcome sent = RUN("weft", "fact", folder.text, "tube.sealed", field, "count=3",
                       "--at", at, "--grid", grid);
    assert_int_equal(sent.code, 0);
    outcome_done(&sent);
}

static void says(outcome o, int code, const char *const *parts)
{
    assert_int_equal(o.code, code);
    const char *out = o.out != NULL ? o.out : "";
    for (; *parts != NULL; parts++)
        if (strstr(out, *parts) == NULL)
            fail_msg("\"%s\" is not in %s", *parts, out);
    outcome_done(&o);
}
#define SAYS(outcome, code, ...)                                                         \
    says(outcome, code, (const char *const[]){__VA_ARGS__, NULL})

static void holes_are_listed_counted_and_checked(void **state)
{
    (void)state;
    seal("T-1", "2021-12-12T08:00+08:00", "320214001002");
    seal("T-2", "2021-12-13T08:00+08:00", "320214001003");
    seal("T-3", "2021-12-12T09:00+08:00", "320282001001");
    SAYS(RUN("weft", "holes", folder.text, "--json"), 0,
         "{\"kind\":\"testing/tube_no_result\",\"subject\":\"T-1\",\"grid\":"
         "\"320214001002\",\"owner\":\"testing\",\"since\":\"2021-12-12T08:00:00+08:00\","
         "\"due_at\":\"2021-12-12T20:00:00+08:00\",\"late_s\":50400}\n{",
         "\"T-3\"", "{\"summary\":{\"rows\":2,\"as_of\":3,\"not_asked\":0}}\n");
    SAYS(RUN("weft", "holes", folder.text, "--json", "--all", "--grid", "320214"), 0,
         "\"T-1\"", "\"T-2\"", "\"late_s\":-36000", "\"rows\":2");
    SAYS(RUN("weft", "holes", folder.text, "--json", "--kind", "register/sender_gap"), 0,
         "{\"summary\":{\"rows\":0,");
    SAYS(RUN("weft", "holes", folder.text, "--json", "--counts"), 0,
         "{\"grid\":\"\",\"kind\":\"testing/tube_no_result\",\"due\":2,\"not_yet\":1}\n"
         "{\"grid\":\"3202\",\"kind\":\"testing/"
         "tube_no_result\",\"due\":2,\"not_yet\":1}\n"
         "{\"grid\":\"320214\",\"kind\":\"testing/"
         "tube_no_result\",\"due\":1,\"not_yet\":1}"
         "\n",
         "{\"grid\":\"320214001003\",\"kind\":\"testing/tube_no_result\",\"due\":0,"
         "\"not_yet\":1}\n{\"grid\":\"320282\"");
    SAYS(RUN("weft", "holes", folder.text), 0, "T-1", "14 h 0 min", "2021-12-12 20:00");
    SAYS(RUN("weft", "holes", folder.text, "--check", "--json"), 0,
         "{\"summary\":{\"differences\":0,");
}

static void what_is_asked_wrongly_is_said(void **state)
{
    (void)state;
    SAYS(RUN("weft", "holes", folder.text, "--kind", "testing/none"), 4, "");
    SAYS(RUN("weft", "holes", folder.text, "--grid", "north"), 2, "");
    SAYS(RUN("weft", "holes", folder.text, "--check", "--counts"), 2, "");
    SAYS(RUN("weft", "help", "holes", "testing/none"), 4, "");
    SAYS(RUN("weft", "help", "holes", "testing/tube_no_result"), 0, "closed by: ");
}

// A row that is lost and one that is made up: the check says which, and ends in 1.
static void a_table_that_is_wrong_is_found(void **state)
{
    (void)state;
    weft_error error = {0};
    weft_city *city = NULL;
    seal("T-1", "2021-12-12T08:00+08:00", "320214001002");
    assert_int_equal(weft_city_open(folder.text, NULL, &city, &error), WEFT_OK);
    assert_int_equal(wf_database_run(city->store->db,
                                     "UPDATE \"hole\" SET \"subject\" = 'T-9'", &error),
                     WEFT_OK);
    weft_city_close(city);
    SAYS(RUN("weft", "holes", folder.text, "--check", "--json"), 1, "\"subject\":\"T-1\"",
         "\"difference\":\"missing\"", "\"subject\":\"T-9\"", "\"difference\":\"extra\"",
         "{\"summary\":{\"differences\":2,");
    SAYS(RUN("weft", "rebuild", folder.text), 0, "");
    SAYS(RUN("weft", "holes", folder.text, "--check", "--json"), 0,
         "{\"summary\":{\"differences\":0,");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(holes_are_listed_counted_and_checked, make_city,
                                        remove_city),
        cmocka_unit_test_setup_teardown(what_is_asked_wrongly_is_said, make_city,
                                        remove_city),
        cmocka_unit_test_setup_teardown(a_table_that_is_wrong_is_found, make_city,
                                        remove_city),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
