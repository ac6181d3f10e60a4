// A city that is shared, on a disk that can be made to fail: `begin` and `end` are the
// set-up and tear-down of each test.
#ifndef TEST_SUPPORT_SHARED_CITY_H
#define TEST_SUPPORT_SHARED_CITY_H

#include "access/shared/shared.h"
#include "support/fact_city.h"
#include "support/fault_io.h"

static fact_city files; // its folders; the city is opened through the failing disk
static fault_io disk;
static weft_city *city;
static wf_shared *shared;

static inline weft_time now_is(void *context)
{
    (void)context;
    return (weft_time){INT64_C(1639281600) * WF_US_PER_S}; // 2021-12-12T12:00+08:00
}

static unsigned far_behind_ms; // of the settings

static inline int begin(void **state)
{
    weft_error error = {0};
    const wf_shared_settings settings = {
        .readers_max = 4, .now = now_is, .retry_ms = 5, .far_behind_ms = far_behind_ms};
    (void)state;
    fact_city_new(&files, NULL);
    weft_city_close(files.city);
    fault_io_init(&disk);
    disk.errno_value = EIO;
    const weft_key_options keys = {.key_dir = files.keys.text};
    wf_path dir = scratch_path(&files.folder, "city");
    fact_city_ok(wf_city_open_restoring(&disk.io, dir.text, &keys, &city, &error),
                 &error);
    fact_city_ok(wf_shared_open(city, &settings, &shared, &error), &error);
    return 0;
}

static inline int end(void **state)
{
    (void)state;
    wf_shared_close(shared);
    weft_city_close(city);
    fact_city_open(&files);
    fact_city_done(&files);
    return 0;
}

#endif
