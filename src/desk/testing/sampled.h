// How many samples each person has in one round, so that a withdrawn one of two leaves
// the person sampled.
//
// A byte a person; what is beyond 255 of one person stands in a list beside it. 16 MiB of
// addresses, of which those are used whose persons are.
//
// Threads: one at a time; loading uses threads of its own.
#ifndef WF_DESK_TESTING_SAMPLED_H
#define WF_DESK_TESTING_SAMPLED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/ids.h"

typedef struct {
    uint32_t person, count; // beyond 255
} wf_sampled_more;

typedef struct {
    uint8_t *counts;       // by person's number
    wf_sampled_more *more; // by person, rising
    size_t more_count, more_capacity;
} wf_sampled;

// Empty; false without memory.
bool wf_sampled_init(wf_sampled *sampled);
void wf_sampled_done(wf_sampled *sampled); // of zeroes: does nothing

static inline bool wf_sampled_has(const wf_sampled *sampled, uint32_t person)
{
    return sampled->counts[person] != 0;
}

// One sample more; *ret_first: it is the first of the person. False without memory, then
// nothing has changed.
bool wf_sampled_add(wf_sampled *sampled, uint32_t person, bool *ret_first);
// One less of a person who has one; true: it was the last.
bool wf_sampled_remove(wf_sampled *sampled, uint32_t person);

// One sample of each of `persons` (numbers below WF_NUMBER_LIMIT, a number as often as it
// was sampled) into an empty set; *ret_end is one more than the greatest. False without
// memory, then it is of no use. About 2 ns a sample and thread.
bool wf_sampled_load(wf_sampled *sampled, const uint32_t *persons, size_t count,
                     unsigned threads, uint32_t *ret_end);

#endif
