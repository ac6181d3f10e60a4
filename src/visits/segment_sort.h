// Sorting for packing: linear time, no locks, the same result whatever the threads.
// Only for files of src/visits.
#ifndef WF_VISITS_SEGMENT_SORT_H
#define WF_VISITS_SEGMENT_SORT_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t key;
    uint64_t rest; // decides between equal keys
} wf_record;

// By key, then rest, ascending. `scratch` has room for `count`.
void wf_records_sort(wf_record *records, size_t count, wf_record *scratch);
void wf_keys_sort(uint64_t *keys, size_t count, uint64_t *scratch);

#endif
