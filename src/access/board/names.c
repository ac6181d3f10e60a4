#include "access/board/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/hash.h"
#include "base/pages.h"
#include "base/status.h"

enum {
    segment_bits = 13,
    segment_slots = 1 << segment_bits,
    chain_bits = 16,
    segment_chains = 1 << chain_bits
};

// ---- the budget ----

static bool fits(const wf_budget *budget, size_t size)
{
    return size <= budget->limit && budget->used <= budget->limit - size;
}

void *wf_budget_take(wf_budget *budget, size_t size)
{
    void *memory = fits(budget, size) ? calloc(1, size) : NULL;
    if (memory != NULL)
        budget->used += size;
    return memory;
}

void wf_budget_give(wf_budget *budget, void *memory, size_t size)
{
    if (memory == NULL)
        return;
    budget->used -= size;
    free(memory);
}

void *wf_budget_take_pages(wf_budget *budget, size_t size)
{
    void *pages = fits(budget, size) ? wf_pages_new(size) : NULL;
    if (pages != NULL)
        budget->used += size;
    return pages;
}

void wf_budget_give_pages(wf_budget *budget, void *pages, size_t size)
{
    if (pages == NULL)
        return;
    budget->used -= size;
    wf_pages_free(pages, size);
}

// ---- slots ----

wf_name *wf_names_at(const wf_names *names, uint32_t slot)
{
    wf_name *segment = names->segments[slot >> segment_bits];
    return &segment[slot & (segment_slots - 1)];
}

static wf_text text_at(const wf_name *name)
{
    return (wf_text){name->size <= wf_name_near_bytes ? name->text.near : name->text.far,
                     name->size};
}

wf_text wf_names_text(const wf_names *names, uint32_t slot)
{
    return text_at(wf_names_at(names, slot));
}

// One more pointer behind `count`; false without memory.
static bool add_segment(wf_budget *budget, void ***segments, size_t *count,
                        size_t *capacity, size_t bytes)
{
    void **larger = wf_grow(*segments, *count, capacity, sizeof *larger);
    if (larger == NULL)
        return false;
    *segments = larger;
    larger[*count] = wf_budget_take_pages(budget, bytes);
    if (larger[*count] == NULL)
        return false;
    ++*count;
    return true;
}

static uint32_t take_slot(wf_names *names)
{
    uint32_t slot = names->free;
    if (slot != 0) {
        names->free = wf_names_at(names, slot)->next;
        memset(wf_names_at(names, slot), 0, sizeof(wf_name));
        return slot;
    }
    if (names->end == UINT32_MAX)
        return 0;
    if (names->end >> segment_bits == names->segments_count &&
        !add_segment(names->budget, &names->segments, &names->segments_count,
                     &names->segments_capacity, segment_slots * sizeof(wf_name)))
        return 0;
    return names->end++;
}

static void free_slot(wf_names *names, uint32_t slot)
{
    wf_name *name = wf_names_at(names, slot);
    if (name->size > wf_name_near_bytes)
        wf_budget_give(names->budget, name->text.far, name->size);
    name->size = 0;
    name->next = names->free;
    names->free = slot;
}

static bool set_text(wf_names *names, wf_name *name, wf_text id)
{
    char *to = name->text.near;
    if (id.size > wf_name_near_bytes) {
        to = wf_budget_take(names->budget, id.size);
        if (to == NULL)
            return false;
        name->text.far = to;
    }
    if (id.size > 0)
        memcpy(to, id.bytes, id.size);
    name->size = (uint8_t)id.size;
    return true;
}

// ---- chains ----

static uint32_t *chain_at(const wf_names *names, uint32_t chain)
{
    uint32_t *segment = names->chains[chain >> chain_bits];
    return &segment[chain & (segment_chains - 1)];
}

static uint32_t chain_of(const wf_names *names, uint32_t hash)
{
    uint32_t chain = hash & (names->base - 1);
    return chain < names->split ? hash & (2 * names->base - 1) : chain;
}

static bool has_chain(wf_names *names, uint32_t chain)
{
    return chain >> chain_bits < names->chains_count ||
           add_segment(names->budget, &names->chains, &names->chains_count,
                       &names->chains_capacity, segment_chains * sizeof(uint32_t));
}

// One chain becomes two. Without memory for it chains grow longer.
static void split_chain(wf_names *names)
{
    uint32_t other = names->base + names->split;
    if (names->base >= UINT32_C(1) << 30 || !has_chain(names, other))
        return;
    uint32_t left = *chain_at(names, names->split);
    *chain_at(names, names->split) = *chain_at(names, other) = 0;
    if (++names->split == names->base) {
        names->base *= 2;
        names->split = 0;
    }
    while (left != 0) {
        wf_name *name = wf_names_at(names, left);
        uint32_t next = name->next, *chain = chain_at(names, chain_of(names, name->hash));
        name->next = *chain;
        *chain = left;
        left = next;
    }
}

static uint32_t hash_of(const wf_names *names, wf_text id)
{
    return (uint32_t)wf_hash(id.bytes, id.size, names->seed);
}

static uint32_t find_in(const wf_names *names, uint32_t hash, wf_text id)
{
    uint32_t slot = *chain_at(names, chain_of(names, hash));
    while (slot != 0) {
        const wf_name *name = wf_names_at(names, slot);
        if (name->hash == hash && wf_text_equal(text_at(name), id))
            return slot;
        slot = name->next;
    }
    return 0;
}

// ---- the table ----

void wf_names_init(wf_names *names, wf_budget *budget)
{
    *names = (wf_names){.budget = budget, .seed = wf_hash_seed(), .end = 1, .base = 1};
}

void wf_names_done(wf_names *names)
{
    for (uint32_t slot = 1; slot < names->end; slot++)
        if (wf_names_at(names, slot)->size > wf_name_near_bytes)
            wf_budget_give(names->budget, wf_names_at(names, slot)->text.far,
                           wf_names_at(names, slot)->size);
    for (size_t i = 0; i < names->segments_count; i++)
        wf_budget_give_pages(names->budget, names->segments[i],
                             segment_slots * sizeof(wf_name));
    for (size_t i = 0; i < names->chains_count; i++)
        wf_budget_give_pages(names->budget, names->chains[i],
                             segment_chains * sizeof(uint32_t));
    free(names->segments);
    free(names->chains);
    *names = (wf_names){.budget = names->budget};
}

uint32_t wf_names_find(const wf_names *names, wf_text id)
{
    return names->count == 0 ? 0 : find_in(names, hash_of(names, id), id);
}

uint32_t wf_names_add(wf_names *names, wf_text id)
{
    WF_ASSERT(id.size <= UINT8_MAX);
    uint32_t hash = hash_of(names, id);
    if (!has_chain(names, 0))
        return 0;
    uint32_t slot = find_in(names, hash, id);
    if (slot != 0)
        return slot;
    slot = take_slot(names);
    if (slot == 0)
        return 0;
    wf_name *name = wf_names_at(names, slot);
    if (!set_text(names, name, id)) {
        free_slot(names, slot);
        return 0;
    }
    uint32_t *chain = chain_at(names, chain_of(names, hash));
    name->hash = hash;
    name->next = *chain;
    *chain = slot;
    if (++names->count > names->base + names->split)
        split_chain(names);
    return slot;
}

void wf_names_remove(wf_names *names, uint32_t slot)
{
    uint32_t *link = chain_at(names, chain_of(names, wf_names_at(names, slot)->hash));
    while (*link != slot)
        link = &wf_names_at(names, *link)->next;
    *link = wf_names_at(names, slot)->next;
    free_slot(names, slot);
    names->count--;
}
