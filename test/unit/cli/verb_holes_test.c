// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/verb_city.h"

#include "access/city/city.h"
#include "store/store_inside.h"

static int make_city(void **state)
{
    (void)state;
    verb_city_make("2021-12-13T10:00+08:00");
    return 0;
}

static void seal(const char *tube, const char *at, const char *grid)
{
    char field[64];
    snprintf(field, sizeof field, "tube=%s", tube);
    outcome sent = RUN("weft", "fact", city.text, "tube.sealed", field, "count=3", "--at",
                       at, "--grid", grid);
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
    SAYS(RUN("weft", "holes", city.text, "--json"), 0,
         "{\"kind\":\"testing/tube_no_result\",\"subject\":\"T-1\",\"grid\":"
         "\"320214001002\",\"owner\":\"testing\",\"since\":\"2021-12-12T08:00:00+08:00\","
         "\"due_at\":\"2021-12-12T20:00:00+08:00\",\"late_s\":50400,\"task\":null,\"task_"
         "post\":null,\"task_state\":null,"
         "\"task_since\":null}\n{",
         "\"T-3\"", "{\"summary\":{\"rows\":2,\"as_of\":3,\"not_asked\":0}}\n");
    SAYS(RUN("weft", "holes", city.text, "--json", "--all", "--grid", "320214"), 0,
         "\"T-1\"", "\"T-2\"", "\"late_s\":-36000", "\"rows\":2");
    SAYS(RUN("weft", "holes", city.text, "--json", "--kind", "register/sender_gap"), 0,
         "{\"summary\":{\"rows\":0,");
    SAYS(RUN("weft", "holes", city.text, "--json", "--counts"), 0,
         "{\"grid\":\"\",\"kind\":\"testing/tube_no_result\",\"due\":2,\"not_yet\":1}\n"
         "{\"grid\":\"3202\",\"kind\":\"testing/"
         "tube_no_result\",\"due\":2,\"not_yet\":1}\n"
         "{\"grid\":\"320214\",\"kind\":\"testing/"
         "tube_no_result\",\"due\":1,\"not_yet\":1}"
         "\n",
         "{\"grid\":\"320214001003\",\"kind\":\"testing/tube_no_result\",\"due\":0,"
         "\"not_yet\":1}\n{\"grid\":\"320282\"");
    SAYS(RUN("weft", "holes", city.text), 0, "T-1", "14 h", "2021-12-12 20:00");
    SAYS(RUN("weft", "holes", city.text, "--check", "--json"), 0,
         "{\"summary\":{\"differences\":0,");
    // A building's code is wider than the column, and ends before the next.
    seal("T-4", "2021-12-12T08:00+08:00", "320214001002001001");
    SAYS(RUN("weft", "holes", city.text), 0, "320214001002001001  testing");
}

static void what_is_asked_wrongly_is_said(void **state)
{
    (void)state;
    SAYS(RUN("weft", "holes", city.text, "--kind", "testing/none"), 4, "");
    SAYS(RUN("weft", "holes", city.text, "--grid", "north"), 2, "");
    SAYS(RUN("weft", "holes", city.text, "--check", "--counts"), 2, "");
    SAYS(RUN("weft", "help", "holes", "testing/none"), 4, "");
    SAYS(RUN("weft", "help", "holes", "testing/tube_no_result"), 0, "closed by: ");
}

// A row that is lost and one that is made up: the check says which, and ends in 1.
static void a_table_that_is_wrong_is_found(void **state)
{
    (void)state;
    weft_error error = {0};
    weft_city *opened = NULL;
    seal("T-1", "2021-12-12T08:00+08:00", "320214001002");
    assert_int_equal(weft_city_open(city.text, NULL, &opened, &error), WEFT_OK);
    assert_int_equal(wf_database_run(opened->store->db,
                                     "UPDATE \"hole\" SET \"subject\" = 'T-9'", &error),
                     WEFT_OK);
    weft_city_close(opened);
    SAYS(RUN("weft", "holes", city.text, "--check", "--json"), 1, "\"subject\":\"T-1\"",
         "\"difference\":\"missing\"", "\"subject\":\"T-9\"", "\"difference\":\"extra\"",
         "{\"summary\":{\"differences\":2,");
    SAYS(RUN("weft", "rebuild", city.text), 0, "");
    SAYS(RUN("weft", "holes", city.text, "--check", "--json"), 0,
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
