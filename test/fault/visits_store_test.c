// The store when the n-th call that changes the disk fails, or the process dies there;
// and on a disk that stays full. The normal run tries the first and the last calls, where
// keys and the manifest are written, and every fifth between; with WEFT_LONG or
// WEFT_PROP_CASES set every n is tried.
//
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "support/made_store.h"

static const weft_day friday = {18971}, saturday = {18972};
enum { plenty = 1 << 30, calls_max = 1000, sampled_every = 5, sampled_ends = 3 };

static const made_row before_rows[] = {
    {"P-1", "L-1", {18971}, 420, 450, "T1", 0, false, 0},
    {"P-2", "L-1", {18971}, 425, 455, NULL, 0, false, 1},
    {"P-1", "L-2", {18972}, 600, 700, NULL, 0, false, 2},
};
static const made_row new_rows[] = {
    {"P-3", "L-1", {18971}, 430, 440, "T2", 0, false, 0},
    {"P-4", "L-3", {18973}, 0, 480, NULL, 0, false, 1},
    {"P-1", "P-4", {18973}, 100, 200, "home", 0, true, 0},
};

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

// ---- what is done under faults ----

static weft_status append_live(made_store *store, const char *person, unsigned start,
                               weft_error *error)
{
    const made_row row = {person, "L-1", {18971}, start, start + 10, NULL, 0, false, 0};
    return made_append(store->visits, &row, error);
}

static weft_status do_deliver(made_store *store, weft_error *error)
{
    wf_visits_batch_count count;
    return made_deliver(store->visits, new_rows, 3, plenty, &count, error);
}

static weft_status do_deliver_spilling(made_store *store, weft_error *error)
{
    wf_visits_batch_count count;
    return made_deliver(store->visits, new_rows, 3, 0, &count, error);
}

static weft_status do_first_append(made_store *store, weft_error *error)
{
    return append_live(store, "P-9", 60, error);
}

static weft_status do_purge(made_store *store, weft_error *error)
{
    wf_visits_purge_count count;
    return wf_visits_purge(store->visits, saturday, NULL, NULL, &count, error);
}

// Refused rows of an import that was given up have left a key in the ring's memory.
static weft_status do_deliver_on_a_stray_key(made_store *store, weft_error *error)
{
    const wf_key *key;
    WF_TRY(wf_keys_make(store->keys, WF_KEY_VISITS, (weft_day){18973}, &key, error));
    return do_deliver(store, error);
}

static void prepare_nothing(made_store *store)
{
    (void)store;
}

static void prepare_tail(made_store *store)
{
    weft_error error = {0};
    ok(append_live(store, "P-8", 50, &error), &error);
}

typedef struct {
    void (*prepare)(made_store *store);
    weft_status (*act)(made_store *store, weft_error *error);
    bool steps; // not at once, but always to be finished by doing it again
} deed;

static const deed deliver = {prepare_nothing, do_deliver, false};
static const deed deliver_spilling = {prepare_nothing, do_deliver_spilling, false};
static const deed deliver_on_a_stray_key = {prepare_nothing, do_deliver_on_a_stray_key,
                                            false};
static const deed deliver_over_tail = {prepare_tail, do_deliver, false};
static const deed first_append = {prepare_nothing, do_first_append, false};
static const deed next_append = {prepare_tail, do_first_append, false};
static const deed purge = {prepare_tail, do_purge, true};

static void prepare(made_store *store, const deed *what)
{
    weft_error error = {0};
    wf_visits_batch_count count;
    made_store_new(store);
    ok(made_deliver(store->visits, before_rows, 3, plenty, &count, &error), &error);
    what->prepare(store);
    made_store_close(store);
}

typedef struct {
    wf_digest before, after;
    unsigned long calls; // that change the disk
} expected;

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

static expected run_without_faults(const deed *what)
{
    made_store store;
    expected result;
    fault_io fault;
    weft_error error = {0};
    prepare(&store, what);
    fault_init(&fault);
    ok(made_store_open(&store, &fault.io, &error), &error);
    result.before = made_digest(store.visits);
    result.calls = fault.calls;
    ok(what->act(&store, &error), &error);
    result.calls = fault.calls - result.calls;
    result.after = made_digest(store.visits);
    made_store_done(&store);
    return result;
}

static bool same(wf_digest a, wf_digest b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

static void expect_whole(made_store *store)
{
    weft_error error = {0};
    wf_visits_findings nowhere = {0};
    ok(wf_visits_verify(store->visits, &nowhere, &error), &error);
}

// The old state or the new one; the new one if the deed said it was done.
static void expect_old_or_new(made_store *store, const deed *what, const expected *want,
                              weft_status status)
{
    wf_digest now = made_digest(store->visits);
    bool old = same(now, want->before), new_one = same(now, want->after);
    assert_true(old || new_one);
    if (status == WEFT_OK)
        assert_true(new_one);
    if (!what->steps)
        expect_whole(store);
}

static void expect_done_again(made_store *store, const deed *what, const expected *want)
{
    weft_error error = {0};
    ok(what->act(store, &error), &error);
    assert_true(same(made_digest(store->visits), want->after));
    expect_whole(store);
    if (!what->steps)
        return;
    assert_int_equal(made_state(store->visits, friday), WF_DAY_FORGOTTEN);
    wf_path gone = made_store_path(store, "2021-12-10.day");
    assert_false(wf_io_exists(&wf_io_posix, gone.text));
    const wf_ids *ids = wf_visits_ids(store->visits);
    assert_int_equal(wf_ids_find(ids, WF_ID_PERSON, WF_TEXT("P-2")), WF_NUMBER_NONE);
}

// ---- one call fails ----

static bool fail_once(const deed *what, const expected *want, unsigned long at)
{
    made_store store;
    fault_io fault;
    weft_error error = {0};
    prepare(&store, what);
    fault_init(&fault);
    ok(made_store_open(&store, &fault.io, &error), &error);
    fault.errno_value = at % 2 == 0 ? EIO : ENOSPC;
    fault.at = fault.calls + at;
    fault.kind = FAULT_ONCE;
    weft_status status = what->act(&store, &error);
    bool reached = fault.calls >= fault.at;
    fault.kind = FAULT_NONE;
    wf_digest now = made_digest(store.visits);
    if (!what->steps)
        assert_true(same(now, status == WEFT_OK ? want->after : want->before));
    expect_old_or_new(&store, what, want, status);
    expect_done_again(&store, what, want);
    made_store_close(&store);
    ok(made_store_open(&store, &store.quick, &error), &error);
    assert_true(same(made_digest(store.visits), want->after));
    expect_whole(&store);
    made_store_done(&store);
    return reached;
}

// ---- the process dies ----

static bool die(const deed *what, const expected *want, unsigned long at)
{
    made_store store;
    fault_io fault;
    weft_error error = {0};
    prepare(&store, what);
    fault_init(&fault);
    ok(made_store_open(&store, &fault.io, &error), &error);
    fault.at = fault.calls + at;
    fault.kind = FAULT_KILL;
    weft_status status = what->act(&store, &error);
    bool reached = fault.dead;
    made_store_close(&store);
    // Opening dies too, somewhere, and is done again.
    fault_init(&fault);
    fault.at = 1 + at % 7;
    fault.kind = FAULT_KILL;
    if (made_store_open(&store, &fault.io, &error) == WEFT_OK)
        made_store_close(&store);
    ok(made_store_open(&store, &store.quick, &error), &error);
    expect_old_or_new(&store, what, want, status);
    expect_done_again(&store, what, want);
    made_store_done(&store);
    return reached;
}

// What a normal run tries of n calls; `turn` moves the sample, so that deaths and
// failures do not all meet the same calls.
static bool is_tried(unsigned long at, unsigned long calls, unsigned long turn)
{
    if (getenv("WEFT_LONG") != NULL || getenv("WEFT_PROP_CASES") != NULL)
        return true;
    return at == 1 || at + sampled_ends > calls || at % sampled_every == turn;
}

static void try_all(const deed *what)
{
    expected want = run_without_faults(what);
    assert_false(same(want.before, want.after));
    assert_in_range(want.calls, 3, calls_max - 1);
    for (unsigned long at = 1; at <= want.calls; at++) {
        if (is_tried(at, want.calls, 1))
            assert_true(fail_once(what, &want, at));
        if (is_tried(at, want.calls, 3))
            assert_true(die(what, &want, at));
    }
    assert_false(die(what, &want, want.calls + 1)); // there was none left
}

static void a_delivery_is_stored_or_not(void **state)
{
    (void)state;
    try_all(&deliver);
}

static void a_spilling_delivery_is_stored_or_not(void **state)
{
    (void)state;
    try_all(&deliver_spilling);
}

static void a_delivery_is_never_sealed_under_a_key_that_is_not_kept(void **state)
{
    (void)state;
    try_all(&deliver_on_a_stray_key);
}

static void a_delivery_over_a_tail_is_stored_or_not(void **state)
{
    (void)state;
    try_all(&deliver_over_tail);
}

static void live_rows_are_stored_or_not(void **state)
{
    (void)state;
    try_all(&first_append);
    try_all(&next_append);
}

static void a_purge_can_be_finished(void **state)
{
    (void)state;
    try_all(&purge);
}

// ---- a full disk ----

static bool is_full;

static ssize_t full_write(const wf_io *io, int file, const void *bytes, size_t size)
{
    (void)io;
    errno = ENOSPC;
    return is_full ? -1 : wf_io_posix.write(&wf_io_posix, file, bytes, size);
}

static ssize_t full_pwrite(const wf_io *io, int file, const void *bytes, size_t size,
                           off_t at)
{
    (void)io;
    errno = ENOSPC;
    return is_full ? -1 : wf_io_posix.pwrite(&wf_io_posix, file, bytes, size, at);
}

static void a_full_disk_leaves_the_old_state_and_a_usable_store(void **state)
{
    (void)state;
    const deed *const deeds[] = {&deliver, &deliver_spilling, &first_append,
                                 &next_append};
    wf_io io = made_io();
    io.write = full_write;
    io.pwrite = full_pwrite;
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        made_store store;
        weft_error error = {0};
        expected want = run_without_faults(deeds[i]);
        prepare(&store, deeds[i]);
        ok(made_store_open(&store, &io, &error), &error);
        is_full = true;
        assert_int_equal(deeds[i]->act(&store, &error), WEFT_DISK_FULL);
        assert_true(same(made_digest(store.visits), want.before));
        is_full = false;
        expect_done_again(&store, deeds[i], &want);
        made_store_done(&store);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_delivery_is_stored_or_not),
        cmocka_unit_test(a_spilling_delivery_is_stored_or_not),
        cmocka_unit_test(a_delivery_is_never_sealed_under_a_key_that_is_not_kept),
        cmocka_unit_test(a_delivery_over_a_tail_is_stored_or_not),
        cmocka_unit_test(live_rows_are_stored_or_not),
        cmocka_unit_test(a_purge_can_be_finished),
        cmocka_unit_test(a_full_disk_leaves_the_old_state_and_a_usable_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
