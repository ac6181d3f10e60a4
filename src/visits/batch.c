// One delivery: rows are piled by day, then each day is joined with what is stored.
#include <stdlib.h>

#include "base/grow.h"
#include "base/parallel.h"
#include "visits/merge.h"

enum {
    pack_rows = 1024,
    // Days with more rows than this are joined one after another by all threads, which
    // bounds the memory; smaller ones side by side.
    big_day_rows = 2 * 1000 * 1000,
};

typedef struct commit_job commit_job;

struct wf_visits_batch {
    wf_visits *visits;
    commit_job *job; // once days are joined; NULL
    size_t memory_limit_bytes;
    wf_texts seats, settings;
    wf_pile *piles; // by day, ascending
    size_t count, capacity;
    size_t last;                                   // index of the pile that was used last
    uint64_t split_visits_end, split_meetings_end; // above the ordinals of split rows
    wf_visits_noter *make_note;                    // NULL: none
    void *note_context;
};

// ---- beginning and ending ----

weft_status wf_visits_batch_begin(wf_visits *visits, size_t memory_limit_bytes,
                                  wf_visits_batch **ret, weft_error *error)
{
    WF_ASSERT(visits->batch == NULL);
    wf_visits_batch *batch = calloc(1, sizeof *batch);
    if (batch == NULL)
        return wf_fail_memory(error);
    batch->visits = visits;
    batch->memory_limit_bytes = memory_limit_bytes;
    weft_status status = wf_texts_init(&batch->seats, WF_SEAT_LIMIT, error);
    if (status == WEFT_OK)
        status = wf_texts_init(&batch->settings, WF_SEAT_LIMIT, error);
    if (status != WEFT_OK) {
        wf_texts_done(&batch->seats);
        free(batch);
        return status;
    }
    visits->batch = batch;
    *ret = batch;
    return WEFT_OK;
}

static void job_free(commit_job *job);

static void batch_free(wf_visits_batch *batch)
{
    job_free(batch->job);
    for (size_t i = 0; i < batch->count; i++) {
        wf_pile_done(&batch->piles[i]);
        wf_pile_remove_spill(&batch->piles[i], batch->visits);
    }
    batch->visits->batch = NULL;
    wf_texts_done(&batch->seats);
    wf_texts_done(&batch->settings);
    free(batch->piles);
    free(batch);
}

void wf_visits_batch_abandon(wf_visits_batch *batch)
{
    wf_visits *visits = batch->visits;
    batch_free(batch);
    wf_commit_drop_new_ids(visits);
}

// ---- collecting ----

weft_status wf_visits_batch_seat(wf_visits_batch *batch, wf_text text, uint32_t *ret,
                                 weft_error *error)
{
    return wf_texts_intern(&batch->seats, text, ret, error);
}

weft_status wf_visits_batch_setting(wf_visits_batch *batch, wf_text text, uint32_t *ret,
                                    weft_error *error)
{
    return wf_texts_intern(&batch->settings, text, ret, error);
}

static size_t lower_bound(const wf_visits_batch *batch, weft_day day)
{
    size_t low = 0, high = batch->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (batch->piles[middle].day.number < day.number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static weft_status pile_of(wf_visits_batch *batch, weft_day day, wf_pile **ret,
                           weft_error *error)
{
    if (batch->last < batch->count &&
        batch->piles[batch->last].day.number == day.number) {
        *ret = &batch->piles[batch->last];
        return WEFT_OK;
    }
    size_t at = lower_bound(batch, day);
    if (at == batch->count || batch->piles[at].day.number != day.number) {
        WF_TRY(wf_visits_day_takes(batch->visits, day, error));
        wf_pile *piles =
            wf_grow(batch->piles, batch->count, &batch->capacity, sizeof *piles);
        if (piles == NULL)
            return wf_fail_memory(error);
        batch->piles = piles;
        for (size_t i = batch->count; i > at; i--)
            batch->piles[i] = batch->piles[i - 1];
        wf_pile_init(&batch->piles[at], day);
        batch->count++;
    }
    batch->last = at;
    *ret = &batch->piles[at];
    return WEFT_OK;
}

// Spills the fullest days until half of the allowed memory is free again.
static weft_status keep_limit(wf_visits_batch *batch, weft_error *error)
{
    size_t used = 0;
    for (size_t i = 0; i < batch->count; i++)
        used += batch->piles[i].memory_bytes;
    if (used <= batch->memory_limit_bytes)
        return WEFT_OK;
    while (used > batch->memory_limit_bytes / 2) {
        wf_pile *fullest = &batch->piles[0];
        for (size_t i = 1; i < batch->count; i++)
            if (batch->piles[i].memory_bytes > fullest->memory_bytes)
                fullest = &batch->piles[i];
        const wf_key *key;
        WF_TRY(wf_store_make_key(batch->visits, fullest->day, &key, error));
        used -= fullest->memory_bytes;
        WF_TRY(wf_pile_spill(fullest, batch->visits, key, error));
        WF_ASSERT(fullest->memory_bytes == 0);
    }
    return WEFT_OK;
}

static bool is_split(uint8_t marks)
{
    return (marks & (WF_MARK_FROM_BEFORE | WF_MARK_INTO_NEXT)) != 0;
}

weft_status wf_visits_batch_add(wf_visits_batch *batch, weft_day day,
                                const wf_visit_row *rows, size_t count, weft_error *error)
{
    wf_pile *pile;
    wf_packed_visit packed[pack_rows];
    WF_TRY(pile_of(batch, day, &pile, error));
    while (count > 0) {
        size_t part = count < pack_rows ? count : pack_rows;
        for (size_t i = 0; i < part; i++) {
            WF_ASSERT(rows[i].ordinal != WF_ROW_OLD && rows[i].seat < batch->seats.count);
            packed[i] = wf_visit_pack(&rows[i]);
            if (is_split(rows[i].marks) && rows[i].ordinal >= batch->split_visits_end)
                batch->split_visits_end = (uint64_t)rows[i].ordinal + 1;
        }
        WF_TRY(wf_pile_add(pile, packed, part, error));
        rows += part;
        count -= part;
    }
    return keep_limit(batch, error);
}

weft_status wf_visits_batch_add_encounters(wf_visits_batch *batch, weft_day day,
                                           const wf_encounter_row *rows, size_t count,
                                           weft_error *error)
{
    wf_pile *pile;
    wf_packed_meeting packed[pack_rows];
    WF_TRY(pile_of(batch, day, &pile, error));
    while (count > 0) {
        size_t part = count < pack_rows ? count : pack_rows;
        for (size_t i = 0; i < part; i++) {
            WF_ASSERT(rows[i].ordinal != WF_ROW_OLD &&
                      rows[i].setting < batch->settings.count);
            packed[i] = wf_meeting_pack(&rows[i]);
            if (is_split(rows[i].marks) && rows[i].ordinal >= batch->split_meetings_end)
                batch->split_meetings_end = (uint64_t)rows[i].ordinal + 1;
        }
        WF_TRY(wf_pile_add_meetings(pile, packed, part, error));
        rows += part;
        count -= part;
    }
    return keep_limit(batch, error);
}

// ---- committing ----

struct commit_job {
    wf_visits_batch *batch;
    wf_change change;
    bool has_change; // it is not committed or abandoned yet
    wf_visits_batch_count count;
    wf_tally visits_tally, meetings_tally;
    size_t *days; // indexes of piles that are joined side by side
    size_t days_count;
    void (*progress)(void *context, size_t done, size_t all);
    void *context;
    pthread_mutex_t lock; // of what follows
    size_t done;
    uint64_t touched;
    weft_status status;
    weft_error error;
};

static bool has_failed(commit_job *job)
{
    WF_ASSERT(pthread_mutex_lock(&job->lock) == 0);
    bool failed = job->status != WEFT_OK;
    WF_ASSERT(pthread_mutex_unlock(&job->lock) == 0);
    return failed;
}

static void report(commit_job *job, weft_status status, bool changed,
                   const weft_error *error)
{
    WF_ASSERT(pthread_mutex_lock(&job->lock) == 0);
    if (status != WEFT_OK && job->status == WEFT_OK) {
        job->status = status;
        job->error = *error;
    }
    job->touched += changed;
    job->done++;
    if (job->progress != NULL)
        job->progress(job->context, job->done, job->batch->count);
    WF_ASSERT(pthread_mutex_unlock(&job->lock) == 0);
}

static void join_day(commit_job *job, size_t index, unsigned threads)
{
    wf_visits_batch *batch = job->batch;
    wf_pile *pile = &batch->piles[index];
    weft_error error = {0};
    bool changed = false;
    wf_merge merge = {.change = &job->change,
                      .seats = &batch->seats,
                      .settings = &batch->settings,
                      .visits_tally = &job->visits_tally,
                      .meetings_tally = &job->meetings_tally,
                      .threads = threads};
    weft_status status = wf_merge_day(
        &merge, wf_manifest_find(&job->change.next, pile->day), pile, &changed, &error);
    wf_pile_remove_spill(pile, batch->visits);
    report(job, status, changed, &error);
}

static void join_small_day(void *context, unsigned thread, size_t index)
{
    (void)thread;
    commit_job *job = context;
    if (!has_failed(job))
        join_day(job, job->days[index], 1);
}

static uint64_t rows_of_day(const commit_job *job, const wf_pile *pile)
{
    uint64_t rows = pile->visits_count + pile->meetings_count;
    const wf_manifest_day *day = wf_manifest_find(&job->change.next, pile->day);
    for (unsigned slot = 0; slot < WF_SLOT_COUNT; slot++)
        rows += day->files[slot].visits + day->files[slot].encounters;
    return rows;
}

static void join_days(commit_job *job)
{
    wf_visits_batch *batch = job->batch;
    unsigned threads = batch->visits->threads;
    for (size_t i = 0; i < batch->count; i++) {
        if (rows_of_day(job, &batch->piles[i]) < big_day_rows)
            job->days[job->days_count++] = i;
        else if (!has_failed(job))
            join_day(job, i, threads);
    }
    if (job->days_count == 1 && !has_failed(job))
        join_day(job, job->days[0], threads);
    else
        wf_parallel_for(threads, job->days_count, join_small_day, job);
}

// Every day gets its key and its place in the manifest before threads start.
static weft_status prepare_days(commit_job *job, weft_error *error)
{
    wf_visits_batch *batch = job->batch;
    for (size_t i = 0; i < batch->count; i++) {
        const wf_key *key;
        wf_manifest_day *day;
        WF_TRY(wf_store_make_key(batch->visits, batch->piles[i].day, &key, error));
        WF_TRY(wf_manifest_add(&job->change.next, batch->piles[i].day, &day, error));
    }
    job->days = calloc(batch->count + 1, sizeof *job->days);
    if (job->days == NULL)
        return wf_fail_memory(error);
    WF_TRY(wf_tally_init(&job->visits_tally, batch->split_visits_end, error));
    return wf_tally_init(&job->meetings_tally, batch->split_meetings_end, error);
}

static weft_status make_note(commit_job *job, const wf_visits_batch_count *count,
                             weft_error *error)
{
    const wf_visits_batch *batch = job->batch;
    if (batch->make_note == NULL)
        return WEFT_OK;
    wf_buffer *note = &job->change.next.note;
    wf_buffer_clear(note);
    return batch->make_note(batch->note_context, count, note, error);
}

static weft_status join(commit_job *job, weft_error *error)
{
    WF_TRY(prepare_days(job, error));
    join_days(job);
    if (job->status != WEFT_OK) {
        *error = job->error;
        return job->status;
    }
    wf_visits_batch_count *count = &job->count;
    count->days_touched = job->touched;
    wf_tally_result(&job->visits_tally, &count->visits_accepted, &count->visits_had);
    wf_tally_result(&job->meetings_tally, &count->encounters_accepted,
                    &count->encounters_had);
    return WEFT_OK;
}

static weft_status commit(commit_job *job, wf_visits_batch_count *ret, weft_error *error)
{
    const wf_visits *visits = job->batch->visits;
    WF_TRY(make_note(job, &job->count, error));
    if (job->touched > 0 || wf_commit_has_new_ids(visits, &visits->manifest.ids)) {
        job->has_change = false;
        WF_TRY(wf_change_commit(&job->change, error));
    }
    *ret = job->count;
    return WEFT_OK;
}

void wf_visits_batch_note(wf_visits_batch *batch, wf_visits_noter *make, void *context)
{
    batch->make_note = make;
    batch->note_context = context;
}

wf_text wf_visits_note(const wf_visits *visits)
{
    return wf_buffer_text(&visits->manifest.note);
}

void wf_visits_note_drop(wf_visits *visits)
{
    wf_buffer_clear(&visits->manifest.note);
}

// ---- the work of a commit ----

static void job_free(commit_job *job)
{
    if (job == NULL)
        return;
    if (job->has_change)
        wf_change_abandon(&job->change);
    WF_ASSERT(pthread_mutex_destroy(&job->lock) == 0);
    wf_tally_done(&job->visits_tally);
    wf_tally_done(&job->meetings_tally);
    free(job->days);
    free(job);
}

weft_status wf_visits_batch_join(wf_visits_batch *batch,
                                 void (*progress)(void *context, size_t done, size_t all),
                                 void *context, weft_error *error)
{
    WF_ASSERT(batch->job == NULL);
    commit_job *job = calloc(1, sizeof *job);
    if (job == NULL)
        return wf_fail_memory(error);
    *job = (commit_job){.batch = batch, .progress = progress, .context = context};
    WF_ASSERT(pthread_mutex_init(&job->lock, NULL) == 0);
    batch->job = job;
    WF_TRY(wf_change_begin(batch->visits, &job->change, error));
    job->has_change = true;
    return join(job, error);
}

// The batch is gone after.
static weft_status
commit_and_end(wf_visits_batch *batch,
               void (*progress)(void *context, size_t done, size_t all), void *context,
               wf_visits_batch_count *ret, weft_error *error)
{
    weft_status status = WEFT_OK;
    if (batch->job == NULL)
        status = wf_visits_batch_join(batch, progress, context, error);
    if (status == WEFT_OK)
        status = commit(batch->job, ret, error);
    if (status == WEFT_OK)
        batch_free(batch);
    else
        wf_visits_batch_abandon(batch);
    return status;
}

weft_status
wf_visits_batch_commit(wf_visits_batch *batch,
                       void (*progress)(void *context, size_t done, size_t all),
                       void *context, wf_visits_batch_count *ret, weft_error *error)
{
    wf_visits_release(batch->visits);
    return commit_and_end(batch, progress, context, ret, error);
}

// Others may be searching days that are open: no day changes here, and none is let go.
weft_status wf_visits_commit_ids(wf_visits *visits, void (*between)(void *context),
                                 void *context, weft_error *error)
{
    wf_visits_batch *batch = NULL;
    wf_visits_batch_count count;
    if (!wf_commit_has_new_ids(visits, &visits->manifest.ids))
        return WEFT_OK;
    WF_TRY(wf_visits_batch_begin(visits, 0, &batch, error));
    visits->between = between;
    visits->between_context = context;
    weft_status status = commit_and_end(batch, NULL, NULL, &count, error);
    visits->between = NULL;
    return status;
}
