// Sentences of the answers, 中文 and English, put together from the catalogue
// (src/model/texts/trace.def). They name a place by its kind and nobody at all.
#ifndef WF_ACCESS_ASKED_EXPLAIN_H
#define WF_ACCESS_ASKED_EXPLAIN_H

#include "base/arena.h"
#include "base/time.h"
#include "epi/contacts.h"
#include "model/catalogue.h"

// What a reason rests on, beside the exposure itself.
typedef struct {
    weft_day date;
    int days_from_onset; // INT_MIN: not known
    bool from_sample;    // counted from the first positive sample, not from onset
    wf_unit unit;        // the finer unit of the place
    bool to_close;       // the other was a close contact, not the case
} wf_explain_reason;

// "2 h 10 min in the same class on 9 Dec, one day after onset; end of stay guessed". In
// the arena; NULL when out of memory.
const char *wf_explain_exposure(const wf_exposure *exposure,
                                const wf_explain_reason *about, wf_language language,
                                wf_arena *arena);

// A sentence of the catalogue, filled; pairs of (name, value), ended by NULL. In the
// arena; NULL when out of memory.
const char *wf_explain(wf_arena *arena, wf_language language, const char *code, ...)
    __attribute__((sentinel));

// "9 Dec", "12月9日".
const char *wf_explain_date(wf_arena *arena, wf_language language, weft_day date);

#endif
