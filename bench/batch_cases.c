// Prints the people that trace_bench draws for its batch, so that peers are asked about
// the same: number,person.
//
//   batch_cases PEOPLE COUNT DRAW
#include <stdio.h>

#include "base/prng.h"
#include "base/text.h"

int main(int argc, char **argv)
{
    int64_t people = 0, count = 0, draw = 0;
    if (argc != 4 || !wf_parse_i64(wf_text_of(argv[1]), 1, UINT32_MAX, &people) ||
        !wf_parse_i64(wf_text_of(argv[2]), 1, UINT32_MAX, &count) ||
        !wf_parse_i64(wf_text_of(argv[3]), 0, INT64_MAX, &draw)) {
        fputs("usage: batch_cases PEOPLE COUNT DRAW\n", stderr);
        return 2;
    }
    wf_prng prng = wf_prng_stream((uint64_t)draw, 2);
    puts("number,person");
    for (int64_t i = 0; i < count; i++)
        printf("%lld,%u\n", (long long)i, wf_prng_below(&prng, (uint32_t)people));
    return 0;
}
