// Counting the rows of a delivery as new or had. Only for files of src/visits.
#ifndef WF_VISITS_TALLY_H
#define WF_VISITS_TALLY_H

#include <stdatomic.h>

#include "base/status.h"
#include "visits/row.h"

// A row that is the only piece of its ordinal is counted at once; pieces of a row split
// at midnight set bits by ordinal, so that the row counts once: as new if any piece is.
typedef struct {
    atomic_uint_fast64_t fresh, had;
    atomic_uint_fast64_t *pieces, *fresh_pieces; // a bit an ordinal
    size_t words;                                // of each
} wf_tally;

// Room for the ordinals of split rows below `ordinals_end`.
weft_status wf_tally_init(wf_tally *tally, uint64_t ordinals_end,
                          weft_error *error) WEFT_MUST_CHECK;
void wf_tally_done(wf_tally *tally);
void wf_tally_result(const wf_tally *tally, uint64_t *ret_fresh, uint64_t *ret_had);

// Counts of one thread, put into the tally at the end of a stretch. Threads: in parallel.
typedef struct {
    wf_tally *tally; // NULL: nothing is counted
    uint64_t fresh, had;
} wf_count;
static inline void wf_count_row(wf_count *count, uint32_t marks, uint32_t ordinal,
                                bool fresh)
{
    if (count->tally == NULL || ordinal == WF_ROW_OLD)
        return;
    if ((marks & (WF_MARK_FROM_BEFORE | WF_MARK_INTO_NEXT)) == 0) {
        count->fresh += fresh;
        count->had += !fresh;
        return;
    }
    uint_fast64_t bit = (uint_fast64_t)1 << (ordinal % 64);
    atomic_fetch_or_explicit(&count->tally->pieces[ordinal / 64], bit,
                             memory_order_relaxed);
    if (fresh)
        atomic_fetch_or_explicit(&count->tally->fresh_pieces[ordinal / 64], bit,
                                 memory_order_relaxed);
}
static inline void wf_count_end(wf_count *count)
{
    if (count->tally == NULL)
        return;
    atomic_fetch_add_explicit(&count->tally->fresh, count->fresh, memory_order_relaxed);
    atomic_fetch_add_explicit(&count->tally->had, count->had, memory_order_relaxed);
}

#endif
