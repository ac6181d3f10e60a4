// What an exchange is, for files of src/serve; handlers see exchange.h.
//
// The way of a request, all on the connection's thread but 4:
//
//   1. begin      the request line is there: an exchange is made of the raw target
//   2. judge      the headers are there: framing, target, route, who, parameters
//   3. the body   gathered up to the route's limit
//   4. answer     the handler, on a worker; the connection is suspended meanwhile
//   5. reply      what the handler left is given to libmicrohttpd
//   6. end        the answer has left, or the client has: log, metrics, free
//
// `lock` guards `finished` and `suspended`: a connection is marked as suspended under it
// before it is, so that whoever finishes knows whether there is somebody to wake.
#ifndef WF_SERVE_HTTP_EXCHANGE_INSIDE_H
#define WF_SERVE_HTTP_EXCHANGE_INSIDE_H

#include <microhttpd.h>
#include <pthread.h>

#include "serve/http/exchange.h"
#include "serve/http/guard.h"
#include "serve/http/headers.h"
#include "serve/http/target.h"
#include "serve/server_inside.h"

enum {
    wf_exchange_headers_max = 16,
    wf_exchange_arena_bytes = 16 << 20,
    wf_exchange_id_digits = 16
};

typedef struct {
    const char *name;
    char *value;
} wf_reply_header;

// A stream that has begun, and what of it is still to leave.
typedef struct {
    wf_stream what;
    wf_buffer ready;
    size_t sent;
    wf_stream_state state;              // of the last `next`
    bool at_work;                       // `next` runs or waits for a worker
    bool woken;                         // there may be more than the last `next` saw
    uint64_t waits_since;               // monotonic; of `wait_s`
    struct wf_exchange *before, *after; // in the server's list of streams
    struct wf_exchange *beside;         // in that of whose it is
} wf_streaming;

struct wf_exchange {
    wf_job job;               // first: a lane gives it back
    _Atomic unsigned holders; // the connection; the response, if it is a stream
    wf_server *server;
    const wf_door *door; // where it came in
    struct MHD_Connection *connection;
    wf_guarded *guarded; // NULL when the connection was not noted
    char id[wf_exchange_id_digits + 1];
    uint64_t began_ns;

    // ---- the request ----
    const char *came; // the target where it came in: until the headers are judged
    char *raw;        // a copy of it, behind the exchange
    char *room;       // its decoded texts, behind that
    wf_framing framing;
    const wf_route *route;
    size_t route_index; // of wf_routes; their count: none
    const char *method;
    bool is_old; // HTTP/1.0
    wf_actor actor;
    uint64_t actor_seen_ns; // when a stream last asked whether they still may
    wf_language language;
    wf_buffer body;
    size_t body_share;   // of whom it is counted
    size_t body_counted; // bytes of it that are
    bool judged, answering;
    bool took_place; // of its lane, and so a worker; given back when the answer is set
    // Why the body is not taken; NULL: it is.
    const char *body_refused;
    char address[48];
    weft_time now, machine_now;
    wf_arena arena;

    // ---- the answer ----
    pthread_mutex_t lock;
    bool finished, suspended; // under the lock
    unsigned status;
    struct MHD_Response *response;
    size_t reply_bytes; // of a response that is whole
    bool close;         // the connection ends with this answer
    wf_reply_header added[wf_exchange_headers_max];
    size_t added_count;
    bool is_stream;
    wf_streaming stream; // its parts that change are under the lock

    // Of the request, too. They are large, and are not zeroed but for their counts: from
    // here on to the end.
    wf_target target;
    wf_headers headers;
};

// ---- exchange.c ----

wf_exchange *wf_exchange_new(const wf_door *door, struct MHD_Connection *connection,
                             const char *target);
// One of its holders lets go; the last frees it.
void wf_exchange_release(wf_exchange *x);
// The same of its connection, when the answer has left: what workers filled is given back
// by one of them, where they are busy.
void wf_exchange_let_go(wf_exchange *x);
// Runs the handler here or on a worker; suspends the connection when it is not done.
void wf_exchange_dispatch(wf_exchange *x);
// Lets go of what came of the body.
void wf_exchange_drop_body(wf_exchange *x);
// The answer is set: wakes the connection. The exchange is not touched after.
void wf_exchange_finish(wf_exchange *x);

// ---- judge.c ----

// What the headers say. False when there is an answer already.
bool wf_exchange_judge(wf_exchange *x, const char *method, const char *version);

// ---- identify.c ----

// By token, session or single sign-on: WEFT_NOT_ALLOWED ("access.…").
weft_status wf_exchange_identify(wf_exchange *x, wf_actor *ret,
                                 weft_error *error) WEFT_MUST_CHECK;

// ---- reply.c ----

// An answer of `status` with the sentences of `error`.
void wf_reply_error(wf_exchange *x, unsigned status, const weft_error *error);
// As wf_reply_error where the exchange is not under way yet: nobody is woken.
void wf_reply_refuse(wf_exchange *x, unsigned status, const weft_error *error);
// Gives the answer to libmicrohttpd.
enum MHD_Result wf_reply_queue(wf_exchange *x);

// ---- stream.c ----

struct MHD_Response *wf_stream_response(wf_exchange *x);
// Wakes the streams that have waited long enough; all of them when `all`.
void wf_streams_tick(wf_server *server, bool all);

#endif
