#include "serve/areas/events.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/rights/policy.h"
#include "serve/areas/events_audience.h"

enum {
    ring_size = 262144, // some seconds of a city that is swabbed, all of most nights
    texts_size = 16384, // the newest of which somebody has heard
    text_bytes_max = 288,
    piece_bytes = 16 * 1024,
    recalled = 32768, // when a service begins, which waits for it
    looked_at_once = 32768,
    reread_at_once = 4096,
    reread_most = 1000000 // from this far back; before, it would rather ask anew
};

typedef struct {
    char grid[WF_GRID_BYTES_MAX + 1];
    const wf_kind *kind;
    uint64_t position;
    weft_time at, received;
} entry;

typedef struct {
    uint64_t position; // of which it is; 0: none
    uint16_t size;
    char bytes[text_bytes_max];
} event_text;

struct wf_events {
    pthread_mutex_t lock;
    const weft_city *city; // its zone
    uint64_t upto;
    uint64_t first; // the oldest that is in the ring; upto + 1: none
    wf_audiences audiences;
    event_text texts[texts_size];
    entry ring[ring_size];
};

// ---- the ring ----

static void note_entry(const wf_shared_event *event, entry *to)
{
    char grid[sizeof to->grid] = "";
    memcpy(grid, event->grid.bytes,
           event->grid.size < sizeof grid ? event->grid.size : 0);
    memcpy(to->grid, grid, sizeof grid);
    to->kind = event->kind;
    to->position = event->position;
    to->at = event->at;
    to->received = event->received;
}

static uint32_t heard_by(const entry *of)
{
    return of->kind != NULL ? of->kind->heard_by : 0;
}

static void write_text(const weft_city *city, const entry *of, event_text *to)
{
    char at[WF_TIME_TEXT_MAX], received[WF_TIME_TEXT_MAX], grid[sizeof of->grid];
    memcpy(grid, of->grid, sizeof grid);
    // A code is digits and letters; what a sender may have put there instead is not
    // allowed to end the text.
    for (char *letter = grid; *letter != '\0'; letter++)
        if (*letter == '"' || *letter == '\\')
            *letter = '?';
    int size =
        snprintf(to->bytes, sizeof to->bytes,
                 "id: %llu\nevent: fact\ndata: {\"position\":%llu,\"kind\":\"%s\","
                 "\"grid\":\"%s\",\"at\":\"%s\",\"received\":\"%s\"}\n\n",
                 (unsigned long long)of->position, (unsigned long long)of->position,
                 of->kind != NULL ? of->kind->name : "", grid,
                 weft_city_time_text(city, of->at, at),
                 weft_city_time_text(city, of->received, received));
    WF_ASSERT(size > 0 && (size_t)size < sizeof to->bytes);
    to->size = (uint16_t)size;
    to->position = of->position;
}

// Made for the first who hears it: the writer, who notes all of them, does not wait for
// texts that nobody may ask for.
static wf_text text_of(wf_events *events, const entry *of)
{
    event_text *made = &events->texts[of->position % texts_size];
    if (made->position != of->position || made->size == 0)
        write_text(events->city, of, made);
    return (wf_text){made->bytes, made->size};
}

static bool append_text(wf_buffer *to, wf_text text)
{
    return wf_buffer_append(to, text.bytes, text.size);
}

void wf_events_take(void *context, const wf_shared_event *came, size_t count)
{
    wf_events *events = context;
    pthread_mutex_lock(&events->lock);
    for (size_t i = 0; i < count; i++) {
        // After a break (rows that were away) the ring begins anew.
        if (came[i].position != events->upto + 1) {
            events->first = came[i].position;
            wf_audiences_forget(&events->audiences, came[i].position - 1);
        }
        events->upto = came[i].position;
        if (events->upto - events->first >= ring_size)
            events->first = events->upto - ring_size + 1;
        entry *one = &events->ring[events->upto % ring_size];
        note_entry(&came[i], one);
        wf_audiences_note(&events->audiences, wf_text_of(one->grid), heard_by(one),
                          one->position);
    }
    pthread_mutex_unlock(&events->lock);
}

void wf_events_tick(wf_events *events)
{
    pthread_mutex_lock(&events->lock);
    wf_audiences_wake(&events->audiences);
    pthread_mutex_unlock(&events->lock);
}

uint64_t wf_events_upto(wf_events *events)
{
    pthread_mutex_lock(&events->lock);
    uint64_t upto = events->upto;
    pthread_mutex_unlock(&events->lock);
    return upto;
}

bool wf_events_say_missed(uint64_t after, uint64_t upto, wf_buffer *to)
{
    return wf_buffer_printf(
        to, "id: %llu\nevent: missed\ndata: {\"after\":%llu,\"upto\":%llu}\n\n",
        (unsigned long long)upto, (unsigned long long)after, (unsigned long long)upto);
}

bool wf_events_say_place(const wf_listener *listener, wf_buffer *to)
{
    return wf_buffer_printf(to, ":\nid: %llu\n\n", (unsigned long long)listener->cursor);
}

// ---- who listens ----

// As wf_kind.heard_by has them.
static uint32_t roles_of(const wf_actor *actor)
{
    uint32_t roles = 0;
    for (int role = 0; role < WF_ROLE_COUNT; role++)
        if (wf_policy_is_among(actor, UINT32_C(1) << role))
            roles |= UINT32_C(1) << role;
    return roles;
}

// A new audience notes what the ring holds from where its first listener is: once for all
// who come to it then, each of whom would have to look through the ring.
static void note_ring(wf_events *events, wf_audience *audience, uint64_t after)
{
    uint64_t from = after < events->first ? events->first : after + 1;
    wf_audience_forget(audience, from - 1);
    for (uint64_t at = from; at <= events->upto; at++) {
        const entry *one = &events->ring[at % ring_size];
        if (wf_audience_hears(audience, wf_text_of(one->grid), heard_by(one)))
            wf_audience_note(audience, at);
    }
}

weft_status wf_events_join(wf_events *events, const wf_actor *actor,
                           wf_listener *listener, weft_error *error)
{
    pthread_mutex_lock(&events->lock);
    wf_audience *audience =
        wf_audiences_get(&events->audiences, wf_text_of(actor->grid), roles_of(actor));
    if (audience != NULL && audience->listeners == NULL)
        note_ring(events, audience, listener->cursor);
    if (audience != NULL)
        wf_audience_enter(&events->audiences, audience, listener);
    pthread_mutex_unlock(&events->lock);
    return audience != NULL ? WEFT_OK : wf_fail_memory(error);
}

void wf_events_leave(wf_events *events, wf_listener *listener)
{
    pthread_mutex_lock(&events->lock);
    wf_audience_leave(&events->audiences, listener);
    pthread_mutex_unlock(&events->lock);
}

// ---- reading: all under the lock ----

static entry *entry_at(wf_events *events, uint64_t position)
{
    return &events->ring[position % ring_size];
}

// Its audience has noted all that it hears from here on.
static bool is_noted(const wf_listener *listener)
{
    return listener->cursor >= listener->audience->whole_after;
}

// What comes next for it, as far as that can be told without looking at it.
static uint64_t next_of(const wf_events *events, const wf_listener *listener)
{
    const wf_audience *audience = listener->audience;
    if (!is_noted(listener))
        return listener->cursor + 1;
    size_t next = wf_audience_after(audience, listener->cursor);
    return next < audience->count ? wf_audience_at(audience, next) : events->upto + 1;
}

// What has left the ring is told as missed.
static bool skip_missed(wf_events *events, wf_listener *listener, wf_buffer *to)
{
    if (next_of(events, listener) >= events->first)
        return true;
    if (!wf_events_say_missed(listener->cursor, events->first - 1, to))
        return false;
    listener->cursor = events->first - 1;
    return true;
}

static bool read_noted(wf_events *events, wf_listener *listener, wf_buffer *to)
{
    const wf_audience *audience = listener->audience;
    size_t next = wf_audience_after(audience, listener->cursor);
    for (; next < audience->count && to->size < piece_bytes; next++) {
        uint64_t position = wf_audience_at(audience, next);
        if (!append_text(to, text_of(events, entry_at(events, position))))
            return false;
        listener->cursor = position;
    }
    if (next == audience->count)
        listener->cursor = events->upto;
    return true;
}

// Of a long way without anything to hear it is told how far it has come.
static bool read_ring(wf_events *events, wf_listener *listener, wf_buffer *to)
{
    uint64_t until = listener->cursor + looked_at_once;
    while (listener->cursor < events->upto && listener->cursor < until &&
           to->size < piece_bytes) {
        const entry *one = entry_at(events, listener->cursor + 1);
        if (wf_audience_hears(listener->audience, wf_text_of(one->grid), heard_by(one)) &&
            !append_text(to, text_of(events, one)))
            return false;
        listener->cursor++;
    }
    return to->size > 0 || listener->cursor == events->upto ||
           wf_events_say_place(listener, to);
}

bool wf_events_read(wf_events *events, wf_listener *listener, wf_buffer *to)
{
    pthread_mutex_lock(&events->lock);
    bool done = skip_missed(events, listener, to) &&
                (is_noted(listener) ? read_noted(events, listener, to)
                                    : read_ring(events, listener, to));
    pthread_mutex_unlock(&events->lock);
    return done;
}

// ---- what has left the ring ----

bool wf_events_is_behind(wf_events *events, const wf_listener *listener)
{
    pthread_mutex_lock(&events->lock);
    bool behind = next_of(events, listener) < events->first;
    pthread_mutex_unlock(&events->lock);
    return behind;
}

typedef struct {
    wf_events *events;
    wf_listener *listener;
    wf_buffer *to;
    unsigned count;
    bool failed;
} rereading;

static bool reread_one(void *context, const wf_shared_event *event)
{
    rereading *of = context;
    entry one;
    event_text text;
    note_entry(event, &one);
    if (wf_audience_hears(of->listener->audience, wf_text_of(one.grid), heard_by(&one))) {
        write_text(of->events->city, &one, &text);
        of->failed = !append_text(of->to, (wf_text){text.bytes, text.size});
    }
    if (of->failed)
        return false;
    of->listener->cursor = event->position;
    return ++of->count < reread_at_once && of->to->size < piece_bytes;
}

bool wf_events_reread(wf_events *events, wf_shared *shared, wf_listener *listener,
                      wf_buffer *to)
{
    rereading of = {.events = events, .listener = listener, .to = to};
    uint64_t before = listener->cursor;
    weft_error error = {0};
    weft_city *city;
    pthread_mutex_lock(&events->lock);
    uint64_t upto = events->first - 1;
    pthread_mutex_unlock(&events->lock);
    if (upto > listener->cursor + reread_most) {
        if (!wf_events_say_missed(listener->cursor, upto - reread_most, to))
            return false;
        listener->cursor = upto - reread_most;
    }
    weft_status status = wf_shared_read(shared, &city, &error);
    if (status == WEFT_OK) {
        status = wf_shared_retell(city, listener->cursor, upto, reread_one, &of, &error);
        wf_shared_read_end(shared, city);
    }
    // Without the ledger, the ring: it says what it does not hold.
    bool moved = status == WEFT_OK && listener->cursor > before;
    return !of.failed && (moved || wf_events_read(events, listener, to));
}

// ---- beginning and end ----

weft_status wf_events_new(uint64_t upto, const weft_city *city, wf_events **ret,
                          weft_error *error)
{
    wf_events *events = calloc(1, sizeof *events);
    if (events == NULL)
        return wf_fail_memory(error);
    WF_ASSERT(pthread_mutex_init(&events->lock, NULL) == 0);
    events->city = city;
    events->upto = upto;
    events->first = upto + 1;
    *ret = events;
    return WEFT_OK;
}

static bool recall_one(void *context, const wf_shared_event *event)
{
    wf_events_take(context, event, 1);
    return true;
}

weft_status wf_events_recall(uint64_t upto, const weft_city *city, wf_events **ret,
                             weft_error *error)
{
    wf_events *events = NULL;
    weft_error unused = {0};
    uint64_t from = upto > recalled ? upto - recalled : 0;
    WF_TRY(wf_events_new(from, city, &events, error));
    if (wf_shared_retell(city, from, upto, recall_one, events, &unused) != WEFT_OK ||
        events->upto < upto) {
        events->upto = upto;
        events->first = upto + 1;
    }
    *ret = events;
    return WEFT_OK;
}

void wf_events_free(wf_events *events)
{
    if (events == NULL)
        return;
    pthread_mutex_destroy(&events->lock);
    free(events);
}
