// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/grow.h"

enum { many = 1000 };

static void an_array_keeps_its_elements_while_it_grows(void **state)
{
    (void)state;
    wf_arena arena = {0};
    uint32_t *heap = NULL, *inside = NULL;
    size_t heap_capacity = 0, inside_capacity = 0;
    for (uint32_t i = 0; i < many; i++) {
        heap = wf_grow(heap, i, &heap_capacity, sizeof *heap);
        inside = wf_arena_grow(&arena, inside, i, &inside_capacity, sizeof *inside);
        assert_true(heap_capacity > i && inside_capacity > i);
        heap[i] = inside[i] = i;
    }
    for (uint32_t i = 0; i < many; i++) {
        assert_int_equal(heap[i], i);
        assert_int_equal(inside[i], i);
    }
    free(heap);
    wf_arena_done(&arena);
}

static void what_cannot_grow_stays_as_it_was(void **state)
{
    (void)state;
    wf_arena arena;
    wf_arena_init(&arena, 4096);
    uint32_t *inside = NULL;
    size_t capacity = 0, count = 0;
    for (uint32_t *grown; (grown = wf_arena_grow(&arena, inside, count, &capacity,
                                                 sizeof *inside)) != NULL;) {
        inside = grown;
        inside[count] = (uint32_t)count;
        count++;
        assert_in_range(count, 1, many);
    }
    assert_int_equal(capacity, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(inside[i], i);
    wf_arena_done(&arena);
    capacity = SIZE_MAX / 2 + 1;
    assert_null(wf_grow(NULL, capacity, &capacity, 1));
    assert_int_equal(capacity, SIZE_MAX / 2 + 1);
}

static void a_cleared_arena_begins_anew_with_the_memory_it_has(void **state)
{
    (void)state;
    enum { large = 200000 };
    wf_arena arena;
    wf_arena_init(&arena, 2 * large);
    char *first = wf_arena_new(&arena, 8);
    assert_non_null(first);
    memset(first, 'x', 8);
    assert_non_null(wf_arena_new(&arena, large)); // has a piece of its own
    wf_arena_clear(&arena);
    assert_int_equal(arena.used_bytes, 0);
    char *again = wf_arena_new(&arena, 8);
    assert_ptr_equal(again, first);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(again[i], 0);
    assert_non_null(wf_arena_new(&arena, large));
    wf_arena_done(&arena);
    wf_arena_clear(&arena); // of nothing is nothing
    assert_null(arena.chunk);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_array_keeps_its_elements_while_it_grows),
        cmocka_unit_test(what_cannot_grow_stays_as_it_was),
        cmocka_unit_test(a_cleared_arena_begins_anew_with_the_memory_it_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
