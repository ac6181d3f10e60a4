// Law: present = sampled + explained + missing for each building, and what is kept up to
// date fact by fact is what counting everybody anew gives (desk/testing/population.h):
// after samples, withdrawals, moves, absences, ids joined and parted, in several rounds,
// whatever the numbers of the persons.
//
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/prng.h"
#include "desk/testing/population.h"

enum {
    persons = 40,
    grids = 7,
    rounds = 3,
    pairs_max = 200,
    steps_default = 400,
    cases_default = 60
};

// Households of one building, codes that end early, and letters of three bytes about the
// place where a code is cut.
static const char *const codes[grids] = {"",
                                         "320282001001001001",
                                         "3202820010010010010001",
                                         "3202820010010010010002",
                                         "320282001001001002",
                                         "320282001",
                                         "32028200100100100织"};
static const char *const cut_codes[grids] = {"",
                                             "320282001001001001",
                                             "320282001001001001",
                                             "320282001001001001",
                                             "320282001001001002",
                                             "320282001",
                                             "32028200100100100"};

// All that was said, as plainly as can be.
typedef struct {
    bool registered[persons];
    int grid[persons];
    wf_presence presence[persons];
    unsigned samples[rounds][persons];
    struct {
        uint32_t a, b;
    } pairs[pairs_max];
    size_t pairs_count;
} said;

typedef struct {
    said now;
    wf_population *population;
    unsigned round[rounds]; // of the population
    wf_prng prng;
    uint32_t numbers[persons]; // in the population; ids rise with the place here
    char ids[persons][16];
} world;

static wf_text id_of(void *context, uint32_t person)
{
    world *all = context;
    for (size_t i = 0; i < persons; i++)
        if (all->numbers[i] == person)
            return wf_text_of(all->ids[i]);
    fail_msg("an unknown person");
    return WF_TEXT("");
}

// ---- counting everybody ----

static void find_classes(const said *all, uint32_t class_of[persons])
{
    for (uint32_t i = 0; i < persons; i++)
        class_of[i] = i;
    for (bool again = true; again;) {
        again = false;
        for (size_t k = 0; k < all->pairs_count; k++) {
            uint32_t *a = &class_of[all->pairs[k].a], *b = &class_of[all->pairs[k].b];
            uint32_t least = *a < *b ? *a : *b;
            again = again || *a != *b;
            *a = *b = least;
        }
    }
}

// Which of a class counts; persons: none of it is registered.
static uint32_t who_counts(const said *all, const uint32_t class_of[persons], uint32_t of)
{
    uint32_t best = persons;
    for (uint32_t i = 0; i < persons; i++) {
        if (class_of[i] != of || !all->registered[i])
            continue;
        bool better = best == persons || all->presence[i] > all->presence[best] ||
                      (all->presence[i] == all->presence[best] && all->grid[best] == 0 &&
                       all->grid[i] != 0);
        best = better ? i : best;
    }
    return best;
}

typedef struct {
    wf_heads heads[grids]; // by the first grid of the building
    uint64_t strangers;
    bool missing[persons];
} counted;

static int building_of(int grid)
{
    for (int i = 0; i < grid; i++)
        if (strcmp(cut_codes[i], cut_codes[grid]) == 0)
            return i;
    return grid;
}

static void count_class(const said *all, uint32_t who, bool sampled, counted *ret)
{
    if (who == persons) {
        ret->strangers += sampled;
        return;
    }
    wf_heads *heads = &ret->heads[building_of(all->grid[who])];
    bool gone = !sampled && all->presence[who] == WF_PRESENCE_GONE;
    bool away = !sampled && all->presence[who] == WF_PRESENCE_AWAY;
    heads->registered++;
    heads->present += !gone;
    heads->sampled += sampled;
    heads->explained += away;
    ret->missing[who] = !sampled && !gone && !away;
    heads->missing += ret->missing[who];
}

static void count_all(const said *all, int round, counted *ret)
{
    uint32_t class_of[persons];
    *ret = (counted){0};
    find_classes(all, class_of);
    for (uint32_t i = 0; i < persons; i++) {
        bool sampled = false;
        if (class_of[i] != i)
            continue;
        for (uint32_t k = 0; k < persons; k++)
            sampled = sampled || (class_of[k] == i && all->samples[round][k] > 0);
        count_class(all, who_counts(all, class_of, i), sampled, ret);
    }
}

// ---- comparing ----

static void check_building(world *all, int round, int grid, const counted *expected)
{
    uint32_t building;
    assert_true(
        wf_population_building(all->population, wf_text_of(codes[grid]), &building));
    wf_heads heads = wf_population_heads(all->population, all->round[round], building);
    const wf_heads *want = &expected->heads[building_of(grid)];
    assert_int_equal(heads.registered, want->registered);
    assert_int_equal(heads.present, want->present);
    assert_int_equal(heads.sampled, want->sampled);
    assert_int_equal(heads.explained, want->explained);
    assert_int_equal(heads.missing, want->missing);
    assert_int_equal(heads.present, heads.sampled + heads.explained + heads.missing);
    wf_text code = wf_buildings_code(wf_population_buildings(all->population), building);
    assert_true(wf_text_equal(code, wf_text_of(cut_codes[grid])));
    wf_buffer found = {0};
    assert_true(
        wf_population_missing(all->population, all->round[round], building, &found));
    const uint32_t *numbers = (const uint32_t *)(const void *)found.bytes;
    size_t count = found.size / sizeof *numbers;
    assert_int_equal(count, want->missing);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < persons; k++)
            if (all->numbers[k] == numbers[i])
                assert_true(expected->missing[k]);
    wf_buffer_done(&found);
}

static void check(world *all)
{
    for (int round = 0; round < rounds; round++) {
        counted expected;
        count_all(&all->now, round, &expected);
        for (int grid = 0; grid < grids; grid++)
            check_building(all, round, grid, &expected);
        assert_int_equal(wf_population_strangers(all->population, all->round[round]),
                         expected.strangers);
    }
}

// ---- what happens ----

static void draw_row(world *all, uint32_t who)
{
    all->now.registered[who] = wf_prng_below(&all->prng, 6) != 0;
    all->now.grid[who] = (int)wf_prng_below(&all->prng, grids);
    all->now.presence[who] = (wf_presence)wf_prng_below(&all->prng, WF_PRESENCE_COUNT);
}

static void say_presence(world *all, uint32_t who)
{
    draw_row(all, who);
    uint32_t building = WF_BUILDING_NONE;
    if (all->now.registered[who])
        assert_true(wf_population_building(
            all->population, wf_text_of(codes[all->now.grid[who]]), &building));
    wf_population_put(all->population, all->numbers[who], building,
                      all->now.presence[who]);
}

static void sample(world *all, uint32_t who)
{
    uint32_t round = wf_prng_below(&all->prng, rounds);
    // Now and then more often than a byte can tell.
    unsigned times = wf_prng_below(&all->prng, 200) == 0 ? 300 : 1;
    for (unsigned i = 0; i < times; i++)
        assert_true(
            wf_population_add(all->population, all->round[round], all->numbers[who]));
    all->now.samples[round][who] += times;
}

static void withdraw(world *all, uint32_t who)
{
    uint32_t round = wf_prng_below(&all->prng, rounds);
    unsigned times = wf_prng_below(&all->prng, 20) == 0 ? 300 : 1;
    for (; times > 0 && all->now.samples[round][who] > 0; times--) {
        assert_true(
            wf_population_remove(all->population, all->round[round], all->numbers[who]));
        all->now.samples[round][who]--;
    }
}

static void join(world *all, uint32_t a, uint32_t b)
{
    said *now = &all->now;
    if (a == b || now->pairs_count == pairs_max)
        return;
    for (size_t i = 0; i < now->pairs_count; i++)
        if (now->pairs[i].a == a && now->pairs[i].b == b)
            return;
    now->pairs[now->pairs_count].a = a;
    now->pairs[now->pairs_count++].b = b;
    assert_true(wf_population_join(all->population, all->numbers[a], all->numbers[b]));
}

static void part(world *all)
{
    said *now = &all->now;
    if (now->pairs_count == 0)
        return;
    size_t at = wf_prng_below(&all->prng, (uint32_t)now->pairs_count);
    assert_true(wf_population_part(all->population, all->numbers[now->pairs[at].a],
                                   all->numbers[now->pairs[at].b]));
    now->pairs[at] = now->pairs[--now->pairs_count];
}

static void step(world *all)
{
    uint32_t who = wf_prng_below(&all->prng, persons);
    switch (wf_prng_below(&all->prng, 12)) {
    case 0:
    case 1:
    case 2:
        say_presence(all, who);
        return;
    case 3:
        join(all, who, wf_prng_below(&all->prng, persons));
        return;
    case 4:
        part(all);
        return;
    case 5:
    case 6:
    case 7:
        withdraw(all, who);
        return;
    default:
        sample(all, who);
    }
}

// Samples of a round as a list, its persons in any order.
static void load_round(world *all, int round)
{
    wf_buffer list = {0};
    for (size_t i = 0; i < persons; i++)
        for (unsigned k = 0; k < all->now.samples[round][i]; k++)
            assert_true(wf_buffer_append(&list, &all->numbers[i], sizeof(uint32_t)));
    uint32_t *numbers = (uint32_t *)(void *)list.bytes;
    size_t count = list.size / sizeof *numbers;
    for (size_t i = count; i > 1; i--) {
        size_t other = wf_prng_below(&all->prng, (uint32_t)i);
        uint32_t swapped = numbers[i - 1];
        numbers[i - 1] = numbers[other];
        numbers[other] = swapped;
    }
    assert_true(wf_population_load(all->population, &list,
                                   1 + wf_prng_below(&all->prng, 3), &all->round[round]));
}

// ---- the law ----

static size_t number_of(const char *name, size_t otherwise)
{
    const char *given = getenv(name);
    return given != NULL ? strtoull(given, NULL, 10) : otherwise;
}

// Some are in the register from the start.
static void fill(world *all)
{
    wf_population_row rows[persons];
    size_t count = 0;
    for (uint32_t i = 0; i < persons; i++) {
        uint32_t building;
        draw_row(all, i);
        if (!all->now.registered[i] ||
            !wf_population_building(all->population, wf_text_of(codes[all->now.grid[i]]),
                                    &building))
            continue;
        rows[count++] = (wf_population_row){
            all->numbers[i], wf_population_say(building, all->now.presence[i])};
    }
    assert_true(wf_population_fill(all->population, rows, count,
                                   1 + wf_prng_below(&all->prng, 3)));
}

static void begin(world *all, uint64_t seed)
{
    *all = (world){.prng = wf_prng_new(seed)};
    all->population = wf_population_new(id_of, all);
    assert_non_null(all->population);
    for (uint32_t i = 0; i < persons; i++) {
        all->numbers[i] = i * 977 % 1000; // different for all, in no order
        snprintf(all->ids[i], sizeof all->ids[i], "P-%07u", i);
    }
    fill(all);
    for (int round = 0; round < rounds; round++)
        load_round(all, round);
}

static void live(uint64_t seed)
{
    world all;
    begin(&all, seed);
    size_t steps = number_of("WEFT_PROP_FACTS", steps_default);
    for (size_t done = 0; done < steps;) {
        size_t batch = 1 + wf_prng_below(&all.prng, 30);
        for (size_t i = 0; i < batch; i++)
            step(&all);
        done += batch;
        check(&all);
        if (wf_prng_below(&all.prng, 8) == 0) {
            int round = (int)wf_prng_below(&all.prng, rounds);
            wf_population_drop(all.population, all.round[round]);
            load_round(&all, round);
            check(&all);
        }
    }
    wf_population_free(all.population);
}

static void each_building_adds_up_whatever_happens(void **state)
{
    (void)state;
    const char *given = getenv("WEFT_PROP_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : 1;
    size_t cases = number_of("WEFT_PROP_CASES", cases_default);
    printf("# seed %llu\n", (unsigned long long)seed);
    for (size_t i = 0; i < cases; i++) {
        live(seed + i);
        printf("# case %llu holds\n", (unsigned long long)(seed + i));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_building_adds_up_whatever_happens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
