// The forget law (DESIGN §3) on the raw disk: a city on an ext4 of its own takes in
// facts, visits, encounters and refused rows with markers, forgets them, and is
// unmounted. Then no byte of the image yields a marker in any form, nor the destroyed
// key; and an old copy of every file but that key opens nothing of it.
//
// Where no disk can be mounted (it takes root and loop devices) the same is done in a
// folder, and all that was ever written is searched instead: each image of the disk is
// made of that. This is done in any case.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <dirent.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/wait.h>

#include "access/city/city.h"
#include "access/city/init.h"
#include "desk/kinds.h"
#include "support/bytes_source.h"
#include "support/marker_search.h"
#include "support/scratch.h"
#include "support/skip.h"
#include "weft/backup.h"
#include "weft/care.h"
#include "weft/import.h"

#define GONE "gone20150301xq7fzk2wv0m4" // how all that must go begins
#define KEPT "kept20211210xq7fzk2wv0m4"
#define HERE "here20211212xq7fzk2wv0m4" // stands in a file in the clear

_Static_assert(sizeof GONE == marker_bytes + 1, "a marker is as the search takes it");

// An onset of 1 March 2015, whose microseconds name it: 06:07:08.901234 in Shanghai.
#define ONSET "2015-03-01T06:07:08.901234+08:00"
#define ONSET_US UINT64_C(1425161228901234)

static const char *const facts[] = {
    "{\"device\":\"S-03-2\",\"seq\":1,\"kind\":\"tube.sealed\",\"at\":\"2015-03-01T09:00:"
    "00+08:00\","
    "\"body\":{\"tube\":\"" GONE "T1\",\"count\":7}}\n"
    "{\"device\":\"S-03-2\",\"seq\":2,\"kind\":\"sample.collected\","
    "\"at\":\"2015-03-01T08:30:00+08:00\",\"body\":{\"tube\":\"" GONE
    "T1\",\"person\":\"" GONE "P1\",\"site\":\"" GONE "L1\"}}\n"
    "{\"device\":\"S-03-2\",\"seq\":3,\"kind\":\"case.reported\","
    "\"at\":\"2015-03-01T10:00:00+08:00\",\"body\":{\"case\":\"" GONE
    "C1\",\"person\":\"" GONE
    "P2\",\"reported\":\"2015-03-01T10:00:00+08:00\",\"onset\":\"" ONSET
    "\",\"onset_kind\":\"" GONE "K1\"}}\n",
    "{\"device\":\"S-03-2\",\"seq\":4,\"kind\":\"tube.sealed\",\"at\":\"2021-12-10T09:00:"
    "00+08:00\","
    "\"body\":{\"tube\":\"" KEPT "T1\",\"count\":7}}\n"
    "{\"device\":\"S-03-2\",\"seq\":5,\"kind\":\"case.reported\","
    "\"at\":\"2021-12-10T10:00:00+08:00\",\"body\":{\"case\":\"" KEPT
    "C1\",\"person\":\"" KEPT "P2\",\"reported\":\"2021-12-10T10:00:00+08:00\"}}\n"};

enum { facts_gone = 3 };

static const char visits[] =
    "person,place,start,end,seat\n" GONE "P3," GONE
    "L2,2015-03-01 08:00,2015-03-01 09:00," GONE "A1\n" GONE "P4," GONE
    "L2,2015-03-01 08:10,2015-03-01 09:00,\n" KEPT "P3," KEPT
    "L2,2021-12-10 08:00,2021-12-10 09:00," KEPT "A1\n"
    // Refused: it ends before it begins.
    GONE "P5," GONE "L3,2015-03-01 09:00,2015-03-01 08:00,\n";
static const char encounters[] =
    "a,b,start,end,setting\n" GONE "P3," GONE
    "P4,2015-03-01 08:00:05,2015-03-01 08:09:00," GONE "S1\n";

// ---- the markers ----

static marker_search markers(void)
{
    marker_search search = {.count = 0};
    marker_add_text(&search, GONE);
    marker_add_number(&search, ONSET_US);
    return search;
}

// ---- all that is written ----

typedef struct {
    wf_io io;
    const marker_search *search;
    pthread_mutex_t lock;
    uint64_t bytes;    // written in all
    const char *found; // the form that was
} watched_io;

static void watch(const wf_io *io, const void *bytes, size_t size)
{
    watched_io *watched = io->self;
    const char *found = marker_found(watched->search, bytes, size);
    assert_int_equal(pthread_mutex_lock(&watched->lock), 0);
    watched->bytes += size;
    watched->found = found != NULL ? found : watched->found;
    assert_int_equal(pthread_mutex_unlock(&watched->lock), 0);
}

static ssize_t watched_write(const wf_io *io, int file, const void *bytes, size_t size)
{
    watch(io, bytes, size);
    return wf_io_posix.write(&wf_io_posix, file, bytes, size);
}

static ssize_t watched_pwrite(const wf_io *io, int file, const void *bytes, size_t size,
                              off_t at)
{
    watch(io, bytes, size);
    return wf_io_posix.pwrite(&wf_io_posix, file, bytes, size, at);
}

// ---- the city ----

typedef struct {
    const wf_io *io;
    wf_path base, dir, keys; // the city's folder and that of its key, below `base`
    weft_key_options options;
    char share[64]; // the city key before the purge
    size_t share_size;
} fixture;

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("# %s %s\n", error->code != NULL ? error->code : "?",
                    error->params[0].value);
    assert_int_equal(status, WEFT_OK);
}

static weft_city *open_city(const fixture *f)
{
    weft_error error = {0};
    weft_city *city = NULL;
    ok(wf_city_open_upgrading(f->io, f->dir.text, &f->options, &city, &error), &error);
    return city;
}

static void import(weft_city *city, weft_import_kind kind, const char *text,
                   uint64_t refused)
{
    weft_error error = {0};
    weft_import_summary summary;
    bytes_source bytes = {text, strlen(text), 0, 0, 0};
    weft_import_source source = {bytes_source_read, &bytes, "test", 0};
    weft_import_options options = {.as_of = WEFT_TIME_NONE};
    ok(weft_import(city, kind, &source, 1, &options, &summary, &error), &error);
    assert_int_equal(summary.refused, refused);
    assert_int_equal(summary.rows, summary.accepted + summary.had + summary.refused);
}

static wf_path key_path(const fixture *f)
{
    weft_city *city = open_city(f);
    wf_path path = scratch_path(&f->keys, city->id);
    weft_city_close(city);
    return path;
}

static void make(fixture *f, const wf_io *io, const wf_path *base)
{
    weft_error error = {0};
    *f = (fixture){.io = io,
                   .base = *base,
                   .dir = scratch_path(base, "city"),
                   .keys = scratch_path(base, "keys")};
    f->options = (weft_key_options){.key_dir = f->keys.text};
    weft_init_options options = {
        .kind = WEFT_CITY_DRILL, .clock = "2021-12-12T06:00+08:00", .keys = f->options};
    ok(wf_city_init(io, f->dir.text, &options, &error), &error);
    weft_city *city = open_city(f);
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        import(city, WEFT_IMPORT_FACTS, facts[i], 0);
    import(city, WEFT_IMPORT_VISITS, visits, 1);
    import(city, WEFT_IMPORT_ENCOUNTERS, encounters, 0);
    weft_city_close(city);
    wf_path share = key_path(f);
    char *bytes = scratch_read(&share, &f->share_size);
    assert_true(f->share_size > 0 && f->share_size <= sizeof f->share);
    memcpy(f->share, bytes, f->share_size);
    free(bytes);
}

// ---- what is there ----

typedef struct {
    uint64_t gone, kept, forgotten;
} seen;

static weft_status look(void *context, const wf_entry *entry, weft_error *error)
{
    seen *all = context;
    (void)error;
    all->forgotten += entry->forgotten;
    for (size_t i = 0; !entry->forgotten && i < entry->fact.kind->fields_count; i++) {
        wf_text text = entry->fact.values[i].text;
        if (text.size < marker_bytes)
            continue;
        all->gone += memcmp(text.bytes, GONE, marker_bytes) == 0;
        all->kept += memcmp(text.bytes, KEPT, marker_bytes) == 0;
    }
    return WEFT_OK;
}

static seen look_at(wf_ledger *ledger)
{
    seen all = {0};
    weft_error error = {0};
    ok(wf_ledger_scan(ledger, 1, look, &all, &error), &error);
    return all;
}

static bool is_known(const weft_city *city, wf_id_class id_class, const char *id)
{
    return wf_ids_find(wf_visits_ids(city->visits), id_class, wf_text_of(id)) !=
           WF_NUMBER_NONE;
}

static void check_all_is_there(const fixture *f)
{
    weft_city *city = open_city(f);
    seen all = look_at(wf_store_ledger(city->store));
    assert_true(all.gone >= 7 && all.kept >= 3);
    assert_int_equal(all.forgotten, 0);
    assert_true(is_known(city, WF_ID_PERSON, GONE "P3"));
    assert_true(is_known(city, WF_ID_PERSON, GONE "P1"));
    weft_city_close(city);
}

static void check_what_is_left(const fixture *f)
{
    weft_error error = {0};
    weft_city *city = open_city(f);
    seen all = look_at(wf_store_ledger(city->store));
    assert_int_equal(all.gone, 0);
    assert_true(all.kept >= 3);
    assert_true(all.forgotten >= facts_gone);
    static const char *const gone[] = {GONE "P1", GONE "P2", GONE "P3", GONE "P4"};
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        assert_false(is_known(city, WF_ID_PERSON, gone[i]));
    assert_true(is_known(city, WF_ID_PERSON, KEPT "P2"));
    assert_true(is_known(city, WF_ID_PERSON, KEPT "P3"));
    ok(weft_verify(city, NULL, NULL, &error), &error);
    ok(wf_store_rebuild(city->store, NULL, NULL, &error), &error);
    weft_city_close(city);
}

static void purge(const fixture *f)
{
    weft_error error = {0};
    weft_purge_summary summary;
    weft_day before;
    weft_city *city = open_city(f);
    assert_true(wf_day_parse(WF_TEXT("2021-12-01"), &before));
    ok(weft_purge(city, &before, &summary, &error), &error);
    assert_true(summary.keys_destroyed >= 3);
    assert_true(summary.ids_forgotten >= 4);
    weft_city_close(city);
}

// ---- a backup taken after it ----

static void check_backup(const fixture *f)
{
    weft_error error = {0};
    weft_backup *backup = NULL;
    weft_backup_progress progress = {.done = false};
    marker_search gone = markers();
    wf_path file = scratch_path(&f->base, "backup");
    weft_city *city = open_city(f);
    ok(weft_backup_begin(city, file.text, &backup, &error), &error);
    while (!progress.done)
        ok(weft_backup_step(backup, 1 << 20, &progress, &error), &error);
    weft_backup_end(backup);
    weft_city_close(city);
    assert_null(marker_found_in(&gone, file.text));
}

// ---- an old copy ----

static void copy_folder(const wf_path *from, const wf_path *to)
{
    DIR *open = opendir(from->text);
    assert_non_null(open);
    assert_int_equal(mkdir(to->text, 0700), 0);
    for (const struct dirent *one = readdir(open); one != NULL; one = readdir(open)) {
        struct stat about;
        size_t size;
        wf_path path = scratch_path(from, one->d_name),
                copy = scratch_path(to, one->d_name);
        if (strcmp(one->d_name, ".") == 0 || strcmp(one->d_name, "..") == 0)
            continue;
        assert_int_equal(lstat(path.text, &about), 0);
        if (S_ISDIR(about.st_mode)) {
            copy_folder(&path, &copy);
            continue;
        }
        char *bytes = scratch_read(&path, &size);
        scratch_write(&copy, bytes, size);
        free(bytes);
    }
    assert_int_equal(closedir(open), 0);
}

static wf_keys_options keys_of(const fixture *f, const wf_path *city)
{
    return (wf_keys_options){
        .io = &wf_io_posix, .city_dir = city->text, .key_dir = f->keys.text};
}

// Rows, ids and days of the old copy under the keys that there are now.
static void check_parts_are_shut(const wf_path *old, wf_keys *keys, const wf_zone *zone)
{
    weft_error error = {0};
    wf_arena arena;
    weft_day *generations, day = {16495}; // 1 March 2015
    size_t count;
    const wf_key *key;
    wf_visits *visits_of_old = NULL;
    wf_path rows = scratch_path(old, "records.db");
    wf_arena_init(&arena, 0);
    ok(wf_keys_days(keys, WF_KEY_RECORDS, &arena, &generations, &count, &error), &error);
    for (size_t i = 0; i < count; i++) {
        wf_database *db = NULL;
        wf_database_options options = {
            .io = &wf_io_posix, .where = rows.text, .use = WF_DATABASE_READ};
        ok(wf_keys_find(keys, WF_KEY_RECORDS, generations[i], &options.key, &error),
           &error);
        assert_int_equal(wf_database_open(&options, &db, &error), WEFT_KEYLESS);
    }
    wf_arena_done(&arena);
    assert_int_equal(wf_keys_find(keys, WF_KEY_VISITS, day, &key, &error),
                     WEFT_FORGOTTEN);
    wf_visits_options options = {.io = &wf_io_posix,
                                 .city_dir = old->text,
                                 .keys = keys,
                                 .zone = zone,
                                 .threads = 1};
    weft_status status = wf_visits_open(&options, &visits_of_old, &error);
    if (status == WEFT_OK)
        assert_true(wf_ids_find(wf_visits_ids(visits_of_old), WF_ID_PERSON,
                                WF_TEXT(GONE "P3")) == WF_NUMBER_NONE);
    else
        assert_true(status == WEFT_KEYLESS || status == WEFT_FORGOTTEN ||
                    status == WEFT_DAMAGED);
    if (status == WEFT_OK)
        wf_visits_close(visits_of_old);
}

static void check_old_copy(const fixture *f, const wf_path *old, const char *city_id)
{
    weft_error error = {0};
    wf_keys *keys = NULL;
    wf_zone *zone = NULL;
    wf_ledger *ledger = NULL;
    size_t size;
    wf_keys_options options = keys_of(f, old);
    // Its own ring is under the key that was destroyed.
    assert_int_not_equal(wf_keys_open(&options, city_id, &keys, &error), WEFT_OK);
    wf_path new_ring = scratch_path(&f->dir, "keys/ring");
    wf_path old_ring = scratch_path(old, "keys/ring");
    char *bytes = scratch_read(&new_ring, &size);
    scratch_write(&old_ring, bytes, size);
    free(bytes);
    wf_error_clear(&error);
    ok(wf_keys_open(&options, city_id, &keys, &error), &error);
    ok(wf_zone_open("Asia/Shanghai", &zone, &error), &error);
    check_parts_are_shut(old, keys, zone);
    wf_ledger_options of_ledger = {.io = &wf_io_posix,
                                   .city_dir = old->text,
                                   .keys = keys,
                                   .kinds = wf_desk_kinds(),
                                   .zone = zone};
    ok(wf_ledger_open(&of_ledger, &ledger, &error), &error);
    seen all = look_at(ledger);
    assert_int_equal(all.gone, 0);
    assert_true(all.kept >= 3);
    wf_ledger_close(ledger);
    wf_zone_close(zone);
    wf_keys_close(keys);
}

// ---- the whole ----

static void forget(fixture *f, const wf_io *io, const wf_path *base)
{
    wf_path outside;
    make(f, io, base);
    check_all_is_there(f);
    scratch_new(&outside);
    wf_path old = scratch_path(&outside, "old");
    copy_folder(&f->dir, &old);
    weft_city *city = open_city(f);
    char id[64];
    assert_true(snprintf(id, sizeof id, "%s", city->id) > 0);
    weft_city_close(city);
    purge(f);
    check_what_is_left(f);
    check_backup(f);
    check_old_copy(f, &old, id);
    scratch_remove(outside.text);
}

static void the_search_finds_every_form(void **state)
{
    (void)state;
    marker_search search = markers();
    for (size_t i = 0; i < search.count; i++) {
        char bytes[3 * marker_form_bytes_max] = {0};
        memcpy(bytes + marker_form_bytes_max + i, search.forms[i].bytes,
               search.forms[i].size);
        assert_non_null(marker_found(&search, bytes, sizeof bytes));
    }
    weft_time onset;
    wf_iso_kind kind;
    assert_true(wf_time_parse(WF_TEXT(ONSET), NULL, &onset, &kind));
    assert_true((uint64_t)onset.us == ONSET_US);
}

static void nothing_that_was_ever_written_yields_what_is_forgotten(void **state)
{
    (void)state;
    marker_search search = markers();
    watched_io watched = {.io = wf_io_posix, .search = &search};
    fixture f;
    wf_path base;
    watched.io.write = watched_write;
    watched.io.pwrite = watched_pwrite;
    watched.io.self = &watched;
    assert_int_equal(pthread_mutex_init(&watched.lock, NULL), 0);
    scratch_new(&base);
    forget(&f, &watched.io, &base);
    assert_true(watched.bytes > 10000);
    if (watched.found != NULL)
        fail_msg("it was written in the clear: %s", watched.found);
    assert_int_equal(pthread_mutex_destroy(&watched.lock), 0);
    scratch_remove(base.text);
}

// ---- a disk of its own ----

extern char **environ;

// True when the program ended with 0.
static bool run(const char *const *arguments)
{
    pid_t child;
    int status = 0;
    char *copies[8] = {NULL};
    posix_spawn_file_actions_t quiet;
    for (size_t i = 0; arguments[i] != NULL; i++)
        copies[i] = strdup(arguments[i]);
    assert_int_equal(posix_spawn_file_actions_init(&quiet), 0);
    assert_int_equal(
        posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0), 0);
    assert_int_equal(
        posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0), 0);
    bool started = posix_spawnp(&child, copies[0], &quiet, NULL, copies, environ) == 0;
    posix_spawn_file_actions_destroy(&quiet);
    if (started)
        assert_int_equal(waitpid(child, &status, 0), child);
    for (size_t i = 0; i < sizeof copies / sizeof *copies; i++)
        free(copies[i]);
    return started && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

static wf_path mounted; // "": nothing is

// Also after a failure.
static int unmount(void **state)
{
    (void)state;
    bool done = mounted.text[0] == '\0' || RUN("umount", mounted.text);
    mounted.text[0] = '\0';
    return done ? 0 : -1;
}

static bool make_disk(const wf_path *image, const wf_path *point)
{
    enum { image_bytes = 64 << 20 };
    int file = open(image->text, O_RDWR | O_CREAT | O_EXCL, 0600);
    assert_true(file >= 0);
    assert_int_equal(ftruncate(file, image_bytes), 0);
    assert_int_equal(close(file), 0);
    assert_int_equal(mkdir(point->text, 0700), 0);
    if (geteuid() != 0 || !RUN("mkfs.ext4", "-q", "-F", image->text) ||
        !RUN("mount", "-o", "loop", image->text, point->text))
        return false;
    mounted = *point;
    return true;
}

static void check_image(const fixture *f, const wf_path *image)
{
    marker_search here = {.count = 0}, gone = markers();
    marker_add_text(&here, HERE);
    // The image has what is written to the disk, so that what is not found is not there.
    const char *found = marker_found_in(&here, image->text);
    assert_non_null(found);
    assert_string_equal(found, "UTF-8");
    marker_add(&gone, "the destroyed key", f->share, f->share_size);
    found = marker_found_in(&gone, image->text);
    if (found != NULL)
        fail_msg("the raw disk yields it: %s", found);
}

static void a_raw_disk_yields_nothing_of_what_is_forgotten(void **state)
{
    (void)state;
    wf_path base;
    fixture f;
    scratch_new(&base);
    wf_path image = scratch_path(&base, "image"), point = scratch_path(&base, "disk");
    if (!make_disk(&image, &point)) {
        scratch_remove(base.text);
        TEST_SKIP("no disk can be mounted here (it takes root, loop devices and "
                  "mkfs.ext4): only what was written is searched");
    }
    wf_path here = scratch_path(&point, "here");
    scratch_write(&here, HERE, strlen(HERE));
    forget(&f, &wf_io_posix, &point);
    sync();
    assert_int_equal(unmount(NULL), 0);
    check_image(&f, &image);
    scratch_remove(base.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_search_finds_every_form),
        cmocka_unit_test(nothing_that_was_ever_written_yields_what_is_forgotten),
        cmocka_unit_test_teardown(a_raw_disk_yields_nothing_of_what_is_forgotten,
                                  unmount),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
