// How many people live in each town: counted by every delivery.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <sqlite3.h>

#include "base/prng.h"
#include "store/register_inside.h"
#include "support/register_city.h"

#define TOWN_A "990101001"
#define TOWN_B "990101002"

static int set_up(void **state)
{
    register_city *c = calloc(1, sizeof *c);
    register_city_new(c);
    *state = c;
    return 0;
}

static int tear_down(void **state)
{
    register_city_done(*state);
    free(*state);
    return 0;
}

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s %s\n", error->code != NULL ? error->code : "?", error->field);
    assert_int_equal(status, WEFT_OK);
}

static void begin(register_city *c)
{
    weft_error error = {0};
    ok(wf_register_begin(c->reg, register_city_text, c, &error), &error);
}

static void commit(register_city *c)
{
    weft_error error = {0};
    ok(wf_register_commit(c->reg, &error), &error);
}

// Persons [from, to) live at `grid`, as known at `as_of`.
static void put(register_city *c, uint32_t from, uint32_t to, const char *grid,
                int64_t as_of)
{
    weft_error error = {0};
    wf_put_result result;
    wf_value values[WF_COLUMNS_MAX] = {0};
    values[c->reg->grid_column] =
        (wf_value){.given = grid[0] != '\0', .text = wf_text_of(grid)};
    for (uint32_t number = from; number < to; number++)
        ok(wf_register_put(c->reg, WF_REGISTER_PERSONS, number, values,
                           (weft_time){as_of}, &result, &error),
           &error);
}

static void deliver(register_city *c, uint32_t from, uint32_t to, const char *grid,
                    int64_t as_of)
{
    begin(c);
    put(c, from, to, grid, as_of);
    commit(c);
}

static uint32_t town_of(register_city *c, uint32_t person)
{
    weft_error error = {0};
    uint32_t town = 0;
    ok(wf_register_town(c->reg, (wf_person){person}, &town, &error), &error);
    return town;
}

// Who live in the town of a person.
static uint64_t neighbours(register_city *c, uint32_t person)
{
    weft_error error = {0};
    uint64_t people = 0;
    ok(wf_register_residents(c->reg, town_of(c, person), &people, &error), &error);
    return people;
}

// Runs SQL on the closed file, as someone with a SQLite shell would.
static void meddle(register_city *c, const char *sql)
{
    sqlite3 *db = NULL;
    register_city_close(c);
    assert_int_equal(sqlite3_open(c->file.text, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    register_city_open(c);
}

static void count_found(void *context, const weft_error *what)
{
    assert_int_equal(what->status, WEFT_DAMAGED);
    ++*(int *)context;
}

static int verify(register_city *c)
{
    weft_error error = {0};
    int count = 0;
    ok(wf_register_verify(c->reg, count_found, &count, &error), &error);
    return count;
}

static void people_are_counted_as_they_come_and_move(void **state)
{
    register_city *c = *state;
    deliver(c, 0, 5, TOWN_A "001", 100);
    deliver(c, 5, 7, TOWN_B, 100);
    assert_int_equal(neighbours(c, 0), 5);
    assert_int_equal(neighbours(c, 6), 2);
    assert_int_equal(town_of(c, 1), town_of(c, 0));
    assert_int_not_equal(town_of(c, 5), town_of(c, 0));
    deliver(c, 0, 2, TOWN_B "009", 200);
    deliver(c, 2, 4, TOWN_A "002", 200); // within the town
    deliver(c, 4, 5, TOWN_B, 50);        // older: stays where it is
    assert_int_equal(neighbours(c, 4), 3);
    assert_int_equal(neighbours(c, 0), 4);
    assert_int_equal(verify(c), 0);
}

static void a_person_without_a_whole_code_has_no_town(void **state)
{
    register_city *c = *state;
    deliver(c, 0, 1, "", 100);
    deliver(c, 1, 2, "99010100", 100);
    deliver(c, 2, 3, TOWN_A, 100);
    assert_int_equal(town_of(c, 0), 0);
    assert_int_equal(town_of(c, 1), 0);
    assert_int_equal(town_of(c, 3), 0); // not registered
    assert_int_equal(town_of(c, WF_NUMBER_NONE), 0);
    assert_int_equal(neighbours(c, 2), 1);
}

static void a_delivery_taken_back_counts_nobody(void **state)
{
    register_city *c = *state;
    deliver(c, 0, 3, TOWN_A, 100);
    begin(c);
    put(c, 1, 9, TOWN_B, 200);
    wf_register_rollback(c->reg);
    deliver(c, 9, 10, TOWN_B, 100);
    assert_int_equal(neighbours(c, 0), 3);
    assert_int_equal(neighbours(c, 9), 1);
    assert_int_equal(verify(c), 0);
}

static void a_file_without_counts_is_counted(void **state)
{
    register_city *c = *state;
    deliver(c, 0, 5, TOWN_A, 100);
    deliver(c, 5, 7, TOWN_B, 100);
    meddle(c, "DELETE FROM about WHERE name LIKE 'town%'");
    assert_int_equal(neighbours(c, 0), 5);
    assert_int_equal(neighbours(c, 6), 2);
    assert_int_equal(verify(c), 0);
    deliver(c, 7, 8, TOWN_B, 100); // from here on the file keeps them
    assert_int_equal(neighbours(c, 0), 5);
    assert_int_equal(neighbours(c, 6), 3);
    assert_int_equal(verify(c), 0);
    meddle(c, "UPDATE about SET value = x'0900000000000000' "
              "WHERE name = 'town 393930313031303032'");
    assert_int_equal(neighbours(c, 6), 9);
}

static void verify_tells_of_a_count_that_was_changed(void **state)
{
    register_city *c = *state;
    static const char *const meddlings[] = {
        "UPDATE about SET value = x'0900000000000000' WHERE name LIKE 'town %'",
        "UPDATE about SET value = x'09' WHERE name LIKE 'town %'",
        "UPDATE about SET name = 'town x' WHERE name LIKE 'town %'",
        "DELETE FROM about WHERE name LIKE 'town %'",
    };
    deliver(c, 0, 5, TOWN_A, 100);
    for (size_t i = 0; i < sizeof meddlings / sizeof *meddlings; i++) {
        meddle(c, meddlings[i]);
        assert_int_equal(verify(c), 1);
        meddle(c, "DELETE FROM about WHERE name LIKE 'town%'");
        assert_int_equal(verify(c), 0);
        deliver(c, 5 + (uint32_t)i, 6 + (uint32_t)i, TOWN_A, 100);
        assert_int_equal(verify(c), 0);
    }
}

// More towns than the first table holds; a town's people are those that a count of the
// deliveries gives.
static void many_towns_are_told_apart(void **state)
{
    register_city *c = *state;
    enum { people = 3000, towns = 700 };
    static uint32_t lives[people], counts[towns];
    wf_prng prng = wf_prng_new(5);
    for (int64_t round = 1; round <= 3; round++) {
        begin(c);
        for (uint32_t i = 0; i < people; i++) {
            char grid[16];
            lives[i] = wf_prng_below(&prng, towns);
            assert_true(snprintf(grid, sizeof grid, "99%07u", lives[i]) > 0);
            put(c, i, i + 1, grid, round);
        }
        commit(c);
    }
    for (uint32_t i = 0; i < people; i++)
        counts[lives[i]]++;
    for (uint32_t i = 0; i < people; i++)
        assert_int_equal(neighbours(c, i), counts[lives[i]]);
    assert_int_equal(verify(c), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    static const struct CMUnitTest tests[] = {
        TEST(people_are_counted_as_they_come_and_move),
        TEST(a_person_without_a_whole_code_has_no_town),
        TEST(a_delivery_taken_back_counts_nobody),
        TEST(a_file_without_counts_is_counted),
        TEST(verify_tells_of_a_count_that_was_changed),
        TEST(many_towns_are_told_apart),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
