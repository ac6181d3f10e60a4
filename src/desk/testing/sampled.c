#include "desk/testing/sampled.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/pages.h"
#include "base/parallel.h"

enum {
    byte_max = UINT8_MAX,
    bits_bytes = WF_NUMBER_LIMIT / 8,
    loaders_max = 8,
};

void wf_sampled_done(wf_sampled *sampled)
{
    wf_pages_free(sampled->bits, bits_bytes);
    wf_pages_free(sampled->counts, WF_NUMBER_LIMIT);
    wf_buffer_done(&sampled->list);
    free(sampled->more);
    *sampled = (wf_sampled){0};
}

static void set_bit(uint64_t *bits, uint32_t person)
{
    bits[person / 64] |= UINT64_C(1) << (person % 64);
}

// ---- all at once ----

// Each loader sets bits of its own for its part of the samples; then they are joined.
typedef struct {
    const uint32_t *persons;
    size_t count;
    unsigned loaders;
    uint64_t *bits[loaders_max];
    uint32_t greatest[loaders_max];
} loading;

static void load_part(void *job, unsigned thread, size_t index)
{
    loading *all = job;
    (void)thread;
    size_t from = all->count / all->loaders * index;
    size_t upto =
        index + 1 == all->loaders ? all->count : all->count / all->loaders * (index + 1);
    uint64_t *bits = all->bits[index];
    uint32_t greatest = 0;
    for (size_t i = from; i < upto; i++) {
        uint32_t person = all->persons[i];
        greatest = person > greatest ? person : greatest;
        set_bit(bits, person);
    }
    all->greatest[index] = greatest;
}

bool wf_sampled_init(wf_sampled *sampled, wf_buffer *persons, unsigned threads,
                     uint32_t *ret_end)
{
    loading all = {.persons = (const uint32_t *)(const void *)persons->bytes,
                   .count = persons->size / sizeof(uint32_t)};
    all.loaders = threads < 1 ? 1 : threads > loaders_max ? loaders_max : threads;
    bool done = true;
    for (unsigned part = 0; part < all.loaders; part++) {
        all.bits[part] = wf_pages_new(bits_bytes);
        done = done && all.bits[part] != NULL;
    }
    if (done)
        wf_parallel_for(all.loaders, all.loaders, load_part, &all);
    uint32_t greatest = all.greatest[0];
    for (unsigned part = 1; part < all.loaders; part++) {
        greatest = all.greatest[part] > greatest ? all.greatest[part] : greatest;
        for (size_t i = 0; done && i <= all.greatest[part] / 64; i++)
            all.bits[0][i] |= all.bits[part][i];
        wf_pages_free(all.bits[part], bits_bytes);
    }
    if (!done) {
        wf_pages_free(all.bits[0], bits_bytes);
        return false;
    }
    *sampled = (wf_sampled){.bits = all.bits[0], .list = *persons};
    *persons = (wf_buffer){0};
    *ret_end = all.count == 0 ? 0 : greatest + 1;
    return true;
}

// ---- how many ----

// Where the person stands in `more`, or would.
static size_t place_in_more(const wf_sampled *sampled, uint32_t person)
{
    size_t low = 0, high = sampled->more_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sampled->more[middle].person < person)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool add_more(wf_sampled *sampled, uint32_t person)
{
    size_t at = place_in_more(sampled, person);
    if (at < sampled->more_count && sampled->more[at].person == person) {
        sampled->more[at].count++;
        return true;
    }
    wf_sampled_more *more = wf_grow(sampled->more, sampled->more_count,
                                    &sampled->more_capacity, sizeof *more);
    if (more == NULL)
        return false;
    sampled->more = more;
    memmove(&more[at + 1], &more[at], (sampled->more_count - at) * sizeof *more);
    more[at] = (wf_sampled_more){person, 1};
    sampled->more_count++;
    return true;
}

static bool remove_more(wf_sampled *sampled, uint32_t person)
{
    size_t at = place_in_more(sampled, person);
    if (at == sampled->more_count || sampled->more[at].person != person)
        return false;
    if (--sampled->more[at].count == 0) {
        sampled->more_count--;
        memmove(&sampled->more[at], &sampled->more[at + 1],
                (sampled->more_count - at) * sizeof *sampled->more);
    }
    return true;
}

// Counts what stands in the list, which then goes.
static bool count_list(wf_sampled *sampled)
{
    const uint32_t *persons = (const uint32_t *)(const void *)sampled->list.bytes;
    if (sampled->counts != NULL)
        return true;
    uint8_t *counts = sampled->counts = wf_pages_new(WF_NUMBER_LIMIT);
    bool done = counts != NULL;
    for (size_t i = 0; done && i < sampled->list.size / sizeof *persons; i++) {
        if (counts[persons[i]] < byte_max)
            counts[persons[i]]++;
        else
            done = add_more(sampled, persons[i]);
    }
    if (done) {
        wf_buffer_done(&sampled->list);
        return true;
    }
    wf_pages_free(counts, WF_NUMBER_LIMIT);
    sampled->counts = NULL;
    sampled->more_count = 0;
    return false;
}

// ---- one by one ----

static bool count_one(wf_sampled *sampled, uint32_t person)
{
    if (sampled->counts == NULL)
        return wf_buffer_append(&sampled->list, &person, sizeof person);
    if (sampled->counts[person] == byte_max)
        return add_more(sampled, person);
    sampled->counts[person]++;
    return true;
}

bool wf_sampled_add(wf_sampled *sampled, uint32_t person, bool *ret_first)
{
    if (!count_one(sampled, person))
        return false;
    *ret_first = !wf_sampled_has(sampled, person);
    set_bit(sampled->bits, person);
    return true;
}

bool wf_sampled_remove(wf_sampled *sampled, uint32_t person, bool *ret_last)
{
    WF_ASSERT(wf_sampled_has(sampled, person));
    if (!count_list(sampled))
        return false;
    *ret_last = false;
    if (sampled->counts[person] == byte_max && remove_more(sampled, person))
        return true;
    *ret_last = --sampled->counts[person] == 0;
    if (*ret_last)
        sampled->bits[person / 64] &= ~(UINT64_C(1) << (person % 64));
    return true;
}
