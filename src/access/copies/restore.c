// A city from a backup and a ring. Order, so that it may be cut off anywhere and finished
// by the same call:
//
//   1. the ring is read into memory; head, date and needed keys of the backup; is this
//      the right ring? Nothing was written so far
//   2. the folder is made, with the line that keeps it shut (restore_folder.h)
//   3. weft.yaml, clock and keep come out of the backup: what is due by now is taken out
//      of the ring in memory; its marks are set back to what the backup holds; it is
//      written under a new city key. Keys that are due never reach the disk
//   4. all other files come out of the backup, and are durable
//   5. the city opens (its rows are made from the ledger), forgets in the usual way what
//      rested on destroyed keys, and is checked
//   6. the line goes
//
// What fails in 1 to 4 leaves nothing; what fails from 5 on leaves the folder, shut.
#include "access/copies/restore.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "access/change/due.h"
#include "access/city/city.h"
#include "access/city/clock.h"
#include "access/city/hex.h"
#include "access/copies/passphrase.h"
#include "access/copies/restore_folder.h"
#include "base/clock.h"
#include "base/parallel.h"
#include "keys/copy_file.h"
#include "weft/care.h"

typedef struct {
    const wf_io *io;
    const char *dir;
    const weft_restore_options *options;
    wf_parcel_reader *parcel;
    const wf_parcel_about *parcel_about;
    wf_bundle_about about;
    wf_arena arena;
    wf_bundle_key *needed;
    size_t needed_count;
    wf_keys *from; // the ring that was given, in memory
    wf_keys *keys; // the new one
    weft_city *lock;
    uint64_t bytes; // of files, copied
    uint32_t files;
    weft_restore_summary *summary;
} restoring;

// ---- 1: the ring and the backup ----

static weft_status read_copy(restoring *job, wf_copy_about *ret, weft_error *error)
{
    const weft_restore_options *options = job->options;
    wf_recipient_secret *secret = NULL;
    wf_buffer passphrase = {0};
    if (options->key == NULL)
        return wf_fail(error, WEFT_BAD_USAGE, "restore.no_key", NULL);
    WF_TRY(wf_passphrase_read(job->io, options->passphrase_file, &passphrase, error));
    weft_status status = wf_recipient_open(job->io, options->key,
                                           wf_buffer_text(&passphrase), &secret, error);
    wf_buffer_wipe(&passphrase);
    WF_TRY(status);
    status = wf_copy_read(job->io, options->ring, secret, ret, &job->from, error);
    wf_recipient_close(secret);
    return status;
}

static weft_status read_ring(restoring *job, weft_error *error)
{
    const weft_restore_options *options = job->options;
    const char *city_id = job->parcel_about->city_id;
    struct stat about;
    if (options->ring == NULL)
        return wf_fail(error, WEFT_BAD_USAGE, "restore.no_ring", NULL);
    if (stat(options->ring, &about) == 0 && S_ISDIR(about.st_mode)) {
        wf_keys_options keys = {.io = job->io,
                                .city_dir = options->ring,
                                .key_dir = options->ring_keys.key_dir,
                                .credential = options->ring_keys.credential};
        return wf_keys_read(&keys, city_id, &job->from, error);
    }
    wf_copy_about copy;
    WF_TRY(read_copy(job, &copy, error));
    if (strcmp(copy.city_id, city_id) == 0)
        return WEFT_OK;
    return wf_fail(error, WEFT_CONFLICT, "restore.other_city", "path", options->ring,
                   NULL);
}

static bool is_of_visits(wf_key_class key_class)
{
    return key_class == WF_KEY_VISITS || key_class == WF_KEY_DICTIONARY;
}

// What a purge destroyed stays destroyed; what the ring never had means that it is older
// than the backup.
static weft_status check_needed(restoring *job, weft_error *error)
{
    uint64_t missing = 0;
    for (size_t i = 0; i < job->needed_count; i++) {
        const wf_bundle_key *key = &job->needed[i];
        weft_error ignored = {0};
        const wf_key *found;
        if (is_of_visits(key->key_class) && job->options->without_visits)
            continue;
        weft_status status =
            wf_keys_find(job->from, key->key_class, key->day, &found, &ignored);
        if (status == WEFT_FORGOTTEN && key->key_class == WF_KEY_DICTIONARY)
            return wf_fail(error, WEFT_FORGOTTEN, "restore.visits_forgotten", NULL);
        missing += status == WEFT_KEYLESS;
    }
    char number[WF_NUMBER_TEXT_MAX];
    if (missing == 0)
        return WEFT_OK;
    return wf_fail(error, WEFT_KEYLESS, "restore.ring_older", "path", job->options->ring,
                   "count", wf_number_text(number, (int64_t)missing), NULL);
}

static weft_status read_sources(restoring *job, const char *file, weft_error *error)
{
    WF_TRY(wf_parcel_open(job->io, file, &job->parcel, error));
    job->parcel_about = wf_parcel_reader_about(job->parcel);
    WF_TRY(read_ring(job, error));
    WF_TRY(wf_parcel_unlock(job->parcel, job->from, error));
    WF_TRY(wf_bundle_open(job->parcel, &job->arena, &job->about, &job->needed,
                          &job->needed_count, error));
    return check_needed(job, error);
}

// ---- 3: the new ring ----

static weft_status leave_out(restoring *job, wf_key_class key_class, weft_day before,
                             weft_error *error)
{
    weft_day *days;
    size_t count;
    if (before.number <= wf_keys_forgotten_before(job->from, key_class).number)
        return WEFT_OK;
    WF_TRY(wf_keys_days(job->from, key_class, &job->arena, &days, &count, error));
    for (size_t i = 0; i < count && days[i].number < before.number; i++)
        job->summary->days_forgotten++;
    wf_keys_leave_out(job->from, key_class, before);
    return WEFT_OK;
}

static weft_status leave_out_due(restoring *job, weft_city *city, weft_error *error)
{
    wf_due due;
    WF_TRY(wf_clock_read(city, error));
    WF_TRY(wf_due_read(city, &due, error));
    WF_TRY(leave_out(job, WF_KEY_VISITS, due.visits, error));
    WF_TRY(leave_out(job, WF_KEY_REFUSED, due.refused, error));
    for (int keep = 1; keep < WF_KEEP_END; keep++)
        WF_TRY(leave_out(job, wf_key_class_of((wf_keep)keep), due.facts[keep], error));
    return WEFT_OK;
}

// Rows are made anew, under a key of their own.
static weft_status leave_out_records(restoring *job, weft_error *error)
{
    weft_day *generations;
    size_t count;
    WF_TRY(wf_keys_days(job->from, WF_KEY_RECORDS, &job->arena, &generations, &count,
                        error));
    if (count > 0)
        wf_keys_leave_out(job->from, WF_KEY_RECORDS,
                          (weft_day){generations[count - 1].number + 1});
    return WEFT_OK;
}

static weft_status set_back(restoring *job, weft_error *error)
{
    wf_keys_restored restored = {
        .at = wf_clock_now(),
        .backed_up = job->about.at,
        .new_ledger = {.commits = job->about.ledger.commits},
        .new_visits = job->options->without_visits ? 0 : job->about.visits};
    memcpy(restored.backup, job->parcel_about->id, sizeof restored.backup);
    memcpy(restored.new_ledger.link, job->about.ledger.link,
           sizeof restored.new_ledger.link);
    return wf_keys_set_back(job->from, &restored, error);
}

static wf_keys_options new_keys_options(const restoring *job)
{
    return (wf_keys_options){.io = job->io,
                             .city_dir = job->dir,
                             .key_dir = job->options->keys.key_dir,
                             .credential = job->options->keys.credential};
}

// Where this was cut off the ring may be there already.
static weft_status make_ring(restoring *job, weft_city *city, weft_error *error)
{
    wf_keys_options options = new_keys_options(job);
    wf_path path;
    WF_TRY(wf_path_join(job->dir, "keys/ring", &path, error));
    if (wf_io_exists(job->io, path.text))
        return wf_keys_open(&options, job->parcel_about->city_id, &job->keys, error);
    city->keys = job->from;
    weft_status status = leave_out_due(job, city, error);
    city->keys = NULL;
    WF_TRY(status);
    WF_TRY(leave_out_records(job, error));
    WF_TRY(set_back(job, error));
    return wf_keys_create_from(&options, job->parcel_about->city_id, job->from,
                               &job->keys, error);
}

static weft_status make_empty_visits(const restoring *job, const weft_city *city,
                                     weft_error *error)
{
    wf_visits_options visits = {.io = job->io,
                                .city_dir = job->dir,
                                .keys = job->keys,
                                .zone = city->zone,
                                .threads = 1};
    return wf_visits_create(&visits, error);
}

// Once the city's own words are there.
static weft_status make_keys(restoring *job, weft_error *error)
{
    weft_city *city;
    WF_TRY(wf_city_new(job->io, job->dir, &city, error));
    weft_status status = wf_city_read_words(city, error);
    if (status == WEFT_OK && strcmp(city->id, job->parcel_about->city_id) != 0)
        status = wf_fail(error, WEFT_DAMAGED, "backup.content", NULL);
    if (status == WEFT_OK)
        status = make_ring(job, city, error);
    if (status == WEFT_OK && job->options->without_visits)
        status = make_empty_visits(job, city, error);
    weft_city_close(city);
    return status;
}

// ---- 3 and 4: files ----

static weft_status skip(restoring *job, uint64_t size, weft_error *error)
{
    char scratch[4096];
    while (size > 0) {
        size_t part = size < sizeof scratch ? (size_t)size : sizeof scratch;
        WF_TRY(wf_parcel_read(job->parcel, scratch, part, error));
        size -= part;
    }
    return WEFT_OK;
}

static weft_status take_file(restoring *job, const wf_bundle_entry *entry,
                             weft_error *error)
{
    bool in_folder = strchr(entry->name, '/') != NULL;
    bool visits = strncmp(entry->name, "visits/", 7) == 0;
    if (in_folder && job->keys == NULL)
        WF_TRY(make_keys(job, error));
    if (!in_folder && job->keys != NULL) // the words come first
        return wf_fail(error, WEFT_DAMAGED, "backup.content", NULL);
    if (visits && job->options->without_visits)
        WF_TRY(skip(job, entry->size, error));
    else
        WF_TRY(wf_restore_file(job->io, job->dir, job->parcel, entry,
                               &job->summary->records_were_elsewhere, error));
    job->files++;
    job->bytes += entry->size;
    if (job->options->progress != NULL)
        job->options->progress(job->options->context, job->bytes, job->about.bytes);
    return WEFT_OK;
}

static weft_status copy_files(restoring *job, weft_error *error)
{
    wf_bundle_entry entry = {.kind = WF_BUNDLE_FILE};
    WF_TRY(wf_restore_empty(job->io, job->dir, error));
    while (entry.kind != WF_BUNDLE_END) {
        WF_TRY(wf_bundle_next(job->parcel, &entry, error));
        if (entry.kind == WF_BUNDLE_FILE)
            WF_TRY(take_file(job, &entry, error));
        else if (entry.kind != WF_BUNDLE_END)
            return wf_fail(error, WEFT_DAMAGED, "backup.content", NULL);
    }
    if (job->keys == NULL || job->files != job->about.files ||
        job->bytes != job->about.bytes)
        return wf_fail(error, WEFT_DAMAGED, "backup.content", NULL);
    WF_TRY(wf_restore_sync(job->io, job->dir, error));
    return wf_restore_note(job->io, job->dir, job->parcel_about->id, WF_RESTORE_OPENING,
                           error);
}

// What was made is removed again, and the city key with it.
static weft_status copy_or_leave_nothing(restoring *job, weft_error *error)
{
    weft_status status = copy_files(job, error);
    if (status != WEFT_OK) {
        if (job->keys != NULL)
            wf_keys_unmake(job->keys);
        wf_restore_remove(job->io, job->dir);
    }
    wf_keys_close(job->keys);
    job->keys = NULL;
    return status;
}

// ---- 5: the city ----

static void count_found(void *context, const weft_error *what)
{
    restoring *job = context;
    job->summary->found++;
    if (job->options->found != NULL)
        job->options->found(job->options->context, what);
}

static weft_status check_head(const restoring *job, const weft_city *city,
                              weft_error *error)
{
    wf_ledger_head now = wf_ledger_now(wf_store_ledger(city->store));
    if (now.commits == job->about.ledger.commits &&
        now.positions == job->about.ledger.positions &&
        memcmp(now.link, job->about.ledger.link, sizeof now.link) == 0)
        return WEFT_OK;
    return wf_fail(error, WEFT_DAMAGED, "restore.ledger_differs", NULL);
}

static weft_status forget_and_check(restoring *job, weft_city *city, weft_error *error)
{
    weft_purge_summary purged;
    weft_error inner = {0};
    WF_TRY(check_head(job, city, error));
    weft_status status = weft_purge(city, NULL, &purged, &inner);
    // Ids are kept where a day cannot be read: the check says which.
    if (status != WEFT_OK && status != WEFT_DAMAGED && status != WEFT_KEYLESS) {
        *error = inner;
        return status;
    }
    status = weft_verify(city, count_found, job, &inner);
    if (status != WEFT_OK && status != WEFT_FOUND_WRONG)
        *error = inner;
    return status == WEFT_FOUND_WRONG ? WEFT_OK : status;
}

static weft_status open_and_check(restoring *job, weft_error *error)
{
    weft_city *city = NULL;
    WF_TRY(wf_city_open_restoring(job->io, job->dir, &job->options->keys, &city, error));
    if (job->options->threads > 0)
        weft_city_threads(city, job->options->threads);
    weft_city_time_text(city, job->about.at, job->summary->at_text);
    weft_status status = forget_and_check(job, city, error);
    weft_city_close(city);
    WF_TRY(status);
    return wf_restore_done(job->io, job->dir, error);
}

// ---- all of it ----

static void fill_summary(restoring *job)
{
    weft_backup_summary *backup = &job->summary->backup;
    *backup = (weft_backup_summary){.at = job->about.at,
                                    .commits = job->about.ledger.commits,
                                    .facts = job->about.ledger.positions,
                                    .files = job->about.files,
                                    .bytes = job->about.bytes};
    wf_hex_print(backup->id, job->parcel_about->id, WF_KEYS_ID_BYTES);
    wf_hex_print(backup->link, job->about.ledger.link, WF_LINK_BYTES);
}

// Two of them must not meet in a folder; the lock goes before the city takes it.
static weft_status copy_phase(restoring *job, weft_error *error)
{
    wf_restore_phase phase = WF_RESTORE_COPYING;
    weft_city *holder = NULL;
    WF_TRY(wf_restore_claim(job->io, job->dir, job->parcel_about->id, &phase, error));
    WF_TRY(wf_city_new(job->io, job->dir, &holder, error));
    weft_status status = wf_city_lock(holder, error);
    if (status == WEFT_OK && phase == WF_RESTORE_COPYING)
        status = copy_or_leave_nothing(job, error);
    weft_city_close(holder);
    return status;
}

static weft_status restore(restoring *job, const char *file, weft_error *error)
{
    WF_TRY(read_sources(job, file, error));
    fill_summary(job);
    WF_TRY(copy_phase(job, error));
    WF_TRY(open_and_check(job, error));
    char number[WF_NUMBER_TEXT_MAX];
    if (job->summary->found == 0)
        return WEFT_OK;
    return wf_fail(error, WEFT_FOUND_WRONG, "verify.found", "count",
                   wf_number_text(number, (int64_t)job->summary->found), NULL);
}

weft_status wf_restore(const wf_io *io, const char *file, const char *dir,
                       const weft_restore_options *options, weft_restore_summary *ret,
                       weft_error *error)
{
    weft_restore_summary summary = {0};
    restoring job = {.io = io, .dir = dir, .options = options, .summary = &summary};
    wf_arena_init(&job.arena, 0);
    weft_status status = restore(&job, file, error);
    wf_parcel_reader_free(job.parcel);
    wf_keys_close(job.from);
    wf_arena_done(&job.arena);
    if (status == WEFT_OK || status == WEFT_FOUND_WRONG)
        *ret = summary;
    return status;
}

weft_status weft_restore(const char *file, const char *dir,
                         const weft_restore_options *options, weft_restore_summary *ret,
                         weft_error *error)
{
    return wf_restore(&wf_io_posix, file, dir, options, ret, error);
}
