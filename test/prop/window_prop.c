// Laws of windows, on random histories of COVID, measles, MERS and Ebola cases in zones
// with and without summer time. WEFT_PROP_CASES says how many histories (2,000 unless
// told), WEFT_PROP_SEED where to begin.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <stdlib.h>

#include "access/city/protocol.h"
#include "base/prng.h"
#include "epi/window.h"

static const char *const editions[] = {"nhc-covid-8",    "nhc-covid-9", "who-covid-2021",
                                       "cdc-covid-2020", "measles",     "mers",
                                       "ebola",          "who-cholera", "h5n1-cdc"};
enum {
    editions_count = 9,
    zones_count = 4,
    COVID_8 = 0,
    MEASLES = 4,
    MERS = 5,
    EBOLA = 6
};
static const char *const zone_names[zones_count] = {"Asia/Shanghai", "Europe/Berlin",
                                                    "America/Sao_Paulo", "Asia/Kolkata"};

typedef struct {
    wf_arena arena;
    const wf_protocol *protocols[editions_count];
    wf_zone *zones[zones_count];
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

static int open_world(void **state)
{
    static world all;
    weft_error error = {0};
    all.seed = number_of_environment("WEFT_PROP_SEED", 20211211);
    all.cases = number_of_environment("WEFT_PROP_CASES", 2000);
    for (int i = 0; i < editions_count; i++)
        if (wf_protocol_load(&wf_io_posix, editions[i], &all.arena, &all.protocols[i],
                             &error) != WEFT_OK)
            return -1;
    for (int i = 0; i < zones_count; i++)
        if (wf_zone_open(zone_names[i], &all.zones[i], &error) != WEFT_OK)
            return -1;
    *state = &all;
    return 0;
}

static int close_world(void **state)
{
    world *all = *state;
    for (int i = 0; i < zones_count; i++)
        wf_zone_close(all->zones[i]);
    wf_arena_done(&all->arena);
    return 0;
}

// ---- histories ----

static const int64_t us_per_minute = WF_US_PER_MINUTE;

// Within 60 days around the clock changes of autumn 2017 in Berlin and São Paulo.
static weft_time some_time(wf_prng *prng)
{
    int64_t base = INT64_C(1507000000) * WF_US_PER_S;
    return (weft_time){base + (int64_t)wf_prng_below(prng, 60 * 24 * 60) * us_per_minute};
}

static weft_time perhaps(wf_prng *prng)
{
    return wf_prng_below(prng, 3) == 0 ? WF_TIME_NONE : some_time(prng);
}

static wf_case some_case(wf_prng *prng)
{
    static const wf_text kinds[] = {WF_TEXT(""), WF_TEXT("rash"), WF_TEXT("fever")};
    return (wf_case){.reported = perhaps(prng),
                     .onset = perhaps(prng),
                     .sampled = perhaps(prng),
                     .isolated = perhaps(prng),
                     .last_negative = perhaps(prng),
                     .died = perhaps(prng),
                     .buried = perhaps(prng),
                     .onset_kind = kinds[wf_prng_below(prng, 3)],
                     .symptomatic = (int)wf_prng_below(prng, 3) - 1};
}

typedef struct {
    const wf_protocol *protocol;
    const wf_zone *zone;
    wf_case of;
    weft_time as_of;
} question;

static bool ask(const question *q, wf_window *ret)
{
    weft_error error = {0};
    weft_status status =
        wf_window_infectious(q->protocol, q->zone, &q->of, q->as_of, ret, &error);
    assert_true(status == WEFT_OK || status == WEFT_BAD_INPUT);
    return status == WEFT_OK;
}

static weft_time day_start(const wf_zone *zone, weft_time at, int days)
{
    weft_day day = wf_zone_day_of(zone, at);
    return wf_zone_day_start(zone, (weft_day){day.number + days});
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

// What every test draws: a history, a zone, a moment of asking.
static question some_question(const world *all, wf_prng *prng, int edition)
{
    return (question){.protocol = all->protocols[edition],
                      .zone = all->zones[wf_prng_below(prng, zones_count)],
                      .of = some_case(prng),
                      .as_of = some_time(prng)};
}

#define FOR_HISTORIES(edition)                                                           \
    const world *all = *state;                                                           \
    print_message("# seed %llu\n", (unsigned long long)all->seed);                       \
    wf_prng prng = wf_prng_stream(all->seed, (uint64_t)(edition) + 1);                   \
    for (uint64_t history = 0; history < all->cases; history++)

// ---- laws of all editions ----

static void a_window_never_ends_before_it_begins_nor_after_now(void **state)
{
    FOR_HISTORIES(100)
    {
        question q = some_question(all, &prng, (int)wf_prng_below(&prng, editions_count));
        wf_window window = {0}, source = {0};
        weft_error error = {0};
        if (ask(&q, &window)) {
            assert_true(window.from.us <= window.to.us && window.to.us <= q.as_of.us);
            bool at_day_start = window.from.us == day_start(q.zone, window.from, 0).us;
            assert_true(at_day_start || window.from.us == window.to.us);
        }
        if (wf_window_source(q.protocol, q.zone, &q.of, q.as_of, &source, &error) ==
            WEFT_OK)
            assert_true(source.from.us <= source.to.us && source.to.us <= q.as_of.us);
    }
}

static void asking_later_never_shortens_a_window(void **state)
{
    FOR_HISTORIES(101)
    {
        question q = some_question(all, &prng, (int)wf_prng_below(&prng, editions_count));
        question later = q;
        later.as_of.us += (int64_t)wf_prng_below(&prng, 40000) * us_per_minute;
        wf_window early = {0}, late = {0};
        bool opened = ask(&q, &early);
        assert_true(ask(&later, &late) == opened);
        if (!opened || early.from.us == early.to.us)
            continue;
        assert_true(late.from.us == early.from.us && late.to.us >= early.to.us);
        // What an event closed stays closed.
        if (early.closed_by >= 0)
            assert_true(late.to.us == early.to.us && late.closed_by == early.closed_by);
    }
}

// ---- each disease against its own words ----

// "2 d before onset; without symptoms 2 d before the positive sample; closes when the
// case is isolated."
static void covid_is_as_the_eighth_edition_says(void **state)
{
    FOR_HISTORIES(COVID_8)
    {
        question q = some_question(all, &prng, COVID_8);
        wf_window window = {0};
        weft_time opens = weft_time_is_none(q.of.onset) ? q.of.sampled : q.of.onset;
        assert_true(ask(&q, &window) == !weft_time_is_none(opens));
        if (weft_time_is_none(opens))
            continue;
        int64_t from = day_start(q.zone, opens, -2).us;
        int64_t to = q.as_of.us;
        if (!weft_time_is_none(q.of.isolated))
            to = least(to, q.of.isolated.us > from ? q.of.isolated.us : from);
        assert_true(window.to.us == to && window.from.us == least(from, to));
    }
}

static void measles_looks_at_the_rash_and_at_nothing_else(void **state)
{
    FOR_HISTORIES(MEASLES)
    {
        question q = some_question(all, &prng, MEASLES);
        wf_window window = {0}, other = {0};
        bool rash = !weft_time_is_none(q.of.onset) &&
                    wf_text_equal(q.of.onset_kind, WF_TEXT("rash"));
        assert_true(ask(&q, &window) == rash);
        if (!rash)
            continue;
        int64_t to = least(day_start(q.zone, q.of.onset, 5).us, q.as_of.us);
        assert_true(window.to.us == to);
        assert_true(window.from.us == least(day_start(q.zone, q.of.onset, -4).us, to));
        question same = q;
        same.of = some_case(&prng);
        same.of.onset = q.of.onset;
        same.of.onset_kind = q.of.onset_kind;
        assert_true(ask(&same, &other) && other.from.us == window.from.us &&
                    other.to.us == window.to.us);
    }
}

static void mers_never_opens_before_the_day_of_onset(void **state)
{
    FOR_HISTORIES(MERS)
    {
        question q = some_question(all, &prng, MERS);
        wf_window window = {0};
        if (!ask(&q, &window) || weft_time_is_none(q.of.onset))
            continue;
        assert_true(window.from.us >=
                    least(day_start(q.zone, q.of.onset, 0).us, window.to.us));
        assert_int_equal(window.opened_by, WF_EVENT_ONSET);
    }
}

static void ebola_stays_open_through_isolation_and_death_until_burial(void **state)
{
    FOR_HISTORIES(EBOLA)
    {
        question q = some_question(all, &prng, EBOLA);
        wf_window window = {0}, other = {0};
        weft_time opens = weft_time_is_none(q.of.onset) ? q.of.died : q.of.onset;
        // A positive sample alone opens nothing: no window before symptoms.
        assert_true(ask(&q, &window) == !weft_time_is_none(opens));
        if (weft_time_is_none(opens))
            continue;
        assert_true(window.from.us >=
                    least(day_start(q.zone, opens, 0).us, window.to.us));
        if (weft_time_is_none(q.of.buried))
            assert_true(window.to.us == q.as_of.us && window.closed_by == -1);
        question apart = q;
        apart.of.isolated = perhaps(&prng);
        apart.of.sampled = perhaps(&prng);
        assert_true(ask(&apart, &other) && other.from.us == window.from.us &&
                    other.to.us == window.to.us);
    }
}

static void a_later_isolation_never_loses_a_contact(void **state)
{
    FOR_HISTORIES(102)
    {
        question q = some_question(all, &prng, (int)wf_prng_below(&prng, editions_count));
        question later = q;
        later.of.isolated =
            weft_time_is_none(q.of.isolated)
                ? q.of.isolated
                : (weft_time){q.of.isolated.us +
                              (int64_t)wf_prng_below(&prng, 20000) * us_per_minute};
        wf_window early = {0}, late = {0};
        bool opened = ask(&q, &early);
        assert_true(ask(&later, &late) == opened);
        assert_true(!opened || late.to.us >= early.to.us);
    }
}

// Who was infected on any day from the shortest to the longest incubation before onset
// was infected inside the source window.
static void the_source_window_holds_every_possible_day_of_infection(void **state)
{
    FOR_HISTORIES(103)
    {
        question q = some_question(all, &prng, (int)wf_prng_below(&prng, editions_count));
        wf_window source = {0};
        weft_error error = {0};
        q.of.onset = some_time(&prng);
        q.of.onset_kind = WF_TEXT("rash");
        q.as_of.us = q.of.onset.us + 60 * 24 * 60 * us_per_minute;
        assert_int_equal(
            wf_window_source(q.protocol, q.zone, &q.of, q.as_of, &source, &error),
            WEFT_OK);
        int least_d = (int)q.protocol->incubation_min_d.value;
        int most_d = (int)q.protocol->incubation_max_d.value;
        int back = least_d + (int)wf_prng_below(&prng, (uint32_t)(most_d - least_d + 1));
        weft_time start = day_start(q.zone, q.of.onset, -back);
        weft_time end = day_start(q.zone, q.of.onset, -back + 1);
        assert_true(start.us >= source.from.us && end.us <= source.to.us);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_never_ends_before_it_begins_nor_after_now),
        cmocka_unit_test(asking_later_never_shortens_a_window),
        cmocka_unit_test(covid_is_as_the_eighth_edition_says),
        cmocka_unit_test(measles_looks_at_the_rash_and_at_nothing_else),
        cmocka_unit_test(mers_never_opens_before_the_day_of_onset),
        cmocka_unit_test(ebola_stays_open_through_isolation_and_death_until_burial),
        cmocka_unit_test(a_later_isolation_never_loses_a_contact),
        cmocka_unit_test(the_source_window_holds_every_possible_day_of_infection),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
