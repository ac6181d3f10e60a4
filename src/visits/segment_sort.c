#include "visits/segment_sort.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// A first step deals the array out by its uppermost digit that differs, as wide as the
// array is long, so that next to all piles are short and sorted by insertion. What is
// left long (hubs) is sorted by radix, least significant digit first, over the digits
// that differ at all. Both sorts are the same but for what they move.
enum {
    digit_bits = 8,
    digits = 1 << digit_bits,
    key_bits = 64,
    short_count = 24,
    pile_bits_max = 11
};

// From how many of each digit to where the first of it goes.
static void place_digits(uint32_t *counts, size_t count)
{
    uint32_t at = 0;
    for (size_t d = 0; d < count; d++) {
        uint32_t more = counts[d];
        counts[d] = at;
        at += more;
    }
}

// The piles of a first step: digit = key >> shift & mask.
typedef struct {
    unsigned shift;
    uint64_t mask;
    uint32_t ends[1 << pile_bits_max]; // where each pile ends, once dealt
} piles;

static void piles_plan(piles *p, uint64_t varying, size_t count)
{
    unsigned top = key_bits - (unsigned)__builtin_clzll(varying | 1);
    unsigned bits = key_bits - (unsigned)__builtin_clzll((uint64_t)count);
    bits = bits < pile_bits_max ? bits : pile_bits_max;
    p->shift = top > bits ? top - bits : 0;
    p->mask = (UINT64_C(1) << bits) - 1;
    memset(p->ends, 0, (p->mask + 1) * sizeof *p->ends);
}

// ---- records ----

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

static uint64_t records_varying(const wf_record *records, size_t count)
{
    uint64_t varying = 0;
    for (size_t i = 1; i < count; i++)
        varying |= records[i].key ^ records[0].key;
    return varying;
}

static void records_by_digit(const wf_record *from, size_t count, wf_record *to,
                             unsigned shift)
{
    uint32_t counts[digits] = {0};
    for (size_t i = 0; i < count; i++)
        counts[from[i].key >> shift & (digits - 1)]++;
    place_digits(counts, digits);
    for (size_t i = 0; i < count; i++)
        to[counts[from[i].key >> shift & (digits - 1)]++] = from[i];
}

static void records_radix(wf_record *records, size_t count, wf_record *scratch)
{
    uint64_t varying = records_varying(records, count);
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

void wf_records_sort(wf_record *records, size_t count, wf_record *scratch)
{
    if (count <= short_count) {
        records_insert(records, count);
        return;
    }
    piles p;
    piles_plan(&p, records_varying(records, count), count);
    memcpy(scratch, records, count * sizeof *records);
    for (size_t i = 0; i < count; i++)
        p.ends[scratch[i].key >> p.shift & p.mask]++;
    place_digits(p.ends, p.mask + 1);
    for (size_t i = 0; i < count; i++)
        records[p.ends[scratch[i].key >> p.shift & p.mask]++] = scratch[i];
    for (size_t pile = 0, first = 0; pile <= p.mask; first = p.ends[pile++]) {
        size_t size = p.ends[pile] - first;
        if (size <= short_count)
            records_insert(records + first, size);
        else
            records_radix(records + first, size, scratch);
    }
}

// ---- keys ----

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

static uint64_t keys_varying(const uint64_t *keys, size_t count)
{
    uint64_t varying = 0;
    for (size_t i = 1; i < count; i++)
        varying |= keys[i] ^ keys[0];
    return varying;
}

static void keys_by_digit(const uint64_t *from, size_t count, uint64_t *to,
                          unsigned shift)
{
    uint32_t counts[digits] = {0};
    for (size_t i = 0; i < count; i++)
        counts[from[i] >> shift & (digits - 1)]++;
    place_digits(counts, digits);
    for (size_t i = 0; i < count; i++)
        to[counts[from[i] >> shift & (digits - 1)]++] = from[i];
}

static void keys_radix(uint64_t *keys, size_t count, uint64_t *scratch)
{
    uint64_t varying = keys_varying(keys, count);
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

void wf_keys_sort(uint64_t *keys, size_t count, uint64_t *scratch)
{
    if (count <= short_count) {
        keys_insert(keys, count);
        return;
    }
    piles p;
    piles_plan(&p, keys_varying(keys, count), count);
    memcpy(scratch, keys, count * sizeof *keys);
    for (size_t i = 0; i < count; i++)
        p.ends[scratch[i] >> p.shift & p.mask]++;
    place_digits(p.ends, p.mask + 1);
    for (size_t i = 0; i < count; i++)
        keys[p.ends[scratch[i] >> p.shift & p.mask]++] = scratch[i];
    for (size_t pile = 0, first = 0; pile <= p.mask; first = p.ends[pile++]) {
        size_t size = p.ends[pile] - first;
        if (size <= short_count)
            keys_insert(keys + first, size);
        else
            keys_radix(keys + first, size, scratch);
    }
}
