// A city of a test's own with store, ring and register, and imports from texts.
#ifndef TEST_SUPPORT_MADE_CITY_H
#define TEST_SUPPORT_MADE_CITY_H

#include "access/city/bodies.h"
#include "access/city/numbers.h"
#include "desk/kinds.h"
#include "load/import.h"
#include "store/register/register.h"
#include "support/bytes_source.h"
#include "support/made_store.h"

typedef struct {
    made_store store;
    const char *where;        // the rows' database, "postgres://…"; NULL: in the folder
    wf_stated_bodies *stated; // the visit store as the book of bodies
    const wf_bodies *bodies;  // another such book; NULL: none
    bool bodies_in_ledger;    // as before there was one
    const wf_follower *followers; // of the rows
    size_t followers_count;
    wf_store *records;
    wf_register *reg;
    wf_import_city import;
    // What the last import said.
    weft_import_summary summary;
    weft_error error;
    weft_error refused[20]; // the first rows that were refused
    size_t refused_count;
    unsigned stop_after; // calls of progress until it says stop, 0: never
} made_city;

static inline weft_time made_time(const made_store *store, const char *text)
{
    weft_time at;
    wf_iso_kind kind;
    if (!wf_time_parse(wf_text_of(text), store->zone, &at, &kind))
        abort();
    return at;
}

static inline void made_city_bind(made_city *city)
{
    city->import = (wf_import_city){.io = city->store.io,
                                    .outside = city->store.io,
                                    .city_dir = city->store.folder.text,
                                    .zone = city->store.zone,
                                    .keys = city->store.keys,
                                    .visits = city->store.visits,
                                    .store = city->records,
                                    .kinds = wf_desk_kinds(),
                                    .protocol = city->import.protocol,
                                    .now = city->import.now,
                                    .clocked = city->import.clocked,
                                    .real = city->import.real,
                                    .threads = 2};
}

// With the book of bodies that it names.
static inline wf_store_options made_city_options(made_city *city)
{
    weft_error error = {0};
    const wf_bodies *bodies = city->bodies;
    if (wf_stated_bodies_new(city->store.visits, city->store.zone, &city->stated,
                             &error) != WEFT_OK)
        abort();
    if (bodies == NULL)
        bodies = wf_stated_bodies_hook(city->stated);
    return (wf_store_options){.io = city->store.io,
                              .city_dir = city->store.folder.text,
                              .records = city->where,
                              .name = "made",
                              .keys = city->store.keys,
                              .kinds = wf_desk_kinds(),
                              .zone = city->store.zone,
                              .numbers = wf_numbers_of(city->store.visits),
                              .bodies = city->bodies_in_ledger ? NULL : bodies,
                              .followers = city->followers,
                              .followers_count = city->followers_count};
}

// The store over the visit store's dictionary, and the register read from it.
static inline void made_city_open_records(made_city *city)
{
    weft_error error = {0};
    wf_store_options options = made_city_options(city);
    if (wf_store_open(&options, &city->records, &error) != WEFT_OK ||
        wf_register_open(city->records, city->store.keys, options.kinds, &city->reg,
                         &error) != WEFT_OK) {
        fprintf(stderr, "the records do not open: %s %s %s\n", error.code,
                error.params[0].value, error.params[1].value);
        abort();
    }
}

static inline void made_city_close_records(made_city *city)
{
    wf_register_close(city->reg);
    wf_store_close(city->records);
    wf_stated_bodies_free(city->stated);
    city->stated = NULL;
    city->reg = NULL;
    city->records = NULL;
}

// A drill city that was given no clock; now is 2021-12-12 08:00. `where`: of the rows'
// database, which outlives the city; NULL: in its folder.
static inline void made_city_make(made_city *city)
{
    made_store_new(&city->store);
    made_city_open_records(city);
    city->import.now = made_time(&city->store, "2021-12-12 08:00");
    made_city_bind(city);
}

static inline void made_city_new_at(made_city *city, const char *where)
{
    *city = (made_city){.where = where};
    made_city_make(city);
}

// One whose rows are followed.
static inline void made_city_new_with(made_city *city, const wf_follower *followers,
                                      size_t count)
{
    *city = (made_city){.followers = followers, .followers_count = count};
    made_city_make(city);
}

static inline void made_city_new(made_city *city)
{
    made_city_new_at(city, NULL);
}

static inline void made_city_close(made_city *city)
{
    made_city_close_records(city);
    made_store_close(&city->store);
}

static inline void made_city_open(made_city *city, const wf_io *io)
{
    weft_error error = {0};
    if (made_store_open(&city->store, io, &error) != WEFT_OK)
        abort();
    made_city_open_records(city);
    made_city_bind(city);
    if (wf_import_settle(&city->import, &error) != WEFT_OK)
        abort();
}

static inline void made_city_done(made_city *city)
{
    made_city_close_records(city);
    made_store_done(&city->store);
}

static inline bool made_city_progress(void *context, const weft_import_progress *progress)
{
    made_city *city = context;
    (void)progress;
    return city->stop_after == 0 || --city->stop_after > 0;
}

static inline void made_city_refused(void *context, const weft_error *why)
{
    made_city *city = context;
    if (city->refused_count == 20)
        abort();
    city->refused[city->refused_count++] = *why;
}

// Imports bytes as one file with these options (NULL: none).
static inline weft_status made_import_bytes(made_city *city, weft_import_kind kind,
                                            wf_text bytes,
                                            const weft_import_options *with)
{
    bytes_source source = {bytes.bytes, bytes.size, 0, 0, 0};
    weft_import_source from = {bytes_source_read, &source, "test.csv", bytes.size};
    weft_import_options options = {.as_of = WEFT_TIME_NONE};
    if (with != NULL)
        options = *with;
    options.progress = made_city_progress;
    options.refused = made_city_refused;
    options.context = city;
    city->refused_count = 0;
    city->summary = (weft_import_summary){0};
    city->error = (weft_error){0};
    wf_register_refresh(city->reg);
    return wf_import(&city->import, kind, &from, 1, &options, &city->summary,
                     &city->error);
}

static inline weft_status made_import(made_city *city, weft_import_kind kind,
                                      const char *text)
{
    return made_import_bytes(city, kind, wf_text_of(text), NULL);
}

// Visits, encounters and the three registers as one sum.
static inline wf_digest made_city_digest(made_city *city)
{
    wf_digest total = made_digest(city->store.visits);
    weft_error error = {0};
    const wf_kinds *kinds = wf_desk_kinds();
    wf_database *db = NULL;
    if (wf_store_reader(city->records, &db, &error) != WEFT_OK)
        abort();
    for (size_t i = 0; i < kinds->tables_count; i++) {
        wf_digest part = {{0}};
        if (kinds->tables[i]->in_digest &&
            wf_records_digest(wf_store_records(city->records), db, kinds->tables[i],
                              part.bytes, &error) != WEFT_OK)
            abort();
        wf_digest_add(&total, &part);
    }
    wf_database_close(db);
    return total;
}

static inline bool made_digests_equal(wf_digest a, wf_digest b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

#endif
