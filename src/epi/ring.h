// Rings: touches grouped by person, each person's union taken.
#ifndef WF_EPI_RING_H
#define WF_EPI_RING_H

#include "epi/touch.h"

typedef struct {
    uint32_t person;
    uint32_t first;      // of all
    uint32_t open, last; // the stretch being extended
    uint32_t seconds;    // of the stretches before it
    uint32_t count;      // touches, or where the person's stretches end
} wf_ring_group;

// Memory of one thread, reused from call to call. Zero-initialised is empty.
typedef struct {
    uint64_t *slots; // person << 32 | group + 1; 0: empty
    wf_ring_group *groups;
    uint32_t *group_of; // of each touch
    wf_stretch *stretches;
    size_t slots_capacity, groups_capacity, group_of_capacity, stretches_capacity;
    size_t groups_count;
} wf_ring_scratch;
void wf_ring_scratch_done(wf_ring_scratch *scratch);

// Appends a row for each person whose union is at least `min_seconds`. One pass when
// the touches of each person come by rising `first` (as those of a walk through the
// index's day do), else a second one sorts them; the answer is the same.
weft_status wf_ring_reduce(wf_ring_scratch *scratch, const wf_touch *touches,
                           size_t count, uint64_t min_seconds,
                           wf_ring_rows *rows) WEFT_MUST_CHECK;

// The same for touches that are known to come in no order: saves the first pass.
weft_status wf_ring_reduce_any(wf_ring_scratch *scratch, const wf_touch *touches,
                               size_t count, uint64_t min_seconds,
                               wf_ring_rows *rows) WEFT_MUST_CHECK;

// The same without rows: how many, and the sum of their seconds.
weft_status wf_ring_sum(wf_ring_scratch *scratch, const wf_touch *touches, size_t count,
                        uint64_t min_seconds, uint64_t *ret_count,
                        uint64_t *ret_seconds) WEFT_MUST_CHECK;

#endif
