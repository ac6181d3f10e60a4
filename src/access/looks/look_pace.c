#include "access/looks/look_pace.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { ring_size = 60, places_first = 64 };

// What was shown in the steps up to `step`, whose sum stands at step % ring_size.
typedef struct {
    int64_t step;
    uint32_t sums[ring_size];
} ring;

typedef struct {
    uint64_t actor; // hash, never 0; 0: a free place
    ring seconds, minutes;
} pace;

struct wf_look_paces {
    pthread_mutex_t lock;
    uint64_t seed;
    pace *paces; // found by hash; places is a power of 2, half of it free
    size_t count, places;
};

weft_status wf_look_paces_new(wf_look_paces **ret, weft_error *error)
{
    wf_look_paces *made = calloc(1, sizeof *made);
    if (made == NULL)
        return wf_fail_memory(error);
    made->paces = calloc(places_first, sizeof *made->paces);
    if (made->paces == NULL || pthread_mutex_init(&made->lock, NULL) != 0) {
        free(made->paces);
        free(made);
        return wf_fail_memory(error);
    }
    made->places = places_first;
    made->seed = wf_hash_seed();
    *ret = made;
    return WEFT_OK;
}

void wf_look_paces_free(wf_look_paces *paces)
{
    if (paces == NULL)
        return;
    pthread_mutex_destroy(&paces->lock);
    free(paces->paces);
    free(paces);
}

// Steps that have gone by hold nothing any more. A clock that was set back finds the ring
// ahead of it: what is noted then counts for the newest step.
static void move_on(ring *of, int64_t step)
{
    if (step - of->step >= ring_size) {
        memset(of->sums, 0, sizeof of->sums);
        of->step = step;
    }
    while (of->step < step)
        of->sums[(size_t)(++of->step % ring_size)] = 0;
}

static uint32_t add(ring *of, int64_t step, uint32_t persons)
{
    uint64_t sum = 0;
    move_on(of, step);
    of->sums[(size_t)(of->step % ring_size)] += persons;
    for (size_t i = 0; i < ring_size; i++)
        sum += of->sums[i];
    return sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
}

static pace *place_of(pace *paces, size_t places, uint64_t actor)
{
    size_t at = (size_t)actor;
    for (;; at++) {
        pace *here = &paces[at & (places - 1)];
        if (here->actor == 0 || here->actor == actor)
            return here;
    }
}

// Twice the room, without those who have looked at nothing for an hour.
static bool make_room(wf_look_paces *all, int64_t minute)
{
    size_t places = 2 * all->places, count = 0;
    if (2 * (all->count + 1) <= all->places)
        return true;
    pace *larger = calloc(places, sizeof *larger);
    if (larger == NULL)
        return false;
    for (size_t i = 0; i < all->places; i++) {
        const pace *old = &all->paces[i];
        if (old->actor == 0 || minute - old->minutes.step >= ring_size)
            continue;
        *place_of(larger, places, old->actor) = *old;
        count++;
    }
    free(all->paces);
    all->paces = larger;
    all->places = places;
    all->count = count;
    return true;
}

weft_status wf_look_paces_note(wf_look_paces *paces, wf_text actor, uint32_t persons,
                               weft_time machine_now, wf_pace *ret, weft_error *error)
{
    int64_t second = machine_now.us > 0 ? machine_now.us / WF_US_PER_S : 0;
    uint64_t hash = wf_hash(actor.bytes, actor.size, paces->seed);
    hash = hash == 0 ? 1 : hash;
    pthread_mutex_lock(&paces->lock);
    bool room = make_room(paces, second / 60);
    if (room) {
        pace *here = place_of(paces->paces, paces->places, hash);
        paces->count += here->actor == 0;
        here->actor = hash;
        *ret = (wf_pace){add(&here->seconds, second, persons),
                         add(&here->minutes, second / 60, persons)};
    }
    pthread_mutex_unlock(&paces->lock);
    return room ? WEFT_OK : wf_fail_memory(error);
}
