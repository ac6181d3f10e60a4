#include "visits/pile.h"

#include <stdlib.h>
#include <string.h>

#include "base/pages.h"

// ---- packing ----

wf_packed_visit wf_visit_pack(const wf_visit_row *row)
{
    WF_ASSERT(row->person < WF_NUMBER_LIMIT && row->place < WF_NUMBER_LIMIT &&
              row->start < row->end && row->end <= 1500 && row->seat <= WF_SEAT_LIMIT &&
              row->marks < 8);
    return (wf_packed_visit){
        (uint64_t)row->place << 40 | (uint64_t)row->start << 29 |
            (uint64_t)row->person << 5 | (uint64_t)row->end >> 6,
        ((uint64_t)row->end & 63) << 58 | (uint64_t)row->seat << 35 |
            (uint64_t)row->marks << 32 | row->ordinal,
    };
}

wf_visit_row wf_visit_unpack(wf_packed_visit packed)
{
    return (wf_visit_row){
        .place = (uint32_t)(packed.high >> 40),
        .start = (uint16_t)(packed.high >> 29 & 0x7FF),
        .person = (uint32_t)(packed.high >> 5 & 0xFFFFFF),
        .end = (uint16_t)((packed.high & 31) << 6 | packed.low >> 58),
        .seat = (uint32_t)(packed.low >> 35 & 0x7FFFFF),
        .marks = (uint8_t)(packed.low >> 32 & 7),
        .ordinal = (uint32_t)packed.low,
    };
}

wf_packed_meeting wf_meeting_pack(const wf_encounter_row *row)
{
    WF_ASSERT(row->a < row->b && row->b < WF_NUMBER_LIMIT && row->start < row->end &&
              row->end <= 90000 && row->marks < 8);
    return (wf_packed_meeting){
        .high = (uint64_t)row->a << 40 | (uint64_t)row->b << 16 | row->start >> 1,
        .low = (uint64_t)(row->start & 1) << 63 | (uint64_t)row->end << 46 |
               (uint64_t)row->setting << 14 | row->marks,
        .ordinal = row->ordinal,
    };
}

wf_encounter_row wf_meeting_unpack(const wf_packed_meeting *packed)
{
    return (wf_encounter_row){
        .a = (uint32_t)(packed->high >> 40),
        .b = (uint32_t)(packed->high >> 16 & 0xFFFFFF),
        .start = (uint32_t)((packed->high & 0xFFFF) << 1 | packed->low >> 63),
        .end = (uint32_t)(packed->low >> 46 & 0x1FFFF),
        .setting = (uint32_t)(packed->low >> 14),
        .marks = (uint8_t)(packed->low & 7),
        .ordinal = packed->ordinal,
    };
}

// ---- sorting ----

enum { insertion_rows = 32, levels = 16, bins = 256 };

static unsigned digit(const wf_packed_visit *row, unsigned level)
{
    uint64_t word = level < 8 ? row->high : row->low;
    return (unsigned)(word >> (56 - 8 * (level % 8))) & (bins - 1);
}

static void sort_few(wf_packed_visit *rows, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        wf_packed_visit row = rows[i];
        size_t at = i;
        for (; at > 0 && wf_packed_before(row, rows[at - 1]); at--)
            rows[at] = rows[at - 1];
        rows[at] = row;
    }
}

// Moves every row into the bin of its digit; ends[] are where the bins end.
static void exchange(wf_packed_visit *rows, unsigned level, const size_t *ends)
{
    size_t next[bins];
    next[0] = 0;
    memcpy(next + 1, ends, (bins - 1) * sizeof *next);
    for (unsigned bin = 0; bin < bins; bin++) {
        while (next[bin] < ends[bin]) {
            wf_packed_visit row = rows[next[bin]];
            unsigned to = digit(&row, level);
            while (to != bin) {
                wf_packed_visit other = rows[next[to]];
                rows[next[to]++] = row;
                row = other;
                to = digit(&row, level);
            }
            rows[next[bin]++] = row;
        }
    }
}

// Rows agree in all digits before `level`. Recursion is at most `levels` deep.
static void sort_level(wf_packed_visit *rows, size_t count, unsigned level)
{
    size_t ends[bins];
    for (;; level++) {
        if (count <= insertion_rows) {
            sort_few(rows, count);
            return;
        }
        if (level == levels)
            return; // all the same
        memset(ends, 0, sizeof ends);
        for (size_t i = 0; i < count; i++)
            ends[digit(&rows[i], level)]++;
        if (ends[digit(&rows[0], level)] < count)
            break;
    }
    for (unsigned bin = 1; bin < bins; bin++)
        ends[bin] += ends[bin - 1];
    exchange(rows, level, ends);
    for (unsigned bin = 0; bin < bins; bin++) {
        size_t from = bin == 0 ? 0 : ends[bin - 1];
        if (ends[bin] - from > 1)
            sort_level(rows + from, ends[bin] - from, level + 1);
    }
}

void wf_packed_sort(wf_packed_visit *rows, size_t count)
{
    sort_level(rows, count, 0);
}

int wf_meeting_compare(const wf_packed_meeting *a, const wf_packed_meeting *b)
{
    if (a->high != b->high)
        return a->high < b->high ? -1 : 1;
    return a->low == b->low ? 0 : a->low < b->low ? -1 : 1;
}

static int meeting_order(const void *a, const void *b)
{
    const wf_packed_meeting *first = a, *second = b;
    int order = wf_meeting_compare(first, second);
    if (order != 0 || first->ordinal == second->ordinal)
        return order;
    return first->ordinal < second->ordinal ? -1 : 1;
}

void wf_meeting_sort(wf_packed_meeting *rows, size_t count)
{
    if (count > 1)
        qsort(rows, count, sizeof *rows, meeting_order);
}

// ---- chunks ----

void wf_chunk_free(wf_chunk *chunk)
{
    wf_pages_free(chunk, chunk->size);
}

// Puts a new chunk at the head of the list.
static weft_status add_chunk(wf_pile *pile, wf_chunk **list, weft_error *error)
{
    size_t size = *list == NULL ? wf_first_chunk_bytes : wf_chunk_bytes;
    wf_chunk *chunk = wf_pages_new(size);
    if (chunk == NULL)
        return wf_fail_memory(error);
    chunk->size = size;
    chunk->next = *list;
    *list = chunk;
    pile->memory_bytes += size;
    return WEFT_OK;
}

// Bytes of whole rows that still find room in the chunk.
static size_t room_of(const wf_chunk *chunk, size_t row_bytes)
{
    return (chunk->size - sizeof *chunk) / row_bytes * row_bytes - chunk->used;
}

static void free_chunks(wf_chunk *chunk)
{
    while (chunk != NULL) {
        wf_chunk *next = chunk->next;
        wf_chunk_free(chunk);
        chunk = next;
    }
}

// Appends rows of a whole number of `row_bytes` to a list of chunks.
static weft_status add_bytes(wf_pile *pile, wf_chunk **list, const void *rows,
                             size_t row_bytes, size_t count, weft_error *error)
{
    const unsigned char *from = rows;
    size_t left = count * row_bytes;
    while (left > 0) {
        if (*list == NULL || room_of(*list, row_bytes) == 0)
            WF_TRY(add_chunk(pile, list, error));
        wf_chunk *chunk = *list;
        size_t room = room_of(chunk, row_bytes), part = room < left ? room : left;
        memcpy(chunk->rows + chunk->used, from, part);
        chunk->used += part;
        from += part;
        left -= part;
    }
    return WEFT_OK;
}

void wf_pile_init(wf_pile *pile, weft_day day)
{
    *pile = (wf_pile){.day = day};
}

void wf_pile_done(wf_pile *pile)
{
    free_chunks(pile->visits);
    free_chunks(pile->meetings);
    free(pile->histogram);
    free(pile->spilled);
    *pile = (wf_pile){.day = pile->day, .has_spill_file = pile->has_spill_file};
}

enum { bins_first = 16 };

// A bin for the place of each of the rows.
static weft_status reach_bins(wf_pile *pile, const wf_packed_visit *rows, size_t count,
                              weft_error *error)
{
    uint32_t greatest = 0;
    for (size_t i = 0; i < count; i++)
        if (wf_packed_place(rows[i]) > greatest)
            greatest = wf_packed_place(rows[i]);
    size_t needed = (greatest >> 8) + (size_t)1, has = pile->bins_count;
    if (needed <= has)
        return WEFT_OK;
    size_t wanted = has == 0 ? bins_first : has;
    while (wanted < needed)
        wanted *= 2;
    uint32_t *grown = reallocarray(pile->histogram, wanted, sizeof *grown);
    if (grown == NULL)
        return wf_fail_memory(error);
    memset(grown + has, 0, (wanted - has) * sizeof *grown);
    pile->histogram = grown;
    pile->bins_count = wanted;
    return WEFT_OK;
}

weft_status wf_pile_add(wf_pile *pile, const wf_packed_visit *rows, size_t count,
                        weft_error *error)
{
    WF_TRY(reach_bins(pile, rows, count, error));
    WF_TRY(add_bytes(pile, &pile->visits, rows, sizeof *rows, count, error));
    for (size_t i = 0; i < count; i++)
        pile->histogram[wf_packed_place(rows[i]) >> 8]++;
    pile->visits_count += count;
    return WEFT_OK;
}

weft_status wf_pile_add_meetings(wf_pile *pile, const wf_packed_meeting *rows,
                                 size_t count, weft_error *error)
{
    WF_TRY(add_bytes(pile, &pile->meetings, rows, sizeof *rows, count, error));
    pile->meetings_count += count;
    return WEFT_OK;
}
