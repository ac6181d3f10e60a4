// Law: any permutation, repetition and batching of deliveries of register rows ends in
// the same digest and the same answers, whatever numbers the dictionary gave; and
// these answers are, per column, the value with the greatest (as-of, value).
//
// A row counts as accepted exactly when it changed the digest.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <time.h>

#include "base/arena.h"
#include "base/prng.h"
#include "model/ids.h"
#include "support/register_city.h"

enum { cases_default = 16, rows_max = 24, subjects = 3 };

// What a row says, by the names of things, not by their numbers.
typedef struct {
    wf_register_kind kind;
    uint32_t name;                   // 0–9, the name of the person or place
    wf_value values[WF_COLUMNS_MAX]; // PERSON and PLACE: a name
    int64_t as_of;
} said;

static const char *const words[] = {"a", "aa", "b", "王", "乙"};
static const char *const ids[subjects] = {"C-1", "C-2", "C-3"};

static wf_value random_value(wf_prng *prng, const wf_column *column)
{
    wf_value value = {.given = wf_prng_below(prng, 5) < 3};
    uint32_t words_count = 0;
    switch (column->type) {
    case WF_COLUMN_WORD:
        while (column->words[words_count] != NULL)
            words_count++;
        value.text = wf_text_of(column->words[wf_prng_below(prng, words_count)]);
        break;
    case WF_COLUMN_ID:
    case WF_COLUMN_TEXT:
        value.text = wf_text_of(words[wf_prng_below(prng, 5)]);
        break;
    case WF_COLUMN_NUMBER:
        value.real = (double)wf_prng_below(prng, 3) / 3 * (double)column->max;
        if (wf_prng_below(prng, 4) == 0)
            value.real = -0.0;
        break;
    case WF_COLUMN_YESNO:
        value.number = wf_prng_below(prng, 2);
        break;
    case WF_COLUMN_PERSON:
    case WF_COLUMN_PLACE:
        value.number = wf_prng_below(prng, 10);
        break;
    default:
        value.number = (int64_t)wf_prng_below(prng, 4) - 2;
        break;
    }
    return value;
}

static said random_row(wf_prng *prng)
{
    said row = {.kind = wf_prng_below(prng, WF_REGISTER_COUNT),
                .name = wf_prng_below(prng, subjects),
                .as_of = (int64_t)wf_prng_below(prng, 4) - 1};
    const wf_register_table *table = wf_register_table_of(row.kind);
    for (size_t i = 1; i < table->columns_count; i++)
        row.values[i] = random_value(prng, &table->columns[i]);
    row.values[0] = (wf_value){.given = row.kind == WF_REGISTER_CASES,
                               .text = wf_text_of(ids[row.name])};
    return row;
}

static uint32_t number_of(const register_city *c, uint32_t name)
{
    return c->turned ? 9 - name : name;
}

static wf_put_result put(register_city *c, const said *row)
{
    const wf_register_table *table = wf_register_table_of(row->kind);
    wf_value values[WF_COLUMNS_MAX];
    weft_error error = {0};
    wf_put_result result = WF_PUT_HAD;
    memcpy(values, row->values, sizeof values);
    for (size_t i = 1; i < table->columns_count; i++)
        if (table->columns[i].type == WF_COLUMN_PERSON ||
            table->columns[i].type == WF_COLUMN_PLACE)
            values[i].number = number_of(c, (uint32_t)values[i].number);
    register_city_must(wf_register_put(c->reg, row->kind, number_of(c, row->name), values,
                                       (weft_time){row->as_of}, &result, &error),
                       &error);
    return result;
}

static void digests(register_city *c, unsigned char ret[WF_REGISTER_COUNT][32])
{
    weft_error error = {0};
    for (wf_register_kind kind = 0; kind < WF_REGISTER_COUNT; kind++)
        register_city_must(
            wf_register_digest(c->reg, kind, register_city_text, c, ret[kind], &error),
            &error);
}

static void begin(register_city *c)
{
    weft_error error = {0};
    register_city_must(wf_register_begin(c->reg, register_city_text, c, &error), &error);
}

static void commit(register_city *c)
{
    weft_error error = {0};
    register_city_must(wf_register_commit(c->reg, &error), &error);
}

// In this order, one delivery each; accepted is compared with what the digest says.
static void deliver_one_by_one(register_city *c, const said *rows, size_t count)
{
    unsigned char before[WF_REGISTER_COUNT][32], after[WF_REGISTER_COUNT][32];
    digests(c, before);
    for (size_t i = 0; i < count; i++) {
        begin(c);
        wf_put_result result = put(c, &rows[i]);
        commit(c);
        digests(c, after);
        bool changed = memcmp(before, after, sizeof before) != 0;
        assert_int_equal(result, changed ? WF_PUT_ACCEPTED : WF_PUT_HAD);
        memcpy(before, after, sizeof before);
    }
}

// In a random order, each at least once, in batches, some of which are given up first.
static void deliver_shuffled(register_city *c, wf_prng *prng, const said *rows,
                             size_t count)
{
    size_t order[2 * rows_max], orders = 2 * count;
    for (size_t i = 0; i < orders; i++) {
        order[i] = i < count ? i : wf_prng_below(prng, (uint32_t)count);
        size_t other = wf_prng_below(prng, (uint32_t)i + 1), keep = order[other];
        order[other] = order[i];
        order[i] = keep;
    }
    for (size_t at = 0; at < orders;) {
        size_t size = 1 + wf_prng_below(prng, (uint32_t)(orders - at));
        begin(c);
        for (size_t i = 0; i < size; i++)
            put(c, &rows[order[at + i]]);
        if (wf_prng_below(prng, 3) == 0) {
            wf_register_rollback(c->reg);
            continue;
        }
        commit(c);
        at += size;
    }
}

static int compare(const wf_column *column, const wf_value *a, const wf_value *b)
{
    if (column->type == WF_COLUMN_NUMBER)
        return (a->real > b->real) - (a->real < b->real);
    if (column->type == WF_COLUMN_TEXT || column->type == WF_COLUMN_WORD)
        return wf_text_compare(a->text, b->text);
    return (a->number > b->number) - (a->number < b->number);
}

// The value that must stand, or NULL.
static const wf_value *expected(const said *rows, size_t count, wf_register_kind kind,
                                uint32_t name, const char *column_name)
{
    const wf_register_table *table = wf_register_table_of(kind);
    size_t column = 0;
    while (strcmp(table->columns[column].name, column_name) != 0)
        column++;
    const said *best = NULL;
    for (size_t i = 0; i < count; i++) {
        const said *row = &rows[i];
        if (row->kind != kind || row->name != name || !row->values[column].given)
            continue;
        if (best == NULL || row->as_of > best->as_of ||
            (row->as_of == best->as_of &&
             compare(&table->columns[column], &row->values[column],
                     &best->values[column]) > 0))
            best = row;
    }
    return best != NULL ? &best->values[column] : NULL;
}

static void expect_time(weft_time found, const wf_value *wanted)
{
    assert_true(found.us == (wanted != NULL ? wanted->number : INT64_MIN));
}

static void check_case(register_city *c, const said *rows, size_t count, uint32_t name)
{
#define WANTED(column) expected(rows, count, WF_REGISTER_CASES, name, column)
    wf_arena arena = {0};
    wf_case about;
    weft_error error = {0};
    weft_status status =
        wf_register_case(c->reg, wf_text_of(ids[name]), &arena, &about, &error);
    if (status == WEFT_OK) {
        expect_time(about.reported, WANTED("reported"));
        expect_time(about.buried, WANTED("buried"));
        expect_time(about.onset, WANTED("onset"));
        const wf_value *kind = WANTED("onset_kind"), *person = WANTED("person");
        assert_true(
            wf_text_equal(about.onset_kind, kind != NULL ? kind->text : WF_TEXT("")));
        assert_int_equal(about.person.number, person != NULL
                                                  ? number_of(c, (uint32_t)person->number)
                                                  : WF_NUMBER_NONE);
    } else {
        assert_int_equal(status, WEFT_NOT_FOUND);
        assert_null(WANTED("reported"));
    }
    wf_arena_done(&arena);
#undef WANTED
}

static void check_person_and_place(register_city *c, const said *rows, size_t count,
                                   uint32_t name)
{
    weft_error error = {0};
    wf_person_about person;
    wf_place_about place;
    wf_person one = {number_of(c, name)};
    wf_place other = {number_of(c, name)};
    register_city_must(wf_register_person(c->reg, one, &person, &error), &error);
    register_city_must(wf_register_place(c->reg, other, &place, &error), &error);
    const wf_value *wanted = expected(rows, count, WF_REGISTER_PERSONS, name, "birth");
    assert_int_equal(person.birth.number, wanted != NULL ? wanted->number : INT32_MIN);
    wanted = expected(rows, count, WF_REGISTER_PERSONS, name, "occupation");
    assert_true(wf_text_equal(wf_text_of(person.occupation),
                              wanted != NULL ? wanted->text : WF_TEXT("")));
    wanted = expected(rows, count, WF_REGISTER_PLACES, name, "parent");
    assert_int_equal(place.parent, wanted != NULL ? number_of(c, (uint32_t)wanted->number)
                                                  : WF_NUMBER_NONE);
    wanted = expected(rows, count, WF_REGISTER_PLACES, name, "area_m2");
    assert_true(place.area_m2 == (wanted != NULL ? wanted->real : 0));
}

static void check_one(register_city cities[2], uint64_t seed)
{
    wf_prng prng = wf_prng_new(seed);
    said rows[rows_max];
    size_t count = 1 + wf_prng_below(&prng, rows_max);
    for (size_t i = 0; i < count; i++)
        rows[i] = random_row(&prng);
    unsigned char found[2][WF_REGISTER_COUNT][32];
    for (size_t i = 0; i < 2; i++) {
        register_city_new(&cities[i]);
        cities[i].turned = i == 1;
    }
    deliver_one_by_one(&cities[0], rows, count);
    deliver_shuffled(&cities[1], &prng, rows, count);
    for (size_t i = 0; i < 2; i++) {
        digests(&cities[i], found[i]);
        for (uint32_t name = 0; name < subjects; name++) {
            check_case(&cities[i], rows, count, name);
            check_person_and_place(&cities[i], rows, count, name);
        }
    }
    assert_memory_equal(found[0], found[1], sizeof found[0]);
    for (size_t i = 0; i < 2; i++)
        register_city_done(&cities[i]);
}

static void deliveries_converge_in_any_order(void **state)
{
    (void)state;
    static register_city cities[2];
    const char *seed_text = getenv("WEFT_PROP_SEED");
    const char *cases_text = getenv("WEFT_PROP_CASES");
    int64_t seed = (int64_t)time(NULL), cases = cases_default;
    if (seed_text != NULL)
        assert_true(wf_parse_i64(wf_text_of(seed_text), 0, INT64_MAX, &seed));
    if (cases_text != NULL)
        assert_true(wf_parse_i64(wf_text_of(cases_text), 1, 1000000, &cases));
    for (int64_t i = 0; i < cases; i++) {
        print_message("# WEFT_PROP_SEED=%lld WEFT_PROP_CASES=1\n", (long long)(seed + i));
        check_one(cities, (uint64_t)(seed + i));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(deliveries_converge_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
