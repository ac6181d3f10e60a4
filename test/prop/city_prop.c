// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <stdlib.h>

#include "city/meetings.h"
#include "support/made_town.h"

static uint32_t cases_wanted(void)
{
    const char *text = getenv("WEFT_PROP_CASES");
    int64_t cases = 0;
    if (text != NULL && wf_parse_i64(wf_text_of(text), 1, 1000000, &cases))
        return (uint32_t)cases;
    return 12;
}

// Law: whatever the size, length and seed, nobody is in two places at once, every stay
// lies within the days, and the outbreak does not change what was given before it.
static void assert_lawful(const wf_town *town)
{
    for (uint32_t person = 0; person < town->options.people; person++) {
        int32_t free_from = 0;
        for (uint32_t day = 0; day < town->options.days; day++) {
            wf_town_stop stops[WF_PLAN_STOPS_MAX];
            size_t count = wf_plan_day(town, person, day, stops);
            int32_t base = (int32_t)day * WF_DAY_MINUTES;
            for (size_t i = 0; i < count; i++) {
                assert_true(base + stops[i].start >= free_from);
                assert_true(stops[i].end > stops[i].start);
                free_from = base + stops[i].end;
            }
        }
        assert_true(free_from <= (int32_t)town->options.days * WF_DAY_MINUTES);
    }
}

// Law: an encounter lies inside a stay of each at one place.
static void assert_met_at_a_place(const wf_town *town)
{
    for (uint32_t day = 0; day < town->options.days; day++) {
        for (uint32_t part = 0; part < wf_meetings_parts(town); part++) {
            wf_met_list list = {0};
            assert_true(wf_meetings_of(town, day, part, &list));
            for (size_t i = 0; i < list.count; i++) {
                const wf_met *met = &list.all[i];
                assert_true(met->a < met->b && met->start_s < met->end_s);
                wf_town_stop a[WF_PLAN_STOPS_MAX];
                wf_town_stop b[WF_PLAN_STOPS_MAX];
                size_t a_count = wf_plan_day(town, met->a, day, a);
                size_t b_count = wf_plan_day(town, met->b, day, b);
                int32_t base = (int32_t)day * WF_DAY_MINUTES;
                bool inside = false;
                for (size_t k = 0; k < a_count; k++)
                    for (size_t m = 0; m < b_count; m++)
                        inside |= a[k].spot.kind == b[m].spot.kind &&
                                  a[k].spot.index == b[m].spot.index &&
                                  (base + a[k].start) * 60 <= met->start_s &&
                                  (base + b[m].start) * 60 <= met->start_s &&
                                  (base + a[k].end) * 60 >= met->end_s &&
                                  (base + b[m].end) * 60 >= met->end_s;
                assert_true(inside);
            }
            wf_met_list_done(&list);
        }
    }
}

static void every_city_keeps_the_laws(void **state)
{
    (void)state;
    const char *seed_text = getenv("WEFT_PROP_SEED");
    int64_t seed = 20211128;
    if (seed_text != NULL)
        assert_true(wf_parse_i64(wf_text_of(seed_text), 0, INT64_MAX, &seed));
    print_message("# seed %lld\n", (long long)seed);
    wf_prng dice = wf_prng_new((uint64_t)seed);
    for (uint32_t i = 0; i < cases_wanted(); i++) {
        uint32_t people = WF_TOWN_PEOPLE_MIN + wf_prng_below(&dice, 1500);
        uint32_t days = 1 + wf_prng_below(&dice, 20);
        wf_town *town = made_town(people, days, wf_prng_u64(&dice));
        wf_outbreak outbreak = {0};
        made_outbreak(town, &outbreak);
        assert_lawful(town);
        assert_met_at_a_place(town);
        wf_buffer first = made_table(town, &outbreak, WF_TABLE_VISITS, 2);
        assert_lawful(town);
        wf_buffer_done(&first);
        wf_outbreak_done(&outbreak);
        wf_town_free(town);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_city_keeps_the_laws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
