#include "base/hash.h"

#include <errno.h>
#include <sys/random.h>

#include "base/status.h"

uint64_t wf_hash_seed(void)
{
    uint64_t seed;
    ssize_t got;
    do
        got = getrandom(&seed, sizeof seed, 0);
    while (got < 0 && errno == EINTR);
    WF_ASSERT(got == (ssize_t)sizeof seed); // Linux gives 256 bytes or fewer whole
    return seed;
}
