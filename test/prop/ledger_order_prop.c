// The order law (DESIGN §3): any permutation, repetition and batching of observations,
// with decisions in their order and after what they rest on, gives the same digest, also
// among deliveries of visits, which hold the same stays as what is stated, or others, and
// sent between the steps of a slice as well as before or after it; and what is made anew
// from the ledger is what stood before, also after the index was lost, and after facts
// were cut into slices anywhere.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <dirent.h>

#include "support/history.h"
#include "support/made_city.h"

enum { cases_default = 6, facts_default = 160, batch_max = 40 };

// ---- one way of coming ----

typedef struct {
    const wf_fact *const *arrivals;
    size_t count;
    uint64_t seed; // of batches, slices, restarts
    bool restarts;
    uint64_t deliveries; // seed of what is delivered, the same for all ways
    size_t *between;     // how many were sent between the steps of slices
} coming;

// ---- deliveries ----

enum { deliveries_max = 3, delivered_rows = 8 };

// Stays of the history's persons, places and times. 2021-12-01 is its first day.
static void deliver(made_city *city, uint64_t seed, size_t number)
{
    char text[2048] = "person,place,start,end\n";
    wf_prng prng = wf_prng_new(seed + number);
    for (size_t i = 0; i < delivered_rows; i++) {
        char row[128];
        snprintf(row, sizeof row,
                 "P-%07u,L-%07u,2021-12-%02uT08:%02u+08:00,2021-12-%02uT08:%02u+08:00\n",
                 1 + wf_prng_below(&prng, 9), 1 + wf_prng_below(&prng, 9),
                 1 + wf_prng_below(&prng, 3), wf_prng_below(&prng, 3),
                 3 + wf_prng_below(&prng, 3), 3 + wf_prng_below(&prng, 3));
        memcpy(text + strlen(text), row, strlen(row) + 1);
    }
    if (made_import(city, WEFT_IMPORT_VISITS, text) != WEFT_OK)
        fail_msg("%s", city->error.code);
}

static void send(made_city *city, const wf_fact *const *facts, size_t count)
{
    wf_fact batch[batch_max] = {0};
    wf_verdict verdicts[batch_max];
    weft_error error = {0};
    for (size_t i = 0; i < count; i++)
        history_copy(facts[i], &batch[i]);
    assert_int_equal(
        wf_store_send(city->records, batch, count, WF_TIME_NONE, verdicts, &error),
        WEFT_OK);
    for (size_t i = 0; i < count; i++)
        assert_true(verdicts[i].sent == WF_SENT_ACCEPTED ||
                    verdicts[i].sent == WF_SENT_HAD);
}

// What goes on while a slice is applied.
typedef struct {
    made_city *city;
    const coming *way;
    wf_prng prng;
    size_t next;  // of the arrivals
    size_t *sent; // how many were
} pausing;

static void send_between(void *context)
{
    pausing *b = context;
    const coming *way = b->way;
    size_t most = wf_prng_below(&b->prng, 8), count = 0;
    while (count < most && b->next + count < way->count &&
           wf_store_takes_in_pause(way->arrivals[b->next + count]))
        count++;
    if (count > 0)
        send(b->city, way->arrivals + b->next, count);
    b->next += count;
    *b->sent += count;
}

// Applies some; in the second way the next arrivals come meanwhile.
static size_t apply(made_city *city, const coming *way, size_t facts, size_t next)
{
    weft_error error = {0};
    pausing b = {city, way, wf_prng_new(way->seed + next), next, way->between};
    if (way->restarts)
        wf_store_on_pause(city->records, send_between, &b);
    assert_int_equal(wf_store_apply(city->records, facts, &error), WEFT_OK);
    wf_store_on_pause(city->records, NULL, NULL);
    return b.next;
}

static void come(made_city *city, const coming *way)
{
    wf_prng prng = wf_prng_new(way->seed);
    weft_error error = {0};
    size_t delivered = 0;
    for (size_t at = 0, next; at < way->count; at = next) {
        next = at + 1 + wf_prng_below(&prng, batch_max);
        next = next < way->count ? next : way->count;
        send(city, way->arrivals + at, next - at);
        if (delivered < deliveries_max && wf_prng_below(&prng, 3) == 0)
            deliver(city, way->deliveries, delivered++);
        switch (wf_prng_below(&prng, way->restarts ? 6 : 4)) {
        case 0:
            next = apply(city, way, 1 + wf_prng_below(&prng, 30), next);
            break;
        case 1:
            next = apply(city, way, 0, next);
            break;
        case 5:
            made_city_close(city);
            made_city_open(city, city->store.io);
            break;
        default:
            break;
        }
    }
    while (delivered < deliveries_max)
        deliver(city, way->deliveries, delivered++);
    assert_int_equal(wf_store_apply(city->records, 0, &error), WEFT_OK);
}

static wf_digest digest_of(const coming *way)
{
    made_city city;
    made_city_new(&city);
    come(&city, way);
    wf_digest digest = made_city_digest(&city);
    made_city_done(&city);
    return digest;
}

// ---- the law ----

typedef struct {
    uint64_t seed;
    size_t between; // facts that were sent between the steps of slices
} law;

static bool fails(void *context, const wf_fact *const *arrivals, size_t count)
{
    law *of = context;
    uint64_t seed = of->seed;
    size_t again_count = 0, unused = 0;
    const wf_fact **again = history_reorder(arrivals, count, seed, 100, &again_count);
    coming plain = {arrivals, count, seed, false, seed, &unused};
    coming other = {again, again_count, seed + 1, true, seed, &of->between};
    wf_digest a = digest_of(&plain), b = digest_of(&other);
    free(again);
    return !made_digests_equal(a, b);
}

static void print_shrunk(history *h, uint64_t seed, made_city *city)
{
    law of = {.seed = seed};
    wf_buffer lines = {0};
    size_t count = history_shrink(h->arrivals, h->count, fails, &of);
    history_print(h->arrivals, count, city->store.zone, &lines);
    printf("# the same %zu facts in another order, seed %llu, end otherwise:\n%.*s\n",
           count, (unsigned long long)seed, (int)lines.size, lines.bytes);
    wf_buffer_done(&lines);
}

static uint64_t first_seed(void)
{
    const char *given = getenv("WEFT_PROP_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : 1;
    printf("# seed %llu\n", (unsigned long long)seed);
    return seed;
}

static size_t number_of(const char *name, size_t otherwise)
{
    const char *given = getenv(name);
    return given != NULL ? strtoull(given, NULL, 10) : otherwise;
}

static void any_order_ends_in_the_same_digest(void **state)
{
    (void)state;
    uint64_t seed = first_seed();
    size_t cases = number_of("WEFT_PROP_CASES", cases_default);
    law of = {.seed = seed};
    for (size_t i = 0; i < cases; i++) {
        history h;
        uint64_t mine = of.seed = seed + i;
        history_options options = {
            .seed = mine, .facts_count = number_of("WEFT_PROP_FACTS", facts_default)};
        history_make(wf_desk_kinds(), &options, &h);
        if (fails(&of, h.arrivals, h.count)) {
            made_city city;
            made_city_new(&city);
            print_shrunk(&h, mine, &city);
            made_city_done(&city);
            fail();
        }
        history_done(&h);
    }
    assert_true(of.between > cases);
}

// ---- what is made anew ----

static void remove_runs(const made_city *city)
{
    wf_path folder = scratch_path(&city->store.folder, "ledger");
    DIR *open = opendir(folder.text);
    assert_non_null(open);
    for (const struct dirent *one = readdir(open); one != NULL; one = readdir(open)) {
        wf_path path = scratch_path(&folder, one->d_name);
        const char *dot = strrchr(one->d_name, '.');
        if (dot != NULL && strcmp(dot, ".index") == 0)
            assert_int_equal(remove(path.text), 0);
    }
    closedir(open);
}

static void what_is_made_anew_is_what_stood_before(void **state)
{
    (void)state;
    weft_error error = {0};
    history h;
    made_city city;
    history_options options = {.seed = first_seed(), .facts_count = 400};
    history_make(wf_desk_kinds(), &options, &h);
    made_city_new(&city);
    size_t between = 0;
    come(&city, &(coming){h.arrivals, h.count, options.seed, true, 1, &between});
    assert_true(between > 0);
    wf_digest before = made_city_digest(&city);
    wf_register_close(city.reg);
    city.reg = NULL;
    assert_int_equal(wf_store_rebuild(city.records, NULL, NULL, &error), WEFT_OK);
    assert_true(made_digests_equal(before, made_city_digest(&city)));
    made_city_close(&city);
    remove_runs(&city);
    made_city_open(&city, city.store.io);
    assert_true(made_digests_equal(before, made_city_digest(&city)));
    made_city_close(&city);
    remove_runs(&city);
    wf_path records = scratch_path(&city.store.folder, "records.db");
    assert_int_equal(remove(records.text), 0);
    made_city_open(&city, city.store.io);
    assert_true(made_digests_equal(before, made_city_digest(&city)));
    made_city_done(&city);
    history_done(&h);
}

static bool is_stay(const wf_kind *kind)
{
    return kind->body_elsewhere;
}

static void send_some(made_city *city, const wf_fact *const *facts, size_t count)
{
    weft_error error = {0};
    for (size_t at = 0; at < count; at += batch_max)
        send(city, facts + at, count - at < batch_max ? count - at : batch_max);
    assert_int_equal(wf_store_apply(city->records, 0, &error), WEFT_OK);
}

static void withdraw_all(made_city *city, const history *h)
{
    for (size_t i = 0; i < h->count; i++) {
        wf_fact fact = {.id = {WF_TEXT("S-withdraws"), (int64_t)i + 1},
                        .kind = wf_kinds_find(wf_desk_kinds(), WF_TEXT("fact.withdrawn")),
                        .at = h->last_at,
                        .amends = h->arrivals[i]->id};
        fact.values[wf_kind_field(fact.kind, WF_TEXT("device"))] =
            (wf_value){.given = true, .text = fact.amends.device};
        fact.values[wf_kind_field(fact.kind, WF_TEXT("seq"))] =
            (wf_value){.given = true, .number = fact.amends.seq};
        const wf_fact *one = &fact;
        send_some(city, &one, 1);
    }
}

// What is stated is in the digest of visits, and goes with its withdrawal.
static void what_is_stated_is_in_the_digest_of_visits(void **state)
{
    (void)state;
    history h;
    made_city city;
    history_options options = {.seed = first_seed(), .facts_count = 60, .takes = is_stay};
    history_make(wf_desk_kinds(), &options, &h);
    made_city_new(&city);
    send_some(&city, h.arrivals, h.count);
    assert_false(made_digests_equal(made_digest(city.store.visits), (wf_digest){{0}}));
    withdraw_all(&city, &h);
    assert_true(made_digests_equal(made_digest(city.store.visits), (wf_digest){{0}}));
    made_city_done(&city);
    history_done(&h);
}

// A digest of nothing would agree with itself.
static void a_fact_more_is_another_digest(void **state)
{
    (void)state;
    history h;
    history_options options = {.seed = first_seed(),
                               .facts_count = 60,
                               .amendments = HISTORY_NONE,
                               .repeats = HISTORY_NONE};
    history_make(wf_desk_kinds(), &options, &h);
    size_t unused = 0;
    coming all = {h.arrivals, h.count, 1, false, 1, &unused},
           fewer = {h.arrivals, h.count / 2, 1, false, 1, &unused};
    assert_false(made_digests_equal(digest_of(&all), digest_of(&fewer)));
    history_done(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order_ends_in_the_same_digest),
        cmocka_unit_test(what_is_made_anew_is_what_stood_before),
        cmocka_unit_test(what_is_stated_is_in_the_digest_of_visits),
        cmocka_unit_test(a_fact_more_is_another_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
