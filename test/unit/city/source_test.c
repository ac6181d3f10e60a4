// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "base/hash.h"
#include "support/made_town.h"

enum { people = 9000, days = 14 };

static bool same(const wf_buffer *a, const wf_buffer *b)
{
    return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

static void the_bytes_depend_on_the_seed_and_not_on_the_threads(void **state)
{
    (void)state;
    wf_town *town = made_town(people, days, 1);
    wf_town *twin = made_town(people, days, 1);
    wf_town *other = made_town(people, days, 2);
    wf_outbreak outbreak = {0};
    wf_outbreak twin_outbreak = {0};
    wf_outbreak other_outbreak = {0};
    for (int table = 0; table < WF_TABLE_COUNT; table++) {
        wf_buffer one = made_table(town, &outbreak, (wf_table)table, 1);
        wf_buffer two = made_table(twin, &twin_outbreak, (wf_table)table, 3);
        wf_buffer three = made_table(other, &other_outbreak, (wf_table)table, 2);
        assert_true(same(&one, &two));
        assert_false(same(&one, &three));
        wf_buffer_done(&one);
        wf_buffer_done(&two);
        wf_buffer_done(&three);
    }
    wf_outbreak_done(&outbreak);
    wf_outbreak_done(&twin_outbreak);
    wf_outbreak_done(&other_outbreak);
    wf_town_free(town);
    wf_town_free(twin);
    wf_town_free(other);
}

static void visits_can_be_made_twice(void **state)
{
    (void)state;
    wf_town *town = made_town(2000, days, 5);
    wf_outbreak outbreak = {0};
    wf_buffer one = made_table(town, &outbreak, WF_TABLE_VISITS, 2);
    wf_buffer two = made_table(town, &outbreak, WF_TABLE_VISITS, 2);
    assert_true(same(&one, &two));
    wf_buffer_done(&one);
    wf_buffer_done(&two);
    wf_outbreak_done(&outbreak);
    wf_town_free(town);
}

// The field-th field (from 0) of a line.
static wf_text field(wf_text line, int which)
{
    for (; which > 0; which--) {
        const char *comma = memchr(line.bytes, ',', line.size);
        assert_non_null(comma);
        size_t past = (size_t)(comma - line.bytes) + 1;
        line = (wf_text){line.bytes + past, line.size - past};
    }
    const char *comma = memchr(line.bytes, ',', line.size);
    return (wf_text){line.bytes,
                     comma == NULL ? line.size : (size_t)(comma - line.bytes)};
}

static bool next_line(wf_text *rest, wf_text *ret)
{
    const char *end = rest->size == 0 ? NULL : memchr(rest->bytes, '\n', rest->size);
    if (end == NULL)
        return false;
    size_t size = (size_t)(end - rest->bytes);
    *ret = (wf_text){rest->bytes, size};
    *rest = (wf_text){end + 1, rest->size - size - 1};
    return true;
}

static void grid_codes_and_ids_have_their_form(void **state)
{
    (void)state;
    wf_town *town = made_town(people, days, 1);
    wf_outbreak outbreak = {0};
    wf_buffer persons = made_table(town, &outbreak, WF_TABLE_PERSONS, 2);
    wf_buffer places = made_table(town, &outbreak, WF_TABLE_PLACES, 2);
    assert_true(wf_text_is_utf8(wf_buffer_text(&persons)));
    assert_true(wf_text_is_utf8(wf_buffer_text(&places)));
    wf_text rest = wf_buffer_text(&persons);
    wf_text line;
    uint32_t rows = 0;
    assert_true(next_line(&rest, &line));
    for (; next_line(&rest, &line); rows++) {
        assert_int_equal(field(line, 0).size, 9);
        assert_int_equal(field(line, 4).size, WF_GRID_HOUSEHOLD);
        assert_int_equal(field(line, 6).size, 11);
        assert_memory_equal(field(line, 6).bytes, "1000", 4);
        weft_day birth;
        assert_true(wf_day_parse(field(line, 3), &birth));
        assert_true(birth.number < town->options.start.number);
    }
    assert_int_equal(rows, people);
    rest = wf_buffer_text(&places);
    assert_true(next_line(&rest, &line));
    for (rows = 0; next_line(&rest, &line); rows++) {
        wf_place_kind kind;
        assert_true(wf_place_kind_parse(field(line, 2), &kind));
        assert_int_equal(field(line, 3).size, kind == WF_PLACE_HOUSEHOLD
                                                  ? WF_GRID_HOUSEHOLD
                                                  : WF_GRID_BUILDING);
    }
    assert_int_equal(rows, town->places_count);
    wf_buffer_done(&persons);
    wf_buffer_done(&places);
    wf_outbreak_done(&outbreak);
    wf_town_free(town);
}

// Changes only together with a line in the changelog: drills that were written down
// would no longer be the same.
static void a_known_city_keeps_its_bytes(void **state)
{
    (void)state;
    wf_town *town = made_town(3000, 3, 42);
    wf_outbreak outbreak = {0};
    uint64_t sum = 0;
    for (int table = 0; table < WF_TABLE_COUNT; table++) {
        wf_buffer text = made_table(town, &outbreak, (wf_table)table, 2);
        sum = wf_hash(text.bytes, text.size, sum);
        wf_buffer_done(&text);
    }
    assert_int_equal(sum, UINT64_C(0x905d1b69ad800ff6));
    wf_outbreak_done(&outbreak);
    wf_town_free(town);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_depend_on_the_seed_and_not_on_the_threads),
        cmocka_unit_test(visits_can_be_made_twice),
        cmocka_unit_test(grid_codes_and_ids_have_their_form),
        cmocka_unit_test(a_known_city_keeps_its_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
