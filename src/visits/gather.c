// Emptying a pile: visits are scattered into buckets of places that fit the caches, by
// several threads, while the chunks they came from are given back.
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/pages.h"
#include "base/parallel.h"
#include "visits/pile.h"

enum {
    buckets_max = 2048,
    bucket_rows_min = 4096,
    staged_rows = 8, // two cache lines written at once
    threads_max = 64
};

typedef struct {
    wf_packed_visit *rows; // staged_rows a bucket
    uint8_t *counts;
    unsigned char *plain; // of a spilled chunk
    weft_status status;
    weft_error error;
} gather_thread;

typedef struct {
    const wf_pile *pile;
    const wf_visits *visits;
    const wf_key *key;
    wf_chunk **chunks; // then come the spilled ones
    size_t chunks_count;
    const uint16_t *bucket_of; // by place / 256
    atomic_size_t *cursors;    // where a bucket's next row goes
    wf_gathered *gathered;
    atomic_size_t meetings_cursor;
    gather_thread threads[threads_max];
} gather_job;

void wf_gathered_done(wf_gathered *gathered)
{
    wf_pages_free(gathered->visits, gathered->visits_bytes);
    wf_pages_free(gathered->meetings, gathered->meetings_bytes);
    free(gathered->buckets);
    *gathered = (wf_gathered){0};
}

// A bucket has at least one bin; there is one bucket also where no visit is.
static size_t most_buckets(const wf_pile *pile)
{
    return (pile->bins_count < buckets_max ? pile->bins_count : buckets_max) + 1;
}

// Joins neighbouring bins of the histogram into buckets of about equal size.
static void plan_buckets(const wf_pile *pile, uint16_t *bucket_of, wf_gathered *ret)
{
    size_t wanted = (size_t)pile->visits_count / (buckets_max - 1) + 1;
    if (wanted < bucket_rows_min)
        wanted = bucket_rows_min;
    wf_span_of_rows *bucket = &ret->buckets[0];
    *bucket = (wf_span_of_rows){0};
    for (size_t bin = 0; bin < pile->bins_count; bin++) {
        if (bucket->count >= wanted) {
            bucket[1] = (wf_span_of_rows){bucket->at + bucket->count, 0};
            bucket++;
        }
        bucket->count += pile->histogram[bin];
        bucket_of[bin] = (uint16_t)(bucket - ret->buckets);
    }
    ret->buckets_count = (size_t)(bucket - ret->buckets) + 1;
}

static void flush(gather_job *job, gather_thread *mine, size_t bucket)
{
    size_t count = mine->counts[bucket];
    size_t at =
        atomic_fetch_add_explicit(&job->cursors[bucket], count, memory_order_relaxed);
    memcpy(&job->gathered->visits[at], &mine->rows[bucket * staged_rows],
           count * sizeof *mine->rows);
    mine->counts[bucket] = 0;
}

static void scatter(gather_job *job, gather_thread *mine, const wf_packed_visit *rows,
                    size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t bucket = job->bucket_of[wf_packed_place(rows[i]) >> 8];
        mine->rows[bucket * staged_rows + mine->counts[bucket]] = rows[i];
        if (++mine->counts[bucket] == staged_rows)
            flush(job, mine, bucket);
    }
}

static void take_meetings(gather_job *job, const unsigned char *rows, size_t size)
{
    size_t count = size / sizeof(wf_packed_meeting);
    size_t at =
        atomic_fetch_add_explicit(&job->meetings_cursor, count, memory_order_relaxed);
    memcpy(&job->gathered->meetings[at], rows, size);
}

static void gather_spilled(gather_job *job, gather_thread *mine, size_t index)
{
    const wf_spilled *piece = &job->pile->spilled[index];
    if (mine->status == WEFT_OK)
        mine->status = wf_spill_read(job->pile, job->visits, job->key, index, mine->plain,
                                     &mine->error);
    if (mine->status != WEFT_OK)
        return;
    if (piece->meetings)
        take_meetings(job, mine->plain, piece->size);
    else
        scatter(job, mine, (const wf_packed_visit *)(const void *)mine->plain,
                piece->size / sizeof(wf_packed_visit));
}

static void gather_unit(void *context, unsigned thread, size_t index)
{
    gather_job *job = context;
    gather_thread *mine = &job->threads[thread];
    if (index >= job->chunks_count) {
        gather_spilled(job, mine, index - job->chunks_count);
        return;
    }
    wf_chunk *chunk = job->chunks[index];
    scatter(job, mine, (const wf_packed_visit *)(const void *)chunk->rows,
            chunk->used / sizeof(wf_packed_visit));
    wf_chunk_free(chunk);
}

// 0 when nothing was spilled.
static size_t largest_spilled(const wf_pile *pile)
{
    size_t largest = 0;
    for (size_t i = 0; i < pile->spilled_count; i++)
        if (pile->spilled[i].size > largest)
            largest = pile->spilled[i].size;
    return largest;
}

static weft_status start_threads(gather_job *job, unsigned threads, weft_error *error)
{
    size_t buckets = job->gathered->buckets_count, spilled = largest_spilled(job->pile);
    for (unsigned i = 0; i < threads; i++) {
        gather_thread *mine = &job->threads[i];
        mine->rows = calloc(buckets * staged_rows, sizeof *mine->rows);
        mine->counts = calloc(buckets, sizeof *mine->counts);
        mine->plain = malloc(spilled + 1);
        if (mine->rows == NULL || mine->counts == NULL || mine->plain == NULL)
            return wf_fail_memory(error);
    }
    return WEFT_OK;
}

static void end_threads(gather_job *job, unsigned threads)
{
    for (unsigned i = 0; i < threads; i++) {
        free(job->threads[i].rows);
        free(job->threads[i].counts);
        free(job->threads[i].plain);
    }
}

static weft_status run(gather_job *job, unsigned threads, weft_error *error)
{
    for (size_t i = 0; i < job->gathered->buckets_count; i++)
        atomic_init(&job->cursors[i], job->gathered->buckets[i].at);
    for (wf_chunk *chunk = job->pile->meetings; chunk != NULL; chunk = chunk->next)
        take_meetings(job, chunk->rows, chunk->used);
    wf_parallel_for(threads, job->chunks_count + job->pile->spilled_count, gather_unit,
                    job);
    for (unsigned i = 0; i < threads; i++) {
        if (job->threads[i].status != WEFT_OK) {
            *error = job->threads[i].error;
            return job->threads[i].status;
        }
        for (size_t bucket = 0; bucket < job->gathered->buckets_count; bucket++)
            flush(job, &job->threads[i], bucket);
    }
    return WEFT_OK;
}

// Takes the chunks of visits over into an array; afterwards the pile has none.
static weft_status list_chunks(gather_job *job, wf_pile *pile, weft_error *error)
{
    size_t count = 0;
    for (wf_chunk *chunk = pile->visits; chunk != NULL; chunk = chunk->next)
        count++;
    job->chunks = calloc(count + 1, sizeof(wf_chunk *));
    if (job->chunks == NULL)
        return wf_fail_memory(error);
    for (wf_chunk *chunk = pile->visits; chunk != NULL; chunk = chunk->next)
        job->chunks[job->chunks_count++] = chunk;
    pile->visits = NULL;
    return WEFT_OK;
}

static weft_status reserve(const wf_pile *pile, wf_gathered *ret, weft_error *error)
{
    ret->visits_count = (size_t)pile->visits_count;
    ret->meetings_count = (size_t)pile->meetings_count;
    ret->visits_bytes = (ret->visits_count + 1) * sizeof *ret->visits;
    ret->meetings_bytes = (ret->meetings_count + 1) * sizeof *ret->meetings;
    ret->visits = wf_pages_new(ret->visits_bytes);
    ret->meetings = wf_pages_new(ret->meetings_bytes);
    ret->buckets = calloc(most_buckets(pile), sizeof *ret->buckets);
    if (ret->visits == NULL || ret->meetings == NULL || ret->buckets == NULL)
        return wf_fail_memory(error);
    return WEFT_OK;
}

static weft_status gather(wf_pile *pile, const wf_visits *visits, const wf_key *key,
                          unsigned threads, wf_gathered *ret, weft_error *error)
{
    gather_job *job = calloc(1, sizeof *job);
    uint16_t *bucket_of = calloc(pile->bins_count + 1, sizeof *bucket_of);
    atomic_size_t *cursors = calloc(most_buckets(pile), sizeof *cursors);
    weft_status status = WEFT_OK;
    if (job == NULL || bucket_of == NULL || cursors == NULL)
        status = wf_fail_memory(error);
    if (status == WEFT_OK)
        status = reserve(pile, ret, error);
    if (status == WEFT_OK) {
        plan_buckets(pile, bucket_of, ret);
        *job = (gather_job){.pile = pile,
                            .visits = visits,
                            .key = key,
                            .bucket_of = bucket_of,
                            .cursors = cursors,
                            .gathered = ret};
        status = start_threads(job, threads, error);
        if (status == WEFT_OK)
            status = list_chunks(job, pile, error);
        if (status == WEFT_OK)
            status = run(job, threads, error);
        end_threads(job, threads);
        free(job->chunks);
    }
    free(cursors);
    free(bucket_of);
    free(job);
    return status;
}

weft_status wf_pile_gather(wf_pile *pile, const wf_visits *visits, const wf_key *key,
                           unsigned threads, wf_gathered *ret, weft_error *error)
{
    wf_gathered gathered = {0};
    if (threads > threads_max)
        threads = threads_max;
    weft_status status = gather(pile, visits, key, threads, &gathered, error);
    wf_pile_done(pile);
    if (status == WEFT_OK)
        *ret = gathered;
    else
        wf_gathered_done(&gathered);
    return status;
}
