#include "serve/areas/kept.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"

enum { places = 64, bytes_most = 1 << 20 };
static const uint64_t stands_ns = 250000000;

// An answer, where its key's hash puts it; another that comes to lie there takes its
// place.
typedef struct {
    wf_kept_as as;
    wf_buffer bytes;
} place;

struct wf_kept {
    pthread_mutex_t lock;
    uint64_t seed;
    place all[places];
};

weft_status wf_kept_new(wf_kept **ret, weft_error *error)
{
    wf_kept *kept = calloc(1, sizeof *kept);
    if (kept == NULL)
        return wf_fail_memory(error);
    WF_ASSERT(pthread_mutex_init(&kept->lock, NULL) == 0);
    kept->seed = wf_hash_seed();
    *ret = kept;
    return WEFT_OK;
}

void wf_kept_free(wf_kept *kept)
{
    if (kept == NULL)
        return;
    for (size_t i = 0; i < places; i++)
        wf_buffer_done(&kept->all[i].bytes);
    WF_ASSERT(pthread_mutex_destroy(&kept->lock) == 0);
    free(kept);
}

bool wf_kept_ask(wf_exchange *x, const char *asked, wf_kept_as *ret)
{
    const wf_actor *actor = wf_exchange_actor(x);
    int size = snprintf(ret->key, sizeof ret->key, "%d %d %s\n%s", (int)actor->kind,
                        (int)actor->role, actor->grid, asked);
    ret->rows = wf_shared_rows(wf_exchange_shared(x));
    ret->at_ns = wf_clock_monotonic_ns();
    return size > 0 && (size_t)size < sizeof ret->key;
}

static place *place_of(wf_kept *kept, const wf_kept_as *as)
{
    return &kept->all[wf_hash(as->key, strlen(as->key), kept->seed) % places];
}

bool wf_kept_give(wf_kept *kept, const wf_kept_as *as, wf_buffer *to)
{
    WF_ASSERT(pthread_mutex_lock(&kept->lock) == 0);
    const place *at = place_of(kept, as);
    bool stands = at->bytes.size > 0 && at->as.rows == as->rows &&
                  as->at_ns - at->as.at_ns < stands_ns &&
                  strcmp(at->as.key, as->key) == 0;
    bool given = stands && wf_buffer_append(to, at->bytes.bytes, at->bytes.size);
    WF_ASSERT(pthread_mutex_unlock(&kept->lock) == 0);
    return given;
}

void wf_kept_put(wf_kept *kept, const wf_kept_as *as, const wf_buffer *bytes)
{
    if (bytes->size > bytes_most)
        return;
    WF_ASSERT(pthread_mutex_lock(&kept->lock) == 0);
    place *at = place_of(kept, as);
    wf_buffer_clear(&at->bytes);
    at->as = *as;
    if (!wf_buffer_append(&at->bytes, bytes->bytes, bytes->size))
        wf_buffer_clear(&at->bytes);
    WF_ASSERT(pthread_mutex_unlock(&kept->lock) == 0);
}
