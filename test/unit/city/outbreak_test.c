// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/made_town.h"

enum { people = 20000, days = 14 };

// True when someone is at the place at the minute (counted from the first day).
static bool is_there(const wf_town *town, uint32_t person, wf_spot place, int32_t minute)
{
    int32_t day = minute / WF_DAY_MINUTES;
    for (int32_t began = day > 0 ? day - 1 : 0; began <= day; began++) {
        wf_town_stop stops[WF_PLAN_STOPS_MAX];
        size_t count = wf_plan_day(town, person, (uint32_t)began, stops);
        int32_t at = minute - began * WF_DAY_MINUTES;
        for (size_t i = 0; i < count; i++)
            if (stops[i].spot.kind == place.kind && stops[i].spot.index == place.index &&
                stops[i].start <= at && at < stops[i].end)
                return true;
    }
    return false;
}

static void infections_happen_where_both_were(void **state)
{
    (void)state;
    wf_town *town = made_town(people, days, 11);
    wf_outbreak outbreak = {0};
    made_outbreak(town, &outbreak);
    assert_int_equal(outbreak.cases_count, WF_CASES_MAX);
    uint32_t elsewhere = 0;
    for (uint32_t i = 0; i < outbreak.cases_count; i++) {
        const wf_town_case *one = &outbreak.cases[i];
        if (one->infector == UINT32_MAX) {
            elsewhere++;
            continue;
        }
        assert_true(one->infector < i);
        const wf_town_case *from = &outbreak.cases[one->infector];
        assert_true(is_there(town, one->person, one->place, one->infected));
        assert_true(is_there(town, from->person, one->place, one->infected));
        assert_true(one->infected < from->isolated);
        // Only the guest who brought it is infectious on the day of the lunch.
        assert_true(one->infector == 0 ||
                    one->infected / WF_DAY_MINUTES > from->infected / WF_DAY_MINUTES);
    }
    assert_int_equal(elsewhere, 1);
    wf_outbreak_done(&outbreak);
    wf_town_free(town);
}

static void the_course_of_a_case_is_in_order_and_in_the_last_days(void **state)
{
    (void)state;
    wf_town *town = made_town(people, days, 12);
    wf_outbreak outbreak = {0};
    made_outbreak(town, &outbreak);
    for (uint32_t i = 0; i < outbreak.cases_count; i++) {
        const wf_town_case *one = &outbreak.cases[i];
        for (uint32_t k = 0; k < i; k++)
            assert_int_not_equal(one->person, outbreak.cases[k].person);
        assert_true(one->onset < 0 || one->infected < one->onset);
        assert_true(one->onset < one->sampled && one->infected < one->sampled);
        assert_true(one->sampled < one->reported && one->reported < one->isolated);
        assert_true(one->isolated < days * WF_DAY_MINUTES);
        assert_true(one->reported / WF_DAY_MINUTES >= days - 9);
    }
    wf_outbreak_done(&outbreak);
    wf_town_free(town);
}

static void a_case_is_nowhere_else_after_isolation(void **state)
{
    (void)state;
    wf_town *town = made_town(people, days, 13);
    wf_outbreak outbreak = {0};
    made_outbreak(town, &outbreak);
    for (uint32_t i = 0; i < outbreak.cases_count; i++) {
        const wf_town_case *one = &outbreak.cases[i];
        uint32_t isolated_stays = 0;
        for (uint32_t day = 0; day < days; day++) {
            wf_town_stop stops[WF_PLAN_STOPS_MAX];
            size_t count = wf_plan_day(town, one->person, day, stops);
            for (size_t k = 0; k < count; k++) {
                int32_t end = (int32_t)day * WF_DAY_MINUTES + stops[k].end;
                bool isolated = stops[k].spot.kind == WF_PLACE_ISOLATION;
                isolated_stays += isolated;
                assert_true(isolated || end <= one->isolated);
            }
        }
        assert_int_equal(isolated_stays, 1);
    }
    wf_outbreak_done(&outbreak);
    wf_town_free(town);
}

static void the_first_cases_were_at_one_lunch(void **state)
{
    (void)state;
    wf_town *town = made_town(people, days, 14);
    wf_outbreak outbreak = {0};
    made_outbreak(town, &outbreak);
    wf_spot restaurant = outbreak.cases[1].place;
    assert_int_equal(restaurant.kind, WF_PLACE_RESTAURANT);
    for (uint32_t i = 0; i < 8; i++) {
        int32_t minute = 3 * WF_DAY_MINUTES + 740;
        assert_true(is_there(town, outbreak.cases[i].person, restaurant, minute));
    }
    wf_outbreak_done(&outbreak);
    wf_town_free(town);
}

static void short_and_small_cities_have_fewer_or_sudden_cases(void **state)
{
    (void)state;
    static const struct {
        uint32_t people, days;
    } towns[] = {{20, 1}, {200, 2}, {1000, 3}, {3000, 5}, {3000, 30}};
    for (size_t i = 0; i < sizeof towns / sizeof towns[0]; i++) {
        wf_town *town = made_town(towns[i].people, towns[i].days, 15);
        wf_outbreak outbreak = {0};
        made_outbreak(town, &outbreak);
        assert_in_range(outbreak.cases_count, 0, WF_CASES_MAX);
        for (uint32_t k = 0; k < outbreak.cases_count; k++) {
            const wf_town_case *one = &outbreak.cases[k];
            assert_true(one->reported < (int32_t)towns[i].days * WF_DAY_MINUTES);
            assert_true(one->sampled < one->reported);
        }
        wf_outbreak_done(&outbreak);
        wf_town_free(town);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(infections_happen_where_both_were),
        cmocka_unit_test(the_course_of_a_case_is_in_order_and_in_the_last_days),
        cmocka_unit_test(a_case_is_nowhere_else_after_isolation),
        cmocka_unit_test(the_first_cases_were_at_one_lunch),
        cmocka_unit_test(short_and_small_cities_have_fewer_or_sudden_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
