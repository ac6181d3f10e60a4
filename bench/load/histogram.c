#include "load/histogram.h"

// Below 64 µs a bucket is a microsecond; above, each doubling has 64 of them.
static unsigned bucket_of(uint64_t us)
{
    if (us < histogram_steps)
        return (unsigned)us;
    unsigned doublings = 63u - (unsigned)__builtin_clzll(us) - 6u;
    unsigned bucket =
        (doublings + 1) * histogram_steps + (unsigned)(us >> doublings) - histogram_steps;
    return bucket < histogram_buckets ? bucket : histogram_buckets - 1;
}

static uint64_t end_of(unsigned bucket)
{
    if (bucket < histogram_steps)
        return bucket;
    unsigned doublings = bucket / histogram_steps - 1;
    uint64_t step = bucket % histogram_steps + histogram_steps;
    return ((step + 1) << doublings) - 1;
}

void histogram_add(histogram *of, uint64_t us)
{
    of->counts[bucket_of(us)]++;
    of->all++;
    if (us > of->greatest_us)
        of->greatest_us = us;
}

double histogram_ms(const histogram *of, double share)
{
    uint64_t wanted = (uint64_t)(share * (double)of->all + 0.5), seen = 0;
    for (unsigned i = 0; i < histogram_buckets && of->all > 0; i++) {
        seen += of->counts[i];
        if (seen >= wanted && seen > 0) {
            uint64_t us = end_of(i) < of->greatest_us ? end_of(i) : of->greatest_us;
            return (double)us / 1000;
        }
    }
    return 0;
}
