#include "access/looks/look_often.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { hours_count = 24, places_first = 1024, places_max = 1 << 17 };

// The looks of the hours up to `hour`, whose sum stands at hour % hours_count.
typedef struct {
    uint64_t pair; // hash, never 0; 0: a free place
    int64_t hour;
    uint16_t looks[hours_count];
} pair_looks;

struct wf_look_often {
    pthread_mutex_t lock;
    uint64_t seed;
    pair_looks *pairs; // found by hash; places is a power of 2, half of it free
    size_t count, places;
};

weft_status wf_look_often_new(wf_look_often **ret, weft_error *error)
{
    wf_look_often *made = calloc(1, sizeof *made);
    if (made == NULL)
        return wf_fail_memory(error);
    made->pairs = calloc(places_first, sizeof *made->pairs);
    if (made->pairs == NULL || pthread_mutex_init(&made->lock, NULL) != 0) {
        free(made->pairs);
        free(made);
        return wf_fail_memory(error);
    }
    made->places = places_first;
    made->seed = wf_hash_seed();
    *ret = made;
    return WEFT_OK;
}

void wf_look_often_free(wf_look_often *often)
{
    if (often == NULL)
        return;
    pthread_mutex_destroy(&often->lock);
    free(often->pairs);
    free(often);
}

static uint32_t sum_of(const pair_looks *of)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < hours_count; i++)
        sum += of->looks[i];
    return sum;
}

// A clock that was set back finds the ring ahead of it: what is noted then counts for the
// newest hour.
static uint32_t add(pair_looks *of, int64_t hour)
{
    if (hour - of->hour >= hours_count) {
        memset(of->looks, 0, sizeof of->looks);
        of->hour = hour;
    }
    while (of->hour < hour)
        of->looks[(size_t)(++of->hour % hours_count)] = 0;
    uint16_t *now = &of->looks[(size_t)(of->hour % hours_count)];
    if (*now < UINT16_MAX)
        ++*now;
    return sum_of(of);
}

static pair_looks *place_of(pair_looks *pairs, size_t places, uint64_t pair)
{
    for (size_t at = (size_t)pair;; at++) {
        pair_looks *here = &pairs[at & (places - 1)];
        if (here->pair == 0 || here->pair == pair)
            return here;
    }
}

static bool stays(const pair_looks *of, int64_t hour, uint32_t more_than)
{
    return of->pair != 0 && hour - of->hour < hours_count && sum_of(of) > more_than;
}

// How many looks a pair needs more than, so that those who stay fill a quarter at most.
static uint32_t fewest(const wf_look_often *all, int64_t hour, size_t places)
{
    for (uint32_t more_than = 0;; more_than = 2 * more_than + 1) {
        size_t count = 0;
        for (size_t i = 0; i < all->places; i++)
            count += stays(&all->pairs[i], hour, more_than);
        if (count <= places / 4)
            return more_than;
    }
}

// Twice the room, as long as that may be, without those of more than a day ago and, where
// it may not, without those who were looked at least.
static bool make_room(wf_look_often *all, int64_t hour)
{
    if (2 * (all->count + 1) <= all->places)
        return true;
    size_t places = all->places < places_max ? 2 * all->places : all->places, count = 0;
    uint32_t more_than = fewest(all, hour, places);
    pair_looks *renewed = calloc(places, sizeof *renewed);
    if (renewed == NULL)
        return false;
    for (size_t i = 0; i < all->places; i++) {
        const pair_looks *old = &all->pairs[i];
        if (!stays(old, hour, more_than))
            continue;
        *place_of(renewed, places, old->pair) = *old;
        count++;
    }
    free(all->pairs);
    all->pairs = renewed;
    all->places = places;
    all->count = count;
    return true;
}

weft_status wf_look_often_note(wf_look_often *often, wf_text actor, wf_text person,
                               weft_time machine_now, uint32_t *ret, weft_error *error)
{
    int64_t hour = machine_now.us > 0 ? machine_now.us / WF_US_PER_S / 3600 : 0;
    uint64_t pair =
        wf_hash(person.bytes, person.size, wf_hash(actor.bytes, actor.size, often->seed));
    pair = pair == 0 ? 1 : pair;
    pthread_mutex_lock(&often->lock);
    bool room = make_room(often, hour);
    if (room) {
        pair_looks *here = place_of(often->pairs, often->places, pair);
        often->count += here->pair == 0;
        here->pair = pair;
        *ret = add(here, hour);
    }
    pthread_mutex_unlock(&often->lock);
    return room ? WEFT_OK : wf_fail_memory(error);
}
