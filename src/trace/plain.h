// Plain look-ups: arithmetic without rules (the issue's `--plain`).
//
// Visits are to the minute, encounters to the second; overlapping or touching stays of
// one person at one place are merged; stays split at midnight are joined again.
// Seconds between two people = length of the union of their overlaps (visits and
// encounters) inside [from, to). First ring: seconds > 0 and ≥ min_seconds. Second
// ring: F the first ring, m(c) the first counted moment of c with the index; for each
// p ∉ F ∪ {index}: seconds = length of the union over all c in F of the overlaps of p
// with c inside [m(c), to); p belongs if seconds > 0 and ≥ min_seconds; via = the c
// with the longest single overlap there, smallest id bytewise on ties.
//
// Method of the second ring: one sweep over each visited place-day (MEASURED §1), not
// pairs; equality with the O(n²) definition is a property test.
#ifndef WF_TRACE_PLAIN_H
#define WF_TRACE_PLAIN_H

#include "trace/net.h"

typedef struct {
    wf_person index;
    weft_time from, to;
    unsigned generations;     // 1 or 2
    uint64_t min_seconds;
    uint64_t crowd;           // 0: none left out
} wf_plain_query;

typedef struct {
    wf_person person;
    uint32_t generation;
    int64_t seconds;
    weft_time first, last;
} wf_plain_row;

typedef struct {
    wf_plain_row *rows; // by generation, seconds descending, external id
    size_t count;
    size_t capacity_bytes; // of rows, from wf_pages_new
    wf_span span;
} wf_plain_answer;
void wf_plain_answer_done(wf_plain_answer *answer);

// `sorted` false: rows of a generation in any order, for counting and benchmarks.
weft_status wf_plain_contacts(const wf_net *net, const wf_plain_query *query, bool sorted,
                              wf_arena *arena, wf_plain_answer *ret,
                              weft_error *error) WEFT_MUST_CHECK;

// The via of a row of generation 2, for the rows that are printed.
weft_status wf_plain_via(const wf_net *net, const wf_plain_query *query,
                         const wf_plain_answer *answer, wf_person person, wf_person *ret,
                         int64_t *ret_seconds, weft_error *error) WEFT_MUST_CHECK;

#endif
