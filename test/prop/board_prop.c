// Law: the board says what the rows say, or nothing (access/board/board.h). After random
// histories of samples, results, orders and ids that are one person, corrected, withdrawn
// and lifted, with deliveries, slices that fail, restarts, rebuilds and days that are
// forgotten, while the board is being built or ready: what it answers about anybody at
// any time = what the views of the same moment give. In a folder and on PostgreSQL.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <time.h>

#include "access/board/board.h"
#include "desk/queries.h"
#include "desk/register/alias.h"
#include "store/query/view.h"
#include "support/history.h"
#include "support/made_city.h"
#include "support/sent_history.h"
#include "support/server.h"
#include "support/skip.h"

enum { cases_default = 2, facts_default = 250, batch_max = 40, followers_count = 4 };

static const char *const asked[] = {"testing/samples_of_person", "order/bound_persons"};
enum { samples_view, bound_view, views_count };

typedef struct {
    made_city city;
    wf_alias *alias;
    wf_board *board;
    // Of both, of what views read, and one that fails.
    wf_follower followers[followers_count];
    bool fails;
    wf_views *views;
    wf_prng prng;
    weft_time first_at, last_at;
    size_t answers, samples, orders, joined, joined_orders;
} world;

// That the law was about something.
static struct {
    size_t answers, samples, orders, joined, joined_orders;
} seen;

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s %s %s\n", error->code != NULL ? error->code : "?",
                    error->params[0].value, error->params[1].value);
    assert_int_equal(status, WEFT_OK);
}

// ---- the views ----

static void open_views(world *of)
{
    weft_error error = {0};
    wf_sql_text texts[views_count];
    size_t count, found = 0;
    const wf_sql_text *all = wf_desk_views(&count);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < views_count; k++)
            if (strcmp(all[i].name, asked[k]) == 0)
                texts[found++] = all[i];
    assert_int_equal(found, views_count);
    // Neither view has a number of a protocol.
    static const wf_protocol protocol = {0};
    wf_views_options options = {.protocol = &protocol,
                                .store = of->city.records,
                                .keys = of->city.store.keys,
                                .kinds = wf_desk_kinds(),
                                .numbers = wf_numbers_of(of->city.store.visits),
                                .zone = of->city.store.zone,
                                .texts = texts,
                                .texts_count = views_count,
                                .same_person = wf_desk_same_person()};
    options.computed = wf_desk_computed(&options.computed_count);
    ok(wf_views_open(&options, &of->views, &error), &error);
}

static wf_view_page ask_view(world *of, size_t which, wf_text person, weft_time now,
                             size_t limit, wf_arena *arena)
{
    weft_error error = {0};
    wf_view_page page;
    wf_value values[WF_SQL_LIST_MAX] = {{.given = true, .text = person}};
    const wf_value none[WF_SQL_LIST_MAX] = {{0}};
    const wf_view_question question = {.parameters =
                                           which == samples_view ? values : none,
                                       .filters = which == samples_view ? none : values,
                                       .limit = limit,
                                       .now = now};
    ok(wf_view_ask(wf_views_find(of->views, wf_text_of(asked[which])), &question, arena,
                   &page, &error),
       &error);
    return page;
}

// ---- the comparison ----

static void same_text(wf_text said, const wf_value *row)
{
    assert_int_equal(said.bytes != NULL, row->given);
    assert_true(!row->given || wf_text_equal(said, row->text));
}

static void same_time(weft_time said, const wf_value *row)
{
    assert_int_equal(!weft_time_is_none(said), row->given);
    assert_true(!row->given || said.us == row->number);
}

// Columns as the files declare them.
static void same_sample(const wf_standings_sample *said, const wf_value *row)
{
    const char *result = said->result.result;
    same_text(said->tube, &row[0]);
    assert_int_equal(said->person, row[1].number);
    same_time(said->at, &row[2]);
    same_text(result != NULL ? wf_text_of(result) : (wf_text){NULL, 0}, &row[5]);
    same_time(said->result.at, &row[6]);
}

static void same_order(world *of, const wf_standings_bound *said, const wf_value *row)
{
    const wf_standings_order *order = said->about;
    same_text(said->order, &row[0]);
    same_text(order->kind, &row[2]);
    same_text(order->clause, &row[3]);
    same_text(order->issuer, &row[4]);
    same_text(order->place != WF_NUMBER_NONE ? wf_board_place(of->board, order->place)
                                             : (wf_text){NULL, 0},
              &row[5]);
    same_time(order->starts_at, &row[8]);
    same_time(order->ends_at, &row[9]);
}

static void check_person(world *of, uint32_t number, wf_text id, weft_time now)
{
    wf_arena arena = {0};
    weft_error error = {0};
    wf_board_answer said;
    wf_person_about about = {.registered = false};
    size_t most = 1 + wf_prng_below(&of->prng, wf_standings_samples_max);
    if (!wf_board_ask(of->board, id, now, most, &said))
        return;
    wf_view_page samples = ask_view(of, samples_view, id, now, most, &arena);
    wf_view_page bound = ask_view(of, bound_view, id, now, 100, &arena);
    ok(wf_register_person(of->city.reg, (wf_person){number}, &about, &error), &error);
    assert_int_equal(said.is_registered, about.registered);
    assert_int_equal(said.as_of.position, samples.as_of.position);
    assert_true(said.as_of.at.us == samples.as_of.at.us);
    assert_int_equal(said.samples_count, samples.rows_count);
    assert_int_equal(said.more_samples, samples.next.size > 0);
    for (size_t i = 0; i < samples.rows_count; i++)
        same_sample(&said.samples[i], samples.values + i * samples.columns_count);
    assert_int_equal(said.orders_count, bound.rows_count);
    for (size_t i = 0; i < bound.rows_count; i++)
        same_order(of, &said.orders[i], bound.values + i * bound.columns_count);
    of->answers++;
    of->samples += said.samples_count;
    of->orders += said.orders_count;
    for (size_t i = 0; i < bound.rows_count; i++)
        of->joined_orders +=
            (uint32_t)bound.values[i * bound.columns_count + 1].number != number;
    for (size_t i = 0; i < said.samples_count; i++)
        of->joined += said.samples[i].person != number;
    wf_board_end(of->board);
    wf_arena_done(&arena);
}

static weft_time some_time(world *of)
{
    uint32_t minutes =
        (uint32_t)((of->last_at.us - of->first_at.us) / WF_US_PER_MINUTE) + 1440;
    return (weft_time){of->first_at.us +
                       (int64_t)wf_prng_below(&of->prng, minutes) * WF_US_PER_MINUTE};
}

static void check(world *of)
{
    const wf_ids *ids = wf_visits_ids(of->city.store.visits);
    weft_time now = some_time(of);
    wf_register_refresh(of->city.reg);
    open_views(of);
    for (uint32_t i = 0; i < wf_ids_count(ids, WF_ID_PERSON); i++) {
        char id[WF_ID_BYTES_MAX];
        wf_text text = wf_ids_text(ids, WF_ID_PERSON, i);
        memcpy(id, text.bytes, text.size);
        if (text.size > 0)
            check_person(of, i, (wf_text){id, text.size}, now);
    }
    wf_views_close(of->views);
}

// Sees it ready, or given up, where it was begun.
static void wait_for_board(world *of)
{
    const struct timespec moment = {.tv_nsec = 100000};
    for (int i = 0; i < 20000 && !wf_board_now(of->board).is_ready; i++)
        nanosleep(&moment, NULL);
    assert_true(wf_board_now(of->board).is_ready);
}

// ---- a city that is followed ----

// The visit store is another one after a restart.
static wf_text text_of_number(void *context, wf_column_type type, uint32_t number)
{
    made_city *city = context;
    wf_numbers numbers = wf_numbers_of(city->store.visits);
    return numbers.text_of(numbers.context, type, number);
}

static uint32_t find_number(void *context, wf_column_type type, wf_text text)
{
    made_city *city = context;
    wf_numbers numbers = wf_numbers_of(city->store.visits);
    return numbers.find(numbers.context, type, text);
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

static void begin(world *of, const char *where, const history *h, uint64_t seed)
{
    weft_error error = {0};
    memset(of, 0, sizeof *of);
    of->prng = wf_prng_new(seed);
    of->first_at = h->first_at;
    of->last_at = h->last_at;
    wf_numbers numbers = {
        .text_of = text_of_number, .find = find_number, .context = &of->city};
    ok(wf_alias_new(numbers, &of->alias, &error), &error);
    ok(wf_board_new(numbers, &of->board, &error), &error);
    wf_board_allow(of->board, 64 << 20);
    of->followers[0] = wf_alias_follower(of->alias);
    of->followers[1] = wf_desk_publisher();
    of->followers[2] = wf_board_follower(of->board);
    of->followers[3] = (wf_follower){.opened = never_opens,
                                     .before_commit = fail_when_told,
                                     .ended = never_ends,
                                     .context = of};
    of->city.where = where;
    of->city.followers = of->followers;
    of->city.followers_count = followers_count;
    made_city_make(&of->city);
}

// ---- what happens ----

// The rows are made anew, with or without the samples of some days.
static void rebuild(world *of, bool forgets)
{
    weft_error error = {0};
    made_city *city = &of->city;
    weft_day before[WF_KEEP_END];
    uint64_t destroyed;
    for (size_t i = 0; i < WF_KEEP_END; i++)
        before[i] = (weft_day){INT32_MIN};
    before[WF_KEEP_TESTING] = wf_zone_day_of(city->store.zone, some_time(of));
    before[WF_KEEP_TESTING].number -= 5;
    wf_register_close(city->reg);
    city->reg = NULL;
    if (forgets)
        ok(wf_store_purge(city->records, before, &destroyed, &error), &error);
    else
        ok(wf_store_rebuild(city->records, NULL, NULL, &error), &error);
    ok(wf_register_open(city->records, city->store.keys, wf_desk_kinds(), &city->reg,
                        &error),
       &error);
}

static void live(world *of, const history *h)
{
    for (size_t at = 0, next; at < h->count; at = next) {
        weft_error error = {0};
        made_city *city = &of->city;
        next = at + 1 + wf_prng_below(&of->prng, batch_max);
        next = next < h->count ? next : h->count;
        wf_board_begin(of->board, city->records);
        if (wf_prng_below(&of->prng, 2) == 0)
            wait_for_board(of);
        sent_history_send(city, h->arrivals + at, next - at);
        uint32_t what = wf_prng_below(&of->prng, 24);
        if (what < 2) {
            ok(wf_store_apply(city->records, 0, &error), &error);
            sent_history_deliver(city, h->arrivals + at, next - at, what == 0);
        } else if (what < 4)
            sent_history_fail_once(city, &of->fails);
        else if (what < 6)
            rebuild(of, what == 5);
        else if (what == 6)
            made_city_close(city), made_city_open(city, city->store.io);
        else
            ok(wf_store_apply(city->records, what < 12 ? what - 5 : 0, &error), &error);
        check(of);
    }
}

// ---- the law ----

static bool takes(const wf_kind *kind)
{
    static const char *const names[] = {
        "person.registered", "person.same",   "person.not_same",
        "sample.collected",  "tube.resulted", "result.corrected",
        "order.issued",      "order.lifted",  "fact.withdrawn"};
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
    history_options options = {.seed = seed,
                               .facts_count = number_of("WEFT_PROP_FACTS", facts_default),
                               .ids = 14,
                               .takes = takes};
    history_make(wf_desk_kinds(), &options, &h);
    begin(&of, where, &h, seed);
    live(&of, &h);
    printf("# case %" PRIu64 ": %zu answers, %zu samples, %zu of other ids, %zu orders, "
           "%zu shown under another id\n",
           seed, of.answers, of.samples, of.joined, of.orders, of.joined_orders);
    seen.answers += of.answers;
    seen.samples += of.samples;
    seen.orders += of.orders;
    seen.joined += of.joined;
    seen.joined_orders += of.joined_orders;
    made_city_done(&of.city);
    wf_board_free(of.board);
    wf_alias_free(of.alias);
    history_done(&h);
}

static void the_board_says_what_the_rows_say_in_a_folder(void **state)
{
    (void)state;
    uint64_t seed = number_of("WEFT_PROP_SEED", 1);
    printf("# seed %" PRIu64 "\n", seed);
    for (uint64_t i = 0; i < number_of("WEFT_PROP_CASES", cases_default); i++)
        run(NULL, seed + i);
    assert_true(seen.answers > 0 && seen.samples > 0 && seen.orders > 0 &&
                seen.joined > 0 && seen.joined_orders > 0);
}

static void the_board_says_what_the_rows_say_on_a_server(void **state)
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
        cmocka_unit_test(the_board_says_what_the_rows_say_in_a_folder),
        cmocka_unit_test(the_board_says_what_the_rows_say_on_a_server),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
