#include "access/city/city.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#include "access/asked/views.h"
#include "access/city/city_file.h"
#include "access/city/clock.h"
#include "access/city/law.h"
#include "access/city/numbers.h"
#include "access/city/protocol.h"
#include "base/parallel.h"
#include "desk/kinds.h"
#include "desk/queries.h"
#include "store/older/older.h"

enum {
    answer_bytes_max = 1 << 30,
    city_bytes_max = 64 << 20,
};

weft_city_kind weft_city_kind_of(const weft_city *city)
{
    return city->kind;
}

const char *weft_city_zone(const weft_city *city)
{
    return city->zone_name;
}

const char *weft_city_protocol(const weft_city *city)
{
    return city->protocol_name;
}

void weft_city_threads(weft_city *city, unsigned threads)
{
    WF_ASSERT(threads >= 1 && threads <= 64);
    city->threads = threads;
    wf_visits_use_threads(city->visits, threads);
    wf_plain_scratch_free(city->plain); // it was made for another number
    city->plain = NULL;
}

const char *weft_city_time_text(const weft_city *city, weft_time at, char buffer[40])
{
    return wf_time_text(buffer, at, city->zone);
}

weft_status weft_city_time_parse(const weft_city *city, const char *text, weft_time *ret,
                                 weft_error *error)
{
    wf_iso_kind kind;
    if (wf_time_parse(wf_text_of(text), city->zone, ret, &kind))
        return WEFT_OK;
    return wf_fail(error, WEFT_BAD_USAGE, "usage.time", "text", text, NULL);
}

wf_net wf_city_net(const weft_city *city)
{
    return (wf_net){.visits = city->visits,
                    .reg = city->reg,
                    .protocol = city->protocol,
                    .course = city->course,
                    .zone = city->zone,
                    .now = weft_city_now(city),
                    .threads = city->threads};
}

wf_arena *wf_city_new_answer(weft_city *city)
{
    wf_arena_done(&city->answer);
    wf_arena_init(&city->answer, answer_bytes_max);
    return &city->answer;
}

// ---- opening ----

// Takes the folder for this process. The lock goes with the descriptor, so that a
// process that dies leaves none behind. It is the first file that an opening may make.
weft_status wf_city_lock(weft_city *city, weft_error *error)
{
    wf_path path;
    WF_TRY(wf_io_own(city->io, city->dir.text, error));
    WF_TRY(wf_path_join(city->dir.text, "lock", &path, error));
    int file = city->io->open(city->io, path.text, O_RDWR | O_CREAT, 0600);
    if (file < 0)
        return wf_fail_errno(error, errno, "io.open", path.text);
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        int reason = errno;
        WF_IGNORE(city->io->close(city->io, file), "nothing was written to it");
        if (reason == EWOULDBLOCK)
            return wf_fail(error, WEFT_BUSY, "city.busy", "path", city->dir.text, NULL);
        return wf_fail_errno(error, reason, "io.open", path.text);
    }
    city->lock = file;
    return WEFT_OK;
}

// The register commits after the dictionary, so that its numbers are always known there.
// Of parts that come from different backups it may be the newer: then the next new ids
// would get numbers that its rows already use for other people.
static weft_status check_numbers(const weft_city *city, weft_error *error)
{
    const wf_ids *ids = wf_visits_ids(city->visits);
    int64_t person, place;
    WF_TRY(wf_register_greatest(city->reg, &person, &place, error));
    if (person < (int64_t)wf_ids_count(ids, WF_ID_PERSON) &&
        place < (int64_t)wf_ids_count(ids, WF_ID_PLACE))
        return WEFT_OK;
    return wf_fail(error, WEFT_DAMAGED, "city.parts_differ", "path", city->dir.text,
                   NULL);
}

// The store and what reads it; who follows the rows is there.
static weft_status open_rows(weft_city *city, weft_error *error)
{
    wf_store_options options = {.io = city->io,
                                .city_dir = city->dir.text,
                                .records = city->records,
                                .name = city->id,
                                .keys = city->keys,
                                .kinds = wf_desk_kinds(),
                                .zone = city->zone,
                                .numbers = wf_numbers_of(city->visits),
                                .followers = city->followers,
                                .followers_count = city->followers_count,
                                .bodies = wf_stated_bodies_hook(city->bodies),
                                .judge = wf_desk_judge_hook(city->judge)};
    WF_TRY(wf_store_open(&options, &city->store, error));
    return wf_register_open(city->store, city->keys, options.kinds, &city->reg, error);
}

static weft_status open_store(weft_city *city, weft_error *error)
{
    wf_numbers numbers = wf_numbers_of(city->visits);
    WF_TRY(wf_stated_bodies_new(city->visits, city->zone, &city->bodies, error));
    WF_TRY(wf_desk_judge_new(city->law_profile, &city->judge, error));
    WF_TRY(wf_counter_new(numbers, &city->counter, error));
    WF_TRY(wf_place_names_new(&city->place_names, error));
    WF_TRY(wf_alias_new(numbers, &city->alias, error));
    WF_TRY(wf_board_new(numbers, &city->board, error));
    WF_TRY(wf_accounts_new(city->keys, numbers, &city->accounts, error));
    wf_holes_options holes = {
        .kinds = wf_desk_kinds(), .beside = wf_desk_beside(), .protocol = city->protocol};
    holes.files = wf_desk_holes(&holes.files_count);
    holes.views = wf_desk_readable(&holes.views_count);
    WF_TRY(wf_holes_new(&holes, &city->holes, error));
    // Those who follow may read what is published, and holes what stands before them.
    city->followers[city->followers_count++] = wf_alias_follower(city->alias);
    city->followers[city->followers_count++] = wf_desk_publisher();
    city->followers[city->followers_count++] = wf_counter_follower(city->counter);
    city->followers[city->followers_count++] = wf_place_names_follower(city->place_names);
    city->followers[city->followers_count++] = wf_board_follower(city->board);
    city->followers[city->followers_count++] = *wf_holes_follower(city->holes);
    city->followers[city->followers_count++] = wf_accounts_follower(city->accounts);
    return open_rows(city, error);
}

const wf_kinds *wf_city_kinds(void)
{
    return wf_desk_kinds();
}

void wf_city_close_rows(weft_city *city)
{
    wf_city_views_close(city->views);
    wf_register_close(city->reg);
    wf_city_drop_rows(city);
    city->views = NULL;
    city->reg = NULL;
}

weft_status wf_city_rows(weft_city *city, wf_database **ret, weft_error *error)
{
    if (city->rows == NULL)
        WF_TRY(wf_store_reader(city->store, &city->rows, error));
    *ret = city->rows;
    return WEFT_OK;
}

void wf_city_drop_rows(weft_city *city)
{
    wf_database_close(city->rows);
    city->rows = NULL;
}

weft_status wf_city_reread(weft_city *city, weft_error *error)
{
    if (city->reg != NULL) {
        wf_register_refresh(city->reg);
        return WEFT_OK;
    }
    return wf_register_open(city->store, city->keys, wf_desk_kinds(), &city->reg, error);
}

weft_status wf_city_reopen(weft_city *city, weft_error *error)
{
    wf_city_close_rows(city);
    wf_store_close(city->store);
    city->store = NULL;
    weft_status status = open_rows(city, error);
    wf_import_city into = wf_city_import(city);
    if (status == WEFT_OK)
        status = wf_import_settle(&into, error);
    if (status == WEFT_OK)
        return WEFT_OK;
    wf_city_close_rows(city);
    wf_store_close(city->store);
    city->store = NULL;
    return status;
}

// What a city is opened for.
typedef enum { FOR_USE, FOR_RESTORING, FOR_UPGRADING } opening;

// Rows of a version without a ledger are in no ledger: opened as it is the city would
// look empty.
static weft_status look_for_older(const weft_city *city, opening what, weft_error *error)
{
    wf_older_state state = WF_OLDER_NONE;
    WF_TRY(wf_older_settle(city->io, city->dir.text, error));
    WF_TRY(wf_older_look(city->io, city->dir.text, &state, error));
    if (state == WF_OLDER_NONE)
        return WEFT_OK;
    if (what != FOR_UPGRADING)
        return wf_fail(error, WEFT_BAD_INPUT, "records.older", "path", city->dir.text,
                       NULL);
    return state == WF_OLDER_THERE ? wf_older_set_aside(city->io, city->dir.text, error)
                                   : WEFT_OK;
}

// Thousands of exponentials and error functions, once for all look-ups.
static weft_status make_course(weft_city *city, weft_error *error)
{
    wf_hazard_course *course = wf_arena_new(&city->arena, sizeof *course);
    if (course == NULL)
        return wf_fail_memory(error);
    wf_hazard_course_of(city->protocol, course);
    city->course = course;
    return WEFT_OK;
}

weft_status wf_city_read_words(weft_city *city, weft_error *error)
{
    WF_TRY(wf_city_file_read(city, error));
    WF_TRY(wf_zone_open(city->zone_name, &city->zone, error));
    WF_TRY(wf_protocol_load(city->io, city->protocol_name, &city->arena, &city->protocol,
                            error));
    WF_TRY(make_course(city, error));
    return wf_law_load(city->io, city->law, &city->arena, &city->law_profile, error);
}

// Keys that were due are gone from a city only when its restoring has come to its end.
static weft_status check_restored(const weft_city *city, weft_error *error)
{
    wf_path path;
    WF_TRY(wf_path_join(city->dir.text, WF_CITY_RESTORING, &path, error));
    if (!wf_io_exists(city->io, path.text))
        return WEFT_OK;
    return wf_fail(error, WEFT_BUSY, "city.restoring", "path", city->dir.text, NULL);
}

static weft_status open_parts(weft_city *city, const weft_key_options *keys, opening what,
                              weft_error *error)
{
    WF_TRY(wf_city_read_words(city, error));
    WF_TRY(wf_city_lock(city, error));
    wf_keys_options key_options = {.io = city->io,
                                   .city_dir = city->dir.text,
                                   .key_dir = keys->key_dir,
                                   .credential = keys->credential};
    WF_TRY(wf_keys_open(&key_options, city->id, &city->keys, error));
    wf_visits_options visits = {.io = city->io,
                                .city_dir = city->dir.text,
                                .keys = city->keys,
                                .zone = city->zone,
                                .threads = city->threads};
    WF_TRY(wf_visits_open(&visits, &city->visits, error));
    WF_TRY(look_for_older(city, what, error));
    WF_TRY(open_store(city, error));
    WF_TRY(check_numbers(city, error));
    WF_TRY(wf_clock_read(city, error));
    wf_import_city into = wf_city_import(city);
    return wf_import_settle(&into, error);
}

weft_status wf_city_new(const wf_io *io, const char *dir, weft_city **ret,
                        weft_error *error)
{
    weft_city *city = calloc(1, sizeof *city);
    if (city == NULL)
        return wf_fail_memory(error);
    city->io = city->outside = io;
    city->lock = -1;
    city->threads = wf_parallel_threads();
    wf_arena_init(&city->arena, city_bytes_max);
    wf_arena_init(&city->answer, answer_bytes_max);
    city->kept_clock = WF_TIME_NONE;
    weft_status status = wf_path_join(dir, "", &city->dir, error);
    if (status == WEFT_OK)
        *ret = city;
    else
        weft_city_close(city);
    return status;
}

static weft_status open_city(const wf_io *io, const char *dir,
                             const weft_key_options *keys, opening what, weft_city **ret,
                             weft_error *error)
{
    static const weft_key_options default_keys = {0};
    weft_city *city;
    WF_TRY(wf_city_new(io, dir, &city, error));
    weft_status status = what == FOR_RESTORING ? WEFT_OK : check_restored(city, error);
    if (status == WEFT_OK)
        status = open_parts(city, keys != NULL ? keys : &default_keys, what, error);
    if (status == WEFT_OK)
        *ret = city;
    else
        weft_city_close(city);
    return status;
}

weft_status weft_city_open(const char *dir, const weft_key_options *keys, weft_city **ret,
                           weft_error *error)
{
    return open_city(&wf_io_posix, dir, keys, FOR_USE, ret, error);
}

weft_status wf_city_open_restoring(const wf_io *io, const char *dir,
                                   const weft_key_options *keys, weft_city **ret,
                                   weft_error *error)
{
    return open_city(io, dir, keys, FOR_RESTORING, ret, error);
}

weft_status wf_city_open_upgrading(const wf_io *io, const char *dir,
                                   const weft_key_options *keys, weft_city **ret,
                                   weft_error *error)
{
    return open_city(io, dir, keys, FOR_UPGRADING, ret, error);
}

void weft_city_close(weft_city *city)
{
    if (city == NULL)
        return;
    wf_plain_scratch_free(city->plain);
    wf_city_close_rows(city);
    wf_store_close(city->store);
    wf_stated_bodies_free(city->bodies);
    wf_desk_judge_free(city->judge);
    wf_counter_free(city->counter);
    wf_place_names_free(city->place_names);
    wf_holes_free(city->holes);
    wf_alias_free(city->alias);
    wf_board_free(city->board);
    wf_accounts_free(city->accounts);
    if (city->visits != NULL)
        wf_visits_close(city->visits);
    wf_keys_close(city->keys);
    wf_zone_close(city->zone);
    if (city->lock >= 0)
        WF_IGNORE(city->io->close(city->io, city->lock), "nothing was written to it");
    wf_arena_done(&city->answer);
    wf_arena_done(&city->arena);
    free(city);
}
