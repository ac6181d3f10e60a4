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
#include "epi/gathering.h"

enum {
    people_max = 700,
    places_max = 6,
    days = 3,
    visits_max = WF_GATHERING_VISITS_MAX,
    words = 24,                   // of the minutes of a day
    spread = 2200000 / people_max // between numbers: people are of three rounds
};

typedef struct {
    uint32_t people, places;
    wf_stay stays[places_max][days][visits_max];
    size_t counts[places_max][days];
    // A bit for each minute that counts.
    uint64_t at[people_max][places_max][days][words];
    bool torn[people_max];
} town;

static const uint32_t lengths_s[days] = {86400, 82800, 90000};
static const uint32_t starts_s[days] = {0, 86400, 169200};
static const wf_stretch windows[days] = {{36000, 229200}, {0, 142800}, {0, 60000}};

static void ok(weft_status status)
{
    assert_int_equal(status, WEFT_OK);
}

static bool is_elsewhere(const town *t, uint32_t person, uint32_t place, uint32_t day,
                         uint32_t minute)
{
    for (uint32_t p = 0; p < t->places; p++)
        if (p != place && (t->at[person][p][day][minute / 64] >> minute % 64 & 1) != 0)
            return true;
    return false;
}

// `tidy`: the stay ends where the person is elsewhere already.
static void add_stay(town *t, wf_prng *prng, bool tidy)
{
    uint32_t place = wf_prng_below(prng, t->places), day = wf_prng_below(prng, days);
    uint32_t person = wf_prng_below(prng, t->people);
    uint32_t start = wf_prng_below(prng, 1380), end = start;
    uint32_t last = start + 1 + wf_prng_below(prng, 500);
    last = last > 1500 ? 1500 : last;
    if (tidy && 60 * last > lengths_s[day])
        last = lengths_s[day] / 60;
    while (end < last && !(tidy && is_elsewhere(t, person, place, day, end)))
        end++;
    if (start >= end || t->counts[place][day] == visits_max)
        return;
    t->stays[place][day][t->counts[place][day]++] =
        (wf_stay){{person * spread}, (uint16_t)start, (uint16_t)end};
    for (uint32_t m = start; m < end; m++)
        if (60 * m >= windows[day].first && 60 * m < windows[day].last)
            t->at[person][place][day][m / 64] |= UINT64_C(1) << m % 64;
    t->torn[person] |= 60 * end > lengths_s[day];
}

static void make_town(town *t, uint64_t seed, bool tidy)
{
    wf_prng prng = wf_prng_new(seed);
    memset(t, 0, sizeof *t);
    bool crowded = seed % 10 == 0; // gatherings too large for one table
    t->people = crowded ? people_max : 2 + wf_prng_below(&prng, 100);
    t->places = crowded ? 1 : 1 + wf_prng_below(&prng, places_max);
    uint32_t stays = crowded ? 2000 : wf_prng_below(&prng, 5 * t->people);
    for (uint32_t i = 0; i < stays; i++)
        add_stay(t, &prng, tidy);
}

static void sweep_town(const town *t, wf_gathering *gathering, wf_everyone *everyone)
{
    static wf_stay stays[visits_max];
    ok(wf_everyone_begin(everyone, t->people * spread, days));
    for (uint32_t round = 0; round < wf_everyone_rounds(everyone); round++) {
        wf_everyone_begin_round(everyone, round);
        for (uint32_t p = 0; p < t->places; p++) {
            for (uint32_t d = 0; d < days; d++) {
                wf_gathering_day day = {d, lengths_s[d], windows[d]};
                memcpy(stays, t->stays[p][d], sizeof stays);
                if (!wf_gathering_has_room(gathering, t->counts[p][d]))
                    ok(wf_gathering_end(gathering, everyone, p % 2));
                wf_gathering_add(gathering, stays, t->counts[p][d], &day);
            }
            ok(wf_gathering_end(gathering, everyone, p % 2));
        }
        ok(wf_everyone_end_round(everyone));
    }
}

// Minutes in which both were at some place. A stay may go on into the next day, but only
// meets those of its own day's rows.
static uint64_t minutes_together(const town *t, uint32_t one, uint32_t other)
{
    uint64_t all[days * words] = {0}, minutes = 0;
    for (uint32_t d = 0; d < days; d++)
        for (uint32_t w = 0; w < words; w++) {
            uint64_t both = 0;
            for (uint32_t p = 0; p < t->places; p++)
                both |= t->at[one][p][d][w] & t->at[other][p][d][w];
            for (; both != 0; both &= both - 1) {
                uint32_t minute =
                    starts_s[d] / 60 + w * 64 + (uint32_t)__builtin_ctzll(both);
                all[minute / 64] |= UINT64_C(1) << minute % 64;
            }
        }
    for (uint32_t w = 0; w < days * words; w++)
        minutes += (uint64_t)__builtin_popcountll(all[w]);
    return minutes;
}

static bool is_in_two_places(const town *t, uint32_t person)
{
    for (uint32_t d = 0; d < days; d++)
        for (uint32_t m = 0; m < words * 64; m++)
            for (uint32_t p = 0; p < t->places; p++)
                if ((t->at[person][p][d][m / 64] >> m % 64 & 1) != 0 &&
                    is_elsewhere(t, person, p, d, m))
                    return true;
    return false;
}

// Whoever is not doubted has the true sums; how many are doubted.
static uint32_t check_town(const town *t, const wf_everyone *everyone)
{
    uint32_t doubted = 0;
    for (uint32_t one = 0; one < t->people; one++) {
        uint64_t people = 0, minutes = 0, given_people, given_seconds;
        if (!wf_everyone_get(everyone, one * spread, &given_people, &given_seconds)) {
            doubted++;
            continue;
        }
        for (uint32_t other = 0; other < t->people; other++) {
            uint64_t together = one == other ? 0 : minutes_together(t, one, other);
            people += together > 0;
            minutes += together;
        }
        assert_int_equal(given_people, people);
        assert_int_equal(given_seconds, 60 * minutes);
    }
    return doubted;
}

static void check_towns(bool tidy, uint32_t *ret_doubted, uint32_t *ret_doubles)
{
    static town t;
    wf_gathering *gathering;
    wf_everyone *everyone;
    ok(wf_gathering_new(&gathering));
    ok(wf_everyone_new(2, &everyone));
    for (uint64_t seed = 1; seed <= 60; seed++) {
        make_town(&t, seed, tidy);
        sweep_town(&t, gathering, everyone);
        *ret_doubted += check_town(&t, everyone);
        for (uint32_t p = 0; p < t.people; p++)
            *ret_doubles += t.torn[p] || is_in_two_places(&t, p);
    }
    wf_everyone_free(everyone);
    wf_gathering_free(gathering);
}

static void nobody_is_doubted_where_all_are_at_one_place_at_a_time(void **state)
{
    (void)state;
    uint32_t doubted = 0, doubles = 0;
    check_towns(true, &doubted, &doubles);
    assert_int_equal(doubles, 0);
    assert_int_equal(doubted, 0);
}

static void only_the_doubted_may_have_wrong_sums(void **state)
{
    (void)state;
    uint32_t doubted = 0, doubles = 0;
    check_towns(false, &doubted, &doubles);
    assert_true(doubles > 0 && doubted > 0);
}

static void people_beyond_the_city_met_nobody(void **state)
{
    (void)state;
    wf_everyone *everyone;
    uint64_t people = 1, seconds = 1;
    ok(wf_everyone_new(1, &everyone));
    ok(wf_everyone_begin(everyone, 10, 1));
    assert_true(wf_everyone_get(everyone, 10, &people, &seconds));
    assert_int_equal(people, 0);
    assert_int_equal(seconds, 0);
    wf_everyone_free(everyone);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_doubted_where_all_are_at_one_place_at_a_time),
        cmocka_unit_test(only_the_doubted_may_have_wrong_sums),
        cmocka_unit_test(people_beyond_the_city_met_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
