#include "serve/areas/events_audience.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "model/grid.h"

enum {
    heard_least = 16,
    // Of more it hears so much that looking through the ring costs no more.
    heard_most = 1024,
    // Each piece that is sent costs the same, whether it tells of one fact or of ten: who
    // is one of thousands hears of several at once, some tenths of a second later.
    woken_at_once = 500,
    turns_most = 8
};

static wf_audience **bucket_of(wf_audiences *all, wf_text grid)
{
    size_t buckets = sizeof all->buckets / sizeof *all->buckets;
    return &all->buckets[wf_hash(grid.bytes, grid.size, all->seed) % buckets];
}

static wf_text grid_of(const wf_audience *audience)
{
    return (wf_text){audience->grid, audience->grid_size};
}

// ---- which there are ----

static wf_audience *make(wf_text grid, uint32_t roles)
{
    wf_audience *audience = calloc(1, sizeof *audience);
    if (audience == NULL)
        return NULL;
    WF_ASSERT(grid.size < sizeof audience->grid);
    memcpy(audience->grid, grid.bytes, grid.size);
    audience->grid_size = grid.size;
    audience->roles = roles;
    return audience;
}

wf_audience *wf_audiences_get(wf_audiences *all, wf_text grid, uint32_t roles)
{
    if (all->seed == 0)
        all->seed = wf_hash_seed() | 1;
    wf_audience **bucket = bucket_of(all, grid);
    for (wf_audience *one = *bucket; one != NULL; one = one->next)
        if (one->roles == roles && wf_text_equal(grid_of(one), grid))
            return one;
    wf_audience *audience = make(grid, roles);
    if (audience == NULL)
        return NULL;
    audience->next = *bucket;
    *bucket = audience;
    all->sizes[grid.size]++;
    return audience;
}

static void drop(wf_audiences *all, wf_audience *audience)
{
    WF_ASSERT(audience->listeners == NULL);
    wf_audience **at = bucket_of(all, grid_of(audience));
    while (*at != audience)
        at = &(*at)->next;
    *at = audience->next;
    all->sizes[audience->grid_size]--;
    free(audience->heard);
    free(audience);
}

// ---- what they hear ----

bool wf_audience_hears(const wf_audience *audience, wf_text grid, uint32_t heard_by)
{
    return wf_grid_is_inside(grid, grid_of(audience)) &&
           (heard_by == 0 || (heard_by & audience->roles) != 0);
}

uint64_t wf_audience_at(const wf_audience *audience, size_t index)
{
    return audience->heard[(audience->first + index) % audience->room];
}

size_t wf_audience_after(const wf_audience *audience, uint64_t position)
{
    size_t from = 0, to = audience->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (wf_audience_at(audience, middle) <= position)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static bool grow(wf_audience *audience)
{
    size_t room = audience->room == 0 ? heard_least : 2 * audience->room;
    uint64_t *heard = room <= heard_most ? malloc(room * sizeof *heard) : NULL;
    if (heard == NULL)
        return false;
    for (size_t i = 0; i < audience->count; i++)
        heard[i] = wf_audience_at(audience, i);
    free(audience->heard);
    audience->heard = heard;
    audience->room = room;
    audience->first = 0;
    return true;
}

// The oldest goes where there is no room for more; without any it has noted nothing.
void wf_audience_note(wf_audience *audience, uint64_t position)
{
    audience->came = true;
    if (audience->count == audience->room && !grow(audience)) {
        if (audience->room == 0) {
            audience->whole_after = position;
            return;
        }
        audience->whole_after = wf_audience_at(audience, 0);
        audience->first = (audience->first + 1) % audience->room;
        audience->count--;
    }
    audience->heard[(audience->first + audience->count++) % audience->room] = position;
}

void wf_audiences_note(wf_audiences *all, wf_text grid, uint32_t heard_by,
                       uint64_t position)
{
    for (size_t size = 0; size <= grid.size && size <= WF_GRID_BYTES_MAX; size++) {
        const wf_text area = {grid.bytes, size};
        if (all->sizes[size] == 0)
            continue;
        for (wf_audience *one = *bucket_of(all, area); one != NULL; one = one->next)
            if (wf_text_equal(grid_of(one), area) &&
                wf_audience_hears(one, grid, heard_by))
                wf_audience_note(one, position);
    }
}

static void each_audience(wf_audiences *all, void (*each)(wf_audience *, uint64_t),
                          uint64_t argument)
{
    for (size_t i = 0; i < sizeof all->buckets / sizeof *all->buckets; i++)
        for (wf_audience *one = all->buckets[i]; one != NULL; one = one->next)
            each(one, argument);
}

void wf_audience_forget(wf_audience *audience, uint64_t upto)
{
    audience->count = 0;
    audience->whole_after = upto;
}

void wf_audiences_forget(wf_audiences *all, uint64_t upto)
{
    each_audience(all, wf_audience_forget, upto);
}

// ---- who is in them ----

void wf_audience_enter(wf_audiences *all, wf_audience *audience, wf_listener *listener)
{
    listener->audience = audience;
    listener->before = NULL;
    listener->after = audience->listeners;
    if (listener->after != NULL)
        listener->after->before = listener;
    audience->listeners = listener;
    audience->listeners_count++;
    all->listeners++;
}

void wf_audience_leave(wf_audiences *all, wf_listener *listener)
{
    wf_audience *audience = listener->audience;
    if (listener->before != NULL)
        listener->before->after = listener->after;
    else
        audience->listeners = listener->after;
    if (listener->after != NULL)
        listener->after->before = listener->before;
    audience->listeners_count--;
    all->listeners--;
    if (audience->listeners == NULL)
        drop(all, audience);
}

// ---- waking ----

// How many were woken.
static size_t wake(wf_audience *audience)
{
    if (!audience->came)
        return 0;
    audience->came = false;
    for (wf_listener *one = audience->listeners; one != NULL; one = one->after)
        one->wake(one);
    return audience->listeners_count;
}

// A bucket is woken whole; what that is too many is taken off the next calls.
void wf_audiences_wake(wf_audiences *all)
{
    size_t buckets = sizeof all->buckets / sizeof *all->buckets;
    size_t turns = (all->listeners + turns_most - 1) / turns_most;
    size_t most = turns < woken_at_once ? woken_at_once : turns;
    size_t woken = all->ahead;
    for (size_t i = 0; i < buckets && woken < most; i++) {
        for (wf_audience *one = all->buckets[all->turn]; one != NULL; one = one->next)
            woken += wake(one);
        all->turn = (all->turn + 1) % buckets;
    }
    all->ahead = woken > most ? woken - most : 0;
}
