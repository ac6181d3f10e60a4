// The parts of the population counter (desk/testing): building codes, samples a person.
// That counts are right in all is a law: test/prop/population_prop.c, counter_prop.c.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <stdlib.h>

#include "desk/testing/population.h"
#include "desk/testing/sampled.h"

// ---- buildings ----

static void a_household_counts_for_its_building(void **state)
{
    static const struct {
        const char *grid, *building;
    } cases[] = {
        {"3202820010010010010001", "320282001001001001"},
        {"320282001001001001", "320282001001001001"},
        {"32028200100100100", "32028200100100100"}, // shorter: stands for itself
        {"3202", "3202"},
        {"", ""},
        {"32028200100100100织8", "32028200100100100"}, // no letter is cut
    };
    wf_buildings *buildings = wf_buildings_new();
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t building = WF_BUILDING_NONE, again = WF_BUILDING_NONE;
        assert_true(wf_buildings_intern(buildings, wf_text_of(cases[i].grid), &building));
        assert_true(
            wf_buildings_intern(buildings, wf_text_of(cases[i].building), &again));
        assert_int_equal(building, again);
        assert_true(wf_text_equal(wf_buildings_code(buildings, building),
                                  wf_text_of(cases[i].building)));
    }
    wf_buildings_free(buildings);
}

static void buildings_come_in_the_order_of_their_codes(void **state)
{
    enum { count = 5000 };
    wf_buildings *buildings = wf_buildings_new();
    char code[32];
    (void)state;
    for (unsigned i = 0; i < count; i++) {
        uint32_t building;
        // Any order: 2,654,435,761 has no factor in common with 5,000.
        snprintf(code, sizeof code, "3202%06u",
                 (unsigned)(i * UINT64_C(2654435761) % count));
        assert_true(wf_buildings_intern(buildings, wf_text_of(code), &building));
    }
    assert_int_equal(wf_buildings_count(buildings), count + 2);
    const uint32_t *sorted = wf_buildings_sorted(buildings);
    assert_int_equal(sorted[0], WF_BUILDING_NOWHERE);
    for (unsigned i = 0; i < count; i++) {
        snprintf(code, sizeof code, "3202%06u", i);
        assert_true(
            wf_text_equal(wf_buildings_code(buildings, sorted[i + 1]), wf_text_of(code)));
    }
    assert_int_equal(wf_buildings_before(buildings, WF_TEXT("")), 0);
    assert_int_equal(wf_buildings_before(buildings, WF_TEXT("3202000000")), 1);
    assert_int_equal(wf_buildings_before(buildings, WF_TEXT("32020000005")), 2);
    assert_int_equal(wf_buildings_before(buildings, WF_TEXT("3203")), count + 1);
    wf_buildings_free(buildings);
}

// ---- samples ----

static wf_buffer list_of(const uint32_t *persons, size_t count)
{
    wf_buffer list = {0};
    assert_true(wf_buffer_append(&list, persons, count * sizeof *persons));
    return list;
}

static void the_last_of_many_samples_leaves_the_person_unsampled(void **state)
{
    static const unsigned threads[] = {1, 2, 3};
    static const uint32_t times[] = {1, 2, 254, 255, 256, 700};
    enum { people = sizeof times / sizeof *times };
    (void)state;
    for (size_t t = 0; t < sizeof threads / sizeof *threads; t++) {
        uint32_t persons[2000], end = 0;
        size_t count = 0;
        wf_sampled sampled;
        for (uint32_t round = 0; round < 700; round++)
            for (uint32_t i = 0; i < people; i++)
                if (round < times[i])
                    persons[count++] = 37 * i;
        wf_buffer list = list_of(persons, count);
        assert_true(wf_sampled_init(&sampled, &list, threads[t], &end));
        assert_int_equal(end, 37 * (people - 1) + 1);
        for (uint32_t i = 0; i < people; i++) {
            bool first = true, last = true;
            assert_true(wf_sampled_add(&sampled, 37 * i, &first));
            assert_false(first);
            for (uint32_t left = times[i]; left > 0; left--) {
                assert_true(wf_sampled_remove(&sampled, 37 * i, &last));
                assert_false(last);
                assert_true(wf_sampled_has(&sampled, 37 * i));
            }
            assert_true(wf_sampled_remove(&sampled, 37 * i, &last));
            assert_true(last);
            assert_false(wf_sampled_has(&sampled, 37 * i));
            assert_false(wf_sampled_has(&sampled, 37 * i + 1));
            assert_true(wf_sampled_add(&sampled, 37 * i + 1, &first));
            assert_true(first);
        }
        wf_sampled_done(&sampled);
    }
}

// ---- who counts ----

static wf_text id_of(void *context, uint32_t person)
{
    static const char *const ids[] = {"P-0000003", "P-0000001", "P-0000002"};
    (void)context;
    return wf_text_of(ids[person]);
}

// As a health worker reads it: what was said, and what the building has to answer for.
static void check_heads(wf_heads heads, wf_heads wanted)
{
    assert_int_equal(heads.registered, wanted.registered);
    assert_int_equal(heads.present, wanted.present);
    assert_int_equal(heads.sampled, wanted.sampled);
    assert_int_equal(heads.explained, wanted.explained);
    assert_int_equal(heads.missing, wanted.missing);
}

static void each_person_is_one_of_four(void **state)
{
    static const struct {
        wf_presence presence;
        size_t samples;
        wf_heads heads;
    } cases[] = {
        {WF_PRESENCE_HERE, 1, {1, 1, 1, 0, 0}},
        {WF_PRESENCE_HERE, 0, {1, 1, 0, 0, 1}},
        {WF_PRESENCE_UNSAID, 0, {1, 1, 0, 0, 1}}, // nobody asked: missing
        {WF_PRESENCE_AWAY, 0, {1, 1, 0, 1, 0}},
        {WF_PRESENCE_AWAY, 1, {1, 1, 1, 0, 0}}, // the sample shows that they are here
        {WF_PRESENCE_GONE, 0, {1, 0, 0, 0, 0}},
        {WF_PRESENCE_GONE, 1, {1, 1, 1, 0, 0}},
    };
    static const uint32_t persons[] = {0};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wf_population *population = wf_population_new(id_of, NULL);
        uint32_t building = 0;
        unsigned round = 0;
        assert_true(
            wf_population_building(population, WF_TEXT("320282001001001001"), &building));
        wf_population_put(population, 0, building, cases[i].presence);
        wf_buffer list = list_of(persons, cases[i].samples);
        assert_true(wf_population_load(population, &list, 1, &round));
        check_heads(wf_population_heads(population, round, building), cases[i].heads);
        wf_population_free(population);
    }
}

// One was said to be here under one id, and was sampled under another that no register
// has; the third is the first again.
static void two_ids_of_one_person_count_once(void **state)
{
    static const uint32_t sampled[] = {1};
    wf_population *population = wf_population_new(id_of, NULL);
    uint32_t here = 0, there = 0;
    unsigned round = 0;
    (void)state;
    assert_true(wf_population_building(population, WF_TEXT("A"), &here));
    assert_true(wf_population_building(population, WF_TEXT("B"), &there));
    wf_population_put(population, 0, here, WF_PRESENCE_HERE);
    wf_population_put(population, 2, there, WF_PRESENCE_UNSAID);
    wf_buffer list = list_of(sampled, 1);
    assert_true(wf_population_load(population, &list, 1, &round));
    check_heads(wf_population_heads(population, round, here), (wf_heads){1, 1, 0, 0, 1});
    assert_int_equal(wf_population_strangers(population, round), 1);
    assert_true(wf_population_join(population, 0, 1));
    check_heads(wf_population_heads(population, round, here), (wf_heads){1, 1, 1, 0, 0});
    assert_int_equal(wf_population_strangers(population, round), 0);
    assert_true(wf_population_join(population, 1, 2));
    check_heads(wf_population_heads(population, round, there), (wf_heads){0});
    // Nothing more was said of one than of the other: the least id counts.
    wf_population_put(population, 0, here, WF_PRESENCE_UNSAID);
    check_heads(wf_population_heads(population, round, here), (wf_heads){0});
    check_heads(wf_population_heads(population, round, there), (wf_heads){1, 1, 1, 0, 0});
    assert_true(wf_population_part(population, 1, 2));
    check_heads(wf_population_heads(population, round, here), (wf_heads){1, 1, 1, 0, 0});
    check_heads(wf_population_heads(population, round, there), (wf_heads){1, 1, 0, 0, 1});
    wf_population_free(population);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_household_counts_for_its_building),
        cmocka_unit_test(buildings_come_in_the_order_of_their_codes),
        cmocka_unit_test(the_last_of_many_samples_leaves_the_person_unsampled),
        cmocka_unit_test(each_person_is_one_of_four),
        cmocka_unit_test(two_ids_of_one_person_count_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
