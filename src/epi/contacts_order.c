// The orders of the rows of contacts: many rows of few people, each row longer than a
// cache line. Sorted are numbers of rows, by person in passes over bytes; the rows
// themselves move once.
#include "epi/contacts_work.h"

#include <stdlib.h>
#include <string.h>

enum { digit_bits = 8, digits = 1 << digit_bits, passes = 32 / digit_bits, few = 24 };

// ---- rows by person ----

// Counts each value of each byte of the persons' numbers.
static void count_digits(const wf_contacts_key *keys, size_t count,
                         uint32_t counts[passes][digits])
{
    memset(counts, 0, sizeof(uint32_t[passes][digits]));
    for (size_t i = 0; i < count; i++)
        for (int pass = 0; pass < passes; pass++)
            counts[pass][keys[i].person >> pass * digit_bits & (digits - 1)]++;
}

// Lays the keys into `to` by one byte, those of one value as they were.
static void lay(const wf_contacts_key *keys, size_t count, int shift,
                uint32_t starts[digits], wf_contacts_key *to)
{
    uint32_t sum = 0;
    for (int value = 0; value < digits; value++) {
        uint32_t here = starts[value];
        starts[value] = sum;
        sum += here;
    }
    for (size_t i = 0; i < count; i++)
        to[starts[keys[i].person >> shift & (digits - 1)]++] = keys[i];
}

// Where there are few the passes cost more than their order.
static void sort_few(wf_contacts_key *keys, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        wf_contacts_key key = keys[i];
        size_t at = i;
        for (; at > 0 && keys[at - 1].person > key.person; at--)
            keys[at] = keys[at - 1];
        keys[at] = key;
    }
}

wf_contacts_key *wf_contacts_sort_keys(wf_contacts_key *keys, size_t count)
{
    if (count <= few) {
        sort_few(keys, count);
        return keys;
    }
    uint32_t counts[passes][digits];
    wf_contacts_key *from = keys, *to = keys + count;
    count_digits(keys, count, counts);
    for (int pass = 0; pass < passes; pass++) {
        int shift = pass * digit_bits;
        if (counts[pass][keys[0].person >> shift & (digits - 1)] == count)
            continue; // all are the same here
        lay(from, count, shift, counts[pass], to);
        wf_contacts_key *other = from;
        from = to;
        to = other;
    }
    return from;
}

// ---- exposures ----

typedef struct {
    const wf_rows *rows;
    const wf_exposure *exposures;
} exposures_of;

int wf_contacts_by_id(const wf_rows *rows, wf_person a, wf_person b)
{
    if (a.number == b.number)
        return 0;
    return wf_text_compare(rows->person_id(rows->context, a),
                           rows->person_id(rows->context, b));
}

static int by_place_id(const wf_rows *rows, wf_place a, wf_place b)
{
    if (a.number == b.number)
        return 0;
    if (a.number == WF_NUMBER_NONE || b.number == WF_NUMBER_NONE)
        return a.number == WF_NUMBER_NONE ? 1 : -1;
    return wf_text_compare(rows->place_id(rows->context, a),
                           rows->place_id(rows->context, b));
}

// Of one person: the strongest first.
static int exposure_order(const void *one, const void *other, void *context)
{
    const exposures_of *of = context;
    const wf_exposure *a = &of->exposures[((const wf_contacts_key *)one)->row];
    const wf_exposure *b = &of->exposures[((const wf_contacts_key *)other)->row];
    if (a->probability.mid != b->probability.mid)
        return a->probability.mid > b->probability.mid ? -1 : 1;
    if (a->day.start != b->day.start)
        return a->day.start < b->day.start ? -1 : 1;
    if (a->day.seconds != b->day.seconds)
        return a->day.seconds > b->day.seconds ? -1 : 1;
    int places = by_place_id(of->rows, a->place, b->place);
    return places != 0 ? places : wf_contacts_by_id(of->rows, a->with, b->with);
}

static void sort_person(wf_contacts_key *keys, size_t count, exposures_of *of)
{
    if (count > few) {
        qsort_r(keys, count, sizeof *keys, exposure_order, of);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        wf_contacts_key key = keys[i];
        size_t at = i;
        for (; at > 0 && exposure_order(&keys[at - 1], &key, of) > 0; at--)
            keys[at] = keys[at - 1];
        keys[at] = key;
    }
}

static void sort_persons(wf_contacts_key *keys, size_t count, exposures_of *of)
{
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && keys[to].person == keys[from].person;)
            to++;
        sort_person(keys + from, to - from, of);
    }
}

weft_status wf_contacts_sort_exposures(wf_contacts_work *work)
{
    wf_contacts *answer = work->answer;
    size_t count = answer->exposures_count;
    if (count < 2)
        return WEFT_OK;
    wf_contacts_key *keys = wf_contacts_keys(work, count);
    wf_exposure *sorted = reallocarray(NULL, count, sizeof *sorted);
    if (keys == NULL || sorted == NULL) {
        free(sorted);
        return wf_fail_memory(work->error);
    }
    for (size_t i = 0; i < count; i++)
        keys[i] = (wf_contacts_key){answer->exposures[i].person.number, (uint32_t)i};
    keys = wf_contacts_sort_keys(keys, count);
    exposures_of of = {work->query->rows, answer->exposures};
    sort_persons(keys, count, &of);
    for (size_t i = 0; i < count; i++)
        sorted[i] = answer->exposures[keys[i].row];
    free(answer->exposures);
    answer->exposures = sorted;
    answer->exposures_capacity = count;
    return WEFT_OK;
}

wf_contacts_key *wf_contacts_keys(wf_contacts_work *work, size_t count)
{
    if (count > UINT32_MAX)
        return NULL;
    if (count > work->keys_capacity) {
        size_t capacity = count + count / 2;
        free(work->keys);
        work->keys = reallocarray(NULL, 2 * capacity, sizeof *work->keys);
        work->keys_capacity = work->keys != NULL ? capacity : 0;
    }
    return work->keys;
}

// ---- crowds ----

static int crowd_order(const void *one, const void *other, void *context)
{
    const wf_crowd *a = one, *b = other;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    return by_place_id(context, a->place, b->place);
}

void wf_contacts_sort_crowds(wf_contacts_work *work)
{
    wf_contacts *answer = work->answer;
    if (answer->crowds_count > 1)
        qsort_r(answer->crowds, answer->crowds_count, sizeof *answer->crowds, crowd_order,
                (void *)(uintptr_t)work->query->rows);
}
