// Synthetic towns for tests.
#ifndef TEST_SUPPORT_MADE_TOWN_H
#define TEST_SUPPORT_MADE_TOWN_H

#include <stdlib.h>

#include "city/source.h"

static inline wf_town *made_town(uint32_t people, uint32_t days, uint64_t seed)
{
    wf_town_options options = {.people = people, .days = days, .seed = seed};
    wf_town *town = NULL;
    weft_error error = {0};
    if (!wf_day_from_date(2021, 11, 28, &options.start) ||
        wf_town_new(&options, &town, &error) != WEFT_OK)
        abort();
    return town;
}

// A whole table as text; the caller ends it with wf_buffer_done.
static inline wf_buffer made_table(wf_town *town, wf_outbreak *outbreak, wf_table table,
                                   unsigned threads)
{
    wf_buffer all = {0};
    wf_city_source *source = NULL;
    weft_error error = {0};
    if (wf_city_source_open(town, outbreak, table, threads, &source, &error) != WEFT_OK)
        abort();
    for (;;) {
        // An odd size, so that reads end in the middle of rows and parts.
        char bytes[9973];
        ssize_t got = wf_city_source_read(source, bytes, sizeof bytes);
        if (got < 0 || (got > 0 && !wf_buffer_append(&all, bytes, (size_t)got)))
            abort();
        if (got == 0)
            break;
    }
    wf_city_source_close(source);
    return all;
}

// Lets the outbreak run.
static inline void made_outbreak(wf_town *town, wf_outbreak *outbreak)
{
    wf_buffer visits = made_table(town, outbreak, WF_TABLE_VISITS, 2);
    wf_buffer_done(&visits);
}

#endif
