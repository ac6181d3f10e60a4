#include "store/ledger/words.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { slots_min = 64, slots_kept_max = 16384 };

static size_t slot_of(const wf_ledger_words *words, wf_text word)
{
    size_t mask = words->slots_count - 1;
    size_t at = (size_t)wf_hash(word.bytes, word.size, words->seed) & mask;
    while (words->slots[at] != 0 &&
           !wf_text_equal(wf_ledger_words_get(words, words->slots[at] - 1), word))
        at = (at + 1) & mask;
    return at;
}

// At most half of the slots are taken.
static bool grow_slots(wf_ledger_words *words)
{
    size_t count = words->slots_count == 0 ? slots_min : words->slots_count * 2;
    uint32_t *slots = calloc(count, sizeof *slots);
    if (slots == NULL)
        return false;
    if (words->seed == 0)
        words->seed = wf_hash_seed();
    free(words->slots);
    words->slots = slots;
    words->slots_count = count;
    for (uint32_t i = 0; i < words->count; i++)
        slots[slot_of(words, wf_ledger_words_get(words, i))] = i + 1;
    return true;
}

static bool grow_ends(wf_ledger_words *words)
{
    size_t capacity = words->capacity == 0 ? 32 : words->capacity * 2;
    uint32_t *ends = reallocarray(words->ends, capacity, sizeof *ends);
    if (ends == NULL)
        return false;
    words->ends = ends;
    words->capacity = capacity;
    return true;
}

bool wf_ledger_words_put(wf_ledger_words *words, wf_text word, uint32_t *ret)
{
    if (words->count * 2 >= words->slots_count && !grow_slots(words))
        return false;
    size_t slot = slot_of(words, word);
    if (words->slots[slot] == 0) {
        if (words->count == words->capacity && !grow_ends(words))
            return false;
        if (words->bytes.size + word.size > UINT32_MAX ||
            !wf_buffer_append(&words->bytes, word.bytes, word.size))
            return false;
        words->ends[words->count++] = (uint32_t)words->bytes.size;
        words->slots[slot] = (uint32_t)words->count;
    }
    *ret = words->slots[slot] - 1;
    return true;
}

wf_text wf_ledger_words_get(const wf_ledger_words *words, uint32_t number)
{
    uint32_t from = number == 0 ? 0 : words->ends[number - 1];
    return (wf_text){words->bytes.bytes + from, words->ends[number] - from};
}

void wf_ledger_words_clear(wf_ledger_words *words)
{
    wf_buffer_clear(&words->bytes);
    words->count = 0;
    // After a large commit small ones should not clear its table each time.
    if (words->slots_count > slots_kept_max) {
        free(words->slots);
        words->slots = NULL;
        words->slots_count = 0;
    }
    if (words->slots_count > 0)
        memset(words->slots, 0, words->slots_count * sizeof *words->slots);
}

void wf_ledger_words_done(wf_ledger_words *words)
{
    wf_buffer_wipe(&words->bytes);
    free(words->ends);
    free(words->slots);
    *words = (wf_ledger_words){0};
}
