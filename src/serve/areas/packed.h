// Bytes that wait packed until they leave: large answers about people, whose look has to
// be durable before the first of them does, and which a slow client takes in its own
// time. Rows of one answer are much alike: of look-ups ten or more go into one. What is
// packed hangs on nothing: the reader that it came from serves others.
//
//   wf_packed_put … wf_packed_seal   by whoever makes the answer
//   wf_packed_take                   by the stream, piece by piece; what is taken is gone
//
// Nothing of it stays in memory after (wiped, also the window of the compressor).
//
// Threads: one at a time.
#ifndef WF_SERVE_AREAS_PACKED_H
#define WF_SERVE_AREAS_PACKED_H

#include "base/text.h"

typedef struct wf_packed wf_packed;

// `most` bytes of them packed: more is refused. WEFT_NO_MEMORY.
weft_status wf_packed_new(size_t most, wf_packed **ret,
                          weft_error *error) WEFT_MUST_CHECK;
void wf_packed_free(wf_packed *packed); // NULL does nothing

// WEFT_TOO_LARGE ("http.answer_too_large"), WEFT_NO_MEMORY; it may only be let go of
// then.
weft_status wf_packed_put(wf_packed *packed, wf_text bytes,
                          weft_error *error) WEFT_MUST_CHECK;
// That was all; errors as wf_packed_put.
weft_status wf_packed_seal(wf_packed *packed, weft_error *error) WEFT_MUST_CHECK;

// Appends the next bytes, at most `most`; what is packed of them is let go of. Nothing is
// appended at the end. WEFT_NO_MEMORY.
weft_status wf_packed_take(wf_packed *packed, size_t most, wf_buffer *to,
                           weft_error *error) WEFT_MUST_CHECK;

size_t wf_packed_size(const wf_packed *packed);  // of what was put
size_t wf_packed_bytes(const wf_packed *packed); // that it takes now, packed

#endif
