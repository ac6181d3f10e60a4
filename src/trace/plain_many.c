#include <stdlib.h>

#include "base/parallel.h"
#include "epi/room.h"
#include "trace/plain_scratch.h"

enum { cases_in_part = 64 };

typedef struct {
    const wf_span *span;
    wf_plain_scratch *scratch;
    const wf_plain_case *cases;
    const uint64_t *order; // person << 32 | case
    size_t count;
    uint64_t min_seconds, crowd;
    bool quick;
    wf_plain_sum *sums;
} many_job;

static weft_status sum_case(const many_job *job, plain_worker *worker, size_t at)
{
    const wf_plain_case *of = &job->cases[at];
    wf_plain_sum sum = {0};
    plain_window window;
    if (wf_plain_window_of(job->span, of->from, of->to, job->crowd, &window)) {
        bool plain = false;
        if (job->quick)
            WF_TRY(wf_plain_quick(worker, &window, of->index, &job->sums[at], &plain));
        if (plain)
            return WEFT_OK;
        WF_TRY(wf_plain_touch(worker, &window, of->index));
        WF_TRY(wf_ring_sum(&worker->ring, worker->touches.rows, worker->touches.count,
                           job->min_seconds, &sum.people, &sum.seconds));
    }
    job->sums[at] = sum;
    return WEFT_OK;
}

static void sum_part(void *context, unsigned thread, size_t part)
{
    many_job *job = context;
    plain_worker *worker = &job->scratch->workers[thread];
    size_t from = part * cases_in_part, to = from + cases_in_part;
    if (to > job->count)
        to = job->count;
    for (size_t i = from; i < to && worker->status == WEFT_OK; i++)
        worker->status = sum_case(job, worker, (uint32_t)job->order[i]);
}

static int compare_keys(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

// Cases in the order of their people, who are numbered by household: neighbours were at
// the same places, whose blocks are then still in the cache.
static weft_status order_cases(wf_plain_scratch *scratch, const wf_plain_case *cases,
                               size_t count)
{
    uint64_t *keys =
        wf_room_grow(scratch->keys, &scratch->keys_capacity, sizeof *keys, 0, count);
    if (keys == NULL)
        return WEFT_NO_MEMORY;
    scratch->keys = keys;
    bool sorted = true;
    for (size_t i = 0; i < count; i++) {
        keys[i] = (uint64_t)cases[i].index.number << 32 | i;
        sorted &= i == 0 || keys[i - 1] < keys[i];
    }
    if (!sorted)
        qsort(keys, count, sizeof *keys, compare_keys);
    return WEFT_OK;
}

// Every touch counts, and what is at a place is read whole anyway.
static weft_status begin_quick(many_job *job)
{
    job->quick =
        job->min_seconds <= 1 && job->crowd >= 1 && job->crowd <= PLAIN_BLOCKS_CROWD_MAX;
    if (!job->quick)
        return WEFT_OK;
    for (unsigned i = 0; i < job->scratch->threads; i++)
        WF_TRY(
            plain_blocks_begin(&job->scratch->workers[i].blocks, (uint32_t)job->crowd));
    return WEFT_OK;
}

weft_status wf_plain_many_in(const wf_span *span, wf_plain_scratch *scratch,
                             const wf_plain_case *cases, size_t count,
                             uint64_t min_seconds, uint64_t crowd, wf_plain_sum *ret,
                             weft_error *error)
{
    WF_TRY(wf_plain_check_width(span, error));
    if (count > UINT32_MAX || order_cases(scratch, cases, count) != WEFT_OK)
        return wf_fail_memory(error);
    many_job job = {.span = span,
                    .scratch = scratch,
                    .cases = cases,
                    .order = scratch->keys,
                    .count = count,
                    .min_seconds = min_seconds,
                    .crowd = crowd,
                    .sums = ret};
    if (begin_quick(&job) != WEFT_OK)
        return wf_fail_memory(error);
    for (unsigned i = 0; i < scratch->threads; i++)
        scratch->workers[i].status = WEFT_OK;
    wf_parallel_for(scratch->threads, (count + cases_in_part - 1) / cases_in_part,
                    sum_part, &job);
    for (unsigned i = 0; i < scratch->threads; i++)
        if (scratch->workers[i].status != WEFT_OK)
            return wf_fail_memory(error);
    return WEFT_OK;
}
