// The agreement law: equal histories give equal rows, table by table, whether the rows
// are kept in the folder or by PostgreSQL; and so after they were made anew, after a
// restart, after the rows were lost, after a purge.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/history.h"
#include "support/made_city.h"
#include "support/postgres.h"

enum { cases_default = 2, facts_default = 150, batch_max = 40 };

static test_postgres server;

// Two cities that live the same; each keeps its rows elsewhere.
typedef struct {
    made_city folder, remote;
    test_address where;
} pair;

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s %s %s\n", error->code != NULL ? error->code : "?",
                    error->params[0].value, error->params[1].value);
    assert_int_equal(status, WEFT_OK);
}

static void pair_new(pair *both)
{
    both->where = test_postgres_schema(&server);
    made_city_new(&both->folder);
    made_city_new_at(&both->remote, both->where.text);
}

// The server's schema is named after the city: the next pair begins without rows.
static void pair_done(pair *both)
{
    weft_error error = {0};
    wf_database *db = NULL;
    made_city_done(&both->folder);
    made_city_done(&both->remote);
    wf_database_options options = {.io = &wf_io_posix, .where = both->where.text};
    ok(wf_database_open(&options, &db, &error), &error);
    ok(wf_database_run(db, "DROP SCHEMA weft_made CASCADE", &error), &error);
    wf_database_close(db);
}

// ---- what is compared ----

static wf_digest table_digest(made_city *city, wf_database *db, const wf_table *table)
{
    weft_error error = {0};
    wf_digest digest = {{0}};
    ok(wf_records_digest(wf_store_records(city->records), db, table, digest.bytes,
                         &error),
       &error);
    return digest;
}

static size_t agree(pair *both, const char *when)
{
    const wf_kinds *kinds = wf_desk_kinds();
    weft_error error = {0};
    wf_database *folder = NULL, *remote = NULL;
    size_t tables_with_rows = 0;
    ok(wf_store_reader(both->folder.records, &folder, &error), &error);
    ok(wf_store_reader(both->remote.records, &remote, &error), &error);
    assert_int_equal(wf_database_dialect(folder), WF_DIALECT_SQLITE);
    assert_int_equal(wf_database_dialect(remote), WF_DIALECT_POSTGRES);
    for (size_t i = 0; i < kinds->tables_count; i++) {
        wf_digest a = table_digest(&both->folder, folder, kinds->tables[i]);
        wf_digest b = table_digest(&both->remote, remote, kinds->tables[i]);
        if (!made_digests_equal(a, b))
            fail_msg("%s: the rows of %s differ", when, kinds->tables[i]->name);
        tables_with_rows += !made_digests_equal(a, (wf_digest){{0}});
    }
    wf_database_close(folder);
    wf_database_close(remote);
    return tables_with_rows;
}

// ---- what happens to both ----

static void each(pair *both, void (*act)(made_city *city, void *context), void *context)
{
    act(&both->folder, context);
    act(&both->remote, context);
}

typedef struct {
    const wf_fact *const *facts;
    size_t count;
} part;

static void send(made_city *city, void *context)
{
    const part *of = context;
    wf_fact batch[batch_max] = {0};
    wf_verdict verdicts[batch_max];
    weft_error error = {0};
    for (size_t i = 0; i < of->count; i++)
        history_copy(of->facts[i], &batch[i]);
    ok(wf_store_send(city->records, batch, of->count, WF_TIME_NONE, verdicts, &error),
       &error);
}

static void apply(made_city *city, void *context)
{
    weft_error error = {0};
    ok(wf_store_apply(city->records, *(const size_t *)context, &error), &error);
}

static void restart(made_city *city, void *context)
{
    (void)context;
    made_city_close(city);
    made_city_open(city, city->store.io);
}

// Readers must be closed while the rows are replaced.
static void reopen_register(made_city *city)
{
    weft_error error = {0};
    ok(wf_register_open(city->records, city->store.keys, wf_desk_kinds(), &city->reg,
                        &error),
       &error);
}

static void rebuild(made_city *city, void *context)
{
    weft_error error = {0};
    (void)context;
    wf_register_close(city->reg);
    city->reg = NULL;
    ok(wf_store_rebuild(city->records, NULL, NULL, &error), &error);
    reopen_register(city);
}

static void purge(made_city *city, void *context)
{
    weft_error error = {0};
    uint64_t destroyed = 0;
    wf_register_close(city->reg);
    city->reg = NULL;
    ok(wf_store_purge(city->records, context, &destroyed, &error), &error);
    assert_true(destroyed > 0);
    reopen_register(city);
}

static void found_wrong(void *context, const weft_error *what)
{
    (void)context;
    print_error("%s %s\n", what->code, what->params[0].value);
}

static void verify(made_city *city, void *context)
{
    weft_error error = {0};
    ok(wf_records_verify(wf_store_records(city->records), found_wrong, context, &error),
       &error);
}

static void come(pair *both, const history *h, size_t from, size_t upto, wf_prng *prng)
{
    for (size_t at = from, next; at < upto; at = next) {
        next = at + 1 + wf_prng_below(prng, batch_max);
        next = next < upto ? next : upto;
        each(both, send, &(part){h->arrivals + at, next - at});
        size_t facts = wf_prng_below(prng, 30);
        switch (wf_prng_below(prng, 6)) {
        case 0:
        case 1:
            each(both, apply, &facts);
            break;
        case 2:
            each(both, restart, NULL);
            break;
        default:
            break;
        }
    }
    each(both, apply, &(size_t){0});
}

// Everything before the middle of the history, but for the register, which is kept while
// the city is.
static void forget_half(pair *both, const history *h)
{
    weft_day before[WF_KEEP_END];
    weft_time middle = {h->first_at.us / 2 + h->last_at.us / 2};
    for (int keep = 0; keep < WF_KEEP_END; keep++)
        before[keep] = keep <= WF_KEEP_REGISTER
                           ? (weft_day){INT32_MIN}
                           : wf_zone_day_of(both->folder.store.zone, middle);
    each(both, purge, before);
}

// ---- the law ----

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

static void live(pair *both, uint64_t seed)
{
    history h;
    wf_prng prng = wf_prng_new(seed);
    history_options options = {
        .seed = seed, .facts_count = number_of("WEFT_PROP_FACTS", facts_default)};
    history_make(wf_desk_kinds(), &options, &h);
    come(both, &h, 0, h.count / 2, &prng);
    assert_true(agree(both, "half of the facts") > 3);
    each(both, rebuild, NULL);
    agree(both, "made anew");
    come(both, &h, h.count / 2, h.count, &prng);
    agree(both, "all facts");
    each(both, restart, NULL);
    agree(both, "a restart");
    forget_half(both, &h);
    assert_true(agree(both, "a purge") > 3);
    each(both, restart, NULL);
    agree(both, "a restart after a purge");
    each(both, rebuild, NULL);
    agree(both, "made anew after a purge");
    each(both, verify, NULL);
    history_done(&h);
}

static void both_engines_hold_the_same_rows(void **state)
{
    (void)state;
    uint64_t seed = first_seed();
    size_t cases = number_of("WEFT_PROP_CASES", cases_default);
    for (size_t i = 0; i < cases; i++) {
        pair both;
        printf("# case %llu\n", (unsigned long long)(seed + i));
        pair_new(&both);
        live(&both, seed + i);
        pair_done(&both);
    }
}

static size_t generations_of(const wf_keys *keys)
{
    wf_arena arena;
    weft_day *days = NULL;
    size_t count = 0;
    weft_error error = {0};
    wf_arena_init(&arena, 0);
    ok(wf_keys_days(keys, WF_KEY_RECORDS, &arena, &days, &count, &error), &error);
    wf_arena_done(&arena);
    return count;
}

// The ledger alone is enough, wherever the rows were.
static void a_city_moves_from_one_engine_to_the_other(void **state)
{
    (void)state;
    pair both;
    history h;
    uint64_t seed = first_seed();
    wf_prng prng = wf_prng_new(seed);
    history_make(wf_desk_kinds(),
                 &(history_options){.seed = seed, .facts_count = facts_default}, &h);
    pair_new(&both);
    come(&both, &h, 0, h.count, &prng);
    made_city_close(&both.folder);
    made_city_close(&both.remote);
    both.remote.where = NULL;
    made_city_open(&both.folder, both.folder.store.io);
    made_city_open(&both.remote, both.remote.store.io);
    wf_digest a = made_city_digest(&both.folder), b = made_city_digest(&both.remote);
    assert_true(made_digests_equal(a, b));
    // Back to rows that the folder's are ahead of.
    made_city_close(&both.remote);
    both.remote.where = both.where.text;
    wf_path left = scratch_path(&both.remote.store.folder, "records.db");
    assert_true(wf_io_exists(&wf_io_posix, left.text));
    made_city_open(&both.remote, both.remote.store.io);
    agree(&both, "there and back");
    // Nothing stays in the folder that a purge would not reach.
    assert_false(wf_io_exists(&wf_io_posix, left.text));
    assert_int_equal(generations_of(both.remote.store.keys), 0);
    assert_int_equal(generations_of(both.folder.store.keys), 1);
    pair_done(&both);
    history_done(&h);
}

static int start_server(void **state)
{
    (void)state;
    return test_postgres_start(&server) ? 0 : -1;
}

static int stop_server(void **state)
{
    (void)state;
    test_postgres_stop(&server);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_engines_hold_the_same_rows),
        cmocka_unit_test(a_city_moves_from_one_engine_to_the_other),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
