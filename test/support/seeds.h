// The cases of a law, each drawn from a seed that is printed: WEFT_PROP_CASES says how
// many, WEFT_PROP_SEED which is the first.
#ifndef TEST_SUPPORT_SEEDS_H
#define TEST_SUPPORT_SEEDS_H

#include <stdlib.h>

#include "base/prng.h"
#include "base/text.h"

static inline void seeds_each(int64_t cases, void (*law)(wf_prng *dice))
{
    const char *asked = getenv("WEFT_PROP_CASES"), *seed = getenv("WEFT_PROP_SEED");
    int64_t count = cases, first = 1;
    if (asked != NULL)
        assert_true(wf_parse_i64(wf_text_of(asked), 1, 1000000, &count));
    if (seed != NULL)
        assert_true(wf_parse_i64(wf_text_of(seed), 0, INT64_MAX / 2, &first));
    for (int64_t i = 0; i < count; i++) {
        wf_prng dice = wf_prng_new((uint64_t)(first + i));
        print_message("# seed %lld\n", (long long)(first + i));
        law(&dice);
    }
}

#endif
