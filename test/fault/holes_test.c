// Rows and hole rows are committed together: whichever call that changes the disk fails,
// or is the last of a process that dies, afterwards the table of holes is what the rules
// give over the rows that are there.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/made_holes.h"

enum { tubes = 6 };

// Syncs fail as any call does, and cost nothing.
static int counted_sync(const wf_io *io, int file)
{
    (void)file;
    return fault_hits(io) ? -1 : 0;
}

static int counted_sync_dir(const wf_io *io, const char *path)
{
    (void)path;
    return fault_hits(io) ? -1 : 0;
}

static wf_fact fact_of(const char *kind, const char *device, int64_t seq,
                       const char *tube)
{
    wf_fact fact = {.id = {wf_text_of(device), seq},
                    .kind = wf_kinds_find(wf_desk_kinds(), wf_text_of(kind)),
                    .at = {INT64_C(1639267200) * WF_US_PER_S}};
    fact.values[0] = (wf_value){.given = true, .text = wf_text_of(tube)};
    if (fact.kind->fields[1].type == WF_COLUMN_INTEGER)
        fact.values[1] = (wf_value){.given = true, .number = 2};
    else
        fact.values[1] = (wf_value){.given = true, .text = WF_TEXT("negative")};
    return fact;
}

// Seals tubes, some under a number that leaves a gap, and gives half of them a result.
// What fails ends it: a store that was refused a write is opened again.
static void act(made_holes *made)
{
    static const char *const names[tubes] = {"T-1", "T-2", "T-3", "T-4", "T-5", "T-6"};
    weft_error error = {0};
    for (int i = 0; i < tubes; i++) {
        wf_verdict verdicts[2];
        wf_fact facts[2] = {fact_of("tube.sealed", "S-1", 2 * i + 1, names[i]),
                            fact_of("tube.resulted", "L-1", i + 1, names[i / 2])};
        if (wf_store_send(made->city.records, facts, 2, WF_TIME_NONE, verdicts, &error) !=
                WEFT_OK ||
            wf_store_apply(made->city.records, 0, &error) != WEFT_OK)
            return;
    }
}

static unsigned long run(fault_kind kind, unsigned long at, size_t *ret_holes)
{
    const wf_holes_query all = {.rule = SIZE_MAX, .not_yet_due = true};
    made_holes made;
    fault_io fault;
    wf_buffer said = {0};
    made_holes_new(&made, NULL);
    made_city_close(&made.city);
    fault_io_init(&fault);
    fault.io.sync = counted_sync;
    fault.io.sync_dir = counted_sync_dir;
    made_city_open(&made.city, &fault.io);
    fault.calls = 0;
    fault.kind = kind;
    fault.at = at;
    fault.errno_value = EIO;
    act(&made);
    unsigned long calls = fault.calls;
    made_city_close(&made.city);
    made_city_open(&made.city, &made.city.store.quick);
    if (made_holes_check(&made, &said) > 0)
        fail_msg("call %lu: %.*s", at, (int)said.size, said.bytes);
    *ret_holes = made_holes_list(&made, &all, &said);
    wf_buffer_done(&said);
    made_holes_done(&made);
    return calls;
}

static void whatever_fails_holes_and_rows_agree(void **state)
{
    (void)state;
    size_t holes = 0, whole = 0;
    unsigned long calls = run(FAULT_NONE, 0, &whole);
    assert_true(calls > 20);
    // Three tubes without a result, which nobody answers for, and the gaps of their
    // sender.
    assert_int_equal(whole, 2 * 3 + 1);
    for (unsigned long at = 1; at <= calls; at++) {
        run(FAULT_ONCE, at, &holes);
        assert_true(holes <= 2 * tubes + 1);
        run(FAULT_KILL, at, &holes);
        assert_true(holes <= 2 * tubes + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_fails_holes_and_rows_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
