// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>
#include <string.h>

#include "base/prng.h"
#include "epi/partition.h"
#include "epi/ring.h"
#include "epi/sweep.h"

enum { people = 400, seconds_end = 4000 };

static void ok(weft_status status)
{
    assert_int_equal(status, WEFT_OK);
}

static void stretches_that_overlap_or_touch_are_joined(void **state)
{
    (void)state;
    wf_stretch given[] = {{50, 60}, {0, 10}, {10, 20}, {55, 58}, {30, 40}, {0, 5}};
    static const wf_stretch expected[] = {{0, 20}, {30, 40}, {50, 60}};
    wf_stretch copy[6], ends;
    memcpy(copy, given, sizeof given);
    assert_int_equal(wf_stretch_merge(copy, 6), 3);
    assert_memory_equal(copy, expected, sizeof expected);
    assert_int_equal(wf_stretch_union(given, 6, &ends), 40);
    assert_int_equal(ends.first, 0);
    assert_int_equal(ends.last, 60);
}

static void only_the_time_together_is_a_touch(void **state)
{
    (void)state;
    static const wf_stay stays[] = {
        {{7}, 0, 10},  // ends as the index comes
        {{8}, 5, 11},  // one minute
        {{9}, 12, 13}, // inside
        {{1}, 0, 90},  // the index
        {{6}, 20, 30}, // begins as the index leaves
    };
    wf_touch_list list = {0};
    ok(wf_touch_list_reserve(&list, 5));
    wf_touch_stays(stays, 5, 1000, (wf_person){1}, (wf_stretch){1600, 2200}, &list);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.rows[0].person.number, 8);
    assert_int_equal(list.rows[0].first, 1600);
    assert_int_equal(list.rows[0].last, 1660);
    assert_int_equal(list.rows[1].first, 1720);
    assert_int_equal(list.rows[1].last, 1780);
    wf_touch_list_done(&list);
}

// ---- rings against a second-by-second count ----

static void random_touches(wf_touch_list *list, size_t count, bool in_order,
                           wf_prng *prng)
{
    ok(wf_touch_list_reserve(list, count));
    for (size_t i = 0; i < count; i++) {
        uint32_t first = in_order ? (uint32_t)(i * (seconds_end - 200) / count)
                                  : wf_prng_below(prng, seconds_end - 200);
        list->rows[list->count++] = (wf_touch){
            {wf_prng_below(prng, people)}, first, first + 1 + wf_prng_below(prng, 199)};
    }
}

static void count_seconds(const wf_touch_list *list, uint32_t counts[people])
{
    static bool there[people][seconds_end];
    memset(there, 0, sizeof there);
    memset(counts, 0, people * sizeof *counts);
    for (size_t i = 0; i < list->count; i++)
        for (uint32_t s = list->rows[i].first; s < list->rows[i].last; s++)
            there[list->rows[i].person.number][s] = true;
    for (size_t p = 0; p < people; p++)
        for (size_t s = 0; s < seconds_end; s++)
            counts[p] += there[p][s];
}

static size_t check_rows(const wf_ring_row *rows, size_t count, uint32_t *counts)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(rows[i].seconds, counts[rows[i].person.number]);
        counts[rows[i].person.number] = 0; // nobody comes twice
    }
    return count;
}

static void a_ring_is_the_union_of_each_persons_touches(void **state)
{
    (void)state;
    wf_prng prng = wf_prng_new(5);
    wf_ring_scratch scratch = {0};
    wf_touch_list list = {0};
    wf_ring_rows rows = {0};
    static uint32_t counts[people];
    for (size_t round = 0; round < 40; round++) {
        uint64_t all = 0, seconds = 0, sum_people, sum_seconds;
        uint64_t min = round % 4 == 3 ? 300 : 0;
        list.count = rows.count = 0;
        random_touches(&list, 1 + round * round * 3, round % 2 == 0, &prng);
        count_seconds(&list, counts);
        for (size_t p = 0; p < people; p++)
            if (counts[p] > 0 && counts[p] >= min) {
                all++;
                seconds += counts[p];
            }
        ok(wf_ring_sum(&scratch, list.rows, list.count, min, &sum_people, &sum_seconds));
        assert_int_equal(sum_people, all);
        assert_int_equal(sum_seconds, seconds);
        ok(wf_ring_reduce(&scratch, list.rows, list.count, min, &rows));
        assert_int_equal(check_rows(rows.rows, rows.count, counts), all);
    }
    wf_ring_rows_done(&rows);
    wf_touch_list_done(&list);
    wf_ring_scratch_done(&scratch);
}

static void partitions_give_the_same_as_one_ring(void **state)
{
    (void)state;
    enum { spread = 1009, touches = 60000 }; // many chunks, people of all partitions
    wf_prng prng = wf_prng_new(9);
    wf_partitions *partitions = NULL;
    wf_touch_list list = {0}, part = {0};
    static uint32_t counts[people];
    ok(wf_partitions_new(2, &partitions));
    for (uint32_t round = 0; round < 3; round++) {
        list.count = 0;
        random_touches(&list, touches, false, &prng);
        count_seconds(&list, counts);
        ok(wf_partitions_begin(partitions, people * spread));
        for (size_t at = 0; at < touches; at += 500) {
            ok(wf_touch_list_reserve(&part, 500));
            memcpy(part.rows, list.rows + at, 500 * sizeof *part.rows);
            for (size_t i = 0; i < 500; i++)
                part.rows[i].person.number *= spread;
            part.count = 500;
            ok(wf_partitions_add(partitions, (unsigned)(at / 500 % 2), &part));
            assert_int_equal(part.count, 0);
        }
        wf_ring_run runs[WF_PARTITIONS_MAX];
        size_t runs_count, found = 0, expected = 0;
        ok(wf_partitions_reduce(partitions, 0, runs, &runs_count));
        for (size_t p = 0; p < people; p++)
            expected += counts[p] > 0;
        for (size_t i = 0; i < runs_count; i++)
            for (size_t r = 0; r < runs[i].count; r++, found++) {
                const wf_ring_row *row = &runs[i].rows[r];
                assert_int_equal(row->person.number % spread, 0);
                assert_int_equal(row->seconds, counts[row->person.number / spread]);
            }
        assert_int_equal(found, expected);
    }
    wf_partitions_free(partitions);
    wf_touch_list_done(&list);
    wf_touch_list_done(&part);
}

// ---- a place-day against pairs ----

static size_t random_stays(wf_stay *stays, size_t count, uint32_t spread, wf_prng *prng)
{
    for (size_t i = 0; i < count; i++) {
        uint16_t start = (uint16_t)wf_prng_below(prng, 1499);
        uint32_t end = start + 1u + wf_prng_below(prng, spread);
        stays[i] = (wf_stay){
            {wf_prng_below(prng, people)}, start, (uint16_t)(end > 1500 ? 1500 : end)};
    }
    return count;
}

static void pair_up(const wf_sweep_ring *ring, const wf_stay *stays, size_t count,
                    uint32_t day_s, wf_touch_list *list)
{
    for (size_t i = 0; i < count; i++) {
        if (wf_sweep_has(ring, stays[i].person))
            continue;
        ok(wf_touch_list_reserve(list, count));
        for (size_t j = 0; j < count; j++) {
            if (!wf_sweep_has(ring, stays[j].person))
                continue;
            uint32_t moment = ring->moments[stays[j].person.number];
            uint32_t first = day_s + 60u * stays[j].start;
            uint32_t last = day_s + 60u * stays[j].end;
            wf_stretch own = {first < moment ? moment : first,
                              last > ring->to ? ring->to : last};
            wf_touch_stays(&stays[i], 1, day_s, (wf_person){UINT32_MAX}, own, list);
        }
    }
}

static void a_sweep_finds_what_all_pairs_give(void **state)
{
    (void)state;
    static wf_stay stays[3000];
    static uint32_t moments[people];
    uint64_t members[people / 64 + 1];
    wf_prng prng = wf_prng_new(21);
    wf_sweep_scratch scratch = {0};
    wf_ring_scratch ring_scratch = {0};
    wf_touch_list swept = {0}, pairs = {0};
    wf_ring_rows by_sweep = {0}, by_pairs = {0};
    for (uint32_t round = 0; round < 300; round++) {
        static const uint32_t sizes[] = {3, 30, 300, 3000};
        size_t count = random_stays(stays, 1 + wf_prng_below(&prng, sizes[round % 4]),
                                    round % 3 == 0 ? 5 : 300, &prng);
        uint32_t day_s = wf_prng_below(&prng, 3) * 86400;
        wf_sweep_ring ring = {members, moments, day_s + wf_prng_below(&prng, 100000)};
        memset(members, 0, sizeof members);
        for (uint32_t p = 0; p < people; p++)
            if (wf_prng_below(&prng, 1 + round % 9) == 0) {
                members[p / 64] |= UINT64_C(1) << (p % 64);
                moments[p] =
                    p == 0 ? UINT32_MAX : wf_prng_below(&prng, 2 * (day_s + 20000));
            }
        swept.count = pairs.count = by_sweep.count = by_pairs.count = 0;
        ok(wf_sweep_place(&scratch, &ring, stays, count, day_s, &swept));
        pair_up(&ring, stays, count, day_s, &pairs);
        ok(wf_ring_reduce(&ring_scratch, swept.rows, swept.count, 0, &by_sweep));
        ok(wf_ring_reduce(&ring_scratch, pairs.rows, pairs.count, 0, &by_pairs));
        assert_int_equal(by_sweep.count, by_pairs.count);
        wf_ring_row of[people] = {0};
        for (size_t i = 0; i < by_pairs.count; i++)
            of[by_pairs.rows[i].person.number] = by_pairs.rows[i];
        for (size_t i = 0; i < by_sweep.count; i++)
            assert_memory_equal(&by_sweep.rows[i], &of[by_sweep.rows[i].person.number],
                                sizeof *of);
    }
    wf_sweep_scratch_done(&scratch);
    wf_ring_scratch_done(&ring_scratch);
    wf_touch_list_done(&swept);
    wf_touch_list_done(&pairs);
    wf_ring_rows_done(&by_sweep);
    wf_ring_rows_done(&by_pairs);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(stretches_that_overlap_or_touch_are_joined),
        cmocka_unit_test(only_the_time_together_is_a_touch),
        cmocka_unit_test(a_ring_is_the_union_of_each_persons_touches),
        cmocka_unit_test(partitions_give_the_same_as_one_ring),
        cmocka_unit_test(a_sweep_finds_what_all_pairs_give),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
