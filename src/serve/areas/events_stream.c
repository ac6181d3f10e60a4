// Listeners over HTTP: a stream of events that waits for its audience, says where it is
// while nothing comes, and ends when its token may listen no more.
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "serve/areas/events.h"
#include "serve/http/exchange_inside.h"

enum {
    heartbeat_s = 20, // proxies cut what is silent for a minute
    look_s = 1        // a token that was revoked hears nothing after so long
};
static const uint64_t ns_a_second = 1000000000;

typedef struct {
    wf_listener base;
    wf_exchange *x;
    wf_events *events;
    uint64_t ahead; // what it has seen of a ledger that was longer; 0: nothing
    uint64_t said_ns;
} listener;

static bool is_behind(void *context)
{
    const listener *one = context;
    return wf_events_is_behind(one->events, &one->base);
}

static wf_stream_state next_events(void *context, wf_buffer *to)
{
    listener *one = context;
    uint64_t now = wf_clock_monotonic_ns();
    if (!wf_exchange_may_still(one->x))
        return WF_STREAM_END;
    bool done = one->ahead == 0 || wf_events_say_missed(one->ahead, one->base.cursor, to);
    one->ahead = 0;
    if (done && is_behind(one))
        done = wf_events_reread(one->events, wf_exchange_shared(one->x), &one->base, to);
    else if (done)
        done = wf_events_read(one->events, &one->base, to);
    // A grid of which nothing was told is told where it is.
    if (done && to->size == 0 && is_behind(one))
        done = wf_events_say_place(&one->base, to);
    if (done && to->size == 0 &&
        (one->said_ns == 0 || now - one->said_ns > heartbeat_s * ns_a_second))
        done = wf_events_say_place(&one->base, to);
    if (!done)
        return WF_STREAM_BROKEN;
    if (to->size == 0)
        return WF_STREAM_WAIT;
    one->said_ns = now;
    return WF_STREAM_MORE;
}

static void wake(wf_listener *base)
{
    wf_exchange_wake(((listener *)base)->x);
}

static void end_events(void *context)
{
    listener *one = context;
    wf_events_leave(one->events, &one->base);
    free(one);
}

// A listener that hears what the exchange's actor may.
static weft_status begin_events(wf_exchange *x, uint64_t cursor, uint64_t ahead,
                                listener **ret, weft_error *error)
{
    listener *one = calloc(1, sizeof *one);
    if (one == NULL)
        return wf_fail_memory(error);
    *one = (listener){.base = {.cursor = cursor, .wake = wake},
                      .x = x,
                      .events = x->server->events,
                      .ahead = ahead};
    weft_status status =
        wf_events_join(one->events, wf_exchange_actor(x), &one->base, error);
    if (status != WEFT_OK)
        free(one);
    else
        *ret = one;
    return status;
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
    uint64_t cursor, ahead = 0;
    listener *one = NULL;
    weft_status status = WEFT_OK;
    if (!read_cursor(x, wf_events_upto(x->server->events), &cursor, &ahead)) {
        wf_error_at(&error, NULL, 0, "Last-Event-ID");
        status = wf_fail(&error, WEFT_BAD_INPUT, "http.parameter_wrong", "name",
                         "Last-Event-ID", NULL);
    }
    if (status == WEFT_OK)
        status = wf_exchange_may_stream(x, &error);
    if (status == WEFT_OK)
        status = begin_events(x, cursor, ahead, &one, &error);
    if (status != WEFT_OK) {
        wf_exchange_fail(x, &error);
        return;
    }
    const wf_stream stream = {.next = next_events,
                              .done = end_events,
                              .context = one,
                              .wait_s = look_s,
                              .fast = true,
                              .slow = is_behind};
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

static const wf_schema event_schema = {
    "Event",
    "{\"oneOf\":[{\"type\":\"object\",\"description\":\"event: fact\","
    "\"required\":[\"position\",\"kind\",\"grid\",\"at\",\"received\"],"
    "\"additionalProperties\":false,\"properties\":{"
    "\"position\":{\"type\":\"integer\",\"minimum\":1},"
    "\"kind\":{\"type\":\"string\"},\"grid\":{\"type\":\"string\"},"
    "\"at\":{\"type\":\"string\",\"format\":\"date-time\"},"
    "\"received\":{\"type\":\"string\",\"format\":\"date-time\"}}},"
    "{\"type\":\"object\",\"description\":\"event: missed; those after one position, "
    "up to another, are not told\",\"required\":[\"after\",\"upto\"],"
    "\"additionalProperties\":false,\"properties\":{"
    "\"after\":{\"type\":\"integer\",\"minimum\":0},"
    "\"upto\":{\"type\":\"integer\",\"minimum\":0}}}]}"};

extern const wf_route wf_routes_events[];
const wf_route wf_routes_events[] = {
    {.method = "GET",
     .path = "/v1/events",
     .lane = WF_LANE_DASHBOARDS,
     .fast = true,
     .action = WF_ACTION_EVENTS,
     .operation = "listen",
     .parameters = parameters,
     .answers = {.media = WF_MEDIA_EVENTS, .schema = &event_schema},
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
