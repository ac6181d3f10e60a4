#include "serve/areas/events.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/rights/policy.h"
#include "base/clock.h"
#include "model/grid.h"
#include "serve/http/exchange_inside.h"

enum {
    ring_size = 32768,
    text_bytes_max = 288,
    piece_bytes = 16 * 1024,
    reread_at_once = 4096,
    reread_most = 1000000, // from this far back; before, it would rather ask anew
    heartbeat_s = 20,      // proxies cut what is silent for a minute
    look_s = 1             // a token that was revoked hears nothing after so long
};
static const uint64_t ns_a_second = 1000000000;

typedef struct {
    char grid[WF_GRID_BYTES_MAX + 1];
    uint32_t heard_by; // roles, as wf_kind has them
    const wf_kind *kind;
    uint64_t position;
    weft_time at, received;
    uint16_t size; // 0: nobody has heard it, and the text is not made
    char text[text_bytes_max];
} entry;

typedef struct listener {
    wf_exchange *x;
    wf_events *events;
    uint64_t cursor;
    uint64_t ahead; // what it has seen of a ledger that was longer; 0: nothing
    wf_actor actor;
    uint64_t said_ns, looked_ns;
    struct listener *before, *after;
} listener;

struct wf_events {
    pthread_mutex_t lock;
    const weft_city *city; // its zone
    uint64_t upto;
    uint64_t first; // the oldest that is in the ring; upto + 1: none
    bool came;      // since the last tick
    listener *listeners;
    entry ring[ring_size];
};

// ---- the ring ----

static void note_entry(const wf_shared_event *event, entry *to)
{
    char grid[sizeof to->grid] = "";
    memcpy(grid, event->grid.bytes,
           event->grid.size < sizeof grid ? event->grid.size : 0);
    memcpy(to->grid, grid, sizeof grid);
    to->heard_by = event->kind != NULL ? event->kind->heard_by : 0;
    to->kind = event->kind;
    to->position = event->position;
    to->at = event->at;
    to->received = event->received;
    to->size = 0;
}

// Made for the first who hears it: the writer, who notes all of them, does not wait for
// texts that nobody may ask for.
static wf_text text_of(const weft_city *city, entry *of)
{
    char at[WF_TIME_TEXT_MAX], received[WF_TIME_TEXT_MAX], grid[sizeof of->grid];
    if (of->size > 0)
        return (wf_text){of->text, of->size};
    memcpy(grid, of->grid, sizeof grid);
    // A code is digits and letters; what a sender may have put there instead is not
    // allowed to end the text.
    for (char *letter = grid; *letter != '\0'; letter++)
        if (*letter == '"' || *letter == '\\')
            *letter = '?';
    int size =
        snprintf(of->text, sizeof of->text,
                 "id: %llu\nevent: fact\ndata: {\"position\":%llu,\"kind\":\"%s\","
                 "\"grid\":\"%s\",\"at\":\"%s\",\"received\":\"%s\"}\n\n",
                 (unsigned long long)of->position, (unsigned long long)of->position,
                 of->kind != NULL ? of->kind->name : "", grid,
                 weft_city_time_text(city, of->at, at),
                 weft_city_time_text(city, of->received, received));
    WF_ASSERT(size > 0 && (size_t)size < sizeof of->text);
    of->size = (uint16_t)size;
    return (wf_text){of->text, of->size};
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
        if (came[i].position != events->upto + 1)
            events->first = came[i].position;
        events->upto = came[i].position;
        if (events->upto - events->first >= ring_size)
            events->first = events->upto - ring_size + 1;
        note_entry(&came[i], &events->ring[events->upto % ring_size]);
    }
    events->came = events->came || count > 0;
    pthread_mutex_unlock(&events->lock);
}

void wf_events_tick(wf_events *events)
{
    pthread_mutex_lock(&events->lock);
    if (events->came)
        for (listener *one = events->listeners; one != NULL; one = one->after)
            wf_exchange_wake(one->x);
    events->came = false;
    pthread_mutex_unlock(&events->lock);
}

uint64_t wf_events_upto(wf_events *events)
{
    pthread_mutex_lock(&events->lock);
    uint64_t upto = events->upto;
    pthread_mutex_unlock(&events->lock);
    return upto;
}

static bool hears(const wf_actor *actor, const entry *one)
{
    return (actor->grid[0] == '\0' ||
            wf_grid_is_inside(wf_text_of(one->grid), wf_text_of(actor->grid))) &&
           (one->heard_by == 0 || wf_policy_is_among(actor, one->heard_by));
}

// What is after one position up to another is told no more.
static bool say_missed(uint64_t after, uint64_t upto, wf_buffer *to)
{
    return wf_buffer_printf(
        to, "id: %llu\nevent: missed\ndata: {\"after\":%llu,\"upto\":%llu}\n\n",
        (unsigned long long)upto, (unsigned long long)after, (unsigned long long)upto);
}

// Under the lock.
static bool read_ring(wf_events *events, const wf_actor *actor, uint64_t *cursor,
                      wf_buffer *to)
{
    if (*cursor + 1 < events->first) {
        if (!say_missed(*cursor, events->first - 1, to))
            return false;
        *cursor = events->first - 1;
    }
    while (*cursor < events->upto && to->size < piece_bytes) {
        entry *one = &events->ring[(*cursor + 1) % ring_size];
        if (hears(actor, one) && !append_text(to, text_of(events->city, one)))
            return false;
        ++*cursor;
    }
    return true;
}

bool wf_events_read(wf_events *events, const wf_actor *actor, uint64_t *cursor,
                    wf_buffer *to)
{
    pthread_mutex_lock(&events->lock);
    bool done = read_ring(events, actor, cursor, to);
    pthread_mutex_unlock(&events->lock);
    return done;
}

// ---- what has left the ring ----

bool wf_events_is_behind(wf_events *events, uint64_t cursor)
{
    pthread_mutex_lock(&events->lock);
    bool behind = cursor + 1 < events->first;
    pthread_mutex_unlock(&events->lock);
    return behind;
}

typedef struct {
    wf_events *events;
    const wf_actor *actor;
    uint64_t *cursor;
    wf_buffer *to;
    unsigned count;
    bool failed;
} rereading;

static bool reread_one(void *context, const wf_shared_event *event)
{
    rereading *of = context;
    entry one;
    note_entry(event, &one);
    of->failed =
        hears(of->actor, &one) && !append_text(of->to, text_of(of->events->city, &one));
    if (of->failed)
        return false;
    *of->cursor = event->position;
    return ++of->count < reread_at_once && of->to->size < piece_bytes;
}

bool wf_events_reread(wf_events *events, wf_shared *shared, const wf_actor *actor,
                      uint64_t *cursor, wf_buffer *to)
{
    rereading of = {.events = events, .actor = actor, .cursor = cursor, .to = to};
    uint64_t before = *cursor;
    weft_error error = {0};
    weft_city *city;
    pthread_mutex_lock(&events->lock);
    uint64_t upto = events->first - 1;
    pthread_mutex_unlock(&events->lock);
    if (upto > *cursor + reread_most) {
        if (!say_missed(*cursor, upto - reread_most, to))
            return false;
        *cursor = upto - reread_most;
    }
    weft_status status = wf_shared_read(shared, &city, &error);
    if (status == WEFT_OK) {
        status = wf_shared_retell(city, *cursor, upto, reread_one, &of, &error);
        wf_shared_read_end(shared, city);
    }
    // Without the ledger, the ring: it says what it does not hold.
    bool moved = status == WEFT_OK && *cursor > before;
    return !of.failed && (moved || wf_events_read(events, actor, cursor, to));
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

void wf_events_free(wf_events *events)
{
    if (events == NULL)
        return;
    WF_ASSERT(events->listeners == NULL);
    pthread_mutex_destroy(&events->lock);
    free(events);
}

// ---- listeners ----

// Whoever it was may still listen, to the same.
static bool may_listen(listener *one, uint64_t now_ns)
{
    wf_exchange *x = one->x;
    const wf_server_options *options = &x->server->options;
    wf_actor actor = wf_actor_nobody();
    weft_error error = {0};
    if (now_ns - one->looked_ns < look_s * ns_a_second)
        return true;
    one->looked_ns = now_ns;
    x->machine_now = wf_clock_now();
    return options->identify(x, &actor, &error) == WEFT_OK &&
           options->allows(&actor, x->route->action) && actor.role == one->actor.role &&
           strcmp(actor.grid, one->actor.grid) == 0;
}

// A place without anything to say: where to go on from when the line breaks.
static bool say_place(listener *one, wf_buffer *to)
{
    return wf_buffer_printf(to, ":\nid: %llu\n\n", (unsigned long long)one->cursor);
}

static bool is_behind(void *context)
{
    const listener *one = context;
    return wf_events_is_behind(one->events, one->cursor);
}

static wf_stream_state next_events(void *context, wf_buffer *to)
{
    listener *one = context;
    uint64_t now = wf_clock_monotonic_ns();
    if (!may_listen(one, now))
        return WF_STREAM_END;
    bool done = one->ahead == 0 || say_missed(one->ahead, one->cursor, to);
    one->ahead = 0;
    if (done && is_behind(one))
        done = wf_events_reread(one->events, wf_exchange_shared(one->x), &one->actor,
                                &one->cursor, to);
    else if (done)
        done = wf_events_read(one->events, &one->actor, &one->cursor, to);
    // A grid of which nothing was told is told where it is.
    if (done && to->size == 0 && is_behind(one))
        done = say_place(one, to);
    if (done && to->size == 0 &&
        (one->said_ns == 0 || now - one->said_ns > heartbeat_s * ns_a_second))
        done = say_place(one, to);
    if (!done)
        return WF_STREAM_BROKEN;
    if (to->size == 0)
        return WF_STREAM_WAIT;
    one->said_ns = now;
    return WF_STREAM_MORE;
}

static void end_events(void *context)
{
    listener *one = context;
    wf_events *events = one->events;
    pthread_mutex_lock(&events->lock);
    if (one->before != NULL)
        one->before->after = one->after;
    else
        events->listeners = one->after;
    if (one->after != NULL)
        one->after->before = one->before;
    pthread_mutex_unlock(&events->lock);
    free(one);
}

static void begin_events(listener *one)
{
    wf_events *events = one->events;
    pthread_mutex_lock(&events->lock);
    one->after = events->listeners;
    if (one->after != NULL)
        one->after->before = one;
    events->listeners = one;
    pthread_mutex_unlock(&events->lock);
}

// From Last-Event-ID, or ?after, which a browser cannot set as a header the first time;
// else from now on. A ledger that was set back (a backup) is shorter than what was seen.
static bool read_cursor(const wf_exchange *x, uint64_t upto, uint64_t *ret,
                        uint64_t *ret_ahead)
{
    int64_t after;
    wf_text given = wf_exchange_header(x, "Last-Event-ID");
    if (given.bytes == NULL)
        given = wf_exchange_query(x, "after");
    *ret = upto;
    if (given.bytes == NULL)
        return true;
    if (!wf_parse_i64(given, 0, INT64_MAX, &after))
        return false;
    *ret = (uint64_t)after <= upto ? (uint64_t)after : upto;
    *ret_ahead = (uint64_t)after <= upto ? 0 : (uint64_t)after;
    return true;
}

static void stream_events(wf_exchange *x)
{
    weft_error error = {0};
    wf_events *events = x->server->events;
    uint64_t cursor, ahead = 0;
    listener *one = NULL;
    if (!read_cursor(x, wf_events_upto(events), &cursor, &ahead)) {
        wf_error_at(&error, NULL, 0, "Last-Event-ID");
        WF_IGNORE(wf_fail(&error, WEFT_BAD_INPUT, "http.parameter_wrong", "name",
                          "Last-Event-ID", NULL),
                  "it becomes the answer");
    } else if ((one = calloc(1, sizeof *one)) == NULL) {
        WF_IGNORE(wf_fail_memory(&error), "it becomes the answer");
    }
    if (one == NULL) {
        wf_exchange_fail(x, &error);
        return;
    }
    one->x = x;
    one->events = events;
    one->cursor = cursor;
    one->ahead = ahead;
    one->looked_ns = wf_clock_monotonic_ns();
    one->actor = *wf_exchange_actor(x);
    const wf_stream stream = {.next = next_events,
                              .done = end_events,
                              .context = one,
                              .wait_s = look_s,
                              .fast = true,
                              .slow = is_behind};
    begin_events(one);
    // nginx would gather them.
    WF_IGNORE(!wf_exchange_add_header(x, "X-Accel-Buffering", "no"),
              "they only come later");
    wf_exchange_stream(x, 200, "text/event-stream; charset=utf-8", &stream);
}

static const wf_parameter parameters[] = {
    {.name = "after",
     .place = WF_IN_QUERY,
     .type = WF_PARAMETER_WHOLE,
     .max = INT64_MAX,
     .zh = "从账本的这一条之后开始；未给则从现在开始",
     .en = "those after this position of the ledger; from now on when not given"},
    {.name = "Last-Event-ID",
     .place = WF_IN_HEADER,
     .bytes_max = 20,
     .zh = "同 after，浏览器重连时自动给出",
     .en = "as after; browsers send it when they come again"},
    {.name = NULL},
};

extern const wf_route wf_routes_events[];
const wf_route wf_routes_events[] = {
    {.method = "GET",
     .path = "/v1/events",
     .lane = WF_LANE_DASHBOARDS,
     .fast = true,
     .action = WF_ACTION_EVENTS,
     .operation = "listen",
     .parameters = parameters,
     .answers = {.media = WF_MEDIA_EVENTS},
     .zh = "事件流：本网格内刚入账的事实（种类、网格、时间，不含内容和个人；查询、导出和"
           "账户的"
           "事实只告诉能看其清单的角色）；再来时从上次之后接着给，超过一百万条以前的、或"
           "账本已退回的，以 missed 说明",
     .en =
         "a stream of events: facts of one's grid as they come (kind, grid, time; no "
         "body, nobody's id; looks, exports and accounts only for roles that read their "
         "lists); who comes again gets what came meanwhile; of what is more than a "
         "million "
         "facts ago, or of a ledger that was set back, `missed` says what is not told",
     .handle = stream_events},
    WF_ROUTES_END,
};
