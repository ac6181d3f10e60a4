// What waits packed comes out as it went in, takes little, and has a bound.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>
#include <string.h>

#include "base/prng.h"
#include "serve/areas/packed.h"

static wf_packed *make(size_t most)
{
    weft_error error = {0};
    wf_packed *packed = NULL;
    assert_int_equal(wf_packed_new(most, &packed, &error), WEFT_OK);
    return packed;
}

// Rows that look like those of a look-up.
static void write_row(wf_prng *random, wf_buffer *to)
{
    assert_true(wf_buffer_printf(
        to,
        "{\"person\":\"P-%07d\",\"level\":\"close\",\"probability\":0.%04d,\"seconds\":%"
        "d,"
        "\"first_exposure\":\"2021-12-%02dT%02d:%02d:00+08:00\",\"place_kind\":"
        "\"market\"},",
        (int)wf_prng_below(random, 7500000), (int)wf_prng_below(random, 10000),
        (int)wf_prng_below(random, 86400), 1 + (int)wf_prng_below(random, 28),
        (int)wf_prng_below(random, 24), (int)wf_prng_below(random, 60)));
}

static void check_same(wf_packed *packed, const wf_buffer *as, size_t piece)
{
    weft_error error = {0};
    wf_buffer came = {0};
    size_t before = 0, held = wf_packed_bytes(packed);
    assert_int_equal(wf_packed_size(packed), as->size);
    do {
        before = came.size;
        assert_int_equal(wf_packed_take(packed, piece, &came, &error), WEFT_OK);
        assert_true(came.size - before <= piece);
        assert_true(wf_packed_bytes(packed) <= held); // what has left is let go of
        held = wf_packed_bytes(packed);
    } while (came.size > before);
    assert_int_equal(came.size, as->size);
    assert_memory_equal(came.bytes, as->bytes, as->size);
    wf_buffer_done(&came);
}

static void what_goes_in_comes_out_however_it_is_cut(void **state)
{
    static const struct {
        size_t rows, a_part, piece;
    } cases[] = {{0, 1, 1},         {1, 1, 7},        {1, 1000, 65536},
                 {500, 13, 1000},   {3000, 1, 65536}, {3000, 100000, 333},
                 {3000, 4096, 4096}};
    wf_prng random;
    weft_error error = {0};
    (void)state;
    random = wf_prng_new(7);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wf_packed *packed = make(1 << 20);
        wf_buffer all = {0};
        for (size_t row = 0; row < cases[i].rows; row++)
            write_row(&random, &all);
        for (size_t at = 0; at < all.size; at += cases[i].a_part) {
            size_t left = all.size - at;
            wf_text part = {all.bytes + at,
                            left < cases[i].a_part ? left : cases[i].a_part};
            assert_int_equal(wf_packed_put(packed, part, &error), WEFT_OK);
        }
        assert_int_equal(wf_packed_seal(packed, &error), WEFT_OK);
        check_same(packed, &all, cases[i].piece);
        wf_packed_free(packed);
        wf_buffer_done(&all);
    }
}

static void rows_of_a_large_answer_take_a_fraction(void **state)
{
    wf_prng random;
    weft_error error = {0};
    wf_packed *packed = make(1 << 20);
    wf_buffer row = {0};
    (void)state;
    random = wf_prng_new(8);
    for (int i = 0; i < 20000; i++) { // 3 MB
        wf_buffer_clear(&row);
        write_row(&random, &row);
        assert_int_equal(wf_packed_put(packed, wf_buffer_text(&row), &error), WEFT_OK);
    }
    assert_int_equal(wf_packed_seal(packed, &error), WEFT_OK);
    assert_true(wf_packed_bytes(packed) < wf_packed_size(packed) / 4);
    wf_buffer_done(&row);
    wf_packed_free(packed);
}

static void more_than_its_bound_is_refused(void **state)
{
    wf_prng random;
    weft_error error = {0};
    wf_packed *packed = make(64 << 10);
    unsigned char noise[4096];
    weft_status status = WEFT_OK;
    int parts = 0;
    (void)state;
    random = wf_prng_new(9);
    for (; status == WEFT_OK && parts < 1000; parts++) {
        for (size_t i = 0; i < sizeof noise; i++)
            noise[i] = (unsigned char)wf_prng_below(&random, 256);
        status = wf_packed_put(packed, (wf_text){(char *)noise, sizeof noise}, &error);
    }
    assert_int_equal(status, WEFT_TOO_LARGE);
    assert_string_equal(error.code, "http.answer_too_large");
    assert_in_range(parts, 16, 24);
    wf_packed_free(packed);
}

static void it_may_be_given_up_at_any_time(void **state)
{
    weft_error error = {0};
    wf_buffer some = {0};
    (void)state;
    wf_packed_free(NULL);
    wf_packed_free(make(1));
    wf_packed *packed = make(1 << 20);
    assert_int_equal(wf_packed_put(packed, WF_TEXT("some rows"), &error), WEFT_OK);
    assert_int_equal(wf_packed_seal(packed, &error), WEFT_OK);
    assert_int_equal(wf_packed_take(packed, 4, &some, &error), WEFT_OK);
    assert_int_equal(some.size, 4);
    wf_buffer_done(&some);
    wf_packed_free(packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_comes_out_however_it_is_cut),
        cmocka_unit_test(rows_of_a_large_answer_take_a_fraction),
        cmocka_unit_test(more_than_its_bound_is_refused),
        cmocka_unit_test(it_may_be_given_up_at_any_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
