// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <string.h>

#include "store/senders.h"

static wf_senders *fresh(void)
{
    wf_senders *senders = NULL;
    weft_error error = {0};
    assert_int_equal(wf_senders_new(&senders, &error), WEFT_OK);
    return senders;
}

static weft_status try_note(wf_senders *senders, const char *device, int64_t seq,
                            wf_seq_state state)
{
    weft_error error = {0};
    return wf_senders_note(senders, (wf_identity){wf_text_of(device), seq}, state,
                           &error);
}

static void note(wf_senders *senders, const char *device, int64_t seq, wf_seq_state state)
{
    assert_int_equal(try_note(senders, device, seq, state), WEFT_OK);
}

static wf_seq_state state(const wf_senders *senders, const char *device, int64_t seq)
{
    return wf_senders_state(senders, (wf_identity){wf_text_of(device), seq});
}

static bool print_gap(void *context, const wf_seq_gap *gap)
{
    assert_true(wf_buffer_printf(context, "%.*s:%lld-%lld ", (int)gap->device.size,
                                 gap->device.bytes, (long long)gap->from,
                                 (long long)gap->upto));
    return true;
}

static void expect_gaps(const wf_senders *senders, const char *expected)
{
    wf_buffer text = {0};
    wf_senders_gaps(senders, print_gap, &text);
    assert_true(wf_buffer_append(&text, "", 1));
    assert_string_equal(text.bytes, expected);
    wf_buffer_done(&text);
}

static void a_phone_that_skips_a_number_has_a_gap_until_it_comes(void **unused)
{
    (void)unused;
    wf_senders *s = fresh();
    expect_gaps(s, "");
    assert_int_equal(wf_senders_next(s, WF_TEXT("S-03-2")), 1);
    note(s, "S-03-2", 1, WF_SEQ_HAD);
    note(s, "S-03-2", 2, WF_SEQ_HAD);
    note(s, "S-03-2", 9, WF_SEQ_HAD);
    note(s, "G-01", 2, WF_SEQ_HAD);
    expect_gaps(s, "G-01:1-1 S-03-2:3-8 ");
    assert_int_equal(wf_senders_next(s, WF_TEXT("S-03-2")), 10);
    note(s, "S-03-2", 5, WF_SEQ_HAD);
    expect_gaps(s, "G-01:1-1 S-03-2:3-4 S-03-2:6-8 ");
    for (int64_t seq = 8; seq >= 3; seq--)
        note(s, "S-03-2", seq, WF_SEQ_HAD);
    expect_gaps(s, "G-01:1-1 ");
    assert_int_equal(state(s, "S-03-2", 10), WF_SEQ_NEW);
    assert_int_equal(state(s, "S-03-3", 1), WF_SEQ_NEW);
    wf_senders_free(s);
}

static void
a_refused_line_fills_its_gap_and_mending_may_still_bring_the_fact(void **unused)
{
    (void)unused;
    wf_senders *s = fresh();
    for (int64_t seq = 1; seq <= 5; seq++)
        note(s, "S", seq, WF_SEQ_REFUSED);
    expect_gaps(s, "");
    note(s, "S", 3, WF_SEQ_HAD);
    assert_int_equal(state(s, "S", 2), WF_SEQ_REFUSED);
    assert_int_equal(state(s, "S", 3), WF_SEQ_HAD);
    assert_int_equal(state(s, "S", 4), WF_SEQ_REFUSED);
    // What is had stays had.
    note(s, "S", 3, WF_SEQ_REFUSED);
    assert_int_equal(state(s, "S", 3), WF_SEQ_HAD);
    expect_gaps(s, "");
    wf_senders_free(s);
}

static void the_greatest_number_there_is_may_come(void **unused)
{
    (void)unused;
    wf_senders *s = fresh();
    note(s, "S", INT64_MAX, WF_SEQ_HAD);
    note(s, "S", INT64_MAX - 1, WF_SEQ_HAD);
    note(s, "S", 1, WF_SEQ_REFUSED);
    assert_int_equal(wf_senders_next(s, WF_TEXT("S")), INT64_MAX);
    expect_gaps(s, "S:2-9223372036854775805 ");
    wf_buffer saved = {0};
    weft_error error = {0};
    assert_int_equal(wf_senders_save(s, &saved, &error), WEFT_OK);
    wf_senders *again = NULL;
    assert_int_equal(wf_senders_load(wf_buffer_text(&saved), &again, &error), WEFT_OK);
    expect_gaps(again, "S:2-9223372036854775805 ");
    assert_int_equal(state(again, "S", INT64_MAX), WF_SEQ_HAD);
    wf_buffer_done(&saved);
    wf_senders_free(again);
    wf_senders_free(s);
}

static void a_commit_that_failed_leaves_no_trace(void **unused)
{
    (void)unused;
    wf_senders *s = fresh();
    note(s, "S", 1, WF_SEQ_HAD);
    note(s, "S", 3, WF_SEQ_REFUSED);
    wf_senders_mark(s);
    note(s, "S", 2, WF_SEQ_HAD);
    note(s, "S", 3, WF_SEQ_HAD);
    note(s, "S", 4, WF_SEQ_HAD);
    note(s, "new", 7, WF_SEQ_HAD);
    wf_senders_back(s);
    expect_gaps(s, "S:2-2 ");
    assert_int_equal(state(s, "S", 3), WF_SEQ_REFUSED);
    assert_int_equal(wf_senders_next(s, WF_TEXT("S")), 4);
    assert_int_equal(wf_senders_next(s, WF_TEXT("new")), 1);
    // And once more after the same mark.
    note(s, "new", 2, WF_SEQ_HAD);
    wf_senders_back(s);
    expect_gaps(s, "S:2-2 ");
    wf_senders_free(s);
}

static void a_device_that_scatters_its_numbers_is_bounded_and_can_heal(void **unused)
{
    (void)unused;
    wf_senders *s = fresh();
    int64_t last = 2 * (int64_t)WF_SENDERS_STRETCHES_MAX;
    for (int64_t seq = 2; seq <= last; seq += 2)
        note(s, "S", seq, WF_SEQ_HAD);
    assert_int_equal(try_note(s, "S", last + 2, WF_SEQ_HAD), WEFT_TOO_LARGE);
    assert_int_equal(try_note(s, "S", 3, WF_SEQ_REFUSED), WEFT_TOO_LARGE);
    assert_int_equal(state(s, "S", last + 2), WF_SEQ_NEW);
    // Others are not hindered, and what fills a gap is taken.
    note(s, "T", 5, WF_SEQ_HAD);
    note(s, "S", 3, WF_SEQ_HAD);
    note(s, "S", last + 2, WF_SEQ_HAD);
    assert_int_equal(try_note(s, "S", last + 4, WF_SEQ_HAD), WEFT_TOO_LARGE);
    wf_senders_free(s);
}

static void damaged_bytes_are_refused(void **unused)
{
    (void)unused;
    static const struct {
        const char *bytes;
        size_t size;
    } bad[] = {
        {"", 0},                                  // nothing
        {"\x02\x00", 2},                          // another version
        {"\x01\x01", 2},                          // a device is missing
        {"\x01\x00\x00", 3},                      // one byte too many
        {"\x01\x80\x00", 3},                      // a number longer than it need be
        {"\x01\x01\x00\x01\x00\x00", 6},          // a device without a name
        {"\x01\x01\x01S\x00", 5},                 // a device without a number
        {"\x01\x01\x01S\x02\x00\x00", 7},         // a stretch is missing
        {"\x01\x01\x01S\x02\x00\x00\x00\x00", 9}, // two stretches that are one
        {"\x01\x02\x01S\x01\x00\x00\x01S\x01\x00\x00", 12}, // a device twice
        {"\x01\x02\x01T\x01\x00\x00\x01S\x01\x00\x00", 12}, // out of order
        {"\x01\x01\x01S\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F\x00", 15},     // too far
        {"\x01\x01\x01S\x01\x00\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 16}, // too long
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        wf_senders *s = NULL;
        weft_error error = {0};
        assert_int_equal(
            wf_senders_load((wf_text){bad[i].bytes, bad[i].size}, &s, &error),
            WEFT_DAMAGED);
        assert_string_equal(error.code, "senders.damaged");
        assert_null(s);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_phone_that_skips_a_number_has_a_gap_until_it_comes),
        cmocka_unit_test(
            a_refused_line_fills_its_gap_and_mending_may_still_bring_the_fact),
        cmocka_unit_test(the_greatest_number_there_is_may_come),
        cmocka_unit_test(a_commit_that_failed_leaves_no_trace),
        cmocka_unit_test(a_device_that_scatters_its_numbers_is_bounded_and_can_heal),
        cmocka_unit_test(damaged_bytes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
