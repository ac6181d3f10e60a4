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
    heartbeat_s = 20, // proxies cut what is silent for a minute
    look_s = 1        // a token that was revoked hears nothing after so long
};
static const uint64_t ns_a_second = 1000000000;

typedef struct {
    char grid[WF_GRID_BYTES_MAX + 1];
    uint32_t heard_by; // roles, as wf_kind has them
    uint16_t size;
    char text[text_bytes_max];
} entry;

typedef struct listener {
    wf_exchange *x;
    wf_events *events;
    uint64_t cursor;
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

static void write_entry(const weft_city *city, const wf_shared_event *event, entry *to)
{
    char at[WF_TIME_TEXT_MAX], received[WF_TIME_TEXT_MAX];
    char grid[sizeof to->grid] = "";
    memcpy(grid, event->grid.bytes,
           event->grid.size < sizeof grid ? event->grid.size : 0);
    memcpy(to->grid, grid, sizeof grid);
    to->heard_by = event->kind != NULL ? event->kind->heard_by : 0;
    // A code is digits and letters; what a sender may have put there instead is not
    // allowed to end the text.
    for (char *letter = grid; *letter != '\0'; letter++)
        if (*letter == '"' || *letter == '\\')
            *letter = '?';
    int size =
        snprintf(to->text, sizeof to->text,
                 "id: %llu\nevent: fact\ndata: {\"position\":%llu,\"kind\":\"%s\","
                 "\"grid\":\"%s\",\"at\":\"%s\",\"received\":\"%s\"}\n\n",
                 (unsigned long long)event->position, (unsigned long long)event->position,
                 event->kind != NULL ? event->kind->name : "", grid,
                 weft_city_time_text(city, event->at, at),
                 weft_city_time_text(city, event->received, received));
    WF_ASSERT(size > 0 && (size_t)size < sizeof to->text);
    to->size = (uint16_t)size;
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
        write_entry(events->city, &came[i], &events->ring[events->upto % ring_size]);
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

// Under the lock.
static bool read_ring(wf_events *events, const wf_actor *actor, uint64_t *cursor,
                      wf_buffer *to)
{
    if (*cursor + 1 < events->first) {
        uint64_t before = events->first - 1;
        if (!wf_buffer_printf(to,
                              "id: %llu\nevent: missed\ndata: {\"after\":%llu,\"upto\":"
                              "%llu}\n\n",
                              (unsigned long long)before, (unsigned long long)*cursor,
                              (unsigned long long)before))
            return false;
        *cursor = before;
    }
    while (*cursor < events->upto && to->size < piece_bytes) {
        const entry *one = &events->ring[(*cursor + 1) % ring_size];
        if (hears(actor, one) && !wf_buffer_append(to, one->text, one->size))
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

static wf_stream_state next_events(void *context, wf_buffer *to)
{
    listener *one = context;
    uint64_t now = wf_clock_monotonic_ns();
    if (!may_listen(one, now))
        return WF_STREAM_END;
    bool done = wf_events_read(one->events, &one->actor, &one->cursor, to);
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
// else from now on. What is ahead of the ledger is another city's: from the beginning.
static bool read_cursor(const wf_exchange *x, uint64_t upto, uint64_t *ret)
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
    *ret = (uint64_t)after <= upto ? (uint64_t)after : 0;
    return true;
}

static void stream_events(wf_exchange *x)
{
    weft_error error = {0};
    wf_events *events = x->server->events;
    uint64_t cursor;
    listener *one = NULL;
    if (!read_cursor(x, wf_events_upto(events), &cursor)) {
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
    one->looked_ns = wf_clock_monotonic_ns();
    one->actor = *wf_exchange_actor(x);
    const wf_stream stream = {.next = next_events,
                              .done = end_events,
                              .context = one,
                              .wait_s = look_s,
                              .fast = true};
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
           "事实只告诉能看其清单的角色）；落后太多时以 missed 说明漏了哪些",
     .en =
         "a stream of events: facts of one's grid as they come (kind, grid, time; no "
         "body, nobody's id; looks, exports and accounts only for roles that read their "
         "lists); who falls behind is told by `missed` what they missed",
     .handle = stream_events},
    WF_ROUTES_END,
};
