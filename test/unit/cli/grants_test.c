// Which files a server may have opened for it.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>

#include "cli/grants.h"

static void only_what_arguments_name_is_granted(void **state)
{
    static const struct {
        const char *given, *path;
        bool granted;
    } rows[] = {
        {"out.csv", "out.csv", true},
        {"out.csv", "out.csv.next", true},
        {"out.csv", "out-2.csv", true},
        {"out.csv", "out-2.csv.next", true},
        {"out", "out.next", true},
        {"out", "out/testing-tubes.csv", true},
        {"out/", "out/testing-tubes.csv.next", true},
        {"/srv/a.b/out", "/srv/a.b/out.next", true},
        {".hidden", ".hidden.next", true},
        {"out.csv", "/etc/shadow", false},
        {"out.csv", "outer.csv", false},
        {"out.csv", "out-2/secret", false},
        {"out.csv", "out.csv/../secret", false},
        {"out", "out/../secret", false},
        {"out", "out/a/../../secret", false},
        {"out", "out/..", false},
        {"out", "other", false},
        {"out/", "other", false},
        {".hidden", ".ssh", false},
        {"", "out", false},
        {"/srv/a.b/out", "/srv/a-key", false},
    };
    static const wf_verb verb = {.name = "some"};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wf_cli *cli = calloc(1, sizeof *cli);
        assert_non_null(cli);
        cli->verb = &verb;
        cli->arguments[0] = "/srv/city";
        cli->arguments[1] = rows[i].given;
        cli->arguments_count = 2;
        assert_int_equal(wf_grants_path(cli, 0, rows[i].path), rows[i].granted);
        assert_false(wf_grants_path(cli, 0, "/srv/city/keys/ring"));
        free(cli);
    }
}

static void values_of_options_grant_and_folders_are_synced(void **state)
{
    static const wf_option options[] = {
        {"map", WF_OPTION_TEXT, "FILE", NULL, NULL},
        {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
    };
    static const wf_verb verb = {.name = "some", .options = options};
    wf_cli *cli = calloc(1, sizeof *cli);
    (void)state;
    assert_non_null(cli);
    cli->verb = &verb;
    cli->arguments[0] = "city";
    cli->arguments[1] = "/srv/out/file";
    cli->arguments_count = 2;
    cli->values[0] = "maps/hospital.yaml";
    assert_true(wf_grants_path(cli, 0, "maps/hospital.yaml"));
    assert_true(wf_grants_folder(cli, 0, "/srv/out"));
    assert_true(wf_grants_folder(cli, 0, "maps"));
    assert_false(wf_grants_folder(cli, 0, "/srv"));
    assert_false(wf_grants_folder(cli, 0, "."));
    assert_false(wf_grants_path(cli, 0, "/srv/out"));
    free(cli);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_arguments_name_is_granted),
        cmocka_unit_test(values_of_options_grant_and_folders_are_synced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
