// Law: which facts are live depends on the set of amendments only, never on their order;
// and it is what the definition says, read word by word: a fact is live when no live
// withdrawal names it and no live replacement stands instead of it; of several
// replacements only the greatest is live; amendments in a circle have no effect.

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
#include "store/records/amendments.h"

enum { facts_max = 12, cases_default = 400 };

typedef struct {
    int target; // −1: amends nothing
    bool withdraws;
    int64_t at;
} amended_fact;

// ---- the definition ----

typedef struct {
    amended_fact facts[facts_max];
    int count;
} history;

static bool in_circle(const history *all, int fact)
{
    int at = fact;
    for (int i = 0; i < all->count && at >= 0; i++) {
        at = all->facts[at].target;
        if (at == fact)
            return true;
    }
    return false;
}

// Nothing effective names it.
static bool stands(const history *all, int fact)
{
    for (int i = 0; i < all->count; i++)
        if (all->facts[i].target == fact && !in_circle(all, i) && stands(all, i))
            return false;
    return true;
}

static bool oracle_live(const history *all, int fact)
{
    const amended_fact *mine = &all->facts[fact];
    if (!stands(all, fact))
        return false;
    if (mine->target < 0 || mine->withdraws || in_circle(all, fact))
        return true;
    for (int i = 0; i < all->count; i++) {
        const amended_fact *other = &all->facts[i];
        bool rival = i != fact && other->target == mine->target && !other->withdraws &&
                     !in_circle(all, i) && stands(all, i);
        if (rival && (other->at > mine->at || (other->at == mine->at && i > fact)))
            return false;
    }
    return true;
}

// ---- the comparison ----

static wf_identity id_of(int fact, char room[16])
{
    snprintf(room, 16, "D%02d", fact);
    return (wf_identity){wf_text_of(room), 1 + fact % 3};
}

static void add(wf_amendments *all, const history *of, int fact)
{
    char mine[16], other[16];
    weft_error error = {0};
    const amended_fact *amendment = &of->facts[fact];
    if (amendment->target < 0)
        return;
    assert_int_equal(wf_amendments_add(all, id_of(fact, mine), (weft_time){amendment->at},
                                       id_of(amendment->target, other),
                                       amendment->withdraws, &error),
                     WEFT_OK);
}

static bool says_live(wf_amendments *all, int fact, wf_arena *arena)
{
    char room[16];
    weft_error error = {0};
    wf_identity id = id_of(fact, room);
    wf_amended *around = NULL;
    size_t count = 0, found = 0;
    bool live = true;
    if (!wf_amendments_touch(all, id))
        return true;
    assert_int_equal(wf_amendments_around(all, id, arena, &around, &count, &error),
                     WEFT_OK);
    for (size_t i = 0; i < count; i++) {
        if (around[i].id.seq != id.seq || !wf_text_equal(around[i].id.device, id.device))
            continue;
        live = around[i].live;
        found++;
    }
    assert_int_equal(found, 1);
    return live;
}

static void compare(const history *of, const int *order)
{
    wf_amendments *all = NULL;
    weft_error error = {0};
    wf_arena arena;
    assert_int_equal(wf_amendments_new(&all, &error), WEFT_OK);
    wf_arena_init(&arena, 0);
    for (int i = 0; i < of->count; i++)
        add(all, of, order[i]);
    for (int i = 0; i < of->count; i++)
        assert_int_equal(says_live(all, i, &arena), oracle_live(of, i));
    // A slice that failed leaves no trace: cut and said again, the same answers.
    size_t count = wf_amendments_count(all);
    wf_amendments_cut(all, count / 2);
    for (int i = 0; i < of->count; i++)
        add(all, of, order[i]);
    assert_int_equal(wf_amendments_count(all), count);
    for (int i = 0; i < of->count; i++)
        assert_int_equal(says_live(all, i, &arena), oracle_live(of, i));
    wf_arena_done(&arena);
    wf_amendments_free(all);
}

static void random_history(wf_prng *prng, history *of, int order[facts_max])
{
    of->count = 2 + (int)wf_prng_below(prng, facts_max - 1);
    for (int i = 0; i < of->count; i++) {
        int target = (int)wf_prng_below(prng, (uint32_t)of->count);
        of->facts[i] = (amended_fact){
            .target = target == i || wf_prng_below(prng, 4) == 0 ? -1 : target,
            .withdraws = wf_prng_below(prng, 2) == 0,
            .at = wf_prng_below(prng, 4)};
        order[i] = i;
    }
    for (int i = of->count - 1; i > 0; i--) {
        int other = (int)wf_prng_below(prng, (uint32_t)i + 1), keep = order[i];
        order[i] = order[other];
        order[other] = keep;
    }
}

static void which_facts_are_live_is_what_the_definition_says(void **state)
{
    (void)state;
    const char *more = getenv("WEFT_PROP_CASES"), *given = getenv("WEFT_PROP_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : 1;
    int cases = more != NULL ? (int)strtol(more, NULL, 10) : cases_default;
    printf("# seed %llu\n", (unsigned long long)seed);
    for (int i = 0; i < cases; i++) {
        wf_prng prng = wf_prng_stream(seed, (uint64_t)i);
        history of;
        int order[facts_max];
        random_history(&prng, &of, order);
        compare(&of, order);
    }
}

// Corrections of corrections, a hundred thousand deep: each undoes the one before.
static void a_chain_of_any_length_is_judged(void **state)
{
    (void)state;
    enum { length = 100000 };
    wf_amendments *all = NULL;
    weft_error error = {0};
    wf_arena arena;
    wf_amended *around = NULL;
    size_t count = 0;
    wf_text device = WF_TEXT("S-1");
    assert_int_equal(wf_amendments_new(&all, &error), WEFT_OK);
    for (int i = 1; i < length; i++)
        assert_int_equal(wf_amendments_add(all, (wf_identity){device, i + 1},
                                           (weft_time){i}, (wf_identity){device, i}, true,
                                           &error),
                         WEFT_OK);
    wf_arena_init(&arena, 0);
    assert_int_equal(wf_amendments_around(all, (wf_identity){device, 7}, &arena, &around,
                                          &count, &error),
                     WEFT_OK);
    assert_int_equal(count, length);
    // The last withdrawal is live, the one before it is not, and so on.
    for (size_t i = 0; i < count; i++)
        assert_int_equal(around[i].live, (length - around[i].id.seq) % 2 == 0);
    wf_arena_done(&arena);
    wf_amendments_free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(which_facts_are_live_is_what_the_definition_says),
        cmocka_unit_test(a_chain_of_any_length_is_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
