// Stated visits and named encounters: the visit store as the store's book of bodies.
#ifndef WF_ACCESS_CITY_BODIES_H
#define WF_ACCESS_CITY_BODIES_H

#include "store/bodies.h"
#include "visits/visits.h"

// One send at a time; belongs to one store.
typedef struct wf_stated_bodies wf_stated_bodies;

// Enters where nobody asks, and leaves: around what changes opened days and tables.
typedef struct {
    void (*enter)(void *context);
    void (*leave)(void *context);
    void *context;
} wf_stated_guard;
// NULL: nobody asks meanwhile. Finding bodies may run beside all calls of the hook.
void wf_stated_bodies_guard(wf_stated_bodies *bodies, const wf_stated_guard *guard);

// `visits` and `zone` are borrowed and outlive it.
weft_status wf_stated_bodies_new(wf_visits *visits, const wf_zone *zone,
                                 wf_stated_bodies **ret,
                                 weft_error *error) WEFT_MUST_CHECK;
void wf_stated_bodies_free(wf_stated_bodies *bodies); // NULL does nothing
const wf_bodies *wf_stated_bodies_hook(const wf_stated_bodies *bodies);

#endif
