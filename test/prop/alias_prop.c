// Ids that are one person: the kept table of aliases equals the classes of the live
// pairs, worked out plainly, after random pairs are joined, parted, withdrawn and
// corrected in any order and batches, after restarts and after the rows were made anew;
// in the folder and on PostgreSQL.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "desk/register/alias.h"
#include "store/store_inside.h"
#include "support/history.h"
#include "support/made_city.h"
#include "support/server.h"
#include "support/skip.h"

enum { cases_default = 6, facts_count = 160, ids = 24, batch_max = 25, persons_max = 64 };

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s %s %s\n", error->code != NULL ? error->code : "?",
                    error->params[0].value, error->params[1].value);
    assert_int_equal(status, WEFT_OK);
}

// ---- a city with its alias ----

typedef struct {
    made_city city;
    wf_alias *alias;
    wf_follower follower;
    test_address where;
} aliased;

// The dictionary is opened after the alias is made.
static wf_text text_of(void *context, wf_column_type type, uint32_t number)
{
    const aliased *of = context;
    wf_numbers numbers = wf_numbers_of(of->city.store.visits);
    return numbers.text_of(numbers.context, type, number);
}

static void aliased_new(aliased *of, bool remote)
{
    weft_error error = {0};
    wf_numbers numbers = {.text_of = text_of, .context = of};
    ok(wf_alias_new(numbers, &of->alias, &error), &error);
    of->follower = wf_alias_follower(of->alias);
    of->city = (made_city){.followers = &of->follower, .followers_count = 1};
    if (remote) {
        of->where = test_postgres_schema(&server);
        of->city.where = of->where.text;
    }
    made_city_make(&of->city);
}

static void aliased_done(aliased *of, bool remote)
{
    weft_error error = {0};
    wf_database *db = NULL;
    made_city_done(&of->city);
    wf_alias_free(of->alias);
    if (!remote)
        return;
    wf_database_options options = {.io = &wf_io_posix, .where = of->where.text};
    ok(wf_database_open(&options, &db, &error), &error);
    ok(wf_database_run(db, "DROP SCHEMA weft_made CASCADE", &error), &error);
    wf_database_close(db);
}

// ---- the plain way ----

// By person: the class's least id, or WF_NUMBER_NONE for an id that stands alone.
typedef struct {
    uint32_t of[persons_max];
} classes;

static bool is_less(aliased *in, uint32_t a, uint32_t b)
{
    char room[WF_ID_BYTES_MAX];
    wf_text first = text_of(in, WF_COLUMN_PERSON, a);
    memcpy(room, first.bytes, first.size);
    return wf_text_compare((wf_text){room, first.size},
                           text_of(in, WF_COLUMN_PERSON, b)) < 0;
}

// Spreads the least id along the pairs until nothing changes.
static void work_out(aliased *in, wf_database *db, classes *ret)
{
    weft_error error = {0};
    wf_statement *pairs = NULL;
    bool row = false, changed = true;
    for (uint32_t i = 0; i < persons_max; i++)
        ret->of[i] = WF_NUMBER_NONE;
    ok(wf_database_prepare(db,
                           "SELECT \"a\", \"b\" FROM \"person_same\" WHERE \"same\" = 1",
                           &pairs, &error),
       &error);
    while (changed) {
        changed = false;
        for (wf_statement_reset(pairs);;) {
            ok(wf_statement_step(pairs, &row, &error), &error);
            if (!row)
                break;
            uint32_t two[2] = {(uint32_t)wf_statement_i64(pairs, 0),
                               (uint32_t)wf_statement_i64(pairs, 1)};
            assert_true(two[0] < persons_max && two[1] < persons_max);
            uint32_t least = is_less(in, two[0], two[1]) ? two[0] : two[1];
            for (int i = 0; i < 2; i++)
                if (ret->of[two[i]] != WF_NUMBER_NONE &&
                    is_less(in, ret->of[two[i]], least))
                    least = ret->of[two[i]];
            for (int i = 0; i < 2; i++) {
                changed = changed || ret->of[two[i]] != least;
                ret->of[two[i]] = least;
            }
        }
    }
    wf_statement_free(pairs);
}

// Ids of one person are counted from 0 in the order of the ids.
static void check_ranks(aliased *in, const classes *of, const int64_t *ranks)
{
    for (uint32_t i = 0; i < persons_max; i++)
        for (uint32_t k = 0; k < persons_max; k++)
            if (of->of[i] != WF_NUMBER_NONE && of->of[i] == of->of[k])
                assert_true((ranks[i] < ranks[k]) == is_less(in, i, k));
    for (uint32_t i = 0; i < persons_max; i++)
        if (of->of[i] != WF_NUMBER_NONE)
            assert_true((ranks[i] == 0) == (of->of[i] == i));
}

static size_t compare(aliased *in, const char *when)
{
    int64_t ranks[persons_max] = {0};
    weft_error error = {0};
    wf_database *db = NULL;
    wf_statement *kept = NULL;
    classes plain, table;
    bool row = false;
    size_t joined = 0;
    ok(wf_store_reader(in->city.records, &db, &error), &error);
    work_out(in, db, &plain);
    for (uint32_t i = 0; i < persons_max; i++)
        table.of[i] = WF_NUMBER_NONE;
    ok(wf_database_prepare(db, "SELECT \"person\", \"same_as\", \"rank\" FROM \"alias\"",
                           &kept, &error),
       &error);
    while (wf_statement_step(kept, &row, &error) == WEFT_OK && row) {
        table.of[wf_statement_i64(kept, 0)] = (uint32_t)wf_statement_i64(kept, 1);
        ranks[wf_statement_i64(kept, 0)] = wf_statement_i64(kept, 2);
    }
    wf_statement_free(kept);
    for (uint32_t i = 0; i < persons_max; i++) {
        if (plain.of[i] != table.of[i])
            fail_msg("%s: person %u", when, i);
        joined += plain.of[i] != WF_NUMBER_NONE;
    }
    check_ranks(in, &plain, ranks);
    // Some of them, since each costs a statement.
    for (uint32_t i = 0; i < persons_max; i += 7) {
        wf_buffer members = {0};
        size_t wanted = 0;
        for (uint32_t k = 0; k < persons_max; k++)
            wanted += plain.of[i] == WF_NUMBER_NONE ? k == i : plain.of[k] == plain.of[i];
        ok(wf_alias_members(db, i, &members, &error), &error);
        assert_int_equal(members.size / sizeof(uint32_t), wanted);
        wf_buffer_done(&members);
    }
    wf_database_close(db);
    return joined;
}

// ---- the law ----

static bool is_pair(const wf_kind *kind)
{
    return strcmp(kind->name, "person.same") == 0 ||
           strcmp(kind->name, "person.not_same") == 0 || kind->withdraws;
}

static void come(aliased *in, const history *h, wf_prng *dice)
{
    weft_error error = {0};
    wf_fact batch[batch_max];
    wf_verdict verdicts[batch_max];
    for (size_t at = 0, count; at < h->count; at += count) {
        count = 1 + wf_prng_below(dice, batch_max);
        count = count < h->count - at ? count : h->count - at;
        memset(batch, 0, sizeof batch);
        for (size_t i = 0; i < count; i++)
            history_copy(h->arrivals[at + i], &batch[i]);
        ok(wf_store_send(in->city.records, batch, count, WF_TIME_NONE, verdicts, &error),
           &error);
        ok(wf_store_apply(in->city.records, wf_prng_below(dice, 40), &error), &error);
        if (wf_prng_below(dice, 8) == 0) {
            if (wf_prng_below(dice, 2) == 0) // as it stood before there were ranks
                ok(wf_database_run(in->city.records->db,
                                   "ALTER TABLE \"alias\" DROP COLUMN \"rank\"", &error),
                   &error);
            made_city_close(&in->city);
            made_city_open(&in->city, in->city.store.io);
        }
        compare(in, "under way");
    }
    ok(wf_store_apply(in->city.records, 0, &error), &error);
}

static void run_case(uint64_t seed, bool remote)
{
    static aliased in;
    weft_error error = {0};
    history h;
    wf_prng dice = wf_prng_new(seed);
    history_make(wf_desk_kinds(),
                 &(history_options){.seed = seed,
                                    .facts_count = facts_count,
                                    .ids = ids,
                                    .amendments = 250,
                                    .edges = HISTORY_NONE,
                                    .takes = is_pair},
                 &h);
    aliased_new(&in, remote);
    come(&in, &h, &dice);
    assert_true(compare(&in, "at the end") > 0);
    wf_register_close(in.city.reg);
    in.city.reg = NULL;
    ok(wf_store_rebuild(in.city.records, NULL, NULL, &error), &error);
    compare(&in, "made anew");
    aliased_done(&in, remote);
    history_done(&h);
}

static void run_cases(bool remote)
{
    const char *told = getenv("WEFT_PROP_CASES"), *given = getenv("WEFT_PROP_SEED");
    int64_t cases = cases_default, seed = 41;
    if (told != NULL)
        assert_true(wf_parse_i64(wf_text_of(told), 1, 1000000, &cases));
    if (given != NULL)
        assert_true(wf_parse_i64(wf_text_of(given), 0, INT32_MAX, &seed));
    for (int64_t i = 0; i < cases; i++) {
        print_message("# seed %lld\n", (long long)(seed + i));
        run_case((uint64_t)(seed + i), remote);
    }
}

static void aliases_are_the_classes_of_the_pairs(void **state)
{
    (void)state;
    run_cases(false);
}

static void and_so_on_postgresql(void **state)
{
    (void)state;
    if (!has_server)
        TEST_SKIP("PostgreSQL is not installed");
    run_cases(true);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(aliases_are_the_classes_of_the_pairs),
        cmocka_unit_test(and_so_on_postgresql),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
