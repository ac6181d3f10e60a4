// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <math.h>

#include "epi/source.h"
#include "support/tiny_net.h"

enum { days = 6, town_people = 200, cases = 6 };

// A town of 200 people in two quarters, a market where everybody goes, a restaurant with
// a private room where few do.
typedef struct {
    tiny_net *net;
    wf_source_case cases[cases];
    uint64_t quarters[3];
    uint32_t room_in; // the place that the room is part of
    wf_source_answer answer;
} town;

static weft_status visitors(void *context, wf_place place, uint32_t day,
                            wf_person **people, size_t *count, size_t *capacity,
                            weft_error *error)
{
    const town *of = context;
    int64_t start = (int64_t)day * tiny_day_s;
    for (size_t i = 0; i < of->net->stays_count; i++) {
        const tiny_stay *one = &of->net->stays[i];
        if (one->place != place.number || one->stay.start >= start + tiny_day_s ||
            one->stay.end <= start)
            continue;
        if (!wf_rows_room(people, *count, capacity, sizeof **people))
            return wf_fail_memory(error);
        (*people)[(*count)++] = one->stay.person;
    }
    return WEFT_OK;
}

// People with an even number live in the first quarter.
static weft_status quarter_of(void *context, wf_person person, uint32_t *ret,
                              weft_error *error)
{
    (void)context;
    (void)error;
    *ret = 1 + person.number % 2;
    return WEFT_OK;
}

static uint32_t parent(void *context, wf_place place)
{
    const town *of = context;
    bool is_room = strcmp(of->net->place_names[place.number], "room") == 0;
    return is_room ? of->room_in : WF_NUMBER_NONE;
}

static const char *person_name(char buffer[16], int number)
{
    tiny_check(snprintf(buffer, 16, "P-%03d", number) > 0);
    return buffer;
}

static void stay(town *of, int person, const char *place, int day, int hour)
{
    char name[16];
    int64_t start = (int64_t)day * tiny_day_s + hour * 3600;
    tiny_visit(of->net, person_name(name, person), place, start, start + 3600, "", false);
}

static town make_town(void)
{
    town of = {.net = tiny_net_new(), .quarters = {200, 100, 100}};
    char name[16];
    for (int i = 0; i < town_people; i++)
        tiny_person(of.net, person_name(name, i));
    for (int i = 0; i < town_people; i++)
        stay(&of, i, "market", i % days, 9);
    tiny_kind(of.net, "home", WF_PLACE_HOUSEHOLD);
    tiny_kind(of.net, "room", WF_PLACE_RESTAURANT);
    tiny_kind(of.net, "restaurant", WF_PLACE_RESTAURANT);
    of.room_in = tiny_place(of.net, "restaurant").number;
    for (int i = 0; i < cases; i++)
        of.cases[i] = (wf_source_case){.person = {(uint32_t)i * 10},
                                       .from = 0,
                                       .to = (int64_t)days * tiny_day_s,
                                       .first_day = 0,
                                       .last_day = days - 1,
                                       .grid = 1};
    return of;
}

static void ask(town *of)
{
    wf_source_query query = {.rows = &of->net->rows,
                             .context = of,
                             .visitors = visitors,
                             .grid_of = quarter_of,
                             .parent = parent,
                             .cases = of->cases,
                             .cases_count = cases,
                             .grid_people = of->quarters,
                             .grids_count = 3,
                             .days_count = days,
                             .places_could = 50,
                             .at_most = 0.05};
    weft_error error = {0};
    assert_int_equal(wf_source_find(&query, &of->answer, &error), WEFT_OK);
}

static void town_done(town *of)
{
    wf_source_done(&of->answer);
    free(of->net);
}

static void a_market_where_everybody_goes_is_no_finding(void **state)
{
    (void)state;
    town of = make_town();
    ask(&of);
    assert_int_equal(of.answer.places_count, 0);
    assert_int_equal(of.answer.independent, cases);
    town_done(&of);
}

static void a_room_that_four_cases_share_is_found_with_its_span(void **state)
{
    (void)state;
    town of = make_town();
    for (int i = 0; i < 4; i++)
        stay(&of, i * 10, "room", 2, 18 + i % 2);
    stay(&of, 0, "room", 0, 12); // far from the others: not in the closest span
    ask(&of);
    assert_int_equal(of.answer.places_count, 1);
    const wf_source_place *room = &of.answer.places[0];
    assert_string_equal(of.net->place_names[room->place.number], "room");
    assert_int_equal(room->independent, 4);
    assert_int_equal(room->cases_count, 4);
    assert_int_equal(room->visitors, 4);
    assert_int_equal(room->from, 2 * tiny_day_s + 18 * 3600);
    assert_int_equal(room->to, 2 * tiny_day_s + 20 * 3600);
    // Four visitors among the hundred of the quarter: six draws of 0.04.
    double p = 0, chance = .04;
    static const double choose[] = {15, 6, 1};
    for (int k = 4; k <= 6; k++)
        p += choose[k - 4] * pow(chance, k) * pow(1 - chance, 6 - k);
    assert_true(fabs(room->p_value - p) < 1e-12);
    assert_true(fabs(room->expected - 6 * chance) < 1e-12);
    assert_true(fabs(room->p_corrected - 50 * p) < 1e-10);
    town_done(&of);
}

static void the_finer_of_nested_places_is_kept(void **state)
{
    (void)state;
    town of = make_town();
    for (int i = 0; i < 4; i++) {
        stay(&of, i * 10, "room", 2, 18);
        stay(&of, i * 10, "restaurant", 2, 20);
    }
    ask(&of);
    assert_int_equal(of.answer.places_count, 1);
    assert_string_equal(of.net->place_names[of.answer.places[0].place.number], "room");
    // A fifth case that was in the restaurant only: the restaurant says more.
    wf_source_done(&of.answer);
    stay(&of, 40, "restaurant", 2, 20);
    ask(&of);
    assert_int_equal(of.answer.places_count, 2);
    town_done(&of);
}

static void cases_of_one_household_count_once(void **state)
{
    (void)state;
    town of = make_town();
    for (int i = 0; i < 4; i++) {
        stay(&of, i * 10, "room", 2, 18);
        of.cases[i].household = i < 2 ? 7 : 0;
    }
    stay(&of, 20, "home", 1, 20); // seen in one home, though not registered so
    stay(&of, 30, "home", 3, 20);
    ask(&of);
    assert_int_equal(of.answer.independent, 4);
    for (size_t i = 0; i < of.answer.places_count; i++)
        assert_int_equal(of.answer.places[i].independent, 2);
    town_done(&of);
}

static void stays_outside_a_case_s_window_do_not_count(void **state)
{
    (void)state;
    town of = make_town();
    for (int i = 0; i < 4; i++) {
        stay(&of, i * 10, "room", 4, 18);
        of.cases[i].to = 3 * (int64_t)tiny_day_s;
        of.cases[i].last_day = 2;
    }
    ask(&of);
    assert_int_equal(of.answer.places_count, 0);
    town_done(&of);
}

static void the_background_is_that_of_the_case_s_own_quarter(void **state)
{
    (void)state;
    town of = make_town();
    for (int i = 0; i < 4; i++)
        stay(&of, i * 10, "room", 2, 18);
    for (int i = 1; i < town_people; i += 2) // the other quarter goes there daily
        stay(&of, i, "room", 3, 18);
    for (int i = 0; i < cases; i++)
        of.cases[i].grid = 1;
    ask(&of);
    assert_int_equal(of.answer.places_count, 1);
    wf_source_done(&of.answer);
    for (int i = 0; i < cases; i++)
        of.cases[i].grid = 2;
    ask(&of);
    assert_int_equal(of.answer.places_count, 0);
    town_done(&of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_market_where_everybody_goes_is_no_finding),
        cmocka_unit_test(a_room_that_four_cases_share_is_found_with_its_span),
        cmocka_unit_test(the_finer_of_nested_places_is_kept),
        cmocka_unit_test(cases_of_one_household_count_once),
        cmocka_unit_test(stays_outside_a_case_s_window_do_not_count),
        cmocka_unit_test(the_background_is_that_of_the_case_s_own_quarter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
