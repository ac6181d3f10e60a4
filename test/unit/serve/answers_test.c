// What is answered to questions that need something (a case, a view, a purpose) is what
// its schema says; those that need nothing are asked by description_test.c.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/asked_city.h"

static const json_t *description;

static int begin_described(void **state)
{
    if (begin(state) != 0)
        return -1;
    description = client_description(&city);
    return 0;
}

// ---- what is asked ----

// A good value of whatever a path or a question needs.
static const char *good_value(const char *name)
{
    static const char *const values[][2] = {
        {"case", "C-1"},     {"cases", "C-1"},       {"place", "M-1"},
        {"desk", "testing"}, {"name", "tubes"},      {"kind", "testing/tube_no_result"},
        {"q", "甲"},         {"outbreak", "B-NONE"}, {"holes", "testing/tube_no_result"}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (strcmp(values[i][0], name) == 0)
            return values[i][1];
    return NULL;
}

static const json_t *resolved(const json_t *one)
{
    const char *reference = json_string_value(json_object_get(one, "$ref"));
    const char *name = reference != NULL ? strrchr(reference, '/') : NULL;
    return name == NULL ? one
                        : json_object_get(
                              json_object_get(json_object_get(description, "components"),
                                              "parameters"),
                              name + 1);
}

static void put(char *to, size_t size, const char *text)
{
    size_t at = strlen(to);
    assert_true(at + strlen(text) < size);
    memcpy(to + at, text, strlen(text) + 1);
}

// The path with its pieces filled in.
static void put_path(const char *path, char *to, size_t size)
{
    while (*path != '\0') {
        char name[64] = "", letter[2] = {*path, '\0'};
        if (*path != '{') {
            put(to, size, letter);
            path++;
            continue;
        }
        size_t length = strcspn(path, "}");
        assert_true(length - 1 < sizeof name);
        memcpy(name, path + 1, length - 1);
        if (good_value(name) == NULL)
            fail_msg("no value for {%s}", name);
        put(to, size, good_value(name));
        path += length + 1;
    }
}

// The address of an operation; the number of things that it needs.
static size_t put_address(const char *path, const json_t *operation, char *to,
                          size_t size)
{
    size_t needs = 0, index;
    json_t *one;
    char sign[2] = "?";
    put_path(path, to, size);
    json_array_foreach(json_object_get(operation, "parameters"), index, one)
    {
        const json_t *parameter = resolved(one);
        const char *in = json_string_value(json_object_get(parameter, "in"));
        const char *name = json_string_value(json_object_get(parameter, "name"));
        if (!json_is_true(json_object_get(parameter, "required")))
            continue;
        needs++;
        if (strcmp(in, "query") != 0)
            continue;
        if (good_value(name) == NULL)
            fail_msg("no value for %s of %s", name, path);
        put(to, size, sign);
        put(to, size, name);
        put(to, size, "=");
        put(to, size, good_value(name));
        sign[0] = '&';
    }
    return needs;
}

// True when it was answered, by what the schema says.
static bool check_operation(const char *path, const json_t *operation)
{
    char address[256] = "";
    const json_t *content = json_object_get(
        json_object_get(json_object_get(operation, "responses"), "200"), "content");
    const json_t *schema =
        json_object_get(json_object_get(content, "application/json"), "schema");
    if (schema == NULL || put_address(path, operation, address, sizeof address) == 0)
        return false;
    get("lead", address, "ref=case:C-1; purpose=trace-contacts");
    if (answer.status != 200)
        print_error("# GET %s: %s\n", address, answer.bytes);
    assert_int_equal(answer.status, 200); // client_ask has seen that it fits
    return true;
}

static void answers_to_what_needs_something_fit_their_schemas(void **state)
{
    const char *path;
    json_t *methods;
    size_t asked = 0;
    (void)state;
    json_object_foreach(json_object_get(description, "paths"), path, methods)
    {
        const json_t *operation = json_object_get(methods, "get");
        if (operation != NULL)
            asked += check_operation(path, operation);
    }
    assert_in_range(asked, 5, 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_to_what_needs_something_fit_their_schemas),
    };
    return cmocka_run_group_tests(tests, begin_described, end);
}
