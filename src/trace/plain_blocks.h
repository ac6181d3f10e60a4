// Place-days taken apart, kept for the next case: people numbered near each other were
// at the same places. For src/trace/plain*.c only.
#ifndef WF_TRACE_PLAIN_BLOCKS_H
#define WF_TRACE_PLAIN_BLOCKS_H

#include "epi/company.h"
#include "visits/day.h"

typedef struct {
    uint64_t key; // day << 32 | place, and 1 added; 0: none
    uint64_t at;  // rows written before it
    size_t count; // 0: nobody, or a crowd
} plain_block;

// A ring of rows: what was written longest ago is overwritten first. Zero-initialised
// is empty.
typedef struct {
    plain_block *slots;
    uint16_t *starts, *ends;
    uint32_t *people;
    uint64_t written;
    uint32_t crowd;
} plain_blocks;

// Forgets everything; place-days with more than `crowd` visits count as empty.
// 1 ≤ crowd ≤ PLAIN_BLOCKS_CROWD_MAX.
#define PLAIN_BLOCKS_CROWD_MAX WF_BESIDE_MAX
weft_status plain_blocks_begin(plain_blocks *blocks, uint32_t crowd) WEFT_MUST_CHECK;
void plain_blocks_done(plain_blocks *blocks);

// Fetches what the next plain_blocks_get will not find.
void plain_blocks_ahead(const plain_blocks *blocks, const wf_day *day, size_t d,
                        uint32_t *places, size_t count);
// `d` tells the days apart. *ret holds until the next call. `stays` is room.
weft_status plain_blocks_get(plain_blocks *blocks, const wf_day *day, size_t d,
                             wf_place place, wf_stay_list *stays,
                             wf_beside *ret) WEFT_MUST_CHECK;

#endif
