// Answers that many ask for are given while they are true, and to whom they belong.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve/areas/kept.h"

static wf_kept *kept;

static int begin(void **state)
{
    weft_error error = {0};
    (void)state;
    return wf_kept_new(&kept, &error) == WEFT_OK ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    wf_kept_free(kept);
    return 0;
}

static wf_kept_as as(const char *key, uint64_t rows, uint64_t at_ms)
{
    wf_kept_as made = {.rows = rows, .at_ns = at_ms * 1000000};
    memcpy(made.key, key, strlen(key) + 1);
    return made;
}

static void put(wf_kept_as made, const char *text)
{
    wf_buffer bytes = {0};
    assert_true(wf_buffer_append(&bytes, text, strlen(text)));
    wf_kept_put(kept, &made, &bytes);
    wf_buffer_done(&bytes);
}

// NULL: nothing is given.
static void expect(wf_kept_as asked, const char *text)
{
    wf_buffer bytes = {0};
    assert_int_equal(wf_kept_give(kept, &asked, &bytes), text != NULL);
    assert_int_equal(bytes.size, text != NULL ? strlen(text) : 0);
    if (text != NULL)
        assert_memory_equal(bytes.bytes, text, bytes.size);
    wf_buffer_done(&bytes);
}

static void an_answer_stands_while_its_rows_do_and_not_for_long(void **state)
{
    (void)state;
    expect(as("lead 3202 counts", 7, 1000), NULL);
    put(as("lead 3202 counts", 7, 1000), "one");
    expect(as("lead 3202 counts", 7, 1000), "one");
    expect(as("lead 3202 counts", 7, 1249), "one");
    expect(as("lead 3202 counts", 7, 1250), NULL);
    expect(as("lead 3202 counts", 8, 1001), NULL);
    put(as("lead 3202 counts", 8, 1300), "two");
    expect(as("lead 3202 counts", 8, 1310), "two");
    expect(as("lead 3202 counts", 7, 1310), NULL);
}

static void what_another_asks_is_not_given(void **state)
{
    (void)state;
    put(as("lead 3202 counts", 7, 1000), "one");
    expect(as("auditor 3202 counts", 7, 1000), NULL);
    expect(as("lead 32 counts", 7, 1000), NULL);
    expect(as("lead 3202 counts, all", 7, 1000), NULL);
    // More keys than there is room for: each is given its own, or none.
    for (int i = 0; i < 1000; i++) {
        char key[32], text[32];
        assert_true(snprintf(key, sizeof key, "lead %d", i) > 0);
        assert_true(snprintf(text, sizeof text, "of %d", i) > 0);
        put(as(key, 7, 1000), text);
        expect(as(key, 7, 1000), text);
    }
}

static void what_is_very_large_is_not_kept(void **state)
{
    const wf_kept_as made = as("lead", 7, 1000);
    wf_buffer bytes = {0};
    (void)state;
    assert_true(wf_buffer_reserve(&bytes, (1 << 20) + 1));
    memset(bytes.bytes, 'x', (1 << 20) + 1);
    bytes.size = 1 << 20;
    wf_kept_put(kept, &made, &bytes);
    wf_buffer given = {0};
    assert_true(wf_kept_give(kept, &made, &given));
    assert_int_equal(given.size, bytes.size);
    wf_buffer_done(&given);
    bytes.size++;
    wf_kept_put(kept, &(wf_kept_as){.key = "other", .rows = 7}, &bytes);
    expect((wf_kept_as){.key = "other", .rows = 7}, NULL);
    wf_buffer_done(&bytes);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        T(an_answer_stands_while_its_rows_do_and_not_for_long),
        T(what_another_asks_is_not_given),
        T(what_is_very_large_is_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
