// Laws of the senders' book: whatever comes in whatever order, it says what a plain table
// of every number says; going back is as if nothing had come; saving and loading changes
// nothing.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/prng.h"
#include "store/senders.h"

enum { cases_small = 60, steps = 600, devices_count = 4, seqs = 90 };

// The plain table; seq 0 is not used.
typedef struct {
    unsigned char states[devices_count][seqs + 1];
} plain;

static const char *const names[devices_count] = {"S-1", "S-10", "s", "\xE5\x8D\xA1"};

// WEFT_PROP_CASES and WEFT_PROP_SEED: more cases, or from another seed on.
static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    int64_t number;
    if (text == NULL || !wf_parse_i64(wf_text_of(text), 0, INT64_MAX, &number))
        return otherwise;
    return (uint64_t)number;
}

static wf_identity identity(size_t device, int64_t seq)
{
    return (wf_identity){wf_text_of(names[device]), seq};
}

static bool print_gap(void *context, const wf_seq_gap *gap)
{
    return wf_buffer_printf(context, "%.*s %" PRId64 " %" PRId64 "\n",
                            (int)gap->device.size, gap->device.bytes, gap->from,
                            gap->upto);
}

static void print_plain_gaps(const plain *p, wf_buffer *to)
{
    for (size_t d = 0; d < devices_count; d++) {
        int64_t before = 0; // the last number that came
        for (int64_t seq = 1; seq <= seqs; seq++) {
            if (p->states[d][seq] == WF_SEQ_NEW)
                continue;
            if (seq > before + 1)
                assert_true(wf_buffer_printf(to, "%s %" PRId64 " %" PRId64 "\n", names[d],
                                             before + 1, seq - 1));
            before = seq;
        }
    }
}

static void check(const wf_senders *s, const plain *p)
{
    wf_buffer gaps = {0}, plain_gaps = {0};
    for (size_t d = 0; d < devices_count; d++) {
        int64_t next = 1;
        for (int64_t seq = 1; seq <= seqs; seq++) {
            assert_int_equal(wf_senders_state(s, identity(d, seq)), p->states[d][seq]);
            if (p->states[d][seq] != WF_SEQ_NEW)
                next = seq + 1;
        }
        assert_int_equal(wf_senders_next(s, wf_text_of(names[d])), next);
    }
    wf_senders_gaps(s, print_gap, &gaps);
    print_plain_gaps(p, &plain_gaps);
    assert_true(wf_text_equal(wf_buffer_text(&gaps), wf_buffer_text(&plain_gaps)));
    wf_buffer_done(&gaps);
    wf_buffer_done(&plain_gaps);
}

static void note_some(wf_senders *s, plain *p, wf_prng *prng)
{
    size_t device = wf_prng_below(prng, devices_count);
    int64_t seq = 1 + wf_prng_below(prng, seqs);
    int64_t upto = seq + (wf_prng_below(prng, 4) == 0 ? wf_prng_below(prng, 12) : 0);
    wf_seq_state state = wf_prng_below(prng, 3) == 0 ? WF_SEQ_REFUSED : WF_SEQ_HAD;
    weft_error error = {0};
    for (; seq <= upto && seq <= seqs; seq++) {
        assert_int_equal(wf_senders_note(s, identity(device, seq), state, &error),
                         WEFT_OK);
        if (p->states[device][seq] != WF_SEQ_HAD)
            p->states[device][seq] = (unsigned char)state;
    }
}

static wf_senders *saved_and_loaded(wf_senders *s)
{
    wf_buffer first = {0}, second = {0};
    weft_error error = {0};
    wf_senders *again = NULL;
    assert_int_equal(wf_senders_save(s, &first, &error), WEFT_OK);
    assert_int_equal(wf_senders_load(wf_buffer_text(&first), &again, &error), WEFT_OK);
    assert_int_equal(wf_senders_save(again, &second, &error), WEFT_OK);
    assert_true(wf_text_equal(wf_buffer_text(&first), wf_buffer_text(&second)));
    wf_buffer_done(&first);
    wf_buffer_done(&second);
    wf_senders_free(s);
    return again;
}

static void one_case(uint64_t seed)
{
    wf_prng prng = wf_prng_new(seed);
    wf_senders *s = NULL;
    weft_error error = {0};
    assert_int_equal(wf_senders_new(&s, &error), WEFT_OK);
    plain now = {0}, at_mark = {0};
    bool marked = false;
    for (int step = 0; step < steps; step++) {
        uint32_t what = wf_prng_below(&prng, 40);
        if (what == 0) {
            wf_senders_mark(s);
            at_mark = now;
            marked = true;
        } else if (what == 1 && marked) {
            wf_senders_back(s);
            now = at_mark;
        } else if (what == 2) {
            s = saved_and_loaded(s);
            marked = false;
        } else {
            note_some(s, &now, &prng);
        }
        if (what < 3 || step % 20 == 0)
            check(s, &now);
    }
    check(s, &now);
    wf_senders_free(s);
}

static void a_book_says_what_a_plain_table_says(void **unused)
{
    (void)unused;
    uint64_t seed = number_from("WEFT_PROP_SEED", 1);
    uint64_t count = number_from("WEFT_PROP_CASES", cases_small);
    for (uint64_t i = 0; i < count; i++) {
        print_message("# seed %" PRIu64 "\n", seed + i);
        one_case(seed + i);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_book_says_what_a_plain_table_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
