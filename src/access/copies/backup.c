// A backup as a job of steps. What it copies is noted and held open when it begins, so
// that the city may go on; then it is copied piece by piece into a parcel beside the
// file's place, which it takes when all is in it.
#include "weft/backup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "access/city/city.h"
#include "access/city/hex.h"
#include "access/copies/bundle.h"
#include "base/clock.h"
#include "load/outlines.h"
#include "load/refused.h"
#include "wire/mapping.h"

enum {
    chunk_bytes = 256 * 1024,
    small_file_max = 64 << 20, // keep
};

struct weft_backup {
    weft_city *city;
    const wf_io *io;
    wf_path path, next;
    wf_arena arena;
    wf_pinned_files files;
    wf_parcel_writer *writer;
    wf_bundle_about about;
    weft_day floors[WF_KEY_CLASS_COUNT]; // what was forgotten when it began
    size_t file;                         // the one under way
    uint64_t at;                         // in it
    uint64_t done;                       // bytes of files
    bool copied, placed, finished, failed;
    char chunk[chunk_bytes];
};

// ---- beginning ----

static weft_status pin_refused(weft_backup *job, weft_error *error)
{
    enum { together = 256 };
    const weft_city *city = job->city;
    wf_refused_folder folder = {city->io, city->dir.text, city->keys};
    char names[together][WF_REFUSED_NAME_MAX], after[WF_REFUSED_NAME_MAX] = "";
    size_t count = 0;
    do {
        WF_TRY(wf_refused_names(&folder, after, names, together, &count, error));
        for (size_t i = 0; i < count; i++) {
            char name[sizeof "refused/" + WF_REFUSED_NAME_MAX] = "refused/";
            memcpy(name + strlen(name), names[i], strlen(names[i]) + 1);
            WF_TRY(wf_pin_file(&job->files, city->dir.text, name, 0, UINT64_MAX, error));
        }
        if (count > 0)
            memcpy(after, names[count - 1], sizeof after);
    } while (count > 0);
    return WEFT_OK;
}

static weft_status pin_mapping(void *context, const char *name, weft_error *error)
{
    weft_backup *job = context;
    return wf_pin_bytes(&job->files, job->city->dir.text, name, WF_MAPPING_BYTES_MAX,
                        error);
}

static weft_status pin_all(weft_backup *job, weft_error *error)
{
    static const char *const names[] = {"weft.yaml", "clock", "keep"};
    weft_city *city = job->city;
    const wf_import_city import = wf_city_import(city);
    job->files = (wf_pinned_files){.io = job->city->io, .arena = &job->arena};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        WF_TRY(
            wf_pin_bytes(&job->files, city->dir.text, names[i], small_file_max, error));
    WF_TRY(
        wf_pin_file(&job->files, city->dir.text, WF_OUTLINES_NAME, 0, UINT64_MAX, error));
    WF_TRY(wf_import_remembered(&import, pin_mapping, job, error));
    WF_TRY(wf_ledger_pin(wf_store_ledger(city->store), &job->files, error));
    WF_TRY(wf_visits_pin(city->visits, city->dir.text, &job->files, error));
    return pin_refused(job, error);
}

static void note_floors(weft_backup *job)
{
    for (int key_class = 1; key_class < WF_KEY_CLASS_COUNT; key_class++)
        job->floors[key_class] =
            wf_keys_forgotten_before(job->city->keys, (wf_key_class)key_class);
}

static weft_status note_about(weft_backup *job, weft_error *error)
{
    wf_bundle_about *about = &job->about;
    about->at = wf_clock_now();
    about->ledger = wf_ledger_now(wf_store_ledger(job->city->store));
    about->files = (uint32_t)job->files.count;
    for (size_t i = 0; i < job->files.count; i++)
        about->bytes += job->files.files[i].size;
    return wf_visits_generation(job->city->visits, &about->visits, error);
}

// The key that a parcel is under is made with the first commit of the ledger.
static weft_status ready_key(weft_city *city, weft_error *error)
{
    const wf_key *key;
    WF_TRY(wf_keys_make(city->keys, WF_KEY_LEDGER, (weft_day){0}, &key, error));
    return wf_keys_commit_due(city->keys) ? wf_keys_commit(city->keys, error) : WEFT_OK;
}

static weft_status check_free(const weft_backup *job, weft_error *error)
{
    if (!wf_io_exists(job->io, job->path.text))
        return WEFT_OK;
    return wf_fail(error, WEFT_CONFLICT, "backup.exists", "path", job->path.text, NULL);
}

static weft_status resolve(weft_backup *job, const char *file, weft_error *error)
{
    static const char ending[] = ".next";
    size_t size = strlen(file);
    if (size + sizeof ending > sizeof job->next.text || size == 0)
        return wf_fail(error, WEFT_BAD_INPUT, "io.path_too_long", "path", file, NULL);
    memcpy(job->path.text, file, size + 1);
    memcpy(job->next.text, file, size);
    memcpy(job->next.text + size, ending, sizeof ending);
    return check_free(job, error);
}

static weft_status begin(weft_backup *job, const char *file, weft_error *error)
{
    weft_city *city = job->city;
    const wf_import_city into = wf_city_import(city);
    WF_TRY(resolve(job, file, error));
    WF_TRY(wf_import_settle(&into, error));
    WF_TRY(ready_key(city, error));
    WF_TRY(pin_all(job, error));
    WF_TRY(note_about(job, error));
    note_floors(job);
    WF_TRY(wf_parcel_create(job->io, job->next.text, city->keys, city->id, &job->writer,
                            error));
    WF_TRY(wf_bundle_put_about(job->writer, &job->about, error));
    return wf_bundle_put_keys(job->writer, city->keys, error);
}

weft_status weft_backup_begin(weft_city *city, const char *file, weft_backup **ret,
                              weft_error *error)
{
    weft_backup *job = calloc(1, sizeof *job);
    if (job == NULL)
        return wf_fail_memory(error);
    job->city = city;
    job->io = city->outside;
    wf_arena_init(&job->arena, 0);
    weft_status status = begin(job, file, error);
    if (status == WEFT_OK)
        *ret = job;
    else
        weft_backup_end(job);
    return status;
}

// ---- steps ----

// Whether keys were destroyed since it began.
static weft_status check_not_purged(const weft_backup *job, weft_error *error)
{
    for (int key_class = 1; key_class < WF_KEY_CLASS_COUNT; key_class++)
        if (key_class != WF_KEY_RECORDS && // renewed by each making; in no backup
            wf_keys_forgotten_before(job->city->keys, (wf_key_class)key_class).number !=
                job->floors[key_class].number)
            return wf_fail(error, WEFT_CONFLICT, "backup.purged", NULL);
    return WEFT_OK;
}

// Refused rows that are tried again are overwritten where they stand, and then unlinked.
static weft_status check_not_wiped(const wf_pinned *file, weft_error *error)
{
    struct stat about;
    bool refused = file->name.size > 8 && memcmp(file->name.bytes, "refused/", 8) == 0;
    if (!refused || (fstat(file->file, &about) == 0 && about.st_nlink > 0))
        return WEFT_OK;
    return wf_fail(error, WEFT_CONFLICT, "backup.changed", NULL);
}

static weft_status copy_some(weft_backup *job, uint64_t *left, weft_error *error)
{
    const wf_pinned *file = &job->files.files[job->file];
    if (job->at == 0)
        WF_TRY(wf_bundle_put_entry(job->writer, WF_BUNDLE_FILE, file->name, file->size,
                                   error));
    uint64_t rest = file->size - job->at;
    size_t part = rest < chunk_bytes ? (size_t)rest : chunk_bytes;
    part = *left > 0 && *left < part ? (size_t)*left : part;
    WF_TRY(wf_pinned_read(job->files.io, file, job->at, job->chunk, part, error));
    WF_TRY(wf_parcel_add(job->writer, job->chunk, part, error));
    job->at += part;
    job->done += part;
    *left = *left > part ? *left - part : 0;
    if (job->at == file->size) {
        WF_TRY(check_not_wiped(file, error));
        job->file++;
        job->at = 0;
    }
    return WEFT_OK;
}

static weft_status place(weft_backup *job, weft_error *error)
{
    const wf_io *io = job->io;
    WF_TRY(check_not_purged(job, error));
    // What was being overwritten while it was copied is gone by now.
    for (size_t i = 0; i < job->files.count; i++)
        WF_TRY(check_not_wiped(&job->files.files[i], error));
    WF_TRY(check_free(job, error));
    if (io->rename(io, job->next.text, job->path.text) != 0)
        return wf_fail_errno(error, errno, "io.rename", job->path.text);
    job->placed = true;
    return WEFT_OK;
}

// What waits for the disk needs nothing of the city but its ring, which allows others.
static weft_status settle(weft_backup *job, weft_error *error)
{
    const wf_io *io = job->io;
    wf_path folder = wf_path_folder(job->path.text);
    if (io->sync_dir(io, folder.text) != 0)
        return wf_fail_errno(error, errno, "io.sync", folder.text);
    wf_keys_backup last = {.at = job->about.at, .commits = job->about.ledger.commits};
    weft_error ignored = {0};
    memcpy(last.id, wf_parcel_writer_id(job->writer), sizeof last.id);
    wf_keys_note_backup(job->city->keys, &last);
    WF_IGNORE(wf_keys_commit(job->city->keys, &ignored),
              "the backup is there; its date is written with the ring's next commit");
    job->finished = true;
    return WEFT_OK;
}

// Copies so many bytes, or until all is durable.
static weft_status copy(weft_backup *job, uint64_t bytes, weft_error *error)
{
    uint64_t left = bytes;
    do {
        if (job->file == job->files.count) {
            WF_TRY(wf_parcel_finish(job->writer, error));
            job->copied = true;
            return WEFT_OK;
        }
        WF_TRY(copy_some(job, &left, error));
    } while (left > 0);
    return WEFT_OK;
}

static weft_status advance(weft_backup *job, uint64_t bytes, weft_error *error)
{
    if (job->placed)
        return settle(job, error);
    WF_TRY(check_not_purged(job, error));
    if (!job->copied)
        WF_TRY(copy(job, bytes, error));
    return job->copied ? place(job, error) : WEFT_OK;
}

static weft_status end_step(weft_backup *job, weft_status status,
                            weft_backup_progress *ret)
{
    job->failed = status != WEFT_OK;
    if (status == WEFT_OK)
        *ret = (weft_backup_progress){.bytes_done = job->done,
                                      .bytes_all = job->about.bytes,
                                      .copied = job->copied,
                                      .placed = job->placed,
                                      .done = job->finished};
    return status;
}

weft_status weft_backup_step(weft_backup *job, uint64_t bytes, weft_backup_progress *ret,
                             weft_error *error)
{
    WF_ASSERT(!job->failed && !job->finished);
    return end_step(job, advance(job, bytes, error), ret);
}

weft_status weft_backup_copy(weft_backup *job, uint64_t bytes, weft_backup_progress *ret,
                             weft_error *error)
{
    WF_ASSERT(!job->failed && !job->finished);
    weft_status status = job->placed   ? settle(job, error)
                         : job->copied ? WEFT_OK
                                       : copy(job, bytes, error);
    return end_step(job, status, ret);
}

weft_backup_summary weft_backup_summary_of(const weft_backup *job)
{
    const wf_bundle_about *about = &job->about;
    weft_backup_summary all = {.at = about->at,
                               .commits = about->ledger.commits,
                               .facts = about->ledger.positions,
                               .files = about->files,
                               .bytes = about->bytes};
    wf_hex_print(all.id, wf_parcel_writer_id(job->writer), WF_KEYS_ID_BYTES);
    wf_hex_print(all.link, about->ledger.link, WF_LINK_BYTES);
    return all;
}

void weft_backup_end(weft_backup *job)
{
    if (job == NULL)
        return;
    if (job->writer != NULL && !job->placed)
        WF_IGNORE(job->io->unlink(job->io, job->next.text), "it is no backup");
    wf_parcel_writer_free(job->writer);
    wf_pinned_files_done(&job->files);
    wf_arena_done(&job->arena);
    free(job);
}

// ---- what was made ----

weft_backup_summary weft_backup_last(const weft_city *city)
{
    static const unsigned char none[WF_KEYS_ID_BYTES];
    wf_keys_backup last = wf_keys_last_backup(city->keys);
    weft_backup_summary all = {.at = last.at, .commits = last.commits};
    if (memcmp(last.id, none, sizeof none) != 0)
        wf_hex_print(all.id, last.id, sizeof last.id);
    return all;
}

void weft_restorations(const weft_city *city,
                       void (*each)(void *context, const weft_restoration *one),
                       void *context)
{
    const wf_keys_restored *all;
    size_t count = wf_keys_restorations(city->keys, &all);
    for (size_t i = 0; i < count; i++) {
        weft_restoration one = {.at = all[i].at,
                                .backed_up = all[i].backed_up,
                                .old_commits = all[i].old_ledger.commits,
                                .new_commits = all[i].new_ledger.commits};
        wf_hex_print(one.backup, all[i].backup, sizeof all[i].backup);
        wf_hex_print(one.old_link, all[i].old_ledger.link, WF_LINK_BYTES);
        wf_hex_print(one.new_link, all[i].new_ledger.link, WF_LINK_BYTES);
        each(context, &one);
    }
}
