#include "city/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"

enum { batch_parts = 16 }; // written at a time, then read in order

struct wf_city_source {
    wf_tables tables;
    wf_town *town;
    wf_outbreak *outbreak;
    wf_table table;
    unsigned threads;
    uint32_t parts_count; // of a day, or in all
    uint32_t days_count;  // 1 for tables that are not daily
    uint32_t day, next_part;
    wf_table_part parts[batch_parts];
    bool written[batch_parts];
    uint32_t first_part; // of the batch
    size_t batch_count, batch_at;
    size_t offset; // in the part at hand, or in the header
    bool header_done;
    uint64_t rows;
    wf_seen_stop *seen; // of the day at hand
    size_t seen_count, seen_capacity;
};

weft_status wf_city_source_open(wf_town *town, wf_outbreak *outbreak, wf_table table,
                                unsigned threads, wf_city_source **ret, weft_error *error)
{
    wf_city_source *source = calloc(1, sizeof *source);
    if (source == NULL)
        return wf_fail_memory(error);
    if (table == WF_TABLE_VISITS) {
        wf_outbreak fresh;
        weft_status status = wf_outbreak_init(town, &fresh, error);
        if (status != WEFT_OK) {
            free(source);
            return status;
        }
        wf_outbreak_done(outbreak);
        *outbreak = fresh;
    }
    wf_tables_init(town, outbreak, &source->tables);
    source->town = town;
    source->outbreak = outbreak;
    source->table = table;
    source->threads = threads;
    source->parts_count = wf_table_parts(town, table);
    source->days_count = wf_table_is_daily(table) ? town->options.days : 1;
    *ret = source;
    return WEFT_OK;
}

void wf_city_source_close(wf_city_source *source)
{
    if (source == NULL)
        return;
    for (int i = 0; i < batch_parts; i++)
        wf_table_part_done(&source->parts[i]);
    free(source->seen);
    free(source);
}

uint64_t wf_city_source_rows(const wf_city_source *source)
{
    return source->rows;
}

static void write_part(void *job, unsigned thread, size_t index)
{
    (void)thread;
    wf_city_source *source = job;
    source->written[index] =
        wf_table_write(&source->tables, source->table, source->day,
                       source->first_part + (uint32_t)index, &source->parts[index]);
}

static bool keep_seen(wf_city_source *source, const wf_table_part *part)
{
    size_t needed = source->seen_count + part->seen_count;
    if (needed > source->seen_capacity) {
        size_t capacity = needed * 2;
        wf_seen_stop *grown = realloc(source->seen, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        source->seen = grown;
        source->seen_capacity = capacity;
    }
    if (part->seen_count > 0)
        memcpy(source->seen + source->seen_count, part->seen,
               part->seen_count * sizeof part->seen[0]);
    source->seen_count = needed;
    return true;
}

static bool end_day(wf_city_source *source)
{
    weft_error error = {0};
    if (source->table == WF_TABLE_VISITS &&
        wf_outbreak_end_day(source->outbreak, source->day, source->seen,
                            source->seen_count, &error) != WEFT_OK)
        return false;
    source->seen_count = 0;
    source->next_part = 0;
    source->day++;
    return true;
}

// The next batch, of one day only. False: out of memory.
static bool write_batch(wf_city_source *source)
{
    if (source->next_part == 0 && source->table == WF_TABLE_VISITS)
        wf_outbreak_begin_day(source->outbreak, source->day);
    uint32_t left = source->parts_count - source->next_part;
    source->first_part = source->next_part;
    source->batch_count = left < batch_parts ? left : batch_parts;
    source->batch_at = 0;
    wf_parallel_for(source->threads, source->batch_count, write_part, source);
    for (size_t i = 0; i < source->batch_count; i++) {
        if (!source->written[i] || !keep_seen(source, &source->parts[i]))
            return false;
        source->rows += source->parts[i].rows;
    }
    source->next_part += (uint32_t)source->batch_count;
    return source->next_part < source->parts_count || end_day(source);
}

// Bytes that can be read at once; empty at the end.
static bool next_bytes(wf_city_source *source, wf_text *ret)
{
    for (;;) {
        if (!source->header_done) {
            *ret = wf_text_of(wf_table_header(source->table));
        } else if (source->batch_at < source->batch_count) {
            *ret = wf_buffer_text(&source->parts[source->batch_at].text);
        } else if (source->day == source->days_count) {
            *ret = (wf_text){NULL, 0};
            return true;
        } else {
            if (!write_batch(source))
                return false;
            continue;
        }
        if (source->offset < ret->size) {
            *ret = (wf_text){ret->bytes + source->offset, ret->size - source->offset};
            return true;
        }
        source->offset = 0;
        if (source->header_done)
            source->batch_at++;
        source->header_done = true;
    }
}

ssize_t wf_city_source_read(void *context, void *bytes, size_t size)
{
    wf_city_source *source = context;
    size_t done = 0;
    while (done < size) {
        wf_text text;
        if (!next_bytes(source, &text)) {
            errno = ENOMEM;
            return -1;
        }
        if (text.size == 0)
            break;
        size_t part = text.size < size - done ? text.size : size - done;
        memcpy((char *)bytes + done, text.bytes, part);
        source->offset += part;
        done += part;
    }
    return (ssize_t)done;
}
