#include "access/accounts/clocks.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/hash.h"
#include "desk/register/kinds.h"

enum { places = 4096 };

// A sender's place is its hash's; who comes to a place that is taken takes it over.
typedef struct {
    uint64_t sender; // its hash; 0: nobody's
    int64_t offset_s;
} place;

struct wf_clocks {
    pthread_mutex_t lock;
    uint64_t seed;
    place noted[places];
};

weft_status wf_clocks_new(wf_clocks **ret, weft_error *error)
{
    wf_clocks *clocks = calloc(1, sizeof *clocks);
    if (clocks == NULL)
        return wf_fail_memory(error);
    WF_ASSERT(pthread_mutex_init(&clocks->lock, NULL) == 0);
    clocks->seed = wf_hash_seed();
    *ret = clocks;
    return WEFT_OK;
}

void wf_clocks_free(wf_clocks *clocks)
{
    if (clocks == NULL)
        return;
    pthread_mutex_destroy(&clocks->lock);
    free(clocks);
}

static uint64_t hash_of(const wf_clocks *clocks, wf_text sender)
{
    uint64_t hash = wf_hash(sender.bytes, sender.size, clocks->seed);
    return hash != 0 ? hash : 1;
}

bool wf_clocks_moved(wf_clocks *clocks, wf_text sender, int64_t offset_s)
{
    uint64_t hash = hash_of(clocks, sender);
    place *noted = &clocks->noted[hash % places];
    pthread_mutex_lock(&clocks->lock);
    bool moved = noted->sender != hash ||
                 offset_s > noted->offset_s + WF_CLOCKS_MOVED_S ||
                 offset_s < noted->offset_s - WF_CLOCKS_MOVED_S;
    if (moved)
        *noted = (place){hash, offset_s};
    pthread_mutex_unlock(&clocks->lock);
    return moved;
}

void wf_clocks_forget(wf_clocks *clocks, wf_text sender)
{
    uint64_t hash = hash_of(clocks, sender);
    place *noted = &clocks->noted[hash % places];
    pthread_mutex_lock(&clocks->lock);
    if (noted->sender == hash)
        *noted = (place){0, 0};
    pthread_mutex_unlock(&clocks->lock);
}

wf_fact wf_clocks_fact(wf_text sender, wf_text grid, int64_t offset_s, weft_time now)
{
    const wf_kind *kind = &wf_kind_sender_clock;
    wf_fact fact = {.id = {WF_CLOCKS_DEVICE, 0}, .kind = kind, .at = now, .grid = grid};
    size_t device = wf_kind_field(kind, WF_TEXT("device"));
    size_t offset = wf_kind_field(kind, WF_TEXT("offset_s"));
    fact.values[device] = (wf_value){.given = true, .text = sender};
    fact.values[offset] = (wf_value){.given = true, .number = offset_s};
    return fact;
}
