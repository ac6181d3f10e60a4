#include <arpa/inet.h>
#include <errno.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "access/accounts/clocks.h"
#include "access/accounts/sessions.h"
#include "access/city/clock.h"
#include "base/clock.h"
#include "base/parallel.h"
#include "keys/seal.h"
#include "serve/described/openapi.h"
#include "serve/http/doors.h"
#include "serve/http/exchange_inside.h"

enum {
    connections_max = 16384,
    files_kept = 512, // for the city's own files
    threads_max = 64,
    workers_min = 7, // of which files have two, and log-ins with them three
    workers_max = 256,
    tick_ms = 100,
    arena_bytes_max = 64 << 20
};

// ---- the ticker ----

// Once a second: after a crash the clock goes on from there, and the ledger knows later
// times (access/city/clock.c).
static void keep_clock(wf_server *server)
{
    weft_error error = {0};
    uint64_t now = wf_clock_monotonic_ns();
    if (now - server->clock_kept_ns < UINT64_C(1000000000))
        return;
    server->clock_kept_ns = now;
    if (wf_clock_keep(server->city, &error) != WEFT_OK)
        wf_log_event(server->log, "clock_not_kept", "code=%s", error.code);
}

// The C library returns what lies at the end of a thread's heap. Where bodies were many,
// what is still held lies behind them: 3,000 of 16 MiB that were cut off left 880 MB with
// the process, and leave 104 MB since. It takes some 30 ms, in which who needs memory
// waits: so once, when it is calm.
static void return_memory(wf_server *server)
{
    if (wf_intake_has_calmed(&server->intake, wf_clock_monotonic_ns()))
        WF_IGNORE(malloc_trim(0) == 0, "there was none to return");
}

static void *run_ticks(void *context)
{
    wf_server *server = context;
    struct timespec until = {0};
    wf_thread_name("weft ticker");
    pthread_mutex_lock(&server->tick_lock);
    while (!server->tick_ends) {
        uint64_t at = wf_clock_monotonic_ns() + tick_ms * UINT64_C(1000000);
        until.tv_sec = (time_t)(at / 1000000000);
        until.tv_nsec = (long)(at % 1000000000);
        WF_IGNORE(pthread_cond_timedwait(&server->tick, &server->tick_lock, &until),
                  "woken or not, it looks around");
        pthread_mutex_unlock(&server->tick_lock);
        size_t cut = wf_doors_tick(server);
        if (cut > 0)
            wf_log_event(server->log, "connections_cut", "count=%zu", cut);
        keep_clock(server);
        return_memory(server);
        wf_events_tick(server->events);
        wf_streams_tick(server, atomic_load(&server->stopping));
        pthread_mutex_lock(&server->tick_lock);
    }
    pthread_mutex_unlock(&server->tick_lock);
    return NULL;
}

static weft_status start_ticker(wf_server *server, weft_error *error)
{
    sigset_t all, before;
    sigfillset(&all);
    WF_ASSERT(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
    server->ticking = pthread_create(&server->ticker, NULL, run_ticks, server) == 0;
    WF_ASSERT(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    return server->ticking ? WEFT_OK : wf_fail_memory(error);
}

static void end_ticker(wf_server *server)
{
    if (!server->ticking)
        return;
    pthread_mutex_lock(&server->tick_lock);
    server->tick_ends = true;
    pthread_cond_signal(&server->tick);
    pthread_mutex_unlock(&server->tick_lock);
    WF_ASSERT(pthread_join(server->ticker, NULL) == 0);
    server->ticking = false;
}

// ---- ending ----

static void pause_ms(unsigned ms)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    WF_IGNORE(nanosleep(&time, NULL), "a shorter pause only looks again sooner");
}

// Whether nothing is under way any more, before so many seconds have passed.
static bool wait_for_exchanges(wf_server *server, unsigned within_s)
{
    uint64_t until = wf_clock_monotonic_ns() + within_s * UINT64_C(1000000000);
    while (atomic_load(&server->exchanges) > 0) {
        if (wf_clock_monotonic_ns() >= until)
            return false;
        wf_doors_end_idle(server);
        pause_ms(2);
    }
    return true;
}

static void free_server(wf_server *server)
{
    wf_lanes_free(server->lanes);
    end_ticker(server);
    wf_shared_close(server->shared);
    wf_events_free(server->events);
    wf_kept_free(server->kept);
    wf_doors_free(server);
    wf_metrics_free(server->metrics);
    wf_log_close(server->log);
    wf_looks_free(server->looks);
    wf_clocks_free(server->clocks);
    wf_routes_done(&server->routes);
    wf_buffer_done(&server->description);
    pthread_cond_destroy(&server->tick);
    pthread_mutex_destroy(&server->tick_lock);
    wf_arena_done(&server->arena);
    free(server);
}

// Accepts nothing more and ends what is under way; whether all of it ended by itself
// within so many seconds.
static bool end_requests(wf_server *server, unsigned within_s)
{
    atomic_store(&server->stopping, true);
    wf_doors_shut(server);
    bool done = wait_for_exchanges(server, within_s);
    // What a worker is at ends; what waits for one is refused; streams are cut.
    atomic_store(&server->over, true);
    wf_lanes_end(server->lanes);
    wf_streams_tick(server, true);
    // Also when all had ended: one more may have come before the lanes were shut, and the
    // doors cannot close on a connection that sleeps.
    while (!wait_for_exchanges(server, 1))
        wf_log_event(server->log, "waiting", "under_way=%zu",
                     atomic_load(&server->exchanges));
    wf_doors_close(server);
    return done;
}

void wf_server_stop(wf_server *server, unsigned within_s)
{
    if (server == NULL)
        return;
    wf_log_event(server->log, "stopping", "under_way=%zu",
                 atomic_load(&server->exchanges));
    bool done = end_requests(server, within_s);
    // From here on the clock is this thread's.
    end_ticker(server);
    server->clock_kept_ns = 0;
    keep_clock(server);
    wf_log_event(server->log, "stopped", "in_time=%s", done ? "yes" : "no");
    free_server(server);
}

// ---- beginning ----

static unsigned within(unsigned value, unsigned least, unsigned most)
{
    return value < least ? least : value > most ? most : value;
}

// As many files as the machine lets this process have.
static size_t connections_of(size_t asked)
{
    struct rlimit files = {0};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return 256;
    struct rlimit more = {.rlim_cur = files.rlim_max, .rlim_max = files.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &more) == 0)
        files = more;
    size_t most = files.rlim_cur > connections_max + files_kept ? connections_max
                  : files.rlim_cur > 2 * files_kept ? files.rlim_cur - files_kept
                                                    : 256;
    return asked == 0 || asked > most ? most : asked;
}

static bool by_policy(const wf_actor *actor, wf_action action)
{
    return wf_policy_allows(actor, action, NULL);
}

static void fill_options(wf_server *server)
{
    wf_server_options *options = &server->options;
    unsigned machine = wf_parallel_threads();
    if (options->listen == NULL)
        options->listen = "127.0.0.1:8787";
    if (options->version == NULL)
        options->version = "?";
    if (options->identify == NULL)
        options->identify = wf_exchange_identify;
    if (options->allows == NULL)
        options->allows = by_policy;
    // A pool has at least two.
    options->threads =
        within(options->threads != 0 ? options->threads : machine, 2, threads_max);
    options->workers = within(options->workers != 0 ? options->workers : 2 * machine,
                              workers_min, workers_max);
    options->connections = connections_of(options->connections);
}

static weft_status make_routes(wf_server *server, weft_error *error)
{
    char text[WF_ROUTES_TEXT_MAX] = "";
    if (!wf_routes_join(server->options.routes, &server->routes))
        return wf_fail_memory(error);
    if (!wf_routes_sound(&server->routes, text))
        return wf_fail(error, WEFT_BAD_USAGE, "serve.routes", "route", text, NULL);
    return WEFT_OK;
}

static weft_status make_metrics(wf_server *server, weft_error *error)
{
    size_t count = server->routes.count;
    wf_metrics_label *labels = wf_arena_array(&server->arena, count + 1, sizeof *labels);
    if (labels == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < count; i++)
        labels[i] = (wf_metrics_label){server->routes.routes[i]->method,
                                       server->routes.routes[i]->path};
    labels[count] = (wf_metrics_label){"-", "-"};
    return wf_metrics_new(labels, count + 1, &server->metrics, error);
}

static weft_status make_description(wf_server *server, weft_error *error)
{
    wf_openapi_of of = {.version = server->options.version,
                        .routes = &server->routes,
                        .kinds = wf_city_kinds()};
    WF_TRY(weft_views_list(server->city, &of.views, &of.views_count, error));
    WF_TRY(wf_openapi_write(&of, &server->description, error));
    unsigned char hash[crypto_generichash_BYTES_MIN];
    char digits[2 * sizeof hash + 1];
    WF_ASSERT(crypto_generichash(hash, sizeof hash,
                                 (const unsigned char *)server->description.bytes,
                                 server->description.size, NULL, 0) == 0);
    sodium_bin2hex(digits, sizeof digits, hash, sizeof hash);
    int size = snprintf(server->description_tag, sizeof server->description_tag, "\"%s\"",
                        digits);
    WF_ASSERT(size > 0 && (size_t)size < sizeof server->description_tag);
    return WEFT_OK;
}

static weft_status start_lanes(wf_server *server, weft_error *error)
{
    // The field's: as many as connections at its door. Of look-ups as many as two
    // processors answer in a twentieth of a second. Of dashboards what the browsers of
    // 300 desks ask at once, on six connections each; of log-ins what is hashed in some
    // ten seconds. A place itself costs nothing: the connection is there anyway.
    static const size_t depths[WF_LANE_COUNT] = {4096, 1024, 128, 2048, 128, 64};
    const wf_server_options *options = &server->options;
    wf_lanes_options lanes = {.workers = options->workers};
    for (size_t i = 0; i < WF_LANE_COUNT; i++)
        lanes.depth[i] = options->lane_depth != 0 ? options->lane_depth : depths[i];
    return wf_lanes_start(&lanes, &server->lanes, error);
}

static weft_time now_of(void *context)
{
    return weft_city_now(context);
}

// The board is what most people ask; a city of 7.5 million takes about 1 GB of it. Where
// there is no room for all, the rows are asked for the others.
static size_t board_bytes(void)
{
    enum { parts = 4, least = 256 << 20 };
    long pages = sysconf(_SC_PHYS_PAGES), page_bytes = sysconf(_SC_PAGESIZE);
    if (pages <= 0 || page_bytes <= 0)
        return least;
    size_t bytes = (size_t)pages / parts * (size_t)page_bytes;
    return bytes < least ? least : bytes;
}

// A drill that was never given a clock stands at its newest facts, which the writer
// knows; the others' time may be asked by any thread.
static weft_status share_city(wf_server *server, weft_error *error)
{
    weft_city *city = server->city;
    bool clocked = city->kind == WEFT_CITY_REAL || !weft_time_is_none(city->kept_clock);
    const wf_shared_settings settings = {.readers_max = server->options.workers + 2,
                                         .now = clocked ? now_of : NULL,
                                         .context = city,
                                         .reacts = true,
                                         .board_bytes = board_bytes(),
                                         .reads_ahead = true};
    WF_TRY(wf_shared_open(city, &settings, &server->shared, error));
    WF_TRY(wf_events_recall(wf_shared_as_of(server->shared).position, city,
                            &server->events, error));
    wf_shared_listen(server->shared, wf_events_take, server->events);
    return wf_looks_new(server->shared, city->accounts, wf_clock_now(), &server->looks,
                        error);
}

static weft_status start_parts(wf_server *server, weft_error *error)
{
    const wf_server_options *options = &server->options;
    WF_TRY(wf_single_sign_on_read(server->city, &server->sso, error));
    WF_TRY(make_routes(server, error));
    WF_TRY(make_metrics(server, error));
    WF_TRY(make_description(server, error));
    if (options->io != NULL)
        WF_TRY(wf_log_open(options->io, options->log_file, &server->log, error));
    WF_TRY(wf_doors_prepare(server, error));
    WF_TRY(wf_clocks_new(&server->clocks, error));
    WF_TRY(wf_kept_new(&server->kept, error));
    WF_TRY(share_city(server, error));
    WF_TRY(start_lanes(server, error));
    return start_ticker(server, error);
}

static weft_status run_clock(wf_server *server, weft_error *error)
{
    const wf_server_options *options = &server->options;
    weft_time at = WEFT_TIME_NONE;
    bool asked = options->clock != NULL || options->speed > 0;
    if (server->city->kind == WEFT_CITY_REAL && !asked)
        return WEFT_OK;
    if (options->clock != NULL)
        WF_TRY(weft_city_time_parse(server->city, options->clock, &at, error));
    return wf_clock_run(server->city, at, options->speed > 0 ? options->speed : 1,
                        &server->clock_ignored, error);
}

weft_status wf_server_start(weft_city *city, const wf_server_options *options,
                            wf_server **ret, weft_error *error)
{
    wf_server *server = calloc(1, sizeof *server);
    if (server == NULL)
        return wf_fail_memory(error);
    pthread_condattr_t monotonic;
    server->options = *options;
    server->city = city;
    server->began_ns = wf_clock_monotonic_ns();
    wf_random_bytes(&server->ids_from, sizeof server->ids_from);
    wf_arena_init(&server->arena, arena_bytes_max);
    WF_ASSERT(pthread_mutex_init(&server->tick_lock, NULL) == 0);
    WF_ASSERT(pthread_condattr_init(&monotonic) == 0);
    WF_ASSERT(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
    WF_ASSERT(pthread_cond_init(&server->tick, &monotonic) == 0);
    pthread_condattr_destroy(&monotonic);
    wf_intake_init(&server->intake);
    fill_options(server);
    weft_status status = run_clock(server, error);
    if (status == WEFT_OK)
        status = start_parts(server, error);
    if (status == WEFT_OK)
        status = wf_doors_open(server, error);
    if (status != WEFT_OK) {
        // One may have been open when the other failed.
        if (server->lanes != NULL)
            WF_IGNORE(!end_requests(server, 1), "nobody was told of it");
        free_server(server);
        return status;
    }
    wf_log_event(server->log, "started",
                 "address=%s field=%s threads=%u workers=%u connections=%zu",
                 wf_server_address(server),
                 server->doors_count > 1 ? wf_server_field_address(server) : "-",
                 server->options.threads, server->options.workers,
                 server->options.connections);
    *ret = server;
    return WEFT_OK;
}

bool wf_server_clock_ignored(const wf_server *server)
{
    return server->clock_ignored;
}

const char *wf_server_address(const wf_server *server)
{
    return server->doors[WF_DOOR_ALL].address;
}

const char *wf_server_field_address(const wf_server *server)
{
    return server->doors_count > 1 ? server->doors[WF_DOOR_FIELD].address : NULL;
}

wf_shared *wf_server_shared(const wf_server *server)
{
    return server->shared;
}

void wf_server_note(wf_server *server, const char *event, const char *rest)
{
    wf_log_event(server->log, event, "%s", rest);
}

void wf_server_read(const wf_server *server, wf_server_figures *ret)
{
    wf_shared_stand stand = wf_shared_as_of(server->shared);
    *ret = (wf_server_figures){
        .up_s = (double)(wf_clock_monotonic_ns() - server->began_ns) / 1e9,
        .under_way = atomic_load(&server->exchanges),
        .sessions = wf_sessions_count(wf_accounts_sessions(server->city->accounts),
                                      wf_clock_now()),
        .position = stand.position,
        .ledger = stand.ledger,
        .lag_s = (double)stand.lag_us / 1e6};
    for (size_t i = 0; i < WF_LANE_COUNT; i++) {
        wf_lane_figures lane;
        wf_lanes_figures(server->lanes, (wf_lane)i, &lane);
        ret->lanes[i].name = wf_lane_words[i];
        ret->lanes[i].waiting = lane.waiting;
        ret->lanes[i].running = lane.running;
        ret->lanes[i].refused = lane.refused;
        ret->lanes[i].done = lane.done;
    }
}
