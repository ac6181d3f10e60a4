#include "desk/testing/sampled.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/pages.h"
#include "base/parallel.h"
#include "base/status.h"

enum { byte_max = UINT8_MAX, loaders_max = 8, merge_persons = 1 << 16 };

bool wf_sampled_init(wf_sampled *sampled)
{
    *sampled = (wf_sampled){.counts = wf_pages_new(WF_NUMBER_LIMIT)};
    return sampled->counts != NULL;
}

void wf_sampled_done(wf_sampled *sampled)
{
    wf_pages_free(sampled->counts, WF_NUMBER_LIMIT);
    free(sampled->more);
    *sampled = (wf_sampled){0};
}

// ---- beyond a byte ----

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

static bool add_more(wf_sampled *sampled, uint32_t person, uint32_t count)
{
    size_t at = place_in_more(sampled, person);
    if (at < sampled->more_count && sampled->more[at].person == person) {
        sampled->more[at].count += count;
        return true;
    }
    wf_sampled_more *more = wf_grow(sampled->more, sampled->more_count,
                                    &sampled->more_capacity, sizeof *more);
    if (more == NULL)
        return false;
    sampled->more = more;
    memmove(&more[at + 1], &more[at], (sampled->more_count - at) * sizeof *more);
    more[at] = (wf_sampled_more){person, count};
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

// ---- one by one ----

bool wf_sampled_add(wf_sampled *sampled, uint32_t person, bool *ret_first)
{
    if (sampled->counts[person] == byte_max) {
        *ret_first = false;
        return add_more(sampled, person, 1);
    }
    *ret_first = sampled->counts[person]++ == 0;
    return true;
}

bool wf_sampled_remove(wf_sampled *sampled, uint32_t person)
{
    WF_ASSERT(sampled->counts[person] != 0);
    if (sampled->counts[person] == byte_max && remove_more(sampled, person))
        return false;
    return --sampled->counts[person] == 0;
}

// ---- many at once ----

// Each loader counts its part of the samples by itself; then the counts are added up.
typedef struct {
    const uint32_t *persons;
    size_t count;
    unsigned loaders;
    wf_sampled parts[loaders_max];
    bool failed[loaders_max];
    uint32_t end; // one more than the greatest person
    uint32_t ends[loaders_max];
} loading;

static void load_part(void *job, unsigned thread, size_t index)
{
    loading *all = job;
    (void)thread;
    size_t from = all->count / all->loaders * index;
    size_t upto =
        index + 1 == all->loaders ? all->count : all->count / all->loaders * (index + 1);
    uint8_t *counts = all->parts[index].counts;
    uint32_t end = 0;
    for (size_t i = from; i < upto; i++) {
        uint32_t person = all->persons[i];
        end = person >= end ? person + 1 : end;
        if (counts[person] < byte_max)
            counts[person]++;
        else if (!add_more(&all->parts[index], person, 1))
            all->failed[index] = true;
    }
    all->ends[index] = end;
}

static void merge_part(void *job, unsigned thread, size_t index)
{
    loading *all = job;
    (void)thread;
    size_t from = index * merge_persons;
    size_t upto = from + merge_persons < all->end ? from + merge_persons : all->end;
    uint8_t *into = all->parts[0].counts;
    for (unsigned part = 1; part < all->loaders; part++) {
        uint8_t *counts = all->parts[part].counts;
        for (size_t i = from; i < upto; i++) {
            unsigned sum = (unsigned)into[i] + counts[i];
            into[i] = (uint8_t)(sum > byte_max ? byte_max : sum);
            // What did not fit stays behind, for merge_more.
            counts[i] = (uint8_t)(sum - into[i]);
        }
    }
}

static bool merge_more(loading *all)
{
    for (unsigned part = 1; part < all->loaders; part++) {
        const uint8_t *left = all->parts[part].counts;
        for (size_t i = 0; i < all->end; i++)
            if (left[i] != 0 && !add_more(&all->parts[0], (uint32_t)i, left[i]))
                return false;
        for (size_t i = 0; i < all->parts[part].more_count; i++)
            if (!add_more(&all->parts[0], all->parts[part].more[i].person,
                          all->parts[part].more[i].count))
                return false;
    }
    return true;
}

static bool begin_loading(loading *all, wf_sampled *sampled, unsigned threads)
{
    all->loaders = threads < 1 ? 1 : threads > loaders_max ? loaders_max : threads;
    all->parts[0] = *sampled;
    for (unsigned part = 1; part < all->loaders; part++)
        if (!wf_sampled_init(&all->parts[part]))
            return false;
    return true;
}

bool wf_sampled_load(wf_sampled *sampled, const uint32_t *persons, size_t count,
                     unsigned threads, uint32_t *ret_end)
{
    loading all = {.persons = persons, .count = count};
    bool done = begin_loading(&all, sampled, threads);
    if (done) {
        wf_parallel_for(all.loaders, all.loaders, load_part, &all);
        for (unsigned part = 0; part < all.loaders; part++) {
            all.end = all.ends[part] > all.end ? all.ends[part] : all.end;
            done = done && !all.failed[part];
        }
        if (all.loaders > 1)
            wf_parallel_for(all.loaders, (all.end + merge_persons - 1) / merge_persons,
                            merge_part, &all);
        done = done && merge_more(&all);
    }
    *sampled = all.parts[0];
    *ret_end = all.end;
    for (unsigned part = 1; part < all.loaders; part++)
        wf_sampled_done(&all.parts[part]);
    return done;
}
