// What has come of each sender's book: which seq, and therefore which are missing.
//
// An interval set a device, in memory: a phone that sends in order costs one interval,
// one that comes back with a hole of thousands costs two. A seq is `had` when its fact is
// in the ledger, `refused` when its line was refused: that fills the gap, and mending may
// still bring the fact.
//
// Method: a stretch of numbers of one state is a node of the device's treap, so that
// looking up and noting cost O(log stretches) whatever the order of arrival. Memory: 32
// bytes a stretch, some 200 a device. Who sends every second number makes a stretch a
// fact, up to WF_SENDERS_STRETCHES_MAX (32 MiB a device); then only numbers that touch
// what has come are taken.
//
// Threads: one at a time, also those that only read.
#ifndef WF_STORE_SENDERS_H
#define WF_STORE_SENDERS_H

#include "model/value.h"

typedef struct wf_senders wf_senders;

#define WF_SENDERS_DEVICES_MAX (UINT32_C(1) << 20)
#define WF_SENDERS_STRETCHES_MAX (UINT32_C(1) << 20) // a device

typedef enum { WF_SEQ_NEW, WF_SEQ_HAD, WF_SEQ_REFUSED } wf_seq_state;

weft_status wf_senders_new(wf_senders **ret, weft_error *error) WEFT_MUST_CHECK;
void wf_senders_free(wf_senders *senders);

wf_seq_state wf_senders_state(const wf_senders *senders, wf_identity id);
// Notes that `id` (1–WF_DEVICE_BYTES_MAX bytes of device, seq from 1) is HAD or REFUSED.
// What is had stays had. Too many devices, or too scattered a book: WEFT_TOO_LARGE
// ("senders.devices", "senders.scattered"). On failure nothing has changed.
weft_status wf_senders_note(wf_senders *senders, wf_identity id, wf_seq_state state,
                            weft_error *error) WEFT_MUST_CHECK;
// The next unused number of a device whose book the city itself keeps: one more than the
// greatest that came (at most INT64_MAX).
int64_t wf_senders_next(const wf_senders *senders, wf_text device);

// Undo of what was noted since the mark, for a commit that failed; cannot fail. The mark
// stays where it is until the next one.
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

// The gaps of one device; nothing when it is not known.
void wf_senders_device_gaps(const wf_senders *senders, wf_text device,
                            bool (*each)(void *context, const wf_seq_gap *gap),
                            void *context);

// Devices whose gaps, or what stands behind them, may have changed since
// wf_senders_settled, in no order; a sender that counts on is none. `place` from 0; false
// behind the last. The text is valid until the next note.
bool wf_senders_changed(const wf_senders *senders, size_t place, wf_text *ret_device);
void wf_senders_settled(wf_senders *senders);

// Checkpoint: the whole as bytes, appended to *ret, and back. Equal books give equal
// bytes, and no other bytes are read: WEFT_DAMAGED ("senders.damaged").
weft_status wf_senders_save(const wf_senders *senders, wf_buffer *ret,
                            weft_error *error) WEFT_MUST_CHECK;
weft_status wf_senders_load(wf_text bytes, wf_senders **ret,
                            weft_error *error) WEFT_MUST_CHECK;

#endif
