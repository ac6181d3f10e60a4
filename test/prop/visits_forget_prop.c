// Laws of the visit store, on random rows of a few days:
//
// Order: any batching, order, repetition and way in (delivery, live append, spilled or
// not) ends in the same digest; accepted + had is the number of rows delivered.
//
// Forget: after a purge the store equals one that never held the forgotten days: the
// same digest of the days left, no id that only they used, and their rows are refused.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "base/prng.h"
#include "support/made_store.h"

enum { cases_default = 12, rows_max = 200, names = 12, first_day = 18971, days = 5 };
enum { plenty = 1 << 30 };

static const char *const people[names] = {"P-01", "P-02", "P-03", "P-04", "P-05", "P-06",
                                          "P-07", "P-08", "P-09", "P-10", "P-11", "P-12"};
static const char *const places[names] = {"L-01", "L-02", "L-03", "L-04", "L-05", "L-06",
                                          "L-07", "L-08", "L-09", "L-10", "L-11", "L-12"};
static const char *const seats[3] = {NULL, "T1", "03车12F"};

typedef struct {
    made_row rows[rows_max];
    size_t count;
} made_rows;

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

// Few names and times, so that rows repeat, overlap and share places; a day has people
// of its own, so that a purge finds ids to forget.
static made_row random_row(wf_prng *dice)
{
    uint32_t day = wf_prng_below(dice, days), own = day * 2;
    uint32_t first = (own + wf_prng_below(dice, 4)) % names;
    uint32_t second = (first + 1 + wf_prng_below(dice, names - 1)) % names;
    made_row row = {.person = people[first],
                    .place = places[second],
                    .day = {first_day + (int32_t)day},
                    .start = 60 * wf_prng_below(dice, 20),
                    .seat = seats[wf_prng_below(dice, 3)],
                    .marks = wf_prng_below(dice, 2),
                    .encounter = wf_prng_below(dice, 4) == 0};
    row.end = row.start + 30 + 30 * wf_prng_below(dice, 3);
    if (row.encounter) {
        row.place = people[second];
        row.marks = 0;
    }
    return row;
}

static made_rows random_rows(wf_prng *dice)
{
    made_rows all = {.count = 1 + wf_prng_below(dice, rows_max)};
    for (size_t i = 0; i < all.count; i++)
        all.rows[i] = random_row(dice);
    return all;
}

static void number_rows(made_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rows[i].ordinal = (uint32_t)i;
}

static void deliver(made_store *store, made_row *rows, size_t count, size_t memory)
{
    wf_visits_batch_count result = {0};
    weft_error error = {0};
    number_rows(rows, count);
    ok(made_deliver(store->visits, rows, count, memory, &result, &error), &error);
    assert_int_equal(result.visits_accepted + result.visits_had +
                         result.encounters_accepted + result.encounters_had,
                     count);
}

static void append(made_store *store, const made_row *row)
{
    weft_error error = {0};
    ok(made_append(store->visits, row, &error), &error);
}

// The rows in any order, some of them twice, in any parts.
static void deliver_anyhow(made_store *store, const made_rows *all, wf_prng *dice)
{
    made_row rows[2 * rows_max];
    size_t count = all->count, at = 0;
    memcpy(rows, all->rows, count * sizeof *rows);
    for (size_t i = 0; i < all->count; i++)
        if (wf_prng_below(dice, 4) == 0)
            rows[count++] = all->rows[i];
    for (size_t i = count; i > 1; i--) {
        size_t other = wf_prng_below(dice, (uint32_t)i);
        made_row row = rows[i - 1];
        rows[i - 1] = rows[other];
        rows[other] = row;
    }
    while (at < count) {
        size_t part = 1 + wf_prng_below(dice, (uint32_t)(count - at));
        if (wf_prng_below(dice, 3) == 0) {
            append(store, &rows[at]);
            part = 1;
        } else {
            deliver(store, rows + at, part, wf_prng_below(dice, 2) == 0 ? 0 : plenty);
        }
        at += part;
        if (wf_prng_below(dice, 6) == 0)
            made_store_reopen(store);
    }
}

static void expect_same(made_store *a, made_store *b)
{
    wf_digest first = made_digest(a->visits), second = made_digest(b->visits);
    assert_memory_equal(first.bytes, second.bytes, sizeof first.bytes);
}

static bool is_known(made_store *store, wf_id_class id_class, const char *id)
{
    return wf_ids_find(wf_visits_ids(store->visits), id_class, wf_text_of(id)) !=
           WF_NUMBER_NONE;
}

static void expect_same_ids(made_store *a, made_store *b)
{
    for (size_t i = 0; i < names; i++) {
        assert_int_equal(is_known(a, WF_ID_PERSON, people[i]),
                         is_known(b, WF_ID_PERSON, people[i]));
        assert_int_equal(is_known(a, WF_ID_PLACE, places[i]),
                         is_known(b, WF_ID_PLACE, places[i]));
    }
}

static void expect_forgotten(made_store *store, int32_t before)
{
    weft_error error = {0};
    for (int32_t day = first_day; day < before; day++) {
        wf_visits_batch_count count;
        const made_row row = {"P-01", "L-01", {day}, 1, 2, NULL, 0, false, 0};
        assert_int_equal(made_state(store->visits, (weft_day){day}), WF_DAY_FORGOTTEN);
        assert_int_equal(made_deliver(store->visits, &row, 1, plenty, &count, &error),
                         WEFT_FORGOTTEN);
    }
    wf_visits_findings nowhere = {0};
    ok(wf_visits_verify(store->visits, &nowhere, &error), &error);
}

static void check_laws(uint64_t seed)
{
    wf_prng dice = wf_prng_new(seed);
    made_rows all = random_rows(&dice);
    made_store anyhow, whole, never;
    weft_error error = {0};
    made_store_new(&anyhow);
    made_store_new(&whole);
    made_store_new(&never);
    deliver_anyhow(&anyhow, &all, &dice);
    deliver(&whole, all.rows, all.count, plenty);
    expect_same(&anyhow, &whole);

    int32_t before = first_day + (int32_t)wf_prng_below(&dice, days + 1);
    made_rows left = {0};
    for (size_t i = 0; i < all.count; i++)
        if (all.rows[i].day.number >= before)
            left.rows[left.count++] = all.rows[i];
    deliver(&never, left.rows, left.count, plenty);
    wf_visits_purge_count count;
    ok(wf_visits_purge(anyhow.visits, (weft_day){before}, NULL, NULL, &count, &error),
       &error);
    for (int round = 0; round < 2; round++) {
        expect_same(&anyhow, &never);
        expect_same_ids(&anyhow, &never);
        expect_forgotten(&anyhow, before);
        made_store_reopen(&anyhow);
    }
    made_store_done(&anyhow);
    made_store_done(&whole);
    made_store_done(&never);
}

static int64_t from_environment(const char *name, int64_t otherwise)
{
    const char *text = getenv(name);
    int64_t value = otherwise;
    if (text != NULL)
        assert_true(wf_parse_i64(wf_text_of(text), 0, INT64_MAX, &value));
    return value;
}

static void the_laws_hold_for_random_rows(void **state)
{
    (void)state;
    int64_t cases = from_environment("WEFT_PROP_CASES", cases_default);
    int64_t seed = from_environment("WEFT_PROP_SEED", 20211210);
    for (int64_t i = 0; i < cases; i++) {
        print_message("# seed %lld\n", (long long)(seed + i));
        check_laws((uint64_t)(seed + i));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_laws_hold_for_random_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
