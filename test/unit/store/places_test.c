// Places kept beside the rows: what was read is found, and never after it has changed.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "store/register/places.h"

static const wf_place_brief market = {WF_PLACE_MARKET, 0, 33.3, WF_NUMBER_NONE};
static const wf_place_brief lift = {WF_PLACE_LIFT, -1, 0, 7};
static const wf_place one = {5}, other = {WF_NUMBER_LIMIT - 1};

static wf_places *new_places(wf_follower *ret)
{
    weft_error error = {0};
    wf_places *places = NULL;
    assert_int_equal(wf_places_new(&places, &error), WEFT_OK);
    *ret = wf_places_follower(places);
    return places;
}

static void change(const wf_follower *of, uint32_t number)
{
    weft_error error = {0};
    const wf_value row[WF_WATCH_COLUMNS_MAX] = {{.given = true, .number = number}};
    assert_int_equal(of->watches[0].changed(of->context, NULL, row, &error), WEFT_OK);
}

static void holds(const wf_places *places, wf_place place, const wf_place_brief *expected)
{
    wf_place_brief found = {0};
    assert_int_equal(wf_places_find(places, place, &found), expected != NULL);
    if (expected == NULL)
        return;
    assert_int_equal(found.kind, expected->kind);
    assert_int_equal(found.ventilated, expected->ventilated);
    assert_true(found.area_m2 == expected->area_m2);
    assert_int_equal(found.parent, expected->parent);
}

static void what_was_kept_is_found(void **state)
{
    (void)state;
    wf_follower follower;
    wf_places *places = new_places(&follower);
    holds(places, one, NULL);
    wf_places_keep(places, wf_places_version(places), one, &market);
    wf_places_keep(places, wf_places_version(places), other, &lift);
    holds(places, one, &market);
    holds(places, other, &lift);
    holds(places, (wf_place){6}, NULL);
    wf_places_keep(places, wf_places_version(places), one, &lift);
    holds(places, one, &lift);
    // No number of a place: asked of the rows each time.
    wf_places_keep(places, wf_places_version(places), (wf_place){WF_NUMBER_NONE}, &lift);
    holds(places, (wf_place){WF_NUMBER_NONE}, NULL);
    wf_places_free(places);
}

static void a_change_leaves_the_place_once_it_is_committed(void **state)
{
    (void)state;
    wf_follower follower;
    wf_places *places = new_places(&follower);
    wf_places_keep(places, wf_places_version(places), one, &market);
    wf_places_keep(places, wf_places_version(places), other, &lift);
    change(&follower, one.number);
    holds(places, one, &market); // readers see the rows of before
    follower.ended(follower.context, false);
    holds(places, one, &market);
    follower.ended(follower.context, true); // another one, without changes
    holds(places, one, &market);
    change(&follower, one.number);
    follower.ended(follower.context, true);
    holds(places, one, NULL);
    holds(places, other, &lift);
    wf_places_free(places);
}

static void what_was_read_before_a_change_is_not_kept_after_it(void **state)
{
    (void)state;
    wf_follower follower;
    wf_places *places = new_places(&follower);
    uint64_t before = wf_places_version(places);
    change(&follower, other.number);
    follower.ended(follower.context, true);
    wf_places_keep(places, before, one, &market);
    holds(places, one, NULL);
    wf_places_keep(places, wf_places_version(places), one, &market);
    holds(places, one, &market);
    wf_places_free(places);
}

static void rows_made_anew_leave_every_place(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_follower follower;
    wf_places *places = new_places(&follower);
    uint64_t before = wf_places_version(places);
    wf_places_keep(places, before, one, &market);
    wf_places_keep(places, before, other, &lift);
    assert_int_equal(follower.opened(follower.context, NULL, &error), WEFT_OK);
    holds(places, one, NULL);
    holds(places, other, NULL);
    wf_places_keep(places, before, one, &market);
    holds(places, one, NULL);
    wf_places_free(places);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_kept_is_found),
        cmocka_unit_test(a_change_leaves_the_place_once_it_is_committed),
        cmocka_unit_test(what_was_read_before_a_change_is_not_kept_after_it),
        cmocka_unit_test(rows_made_anew_leave_every_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
