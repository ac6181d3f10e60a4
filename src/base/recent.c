#include "base/recent.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { places_in_set = 8 };

struct wf_recent {
    pthread_mutex_t lock;
    wf_recent_options options;
    uint64_t seed;
    uint64_t *hashes; // never 0; 0: a free place
    unsigned char *items;
};

weft_status wf_recent_new(const wf_recent_options *options, wf_recent **ret,
                          weft_error *error)
{
    size_t places = options->sets * places_in_set;
    WF_ASSERT(options->sets > 0 && (options->sets & (options->sets - 1)) == 0);
    WF_ASSERT(options->item_bytes > 0 && options->item_bytes % 8 == 0);
    wf_recent *made = calloc(1, sizeof *made);
    if (made == NULL)
        return wf_fail_memory(error);
    WF_ASSERT(pthread_mutex_init(&made->lock, NULL) == 0);
    made->options = *options;
    made->seed = wf_hash_seed();
    made->hashes = calloc(places, sizeof *made->hashes);
    made->items = calloc(places, options->item_bytes);
    if (made->hashes == NULL || made->items == NULL) {
        wf_recent_free(made);
        return wf_fail_memory(error);
    }
    *ret = made;
    return WEFT_OK;
}

void wf_recent_free(wf_recent *recent)
{
    if (recent == NULL)
        return;
    pthread_mutex_destroy(&recent->lock);
    free(recent->hashes);
    free(recent->items);
    free(recent);
}

uint64_t wf_recent_hash(const wf_recent *recent, wf_text subject, uint64_t more)
{
    uint64_t hash = wf_hash(subject.bytes, subject.size, recent->seed ^ more);
    return hash == 0 ? 1 : hash;
}

void wf_recent_lock(wf_recent *recent)
{
    WF_ASSERT(pthread_mutex_lock(&recent->lock) == 0);
}

void wf_recent_unlock(wf_recent *recent)
{
    WF_ASSERT(pthread_mutex_unlock(&recent->lock) == 0);
}

static size_t first_of(const wf_recent *recent, uint64_t hash)
{
    return (size_t)(hash & (recent->options.sets - 1)) * places_in_set;
}

static void *item_at(const wf_recent *recent, size_t place)
{
    return recent->items + place * recent->options.item_bytes;
}

// What is known, of whatever worth.
static void *place_of(const wf_recent *recent, uint64_t hash)
{
    size_t first = first_of(recent, hash);
    for (size_t i = first; i < first + places_in_set; i++)
        if (recent->hashes[i] == hash)
            return item_at(recent, i);
    return NULL;
}

void *wf_recent_find(wf_recent *recent, uint64_t hash, int64_t now)
{
    void *item = place_of(recent, hash);
    return item == NULL || recent->options.worth(item, now) == 0 ? NULL : item;
}

static size_t least_of(const wf_recent *recent, uint64_t hash, int64_t now)
{
    size_t first = first_of(recent, hash), least = first;
    uint64_t least_worth = UINT64_MAX;
    for (size_t i = first; i < first + places_in_set; i++) {
        uint64_t worth =
            recent->hashes[i] == 0 ? 0 : recent->options.worth(item_at(recent, i), now);
        if (worth >= least_worth)
            continue;
        least = i;
        least_worth = worth;
    }
    return least;
}

void *wf_recent_make(wf_recent *recent, uint64_t hash, int64_t now)
{
    void *item = place_of(recent, hash);
    if (item != NULL && recent->options.worth(item, now) > 0)
        return item;
    if (item == NULL) {
        size_t place = least_of(recent, hash, now);
        recent->hashes[place] = hash;
        item = item_at(recent, place);
    }
    memset(item, 0, recent->options.item_bytes);
    return item;
}
