// The thread that writes a shared city.
//
//   posts  →  one send of the store  →  written  →  synced  →  true: posts are done
//                                          while it syncs: a slice of rows
//   turns  →  rows caught up, readers away: the owner's verb
//             or a thread of its own for an upload, and posts go on (aside.c)
//   late   →  a slice of rows; posts that come meanwhile go between its steps
//   idle   →  rows caught up, rules act
//
// Slices are as long as some milliseconds of work; the more is outstanding, the longer
// they are, for large ones cost less a fact, and after each, unless rows are late, the
// writer rests from them for a while.
#include <string.h>
#include <time.h>

#include "access/change/react.h"
#include "access/shared/shared_inside.h"
#include "base/clock.h"
#include "base/parallel.h"

enum {
    group_facts_max = 8192,
    slice_first = 1024, // facts
    slice_least = 512,
    slice_most = 16384,
    slice_us = 40000,
    slice_behind_us = 120000, // when rows are behind
    behind_us = 700000,       // that is so
    far_behind_ms = 10000,    // and that is far: no more is taken in than they follow
    slice_worth = 4096,       // so many are applied beside a sync
    slice_wait_us = 200000,   // posts go before rows that are not so late
    idle_wait_us = 20000,     // when nobody posts
    slice_rest = 3,           // times as long as the slice took
    keep_up_share = 8,        // of what waits then, at each commit
    between_us = 8000,        // those who post between steps are served together
    retry_ms = 1000,          // after storage has failed
    rows_fail_most = 2,       // slices in a row, before their database is opened again
    react_us = 500000,        // rules look again
    react_facts_max = 1024,   // at so many facts, before posts and rows go on
    told_max = 100000,        // what the owner's verbs sent, told to listeners
    told_part = 1024
};

static void lock(pthread_mutex_t *mutex)
{
    WF_ASSERT(pthread_mutex_lock(mutex) == 0);
}

static void unlock(pthread_mutex_t *mutex)
{
    WF_ASSERT(pthread_mutex_unlock(mutex) == 0);
}

static uint64_t outstanding(const wf_shared *shared)
{
    return atomic_load(&shared->ledger) - atomic_load(&shared->applied);
}

// ---- the syncer ----

void *wf_syncer_run(void *context)
{
    wf_shared *shared = context;
    wf_thread_nice(wf_nice_first);
    wf_thread_name(
        "weft syncer"); // whoever finds it by its name finds it ahead of others
    lock(&shared->sync_lock);
    for (;;) {
        while (!shared->sync_wanted && !shared->sync_stop)
            WF_ASSERT(pthread_cond_wait(&shared->sync_asked, &shared->sync_lock) == 0);
        if (!shared->sync_wanted)
            break;
        shared->sync_wanted = false;
        unlock(&shared->sync_lock);
        weft_error error = {0};
        weft_status status = wf_store_commit_sync(shared->city->store, &error);
        lock(&shared->sync_lock);
        shared->synced = status;
        shared->sync_error = error;
        shared->sync_running = false;
        WF_ASSERT(pthread_cond_signal(&shared->sync_done) == 0);
    }
    unlock(&shared->sync_lock);
    return NULL;
}

void wf_syncer_stop(wf_shared *shared)
{
    lock(&shared->sync_lock);
    shared->sync_stop = true;
    WF_ASSERT(pthread_cond_signal(&shared->sync_asked) == 0);
    unlock(&shared->sync_lock);
    WF_ASSERT(pthread_join(shared->syncer, NULL) == 0);
}

static void begin_sync(wf_shared *shared)
{
    lock(&shared->sync_lock);
    shared->sync_wanted = shared->sync_running = true;
    WF_ASSERT(pthread_cond_signal(&shared->sync_asked) == 0);
    unlock(&shared->sync_lock);
}

static weft_status end_sync(wf_shared *shared, weft_error *error)
{
    lock(&shared->sync_lock);
    while (shared->sync_running)
        WF_ASSERT(pthread_cond_wait(&shared->sync_done, &shared->sync_lock) == 0);
    weft_status status = shared->synced;
    if (status != WEFT_OK)
        *error = shared->sync_error;
    unlock(&shared->sync_lock);
    return status;
}

// Rows are not what they were: who waits for them looks again.
static void note_rows(wf_shared *shared)
{
    atomic_fetch_add(&shared->rows, 1);
    wf_shared_note_stand(shared);
    lock(&shared->lock);
    WF_ASSERT(pthread_cond_broadcast(&shared->ended) == 0);
    unlock(&shared->lock);
}

// ---- what listeners are told ----

static wf_shared_event event_of(const wf_entry *entry)
{
    return (wf_shared_event){.position = entry->position,
                             .kind = entry->fact.kind,
                             .grid = entry->fact.grid,
                             .at = entry->fact.at,
                             .received = entry->received};
}

static void tell(wf_shared *shared, const wf_shared_event *events, size_t count)
{
    if (count == 0)
        return;
    for (size_t i = 0; i < shared->listeners_count; i++)
        shared->listeners[i].each(shared->listeners[i].context, events, count);
    shared->told = events[count - 1].position;
}

void wf_writer_applied(void *context, wf_entry *const *entries, size_t count)
{
    wf_shared *shared = context;
    atomic_store(&shared->applied_at_us, entries[count - 1]->received.us);
    wf_shared_event events[told_part];
    size_t held = 0;
    for (size_t i = 0; i < count && shared->listeners_count > 0; i++) {
        events[held++] = event_of(entries[i]);
        if (held == told_part || i + 1 == count) {
            tell(shared, events, held);
            held = 0;
        }
    }
    shared->told = entries[count - 1]->position;
}

static weft_status tell_entry(void *context, const wf_entry *entry, weft_error *error)
{
    wf_shared *shared = context;
    wf_shared_event event = event_of(entry);
    (void)error;
    tell(shared, &event, 1);
    return WEFT_OK;
}

typedef struct {
    uint64_t upto;
    bool (*each)(void *context, const wf_shared_event *event);
    void *context;
    bool ended;
} retelling;

static weft_status retell_entry(void *context, const wf_entry *entry, weft_error *error)
{
    retelling *to = context;
    wf_shared_event event = event_of(entry);
    (void)error;
    to->ended = entry->position > to->upto || !to->each(to->context, &event);
    return to->ended ? WEFT_INTERRUPTED : WEFT_OK;
}

weft_status wf_shared_retell(const weft_city *city, uint64_t after, uint64_t upto,
                             bool (*each)(void *context, const wf_shared_event *event),
                             void *context, weft_error *error)
{
    retelling to = {.upto = upto, .each = each, .context = context};
    if (after >= upto)
        return WEFT_OK;
    weft_status status =
        wf_ledger_scan(wf_store_ledger(city->store), after + 1, retell_entry, &to, error);
    return to.ended ? WEFT_OK : status;
}

// What came to the rows by other ways than slices: deliveries in the owner's turn. Of
// very much the newest only; whoever listens sees by the positions that some are left
// out.
static void tell_rest(wf_shared *shared)
{
    weft_error unused = {0};
    wf_ledger *ledger = wf_store_ledger(shared->city->store);
    uint64_t end = wf_ledger_now(ledger).positions;
    uint64_t from = shared->told + 1;
    if (end < from)
        return;
    if (end - from >= told_max)
        from = end - told_max + 1;
    if (shared->listeners_count > 0)
        WF_IGNORE(wf_ledger_scan(ledger, from, tell_entry, shared, &unused),
                  "whoever listens sees that some are left out");
    shared->told = end;
}

// ---- the gate ----

void wf_writer_enter(void *context)
{
    wf_shared *shared = context;
    if (shared->gate_depth++ == 0)
        WF_ASSERT(pthread_rwlock_wrlock(&shared->gate) == 0);
}

void wf_writer_leave(void *context)
{
    wf_shared *shared = context;
    if (--shared->gate_depth == 0)
        WF_ASSERT(pthread_rwlock_unlock(&shared->gate) == 0);
}

// Others ask from now on, or nobody does.
void wf_writer_share(wf_shared *shared, bool shares)
{
    weft_city *city = shared->city;
    const wf_stated_guard guard = {wf_writer_enter, wf_writer_leave, shared};
    wf_ids_share(wf_visits_ids(city->visits), shares);
    wf_stated_bodies_guard(city->bodies, shares ? &guard : NULL);
}

// ---- storage that fails ----

static int64_t retry_us(const wf_shared *shared)
{
    unsigned ms = shared->settings.retry_ms;
    return (int64_t)(ms == 0 ? retry_ms : ms) * 1000;
}

// The gate is held alone. What readers and the owner's city have open of the rows goes.
static void open_again(wf_shared *shared)
{
    weft_error error = {0};
    wf_shared_close_readers(shared);
    weft_status status = wf_city_reopen(shared->city, &error);
    shared->broken = status != WEFT_OK;
    shared->retry_us = wf_shared_us() + retry_us(shared);
    if (status != WEFT_OK) {
        shared->why = error;
        return;
    }
    shared->rows_failed = 0;
    shared->rows_away = false;
    wf_shared_serve_store(shared, true);
    atomic_fetch_add(&shared->reopened, 1);
    note_rows(shared);
    tell_rest(shared);
}

void wf_writer_reopen(wf_shared *shared)
{
    wf_writer_enter(shared);
    open_again(shared);
    wf_writer_leave(shared);
}

// Rows that fail twice may be of a database that writes nothing any more. Readers have
// to go for it; posts go on meanwhile.
static void open_rows_again(wf_shared *shared)
{
    weft_error unused = {0};
    wf_writer_enter(shared);
    wf_shared_close_readers(shared);
    wf_city_close_rows(shared->city);
    shared->rows_away = wf_store_rows_again(shared->city->store, &unused) != WEFT_OK;
    wf_writer_leave(shared);
    shared->rows_failed = shared->rows_away ? rows_fail_most : rows_fail_most - 1;
    if (shared->rows_away)
        shared->apply_retry_us = wf_shared_us() + retry_us(shared);
}

// What failed is opened again, when it is time to try.
static void mend(wf_shared *shared)
{
    int64_t now = wf_shared_us();
    if (shared->broken && now >= shared->retry_us)
        wf_writer_reopen(shared);
    else if (!shared->broken && now >= shared->apply_retry_us &&
             (shared->rows_failed >= rows_fail_most || shared->rows_away))
        open_rows_again(shared);
}

// A full disk and missing memory break nothing: what was refused may go later.
static bool breaks(weft_status status)
{
    return status == WEFT_STORAGE || status == WEFT_DAMAGED || status == WEFT_KEYLESS;
}

// ---- rows ----

// Ends the snapshots of what nobody asks at present, so that the log of the rows can end.
void wf_writer_rows_moved(wf_shared *shared)
{
    weft_error unused = {0};
    note_rows(shared);
    WF_IGNORE(wf_city_reread(shared->city, &unused), "the owner's turn opens them");
    wf_shared_refresh_readers(shared);
}

static bool are_rows_behind(const wf_shared *shared)
{
    return wf_shared_as_of(shared).lag_us > behind_us;
}

static bool are_rows_far_behind(const wf_shared *shared)
{
    unsigned ms = shared->settings.far_behind_ms;
    uint64_t far_us = (uint64_t)(ms == 0 ? far_behind_ms : ms) * 1000;
    return wf_shared_as_of(shared).lag_us > far_us;
}

// The next slice takes about `slice_us` of work, whoever else has the processors.
static void choose_slice(wf_shared *shared, size_t facts, int64_t took_us)
{
    int64_t wanted = are_rows_behind(shared) ? slice_behind_us : slice_us;
    if (facts < slice_least || took_us <= 0)
        return;
    size_t next = (size_t)((int64_t)facts * wanted / took_us);
    next = next > 2 * shared->slice ? 2 * shared->slice : next;
    shared->slice = next < slice_least  ? slice_least
                    : next > slice_most ? slice_most
                                        : next;
}

// False: rows cannot be applied now.
static bool apply_slice(wf_shared *shared)
{
    weft_error error = {0};
    uint64_t due = outstanding(shared);
    if (due == 0)
        return true;
    size_t facts = due < shared->slice ? (size_t)due : shared->slice;
    int64_t from = (int64_t)(wf_clock_thread_ns() / 1000), began = wf_shared_us();
    uint64_t before = atomic_load(&shared->applied);
    if (wf_shared_us() < shared->apply_retry_us ||
        shared->rows_failed >= rows_fail_most ||
        wf_checkpoint_ends_log(&shared->checkpoint))
        return false;
    weft_status status = wf_store_apply(shared->city->store, facts, &error);
    if (status != WEFT_OK) {
        shared->apply_retry_us = wf_shared_us() + retry_us(shared);
        shared->rows_failed++;
        return false;
    }
    shared->rows_failed = 0;
    if (!wf_checkpoint_ask(&shared->checkpoint, shared->city->store))
        shared->rows_failed = rows_fail_most;
    atomic_fetch_add(&shared->slices, 1);
    int64_t took_us = (int64_t)(wf_clock_thread_ns() / 1000) - from;
    wf_writer_rows_moved(shared);
    choose_slice(shared, (size_t)(atomic_load(&shared->applied) - before), took_us);
    shared->slice_ended_us = wf_shared_us();
    shared->slice_took_us = shared->slice_ended_us - began;
    return true;
}

// Where much is outstanding, slices are applied beside syncs: they cost posts more time
// than those that let posts between their steps, and less work.
static bool is_slice_beside_due(const wf_shared *shared)
{
    uint64_t due = outstanding(shared);
    return due >= slice_worth || (due > 0 && atomic_load(&shared->nearing) > 0);
}

static bool may_apply(const wf_shared *shared)
{
    return !shared->broken && outstanding(shared) > 0 &&
           !wf_checkpoint_ends_log(&shared->checkpoint) &&
           shared->rows_failed < rows_fail_most &&
           wf_shared_us() >= shared->apply_retry_us;
}

// Rows that are late go before posts.
static bool are_rows_late(const wf_shared *shared)
{
    return may_apply(shared) && !is_slice_beside_due(shared) &&
           wf_shared_as_of(shared).lag_us >= slice_wait_us;
}

// ---- commits ----

static void finish_posts(wf_shared *shared, wf_post *posts, weft_status status,
                         const weft_error *error)
{
    while (posts != NULL) {
        wf_post *post = posts;
        posts = post->next;
        weft_status own = post->failed != WEFT_OK ? post->failed : status;
        weft_error why = post->failed != WEFT_OK ? post->error : *error;
        int64_t took = wf_shared_us() - post->came_us;
        atomic_fetch_add(&shared->posts, 1);
        atomic_fetch_add(&shared->commit_us_sum, (uint64_t)(took > 0 ? took : 0));
        post->done(post, own, &why);
    }
}

static void count_group(wf_shared *shared, const wf_group *group)
{
    atomic_fetch_add(&shared->commits, 1);
    atomic_fetch_add(&shared->accepted, group->accepted);
    atomic_fetch_add(&shared->had, group->had);
    atomic_fetch_add(&shared->refused, group->refusals);
    atomic_fetch_add(&shared->not_kept, group->not_kept);
}

weft_time wf_writer_now(const wf_shared *shared)
{
    const weft_city *city = shared->city;
    if (shared->settings.now != NULL)
        return shared->settings.now(shared->settings.context);
    bool clocked = city->kind == WEFT_CITY_REAL || !weft_time_is_none(city->kept_clock);
    return clocked ? weft_city_now(city) : WF_TIME_NONE;
}

// Rows that have fallen behind move on by as much as the group brought; far behind, by
// all that came, also between the steps of slices, and by a part of what waits, for it
// may have come while no slice could begin. Else a flood would be taken in faster than
// rows follow, nobody would see what was sent, and after it everybody would wait until
// minutes of it are applied. Who posts meanwhile waits in a lane, which says so when it
// is full: few large commits take in more than many small ones between steps.
static void keep_up(wf_shared *shared, uint64_t brought, uint64_t ledger_before)
{
    bool far = are_rows_far_behind(shared);
    uint64_t came = atomic_load(&shared->ledger) - ledger_before;
    uint64_t upto = atomic_load(&shared->applied) +
                    (far ? came + outstanding(shared) / keep_up_share : brought);
    while ((far || are_rows_behind(shared)) && atomic_load(&shared->applied) < upto) {
        if (far && wf_checkpoint_ends_log(&shared->checkpoint))
            wf_checkpoint_wait(&shared->checkpoint); // else posts go on without rows
        if (!apply_slice(shared))
            break;
        far = are_rows_far_behind(shared);
    }
}

// What was written is synced, or is not: true from here on, or never.
static void conclude(wf_shared *shared, wf_group *group, weft_status status)
{
    wf_group_end(group, status == WEFT_OK);
    if (status == WEFT_OK) {
        count_group(shared, group);
        wf_shared_note_stand(shared);
    } else {
        atomic_fetch_add(&shared->failed_commits, 1);
    }
    shared->served_us = wf_shared_us();
}

// Writes all posts of the group.
static weft_status write_group(wf_shared *shared, wf_group *group, weft_error *error)
{
    weft_status status = wf_group_write(group, error);
    if (status != WEFT_OK)
        atomic_fetch_add(&shared->failed_commits, 1);
    return status;
}

// One commit of all posts, which are not told yet.
static weft_status commit_group(wf_shared *shared, wf_group *group, weft_error *error)
{
    WF_TRY(write_group(shared, group, error));
    weft_status status = wf_store_commit_sync(shared->city->store, error);
    conclude(shared, group, status);
    return status;
}

static bool is_syncing(wf_shared *shared)
{
    lock(&shared->sync_lock);
    bool running = shared->sync_running;
    unlock(&shared->sync_lock);
    return running;
}

// The group that was synced beside a slice is told of it.
static void end_beside(wf_shared *shared)
{
    wf_group *group = shared->beside;
    weft_error error = {0};
    weft_status status = end_sync(shared, &error);
    shared->beside = NULL;
    conclude(shared, group, status);
    shared->breaks_between = shared->breaks_between || breaks(status);
    finish_posts(shared, group->posts, status, &error);
}

// While the group that was written is synced, a slice of rows moves on. Whoever posted
// waits for the sync and for a step of the slice (wf_writer_paused), not for all of it;
// and so do those who post meanwhile.
static void commit_beside(wf_shared *shared, wf_group *group)
{
    shared->beside = group;
    begin_sync(shared);
    shared->serves_between = true;
    (void)apply_slice(shared);
    if (shared->beside != NULL)
        end_beside(shared);
    wf_writer_end_between(shared);
}

static void commit(wf_shared *shared, wf_post *posts)
{
    weft_error error = {0};
    uint64_t ledger = atomic_load(&shared->ledger);
    mend(shared);
    if (shared->broken) {
        weft_status why = wf_shared_away(shared, &error);
        finish_posts(shared, posts, why, &error);
        return;
    }
    wf_group group = {.shared = shared, .posts = posts, .now = wf_writer_now(shared)};
    weft_status status = WEFT_OK;
    bool beside = is_slice_beside_due(shared);
    if (beside)
        status = write_group(shared, &group, &error);
    else
        status = commit_group(shared, &group, &error);
    if (beside && status == WEFT_OK) {
        commit_beside(shared, &group);
    } else {
        if (breaks(status))
            wf_writer_reopen(shared);
        finish_posts(shared, posts, status, &error);
    }
    keep_up(shared, group.accepted, ledger);
}

// ---- the owner's turn ----

static void apply_all(wf_shared *shared)
{
    do
        wf_checkpoint_wait(&shared->checkpoint);
    while (outstanding(shared) > 0 && apply_slice(shared));
}

// Lets whoever waits have the city, until they give it back.
static void lend(wf_shared *shared, wf_shared_turn *turn)
{
    lock(&shared->lock);
    shared->having = turn;
    turn->given = true; // from here on it is the owner's
    WF_ASSERT(pthread_cond_broadcast(&shared->ended) == 0);
    while (shared->having != NULL)
        WF_ASSERT(pthread_cond_wait(&shared->work, &shared->lock) == 0);
    unlock(&shared->lock);
}

static void give_turn(wf_shared *shared, wf_shared_turn *turn)
{
    weft_error unused = {0};
    weft_city *city = shared->city;
    if (turn->run != NULL) {
        wf_writer_aside(shared, turn);
        return;
    }
    if (!shared->broken)
        apply_all(shared);
    wf_writer_enter(shared);
    wf_shared_close_readers(shared); // rows may be made anew
    wf_writer_share(shared, false);
    lend(shared, turn);
    wf_writer_share(shared, true);
    if (!shared->broken) {
        WF_IGNORE(wf_city_reread(city, &unused), "readers open the rows again");
        note_rows(shared);
        tell_rest(shared);
    }
    wf_writer_leave(shared);
}

// ---- rules ----

static bool is_react_due(const wf_shared *shared)
{
    return shared->settings.reacts && !shared->broken && outstanding(shared) == 0 &&
           shared->reacted_upto < atomic_load(&shared->ledger) &&
           wf_shared_us() >= shared->reacted_us;
}

static void react(wf_shared *shared)
{
    weft_error unused = {0};
    uint64_t upto = atomic_load(&shared->ledger), seen = 0;
    weft_status status = wf_react_some(shared->city, react_facts_max, &seen, &unused);
    if (status == WEFT_OK)
        shared->reacted_upto = seen < upto ? seen : upto;
    if (status != WEFT_OK || seen >= upto)
        shared->reacted_us = wf_shared_us() + react_us;
    wf_writer_rows_moved(shared);
}

// ---- the thread ----

// What is done next.
typedef struct {
    wf_post *posts;
    wf_shared_turn *turn;
    bool rows, rules, ends;
} work;

// Takes posts up to the next turn, and not too many.
static wf_post *take_posts(wf_shared *shared)
{
    wf_post *first = shared->first, **end = &shared->first;
    size_t facts = 0;
    while (*end != NULL) {
        wf_post *post = *end;
        bool before_turn =
            shared->turns == NULL || shared->posts_taken < shared->turns->after;
        if (!before_turn || (facts > 0 && facts + post->count > group_facts_max))
            break;
        facts += post->count;
        shared->posts_taken++;
        end = &post->next;
    }
    wf_post *rest = *end;
    if (end == &shared->first)
        return NULL;
    *end = NULL;
    shared->first = rest;
    if (rest == NULL)
        shared->last = &shared->first;
    return first;
}

// Between the steps of a slice: who posts waits for a step.
void wf_writer_paused(void *context)
{
    wf_shared *shared = context;
    if (shared->beside != NULL) {
        if (is_syncing(shared)) // nothing is written before that has ended
            return;
        end_beside(shared);
    }
    if (!shared->serves_between || shared->breaks_between ||
        wf_shared_us() - shared->served_us < between_us)
        return;
    lock(&shared->lock);
    wf_post *posts = wf_writer_take_between(shared);
    unlock(&shared->lock);
    if (posts != NULL)
        wf_writer_serve_between(shared, posts);
}

void wf_writer_serve_between(wf_shared *shared, wf_post *posts)
{
    weft_error error = {0};
    wf_group group = {.shared = shared, .posts = posts, .now = wf_writer_now(shared)};
    weft_status status = commit_group(shared, &group, &error);
    shared->breaks_between = breaks(status);
    finish_posts(shared, posts, status, &error);
}

void wf_writer_end_between(wf_shared *shared)
{
    shared->serves_between = false;
    if (shared->breaks_between)
        wf_writer_reopen(shared);
    shared->breaks_between = false;
}

bool wf_writer_apply_between(wf_shared *shared)
{
    shared->serves_between = true;
    bool applied = apply_slice(shared);
    wf_writer_end_between(shared);
    return applied;
}

static wf_shared_turn *take_turn(wf_shared *shared)
{
    wf_shared_turn *turn = shared->turns;
    if (turn == NULL || shared->posts_taken < turn->after)
        return NULL;
    shared->turns = turn->next;
    if (shared->turns == NULL)
        shared->turns_end = &shared->turns;
    return turn;
}

// When rows that are outstanding move on, if nobody posts: a few facts that come one
// after the other cost as much as a slice of them.
static int64_t rows_us(const wf_shared *shared)
{
    int64_t since = atomic_load(&shared->waiting_since_us), ripe = since + idle_wait_us;
    int64_t rested = shared->slice_ended_us + slice_rest * shared->slice_took_us;
    ripe = ripe > rested ? ripe : rested;
    ripe = ripe < since + slice_wait_us ? ripe : since + slice_wait_us;
    if (shared->stopping || outstanding(shared) >= slice_worth ||
        atomic_load(&shared->nearing) > 0)
        ripe = 0;
    if (wf_checkpoint_ends_log(&shared->checkpoint))
        ripe = wf_shared_us() + idle_wait_us; // it says when it is done
    return ripe > shared->apply_retry_us ? ripe : shared->apply_retry_us;
}

static int64_t wake_us(const wf_shared *shared)
{
    int64_t now = wf_shared_us(), wake = INT64_MAX;
    if (shared->broken)
        wake = shared->retry_us;
    else if (outstanding(shared) > 0)
        wake = rows_us(shared);
    else if (shared->settings.reacts &&
             shared->reacted_upto < atomic_load(&shared->ledger))
        wake = shared->reacted_us;
    return wake < now ? now : wake;
}

static void wait_for_work(wf_shared *shared)
{
    int64_t wake = wake_us(shared);
    if (wake == INT64_MAX) {
        WF_ASSERT(pthread_cond_wait(&shared->work, &shared->lock) == 0);
        return;
    }
    struct timespec until = {wake / 1000000, (long)(wake % 1000000) * 1000};
    (void)pthread_cond_timedwait(&shared->work, &shared->lock, &until);
}

// Under the lock. Rows go before posts when they are far behind; else what came first.
static bool choose(wf_shared *shared, work *ret)
{
    *ret = (work){0};
    ret->rows = are_rows_late(shared);
    if (ret->rows)
        return true;
    ret->posts = take_posts(shared);
    if (ret->posts != NULL)
        return true;
    ret->turn = take_turn(shared);
    if (ret->turn != NULL)
        return true;
    ret->rows =
        !shared->broken && outstanding(shared) > 0 && wf_shared_us() >= rows_us(shared);
    ret->rules = !ret->rows && is_react_due(shared) && !shared->stopping;
    ret->ends = shared->stopping && !wf_checkpoint_ends_log(&shared->checkpoint);
    bool again = shared->broken && wf_shared_us() >= shared->retry_us;
    return ret->rows || ret->rules || ret->ends || again;
}

static void do_work(wf_shared *shared, const work *next)
{
    if (next->posts != NULL)
        commit(shared, next->posts);
    else if (next->turn != NULL)
        give_turn(shared, next->turn);
    else if (next->rules)
        react(shared);
    else if (!next->ends || next->rows)
        mend(shared);
    if (next->rows)
        (void)wf_writer_apply_between(shared);
}

void *wf_writer_run(void *context)
{
    wf_shared *shared = context;
    work next;
    wf_thread_nice(wf_nice_first);
    wf_thread_name(
        "weft writer"); // whoever finds it by its name finds it ahead of others
    shared->slice = slice_first;
    lock(&shared->lock);
    for (;;) {
        while (!choose(shared, &next))
            wait_for_work(shared);
        unlock(&shared->lock);
        do_work(shared, &next);
        lock(&shared->lock);
        if (next.ends && !next.rows && !next.rules)
            break;
    }
    unlock(&shared->lock);
    return NULL;
}
