#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "serve/http/exchange_inside.h"
#include "serve/http/language.h"

// ---- beginning and end ----

static void draw_id(wf_server *server, char ret[wf_exchange_id_digits + 1])
{
    static const char digits[] = "0123456789abcdef";
    // An odd factor permutes: ids of one run never repeat, and do not look like a count.
    uint64_t id = (server->ids_from + atomic_fetch_add(&server->ids, 1)) *
                  UINT64_C(0x9e3779b97f4a7c15);
    for (size_t i = 0; i < wf_exchange_id_digits; i++)
        ret[i] = digits[id >> (60 - 4 * i) & 15];
    ret[wf_exchange_id_digits] = '\0';
}

wf_exchange *wf_exchange_new(const wf_door *door, struct MHD_Connection *connection,
                             const char *target)
{
    wf_server *server = door->server;
    size_t size = strlen(target);
    wf_exchange *x = malloc(sizeof *x + 2 * size + 3);
    if (x == NULL)
        return NULL;
    memset(x, 0, offsetof(wf_exchange, target));
    x->target.segments_count = x->target.pairs_count = 0;
    memset(&x->headers, 0, offsetof(wf_headers, items));
    x->raw = (char *)(x + 1);
    x->room = x->raw + size + 1;
    x->came = target;
    memcpy(x->raw, target, size + 1);
    x->holders = 1;
    x->server = server;
    x->door = door;
    x->connection = connection;
    x->began_ns = wf_clock_monotonic_ns();
    x->route_index = server->routes.count;
    x->language = WF_LANGUAGE_ZH;
    x->actor = wf_actor_nobody();
    WF_ASSERT(pthread_mutex_init(&x->lock, NULL) == 0);
    wf_arena_init(&x->arena, wf_exchange_arena_bytes);
    draw_id(server, x->id);
    atomic_fetch_add(&server->exchanges, 1);
    return x;
}

void wf_exchange_drop_body(wf_exchange *x)
{
    wf_intake_give_back(&x->server->intake, x->body_share, x->body_counted);
    x->body_counted = 0;
    // It may hold a password or rows about people.
    wf_buffer_wipe(&x->body);
}

void wf_exchange_release(wf_exchange *x)
{
    wf_server *server = x->server;
    if (atomic_fetch_sub(&x->holders, 1) > 1)
        return;
    if (x->response != NULL)
        MHD_destroy_response(x->response);
    for (size_t i = 0; i < x->added_count; i++)
        free(x->added[i].value);
    wf_exchange_drop_body(x);
    wf_arena_done(&x->arena);
    pthread_mutex_destroy(&x->lock);
    free(x);
    atomic_fetch_sub(&server->exchanges, 1);
}

static void run_release(wf_job *job, bool stopping)
{
    (void)stopping;
    wf_exchange_release((wf_exchange *)job);
}

void wf_exchange_let_go(wf_exchange *x)
{
    // A stream's job may still be at work.
    if (x->took_place && !x->is_stream) {
        x->job.run = run_release;
        if (wf_lanes_leave_behind(x->server->lanes, &x->job))
            return;
    }
    wf_exchange_release(x);
}

// ---- under way ----

void wf_exchange_finish(wf_exchange *x)
{
    struct MHD_Connection *connection = x->connection;
    if (x->took_place)
        wf_lanes_leave(x->server->lanes, x->route->lane);
    pthread_mutex_lock(&x->lock);
    WF_ASSERT(!x->finished);
    x->finished = true;
    bool wake = x->suspended;
    x->suspended = false;
    pthread_mutex_unlock(&x->lock);
    // Who is not suspended finds `finished` by itself; the exchange may be gone already.
    if (wake)
        MHD_resume_connection(connection);
}

static void refuse_stopping(wf_exchange *x)
{
    weft_error error = {0};
    WF_IGNORE(wf_fail(&error, WEFT_BUSY, "http.stopping", NULL), "it becomes the answer");
    wf_exchange_fail(x, &error);
}

static void run_job(wf_job *job, bool stopping)
{
    wf_exchange *x = (wf_exchange *)job;
    if (stopping)
        refuse_stopping(x);
    else
        x->route->handle(x);
}

static void refuse_full(wf_exchange *x)
{
    // Those behind have to wait longer for their turn.
    static const char *const after_s[WF_LANE_COUNT] = {"1", "2", "3", "5", "5", "10"};
    weft_error error = {0};
    WF_IGNORE(wf_fail(&error, WEFT_BUSY, "http.full", "lane",
                      wf_lane_words[x->route->lane], NULL),
              "it becomes the answer");
    WF_IGNORE(!wf_exchange_add_header(x, "Retry-After", after_s[x->route->lane]),
              "without memory the answer says 503 all the same");
    wf_reply_refuse(x, weft_status_http(WEFT_BUSY) == 503 ? 503 : 500, &error);
}

static void wait_for_worker(wf_exchange *x)
{
    x->took_place = true; // before a worker has it and finishes
    if (wf_lanes_offer(x->server->lanes, &x->job))
        return;
    x->took_place = false;
    if (atomic_load(&x->server->over)) // no lane takes anything any more
        refuse_stopping(x);
    else
        refuse_full(x);
}

void wf_exchange_dispatch(wf_exchange *x)
{
    x->answering = true;
    wf_guarded_phase(x->guarded, WF_PHASE_ANSWER, 0);
    x->job.lane = x->route->lane;
    x->job.turn = x->route->turn;
    x->job.run = run_job;
    if (x->route->fast)
        x->route->handle(x);
    else if (x->route->at_once != NULL && x->route->at_once(x))
        return;
    else
        wait_for_worker(x);
    // Marked under the lock before it is so: whoever finishes from now on wakes it.
    pthread_mutex_lock(&x->lock);
    if (!x->finished) {
        x->suspended = true;
        MHD_suspend_connection(x->connection);
    }
    pthread_mutex_unlock(&x->lock);
}

// ---- what was asked ----

const wf_actor *wf_exchange_actor(const wf_exchange *x)
{
    return &x->actor;
}

const wf_route *wf_exchange_route(const wf_exchange *x)
{
    return x->route;
}

wf_language wf_exchange_language(const wf_exchange *x)
{
    return x->language;
}

wf_text wf_exchange_query(const wf_exchange *x, const char *name)
{
    return wf_target_pair(&x->target, wf_text_of(name));
}

bool wf_exchange_wants_csv(const wf_exchange *x)
{
    wf_text format = wf_exchange_query(x, "format");
    if (format.bytes != NULL)
        return wf_text_equal(format, WF_TEXT("csv"));
    wf_text accept = wf_exchange_header(x, "Accept");
    return accept.size >= 8 && strncasecmp(accept.bytes, "text/csv", 8) == 0;
}

wf_text wf_exchange_path(const wf_exchange *x, const char *name)
{
    return wf_route_segment(x->route, &x->target, name);
}

wf_text wf_exchange_header(const wf_exchange *x, const char *name)
{
    return wf_headers_get(&x->headers, name);
}

wf_text wf_exchange_cookie(const wf_exchange *x, const char *name)
{
    return wf_cookie_get(wf_headers_get(&x->headers, "Cookie"), wf_text_of(name));
}

int64_t wf_exchange_whole(const wf_exchange *x, const char *name, int64_t otherwise)
{
    int64_t value;
    wf_text text = wf_exchange_query(x, name);
    return text.bytes != NULL && wf_parse_i64(text, INT64_MIN, INT64_MAX, &value)
               ? value
               : otherwise;
}

size_t wf_exchange_query_count(const wf_exchange *x)
{
    return x->target.pairs_count;
}

void wf_exchange_query_at(const wf_exchange *x, size_t index, wf_text *ret_name,
                          wf_text *ret_value)
{
    WF_ASSERT(index < x->target.pairs_count);
    *ret_name = x->target.pairs[index].name;
    *ret_value = x->target.pairs[index].value;
}

wf_text wf_exchange_body(const wf_exchange *x)
{
    return wf_buffer_text(&x->body);
}

const char *wf_exchange_address(const wf_exchange *x)
{
    return x->address;
}

// ---- around it ----

wf_shared *wf_exchange_shared(const wf_exchange *x)
{
    return x->server->shared;
}

weft_status wf_exchange_own(const wf_exchange *x, weft_city **ret, weft_error *error)
{
    WF_ASSERT(x->route->turn);
    return wf_shared_own(x->server->shared, ret, error);
}

wf_accounts *wf_exchange_accounts(const wf_exchange *x)
{
    return x->server->city->accounts;
}

wf_clocks *wf_exchange_clocks(const wf_exchange *x)
{
    return x->server->clocks;
}

wf_looks *wf_exchange_looks(const wf_exchange *x)
{
    return x->server->looks;
}

const weft_city *wf_exchange_city(const wf_exchange *x)
{
    return x->server->city;
}

weft_time wf_exchange_now(const wf_exchange *x)
{
    return x->now;
}

weft_time wf_exchange_machine_now(const wf_exchange *x)
{
    return x->machine_now;
}

wf_arena *wf_exchange_arena(wf_exchange *x)
{
    return &x->arena;
}

const char *wf_exchange_id(const wf_exchange *x)
{
    return x->id;
}

void wf_exchange_looked(const wf_exchange *x)
{
    wf_metrics_look(x->server->metrics);
}

bool wf_exchange_may_still(wf_exchange *x)
{
    static const uint64_t look_ns = 1000000000;
    const wf_server_options *options = &x->server->options;
    uint64_t now_ns = wf_clock_monotonic_ns();
    wf_actor actor = wf_actor_nobody();
    weft_error error = {0};
    uint64_t seen_ns = x->actor_seen_ns != 0 ? x->actor_seen_ns : x->began_ns;
    if (now_ns - seen_ns < look_ns)
        return true;
    x->actor_seen_ns = now_ns;
    x->machine_now = wf_clock_now();
    return options->identify(x, &actor, &error) == WEFT_OK &&
           options->allows(&actor, x->route->action) && actor.role == x->actor.role &&
           strcmp(actor.grid, x->actor.grid) == 0;
}

bool wf_exchange_notices_cuts(const wf_exchange *x)
{
    return !x->is_old;
}

bool wf_exchange_is_head(const wf_exchange *x)
{
    return strcmp(x->method, "HEAD") == 0;
}

bool wf_exchange_stopping(const wf_exchange *x)
{
    return atomic_load(&x->server->stopping);
}

// While a worker has it the connection is suspended: nobody else looks at its socket, and
// it is there.
bool wf_exchange_left(const wf_exchange *x)
{
    const union MHD_ConnectionInfo *socket =
        MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct pollfd of = {.fd = socket != NULL ? socket->connect_fd : -1,
                        .events = POLLRDHUP};
    return poll(&of, 1, 0) == 1;
}
