// Whether a contact can tell who the case is: on random days against plain counting.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "base/prng.h"
#include "epi/guess.h"

enum { stays_count = 60, people = 14, places = 4, day_s = 86400, rounds = 400 };

static const int64_t day_starts[] = {-2 * day_s, -day_s, 0, day_s};

typedef struct {
    wf_row_stay stay;
    uint32_t place;
} placed;

typedef struct {
    placed stays[stays_count];
} day;

static weft_status place_stays(void *context, wf_place place, int64_t from, int64_t to,
                               wf_row_stays *list, weft_error *error)
{
    const day *of = context;
    (void)error;
    for (size_t i = 0; i < stays_count; i++) {
        const placed *one = &of->stays[i];
        if (one->place != place.number % places || one->stay.start >= to ||
            one->stay.end <= from)
            continue;
        assert_true(
            wf_rows_room(&list->rows, list->count, &list->capacity, sizeof *list->rows));
        list->rows[list->count++] = one->stay;
    }
    return WEFT_OK;
}

static day made(wf_prng *dice)
{
    day ret;
    for (size_t i = 0; i < stays_count; i++) {
        int64_t start = wf_prng_below(dice, day_s - 3600);
        ret.stays[i] = (placed){{.person = {wf_prng_below(dice, people)},
                                 .start = start,
                                 .end = start + 1 + (int64_t)wf_prng_below(dice, 3600)},
                                wf_prng_below(dice, places)};
    }
    return ret;
}

static wf_exposure exposure(wf_prng *dice, uint32_t on, wf_place_kind kind)
{
    int64_t start = wf_prng_below(dice, day_s - 7200);
    return (wf_exposure){.person = {0},
                         .with = {1},
                         .place = {wf_prng_below(dice, places)},
                         .kind = kind,
                         .day = {.day = on, .start = start, .end = start + 7200}};
}

// Everybody but the contact who was with them at one of the places of the last day.
static size_t counted(const day *of, const wf_exposure *all, size_t count, uint32_t last)
{
    bool there[people] = {[1] = true}; // the case
    size_t ret = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; all[i].day.day == last && k < stays_count; k++) {
            const placed *one = &of->stays[k];
            if (one->place == all[i].place.number % places &&
                one->stay.start < all[i].day.end && one->stay.end > all[i].day.start)
                there[one->stay.person.number] = true;
        }
    for (size_t i = 1; i < people; i++)
        ret += there[i];
    return ret;
}

static void few_are_guessed_and_nothing_else_decides(void **state)
{
    (void)state;
    weft_error error = {0};
    size_t few = 0;
    for (uint64_t seed = 1; seed <= rounds; seed++) {
        wf_prng dice = wf_prng_new(seed);
        day of = made(&dice);
        wf_rows rows = {.context = &of, .place_stays = place_stays};
        wf_guess_work work = {.rows = &rows, .day_starts = day_starts};
        wf_exposure all[] = {exposure(&dice, 2, WF_PLACE_MARKET),
                             exposure(&dice, 2, WF_PLACE_MARKET),
                             exposure(&dice, 1, WF_PLACE_HOUSEHOLD)};
        wf_contacts found = {.exposures = all, .exposures_count = 3};
        wf_contact contact = {.person = {0}, .exposures_count = 3};
        wf_guess guess;
        assert_int_equal(wf_guess_find(&work, &found, &contact, &guess, &error), WEFT_OK);
        bool expected = counted(&of, all, 3, 2) < WF_GUESS_PEOPLE_MIN;
        if ((guess.why == WF_GUESS_FEW) != expected || guess.tells_kind == expected)
            fail_msg("seed %llu", (unsigned long long)seed);
        assert_int_equal(guess.day, 2);
        few += expected;
        wf_guess_done(&work);
    }
    assert_true(few > 10 && few < rounds - 10);
}

// More contacts, places and rows than are kept at once, each asked for again.
static void what_is_kept_changes_nothing(void **state)
{
    (void)state;
    enum { asked = 12000, many = 1200 };
    wf_prng dice = wf_prng_new(11);
    day of = made(&dice);
    wf_rows rows = {.context = &of, .place_stays = place_stays};
    wf_guess_work work = {.rows = &rows, .day_starts = day_starts};
    weft_error error = {0};
    size_t few = 0;
    for (size_t i = 0; i < asked; i++) {
        wf_exposure at = exposure(&dice, 2, WF_PLACE_MARKET);
        at.place.number = wf_prng_below(&dice, i % 3 == 0 ? many : places);
        wf_contacts found = {.exposures = &at, .exposures_count = 1};
        wf_contact contact = {.person = {0}, .exposures_count = 1};
        wf_guess guess;
        assert_int_equal(wf_guess_find(&work, &found, &contact, &guess, &error), WEFT_OK);
        bool expected = counted(&of, &at, 1, 2) < WF_GUESS_PEOPLE_MIN;
        assert_int_equal(guess.why == WF_GUESS_FEW, expected);
        few += expected;
    }
    assert_true(few > 10 && few < asked - 10);
    wf_guess_done(&work);
}

static void home_and_encounters_are_always_guessed(void **state)
{
    (void)state;
    wf_prng dice = wf_prng_new(7);
    day of = made(&dice);
    wf_rows rows = {.context = &of, .place_stays = place_stays};
    wf_guess_work work = {.rows = &rows, .day_starts = day_starts};
    weft_error error = {0};
    wf_guess guess;
    wf_exposure all[] = {exposure(&dice, 1, WF_PLACE_HOUSEHOLD),
                         exposure(&dice, 1, WF_PLACE_MARKET)};
    wf_contacts found = {.exposures = all, .exposures_count = 2};
    wf_contact contact = {.person = {0}, .exposures_count = 2};
    assert_int_equal(wf_guess_find(&work, &found, &contact, &guess, &error), WEFT_OK);
    assert_int_equal(guess.why, WF_GUESS_HOME);
    all[0].place.number = WF_NUMBER_NONE;
    assert_int_equal(wf_guess_find(&work, &found, &contact, &guess, &error), WEFT_OK);
    assert_int_equal(guess.why, WF_GUESS_MET);
    assert_false(guess.tells_kind);
    wf_guess_done(&work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_are_guessed_and_nothing_else_decides),
        cmocka_unit_test(what_is_kept_changes_nothing),
        cmocka_unit_test(home_and_encounters_are_always_guessed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
