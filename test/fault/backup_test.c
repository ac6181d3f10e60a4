// Backup and restore when the n-th call that changes the disk fails, or the process dies
// there. A backup is tried at every n. Of a restore most calls are pages of its rows'
// log, one behind another: of calls that do the same to the same file without another
// between them the first and the last are tried, and with WEFT_LONG all.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <dirent.h>

#include "support/backed_city.h"

enum { calls_max = 1000 };

// Counted, but not done: it costs most of the time and changes nothing that a test sees.
static int count_sync(const wf_io *io, int file)
{
    return fault_hits_at(io, "sync", file, NULL) ? -1 : 0;
}

static int count_sync_dir(const wf_io *io, const char *path)
{
    return fault_hits_at(io, "sync_dir", -1, path) ? -1 : 0;
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

// ---- which calls of a restore are tried ----

typedef struct {
    bool tried[calls_max + 1];
    unsigned long count; // of calls in a restore that nothing befalls
    // Of the call before.
    char does[16];
    uint64_t file;
} call_runs;

static uint64_t mix(uint64_t sum, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        sum = (sum ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001b3);
    return sum;
}

static void note_call(fault_io *fault, const char *does, int file, const char *path)
{
    call_runs *runs = fault->watching;
    struct stat about;
    uint64_t which = 0;
    assert_in_range(fault->calls + 1, 1, calls_max - 1);
    runs->count = fault->calls + 1;
    if (path != NULL) {
        which = mix(1, path, strlen(path));
    } else {
        assert_int_equal(fstat(file, &about), 0);
        which = mix(2, &about.st_ino, sizeof about.st_ino);
    }
    if (strcmp(runs->does, does) != 0 || runs->file != which)
        runs->tried[runs->count] = runs->tried[runs->count - 1] = true;
    snprintf(runs->does, sizeof runs->does, "%s", does);
    runs->file = which;
}

// ---- restore ----

typedef struct {
    backed_city b;
    wf_path file, ring;
    backed_digest then;
    call_runs runs;
    uint64_t seen[2 * calls_max]; // states that were finished before
    size_t seen_count;
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

static void note_runs(fixture *f)
{
    fault_io fault;
    weft_error error = {0};
    weft_restore_summary summary;
    backed_place to = backed_place_of(&f->b, "to");
    fault_new(&fault, FAULT_NONE, 0);
    fault.watch = note_call;
    fault.watching = &f->runs;
    backed_ok(backed_try_restore(&f->b, &fault.io, &f->file, &f->ring, &to, false,
                                 &summary, &error),
              &error);
    f->runs.tried[f->runs.count] = true;
    for (unsigned long at = 1; getenv("WEFT_LONG") != NULL && at <= f->runs.count; at++)
        f->runs.tried[at] = true;
    forget_place(f);
}

// Names and sizes of all that lies below a folder, whatever order it is read in.
static uint64_t sum_of(const char *folder)
{
    uint64_t sum = 0;
    DIR *names = opendir(folder);
    if (names == NULL)
        return 0;
    for (const struct dirent *entry; (entry = readdir(names)) != NULL;) {
        struct stat about;
        wf_path path;
        weft_error error = {0};
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        backed_ok(wf_path_join(folder, entry->d_name, &path, &error), &error);
        assert_int_equal(lstat(path.text, &about), 0);
        uint64_t one = mix(3, entry->d_name, strlen(entry->d_name));
        if (S_ISDIR(about.st_mode))
            one = mix(one, &(uint64_t){sum_of(path.text)}, sizeof(uint64_t));
        else
            one = mix(one, &about.st_size, sizeof about.st_size);
        sum += one;
    }
    closedir(names);
    return sum;
}

// What the next restore finds is what an earlier one found: it was finished from there.
static bool was_finished(fixture *f)
{
    wf_path top = scratch_path(&f->b.base, "to");
    uint64_t state = sum_of(top.text);
    for (size_t i = 0; i < f->seen_count; i++)
        if (f->seen[i] == state)
            return true;
    assert_in_range(f->seen_count, 0, sizeof f->seen / sizeof *f->seen - 1);
    f->seen[f->seen_count++] = state;
    return false;
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
    if (status != WEFT_OK && (leaves_nothing(&to) || was_finished(f))) {
        // What comes next is the first restore into an empty place, which the trials
        // that are not reached any more do and check whole, or was seen to end well.
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
    static fixture f;
    backed_new(&f.b);
    backed_tube(&f.b, "T0000000", "01-01"); // due: its key must never come to the disk
    backed_fill(&f.b);
    f.file = backed_backup(&f.b, "backup");
    f.ring = backed_export(&f.b, "copy");
    weft_error error = {0};
    weft_purge_summary purged;
    backed_ok(weft_purge(f.b.city, NULL, &purged, &error), &error);
    f.then = backed_digest_of(f.b.city);
    note_runs(&f);
    for (fault_kind kind = FAULT_ONCE; kind <= FAULT_KILL; kind++) {
        unsigned long at = 1, tried = 0;
        f.seen_count = 0;
        while (at <= f.runs.count) {
            tried += f.runs.tried[at];
            assert_true(!f.runs.tried[at] || restore_fails_at(&f, at, kind));
            at++;
        }
        assert_false(restore_fails_at(&f, at, kind));
        assert_in_range(tried, 150, calls_max);
        print_message("# %lu of %lu calls tried, finished from %zu states\n", tried,
                      f.runs.count, f.seen_count);
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
