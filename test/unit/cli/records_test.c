// `records: postgres://…` in weft.yaml: the same answers from a city whose rows are kept
// by PostgreSQL, and no password in what is said of a wrong address.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/postgres.h"
#include "support/run_verb.h"

static test_postgres server;
static wf_path folder, file;
static char *yaml; // as init wrote it
static size_t yaml_size;

// ---- the city ----

static const char cases_csv[] =
    "case,person,reported,onset,sampled,symptomatic\n"
    "C-1,P-0000001,2021-12-10 12:00,2021-12-08 09:00,2021-12-10 08:00,yes\n";
static const char persons_csv[] = "person,name,phone\n"
                                  "P-0000001,虚构一,10000000001\n"
                                  "P-0000002,虚构二,10000000002\n";
static const char visits_csv[] = "person,place,start,end\n"
                                 "P-0000001,R-1,2021-12-09 08:00,2021-12-09 10:10\n"
                                 "P-0000002,R-1,2021-12-09 08:00,2021-12-09 12:00\n";

static const char *city(void)
{
    static wf_path path;
    path = scratch_path(&folder, "city");
    return path.text;
}

static void end_well(outcome o)
{
    if (o.code != 0)
        print_error("%s%s", o.out, o.messages);
    assert_int_equal(o.code, 0);
    outcome_done(&o);
}

static void import(const char *kind, const char *text)
{
    wf_path path = scratch_path(&folder, kind);
    scratch_write(&path, text, strlen(text));
    end_well(RUN("weft", "import", city(), kind, path.text, "--strict"));
}

static int make_city(void **state)
{
    (void)state;
    scratch_new(&folder);
    wf_path keys = scratch_path(&folder, "keys");
    assert_int_equal(setenv("WEFT_KEY_DIR", keys.text, 1), 0);
    end_well(RUN("weft", "init", city(), "--kind", "drill", "--clock",
                 "2021-12-11T12:00+08:00"));
    wf_path made = scratch_path(&folder, "city");
    file = scratch_path(&made, "weft.yaml");
    yaml = scratch_read(&file, &yaml_size);
    return 0;
}

static int remove_city(void **state)
{
    (void)state;
    free(yaml);
    scratch_remove(folder.text);
    return 0;
}

// weft.yaml as init wrote it, and this line (NULL: none).
static void say_records(const char *value)
{
    wf_buffer text = {0};
    assert_true(wf_buffer_append(&text, yaml, yaml_size));
    if (value != NULL)
        assert_true(wf_buffer_printf(&text, "records: %s\n", value));
    scratch_write(&file, text.bytes, text.size);
    wf_buffer_done(&text);
}

// ---- the same answers ----

typedef struct {
    outcome digest, contacts, source;
} answers;

static answers ask(void)
{
    answers a = {RUN("weft", "digest", city(), "--lang", "en"),
                 RUN("weft", "contacts", city(), "--case", "C-1", "--lang", "en"),
                 RUN("weft", "source", city(), "--lang", "en")};
    return a;
}

static void answers_done(answers *a)
{
    outcome_done(&a->digest);
    outcome_done(&a->contacts);
    outcome_done(&a->source);
}

static void answers_are(const answers *wanted)
{
    answers now = ask();
    assert_int_equal(now.digest.code, 0);
    assert_string_equal(now.digest.out, wanted->digest.out);
    assert_int_equal(now.contacts.code, 0);
    assert_string_equal(now.contacts.out, wanted->contacts.out);
    assert_int_equal(now.source.code, 0);
    assert_string_equal(now.source.out, wanted->source.out);
    answers_done(&now);
}

static void a_city_answers_the_same_wherever_its_rows_are(void **state)
{
    (void)state;
    test_address where = test_postgres_schema(&server);
    import("persons", persons_csv);
    import("cases", cases_csv);
    import("visits", visits_csv);
    answers wanted = ask();
    assert_non_null(strstr(wanted.contacts.out, "P-0000002"));
    say_records(where.text);
    answers_are(&wanted);
    wf_path left = scratch_path(&folder, "city/records.db");
    assert_false(wf_io_exists(&wf_io_posix, left.text));
    end_well(RUN("weft", "rebuild", city()));
    answers_are(&wanted);
    import("persons", persons_csv); // all of it is had
    answers_are(&wanted);
    end_well(RUN("weft", "verify", city()));
    say_records(NULL);
    answers_are(&wanted);
    assert_true(wf_io_exists(&wf_io_posix, left.text));
    answers_done(&wanted);
}

// ---- wrong addresses ----

static void a_wrong_address_is_refused_and_not_repeated(void **state)
{
    (void)state;
    static const struct {
        const char *value, *says;
    } cases[] = {
        {"mysql://u:SECRET@h/x", "weft.yaml"},
        {"Postgres://u:SECRET@h/x", "weft.yaml"},
        {"postgres://", "weft.yaml"},
        {"SECRET", "weft.yaml"},
        {"\"\"", "weft.yaml"},
        {"", "weft.yaml"},
        {"postgres://u:SECRET@h/x y", "weft.yaml"},
        {"\"postgres://u:SECRET@h/x\\n\"", "weft.yaml"},
        {"postgres://u:SECRET密@h/x", "weft.yaml"},
        {"[\"postgres://u:SECRET@h/x\"]", "weft.yaml"},
        {"{postgres: SECRET}", "weft.yaml"},
        {"postgres://u:SECRET@127.0.0.1:1/x?connect_timeout=2", "database server"},
        {"postgres://u:SECRET@127.0.0.1:SECRET/x", "database server"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        say_records(cases[i].value);
        outcome o = RUN("weft", "digest", city(), "--lang", "en");
        if (o.code == 0 || strstr(o.messages, cases[i].says) == NULL ||
            strstr(o.messages, "SECRET") != NULL || strstr(o.out, "SECRET") != NULL)
            fail_msg("%s: %d %s%s", cases[i].value, o.code, o.out, o.messages);
        outcome_done(&o);
    }
}

// ---- the doctor ----

static void the_doctor_asks_the_server_and_never_says_its_password(void **state)
{
    (void)state;
    test_address where = test_postgres_schema(&server);
    say_records(where.text);
    outcome o = RUN("weft", "doctor", city(), "--json");
    assert_non_null(strstr(o.out, "{\"check\":\"database\",\"level\":\"ok\","));
    outcome_done(&o);
    say_records("postgres://u:SECRET@127.0.0.1:1/x?connect_timeout=2");
    o = RUN("weft", "doctor", city(), "--json");
    assert_int_equal(o.code, 1);
    assert_non_null(strstr(o.out, "{\"check\":\"city\",\"level\":\"bad\","));
    assert_non_null(strstr(o.out, "{\"check\":\"disk\","));
    assert_null(strstr(o.out, "SECRET"));
    assert_null(strstr(o.messages, "SECRET"));
    outcome_done(&o);
}

static int start_server(void **state)
{
    (void)state;
    return test_postgres_start(&server) ? 0 : -1;
}

static int stop_server(void **state)
{
    (void)state;
    test_postgres_stop(&server);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_city_answers_the_same_wherever_its_rows_are,
                                        make_city, remove_city),
        cmocka_unit_test_setup_teardown(a_wrong_address_is_refused_and_not_repeated,
                                        make_city, remove_city),
        cmocka_unit_test_setup_teardown(
            the_doctor_asks_the_server_and_never_says_its_password, make_city,
            remove_city),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
