// The population counter when memory runs out at the n-th allocation: it says so, or does
// without; what it says afterwards is right, and all memory is given back. Following the
// rows never fails them (desk/testing/counter.h). The same of the names of places
// (desk/register/place_names.h).

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "desk/queries.h"
#include "desk/register/place_names.h"
#include "desk/testing/counter.h"
#include "support/failing_memory.h"
#include "support/made_city.h"

enum { people = 200, buildings = 40 };

static wf_text id_of(void *context, uint32_t person)
{
    static char id[16];
    (void)context;
    snprintf(id, sizeof id, "P-%07u", person);
    return wf_text_of(id);
}

// ---- the population alone ----

// Says a bit of everything; false where memory ended. What stands at the end is the same.
static bool say_all(wf_population *population, unsigned *ret_round)
{
    wf_population_row rows[people];
    wf_buffer samples = {0};
    bool done = true;
    for (uint32_t i = 0; done && i < people; i++) {
        char code[24];
        uint32_t building = 0;
        snprintf(code, sizeof code, "3202%08u", i % buildings);
        done = wf_population_building(population, wf_text_of(code), &building) &&
               (i % 2 == 0 || wf_buffer_append(&samples, &i, sizeof i));
        rows[i] = (wf_population_row){i, wf_population_say(building, WF_PRESENCE_UNSAID)};
    }
    done = done && wf_population_fill(population, rows, people, 2) &&
           wf_population_load(population, &samples, 2, ret_round);
    wf_buffer_done(&samples);
    for (uint32_t i = 0; done && i < people; i += 10)
        done = wf_population_join(population, i, i + 1);
    for (uint32_t i = 0; done && i < 300; i++)
        done = wf_population_add(population, *ret_round, 4);
    // And back.
    return done && wf_population_part(population, 10, 11) &&
           wf_population_remove(population, *ret_round, 1) &&
           wf_population_join(population, 10, 11) &&
           wf_population_add(population, *ret_round, 1);
}

// Half are sampled; twenty are two ids of one person, one of which is.
static void check(wf_population *population, unsigned round)
{
    wf_heads all = {0};
    wf_buffer missing = {0};
    const wf_buildings *of = wf_population_buildings(population);
    for (uint32_t i = WF_BUILDING_NOWHERE; i < wf_buildings_count(of); i++) {
        wf_heads heads = wf_population_heads(population, round, i);
        wf_heads_add(&all, &heads);
        assert_true(wf_population_missing(population, round, i, &missing));
    }
    assert_int_equal(all.registered, people - people / 10);
    assert_int_equal(all.sampled, people / 2 + 1);
    assert_int_equal(all.missing, all.present - all.sampled);
    assert_int_equal(missing.size / sizeof(uint32_t), all.missing);
    wf_buffer_done(&missing);
}

static void the_population_says_when_memory_ends(void **state)
{
    bool done = false;
    unsigned long failed = 0;
    (void)state;
    for (unsigned long at = 1; !done || failing.calls >= at; at++) {
        long before = failing.living;
        unsigned round = 0;
        arm(at);
        wf_population *population = wf_population_new(id_of, NULL);
        done = population != NULL && say_all(population, &round);
        disarm();
        if (done)
            check(population, round);
        failed += !done;
        wf_population_free(population);
        assert_int_equal(failing.living, before);
    }
    assert_true(failed > 20);
}

static void a_list_of_the_missing_says_when_memory_ends(void **state)
{
    unsigned round = 0;
    bool done = false;
    (void)state;
    wf_population *population = wf_population_new(id_of, NULL);
    assert_true(say_all(population, &round));
    for (unsigned long at = 1; !done; at++) {
        wf_buffer missing = {0};
        arm(at);
        done =
            wf_population_missing(population, round, WF_BUILDING_NOWHERE + 1, &missing) &&
            wf_buildings_sorted(wf_population_buildings(population)) != NULL;
        disarm();
        wf_buffer_done(&missing);
        check(population, round);
    }
    wf_population_free(population);
}

// ---- with a city ----

static const char persons[] = "person,grid\n"
                              "P-0000001,320282001001001001\n"
                              "P-0000002,320282001001001001\n"
                              "P-0000003,320282001001001002\n";

static wf_text text_of_number(void *context, wf_column_type type, uint32_t number)
{
    wf_numbers numbers = wf_numbers_of(((made_city *)context)->store.visits);
    return numbers.text_of(numbers.context, type, number);
}

// Asks with the n-th allocation failing; then without, when the answer must be right.
static bool ask(wf_counter *counter, made_city *city, unsigned long at)
{
    weft_error error = {0};
    wf_counter_question question = {WF_TEXT(""), WF_TIME_NONE};
    wf_population *population = NULL;
    unsigned round = 0;
    bool done = false;
    for (int again = 0; again < 2; again++) {
        if (again == 0)
            arm(at);
        weft_status status = wf_counter_ask(counter, city->records, &question,
                                            &population, &round, &error);
        disarm();
        if (again == 0)
            done = status == WEFT_OK;
        if (status == WEFT_OK) {
            wf_heads heads = wf_population_heads(population, round, 2);
            assert_int_equal(heads.present, 2);
            assert_int_equal(heads.missing, 2);
            wf_counter_release(counter);
        }
        assert_true(status == WEFT_OK || again == 0);
    }
    return done;
}

static void the_first_question_may_be_asked_again(void **state)
{
    made_city city = {0};
    weft_error error = {0};
    wf_numbers numbers = {.text_of = text_of_number, .context = &city};
    bool done = false;
    (void)state;
    made_city_new(&city);
    assert_int_equal(made_import(&city, WEFT_IMPORT_PERSONS, persons), WEFT_OK);
    for (unsigned long at = 1; !done; at++) {
        wf_counter *counter = NULL;
        assert_int_equal(wf_counter_new(numbers, &counter, &error), WEFT_OK);
        long before = failing.living;
        done = ask(counter, &city, at);
        wf_counter_free(counter);
        assert_true(failing.living <= before);
    }
    made_city_done(&city);
}

// A person comes and goes again, with an allocation failing on the way: the rows go on,
// and the next answer is what the rows say.
static void following_never_fails_the_rows(void **state)
{
    made_city city = {0};
    weft_error error = {0};
    wf_numbers numbers = {.text_of = text_of_number, .context = &city};
    wf_value row[4] = {{.given = true, .number = 77},
                       {.given = true, .text = WF_TEXT("320282001001001009")}};
    (void)state;
    made_city_new(&city);
    assert_int_equal(made_import(&city, WEFT_IMPORT_PERSONS, persons), WEFT_OK);
    unsigned long calls = 1;
    for (unsigned long at = 1; at <= calls; at++) {
        wf_counter *counter = NULL;
        assert_int_equal(wf_counter_new(numbers, &counter, &error), WEFT_OK);
        assert_true(ask(counter, &city, 0));
        wf_follower follower = wf_counter_follower(counter);
        arm(at);
        for (int back = 0; back < 2; back++)
            assert_int_equal(follower.watches[0].changed(follower.context,
                                                         back == 0 ? NULL : row,
                                                         back == 0 ? row : NULL, &error),
                             WEFT_OK);
        calls = failing.calls;
        disarm();
        follower.ended(follower.context, true);
        assert_true(ask(counter, &city, 0));
        wf_counter_free(counter);
    }
    made_city_done(&city);
}

// ---- names of places ----

static const char places[] = "place,name,kind\n"
                             "L-0000001,虚构菜市场,market\n"
                             "L-0000002,虚构小学,school\n";

typedef struct {
    made_city city;
    wf_place_names *names;
    wf_follower follower;
    wf_view_computed computed;
} street;

static void open_street(street *of, wf_views **ret)
{
    static const wf_protocol protocol = {0};
    weft_error error = {0};
    size_t count, at = 0;
    const wf_sql_text *all = wf_desk_views(&count);
    while (strcmp(all[at].name, "register/places_named") != 0)
        at++;
    of->computed = wf_place_names_view(of->names);
    wf_views_options options = {.protocol = &protocol,
                                .store = of->city.records,
                                .keys = of->city.store.keys,
                                .kinds = wf_desk_kinds(),
                                .numbers = wf_numbers_of(of->city.store.visits),
                                .texts = &all[at],
                                .texts_count = 1,
                                .computed = &of->computed,
                                .computed_count = 1};
    assert_int_equal(wf_views_open(&options, ret, &error), WEFT_OK);
}

// How many names hold 虚构; SIZE_MAX: memory ended.
static size_t ask_street(wf_views *views, unsigned long at)
{
    weft_error error = {0};
    wf_arena arena;
    wf_view_page page = {0};
    wf_value text = {.given = true, .text = WF_TEXT("虚构")}, filters[4] = {0};
    wf_view_question question = {.parameters = &text, .filters = filters, .limit = 10};
    wf_arena_init(&arena, 0);
    arm(at);
    weft_status status =
        wf_view_ask(wf_views_at(views, 0), &question, &arena, &page, &error);
    disarm();
    assert_true(status == WEFT_OK || at > 0);
    wf_arena_done(&arena);
    return status == WEFT_OK ? page.rows_count : SIZE_MAX;
}

static void names_of_places_may_be_asked_again(void **state)
{
    street of = {0};
    weft_error error = {0};
    wf_value third[4] = {{.given = true, .number = 9},
                         {.given = true, .text = WF_TEXT("虚构药房")}};
    bool done = false;
    (void)state;
    made_city_new(&of.city);
    assert_int_equal(made_import(&of.city, WEFT_IMPORT_PLACES, places), WEFT_OK);
    for (unsigned long at = 1; !done; at++) {
        wf_views *views = NULL;
        assert_int_equal(wf_place_names_new(&of.names, &error), WEFT_OK);
        of.follower = wf_place_names_follower(of.names);
        open_street(&of, &views);
        long before = failing.living;
        size_t found = ask_street(views, at);
        done = found != SIZE_MAX;
        assert_true(!done || found == 2);
        assert_int_equal(ask_street(views, 0), 2);
        // What follows never fails; what it could not say is read again.
        arm(at);
        assert_int_equal(
            of.follower.watches[0].changed(of.follower.context, NULL, third, &error),
            WEFT_OK);
        of.follower.ended(of.follower.context, true);
        disarm();
        found = ask_street(views, 0);
        assert_true(found == 3 || found == 2);
        wf_views_close(views);
        wf_place_names_free(of.names);
        assert_true(failing.living <= before);
    }
    made_city_done(&of.city);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_population_says_when_memory_ends),
        cmocka_unit_test(a_list_of_the_missing_says_when_memory_ends),
        cmocka_unit_test(the_first_question_may_be_asked_again),
        cmocka_unit_test(following_never_fails_the_rows),
        cmocka_unit_test(names_of_places_may_be_asked_again),
    };
    return cmocka_run_group_tests(tests, take_sqlite_memory, NULL);
}
