#include "serve/process/metrics.h"

#include <stdatomic.h>
#include <stdlib.h>

// Upper ends of the latency classes in microseconds; the last is open.
static const uint64_t bounds_us[] = {100,   250,   500,    1000,   2500,    5000,   10000,
                                     25000, 50000, 100000, 250000, 1000000, 5000000};
// Statuses that have a counter of their own; others are counted under the last.
static const unsigned short statuses[] = {200, 201, 202, 204, 206, 304, 400, 401, 403,
                                          404, 405, 408, 409, 410, 413, 414, 415, 422,
                                          429, 431, 500, 501, 503, 505, 507, 999};

enum {
    bounds_count = sizeof bounds_us / sizeof *bounds_us,
    statuses_count = sizeof statuses / sizeof *statuses
};

typedef struct {
    wf_metrics_label label;
    _Atomic uint64_t by_status[statuses_count];
    _Atomic uint64_t by_time[bounds_count + 1];
    _Atomic uint64_t ns;
} route_figures;

struct wf_metrics {
    _Atomic uint64_t counters[WF_DOOR_COUNT][WF_METRICS_COUNTERS];
    _Atomic uint64_t looks;
    size_t routes_count;
    route_figures routes[];
};

weft_status wf_metrics_new(const wf_metrics_label *labels, size_t labels_count,
                           wf_metrics **ret, weft_error *error)
{
    WF_ASSERT(labels_count > 0 && labels_count < 4096);
    wf_metrics *metrics =
        calloc(1, sizeof *metrics + labels_count * sizeof *metrics->routes);
    if (metrics == NULL)
        return wf_fail_memory(error);
    metrics->routes_count = labels_count;
    for (size_t i = 0; i < labels_count; i++)
        metrics->routes[i].label = labels[i];
    *ret = metrics;
    return WEFT_OK;
}

void wf_metrics_free(wf_metrics *metrics)
{
    free(metrics);
}

static void add(_Atomic uint64_t *to, uint64_t count)
{
    atomic_fetch_add_explicit(to, count, memory_order_relaxed);
}

static uint64_t get(const _Atomic uint64_t *from)
{
    return atomic_load_explicit(from, memory_order_relaxed);
}

void wf_metrics_request(wf_metrics *metrics, size_t label, unsigned status, uint64_t ns)
{
    WF_ASSERT(label < metrics->routes_count);
    route_figures *route = &metrics->routes[label];
    size_t which = 0, class = 0;
    while (which + 1 < statuses_count && statuses[which] != status)
        which++;
    while (class < bounds_count && ns > bounds_us[class] * 1000)
        class ++;
    add(&route->by_status[which], 1);
    add(&route->by_time[class], 1);
    add(&route->ns, ns);
}

void wf_metrics_look(wf_metrics *metrics)
{
    add(&metrics->looks, 1);
}

void wf_metrics_add(wf_metrics *metrics, wf_door_name door, wf_metrics_counter counter,
                    uint64_t count)
{
    add(&metrics->counters[door][counter], count);
}

uint64_t wf_metrics_get(const wf_metrics *metrics, wf_door_name door,
                        wf_metrics_counter counter)
{
    return get(&metrics->counters[door][counter]);
}

// ---- as text ----

static bool put_head(wf_buffer *to, const char *name, const char *type, const char *help)
{
    return wf_buffer_printf(to, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

bool wf_metrics_value(wf_buffer *to, const char *name, const char *type, const char *help,
                      double value)
{
    return put_head(to, name, type, help) &&
           wf_buffer_printf(to, "%s %.17g\n", name, value);
}

static bool put_statuses(const route_figures *route, wf_buffer *to)
{
    bool done = true;
    for (size_t i = 0; done && i < statuses_count; i++) {
        uint64_t count = get(&route->by_status[i]);
        if (count > 0)
            done = wf_buffer_printf(
                to,
                "weft_requests_total{method=\"%s\",route=\"%s\",status=\"%u\"} %llu\n",
                route->label.method, route->label.pattern, (unsigned)statuses[i],
                (unsigned long long)count);
    }
    return done;
}

static bool put_times(const route_figures *route, wf_buffer *to)
{
    static const char format[] =
        "weft_request_seconds_bucket{method=\"%s\",route=\"%s\",le=\"%g\"} %llu\n";
    const wf_metrics_label *label = &route->label;
    uint64_t below = 0;
    bool done = true;
    for (size_t i = 0; done && i < bounds_count; i++) {
        below += get(&route->by_time[i]);
        done = wf_buffer_printf(to, format, label->method, label->pattern,
                                (double)bounds_us[i] / 1e6, (unsigned long long)below);
    }
    below += get(&route->by_time[bounds_count]);
    return done && wf_buffer_printf(
                       to,
                       "weft_request_seconds_bucket{method=\"%s\",route=\"%s\",le=\"+"
                       "Inf\"} %llu\n"
                       "weft_request_seconds_sum{method=\"%s\",route=\"%s\"} %.9f\n"
                       "weft_request_seconds_count{method=\"%s\",route=\"%s\"} %llu\n",
                       label->method, label->pattern, (unsigned long long)below,
                       label->method, label->pattern, (double)get(&route->ns) / 1e9,
                       label->method, label->pattern, (unsigned long long)below);
}

static bool is_used(const route_figures *route)
{
    return get(&route->ns) > 0;
}

// Of each door; what is open now is the difference of two counters.
static bool put_counters(const wf_metrics *metrics, size_t doors_count, wf_buffer *to)
{
    static const struct {
        const char *name, *type, *help;
        wf_metrics_counter counter;
    } figures[] = {
        {"weft_connections_total", "counter", "Connections accepted.", WF_METRICS_OPENED},
        {"weft_connections_open", "gauge", "Connections open now.", WF_METRICS_CLOSED},
        {"weft_connections_cut_total", "counter",
         "Connections closed because their request took too long.", WF_METRICS_CUT},
        {"weft_connections_turned_away_total", "counter", "Connections not accepted.",
         WF_METRICS_TURNED_AWAY},
        {"weft_door_requests_total", "counter", "Requests answered, by where they came.",
         WF_METRICS_ANSWERED},
        {"weft_requests_malformed_total", "counter", "Requests that could not be read.",
         WF_METRICS_MALFORMED},
    };
    bool done = true;
    for (size_t i = 0; done && i < sizeof figures / sizeof *figures; i++) {
        done = put_head(to, figures[i].name, figures[i].type, figures[i].help);
        for (size_t door = 0; done && door < doors_count; door++) {
            wf_metrics_counter counter = figures[i].counter;
            uint64_t value = wf_metrics_get(metrics, (wf_door_name)door, counter);
            if (counter == WF_METRICS_CLOSED) {
                uint64_t opened =
                    wf_metrics_get(metrics, (wf_door_name)door, WF_METRICS_OPENED);
                value = opened > value ? opened - value : 0;
            }
            done = wf_buffer_printf(to, "%s{door=\"%s\"} %llu\n", figures[i].name,
                                    wf_door_words[door], (unsigned long long)value);
        }
    }
    return done;
}

bool wf_metrics_text(const wf_metrics *metrics, size_t doors_count, wf_buffer *to)
{
    bool done = put_head(to, "weft_requests_total", "counter",
                         "Requests answered, by route and status.");
    for (size_t i = 0; done && i < metrics->routes_count; i++)
        done = put_statuses(&metrics->routes[i], to);
    done = done && put_head(to, "weft_request_seconds", "histogram",
                            "From the request's headers to the end of its answer.");
    for (size_t i = 0; done && i < metrics->routes_count; i++)
        if (is_used(&metrics->routes[i]))
            done = put_times(&metrics->routes[i], to);
    return done && put_counters(metrics, doors_count, to) &&
           wf_metrics_value(to, "weft_looks_total", "counter",
                            "Looks at persons' data written down.",
                            (double)get(&metrics->looks));
}

bool wf_metrics_lanes(wf_lanes *lanes, wf_buffer *to)
{
    static const char *const names[] = {"weft_lane_waiting", "weft_lane_running",
                                        "weft_lane_refused_total",
                                        "weft_lane_done_total"};
    static const char *const helps[] = {"Requests that wait for a worker.",
                                        "Requests that a worker is at.",
                                        "Requests refused because the queue was full.",
                                        "Requests that workers have dealt with."};
    wf_lane_figures figures[WF_LANE_COUNT];
    bool done = true;
    for (unsigned lane = 0; lane < WF_LANE_COUNT; lane++)
        wf_lanes_figures(lanes, (wf_lane)lane, &figures[lane]);
    for (size_t i = 0; done && i < 4; i++) {
        done = put_head(to, names[i], i < 2 ? "gauge" : "counter", helps[i]);
        for (size_t lane = 0; done && lane < WF_LANE_COUNT; lane++) {
            const wf_lane_figures *one = &figures[lane];
            uint64_t value = i == 0   ? one->waiting
                             : i == 1 ? one->running
                             : i == 2 ? one->refused
                                      : one->done;
            done = wf_buffer_printf(to, "%s{lane=\"%s\"} %llu\n", names[i],
                                    wf_lane_words[lane], (unsigned long long)value);
        }
    }
    return done;
}
