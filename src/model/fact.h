// A fact: what somebody saw or decided, once (DESIGN §3), and the canonical form of its
// body.
//
// Threads: all functions may run in parallel.
#ifndef WF_MODEL_FACT_H
#define WF_MODEL_FACT_H

#include "base/arena.h"
#include "base/time.h"
#include "model/kind.h"

#define WF_DEVICE_BYTES_MAX 64

typedef struct {
    wf_identity id;
    const wf_kind *kind;
    weft_time at;
    wf_text grid;       // where it lies; size 0: not said
    wf_identity amends; // what it stands instead of, or withdraws; none: device size 0
    wf_value values[WF_FIELDS_MAX]; // in the order of the kind's fields
} wf_fact;

// The order of facts that decides `last`: at, then device bytewise, then seq. <0, 0, >0.
int wf_fact_compare(const wf_fact *a, const wf_fact *b);

// Checks the values against the kind's fields: what is required, lengths, UTF-8, ranges,
// words, lists; and device, seq, grid. WEFT_BAD_INPUT ("fact.…", field).
weft_status wf_fact_check(const wf_fact *fact, weft_error *error) WEFT_MUST_CHECK;

// The canonical body. All numbers are little endian, n is the place of a field:
//
//   SIZE
//   1     n, rising; fields that are not given are left out
//   …     ID, TEXT, WORD, PERSON, PLACE: u16 size, bytes
//         DATE: i32 days · TIME, INTEGER: i64 · YESNO: u8 · NUMBER: 8 bytes IEEE 754
//         FACT: u8 size of device, device, i64 seq
//         a list: u32 count, then its items
//
// Appends to *ret; `fact` has been checked. WEFT_NO_MEMORY.
weft_status wf_fact_encode(const wf_fact *fact, wf_buffer *ret,
                           weft_error *error) WEFT_MUST_CHECK;
// Reads a body of `kind` into ret->values; texts borrowed from `body`, lists from the
// arena. What breaks the form, or the kind's own limits: WEFT_DAMAGED ("fact.damaged").
weft_status wf_fact_decode(const wf_kind *kind, wf_text body, wf_arena *arena,
                           wf_fact *ret, weft_error *error) WEFT_MUST_CHECK;

#endif
