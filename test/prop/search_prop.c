// The search law: what is found by name, phone or number of a document is what a scan of
// all rows finds, whatever came, was corrected or withdrawn, in whatever order; after
// restarts, after the index or the rows were made anew, before and after a purge, on both
// engines.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "base/hash.h"
#include "desk/register/kinds.h"
#include "store/records/row.h"
#include "store/register/search.h"
#include "support/history.h"
#include "support/made_city.h"
#include "support/server.h"
#include "support/skip.h"

enum { cases_default = 4, facts_default = 150, batch_max = 30, rows_max = 200 };

// ---- facts ----

static const char *const name_pool[] = {
    "张三", "张 三",   "张三丰",         "三丰张", "阿卜杜·热合曼", "阿卜杜热合曼",
    "王",   "Li Ming", "ｌｉ　Ｍｉｎｇ", "ming",   "丽丽丽",        "王Ming丽丽"};
static const char *const phone_pool[] = {"13800000001",
                                         "+86 138-0000-0001",
                                         "0086 13800000002",
                                         "13800000002/13800000003",
                                         "１３８０００００００３",
                                         "无"};
static const char *const id_pool[] = {"11010119900101123x", "11010119900101123X",
                                      "E1234567", "G1234567"};
static const char *const grid_pool[] = {"320214001001", "320214001002", "320214002001",
                                        "320205001001", "320214",       "G1"};
#define DRAW(prng, pool)                                                                 \
    (pool)[wf_prng_below(prng, (uint32_t)(sizeof(pool) / sizeof *(pool)))]

static bool takes(const wf_kind *kind)
{
    return kind == &wf_kind_person_registered || kind == &wf_kind_fact_withdrawn;
}

static void say(wf_fact *fact, wf_prng *prng, const char *field, const char *text)
{
    size_t place = wf_kind_field(fact->kind, wf_text_of(field));
    fact->values[place] = (wf_value){0};
    if (wf_prng_below(prng, 3) > 0)
        fact->values[place] = (wf_value){.given = true, .text = wf_text_of(text)};
}

// What a fact says follows from its name, so that it comes twice with one body. Imports
// have each their own time: of two of one time each value is chosen by itself
// (records/sought.h).
static void make_fact(const wf_fact *from, uint64_t seed, wf_fact *ret)
{
    history_copy(from, ret);
    wf_prng prng = wf_prng_new(wf_hash(from->id.device.bytes, from->id.device.size,
                                       seed + (uint64_t)from->id.seq));
    if (from->kind != &wf_kind_person_registered)
        return;
    if (from->id.device.bytes[0] == 'i')
        ret->at.us = from->at.us / 1000000 * 1000000 + from->id.seq;
    say(ret, &prng, "name", DRAW(&prng, name_pool));
    say(ret, &prng, "phone", DRAW(&prng, phone_pool));
    say(ret, &prng, "id_number", DRAW(&prng, id_pool));
    say(ret, &prng, "grid", DRAW(&prng, grid_pool));
}

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s %s\n", error->code != NULL ? error->code : "?",
                    error->params[0].value);
    assert_int_equal(status, WEFT_OK);
}

static void come(made_city *city, const wf_fact *const *facts, size_t count,
                 uint64_t seed)
{
    wf_prng prng = wf_prng_new(seed);
    weft_error error = {0};
    for (size_t at = 0, size; at < count; at += size) {
        wf_fact batch[batch_max] = {0};
        wf_verdict verdicts[batch_max];
        size = 1 + wf_prng_below(&prng, batch_max);
        size = size < count - at ? size : count - at;
        for (size_t i = 0; i < size; i++)
            make_fact(facts[at + i], seed, &batch[i]);
        ok(wf_store_send(city->records, batch, size, WF_TIME_NONE, verdicts, &error),
           &error);
        if (wf_prng_below(&prng, 3) == 0)
            ok(wf_store_apply(city->records, 1 + wf_prng_below(&prng, 20), &error),
               &error);
        if (wf_prng_below(&prng, 6) > 0)
            continue;
        made_city_close(city);
        made_city_open(city, city->store.io);
    }
    ok(wf_store_apply(city->records, 0, &error), &error);
    wf_register_refresh(city->reg);
}

// ---- every row ----

typedef struct {
    wf_text person, name, phone, id_number, grid;
} person_row;

static wf_text kept(wf_arena *arena, const wf_table *table, const wf_record *row,
                    const char *column)
{
    wf_text text = row->values[wf_table_column(table, wf_text_of(column))].text;
    return wf_arena_text(arena, text);
}

static size_t scan(made_city *city, wf_arena *arena, person_row *ret)
{
    weft_error error = {0};
    wf_form form;
    wf_record_keys keys;
    wf_buffer sql = {0};
    wf_database *db = NULL;
    wf_statement *all = NULL;
    wf_record row = {0};
    bool any = false;
    size_t count = 0;
    const wf_table *table = &wf_table_person;
    wf_form_init(&form, table);
    ok(wf_record_keys_make(city->store.keys, &keys, &error), &error);
    ok(wf_store_reader(city->records, &db, &error), &error);
    ok(wf_form_select(&form, false, &sql, &error), &error);
    ok(wf_database_prepare(db, sql.bytes, &all, &error), &error);
    for (;;) {
        ok(wf_statement_step(all, &any, &error), &error);
        if (!any)
            break;
        ok(wf_record_read(&form, &keys, all, &row, &error), &error);
        assert_true(count < rows_max);
        ret[count++] = (person_row){
            wf_arena_text(arena,
                          wf_ids_text(wf_visits_ids(city->store.visits), WF_ID_PERSON,
                                      (uint32_t)row.values[0].number)),
            kept(arena, table, &row, "name"), kept(arena, table, &row, "phone"),
            kept(arena, table, &row, "id_number"), kept(arena, table, &row, "grid")};
    }
    wf_statement_free(all);
    wf_database_close(db);
    wf_buffer_done(&sql);
    wf_record_done(&row);
    return count;
}

static int by_person(const void *a, const void *b)
{
    return wf_text_compare(((const person_row *)a)->person,
                           ((const person_row *)b)->person);
}

// ---- both ways of asking ----

typedef struct {
    const char *column;
    wf_search_rule rule;
    const char *value, *grid;
} question;

static bool says(const person_row *row, const question *asked)
{
    wf_search_terms mine, theirs;
    wf_text value = asked->rule == WF_SEARCH_NAME    ? row->name
                    : asked->rule == WF_SEARCH_PHONE ? row->phone
                                                     : row->id_number;
    if (row->grid.size < strlen(asked->grid) ||
        memcmp(row->grid.bytes, asked->grid, strlen(asked->grid)) != 0)
        return false;
    wf_search_terms_of(asked->rule, wf_text_of(asked->value), &mine);
    wf_search_terms_of(asked->rule, value, &theirs);
    return wf_search_is_whole(&mine, &theirs) ||
           (asked->grid[0] != '\0' && wf_search_has_parts(&mine, &theirs));
}

static size_t compare(made_city *city, const person_row *rows, size_t count,
                      const question *asked)
{
    weft_error error = {0};
    wf_arena arena;
    wf_person_found *found = NULL;
    size_t found_count = 0, wanted = 0;
    uint64_t all = 0;
    wf_person_search ask = {asked->column, wf_text_of(asked->value),
                            wf_text_of(asked->grid), rows_max};
    wf_arena_init(&arena, 0);
    ok(wf_register_search(city->reg, &ask, &arena, &found, &found_count, &all, &error),
       &error);
    for (size_t i = 0; i < count; i++) {
        if (!says(&rows[i], asked))
            continue;
        if (wanted >= found_count ||
            !wf_text_equal(found[wanted].person, rows[i].person) ||
            !wf_text_equal(found[wanted].name, rows[i].name) ||
            !wf_text_equal(found[wanted].grid, rows[i].grid))
            fail_msg("%s %s in '%s': %.*s is not found", asked->column, asked->value,
                     asked->grid, (int)rows[i].person.size, rows[i].person.bytes);
        wanted++;
    }
    assert_int_equal(found_count, wanted);
    assert_int_equal(all, wanted);
    wf_arena_done(&arena);
    return wanted;
}

static size_t agree(made_city *city)
{
    static const char *const grids[] = {
        "", "3", "320214", "320214001", "320214001001", "320214002", "G1", "G"};
    person_row rows[rows_max];
    wf_arena arena;
    size_t found = 0;
    wf_arena_init(&arena, 0);
    size_t count = scan(city, &arena, rows);
    qsort(rows, count, sizeof *rows, by_person);
    for (size_t g = 0; g < sizeof grids / sizeof *grids; g++) {
        for (size_t i = 0; i < sizeof name_pool / sizeof *name_pool; i++)
            found += compare(city, rows, count,
                             &(question){"name", WF_SEARCH_NAME, name_pool[i], grids[g]});
        for (size_t i = 0; i + 1 < sizeof phone_pool / sizeof *phone_pool; i++)
            found +=
                compare(city, rows, count,
                        &(question){"phone", WF_SEARCH_PHONE, phone_pool[i], grids[g]});
        for (size_t i = 0; i < sizeof id_pool / sizeof *id_pool; i++)
            found += compare(
                city, rows, count,
                &(question){"id_number", WF_SEARCH_ID_NUMBER, id_pool[i], grids[g]});
    }
    wf_arena_done(&arena);
    return found;
}

// ---- the law ----

static void reopen_register(made_city *city)
{
    weft_error error = {0};
    ok(wf_register_open(city->records, city->store.keys, wf_desk_kinds(), &city->reg,
                        &error),
       &error);
}

// The register is kept while the city is; here it is forgotten, to see that it can be.
static void forget_half(made_city *city, const history *h)
{
    weft_error error = {0};
    uint64_t destroyed = 0;
    weft_day before[WF_KEEP_END];
    weft_time middle = {h->first_at.us / 2 + h->last_at.us / 2};
    for (int keep = 0; keep < WF_KEEP_END; keep++)
        before[keep] = wf_zone_day_of(city->store.zone, middle);
    wf_register_close(city->reg);
    city->reg = NULL;
    ok(wf_store_purge(city->records, before, &destroyed, &error), &error);
    assert_true(destroyed > 0);
    reopen_register(city);
}

static void rebuild(made_city *city)
{
    weft_error error = {0};
    wf_register_close(city->reg);
    city->reg = NULL;
    ok(wf_store_rebuild(city->records, NULL, NULL, &error), &error);
    reopen_register(city);
}

static size_t number_of(const char *name, size_t otherwise)
{
    const char *given = getenv(name);
    return given != NULL ? strtoull(given, NULL, 10) : otherwise;
}

static void live(made_city *city, uint64_t seed)
{
    history h;
    history_options options = {.seed = seed,
                               .facts_count = number_of("WEFT_PROP_FACTS", facts_default),
                               .ids = 25,
                               .takes = takes};
    history_make(wf_desk_kinds(), &options, &h);
    come(city, h.arrivals, h.count / 2, seed);
    assert_true(agree(city) > 0);
    come(city, h.arrivals + h.count / 2, h.count - h.count / 2, seed);
    assert_true(agree(city) > 0);
    rebuild(city);
    agree(city);
    forget_half(city, &h);
    assert_true(agree(city) > 0);
    made_city_close(city);
    made_city_open(city, city->store.io);
    agree(city);
    history_done(&h);
}

static void a_search_finds_what_a_scan_of_all_rows_finds(void **state)
{
    (void)state;
    uint64_t seed = number_of("WEFT_PROP_SEED", 1);
    size_t cases = number_of("WEFT_PROP_CASES", cases_default);
    printf("# seed %llu\n", (unsigned long long)seed);
    for (size_t i = 0; i < cases; i++) {
        made_city city;
        made_city_new(&city);
        live(&city, seed + i);
        made_city_done(&city);
    }
}

static void and_so_where_rows_are_kept_by_a_server(void **state)
{
    (void)state;
    if (!has_server)
        TEST_SKIP("PostgreSQL is not installed");
    uint64_t seed = number_of("WEFT_PROP_SEED", 1);
    test_address where = test_postgres_schema(&server);
    made_city city;
    printf("# seed %llu\n", (unsigned long long)seed);
    made_city_new_at(&city, where.text);
    live(&city, seed);
    made_city_done(&city);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_search_finds_what_a_scan_of_all_rows_finds),
        cmocka_unit_test(and_so_where_rows_are_kept_by_a_server),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
