#include "visits/texts.h"

#include <stdlib.h>

#include "base/hash.h"

enum { slots_min = 64 };

// The slot that holds the text, or the empty one where it belongs.
static size_t slot_of(const wf_texts *texts, wf_text text)
{
    size_t mask = texts->slots_count - 1;
    size_t at = (size_t)wf_hash(text.bytes, text.size, texts->seed) & mask;
    while (texts->slots[at] != 0 &&
           !wf_text_equal(texts->texts[texts->slots[at] - 1], text))
        at = (at + 1) & mask;
    return at;
}

static weft_status grow(wf_texts *texts, weft_error *error)
{
    size_t capacity = texts->capacity == 0 ? slots_min / 2 : texts->capacity * 2;
    wf_text *grown = reallocarray(texts->texts, capacity, sizeof *grown);
    if (grown == NULL)
        return wf_fail_memory(error);
    texts->texts = grown;
    uint32_t *slots = calloc(capacity * 2, sizeof *slots);
    if (slots == NULL)
        return wf_fail_memory(error);
    free(texts->slots);
    texts->slots = slots;
    texts->slots_count = capacity * 2;
    texts->capacity = capacity;
    for (size_t i = 0; i < texts->count; i++)
        texts->slots[slot_of(texts, texts->texts[i])] = (uint32_t)i + 1;
    return WEFT_OK;
}

weft_status wf_texts_init(wf_texts *texts, uint32_t limit, weft_error *error)
{
    *texts = (wf_texts){.limit = limit, .seed = wf_hash_seed()};
    uint32_t number;
    weft_status status = wf_texts_intern(texts, WF_TEXT(""), &number, error);
    if (status != WEFT_OK)
        wf_texts_done(texts);
    return status;
}

void wf_texts_done(wf_texts *texts)
{
    free(texts->texts);
    free(texts->slots);
    wf_arena_done(&texts->arena);
    *texts = (wf_texts){0};
}

weft_status wf_texts_intern(wf_texts *texts, wf_text text, uint32_t *ret,
                            weft_error *error)
{
    if (texts->count == texts->capacity)
        WF_TRY(grow(texts, error));
    size_t at = slot_of(texts, text);
    if (texts->slots[at] == 0) {
        if (texts->count >= texts->limit)
            return wf_fail(error, WEFT_TOO_LARGE, "visits.too_many_texts", NULL);
        wf_text copy = wf_arena_text(&texts->arena, text);
        if (copy.bytes == NULL)
            return wf_fail_memory(error);
        texts->texts[texts->count++] = copy;
        texts->slots[at] = (uint32_t)texts->count;
    }
    *ret = texts->slots[at] - 1;
    return WEFT_OK;
}

uint32_t wf_texts_find(const wf_texts *texts, wf_text text)
{
    uint32_t slot = texts->slots[slot_of(texts, text)];
    return slot == 0 ? UINT32_MAX : slot - 1;
}

weft_status wf_texts_copy(const wf_texts *from, wf_texts *ret, weft_error *error)
{
    wf_texts copy;
    WF_TRY(wf_texts_init(&copy, from->limit, error));
    weft_status status = WEFT_OK;
    for (size_t i = 0; i < from->count && status == WEFT_OK; i++) {
        uint32_t number;
        status = wf_texts_intern(&copy, from->texts[i], &number, error);
    }
    if (status == WEFT_OK)
        *ret = copy;
    else
        wf_texts_done(&copy);
    return status;
}
