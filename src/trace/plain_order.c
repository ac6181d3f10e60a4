#include <stdlib.h>
#include <string.h>

#include "epi/room.h"
#include "trace/plain_scratch.h"

static int compare_keys(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static int compare_ids(const void *left, const void *right, void *context)
{
    const wf_ring_row *a = left, *b = right;
    return wf_text_compare(wf_ids_text(context, WF_ID_PERSON, a->person.number),
                           wf_ids_text(context, WF_ID_PERSON, b->person.number));
}

static size_t runs_of(const wf_plain_answer *answer, unsigned generation,
                      const wf_ring_run **ret_runs)
{
    *ret_runs = generation == 1 ? &answer->first : answer->second;
    return generation == 1 ? 1 : answer->second_runs;
}

// Keys of (seconds falling, place in memory from the first run on), so that plain
// integers are sorted: all runs of a generation lie in one array.
static weft_status make_keys(wf_plain_scratch *scratch, const wf_ring_run *runs,
                             size_t runs_count, size_t *ret_count)
{
    size_t all = 0, next = 0;
    for (size_t i = 0; i < runs_count; i++)
        all += runs[i].count;
    uint64_t *keys =
        wf_room_grow(scratch->keys, &scratch->keys_capacity, sizeof *keys, 0, all);
    if (keys == NULL)
        return WEFT_NO_MEMORY;
    scratch->keys = keys;
    scratch->ordered.count = 0;
    WF_TRY(wf_ring_rows_reserve(&scratch->ordered, all));
    for (size_t i = 0; i < runs_count; i++) {
        size_t from = (size_t)(runs[i].rows - runs[0].rows);
        for (size_t r = 0; r < runs[i].count; r++)
            keys[next++] =
                (uint64_t)(UINT32_MAX - runs[i].rows[r].seconds) << 32 | (from + r);
    }
    *ret_count = all;
    return WEFT_OK;
}

// Those of equal seconds by id, as far as `limit` reaches.
static void order_ties(wf_ring_row *rows, size_t count, size_t limit, const wf_ids *ids)
{
    size_t from = 0;
    while (from < count && (limit == 0 || from < limit)) {
        size_t to = from + 1;
        while (to < count && rows[to].seconds == rows[from].seconds)
            to++;
        if (to - from > 1)
            qsort_r(rows + from, to - from, sizeof *rows, compare_ids, (void *)ids);
        from = to;
    }
}

weft_status wf_plain_ordered(wf_plain_scratch *scratch, const wf_plain_answer *answer,
                             const wf_ids *ids, unsigned generation, size_t limit,
                             const wf_ring_row **ret, size_t *ret_count,
                             weft_error *error)
{
    const wf_ring_run *runs;
    size_t runs_count = runs_of(answer, generation, &runs), count = 0;
    if (make_keys(scratch, runs, runs_count, &count) != WEFT_OK)
        return wf_fail_memory(error);
    if (count > 1)
        qsort(scratch->keys, count, sizeof *scratch->keys, compare_keys);
    for (size_t i = 0; i < count; i++)
        scratch->ordered.rows[i] = runs[0].rows[(uint32_t)scratch->keys[i]];
    order_ties(scratch->ordered.rows, count, limit, ids);
    *ret = scratch->ordered.rows;
    *ret_count = count;
    return WEFT_OK;
}
