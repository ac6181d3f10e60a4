// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "city/plan.h"
#include "support/made_town.h"

enum { people = 6000, days = 14 };

// What a test counts over all people and days.
typedef struct {
    uint64_t stops, guessed, nights, over_midnight;
    uint64_t kinds[WF_PLACE_KIND_COUNT];
} tally;

// Walks through everyone's days in order and asserts that each stay begins when the one
// before it has ended.
static void walk(const wf_town *town, tally *ret)
{
    *ret = (tally){0};
    for (uint32_t person = 0; person < town->options.people; person++) {
        int32_t free_from = 0;
        for (uint32_t day = 0; day < town->options.days; day++) {
            wf_town_stop stops[WF_PLAN_STOPS_MAX];
            size_t count = wf_plan_day(town, person, day, stops);
            assert_true(count <= WF_PLAN_STOPS_MAX);
            int32_t base = (int32_t)day * WF_DAY_MINUTES;
            for (size_t i = 0; i < count; i++) {
                assert_true(base + stops[i].start >= free_from);
                assert_true(stops[i].start >= 0 && stops[i].start < WF_DAY_MINUTES);
                assert_true(stops[i].end > stops[i].start);
                assert_true(stops[i].spot.kind < WF_PLACE_KIND_COUNT);
                assert_true(stops[i].spot.index < town->kind_count[stops[i].spot.kind]);
                free_from = base + stops[i].end;
                ret->kinds[stops[i].spot.kind]++;
                ret->guessed += stops[i].guessed;
                ret->over_midnight += stops[i].end > WF_DAY_MINUTES;
            }
            ret->stops += count;
        }
        assert_true(free_from <= (int32_t)town->options.days * WF_DAY_MINUTES);
    }
}

static void nobody_is_in_two_places_at_once(void **state)
{
    (void)state;
    wf_town *town = made_town(people, days, 7);
    tally all;
    walk(town, &all);
    assert_true(all.over_midnight > all.stops / 5);
    wf_town_free(town);
}

static void a_person_has_about_four_visits_a_day(void **state)
{
    (void)state;
    wf_town *town = made_town(people, days, 7);
    tally all;
    walk(town, &all);
    uint64_t per_hundred = 100 * all.stops / ((uint64_t)people * days);
    assert_in_range(per_hundred, 340, 400);
    assert_in_range(1000 * all.guessed / all.stops, 10, 30);
    wf_town_free(town);
}

static void every_kind_of_place_is_visited(void **state)
{
    (void)state;
    wf_town *town = made_town(people, days, 7);
    tally all;
    walk(town, &all);
    for (int kind = 0; kind < WF_PLACE_KIND_COUNT; kind++)
        assert_true(all.kinds[kind] > 0);
    wf_town_free(town);
}

static void a_plan_does_not_depend_on_who_was_asked_before(void **state)
{
    (void)state;
    wf_town *town = made_town(500, days, 3);
    wf_town_stop first[WF_PLAN_STOPS_MAX];
    wf_town_stop again[WF_PLAN_STOPS_MAX];
    size_t count = wf_plan_day(town, 250, 5, first);
    for (uint32_t person = 0; person < 500; person++)
        wf_plan_day(town, person, 6, again);
    assert_int_equal(wf_plan_day(town, 250, 5, again), count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(first[i].start, again[i].start);
        assert_int_equal(first[i].end, again[i].end);
        assert_int_equal(first[i].spot.index, again[i].spot.index);
    }
    wf_town_free(town);
}

static void some_places_are_hubs(void **state)
{
    (void)state;
    wf_town *town = made_town(20000, 1, 7);
    uint32_t *visits = calloc(town->places_count, sizeof *visits);
    assert_non_null(visits);
    uint32_t most = 0;
    for (uint32_t person = 0; person < 20000; person++) {
        wf_town_stop stops[WF_PLAN_STOPS_MAX];
        size_t count = wf_plan_day(town, person, 0, stops);
        for (size_t i = 0; i < count; i++) {
            uint32_t *at = &visits[wf_spot_number(town, stops[i].spot)];
            *at += 1;
            most = *at > most ? *at : most;
        }
    }
    // A mean place has fewer than ten visits a day.
    assert_true(most > 500);
    free(visits);
    wf_town_free(town);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_in_two_places_at_once),
        cmocka_unit_test(a_person_has_about_four_visits_a_day),
        cmocka_unit_test(every_kind_of_place_is_visited),
        cmocka_unit_test(a_plan_does_not_depend_on_who_was_asked_before),
        cmocka_unit_test(some_places_are_hubs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
