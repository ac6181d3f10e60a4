#include "desk/testing/counter.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "desk/testing/counter_inside.h"
#include "store/ahead.h"

enum {
    changes_bytes_max = 64 << 20, // half a million and more, of a transaction or a count
    changes_bytes_kept = 1 << 20  // of memory, between transactions
};

// What was changed since the moment that is being read.
typedef enum { changed_person, changed_same, changed_sample } change_kind;

typedef struct {
    change_kind what;
    uint32_t person, other; // `other`: of two that are the same
    bool is;                // in the register; the same; sampled once more, or once less
    wf_presence presence;
    uint32_t grid_size;
    char grid[WF_BUILDING_BYTES];
} change;

typedef enum {
    counting_nothing,
    counting_reads, // somebody reads, without the lock
    counting_read   // all is read, and what was changed since has to be added
} counting_state;

// What a sample's row says, of a transaction that is not committed yet.
typedef struct {
    bool is; // there is a row, and its time is known
    int64_t at;
    size_t round_at, round_size; // in `texts`
} sample_said;

typedef struct {
    change change; // of a sample: of whom
    sample_said before, after;
} pending_change;

// The changes of the transaction on its way; of the thread that writes.
typedef struct {
    wf_buffer changes; // of pending_change
    wf_buffer texts;
    bool any, lost;
} pending;

// A count under way. Of `moment` only the reader's while it reads.
typedef struct {
    counting_state state;
    bool everybody; // the register, too
    bool lost;      // it does not hold for the rows any more
    wf_counter_round round;
    wf_counter_moment moment;
    wf_buffer changes; // of change, that were committed since
} counting;

struct wf_counter {
    pthread_mutex_t lock;
    pthread_cond_t counted; // nobody reads any more
    wf_numbers numbers;
    pending pending;
    bool committing; // of the thread that writes: it holds the lock
    // Below: under the lock.
    wf_population *population; // NULL: nobody asked
    wf_counter_round rounds[WF_POPULATION_ROUNDS_MAX];
    uint64_t questions;
    counting count;

    wf_ahead ahead; // counts before somebody asks; its lock goes before `lock`
};

static void forget(wf_counter *counter)
{
    wf_population_free(counter->population);
    counter->population = NULL;
    memset(counter->rounds, 0, sizeof counter->rounds);
}

static void lock(pthread_mutex_t *mutex)
{
    WF_ASSERT(pthread_mutex_lock(mutex) == 0);
}

static void unlock(pthread_mutex_t *mutex)
{
    WF_ASSERT(pthread_mutex_unlock(mutex) == 0);
}

// ---- making ----

static wf_text id_of(void *context, uint32_t person)
{
    const wf_counter *counter = context;
    return counter->numbers.text_of(counter->numbers.context, WF_COLUMN_PERSON, person);
}

static void end_counting(wf_counter *counter);
static void count_ahead(void *context, wf_database *db, const atomic_bool *stop);

weft_status wf_counter_new(wf_numbers numbers, wf_counter **ret, weft_error *error)
{
    wf_counter *counter = calloc(1, sizeof *counter);
    if (counter == NULL)
        return wf_fail_memory(error);
    WF_ASSERT(pthread_mutex_init(&counter->lock, NULL) == 0);
    wf_ahead_init(&counter->ahead, count_ahead, counter);
    WF_ASSERT(pthread_cond_init(&counter->counted, NULL) == 0);
    counter->numbers = numbers;
    *ret = counter;
    return WEFT_OK;
}

void wf_counter_free(wf_counter *counter)
{
    if (counter == NULL)
        return;
    WF_ASSERT(!counter->committing && counter->count.state != counting_reads);
    end_counting(counter);
    forget(counter);
    wf_buffer_done(&counter->pending.changes);
    wf_buffer_done(&counter->pending.texts);
    WF_ASSERT(pthread_mutex_destroy(&counter->lock) == 0);
    wf_ahead_done(&counter->ahead);
    WF_ASSERT(pthread_cond_destroy(&counter->counted) == 0);
    free(counter);
}

// ---- a count under way: the lock is held ----

static bool counts_everybody(const wf_counter *counter)
{
    return counter->count.state != counting_nothing && counter->count.everybody;
}

static void note(wf_counter *counter, const change *changed)
{
    counting *count = &counter->count;
    if (count->changes.size > changes_bytes_max ||
        !wf_buffer_append(&count->changes, changed, sizeof *changed))
        count->lost = true;
}

static void end_counting(wf_counter *counter)
{
    counting *count = &counter->count;
    wf_counter_moment_done(&count->moment);
    wf_buffer_done(&count->changes);
    *count = (counting){0};
    WF_ASSERT(pthread_cond_broadcast(&counter->counted) == 0);
}

// `db` is in a transaction that has read nothing: no transaction is committed while the
// lock is held, so each is seen whole or noted whole.
static weft_status begin_counting(wf_counter *counter, wf_database *db,
                                  const wf_counter_round *round, weft_error *error)
{
    counting *count = &counter->count;
    WF_ASSERT(count->state == counting_nothing);
    WF_TRY(wf_counter_fix_moment(db, error));
    if (counter->population == NULL) {
        count->moment.population = wf_population_new(id_of, counter);
        if (count->moment.population == NULL)
            return wf_fail_memory(error);
        count->everybody = true;
    }
    count->round = *round;
    count->state = counting_reads;
    return WEFT_OK;
}

static bool add_change(wf_population *population, unsigned round, const change *changed)
{
    uint32_t building = WF_BUILDING_NONE;
    wf_text grid = {changed->grid, changed->grid_size};
    switch (changed->what) {
    case changed_person:
        if (changed->is && !wf_population_building(population, grid, &building))
            return false;
        wf_population_put(population, changed->person, building, changed->presence);
        return true;
    case changed_same:
        return changed->is
                   ? wf_population_join(population, changed->person, changed->other)
                   : wf_population_part(population, changed->person, changed->other);
    case changed_sample:
        break;
    }
    return changed->is ? wf_population_add(population, round, changed->person)
                       : wf_population_remove(population, round, changed->person);
}

// What was read, joined, and what was changed since. On failure the population is of no
// use.
static bool put_together(counting *count, wf_population *population, unsigned *ret_round)
{
    const uint32_t *same = (const uint32_t *)(const void *)count->moment.same.bytes;
    const change *changes = (const change *)(const void *)count->changes.bytes;
    for (size_t i = 0; i + 1 < count->moment.same.size / sizeof *same; i += 2)
        if (!wf_population_join(population, same[i], same[i + 1]))
            return false;
    if (!wf_population_load(population, &count->moment.samples, wf_parallel_threads(),
                            ret_round))
        return false;
    for (size_t i = 0; i < count->changes.size / sizeof *changes; i++)
        if (!add_change(population, *ret_round, &changes[i]))
            return false;
    return true;
}

// Makes room by dropping what was asked longest ago.
static void make_room(wf_counter *counter)
{
    unsigned oldest = 0;
    for (unsigned i = 0; i < WF_POPULATION_ROUNDS_MAX; i++) {
        if (!counter->rounds[i].kept)
            return;
        if (counter->rounds[i].asked < counter->rounds[oldest].asked)
            oldest = i;
    }
    wf_population_drop(counter->population, oldest);
    counter->rounds[oldest].kept = false;
}

// Ends a count whose rows are read, by a thread that may look at ids. *ret_lost: nothing
// came of it, as the rows are not what they were.
static weft_status finish_counting(wf_counter *counter, bool *ret_lost, weft_error *error)
{
    counting *count = &counter->count;
    unsigned at = 0;
    *ret_lost = count->lost || (!count->everybody && counter->population == NULL);
    if (*ret_lost) {
        end_counting(counter);
        return WEFT_OK;
    }
    if (count->everybody) {
        forget(counter);
        counter->population = count->moment.population;
        count->moment.population = NULL;
    }
    make_room(counter);
    bool done = put_together(count, counter->population, &at);
    if (done) {
        counter->rounds[at] = count->round;
        counter->rounds[at].kept = true;
        counter->rounds[at].asked = ++counter->questions;
    } else {
        forget(counter);
    }
    end_counting(counter);
    return done ? WEFT_OK : wf_fail_memory(error);
}

// ---- following the rows ----

static wf_text text_of(const wf_value *value)
{
    return value->given ? value->text : WF_TEXT("");
}

static void clear_pending(wf_counter *counter)
{
    pending *all = &counter->pending;
    if (all->changes.size > changes_bytes_kept) {
        wf_buffer_done(&all->changes);
        wf_buffer_done(&all->texts);
    }
    wf_buffer_clear(&all->changes);
    wf_buffer_clear(&all->texts);
    all->any = all->lost = false;
}

// What follows the rows never fails them: a counter that has lost something counts anew.
static weft_status keep_pending(wf_counter *counter, const pending_change *one)
{
    pending *all = &counter->pending;
    all->any = true;
    if (all->lost)
        return WEFT_OK;
    all->lost = all->changes.size > changes_bytes_max ||
                !wf_buffer_append(&all->changes, one, sizeof *one);
    return WEFT_OK;
}

static weft_status person_changed(void *context, const wf_value *before,
                                  const wf_value *after, weft_error *error)
{
    pending_change one = {.change = {.what = changed_person, .is = after != NULL}};
    change *changed = &one.change;
    (void)error;
    changed->person =
        (uint32_t)(after != NULL ? after : before)[wf_counter_person].number;
    if (after != NULL) {
        wf_text grid =
            wf_building_prefix(text_of(&after[wf_counter_grid]), WF_BUILDING_BYTES);
        changed->presence = wf_counter_presence(after[wf_counter_present].given,
                                                after[wf_counter_present].number != 0,
                                                text_of(&after[wf_counter_reason]));
        changed->grid_size = (uint32_t)grid.size;
        if (grid.size > 0)
            memcpy(changed->grid, grid.bytes, grid.size);
    }
    return keep_pending(context, &one);
}

enum { same_a, same_b, same_same };

static bool says_same(const wf_value *row)
{
    return row != NULL && row[same_same].given && row[same_same].number != 0;
}

static weft_status same_changed(void *context, const wf_value *before,
                                const wf_value *after, weft_error *error)
{
    const wf_value *row = after != NULL ? after : before;
    (void)error;
    if (says_same(before) == says_same(after))
        return WEFT_OK;
    const pending_change one = {.change = {.what = changed_same,
                                           .person = (uint32_t)row[same_a].number,
                                           .other = (uint32_t)row[same_b].number,
                                           .is = says_same(after)}};
    return keep_pending(context, &one);
}

enum { sample_person, sample_round, sample_at };

static sample_said said_of(wf_counter *counter, const wf_value *row)
{
    pending *all = &counter->pending;
    if (row == NULL || !row[sample_at].given)
        return (sample_said){0};
    wf_text round = text_of(&row[sample_round]);
    const sample_said said = {.is = true,
                              .at = row[sample_at].number,
                              .round_at = all->texts.size,
                              .round_size = round.size};
    if (!wf_buffer_append(&all->texts, round.bytes, round.size))
        all->lost = true;
    return said;
}

static weft_status sample_changed(void *context, const wf_value *before,
                                  const wf_value *after, weft_error *error)
{
    wf_counter *counter = context;
    (void)error;
    const uint32_t person =
        (uint32_t)(after != NULL ? after : before)[sample_person].number;
    const pending_change one = {.change = {.what = changed_sample, .person = person},
                                .before = said_of(counter, before),
                                .after = said_of(counter, after)};
    return keep_pending(counter, &one);
}

// ---- what was committed; the lock is held ----

static bool counts_in(const wf_counter *counter, const wf_counter_round *round,
                      const sample_said *said)
{
    wf_text text = WF_TEXT("");
    if (said->round_size > 0)
        text = (wf_text){counter->pending.texts.bytes + said->round_at, said->round_size};
    return said->is && said->at >= round->since_us &&
           (round->round_size == 0 ||
            wf_text_equal(text, (wf_text){round->round, round->round_size}));
}

// False: the sample counts in the round as it did before.
static bool sample_counts(const wf_counter *counter, const wf_counter_round *round,
                          const pending_change *one, change *ret)
{
    bool had = counts_in(counter, round, &one->before);
    *ret = one->change;
    ret->is = counts_in(counter, round, &one->after);
    return had != ret->is;
}

static bool add_sample(wf_counter *counter, const pending_change *one)
{
    counting *count = &counter->count;
    change changed;
    if (count->state != counting_nothing &&
        sample_counts(counter, &count->round, one, &changed))
        note(counter, &changed);
    for (unsigned i = 0; counter->population != NULL && i < WF_POPULATION_ROUNDS_MAX; i++)
        if (counter->rounds[i].kept &&
            sample_counts(counter, &counter->rounds[i], one, &changed) &&
            !add_change(counter->population, i, &changed))
            return false;
    return true;
}

// A change is added to what is kept, and noted for who is reading.
static bool add_pending(wf_counter *counter, const pending_change *one)
{
    if (one->change.what == changed_sample)
        return add_sample(counter, one);
    if (counts_everybody(counter))
        note(counter, &one->change);
    else if (counter->population != NULL)
        return add_change(counter->population, 0, &one->change);
    return true;
}

static void take_over(wf_counter *counter)
{
    pending *all = &counter->pending;
    const pending_change *changes =
        (const pending_change *)(const void *)all->changes.bytes;
    size_t count = all->changes.size / sizeof *changes;
    bool done = !all->lost;
    if (all->lost)
        counter->count.lost = counter->count.state != counting_nothing;
    for (size_t i = 0; done && i < count; i++)
        done = add_pending(counter, &changes[i]);
    if (!done)
        forget(counter);
}

static void committing(void *context)
{
    wf_counter *counter = context;
    if (!counter->pending.any)
        return;
    lock(&counter->lock);
    counter->committing = true;
}

// By the thread that writes, which may look at ids: nothing waits for a question.
static void ended(void *context, bool committed)
{
    wf_counter *counter = context;
    weft_error error = {0};
    bool lost;
    if (counter->committing) {
        if (committed)
            take_over(counter);
        if (counter->count.state == counting_read)
            WF_IGNORE(finish_counting(counter, &lost, &error),
                      "whoever asks counts anew");
        counter->committing = false;
        unlock(&counter->lock);
    }
    clear_pending(counter);
}

// ---- counting before somebody asks ----

static const wf_counter_round any_round = {.since_us = INT64_MIN};

// Ids may be looked at by whoever asks or writes, not by a thread of its own: it leaves
// what it has read to them.
static void count_ahead(void *context, wf_database *db, const atomic_bool *stop)
{
    wf_counter *counter = context;
    weft_error error = {0};
    counting *count = &counter->count;
    lock(&counter->lock);
    bool begins = counter->population == NULL && count->state == counting_nothing &&
                  begin_counting(counter, db, &any_round, &error) == WEFT_OK;
    unlock(&counter->lock);
    if (!begins)
        return;
    weft_status status = wf_counter_read(db, &count->round, stop, &count->moment, &error);
    lock(&counter->lock);
    if (status == WEFT_OK && !count->lost)
        count->state = counting_read;
    else
        end_counting(counter);
    WF_ASSERT(pthread_cond_broadcast(&counter->counted) == 0);
    unlock(&counter->lock);
}

void wf_counter_begin(wf_counter *counter, wf_store *store)
{
    wf_ahead_begin(&counter->ahead, store);
}

void wf_counter_allow(wf_counter *counter, bool ahead)
{
    wf_ahead_allow(&counter->ahead, ahead);
}

static void closing(void *context)
{
    wf_counter *counter = context;
    wf_ahead_end(&counter->ahead);
}

// The rows may be others than before.
static weft_status opened(void *context, wf_database *db, weft_error *error)
{
    wf_counter *counter = context;
    (void)db;
    (void)error;
    wf_ahead_again(&counter->ahead);
    clear_pending(counter);
    lock(&counter->lock);
    forget(counter);
    counter->count.lost = counter->count.state != counting_nothing;
    unlock(&counter->lock);
    return WEFT_OK;
}

wf_follower wf_counter_follower(wf_counter *counter)
{
    static const wf_watch watches[] = {
        {"person", {"person", "grid", "present", "absence_reason"}, person_changed, NULL},
        {"sample", {"person", "round_id", "collected_at"}, sample_changed, NULL},
        {"person_same", {"a", "b", "same"}, same_changed, NULL},
    };
    return (wf_follower){.watches = watches,
                         .watches_count = sizeof watches / sizeof *watches,
                         .opened = opened,
                         .committing = committing,
                         .closing = closing,
                         .ended = ended,
                         .context = counter};
}

// ---- asking ----

static bool find_round(const wf_counter *counter, const wf_counter_round *wanted,
                       unsigned *ret)
{
    for (unsigned i = 0; i < WF_POPULATION_ROUNDS_MAX; i++) {
        const wf_counter_round *kept = &counter->rounds[i];
        if (kept->kept && kept->since_us == wanted->since_us &&
            wf_text_equal((wf_text){kept->round, kept->round_size},
                          (wf_text){wanted->round, wanted->round_size})) {
            *ret = i;
            return true;
        }
    }
    return false;
}

static wf_counter_round wanted_of(const wf_counter_question *question)
{
    wf_counter_round wanted = {.round_size = question->round.size,
                               .since_us = question->since.us};
    WF_ASSERT(question->round.size <= WF_ID_BYTES_MAX);
    if (question->round.size > 0)
        memcpy(wanted.round, question->round.bytes, question->round.size);
    return wanted;
}

// Waits for who is reading, and ends what is read. True when the round is kept.
static bool wait_for_round(wf_counter *counter, const wf_counter_round *wanted,
                           unsigned *ret)
{
    weft_error error = {0};
    bool lost;
    for (;;) {
        if (counter->count.state == counting_read)
            WF_IGNORE(finish_counting(counter, &lost, &error), "it is counted anew");
        if (find_round(counter, wanted, ret))
            return true;
        if (counter->count.state == counting_nothing)
            return false;
        WF_ASSERT(pthread_cond_wait(&counter->counted, &counter->lock) == 0);
    }
}

// Reads the rows, with the lock or without it, and ends the count.
static weft_status read_and_finish(wf_counter *counter, wf_database *db, bool locked,
                                   bool *ret_lost, weft_error *error)
{
    counting *count = &counter->count;
    if (!locked)
        unlock(&counter->lock);
    weft_status status = wf_counter_read(db, &count->round, NULL, &count->moment, error);
    if (!locked)
        lock(&counter->lock);
    if (status == WEFT_OK)
        return finish_counting(counter, ret_lost, error);
    end_counting(counter);
    return status;
}

// Under the lock, which is let go while the rows are read: nobody who writes waits. Where
// more is changed meanwhile than can be held, it is read again, and they do.
static weft_status count(wf_counter *counter, wf_database *db,
                         const wf_counter_round *wanted, bool locked, bool *ret_lost,
                         weft_error *error)
{
    WF_TRY(wf_database_begin(db, error));
    weft_status status = begin_counting(counter, db, wanted, error);
    if (status == WEFT_OK)
        status = read_and_finish(counter, db, locked, ret_lost, error);
    wf_database_rollback(db);
    return status;
}

static weft_status count_round(wf_counter *counter, wf_database *db,
                               const wf_counter_round *wanted, unsigned *ret,
                               weft_error *error)
{
    bool lost = false;
    if (wait_for_round(counter, wanted, ret))
        return WEFT_OK;
    WF_TRY(count(counter, db, wanted, false, &lost, error));
    // Whoever waited for the end of it may be reading something else by now.
    if (lost && !wait_for_round(counter, wanted, ret))
        WF_TRY(count(counter, db, wanted, true, &lost, error));
    WF_ASSERT(find_round(counter, wanted, ret));
    return WEFT_OK;
}

weft_status wf_counter_ask(wf_counter *counter, wf_store *store,
                           const wf_counter_question *question, wf_population **ret,
                           unsigned *ret_round, weft_error *error)
{
    wf_counter_round wanted = wanted_of(question);
    wf_database *db = NULL;
    unsigned at = 0;
    lock(&counter->lock);
    if (!wait_for_round(counter, &wanted, &at)) {
        // Opening rows tells those who follow them, who take the lock.
        unlock(&counter->lock);
        WF_TRY(wf_store_reader(store, &db, error));
        lock(&counter->lock);
        weft_status status = count_round(counter, db, &wanted, &at, error);
        wf_database_close(db);
        if (status != WEFT_OK) {
            unlock(&counter->lock);
            return status;
        }
    }
    counter->rounds[at].asked = ++counter->questions;
    *ret = counter->population;
    *ret_round = at;
    return WEFT_OK;
}

void wf_counter_release(wf_counter *counter)
{
    unlock(&counter->lock);
}
