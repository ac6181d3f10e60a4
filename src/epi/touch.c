#include "epi/touch.h"

#include <stdlib.h>

#include "epi/room.h"

enum { few = 24 }; // up to here insertion beats qsort

weft_status wf_touch_list_reserve(wf_touch_list *list, size_t more)
{
    if (more <= list->capacity - list->count)
        return WEFT_OK;
    wf_touch *rows = wf_room_grow(list->rows, &list->capacity, sizeof *rows, list->count,
                                  list->count + more);
    if (rows == NULL)
        return WEFT_NO_MEMORY;
    list->rows = rows;
    return WEFT_OK;
}

void wf_touch_list_done(wf_touch_list *list)
{
    wf_room_free(list->rows, list->capacity, sizeof *list->rows);
    *list = (wf_touch_list){0};
}

weft_status wf_ring_rows_reserve(wf_ring_rows *rows, size_t more)
{
    if (more <= rows->capacity - rows->count)
        return WEFT_OK;
    wf_ring_row *grown = wf_room_grow(rows->rows, &rows->capacity, sizeof *grown,
                                      rows->count, rows->count + more);
    if (grown == NULL)
        return WEFT_NO_MEMORY;
    rows->rows = grown;
    return WEFT_OK;
}

void wf_ring_rows_done(wf_ring_rows *rows)
{
    wf_room_free(rows->rows, rows->capacity, sizeof *rows->rows);
    *rows = (wf_ring_rows){0};
}

static int compare_first(const void *left, const void *right)
{
    const wf_stretch *a = left, *b = right;
    return (a->first > b->first) - (a->first < b->first);
}

static void sort(wf_stretch *stretches, size_t count)
{
    if (count > few) {
        qsort(stretches, count, sizeof *stretches, compare_first);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        wf_stretch moved = stretches[i];
        size_t at = i;
        for (; at > 0 && stretches[at - 1].first > moved.first; at--)
            stretches[at] = stretches[at - 1];
        stretches[at] = moved;
    }
}

size_t wf_stretch_merge(wf_stretch *stretches, size_t count)
{
    size_t kept = 0;
    sort(stretches, count);
    for (size_t i = 1; i < count; i++) {
        if (stretches[i].first > stretches[kept].last)
            stretches[++kept] = stretches[i];
        else if (stretches[i].last > stretches[kept].last)
            stretches[kept].last = stretches[i].last;
    }
    return kept + 1;
}

// The union if the stretches come by rising `first`, which *ret_in_order says. Each adds
// what reaches beyond all before it; no branch, since one would be a coin toss.
static inline uint32_t union_in_order(const wf_stretch *stretches, size_t count,
                                      bool *ret_in_order, uint32_t *ret_last)
{
    uint32_t seconds = 0, reach = 0, before = 0;
    bool in_order = true;
    for (size_t i = 0; i < count; i++) {
        uint32_t first = stretches[i].first, last = stretches[i].last;
        uint32_t from = first > reach ? first : reach;
        reach = last > reach ? last : reach;
        seconds += reach - from;
        in_order &= first >= before;
        before = first;
    }
    *ret_in_order = in_order;
    *ret_last = reach;
    return seconds;
}

uint32_t wf_stretch_union(wf_stretch *stretches, size_t count, wf_stretch *ret_ends)
{
    bool in_order = false;
    uint32_t last = 0, seconds = union_in_order(stretches, count, &in_order, &last);
    if (!in_order) {
        sort(stretches, count);
        seconds = union_in_order(stretches, count, &in_order, &last);
    }
    *ret_ends = (wf_stretch){stretches[0].first, last};
    return seconds;
}

void wf_touch_stays(const wf_stay *stays, size_t count, uint32_t day_s, wf_person index,
                    wf_stretch own, wf_touch_list *list)
{
    // Written always and counted only when it holds: the outcome is a coin toss, and a
    // branch on it would cost more than the store.
    wf_touch *to = list->rows + list->count;
    for (size_t i = 0; i < count; i++) {
        uint32_t first = day_s + 60u * stays[i].start;
        uint32_t last = day_s + 60u * stays[i].end;
        first = first < own.first ? own.first : first;
        last = last > own.last ? own.last : last;
        *to = (wf_touch){stays[i].person, first, last};
        to += first < last && stays[i].person.number != index.number;
    }
    list->count = (size_t)(to - list->rows);
}
