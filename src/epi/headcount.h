// Counting who was at a place, for source finding (source.h): the distinct visitors of
// each case's class on the days of its window, and of all classes on all days.
//
// Days are given in rising order, a day's visitors in as many parts as wanted; the counts
// are right after each part. One pass serves all windows: a visitor of day d counts for
// the windows that hold d but not the day of that person's visit before. Costs a look
// into a table of the place's own visitors each, whatever the size of the city.
//
// Threads: one at a time.
#ifndef WF_EPI_HEADCOUNT_H
#define WF_EPI_HEADCOUNT_H

#include "epi/source.h"

typedef struct {
    uint32_t person;
    uint32_t count;    // the count that the entry belongs to; of another one: free
    uint32_t last_day; // of the newest visit counted
    uint32_t grid;
} wf_headcount_visitor;

typedef struct {
    const wf_source_query *query; // borrowed
    uint64_t *in_window;          // by case
    uint64_t visitors;            // everybody
    wf_headcount_visitor *table;  // open addressing
    size_t used, slots;           // slots: a power of two
    uint32_t count;
    uint32_t *by_before; // [grid][day of the visit before + 1; 0: the first visit]
} wf_headcount;

// `query` is borrowed until wf_headcount_done.
weft_status wf_headcount_init(wf_headcount *ret, const wf_source_query *query,
                              weft_error *error) WEFT_MUST_CHECK;
void wf_headcount_done(wf_headcount *headcount); // zero-initialised: does nothing

// Begins a new count.
void wf_headcount_begin(wf_headcount *headcount);

// Counts these visitors of `day`, the same as in the call before or a later one. A person
// may be named twice.
weft_status wf_headcount_add(wf_headcount *headcount, uint32_t day,
                             const wf_person *people, size_t count,
                             weft_error *error) WEFT_MUST_CHECK;

#endif
