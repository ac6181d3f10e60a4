// Company: how many people somebody was with and for how long in all, without a table
// of pairs.
//
// If the stretches of the index never overlap one another and nobody was twice at the
// index's side at a time, no second with anyone can be counted twice, so that
// overlaps may be added up as they come, over all people at once; who was met before is
// told by a mark. Where that does not hold wf_company_add says so, and the
// union of touches (ring.h) has to be taken instead.
#ifndef WF_EPI_COMPANY_H
#define WF_EPI_COMPANY_H

#include "base/status.h"
#include "epi/touch.h"

// Columns are read by lanes of eight stays: behind the last stay stand such as overlap
// nothing, up to a whole number of lanes.
#define WF_BESIDE_LANES 8u

// All stays of a place-day in columns. `count` is that of whole lanes, at most
// WF_BESIDE_MAX.
#define WF_BESIDE_MAX 1024u
typedef struct {
    const uint16_t *starts, *ends; // minutes of the day
    const uint32_t *people;
    size_t count;
} wf_beside;

static inline size_t wf_beside_padded(size_t count)
{
    return (count + WF_BESIDE_LANES - 1) / WF_BESIDE_LANES * WF_BESIDE_LANES;
}

// Writes `count` stays into columns with room for wf_beside_padded(count).
void wf_beside_put(const wf_stay *stays, size_t count, uint16_t *starts, uint16_t *ends,
                   uint32_t *people);

// How many stays `index` has; *ret_at is where the first one stands, if any.
size_t wf_beside_find(const wf_beside *beside, wf_person index, size_t *ret_at);
// The next stay of `index` from `at` on, or beside->count.
size_t wf_beside_next(const wf_beside *beside, size_t at, wf_person index);

// More people than this are not counted: the table stays in the first-level cache and so
// empty that entries are nearly always found at once.
#define WF_COMPANY_BITS 12u
#define WF_COMPANY_MAX (1u << (WF_COMPANY_BITS - 1))

// Zero-initialised is empty. One thread's.
typedef struct {
    // person << 32 | mark: the stretch that met them last and the end of their stay
    // there.
    uint64_t entries[1u << WF_COMPANY_BITS];
    uint32_t stretch; // counted over all indexes, so that entries need no clearing
    uint32_t met;     // lower marks are of indexes before: the entry is empty
    uint64_t people, seconds; // the sums so far
} wf_company;

void wf_company_begin(wf_company *company, wf_person index);

// Adds the company of the index during `own`, a part of one of the index's stays among
// `beside`; seconds count from the first of that day. False when somebody was there
// twice at a time, or may have been (columns not in the order of start), or there were
// more people or stretches than it can keep: the sums are worth nothing then.
bool wf_company_add(wf_company *company, const wf_beside *beside, wf_stretch own);

#endif
