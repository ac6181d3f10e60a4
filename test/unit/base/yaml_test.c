// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>
#include <string.h>

#include "base/yaml.h"
#include "model/catalogue.h"

static const char *const file = "some.yaml";

static void a_tree_keeps_order_lines_and_paths(void **state)
{
    (void)state;
    static const char text[] = "# a comment\n"
                               "name: 湖㳇镇\n"
                               "kinds:\n"
                               "  bus:\n"
                               "    minutes: \"15\"\n"
                               "days: [1, 4,\n"
                               "  7]\n"
                               "empty:\n";
    wf_arena arena = {0};
    weft_error error = {0};
    const wf_yaml *root = NULL;
    assert_int_equal(wf_yaml_parse(wf_text_of(text), file, &arena, &root, &error),
                     WEFT_OK);
    assert_int_equal(root->kind, WF_YAML_MAP);
    assert_int_equal(root->count, 4);
    assert_string_equal(root->keys[2], "days");
    assert_true(wf_text_equal(wf_yaml_get(root, "name")->scalar, WF_TEXT("湖㳇镇")));
    const wf_yaml *bus = wf_yaml_get(wf_yaml_get(root, "kinds"), "bus");
    assert_int_equal(bus->line, 4);
    const wf_yaml *minutes = wf_yaml_get(bus, "minutes");
    assert_int_equal(minutes->line, 5);
    assert_true(minutes->quoted);
    assert_string_equal(minutes->path, "kinds.bus.minutes");
    const wf_yaml *days = wf_yaml_get(root, "days");
    assert_int_equal(days->kind, WF_YAML_LIST);
    assert_int_equal(days->count, 3);
    assert_int_equal(days->items[2]->line, 7);
    assert_false(days->items[2]->quoted);
    assert_string_equal(days->items[2]->path, "days[3]");
    assert_int_equal(wf_yaml_get(root, "empty")->scalar.size, 0);
    assert_null(wf_yaml_get(root, "absent"));
    assert_null(wf_yaml_get(days, "name"));
    assert_null(wf_yaml_get(NULL, "name"));
    wf_arena_done(&arena);
}

static void what_could_hide_a_meaning_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *code;
        uint64_t line;
    } rows[] = {
        {"", "yaml.empty", 1},
        {"# only a comment\n", "yaml.empty", 2},
        {"a: 1\nb: &x 2\n", "yaml.anchor", 2},
        {"a: *x\n", "yaml.anchor", 1},
        {"a: !!int 2\n", "yaml.tag", 1},
        {"a: ! 2\n", "yaml.tag", 1},
        {"a: 1\nb: 2\na: 3\n", "yaml.duplicate_key", 3},
        {"x:\n  a: 1\n  'a': 3\n", "yaml.duplicate_key", 3},
        {"? [a, b]\n: 1\n", "yaml.key", 1},
        {"\"a\\0b\": 1\n", "yaml.key", 1},
        {"\"\": 1\n", "yaml.key", 1},
        {"a: 1\n---\nb: 2\n", "yaml.documents", 2},
        {"a: [1, 2\nb: 3\n", "yaml.syntax", 2},
        {"a: 1\n\tb: 2\n", "yaml.syntax", 2},
        {"a: \x01\n", "yaml.syntax", 1},
        {"a: \xFF\n", "yaml.utf8", 0},
        {"[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]", "yaml.deep", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wf_arena arena = {0};
        weft_error error = {0};
        const wf_yaml *root = NULL;
        assert_int_equal(
            wf_yaml_parse(wf_text_of(rows[i].text), file, &arena, &root, &error),
            WEFT_BAD_INPUT);
        assert_string_equal(error.code, rows[i].code);
        assert_true(wf_catalogue_has(error.code));
        assert_int_equal(error.line, rows[i].line);
        assert_string_equal(error.file, file);
        assert_null(root);
        wf_arena_done(&arena);
    }
}

static void fifteen_levels_are_enough_and_allowed(void **state)
{
    (void)state;
    wf_arena arena = {0};
    weft_error error = {0};
    const wf_yaml *root = NULL;
    assert_int_equal(wf_yaml_parse(WF_TEXT("[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]"), file,
                                   &arena, &root, &error),
                     WEFT_OK);
    wf_arena_done(&arena);
}

static void a_file_over_a_mebibyte_is_too_large(void **state)
{
    (void)state;
    size_t size = (1 << 20) + 1;
    char *bytes = malloc(size);
    assert_non_null(bytes);
    memset(bytes, '#', size);
    wf_arena arena = {0};
    weft_error error = {0};
    const wf_yaml *root = NULL;
    assert_int_equal(wf_yaml_parse((wf_text){bytes, size}, file, &arena, &root, &error),
                     WEFT_TOO_LARGE);
    assert_string_equal(error.code, "yaml.too_large");
    free(bytes);
}

static void memory_that_ends_is_said(void **state)
{
    (void)state;
    static const char text[] = "a: {b: [1, 2, 3, 4, 5, 6, 7, 8, 9], c: d}\n";
    for (size_t limit = 16; limit < 4096; limit += 16) {
        wf_arena arena;
        wf_arena_init(&arena, limit);
        weft_error error = {0};
        const wf_yaml *root = NULL;
        weft_status status = wf_yaml_parse(wf_text_of(text), file, &arena, &root, &error);
        assert_true(status == WEFT_NO_MEMORY ? root == NULL : status == WEFT_OK);
        assert_true(limit > 512 || status == WEFT_NO_MEMORY);
        wf_arena_done(&arena);
    }
}

static void an_unknown_key_is_named_with_its_nearest(void **state)
{
    (void)state;
    static const char *const keys[] = {"value", "unit", "source", "sure", NULL};
    wf_arena arena = {0};
    weft_error error = {0};
    const wf_yaml *root = NULL;
    assert_int_equal(
        wf_yaml_parse(WF_TEXT("value: 1\nsuorce: x\n"), file, &arena, &root, &error),
        WEFT_OK);
    assert_int_equal(wf_yaml_only_keys(root, file, keys, &error), WEFT_BAD_INPUT);
    assert_string_equal(error.code, "yaml.unknown_key");
    assert_int_equal(error.line, 2);
    assert_string_equal(error.field, "suorce");
    assert_string_equal(error.params[1].name, "nearest");
    assert_string_equal(error.params[1].value, "source");
    assert_int_equal(wf_yaml_only_keys(root->items[0], file, keys, &error),
                     WEFT_BAD_INPUT);
    assert_string_equal(error.code, "yaml.not_a_map");
    wf_arena_done(&arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_keeps_order_lines_and_paths),
        cmocka_unit_test(what_could_hide_a_meaning_is_refused_with_its_line),
        cmocka_unit_test(fifteen_levels_are_enough_and_allowed),
        cmocka_unit_test(a_file_over_a_mebibyte_is_too_large),
        cmocka_unit_test(memory_that_ends_is_said),
        cmocka_unit_test(an_unknown_key_is_named_with_its_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
