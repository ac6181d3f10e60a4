// A visit store of a test's own, with its ring, and rows of invented people.
#ifndef TEST_SUPPORT_MADE_STORE_H
#define TEST_SUPPORT_MADE_STORE_H

#include <stdio.h>

#include "support/fault_io.h"
#include "support/scratch.h"
#include "visits/visits.h"

#define MADE_CITY_ID "0123456789abcdef0123456789abcdef"

// Syncing costs most of the time of a test and changes nothing that it can see.
static inline int made_no_sync(const wf_io *io, int file)
{
    (void)io;
    (void)file;
    return 0;
}
static inline int made_no_sync_dir(const wf_io *io, const char *path)
{
    (void)io;
    (void)path;
    return 0;
}
static inline wf_io made_io(void)
{
    wf_io io = wf_io_posix;
    io.sync = made_no_sync;
    io.sync_dir = made_no_sync_dir;
    return io;
}

typedef struct {
    wf_io quick;     // as wf_io_posix, without syncs
    wf_path folder;  // the city
    wf_path key_dir; // beside it
    wf_zone *zone;
    const wf_io *io;
    wf_keys *keys;
    wf_visits *visits; // NULL: not open
    unsigned threads;
} made_store;

static inline wf_keys_options made_keys_options(const made_store *store)
{
    return (wf_keys_options){
        .io = store->io, .city_dir = store->folder.text, .key_dir = store->key_dir.text};
}

static inline wf_visits_options made_visits_options(const made_store *store)
{
    return (wf_visits_options){.io = store->io,
                               .city_dir = store->folder.text,
                               .keys = store->keys,
                               .zone = store->zone,
                               .threads = store->threads};
}

static inline void made_store_close(made_store *store)
{
    wf_visits_close(store->visits);
    wf_keys_close(store->keys);
    store->visits = NULL;
    store->keys = NULL;
}

static inline weft_status made_store_open(made_store *store, const wf_io *io,
                                          weft_error *error)
{
    store->io = io;
    wf_keys_options keys = made_keys_options(store);
    WF_TRY(wf_keys_open(&keys, MADE_CITY_ID, &store->keys, error));
    wf_visits_options options = made_visits_options(store);
    weft_status status = wf_visits_open(&options, &store->visits, error);
    if (status != WEFT_OK)
        made_store_close(store);
    return status;
}

// A new store, open.
static inline void made_store_new(made_store *store)
{
    *store = (made_store){.threads = 2, .quick = made_io()};
    store->io = &store->quick;
    weft_error error = {0};
    wf_path base;
    scratch_new(&base);
    store->folder = scratch_path(&base, "city");
    store->key_dir = scratch_path(&base, "keys");
    if (mkdir(store->folder.text, 0700) != 0)
        abort();
    wf_keys_options keys = made_keys_options(store);
    wf_visits_options options;
    if (wf_zone_open("Asia/Shanghai", &store->zone, &error) != WEFT_OK ||
        wf_keys_create(&keys, MADE_CITY_ID, &error) != WEFT_OK ||
        wf_keys_open(&keys, MADE_CITY_ID, &store->keys, &error) != WEFT_OK)
        abort();
    options = made_visits_options(store);
    if (wf_visits_create(&options, &error) != WEFT_OK ||
        wf_visits_open(&options, &store->visits, &error) != WEFT_OK)
        abort();
}

// Closes it and opens it again, without syncs.
static inline void made_store_reopen(made_store *store)
{
    weft_error error = {0};
    made_store_close(store);
    if (made_store_open(store, &store->quick, &error) != WEFT_OK) {
        fprintf(stderr, "the store does not open: %s\n", error.code);
        abort();
    }
}

static inline void made_store_done(made_store *store)
{
    made_store_close(store);
    wf_zone_close(store->zone);
    wf_path base = store->folder;
    *strrchr(base.text, '/') = '\0';
    scratch_remove(base.text);
}

static inline wf_path made_store_path(const made_store *store, const char *name)
{
    wf_path folder = scratch_path(&store->folder, "visits");
    return scratch_path(&folder, name);
}

// A row as a delivery has it.
typedef struct {
    const char *person, *place; // encounters: a and b
    weft_day day;
    uint32_t start, end;
    const char *seat; // or setting
    unsigned marks;
    bool encounter;
    uint32_t ordinal; // rows that share one are pieces of a longer stay
} made_row;

static inline uint32_t made_id(wf_visits *visits, wf_id_class id_class, const char *id)
{
    uint32_t number;
    weft_error error = {0};
    wf_text text = wf_text_of(id);
    if (wf_ids_intern_many(wf_visits_ids(visits), id_class, &text, 1, &number, &error) !=
        WEFT_OK)
        abort();
    return number;
}

static inline wf_encounter_row made_encounter(wf_visits *visits, const made_row *row)
{
    uint32_t a = made_id(visits, WF_ID_PERSON, row->person);
    uint32_t b = made_id(visits, WF_ID_PERSON, row->place);
    return (wf_encounter_row){.a = a < b ? a : b,
                              .b = a < b ? b : a,
                              .start = row->start,
                              .end = row->end,
                              .ordinal = row->ordinal,
                              .marks = (uint8_t)row->marks};
}

static inline wf_visit_row made_visit(wf_visits *visits, const made_row *row)
{
    return (wf_visit_row){.person = made_id(visits, WF_ID_PERSON, row->person),
                          .place = made_id(visits, WF_ID_PLACE, row->place),
                          .start = (uint16_t)row->start,
                          .end = (uint16_t)row->end,
                          .ordinal = row->ordinal,
                          .marks = (uint8_t)row->marks};
}

static inline weft_status made_add(wf_visits *visits, wf_visits_batch *batch,
                                   const made_row *rows, size_t count, weft_error *error)
{
    for (size_t i = 0; i < count; i++) {
        wf_text seat = wf_text_of(rows[i].seat != NULL ? rows[i].seat : "");
        if (rows[i].encounter) {
            wf_encounter_row row = made_encounter(visits, &rows[i]);
            WF_TRY(wf_visits_batch_setting(batch, seat, &row.setting, error));
            WF_TRY(wf_visits_batch_add_encounters(batch, rows[i].day, &row, 1, error));
        } else {
            wf_visit_row row = made_visit(visits, &rows[i]);
            WF_TRY(wf_visits_batch_seat(batch, seat, &row.seat, error));
            WF_TRY(wf_visits_batch_add(batch, rows[i].day, &row, 1, error));
        }
    }
    return WEFT_OK;
}

// One delivery of these rows.
static inline weft_status made_deliver(wf_visits *visits, const made_row *rows,
                                       size_t count, size_t memory_limit_bytes,
                                       wf_visits_batch_count *ret, weft_error *error)
{
    wf_visits_batch *batch;
    WF_TRY(wf_visits_batch_begin(visits, memory_limit_bytes, &batch, error));
    weft_status status = made_add(visits, batch, rows, count, error);
    if (status != WEFT_OK) {
        wf_visits_batch_abandon(batch);
        return status;
    }
    return wf_visits_batch_commit(batch, NULL, NULL, ret, error);
}

// Appends one live row.
static inline weft_status made_append(wf_visits *visits, const made_row *row,
                                      weft_error *error)
{
    const wf_text texts[] = {WF_TEXT(""), wf_text_of(row->seat != NULL ? row->seat : "")};
    wf_visit_row visit = {0};
    wf_encounter_row encounter = {0};
    if (row->encounter)
        encounter = made_encounter(visits, row);
    else
        visit = made_visit(visits, row);
    encounter.setting = 1;
    visit.seat = 1;
    const wf_segment_rows rows = {.day = row->day,
                                  .visits = &visit,
                                  .visits_count = row->encounter ? 0 : 1,
                                  .encounters = &encounter,
                                  .encounters_count = row->encounter ? 1 : 0,
                                  .seats = texts,
                                  .seats_count = 2,
                                  .settings = texts,
                                  .settings_count = 2};
    return wf_visits_append(visits, &rows, error);
}

// The sum of the digests of all days; aborts on a failure.
static inline wf_digest made_digest(wf_visits *visits)
{
    wf_arena arena;
    wf_arena_init(&arena, 0);
    weft_day *days;
    size_t count;
    weft_error error = {0};
    wf_digest total = {0}, part;
    wf_day_state state;
    if (wf_visits_days(visits, &arena, &days, &count, &error) != WEFT_OK)
        abort();
    for (size_t i = 0; i < count; i++) {
        if (wf_visits_digest_day(visits, days[i], &part, &state, &error) != WEFT_OK)
            abort();
        wf_digest_add(&total, &part);
    }
    wf_arena_done(&arena);
    return total;
}

static inline wf_day_state made_state(wf_visits *visits, weft_day day)
{
    wf_day_state state;
    const wf_day *opened;
    weft_error error = {0};
    if (wf_visits_day(visits, day, &state, &opened, &error) != WEFT_OK)
        abort();
    return state;
}

#endif
