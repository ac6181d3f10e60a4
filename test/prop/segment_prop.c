// Laws of segments on random days: packing and opening is identity; bytes depend on
// the set of rows alone; every answer equals a plain scan; several segments are one.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <inttypes.h>
#include <string.h>

#include "support/day_oracle.h"

enum { cases_small = 40 };

// WEFT_PROP_CASES and WEFT_PROP_SEED: more cases, or from another seed on.
static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    int64_t number;
    if (text == NULL || !wf_parse_i64(wf_text_of(text), 0, INT64_MAX, &number))
        return otherwise;
    return (uint64_t)number;
}

static wf_segment_bytes packed(wf_segment_rows *rows, unsigned threads)
{
    wf_segment_bytes bytes = {0};
    weft_error error = {0};
    assert_int_equal(wf_segment_pack(rows, threads, &bytes, &error), WEFT_OK);
    return bytes;
}

static wf_segment *opened(wf_segment_rows *rows)
{
    wf_segment_bytes bytes = packed(rows, 2);
    wf_segment *segment = NULL;
    weft_error error = {0};
    assert_int_equal(wf_segment_open(&bytes, 2, &segment, &error), WEFT_OK);
    return segment;
}

static void check_identity(made_day *made)
{
    wf_segment *segment = opened(&made->rows);
    wf_segment_unpacked unpacked = {0};
    weft_error error = {0};
    assert_int_equal(wf_segment_unpack(segment, &unpacked, &error), WEFT_OK);
    // Unpacked rows come in order, and equal what was packed.
    made_sort(&made->rows);
    assert_true(made_equal(&made->rows, &unpacked.rows));
    wf_segment_unpacked_done(&unpacked);
    wf_segment_close(segment);
}

static void check_bytes(made_day *made, uint64_t seed)
{
    wf_segment_bytes first = packed(&made->rows, 1);
    made_shuffle(&made->rows, seed);
    wf_segment_bytes second = packed(&made->rows, 3);
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.bytes, second.bytes, first.size);
    wf_segment_bytes_done(&first);
    wf_segment_bytes_done(&second);
    made_sort(&made->rows);
}

// Cuts the rows into `count` segments at random and asks their union.
static void check_union(const made_day *made, uint64_t seed, size_t count)
{
    wf_segment *segments[WF_DAY_SEGMENTS_MAX];
    wf_day *day = NULL;
    weft_error error = {0};
    for (size_t s = 0; s < count; s++) {
        wf_prng prng = wf_prng_new(seed); // the same draws for each segment
        wf_segment_rows part = made->rows;
        part.visits = made_array(part.visits_count, sizeof *part.visits);
        part.encounters = made_array(part.encounters_count, sizeof *part.encounters);
        part.visits_count = part.encounters_count = 0;
        for (size_t i = 0; i < made->rows.visits_count; i++)
            if (wf_prng_below(&prng, (uint32_t)count) == s)
                part.visits[part.visits_count++] = made->rows.visits[i];
        for (size_t i = 0; i < made->rows.encounters_count; i++)
            if (wf_prng_below(&prng, (uint32_t)count) == s)
                part.encounters[part.encounters_count++] = made->rows.encounters[i];
        segments[s] = opened(&part);
        free(part.visits);
        free(part.encounters);
    }
    assert_int_equal(wf_day_open(segments, count, &day, &error), WEFT_OK);
    assert_true(oracle_asks(day, &made->rows, seed, 12, count == 1));
    wf_day_close(day);
}

static void a_segment_holds_what_was_packed(void **state)
{
    (void)state;
    uint64_t first = number_from("WEFT_PROP_SEED", 1);
    uint64_t cases = number_from("WEFT_PROP_CASES", cases_small);
    for (uint64_t i = 0; i < cases; i++) {
        uint64_t seed = first + i;
        print_message("# seed %" PRIu64 "\n", seed);
        made_shape shape = made_shape_any(seed);
        made_day made = made_day_new(seed, &shape);
        check_identity(&made);
        check_bytes(&made, seed);
        check_union(&made, seed, 1);
        check_union(&made, seed, 2 + seed % (WF_DAY_SEGMENTS_MAX - 1));
        made_day_done(&made);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_segment_holds_what_was_packed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
