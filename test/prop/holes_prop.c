// The table of holes that is kept beside the rows equals the full evaluation of the rules
// after every batch of random histories with corrections, withdrawals and conflicts,
// after slices, restarts, rebuilds and purges; and SQLite and PostgreSQL hold the same.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "store/store_inside.h"
#include "support/history.h"
#include "support/made_holes.h"
#include "support/sent_history.h"
#include "support/server.h"

enum { cases_default = 2, facts_default = 120, batch_max = 6 };

typedef struct {
    made_holes cities[2]; // in the folder; by the server, when there is one
    size_t count;
    test_address where;
    uint64_t seen; // holes
} pair;

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s %s\n", error->code, error->params[0].value);
    assert_int_equal(status, WEFT_OK);
}

static void pair_new(pair *both)
{
    *both = (pair){.count = has_server ? 2 : 1};
    made_holes_new(&both->cities[0], NULL);
    if (!has_server)
        return;
    both->where = test_postgres_schema(&server);
    made_holes_new(&both->cities[1], both->where.text);
}

// The server's schema is named after the city: the next pair begins without rows.
static void pair_done(pair *both)
{
    for (size_t i = 0; i < both->count; i++)
        made_holes_done(&both->cities[i]);
    if (both->count < 2)
        return;
    weft_error error = {0};
    wf_database *db = NULL;
    wf_database_options options = {.io = &wf_io_posix, .where = both->where.text};
    ok(wf_database_open(&options, &db, &error), &error);
    ok(wf_database_run(db, "DROP SCHEMA weft_made CASCADE", &error), &error);
    wf_database_close(db);
}

// ---- what is compared ----

static void is_whole(made_holes *made, wf_database *db, const char *when)
{
    wf_buffer differs = {0};
    if (made_holes_check_by(made, db, &differs) > 0)
        fail_msg("%s: %.*s", when, (int)differs.size, differs.bytes);
    wf_buffer_done(&differs);
}

static bool count_book_gap(void *context, const wf_seq_gap *gap)
{
    wf_text device = gap->device;
    bool other = device.size > 5 && (memcmp(device.bytes, "rule/", 5) == 0 ||
                                     memcmp(device.bytes, "weft/", 5) == 0 ||
                                     memcmp(device.bytes, "impor", 5) == 0);
    *(uint64_t *)context += other ? 0 : (uint64_t)(gap->from % 1000 + gap->upto % 1000);
    return true;
}

// What is missing in the books stands in the table, stretch by stretch, with its time.
static void has_gaps(made_holes *made, wf_database *db, const char *when)
{
    weft_error error = {0};
    uint64_t books = 0;
    int64_t rows = 0, undated = 0;
    wf_senders_gaps(wf_store_senders(made->city.records), count_book_gap, &books);
    ok(wf_database_number(
           db, "SELECT sum(first_seq % 1000 + last_seq % 1000) FROM sender_gap", 0, &rows,
           &error),
       &error);
    ok(wf_database_number(db, "SELECT count(*) FROM sender_gap WHERE since = 0", 0,
                          &undated, &error),
       &error);
    if (books != (uint64_t)rows || undated > 0)
        fail_msg("%s: the books lack %" PRIu64 ", the table %" PRId64
                 ", undated %" PRId64,
                 when, books, rows, undated);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

// Lines in bytewise order: numbers of persons differ from city to city.
static void sort_lines(wf_buffer *text)
{
    size_t count = 0;
    char **lines = malloc((text->size + 1) * sizeof *lines), *rest = text->bytes;
    wf_buffer sorted = {0};
    assert_non_null(lines);
    assert_true(wf_buffer_append(text, "", 1));
    for (char *line = strtok_r(text->bytes, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest))
        lines[count++] = line;
    qsort(lines, count, sizeof *lines, by_text);
    for (size_t i = 0; i < count; i++)
        assert_true(wf_buffer_printf(&sorted, "%s\n", lines[i]));
    free(lines);
    wf_buffer_done(text);
    *text = sorted;
}

static void agree(pair *both, bool applied, const char *when)
{
    const wf_holes_query all = {.rule = SIZE_MAX, .not_yet_due = true};
    wf_buffer lists[2] = {{0}, {0}};
    for (size_t i = 0; i < both->count; i++) {
        wf_database *db = made_holes_reader(&both->cities[i]);
        is_whole(&both->cities[i], db, when);
        if (applied)
            has_gaps(&both->cities[i], db, when);
        both->seen += made_holes_list_by(&both->cities[i], db, &all, &lists[i]);
        wf_database_close(db);
        if (lists[i].size > 0)
            sort_lines(&lists[i]);
    }
    if (both->count == 2 &&
        !wf_text_equal(wf_buffer_text(&lists[0]), wf_buffer_text(&lists[1])))
        fail_msg("%s: SQLite has\n%.*sPostgreSQL has\n%.*s", when, (int)lists[0].size,
                 lists[0].bytes, (int)lists[1].size, lists[1].bytes);
    wf_buffer_done(&lists[0]);
    wf_buffer_done(&lists[1]);
}

// ---- what happens to both ----

static void restart(made_city *city)
{
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

static void rebuild(made_city *city)
{
    weft_error error = {0};
    wf_register_close(city->reg);
    city->reg = NULL;
    ok(wf_store_rebuild(city->records, NULL, NULL, &error), &error);
    reopen_register(city);
}

// Everything before the middle of the history, but for the register.
static void purge(made_city *city, const history *h)
{
    weft_day before[WF_KEEP_END];
    weft_time middle = {h->first_at.us / 2 + h->last_at.us / 2};
    weft_error error = {0};
    uint64_t destroyed = 0;
    for (int keep = 0; keep < WF_KEEP_END; keep++)
        before[keep] = keep <= WF_KEEP_REGISTER
                           ? (weft_day){INT32_MIN}
                           : wf_zone_day_of(city->store.zone, middle);
    wf_register_close(city->reg);
    city->reg = NULL;
    ok(wf_store_purge(city->records, before, &destroyed, &error), &error);
    reopen_register(city);
}

static void come(pair *both, const history *h, size_t from, size_t upto, wf_prng *prng)
{
    for (size_t at = from, next; at < upto; at = next) {
        next = at + 1 + wf_prng_below(prng, batch_max);
        next = next < upto ? next : upto;
        uint32_t what = wf_prng_below(prng, 12);
        for (size_t i = 0; i < both->count; i++) {
            made_city *city = &both->cities[i].city;
            weft_error error = {0};
            sent_history_send(city, h->arrivals + at, next - at);
            if (what == 0)
                restart(city);
            else if (what == 1)
                rebuild(city);
            else
                ok(wf_store_apply(city->records, what < 4 ? 1 + what : 0, &error),
                   &error);
        }
        agree(both, what < 2 || what >= 4,
              what == 0   ? "a restart"
              : what == 1 ? "a rebuild"
                          : "a batch");
    }
}

static uint64_t number_of(const char *name, uint64_t otherwise)
{
    const char *given = getenv(name);
    return given != NULL ? strtoull(given, NULL, 10) : otherwise;
}

// Refusals are the city's own to say.
static bool is_said_by_senders(const wf_kind *kind)
{
    return strcmp(kind->name, "line.refused") != 0;
}

// Those that rules ask of, so that facts meet.
static bool matters(const wf_kind *kind)
{
    static const char *const kinds[] = {
        "person.registered", "person.same",    "person.not_same",  "sample.collected",
        "tube.sealed",       "tube.resulted",  "result.corrected", "order.issued",
        "order.lifted",      "sender.checked", "device.enrolled",  "fact.withdrawn"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i], kind->name) == 0)
            return true;
    return false;
}

// Those that are about cases and their contacts, with who they are and where.
static bool traces(const wf_kind *kind)
{
    static const char *const groups[] = {
        "case.",       "contact.",   "letter.",    "place.",     "self.",
        "notice.",     "exposure.",  "person.abs", "person.reg", "fact.withdrawn",
        "person.same", "person.not", "order."};
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (strncmp(groups[i], kind->name, strlen(groups[i])) == 0)
            return true;
    return false;
}

static void live(pair *both, uint64_t seed)
{
    history h;
    wf_prng prng = wf_prng_new(seed);
    history_options options = {.seed = seed,
                               .facts_count = number_of("WEFT_PROP_FACTS", facts_default),
                               .ids = 5, // people meet
                               .amendments = 250,
                               .conflicts = 40,
                               .takes = seed % 3 == 0   ? is_said_by_senders
                                        : seed % 3 == 1 ? traces
                                                        : matters};
    history_make(wf_desk_kinds(), &options, &h);
    come(both, &h, 0, h.count / 2, &prng);
    for (size_t i = 0; i < both->count; i++)
        purge(&both->cities[i].city, &h);
    agree(both, true, "a purge");
    for (size_t i = 0; i < both->count; i++)
        restart(&both->cities[i].city);
    agree(both, true, "a restart after a purge");
    come(both, &h, h.count / 2, h.count, &prng);
    history_done(&h);
}

static void kept_holes_equal_the_full_evaluation(void **state)
{
    (void)state;
    uint64_t seed = number_of("WEFT_PROP_SEED", 1);
    uint64_t cases = number_of("WEFT_PROP_CASES", cases_default);
    printf("# seed %" PRIu64 "\n", seed);
    for (uint64_t i = 0; i < cases; i++) {
        pair both;
        printf("# case %" PRIu64 "\n", seed + i);
        pair_new(&both);
        live(&both, seed + i);
        assert_true(both.seen > 0);
        pair_done(&both);
    }
}

// ---- lists ----

enum { rows_made = 1200 }; // several pages of a kind

static void put_row(wf_statement *insert, wf_prng *prng)
{
    static const char *const kinds[] = {"testing/tube_no_result", "register/same_person",
                                        "register/sender_gap", "none/of_these"};
    static const char *const grids[] = {"", "3202", "320214", "330106"};
    weft_error error = {0};
    bool row = false;
    // One kind has most of them; times meet.
    uint32_t luck = wf_prng_below(prng, 10);
    size_t kind = luck < 7 ? 0 : luck - 6;
    char subject[16] = "";
    if (kind != 1)
        snprintf(subject, sizeof subject, "T-%03u", wf_prng_below(prng, 400));
    wf_statement_bind_text(insert, 0, wf_text_of(kinds[kind]));
    wf_statement_bind_text(insert, 1, wf_text_of(subject));
    wf_statement_bind_i64(insert, 2, kind == 1 ? (int64_t)wf_prng_below(prng, 300) : -1);
    wf_statement_bind_text(insert, 3, wf_text_of(grids[wf_prng_below(prng, 4)]));
    wf_statement_bind_text(insert, 4, wf_text_of(luck % 2 == 0 ? "lab" : "testing"));
    wf_statement_bind_i64(insert, 5, wf_prng_below(prng, 3));
    wf_statement_bind_i64(insert, 6, wf_prng_below(prng, 4));
    ok(wf_statement_step(insert, &row, &error), &error);
    wf_statement_reset(insert);
}

static void put_rows(made_holes *made, uint64_t seed)
{
    weft_error error = {0};
    wf_prng prng = wf_prng_new(seed);
    wf_database *db = made->city.records->db;
    wf_statement *insert = NULL;
    ok(wf_database_begin(db, &error), &error);
    ok(wf_database_prepare(db,
                           "INSERT INTO hole (kind, subject, number, grid, owner, since, "
                           "due_at) VALUES (:kind, :subject, :number, :grid, :owner, "
                           ":since, :due_at) ON CONFLICT DO NOTHING",
                           &insert, &error),
       &error);
    for (size_t i = 0; i < rows_made; i++)
        put_row(insert, &prng);
    wf_statement_free(insert);
    ok(wf_database_commit(db, &error), &error);
}

typedef struct {
    wf_buffer text;
    size_t count, most;
} taking;

static bool take(void *context, const wf_hole *hole)
{
    taking *to = context;
    if (to->count == to->most)
        return false;
    to->count++;
    return wf_buffer_printf(
        &to->text, "%" PRId64 " %s %.*s %" PRId64 " %.*s %.*s %" PRId64 "\n",
        hole->due_at.us, hole->rule->name, (int)hole->subject.size, hole->subject.bytes,
        hole->number, (int)hole->grid.size, hole->grid.bytes, (int)hole->owner.size,
        hole->owner.bytes, hole->since.us);
}

static bool is_in_scope(const wf_holes_query *query, const wf_hole *hole)
{
    if (hole->grid.size >= query->grid.size &&
        (query->grid.size == 0 ||
         memcmp(hole->grid.bytes, query->grid.bytes, query->grid.size) == 0))
        return true;
    return query->beside != NULL && hole->rule->personal && hole->number >= 0 &&
           (hole->number % 3 == 0 || hole->number == (int64_t)query->beside->person);
}

static bool is_asked(const made_holes *made, const wf_holes_query *query,
                     const wf_hole *hole)
{
    return hole->rule != NULL &&
           (query->rule == SIZE_MAX ||
            hole->rule == wf_holes_rule(made->holes, query->rule)) &&
           (query->not_yet_due || hole->due_at.us <= query->now.us) &&
           is_in_scope(query, hole);
}

// All rows, sorted by the database; which of them are asked for is said here.
static void take_plainly(const made_holes *made, wf_database *db,
                         const wf_holes_query *query, taking *to)
{
    weft_error error = {0};
    wf_statement *rows = NULL;
    bool row = false;
    ok(wf_database_prepare(db,
                           "SELECT kind, subject, number, grid, owner, since, due_at "
                           "FROM hole ORDER BY due_at, kind, subject, number, grid, "
                           "owner, since",
                           &rows, &error),
       &error);
    while (wf_statement_step(rows, &row, &error) == WEFT_OK && row) {
        char kind[40];
        wf_text name = wf_statement_text(rows, 0);
        snprintf(kind, sizeof kind, "%.*s", (int)name.size, name.bytes);
        size_t rule = wf_holes_find(made->holes, kind);
        const wf_hole hole = {.rule = rule != SIZE_MAX ? wf_holes_rule(made->holes, rule)
                                                       : NULL,
                              .subject = wf_statement_text(rows, 1),
                              .number = wf_statement_i64(rows, 2),
                              .grid = wf_statement_text(rows, 3),
                              .owner = wf_statement_text(rows, 4),
                              .since = {wf_statement_i64(rows, 5)},
                              .due_at = {wf_statement_i64(rows, 6)}};
        if (is_asked(made, query, &hole) && !take(to, &hole))
            break;
    }
    wf_statement_free(rows);
}

// A page of a list, and the hole it ended with.
typedef struct {
    taking *to;
    size_t left;
    bool more;
    wf_arena *arena;
    wf_hole last;
} paging;

static bool take_of_page(void *context, const wf_hole *hole)
{
    paging *page = context;
    page->more = page->left == 0;
    if (page->more || !take(page->to, hole))
        return false;
    page->left--;
    page->last = *hole;
    wf_text *const texts[] = {&page->last.subject, &page->last.grid, &page->last.owner};
    for (size_t i = 0; i < 3; i++)
        *texts[i] = wf_arena_text(page->arena, *texts[i]);
    return true;
}

// The same list in pages, each of which begins where a text says that the last one ended.
static void take_in_pages(made_holes *made, wf_database *db, wf_holes_query query,
                          size_t rows, taking *to)
{
    weft_error error = {0};
    wf_arena arena;
    wf_hole after;
    wf_keys *keys = made->city.store.keys;
    wf_arena_init(&arena, 0);
    for (bool more = true; more;) {
        wf_text token;
        paging page = {.to = to, .left = rows, .arena = &arena};
        ok(wf_holes_list(made->holes, db, &query, take_of_page, &page, &error), &error);
        more = page.more;
        if (!more)
            break;
        query.after = NULL;
        ok(wf_holes_token_make(made->holes, keys, &query, &page.last, &arena, &token,
                               &error),
           &error);
        ok(wf_holes_token_read(made->holes, keys, &query, token, &arena, &after, &error),
           &error);
        query.not_yet_due = !query.not_yet_due; // another list
        assert_int_equal(
            wf_holes_token_read(made->holes, keys, &query, token, &arena, &after, &error),
            WEFT_BAD_INPUT);
        query.not_yet_due = !query.not_yet_due;
        query.after = &after;
    }
    wf_arena_done(&arena);
}

static void ask_both_ways(made_holes *made, wf_database *db, wf_prng *prng)
{
    static const char *const grids[] = {"", "", "3202", "33", "9"};
    weft_error error = {0};
    const wf_beside beside = {
        .grid = WF_TEXT("33"), .user = WF_TEXT("u"), .person = wf_prng_below(prng, 300)};
    const wf_holes_query query = {
        .rule = wf_prng_below(prng, 2) == 0
                    ? SIZE_MAX
                    : wf_prng_below(prng, (uint32_t)wf_holes_rules(made->holes)),
        .grid = wf_text_of(grids[wf_prng_below(prng, 5)]),
        .now = {wf_prng_below(prng, 4)},
        .beside = wf_prng_below(prng, 2) == 0 ? &beside : NULL,
        .not_yet_due = wf_prng_below(prng, 2) == 0};
    size_t most = wf_prng_below(prng, 2) == 0 ? SIZE_MAX : wf_prng_below(prng, rows_made);
    taking plain = {.most = most}, listed = {.most = most}, paged = {.most = most};
    take_plainly(made, db, &query, &plain);
    take_in_pages(made, db, query, 1 + wf_prng_below(prng, rows_made / 2), &paged);
    if (!wf_text_equal(wf_buffer_text(&plain.text), wf_buffer_text(&paged.text)))
        fail_msg("%zu rows in pages instead of %zu:\n%.*s", paged.count, plain.count,
                 (int)paged.text.size, paged.text.bytes);
    wf_buffer_done(&paged.text);
    ok(wf_holes_list(made->holes, db, &query, take, &listed, &error), &error);
    if (!wf_text_equal(wf_buffer_text(&plain.text), wf_buffer_text(&listed.text)))
        fail_msg("%zu rows instead of %zu:\n%.*s", listed.count, plain.count,
                 (int)listed.text.size, listed.text.bytes);
    wf_buffer_done(&plain.text);
    wf_buffer_done(&listed.text);
}

static bool add_span(void *context, const wf_holes_span *span)
{
    uint64_t *sum = context;
    *sum += span->count;
    return true;
}

// However coarse they are, spans hold every row once.
static void spans_hold_every_row(made_holes *made)
{
    weft_error error = {0};
    wf_database *db = made_holes_reader(made);
    const wf_holes_query query = {
        .rule = SIZE_MAX, .grid = wf_text_of(""), .now = {2}, .not_yet_due = true};
    taking all = {.most = SIZE_MAX};
    take_plainly(made, db, &query, &all);
    for (size_t digits = 1; digits <= 9; digits += 4)
        for (int64_t step_us = 1; step_us <= 1000; step_us *= 10) {
            uint64_t sum = 0;
            ok(wf_holes_spans(made->holes, db, &query, digits, step_us, add_span, &sum,
                              &error),
               &error);
            assert_int_equal(sum, all.count);
        }
    wf_buffer_done(&all.text);
    wf_database_close(db);
}

static void a_list_is_the_table_in_its_order(void **state)
{
    (void)state;
    enum { questions = 40 };
    uint64_t seed = number_of("WEFT_PROP_SEED", 1);
    wf_prng prng = wf_prng_new(seed);
    pair both;
    printf("# seed %" PRIu64 "\n", seed);
    pair_new(&both);
    for (size_t i = 0; i < both.count; i++) {
        put_rows(&both.cities[i], seed);
        wf_database *db = made_holes_reader(&both.cities[i]);
        for (size_t k = 0; k < questions; k++)
            ask_both_ways(&both.cities[i], db, &prng);
        wf_database_close(db);
        spans_hold_every_row(&both.cities[i]);
    }
    pair_done(&both);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_holes_equal_the_full_evaluation),
        cmocka_unit_test(a_list_is_the_table_in_its_order),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
