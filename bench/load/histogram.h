// Latencies in microseconds, kept in buckets of 1.6 percent: from 1 µs to an hour in a
// few kilobytes, so that no measure is thrown away and none needs a sort.
#ifndef WEFT_BENCH_HISTOGRAM_H
#define WEFT_BENCH_HISTOGRAM_H

#include <stdint.h>

enum { histogram_steps = 64, histogram_buckets = 32 * histogram_steps };

typedef struct {
    uint64_t counts[histogram_buckets];
    uint64_t all, greatest_us;
} histogram;

void histogram_add(histogram *of, uint64_t us);
// The latency that `share` (0 to 1) of all stay at or below, in ms; 0 when there are
// none.
double histogram_ms(const histogram *of, double share);

#endif
