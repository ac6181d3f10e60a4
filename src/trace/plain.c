#include "trace/plain.h"

#include <stdlib.h>

#include "base/pages.h"
#include "epi/room.h"
#include "trace/plain_scratch.h"

weft_status wf_plain_scratch_new(unsigned threads, wf_plain_scratch **ret,
                                 weft_error *error)
{
    WF_ASSERT(threads >= 1 && threads <= 64);
    wf_plain_scratch *scratch =
        calloc(1, sizeof *scratch + threads * sizeof(plain_worker));
    if (scratch == NULL)
        return wf_fail_memory(error);
    scratch->threads = threads;
    if (wf_partitions_new(threads, &scratch->partitions) != WEFT_OK) {
        free(scratch);
        return wf_fail_memory(error);
    }
    *ret = scratch;
    return WEFT_OK;
}

static void worker_done(plain_worker *worker)
{
    wf_stay_list_done(&worker->stays);
    wf_stop_list_done(&worker->stops);
    wf_meeting_list_done(&worker->meetings);
    free(worker->places);
    wf_room_free(worker->own, worker->own_capacity, sizeof *worker->own);
    wf_room_free(worker->stretches, worker->stretches_capacity,
                 sizeof *worker->stretches);
    wf_touch_list_done(&worker->touches);
    wf_ring_scratch_done(&worker->ring);
    wf_sweep_scratch_done(&worker->sweep);
    wf_gathering_free(worker->gathering);
}

void wf_plain_scratch_free(wf_plain_scratch *scratch)
{
    if (scratch == NULL)
        return;
    for (unsigned i = 0; i < scratch->threads; i++)
        worker_done(&scratch->workers[i]);
    wf_arena_done(&scratch->arena);
    wf_touch_list_done(&scratch->via_own);
    wf_ring_rows_done(&scratch->first);
    wf_ring_rows_done(&scratch->second);
    wf_ring_rows_done(&scratch->ordered);
    wf_room_free(scratch->keys, scratch->keys_capacity, sizeof *scratch->keys);
    wf_partitions_free(scratch->partitions);
    wf_everyone_free(scratch->everyone);
    wf_room_free(scratch->members, scratch->members_capacity, sizeof *scratch->members);
    wf_room_free(scratch->moments, scratch->moments_capacity, sizeof *scratch->moments);
    wf_room_free(scratch->visited, scratch->visited_capacity, sizeof *scratch->visited);
    wf_room_free(scratch->ahead, scratch->ahead_capacity, sizeof *scratch->ahead);
    wf_room_free(scratch->ahead_days, scratch->ahead_days_capacity,
                 sizeof *scratch->ahead_days);
    wf_room_free(scratch->dirty, scratch->dirty_capacity, sizeof *scratch->dirty);
    wf_room_free(scratch->visited_from, scratch->visited_from_capacity,
                 sizeof *scratch->visited_from);
    free(scratch);
}

static int64_t floor_s(int64_t us)
{
    return us / WF_US_PER_S - (us % WF_US_PER_S < 0);
}

bool wf_plain_window_of(const wf_span *span, weft_time from, weft_time to, uint64_t crowd,
                        plain_window *ret)
{
    if (span->count == 0)
        return false;
    int64_t base = floor_s(span->starts[0].us);
    int64_t end = floor_s(span->starts[span->count].us) - base;
    int64_t first = floor_s(from.us) - base, last = floor_s(to.us) - base;
    first = first < 0 ? 0 : first;
    last = last > end ? end : last;
    if (first >= last)
        return false;
    plain_window window = {
        .span = span, .from = (uint32_t)first, .to = (uint32_t)last, .crowd = crowd};
    while (plain_day_s(span, window.day_from + 1) <= window.from)
        window.day_from++;
    window.day_to = window.day_from + 1;
    while (window.day_to < span->count && plain_day_s(span, window.day_to) < window.to)
        window.day_to++;
    *ret = window;
    return true;
}

weft_status wf_plain_check_width(const wf_span *span, weft_error *error)
{
    if (span->count == 0)
        return WEFT_OK;
    int64_t width = span->starts[span->count].us - span->starts[0].us;
    if (width / WF_US_PER_S >= UINT32_MAX)
        return wf_fail(error, WEFT_TOO_LARGE, "trace.window_too_wide", NULL);
    return WEFT_OK;
}

static weft_status answer_in(wf_plain_scratch *scratch, const plain_window *window,
                             const wf_plain_query *query, wf_plain_answer *answer)
{
    plain_worker *worker = &scratch->workers[0];
    WF_TRY(wf_plain_touch(worker, window, query->index));
    WF_TRY(wf_ring_reduce(&worker->ring, worker->touches.rows, worker->touches.count,
                          query->min_seconds, &scratch->first));
    answer->first = (wf_ring_run){scratch->first.rows, scratch->first.count};
    if (query->generations < 2 || scratch->first.count == 0)
        return WEFT_OK;
    return wf_plain_second(scratch, window, query, answer);
}

weft_status wf_plain_contacts_in(const wf_span *span, wf_plain_scratch *scratch,
                                 const wf_plain_query *query, wf_plain_answer *ret,
                                 weft_error *error)
{
    wf_plain_answer answer = {.span = span};
    plain_window window;
    wf_plain_unmark(scratch);
    scratch->first.count = 0;
    WF_TRY(wf_plain_check_width(span, error));
    if (span->count > 0)
        answer.base = span->starts[0];
    if (wf_plain_window_of(span, query->from, query->to, query->crowd, &window)) {
        scratch->window_to = window.to;
        // Whatever fails below is memory.
        if (answer_in(scratch, &window, query, &answer) != WEFT_OK)
            return wf_fail_memory(error);
    }
    *ret = answer;
    return WEFT_OK;
}
