#include "store/query/touched.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/hash.h"

static int compare(const void *left, const void *right)
{
    const wf_subject *a = left, *b = right;
    if (!a->is_number)
        return wf_text_compare(a->text, b->text);
    return (a->number > b->number) - (a->number < b->number);
}

static size_t slot_of(const wf_touched *set, const wf_subject *subject)
{
    uint64_t hash = subject->is_number
                        ? wf_hash(&subject->number, sizeof subject->number, WF_HASH_A)
                        : wf_hash(subject->text.bytes, subject->text.size, WF_HASH_B);
    size_t at = (size_t)hash & (set->slots_count - 1);
    while (set->slots[at] != 0 && compare(&set->items[set->slots[at] - 1], subject) != 0)
        at = (at + 1) & (set->slots_count - 1);
    return at;
}

static bool more_slots(wf_touched *set)
{
    size_t count = set->slots_count == 0 ? 256 : 2 * set->slots_count;
    uint32_t *slots = calloc(count, sizeof *slots);
    if (slots == NULL)
        return false;
    free(set->slots);
    set->slots = slots;
    set->slots_count = count;
    for (size_t i = 0; i < set->count; i++)
        slots[slot_of(set, &set->items[i])] = (uint32_t)i + 1;
    return true;
}

bool wf_touched_add(wf_touched *set, wf_subject subject)
{
    if (2 * (set->count + 1) > set->slots_count && !more_slots(set))
        return false;
    size_t at = slot_of(set, &subject);
    if (set->slots[at] != 0)
        return true;
    if (!subject.is_number) {
        subject.text = wf_arena_text(&set->texts, subject.text);
        if (subject.text.bytes == NULL)
            return false;
    }
    if (set->count == set->room) {
        wf_subject *items =
            wf_grow(set->items, set->count, &set->room, sizeof *set->items);
        if (items == NULL)
            return false;
        set->items = items;
    }
    set->items[set->count++] = subject;
    set->slots[at] = (uint32_t)set->count;
    return true;
}

void wf_touched_sort(wf_touched *set)
{
    if (set->count > 1)
        qsort(set->items, set->count, sizeof *set->items, compare);
}

void wf_touched_clear(wf_touched *set)
{
    if (set->count > 0)
        memset(set->slots, 0, set->slots_count * sizeof *set->slots);
    set->count = 0;
    wf_arena_done(&set->texts);
}

void wf_touched_done(wf_touched *set)
{
    wf_arena_done(&set->texts);
    free(set->items);
    free(set->slots);
    *set = (wf_touched){0};
}
