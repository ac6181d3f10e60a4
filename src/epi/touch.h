// Touches: stretches of time that somebody spent together with someone else.
//
// All of the plain look-ups is arithmetic on touches: whatever the source (a shared
// place, an encounter), each stretch together becomes one touch, and what is asked for
// is the union of a person's touches. Nothing else is summed, so that two places at
// once, doubled and touching rows, and pieces cut at midnight come out right by
// themselves.
//
// Instants are whole seconds since a base that the caller chose (the first instant of
// the first day of its window); stretches are half-open and not empty.
#ifndef WF_EPI_TOUCH_H
#define WF_EPI_TOUCH_H

#include "base/status.h"
#include "model/stay.h"

typedef struct {
    uint32_t first, last; // [first, last), first < last
} wf_stretch;

typedef struct {
    wf_person person;
    uint32_t first, last;
} wf_touch;

// Zero-initialised is empty; keeps its memory when count is set to 0.
typedef struct {
    wf_touch *rows;
    size_t count, capacity;
} wf_touch_list;
// Room for `more` touches behind the last one.
weft_status wf_touch_list_reserve(wf_touch_list *list, size_t more) WEFT_MUST_CHECK;
void wf_touch_list_done(wf_touch_list *list);

// Somebody of a ring: the length of the union of the touches and its ends.
typedef struct {
    wf_person person;
    uint32_t seconds;
    uint32_t first, last;
} wf_ring_row;

// Zero-initialised is empty.
typedef struct {
    wf_ring_row *rows;
    size_t count, capacity;
} wf_ring_rows;
weft_status wf_ring_rows_reserve(wf_ring_rows *rows, size_t more) WEFT_MUST_CHECK;
void wf_ring_rows_done(wf_ring_rows *rows);

// Sorts count > 0 stretches and joins those that overlap or touch, in place. Returns how
// many are left.
size_t wf_stretch_merge(wf_stretch *stretches, size_t count);

// Sorts count > 0 stretches; the length of their union and its two ends.
uint32_t wf_stretch_union(wf_stretch *stretches, size_t count, wf_stretch *ret_ends);

// Appends a touch for each of `stays` but the `index`'s own that overlaps `own`, a
// stretch of the index at the same place. `day_s`: first second of the stays' day. The
// list has room for `count` more.
void wf_touch_stays(const wf_stay *stays, size_t count, uint32_t day_s, wf_person index,
                    wf_stretch own, wf_touch_list *list);

#endif
