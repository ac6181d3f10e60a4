// The model put back over the exposures that its numbers were made from: the published
// secondary attack rates must fall out (docs/methods/ranking.md; PROTOCOL's table).
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <limits.h>
#include <math.h>

#include "epi/hazard.h"
#include "support/edition.h"

// A typical exposure: hours on each of these days from onset.
typedef struct {
    const char *what;
    wf_place_kind kind;
    int first_day, last_day;
    double hours_a_day; // 0: `hours` on a mean day of them
    double hours;
    bool adjacent;
    double rate, low, high; // published, with its interval; where none: the rate itself
} setting;

static const setting settings[] = {
    {"household, ten hours a day", WF_PLACE_HOUSEHOLD, -2, 2, 10, 0, false, .211, .174,
     .248},
    {"a meal of two hours", WF_PLACE_RESTAURANT, -2, 2, 0, 2, false, .059, .058, .060},
    {"an evening out of two hours", WF_PLACE_ENTERTAINMENT, -2, 2, 0, 2, false, .059,
     .058, .060},
    {"an hour in a shop", WF_PLACE_SHOP, -2, 2, 0, 1, false, .012, .0115, .0125},
    {"an hour of health care", WF_PLACE_CLINIC, -2, 2, 0, 1, false, .007, .004, .010},
    {"2.13 hours in a train", WF_PLACE_TRAIN, -2, 2, 0, 2.13, false, .0032, .0029, .0037},
    {"2.13 hours in the next seat", WF_PLACE_TRAIN, -2, 2, 0, 2.13, true, .035, .029,
     .043},
    {"an hour more in a train", WF_PLACE_TRAIN, -2, 2, 0, 1, false, .0015, .0014, .0016},
    {"an hour more in the next seat", WF_PLACE_TRAIN, -2, 2, 0, 1, true, .013, .0125,
     .016},
};

static const char *const editions[] = {"nhc-covid-8", "nhc-covid-9", "who-covid-2021",
                                       "cdc-covid-2020"};

static wf_range attack_rate(const wf_protocol *protocol, const setting *of)
{
    double days = of->last_day - of->first_day + 1, weighted = 0;
    wf_nearness nearness = {.unit = WF_UNIT_WITHIN, .adjacent = of->adjacent};
    for (int day = of->first_day; day <= of->last_day; day++) {
        double hours = of->hours_a_day > 0 ? of->hours_a_day : of->hours / days;
        weighted += hours * wf_hazard_infectiousness(protocol, day, 1);
    }
    const wf_place_rule *rule = &protocol->kinds[of->kind];
    weighted *= wf_hazard_nearness(protocol, rule, &nearness) * wf_hazard_place(4, -1, 0);
    return wf_hazard_probability(wf_hazard_of_rule(rule), weighted);
}

static void published_attack_rates_come_out(void **state)
{
    (void)state;
    for (size_t e = 0; e < sizeof editions / sizeof *editions; e++) {
        wf_arena arena = {0};
        const wf_protocol *protocol = edition_load(editions[e], &arena);
        for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
            const setting *one = &settings[i];
            wf_range rate = attack_rate(protocol, one);
            if (rate.mid < one->low || rate.mid > one->high)
                fail_msg("%s, %s: %.4f is not in %.4f to %.4f", editions[e], one->what,
                         rate.mid, one->low, one->high);
            assert_true(rate.low < rate.mid && rate.mid < rate.high);
        }
        wf_arena_done(&arena);
    }
}

static void the_published_interval_of_households_is_the_range(void **state)
{
    (void)state;
    wf_arena arena = {0};
    wf_range rate = attack_rate(edition_load("nhc-covid-8", &arena), &settings[0]);
    assert_true(fabs(rate.mid - .211) < .001);
    assert_true(fabs(rate.low - .174) < .001);
    assert_true(fabs(rate.high - .248) < .001);
    wf_arena_done(&arena);
}

static void no_symptoms_is_a_seventh_and_before_onset_two_thirds(void **state)
{
    (void)state;
    wf_arena arena = {0};
    const wf_protocol *protocol = edition_load("nhc-covid-8", &arena);
    double peak = wf_hazard_infectiousness(protocol, 0, 1);
    assert_true(peak == 1);
    assert_true(fabs(wf_hazard_infectiousness(protocol, 0, 0) - 1.0 / 7) < .001);
    // The profile is flat from the day before to the day of onset.
    assert_true(fabs(wf_hazard_infectiousness(protocol, -1, 1) - 2.0 / 3) < .001);
    assert_true(wf_hazard_infectiousness(protocol, INT_MIN, 1) == 1);
    assert_true(wf_hazard_infectiousness(protocol, INT_MAX, 1) == 0);
    assert_true(wf_hazard_infectiousness(protocol, INT_MIN + 1, 1) == 0);
    // Rates of attack, not only weights: an hour's meal.
    wf_range per_h = wf_hazard_of_rule(&protocol->kinds[WF_PLACE_RESTAURANT]);
    double with = wf_hazard_probability(per_h, 2).mid;
    double without =
        wf_hazard_probability(per_h, 2 * wf_hazard_infectiousness(protocol, 0, 0)).mid;
    assert_true(without / with > 1.0 / 7.14 && without / with < 1.0 / 1.46);
    wf_arena_done(&arena);
}

static void the_share_before_onset_is_within_the_read_range(void **state)
{
    (void)state;
    wf_arena arena = {0};
    const wf_protocol *protocol = edition_load("nhc-covid-8", &arena);
    double before = 0, all = 0;
    for (int day = -30; day <= 30; day++) {
        double one = wf_hazard_infectiousness(protocol, day, 1);
        all += one;
        before += day < 0 ? one : 0;
    }
    assert_true(fabs(before / all - .44) < .02);
    wf_arena_done(&arena);
}

static void a_later_user_of_a_seat_is_a_quarter_of_those_around_it(void **state)
{
    (void)state;
    wf_arena arena = {0};
    const wf_protocol *protocol = edition_load("nhc-covid-8", &arena);
    const wf_place_rule *train = &protocol->kinds[WF_PLACE_TRAIN];
    wf_nearness later = {.unit = WF_UNIT_WITHIN, .lingering = true};
    double weight = wf_hazard_nearness(protocol, train, &later);
    assert_true(fabs(weight * .0032 - .00075) < 1e-6);
    wf_arena_done(&arena);
}

static void crowds_and_ventilation_thin_the_air(void **state)
{
    (void)state;
    assert_true(wf_hazard_place(3, -1, 0) == 1);
    assert_true(wf_hazard_place(50, -1, 0) == 1);
    assert_true(wf_hazard_place(500, -1, 0) == 0.1);
    assert_true(wf_hazard_place(3, -1, 1000) == 0.05);
    assert_true(wf_hazard_place(3, 1, 0) < 1);
    assert_true(wf_hazard_place(3, 0, 0) > 1);
}

static void infected_today_is_not_infectious_today(void **state)
{
    (void)state;
    wf_arena arena = {0};
    const wf_protocol *protocol = edition_load("nhc-covid-8", &arena);
    wf_hazard_course course;
    wf_hazard_course_of(protocol, &course);
    assert_true(course.infectiousness[0] == 0 && course.infectiousness[1] == 0);
    assert_true(course.infectiousness[5] > 0.2);
    assert_true(course.ahead[0] == 1 && course.ahead[40] < 1e-9);
    for (int day = 1; day < WF_HAZARD_COURSE_DAYS; day++)
        assert_true(course.ahead[day] <= course.ahead[day - 1]);
    wf_arena_done(&arena);
}

static void without_a_distribution_each_day_of_incubation_weighs_the_same(void **state)
{
    (void)state;
    static const double flat[] = {1};
    wf_protocol protocol = {0};
    protocol.incubation_min_d = (wf_number){.value = 2, .given = true};
    protocol.incubation_max_d = (wf_number){.value = 5, .given = true};
    protocol.infectiousness.days = 1;
    protocol.infectiousness.values[0] = flat[0];
    wf_hazard_course course;
    wf_hazard_course_of(&protocol, &course);
    for (int day = 0; day < 10; day++)
        assert_true(fabs(course.infectiousness[day] - (day >= 2 && day <= 5 ? .25 : 0)) <
                    1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_attack_rates_come_out),
        cmocka_unit_test(the_published_interval_of_households_is_the_range),
        cmocka_unit_test(no_symptoms_is_a_seventh_and_before_onset_two_thirds),
        cmocka_unit_test(the_share_before_onset_is_within_the_read_range),
        cmocka_unit_test(a_later_user_of_a_seat_is_a_quarter_of_those_around_it),
        cmocka_unit_test(crowds_and_ventilation_thin_the_air),
        cmocka_unit_test(infected_today_is_not_infectious_today),
        cmocka_unit_test(without_a_distribution_each_day_of_incubation_weighs_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
