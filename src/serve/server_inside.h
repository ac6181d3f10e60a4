// A running service, for files of src/serve.
#ifndef WF_SERVE_SERVER_INSIDE_H
#define WF_SERVE_SERVER_INSIDE_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "access/accounts/clocks.h"
#include "access/accounts/identify.h"
#include "access/looks/looks.h"
#include "serve/areas/events.h"
#include "serve/areas/kept.h"
#include "serve/http/guard.h"
#include "serve/http/intake.h"
#include "serve/http/lane.h"
#include "serve/process/log.h"
#include "serve/process/metrics.h"
#include "serve/server.h"

enum { wf_stream_shares = 1024 };

// One of the addresses at which the service listens: connections, threads and limits of
// its own, so that what comes to one door waits for nothing that comes to the other.
typedef struct {
    wf_server *server;
    wf_door_name name;
    int socket; // -1: none
    char address[80];
    size_t connections;
    unsigned threads;
    int nice; // of its threads
    wf_guard *guard;
    struct MHD_Daemon *daemon; // NULL: it is not open
} wf_door;

struct wf_server {
    wf_server_options options;
    weft_city *city;
    wf_shared *shared; // of it
    wf_events *events; // that were applied
    wf_kept *kept;     // answers that many ask for
    wf_door doors[WF_DOOR_COUNT];
    size_t doors_count; // the first, or both
    bool clock_ignored;
    uint64_t clock_kept_ns; // when it was last written down
    wf_single_sign_on sso;
    wf_looks *looks;
    wf_clocks *clocks;
    wf_route_table routes;
    wf_log *log;
    wf_metrics *metrics;
    wf_lanes *lanes;
    uint64_t ids_from; // random; request ids count on from it
    _Atomic uint64_t ids;
    _Atomic size_t exchanges; // under way
    wf_intake intake;         // that are held
    _Atomic bool stopping;    // nothing new; streams come to their end
    _Atomic bool over;        // what still waits is refused, streams are cut
    uint64_t began_ns;
    // The thread that looks after slow connections and waiting streams.
    pthread_t ticker;
    pthread_mutex_t tick_lock; // also of the list of streams
    pthread_cond_t tick;
    bool ticking, tick_ends;
    wf_exchange *streams;
    wf_exchange *streams_of[wf_stream_shares]; // the same, by whose they are (stream.c)
    // Of the service, as JSON: made once.
    wf_buffer description;
    char description_tag[40];
    wf_arena arena; // as long as the server
};

#endif
