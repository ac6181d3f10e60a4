// A ledger whose disk fails, fills, or whose process dies at any call that changes the
// disk: what was acknowledged is there once, the rest of it not at all or whole.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/made_ledger.h"

enum { commits_count = 8, big_commit = 3 };

static unsigned size_of(unsigned commit)
{
    return commit == big_commit ? 150 : 1 + 5 * commit;
}

static unsigned facts_upto(unsigned commits)
{
    unsigned facts = 0;
    for (unsigned i = 0; i < commits; i++)
        facts += size_of(i);
    return facts;
}

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

// The calls are counted and fail; syncing itself changes nothing that a test can see.
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

static void fault_new(fault_io *fault)
{
    fault_io_init(fault);
    fault->io.sync = counted_sync;
    fault->io.sync_dir = counted_sync_dir;
}

static uint64_t ahead_bytes; // of zeroes, in the group of tests that runs

// Rotation, commits of one record, one of many, new keys as days go by, a mark.
static void make(made_ledger *made)
{
    made_ledger_new(made);
    made->file_bytes = 4000;
    made->record_bytes = 600;
    made->ahead_bytes = ahead_bytes;
}

static weft_status one_commit(made_ledger *made, unsigned commit, weft_error *error)
{
    WF_TRY(made_commit(made->ledger, 1 + facts_upto(commit), size_of(commit), commit,
                       error));
    if (commit % 3 == 2) {
        wf_ledger_mark(made->ledger);
        WF_TRY(wf_keys_commit(made->keys, error));
    }
    return WEFT_OK;
}

// Commits as many as go. Counts those that were acknowledged.
static unsigned run(made_ledger *made, unsigned from, weft_status *ret, weft_error *error)
{
    unsigned commit = from;
    *ret = WEFT_OK;
    while (commit < commits_count) {
        uint64_t before = wf_ledger_now(made->ledger).commits;
        *ret = one_commit(made, commit, error);
        if (wf_ledger_now(made->ledger).commits > before)
            commit++;
        if (*ret != WEFT_OK)
            break;
    }
    return commit;
}

// Opens it on a healthy disk: the acknowledged, and at most the one under way, whole.
static unsigned check_after(made_ledger *made, unsigned acknowledged)
{
    weft_error error = {0};
    ok(made_ledger_open(made, &made->quick, &error), &error);
    unsigned commits = (unsigned)wf_ledger_now(made->ledger).commits;
    assert_true(commits == acknowledged || commits == acknowledged + 1);
    assert_int_equal(made_count(made->ledger), facts_upto(commits));
    ok(wf_ledger_verify(made->ledger, NULL, NULL, &error), &error);
    // And it goes on from there.
    weft_status status;
    assert_int_equal(run(made, commits, &status, &error), commits_count);
    ok(status, &error);
    assert_int_equal(made_count(made->ledger), facts_upto(commits_count));
    made_ledger_close(made);
    return commits;
}

static void a_process_that_dies_anywhere_loses_nothing_acknowledged(void **state)
{
    (void)state;
    bool past_the_end = false;
    unsigned present = 0;
    for (unsigned long at = 1; !past_the_end; at++) {
        made_ledger made;
        make(&made);
        fault_io fault;
        fault_new(&fault);
        weft_error error = {0};
        unsigned acknowledged = 0;
        ok(made_ledger_open(&made, &fault.io, &error), &error);
        fault.kind = FAULT_KILL;
        fault.at = fault.calls + at;
        weft_status status;
        acknowledged = run(&made, 0, &status, &error);
        past_the_end = status == WEFT_OK;
        made_ledger_close(&made);
        present += check_after(&made, acknowledged) - acknowledged;
        made_ledger_done(&made);
    }
    assert_true(present > 0); // some died between the last write and its sync
}

static void opening_may_die_too(void **state)
{
    (void)state;
    for (unsigned long at = 1;; at++) {
        made_ledger made;
        make(&made);
        weft_error error = {0};
        weft_status status;
        ok(made_ledger_open(&made, &made.quick, &error), &error);
        assert_int_equal(run(&made, 0, &status, &error), commits_count);
        made_ledger_close(&made);
        unsigned last = 1;
        wf_path path, next = made_ledger_file(&made, 2);
        for (; wf_io_exists(&wf_io_posix, next.text);
             next = made_ledger_file(&made, last + 1))
            last++;
        // A tail that has to be cut off.
        size_t size;
        path = made_ledger_file(&made, last);
        char *bytes = scratch_read(&path, &size);
        bytes = realloc(bytes, size + 700);
        assert_non_null(bytes);
        memset(bytes + size, 0, 700);
        scratch_write(&path, bytes, size + 700);
        free(bytes);
        fault_io fault;
        fault_new(&fault);
        fault.kind = FAULT_KILL;
        fault.at = at;
        status = made_ledger_open(&made, &fault.io, &error);
        made_ledger_close(&made);
        assert_int_equal(check_after(&made, commits_count), commits_count);
        made_ledger_done(&made);
        if (status == WEFT_OK)
            break;
    }
}

// One call fails, the process lives on.
static void fails_once(int errno_value)
{
    bool past_the_end = false;
    for (unsigned long at = 1; !past_the_end; at++) {
        made_ledger made;
        make(&made);
        fault_io fault;
        fault_new(&fault);
        fault.errno_value = errno_value;
        weft_error error = {0};
        ok(made_ledger_open(&made, &fault.io, &error), &error);
        fault.kind = FAULT_ONCE;
        fault.at = fault.calls + at;
        weft_status status;
        unsigned acknowledged = run(&made, 0, &status, &error);
        past_the_end = status == WEFT_OK && fault.calls < fault.at;
        bool full = status == WEFT_DISK_FULL;
        // What need not be done may fail: zeroes ahead, the closing of a file.
        assert_true(status == WEFT_OK || status == WEFT_STORAGE || full);
        // What was acknowledged can be read, whatever happened.
        assert_int_equal(made_count(made.ledger), facts_upto(acknowledged));
        if (!past_the_end) {
            // Either it stopped, or it goes on as if nothing had been.
            weft_error second = {0};
            unsigned reached = run(&made, acknowledged, &status, &second);
            if (status != WEFT_OK) {
                assert_int_equal(reached, acknowledged);
                assert_int_equal(status, WEFT_STORAGE);
                assert_true(strcmp(second.code, "ledger.stopped") == 0 ||
                            strcmp(second.code, "keys.unsure") == 0);
            }
            acknowledged = reached;
            assert_int_equal(made_count(made.ledger), facts_upto(acknowledged));
        }
        made_ledger_close(&made);
        check_after(&made, acknowledged);
        made_ledger_done(&made);
    }
}

static void a_call_that_fails_once_loses_nothing_acknowledged(void **state)
{
    (void)state;
    fails_once(EIO);
}

static void a_call_that_finds_no_room_once_loses_nothing_acknowledged(void **state)
{
    (void)state;
    fails_once(ENOSPC);
}

// ---- a full disk ----

typedef struct {
    wf_io io;
    uint64_t room; // bytes that may still be written
} small_disk;

static ssize_t small_pwrite(const wf_io *io, int file, const void *bytes, size_t size,
                            off_t at)
{
    small_disk *disk = io->self;
    if (disk->room == 0) {
        errno = ENOSPC;
        return -1;
    }
    size_t part = size < disk->room ? size : (size_t)disk->room;
    ssize_t done = wf_io_posix.pwrite(&wf_io_posix, file, bytes, part, at);
    if (done > 0)
        disk->room -= (uint64_t)done;
    return done;
}

static void a_full_disk_refuses_whole_and_heals_by_itself(void **state)
{
    (void)state;
    for (uint64_t room = 1; room < 6000; room += 97) {
        made_ledger made;
        make(&made);
        made.file_bytes = 1 << 20;
        small_disk disk = {.io = made.quick, .room = 1 << 20};
        disk.io.self = &disk;
        disk.io.pwrite = small_pwrite;
        weft_error error = {0};
        weft_status status;
        ok(made_ledger_open(&made, &disk.io, &error), &error);
        ok(one_commit(&made, 0, &error), &error);
        disk.room = room;
        unsigned acknowledged = run(&made, 1, &status, &error);
        assert_int_equal(status, WEFT_DISK_FULL);
        assert_int_equal(made_count(made.ledger), facts_upto(acknowledged));
        wf_path path = made_ledger_file(&made, 1);
        size_t size, again;
        free(scratch_read(&path, &size));
        assert_int_equal(one_commit(&made, acknowledged, &error), WEFT_DISK_FULL);
        free(scratch_read(&path, &again));
        assert_int_equal(again, size);
        disk.room = 1 << 20;
        assert_int_equal(run(&made, acknowledged, &status, &error), commits_count);
        ok(status, &error);
        made_ledger_close(&made);
        assert_int_equal(check_after(&made, commits_count), commits_count);
        made_ledger_done(&made);
    }
}

static void after_a_failed_sync_nothing_is_written_behind_it(void **state)
{
    (void)state;
    made_ledger made;
    make(&made);
    made.ahead_bytes *= 10; // the next commit goes into them
    fault_io fault;
    fault_new(&fault);
    weft_error error = {0};
    ok(made_ledger_open(&made, &fault.io, &error), &error);
    ok(one_commit(&made, 0, &error), &error);
    ok(one_commit(&made, 1, &error), &error);
    fault.kind = FAULT_ONCE;
    made_fact_texts texts;
    wf_fact fact = made_fact(9, &texts); // of the class and day of fact 3
    uint64_t position;
    ok(wf_ledger_add(made.ledger, &fact, &position, &error), &error);
    assert_false(wf_keys_commit_due(made.keys));
    fault.at = fault.calls + 2; // the write, the sync
    assert_int_equal(wf_ledger_commit(made.ledger, made_received(2), &error),
                     WEFT_STORAGE);
    unsigned long calls = fault.calls;
    for (int turn = 0; turn < 3; turn++) {
        assert_int_equal(wf_ledger_add(made.ledger, &fact, &position, &error),
                         WEFT_STORAGE);
        assert_string_equal(error.code, "ledger.stopped");
        assert_int_equal(wf_ledger_commit(made.ledger, made_received(2), &error),
                         WEFT_STORAGE);
        wf_ledger_abandon(made.ledger);
    }
    assert_int_equal(fault.calls, calls);
    assert_int_equal(made_count(made.ledger), facts_upto(2));
    made_ledger_done(&made);
}

static int with_zeroes_ahead(void **state)
{
    (void)state;
    ahead_bytes = 900; // so that commits end within them, at their end, and beyond
    return 0;
}

static int without_zeroes(void **state)
{
    (void)state;
    ahead_bytes = 0;
    return 0;
}

#define TESTS(setup)                                                                     \
    cmocka_unit_test_setup(a_process_that_dies_anywhere_loses_nothing_acknowledged,      \
                           setup),                                                       \
        cmocka_unit_test_setup(opening_may_die_too, setup),                              \
        cmocka_unit_test_setup(a_call_that_fails_once_loses_nothing_acknowledged,        \
                               setup),                                                   \
        cmocka_unit_test_setup(                                                          \
            a_call_that_finds_no_room_once_loses_nothing_acknowledged, setup),           \
        cmocka_unit_test_setup(a_full_disk_refuses_whole_and_heals_by_itself, setup),    \
        cmocka_unit_test_setup(after_a_failed_sync_nothing_is_written_behind_it, setup)

int main(void)
{
    static const struct CMUnitTest tests[] = {TESTS(without_zeroes),
                                              TESTS(with_zeroes_ahead)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
