#include "epi/partition.h"

#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "epi/room.h"
#include "epi/slabs.h"

enum { chunk_rows = (WF_SLAB_CHUNK_BYTES - 8) / sizeof(wf_touch) };

typedef struct chunk {
    struct chunk *next;
    wf_touch rows[chunk_rows];
} chunk;

_Static_assert(sizeof(chunk) <= WF_SLAB_CHUNK_BYTES, "a chunk fits its part of a slab");

typedef struct {
    // Of each partition: its chunks, oldest first, and where the next touch goes.
    chunk *oldest[WF_PARTITIONS_MAX], *newest[WF_PARTITIONS_MAX];
    wf_touch *next[WF_PARTITIONS_MAX], *end[WF_PARTITIONS_MAX];
    wf_slabs slabs;
    uint32_t *ends; // reduce: by person of the partition
    wf_stretch *stretches;
    size_t ends_capacity, stretches_capacity;
    weft_status status;
} share;

struct wf_partitions {
    unsigned threads;
    unsigned shift; // a partition holds 2^shift people
    uint32_t people_end;
    size_t count;
    uint64_t min_seconds;
    wf_ring_row *rows; // row i × 2^shift on: partition i's
    size_t rows_capacity;
    size_t rows_counts[WF_PARTITIONS_MAX];
    share shares[];
};

weft_status wf_partitions_new(unsigned threads, wf_partitions **ret)
{
    wf_partitions *partitions = calloc(1, sizeof *partitions + threads * sizeof(share));
    if (partitions == NULL)
        return WEFT_NO_MEMORY;
    partitions->threads = threads;
    *ret = partitions;
    return WEFT_OK;
}

void wf_partitions_free(wf_partitions *partitions)
{
    if (partitions == NULL)
        return;
    for (unsigned i = 0; i < partitions->threads; i++) {
        share *own = &partitions->shares[i];
        wf_slabs_done(&own->slabs);
        wf_room_free(own->ends, own->ends_capacity, sizeof *own->ends);
        wf_room_free(own->stretches, own->stretches_capacity, sizeof *own->stretches);
    }
    wf_room_free(partitions->rows, partitions->rows_capacity, sizeof *partitions->rows);
    free(partitions);
}

weft_status wf_partitions_begin(wf_partitions *partitions, uint32_t people_end)
{
    unsigned shift = 10;
    while ((uint64_t)WF_PARTITIONS_MAX << shift < people_end)
        shift++;
    partitions->shift = shift;
    partitions->people_end = people_end;
    partitions->count = ((size_t)people_end + ((size_t)1 << shift) - 1) >> shift;
    wf_ring_row *rows = wf_room_grow(partitions->rows, &partitions->rows_capacity,
                                     sizeof *rows, 0, people_end);
    if (rows == NULL)
        return WEFT_NO_MEMORY;
    partitions->rows = rows;
    for (unsigned i = 0; i < partitions->threads; i++) {
        share *own = &partitions->shares[i];
        memset(own->oldest, 0, sizeof own->oldest);
        memset(own->newest, 0, sizeof own->newest);
        memset(own->next, 0, sizeof own->next);
        memset(own->end, 0, sizeof own->end);
        wf_slabs_reuse(&own->slabs);
        own->status = WEFT_OK;
    }
    return WEFT_OK;
}

static weft_status open_chunk(share *own, size_t partition)
{
    chunk *fresh = wf_slabs_next(&own->slabs);
    if (fresh == NULL)
        return WEFT_NO_MEMORY;
    fresh->next = NULL;
    if (own->newest[partition] == NULL)
        own->oldest[partition] = fresh;
    else
        own->newest[partition]->next = fresh;
    own->newest[partition] = fresh;
    own->next[partition] = fresh->rows;
    own->end[partition] = fresh->rows + chunk_rows;
    return WEFT_OK;
}

weft_status wf_partitions_add(wf_partitions *partitions, unsigned thread,
                              wf_touch_list *list)
{
    share *own = &partitions->shares[thread];
    unsigned shift = partitions->shift;
    for (size_t i = 0; i < list->count; i++) {
        wf_touch touch = list->rows[i];
        size_t partition = touch.person.number >> shift;
        if (own->next[partition] == own->end[partition])
            WF_TRY(open_chunk(own, partition));
        *own->next[partition]++ = touch;
    }
    list->count = 0;
    return WEFT_OK;
}

// Touches in a chunk: all but the newest are full.
static size_t chunk_count(const share *own, size_t partition, const chunk *of)
{
    return of == own->newest[partition] ? (size_t)(own->next[partition] - of->rows)
                                        : (size_t)chunk_rows;
}

// Counts the touches of each person of a partition in own->ends (one entry more than
// people), and makes room for their stretches.
static weft_status count_touches(wf_partitions *partitions, share *own, size_t partition)
{
    size_t people = (size_t)1 << partitions->shift, touches = 0;
    uint32_t *ends =
        wf_room_grow(own->ends, &own->ends_capacity, sizeof *ends, 0, people);
    if (ends == NULL)
        return WEFT_NO_MEMORY;
    own->ends = ends;
    memset(ends, 0, people * sizeof *ends);
    for (unsigned i = 0; i < partitions->threads; i++) {
        const share *of = &partitions->shares[i];
        for (const chunk *at = of->oldest[partition]; at != NULL; at = at->next) {
            size_t count = chunk_count(of, partition, at);
            touches += count;
            for (size_t r = 0; r < count; r++)
                ends[at->rows[r].person.number & (people - 1)]++;
        }
    }
    if (touches > UINT32_MAX)
        return WEFT_NO_MEMORY;
    wf_stretch *stretches = wf_room_grow(own->stretches, &own->stretches_capacity,
                                         sizeof *stretches, 0, touches);
    if (stretches == NULL)
        return WEFT_NO_MEMORY;
    own->stretches = stretches;
    return WEFT_OK;
}

// Puts the stretches in the order of people: own->ends become where each one's end.
static void sort_by_person(wf_partitions *partitions, share *own, size_t partition)
{
    size_t people = (size_t)1 << partitions->shift;
    uint32_t before = 0;
    for (size_t i = 0; i < people; i++) {
        uint32_t count = own->ends[i];
        own->ends[i] = before;
        before += count;
    }
    for (unsigned i = 0; i < partitions->threads; i++) {
        const share *of = &partitions->shares[i];
        for (const chunk *at = of->oldest[partition]; at != NULL; at = at->next) {
            size_t count = chunk_count(of, partition, at);
            for (size_t r = 0; r < count; r++) {
                wf_touch touch = at->rows[r];
                uint32_t *end = &own->ends[touch.person.number & (people - 1)];
                own->stretches[(*end)++] = (wf_stretch){touch.first, touch.last};
            }
        }
    }
}

static void reduce_one(void *context, unsigned thread, size_t partition)
{
    wf_partitions *partitions = context;
    share *own = &partitions->shares[thread];
    partitions->rows_counts[partition] = 0;
    if (own->status != WEFT_OK)
        return;
    own->status = count_touches(partitions, own, partition);
    if (own->status != WEFT_OK)
        return;
    sort_by_person(partitions, own, partition);
    uint32_t base = (uint32_t)(partition << partitions->shift), from = 0;
    wf_ring_row *row = partitions->rows + base;
    for (uint32_t i = 0; i < (uint32_t)1 << partitions->shift; i++) {
        uint32_t end = own->ends[i];
        if (end == from)
            continue;
        wf_stretch ends;
        uint32_t seconds = wf_stretch_union(own->stretches + from, end - from, &ends);
        from = end;
        *row = (wf_ring_row){{base + i}, seconds, ends.first, ends.last};
        row += seconds >= partitions->min_seconds;
    }
    partitions->rows_counts[partition] = (size_t)(row - (partitions->rows + base));
}

weft_status wf_partitions_reduce(wf_partitions *partitions, uint64_t min_seconds,
                                 wf_ring_run ret_runs[WF_PARTITIONS_MAX],
                                 size_t *ret_runs_count)
{
    partitions->min_seconds = min_seconds;
    wf_parallel_for(partitions->threads, partitions->count, reduce_one, partitions);
    for (unsigned i = 0; i < partitions->threads; i++)
        WF_TRY(partitions->shares[i].status);
    for (size_t i = 0; i < partitions->count; i++)
        ret_runs[i] = (wf_ring_run){partitions->rows + (i << partitions->shift),
                                    partitions->rows_counts[i]};
    *ret_runs_count = partitions->count;
    return WEFT_OK;
}
