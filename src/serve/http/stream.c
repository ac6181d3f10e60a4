// Streams: answers in pieces, made as fast as the client reads.
//
// libmicrohttpd asks for bytes when the socket takes some. When there are none ready the
// connection is suspended (marked so first, under the lock), and either a worker is asked
// for the next piece or somebody's wake is waited for. So a slow client holds what is
// ready, at most a piece, and no thread.
#include <string.h>

#include "base/clock.h"
#include "serve/http/exchange_inside.h"

// What libmicrohttpd copies at a time, and holds for each stream: events are small, and
// thousands wait for them.
enum { block_bytes = 32 * 1024, event_block_bytes = 4 * 1024 };
static const uint64_t ns_a_second = 1000000000;

// Under the lock. The connection is woken after it is let go.
static bool take_suspended(wf_exchange *x)
{
    bool was = x->suspended;
    x->suspended = false;
    return was;
}

// What the last `next` said stands from here on.
static void settle(wf_exchange *x, wf_stream_state state)
{
    struct MHD_Connection *connection = x->connection;
    pthread_mutex_lock(&x->lock);
    x->stream.state = state;
    x->stream.at_work = false;
    x->stream.waits_since = wf_clock_monotonic_ns();
    // One that waits is not woken, unless something came while `next` ran.
    bool wake = (state != WF_STREAM_WAIT || x->stream.woken) && take_suspended(x);
    pthread_mutex_unlock(&x->lock);
    if (wake)
        MHD_resume_connection(connection);
}

static wf_stream_state make_next(wf_exchange *x)
{
    wf_streaming *stream = &x->stream;
    wf_buffer_clear(&stream->ready);
    stream->sent = 0;
    return stream->what.next(stream->what.context, &stream->ready);
}

static void run_next(wf_job *job, bool stopping)
{
    wf_exchange *x = (wf_exchange *)job;
    settle(x, stopping ? WF_STREAM_BROKEN : make_next(x));
}

static void suspend(wf_exchange *x)
{
    x->suspended = true;
    MHD_suspend_connection(x->connection);
}

// Asks for the next piece; the connection sleeps where it is not made here. Under the
// lock, which the stream's own functions run without.
static void ask_next(wf_exchange *x)
{
    wf_streaming *stream = &x->stream;
    stream->woken = false;
    stream->at_work = true;
    wf_guarded_phase(x->guarded, WF_PHASE_ANSWER, 0);
    pthread_mutex_unlock(&x->lock);
    bool fast = stream->what.fast &&
                (stream->what.slow == NULL || !stream->what.slow(stream->what.context));
    wf_stream_state state = fast ? make_next(x) : WF_STREAM_WAIT;
    pthread_mutex_lock(&x->lock);
    // Whoever runs it settles under the lock, which is held until the connection sleeps.
    x->job.run = run_next;
    x->job.turn = false; // it has had it
    if (!fast && wf_lanes_continue(x->server->lanes, &x->job)) {
        suspend(x);
        return;
    }
    if (!fast)
        state = WF_STREAM_BROKEN;
    stream->state = state;
    stream->at_work = false;
    stream->waits_since = wf_clock_monotonic_ns();
}

// A piece that begins to leave has its time to do so; a listener's pieces are few, and
// its silence is no slowness.
static ssize_t give_ready(wf_exchange *x, char *to, size_t most)
{
    wf_streaming *stream = &x->stream;
    if (stream->sent == 0 && !stream->what.fast)
        wf_guarded_phase(x->guarded, WF_PHASE_SEND, stream->ready.size);
    size_t left = stream->ready.size - stream->sent;
    size_t size = left < most ? left : most;
    memcpy(to, stream->ready.bytes + stream->sent, size);
    stream->sent += size;
    return (ssize_t)size;
}

static bool is_over(const wf_exchange *x)
{
    return atomic_load(&x->server->over);
}

// When the service ends, what has nothing to say ends, and what is being sent goes on.
static bool is_left(const wf_exchange *x)
{
    return x->stream.state == WF_STREAM_WAIT && !x->stream.what.whole &&
           atomic_load(&x->server->stopping);
}

static bool wants_next(const wf_exchange *x)
{
    const wf_streaming *stream = &x->stream;
    if (stream->at_work || stream->sent < stream->ready.size || is_over(x))
        return false;
    return stream->state == WF_STREAM_MORE ||
           (stream->state == WF_STREAM_WAIT && stream->woken);
}

static ssize_t read_stream(void *context, uint64_t position, char *to, size_t most)
{
    wf_exchange *x = context;
    wf_streaming *stream = &x->stream;
    ssize_t given = 0;
    (void)position;
    pthread_mutex_lock(&x->lock);
    if (wants_next(x))
        ask_next(x);
    if (!stream->at_work && stream->sent < stream->ready.size)
        given = give_ready(x, to, most);
    else if (!stream->at_work && (stream->state == WF_STREAM_END || is_left(x)))
        given = MHD_CONTENT_READER_END_OF_STREAM;
    else if (!stream->at_work && (stream->state == WF_STREAM_BROKEN || is_over(x)))
        given = MHD_CONTENT_READER_END_WITH_ERROR;
    else if (!stream->at_work && stream->state == WF_STREAM_WAIT && !stream->woken)
        suspend(x);
    pthread_mutex_unlock(&x->lock);
    return given;
}

// ---- waking ----

void wf_exchange_wake(wf_exchange *x)
{
    struct MHD_Connection *connection = x->connection;
    pthread_mutex_lock(&x->lock);
    x->stream.woken = true;
    bool wake = x->finished && !x->stream.at_work && take_suspended(x);
    pthread_mutex_unlock(&x->lock);
    if (wake)
        MHD_resume_connection(connection);
}

void wf_streams_tick(wf_server *server, bool all)
{
    uint64_t now = wf_clock_monotonic_ns();
    pthread_mutex_lock(&server->tick_lock);
    for (wf_exchange *x = server->streams; x != NULL; x = x->stream.after) {
        pthread_mutex_lock(&x->lock);
        uint64_t since = x->stream.waits_since;
        pthread_mutex_unlock(&x->lock);
        uint64_t wait_ns = x->stream.what.wait_s * ns_a_second;
        if (all || (wait_ns > 0 && now > since && now - since >= wait_ns))
            wf_exchange_wake(x);
    }
    pthread_mutex_unlock(&server->tick_lock);
}

// ---- beginning and end ----

static bool is_same_actor(const wf_actor *a, const wf_actor *b)
{
    return a->kind == b->kind && strcmp(a->name, b->name) == 0;
}

// The list in which those of the exchange's actor are, among few others: thousands who
// come at once would each look through all who came before.
static wf_exchange **streams_of(const wf_exchange *x)
{
    size_t share = wf_intake_share(&x->server->intake, &x->actor);
    return &x->server->streams_of[share % wf_stream_shares];
}

// Under the lock of the list, as leave_lists.
static void enter_lists(wf_exchange *x)
{
    wf_server *server = x->server;
    wf_exchange **own = streams_of(x);
    x->stream.after = server->streams;
    if (server->streams != NULL)
        server->streams->stream.before = x;
    server->streams = x;
    x->stream.beside = *own;
    *own = x;
}

static void leave_lists(wf_exchange *x)
{
    wf_server *server = x->server;
    wf_streaming *stream = &x->stream;
    wf_exchange **own = streams_of(x);
    if (stream->before != NULL)
        stream->before->stream.after = stream->after;
    else
        server->streams = stream->after;
    if (stream->after != NULL)
        stream->after->stream.before = stream->before;
    while (*own != x)
        own = &(*own)->stream.beside;
    *own = stream->beside;
}

weft_status wf_exchange_may_stream(wf_exchange *x, weft_error *error)
{
    wf_server *server = x->server;
    size_t count = 0;
    pthread_mutex_lock(&server->tick_lock);
    for (const wf_exchange *one = *streams_of(x); one != NULL; one = one->stream.beside)
        count += is_same_actor(&one->actor, &x->actor);
    pthread_mutex_unlock(&server->tick_lock);
    return count < wf_exchange_streams_max
               ? WEFT_OK
               : wf_fail(error, WEFT_BUSY, "http.streams", NULL);
}

// Called when the connection lets the response go.
static void end_stream(void *context)
{
    wf_exchange *x = context;
    wf_server *server = x->server;
    pthread_mutex_lock(&server->tick_lock);
    leave_lists(x);
    pthread_mutex_unlock(&server->tick_lock);
    x->stream.what.done(x->stream.what.context);
    wf_buffer_wipe(&x->stream.ready);
    wf_exchange_release(x);
}

struct MHD_Response *wf_stream_response(wf_exchange *x)
{
    wf_server *server = x->server;
    struct MHD_Response *response = MHD_create_response_from_callback(
        x->stream.what.size > 0 ? x->stream.what.size : MHD_SIZE_UNKNOWN,
        x->stream.what.fast ? event_block_bytes : block_bytes, read_stream, x,
        end_stream);
    if (response == NULL) {
        x->stream.what.done(x->stream.what.context);
        return NULL;
    }
    atomic_fetch_add(&x->holders, 1);
    x->stream.waits_since = wf_clock_monotonic_ns();
    pthread_mutex_lock(&server->tick_lock);
    enter_lists(x);
    pthread_mutex_unlock(&server->tick_lock);
    return response;
}
