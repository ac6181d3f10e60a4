// The law of the rule "pool": whatever comes in whatever order and batches, with
// reactions at random moments, restarts and rebuilds between, at the end exactly those
// are held whose tube has a positive newest result, and nobody else; and of orders in
// general: one past its end binds nobody, and neither does one whose last reason has
// fallen.
//
// Who is in which tube, and its newest result, is taken from the rows, which have laws of
// their own (ledger_order_prop.c); the rule reads facts.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <inttypes.h>
#include <stdlib.h>

#include "base/prng.h"
#include "support/fact_city.h"
#include "support/postgres.h"
#include "support/skip.h"

enum {
    cases_default = 10,
    facts_max = 70,
    tubes = 4,
    persons = 9,
    window_min = 180 // all of it happens within; a hold lasts for 240 minutes
};

static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    int64_t value = 0;
    return text != NULL && wf_parse_i64(wf_text_of(text), 0, INT64_MAX, &value)
               ? (uint64_t)value
               : otherwise;
}

static uint64_t begin_seed(void)
{
    uint64_t seed = setting("WEFT_PROP_SEED", 1);
    print_message("# seed %" PRIu64 "\n", seed);
    return seed;
}

// ---- histories ----

typedef struct {
    const char *device;
    int64_t seq;
    const char *kind;
    int minute;
    char instead_of[96], body[128];
} line;

typedef struct {
    wf_prng prng;
    fact_city drill;
    weft_time start;
    line lines[facts_max];
    size_t count;
    int64_t numbers[5]; // of the devices
} story;

static uint32_t below(story *s, uint32_t limit)
{
    return wf_prng_below(&s->prng, limit);
}

static void name_line(story *s, line *made, size_t first_device, size_t devices)
{
    static const char *const names[] = {"S-1", "S-2", "L-1", "L-2", "W-1"};
    size_t device = first_device + below(s, (uint32_t)devices);
    made->device = names[device];
    made->seq = ++s->numbers[device];
    made->minute = (int)below(s, window_min);
}

static void make_sample(story *s, line *made)
{
    name_line(s, made, 0, 2);
    made->kind = "sample.collected";
    snprintf(made->body, sizeof made->body, "\"tube\":\"T%u\",\"person\":\"P-%u\"",
             below(s, tubes), below(s, persons));
}

static void make_result(story *s, line *made)
{
    static const char *const words[] = {"positive", "positive", "negative", "grey",
                                        "invalid"};
    name_line(s, made, 2, 2);
    made->kind = below(s, 3) == 0 ? "result.corrected" : "tube.resulted";
    snprintf(made->body, sizeof made->body, "\"tube\":\"T%u\",\"result\":\"%s\"",
             below(s, tubes), words[below(s, 5)]);
}

static void make_line(story *s)
{
    line *made = &s->lines[s->count];
    uint32_t what = below(s, 100);
    // What amends may come before what it amends; others amend it in turn.
    const line *target = s->count > 0 ? &s->lines[below(s, (uint32_t)s->count)] : NULL;
    *made = (line){0};
    if (target != NULL && what < 18) {
        name_line(s, made, 4, 1);
        made->kind = "fact.withdrawn";
        snprintf(made->body, sizeof made->body, "\"device\":\"%s\",\"seq\":%" PRId64,
                 target->device, target->seq);
    } else {
        if (what < 70)
            make_sample(s, made);
        else
            make_result(s, made);
        if (target != NULL && below(s, 6) == 0)
            snprintf(made->instead_of, sizeof made->instead_of,
                     ",\"instead_of\":{\"device\":\"%s\",\"seq\":%" PRId64 "}",
                     target->device, target->seq);
    }
    s->count++;
}

static void shuffle(story *s, size_t *order, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = below(s, (uint32_t)i), swap = order[i - 1];
        order[i - 1] = order[other];
        order[other] = swap;
    }
}

// ---- what happens between ----

static void lose_place(story *s)
{
    weft_error error = {0};
    wf_records *records = wf_store_records(s->drill.city->store);
    fact_city_ok(
        wf_records_mark(records, WF_RECORDS_KEPT "react/pool", WF_TEXT(""), &error),
        &error);
}

static void something_happens(story *s)
{
    switch (below(s, 12)) {
    case 0:
        fact_city_reopen(&s->drill);
        break;
    case 1:
        fact_city_rebuild(&s->drill);
        break;
    case 2:
        lose_place(s);
        break;
    case 3:
    case 4:
    case 5:
    case 6: {
        weft_reaction done = fact_city_react(&s->drill);
        assert_null(done.lacks);
        assert_int_equal(done.refused, 0);
        break;
    }
    default:
        break;
    }
}

static void add_line(story *s, const line *one)
{
    weft_time at = {s->start.us + (int64_t)one->minute * 60 * WF_US_PER_S};
    fact_city_line(&s->drill, one->device, one->seq, one->kind, at, one->instead_of,
                   one->body);
}

static void live(story *s)
{
    size_t order[2 * facts_max], count = 0;
    for (size_t i = 0; i < s->count; i++) {
        order[count++] = i;
        if (below(s, 10) == 0)
            order[count++] = i; // comes twice
    }
    shuffle(s, order, count);
    for (size_t i = 0; i < count; i++) {
        add_line(s, &s->lines[order[i]]);
        if (below(s, 4) != 0 && i + 1 < count)
            continue;
        assert_int_equal(fact_city_import(&s->drill).refused, 0);
        something_happens(s);
    }
}

// ---- what must be true ----

static bool is_expected(story *s, wf_database *rows, uint32_t person)
{
    weft_error error = {0};
    wf_statement *ask = NULL;
    bool row = false;
    char name[16];
    uint32_t number = 0;
    snprintf(name, sizeof name, "P-%u", person);
    number =
        wf_ids_find(wf_visits_ids(s->drill.city->visits), WF_ID_PERSON, wf_text_of(name));
    fact_city_ok(wf_database_prepare(rows,
                                     "SELECT 1 FROM sample AS s JOIN tube AS t ON "
                                     "t.tube_id = s.tube_id WHERE s.person = :person AND "
                                     "t.result = 'positive'",
                                     &ask, &error),
                 &error);
    wf_statement_bind_i64(ask, 0, number);
    fact_city_ok(wf_statement_step(ask, &row, &error), &error);
    wf_statement_reset(ask);
    wf_statement_free(ask);
    return row;
}

static void expected(story *s, char text[4096])
{
    weft_error error = {0};
    wf_database *rows = NULL;
    size_t size = 0;
    text[0] = '\0';
    fact_city_ok(wf_store_reader(s->drill.city->store, &rows, &error), &error);
    for (uint32_t person = 0; person < persons; person++)
        if (is_expected(s, rows, person))
            size += (size_t)snprintf(text + size, 4096 - size, "%sP-%u",
                                     size > 0 ? " " : "", person);
    wf_database_close(rows);
}

static void check(story *s, uint64_t seed)
{
    char held[4096], wanted[4096];
    weft_time now = {s->start.us + (int64_t)window_min * 60 * WF_US_PER_S};
    weft_time later = {now.us + (int64_t)240 * 60 * WF_US_PER_S};
    fact_city_react(&s->drill);
    expected(s, wanted);
    fact_city_held(&s->drill, now, held);
    if (strcmp(held, wanted) != 0)
        fail_msg("case %" PRIu64 ": held are %s, not %s", seed, held, wanted);
    weft_reaction again = fact_city_react(&s->drill);
    assert_int_equal(again.issued + again.lifted + again.refused, 0);
    lose_place(s);
    again = fact_city_react(&s->drill);
    assert_int_equal(again.issued + again.lifted + again.refused, 0);
    // All of them end by themselves.
    assert_string_equal(fact_city_held(&s->drill, later, held), "");
}

static void run_case(uint64_t seed, const char *records)
{
    story *s = calloc(1, sizeof *s);
    assert_non_null(s);
    s->prng = wf_prng_new(seed);
    fact_city_new_at(&s->drill, NULL, records);
    s->start = fact_city_time(&s->drill, "2021-12-12T07:00+08:00");
    size_t count = 5 + below(s, facts_max - 5);
    while (s->count < count)
        make_line(s);
    live(s);
    check(s, seed);
    fact_city_done(&s->drill);
    free(s);
}

static void exactly_the_members_of_positive_tubes_are_held(void **state)
{
    uint64_t seed = begin_seed(), cases = setting("WEFT_PROP_CASES", cases_default);
    (void)state;
    for (uint64_t i = 0; i < cases; i++)
        run_case(seed + i, NULL);
}

static void and_so_they_are_where_the_rows_are_on_a_server(void **state)
{
    static test_postgres server;
    (void)state;
    if (!test_postgres_start(&server))
        TEST_SKIP("PostgreSQL is not installed");
    uint64_t seed = begin_seed();
    test_address where = test_postgres_schema(&server);
    for (uint64_t i = 0; i < 2; i++)
        run_case(seed + i, where.text);
    test_postgres_stop(&server);
}

// ---- orders of any sort ----

// Reasons in any number come before the order, and fall in any order, with some of them
// restored: it binds from its start to its end as long as one of them stands.
static void run_order(uint64_t seed)
{
    wf_prng prng = wf_prng_new(seed);
    fact_city drill;
    char body[1024], held[4096];
    bool stands[6];
    int64_t withdrawal[6] = {0}, seq = 0;
    fact_city_new(&drill, NULL);
    size_t reasons = 1 + (size_t)wf_prng_below(&prng, 6);
    weft_time start = fact_city_time(&drill, "2021-12-12T07:00+08:00");
    weft_time from = {start.us + 3600 * WF_US_PER_S},
              until = {from.us + 3600 * WF_US_PER_S};
    int size = snprintf(body, sizeof body,
                        "\"order\":\"O-1\",\"kind\":\"hold\",\"persons\":[\"P-1\"],"
                        "\"clause\":\"cn-40\",\"from\":\"2021-12-12T08:00\",\"until\":"
                        "\"2021-12-12T09:00\",\"because\":[");
    for (size_t i = 0; i < reasons; i++) {
        char result[64];
        snprintf(result, sizeof result, "\"tube\":\"T%zu\",\"result\":\"grey\"", i);
        fact_city_line(&drill, "L-1", (int64_t)i + 1, "tube.resulted", start, "", result);
        size += snprintf(body + size, sizeof body - (size_t)size,
                         "%s{\"device\":\"L-1\",\"seq\":%zu}", i > 0 ? "," : "", i + 1);
        stands[i] = true;
    }
    snprintf(body + size, sizeof body - (size_t)size, "]");
    fact_city_line(&drill, "C-1", 1, "order.issued", start, "", body);
    assert_int_equal(fact_city_import(&drill).refused, 0);
    for (size_t step = 0; step < 10; step++) {
        size_t which = (size_t)wf_prng_below(&prng, (uint32_t)reasons);
        snprintf(body, sizeof body, "\"device\":\"%s\",\"seq\":%" PRId64,
                 stands[which] ? "L-1" : "W-1",
                 stands[which] ? (int64_t)which + 1 : withdrawal[which]);
        fact_city_line(&drill, "W-1", ++seq, "fact.withdrawn", start, "", body);
        if (stands[which])
            withdrawal[which] = seq;
        stands[which] = !stands[which];
        assert_int_equal(fact_city_import(&drill).refused, 0);
        bool binds = false;
        for (size_t i = 0; i < reasons; i++)
            binds = binds || stands[i];
        const char *bound = binds ? "P-1" : "";
        assert_string_equal(fact_city_held(&drill, (weft_time){from.us - 1}, held), "");
        assert_string_equal(fact_city_held(&drill, from, held), bound);
        assert_string_equal(fact_city_held(&drill, (weft_time){until.us - 1}, held),
                            bound);
        assert_string_equal(fact_city_held(&drill, until, held), "");
    }
    fact_city_done(&drill);
}

static void an_order_binds_until_its_end_or_its_last_reason_falls(void **state)
{
    uint64_t seed = begin_seed(), cases = setting("WEFT_PROP_CASES", cases_default);
    (void)state;
    for (uint64_t i = 0; i < cases; i++)
        run_order(seed + i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exactly_the_members_of_positive_tubes_are_held),
        cmocka_unit_test(and_so_they_are_where_the_rows_are_on_a_server),
        cmocka_unit_test(an_order_binds_until_its_end_or_its_last_reason_falls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
