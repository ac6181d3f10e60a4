// The verb `clock`, as a command centre calls it.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

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
                       "2021-12-12T06:00+08:00");
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

static void report(const char *case_id, const char *outbreak, const char *grid)
{
    char id[64], of[64];
    snprintf(id, sizeof id, "case=%s", case_id);
    snprintf(of, sizeof of, "outbreak=%s", outbreak);
    outcome sent = RUN("weft", "fact", folder.text, "case.reported", id, of,
                       "reported=2021-12-12T03:00+08:00", "--grid", grid);
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

static void the_clock_is_shown_by_case_outbreak_and_grid(void **state)
{
    (void)state;
    report("C-1", "O-1", "320214001");
    report("C-2", "O-2", "320282001");
    SAYS(RUN("weft", "clock", folder.text, "--case", "C-1"), 0, "O-1  C-1", "first facts",
         "2021-12-12 05:00", "overdue", "0/1", "full report", "+1");
    SAYS(RUN("weft", "clock", folder.text, "--outbreak", "O-2", "--json"), 0,
         "{\"outbreak\":\"O-2\",\"case_id\":\"\",\"place\":0,\"step\":\"onset\"",
         "\"step\":\"responded_7\"", "\"rows\":31,");
    SAYS(RUN("weft", "clock", folder.text, "--grid", "320282", "--json"), 0,
         "\"rows\":31,", "\"case_id\":\"C-2\"");
    SAYS(RUN("weft", "clock", folder.text, "--case", "C-9"), 0,
         "there are no such cases");
}

static void what_is_asked_wrongly_is_refused(void **state)
{
    (void)state;
    char id[200];
    memset(id, 'C', sizeof id - 1);
    id[sizeof id - 1] = '\0';
    SAYS(RUN("weft", "clock", folder.text, "--case", id), 2, "");
    SAYS(RUN("weft", "clock", folder.text, "--outbreak", id), 2, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_clock_is_shown_by_case_outbreak_and_grid,
                                        make_city, remove_city),
        cmocka_unit_test_setup_teardown(what_is_asked_wrongly_is_refused, make_city,
                                        remove_city),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
