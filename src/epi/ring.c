#include "epi/ring.h"

#include <string.h>

#include "epi/room.h"

enum { slot_bits_min = 6 };

void wf_ring_scratch_done(wf_ring_scratch *scratch)
{
    wf_room_free(scratch->slots, scratch->slots_capacity, sizeof *scratch->slots);
    wf_room_free(scratch->groups, scratch->groups_capacity, sizeof *scratch->groups);
    wf_room_free(scratch->group_of, scratch->group_of_capacity,
                 sizeof *scratch->group_of);
    wf_room_free(scratch->stretches, scratch->stretches_capacity,
                 sizeof *scratch->stretches);
    *scratch = (wf_ring_scratch){0};
}

// Empty slots, at least twice as many as touches, and room for a group each. Sets
// *ret_bits to the logarithm of the slots.
static weft_status begin(wf_ring_scratch *scratch, size_t count, unsigned *ret_bits)
{
    unsigned bits = slot_bits_min;
    while (((size_t)1 << bits) < 2 * count)
        bits++;
    size_t slots_count = (size_t)1 << bits;
    uint64_t *slots = wf_room_grow(scratch->slots, &scratch->slots_capacity,
                                   sizeof *slots, 0, slots_count);
    if (slots == NULL)
        return WEFT_NO_MEMORY;
    scratch->slots = slots;
    wf_ring_group *groups = wf_room_grow(scratch->groups, &scratch->groups_capacity,
                                         sizeof *groups, 0, count);
    if (groups == NULL)
        return WEFT_NO_MEMORY;
    scratch->groups = groups;
    memset(slots, 0, slots_count * sizeof *slots);
    scratch->groups_count = 0;
    *ret_bits = bits;
    return WEFT_OK;
}

// The slot of a person: its own, or the empty one where it belongs.
static inline uint64_t *slot_of(uint64_t *slots, unsigned bits, uint32_t person)
{
    size_t mask = ((size_t)1 << bits) - 1;
    size_t at = (size_t)((person * UINT64_C(0x9E3779B97F4A7C15)) >> (64 - bits));
    while (slots[at] != 0 && (uint32_t)(slots[at] >> 32) != person)
        at = (at + 1) & mask;
    return &slots[at];
}

// False as soon as a person's touches do not come by rising `first`.
static bool group_in_order(wf_ring_scratch *scratch, unsigned bits,
                           const wf_touch *touches, size_t count)
{
    uint64_t *slots = scratch->slots;
    wf_ring_group *groups = scratch->groups;
    uint32_t groups_count = 0;
    for (size_t i = 0; i < count; i++) {
        wf_touch touch = touches[i];
        uint64_t *slot = slot_of(slots, bits, touch.person.number);
        if (*slot == 0) {
            groups[groups_count] = (wf_ring_group){
                touch.person.number, touch.first, touch.first, touch.last, 0, 1};
            *slot = (uint64_t)touch.person.number << 32 | ++groups_count;
            continue;
        }
        wf_ring_group *group = &groups[(uint32_t)*slot - 1];
        if (touch.first < group->open)
            return false;
        if (touch.first > group->last) {
            group->seconds += group->last - group->open;
            group->open = touch.first;
            group->last = touch.last;
        } else if (touch.last > group->last) {
            group->last = touch.last;
        }
    }
    scratch->groups_count = groups_count;
    for (size_t i = 0; i < groups_count; i++)
        groups[i].seconds += groups[i].last - groups[i].open;
    return true;
}

// Numbers the groups, counts their touches, and turns the counts into where each
// group's stretches begin.
static void number_groups(wf_ring_scratch *scratch, unsigned bits,
                          const wf_touch *touches, size_t count)
{
    wf_ring_group *groups = scratch->groups;
    uint32_t groups_count = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t person = touches[i].person.number;
        uint64_t *slot = slot_of(scratch->slots, bits, person);
        if (*slot == 0) {
            groups[groups_count] = (wf_ring_group){.person = person};
            *slot = (uint64_t)person << 32 | ++groups_count;
        }
        uint32_t group = (uint32_t)*slot - 1;
        groups[group].count++;
        scratch->group_of[i] = group;
    }
    uint32_t before = 0;
    for (size_t i = 0; i < groups_count; i++) {
        uint32_t own = groups[i].count;
        groups[i].count = before;
        before += own;
    }
    scratch->groups_count = groups_count;
}

// Any order: a counting sort by group, then each group's own union.
static weft_status group_any_order(wf_ring_scratch *scratch, const wf_touch *touches,
                                   size_t count)
{
    unsigned bits = 0;
    WF_TRY(begin(scratch, count, &bits));
    uint32_t *group_of = wf_room_grow(scratch->group_of, &scratch->group_of_capacity,
                                      sizeof *group_of, 0, count);
    if (group_of == NULL)
        return WEFT_NO_MEMORY;
    scratch->group_of = group_of;
    wf_stretch *stretches = wf_room_grow(scratch->stretches, &scratch->stretches_capacity,
                                         sizeof *stretches, 0, count);
    if (stretches == NULL)
        return WEFT_NO_MEMORY;
    scratch->stretches = stretches;
    number_groups(scratch, bits, touches, count);
    for (size_t i = 0; i < count; i++)
        stretches[scratch->groups[group_of[i]].count++] =
            (wf_stretch){touches[i].first, touches[i].last};
    uint32_t from = 0; // each count is now where the group ends
    for (size_t i = 0; i < scratch->groups_count; i++) {
        wf_ring_group *group = &scratch->groups[i];
        wf_stretch ends;
        group->seconds = wf_stretch_union(stretches + from, group->count - from, &ends);
        group->first = ends.first;
        group->last = ends.last;
        from = group->count;
    }
    return WEFT_OK;
}

static weft_status group(wf_ring_scratch *scratch, const wf_touch *touches, size_t count)
{
    unsigned bits = 0;
    if (count > UINT32_MAX / 2)
        return WEFT_NO_MEMORY;
    WF_TRY(begin(scratch, count, &bits));
    if (group_in_order(scratch, bits, touches, count))
        return WEFT_OK;
    return group_any_order(scratch, touches, count);
}

static weft_status append_rows(const wf_ring_scratch *scratch, uint64_t min_seconds,
                               wf_ring_rows *rows)
{
    WF_TRY(wf_ring_rows_reserve(rows, scratch->groups_count));
    if (scratch->groups_count == 0)
        return WEFT_OK; // there may be no room to point into
    wf_ring_row *row = rows->rows + rows->count;
    for (size_t i = 0; i < scratch->groups_count; i++) {
        const wf_ring_group *of = &scratch->groups[i];
        *row = (wf_ring_row){{of->person}, of->seconds, of->first, of->last};
        row += of->seconds >= min_seconds;
    }
    rows->count = (size_t)(row - rows->rows);
    return WEFT_OK;
}

weft_status wf_ring_reduce(wf_ring_scratch *scratch, const wf_touch *touches,
                           size_t count, uint64_t min_seconds, wf_ring_rows *rows)
{
    WF_TRY(group(scratch, touches, count));
    return append_rows(scratch, min_seconds, rows);
}

weft_status wf_ring_reduce_any(wf_ring_scratch *scratch, const wf_touch *touches,
                               size_t count, uint64_t min_seconds, wf_ring_rows *rows)
{
    if (count > UINT32_MAX / 2)
        return WEFT_NO_MEMORY;
    WF_TRY(group_any_order(scratch, touches, count));
    return append_rows(scratch, min_seconds, rows);
}

weft_status wf_ring_sum(wf_ring_scratch *scratch, const wf_touch *touches, size_t count,
                        uint64_t min_seconds, uint64_t *ret_count, uint64_t *ret_seconds)
{
    uint64_t people = 0, seconds = 0;
    WF_TRY(group(scratch, touches, count));
    for (size_t i = 0; i < scratch->groups_count; i++) {
        bool in = scratch->groups[i].seconds >= min_seconds;
        people += in;
        seconds += in ? scratch->groups[i].seconds : 0;
    }
    *ret_count = people;
    *ret_seconds = seconds;
    return WEFT_OK;
}
