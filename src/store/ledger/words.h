// A small dictionary: byte strings → numbers 0, 1, 2 … in the order of first use. Only
// for the ledger's own files.
#ifndef WF_STORE_LEDGER_WORDS_H
#define WF_STORE_LEDGER_WORDS_H

#include "base/text.h"

// Zero-initialised is empty.
typedef struct {
    wf_buffer bytes;
    uint32_t *ends;  // word n is bytes [ends[n − 1], ends[n])
    uint32_t *slots; // number + 1; 0: empty
    size_t count, capacity, slots_count;
    uint64_t seed;
} wf_ledger_words;

// The number of a word, new or old. False: out of memory, nothing was added.
bool wf_ledger_words_put(wf_ledger_words *words, wf_text word,
                         uint32_t *ret) WEFT_MUST_CHECK;
wf_text wf_ledger_words_get(const wf_ledger_words *words, uint32_t number);
void wf_ledger_words_clear(wf_ledger_words *words);
void wf_ledger_words_done(wf_ledger_words *words); // wipes

#endif
