// Figures of the service, in the text format of Prometheus.
//
// Counters are added to without a lock; reading sees each somewhere between before and
// after. Threads: any.
#ifndef WF_SERVE_PROCESS_METRICS_H
#define WF_SERVE_PROCESS_METRICS_H

#include "serve/http/lane.h"
#include "serve/http/route.h"

typedef struct wf_metrics wf_metrics;

// `labels`: the routes' methods and patterns, by place; the last stands for requests
// that have no route.
typedef struct {
    const char *method, *pattern;
} wf_metrics_label;
weft_status wf_metrics_new(const wf_metrics_label *labels, size_t labels_count,
                           wf_metrics **ret, weft_error *error) WEFT_MUST_CHECK;
void wf_metrics_free(wf_metrics *metrics); // NULL does nothing

// A request has its answer: after `ns` nanoseconds.
void wf_metrics_request(wf_metrics *metrics, size_t label, unsigned status, uint64_t ns);
// A look became durable.
void wf_metrics_look(wf_metrics *metrics);

// What is counted for each door.
typedef enum {
    WF_METRICS_OPENED,      // connections
    WF_METRICS_CLOSED,      // connections
    WF_METRICS_CUT,         // connections that were too slow
    WF_METRICS_TURNED_AWAY, // connections of an address that had too many, or no right
    WF_METRICS_ANSWERED,    // requests
    WF_METRICS_MALFORMED,   // requests that are none
    WF_METRICS_COUNTERS
} wf_metrics_counter;
void wf_metrics_add(wf_metrics *metrics, wf_door_name door, wf_metrics_counter counter,
                    uint64_t count);
uint64_t wf_metrics_get(const wf_metrics *metrics, wf_door_name door,
                        wf_metrics_counter counter);

// Appends the requests, latencies and counters; of the first so many doors.
bool wf_metrics_text(const wf_metrics *metrics, size_t doors_count,
                     wf_buffer *to) WEFT_MUST_CHECK;
// Appends the lanes' figures.
bool wf_metrics_lanes(wf_lanes *lanes, wf_buffer *to) WEFT_MUST_CHECK;
// Appends one gauge or counter with its lines of help and type.
bool wf_metrics_value(wf_buffer *to, const char *name, const char *type, const char *help,
                      double value) WEFT_MUST_CHECK;

#endif
