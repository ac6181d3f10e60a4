// A city of a test's own with store, ring and register, and imports from texts.
#ifndef TEST_SUPPORT_MADE_CITY_H
#define TEST_SUPPORT_MADE_CITY_H

#include "load/import.h"
#include "support/bytes_source.h"
#include "support/made_store.h"

typedef struct {
    made_store store;
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
                                    .city_dir = city->store.folder.text,
                                    .zone = city->store.zone,
                                    .keys = city->store.keys,
                                    .visits = city->store.visits,
                                    .reg = city->reg,
                                    .protocol = city->import.protocol,
                                    .now = city->import.now,
                                    .clocked = city->import.clocked,
                                    .real = city->import.real,
                                    .threads = 2};
}

// A drill city that was given no clock; now is 2021-12-12 08:00.
static inline void made_city_new(made_city *city)
{
    weft_error error = {0};
    *city = (made_city){0};
    made_store_new(&city->store);
    if (wf_register_open(city->store.folder.text, city->store.keys, &city->reg, &error) !=
        WEFT_OK)
        abort();
    city->import.now = made_time(&city->store, "2021-12-12 08:00");
    made_city_bind(city);
}

static inline void made_city_close(made_city *city)
{
    wf_register_close(city->reg);
    city->reg = NULL;
    made_store_close(&city->store);
}

static inline void made_city_open(made_city *city, const wf_io *io)
{
    weft_error error = {0};
    if (made_store_open(&city->store, io, &error) != WEFT_OK ||
        wf_register_open(city->store.folder.text, city->store.keys, &city->reg, &error) !=
            WEFT_OK)
        abort();
    made_city_bind(city);
    if (wf_import_settle(&city->import, &error) != WEFT_OK)
        abort();
}

static inline void made_city_done(made_city *city)
{
    wf_register_close(city->reg);
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
    return wf_import(&city->import, kind, &from, 1, &options, &city->summary,
                     &city->error);
}

static inline weft_status made_import(made_city *city, weft_import_kind kind,
                                      const char *text)
{
    return made_import_bytes(city, kind, wf_text_of(text), NULL);
}

static inline wf_text made_city_text_of(void *context, wf_column_type type,
                                        uint32_t number)
{
    const wf_ids *ids = context;
    return wf_ids_text(ids, type == WF_COLUMN_PERSON ? WF_ID_PERSON : WF_ID_PLACE,
                       number);
}

// Visits, encounters and the three registers as one sum.
static inline wf_digest made_city_digest(made_city *city)
{
    wf_digest total = made_digest(city->store.visits);
    weft_error error = {0};
    for (unsigned i = 0; i < WF_REGISTER_COUNT; i++) {
        wf_digest part;
        if (wf_register_digest(city->reg, (wf_register_kind)i, made_city_text_of,
                               wf_visits_ids(city->store.visits), part.bytes,
                               &error) != WEFT_OK)
            abort();
        wf_digest_add(&total, &part);
    }
    return total;
}

static inline bool made_digests_equal(wf_digest a, wf_digest b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

#endif
