// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <string.h>

#include "tidy.h"

// ---- each rule can fail, and only where it should ----

enum { files_max = 6 };

typedef struct {
    tidy_rule *rule;
    size_t found;
    const char *files[files_max][2]; // path, content
} sample;

// clang-format off
static const sample samples[] = {
    // A folder sees what is below it, no sibling, nothing above, nothing outside.
    {tidy_layers, 0, {{"src/keys/a.c", "#include \"base/b.h\"\n#include \"weft/c.h\"\n"},
                      {"src/base/b.h", ""}, {"include/weft/c.h", "#include <stdint.h>\n"}}},
    {tidy_layers, 1, {{"src/base/a.c", "#include \"keys/b.h\"\n"}, {"src/keys/b.h", ""}}},
    {tidy_layers, 1, {{"src/visits/a.c", "#include \"store/b.h\"\n"}, {"src/store/b.h", ""}}},
    {tidy_layers, 1, {{"src/visits/a.c", "#include \"wire/b.h\"\n"}, {"src/wire/b.h", ""}}},
    {tidy_layers, 1, {{"src/base/a.c", "#include \"b.h\"\n"}, {"src/base/b.h", ""}}},
    {tidy_layers, 1, {{"src/base/a.c", "#include \"base/none.h\"\n"}}},
    {tidy_layers, 0, {{"src/base/a.c", "#include \"base/made.h\"\n"}, {"src/base/meson.build", "configure_file(output: 'made.h')"}}},
    {tidy_layers, 0, {{"src/base/a.c", "#include \"base/room/made.h\"\n"}, {"src/base/room/meson.build", "configure_file(output: 'made.h')"}}},
    {tidy_layers, 1, {{"src/attic/a.c", ""}}},
    {tidy_layers, 1, {{"include/weft/a.h", "#include \"base/b.h\"\n"}, {"src/base/b.h", ""}}},
    {tidy_layers, 0, {{"src/base/a.c", "// #include \"keys/b.h\"\n"}}},

    {tidy_bans, 1, {{"test/a.c", "void f(void) { strcpy (a, b); }\n"}}},
    {tidy_bans, 0, {{"test/a.c", "// strcpy(a, b)\nconst char *s = \"strcpy(\";\n"}}},
    {tidy_bans, 0, {{"src/keys/a.c", "int x = io->open(io) + io.write(io) + my_open(1);\n"}}},
    {tidy_bans, 1, {{"src/keys/a.c", "int x = open(path);\n"}}},
    {tidy_bans, 1, {{"src/keys/a.c", "void f(void) { printf(s); }\n"}}},
    {tidy_bans, 0, {{"src/cli/a.c", "void f(void) { printf(s); }\n"}}},
    {tidy_bans, 0, {{"src/base/clock.c", "int x = clock_gettime(a, b);\n"}}},
    {tidy_bans, 1, {{"src/base/time.c", "int x = clock_gettime(a, b);\n"}}},
    {tidy_bans, 0, {{"src/cli/cli.c", "int x = fwrite(a);\n"}}},
    {tidy_bans, 1, {{"src/cli/cli.c", "int x = 0;\n"}}}, // an exception nobody needs

    {tidy_catalogue, 0, {{"src/model/texts/a.def", "// TEXT(\"a.none\")\nTEXT(\"a.b\",\n \"{x}甲\", \"one {x}\", \"\", \"\", \"\",\n \"\")\n"},
                         {"src/base/a.c", "const char *code = \"a.b\", *file = \"a.csv\", *other = \"z.b\";\n"}}},
    {tidy_catalogue, 1, {{"src/model/texts/a.def", "TEXT(\"a.b\", \"甲\", \"one\", \"\", \"\", \"\", \"\")\n"}}},
    {tidy_catalogue, 1, {{"src/model/texts/a.def", "TEXT(\"a.b\", \"甲\", \"one\", \"\", \"\", \"\", \"\")\n"},
                         {"src/base/a.c", "const char *a = \"a.b\", *b = \"a.d\";\n"}}},
    {tidy_catalogue, 1, {{"src/model/texts/a.def", "TEXT(\"a.b_1\", \"甲\", \"one\", \"\", \"\", \"\", \"\")\n"},
                         {"src/base/a.c", "const char *a = \"a.b_\", *b = \"a.c_\";\n"}}},
    {tidy_catalogue, 1, {{"src/model/texts/a.def", "TEXT(\"a.b\", \"甲\", \"\", \"\", \"\", \"\", \"\")\n"},
                         {"src/base/a.c", "const char *a = \"a.b\";\n"}}},
    {tidy_catalogue, 1, {{"src/model/texts/a.def", "TEXT(\"a.b\", \"甲\", \"one\", \"\", \"\", \"\", \"do\")\n"},
                         {"src/base/a.c", "const char *a = \"a.b\";\n"}}},
    {tidy_catalogue, 1, {{"src/model/texts/a.def", "TEXT(\"a.b\", \"甲{x}\", \"one {y}\", \"\", \"\", \"\", \"\")\n"},
                         {"src/base/a.c", "const char *a = \"a.b\";\n"}}},
    {tidy_catalogue, 1, {{"src/model/texts/a.def", "TEXT(\"a.b\", \"甲\", \"one\", \"\", \"\")\n"},
                         {"src/base/a.c", "const char *a = \"a.b\";\n"}}},
    {tidy_catalogue, 2, {{"src/model/texts/a.def", "TEXT(\"a.b\", \"甲\", \"one\", \"\", \"\", \"\", \"\")\n"
                                                   "TEXT(\"a.b\", \"甲\", \"one\", \"\", \"\", \"\", \"\")\n"},
                         {"src/base/a.c", "const char *a = \"a.b\";\n"}}}, // twice; the second unused
    {tidy_catalogue, 1, {{"src/model/texts/a.def", "TEXT(\"a.b\", \"甲\", \"one\", \"\", \"\", \"\", \"\")\n"},
                         {"src/model/protocol_fields.c", "const char *a = \"a.b\";\n"}}}, // an exception nobody needs
    {tidy_catalogue, 1, {{"src/model/texts/a.def", "TEXT(\"a.b\", \"甲\", \"one\", \"\", \"\", \"做\", \"run weft doctor\")\n"},
                         {"src/base/a.c", "const char *a = \"a.b\";\n"}}},
    {tidy_catalogue, 1, {{"src/model/texts/a.def", "TEXT(\"a.b\", \"甲\", \"one\", \"\", \"\", \"做\", \"say it with --limit\")\n"},
                         {"src/base/a.c", "const char *a = \"a.b\";\n"}}},
    {tidy_catalogue, 0, {{"src/model/texts/a.def", "TEXT(\"a.b\", \"甲\", \"one\", \"\", \"\", \"做\", \"a note — Weft does it\")\n"},
                         {"src/base/a.c", "const char *a = \"a.b\";\n"}}},
    {tidy_catalogue, 0, {{"src/model/texts/cli.def", "TEXT(\"a.b\", \"甲\", \"one\", \"\", \"\", \"做\", \"run weft doctor\")\n"},
                         {"src/base/a.c", "const char *a = \"a.b\";\n"}}},
    {tidy_catalogue, 0, {{"src/model/texts/a.def", "TEXT(\"a.b\", \"甲\", \"one\", \"\", \"\", \"做\", \"run weft doctor\")\nOVER_HTTP(\"a.b\", \"请管理员看\", \"ask the operator\")\n"},
                         {"src/base/a.c", "const char *a = \"a.b\";\n"}}},
    {tidy_catalogue, 0, {{"src/model/texts/a.def", "TEXT(\"a.b\", \"甲\", \"one\", \"\", \"\", \"做\", \"run weft doctor\")\nOVER_HTTP(\"a.b\", \"\", \"\")\n"},
                         {"src/base/a.c", "const char *a = \"a.b\";\n"}}}, // raised by the command line alone
    {tidy_catalogue, 1, {{"src/model/texts/a.def", "TEXT(\"a.b\", \"甲\", \"one\", \"\", \"\", \"做\", \"run weft doctor\")\nOVER_HTTP(\"a.b\", \"请管理员看\", \"\")\n"},
                         {"src/base/a.c", "const char *a = \"a.b\";\n"}}},
    {tidy_catalogue, 1, {{"src/model/texts/a.def", "TEXT(\"a.b\", \"甲\", \"one\", \"\", \"\", \"做\", \"run weft doctor\")\nOVER_HTTP(\"a.b\", \"请管理员看\", \"run weft doctor\")\n"},
                         {"src/base/a.c", "const char *a = \"a.b\";\n"}}},
    {tidy_catalogue, 1, {{"src/model/texts/a.def", "TEXT(\"a.b\", \"甲\", \"one\", \"\", \"\", \"做\", \"look\")\nOVER_HTTP(\"a.b\", \"看\", \"look again\")\n"},
                         {"src/base/a.c", "const char *a = \"a.b\";\n"}}}, // needs no other hint
    {tidy_catalogue, 1, {{"src/model/texts/a.def", "TEXT(\"a.b\", \"甲\", \"--limit is wrong\", \"\", \"\", \"做\", \"run weft doctor\")\nOVER_HTTP(\"a.b\", \"请管理员看\", \"ask\")\n"},
                         {"src/base/a.c", "const char *a = \"a.b\";\n"}}},
    {tidy_catalogue, 0, {{"src/model/texts/a.def", "TEXT(\"a.b\", \"甲\", \"--limit is wrong\", \"\", \"\", \"做\", \"run weft doctor\")\nOVER_HTTP(\"a.b\", \"\", \"\")\n"},
                         {"src/base/a.c", "const char *a = \"a.b\";\n"}}},
    {tidy_catalogue, 1, {{"src/model/texts/a.def", "OVER_HTTP(\"a.b\", \"看\", \"look\")\n"}}}, // of no code

    {tidy_callers, 0, {{"src/a/a.c", "int used(void)\n{\n    return 1;\n}\nstatic int own(void)\n{\n    return used();\n}\n"}}},
    {tidy_callers, 1, {{"src/a/a.c", "int used(void)\n{\n    return used();\n}\n"}, {"src/a/a.h", "int used(void);\n"}}},
    {tidy_callers, 1, {{"src/a/a.c", "int used(int (*f)(int))\n{\n}\n"}, {"test/a.c", "int x(void)\n{\n    return used(0);\n}\n"}}},
    {tidy_callers, 0, {{"src/a/a.c", "int used(void)\n{\n}\n"}, {"test/a.c", "int x(void)\n{\n    return used();\n}\n"},
                       {"include/weft/a.h", "int used(void);\n"}}},
    {tidy_callers, 1, {{"src/a/a.c", "int used(void)\n{\n}\n"}, {"include/weft/a.h", "int used(void);\n"}}},
    {tidy_callers, 1, {{"src/a/a.c", "int used(void)\n{\n}\n// used()\nconst char *s = \"used()\";\n"}}},
    {tidy_callers, 0, {{"src/a/a.c", "int used(void)\n{\n}\nstruct s x = {.f = used};\nint y(void)\n{\n}\nint (*z)(void) = y;\n"}}},
    {tidy_callers, 0, {{"src/a/a.c", "int used(void)\n{\n}\n"}, {"src/a/a.h", "#define TRY \\\n    used()\n"}}},
    {tidy_callers, 1, {{"src/visits/a.c", "int wf_visits_append(void)\n{\n}\nint x = wf_visits_append();\n"}}}, // an exception nobody needs

    {tidy_references, 0, {{"src/a/meson.build", "files('x.c') + ['sql']"}, {"src/a/x.c", "#include \"a/x.h\"\n"},
                          {"src/a/x.h", ""}, {"src/a/sql/sql.sql", ""}}},
    {tidy_references, 1, {{"src/a/meson.build", "files('x.c')"}, {"src/b/x.c", ""}}},
    {tidy_references, 1, {{"src/a/x.h", "#include \"a/x.h\"\n"}}},
    {tidy_references, 1, {{"src/a/meson.build", ""}, {"src/a/sql/none.sql", ""}}},
    {tidy_references, 0, {{"fuzz/meson.build", "['csv']"}, {"fuzz/csv_fuzz.c", ""}}},
    {tidy_references, 1, {{"fuzz/meson.build", "['csv']"}, {"fuzz/ring_fuzz.c", ""}}},
    {tidy_references, 0, {{"fuzz/meson.build", "['csv']"}, {"fuzz/csv_fuzz.c", ""}, {"docs/reference/parsers.md", "| CSV | `csv` |\n"}}},
    {tidy_references, 1, {{"fuzz/meson.build", "['csv']"}, {"fuzz/csv_fuzz.c", ""}, {"docs/reference/parsers.md", "| CSV | csv |\n"}}},
    {tidy_references, 0, {{"meson.build", "install_subdir('protocol')"}, {"protocol/a.yaml", ""}}},
    {tidy_references, 1, {{"fuzz/meson.build", "['csv']"}, {"fuzz/corpus/csv/a", ""}, {"fuzz/corpus/ring/a", ""}}},
    {tidy_references, 1, {{"meson.build", "install_subdir('law')"}, {"protocol/a.yaml", ""}}},

    {tidy_links, 0, {{"docs/a.md", "[b](b.md#x) [c](../c/d) [e](https://e.org) [f](#f)\n```\n[g](none)\n```\n"},
                     {"docs/b.md", ""}, {"c/d/e.c", ""}}},
    {tidy_links, 1, {{"docs/a.md", "see [b](b.md)\n"}, {"b.md", ""}}},
    {tidy_links, 1, {{"a.md", "see [b](../b.md)\n"}, {"b.md", ""}}},

    {tidy_words, 1, {{"a.md", "TO" "DO: later\n"}}},
    {tidy_words, 0, {{"a.md", "MASTODON, ~/lib/root/x, $HOME/x\n"}}},
    {tidy_words, 1, {{"a.c", "const char *path = \"/ho" "me/x\";\n"}}},
};
// clang-format on

static size_t run(tidy_rule *rule, const tidy_tree *tree, bool quiet)
{
    tidy_report report = {.quiet = quiet};
    rule(tree, &report);
    return report.count;
}

static void every_rule_finds_what_breaks_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        tidy_tree tree = {0};
        for (size_t f = 0; f < files_max && samples[i].files[f][0] != NULL; f++)
            tidy_tree_add(&tree, samples[i].files[f][0], samples[i].files[f][1],
                          strlen(samples[i].files[f][1]));
        size_t found = run(samples[i].rule, &tree, true);
        if (found != samples[i].found) {
            run(samples[i].rule, &tree, false);
            fail_msg("sample %zu (%s): %zu instead of %zu", i, samples[i].files[0][0],
                     found, samples[i].found);
        }
        tidy_tree_done(&tree);
    }
}

// A file of `lines` lines, all in one function.
static size_t found_in_function_of(size_t lines, size_t functions)
{
    static char text[1 << 16];
    size_t size = 0;
    for (size_t f = 0; f < functions; f++) {
        size += (size_t)snprintf(text + size, sizeof text - size, "void f(int a)\n{\n");
        for (size_t i = 2; i < lines; i++)
            text[size++] = '\n';
        size += (size_t)snprintf(text + size, sizeof text - size, "}\n");
    }
    tidy_tree tree = {0};
    tidy_tree_add(&tree, "src/a.c", text, size);
    size_t found = run(tidy_lengths, &tree, true);
    tidy_tree_done(&tree);
    return found;
}

static void long_functions_and_files_are_found(void **state)
{
    (void)state;
    assert_int_equal(found_in_function_of(70, 1), 0);
    assert_int_equal(found_in_function_of(71, 1), 1);
    assert_int_equal(found_in_function_of(39, 20), 0); // 800 lines
    assert_int_equal(found_in_function_of(40, 20), 1);
    tidy_tree tree = {0};
    tidy_tree_add(&tree, "src/a.c", "void f(void) {\n", 15);
    assert_int_equal(run(tidy_lengths, &tree, true), 1);
    tidy_tree_done(&tree);
}

// ---- the tree itself ----

static tidy_tree whole;

#define RULE(name, rule)                                                                 \
    static void name(void **state)                                                       \
    {                                                                                    \
        (void)state;                                                                     \
        assert_int_equal(run(rule, &whole, false), 0);                                   \
    }

RULE(folders_include_only_what_is_below_them, tidy_layers)
RULE(banned_calls_are_not_made, tidy_bans)
RULE(functions_and_files_are_short, tidy_lengths)
RULE(codes_have_sentences_in_both_languages, tidy_catalogue)
RULE(no_file_is_dead, tidy_references)
RULE(no_function_is_dead, tidy_callers)
RULE(links_lead_somewhere, tidy_links)
RULE(nothing_unfinished_and_no_machine_is_named, tidy_words)

int main(int count, char **words)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_finds_what_breaks_it),
        cmocka_unit_test(long_functions_and_files_are_found),
        cmocka_unit_test(folders_include_only_what_is_below_them),
        cmocka_unit_test(banned_calls_are_not_made),
        cmocka_unit_test(functions_and_files_are_short),
        cmocka_unit_test(codes_have_sentences_in_both_languages),
        cmocka_unit_test(no_file_is_dead),
        cmocka_unit_test(no_function_is_dead),
        cmocka_unit_test(links_lead_somewhere),
        cmocka_unit_test(nothing_unfinished_and_no_machine_is_named),
    };
    if (count != 2)
        return 2;
    tidy_tree_read(&whole, words[1]);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    tidy_tree_done(&whole);
    return failed;
}
