// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <math.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "model/ids.h"
#include "store/register_inside.h"
#include "support/register_city.h"

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

// ---- rows by column name ----

typedef struct {
    wf_register_kind kind;
    wf_value values[WF_COLUMNS_MAX];
} made_row;

static wf_value *value_named(made_row *row, const char *name)
{
    const wf_register_table *table = wf_register_table_of(row->kind);
    for (size_t i = 0; i < table->columns_count; i++)
        if (strcmp(table->columns[i].name, name) == 0)
            return &row->values[i];
    fail_msg("no column %s", name);
    return NULL;
}

static void say_text(made_row *row, const char *column, const char *text)
{
    *value_named(row, column) = (wf_value){.given = true, .text = wf_text_of(text)};
}

static void say_number(made_row *row, const char *column, int64_t number)
{
    *value_named(row, column) = (wf_value){.given = true, .number = number};
}

static void say_real(made_row *row, const char *column, double real)
{
    *value_named(row, column) = (wf_value){.given = true, .real = real};
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

static wf_put_result put(register_city *c, const made_row *row, uint32_t number,
                         int64_t as_of)
{
    weft_error error = {0};
    wf_put_result result;
    ok(wf_register_put(c->reg, row->kind, number, row->values, (weft_time){as_of},
                       &result, &error),
       &error);
    return result;
}

static wf_put_result deliver(register_city *c, const made_row *row, uint32_t number,
                             int64_t as_of)
{
    begin(c);
    wf_put_result result = put(c, row, number, as_of);
    commit(c);
    return result;
}

static wf_person_about person(register_city *c, uint32_t number)
{
    weft_error error = {0};
    wf_person_about about;
    ok(wf_register_person(c->reg, (wf_person){number}, &about, &error), &error);
    return about;
}

static wf_place_about place(register_city *c, uint32_t number)
{
    weft_error error = {0};
    wf_place_about about;
    ok(wf_register_place(c->reg, (wf_place){number}, &about, &error), &error);
    return about;
}

static made_row full_person(void)
{
    made_row row = {.kind = WF_REGISTER_PERSONS};
    say_text(&row, "name", "王试");
    say_text(&row, "sex", "female");
    say_number(&row, "birth", -3653);
    say_text(&row, "grid", "320214001001");
    say_text(&row, "household", "H-0000031");
    say_text(&row, "phone", "000-7777777");
    say_text(&row, "id_number", "000000000000000077");
    say_text(&row, "occupation", "nurse");
    say_text(&row, "needs", "dialysis");
    return row;
}

static void digest(register_city *c, wf_register_kind kind, unsigned char ret[32])
{
    weft_error error = {0};
    ok(wf_register_digest(c->reg, kind, register_city_text, c, ret, &error), &error);
}

// ---- what is asked ----

static void a_person_comes_back_as_it_was_put(void **state)
{
    register_city *c = *state;
    made_row row = full_person();
    assert_false(person(c, 3).registered);
    assert_int_equal(person(c, 3).birth.number, INT32_MIN);
    assert_int_equal(deliver(c, &row, 3, 100), WF_PUT_ACCEPTED);
    assert_int_equal(deliver(c, &row, 3, 100), WF_PUT_HAD);
    register_city_close(c);
    register_city_open(c);
    wf_person_about about = person(c, 3);
    assert_true(about.registered);
    assert_string_equal(about.grid, "320214001001");
    assert_string_equal(about.occupation, "nurse");
    assert_int_equal(about.birth.number, -3653);
    assert_true(about.household != 0);
}

static void people_of_one_household_are_known_to_be(void **state)
{
    register_city *c = *state;
    made_row row = full_person();
    begin(c);
    put(c, &row, 1, 100);
    put(c, &row, 2, 100);
    say_text(&row, "household", "H-0000032");
    put(c, &row, 3, 100);
    *value_named(&row, "household") = (wf_value){0};
    put(c, &row, 4, 100);
    commit(c);
    assert_true(person(c, 1).household == person(c, 2).household);
    assert_true(person(c, 1).household != person(c, 3).household);
    assert_true(person(c, 4).household == 0);
}

static void a_place_comes_back_as_it_was_put(void **state)
{
    register_city *c = *state;
    made_row row = {.kind = WF_REGISTER_PLACES};
    assert_false(place(c, 5).registered);
    assert_int_equal(place(c, 5).kind, WF_PLACE_OTHER);
    assert_int_equal(place(c, 5).parent, WF_NUMBER_NONE);
    assert_int_equal(place(c, 5).ventilated, -1);
    say_text(&row, "name", "湖㳇镇市场");
    say_text(&row, "kind", "market");
    say_text(&row, "grid", "320282");
    say_number(&row, "parent", 8);
    say_real(&row, "area_m2", 1250.5);
    say_real(&row, "lat", 31.25);
    say_number(&row, "ventilation", 0);
    deliver(c, &row, 5, 100);
    wf_place_about about = place(c, 5);
    assert_true(about.registered);
    assert_int_equal(about.kind, WF_PLACE_MARKET);
    assert_string_equal(about.grid, "320282");
    assert_int_equal(about.parent, 8);
    assert_int_equal(about.ventilated, 0);
    assert_true(about.area_m2 == 1250.5);
}

static void cases_come_in_the_order_of_report_and_id(void **state)
{
    register_city *c = *state;
    static const struct {
        const char *id;
        int64_t reported;
    } rows[] = {{"C-3", 50}, {"C-2", 50}, {"C-9", 10}, {"C-1", INT64_MIN}};
    static const char *const order[] = {"C-9", "C-2", "C-3", "C-1"};
    weft_error error = {0};
    begin(c);
    for (size_t i = 0; i < 4; i++) {
        made_row row = {.kind = WF_REGISTER_CASES};
        say_text(&row, "case", rows[i].id);
        if (rows[i].reported != INT64_MIN)
            say_number(&row, "reported", rows[i].reported);
        say_text(&row, "onset_kind", "rash");
        put(c, &row, 0, 100);
    }
    commit(c);
    wf_arena arena = {0};
    wf_case_row *found = NULL;
    size_t count = 0;
    ok(wf_register_cases(c->reg, &arena, &found, &count, &error), &error);
    assert_int_equal(count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_true(wf_text_equal(found[i].id, wf_text_of(order[i])));
    assert_true(weft_time_is_none(found[3].about.reported));
    assert_int_equal(found[3].about.person.number, WF_NUMBER_NONE);
    assert_true(wf_text_equal(found[3].about.onset_kind, WF_TEXT("rash")));
    wf_arena_done(&arena);
}

static void a_case_grows_with_what_comes_later(void **state)
{
    register_city *c = *state;
    weft_error error = {0};
    wf_arena arena = {0};
    wf_case about;
    made_row row = {.kind = WF_REGISTER_CASES};
    assert_int_equal(wf_register_case(c->reg, WF_TEXT("C-1"), &arena, &about, &error),
                     WEFT_NOT_FOUND);
    assert_string_equal(error.code, "case.unknown");
    say_text(&row, "case", "C-1");
    say_number(&row, "sampled", -7);
    assert_int_equal(deliver(c, &row, 0, 100), WF_PUT_ACCEPTED);
    ok(wf_register_case(c->reg, WF_TEXT("C-1"), &arena, &about, &error), &error);
    assert_int_equal(about.symptomatic, -1);
    assert_int_equal(about.classification, WF_CASE_UNCLASSIFIED);
    assert_int_equal(about.person.number, WF_NUMBER_NONE);
    *value_named(&row, "sampled") = (wf_value){0}; // says nothing, erases nothing
    say_number(&row, "person", 4);
    say_number(&row, "symptomatic", 1);
    say_text(&row, "classification", "not_a_case");
    assert_int_equal(deliver(c, &row, 0, 100), WF_PUT_ACCEPTED);
    ok(wf_register_case(c->reg, WF_TEXT("C-1"), &arena, &about, &error), &error);
    assert_int_equal(about.sampled.us, -7);
    assert_int_equal(about.person.number, 4);
    assert_int_equal(about.symptomatic, 1);
    assert_int_equal(about.classification, WF_CASE_NOT_A_CASE);
    assert_true(weft_time_is_none(about.died));
    wf_arena_done(&arena);
}

// ---- merging ----

static void an_older_value_never_overwrites_a_newer_one(void **state)
{
    register_city *c = *state;
    made_row row = {.kind = WF_REGISTER_PERSONS};
    say_text(&row, "occupation", "driver");
    assert_int_equal(deliver(c, &row, 1, 200), WF_PUT_ACCEPTED);
    say_text(&row, "occupation", "teacher");
    say_text(&row, "grid", "320214");
    assert_int_equal(deliver(c, &row, 1, 100), WF_PUT_ACCEPTED); // the grid is new
    assert_int_equal(deliver(c, &row, 1, 150), WF_PUT_HAD);
    assert_string_equal(person(c, 1).occupation, "driver");
    assert_string_equal(person(c, 1).grid, "320214");
    say_text(&row, "occupation", "cook");
    assert_int_equal(deliver(c, &row, 1, 200), WF_PUT_HAD); // the grid is of 200 now
    say_text(&row, "grid", "990000");
    assert_int_equal(deliver(c, &row, 1, 150), WF_PUT_HAD);
    assert_string_equal(person(c, 1).grid, "320214");
    assert_string_equal(person(c, 1).occupation, "driver");
}

static void of_one_as_of_the_greater_value_stands(void **state)
{
    register_city *c = *state;
    made_row row = {.kind = WF_REGISTER_PERSONS};
    say_text(&row, "occupation", "cook");
    deliver(c, &row, 1, 100);
    say_text(&row, "occupation", "driver");
    assert_int_equal(deliver(c, &row, 1, 100), WF_PUT_ACCEPTED);
    say_text(&row, "occupation", "baker");
    assert_int_equal(deliver(c, &row, 1, 100), WF_PUT_HAD);
    assert_string_equal(person(c, 1).occupation, "driver");
}

static void a_newer_as_of_of_the_same_value_is_kept(void **state)
{
    register_city *c = *state;
    made_row row = full_person();
    deliver(c, &row, 1, 100);
    assert_int_equal(deliver(c, &row, 1, 300), WF_PUT_HAD);
    say_text(&row, "occupation", "zoologist");
    say_number(&row, "birth", 20000);
    assert_int_equal(deliver(c, &row, 1, 200), WF_PUT_HAD);
    assert_string_equal(person(c, 1).occupation, "nurse");
    assert_int_equal(person(c, 1).birth.number, -3653);
}

static void competing_places_are_judged_by_their_ids_not_their_numbers(void **state)
{
    register_city *c = *state;
    made_row row = {.kind = WF_REGISTER_PLACES};
    for (int turn = 0; turn < 2; turn++) {
        c->turned = turn == 1;
        say_number(&row, "parent", 3);
        deliver(c, &row, (uint32_t)turn, 100);
        say_number(&row, "parent", 6);
        deliver(c, &row, (uint32_t)turn, 100);
        // "G-0000006", then number 3 because that is its name.
        assert_int_equal(place(c, (uint32_t)turn).parent, turn == 0 ? 6 : 3);
    }
}

static void the_digest_does_not_depend_on_numbers_or_keys(void **state)
{
    register_city *c = *state;
    register_city other;
    unsigned char digests[2][32], empty[32];
    digest(c, WF_REGISTER_CASES, empty);
    register_city_new(&other);
    other.turned = true;
    register_city *cities[2] = {c, &other};
    for (uint32_t turn = 0; turn < 2; turn++) {
        made_row row = {.kind = WF_REGISTER_CASES};
        say_text(&row, "case", "C-1");
        say_number(&row, "person", turn == 0 ? 2 : 7);
        begin(cities[turn]);
        put(cities[turn], &row, 0, 100 + (int64_t)turn); // as-ofs are not in it
        commit(cities[turn]);
        digest(cities[turn], WF_REGISTER_CASES, digests[turn]);
        row = full_person();
        begin(cities[turn]);
        put(cities[turn], &row, turn == 0 ? 4 : 5, 100);
        commit(cities[turn]);
    }
    assert_memory_equal(digests[0], digests[1], 32);
    assert_memory_not_equal(digests[0], empty, 32);
    for (size_t turn = 0; turn < 2; turn++)
        digest(cities[turn], WF_REGISTER_PERSONS, digests[turn]);
    assert_memory_equal(digests[0], digests[1], 32);
    made_row row = {.kind = WF_REGISTER_PERSONS};
    say_text(&row, "phone", "000-7777778");
    deliver(c, &row, 4, 200);
    digest(c, WF_REGISTER_PERSONS, digests[0]);
    assert_memory_not_equal(digests[0], digests[1], 32);
    register_city_done(&other);
}

// ---- deliveries ----

static void nothing_is_seen_before_the_commit_nor_after_a_rollback(void **state)
{
    register_city *c = *state;
    made_row row = full_person();
    begin(c);
    put(c, &row, 1, 100);
    assert_false(person(c, 1).registered);
    wf_register_rollback(c->reg);
    assert_false(person(c, 1).registered);
    begin(c);
    put(c, &row, 1, 100);
    commit(c);
    assert_true(person(c, 1).registered);
    begin(c);
    put(c, &row, 2, 100);
    register_city_close(c); // as a program that ends in between
    register_city_open(c);
    assert_true(person(c, 1).registered);
    assert_false(person(c, 2).registered);
}

static void a_value_that_a_column_does_not_take_is_refused_alone(void **state)
{
    register_city *c = *state;
    static const struct {
        wf_register_kind kind;
        const char *column;
        wf_value value;
    } bad[] = {
        {WF_REGISTER_PERSONS, "sex", {.given = true, .text = {"woman", 5}}},
        {WF_REGISTER_PERSONS, "name", {.given = true, .text = {"", 0}}},
        {WF_REGISTER_PERSONS, "name", {.given = true, .text = {"a\nb", 3}}},
        {WF_REGISTER_PERSONS, "name", {.given = true, .text = {"a\xC2\x85", 3}}},
        {WF_REGISTER_PERSONS, "name", {.given = true, .text = {"\xFF", 1}}},
        {WF_REGISTER_PERSONS, "birth", {.given = true, .number = INT64_MAX}},
        {WF_REGISTER_PLACES, "lat", {.given = true, .real = 90.5}},
        {WF_REGISTER_PLACES, "area_m2", {.given = true, .real = (double)NAN}},
        {WF_REGISTER_PLACES, "kind", {.given = true, .text = {"Market", 6}}},
        {WF_REGISTER_PLACES, "parent", {.given = true, .number = WF_NUMBER_NONE}},
        {WF_REGISTER_PLACES, "ventilation", {.given = true, .number = 2}},
        {WF_REGISTER_CASES, "reported", {.given = true, .number = INT64_MIN}},
        {WF_REGISTER_CASES, "case", {.given = false}},
        {WF_REGISTER_PERSONS,
         "grid",
         {.given = true, .text = {"32021400100132021400100132021400", 32}}},
    };
    begin(c);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        made_row row = {.kind = bad[i].kind};
        weft_error error = {0};
        wf_put_result result;
        if (row.kind == WF_REGISTER_CASES)
            say_text(&row, "case", "C-1");
        *value_named(&row, bad[i].column) = bad[i].value;
        assert_int_equal(wf_register_put(c->reg, row.kind, 7, row.values,
                                         (weft_time){100}, &result, &error),
                         WEFT_BAD_INPUT);
        assert_string_equal(error.code, "register.value");
        assert_string_equal(error.field, bad[i].column);
    }
    made_row good = full_person();
    put(c, &good, 3, 100);
    commit(c);
    assert_true(person(c, 3).registered);
    assert_false(person(c, 7).registered);
    assert_false(place(c, 7).registered);
}

static void numbers_that_rows_hold_are_known(void **state)
{
    register_city *c = *state;
    made_row row = {.kind = WF_REGISTER_CASES};
    assert_false(wf_register_has_person(c->reg, 6));
    say_text(&row, "case", "C-1");
    say_number(&row, "person", 6);
    deliver(c, &row, 0, 100);
    row = (made_row){.kind = WF_REGISTER_PLACES};
    say_number(&row, "parent", 9);
    deliver(c, &row, 2, 100);
    row = full_person();
    deliver(c, &row, 1, 100);
    for (uint32_t number = 0; number < 10; number++) {
        assert_int_equal(wf_register_has_person(c->reg, number),
                         number == 1 || number == 6);
        assert_int_equal(wf_register_has_place(c->reg, number),
                         number == 2 || number == 9);
    }
    assert_false(wf_register_has_person(c->reg, WF_NUMBER_NONE));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    static const struct CMUnitTest tests[] = {
        TEST(a_person_comes_back_as_it_was_put),
        TEST(people_of_one_household_are_known_to_be),
        TEST(a_place_comes_back_as_it_was_put),
        TEST(cases_come_in_the_order_of_report_and_id),
        TEST(a_case_grows_with_what_comes_later),
        TEST(an_older_value_never_overwrites_a_newer_one),
        TEST(of_one_as_of_the_greater_value_stands),
        TEST(a_newer_as_of_of_the_same_value_is_kept),
        TEST(competing_places_are_judged_by_their_ids_not_their_numbers),
        TEST(the_digest_does_not_depend_on_numbers_or_keys),
        TEST(nothing_is_seen_before_the_commit_nor_after_a_rollback),
        TEST(a_value_that_a_column_does_not_take_is_refused_alone),
        TEST(numbers_that_rows_hold_are_known),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
