#include "base/prng.h"

#include "base/status.h"

static uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

wf_prng wf_prng_new(uint64_t seed)
{
    wf_prng prng;
    for (int i = 0; i < 4; i++)
        prng.state[i] = splitmix64(&seed);
    return prng;
}

wf_prng wf_prng_stream(uint64_t seed, uint64_t stream)
{
    uint64_t mixed = stream ^ UINT64_C(0xD1B54A32D192ED03);
    return wf_prng_new(splitmix64(&seed) ^ splitmix64(&mixed));
}

static uint64_t rotate_left(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

uint64_t wf_prng_u64(wf_prng *prng)
{
    uint64_t *s = prng->state;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

uint32_t wf_prng_below(wf_prng *prng, uint32_t below)
{
    WF_ASSERT(below > 0);
    uint64_t product = (wf_prng_u64(prng) >> 32) * below;
    uint32_t low = (uint32_t)product;
    if (low < below) {
        uint32_t threshold = (0u - below) % below;
        while (low < threshold) {
            product = (wf_prng_u64(prng) >> 32) * below;
            low = (uint32_t)product;
        }
    }
    return (uint32_t)(product >> 32);
}
