// The days that a measurement looks things up in: of a city's folder, or of a synthetic
// city packed in memory.
#ifndef BENCH_TRACE_NET_H
#define BENCH_TRACE_NET_H

#include "access/city/city.h"

typedef struct {
    weft_city *city; // NULL: in memory
    wf_zone *zone;
    wf_arena arena;
    wf_span span;  // all days
    wf_day **made; // in memory: to be closed
    uint64_t visits, encounters;
    size_t bytes;
    uint64_t open_ns; // packing and opening, or opening the folder and all its days
} bench_net;

// `dir`: a city's folder; the last `days` days of it.
weft_status bench_net_open(const char *dir, uint32_t days, unsigned threads,
                           bench_net *ret, weft_error *error) WEFT_MUST_CHECK;
// A synthetic city without encounters, straight from its plan.
weft_status bench_net_make(uint32_t people, uint32_t days, uint64_t seed,
                           unsigned threads, bench_net *ret,
                           weft_error *error) WEFT_MUST_CHECK;
void bench_net_close(bench_net *net);

#endif
