// The service: the city over HTTP. The one header of src/serve that the program includes.
//
//   connections (libmicrohttpd, a pool of epoll threads)
//     → judged: framing, route, who, parameters        judge.c
//     → lanes: bounds, queues, workers                 lane.c
//     → handlers                                       one file an area
//     → answers, streams                               reply.c, stream.c
//   around them: slow connections are ended (guard.c), one line an event (log.c), figures
//   (metrics.c)
#ifndef WF_SERVE_SERVER_H
#define WF_SERVE_SERVER_H

#include "access/city/city.h"
#include "serve/http/route.h"

typedef struct wf_server wf_server;
typedef struct wf_shared wf_shared; // access/shared/shared.h

// Zero-initialised means the defaults in parentheses.
typedef struct {
    const char *listen; // an address with its port ("127.0.0.1:8787"); port 0: any free
    // Where those who sample, test and stand at gates may come besides, to the routes
    // that they need and no other (NULL: nowhere)
    const char *listen_field;
    unsigned threads;      // of connections, 1 to 64 (one a processor)
    unsigned workers;      // of the lanes, 7 to 256 (two a processor, at least 7)
    size_t connections;    // at a time (as many as the machine lets, at most 16,384)
    const char *version;   // ("?")
    weft_key_options keys; // as the city was opened: the doctor looks at their folder
    // Drill cities: the clock goes on from this time, so many times as fast. Ignored, as
    // wf_server_clock_ignored then says, when it is earlier than what the city has
    // reached.
    const char *clock; // (NULL: from where it stands)
    double speed;      // (1)
    const wf_io *io;   // of the log (NULL: no log is kept)
    int log_file;
    // For tests: shorter times, smaller queues, routes and actors of their own.
    unsigned headers_s, body_s, between_s, send_s;
    size_t whole_bytes, page_rows; // of answers in pieces (areas/pieces.h)
    size_t lane_depth;
    const wf_route *routes; // beside the city's
    weft_status (*identify)(wf_exchange *x, wf_actor *ret, weft_error *error);
    bool (*allows)(const wf_actor *actor, wf_action action);
} wf_server_options;

// Serves an open city until wf_server_stop; the city must not be used meanwhile. It
// answers when this returns. Refused: an address that is none, or is not loopback though
// weft.yaml names no proxy: WEFT_BAD_USAGE ("serve.listen", "serve.open_to_all"); one
// that cannot be had: WEFT_STORAGE ("serve.bind"). Blocks no signal: block those that the
// caller waits for before.
weft_status wf_server_start(weft_city *city, const wf_server_options *options,
                            wf_server **ret, weft_error *error) WEFT_MUST_CHECK;
bool wf_server_clock_ignored(const wf_server *server);
// "127.0.0.1:8787", with the port that it has; that of the field: NULL where there is
// none.
const char *wf_server_address(const wf_server *server);
const char *wf_server_field_address(const wf_server *server);
// The city, for verbs of its owner (turns.h).
wf_shared *wf_server_shared(const wf_server *server);
// A line of the log, of known words and numbers: "key=value key=value".
void wf_server_note(wf_server *server, const char *event, const char *rest);

typedef struct {
    double up_s;
    size_t under_way; // requests and streams
    size_t sessions;  // of browsers
    struct {
        const char *name;
        uint64_t waiting, running, refused, done;
    } lanes[WF_LANE_COUNT];
    uint64_t position, ledger; // the rows hold the facts up to position, of so many
    double lag_s;              // how long the oldest that they lack has waited
} wf_server_figures;
void wf_server_read(const wf_server *server, wf_server_figures *ret);

// Accepts nothing more, ends what is under way within `within_s` seconds, refuses what
// still waits then, ends all. NULL does nothing. The city stays open.
void wf_server_stop(wf_server *server, unsigned within_s);

#endif
