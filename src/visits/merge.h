// Joining the new rows of a day with what is stored of it. Only for files of src/visits.
#ifndef WF_VISITS_MERGE_H
#define WF_VISITS_MERGE_H

#include "visits/pile.h"
#include "visits/tally.h"
#include "visits/texts.h"

typedef struct {
    wf_change *change;
    const wf_texts *seats, *settings; // of the delivery
    wf_tally *visits_tally, *meetings_tally;
    unsigned threads;
} wf_merge;

// Sorts the pile, drops what repeats within it or is stored already, and writes what is
// left: into the day file, or a delta where that is much less than the day or the day
// is damaged. The tail is folded in. *ret_changed: the day has something new.
//
// A damaged file is never touched: rows go to a delta beside it, and since they cannot
// be compared with it they count as new; what is there twice is joined when the good
// file is back and the day is next written. A day all of whose slots are damaged takes
// nothing: WEFT_DAMAGED ("visits.day_too_damaged").
weft_status wf_merge_day(const wf_merge *merge, wf_manifest_day *day, wf_pile *pile,
                         bool *ret_changed, weft_error *error) WEFT_MUST_CHECK;

// Adds all rows of a segment as old ones; its texts are interned.
weft_status wf_merge_add_segment(wf_pile *pile, const wf_segment *segment,
                                 wf_texts *seats, wf_texts *settings,
                                 weft_error *error) WEFT_MUST_CHECK;

// Packs sorted rows, which are given back.
weft_status wf_merge_pack(weft_day day, wf_gathered *gathered, const wf_texts *seats,
                          const wf_texts *settings, unsigned threads,
                          wf_segment_bytes *ret, weft_error *error) WEFT_MUST_CHECK;

// Packs the rows of a pile, which has not been spilled and is empty afterwards, into a
// segment in memory; repeats are dropped.
weft_status wf_merge_segment(wf_pile *pile, const wf_texts *seats,
                             const wf_texts *settings, wf_segment **ret,
                             weft_error *error) WEFT_MUST_CHECK;

// ---- subtract.c ----

// Sorts each bucket and the meetings and drops what repeats; a repeated row counts as
// had. Buckets then have fewer rows than room. Tallies may be NULL.
void wf_merge_sort(wf_gathered *gathered, unsigned threads, wf_tally *visits_tally,
                   wf_tally *meetings_tally);
// Of sorted rows drops those that `stored` (may be NULL) holds, and counts all.
weft_status wf_merge_subtract(const wf_merge *merge, const wf_day *stored,
                              wf_gathered *gathered, weft_error *error) WEFT_MUST_CHECK;

#endif
