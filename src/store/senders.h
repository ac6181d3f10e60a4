// What has come of each sender's book: which seq, and therefore which are missing.
//
// An interval set a device, in memory: a phone that sends in order costs one interval,
// one that comes back with a hole of thousands costs two. A seq is `had` when its fact is
// in the ledger, `refused` when its line was refused: that fills the gap, and mending may
// still bring the fact.
//
// Threads: one at a time.
#ifndef WF_STORE_SENDERS_H
#define WF_STORE_SENDERS_H

#include "model/value.h"

typedef struct wf_senders wf_senders;

typedef enum { WF_SEQ_NEW, WF_SEQ_HAD, WF_SEQ_REFUSED } wf_seq_state;

weft_status wf_senders_new(wf_senders **ret, weft_error *error) WEFT_MUST_CHECK;
void wf_senders_free(wf_senders *senders);

wf_seq_state wf_senders_state(const wf_senders *senders, wf_identity id);
weft_status wf_senders_note(wf_senders *senders, wf_identity id, wf_seq_state state,
                            weft_error *error) WEFT_MUST_CHECK;
// The next unused number of a device whose book the city itself keeps.
int64_t wf_senders_next(const wf_senders *senders, wf_text device);

// Undo of what was noted since the mark, for a commit that failed.
void wf_senders_mark(wf_senders *senders);
void wf_senders_back(wf_senders *senders);

// One missing stretch [from, upto] of a device below its greatest seq.
typedef struct {
    wf_text device;
    int64_t from, upto;
} wf_seq_gap;
// Calls `each` for every gap, devices in bytewise order; false ends.
void wf_senders_gaps(const wf_senders *senders,
                     bool (*each)(void *context, const wf_seq_gap *gap), void *context);

// Checkpoint: the whole as bytes, and back. Hostile bytes: WEFT_DAMAGED.
weft_status wf_senders_save(const wf_senders *senders, wf_buffer *ret,
                            weft_error *error) WEFT_MUST_CHECK;
weft_status wf_senders_load(wf_text bytes, wf_senders **ret,
                            weft_error *error) WEFT_MUST_CHECK;

#endif
