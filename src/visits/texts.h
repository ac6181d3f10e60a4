// A table of the texts of seats and settings: text ↔ small number, "" is 0.
// Only for files of src/visits. Threads: finding in parallel; interning alone.
#ifndef WF_VISITS_TEXTS_H
#define WF_VISITS_TEXTS_H

#include "base/arena.h"
#include "base/text.h"

typedef struct {
    wf_text *texts; // by number
    size_t count, capacity;
    uint32_t *slots; // number + 1, 0: empty
    size_t slots_count;
    wf_arena arena;
    uint64_t seed;
    uint32_t limit;
} wf_texts;

// Holds "" only; numbers stay below `limit`.
weft_status wf_texts_init(wf_texts *texts, uint32_t limit,
                          weft_error *error) WEFT_MUST_CHECK;
void wf_texts_done(wf_texts *texts);
// The number of a text, made if new. More than `limit`: WEFT_TOO_LARGE
// ("visits.too_many_texts").
weft_status wf_texts_intern(wf_texts *texts, wf_text text, uint32_t *ret,
                            weft_error *error) WEFT_MUST_CHECK;
// UINT32_MAX if it is not there.
uint32_t wf_texts_find(const wf_texts *texts, wf_text text);
// A table in which the texts of `from` have the same numbers.
weft_status wf_texts_copy(const wf_texts *from, wf_texts *ret,
                          weft_error *error) WEFT_MUST_CHECK;

#endif
