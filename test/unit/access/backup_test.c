// Backups, restores and copies of the ring, through the public functions.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <pthread.h>
#include <string.h>

#include "keys/notes.h"
#include "keys/parcel.h"
#include "support/backed_city.h"
#include "support/bytes_source.h"
#include "weft/doctor.h"
#include "weft/import.h"

static backed_city b;

static int begin_city(void **state)
{
    (void)state;
    backed_new(&b);
    backed_fill(&b);
    return 0;
}

static int end_city(void **state)
{
    (void)state;
    backed_done(&b);
    return 0;
}

static bool exists(const wf_path *path)
{
    return wf_io_exists(&wf_io_posix, path->text);
}

static void same(const char *a, const char *other)
{
    assert_string_equal(a, other);
}

static void keep_restoration(void *context, const weft_restoration *one)
{
    *(weft_restoration *)context = *one;
}

// ---- there and back ----

static void a_restored_city_is_that_of_the_backup(void **state)
{
    (void)state;
    backed_digest then = backed_digest_of(b.city);
    wf_path file = backed_backup(&b, "backup");
    struct stat about;
    assert_int_equal(stat(file.text, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    backed_tube(&b, "T0000003", "12-11");
    backed_visit(&b, "P-0000004", "PL-0000003", BACKED_NEW);
    wf_path ring = backed_export(&b, "copy");
    backed_digest now = backed_digest_of(b.city);
    weft_city *city = backed_restore(&b, &file, &ring, "restored", false);
    backed_digest there = backed_digest_of(city);
    same(there.total, then.total);
    assert_string_not_equal(there.total, now.total);
    assert_true(backed_is_whole(city));
    weft_restoration restored = {.old_commits = 0};
    weft_restorations(city, keep_restoration, &restored);
    assert_int_equal(restored.new_commits, 4);
    assert_true(restored.old_commits >= 2);
    same(weft_backup_last(city).id, restored.backup);
    // It goes on from there, and so does the other.
    backed_city other = b;
    other.city = city;
    backed_tube(&other, "T0000009", "12-11");
    backed_visit(&other, "P-0000009", "PL-0000009", BACKED_NEW);
    assert_true(backed_is_whole(city));
    weft_city_close(city);
    same(backed_digest_of(b.city).total, now.total);
    assert_true(backed_is_whole(b.city));
}

static void finish(weft_backup *job)
{
    weft_error error = {0};
    weft_backup_progress progress = {0};
    while (!progress.placed)
        backed_ok(weft_backup_step(job, 100, &progress, &error), &error);
    assert_false(progress.done);
    backed_ok(weft_backup_copy(job, 100, &progress, &error), &error);
    assert_true(progress.done);
    weft_backup_end(job);
}

static void remember(const char *name, const char *yaml)
{
    weft_error error = {0};
    const wf_import_city city = wf_city_import(b.city);
    backed_ok(
        wf_import_remember(&city, WEFT_IMPORT_CASES, name, wf_text_of(yaml), &error),
        &error);
}

static void reads(const backed_place *at, const char *name, const char *expected)
{
    size_t size;
    wf_path path = scratch_path(&at->dir, name);
    char *content = scratch_read(&path, &size);
    assert_int_equal(size, strlen(expected));
    assert_memory_equal(content, expected, size);
    free(content);
}

// A hospital's columns are taught once: they come back as they were when the backup was
// begun, and what else lies in their folder is nobody's to take along.
static void remembered_mappings_come_back(void **state)
{
    (void)state;
    weft_error error = {0};
    weft_backup *job = NULL;
    weft_restore_summary summary;
    wf_path file = scratch_path(&b.base, "backup"), notes;
    remember("hospital", "format: csv\n");
    remember("a-clinic-2", "header: yes\n");
    notes = scratch_path(&b.dir, "mappings/notes.txt");
    scratch_write(&notes, "mine", 4);
    backed_ok(weft_backup_begin(b.city, file.text, &job, &error), &error);
    remember("hospital", "format: space\n");
    remember("later", "format: csv\n");
    finish(job);
    wf_path ring = backed_export(&b, "copy");
    backed_place to = backed_place_of(&b, "there");
    const wf_io quick = made_io();
    backed_ok(backed_try_restore(&b, &quick, &file, &ring, &to, false, &summary, &error),
              &error);
    reads(&to, "mappings/hospital-cases.yaml", "format: csv\n");
    reads(&to, "mappings/a-clinic-2-cases.yaml", "header: yes\n");
    wf_path other = scratch_path(&to.dir, "mappings/notes.txt"),
            later = scratch_path(&to.dir, "mappings/later-cases.yaml");
    assert_false(exists(&other));
    assert_false(exists(&later));
}

static void what_comes_during_a_backup_is_not_in_it(void **state)
{
    (void)state;
    weft_error error = {0};
    weft_backup *job = NULL;
    weft_backup_progress progress = {0};
    wf_path file = scratch_path(&b.base, "backup"),
            next = scratch_path(&b.base, "backup.next");
    backed_digest then = backed_digest_of(b.city);
    backed_ok(weft_backup_begin(b.city, file.text, &job, &error), &error);
    for (unsigned i = 0; !progress.placed; i++) {
        char name[16];
        assert_false(exists(&file));
        assert_true(exists(&next));
        backed_ok(weft_backup_step(job, 100, &progress, &error), &error);
        assert_true(snprintf(name, sizeof name, "T%07u", 100 + i) > 0);
        if (i % 7 == 0) {
            backed_tube(&b, name, "12-11");
            backed_visit(&b, name, "PL-0000001", BACKED_NEW); // replaces the day's file
        }
    }
    assert_int_equal(progress.bytes_done, progress.bytes_all);
    assert_true(exists(&file) && !exists(&next));
    same(weft_backup_last(b.city).id, ""); // it may be lost with the power
    backed_ok(weft_backup_step(job, 100, &progress, &error), &error);
    assert_true(progress.done);
    same(weft_backup_last(b.city).id, weft_backup_summary_of(job).id);
    weft_backup_end(job);
    assert_true(exists(&file));
    wf_path ring = backed_export(&b, "copy");
    weft_city *city = backed_restore(&b, &file, &ring, "restored", false);
    same(backed_digest_of(city).total, then.total);
    assert_true(backed_is_whole(city));
    weft_city_close(city);
}

static void *copy_all(void *context)
{
    weft_backup *job = context;
    weft_error error = {0};
    weft_backup_progress progress = {0};
    while (!progress.copied)
        backed_ok(weft_backup_copy(job, 100, &progress, &error), &error);
    backed_ok(weft_backup_copy(job, 100, &progress, &error), &error); // nothing is left
    WF_ASSERT(!progress.placed && !progress.done);
    return NULL;
}

// What is copied is held open: the city's own thread writes on.
static void a_city_goes_on_while_it_is_copied(void **state)
{
    (void)state;
    weft_error error = {0};
    weft_backup *job = NULL;
    pthread_t thread;
    wf_path file = scratch_path(&b.base, "backup");
    backed_digest then = backed_digest_of(b.city);
    backed_ok(weft_backup_begin(b.city, file.text, &job, &error), &error);
    assert_int_equal(pthread_create(&thread, NULL, copy_all, job), 0);
    backed_tube(&b, "T0000100", "12-11");
    backed_visit(&b, "P-0000100", "PL-0000001", BACKED_NEW); // replaces the day's file
    backed_tube(&b, "T0000101", "12-10");
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_false(exists(&file));
    finish(job);
    wf_path ring = backed_export(&b, "copy");
    weft_city *city = backed_restore(&b, &file, &ring, "restored", false);
    same(backed_digest_of(city).total, then.total);
    assert_true(backed_is_whole(city));
    weft_city_close(city);
}

// Live rows stand in a tail, whose head is written over as it grows.
static void live_rows_are_those_of_the_moment(void **state)
{
    (void)state;
    weft_error error = {0};
    weft_backup *job = NULL;
    weft_backup_progress progress = {0};
    const made_row first = {"P-0000001", "PL-0000001", BACKED_NEW, 500, 510, NULL,
                            0,           false,        0};
    const made_row later = {"P-0000001", "PL-0000001", BACKED_NEW, 600, 610, NULL,
                            0,           false,        0};
    backed_ok(made_append(b.city->visits, &first, &error), &error);
    backed_digest then = backed_digest_of(b.city);
    wf_path file = scratch_path(&b.base, "backup");
    backed_ok(weft_backup_begin(b.city, file.text, &job, &error), &error);
    backed_ok(made_append(b.city->visits, &later, &error), &error);
    while (!progress.done)
        backed_ok(weft_backup_step(job, 0, &progress, &error), &error);
    weft_backup_end(job);
    wf_path ring = backed_export(&b, "copy");
    weft_city *city = backed_restore(&b, &file, &ring, "restored", false);
    same(backed_digest_of(city).total, then.total);
    assert_true(backed_is_whole(city));
    weft_city_close(city);
}

static void an_empty_city_comes_back_empty(void **state)
{
    (void)state;
    backed_city empty;
    backed_new(&empty);
    wf_path file = backed_backup(&empty, "backup");
    wf_path ring = backed_export(&empty, "copy");
    weft_city *city = backed_restore(&empty, &file, &ring, "restored", false);
    same(backed_digest_of(city).total, backed_digest_of(empty.city).total);
    assert_true(backed_is_whole(city));
    weft_city_close(city);
    backed_done(&empty);
}

static void a_city_whose_ring_lives_gives_it_itself(void **state)
{
    (void)state;
    weft_error error = {0};
    weft_restore_summary summary;
    backed_digest then = backed_digest_of(b.city);
    wf_path file = backed_backup(&b, "backup");
    backed_place to = backed_place_of(&b, "restored");
    const weft_restore_options options = {.ring = b.dir.text,
                                          .ring_keys = {.key_dir = b.key_dir.text},
                                          .keys = {.key_dir = to.key_dir.text}};
    // The newest keys need not be in the ring's file yet.
    backed_ok(weft_restore(file.text, to.dir.text, &options, &summary, &error), &error);
    weft_city *city = backed_open_at(&to);
    same(backed_digest_of(city).total, then.total);
    weft_city_close(city);
    assert_true(backed_is_whole(b.city));
}

// ---- forgetting ----

static void purge(weft_day before)
{
    weft_error error = {0};
    weft_purge_summary summary;
    backed_ok(weft_purge(b.city, &before, &summary, &error), &error);
    assert_true(summary.keys_destroyed > 0);
}

static void a_purge_ends_a_backup(void **state)
{
    (void)state;
    weft_error error = {0};
    weft_backup *job = NULL;
    weft_backup_progress progress = {0};
    wf_path file = scratch_path(&b.base, "backup"),
            next = scratch_path(&b.base, "backup.next");
    backed_ok(weft_backup_begin(b.city, file.text, &job, &error), &error);
    backed_ok(weft_backup_step(job, 100, &progress, &error), &error);
    purge(BACKED_NEW);
    assert_int_equal(weft_backup_step(job, 100, &progress, &error), WEFT_CONFLICT);
    same(error.code, "backup.purged");
    weft_backup_end(job);
    assert_false(exists(&file));
    assert_false(exists(&next));
    same(weft_backup_last(b.city).id, "");
}

// Nobody looked while it was copied: it is looked at before the file is put in place.
static void a_purge_ends_what_was_copied_already(void **state)
{
    (void)state;
    weft_error error = {0};
    weft_backup *job = NULL;
    weft_backup_progress progress = {0};
    wf_path file = scratch_path(&b.base, "backup");
    backed_ok(weft_backup_begin(b.city, file.text, &job, &error), &error);
    (void)copy_all(job);
    purge(BACKED_NEW);
    assert_int_equal(weft_backup_step(job, 100, &progress, &error), WEFT_CONFLICT);
    same(error.code, "backup.purged");
    weft_backup_end(job);
    assert_false(exists(&file));
}

static void a_retry_ends_what_was_copied_already(void **state)
{
    (void)state;
    static const char text[] = "person,name\n,nobody\n";
    weft_error error = {0};
    weft_backup *job = NULL;
    weft_backup_progress progress = {0};
    weft_import_summary summary;
    bytes_source source = {text, sizeof text - 1, 0, 0, 0};
    const weft_import_source from = {bytes_source_read, &source, "test", sizeof text - 1};
    const weft_import_options options = {.as_of = WEFT_TIME_NONE};
    wf_path file = scratch_path(&b.base, "backup");
    backed_ok(
        weft_import(b.city, WEFT_IMPORT_PERSONS, &from, 1, &options, &summary, &error),
        &error);
    const char *name = strrchr(summary.refused_file, '/') + 1;
    backed_ok(weft_backup_begin(b.city, file.text, &job, &error), &error);
    (void)copy_all(job);
    backed_ok(weft_refused_retry(b.city, name, &options, &summary, &error), &error);
    assert_int_equal(weft_backup_step(job, 100, &progress, &error), WEFT_CONFLICT);
    same(error.code, "backup.changed");
    weft_backup_end(job);
    assert_false(exists(&file));
}

static void a_ring_from_after_a_purge_opens_no_visits_from_before(void **state)
{
    (void)state;
    weft_error error = {0};
    weft_restore_summary summary;
    wf_path file = backed_backup(&b, "backup");
    purge(BACKED_NEW);
    wf_path ring = backed_export(&b, "copy");
    backed_place to = backed_place_of(&b, "refused");
    assert_int_equal(
        backed_try_restore(&b, &wf_io_posix, &file, &ring, &to, false, &summary, &error),
        WEFT_FORGOTTEN);
    same(error.code, "restore.visits_forgotten");
    assert_false(exists(&to.dir));
    assert_false(exists(&to.key_dir));
    weft_city *city = backed_restore(&b, &file, &ring, "restored", true);
    same(backed_digest_of(city).tables, backed_digest_of(b.city).tables);
    assert_true(backed_is_whole(city));
    backed_city other = b;
    other.city = city;
    backed_visit(&other, "P-0000001", "PL-0000001", BACKED_NEW);
    assert_true(backed_is_whole(city));
    weft_city_close(city);
}

// Rows on a server may be those of the living city.
static void a_server_of_rows_is_not_taken_along(void **state)
{
    (void)state;
    weft_error error = {0};
    weft_restore_summary summary;
    size_t size;
    wf_path yaml = scratch_path(&b.dir, "weft.yaml");
    char *text = scratch_read(&yaml, &size), more[4096];
    int all = snprintf(more, sizeof more, "%.*srecords: postgres://db.example.org/city\n",
                       (int)size, text);
    assert_in_range(all, 1, (int)sizeof more - 1);
    free(text);
    scratch_write(&yaml, more, (size_t)all); // the city has read its own already
    wf_path file = backed_backup(&b, "backup"), ring = backed_export(&b, "copy");
    backed_place to = backed_place_of(&b, "restored");
    backed_ok(
        backed_try_restore(&b, &wf_io_posix, &file, &ring, &to, false, &summary, &error),
        &error);
    assert_true(summary.records_were_elsewhere);
    weft_city *city = backed_open_at(&to);
    assert_null(city->records);
    same(backed_digest_of(city).total, backed_digest_of(b.city).total);
    weft_city_close(city);
    scratch_write(&yaml, more, size);
}

static void what_is_due_by_now_never_comes_back(void **state)
{
    (void)state;
    weft_error error = {0};
    weft_restore_summary summary;
    backed_tube(&b, "T0000000", "01-01"); // past keeping, not purged yet
    wf_path file = backed_backup(&b, "backup");
    wf_path ring = backed_export(&b, "copy");
    purge(BACKED_OLD);
    backed_place to = backed_place_of(&b, "restored");
    backed_ok(
        backed_try_restore(&b, &wf_io_posix, &file, &ring, &to, false, &summary, &error),
        &error);
    assert_int_equal(summary.days_forgotten, 1);
    weft_city *city = backed_open_at(&to);
    same(backed_digest_of(city).total, backed_digest_of(b.city).total);
    assert_true(backed_is_whole(city));
    weft_city_close(city);
}

// ---- what is said of it ----

typedef struct {
    weft_check_level level;
    char code[64];
} said;

static void keep_check(void *context, const weft_check *check)
{
    said *all = context; // backup, key_copies, restored
    static const char *const names[] = {"backup", "key_copies", "restored"};
    for (size_t i = 0; i < 3; i++)
        if (strcmp(check->name, names[i]) == 0) {
            all[i].level = check->level;
            assert_true(
                snprintf(all[i].code, sizeof all[i].code, "%s", check->what.code) > 0);
        }
}

static void ask_doctor(const wf_path *dir, const wf_path *key_dir, said all[3])
{
    weft_error error = {0};
    const weft_key_options keys = {.key_dir = key_dir->text};
    memset(all, 0, 3 * sizeof *all);
    WF_IGNORE(weft_doctor(dir->text, &keys, keep_check, all, &error),
              "the machine may be ill");
}

static void the_doctor_knows_of_backups_and_copies(void **state)
{
    (void)state;
    said all[3];
    weft_error error = {0};
    weft_city_close(b.city);
    b.city = NULL;
    ask_doctor(&b.dir, &b.key_dir, all);
    same(all[0].code, "doctor.backup_none");
    same(all[1].code, "doctor.copies_none");
    same(all[2].code, "");
    backed_open(&b);
    wf_path file = backed_backup(&b, "backup"), ring = backed_export(&b, "copy");
    const wf_keys_copy late = {.until = {100}, .ended = WF_TIME_NONE};
    weft_city_close(backed_restore(&b, &file, &ring, "restored", false));
    backed_ok(wf_keys_add_copy(b.city->keys, &late, &error), &error);
    weft_city_close(b.city);
    b.city = NULL;
    ask_doctor(&b.dir, &b.key_dir, all);
    same(all[0].code, "doctor.backup");
    same(all[1].code, "doctor.copies_overdue");
    assert_int_equal(all[1].level, WEFT_CHECK_BAD);
    wf_path there = scratch_path(&b.base, "restored/city"),
            keys = scratch_path(&b.base, "restored/keys");
    ask_doctor(&there, &keys, all);
    same(all[0].code, "doctor.backup");
    same(all[1].code, "doctor.copies");
    same(all[2].code, "doctor.restored");
    backed_open(&b);
}

// ---- what is refused ----

static void refuse(const wf_path *file, const wf_path *ring, weft_status status,
                   const char *code)
{
    static unsigned number;
    char name[16];
    weft_error error = {0};
    weft_restore_summary summary;
    assert_true(snprintf(name, sizeof name, "no-%u", number++) > 0);
    backed_place to = backed_place_of(&b, name);
    assert_int_equal(
        backed_try_restore(&b, &wf_io_posix, file, ring, &to, false, &summary, &error),
        status);
    same(error.code, code);
    assert_false(exists(&to.dir));
}

static void a_ring_older_than_the_backup_is_told(void **state)
{
    (void)state;
    wf_path ring = backed_export(&b, "copy");
    backed_tube(&b, "T0000003", "12-09");
    wf_path file = backed_backup(&b, "backup");
    refuse(&file, &ring, WEFT_KEYLESS, "restore.ring_older");
}

static void a_ring_of_another_city_is_told(void **state)
{
    (void)state;
    backed_city other;
    wf_path file = backed_backup(&b, "backup");
    backed_new(&other);
    weft_error error = {0};
    weft_key_copy copy;
    wf_path ring = scratch_path(&b.base, "copy");
    backed_ok(weft_keys_export(other.city, b.public.text, (weft_day){40000}, ring.text,
                               &copy, &error),
              &error);
    refuse(&file, &ring, WEFT_CONFLICT, "restore.other_city");
    backed_done(&other);
}

static void a_living_city_of_the_same_id_is_left_alone(void **state)
{
    (void)state;
    weft_error error = {0};
    weft_restore_summary summary;
    wf_path file = backed_backup(&b, "backup"), ring = backed_export(&b, "copy");
    backed_place to = backed_place_of(&b, "beside");
    to.key_dir = b.key_dir;
    assert_int_equal(
        backed_try_restore(&b, &wf_io_posix, &file, &ring, &to, false, &summary, &error),
        WEFT_CONFLICT);
    same(error.code, "keys.exists");
    assert_false(exists(&to.dir));
    to.dir = b.dir;
    assert_int_equal(
        backed_try_restore(&b, &wf_io_posix, &file, &ring, &to, false, &summary, &error),
        WEFT_CONFLICT);
    same(error.code, "restore.exists");
    weft_city_close(b.city);
    backed_open(&b);
    assert_true(backed_is_whole(b.city));
}

static void files_that_are_there_are_not_replaced(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_path file = backed_backup(&b, "backup");
    assert_int_equal(backed_try_backup(&b, file.text, &error), WEFT_CONFLICT);
    same(error.code, "backup.exists");
    wf_path ring = backed_export(&b, "copy");
    weft_key_copy copy;
    assert_int_equal(weft_keys_export(b.city, b.public.text, (weft_day){40000}, ring.text,
                                      &copy, &error),
                     WEFT_CONFLICT);
}

// Every kind of spoiling, anywhere, leaves nothing behind.
static void a_spoiled_backup_is_told(void **state)
{
    (void)state;
    size_t size;
    wf_path file = backed_backup(&b, "backup"), ring = backed_export(&b, "copy");
    char *bytes = scratch_read(&file, &size);
    for (size_t cut = 0; cut < size; cut += size / 19 + 1) {
        wf_path spoiled = scratch_path(&b.base, "spoiled");
        scratch_write(&spoiled, bytes, cut);
        refuse(&spoiled, &ring, WEFT_DAMAGED,
               cut < wf_parcel_head_bytes ? "parcel.none" : "parcel.damaged");
        scratch_write(&spoiled, bytes, size);
        bytes[cut] ^= 0x20;
        scratch_write(&spoiled, bytes, size);
        bytes[cut] ^= 0x20;
        if (cut >= 48) // before: it is of another city, or nothing of ours
            refuse(&spoiled, &ring, WEFT_DAMAGED, "parcel.damaged");
    }
    free(bytes);
}

// ---- copies ----

typedef struct {
    weft_key_copy all[4];
    size_t count;
} copies;

static void keep_copy(void *context, const weft_key_copy *one)
{
    copies *to = context;
    assert_true(to->count < 4);
    to->all[to->count++] = *one;
}

static copies list(void)
{
    copies all = {.count = 0};
    weft_keys_copies(b.city, keep_copy, &all);
    return all;
}

static void copies_are_remembered_until_their_end(void **state)
{
    (void)state;
    weft_error error = {0};
    weft_key_copy ended, late;
    wf_path first = backed_export(&b, "copy-1");
    assert_true(exists(&first));
    WF_IGNORE(backed_export(&b, "copy-2").text[0] == '\0', "a second one");
    wf_path no = scratch_path(&b.base, "copy-3");
    assert_int_equal(weft_keys_export(b.city, b.public.text, (weft_day){18000}, no.text,
                                      &late, &error),
                     WEFT_BAD_USAGE);
    weft_city_close(b.city);
    backed_open(&b);
    copies all = list();
    assert_int_equal(all.count, 2);
    same(all.all[0].recipient, "officer");
    assert_int_equal(all.all[0].end, WEFT_COPY_OUT);
    assert_false(all.all[0].overdue);
    char id[9] = {0};
    memcpy(id, all.all[1].id, 8);
    backed_ok(weft_keys_copy_ended(b.city, id, WEFT_COPY_DESTROYED, &ended, &error),
              &error);
    assert_int_equal(
        weft_keys_copy_ended(b.city, "zzzz", WEFT_COPY_RETURNED, &ended, &error),
        WEFT_NOT_FOUND);
    id[3] = '\0';
    assert_int_equal(weft_keys_copy_ended(b.city, id, WEFT_COPY_RETURNED, &ended, &error),
                     WEFT_NOT_FOUND);
    all = list();
    assert_int_equal(all.all[0].end, WEFT_COPY_OUT);
    assert_int_equal(all.all[1].end, WEFT_COPY_DESTROYED);
    assert_true(all.all[1].ended.us > 0);
}

static void count_keys(void *context, const weft_key_class *one)
{
    if (strcmp(one->name, "visits") == 0 || strcmp(one->name, "facts/testing") == 0)
        *(uint64_t *)context += one->keys;
}

static void keys_are_counted_by_class(void **state)
{
    (void)state;
    weft_error error = {0};
    uint64_t count = 0;
    backed_ok(weft_keys_classes(b.city, count_keys, &count, &error), &error);
    assert_int_equal(count, 4);
}

#define WITH_CITY(test) cmocka_unit_test_setup_teardown(test, begin_city, end_city)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        WITH_CITY(a_restored_city_is_that_of_the_backup),
        WITH_CITY(remembered_mappings_come_back),
        WITH_CITY(what_comes_during_a_backup_is_not_in_it),
        WITH_CITY(a_city_goes_on_while_it_is_copied),
        WITH_CITY(live_rows_are_those_of_the_moment),
        cmocka_unit_test(an_empty_city_comes_back_empty),
        WITH_CITY(a_city_whose_ring_lives_gives_it_itself),
        WITH_CITY(a_purge_ends_a_backup),
        WITH_CITY(a_purge_ends_what_was_copied_already),
        WITH_CITY(a_retry_ends_what_was_copied_already),
        WITH_CITY(a_ring_from_after_a_purge_opens_no_visits_from_before),
        WITH_CITY(what_is_due_by_now_never_comes_back),
        WITH_CITY(a_server_of_rows_is_not_taken_along),
        WITH_CITY(the_doctor_knows_of_backups_and_copies),
        WITH_CITY(a_ring_older_than_the_backup_is_told),
        WITH_CITY(a_ring_of_another_city_is_told),
        WITH_CITY(a_living_city_of_the_same_id_is_left_alone),
        WITH_CITY(files_that_are_there_are_not_replaced),
        WITH_CITY(a_spoiled_backup_is_told),
        WITH_CITY(copies_are_remembered_until_their_end),
        WITH_CITY(keys_are_counted_by_class),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
