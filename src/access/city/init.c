#include "access/city/init.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/city/city_file.h"
#include "access/city/clock.h"
#include "access/city/law.h"
#include "access/city/protocol.h"
#include "base/parallel.h"
#include "keys/seal.h"

enum { id_bytes = 16, id_digits = 32, data_bytes_max = 16 << 20 };

typedef struct {
    const wf_io *io;
    const char *dir;
    weft_init_options options;
    wf_path key_dir;
    size_t key_dir_had;     // so much of its path was there before
    char id[id_digits + 1]; // "" until something may stand in the folder
    wf_zone *zone;
    weft_time clock; // WF_TIME_NONE: none
    bool made_dir;
} init_job;

static void draw_id(char ret[id_digits + 1])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[id_bytes];
    wf_random_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < id_bytes; i++) {
        ret[2 * i] = digits[bytes[i] >> 4];
        ret[2 * i + 1] = digits[bytes[i] & 15];
    }
    ret[id_digits] = '\0';
}

// All that can be wrong with the options, before anything is made.
static weft_status check_options(init_job *job, weft_error *error)
{
    WF_TRY(wf_city_file_defaults(&job->options, error));
    WF_TRY(wf_zone_open(job->options.zone, &job->zone, error));
    wf_arena arena;
    const wf_protocol *protocol = NULL;
    const wf_law *law = NULL;
    wf_arena_init(&arena, data_bytes_max);
    weft_status status =
        wf_protocol_load(job->io, job->options.protocol, &arena, &protocol, error);
    if (status == WEFT_OK)
        status = wf_law_load(job->io, job->options.law, &arena, &law, error);
    wf_arena_done(&arena);
    WF_TRY(status);
    job->clock = WF_TIME_NONE;
    wf_iso_kind kind;
    if (job->options.clock != NULL &&
        !wf_time_parse(wf_text_of(job->options.clock), job->zone, &job->clock, &kind))
        return wf_fail(error, WEFT_BAD_USAGE, "usage.time", "text", job->options.clock,
                       NULL);
    return WEFT_OK;
}

static bool is_empty_folder(const char *dir)
{
    DIR *folder = opendir(dir);
    if (folder == NULL)
        return false;
    size_t others = 0;
    for (const struct dirent *entry = readdir(folder); entry != NULL;
         entry = readdir(folder))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            others++;
    WF_IGNORE(closedir(folder), "a folder only read loses nothing in closing");
    return others == 0;
}

static weft_status make_folder(init_job *job, weft_error *error)
{
    if (job->io->mkdir(job->io, job->dir, 0700) == 0) {
        wf_path above;
        job->made_dir = true;
        WF_TRY(wf_path_join(job->dir, "..", &above, error));
        // What is acknowledged must not go with its folder's name when power fails.
        if (job->io->sync_dir(job->io, above.text) != 0)
            return wf_fail_errno(error, errno, "io.sync", above.text);
        return WEFT_OK;
    }
    if (errno != EEXIST)
        return wf_fail_errno(error, errno, "io.mkdir", job->dir);
    if (!is_empty_folder(job->dir))
        return wf_fail(error, WEFT_CONFLICT, "city.not_empty", "path", job->dir, NULL);
    return wf_io_own(job->io, job->dir, error);
}

// The city key's folder may be new; its parents are made too, readable by the owner only.
static weft_status make_key_dir(init_job *job, weft_error *error)
{
    wf_path *path = &job->key_dir;
    if (job->options.keys.key_dir != NULL)
        WF_TRY(wf_path_join(job->options.keys.key_dir, "", path, error));
    else
        WF_TRY(wf_keys_default_dir(path, error));
    job->key_dir_had = strlen(path->text);
    for (char *at = strchr(path->text + 1, '/');; at = strchr(at + 1, '/')) {
        if (at != NULL)
            *at = '\0';
        size_t size = strlen(path->text);
        bool made = job->io->mkdir(job->io, path->text, 0700) == 0;
        if (!made && errno != EEXIST)
            return wf_fail_errno(error, errno, "io.mkdir", path->text);
        if (made && size < job->key_dir_had)
            job->key_dir_had = size - 1;
        if (at == NULL)
            return WEFT_OK;
        *at = '/';
    }
}

static weft_status fill(const init_job *job, weft_error *error)
{
    wf_keys_options options = {.io = job->io,
                               .city_dir = job->dir,
                               .key_dir = job->key_dir.text,
                               .credential = job->options.keys.credential};
    wf_keys *keys = NULL;
    WF_TRY(wf_keys_create(&options, job->id, error));
    WF_TRY(wf_keys_open(&options, job->id, &keys, error));
    wf_visits_options visits = {.io = job->io,
                                .city_dir = job->dir,
                                .keys = keys,
                                .zone = job->zone,
                                .threads = wf_parallel_threads()};
    weft_status status = wf_visits_create(&visits, error);
    wf_keys_close(keys);
    WF_TRY(status);
    if (!weft_time_is_none(job->clock))
        WF_TRY(wf_clock_write(job->io, job->dir, job->zone, job->clock, error));
    // Last: from here on it is a city.
    return wf_city_file_write(job->io, job->dir, job->id, &job->options, error);
}

// Removes what was put into the folder, which was empty or not there.
static void remove_files(const init_job *job)
{
    static const char *const files[] = {
        "weft.yaml",         "weft.yaml.next",  "clock",
        "clock.next",        "visits/manifest", "visits/manifest.next",
        "visits/dictionary", "keys/ring",       "keys/ring.next"};
    static const char *const folders[] = {"visits", "keys"};
    wf_path path;
    weft_error ignored = {0};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (wf_path_join(job->dir, files[i], &path, &ignored) == WEFT_OK)
            WF_IGNORE(job->io->unlink(job->io, path.text), "it may never have been made");
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (wf_path_join(job->dir, folders[i], &path, &ignored) == WEFT_OK)
            WF_IGNORE(rmdir(path.text), "it may never have been made");
    if (wf_path_join(job->key_dir.text, job->id, &path, &ignored) == WEFT_OK)
        WF_IGNORE(job->io->unlink(job->io, path.text), "a key that nothing is under");
}

// Removes what a failed init left. Without an id nothing was put anywhere: the folder may
// be another city's.
static void remove_rest(init_job *job)
{
    char *path = job->key_dir.text;
    if (job->id[0] != '\0')
        remove_files(job);
    if (job->made_dir)
        WF_IGNORE(rmdir(job->dir), "an empty folder at worst stays behind");
    for (size_t size = strlen(path); size > job->key_dir_had; size = strlen(path)) {
        char *slash = strrchr(path, '/');
        if (path[size - 1] != '/')
            WF_IGNORE(rmdir(path), "others may have put something into it");
        if (slash == NULL)
            return;
        *slash = '\0';
    }
}

weft_status wf_city_init(const wf_io *io, const char *dir,
                         const weft_init_options *options, weft_error *error)
{
    init_job job = {.io = io, .dir = dir, .options = *options};
    weft_status status = check_options(&job, error);
    if (status == WEFT_OK)
        status = make_key_dir(&job, error);
    if (status == WEFT_OK)
        status = make_folder(&job, error);
    if (status == WEFT_OK) {
        draw_id(job.id);
        status = fill(&job, error);
    }
    if (status != WEFT_OK)
        remove_rest(&job);
    wf_zone_close(job.zone);
    return status;
}

weft_status weft_city_init(const char *dir, const weft_init_options *options,
                           weft_error *error)
{
    return wf_city_init(&wf_io_posix, dir, options, error);
}
