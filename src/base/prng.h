// A pseudo-random generator passed as a value (xoshiro256**, seeded by
// splitmix64; Blackman & Vigna 2021, ACM TOMS 47:36). For simulation and tests,
// never for keys.
#ifndef WF_BASE_PRNG_H
#define WF_BASE_PRNG_H

#include <stdint.h>

typedef struct {
    uint64_t state[4];
} wf_prng;

wf_prng wf_prng_new(uint64_t seed);
// An independent stream for (seed, stream), e.g. one a household.
wf_prng wf_prng_stream(uint64_t seed, uint64_t stream);
uint64_t wf_prng_u64(wf_prng *prng);
// Uniform in [0, below), below > 0; unbiased (Lemire 2019).
uint32_t wf_prng_below(wf_prng *prng, uint32_t below);

#endif
