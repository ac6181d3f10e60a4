// Law: whoever is present and not sampled is known, building by building (testing/
// counter.h). After random histories of persons who come, go, move, are one person and
// are sampled, with corrections and withdrawals, deliveries, slices that fail, restarts
// and rebuilds, also while the rows are counted before somebody asks: what the counter
// kept up to date = what one counts from the rows that was never told of a change =
// everybody looked at by hand. In a folder and on PostgreSQL.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "desk/testing/counter.h"
#include "support/history.h"
#include "support/made_city.h"
#include "support/sent_history.h"
#include "support/server.h"
#include "support/skip.h"

enum {
    cases_default = 3,
    facts_default = 300,
    batch_max = 40,
    persons_max = 200,
    samples_max = 2000,
    questions_count = 4
};

typedef struct {
    made_city city;
    wf_counter *counter;
    wf_follower followers[2]; // the counter, and one that fails
    bool fails;
    wf_counter_question questions[questions_count];
    uint32_t unasked;    // for how many steps nobody asks
    size_t missing_seen; // that the law was about somebody
} world;

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s %s %s\n", error->code != NULL ? error->code : "?",
                    error->params[0].value, error->params[1].value);
    assert_int_equal(status, WEFT_OK);
}

// ---- everybody looked at by hand ----

typedef struct {
    bool registered;
    char grid[WF_GRID_BYTES_MAX + 1];
    int present; // −1: nothing was said
    char reason[32];
    uint32_t one_with; // the least number of those who are the same
} by_hand;

typedef struct {
    by_hand persons[persons_max];
    struct {
        uint32_t person;
        char round[WF_ID_BYTES_MAX + 1];
        int64_t at_us;
    } samples[samples_max];
    size_t samples_count;
} looked;

static void copy_text(const wf_statement *at, int column, char *to, size_t room)
{
    wf_text text = wf_statement_text(at, column);
    assert_true(text.size < room);
    memcpy(to, text.bytes, text.size);
    to[text.size] = '\0';
}

static void look_at_person(const wf_statement *at, looked *all)
{
    int64_t number = wf_statement_i64(at, 0);
    assert_true(number >= 0 && number < persons_max);
    by_hand *person = &all->persons[number];
    person->registered = true;
    copy_text(at, 1, person->grid, sizeof person->grid);
    person->present = wf_statement_is_null(at, 2) ? -1 : (int)wf_statement_i64(at, 2);
    copy_text(at, 3, person->reason, sizeof person->reason);
}

static void look_at_sample(const wf_statement *at, looked *all)
{
    assert_true(all->samples_count < samples_max);
    all->samples[all->samples_count].person = (uint32_t)wf_statement_i64(at, 0);
    copy_text(at, 1, all->samples[all->samples_count].round, WF_ID_BYTES_MAX + 1);
    all->samples[all->samples_count++].at_us = wf_statement_i64(at, 2);
}

static void look_at_pair(const wf_statement *at, looked *all)
{
    uint32_t a = all->persons[wf_statement_i64(at, 0)].one_with;
    uint32_t b = all->persons[wf_statement_i64(at, 1)].one_with;
    for (size_t i = 0; i < persons_max; i++)
        if (all->persons[i].one_with == a || all->persons[i].one_with == b)
            all->persons[i].one_with = a < b ? a : b;
}

static void look(wf_database *db, const char *sql,
                 void (*row)(const wf_statement *at, looked *all), looked *all)
{
    weft_error error = {0};
    wf_statement *statement = NULL;
    bool more = false;
    ok(wf_database_prepare(db, sql, &statement, &error), &error);
    for (;;) {
        ok(wf_statement_step(statement, &more, &error), &error);
        if (!more)
            break;
        row(statement, all);
    }
    wf_statement_free(statement);
}

static void look_at_all(made_city *city, looked *ret)
{
    weft_error error = {0};
    wf_database *db = NULL;
    memset(ret, 0, sizeof *ret);
    for (uint32_t i = 0; i < persons_max; i++)
        ret->persons[i].one_with = i;
    ok(wf_store_reader(city->records, &db, &error), &error);
    look(db, "SELECT person, grid, present, absence_reason FROM person", look_at_person,
         ret);
    look(db, "SELECT person, round_id, collected_at FROM sample", look_at_sample, ret);
    look(db, "SELECT a, b FROM person_same WHERE same = 1", look_at_pair, ret);
    wf_database_close(db);
}

static bool was_sampled(const looked *all, uint32_t who,
                        const wf_counter_question *question)
{
    for (size_t i = 0; i < all->samples_count; i++) {
        uint32_t of = all->persons[all->samples[i].person].one_with;
        if (of != all->persons[who].one_with)
            continue;
        bool in_round = question->round.size == 0 ||
                        wf_text_equal(wf_text_of(all->samples[i].round), question->round);
        if (in_round && all->samples[i].at_us >= question->since.us)
            return true;
    }
    return false;
}

// 3 here, 2 away for a known while, 1 gone, 0 nothing that helps.
static int said_of(const by_hand *person)
{
    if (person->present == 1)
        return 3;
    if (person->present == -1 || person->reason[0] == '\0')
        return 0;
    bool gone =
        strcmp(person->reason, "moved") == 0 || strcmp(person->reason, "died") == 0;
    return gone ? 1 : 2;
}

// Which of the ids of a person counts; persons_max: none is registered.
static uint32_t who_counts(made_city *city, const looked *all, uint32_t one)
{
    uint32_t best = persons_max;
    wf_numbers numbers = wf_numbers_of(city->store.visits);
    for (uint32_t i = 0; i < persons_max; i++) {
        const by_hand *person = &all->persons[i];
        if (person->one_with != one || !person->registered)
            continue;
        bool better = best == persons_max;
        if (!better) {
            const by_hand *other = &all->persons[best];
            int order = said_of(person) - said_of(other);
            if (order == 0)
                order = (person->grid[0] != '\0') - (other->grid[0] != '\0');
            if (order == 0)
                order = wf_text_compare(
                    numbers.text_of(numbers.context, WF_COLUMN_PERSON, best),
                    numbers.text_of(numbers.context, WF_COLUMN_PERSON, i));
            better = order > 0;
        }
        best = better ? i : best;
    }
    return best;
}

static bool lives_in(const by_hand *person, wf_text building)
{
    return wf_text_equal(wf_building_prefix(wf_text_of(person->grid), WF_BUILDING_BYTES),
                         building);
}

// Of one building; `missing` gets who.
static wf_heads count_by_hand(made_city *city, const looked *all,
                              const wf_counter_question *question, wf_text building,
                              bool missing[persons_max])
{
    wf_heads heads = {0};
    memset(missing, 0, persons_max * sizeof *missing);
    for (uint32_t i = 0; i < persons_max; i++) {
        if (all->persons[i].one_with != i)
            continue;
        uint32_t who = who_counts(city, all, i);
        if (who == persons_max || !lives_in(&all->persons[who], building))
            continue;
        bool sampled = was_sampled(all, who, question);
        int said = said_of(&all->persons[who]);
        heads.registered++;
        heads.sampled += sampled;
        heads.explained += !sampled && said == 2;
        heads.present += sampled || said != 1;
        if (!sampled && (said == 0 || said == 3)) {
            missing[who] = true;
            heads.missing++;
        }
    }
    return heads;
}

// ---- comparing ----

static void same_heads(const wf_heads *a, const wf_heads *b, const char *when)
{
    if (a->registered != b->registered || a->present != b->present ||
        a->sampled != b->sampled || a->explained != b->explained ||
        a->missing != b->missing)
        fail_msg("%s: another count", when);
}

static void check_building(world *of, const looked *all,
                           const wf_counter_question *question, wf_population *population,
                           unsigned round, uint32_t building)
{
    bool missing[persons_max];
    wf_buffer found = {0};
    wf_heads heads = wf_population_heads(population, round, building);
    wf_text code = wf_buildings_code(wf_population_buildings(population), building);
    wf_heads hand = count_by_hand(&of->city, all, question, code, missing);
    same_heads(&heads, &hand, "kept and by hand");
    assert_int_equal(heads.present, heads.sampled + heads.explained + heads.missing);
    assert_true(wf_population_missing(population, round, building, &found));
    const uint32_t *numbers = (const uint32_t *)(const void *)found.bytes;
    assert_int_equal(found.size / sizeof *numbers, heads.missing);
    for (size_t i = 0; i < heads.missing; i++)
        assert_true(missing[numbers[i]]);
    of->missing_seen += heads.missing;
    wf_buffer_done(&found);
}

// All buildings, and that nobody lives elsewhere; the sums go to *ret.
static void check_counter(world *of, const looked *all, wf_counter *counter,
                          const wf_counter_question *question, wf_heads *ret)
{
    weft_error error = {0};
    wf_population *population = NULL;
    unsigned round = 0;
    ok(wf_counter_ask(counter, of->city.records, question, &population, &round, &error),
       &error);
    *ret = (wf_heads){0};
    uint32_t count = wf_buildings_count(wf_population_buildings(population));
    for (uint32_t i = WF_BUILDING_NOWHERE; i < count; i++) {
        wf_heads heads = wf_population_heads(population, round, i);
        check_building(of, all, question, population, round, i);
        wf_heads_add(ret, &heads);
    }
    wf_counter_release(counter);
    uint64_t registered = 0;
    for (uint32_t i = 0; i < persons_max; i++)
        registered +=
            all->persons[i].one_with == i && who_counts(&of->city, all, i) != persons_max;
    assert_int_equal(ret->registered, registered);
}

static wf_numbers numbers_of(made_city *city);

static void check(world *of)
{
    static looked all;
    weft_error error = {0};
    wf_counter *fresh = NULL;
    look_at_all(&of->city, &all);
    ok(wf_counter_new(numbers_of(&of->city), &fresh, &error), &error);
    for (size_t i = 0; i < questions_count; i++) {
        wf_heads kept, counted;
        check_counter(of, &all, of->counter, &of->questions[i], &kept);
        check_counter(of, &all, fresh, &of->questions[i], &counted);
        same_heads(&kept, &counted, "kept and counted from the rows");
    }
    wf_counter_free(fresh);
}

// ---- a city that is followed ----

// The visit store is another one after a restart.
static wf_text text_of_number(void *context, wf_column_type type, uint32_t number)
{
    made_city *city = context;
    wf_numbers numbers = wf_numbers_of(city->store.visits);
    return numbers.text_of(numbers.context, type, number);
}

static wf_numbers numbers_of(made_city *city)
{
    return (wf_numbers){.text_of = text_of_number, .context = city};
}

static weft_status never_opens(void *context, wf_database *db, weft_error *error)
{
    (void)context;
    (void)db;
    (void)error;
    return WEFT_OK;
}

static weft_status fail_when_told(void *context, wf_database *db, weft_error *error)
{
    world *of = context;
    (void)db;
    if (!of->fails)
        return WEFT_OK;
    of->fails = false;
    return wf_fail(error, WEFT_STORAGE, "records.io", "path", "test", NULL);
}

static void never_ends(void *context, bool committed)
{
    (void)context;
    (void)committed;
}

static void begin(world *of, const char *where, const history *h)
{
    weft_error error = {0};
    memset(of, 0, sizeof *of);
    ok(wf_counter_new(numbers_of(&of->city), &of->counter, &error), &error);
    of->followers[0] = wf_counter_follower(of->counter);
    of->followers[1] = (wf_follower){.opened = never_opens,
                                     .before_commit = fail_when_told,
                                     .ended = never_ends,
                                     .context = of};
    of->city.where = where;
    of->city.followers = of->followers;
    of->city.followers_count = 2;
    made_city_make(&of->city);
    wf_counter_allow(of->counter, true);
    weft_time middle = {h->first_at.us / 2 + h->last_at.us / 2};
    of->questions[0] = (wf_counter_question){WF_TEXT("round-1"), WF_TIME_NONE};
    of->questions[1] = (wf_counter_question){WF_TEXT("round-2"), middle};
    of->questions[2] = (wf_counter_question){WF_TEXT(""), WF_TIME_NONE};
    of->questions[3] = (wf_counter_question){WF_TEXT(""), middle};
}

// ---- what happens ----

static void rebuild(made_city *city)
{
    weft_error error = {0};
    wf_register_close(city->reg);
    city->reg = NULL;
    ok(wf_store_rebuild(city->records, NULL, NULL, &error), &error);
    ok(wf_register_open(city->records, city->store.keys, wf_desk_kinds(), &city->reg,
                        &error),
       &error);
}

static void live(world *of, const history *h, wf_prng *prng)
{
    for (size_t at = 0, next; at < h->count; at = next) {
        weft_error error = {0};
        made_city *city = &of->city;
        next = at + 1 + wf_prng_below(prng, batch_max);
        next = next < h->count ? next : h->count;
        sent_history_send(city, h->arrivals + at, next - at);
        uint32_t what = wf_prng_below(prng, 16);
        if (what < 2) {
            ok(wf_store_apply(city->records, 0, &error), &error);
            sent_history_deliver(city, h->arrivals + at, next - at, what == 0);
        } else if (what < 4)
            sent_history_fail_once(city, &of->fails);
        else if (what == 4)
            rebuild(city);
        else if (what == 5)
            made_city_close(city), made_city_open(city, city->store.io);
        else
            ok(wf_store_apply(city->records, what < 9 ? 1 + what : 0, &error), &error);
        // The rows were opened: they are read while more comes, which nobody asks for.
        bool counts = (what == 4 || what == 5) && wf_prng_below(prng, 4) > 0;
        if (counts)
            wf_counter_begin(of->counter, city->records);
        of->unasked = counts ? 1 + wf_prng_below(prng, 3) : of->unasked;
        if (of->unasked > 0)
            of->unasked--;
        else
            check(of);
    }
    check(of);
}

// ---- the law ----

// Two kinds of persons, samples more often than the rest.
static bool takes(const wf_kind *kind)
{
    static const char *const names[] = {
        "person.registered", "person.present",   "person.absent", "person.same",
        "person.not_same",   "sample.collected", "fact.withdrawn"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(kind->name, names[i]) == 0)
            return true;
    return false;
}

static uint64_t number_of(const char *name, uint64_t otherwise)
{
    const char *given = getenv(name);
    return given != NULL ? strtoull(given, NULL, 10) : otherwise;
}

static void run(const char *where, uint64_t seed)
{
    static world of;
    history h;
    wf_prng prng = wf_prng_new(seed);
    history_options options = {.seed = seed,
                               .facts_count = number_of("WEFT_PROP_FACTS", facts_default),
                               .ids = 12,
                               .takes = takes};
    printf("# case %" PRIu64 "\n", seed);
    history_make(wf_desk_kinds(), &options, &h);
    begin(&of, where, &h);
    live(&of, &h, &prng);
    assert_true(of.missing_seen > 0);
    wf_counter_allow(of.counter, false);
    made_city_done(&of.city);
    wf_counter_free(of.counter);
    history_done(&h);
}

static void nobody_is_missed_in_a_folder(void **state)
{
    (void)state;
    uint64_t seed = number_of("WEFT_PROP_SEED", 1);
    printf("# seed %" PRIu64 "\n", seed);
    for (uint64_t i = 0; i < number_of("WEFT_PROP_CASES", cases_default); i++)
        run(NULL, seed + i);
}

static void nobody_is_missed_on_a_server(void **state)
{
    (void)state;
    if (!has_server)
        TEST_SKIP("PostgreSQL is not installed");
    uint64_t seed = number_of("WEFT_PROP_SEED", 1);
    printf("# seed %" PRIu64 "\n", seed);
    for (uint64_t i = 0; i < number_of("WEFT_PROP_CASES", 1); i++) {
        weft_error error = {0};
        wf_database *db = NULL;
        test_address where = test_postgres_schema(&server);
        run(where.text, seed + i);
        // It is named after the city: the next begins without rows.
        wf_database_options options = {.io = &wf_io_posix, .where = where.text};
        ok(wf_database_open(&options, &db, &error), &error);
        ok(wf_database_run(db, "DROP SCHEMA weft_made CASCADE", &error), &error);
        wf_database_close(db);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_missed_in_a_folder),
        cmocka_unit_test(nobody_is_missed_on_a_server),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
