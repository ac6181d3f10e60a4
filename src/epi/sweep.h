// The second ring at one place-day: who was there together with anyone of the first.
//
// Method: not pairs. The stays of the first ring at the place, each cut to [m(c), to),
// are joined into the stretches in which the place is "covered"; a visitor's touches are
// the parts of the own stay that are covered. A hub with n visitors, k of them of the
// first ring, costs n + k instead of k × n: a table of the day's minutes leads each
// visitor to the first stretch that can matter. It is exact because the union over all
// c of (p ∩ c) is p ∩ (the union over all c), and to the second although the table is
// by minutes, since stretches are kept to the second.
#ifndef WF_EPI_SWEEP_H
#define WF_EPI_SWEEP_H

#include "epi/touch.h"

// The first ring as the sweep sees it; shared by all threads.
typedef struct {
    const uint64_t *members; // a bit a person: the ring and the index
    const uint32_t *moments; // by person, where the bit is set: m(c); UINT32_MAX for the
                             // index, who gives nothing to the second ring
    uint32_t to;
} wf_sweep_ring;

static inline bool wf_sweep_has(const wf_sweep_ring *ring, wf_person person)
{
    return (ring->members[person.number / 64] >> (person.number % 64) & 1) != 0;
}

// Memory of one thread. Zero-initialised is empty.
typedef struct {
    wf_stay *visitors;
    wf_stretch *covered;
    size_t visitors_capacity, covered_capacity;
} wf_sweep_scratch;
void wf_sweep_scratch_done(wf_sweep_scratch *scratch);

// Appends the touches of a place-day: all stays there, in any order. `day_s`: first
// second of the day.
weft_status wf_sweep_place(wf_sweep_scratch *scratch, const wf_sweep_ring *ring,
                           const wf_stay *stays, size_t count, uint32_t day_s,
                           wf_touch_list *list) WEFT_MUST_CHECK;

#endif
