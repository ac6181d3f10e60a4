#include "epi/hazard.h"

#include <limits.h>
#include <math.h>
#include <string.h>

const double wf_hazard_shared_people = 50;
const double wf_hazard_lingering = 0.075 / 0.32;

static const double ventilated_weight = 0.5;
static const double unventilated_weight = 2;

static double given_or(const wf_number *number, double otherwise)
{
    return number->given ? number->value : otherwise;
}

static double profile_at(const wf_profile *profile, int day)
{
    int64_t index = (int64_t)day - profile->first_day;
    if (index < 0 || index >= (int64_t)profile->days)
        return 0;
    return profile->values[index];
}

double wf_hazard_infectiousness(const wf_protocol *protocol, int days_from_onset,
                                int symptomatic)
{
    double state = 1;
    if (symptomatic == 0)
        state = given_or(&protocol->asymptomatic_factor, 1);
    else if (days_from_onset < 0 && days_from_onset != INT_MIN)
        state = given_or(&protocol->presymptomatic_factor, 1);
    if (days_from_onset == INT_MIN)
        return state;
    return state * profile_at(&protocol->infectiousness, days_from_onset);
}

double wf_hazard_nearness(const wf_protocol *protocol, const wf_place_rule *rule,
                          const wf_nearness *nearness)
{
    double weight = 1, outside = given_or(&rule->hazard_other_unit, 1);
    if (nearness->unit == WF_UNIT_OUTSIDE)
        weight = outside;
    else if (nearness->unit == WF_UNIT_UNKNOWN)
        weight = (1 + outside) / 2;
    else if (nearness->adjacent)
        weight = given_or(&rule->hazard_adjacent, 1);
    if (nearness->lingering)
        weight *= wf_hazard_lingering;
    if (nearness->guessed)
        weight *= given_or(&protocol->guessed_factor, 1);
    return weight;
}

double wf_hazard_place(uint64_t people, int ventilated, double area_m2)
{
    double size = area_m2 > 0 ? area_m2 : (double)people;
    double weight = size > wf_hazard_shared_people ? wf_hazard_shared_people / size : 1.0;
    if (ventilated == 1)
        return weight * ventilated_weight;
    return ventilated == 0 ? weight * unventilated_weight : weight;
}

static double probability(double per_h, double hours)
{
    return -expm1(-per_h * hours);
}

wf_range wf_hazard_probability(wf_range per_h, double weighted_hours)
{
    return (wf_range){.mid = probability(per_h.mid, weighted_hours),
                      .low = probability(per_h.low, weighted_hours),
                      .high = probability(per_h.high, weighted_hours)};
}

static wf_range range_of(const wf_number *mid, const wf_number *low,
                         const wf_number *high)
{
    double value = given_or(mid, 0);
    return (wf_range){value, given_or(low, value), given_or(high, value)};
}

wf_range wf_hazard_of_rule(const wf_place_rule *rule)
{
    return range_of(&rule->hazard_per_h, &rule->hazard_low_per_h,
                    &rule->hazard_high_per_h);
}

wf_range wf_hazard_of_encounter(const wf_protocol *protocol)
{
    return range_of(&protocol->encounter_hazard_per_h,
                    &protocol->encounter_hazard_low_per_h,
                    &protocol->encounter_hazard_high_per_h);
}

static double either(double a, double b)
{
    return 1 - (1 - a) * (1 - b);
}

wf_range wf_hazard_either(wf_range a, wf_range b)
{
    return (wf_range){either(a.mid, b.mid), either(a.low, b.low), either(a.high, b.high)};
}

// ---- the course of an infection ----

static double log_normal_below(const wf_protocol *protocol, double days)
{
    if (days <= 0)
        return 0;
    double z = (log(days) - protocol->incubation_meanlog.value) /
               protocol->incubation_sdlog.value;
    return erfc(-z / sqrt(2)) / 2;
}

// Weight of an incubation of `days` whole days, not yet summing to 1.
static double incubation_weight(const wf_protocol *protocol, int days)
{
    double most = given_or(&protocol->incubation_max_d, 14);
    if (days > most)
        return 0;
    if (protocol->incubation_meanlog.given && protocol->incubation_sdlog.given &&
        protocol->incubation_sdlog.value > 0)
        return log_normal_below(protocol, days + 0.5) -
               log_normal_below(protocol, days - 0.5);
    return days >= given_or(&protocol->incubation_min_d, 1) ? 1 : 0;
}

static void fill_ahead(wf_hazard_course *course)
{
    double ahead = 0;
    for (int day = WF_HAZARD_COURSE_DAYS - 1; day >= 0; day--) {
        ahead += course->infectiousness[day];
        course->ahead[day] = ahead;
    }
    for (int day = 0; day < WF_HAZARD_COURSE_DAYS; day++)
        course->ahead[day] = ahead > 0 ? course->ahead[day] / ahead : 0;
}

void wf_hazard_course_of(const wf_protocol *protocol, wf_hazard_course *ret)
{
    memset(ret, 0, sizeof *ret);
    double latent = given_or(&protocol->latent_d, 0), total = 0;
    for (int incubation = 0; incubation < WF_HAZARD_COURSE_DAYS; incubation++)
        total += incubation_weight(protocol, incubation);
    for (int day = 0; day < WF_HAZARD_COURSE_DAYS && total > 0; day++) {
        if (day + 1 <= latent)
            continue;
        for (int incubation = 0; incubation < WF_HAZARD_COURSE_DAYS; incubation++)
            ret->infectiousness[day] +=
                incubation_weight(protocol, incubation) / total *
                wf_hazard_infectiousness(protocol, day - incubation, 1);
    }
    fill_ahead(ret);
}
