// How far a tail was acknowledged. Only for files of src/visits.
//
// Behind the head of a tail stand two marks, sealed under the day's key: how many records
// were acknowledged, where they end, and the tag of the last one. A record is synced,
// then the older mark is overwritten and synced, then the append is acknowledged. So
// whatever dies when, the mark that was not being written is whole, and a record that a
// mark counts was durable before it: when one is missing it was lost, not torn.
#ifndef WF_VISITS_TAIL_MARK_H
#define WF_VISITS_TAIL_MARK_H

#include "keys/seal.h"

#define WF_TAIL_HEAD_BYTES 40
#define WF_TAIL_MARK_BYTES (WF_SEAL_BLOB_OVERHEAD + 16 + WF_SEAL_TAG_BYTES)
#define WF_TAIL_RECORDS_AT (WF_TAIL_HEAD_BYTES + 2 * WF_TAIL_MARK_BYTES)

// The state of a tail after a record.
typedef struct {
    uint64_t records;
    uint64_t length;                           // of the file up to there
    unsigned char last_tag[WF_SEAL_TAG_BYTES]; // zero before the first record
} wf_tail_mark;

bool wf_tail_mark_equal(const wf_tail_mark *a, const wf_tail_mark *b);

// Appends the mark for place 0 or 1 to *ret, sealed.
weft_status wf_tail_mark_seal(const wf_key *key,
                              const unsigned char head[WF_TAIL_HEAD_BYTES],
                              unsigned place, const wf_tail_mark *mark, wf_buffer *ret,
                              weft_error *error) WEFT_MUST_CHECK;

typedef struct {
    wf_tail_mark newest;
    // One mark does not open: a crash tore it while it was written, for a record behind
    // `newest` that was durable by then, or somebody changed it.
    bool torn;
    unsigned spare; // the place of the other one, where the next mark goes
} wf_tail_marks;

// Reads both from the first WF_TAIL_RECORDS_AT bytes of a tail. WEFT_DAMAGED when neither
// opens.
weft_status wf_tail_marks_open(const wf_key *key,
                               const unsigned char file[WF_TAIL_RECORDS_AT],
                               wf_tail_marks *ret, weft_error *error) WEFT_MUST_CHECK;

#endif
