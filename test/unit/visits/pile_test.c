// Rows of a day on a pile, and off it again.
//
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "visits/pile.h"

static void add(wf_pile *pile, uint32_t place, unsigned start)
{
    weft_error error = {0};
    const wf_visit_row row = {.person = 1,
                              .place = place,
                              .start = (uint16_t)start,
                              .end = (uint16_t)(start + 1)};
    const wf_packed_visit packed = wf_visit_pack(&row);
    assert_int_equal(wf_pile_add(pile, &packed, 1, &error), WEFT_OK);
}

// All of a bucket lie before all of the next, whatever order they came in.
static void places_far_apart_come_off_in_buckets_of_rising_places(void **state)
{
    (void)state;
    static const uint32_t places[] = {300, 0, 70000, 5000, WF_NUMBER_LIMIT - 1, 255};
    enum { count = sizeof places / sizeof *places, each = 5000 };
    wf_pile pile;
    wf_gathered rows = {0};
    weft_error error = {0};
    wf_pile_init(&pile, (weft_day){18971});
    for (unsigned k = 0; k < each; k++)
        for (unsigned i = 0; i < count; i++)
            add(&pile, places[i], k % 1440);
    assert_int_equal(wf_pile_gather(&pile, NULL, NULL, 2, &rows, &error), WEFT_OK);
    assert_int_equal(rows.visits_count, count * each);
    assert_in_range(rows.buckets_count, 2, count + 1);
    size_t at = 0, found[count] = {0};
    uint32_t before = 0;
    for (size_t b = 0; b < rows.buckets_count; b++) {
        uint32_t greatest = before;
        assert_int_equal(rows.buckets[b].at, at);
        for (size_t end = at + rows.buckets[b].count; at < end; at++) {
            uint32_t place = wf_packed_place(rows.visits[at]);
            assert_true(b == 0 || place > before);
            greatest = place > greatest ? place : greatest;
            for (unsigned i = 0; i < count; i++)
                found[i] += place == places[i];
        }
        before = greatest;
    }
    for (unsigned i = 0; i < count; i++)
        assert_int_equal(found[i], each);
    wf_gathered_done(&rows);
}

static void an_empty_pile_has_one_bucket_without_rows(void **state)
{
    (void)state;
    wf_pile pile;
    wf_gathered rows = {0};
    weft_error error = {0};
    wf_pile_init(&pile, (weft_day){18971});
    assert_int_equal(wf_pile_gather(&pile, NULL, NULL, 2, &rows, &error), WEFT_OK);
    assert_int_equal(rows.visits_count, 0);
    assert_int_equal(rows.buckets_count, 1);
    assert_int_equal(rows.buckets[0].count, 0);
    wf_gathered_done(&rows);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_far_apart_come_off_in_buckets_of_rising_places),
        cmocka_unit_test(an_empty_pile_has_one_bucket_without_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
