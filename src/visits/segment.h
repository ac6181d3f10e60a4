// A segment: rows of one civil day, packed in both orders, as plain bytes.
//
// The day file, a delta and the opened tail are segments; wf_day (day.h) is the union
// of the segments of a day. The layout is drawn at the top of segment.c: place order
// holds blocks of constant-width rows, person order holds places only, hubs (> 200
// visits a day) stand apart with their long stays (> 2 h) in a block of their own
// (MEASURED §2 gives the prototype's figures).
//
// Bytes come from a file that authenticates, but the code that opens them trusts
// nothing: wf_segment_open checks every offset, width and count, and is a fuzz target.
#ifndef WF_VISITS_SEGMENT_H
#define WF_VISITS_SEGMENT_H

#include "visits/day.h"
#include "visits/row.h"

typedef struct wf_segment wf_segment;

// Rows of one day with the texts their seat and setting numbers mean (index 0 is "").
// Rows need not be sorted; no two are the same.
typedef struct {
    weft_day day;
    wf_visit_row *visits;
    size_t visits_count;
    wf_encounter_row *encounters;
    size_t encounters_count;
    const wf_text *seats;
    size_t seats_count;
    const wf_text *settings;
    size_t settings_count;
} wf_segment_rows;

// Bytes from wf_pages_new.
typedef struct {
    unsigned char *bytes;
    size_t size;     // in use
    size_t capacity; // as given to wf_pages_new
} wf_segment_bytes;
void wf_segment_bytes_done(wf_segment_bytes *bytes);

// Packs rows (which it may reorder). Bytes depend on the set of rows only.
weft_status wf_segment_pack(wf_segment_rows *rows, unsigned threads,
                            wf_segment_bytes *ret, weft_error *error) WEFT_MUST_CHECK;

// Checks and opens; takes the bytes over when it returns WEFT_OK. Anything not exactly
// as the layout says: WEFT_DAMAGED ("visits.segment_damaged").
weft_status wf_segment_open(wf_segment_bytes *bytes, unsigned threads, wf_segment **ret,
                            weft_error *error) WEFT_MUST_CHECK;
void wf_segment_close(wf_segment *segment); // NULL does nothing

// All rows back, in (place, start, person, …) order, ordinal WF_ROW_OLD; the lists are
// from wf_pages_new and belong to the caller, the texts to the segment.
typedef struct {
    wf_segment_rows rows;
    wf_text *texts; // the tables of seats and settings; their bytes are the segment's
    // As given to wf_pages_new, in bytes.
    size_t visits_capacity, encounters_capacity, texts_capacity;
} wf_segment_unpacked;
weft_status wf_segment_unpack(const wf_segment *segment, wf_segment_unpacked *ret,
                              weft_error *error) WEFT_MUST_CHECK;
void wf_segment_unpacked_done(wf_segment_unpacked *unpacked);

// The union of 1 to WF_DAY_SEGMENTS_MAX segments of one day, which it takes over when it
// returns WEFT_OK. Seat and setting numbers of the day are made from all of them.
#define WF_DAY_SEGMENTS_MAX 9
weft_status wf_day_open(wf_segment *const *segments, size_t count, wf_day **ret,
                        weft_error *error) WEFT_MUST_CHECK;
void wf_day_close(wf_day *day); // NULL does nothing
// Takes `old`, one of its segments (NULL: none), out and closes it, and takes `fresh`
// (NULL: none) over in its place. At least one segment must be left. On failure the day
// is as it was, and `fresh` the caller's.
weft_status wf_day_replace(wf_day *day, wf_segment *old, wf_segment *fresh,
                           weft_error *error) WEFT_MUST_CHECK;

#endif
