// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/day_oracle.h"

static wf_segment *segment_of(wf_segment_rows *rows)
{
    wf_segment_bytes bytes = {0};
    wf_segment *segment = NULL;
    weft_error error = {0};
    assert_int_equal(wf_segment_pack(rows, 1, &bytes, &error), WEFT_OK);
    assert_int_equal(wf_segment_open(&bytes, 2, &segment, &error), WEFT_OK);
    return segment;
}

static wf_day *day_of(wf_segment *const *segments, size_t count)
{
    wf_day *day = NULL;
    weft_error error = {0};
    assert_int_equal(wf_day_open(segments, count, &day, &error), WEFT_OK);
    return day;
}

static void every_answer_equals_a_plain_scan(void **state)
{
    (void)state;
    static const made_shape shapes[] = {
        {.people = 5, .places = 5, .minutes = 1440},
        {.visits = 1, .people = 5, .places = 5, .minutes = 1440},
        {.visits = 8000,
         .encounters = 900,
         .people = 900,
         .places = 400,
         .hub_percent = 30,
         .seat_percent = 10,
         .mark_percent = 10,
         .seats = 30,
         .settings = 4,
         .minutes = 1500,
         .nights_go_on = true},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        made_day made = made_day_new(i + 1, &shapes[i]);
        wf_segment *segment = segment_of(&made.rows);
        wf_day *day = day_of(&segment, 1);
        made_sort(&made.rows);
        assert_true(oracle_asks(day, &made.rows, i, 200, true));
        wf_day_close(day);
        made_day_done(&made);
    }
}

static void a_person_of_hundreds_of_places_is_found(void **state)
{
    (void)state;
    made_shape shape = {.visits = 4000,
                        .people = 400,
                        .places = 2000,
                        .hub_percent = 30,
                        .minutes = 1440};
    made_day made = made_day_new(1, &shape);
    for (uint32_t i = 0; i < 1200; i++)
        made.rows.visits[i].person = i % 3 == 0 ? 7 : 39;
    wf_segment *segment = segment_of(&made.rows);
    wf_day *day = day_of(&segment, 1);
    made_sort(&made.rows);
    assert_true(oracle_person(day, &made.rows, 7));
    assert_true(oracle_person(day, &made.rows, 39));
    assert_true(oracle_person(day, &made.rows, 8));
    wf_day_close(day);
    made_day_done(&made);
}

static void lists_are_appended_to(void **state)
{
    (void)state;
    wf_visit_row visits[] = {
        {.person = 4, .place = 2, .start = 30, .end = 90, .marks = WF_MARK_END_GUESSED},
        {.person = 3, .place = 1, .start = 10, .end = 20},
    };
    wf_segment_rows rows = {.visits = visits, .visits_count = 2};
    wf_segment *segment = segment_of(&rows);
    wf_day *day = day_of(&segment, 1);
    wf_stay_list list = {0};
    assert_int_equal(wf_day_place_stays(day, (wf_place){1}, 0, 1440, &list), WEFT_OK);
    assert_null(list.marks);
    assert_int_equal(wf_day_place_stays_marked(day, (wf_place){2}, 0, 1440, &list),
                     WEFT_OK);
    assert_int_equal(wf_day_place_stays(day, (wf_place){1}, 0, 1440, &list), WEFT_OK);
    static const uint32_t people[] = {3, 4, 3};
    static const bool guessed[] = {false, true, false};
    assert_int_equal(list.count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(list.rows[i].person.number, people[i]);
        assert_int_equal(list.marks[i].end_guessed, guessed[i]);
    }
    wf_stay_list_done(&list);
    wf_day_close(day);
}

static void seats_of_all_segments_get_numbers_of_the_day(void **state)
{
    (void)state;
    const wf_text first[] = {WF_TEXT(""), WF_TEXT("B"), WF_TEXT("C")};
    const wf_text second[] = {WF_TEXT(""), WF_TEXT("C"), WF_TEXT("A")};
    wf_visit_row a[] = {{.person = 1, .place = 5, .start = 1, .end = 9, .seat = 1},
                        {.person = 2, .place = 5, .start = 2, .end = 9, .seat = 2}};
    wf_visit_row b[] = {{.person = 3, .place = 5, .start = 3, .end = 9, .seat = 1},
                        {.person = 4, .place = 5, .start = 4, .end = 9, .seat = 2}};
    wf_segment_rows rows[] = {
        {.visits = a, .visits_count = 2, .seats = first, .seats_count = 3},
        {.visits = b, .visits_count = 2, .seats = second, .seats_count = 3},
    };
    wf_segment *segments[] = {segment_of(&rows[0]), segment_of(&rows[1])};
    wf_day *day = day_of(segments, 2);
    wf_stay_list list = {0};
    assert_int_equal(wf_day_place_stays_marked(day, (wf_place){5}, 0, 1440, &list),
                     WEFT_OK);
    static const char *const wanted[] = {"B", "C", "C", "A"};
    assert_int_equal(list.count, 4);
    for (size_t i = 0; i < 4; i++) {
        wf_text text = wf_day_seat_text(day, list.marks[i].seat);
        assert_true(wf_text_equal(text, wf_text_of(wanted[i])));
    }
    assert_int_equal(list.marks[1].seat, list.marks[2].seat);
    assert_int_equal(wf_day_seat_text(day, 0).size, 0);
    assert_int_equal(wf_day_seat_text(day, 4).size, 0);
    wf_stay_list_done(&list);
    wf_day_close(day);
}

static void segments_of_two_days_make_no_day(void **state)
{
    (void)state;
    wf_segment_rows today = {.day.number = 18972}, tomorrow = {.day.number = 18973};
    wf_segment *segments[] = {segment_of(&today), segment_of(&tomorrow)};
    wf_day *day = NULL;
    weft_error error = {0};
    assert_int_equal(wf_day_open(segments, 2, &day, &error), WEFT_DAMAGED);
    assert_null(day);
    wf_segment_close(segments[0]); // still the caller's
    wf_segment_close(segments[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_equals_a_plain_scan),
        cmocka_unit_test(a_person_of_hundreds_of_places_is_found),
        cmocka_unit_test(lists_are_appended_to),
        cmocka_unit_test(seats_of_all_segments_get_numbers_of_the_day),
        cmocka_unit_test(segments_of_two_days_make_no_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
