// How many samples each person has in one round, so that a withdrawn one of two leaves
// the person sampled.
//
// A bit a person says whether there is any: 2 MiB for everybody, which a core keeps near.
// How many they are is asked only when one is withdrawn: until the first is, the samples
// stand in a list as they came; then a byte a person counts them, and what is beyond 255
// of one person stands beside it.
//
// Threads: one at a time; loading uses threads of its own.
#ifndef WF_DESK_TESTING_SAMPLED_H
#define WF_DESK_TESTING_SAMPLED_H

#include "base/text.h"
#include "model/ids.h"

typedef struct {
    uint32_t person, count; // beyond 255
} wf_sampled_more;

typedef struct {
    uint64_t *bits;  // by person
    wf_buffer list;  // of persons (uint32_t), a number a sample; while counts is NULL
    uint8_t *counts; // by person
    wf_sampled_more *more; // by person, rising
    size_t more_count, more_capacity;
} wf_sampled;

// One sample of each of `persons` (uint32_t, below WF_NUMBER_LIMIT, a number as often as
// it was sampled), which becomes the set's and is left empty; *ret_end is one more than
// the greatest. False without memory: then nothing has changed. About 1 ns a sample and
// thread.
bool wf_sampled_init(wf_sampled *sampled, wf_buffer *persons, unsigned threads,
                     uint32_t *ret_end);
void wf_sampled_done(wf_sampled *sampled); // of zeroes: does nothing

static inline bool wf_sampled_has(const wf_sampled *sampled, uint32_t person)
{
    return (sampled->bits[person / 64] >> (person % 64) & 1) != 0;
}

// One sample more; *ret_first: it is the first of the person. False without memory, then
// nothing has changed.
bool wf_sampled_add(wf_sampled *sampled, uint32_t person, bool *ret_first);
// One less of a person who has one; *ret_last: it was the last. The first withdrawal
// counts all that were loaded (0.1 s for 22 million). False without memory.
bool wf_sampled_remove(wf_sampled *sampled, uint32_t person, bool *ret_last);

#endif
