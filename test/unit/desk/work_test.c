// The calling order of a work list, and what changed since it was last worked.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "desk/tracing/work.h"

enum { minute_us = 60000000 };

static const wf_contact found;

static wf_work_row row(uint32_t person, wf_work_state state, wf_level level,
                       double priority)
{
    wf_work_row made = wf_work_row_empty();
    made.person = (wf_person){person};
    made.state = state;
    made.level = level;
    made.found = priority > 0 ? &found : NULL;
    made.priority = priority;
    return made;
}

static weft_time at_minute(int64_t minute)
{
    return (weft_time){minute * minute_us};
}

// As it stood when somebody went through it.
static void stood(wf_work_row *row, uint64_t rank)
{
    row->then.at = at_minute(1);
    row->then.rank = rank;
    row->then.level = row->level;
}

static unsigned bit(wf_work_change change)
{
    return 1U << change;
}

static void stands(const wf_work *work, const uint32_t *persons)
{
    for (size_t i = 0; i < work->count; i++)
        assert_int_equal(work->rows[i].person.number, persons[i]);
}

static void the_level_leads_and_the_product_orders_within_it(void **state)
{
    (void)state;
    wf_work_row rows[] = {row(1, WF_WORK_SUGGESTED, WF_LEVEL_GENERAL, 0.9),
                          row(2, WF_WORK_CONFIRMED, WF_LEVEL_CLOSE, 0.1),
                          row(3, WF_WORK_SUGGESTED, WF_LEVEL_CLOSE, 0.3),
                          row(4, WF_WORK_NAMED, WF_LEVEL_SECONDARY, 0.5)};
    wf_work work = {.rows = rows, .count = 4};
    wf_work_settle(&work);
    stands(&work, (const uint32_t[]){3, 2, 4, 1});
    assert_int_equal(work.to_call, 4);
}

static void who_is_not_estimated_is_called_before_the_strongest_of_the_level(void **state)
{
    (void)state;
    wf_work_row rows[] = {row(1, WF_WORK_CONFIRMED, WF_LEVEL_CLOSE, 0.9),
                          row(WF_NUMBER_NONE, WF_WORK_UNIDENTIFIED, WF_LEVEL_CLOSE, 0),
                          row(3, WF_WORK_NAMED, WF_LEVEL_CLOSE, 0),
                          row(4, WF_WORK_NAMED, WF_LEVEL_GENERAL, 0)};
    rows[1].contact = WF_TEXT("X-1");
    wf_work work = {.rows = rows, .count = 4};
    wf_work_settle(&work);
    stands(&work, (const uint32_t[]){3, WF_NUMBER_NONE, 1, 4});
}

static void whoever_was_reached_or_dismissed_is_not_called(void **state)
{
    (void)state;
    wf_work_row rows[] = {row(1, WF_WORK_REACHED, WF_LEVEL_CLOSE, 0.9),
                          row(2, WF_WORK_DISMISSED, WF_LEVEL_CLOSE, 0.8),
                          row(3, WF_WORK_SUGGESTED, WF_LEVEL_CLOSE, 0.7),
                          row(4, WF_WORK_SUGGESTED, WF_LEVEL_GENERAL, 0.1)};
    // As a contact of another case.
    rows[2].reached_at = (weft_time){5 * (int64_t)minute_us};
    wf_work work = {.rows = rows, .count = 4};
    wf_work_settle(&work);
    assert_int_equal(work.to_call, 1);
    assert_int_equal(work.rows[0].person.number, 4);
    assert_int_equal(work.rows[0].place, 1);
    assert_int_equal(work.rows[1].place, 0);
    assert_int_equal(work.worked_at.us, 5 * (int64_t)minute_us);
    assert_int_equal(work.by_state[WF_WORK_SUGGESTED], 2);
}

static void what_changed_is_the_order_among_those_who_were_there(void **state)
{
    (void)state;
    wf_work_row rows[] = {row(1, WF_WORK_CONFIRMED, WF_LEVEL_CLOSE, 0.9),
                          row(2, WF_WORK_CONFIRMED, WF_LEVEL_CLOSE, 0.8),
                          row(3, WF_WORK_CONFIRMED, WF_LEVEL_CLOSE, 0.7),
                          row(4, WF_WORK_CONFIRMED, WF_LEVEL_CLOSE, 0.6),
                          row(5, WF_WORK_REACHED, WF_LEVEL_CLOSE, 0.5)};
    wf_work work = {.rows = rows, .count = 5};
    weft_error error = {0};
    wf_arena arena = {0};
    wf_work_settle(&work);
    stood(&rows[1], 3); // then: 5, 3, 2, 4
    stood(&rows[2], 2);
    stood(&rows[3], 4);
    stood(&rows[4], 1);
    wf_work_settle(&work);
    assert_int_equal(wf_work_compare(&work, &arena, &error), WEFT_OK);
    static const wf_work_change changes[] = {WF_WORK_NEW, WF_WORK_UP, WF_WORK_DOWN,
                                             WF_WORK_SAME, WF_WORK_DONE};
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(wf_work_change_word(rows[i].change),
                            wf_work_change_word(changes[i]));
    wf_arena_done(&arena);
}

// Two who went through at different moments saw the same place twice: nobody passed.
static void places_that_two_saw_are_no_change(void **state)
{
    (void)state;
    wf_work_row rows[] = {row(1, WF_WORK_CONFIRMED, WF_LEVEL_CLOSE, 0.9),
                          row(2, WF_WORK_CONFIRMED, WF_LEVEL_CLOSE, 0.8)};
    wf_work work = {.rows = rows, .count = 2};
    weft_error error = {0};
    wf_arena arena = {0};
    stood(&rows[0], 4);
    stood(&rows[1], 4);
    wf_work_settle(&work);
    assert_int_equal(wf_work_compare(&work, &arena, &error), WEFT_OK);
    assert_int_equal(rows[0].changes, 0);
    assert_int_equal(rows[1].changes, 0);
    wf_arena_done(&arena);
}

static void a_row_says_what_of_itself_changed(void **state)
{
    (void)state;
    wf_contact known = {.seconds = 900, .probability = {.mid = 0.02}};
    wf_work_row rows[] = {row(1, WF_WORK_CONFIRMED, WF_LEVEL_CLOSE, 0.9)};
    wf_work work = {.rows = rows, .count = 1};
    weft_error error = {0};
    wf_arena arena = {0};
    rows[0].found = &known;
    rows[0].found_until = at_minute(30);
    stood(&rows[0], 1);
    rows[0].then.exposed_until = at_minute(30);
    rows[0].then.seconds = 900;
    rows[0].then.probability_ppm = 20000;
    wf_work_settle(&work);
    assert_int_equal(wf_work_compare(&work, &arena, &error), WEFT_OK);
    assert_int_equal(rows[0].changes, 0);
    rows[0].found_until = at_minute(31);
    known.probability.mid = 0.03;
    rows[0].result = WF_TEXT("positive");
    rows[0].then.level = WF_LEVEL_GENERAL;
    assert_int_equal(wf_work_compare(&work, &arena, &error), WEFT_OK);
    assert_int_equal(rows[0].changes, bit(WF_WORK_EXPOSURE) | bit(WF_WORK_CHANCE) |
                                          bit(WF_WORK_RESULT) | bit(WF_WORK_LEVEL));
    wf_arena_done(&arena);
}

// What nobody went through is new until somebody works on it; of a list that was never
// gone through, who was named after the last step of work is.
static void a_row_is_new_until_somebody_worked_on_it(void **state)
{
    (void)state;
    wf_work_row rows[] = {row(1, WF_WORK_CONFIRMED, WF_LEVEL_CLOSE, 0.9),
                          row(2, WF_WORK_NAMED, WF_LEVEL_CLOSE, 0.8),
                          row(3, WF_WORK_NAMED, WF_LEVEL_CLOSE, 0.7)};
    wf_work work = {.rows = rows, .count = 3};
    weft_error error = {0};
    wf_arena arena = {0};
    rows[0].attempted_at = at_minute(5);
    rows[1].named_at = at_minute(6);
    rows[2].named_at = at_minute(4);
    wf_work_settle(&work);
    assert_int_equal(wf_work_compare(&work, &arena, &error), WEFT_OK);
    assert_int_equal(rows[0].changes, 0);
    assert_int_equal(rows[1].changes, bit(WF_WORK_NEW));
    assert_int_equal(rows[2].changes, 0);
    stood(&rows[2], 3);
    wf_work_settle(&work);
    rows[1].attempted_at = at_minute(7);
    assert_int_equal(wf_work_compare(&work, &arena, &error), WEFT_OK);
    assert_int_equal(rows[1].changes, 0);
    wf_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_level_leads_and_the_product_orders_within_it),
        cmocka_unit_test(
            who_is_not_estimated_is_called_before_the_strongest_of_the_level),
        cmocka_unit_test(whoever_was_reached_or_dismissed_is_not_called),
        cmocka_unit_test(what_changed_is_the_order_among_those_who_were_there),
        cmocka_unit_test(places_that_two_saw_are_no_change),
        cmocka_unit_test(a_row_says_what_of_itself_changed),
        cmocka_unit_test(a_row_is_new_until_somebody_worked_on_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
