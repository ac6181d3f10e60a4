// Open risk against what is known: quantiles against published ones, and the promise of
// the interval against outbreaks that are drawn.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <math.h>

#include "base/prng.h"
#include "epi/risk.h"
#include "support/edition.h"

// What a command centre reads on the wall.
static const struct {
    const char *name;
    wf_risk_counts counts;
    wf_risk_interval is;
} readings[] = {
    {"nobody is open", {0, 0, 12, 600}, {0, 0}},
    {"in the first hour nothing is known: anybody open may be infected, or nobody",
     {63, 63, 0, 0},
     {0, 63}},
    {"one open contact is never no risk", {1, 0, 0, 100000}, {0, 1}},
    // Jeffreys, by its own published formula: the upper end of 0 of 100 at 98.75 % is
    // 0.0307 (Beta(0.5, 100.5)), of 560 people 17.2, and a Poisson of that mean stays
    // below 28 with 98.75 %.
    {"hundred without a case leave some", {560, 560, 0, 100}, {0, 27}},
    {"many cases of many known, all open hidden", {1000, 1000, 200, 800}, {144, 264}},
    {"the same, and nearly all would have shown it", {1000, 10, 200, 800}, {0, 264}},
    {"everybody became a case", {10, 10, 20, 0}, {3, 10}},
};

static void the_interval_reads_as_it_should(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
        wf_risk_interval got = wf_risk_of(&readings[i].counts);
        if (got.least != readings[i].is.least || got.most != readings[i].is.most)
            fail_msg("%s: %llu to %llu", readings[i].name, (unsigned long long)got.least,
                     (unsigned long long)got.most);
    }
}

static bool happens(wf_prng *prng, double probability)
{
    return wf_prng_u64(prng) < (uint64_t)(probability * 18446744073709549568.0);
}

// An outbreak is drawn: how many of those who are known became cases, and how many of the
// open ones are infected and still hidden. Of 2,000 at most 5 in 100 may lie outside.
static bool holds(wf_prng *prng)
{
    double rate = pow(10, -3 + (double)wf_prng_below(prng, 2500) / 1000);
    wf_risk_counts counts = {.open = wf_prng_below(prng, 300)};
    uint64_t infected = 0, hidden = 0;
    uint32_t known = wf_prng_below(prng, 300);
    for (uint32_t i = 0; i < known; i++) {
        if (happens(prng, rate))
            counts.cases++;
        else
            counts.clear++;
    }
    for (uint64_t i = 0; i < counts.open; i++) {
        double share = (double)wf_prng_below(prng, 1001) / 1000;
        counts.hidden += share;
        if (happens(prng, rate)) {
            infected++;
            hidden += happens(prng, share);
        }
    }
    wf_risk_interval got = wf_risk_of(&counts);
    return got.least <= hidden && infected <= got.most;
}

static void of_drawn_outbreaks_no_more_than_five_in_a_hundred_lie_outside(void **state)
{
    (void)state;
    wf_prng prng = wf_prng_new(20211211);
    int outside = 0;
    for (int i = 0; i < 2000; i++)
        outside += !holds(&prng);
    assert_true(outside <= 100);
}

// Lauer et al. 2020: half have shown themselves after 5.1 days, 97.5 % after 11.5.
static void incubation_is_as_its_paper_says(void **state)
{
    (void)state;
    wf_arena arena = {0};
    const wf_protocol *covid = edition_load("nhc-covid-8", &arena);
    assert_true(fabs(wf_risk_shown(covid, 5.1) - 0.5) < 0.02);
    assert_true(fabs(wf_risk_shown(covid, 11.5) - 0.975) < 0.01);
    assert_true(wf_risk_shown(covid, -3) <= 0 && wf_risk_shown(covid, 0) <= 0);
    assert_true(wf_risk_shown(covid, 14) >= 1 && wf_risk_shown(covid, 400) >= 1);
    wf_arena_done(&arena);
}

static void where_an_edition_has_no_distribution_days_weigh_alike(void **state)
{
    (void)state;
    wf_protocol some = {.incubation_min_d = {.given = true, .value = 2},
                        .incubation_max_d = {.given = true, .value = 12}};
    assert_true(wf_risk_shown(&some, 2) <= 0);
    assert_true(fabs(wf_risk_shown(&some, 7) - 0.5) < 1e-9);
    assert_true(wf_risk_shown(&some, 12) >= 1);
    some.incubation_max_d.given = false; // nothing ever shows itself: the careful side
    assert_true(wf_risk_shown(&some, 100) <= 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_interval_reads_as_it_should),
        cmocka_unit_test(of_drawn_outbreaks_no_more_than_five_in_a_hundred_lie_outside),
        cmocka_unit_test(incubation_is_as_its_paper_says),
        cmocka_unit_test(where_an_edition_has_no_distribution_days_weigh_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
