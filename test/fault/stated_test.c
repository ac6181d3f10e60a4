// Statements when the n-th call that changes the disk fails, or the process dies there:
// bodies first, then the ledger, then life. The ledger of this test is one bit that
// outlives the process.
//
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "support/made_stated.h"

enum { plenty = 1 << 30, calls_max = 200, dead_position = 33, sampled_every = 4 };
static const weft_day first_day = {0}, last_day = {INT32_MAX};

static const made_row delivered[] = {
    {"P-1", "L-1", {18971}, 420, 450, "T1", 0, false, 0},
    {"P-1", "L-2", {18972}, 600, 700, NULL, 0, false, 1},
};
// Stated before; the second fact of `fresh` withdraws it.
static const made_statement tea = {
    "S-1", 7, "tea", {{"P-7", "L-1", {18971}, 430, 445, "T3", 0, false, 0}}};
static const made_statement fresh[] = {
    {"S-1", 8, "met", {{"P-7", "P-1", {18972}, 26000, 26600, "car", 0, true, 0}}},
    {"S-2",
     1,
     "night",
     {{"P-8", "L-9", {18971}, 1380, 1440, NULL, WF_MARK_INTO_NEXT, false, 0},
      {"P-8", "L-9", {18972}, 0, 60, NULL, WF_MARK_FROM_BEFORE, false, 0}}},
};
static const made_statement other = {
    "S-3", 1, "walk", {{"P-9", "L-1", {18974}, 430, 445, NULL, 0, false, 0}}};

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

// What outlives the process: whether the ledger has the facts of `fresh`.
typedef struct {
    made_store store;
    bool ledger;
} world;

// ---- what is done under faults ----

static weft_status write_life(world *w, weft_error *error)
{
    WF_TRY(wf_stated_set_dead(w->store.visits, tea.pieces[0].day, made_identity(&tea),
                              true, error));
    return wf_stated_write_life(w->store.visits, dead_position, error);
}

static weft_status send(world *w, weft_error *error)
{
    weft_status status = made_write(w->store.visits, fresh, 2, error);
    if (status != WEFT_OK) {
        wf_stated_rollback(w->store.visits, false);
        return status;
    }
    w->ledger = true;
    wf_stated_count(w->store.visits);
    return write_life(w, error);
}

// The ledger refuses.
static weft_status send_in_vain(world *w, weft_error *error)
{
    weft_status status = made_write(w->store.visits, fresh, 2, error);
    wf_stated_rollback(w->store.visits, false);
    return status;
}

static weft_status drop_unknown(void *context, const wf_stated *entry, bool counted,
                                weft_error *error)
{
    const world *w = context;
    assert_false(counted);
    bool sent = wf_text_equal(entry->body, wf_text_of(fresh[0].body)) ||
                wf_text_equal(entry->body, wf_text_of(fresh[1].body));
    return !sent || w->ledger
               ? WEFT_OK
               : wf_stated_drop(w->store.visits, entry->day, entry->id, error);
}

// What opening a city does.
static weft_status recover(world *w, weft_error *error)
{
    WF_TRY(wf_stated_each(w->store.visits, first_day, last_day, true, drop_unknown, w,
                          NULL, error));
    WF_TRY(wf_stated_commit(w->store.visits, error));
    wf_stated_count(w->store.visits);
    bool behind = wf_stated_life_position(w->store.visits) < dead_position;
    return w->ledger && behind ? write_life(w, error) : WEFT_OK;
}

// ---- a run ----

typedef weft_status deed(world *w, weft_error *error);

static int quick_sync(const wf_io *io, int file)
{
    (void)file;
    return fault_hits(io) ? -1 : 0;
}

static int quick_sync_dir(const wf_io *io, const char *path)
{
    (void)path;
    return fault_hits(io) ? -1 : 0;
}

static void fault_init(fault_io *fault)
{
    fault_io_init(fault);
    fault->io.sync = quick_sync;
    fault->io.sync_dir = quick_sync_dir;
}

static void begin(world *w, fault_io *fault)
{
    weft_error error = {0};
    wf_visits_batch_count count;
    *w = (world){0};
    made_store_new(&w->store);
    ok(made_deliver(w->store.visits, delivered, 2, plenty, &count, &error), &error);
    ok(made_state_all(w->store.visits, &tea, 1, &error), &error);
    made_store_close(&w->store);
    fault_init(fault);
    ok(made_store_open(&w->store, &fault->io, &error), &error);
    ok(recover(w, &error), &error);
}

typedef struct {
    wf_digest before, after;
    unsigned long calls;
} expected;

static expected run_without_faults(deed *act)
{
    world w;
    fault_io fault;
    expected want;
    weft_error error = {0};
    begin(&w, &fault);
    want.before = made_digest(w.store.visits);
    want.calls = fault.calls;
    ok(act(&w, &error), &error);
    want.calls = fault.calls - want.calls;
    want.after = made_digest(w.store.visits);
    made_store_done(&w.store);
    assert_in_range(want.calls, 3, calls_max);
    return want;
}

static void expect_digest(world *w, const wf_digest *want)
{
    wf_digest now = made_digest(w->store.visits);
    weft_error error = {0};
    wf_visits_findings nowhere = {0};
    assert_memory_equal(now.bytes, want->bytes, sizeof now.bytes);
    ok(wf_visits_verify(w->store.visits, &nowhere, &error), &error);
}

static void reopen(world *w)
{
    weft_error error = {0};
    made_store_close(&w->store);
    ok(made_store_open(&w->store, &w->store.quick, &error), &error);
    ok(recover(w, &error), &error);
}

// Whatever was left undone is done by doing it again.
static void expect_done_again(world *w, const expected *want)
{
    weft_error error = {0};
    if (!w->ledger)
        ok(send(w, &error), &error);
    else
        ok(write_life(w, &error), &error);
    expect_digest(w, &want->after);
    reopen(w);
    expect_digest(w, &want->after);
}

// The normal run tries every fourth call and the last ones of each kind of test, which
// turn; with WEFT_LONG or WEFT_PROP_CASES set it tries all.
static bool is_tried(unsigned long at, unsigned long calls, unsigned long turn)
{
    if (getenv("WEFT_LONG") != NULL || getenv("WEFT_PROP_CASES") != NULL)
        return true;
    return at == 1 || at + 2 > calls || at % sampled_every == turn;
}

// ---- one call fails ----

static void fail_once(const expected *want, unsigned long at)
{
    world w;
    fault_io fault;
    weft_error error = {0};
    begin(&w, &fault);
    fault.errno_value = at % 2 == 0 ? EIO : ENOSPC;
    fault.at = fault.calls + at;
    fault.kind = FAULT_ONCE;
    weft_status status = send(&w, &error);
    fault.kind = FAULT_NONE;
    if (!w.ledger)
        expect_digest(&w, &want->before);
    else if (status == WEFT_OK)
        expect_digest(&w, &want->after);
    expect_done_again(&w, want);
    made_store_done(&w.store);
}

static void a_send_is_stored_or_not(void **state)
{
    (void)state;
    expected want = run_without_faults(send);
    for (unsigned long at = 1; at <= want.calls; at++)
        if (is_tried(at, want.calls, 1))
            fail_once(&want, at);
}

// ---- the process dies ----

static void die(const expected *want, unsigned long at)
{
    world w;
    fault_io fault;
    weft_error error = {0};
    begin(&w, &fault);
    fault.at = fault.calls + at;
    fault.kind = FAULT_KILL;
    WF_IGNORE(send(&w, &error), "it dies");
    assert_true(fault.dead);
    made_store_close(&w.store);
    // Opening dies too, somewhere, and is done again.
    fault_init(&fault);
    fault.at = 1 + at % 11;
    fault.kind = FAULT_KILL;
    if (made_store_open(&w.store, &fault.io, &error) == WEFT_OK)
        WF_IGNORE(recover(&w, &error), "it dies");
    reopen(&w);
    expect_digest(&w, w.ledger ? &want->after : &want->before);
    expect_done_again(&w, want);
    made_store_done(&w.store);
}

static void a_death_leaves_no_row_without_its_fact(void **state)
{
    (void)state;
    expected want = run_without_faults(send);
    for (unsigned long at = 1; at <= want.calls; at++)
        if (is_tried(at, want.calls, 3))
            die(&want, at);
}

// ---- the ledger refuses, and then the disk does ----

static void fail_in_vain(const expected *want, const wf_digest *with_other,
                         unsigned long at, bool reopens)
{
    world w;
    fault_io fault;
    weft_error error = {0};
    begin(&w, &fault);
    fault.at = fault.calls + at;
    fault.kind = FAULT_ONCE;
    WF_IGNORE(send_in_vain(&w, &error), "in vain");
    fault.kind = FAULT_NONE;
    expect_digest(&w, &want->before);
    if (reopens)
        reopen(&w);
    expect_digest(&w, &want->before);
    // What others state next does not bring it back.
    ok(made_state_all(w.store.visits, &other, 1, &error), &error);
    expect_digest(&w, with_other);
    reopen(&w);
    expect_digest(&w, with_other);
    made_store_done(&w.store);
}

static void what_the_ledger_refused_never_counts(void **state)
{
    (void)state;
    world w;
    fault_io fault;
    weft_error error = {0};
    begin(&w, &fault);
    ok(made_state_all(w.store.visits, &other, 1, &error), &error);
    wf_digest with_other = made_digest(w.store.visits);
    made_store_done(&w.store);
    expected want = run_without_faults(send_in_vain);
    assert_memory_equal(want.before.bytes, want.after.bytes, sizeof want.after.bytes);
    for (unsigned long at = 1; at <= want.calls; at++)
        if (is_tried(at, want.calls, 2))
            fail_in_vain(&want, &with_other, at, at % 8 < 4);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_send_is_stored_or_not),
        cmocka_unit_test(a_death_leaves_no_row_without_its_fact),
        cmocka_unit_test(what_the_ledger_refused_never_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
