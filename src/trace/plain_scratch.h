// What the files of the plain look-ups share; for src/trace/plain*.c only.
#ifndef WF_TRACE_PLAIN_SCRATCH_H
#define WF_TRACE_PLAIN_SCRATCH_H

#include "epi/gathering.h"
#include "epi/ring.h"
#include "epi/sweep.h"
#include "trace/plain.h"

// No stay ends after this minute of its day.
#define PLAIN_MINUTES_MAX 1500u

// A window on a span in the span's seconds: [from, to), and the days it touches.
typedef struct {
    const wf_span *span;
    uint32_t from, to;
    size_t day_from, day_to;
    uint64_t crowd;
} plain_window;

// A stretch of the index at a place, and where that place's stays stand.
typedef struct {
    wf_stretch own;
    size_t stays, stays_count;
} plain_stop;

// What one thread works with.
typedef struct {
    wf_stay_list stays;
    wf_stop_list stops;
    wf_meeting_list meetings;
    uint32_t *places;
    size_t places_count, places_capacity;
    plain_stop *own;
    size_t own_count, own_capacity;
    wf_stretch *stretches;
    size_t stretches_capacity;
    wf_touch_list touches;
    wf_ring_scratch ring;
    wf_sweep_scratch sweep;
    wf_gathering *gathering; // NULL until everyone was asked for
    weft_status status;      // of its part of a parallel step
} plain_worker;

struct wf_plain_scratch {
    unsigned threads;
    wf_arena arena; // of the last query's span
    wf_span span;
    wf_ring_rows first;
    wf_ring_rows ordered;
    uint64_t *keys; // of ordering
    size_t keys_capacity;
    wf_partitions *partitions;
    wf_everyone *everyone; // NULL until asked for
    wf_ring_rows second;   // of small second rings
    // The first ring as a bitmap and moments; bits are set for `first` and `index`
    // until the next query when `marked`.
    uint64_t *members;
    uint32_t *moments;
    size_t members_capacity, moments_capacity;
    bool marked;
    wf_person index;
    uint32_t window_to;    // of the last query
    wf_touch_list via_own; // of wf_plain_via: the person's own stays
    // A bit for each place of each day that the first ring visited; all 0 between
    // queries.
    uint64_t *visited;
    size_t visited_capacity;
    uint32_t *dirty; // words of `visited` that are not 0, in small rings
    size_t dirty_count, dirty_capacity;
    uint32_t *ahead,
        *ahead_days; // places to be swept next and their days, in small rings
    size_t ahead_count, ahead_capacity, ahead_days_capacity;
    size_t *visited_from; // by day of the span: its first word; one entry more
    size_t visited_from_capacity;
    plain_worker workers[];
};

// Sets *ret for [from, to) cut to the span; false when nothing is left.
bool wf_plain_window_of(const wf_span *span, weft_time from, weft_time to, uint64_t crowd,
                        plain_window *ret);

// WEFT_TOO_LARGE for a span whose seconds do not fit 32 bits.
weft_status wf_plain_check_width(const wf_span *span, weft_error *error) WEFT_MUST_CHECK;

// The span's first instant counts as second 0.
static inline uint32_t plain_day_s(const wf_span *span, size_t day)
{
    return (uint32_t)((span->starts[day].us - span->starts[0].us) / WF_US_PER_S);
}

static inline bool plain_crowded(const plain_window *window, const wf_day *day,
                                 wf_place place)
{
    return window->crowd != 0 && wf_day_place_visits(day, place) > window->crowd;
}

// Cuts to [from, to); false when nothing is left.
static inline bool plain_cut(wf_stretch *stretch, uint32_t from, uint32_t to)
{
    stretch->first = stretch->first < from ? from : stretch->first;
    stretch->last = stretch->last > to ? to : stretch->last;
    return stretch->first < stretch->last;
}

static inline wf_stretch plain_meeting(const wf_meeting *meeting, uint32_t day_s)
{
    return (wf_stretch){day_s + meeting->start, day_s + meeting->end};
}

// Room for `more` stretches behind `used` in worker->stretches.
weft_status wf_plain_stretches(plain_worker *worker, size_t used,
                               size_t more) WEFT_MUST_CHECK;

// worker->touches become those of the index with everyone (plain_first.c).
weft_status wf_plain_touch(plain_worker *worker, const plain_window *window,
                           wf_person index) WEFT_MUST_CHECK;

// scratch->everyone becomes everyone's first ring, counted, without a minimum
// (plain_everyone.c). Of whom there is a doubt, also for encounters, the sums have to be
// found by wf_plain_touch. A crowd of 1 to WF_GATHERING_VISITS_MAX
// and at most WF_EVERYONE_DAYS_MAX days. WEFT_NO_MEMORY is the only failure.
weft_status wf_plain_sweep_everyone(wf_plain_scratch *scratch,
                                    const plain_window *window) WEFT_MUST_CHECK;
// One more than the greatest number of a person on the window's days.
uint32_t wf_plain_people_end(const plain_window *window);

// Fills the answer's second ring from scratch->first (plain_second.c).
weft_status wf_plain_second(wf_plain_scratch *scratch, const plain_window *window,
                            const wf_plain_query *query,
                            wf_plain_answer *answer) WEFT_MUST_CHECK;
// Clears the marks of the last query.
void wf_plain_unmark(wf_plain_scratch *scratch);

#endif
