// Law "Death" (DESIGN §3) for the whole store: the disk fails once, the process dies, or
// the disk fills at any call that changes it, while facts are sent, applied, delivered,
// made anew and forgotten. What was acknowledged is there once; what was not is there not
// at all or whole; and after opening again the rest goes on to the same end.
//
// WEFT_LONG=1 tries every call instead of a sample.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/store_script.h"

enum { sample_count = 28 }; // of calls, in the default build

// ---- calls that fail ----

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

// Runs until the first step that fails. False: nothing failed.
static bool run_to_failure(made_city *city, const script *s, fault_io *fault,
                           size_t *ret_at)
{
    weft_error error = {0};
    *ret_at = 0;
    if (open_city(city, &fault->io, &error) != WEFT_OK)
        return true;
    while (*ret_at < s->count && do_step(city, s, *ret_at, &error) == WEFT_OK)
        ++*ret_at;
    return *ret_at < s->count;
}

static unsigned long calls_of(const script *s)
{
    made_city city;
    fault_io fault;
    size_t at;
    new_city(&city);
    fault_new(&fault);
    assert_false(run_to_failure(&city, s, &fault, &at));
    unsigned long calls = fault.calls;
    made_city_done(&city);
    return calls;
}

// Every call, or a sample that is spread over all of them.
static unsigned long stride_of(unsigned long calls)
{
    bool all = getenv("WEFT_LONG") != NULL || calls <= sample_count;
    return all ? 1 : calls / sample_count;
}

static void each_call(fault_kind kind, int errno_value, unsigned long first)
{
    script s;
    script_new(&s);
    unsigned long calls = calls_of(&s), stride = stride_of(calls);
    unsigned long failures = 0;
    for (unsigned long at = 1 + first % stride; at <= calls; at += stride) {
        made_city city;
        fault_io fault;
        size_t reached;
        new_city(&city);
        fault_new(&fault);
        fault.errno_value = errno_value;
        fault.kind = kind;
        fault.at = at;
        failures += run_to_failure(&city, &s, &fault, &reached);
        made_city_close(&city);
        check_after(&city, &s, reached);
        made_city_done(&city);
    }
    assert_true(failures > 0);
    history_done(&s.h);
}

static void a_process_that_dies_anywhere_loses_nothing_acknowledged(void **state)
{
    (void)state;
    each_call(FAULT_KILL, EIO, 0);
}

static void a_call_that_fails_once_loses_nothing_acknowledged(void **state)
{
    (void)state;
    each_call(FAULT_ONCE, EIO, 3);
}

static void a_call_that_finds_no_room_once_loses_nothing_acknowledged(void **state)
{
    (void)state;
    each_call(FAULT_ONCE, ENOSPC, 7);
}

// The process lives on: what it says "done" to is done, whatever failed before.
// What was not sent before a purge may be forgotten when it is sent after it, and then is
// not what it would have been: the purge and what follows wait for it, as for all that
// failed.
static void live_on(made_city *city, const script *s, bool *done)
{
    weft_error error = {0};
    bool all_sent = true;
    for (size_t i = 0; i < s->count; i++) {
        if (s->steps[i].kind == STEP_PURGE && !all_sent)
            return;
        done[i] = do_step(city, s, i, &error) == WEFT_OK;
        all_sent = all_sent && (done[i] || s->steps[i].kind != STEP_SEND);
    }
}

static void a_store_that_lives_on_says_nothing_untrue(void **state)
{
    (void)state;
    script s;
    script_new(&s);
    unsigned long calls = calls_of(&s), stride = stride_of(calls);
    for (unsigned long at = 1 + 5 % stride; at <= calls; at += stride) {
        made_city city;
        fault_io fault;
        weft_error error = {0};
        bool done[steps_max] = {0};
        new_city(&city);
        fault_new(&fault);
        fault.kind = FAULT_ONCE;
        fault.at = at;
        if (open_city(&city, &fault.io, &error) == WEFT_OK)
            live_on(&city, &s, done);
        made_city_close(&city);
        ok(open_city(&city, &city.store.quick, &error), &error);
        check_once(&city, &s, done);
        check_sound(&city);
        for (size_t i = 0; i < s.count; i++)
            if (!done[i])
                ok(do_step(&city, &s, i, &error), &error);
        check_end(&city, &s);
        made_city_done(&city);
    }
    history_done(&s.h);
}

// ---- a full disk ----

typedef struct {
    wf_io io;
    uint64_t room; // bytes that may still be written
} small_disk;

static bool has_room(small_disk *disk, size_t *size)
{
    if (disk->room == 0)
        errno = ENOSPC;
    *size = *size < disk->room ? *size : (size_t)disk->room;
    disk->room -= *size;
    return *size > 0;
}

static ssize_t small_pwrite(const wf_io *io, int file, const void *bytes, size_t size,
                            off_t at)
{
    return size == 0 || has_room(io->self, &size)
               ? wf_io_posix.pwrite(&wf_io_posix, file, bytes, size, at)
               : -1;
}

static ssize_t small_write(const wf_io *io, int file, const void *bytes, size_t size)
{
    return size == 0 || has_room(io->self, &size)
               ? wf_io_posix.write(&wf_io_posix, file, bytes, size)
               : -1;
}

// From the step `at` on, until it heals, nothing is taken, and all can be read.
static void fill_at(const script *s, size_t at, uint64_t room)
{
    made_city city;
    weft_error error = {0};
    new_city(&city);
    small_disk disk = {.io = city.store.quick, .room = UINT64_MAX};
    disk.io.self = &disk;
    disk.io.pwrite = small_pwrite;
    disk.io.write = small_write;
    ok(open_city(&city, &disk.io, &error), &error);
    for (size_t i = 0; i < at; i++)
        ok(do_step(&city, s, i, &error), &error);
    assert_true(made_digests_equal(digest_now(&city), s->after[at]));
    disk.room = room;
    uint64_t positions = wf_ledger_now(wf_store_ledger(city.records)).positions;
    weft_status status = do_step(&city, s, at, &error);
    if (status == WEFT_OK) // it needed less
        at++;
    else
        assert_int_equal(status, WEFT_DISK_FULL);
    if (status != WEFT_OK && s->steps[at].kind != STEP_PURGE) {
        assert_int_equal(wf_ledger_now(wf_store_ledger(city.records)).positions,
                         positions);
        assert_true(made_digests_equal(made_city_digest(&city), s->after[at]));
    }
    disk.room = UINT64_MAX;
    for (size_t i = at; i < s->count; i++)
        ok(do_step(&city, s, i, &error), &error);
    check_end(&city, s);
    made_city_close(&city);
    ok(open_city(&city, &city.store.quick, &error), &error);
    check_end(&city, s);
    made_city_done(&city);
}

static void a_full_disk_takes_nothing_and_heals(void **state)
{
    (void)state;
    static const uint64_t rooms[] = {0, 1, 300, 5000, 20000};
    script s;
    script_new(&s);
    for (size_t at = 0; at < s.count; at++)
        for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++)
            if (getenv("WEFT_LONG") != NULL || (at + i) % 3 == 0)
                fill_at(&s, at, rooms[i]);
    history_done(&s.h);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_process_that_dies_anywhere_loses_nothing_acknowledged),
        cmocka_unit_test(a_call_that_fails_once_loses_nothing_acknowledged),
        cmocka_unit_test(a_call_that_finds_no_room_once_loses_nothing_acknowledged),
        cmocka_unit_test(a_store_that_lives_on_says_nothing_untrue),
        cmocka_unit_test(a_full_disk_takes_nothing_and_heals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
