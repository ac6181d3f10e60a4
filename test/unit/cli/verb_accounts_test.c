// Users, devices and tokens, through the program.
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

static const char *city(void)
{
    static wf_path path;
    path = scratch_path(&folder, "city");
    return path.text;
}

static char *ends(outcome o, int code)
{
    if (o.code != code)
        print_error("%s%s", o.out, o.messages);
    assert_int_equal(o.code, code);
    char *out = strdup(o.out);
    assert_non_null(out);
    outcome_done(&o);
    return out;
}

static int make_city(void **state)
{
    (void)state;
    scratch_new(&folder);
    wf_path keys = scratch_path(&folder, "keys");
    assert_int_equal(setenv("WEFT_KEY_DIR", keys.text, 1), 0);
    free(ends(RUN("weft", "init", city(), "--kind", "drill", "--clock",
                  "2021-12-11T12:00+08:00"),
              0));
    return 0;
}

static int remove_city(void **state)
{
    (void)state;
    scratch_remove(folder.text);
    return 0;
}

// A token stands alone on standard output, in a drill, too.
static void a_token_is_printed_alone_and_its_device_enrolled(void **state)
{
    (void)state;
    char *token = ends(RUN("weft", "token", city(), "--device", "S-03-2", "--role",
                           "sampler", "--grid", "320282001", "--lang", "zh"),
                       0);
    assert_int_equal(strlen(token), 49);
    assert_memory_equal(token, "weft_", 5);
    assert_int_equal(token[48], '\n');
    char *listed = ends(RUN("weft", "device", city(), "list", "--json"), 0);
    assert_non_null(strstr(listed, "\"device\":\"S-03-2\",\"role\":\"sampler\","
                                   "\"grid\":\"320282001\""));
    free(listed);
    listed = ends(RUN("weft", "token", city(), "list", "--json"), 0);
    assert_non_null(strstr(listed, "\"device\":\"S-03-2\""));
    assert_null(strstr(listed, "weft_"));
    free(listed);
    free(token);
    // Without a role only for one that is enrolled, with another not at all.
    free(ends(RUN("weft", "token", city(), "--device", "S-03-2"), 0));
    free(ends(RUN("weft", "token", city(), "--device", "S-03-3"), 2));
    free(ends(RUN("weft", "token", city(), "--device", "S-03-2", "--role", "lab"), 2));
    free(ends(RUN("weft", "token", city()), 2));
    free(ends(
        RUN("weft", "token", city(), "--device", "S-03-2", "--until", "2020-01-01T00:00"),
        2));
}

static void tokens_are_revoked_by_their_id_or_their_device(void **state)
{
    (void)state;
    char *made = ends(
        RUN("weft", "token", city(), "--device", "L-1", "--role", "lab", "--json"), 0);
    char *id = strstr(made, "\"id\":\"");
    assert_non_null(id);
    id += 6;
    id[12] = '\0';
    char *said = ends(RUN("weft", "token", city(), "revoke", id, "--json"), 0);
    assert_string_equal(said, "{\"revoked\":1}\n");
    free(said);
    free(ends(RUN("weft", "token", city(), "revoke", id), 4));
    free(ends(RUN("weft", "token", city(), "revoke", "abc"), 2));
    free(ends(RUN("weft", "token", city(), "revoke"), 4));
    free(made);
    free(ends(RUN("weft", "token", city(), "--device", "L-1"), 0));
    free(ends(RUN("weft", "token", city(), "--device", "L-1"), 0));
    said = ends(RUN("weft", "token", city(), "revoke", "--device", "L-1", "--lang", "en"),
                0);
    assert_non_null(strstr(said, "revoked: 2\n"));
    free(said);
    free(ends(RUN("weft", "token", city(), "other"), 2));
}

static void devices_come_and_go(void **state)
{
    (void)state;
    free(ends(RUN("weft", "device", city(), "enroll", "G-1", "--role", "guard", "--grid",
                  "3202", "--office", "gates"),
              0));
    free(ends(RUN("weft", "device", city(), "enroll", "G-2"), 2));
    free(ends(RUN("weft", "device", city(), "enroll"), 2));
    free(ends(RUN("weft", "device", city(), "revoke", "G-1", "--reason", "lost"), 0));
    free(ends(RUN("weft", "device", city(), "revoke", "G-9"), 2));
    free(ends(RUN("weft", "token", city(), "--device", "G-1"), 2));
    char *listed =
        ends(RUN("weft", "device", city(), "list", "--json", "--grid", "3202"), 0);
    assert_non_null(strstr(listed, "\"office\":\"gates\",\"active\":false"));
    free(listed);
}

static void users_get_a_password_and_staff_their_codes(void **state)
{
    wf_path path = scratch_path(&folder, "password");
    (void)state;
    free(ends(RUN("weft", "user", city(), "add", "iv", "--role", "investigator", "--grid",
                  "320282", "--name", "\u5f20\u4e09"),
              0));
    free(ends(RUN("weft", "user", city(), "add", "iv", "--role", "investigator"), 2));
    char *made = ends(RUN("weft", "user", city(), "secret", "iv", "--json"), 0);
    assert_non_null(strstr(made, "\"password\":\""));
    assert_non_null(strstr(made, "\"totp\":\""));
    free(made);
    scratch_write(&path, "correct horse\nbattery\n", 22);
    made = ends(RUN("weft", "user", city(), "secret", "iv", "--password-file", path.text,
                    "--codes", "--lang", "en"),
                0);
    assert_null(strstr(made, "password"));
    assert_non_null(strstr(made, "otpauth://totp/Weft:iv?secret="));
    free(made);
    scratch_write(&path, "short\n", 6);
    free(ends(RUN("weft", "user", city(), "secret", "iv", "--password-file", path.text),
              2));
    free(ends(RUN("weft", "user", city(), "secret", "iv", "--password-file", "/none/x"),
              4));
    free(ends(RUN("weft", "user", city(), "secret", "nobody"), 4));
    free(ends(RUN("weft", "user", city(), "change", "iv", "--office", "tracing"), 0));
    char *listed = ends(RUN("weft", "user", city(), "list", "--json"), 0);
    assert_non_null(strstr(listed, "\"user_id\":\"iv\",\"role\":\"investigator\","
                                   "\"grid\":\"320282\",\"office\":\"tracing\","
                                   "\"active\":true"));
    // Lists of accounts name no people.
    assert_null(strstr(listed, "\u5f20\u4e09"));
    free(listed);
    free(ends(RUN("weft", "user", city(), "remove", "iv"), 0));
    free(ends(RUN("weft", "user", city(), "remove", "nobody"), 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_printed_alone_and_its_device_enrolled),
        cmocka_unit_test(tokens_are_revoked_by_their_id_or_their_device),
        cmocka_unit_test(devices_come_and_go),
        cmocka_unit_test(users_get_a_password_and_staff_their_codes),
    };
    return cmocka_run_group_tests(tests, make_city, remove_city);
}
