// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <math.h>

#include "epi/tail.h"
#include "epi/together.h"
#include "epi/unit.h"

static void seats_are_judged_by_the_rule(void **state)
{
    (void)state;
    static const struct {
        wf_unit unit;
        const char *a, *b;
        wf_unit_verdict wanted;
    } rows[] = {
        {WF_UNIT_WHOLE, "", "", WF_UNIT_WITHIN},
        {WF_UNIT_WHOLE, "1", "2", WF_UNIT_WITHIN},
        {WF_UNIT_SEAT, "T4", "T4", WF_UNIT_WITHIN},
        {WF_UNIT_SEAT, "T4 ", " T4", WF_UNIT_WITHIN},
        {WF_UNIT_SEAT, "T4", "T5", WF_UNIT_OUTSIDE},
        {WF_UNIT_SEAT, "T4", "", WF_UNIT_UNKNOWN},
        {WF_UNIT_ROWS, "12F", "15A", WF_UNIT_WITHIN},
        {WF_UNIT_ROWS, "12F", "16A", WF_UNIT_OUTSIDE},
        {WF_UNIT_ROWS, "12F", "window", WF_UNIT_UNKNOWN},
        {WF_UNIT_ROWS, "2/12F", "3/12F", WF_UNIT_OUTSIDE},
        {WF_UNIT_ROWS, "99999999999999999999", "1", WF_UNIT_UNKNOWN},
        {WF_UNIT_CARRIAGE, "05/12F", "05/01A", WF_UNIT_WITHIN},
        {WF_UNIT_CARRIAGE, "05/12F", "06/12F", WF_UNIT_OUTSIDE},
        {WF_UNIT_CARRIAGE, "05", "05/12F", WF_UNIT_WITHIN},
        {WF_UNIT_CARRIAGE, "/12F", "/12F", WF_UNIT_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wf_text a = wf_text_of(rows[i].a), b = wf_text_of(rows[i].b);
        if (wf_unit_judge(rows[i].unit, 3, a, b) != rows[i].wanted ||
            wf_unit_judge(rows[i].unit, 3, b, a) != rows[i].wanted)
            fail_msg("%s and %s", rows[i].a, rows[i].b);
    }
}

static void the_next_seat_is_in_the_same_row(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool wanted;
    } rows[] = {
        {"05/12A", "05/12B", true},  {"05/12D", "05/12F", true},
        {"05/12A", "05/12C", false}, {"05/12A", "05/13A", false},
        {"05/12A", "06/12B", false}, {"12a", "12B", true},
        {"12", "12", false},         {"", "12A", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wf_text a = wf_text_of(rows[i].a), b = wf_text_of(rows[i].b);
        if (wf_unit_adjacent(a, b) != rows[i].wanted ||
            wf_unit_adjacent(b, a) != rows[i].wanted)
            fail_msg("%s and %s", rows[i].a, rows[i].b);
    }
}

static void the_fullest_24_hours_are_found(void **state)
{
    (void)state;
    static const wf_interval rows[] = {
        {0, 600}, {80000, 80300}, {86400, 87000}, {300000, 300060}};
    assert_int_equal(wf_together_longest_24h(rows, 0), 0);
    assert_int_equal(wf_together_longest_24h(rows, 1), 600);
    // 0–600 falls out of the day that ends at 87,000.
    assert_int_equal(wf_together_longest_24h(rows, 4), 900);
    static const wf_interval long_stay[] = {{0, 200000}};
    assert_int_equal(wf_together_longest_24h(long_stay, 1), 86400);
}

static void tails_equal_those_worked_out_by_hand(void **state)
{
    (void)state;
    static const double halves[] = {.5, .5, .5, .5};
    static const double mixed[] = {.1, .2, .3};
    static const double rare[] = {1e-6, 1e-6, 1e-6};
    static const double sure[] = {1, 1, .25};
    static const struct {
        const double *p;
        size_t count, least;
        double wanted;
    } rows[] = {
        {halves, 4, 0, 1},   {halves, 4, 2, 11.0 / 16}, {halves, 4, 4, 1.0 / 16},
        {mixed, 3, 1, .496}, {mixed, 3, 3, .006},       {mixed, 3, 4, 0},
        {rare, 3, 3, 1e-18}, {sure, 3, 3, .25},         {sure, 3, 2, 1},
    };
    double work[8];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double p =
            wf_tail_poisson_binomial(rows[i].p, rows[i].count, rows[i].least, work);
        if (fabs(p - rows[i].wanted) > 1e-12 * rows[i].wanted)
            fail_msg("row %zu gives %g", i, p);
        p = wf_tail_at_least(rows[i].p, rows[i].count, rows[i].least, work);
        if (fabs(p - rows[i].wanted) > 1e-12 * rows[i].wanted)
            fail_msg("row %zu gives %g in few steps", i, p);
    }
}

static void holm_steps_down_and_never_falls(void **state)
{
    (void)state;
    static const double p[] = {.001, .0011, .02, .9};
    double corrected[4];
    wf_tail_holm(p, 4, 100, corrected);
    assert_true(fabs(corrected[0] - .1) < 1e-12);
    assert_true(fabs(corrected[1] - .1089) < 1e-12);
    assert_true(corrected[2] == 1 && corrected[3] == 1);
    static const double equal[] = {.01, .01};
    wf_tail_holm(equal, 2, 2, corrected);
    assert_true(corrected[0] == .02 && corrected[1] == .02);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seats_are_judged_by_the_rule),
        cmocka_unit_test(the_next_seat_is_in_the_same_row),
        cmocka_unit_test(the_fullest_24_hours_are_found),
        cmocka_unit_test(tails_equal_those_worked_out_by_hand),
        cmocka_unit_test(holm_steps_down_and_never_falls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
