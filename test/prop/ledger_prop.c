// Law of the ledger: whatever is committed, given up, forgotten and opened again, in
// records and files of any size, it holds what a plain list holds, in its order.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "base/prng.h"
#include "support/made_ledger.h"

enum { cases_small = 40, steps = 60, facts_max = 20000 };

// The plain list: which fact stands at a position, and the commit it came with.
typedef struct {
    made_ledger made;
    wf_prng prng;
    unsigned fact[facts_max + 1], commit[facts_max + 1];
    unsigned positions, commits, next_fact;
    int32_t forgotten_before[WF_KEEP_END];
    unsigned scanned; // of a scan under way
} world;

static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    int64_t number;
    if (text == NULL || !wf_parse_i64(wf_text_of(text), 0, INT64_MAX, &number))
        return otherwise;
    return (uint64_t)number;
}

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

static bool is_forgotten(const world *w, wf_keep keep, weft_time at)
{
    return wf_zone_day_of(w->made.zone, at).number < w->forgotten_before[keep];
}

static void entry_is(const world *w, const wf_entry *entry, unsigned position)
{
    assert_int_equal(entry->position, position);
    assert_true(made_is_fact(entry, w->fact[position]));
    assert_int_equal(entry->received.us, made_received(w->commit[position]).us);
    assert_int_equal(entry->forgotten, is_forgotten(w, entry->keep, entry->fact.at));
}

// ---- steps ----

static void add_some(world *w, bool keep_them)
{
    weft_error error = {0};
    static const unsigned sizes[] = {1, 3, 40, 400};
    unsigned count = 1 + wf_prng_below(&w->prng, sizes[wf_prng_below(&w->prng, 4)]);
    unsigned positions = w->positions;
    for (unsigned i = 0; i < count && positions < facts_max; i++) {
        made_fact_texts texts;
        unsigned n = w->next_fact++;
        wf_fact fact = made_fact(n, &texts);
        bool forgotten = is_forgotten(w, fact.kind->keep, fact.at);
        uint64_t position;
        assert_int_equal(
            wf_ledger_takes(w->made.ledger, fact.kind->keep, fact.at, &error),
            forgotten ? WEFT_FORGOTTEN : WEFT_OK);
        assert_int_equal(wf_ledger_add(w->made.ledger, &fact, &position, &error),
                         forgotten ? WEFT_FORGOTTEN : WEFT_OK);
        if (forgotten)
            continue;
        assert_int_equal(position, ++positions);
        w->fact[positions] = n;
        w->commit[positions] = w->commits + 1;
    }
    if (!keep_them) {
        wf_ledger_abandon(w->made.ledger);
        return;
    }
    ok(wf_ledger_commit(w->made.ledger, made_received(w->commits + 1), &error), &error);
    w->commits += positions > w->positions;
    w->positions = positions;
}

static void open_again(world *w)
{
    weft_error error = {0};
    if (w->made.ledger != NULL && wf_prng_below(&w->prng, 2) == 0) {
        wf_ledger_mark(w->made.ledger);
        ok(wf_keys_commit(w->made.keys, &error), &error);
    }
    made_ledger_close(&w->made);
    ok(made_ledger_open(&w->made, &w->made.quick, &error), &error);
}

static void forget_some(world *w)
{
    weft_error error = {0};
    wf_keep keep = (wf_keep)(1 + wf_prng_below(&w->prng, WF_KEEP_END - 1));
    weft_day today = wf_zone_day_of(w->made.zone, (weft_time){MADE_LEDGER_BEGIN});
    weft_day before = {today.number - 29 + (int32_t)wf_prng_below(&w->prng, 20)};
    size_t destroyed;
    ok(wf_keys_forget_before(w->made.keys, wf_key_class_of(keep), before, &destroyed,
                             &error),
       &error);
    if (before.number > w->forgotten_before[keep])
        w->forgotten_before[keep] = before.number;
}

static void read_some(world *w)
{
    for (int i = 0; i < 20 && w->positions > 0; i++) {
        weft_error error = {0};
        wf_arena arena = {0};
        wf_entry entry;
        unsigned position = 1 + wf_prng_below(&w->prng, w->positions);
        ok(wf_ledger_read(w->made.ledger, position, &arena, &entry, &error), &error);
        entry_is(w, &entry, position);
        wf_arena_done(&arena);
    }
}

static weft_status each_is(void *context, const wf_entry *entry, weft_error *error)
{
    world *w = context;
    (void)error;
    entry_is(w, entry, ++w->scanned);
    return WEFT_OK;
}

static void scan_some(world *w)
{
    weft_error error = {0};
    w->scanned = wf_prng_below(&w->prng, w->positions + 1);
    ok(wf_ledger_scan(w->made.ledger, w->scanned + 1, each_is, w, &error), &error);
    assert_int_equal(w->scanned, w->positions);
}

static void step(world *w)
{
    weft_error error = {0};
    switch (wf_prng_below(&w->prng, 10)) {
    case 0:
        open_again(w);
        break;
    case 1:
        add_some(w, false);
        break;
    case 2:
        read_some(w);
        break;
    case 3:
        scan_some(w);
        break;
    case 4:
        if (wf_prng_below(&w->prng, 4) == 0)
            forget_some(w);
        break;
    case 5:
        ok(wf_ledger_verify(w->made.ledger, NULL, NULL, &error), &error);
        break;
    default:
        add_some(w, true);
    }
    assert_int_equal(wf_ledger_now(w->made.ledger).positions, w->positions);
    assert_int_equal(wf_ledger_now(w->made.ledger).commits, w->commits);
}

static void run_case(uint64_t seed)
{
    world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    w->prng = wf_prng_new(seed);
    w->next_fact = 1;
    for (int keep = 0; keep < WF_KEEP_END; keep++)
        w->forgotten_before[keep] = INT32_MIN;
    made_ledger_new(&w->made);
    w->made.file_bytes = 1000 + wf_prng_below(&w->prng, 60000);
    w->made.record_bytes = 300 + wf_prng_below(&w->prng, 20000);
    open_again(w);
    for (int i = 0; i < steps; i++)
        step(w);
    open_again(w);
    w->scanned = 0;
    weft_error error = {0};
    ok(wf_ledger_scan(w->made.ledger, 1, each_is, w, &error), &error);
    assert_int_equal(w->scanned, w->positions);
    made_ledger_done(&w->made);
    free(w);
}

static void the_ledger_holds_what_a_plain_list_holds(void **state)
{
    (void)state;
    uint64_t seed = number_from("WEFT_PROP_SEED", 1);
    uint64_t cases = number_from("WEFT_PROP_CASES", cases_small);
    for (uint64_t i = 0; i < cases; i++) {
        print_message("# seed %llu\n", (unsigned long long)(seed + i));
        run_case(seed + i);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ledger_holds_what_a_plain_list_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
