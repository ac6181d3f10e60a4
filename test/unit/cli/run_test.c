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

static void wrong_words_end_in_2_with_a_hint(void **state)
{
    (void)state;
    const struct {
        const char *arguments[5];
        int count;
        const char *says;
    } rows[] = {
        {{"weft", "frobnicate"}, 2, "no such verb"},
        {{"weft", "version", "--nope"}, 3, "has no option --nope"},
        {{"weft", "version", "extra"}, 3, "too many arguments"},
        {{"weft", "version", "--lang"}, 3, "needs zh|en after it"},
        {{"weft", "version", "--lang", "fr"}, 4, "--lang is zh or en"},
        {{"weft", "version", "--json=1"}, 3, "takes no value"},
        {{"weft", "version", "--threads", "0"}, 4, "from 1 to 64"},
        {{"weft", "version", "--threads=65"}, 3, "from 1 to 64"},
        {{"weft", "help", "frobnicate"}, 3, "no such verb"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        outcome o = run(rows[i].count, rows[i].arguments);
        assert_int_equal(o.code, 2);
        assert_string_equal(o.out, "");
        assert_non_null(strstr(o.messages, rows[i].says));
        outcome_done(&o);
    }
}

static void help_explains_facts(void **state)
{
    (void)state;
    static const struct {
        const char *what, *says; // what NULL: the list
        int code;
    } rows[] = {{NULL, "tube.sealed", 0},
                {"tube.sealed", "a tube was sealed", 0},
                {"all", "## order.lifted", 0},
                {"tube.seal", "there is no such kind", 2}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *arguments[] = {"weft", "help", "facts", rows[i].what};
        outcome o = run(rows[i].what == NULL ? 3 : 4, arguments);
        assert_int_equal(o.code, rows[i].code);
        assert_non_null(strstr(o.code == 0 ? o.out : o.messages, rows[i].says));
        outcome_done(&o);
    }
}

static void help_names_every_verb_in_both_languages(void **state)
{
    (void)state;
    for (size_t i = 0; wf_verbs[i] != NULL; i++) {
        const wf_verb *verb = wf_verbs[i];
        outcome en = RUN("weft", "help", verb->name, "--lang", "en");
        outcome zh = RUN("weft", "help", verb->name, "--lang", "zh");
        outcome all = RUN("weft", "help");
        assert_int_equal(en.code, 0);
        assert_non_null(strstr(en.out, verb->en));
        assert_non_null(strstr(zh.out, verb->zh));
        assert_non_null(strstr(all.out, verb->name));
        for (size_t k = 0; verb->options != NULL && verb->options[k].name != NULL; k++) {
            assert_non_null(strstr(en.out, verb->options[k].en));
            assert_non_null(strstr(zh.out, verb->options[k].zh));
        }
        outcome_done(&en);
        outcome_done(&zh);
        outcome_done(&all);
    }
}

static void json_is_one_compact_object_a_line(void **state)
{
    (void)state;
    outcome o = RUN("weft", "version", "--json");
    assert_int_equal(o.code, 0);
    assert_memory_equal(o.out, "{\"version\":\"", 12);
    assert_null(strchr(o.out, ' '));
    assert_int_equal(o.out[o.out_size - 1], '\n');
    outcome_done(&o);
}

static void what_cannot_be_written_is_a_failure(void **state)
{
    (void)state;
    FILE *full = fopen("/dev/full", "w");
    char *said = NULL;
    size_t said_size = 0;
    FILE *messages = open_memstream(&said, &said_size);
    char verb[] = "help", name[] = "weft";
    char *argv[] = {name, verb};
    assert_non_null(full);
    assert_int_equal(wf_cli_run(2, argv, full, messages), 5);
    assert_int_equal(fclose(messages), 0);
    assert_non_null(strstr(said, "stdout"));
    free(said);
    fclose(full);
}

static void chinese_counts_two_columns(void **state)
{
    (void)state;
    assert_int_equal(wf_cli_width("abc"), 3);
    assert_int_equal(wf_cli_width(""), 0);
    assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
    assert_int_equal(wf_cli_width("织网"), 4);
    assert_int_equal(wf_cli_width("a织b"), 4);
}

int main(void)
{
    setenv("WEFT_LANG", "en", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_words_end_in_2_with_a_hint),
        cmocka_unit_test(help_explains_facts),
        cmocka_unit_test(help_names_every_verb_in_both_languages),
        cmocka_unit_test(json_is_one_compact_object_a_line),
        cmocka_unit_test(what_cannot_be_written_is_a_failure),
        cmocka_unit_test(chinese_counts_two_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
