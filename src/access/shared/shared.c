#include "access/shared/shared.h"

#include <stdlib.h>
#include <string.h>

#include "access/asked/views.h"
#include "access/shared/shared_inside.h"
#include "base/clock.h"
#include "base/hash.h"

enum {
    readers_default = 16,
    readers_limit = 256,
    answer_bytes_max = 1 << 30,
    ahead_bytes = 4 << 20 // of the ledger: some 15,000 facts
};

static void lock(pthread_mutex_t *mutex)
{
    WF_ASSERT(pthread_mutex_lock(mutex) == 0);
}

static void unlock(pthread_mutex_t *mutex)
{
    WF_ASSERT(pthread_mutex_unlock(mutex) == 0);
}

int64_t wf_shared_us(void)
{
    return (int64_t)(wf_clock_monotonic_ns() / 1000);
}

static struct timespec at_ms(unsigned wait_ms)
{
    uint64_t ns = wf_clock_monotonic_ns() + (uint64_t)wait_ms * 1000000;
    return (struct timespec){(time_t)(ns / 1000000000), (long)(ns % 1000000000)};
}

// ---- where it stands ----

weft_time wf_shared_now(const wf_shared *shared)
{
    if (shared->settings.now != NULL)
        return shared->settings.now(shared->settings.context);
    if (shared->city->kind == WEFT_CITY_REAL)
        return wf_clock_now();
    return (weft_time){atomic_load(&shared->newest_us)};
}

// Since when the oldest fact that is not in the rows has waited; 0: none does.
static int64_t waiting_since(wf_shared *shared, uint64_t ledger, uint64_t applied)
{
    wf_shared_mark *marks = shared->marks;
    size_t first = shared->marks_first, count = shared->marks_count;
    if (count > 0 && marks[first].position > ledger)
        count = 0; // of a ledger that was replaced
    for (; count > 0 && marks[first].position <= applied; count--)
        first = (first + 1) % wf_shared_marks_max;
    size_t newest = (first + count + wf_shared_marks_max - 1) % wf_shared_marks_max;
    if (applied < ledger && (count == 0 || marks[newest].position < ledger)) {
        if (count < wf_shared_marks_max)
            marks[(first + count++) % wf_shared_marks_max] =
                (wf_shared_mark){ledger, wf_shared_us()};
        else
            marks[newest].position = ledger; // said to wait longer than they do
    }
    shared->marks_first = first;
    shared->marks_count = count;
    return count > 0 ? marks[first].us : 0;
}

void wf_shared_note_stand(wf_shared *shared)
{
    const weft_city *city = shared->city;
    wf_ledger_head head = wf_ledger_now(wf_store_ledger(city->store));
    const wf_records *records = wf_store_records(city->store);
    uint64_t applied = records != NULL ? wf_records_applied_upto(records)
                                       : atomic_load(&shared->applied);
    atomic_store(&shared->waiting_since_us,
                 waiting_since(shared, head.positions, applied));
    atomic_store(&shared->ledger, head.positions);
    if (applied >= head.positions)
        atomic_store(&shared->applied_at_us, head.received.us);
    atomic_store(&shared->applied, applied);
    atomic_store(&shared->newest_us, weft_city_now(city).us);
}

wf_shared_stand wf_shared_as_of(const wf_shared *shared)
{
    int64_t since = atomic_load(&shared->waiting_since_us);
    int64_t waited = since > 0 ? wf_shared_us() - since : 0;
    return (wf_shared_stand){.position = atomic_load(&shared->applied),
                             .at = {atomic_load(&shared->applied_at_us)},
                             .ledger = atomic_load(&shared->ledger),
                             .lag_us = waited > 0 ? (uint64_t)waited : 0};
}

uint64_t wf_shared_rows(const wf_shared *shared)
{
    return atomic_load(&shared->rows);
}

wf_shared_counts wf_shared_count(const wf_shared *shared)
{
    wf_shared *mine = (wf_shared *)shared; // locking changes nothing that can be asked
    wf_shared_counts counts = {.posts = atomic_load(&shared->posts),
                               .facts_accepted = atomic_load(&shared->accepted),
                               .facts_had = atomic_load(&shared->had),
                               .facts_refused = atomic_load(&shared->refused),
                               .refused_not_kept = atomic_load(&shared->not_kept),
                               .commits = atomic_load(&shared->commits),
                               .failed_commits = atomic_load(&shared->failed_commits),
                               .slices = atomic_load(&shared->slices),
                               .reopened = atomic_load(&shared->reopened),
                               .commit_us_sum = atomic_load(&shared->commit_us_sum)};
    lock(&mine->lock);
    counts.waiting_posts = mine->posts_came - mine->posts_taken;
    unlock(&mine->lock);
    lock(&mine->readers);
    counts.readers_out = mine->readers_out;
    unlock(&mine->readers);
    return counts;
}

// ---- readers ----

static wf_shared_reader *reader_new(void)
{
    wf_shared_reader *reader = calloc(1, sizeof *reader);
    if (reader != NULL)
        wf_arena_init(&reader->city.answer, answer_bytes_max);
    return reader;
}

static void reader_free(wf_shared_reader *reader)
{
    wf_city_close_rows(&reader->city);
    wf_arena_done(&reader->city.answer);
    free(reader);
}

// Takes over what is the owner's, keeps what is its own.
static void adopt(wf_shared_reader *reader, const weft_city *from)
{
    weft_city *city = &reader->city;
    weft_city own = *city;
    *city = *from;
    city->lock = -1;
    city->judge = NULL;
    city->reg = own.reg;
    city->views = own.views;
    city->rows = own.rows;
    city->plain = own.plain;
    city->answer = own.answer;
    city->arena = (wf_arena){0};
    city->threads = 1;
}

void wf_shared_close_readers(wf_shared *shared)
{
    wf_checkpoint_close(&shared->checkpoint);
    for (wf_shared_reader *reader = shared->all_readers; reader != NULL;
         reader = reader->next)
        wf_city_close_rows(&reader->city);
}

void wf_shared_refresh_readers(wf_shared *shared)
{
    uint64_t rows = atomic_load(&shared->rows);
    lock(&shared->readers);
    for (wf_shared_reader *reader = shared->free_readers; reader != NULL;
         reader = reader->next_free) {
        if (reader->city.reg != NULL)
            wf_register_refresh(reader->city.reg);
        reader->rows = rows;
    }
    unlock(&shared->readers);
}

static wf_shared_reader *take_reader(wf_shared *shared)
{
    lock(&shared->readers);
    while (shared->free_readers == NULL)
        WF_ASSERT(pthread_cond_wait(&shared->reader_free, &shared->readers) == 0);
    wf_shared_reader *reader = shared->free_readers;
    shared->free_readers = reader->next_free;
    shared->readers_out++;
    reader->taken = ++shared->readers_taken;
    unlock(&shared->readers);
    return reader;
}

// Rows have moved on since it was used last: it ends what it had open of them. Asked when
// it is taken, so that who was told that rows have moved on reads them, and when it is
// given back, so that a reader nobody takes keeps no old pages.
static void follow_rows(wf_shared *shared, wf_shared_reader *reader)
{
    uint64_t rows = atomic_load(&shared->rows);
    if (reader->rows != rows && reader->city.reg != NULL)
        wf_register_refresh(reader->city.reg);
    reader->rows = rows;
}

static void give_reader(wf_shared *shared, wf_shared_reader *reader)
{
    follow_rows(shared, reader);
    lock(&shared->readers);
    reader->next_free = shared->free_readers;
    shared->free_readers = reader;
    shared->readers_out--;
    reader->taken = 0;
    // Who waits for some to come back may not be the one who would be woken.
    WF_ASSERT((shared->readers_awaited ? pthread_cond_broadcast(&shared->reader_free)
                                       : pthread_cond_signal(&shared->reader_free)) == 0);
    unlock(&shared->readers);
}

static bool is_out_since(const wf_shared *shared, uint64_t taken)
{
    for (const wf_shared_reader *reader = shared->all_readers; reader != NULL;
         reader = reader->next)
        if (reader->taken != 0 && reader->taken <= taken)
            return true;
    return false;
}

bool wf_shared_await_readers(wf_shared *shared, unsigned wait_ms)
{
    struct timespec until = at_ms(wait_ms);
    int waited = 0;
    lock(&shared->readers);
    uint64_t taken = shared->readers_taken;
    shared->readers_awaited = true;
    while (is_out_since(shared, taken) && waited == 0)
        waited = pthread_cond_timedwait(&shared->reader_free, &shared->readers, &until);
    shared->readers_awaited = false;
    bool came_back = !is_out_since(shared, taken);
    unlock(&shared->readers);
    return came_back;
}

// What the first question would have to read.
static void begin_ahead(const weft_city *city)
{
    wf_counter_begin(city->counter, city->store);
    wf_place_names_begin(city->place_names, city->store);
}

static void allow_ahead(const weft_city *city, bool allowed)
{
    wf_counter_allow(city->counter, allowed);
    wf_place_names_allow(city->place_names, allowed);
}

// What did not go may go in a moment. What is damaged or has no key, and a ring of which
// nobody knows whether it was written, are for somebody to mend.
weft_status wf_shared_away(const wf_shared *shared, weft_error *error)
{
    const weft_error *why = &shared->why;
    bool stays =
        shared->broken && (why->status == WEFT_DAMAGED || why->status == WEFT_KEYLESS ||
                           strcmp(why->code, "keys.unsure") == 0);
    if (!stays)
        return wf_fail(error, WEFT_BUSY, "service.storage", NULL);
    *error = *why;
    return why->status;
}

static weft_status ready_reader(wf_shared *shared, wf_shared_reader *reader,
                                weft_error *error)
{
    if (shared->broken || shared->rows_away)
        return wf_shared_away(shared, error);
    adopt(reader, shared->city);
    follow_rows(shared, reader);
    wf_board_begin(reader->city.board, reader->city.store);
    begin_ahead(&reader->city);
    if (reader->city.kind == WEFT_CITY_DRILL) {
        reader->city.kept_clock = wf_shared_now(shared);
        reader->city.clock_speed = 0; // one answer is of one moment
    }
    if (reader->city.reg != NULL)
        return WEFT_OK;
    return wf_city_reread(&reader->city, error);
}

weft_status wf_shared_read(wf_shared *shared, weft_city **ret, weft_error *error)
{
    // First a reader, then the gate: who waits for a reader keeps nobody out.
    wf_shared_reader *reader = take_reader(shared);
    WF_ASSERT(pthread_rwlock_rdlock(&shared->gate) == 0);
    weft_status status = ready_reader(shared, reader, error);
    if (status != WEFT_OK) {
        wf_shared_read_end(shared, &reader->city);
        return status;
    }
    *ret = &reader->city;
    return WEFT_OK;
}

void wf_shared_read_end(wf_shared *shared, weft_city *city)
{
    _Static_assert(offsetof(wf_shared_reader, city) == 0,
                   "a reader begins with its city");
    wf_shared_reader *reader = (wf_shared_reader *)(void *)city;
    give_reader(shared, reader);
    WF_ASSERT(pthread_rwlock_unlock(&shared->gate) == 0);
}

bool wf_shared_try_enter(wf_shared *shared)
{
    if (pthread_rwlock_tryrdlock(&shared->gate) != 0)
        return false;
    if (!shared->broken && !shared->rows_away)
        return true;
    wf_shared_leave(shared);
    return false;
}

void wf_shared_leave(wf_shared *shared)
{
    WF_ASSERT(pthread_rwlock_unlock(&shared->gate) == 0);
}

// ---- posts ----

static weft_status stopping(weft_error *error)
{
    return wf_fail(error, WEFT_BUSY, "service.stopping", NULL);
}

static bool needs_rows(const wf_post *post)
{
    for (size_t i = 0; i < post->count; i++)
        if (post->lines[i].fact != NULL && !wf_store_takes_in_pause(post->lines[i].fact))
            return true;
    return false;
}

void wf_shared_post(wf_shared *shared, wf_post *post)
{
    post->next = NULL;
    post->needs_rows = needs_rows(post);
    post->failed = WEFT_OK;
    post->came_us = wf_shared_us();
    lock(&shared->lock);
    bool taken = !shared->stopping;
    if (taken) {
        *shared->last = post;
        shared->last = &post->next;
        shared->posts_came++;
        WF_ASSERT(pthread_cond_signal(&shared->work) == 0);
    }
    unlock(&shared->lock);
    if (taken)
        return;
    weft_error error = {0};
    weft_status status = stopping(&error);
    post->done(post, status, &error);
}

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool is_done;
    weft_status status;
    weft_error *error;
} waiting;

static void wake(wf_post *post, weft_status status, const weft_error *error)
{
    waiting *on = post->context;
    lock(&on->lock);
    on->is_done = true;
    on->status = status;
    if (status != WEFT_OK)
        *on->error = *error;
    WF_ASSERT(pthread_cond_signal(&on->ended) == 0);
    unlock(&on->lock);
}

static void post_and_wait(wf_shared *shared, wf_post *post, waiting *on)
{
    WF_ASSERT(pthread_mutex_init(&on->lock, NULL) == 0);
    WF_ASSERT(pthread_cond_init(&on->ended, NULL) == 0);
    post->done = wake;
    post->context = on;
    wf_shared_post(shared, post);
    lock(&on->lock);
    while (!on->is_done)
        WF_ASSERT(pthread_cond_wait(&on->ended, &on->lock) == 0);
    unlock(&on->lock);
    WF_ASSERT(pthread_cond_destroy(&on->ended) == 0);
    WF_ASSERT(pthread_mutex_destroy(&on->lock) == 0);
}

weft_status wf_shared_send(wf_shared *shared, wf_fact *facts, size_t count,
                           wf_verdict *ret_verdicts, weft_error *error)
{
    wf_arena arena;
    waiting on = {.error = error};
    wf_arena_init(&arena, 0);
    wf_post post = {.count = count, .from = "", .arena = &arena};
    post.lines = wf_arena_array(&arena, count + 1, sizeof *post.lines);
    if (post.lines == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < count; i++)
        post.lines[i] = (wf_post_line){.line = i + 1, .fact = &facts[i]};
    post_and_wait(shared, &post, &on);
    for (size_t i = 0; on.status == WEFT_OK && i < count; i++) {
        ret_verdicts[i] = (wf_verdict){.sent = post.lines[i].sent};
        if (post.lines[i].why != NULL)
            ret_verdicts[i].why = *post.lines[i].why;
    }
    wf_arena_done(&arena);
    return on.status;
}

bool wf_shared_catch_up(wf_shared *shared, unsigned wait_ms)
{
    struct timespec until = at_ms(wait_ms);
    uint64_t wanted = atomic_load(&shared->ledger);
    int waited = 0;
    lock(&shared->lock);
    while (atomic_load(&shared->applied) < wanted && waited == 0)
        waited = pthread_cond_timedwait(&shared->ended, &shared->lock, &until);
    unlock(&shared->lock);
    return atomic_load(&shared->applied) >= wanted;
}

// ---- the owner's turn ----

enum { near_facts = 1000, near_ms = 500 };

// Posts that come in a turn wait for its end, and it begins with the rows that are still
// to be made: so those are made before, beside posts. Under the lock.
static void near_rows(wf_shared *shared)
{
    struct timespec until = at_ms(near_ms);
    int waited = 0;
    atomic_fetch_add(&shared->nearing, 1);
    WF_ASSERT(pthread_cond_signal(&shared->work) == 0);
    while (!shared->stopping && waited == 0 &&
           atomic_load(&shared->ledger) > atomic_load(&shared->applied) + near_facts)
        waited = pthread_cond_timedwait(&shared->ended, &shared->lock, &until);
    atomic_fetch_sub(&shared->nearing, 1);
}

// Until it is given; `turn` is the writer's no more then: it has taken it out of the
// list.
static weft_status wait_for_turn(wf_shared *shared, wf_shared_turn *turn,
                                 weft_error *error)
{
    lock(&shared->lock);
    near_rows(shared);
    if (shared->stopping) {
        unlock(&shared->lock);
        return stopping(error);
    }
    turn->after = shared->posts_came;
    *shared->turns_end = turn;
    shared->turns_end = &turn->next;
    WF_ASSERT(pthread_cond_signal(&shared->work) == 0);
    while (!turn->given)
        WF_ASSERT(pthread_cond_wait(&shared->ended, &shared->lock) == 0);
    unlock(&shared->lock);
    return WEFT_OK;
}

weft_status wf_shared_own(wf_shared *shared, weft_city **ret, weft_error *error)
{
    wf_shared_turn turn = {0};
    WF_TRY(wait_for_turn(shared, &turn, error));
    if (shared->broken || shared->rows_away) {
        weft_status away = wf_shared_away(shared, error); // the writer waits until here
        wf_shared_own_end(shared);
        return away;
    }
    *ret = shared->city;
    return WEFT_OK;
}

weft_status wf_shared_aside(wf_shared *shared,
                            weft_status (*run)(void *context, weft_city *city,
                                               weft_error *error),
                            void *context, weft_error *error)
{
    wf_shared_turn turn = {.run = run, .context = context, .error = error};
    WF_TRY(wait_for_turn(shared, &turn, error));
    return turn.status;
}

weft_status wf_shared_do(wf_shared *shared, bool readers_out,
                         weft_status (*run)(void *context, weft_error *error),
                         void *context, weft_error *error)
{
    wf_shared_step step = {
        .readers_out = readers_out, .run = run, .context = context, .error = error};
    lock(&shared->lock);
    WF_ASSERT(shared->step == NULL);
    shared->step = &step;
    WF_ASSERT(pthread_cond_signal(&shared->work) == 0);
    while (!step.done)
        WF_ASSERT(pthread_cond_wait(&shared->ended, &shared->lock) == 0);
    unlock(&shared->lock);
    return step.status;
}

void wf_shared_own_end(wf_shared *shared)
{
    lock(&shared->lock);
    shared->having = NULL;
    WF_ASSERT(pthread_cond_signal(&shared->work) == 0);
    unlock(&shared->lock);
}

void wf_shared_listen(wf_shared *shared,
                      void (*each)(void *context, const wf_shared_event *events,
                                   size_t count),
                      void *context)
{
    WF_ASSERT(shared->listeners_count < wf_shared_listeners_max);
    shared->listeners[shared->listeners_count++] = (wf_shared_listener){each, context};
}

// ---- opening ----

static void init_conds(wf_shared *shared)
{
    pthread_condattr_t steady;
    WF_ASSERT(pthread_condattr_init(&steady) == 0);
    WF_ASSERT(pthread_condattr_setclock(&steady, CLOCK_MONOTONIC) == 0);
    pthread_cond_t *const all[] = {&shared->work, &shared->ended, &shared->reader_free,
                                   &shared->sync_asked, &shared->sync_done};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        WF_ASSERT(pthread_cond_init(all[i], &steady) == 0);
    WF_ASSERT(pthread_condattr_destroy(&steady) == 0);
}

static void init_locks(wf_shared *shared)
{
    pthread_rwlockattr_t writers_first;
    WF_ASSERT(pthread_rwlockattr_init(&writers_first) == 0);
    WF_ASSERT(pthread_rwlockattr_setkind_np(
                  &writers_first, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP) == 0);
    WF_ASSERT(pthread_rwlock_init(&shared->gate, &writers_first) == 0);
    WF_ASSERT(pthread_rwlockattr_destroy(&writers_first) == 0);
    WF_ASSERT(pthread_mutex_init(&shared->lock, NULL) == 0);
    WF_ASSERT(pthread_mutex_init(&shared->readers, NULL) == 0);
    WF_ASSERT(pthread_mutex_init(&shared->sync_lock, NULL) == 0);
    init_conds(shared);
}

static void free_shared(wf_shared *shared)
{
    while (shared->all_readers != NULL) {
        wf_shared_reader *reader = shared->all_readers;
        shared->all_readers = reader->next;
        reader_free(reader);
    }
    pthread_cond_t *const conds[] = {&shared->work, &shared->ended, &shared->reader_free,
                                     &shared->sync_asked, &shared->sync_done};
    for (size_t i = 0; i < sizeof conds / sizeof *conds; i++)
        WF_ASSERT(pthread_cond_destroy(conds[i]) == 0);
    WF_ASSERT(pthread_mutex_destroy(&shared->lock) == 0);
    WF_ASSERT(pthread_mutex_destroy(&shared->readers) == 0);
    WF_ASSERT(pthread_mutex_destroy(&shared->sync_lock) == 0);
    WF_ASSERT(pthread_rwlock_destroy(&shared->gate) == 0);
    wf_hash_set_done(&shared->kept);
    wf_quota_done(&shared->quota);
    free(shared);
}

static weft_status make_readers(wf_shared *shared, weft_error *error)
{
    unsigned count = shared->settings.readers_max;
    count = count == 0 ? readers_default : count > readers_limit ? readers_limit : count;
    for (unsigned i = 0; i < count; i++) {
        wf_shared_reader *reader = reader_new();
        if (reader == NULL)
            return wf_fail_memory(error);
        reader->next = shared->all_readers;
        reader->next_free = shared->free_readers;
        shared->all_readers = shared->free_readers = reader;
    }
    return WEFT_OK;
}

static weft_status start(wf_shared *shared, weft_error *error)
{
    bool moves = wf_checkpoint_start(shared);
    bool syncs =
        moves && pthread_create(&shared->syncer, NULL, wf_syncer_run, shared) == 0;
    if (syncs && pthread_create(&shared->writer, NULL, wf_writer_run, shared) == 0)
        return WEFT_OK;
    if (syncs)
        wf_syncer_stop(shared);
    wf_checkpoint_stop(&shared->checkpoint);
    return wf_fail_memory(error);
}

void wf_shared_serve_store(wf_shared *shared, bool serves)
{
    wf_store *store = shared->city->store;
    if (store == NULL)
        return;
    wf_store_on_applied(store, serves ? wf_writer_applied : NULL, shared);
    wf_store_on_pause(store, serves ? wf_writer_paused : NULL, shared);
    wf_ledger_write_ahead(wf_store_ledger(store), serves ? ahead_bytes : 0);
}

weft_status wf_shared_open(weft_city *city, const wf_shared_settings *settings,
                           wf_shared **ret, weft_error *error)
{
    wf_shared *shared = calloc(1, sizeof *shared);
    if (shared == NULL)
        return wf_fail_memory(error);
    shared->city = city;
    shared->settings = *settings;
    shared->last = &shared->first;
    shared->turns_end = &shared->turns;
    shared->seed = wf_hash_seed();
    wf_quota_init(&shared->quota,
                  settings->refused_bytes > 0 ? settings->refused_bytes : WF_QUOTA_BYTES);
    init_locks(shared);
    wf_shared_note_stand(shared);
    shared->told = atomic_load(&shared->applied);
    weft_status status = make_readers(shared, error);
    if (status == WEFT_OK)
        status = wf_room_count(shared, error);
    if (status == WEFT_OK) {
        wf_shared_serve_store(shared, true);
        wf_writer_share(shared, true);
        wf_board_allow(city->board, settings->board_bytes);
        wf_board_begin(city->board, city->store);
        allow_ahead(city, settings->reads_ahead);
        begin_ahead(city);
        city->refused_not_kept = &shared->not_kept;
        status = start(shared, error);
    }
    if (status != WEFT_OK) {
        city->refused_not_kept = NULL;
        wf_board_allow(city->board, 0);
        allow_ahead(city, false);
        wf_shared_serve_store(shared, false);
        wf_writer_share(shared, false);
        free_shared(shared);
        return status;
    }
    wf_days_start(shared);
    *ret = shared;
    return WEFT_OK;
}

void wf_shared_close(wf_shared *shared)
{
    if (shared == NULL)
        return;
    wf_days_stop(shared);
    lock(&shared->lock);
    shared->stopping = true;
    WF_ASSERT(pthread_cond_signal(&shared->work) == 0);
    unlock(&shared->lock);
    WF_ASSERT(pthread_join(shared->writer, NULL) == 0);
    wf_syncer_stop(shared);
    wf_checkpoint_stop(&shared->checkpoint);
    WF_ASSERT(shared->readers_out == 0);
    shared->city->refused_not_kept = NULL;
    wf_board_allow(shared->city->board, 0);
    allow_ahead(shared->city, false);
    wf_shared_serve_store(shared, false);
    wf_writer_share(shared, false);
    free_shared(shared);
}
