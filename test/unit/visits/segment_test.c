// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "base/pages.h"
#include "model/catalogue.h"
#include "support/made_day.h"
#include "visits/segment_layout.h"

static wf_segment_bytes packed(wf_segment_rows *rows)
{
    wf_segment_bytes bytes = {0};
    weft_error error = {0};
    assert_int_equal(wf_segment_pack(rows, 2, &bytes, &error), WEFT_OK);
    return bytes;
}

// Packs, opens, unpacks and compares.
static void assert_same_back(wf_segment_rows *rows)
{
    wf_segment_bytes bytes = packed(rows);
    wf_segment *segment = NULL;
    wf_segment_unpacked unpacked = {0};
    weft_error error = {0};
    size_t size = bytes.size;
    assert_int_equal(wf_segment_open(&bytes, 2, &segment, &error), WEFT_OK);
    assert_null(bytes.bytes); // taken over
    assert_int_equal(segment->bytes.size, size);
    assert_int_equal(segment->head.visits, rows->visits_count);
    assert_int_equal(segment->head.encounters, rows->encounters_count);
    assert_int_equal(segment->head.day.number, rows->day.number);
    assert_int_equal(wf_segment_unpack(segment, &unpacked, &error), WEFT_OK);
    made_sort(rows);
    assert_true(made_equal(rows, &unpacked.rows));
    for (size_t i = 0; i < unpacked.rows.visits_count; i++)
        assert_int_equal(unpacked.rows.visits[i].ordinal, WF_ROW_OLD);
    wf_segment_unpacked_done(&unpacked);
    wf_segment_close(segment);
}

static void any_kind_of_day_comes_back_as_it_was(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        made_shape shape;
    } cases[] = {
        {"empty", {.people = 1, .places = 1, .minutes = 1440}},
        {"one row", {.visits = 1, .people = 9, .places = 9, .minutes = 1440}},
        {"one row of the last person at the last place",
         {.visits = 1,
          .people = WF_NUMBER_LIMIT,
          .places = WF_NUMBER_LIMIT,
          .minutes = 1440}},
        {"a day of 25 hours",
         {.visits = 3000, .people = 500, .places = 90, .minutes = 1500}},
        {"every mark and seat",
         {.visits = 3000,
          .people = 500,
          .places = 90,
          .seat_percent = 70,
          .mark_percent = 70,
          .seats = 40,
          .minutes = 1440}},
        {"hubs with seats",
         {.visits = 9000,
          .people = 900,
          .places = 90,
          .hub_percent = 80,
          .seat_percent = 5,
          .mark_percent = 5,
          .seats = 4000,
          .minutes = 1440}},
        {"nights that go on",
         {.visits = 3000,
          .people = 500,
          .places = 90,
          .minutes = 1440,
          .nights_go_on = true}},
        {"encounters only",
         {.encounters = 5000,
          .people = 80,
          .places = 1,
          .settings = 300,
          .minutes = 1440}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        print_message("# %s\n", cases[i].name);
        made_day made = made_day_new(i + 1, &cases[i].shape);
        assert_same_back(&made.rows);
        made_day_done(&made);
    }
}

static void a_person_of_hundreds_of_places_is_kept(void **state)
{
    (void)state;
    enum { stays = 1200 };
    made_shape shape = {.visits = 4000, .people = 400, .places = 2000, .minutes = 1440};
    made_day made = made_day_new(1, &shape);
    for (uint32_t i = 0; i < stays; i++) {
        made.rows.visits[i].person = i % 3 == 0 ? 7 : 39; // in two groups
        made.rows.visits[i].place = i;
    }
    assert_same_back(&made.rows);
    made_day_done(&made);
}

static void few_rows_of_a_large_city_take_few_bytes(void **state)
{
    (void)state;
    made_shape shape = {.visits = 10,
                        .encounters = 2,
                        .people = 7500000,
                        .places = 3000000,
                        .minutes = 1440};
    made_day made = made_day_new(1, &shape);
    wf_segment_bytes bytes = packed(&made.rows);
    assert_true(bytes.size < 1000);
    wf_segment_bytes_done(&bytes);
    made_day_done(&made);
}

static void only_texts_in_use_are_kept(void **state)
{
    (void)state;
    const wf_text seats[] = {WF_TEXT(""),   WF_TEXT("never"), WF_TEXT("B2"),
                             WF_TEXT("A1"), WF_TEXT("B2"),    WF_TEXT("")};
    wf_visit_row visits[] = {
        {.person = 1, .place = 1, .start = 10, .end = 20, .seat = 2},
        {.person = 2, .place = 1, .start = 10, .end = 20, .seat = 3},
        {.person = 3, .place = 1, .start = 10, .end = 20, .seat = 4},
        {.person = 4, .place = 1, .start = 10, .end = 20, .seat = 5},
    };
    wf_segment_rows rows = {
        .visits = visits, .visits_count = 4, .seats = seats, .seats_count = 6};
    wf_segment_bytes bytes = packed(&rows);
    wf_segment *segment = NULL;
    wf_segment_unpacked unpacked = {0};
    weft_error error = {0};
    assert_int_equal(wf_segment_open(&bytes, 2, &segment, &error), WEFT_OK);
    assert_int_equal(wf_segment_unpack(segment, &unpacked, &error), WEFT_OK);
    static const uint32_t wanted[] = {2, 1, 2, 0};
    assert_int_equal(unpacked.rows.seats_count, 3);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(unpacked.rows.visits[i].seat, wanted[i]);
    assert_true(wf_text_equal(unpacked.rows.seats[1], WF_TEXT("A1")));
    wf_segment_unpacked_done(&unpacked);
    wf_segment_close(segment);
}

static wf_segment_bytes copy_of(const wf_segment_bytes *bytes, size_t size)
{
    wf_segment_bytes copy = {wf_pages_new(size), size, size};
    assert_non_null(copy.bytes);
    memcpy(copy.bytes, bytes->bytes, size < bytes->size ? size : bytes->size);
    return copy;
}

static void assert_refused(wf_segment_bytes *bytes)
{
    wf_segment *segment = NULL;
    weft_error error = {0};
    assert_int_equal(wf_segment_open(bytes, 2, &segment, &error), WEFT_DAMAGED);
    assert_string_equal(error.code, "visits.segment_damaged");
    assert_true(wf_catalogue_has(error.code));
    assert_null(segment);
    wf_segment_bytes_done(bytes); // still the caller's
}

static void bytes_of_another_size_are_refused(void **state)
{
    (void)state;
    made_shape shape = {
        .visits = 500, .encounters = 50, .people = 200, .places = 30, .minutes = 1440};
    made_day made = made_day_new(1, &shape);
    wf_segment_bytes bytes = packed(&made.rows);
    for (size_t size = 1; size < bytes.size; size += size < 150 ? 1 : 61) {
        wf_segment_bytes cut = copy_of(&bytes, size);
        assert_refused(&cut);
    }
    wf_segment_bytes longer = copy_of(&bytes, bytes.size + 1);
    assert_refused(&longer);
    wf_segment_bytes_done(&bytes);
    made_day_done(&made);
}

// Whatever a bit of the head or a directory says: refused, or safe to read whole.
static void a_flipped_bit_is_refused_or_harmless(void **state)
{
    (void)state;
    made_shape shape = {.visits = 400,
                        .encounters = 10,
                        .people = 200,
                        .places = 30,
                        .hub_percent = 50,
                        .seat_percent = 10,
                        .mark_percent = 5,
                        .seats = 9,
                        .settings = 3,
                        .minutes = 1440};
    made_day made = made_day_new(1, &shape);
    wf_segment_bytes bytes = packed(&made.rows);
    size_t refused = 0;
    wf_segment_bytes copy = copy_of(&bytes, bytes.size);
    for (size_t bit = 0; bit < 8 * bytes.size; bit += bit < 8 * 256 ? 1 : 3) {
        unsigned char flip = (unsigned char)(1u << bit % 8);
        copy.bytes[bit / 8] ^= flip;
        wf_segment *segment = NULL;
        wf_segment_unpacked unpacked = {0};
        weft_error error = {0};
        if (wf_segment_open(&copy, 2, &segment, &error) != WEFT_OK) {
            refused++;
            copy.bytes[bit / 8] ^= flip;
            continue;
        }
        assert_true(bit >= 64); // the magic
        assert_int_equal(wf_segment_unpack(segment, &unpacked, &error), WEFT_OK);
        wf_segment_unpacked_done(&unpacked);
        wf_segment_close(segment);
        copy = copy_of(&bytes, bytes.size);
    }
    wf_segment_bytes_done(&copy);
    assert_true(refused > 8 * 100);
    wf_segment_bytes_done(&bytes);
    made_day_done(&made);
}

// Moves where group `group` of a directory is said to begin.
static void assert_moved_is_refused(wf_segment_bytes *bytes, uint64_t directory,
                                    size_t group, size_t group_bytes)
{
    static const uint32_t moves[] = {1, UINT32_MAX, 1u << 31};
    unsigned char *at = bytes->bytes + directory + group * group_bytes;
    uint32_t begin = wf_get_u32(at);
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        wf_put_u32(at, begin + moves[i]);
        wf_segment_bytes copy = copy_of(bytes, bytes->size);
        assert_refused(&copy);
    }
    wf_put_u32(at, begin);
}

// Threads check 512 groups each: first, last and inner ones of several such parts.
static void a_group_that_begins_elsewhere_is_refused(void **state)
{
    (void)state;
    static const size_t groups[] = {0, 1, 511, 512, 513, 1023, 1024, 1249};
    made_shape shape = {.visits = 120000,
                        .people = 40000,
                        .places = 40000,
                        .hub_percent = 10,
                        .minutes = 1440};
    made_day made = made_day_new(1, &shape);
    wf_segment_bytes bytes = packed(&made.rows);
    wf_segment_head head;
    uint64_t sections[WF_SECTION_COUNT];
    assert_true(wf_segment_head_get(bytes.bytes, &head));
    assert_int_equal(wf_segment_measure(&head, sections), bytes.size);
    assert_int_equal(head.forms & (WF_FORM_PLACES_SPARSE | WF_FORM_PEOPLE_SPARSE), 0);
    assert_in_range(head.places_end, 1249 * WF_GROUP + 1, 40000);
    assert_in_range(head.people_end, 1249 * WF_GROUP + 1, 40000);
    assert_in_range(head.hubs, 2, 100);
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        assert_moved_is_refused(&bytes, sections[WF_SECTION_PLACES], groups[i],
                                WF_PLACE_GROUP_BYTES);
        assert_moved_is_refused(&bytes, sections[WF_SECTION_PEOPLE], groups[i],
                                WF_PERSON_GROUP_BYTES);
    }
    for (size_t hub = 0; hub < head.hubs; hub++)
        assert_moved_is_refused(&bytes, sections[WF_SECTION_HUBS] + 8, hub, WF_HUB_BYTES);
    wf_segment *segment = NULL;
    weft_error error = {0};
    assert_int_equal(wf_segment_open(&bytes, 2, &segment, &error), WEFT_OK);
    wf_segment_close(segment);
    made_day_done(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_kind_of_day_comes_back_as_it_was),
        cmocka_unit_test(a_person_of_hundreds_of_places_is_kept),
        cmocka_unit_test(few_rows_of_a_large_city_take_few_bytes),
        cmocka_unit_test(only_texts_in_use_are_kept),
        cmocka_unit_test(bytes_of_another_size_are_refused),
        cmocka_unit_test(a_flipped_bit_is_refused_or_harmless),
        cmocka_unit_test(a_group_that_begins_elsewhere_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
