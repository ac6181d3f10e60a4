// Random histories are what the laws of the ledger need: valid, of all kinds, with all
// that makes order matter where it must not; and what fails is made small.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "desk/kinds.h"
#include "support/history.h"
#include "support/small_kinds.h"

enum { cases_small = 8 };

// WEFT_PROP_CASES and WEFT_PROP_SEED: more cases, or from another seed on.
static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    int64_t number;
    if (text == NULL || !wf_parse_i64(wf_text_of(text), 0, INT64_MAX, &number))
        return otherwise;
    return (uint64_t)number;
}

// When the fact of a name comes first, of count; count: never.
static size_t comes_at(const wf_fact *const *arrivals, size_t count, wf_identity id)
{
    size_t at = 0;
    while (at < count && !wf_identity_equal(arrivals[at]->id, id))
        at++;
    return at;
}

// Decisions come in the order of `legal`, each after the facts that it names.
static void check_order(const wf_fact *const *arrivals, size_t count,
                        const wf_fact *const *legal, size_t legal_count)
{
    size_t before = 0;
    for (size_t i = 0; i < count; i++) {
        const wf_fact *fact = arrivals[i];
        if (fact->kind->kind_class != WF_DECISION ||
            comes_at(arrivals, count, fact->id) != i)
            continue;
        size_t here = comes_at(legal, legal_count, fact->id);
        assert_true(here >= before && here < legal_count);
        before = here;
        for (size_t f = 0; f < fact->kind->fields_count; f++) {
            const wf_value *value = &fact->values[f];
            if (fact->kind->fields[f].type != WF_COLUMN_FACT || !value->given)
                continue;
            for (size_t item = 0; item < value->items_count; item++) {
                size_t named = comes_at(arrivals, count, value->items[item].fact);
                assert_true(named < i || named == count);
            }
        }
    }
}

typedef struct {
    size_t withdrawn_before, withdrawn_after, replaced_before, replaced_after;
    size_t had, conflicts, decisions, ties;
} tally;

static void count_one(const history *h, size_t i, tally *t)
{
    const wf_fact *fact = h->arrivals[i];
    size_t target = comes_at(h->arrivals, h->count, fact->amends);
    if (fact->amends.device.size > 0 && target < h->count) {
        if (fact->kind->withdraws)
            target < i ? t->withdrawn_after++ : t->withdrawn_before++;
        else
            target < i ? t->replaced_after++ : t->replaced_before++;
    }
    t->decisions += fact->kind->kind_class == WF_DECISION;
    t->ties += i > 0 && h->arrivals[i - 1]->at.us == fact->at.us;
}

static void check_history(const wf_kinds *kinds, const history *h, tally *t)
{
    history_outcome *outcomes = calloc(h->count, sizeof *outcomes);
    wf_fact whole;
    weft_error error = {0};
    assert_non_null(outcomes);
    for (size_t k = 0; k < kinds->kinds_count; k++) {
        size_t found = 0;
        while (found < h->count && h->arrivals[found]->kind != kinds->kinds[k])
            found++;
        assert_true(found < h->count);
    }
    history_expect(h->arrivals, h->count, outcomes);
    for (size_t i = 0; i < h->count; i++) {
        history_copy(h->arrivals[i], &whole);
        assert_int_equal(wf_fact_check(&whole, &error), WEFT_OK);
        assert_true(h->arrivals[i]->at.us >= h->first_at.us &&
                    h->arrivals[i]->at.us <= h->last_at.us);
        count_one(h, i, t);
        t->had += outcomes[i] == HISTORY_HAD;
        t->conflicts += outcomes[i] == HISTORY_CONFLICT;
    }
    check_order(h->arrivals, h->count, h->arrivals, h->count);
    free(outcomes);
}

static void check_reordered(const history *h, uint64_t seed)
{
    size_t count = 0, moved = 0;
    const wf_fact **again =
        history_reorder((const wf_fact *const *)h->arrivals, h->count, seed, 50, &count);
    assert_true(count >= h->count);
    check_order(again, count, (const wf_fact *const *)h->arrivals, h->count);
    for (size_t i = 0; i < h->count; i++) {
        assert_true(comes_at(again, count, h->arrivals[i]->id) < count);
        moved += again[i] != h->arrivals[i];
    }
    assert_true(moved > h->count / 2);
    free(again);
}

static void histories_are_valid_and_have_what_makes_laws_break(void **state)
{
    (void)state;
    const wf_kinds *all[] = {wf_desk_kinds(), &small_kinds};
    uint64_t seed = number_from("WEFT_PROP_SEED", 1);
    uint64_t cases = number_from("WEFT_PROP_CASES", cases_small);
    tally t = {0}; // of all: a single history may lack one or another
    for (uint64_t i = 0; i < cases; i++) {
        print_message("# seed %" PRIu64 "\n", seed + i);
        history_options options = {.seed = seed + i,
                                   .facts_count = 600,
                                   .conflicts = i % 2 == 0 ? 30 : HISTORY_NONE};
        size_t conflicts = t.conflicts, decisions = t.decisions;
        const wf_kinds *kinds = all[i % 4 == 3];
        history h;
        history_make(kinds, &options, &h);
        check_history(kinds, &h, &t);
        check_reordered(&h, seed + i);
        assert_true((t.conflicts > conflicts) == (i % 2 == 0));
        assert_true((t.decisions > decisions) == (kinds == all[0]));
        history_done(&h);
    }
    if (cases < cases_small)
        return;
    assert_true(t.withdrawn_before > 0 && t.withdrawn_after > 0 && t.had > 0);
    assert_true(t.replaced_before > 0 && t.replaced_after > 0 && t.ties > 0);
}

static void one_seed_gives_one_history(void **state)
{
    (void)state;
    history a, b;
    history_options options = {.seed = 5, .facts_count = 300};
    history_make(wf_desk_kinds(), &options, &a);
    history_make(wf_desk_kinds(), &options, &b);
    assert_int_equal(a.count, b.count);
    for (size_t i = 0; i < a.count; i++)
        assert_true(history_same(a.arrivals[i], b.arrivals[i]));
    history_done(&a);
    history_done(&b);
}

static void a_printed_history_reads_as_the_same(void **state)
{
    (void)state;
    wf_zone *zone = NULL;
    weft_error error = {0};
    assert_int_equal(wf_zone_open("Asia/Shanghai", &zone, &error), WEFT_OK);
    uint64_t seed = number_from("WEFT_PROP_SEED", 1);
    for (uint64_t i = 0; i < number_from("WEFT_PROP_CASES", cases_small); i++) {
        history h, again;
        wf_buffer lines = {0};
        history_make(wf_desk_kinds(),
                     &(history_options){.seed = seed + i, .conflicts = 20}, &h);
        history_print((const wf_fact *const *)h.arrivals, h.count, zone, &lines);
        assert_true(history_read(wf_desk_kinds(), zone, wf_buffer_text(&lines), &again));
        assert_int_equal(h.count, again.count);
        for (size_t at = 0; at < h.count; at++)
            assert_true(history_same(h.arrivals[at], again.arrivals[at]));
        assert_true(h.first_at.us == again.first_at.us &&
                    h.last_at.us == again.last_at.us);
        history_done(&again);
        lines.size -= 3; // in the middle of a line
        assert_false(history_read(wf_desk_kinds(), zone, wf_buffer_text(&lines), &again));
        wf_buffer_done(&lines);
        history_done(&h);
    }
    wf_zone_close(zone);
}

// As if it failed when a fact and its withdrawal are both there.
static bool fails_with_a_withdrawal(void *context, const wf_fact *const *arrivals,
                                    size_t count)
{
    size_t *calls = context;
    ++*calls;
    for (size_t i = 0; i < count; i++)
        if (arrivals[i]->kind->withdraws &&
            comes_at(arrivals, count, arrivals[i]->amends) < count)
            return true;
    return false;
}

static void what_fails_is_made_small(void **state)
{
    (void)state;
    history h;
    size_t calls = 0;
    history_make(wf_desk_kinds(), &(history_options){.seed = 3, .facts_count = 500}, &h);
    assert_true(fails_with_a_withdrawal(&calls, h.arrivals, h.count));
    size_t left = history_shrink(h.arrivals, h.count, fails_with_a_withdrawal, &calls);
    assert_int_equal(left, 2);
    assert_true(fails_with_a_withdrawal(&calls, h.arrivals, left));
    assert_true(calls < 200);
    h.count = left;
    history_done(&h);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(histories_are_valid_and_have_what_makes_laws_break),
        cmocka_unit_test(one_seed_gives_one_history),
        cmocka_unit_test(a_printed_history_reads_as_the_same),
        cmocka_unit_test(what_fails_is_made_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
