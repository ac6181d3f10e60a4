// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>

#include "store/schema.h"
#include "support/scratch.h"

// Files that are there already have this schema to the letter. A change of it needs a new
// WF_SCHEMA_VERSION, a step that leads there, and a golden copy beside this one.
static void version_1_stays_as_it_was(void **state)
{
    (void)state;
    static const wf_register_kind by_name[] = {WF_REGISTER_CASES, WF_REGISTER_PERSONS,
                                               WF_REGISTER_PLACES};
    weft_error error = {0};
    wf_buffer made = {0};
    const char *root = getenv("WEFT_DATA_DIR");
    assert_non_null(root);
    assert_int_equal(WF_SCHEMA_VERSION, 1);
    assert_true(wf_buffer_printf(&made, "%s;\n", wf_schema_about));
    for (size_t i = 0; i < sizeof by_name / sizeof *by_name; i++) {
        wf_table_form form;
        wf_table_form_init(&form, by_name[i]);
        assert_int_equal(wf_schema_create(&form, &made, &error), WEFT_OK);
        assert_true(wf_buffer_printf(&made, ";\n"));
    }
    wf_path path;
    assert_int_equal(wf_path_join(root, "test/golden/records-1.schema", &path, &error),
                     WEFT_OK);
    size_t size;
    char *golden = scratch_read(&path, &size);
    assert_non_null(golden);
    assert_int_equal(made.size, size);
    assert_memory_equal(made.bytes, golden, size);
    free(golden);
    wf_buffer_done(&made);
}

// No column of a person's table that identifies stands in SQL by its own name.
static void what_identifies_has_no_column_of_its_own(void **state)
{
    (void)state;
    static const char *const sealed[] = {"\"name\"",  "\"birth\"",     "\"household\"",
                                         "\"phone\"", "\"id_number\"", "\"needs\""};
    weft_error error = {0};
    wf_buffer made = {0};
    wf_table_form form;
    wf_table_form_init(&form, WF_REGISTER_PERSONS);
    assert_true(form.has_sealed);
    assert_int_equal(wf_schema_create(&form, &made, &error), WEFT_OK);
    for (size_t i = 0; i < sizeof sealed / sizeof *sealed; i++)
        assert_null(strstr(made.bytes, sealed[i]));
    assert_non_null(strstr(made.bytes, "\"household_key\""));
    wf_buffer_done(&made);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(version_1_stays_as_it_was),
        cmocka_unit_test(what_identifies_has_no_column_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
