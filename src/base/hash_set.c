#include "base/hash_set.h"

#include <stdlib.h>

enum { slots_first = 64 };

// Where the hash stands, or would.
static uint64_t *slot_of(const wf_hash_set *set, uint64_t hash)
{
    size_t at = (size_t)hash & (set->slots_count - 1);
    while (set->slots[at] != 0 && set->slots[at] != hash)
        at = (at + 1) & (set->slots_count - 1);
    return &set->slots[at];
}

bool wf_hash_set_has(const wf_hash_set *set, uint64_t hash)
{
    if (hash == 0)
        return set->has_zero;
    return set->slots_count > 0 && *slot_of(set, hash) == hash;
}

static bool grow(wf_hash_set *set)
{
    wf_hash_set larger = {.slots_count =
                              set->slots_count == 0 ? slots_first : 2 * set->slots_count,
                          .count = set->count,
                          .has_zero = set->has_zero};
    larger.slots = calloc(larger.slots_count, sizeof *larger.slots);
    if (larger.slots == NULL)
        return false;
    for (size_t i = 0; i < set->slots_count; i++)
        if (set->slots[i] != 0)
            *slot_of(&larger, set->slots[i]) = set->slots[i];
    free(set->slots);
    *set = larger;
    return true;
}

bool wf_hash_set_add(wf_hash_set *set, uint64_t hash)
{
    if (hash == 0)
        set->has_zero = true;
    if (wf_hash_set_has(set, hash))
        return true;
    if (set->count >= set->slots_count / 4 * 3 && !grow(set))
        return false;
    *slot_of(set, hash) = hash;
    set->count++;
    return true;
}

void wf_hash_set_done(wf_hash_set *set)
{
    free(set->slots);
    *set = (wf_hash_set){.slots = NULL};
}
