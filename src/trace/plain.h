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
// Method of the second ring: one sweep over each visited place-day (epi/sweep.h), not
// pairs; equality with the O(n²) definition is a property test (test/prop/plain_test.c).
// docs/methods/plain.md says why it is exact.
#ifndef WF_TRACE_PLAIN_H
#define WF_TRACE_PLAIN_H

#include "epi/partition.h"
#include "trace/net.h"

// Memory that queries reuse, so that a warm one allocates next to nothing; threads of
// its own use come from here too. Threads: one call at a time on one scratch.
typedef struct wf_plain_scratch wf_plain_scratch;

// For at most `threads` threads (1 to 64).
weft_status wf_plain_scratch_new(unsigned threads, wf_plain_scratch **ret,
                                 weft_error *error) WEFT_MUST_CHECK;
void wf_plain_scratch_free(wf_plain_scratch *scratch); // NULL does nothing

// `from` and `to` are rounded down to the second.
typedef struct {
    wf_person index;
    weft_time from, to;
    unsigned generations; // 1 or 2
    uint64_t min_seconds;
    uint64_t crowd; // leaves out place-days with more visits; 0: none left out
} wf_plain_query;

// Seconds of rows count from `base`. Everything lives in the scratch until its next
// call. Rows are in no order that means anything.
typedef struct {
    const wf_span *span;
    weft_time base;
    wf_ring_run first;
    wf_ring_run second[WF_PARTITIONS_MAX];
    size_t second_runs;
} wf_plain_answer;

static inline weft_time wf_plain_time(const wf_plain_answer *answer, uint32_t seconds)
{
    return (weft_time){answer->base.us + (int64_t)seconds * WF_US_PER_S};
}

// A window of more than 136 years between the first and the last known day:
// WEFT_TOO_LARGE ("trace.window_too_wide"). Days that cannot be read are left out; the
// span's states say which (wf_span_status).
weft_status wf_plain_contacts(const wf_net *net, wf_plain_scratch *scratch,
                              const wf_plain_query *query, wf_plain_answer *ret,
                              weft_error *error) WEFT_MUST_CHECK;

// The same over days that the caller opened: `span` covers [from, to) and outlives the
// answer.
weft_status wf_plain_contacts_in(const wf_span *span, wf_plain_scratch *scratch,
                                 const wf_plain_query *query, wf_plain_answer *ret,
                                 weft_error *error) WEFT_MUST_CHECK;

// The rows of a generation by seconds descending, then external id; only the first
// `limit` need be in order (0: all). *ret lives in the scratch until its next call of
// wf_plain_ordered or of a query.
weft_status wf_plain_ordered(wf_plain_scratch *scratch, const wf_plain_answer *answer,
                             const wf_ids *ids, unsigned generation, size_t limit,
                             const wf_ring_row **ret, size_t *ret_count,
                             weft_error *error) WEFT_MUST_CHECK;

// The via of a row of generation 2 of the scratch's last query (which it must be):
// pairwise, from the person's own visits; for the rows that are printed.
weft_status wf_plain_via(wf_plain_scratch *scratch, const wf_plain_query *query,
                         const wf_plain_answer *answer, const wf_ids *ids,
                         wf_person person, wf_person *ret, uint32_t *ret_seconds,
                         weft_error *error) WEFT_MUST_CHECK;

// ---- many first rings at once ----

typedef struct {
    wf_person index;
    weft_time from, to;
} wf_plain_case;

typedef struct {
    uint64_t people;  // of the first ring
    uint64_t seconds; // the sum over them
} wf_plain_sum;

// The first ring of each case, counted, over days that the caller opened; the span covers
// all windows. Threads share the work; `ret` has `count` entries. Many cases of one
// window are answered from one sweep of all places (plain_everyone.c), which takes about
// 500 bytes a person of at most a million people; the scratch keeps them.
weft_status wf_plain_many_in(const wf_span *span, wf_plain_scratch *scratch,
                             const wf_plain_case *cases, size_t count,
                             uint64_t min_seconds, uint64_t crowd, wf_plain_sum *ret,
                             weft_error *error) WEFT_MUST_CHECK;

#endif
