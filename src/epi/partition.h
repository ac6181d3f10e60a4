// Very many touches of a whole city, reduced to rings in pieces that fit the cache.
//
// Method (MEASURED §1): the sweep never touches an array by person. It hands touches
// over in lists; they are appended to up to 256 partitions by person range, each
// afterwards sorted by counting and reduced within a second-level cache by one thread.
#ifndef WF_EPI_PARTITION_H
#define WF_EPI_PARTITION_H

#include "epi/touch.h"

#define WF_PARTITIONS_MAX 256

// Keeps its memory from query to query.
typedef struct wf_partitions wf_partitions;

// For up to `threads` threads (1 to 64).
weft_status wf_partitions_new(unsigned threads, wf_partitions **ret) WEFT_MUST_CHECK;
void wf_partitions_free(wf_partitions *partitions); // NULL does nothing

// Empties all for people numbered below `people_end`.
weft_status wf_partitions_begin(wf_partitions *partitions,
                                uint32_t people_end) WEFT_MUST_CHECK;

// Takes the touches of a list, which is empty afterwards. `thread` says whose part it
// goes to: threads may call at once, each with its own number.
weft_status wf_partitions_add(wf_partitions *partitions, unsigned thread,
                              wf_touch_list *list) WEFT_MUST_CHECK;

// Reduces all: per partition the rows whose union is at least `min_seconds`, by person
// number. The runs live until the next begin.
typedef struct {
    const wf_ring_row *rows;
    size_t count;
} wf_ring_run;
weft_status wf_partitions_reduce(wf_partitions *partitions, uint64_t min_seconds,
                                 wf_ring_run ret_runs[WF_PARTITIONS_MAX],
                                 size_t *ret_runs_count) WEFT_MUST_CHECK;

#endif
