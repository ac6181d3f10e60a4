// Backup and restore when the n-th call that changes the disk fails, or the process dies
// there, for every n.
//
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/backed_city.h"

enum { calls_max = 1000 };

// Counted, but not done: it costs most of the time and changes nothing that a test sees.
static int count_sync(const wf_io *io, int file)
{
    (void)file;
    return fault_hits(io) ? -1 : 0;
}

static int count_sync_dir(const wf_io *io, const char *path)
{
    (void)path;
    return fault_hits(io) ? -1 : 0;
}

static void fault_new(fault_io *fault, fault_kind kind, unsigned long at)
{
    fault_io_init(fault);
    fault->io.sync = count_sync;
    fault->io.sync_dir = count_sync_dir;
    fault->kind = kind;
    fault->at = at;
    fault->errno_value = at % 2 == 0 ? EIO : ENOSPC;
}

static bool exists(const wf_path *path)
{
    return wf_io_exists(&wf_io_posix, path->text);
}

static void same(const char *a, const char *other)
{
    assert_string_equal(a, other);
}

// The city reads and writes backups through the failing table; its parts keep their own.
static weft_status backup_through(backed_city *b, const wf_io *io, const wf_path *file,
                                  weft_error *error)
{
    const wf_io *own = b->city->io;
    b->city->io = b->city->outside = io;
    weft_status status = backed_try_backup(b, file->text, error);
    b->city->io = b->city->outside = own;
    return status;
}

// False when the backup came to its end before the call.
static bool backup_fails_at(backed_city *b, unsigned long at, fault_kind kind)
{
    fault_io fault;
    weft_error error = {0};
    wf_path file = scratch_path(&b->base, "backup"),
            next = scratch_path(&b->base, "backup.next");
    fault_new(&fault, kind, at);
    weft_status status = backup_through(b, &fault.io, &file, &error);
    bool reached = fault.calls >= at;
    assert_true(reached || status == WEFT_OK);
    if (kind == FAULT_ONCE && status != WEFT_OK)
        assert_false(exists(&next));
    if (exists(&file)) { // then it is whole, also when only its name was not synced
        wf_path ring = backed_export(b, "copy");
        weft_city *city = backed_restore(b, &file, &ring, "there", false);
        same(backed_digest_of(city).total, backed_digest_of(b->city).total);
        weft_city_close(city);
        wf_path there = scratch_path(&b->base, "there");
        scratch_remove(there.text);
        assert_int_equal(unlink(ring.text), 0);
        assert_int_equal(unlink(file.text), 0);
    } else {
        assert_int_not_equal(status, WEFT_OK);
    }
    if (exists(&next)) // of one that died: the next backup takes its place
        assert_int_equal(kind, FAULT_KILL);
    return reached;
}

static void a_backup_that_fails_anywhere_leaves_no_half_file(void **state)
{
    (void)state;
    backed_city b;
    backed_new(&b);
    backed_fill(&b);
    backed_digest then = backed_digest_of(b.city);
    for (fault_kind kind = FAULT_ONCE; kind <= FAULT_KILL; kind++) {
        unsigned long at = 1;
        while (at < calls_max && backup_fails_at(&b, at, kind))
            at++;
        assert_in_range(at, 6, calls_max - 1);
    }
    same(backed_digest_of(b.city).total, then.total);
    assert_true(backed_is_whole(b.city));
    backed_done(&b);
}

// ---- restore ----

typedef struct {
    backed_city b;
    wf_path file, ring;
    backed_digest then;
    unsigned number;
} fixture;

// Neither folder nor keys.
static bool leaves_nothing(const backed_place *to)
{
    return !exists(&to->dir) && !exists(&to->key_dir);
}

static void forget_place(const fixture *f)
{
    wf_path top = scratch_path(&f->b.base, "to");
    scratch_remove(top.text);
}

// False when the restore came to its end before the call.
static bool restore_fails_at(fixture *f, unsigned long at, fault_kind kind)
{
    fault_io fault;
    weft_error error = {0}, again = {0};
    weft_restore_summary summary;
    backed_place to = backed_place_of(&f->b, "to");
    const wf_io quick = made_io();
    fault_new(&fault, kind, at);
    weft_status status = backed_try_restore(&f->b, &fault.io, &f->file, &f->ring, &to,
                                            false, &summary, &error);
    bool reached = fault.calls >= at;
    assert_true(reached || status == WEFT_OK);
    if (status != WEFT_OK && leaves_nothing(&to)) {
        // What comes next is the first restore into an empty place, which the trials
        // that are not reached any more do and check whole.
        forget_place(f);
        return reached;
    }
    if (status != WEFT_OK) {
        const weft_key_options keys = {.key_dir = to.key_dir.text};
        weft_city *city = NULL;
        // Where it failed as the very last thing the city is whole; else it is shut.
        weft_status opened = weft_city_open(to.dir.text, &keys, &city, &again);
        assert_true(opened == WEFT_OK || opened == WEFT_BUSY || opened == WEFT_NOT_FOUND);
        weft_city_close(city);
        if (opened != WEFT_OK)
            backed_ok(backed_try_restore(&f->b, &quick, &f->file, &f->ring, &to, false,
                                         &summary, &again),
                      &again);
    }
    weft_city *city = backed_open_at(&to);
    same(backed_digest_of(city).total, f->then.total);
    // A restore that ends well has checked the whole city itself, last of all.
    if (status == WEFT_OK)
        assert_true(backed_is_whole(city));
    weft_city_close(city);
    forget_place(f);
    return reached;
}

static void a_restore_that_fails_anywhere_is_finished_by_the_next(void **state)
{
    (void)state;
    fixture f = {.number = 0};
    backed_new(&f.b);
    backed_tube(&f.b, "T0000000", "01-01"); // due: its key must never come to the disk
    backed_fill(&f.b);
    f.file = backed_backup(&f.b, "backup");
    f.ring = backed_export(&f.b, "copy");
    weft_error error = {0};
    weft_purge_summary purged;
    backed_ok(weft_purge(f.b.city, NULL, &purged, &error), &error);
    f.then = backed_digest_of(f.b.city);
    for (fault_kind kind = FAULT_ONCE; kind <= FAULT_KILL; kind++) {
        unsigned long at = 1;
        while (at < calls_max && restore_fails_at(&f, at, kind))
            at++;
        assert_in_range(at, 20, calls_max - 1);
    }
    same(backed_digest_of(f.b.city).total, f.then.total);
    backed_done(&f.b);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_backup_that_fails_anywhere_leaves_no_half_file),
        cmocka_unit_test(a_restore_that_fails_anywhere_is_finished_by_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
