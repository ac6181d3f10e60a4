// A set of subjects: those that a slice of facts has touched. Only for files of
// src/store/query.
#ifndef WF_STORE_QUERY_TOUCHED_H
#define WF_STORE_QUERY_TOUCHED_H

#include "base/arena.h"

// A text, or the number of a person or place.
typedef struct {
    bool is_number;
    wf_text text;
    int64_t number;
} wf_subject;

// Zeroed is empty.
typedef struct {
    wf_subject *items;
    size_t count, room;
    uint32_t *slots; // 1 + place of an item; 0: free. A power of 2, or none
    size_t slots_count;
    wf_arena texts;
} wf_touched;

// Adds a copy unless it is there. False, and nothing added, when memory ran out.
bool wf_touched_add(wf_touched *set, wf_subject subject);
// In their order, so that rows are asked in the order of their keys; only a clear may
// follow.
void wf_touched_sort(wf_touched *set);
void wf_touched_clear(wf_touched *set); // keeps the room
void wf_touched_done(wf_touched *set);

#endif
