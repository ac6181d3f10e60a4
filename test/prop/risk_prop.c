// Laws of the open risk (epi/risk.h), on random counts of contacts. WEFT_PROP_CASES says
// how many (2,000 unless told), WEFT_PROP_SEED where to begin.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>

#include "base/prng.h"
#include "base/text.h"
#include "epi/risk.h"
#include "support/edition.h"

typedef struct {
    uint64_t seed, cases;
} world;

static uint64_t number_of_environment(const char *name, int64_t otherwise)
{
    const char *text = getenv(name);
    int64_t value = otherwise;
    if (text != NULL && !wf_parse_i64(wf_text_of(text), 1, INT64_MAX, &value))
        value = otherwise;
    return (uint64_t)value;
}

// Of any size: as many of ten as of a hundred thousand.
static uint64_t some_count(wf_prng *prng)
{
    static const uint32_t below[] = {2, 10, 100, 3000, 100000};
    return wf_prng_below(prng, below[wf_prng_below(prng, 5)]);
}

static double share(wf_prng *prng)
{
    return (double)wf_prng_below(prng, 1001) / 1000;
}

static wf_risk_counts some_counts(wf_prng *prng)
{
    uint64_t open = some_count(prng);
    return (wf_risk_counts){.open = open,
                            .hidden = share(prng) * (double)open,
                            .cases = some_count(prng),
                            .clear = share(prng) * (double)some_count(prng)};
}

static void fail_of(const wf_risk_counts *of, const char *law)
{
    fail_msg("%s: open %llu hidden %.17g cases %llu clear %.17g", law,
             (unsigned long long)of->open, of->hidden, (unsigned long long)of->cases,
             of->clear);
}

#define FOR_COUNTS(stream)                                                               \
    const world *all = *state;                                                           \
    wf_prng prng = wf_prng_stream(all->seed, stream);                                    \
    print_message("seed %llu\n", (unsigned long long)all->seed);                         \
    for (uint64_t i = 0; i < all->cases; i++)

static void an_interval_lies_between_nobody_and_all_who_are_open(void **state)
{
    FOR_COUNTS(1)
    {
        wf_risk_counts of = some_counts(&prng);
        wf_risk_interval got = wf_risk_of(&of);
        if (got.least > got.most || got.most > of.open || (of.open > 0 && got.most == 0))
            fail_of(&of, "outside");
        of.open = 0;
        of.hidden = 0;
        got = wf_risk_of(&of);
        if (got.least != 0 || got.most != 0)
            fail_of(&of, "nothing is open");
    }
}

static void one_more_who_is_open_lowers_neither_end(void **state)
{
    FOR_COUNTS(2)
    {
        wf_risk_counts of = some_counts(&prng), more = of;
        uint64_t many = 1 + wf_prng_below(&prng, 50);
        more.open += many;
        more.hidden += share(&prng) * (double)many;
        wf_risk_interval few = wf_risk_of(&of), got = wf_risk_of(&more);
        if (got.least < few.least || got.most < few.most)
            fail_of(&of, "more open, less risk");
    }
}

// The same share of cases, of fewer people whose outcome is known.
static void knowing_less_never_narrows_it(void **state)
{
    FOR_COUNTS(3)
    {
        wf_risk_counts less = some_counts(&prng), of = less;
        uint32_t times = 2 + wf_prng_below(&prng, 20);
        of.cases *= times;
        of.clear *= times;
        wf_risk_interval wide = wf_risk_of(&less), got = wf_risk_of(&of);
        if (got.least < wide.least || got.most > wide.most)
            fail_of(&less, "fewer data, narrower");
    }
}

static void a_longer_time_since_exposure_lowers_the_least_and_not_the_most(void **state)
{
    FOR_COUNTS(4)
    {
        wf_risk_counts of = some_counts(&prng), later = of;
        later.hidden *= share(&prng);
        wf_risk_interval now = wf_risk_of(&of), got = wf_risk_of(&later);
        if (got.least > now.least || got.most != now.most)
            fail_of(&of, "age");
    }
}

static void what_has_shown_itself_rises_with_the_days(void **state)
{
    static const char *const editions[] = {"nhc-covid-8", "measles",     "mers",
                                           "ebola",       "who-cholera", "h5n1-cdc"};
    wf_arena arena = {0};
    const wf_protocol *protocols[sizeof editions / sizeof *editions];
    for (size_t e = 0; e < sizeof editions / sizeof *editions; e++)
        protocols[e] = edition_load(editions[e], &arena);
    FOR_COUNTS(5)
    {
        const wf_protocol *of = protocols[i % (sizeof editions / sizeof *editions)];
        double days = (double)wf_prng_below(&prng, 60000) / 1000 - 5;
        double before = wf_risk_shown(of, days), after = wf_risk_shown(of, days + 0.1);
        assert_true(before >= 0 && before <= after && after <= 1);
    }
    wf_arena_done(&arena);
}

int main(void)
{
    static world all;
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(an_interval_lies_between_nobody_and_all_who_are_open,
                                  &all),
        cmocka_unit_test_prestate(one_more_who_is_open_lowers_neither_end, &all),
        cmocka_unit_test_prestate(knowing_less_never_narrows_it, &all),
        cmocka_unit_test_prestate(
            a_longer_time_since_exposure_lowers_the_least_and_not_the_most, &all),
        cmocka_unit_test_prestate(what_has_shown_itself_rises_with_the_days, &all),
    };
    all.seed = number_of_environment("WEFT_PROP_SEED", 20211211);
    all.cases = number_of_environment("WEFT_PROP_CASES", 2000);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
