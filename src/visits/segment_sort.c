#include "visits/segment_sort.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// Radix sort, least significant digit first, over the digits that differ at all; short
// arrays by insertion. Both sorts are the same but for what they move.
enum { digit_bits = 8, digits = 1 << digit_bits, key_bits = 64, short_count = 24 };

// From how many of each digit to where the first of it goes.
static void place_digits(size_t counts[digits])
{
    size_t at = 0;
    for (size_t d = 0; d < digits; d++) {
        size_t count = counts[d];
        counts[d] = at;
        at += count;
    }
}

static bool record_before(const wf_record *a, const wf_record *b)
{
    return a->key != b->key ? a->key < b->key : a->rest < b->rest;
}

static void records_insert(wf_record *records, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        wf_record moved = records[i];
        size_t at = i;
        for (; at > 0 && record_before(&moved, &records[at - 1]); at--)
            records[at] = records[at - 1];
        records[at] = moved;
    }
}

static int compare_records(const void *a, const void *b)
{
    return record_before(a, b) ? -1 : record_before(b, a) ? 1 : 0;
}

// Sorts each run of equal keys by rest. Runs are repeats of one person's stay and
// next to always of length 1; a hostile long one must not cost its square.
static void settle_ties(wf_record *records, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (records[i].key != records[i - 1].key)
            continue;
        size_t first = i - 1;
        while (i < count && records[i].key == records[first].key)
            i++;
        if (i - first <= short_count)
            records_insert(records + first, i - first);
        else
            qsort(records + first, i - first, sizeof *records, compare_records);
    }
}

static void records_by_digit(const wf_record *from, size_t count, wf_record *to,
                             unsigned shift)
{
    size_t counts[digits] = {0};
    for (size_t i = 0; i < count; i++)
        counts[from[i].key >> shift & (digits - 1)]++;
    place_digits(counts);
    for (size_t i = 0; i < count; i++)
        to[counts[from[i].key >> shift & (digits - 1)]++] = from[i];
}

void wf_records_sort(wf_record *records, size_t count, wf_record *scratch)
{
    if (count <= short_count) {
        records_insert(records, count);
        return;
    }
    uint64_t varying = 0;
    for (size_t i = 1; i < count; i++)
        varying |= records[i].key ^ records[0].key;
    wf_record *from = records, *to = scratch;
    for (unsigned shift = 0; shift < key_bits; shift += digit_bits) {
        if ((varying >> shift & (digits - 1)) == 0)
            continue;
        records_by_digit(from, count, to, shift);
        wf_record *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != records)
        memcpy(records, from, count * sizeof *records);
    settle_ties(records, count);
}

static void keys_insert(uint64_t *keys, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint64_t moved = keys[i];
        size_t at = i;
        for (; at > 0 && moved < keys[at - 1]; at--)
            keys[at] = keys[at - 1];
        keys[at] = moved;
    }
}

static void keys_by_digit(const uint64_t *from, size_t count, uint64_t *to,
                          unsigned shift)
{
    size_t counts[digits] = {0};
    for (size_t i = 0; i < count; i++)
        counts[from[i] >> shift & (digits - 1)]++;
    place_digits(counts);
    for (size_t i = 0; i < count; i++)
        to[counts[from[i] >> shift & (digits - 1)]++] = from[i];
}

void wf_keys_sort(uint64_t *keys, size_t count, uint64_t *scratch)
{
    if (count <= short_count) {
        keys_insert(keys, count);
        return;
    }
    uint64_t varying = 0;
    for (size_t i = 1; i < count; i++)
        varying |= keys[i] ^ keys[0];
    uint64_t *from = keys, *to = scratch;
    for (unsigned shift = 0; shift < key_bits; shift += digit_bits) {
        if ((varying >> shift & (digits - 1)) == 0)
            continue;
        keys_by_digit(from, count, to, shift);
        uint64_t *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != keys)
        memcpy(keys, from, count * sizeof *keys);
}
