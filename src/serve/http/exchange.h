// An exchange: one request and its answer, as a handler sees it.
//
// A handler runs on a worker of its route's lane (on the connection's thread where the
// route is `fast`). It ends the exchange with exactly one of wf_exchange_json, _bytes,
// _file, _empty, _stream or _fail, itself or later from any thread: one that has not
// ended when the handler returns is pending, and costs no thread. After that call the
// exchange must not be touched any more (a stream's only by wf_exchange_wake).
//
// What the functions here return is borrowed and lives as long as the exchange. Threads:
// one at a time on one exchange, except wf_exchange_wake and _stopping.
#ifndef WF_SERVE_HTTP_EXCHANGE_H
#define WF_SERVE_HTTP_EXCHANGE_H

#include <jansson.h>

#include "access/shared/shared.h"
#include "model/catalogue.h"
#include "serve/http/route.h"
#include "weft/views.h"

typedef struct wf_clocks wf_clocks; // access/accounts/clocks.h
typedef struct wf_looks wf_looks;   // access/looks/looks.h

// ---- what was asked ----

const wf_actor *wf_exchange_actor(const wf_exchange *x); // NOBODY on open routes
const wf_route *wf_exchange_route(const wf_exchange *x);
wf_language wf_exchange_language(const wf_exchange *x); // of ?lang, Accept-Language; zh
bool wf_exchange_wants_csv(const wf_exchange *x); // ?format=csv, or Accept names csv

// Decoded, valid UTF-8 without control characters; .bytes is ended by NUL, and NULL when
// it was not given.
wf_text wf_exchange_path(const wf_exchange *x, const char *name);
wf_text wf_exchange_query(const wf_exchange *x, const char *name);
// The last one of that name, as it came; any case.
wf_text wf_exchange_header(const wf_exchange *x, const char *name);
// A cookie's value by its name.
wf_text wf_exchange_cookie(const wf_exchange *x, const char *name);
// A parameter that was declared WHOLE, or `otherwise`.
int64_t wf_exchange_whole(const wf_exchange *x, const char *name, int64_t otherwise);

// All parameters of the query in their order, for routes with `any_query`.
size_t wf_exchange_query_count(const wf_exchange *x);
void wf_exchange_query_at(const wf_exchange *x, size_t index, wf_text *ret_name,
                          wf_text *ret_value);

// The whole body; empty without one.
wf_text wf_exchange_body(const wf_exchange *x);
// The body as an object of JSON: no key twice, no NUL, depth ≤ 32, else WEFT_BAD_INPUT
// ("http.json"). The caller lets go of *ret.
weft_status wf_exchange_parse(const wf_exchange *x, json_t **ret,
                              weft_error *error) WEFT_MUST_CHECK;

// Who the connection is from: the proxy's word (X-Forwarded-For) where weft.yaml names a
// proxy and it is the peer, else the peer's address. For limits of log-in; never logged.
const char *wf_exchange_address(const wf_exchange *x);

// ---- around it ----

wf_shared *wf_exchange_shared(const wf_exchange *x);
// The city itself, alone, as wf_shared_own, until wf_shared_own_end; on routes that say
// `turn`, so that those who wait for it leave workers to others.
weft_status wf_exchange_own(const wf_exchange *x, weft_city **ret,
                            weft_error *error) WEFT_MUST_CHECK;
wf_accounts *wf_exchange_accounts(const wf_exchange *x);
wf_looks *wf_exchange_looks(const wf_exchange *x);
wf_clocks *wf_exchange_clocks(const wf_exchange *x);
// The city as it was opened: its words (zone, kind, protocol) may be read by any thread;
// rows are asked of a reader (access/shared/shared.h).
const weft_city *wf_exchange_city(const wf_exchange *x);
weft_time wf_exchange_now(const wf_exchange *x);         // the city's, at the beginning
weft_time wf_exchange_machine_now(const wf_exchange *x); // the machine's
// Memory of this request, at most 16 MiB.
wf_arena *wf_exchange_arena(wf_exchange *x);
// 16 hex digits, in the answer's X-Request-Id and in the log.
const char *wf_exchange_id(const wf_exchange *x);
// An answer leaves whose look is durable: counted in /metrics.
void wf_exchange_looked(const wf_exchange *x);
// The service is being stopped: what takes long ends soon.
bool wf_exchange_stopping(const wf_exchange *x);
// Whoever asked has closed their side of the connection, as a proxy does when its own
// client has gone: nobody waits for the answer. For what takes long, and has stored
// nothing yet; a call of the kernel.
bool wf_exchange_left(const wf_exchange *x);
// Whether whoever asked may still ask, as the same role for the same grid: for streams,
// which outlive revocations. It is looked at once a second at most, so that it costs
// nothing to ask before each piece.
bool wf_exchange_may_still(wf_exchange *x);
// Whether the client would notice that a stream of no known size was cut: over HTTP/1.0
// an end is an end.
bool wf_exchange_notices_cuts(const wf_exchange *x);
bool wf_exchange_is_head(const wf_exchange *x);

// ---- the answer ----

// A header of the answer, before the exchange ends. False, and nothing added, when the
// value has a control character or there are more than 16.
bool wf_exchange_add_header(wf_exchange *x, const char *name, const char *value);

// The error as JSON {code, params, message, detail, hint, field, line} in the language
// asked for. The status is that of the one table, but: nobody who is not allowed gets
// 401; an actor gets the same 404 for what is not there and what they may not have,
// whatever the error says (STORAGE and the like are logged by their code).
void wf_exchange_fail(wf_exchange *x, const weft_error *error);

// Its parameters by their names, as every refusal has them; NULL without memory. The
// caller owns it.
json_t *wf_error_params_json(const weft_error *error);
// Takes the reference over. NULL (jansson out of memory): nothing can be said without
// memory, and the connection is cut; so is one whose answer finds no memory in any other
// function here.
void wf_exchange_json(wf_exchange *x, unsigned status, json_t *json);
// Takes the bytes over: *bytes is empty after.
void wf_exchange_bytes(wf_exchange *x, unsigned status, const char *type,
                       wf_buffer *bytes);
// A stream cannot be continued for this error (its `next` gives BROKEN): noted in the log
// by its code.
void wf_exchange_cut(const wf_exchange *x, const weft_error *error);
// Bytes that live as long as the program.
void wf_exchange_static(wf_exchange *x, unsigned status, const char *type, wf_text bytes);
void wf_exchange_empty(wf_exchange *x, unsigned status); // 204, 304

// Puts "as_of":{"position":…,"at":…} and "complete":…, with "missing":[…] where
// `missing` (taken over; may be NULL) names what is, into an answer. False without
// memory.
bool wf_exchange_mark(const wf_exchange *x, json_t *answer, const weft_view_as_of *as_of,
                      bool complete, json_t *missing) WEFT_MUST_CHECK;

// ---- streams ----

typedef enum {
    WF_STREAM_MORE,  // something was appended: called again when it has left
    WF_STREAM_WAIT,  // nothing now: called again after wf_exchange_wake, or `wait_s`
    WF_STREAM_END,   // that was all
    WF_STREAM_BROKEN // it cannot be continued: the connection is cut, so that nobody
                     // takes a part for the whole
} wf_stream_state;

// An answer in pieces, made as fast as the client reads. A slow client costs its
// connection, no thread: `next` makes one piece and returns.
typedef struct {
    // Appends the next piece, 16 to 256 KiB. On a worker of the route's lane, or on the
    // connection's thread where `fast`; one at a time.
    wf_stream_state (*next)(void *context, wf_buffer *to);
    // Once, after the last `next`, also when the client has gone. After it has returned
    // wf_exchange_wake must not be called.
    void (*done)(void *context);
    void *context;
    size_t size;     // of all pieces together; 0: not known, it leaves in chunks
    unsigned wait_s; // WAIT ends after so many seconds by itself; 0: never
    bool fast;       // `next` only copies
    bool whole;      // only END is its end: one that waits when the service stops is cut
    // Of a fast one; may be NULL: whether the next piece takes long after all. Then a
    // worker makes it. On the connection's thread.
    bool (*slow)(void *context);
} wf_stream;

// Streams that one token, device or user may have open at once: else a single one could
// take every connection there is.
enum { wf_exchange_streams_max = 64 };
// Whether they may have one more: asked before a stream is begun. WEFT_BUSY
// ("http.streams").
weft_status wf_exchange_may_stream(wf_exchange *x, weft_error *error) WEFT_MUST_CHECK;
// Ends the exchange with a stream; for HEAD only `done` is called
void wf_exchange_stream(wf_exchange *x, unsigned status, const char *type,
                        const wf_stream *stream);
// There is something for a stream that waits. Any thread, also under the lock of whoever
// publishes, if `done` takes that lock to sign off; cheap when it does not wait.
void wf_exchange_wake(wf_exchange *x);

#endif
