#include "serve/http/connection.h"

#include <string.h>

#include "base/clock.h"
#include "base/parallel.h"
#include "serve/http/exchange_inside.h"

enum {
    // Of a client that neither reads nor sends; longer than proxies keep a connection.
    idle_s = 76,
    backlog = 1024,
    // What is refused with a body this small is read to its end, so that its sender is
    // not cut off from the answer.
    refused_body_bytes_max = 64 * 1024
};

// ---- connections ----

static void count(const wf_door *door, wf_metrics_counter counter)
{
    wf_metrics_add(door->server->metrics, door->name, counter, 1);
}

static enum MHD_Result admit(void *context, const struct sockaddr *address,
                             socklen_t size)
{
    const wf_door *door = context;
    (void)size;
    if (!atomic_load(&door->server->stopping) && wf_guard_admits(door->guard, address))
        return MHD_YES;
    count(door, WF_METRICS_TURNED_AWAY);
    return MHD_NO;
}

static void begin_connection(const wf_door *door, struct MHD_Connection *connection,
                             void **noted)
{
    const union MHD_ConnectionInfo *socket =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *address =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    count(door, WF_METRICS_OPENED);
    if (socket != NULL)
        *noted = wf_guard_add(door->guard, socket->connect_fd,
                              address != NULL ? address->client_addr : NULL);
}

static void note_connection(void *context, struct MHD_Connection *connection,
                            void **noted, enum MHD_ConnectionNotificationCode code)
{
    const wf_door *door = context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        begin_connection(door, connection, noted);
        return;
    }
    count(door, WF_METRICS_CLOSED);
    wf_guard_remove(door->guard, *noted);
    *noted = NULL;
}

static wf_guarded *guarded_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *noted =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return noted != NULL ? noted->socket_context : NULL;
}

// ---- requests ----

// The target as it came: libmicrohttpd's own reading of it is not used.
static void *begin_request(void *context, const char *target,
                           struct MHD_Connection *connection)
{
    wf_exchange *x = wf_exchange_new(context, connection, target);
    if (x != NULL)
        x->guarded = guarded_of(connection);
    wf_guarded_phase(guarded_of(connection), WF_PHASE_HEADERS, 0);
    return x;
}

static size_t leave_escaped(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    size_t size = 0;
    while (text[size] != '\0')
        size++;
    return size;
}

static void say_request(const wf_exchange *x, uint64_t ns)
{
    static const char *const kinds[] = {"nobody", "owner", "device", "user"};
    const wf_route *route = x->route;
    bool has_role = x->actor.kind == WF_ACTOR_DEVICE || x->actor.kind == WF_ACTOR_USER;
    wf_log_often(x->server->log, "request",
                 "method=%s route=%s status=%u ms=%.1f lane=%s id=%s actor=%s role=%s",
                 route != NULL ? route->method : "-", route != NULL ? route->path : "-",
                 x->status, (double)ns / 1e6,
                 route != NULL ? wf_lane_words[route->lane] : "-", x->id,
                 kinds[x->actor.kind], has_role ? wf_role_words[x->actor.role] : "-");
}

static void end_request(void *context, struct MHD_Connection *connection, void **of,
                        enum MHD_RequestTerminationCode code)
{
    const wf_door *door = context;
    wf_exchange *x = *of;
    (void)code;
    wf_guarded_phase(guarded_of(connection), WF_PHASE_BETWEEN, 0);
    if (x == NULL)
        return;
    *of = NULL;
    uint64_t ns = wf_clock_monotonic_ns() - x->began_ns;
    if (x->judged && x->status != 0) {
        wf_metrics_request(door->server->metrics, x->route_index, x->status, ns);
        count(door, WF_METRICS_ANSWERED);
        say_request(x, ns);
    }
    wf_exchange_let_go(x);
}

static bool is_finished(wf_exchange *x)
{
    pthread_mutex_lock(&x->lock);
    bool finished = x->finished;
    pthread_mutex_unlock(&x->lock);
    return finished;
}

static enum MHD_Result judge(wf_exchange *x, const char *method, const char *version)
{
    bool good = wf_exchange_judge(x, method, version);
    bool small = !x->framing.chunked && x->framing.length <= refused_body_bytes_max;
    if (good) {
        if (x->framing.has_body)
            x->body.limit = x->route->body.bytes_max;
        return MHD_YES;
    }
    // An answer here ends the connection: only where it has to end.
    return x->close || !small ? wf_reply_queue(x) : MHD_YES;
}

// What is refused is let go of at once, though its sender may go on for long.
static void gather(wf_exchange *x, const char *bytes, size_t size)
{
    if (x->body_refused != NULL || is_finished(x))
        return; // and it has no more time than it had
    wf_guarded_came(x->guarded, size);
    if (!wf_intake_take(&x->server->intake, x->body_share, x->body_counted, size)) {
        x->body_refused = "http.bodies";
    } else {
        x->body_counted += size;
        if (!wf_buffer_append(&x->body, bytes, size))
            x->body_refused = "http.body_too_large";
    }
    if (x->body_refused != NULL)
        wf_exchange_drop_body(x);
}

static void refuse_body(wf_exchange *x)
{
    weft_error error = {0};
    bool busy = strcmp(x->body_refused, "http.bodies") == 0;
    x->close = true;
    WF_IGNORE(wf_fail(&error, busy ? WEFT_BUSY : WEFT_TOO_LARGE, x->body_refused, NULL),
              "it becomes the answer");
    if (busy)
        WF_IGNORE(!wf_exchange_add_header(x, "Retry-After", "2"),
                  "without memory the status says it");
    wf_reply_refuse(x, busy ? 503 : 413, &error);
}

// Called with the headers, with each part of the body, at its end, and when it is woken.
static enum MHD_Result handle(void *context, struct MHD_Connection *connection,
                              const char *target, const char *method, const char *version,
                              const char *body, size_t *body_size, void **of)
{
    wf_exchange *x = *of;
    (void)context;
    (void)connection;
    (void)target;
    if (x == NULL) // without memory
        return MHD_NO;
    if (!x->judged)
        return judge(x, method, version);
    if (*body_size > 0) {
        gather(x, body, *body_size);
        *body_size = 0;
        return MHD_YES;
    }
    if (!x->answering && !is_finished(x)) {
        if (x->body_refused != NULL)
            refuse_body(x);
        else
            wf_exchange_dispatch(x);
    }
    return is_finished(x) ? wf_reply_queue(x) : MHD_YES;
}

// ---- the daemon ----

static void say_nothing(void *context, const char *format, va_list arguments)
{
    // What it complains of are clients, and it would quote them.
    (void)context;
    (void)format;
    (void)arguments;
}

static void *start_daemon(void *context)
{
    wf_door *door = context;
    if (door->nice != 0) // else as nice as the whole service was begun
        wf_thread_nice(door->nice);
    wf_thread_prompt();
    door->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0,
        admit, door, handle, door, MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
        MHD_OPTION_LISTEN_SOCKET, door->socket, MHD_OPTION_THREAD_POOL_SIZE,
        door->threads, MHD_OPTION_CONNECTION_LIMIT, (unsigned)door->connections,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)wf_header_memory_bytes,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)idle_s, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_LISTEN_BACKLOG_SIZE, (unsigned)backlog, MHD_OPTION_URI_LOG_CALLBACK,
        begin_request, door, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, end_request, door, MHD_OPTION_NOTIFY_CONNECTION,
        note_connection, door, MHD_OPTION_END);
    return NULL;
}

// The daemon's threads are as nice as the one that begins them, and no thread gets less
// nice again: so that one is made for it.
weft_status wf_door_open(wf_door *door, weft_error *error)
{
    pthread_t starter;
    if (pthread_create(&starter, NULL, start_daemon, door) != 0)
        return wf_fail_memory(error);
    WF_ASSERT(pthread_join(starter, NULL) == 0);
    return door->daemon != NULL ? WEFT_OK : wf_fail_memory(error);
}
