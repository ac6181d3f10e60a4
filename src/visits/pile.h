// Piles: the rows of one day on their way into the store, in sixteen bytes a visit.
//
// A packed visit is a 128-bit number whose order is (place, start, person, end, seat,
// marks, ordinal) and whose upper 96 bits are the row's identity: two rows are the same
// if they agree in all of them. The marks "from before" and "into next" belong to it,
// because a stay until midnight and the first piece of a longer one are different rows
// of a delivery.
//
//   high: place 24 | start 11 | person 24 | end, upper 5
//   low:  end, lower 6 | seat 23 | marks 3 | ordinal 32
//
// Encounters are few beside visits and take 24 bytes.
//
// Only for files of src/visits. Threads: one call at a time on one pile.
#ifndef WF_VISITS_PILE_H
#define WF_VISITS_PILE_H

#include "visits/row.h"
#include "visits/segment.h"
#include "visits/store.h"

#define WF_SEAT_LIMIT ((UINT32_C(1) << 23) - 1) // above every seat number

typedef struct {
    uint64_t high, low;
} wf_packed_visit;

typedef struct {
    uint64_t high; // a 24 | b 24 | start, upper 16
    uint64_t low;  // start, lowest | end 17 | setting 32 | zero 11 | marks 3
    uint32_t ordinal;
} wf_packed_meeting;

wf_packed_visit wf_visit_pack(const wf_visit_row *row);
wf_visit_row wf_visit_unpack(wf_packed_visit packed);
wf_packed_meeting wf_meeting_pack(const wf_encounter_row *row);
wf_encounter_row wf_meeting_unpack(const wf_packed_meeting *packed);

static inline uint32_t wf_packed_place(wf_packed_visit row)
{
    return (uint32_t)(row.high >> 40);
}

static inline uint32_t wf_packed_ordinal(wf_packed_visit row)
{
    return (uint32_t)row.low;
}

static inline bool wf_packed_same(wf_packed_visit a, wf_packed_visit b)
{
    return a.high == b.high && a.low >> 32 == b.low >> 32;
}

static inline bool wf_packed_before(wf_packed_visit a, wf_packed_visit b)
{
    return a.high != b.high ? a.high < b.high : a.low < b.low;
}

// By identity alone: <0, 0, >0.
int wf_meeting_compare(const wf_packed_meeting *a, const wf_packed_meeting *b);

// Sorts in place: most significant byte first, exchanging rows within their bins
// (McIlroy, Bostic & McIlroy 1993, Computing Systems 6:5), short runs by insertion.
void wf_packed_sort(wf_packed_visit *rows, size_t count);
// By identity, then ordinal.
void wf_meeting_sort(wf_packed_meeting *rows, size_t count);

// ---- collecting ----

typedef struct wf_chunk wf_chunk;

// A chunk that was sealed to the day's spill file.
typedef struct {
    uint64_t at;   // in the file
    uint32_t size; // plain bytes
    bool meetings;
} wf_spilled;

typedef struct {
    weft_day day;
    wf_chunk *visits;                      // newest first
    wf_chunk *meetings;                    // newest first
    uint64_t visits_count, meetings_count; // also those that are spilled
    uint32_t *histogram;                   // visits by place / 256, up to the greatest
    size_t bins_count;
    size_t memory_bytes; // of chunks
    wf_spilled *spilled;
    size_t spilled_count, spilled_capacity;
    uint64_t spill_end;  // length of the spill file
    bool has_spill_file; // stays true until it is removed
    unsigned char spill_nonce[16];
} wf_pile;

void wf_pile_init(wf_pile *pile, weft_day day);
// Frees memory; a spill file is the caller's to remove.
void wf_pile_done(wf_pile *pile);
weft_status wf_pile_add(wf_pile *pile, const wf_packed_visit *rows, size_t count,
                        weft_error *error) WEFT_MUST_CHECK;
weft_status wf_pile_add_meetings(wf_pile *pile, const wf_packed_meeting *rows,
                                 size_t count, weft_error *error) WEFT_MUST_CHECK;

// Seals all chunks in memory to visits/<day>.spill under the day's key and frees them.
weft_status wf_pile_spill(wf_pile *pile, const wf_visits *visits, const wf_key *key,
                          weft_error *error) WEFT_MUST_CHECK;
void wf_pile_remove_spill(wf_pile *pile, const wf_visits *visits);

// ---- emptying a pile ----

typedef struct {
    size_t at, count;
} wf_span_of_rows;

// Rows of a pile in memory. Visits stand in buckets of rising places, each unsorted.
typedef struct {
    wf_packed_visit *visits;
    size_t visits_count, visits_bytes;
    wf_span_of_rows *buckets;
    size_t buckets_count;
    wf_packed_meeting *meetings;
    size_t meetings_count, meetings_bytes;
} wf_gathered;

// Moves all rows out of the pile, which is empty afterwards, also on failure. `key` is
// that of the spill file and may be NULL if nothing was spilled.
weft_status wf_pile_gather(wf_pile *pile, const wf_visits *visits, const wf_key *key,
                           unsigned threads, wf_gathered *ret,
                           weft_error *error) WEFT_MUST_CHECK;
void wf_gathered_done(wf_gathered *gathered);

// ---- for pile.c, gather.c and spill.c ----

// The first chunk of a list is small, so that a delivery of few rows on many days needs
// little memory; the others are of one huge page.
enum { wf_chunk_bytes = 1 << 21, wf_first_chunk_bytes = 1 << 16 };
struct wf_chunk {
    wf_chunk *next;
    size_t size; // of the whole chunk
    size_t used; // bytes of rows
    _Alignas(16) unsigned char rows[];
};
void wf_chunk_free(wf_chunk *chunk);
// Unseals a spilled chunk into `into`, which has room for its rows.
weft_status wf_spill_read(const wf_pile *pile, const wf_visits *visits, const wf_key *key,
                          size_t index, unsigned char *into,
                          weft_error *error) WEFT_MUST_CHECK;

#endif
