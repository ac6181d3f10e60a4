#include "store/register/places.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/pages.h"

// Read without a lock: `mark` says what `area` and `parent` are of. It is 0 while they
// are written and has another turn after, so that whoever finds the same mark before and
// after reading them has read what belongs together.
typedef struct {
    _Atomic uint32_t mark; // known, ventilated + 1, kind, turn; 0: not known
    _Atomic uint32_t parent;
    _Atomic uint64_t area; // bits of the double
} kept_place;

enum { known_bit = 1, ventilated_at = 1, kind_at = 3, kind_bits = 8, turn_at = 11 };

struct wf_places {
    _Atomic(kept_place *) kept; // by number; NULL until the first is kept
    _Atomic uint64_t version;
    pthread_mutex_t lock; // of writing
    uint32_t turn;
    uint32_t end;      // one more than the greatest number that was kept
    wf_buffer changed; // numbers that the transaction under way has changed
    bool all_changed;  // without memory to say which
};

enum { kept_bytes = WF_NUMBER_LIMIT * sizeof(kept_place) };

weft_status wf_places_new(wf_places **ret, weft_error *error)
{
    wf_places *places = calloc(1, sizeof *places);
    if (places == NULL)
        return wf_fail_memory(error);
    WF_ASSERT(pthread_mutex_init(&places->lock, NULL) == 0);
    *ret = places;
    return WEFT_OK;
}

void wf_places_free(wf_places *places)
{
    if (places == NULL)
        return;
    wf_pages_free(atomic_load(&places->kept), kept_bytes);
    wf_buffer_done(&places->changed);
    pthread_mutex_destroy(&places->lock);
    free(places);
}

// ---- reading ----

bool wf_places_find(const wf_places *places, wf_place place, wf_place_brief *ret)
{
    const kept_place *kept = atomic_load_explicit(&places->kept, memory_order_acquire);
    if (kept == NULL || place.number >= WF_NUMBER_LIMIT)
        return false;
    const kept_place *at = &kept[place.number];
    uint32_t mark = atomic_load_explicit(&at->mark, memory_order_acquire);
    uint64_t area = atomic_load_explicit(&at->area, memory_order_acquire);
    uint32_t parent = atomic_load_explicit(&at->parent, memory_order_acquire);
    if (mark == 0 || atomic_load_explicit(&at->mark, memory_order_relaxed) != mark)
        return false;
    ret->kind = (wf_place_kind)(mark >> kind_at & ((1u << kind_bits) - 1));
    ret->ventilated = (int)(mark >> ventilated_at & 3) - 1;
    ret->parent = parent;
    memcpy(&ret->area_m2, &area, sizeof area);
    return true;
}

uint64_t wf_places_version(const wf_places *places)
{
    return atomic_load(&places->version);
}

// ---- writing ----

static void write_place(wf_places *places, kept_place *at, const wf_place_brief *brief)
{
    uint64_t area;
    memcpy(&area, &brief->area_m2, sizeof area);
    uint32_t mark = known_bit | (uint32_t)(brief->ventilated + 1) << ventilated_at |
                    (uint32_t)brief->kind << kind_at | places->turn++ << turn_at;
    atomic_store_explicit(&at->mark, 0, memory_order_relaxed);
    // What follows is not seen before the 0 is.
    atomic_store_explicit(&at->area, area, memory_order_release);
    atomic_store_explicit(&at->parent, brief->parent, memory_order_release);
    atomic_store_explicit(&at->mark, mark, memory_order_release);
}

static kept_place *room(wf_places *places)
{
    kept_place *kept = atomic_load(&places->kept);
    if (kept == NULL) {
        kept = wf_pages_new(kept_bytes);
        atomic_store_explicit(&places->kept, kept, memory_order_release);
    }
    return kept;
}

void wf_places_keep(wf_places *places, uint64_t version, wf_place place,
                    const wf_place_brief *brief)
{
    _Static_assert(WF_PLACE_KIND_COUNT <= 1 << kind_bits, "a kind fits");
    if (place.number >= WF_NUMBER_LIMIT)
        return;
    WF_ASSERT(pthread_mutex_lock(&places->lock) == 0);
    kept_place *kept = atomic_load(&places->version) == version ? room(places) : NULL;
    if (kept != NULL)
        write_place(places, &kept[place.number], brief);
    if (kept != NULL && place.number >= places->end)
        places->end = place.number + 1;
    WF_ASSERT(pthread_mutex_unlock(&places->lock) == 0);
}

// ---- following the rows ----

static weft_status changed(void *context, const wf_value *before, const wf_value *after,
                           weft_error *error)
{
    (void)error;
    wf_places *places = context;
    uint32_t number = (uint32_t)(after != NULL ? after : before)[0].number;
    places->all_changed |= !wf_buffer_append(&places->changed, &number, sizeof number);
    return WEFT_OK;
}

static void leave(wf_places *places, kept_place *kept)
{
    const char *bytes = places->changed.bytes;
    for (size_t at = 0; at < places->changed.size; at += sizeof(uint32_t)) {
        uint32_t number;
        memcpy(&number, bytes + at, sizeof number);
        if (number < WF_NUMBER_LIMIT)
            atomic_store(&kept[number].mark, 0);
    }
}

static void leave_all(const wf_places *places, kept_place *kept)
{
    for (uint32_t i = 0; i < places->end; i++)
        atomic_store_explicit(&kept[i].mark, 0, memory_order_relaxed);
}

static void ended(void *context, bool committed)
{
    wf_places *places = context;
    bool any = places->all_changed || places->changed.size > 0;
    if (committed && any) {
        WF_ASSERT(pthread_mutex_lock(&places->lock) == 0);
        // Who reads in an older snapshot keeps nothing from here on.
        atomic_fetch_add(&places->version, 1);
        kept_place *kept = atomic_load(&places->kept);
        if (kept != NULL && places->all_changed)
            leave_all(places, kept);
        else if (kept != NULL)
            leave(places, kept);
        WF_ASSERT(pthread_mutex_unlock(&places->lock) == 0);
    }
    wf_buffer_done(&places->changed);
    places->all_changed = false;
}

// Rows that were made anew may be of other facts.
static weft_status opened(void *context, wf_database *db, weft_error *error)
{
    (void)db, (void)error;
    wf_places *places = context;
    places->all_changed = true;
    ended(places, true);
    return WEFT_OK;
}

wf_follower wf_places_follower(wf_places *places)
{
    static const wf_watch watches[] = {
        {.table = "place",
         .columns = {"place", "kind", "parent", "area_m2", "ventilation"},
         .changed = changed}};
    return (wf_follower){.watches = watches,
                         .watches_count = 1,
                         .opened = opened,
                         .ended = ended,
                         .context = places};
}
