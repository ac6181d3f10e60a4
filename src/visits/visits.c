#include "visits/visits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/time.h"
#include "visits/purge.h"
#include "visits/stated_file.h"

// ---- making, opening, closing ----

static weft_status visits_new(const wf_visits_options *options, wf_visits **ret,
                              weft_error *error)
{
    wf_visits *visits = calloc(1, sizeof *visits);
    if (visits == NULL)
        return wf_fail_memory(error);
    visits->io = options->io;
    visits->keys = options->keys;
    visits->zone = options->zone;
    visits->threads = options->threads == 0 ? 1 : options->threads;
    wf_arena_init(&visits->stated.change.arena, 0);
    wf_arena_init(&visits->stated.life.arena, 0);
    WF_ASSERT(pthread_rwlock_init(&visits->naming, NULL) == 0);
    WF_ASSERT(pthread_mutex_init(&visits->lock, NULL) == 0);
    WF_ASSERT(pthread_cond_init(&visits->changed, NULL) == 0);
    weft_status status =
        wf_path_join(options->city_dir, "visits", &visits->folder, error);
    if (status == WEFT_OK)
        status = wf_ids_new(&visits->ids, error);
    if (status == WEFT_OK)
        *ret = visits;
    else
        wf_visits_close(visits);
    return status;
}

void wf_visits_close(wf_visits *visits)
{
    if (visits == NULL)
        return;
    WF_ASSERT(visits->batch == NULL);
    wf_visits_release(visits);
    wf_tail_commit_ends(visits);
    wf_stated_done(&visits->stated);
    wf_manifest_done(&visits->manifest);
    wf_ids_free(visits->ids);
    free(visits->tails);
    free(visits->opened);
    WF_ASSERT(pthread_rwlock_destroy(&visits->naming) == 0);
    WF_ASSERT(pthread_mutex_destroy(&visits->lock) == 0);
    WF_ASSERT(pthread_cond_destroy(&visits->changed) == 0);
    free(visits);
}

static weft_status create_in(wf_visits *visits, weft_error *error)
{
    const wf_io *io = visits->io;
    wf_path path;
    WF_TRY(wf_path_join(visits->folder.text, "manifest", &path, error));
    if (io->mkdir(io, visits->folder.text, 0700) != 0 && errno != EEXIST)
        return wf_fail_errno(error, errno, "io.mkdir", visits->folder.text);
    if (wf_io_exists(io, path.text))
        return wf_fail(error, WEFT_CONFLICT, "visits.exists", "path", path.text, NULL);
    weft_day generation;
    const wf_key *key;
    WF_TRY(wf_keys_renew(visits->keys, WF_KEY_DICTIONARY, &generation, &key, error));
    WF_TRY(wf_keys_commit(visits->keys, error));
    wf_manifest first = {.generation = 1, .ids = {.generation = generation.number}};
    return wf_commit_manifest(visits, &first, error);
}

weft_status wf_visits_create(const wf_visits_options *options, weft_error *error)
{
    wf_visits *visits = NULL;
    WF_TRY(visits_new(options, &visits, error));
    weft_status status = create_in(visits, error);
    wf_visits_close(visits);
    return status;
}

static weft_status read_manifest(wf_visits *visits, weft_error *error)
{
    wf_arena arena;
    wf_arena_init(&arena, 0);
    wf_path path;
    wf_text file;
    weft_status status = wf_path_join(visits->folder.text, "manifest", &path, error);
    if (status == WEFT_OK)
        status = wf_io_read_file(visits->io, path.text, WF_MANIFEST_BYTES_MAX, &arena,
                                 &file, error);
    if (status == WEFT_NOT_FOUND || status == WEFT_TOO_LARGE)
        status = wf_fail(error, WEFT_DAMAGED, "visits.manifest_damaged", "path",
                         path.text, NULL);
    if (status == WEFT_OK)
        status =
            wf_manifest_read(file, path.text, visits->keys, &visits->manifest, error);
    wf_arena_done(&arena);
    return status;
}

static weft_status read_ids(wf_visits *visits, weft_error *error)
{
    const wf_ids_mark *mark = &visits->manifest.ids;
    const wf_key *key;
    wf_path path;
    WF_TRY(wf_keys_find(visits->keys, WF_KEY_DICTIONARY, (weft_day){mark->generation},
                        &key, error));
    WF_TRY(wf_path_join(visits->folder.text, "dictionary", &path, error));
    return wf_ids_file_load(visits->io, path.text, key, mark, visits->threads,
                            visits->ids, error);
}

static weft_status open_in(wf_visits *visits, weft_error *error)
{
    WF_TRY(read_manifest(visits, error));
    WF_TRY(wf_commit_recover(visits, error));
    WF_TRY(wf_purge_resume(visits, error));
    WF_TRY(read_ids(visits, error));
    return wf_tail_load_ends(visits, error);
}

weft_status wf_visits_open(const wf_visits_options *options, wf_visits **ret,
                           weft_error *error)
{
    wf_visits *visits = NULL;
    WF_TRY(visits_new(options, &visits, error));
    weft_status status = open_in(visits, error);
    if (status == WEFT_OK)
        *ret = visits;
    else
        wf_visits_close(visits);
    return status;
}

void wf_visits_use_threads(wf_visits *visits, unsigned threads)
{
    visits->threads = threads;
}

wf_ids *wf_visits_ids(wf_visits *visits)
{
    return visits->ids;
}

void wf_store_lock_shared(const wf_visits *visits)
{
    WF_ASSERT(pthread_rwlock_rdlock((pthread_rwlock_t *)&visits->naming) == 0);
}

void wf_store_unlock(const wf_visits *visits)
{
    WF_ASSERT(pthread_rwlock_unlock((pthread_rwlock_t *)&visits->naming) == 0);
}

// ---- days ----

bool wf_visits_day_is_forgotten(const wf_visits *visits, weft_day day)
{
    return wf_keys_is_forgotten(visits->keys, WF_KEY_VISITS, day);
}

weft_status wf_visits_day_takes(const wf_visits *visits, weft_day day, weft_error *error)
{
    const wf_key *key;
    if (wf_manifest_find(&visits->manifest, day) == NULL &&
        !wf_visits_day_is_forgotten(visits, day))
        return WEFT_OK;
    weft_status status = wf_keys_find(visits->keys, WF_KEY_VISITS, day, &key, error);
    char text[WF_DAY_TEXT_MAX];
    if (status != WEFT_KEYLESS)
        return status;
    return wf_fail(error, WEFT_KEYLESS, "visits.day_keyless", "day",
                   wf_day_text(text, day), NULL);
}

// A file that is not the one named is damaged whether or not its key is there.
static weft_status keyless_or_damaged(const wf_visits *visits, const wf_manifest_day *day,
                                      wf_day_state *ret, weft_error *error)
{
    wf_day_state state = WF_DAY_KEYLESS;
    for (unsigned slot = 0; slot < WF_SLOT_COUNT; slot++) {
        wf_path path;
        weft_error found = {0};
        if (day->files[slot].generation == 0)
            continue;
        WF_TRY(wf_store_current_path(visits, day, slot, &path, error));
        weft_status status = wf_stored_check_file(visits, path.text, day, slot, &found);
        if (status == WEFT_DAMAGED) {
            state = WF_DAY_DAMAGED;
        } else if (status != WEFT_OK) {
            *error = found;
            return status;
        }
    }
    *ret = state;
    return WEFT_OK;
}

// Joins the segments into a day; they belong to it then.
static weft_status join_segments(wf_stored *stored, wf_day_state *ret_state,
                                 wf_opened_day *ret_day, weft_error *error)
{
    wf_segment *segments[WF_SLOT_COUNT], *stated = stored->segments[WF_SLOT_STATED];
    size_t count = 0;
    for (unsigned slot = 0; slot < WF_SLOT_COUNT; slot++)
        if (stored->segments[slot] != NULL)
            segments[count++] = stored->segments[slot];
    if (count == 0)
        return WEFT_OK;
    WF_TRY(wf_day_open(segments, count, &ret_day->day, error));
    ret_day->stated = stated;
    ret_day->only_stated = stated != NULL && count == 1;
    *stored = (wf_stored){0};
    *ret_state = WF_DAY_PRESENT;
    return WEFT_OK;
}

// Adds what was stated, and joins all.
static weft_status join_stated(const wf_visits *visits, weft_day number,
                               wf_stored *stored, wf_day_state *ret_state,
                               wf_opened_day *ret_day, weft_error *error)
{
    weft_error found = {0};
    weft_status status =
        wf_stated_segment(visits, number, &stored->segments[WF_SLOT_STATED], &found);
    if (status == WEFT_OK)
        return join_segments(stored, ret_state, ret_day, error);
    if (status == WEFT_DAMAGED || status == WEFT_KEYLESS) {
        *ret_state = status == WEFT_DAMAGED ? WF_DAY_DAMAGED : WF_DAY_KEYLESS;
        return WEFT_OK;
    }
    *error = found;
    return status;
}

weft_status wf_store_load_day(const wf_visits *visits, weft_day number,
                              wf_day_state *ret_state, wf_opened_day *ret_day,
                              weft_error *error)
{
    const wf_manifest_day *day = wf_manifest_find(&visits->manifest, number);
    *ret_day = (wf_opened_day){.number = number};
    *ret_state = WF_DAY_EMPTY;
    if (wf_visits_day_is_forgotten(visits, number)) {
        *ret_state = WF_DAY_FORGOTTEN;
        return WEFT_OK;
    }
    wf_stored stored = {0};
    weft_error found = {0};
    weft_status status = WEFT_OK;
    if (day != NULL)
        status = wf_stored_open(visits, day, true, visits->threads, &stored, &found);
    if (status == WEFT_KEYLESS)
        return keyless_or_damaged(visits, day, ret_state, error);
    if (status == WEFT_OK && stored.damaged != 0)
        *ret_state = WF_DAY_DAMAGED;
    else if (status == WEFT_OK)
        status = join_stated(visits, number, &stored, ret_state, ret_day, &found);
    wf_stored_close(&stored);
    if (status != WEFT_OK)
        *error = found;
    return status;
}

static wf_opened_day *find_opened(const wf_visits *visits, weft_day day)
{
    for (size_t i = 0; i < visits->opened_count; i++)
        if (visits->opened[i].number.number == day.number)
            return &visits->opened[i];
    return NULL;
}

// Under the lock: a place for the day, which other threads then wait for.
static weft_status claim_opened(wf_visits *visits, weft_day day, weft_error *error)
{
    wf_opened_day *opened = wf_grow(visits->opened, visits->opened_count,
                                    &visits->opened_capacity, sizeof *opened);
    if (opened == NULL)
        return wf_fail_memory(error);
    visits->opened = opened;
    visits->opened[visits->opened_count++] = (wf_opened_day){.number = day};
    return WEFT_OK;
}

// A day that could not be read is not remembered: its file may be put right.
static void settle_opened(wf_visits *visits, const wf_opened_day *opened)
{
    WF_ASSERT(pthread_mutex_lock(&visits->lock) == 0);
    wf_opened_day *mine = find_opened(visits, opened->number);
    *mine = *opened;
    if (opened->day == NULL)
        *mine = visits->opened[--visits->opened_count];
    WF_ASSERT(pthread_cond_broadcast(&visits->changed) == 0);
    WF_ASSERT(pthread_mutex_unlock(&visits->lock) == 0);
}

weft_status wf_visits_day(wf_visits *visits, weft_day number, wf_day_state *ret_state,
                          const wf_day **ret_day, weft_error *error)
{
    WF_ASSERT(pthread_mutex_lock(&visits->lock) == 0);
    wf_opened_day *found = find_opened(visits, number);
    while (found != NULL && found->day == NULL) {
        WF_ASSERT(pthread_cond_wait(&visits->changed, &visits->lock) == 0);
        found = find_opened(visits, number);
    }
    wf_opened_day opened = found != NULL ? *found : (wf_opened_day){.number = number};
    weft_status status = WEFT_OK;
    if (found == NULL)
        status = claim_opened(visits, number, error);
    WF_ASSERT(pthread_mutex_unlock(&visits->lock) == 0);
    wf_day_state state = WF_DAY_PRESENT;
    if (found == NULL && status == WEFT_OK) {
        wf_store_lock_shared(visits);
        status = wf_store_load_day(visits, number, &state, &opened, error);
        wf_store_unlock(visits);
        if (status != WEFT_OK)
            opened.day = NULL;
        settle_opened(visits, &opened);
    }
    WF_TRY(status);
    *ret_state = state;
    *ret_day = opened.day;
    return WEFT_OK;
}

void wf_visits_release(wf_visits *visits)
{
    for (size_t i = 0; i < visits->opened_count; i++)
        wf_day_close(visits->opened[i].day);
    visits->opened_count = 0;
    wf_stated_table_done(&visits->stated.seen);
}

void wf_store_release_day(wf_visits *visits, weft_day number)
{
    wf_opened_day *opened = find_opened(visits, number);
    if (opened == NULL)
        return;
    wf_day_close(opened->day);
    *opened = visits->opened[--visits->opened_count];
}

static void add_day(weft_day *days, size_t *count, weft_day day)
{
    if (*count == 0 || days[*count - 1].number != day.number)
        days[(*count)++] = day;
}

// The days that the manifest names, and those into which what was stated goes on.
static weft_status living_days(const wf_manifest *manifest, wf_arena *arena,
                               weft_day **ret, size_t *ret_count, weft_error *error)
{
    size_t most = manifest->count + 1, count = 0;
    for (size_t i = 0; i < manifest->count; i++)
        most += manifest->days[i].stated.reach;
    weft_day *days = wf_arena_array(arena, most, sizeof *days);
    if (days == NULL)
        return wf_fail_memory(error);
    int32_t reached = INT32_MIN; // through this day
    for (size_t i = 0; i < manifest->count; i++) {
        const wf_manifest_day *day = &manifest->days[i];
        for (; count > 0 && days[count - 1].number < reached &&
               days[count - 1].number + 1 < day->day.number;
             count++)
            days[count] = (weft_day){days[count - 1].number + 1};
        days[count++] = day->day;
        int32_t end = day->day.number + (int32_t)day->stated.reach;
        reached = end > reached ? end : reached;
    }
    for (; count > 0 && days[count - 1].number < reached; count++)
        days[count] = (weft_day){days[count - 1].number + 1};
    *ret = days;
    *ret_count = count;
    return WEFT_OK;
}

weft_status wf_visits_days(const wf_visits *visits, wf_arena *arena, weft_day **ret,
                           size_t *ret_count, weft_error *error)
{
    weft_day *gone, *living = NULL, *days;
    size_t gone_count, living_count = 0, count = 0, i = 0, j = 0;
    WF_TRY(wf_keys_destroyed_days(visits->keys, WF_KEY_VISITS, arena, &gone, &gone_count,
                                  error));
    wf_store_lock_shared(visits);
    weft_status status =
        living_days(&visits->manifest, arena, &living, &living_count, error);
    wf_store_unlock(visits);
    WF_TRY(status);
    days = wf_arena_array(arena, gone_count + living_count + 1, sizeof *days);
    if (days == NULL)
        return wf_fail_memory(error);
    while (i < gone_count || j < living_count) {
        bool take_gone =
            j == living_count || (i < gone_count && gone[i].number <= living[j].number);
        add_day(days, &count, take_gone ? gone[i++] : living[j++]);
    }
    *ret = days;
    *ret_count = count;
    return WEFT_OK;
}

weft_time wf_store_instant(const wf_visits *visits, weft_day day, uint32_t second)
{
    weft_time start = wf_zone_day_start(visits->zone, day);
    return (weft_time){start.us + second * WF_US_PER_S};
}

weft_time wf_visits_newest(const wf_visits *visits)
{
    weft_time newest = WF_TIME_NONE;
    wf_store_lock_shared(visits);
    for (size_t i = 0; i < visits->manifest.count; i++) {
        const wf_manifest_day *day = &visits->manifest.days[i];
        const wf_tail_end *tail = wf_tail_end_of(visits, day->day);
        uint32_t second = day->newest_s;
        if (tail != NULL && tail->newest_s > second)
            second = tail->newest_s;
        weft_time at = WF_TIME_NONE;
        if (second > 0) // not only a tail that never got a row
            at = wf_store_instant(visits, day->day, second);
        if (day->files[WF_SLOT_STATED].generation != 0 && day->stated.newest.us > at.us)
            at = day->stated.newest;
        if (at.us > newest.us)
            newest = at;
    }
    wf_store_unlock(visits);
    return newest;
}
