// How what is in memory becomes runs, and runs become fewer; beside the thread that adds,
// when memory fills, and on it, when it flushes.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "store/index/inside.h"

// ---- runs ----

bool wf_index_reserve_run(wf_index *index)
{
    if (index->runs_count < index->runs_room)
        return true;
    size_t room = index->runs_room == 0 ? 16 : index->runs_room * 2;
    wf_index_run **runs = realloc(index->runs, room * sizeof(wf_index_run *));
    if (runs == NULL)
        return false;
    index->runs = runs;
    index->runs_room = room;
    return true;
}

void wf_index_drop_run(wf_index *index, wf_index_run *run)
{
    const wf_io *io = index->tags.io;
    WF_IGNORE(io->unlink(io, run->path.text),
              "opening passes over a run that has no place among the others");
    wf_index_run_close(run);
}

// ---- writing a run ----

void wf_index_lock(wf_index *index)
{
    WF_ASSERT(pthread_rwlock_wrlock(&index->lock) == 0);
}

void wf_index_unlock(wf_index *index)
{
    WF_ASSERT(pthread_rwlock_unlock(&index->lock) == 0);
}

static weft_status begin_run(wf_index *index, wf_index_range covers,
                             wf_index_writer **ret, weft_error *error)
{
    char name[40];
    wf_path path;
    int size = snprintf(name, sizeof name, "%010" PRIu64 ".index", index->next_file++);
    WF_ASSERT(size > 0 && (size_t)size < sizeof name);
    WF_TRY(wf_path_join(index->folder.text, name, &path, error));
    return wf_index_writer_open(&index->tags, path.text, covers, ret, error);
}

static weft_status write_sorted(wf_index *index, const wf_index_pair *pairs, size_t count,
                                wf_index_run **ret, weft_error *error)
{
    wf_index_writer *writer = NULL;
    wf_index_range covers = {index->durable_upto + 1, index->frozen_upto};
    WF_TRY(begin_run(index, covers, &writer, error));
    weft_status status = WEFT_OK;
    for (size_t i = 0; i < count && status == WEFT_OK; i++)
        status = wf_index_writer_put(writer, pairs[i], error);
    if (status == WEFT_OK)
        status = wf_index_writer_end(writer, ret, error);
    wf_index_writer_close(writer);
    return status;
}

// Sorts a copy: readers go on finding in what is frozen as it is.
static weft_status write_frozen(wf_index *index, wf_index_run **ret, weft_error *error)
{
    size_t count = index->frozen.count;
    wf_index_pair *pairs = malloc((count > 0 ? count : 1) * 2 * sizeof *pairs);
    if (pairs == NULL)
        return wf_fail_memory(error);
    if (count > 0)
        memcpy(pairs, index->frozen.pairs, count * sizeof *pairs);
    const wf_index_pair *sorted = wf_index_sort(pairs, pairs + count, count);
    weft_status status = write_sorted(index, sorted, count, ret, error);
    free(pairs);
    return status;
}

// ---- merging ----

// A run that is merged, by the first of its pairs that was not written yet.
typedef struct {
    wf_index_pair first;
    wf_index_cursor *rest;
} merged_run;

// On to the run's next pair; false at its end.
static weft_status step(merged_run *run, bool *ret, weft_error *error)
{
    wf_index_cursor *rest = run->rest;
    *ret = true;
    if (rest->at == rest->count)
        WF_TRY(wf_index_cursor_load(rest, ret, error));
    if (*ret)
        run->first = rest->pairs[rest->at++];
    return WEFT_OK;
}

static weft_status merge_all(merged_run *runs, size_t count, wf_index_writer *writer,
                             weft_error *error)
{
    bool there;
    for (size_t i = count; i-- > 0;) {
        WF_TRY(step(&runs[i], &there, error));
        if (!there)
            runs[i] = runs[--count];
    }
    while (count > 0) {
        merged_run *least = runs;
        for (size_t i = 1; i < count; i++)
            least = wf_index_before(runs[i].first, least->first) ? &runs[i] : least;
        WF_TRY(wf_index_writer_put(writer, least->first, error));
        WF_TRY(step(least, &there, error));
        if (!there)
            *least = runs[--count];
    }
    return WEFT_OK;
}

static weft_status merge_into(wf_index_cursor *cursors, size_t count,
                              wf_index_writer *writer, weft_error *error)
{
    merged_run *runs = calloc(count, sizeof *runs);
    if (runs == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < count; i++)
        runs[i].rest = &cursors[i];
    weft_status status = merge_all(runs, count, writer, error);
    free(runs);
    return status;
}

// Writes the runs from the from-th on as one.
static weft_status write_merged(wf_index *index, size_t from, wf_index_run **ret,
                                weft_error *error)
{
    size_t count = index->runs_count - from, open = 0;
    wf_index_writer *writer = NULL;
    wf_index_range covers = {index->runs[from]->covers.first, index->durable_upto};
    wf_index_cursor *cursors = calloc(count, sizeof *cursors);
    if (cursors == NULL)
        return wf_fail_memory(error);
    weft_status status = WEFT_OK;
    for (; open < count && status == WEFT_OK; open++)
        status = wf_index_cursor_open(index->runs[from + open], &cursors[open], error);
    if (status == WEFT_OK)
        status = begin_run(index, covers, &writer, error);
    if (status == WEFT_OK)
        status = merge_into(cursors, count, writer, error);
    if (status == WEFT_OK)
        status = wf_index_writer_end(writer, ret, error);
    wf_index_writer_close(writer);
    for (size_t i = 0; i < count; i++)
        wf_index_cursor_close(&cursors[i]);
    free(cursors);
    return status;
}

// The first of the newest runs that are merged: each is no larger than all after it
// together. So sizes at least double from run to run, and a pair is written again only
// when the run that it is in doubles.
static size_t merge_from(const wf_index *index)
{
    size_t from = index->runs_count - 1;
    uint64_t together = index->runs[from]->pairs;
    for (; from > 0; from--) {
        uint64_t before = index->runs[from - 1]->pairs;
        if (before > together && before > index->small_pairs)
            break;
        together += before;
    }
    return from;
}

static weft_status merge(wf_index *index, weft_error *error)
{
    size_t from = merge_from(index), count = index->runs_count;
    wf_index_run *merged = NULL;
    if (from + 1 >= count)
        return WEFT_OK;
    WF_TRY(write_merged(index, from, &merged, error));
    wf_index_lock(index);
    wf_index_run *first = index->runs[from];
    index->runs[from] = merged;
    index->runs_count = from + 1;
    wf_index_unlock(index);
    wf_index_drop_run(index, first);
    for (size_t i = from + 1; i < count; i++)
        wf_index_drop_run(index, index->runs[i]);
    return WEFT_OK;
}

// ---- settling ----

// What is frozen becomes a run.
static weft_status write_run(wf_index *index, weft_error *error)
{
    wf_index_run *run = NULL;
    wf_index_lock(index);
    bool room = wf_index_reserve_run(index); // moves what readers look at
    wf_index_unlock(index);
    if (!room)
        return wf_fail_memory(error);
    WF_TRY(write_frozen(index, &run, error));
    wf_index_lock(index);
    index->runs[index->runs_count++] = run;
    wf_index_memory_clear(&index->frozen);
    wf_index_unlock(index);
    index->durable_upto = index->frozen_upto;
    index->freezing = false;
    return WEFT_OK;
}

weft_status wf_index_settle(wf_index *index, weft_error *error)
{
    WF_TRY(write_run(index, error));
    weft_status status = merge(index, error);
    // Merging needs room for a second copy; without it all is there as it was, and the
    // next run tries again.
    if (status == WEFT_DISK_FULL || status == WEFT_NO_MEMORY) {
        wf_error_clear(error);
        status = WEFT_OK;
    }
    return status;
}

// ---- the worker ----

static void lock_work(wf_index *index)
{
    WF_ASSERT(pthread_mutex_lock(&index->work) == 0);
}

static void unlock_work(wf_index *index)
{
    WF_ASSERT(pthread_mutex_unlock(&index->work) == 0);
}

static void *work(void *context)
{
    wf_index *index = context;
    wf_thread_name("weft index");
    // Else as urgent as the writer that began it: nobody's answer waits for a merge.
    wf_thread_nice(wf_nice_beside);
    lock_work(index);
    for (;;) {
        while (!index->busy && !index->ending)
            WF_ASSERT(pthread_cond_wait(&index->changed, &index->work) == 0);
        if (!index->busy)
            break;
        unlock_work(index);
        weft_error error = {0};
        weft_status status = wf_index_settle(index, &error);
        lock_work(index);
        index->result = status;
        index->failure = error;
        index->busy = false;
        WF_ASSERT(pthread_cond_broadcast(&index->changed) == 0);
    }
    unlock_work(index);
    return NULL;
}

weft_status wf_index_work_begin(wf_index *index, weft_error *error)
{
    if (!index->has_thread && !index->alone)
        index->has_thread = pthread_create(&index->thread, NULL, work, index) == 0;
    if (!index->has_thread)
        return wf_index_settle(index, error);
    lock_work(index);
    index->busy = true;
    WF_ASSERT(pthread_cond_broadcast(&index->changed) == 0);
    unlock_work(index);
    return WEFT_OK;
}

bool wf_index_work_is_busy(wf_index *index)
{
    lock_work(index);
    bool busy = index->busy;
    unlock_work(index);
    return busy;
}

void wf_index_work_wait(wf_index *index)
{
    lock_work(index);
    while (index->busy)
        WF_ASSERT(pthread_cond_wait(&index->changed, &index->work) == 0);
    unlock_work(index);
}

weft_status wf_index_work_result(wf_index *index, weft_error *error)
{
    lock_work(index);
    weft_status status = index->result;
    if (status != WEFT_OK)
        *error = index->failure;
    index->result = WEFT_OK;
    unlock_work(index);
    return status;
}

static bool make_lock(pthread_rwlock_t *lock)
{
    pthread_rwlockattr_t kind;
    if (pthread_rwlockattr_init(&kind) != 0)
        return false;
    // Else many readers would keep the one writer waiting for ever.
    int failed = pthread_rwlockattr_setkind_np(
        &kind, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    failed |= pthread_rwlock_init(lock, &kind);
    failed |= pthread_rwlockattr_destroy(&kind);
    return failed == 0;
}

weft_status wf_index_work_init(wf_index *index, weft_error *error)
{
    if (!make_lock(&index->lock))
        return wf_fail_memory(error);
    // Without attributes neither of these can fail on Linux.
    WF_ASSERT(pthread_mutex_init(&index->work, NULL) == 0);
    WF_ASSERT(pthread_cond_init(&index->changed, NULL) == 0);
    return WEFT_OK;
}

void wf_index_work_end(wf_index *index)
{
    lock_work(index);
    index->ending = true; // after what is under way
    WF_ASSERT(pthread_cond_broadcast(&index->changed) == 0);
    unlock_work(index);
    if (index->has_thread)
        WF_ASSERT(pthread_join(index->thread, NULL) == 0);
    WF_ASSERT(pthread_cond_destroy(&index->changed) == 0);
    WF_ASSERT(pthread_mutex_destroy(&index->work) == 0);
    WF_ASSERT(pthread_rwlock_destroy(&index->lock) == 0);
}
