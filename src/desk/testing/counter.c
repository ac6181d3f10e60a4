#include "desk/testing/counter.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "desk/testing/sql.h"
#include "model/ids.h"

// A round that is kept; its place is that in the population.
typedef struct {
    bool kept;
    char round[WF_ID_BYTES_MAX];
    size_t round_size; // 0: of any round
    int64_t since_us;
    uint64_t asked; // when it was asked last: the how manyth question
} kept_round;

struct wf_counter {
    pthread_mutex_t lock;
    wf_numbers numbers;
    bool changing; // of the thread that writes: it holds the lock
    // Below: under the lock.
    wf_population *population; // NULL: nobody asked
    kept_round rounds[WF_POPULATION_ROUNDS_MAX];
    uint64_t questions;
};

static void forget(wf_counter *counter)
{
    wf_population_free(counter->population);
    counter->population = NULL;
    memset(counter->rounds, 0, sizeof counter->rounds);
}

// ---- making ----

static wf_text id_of(void *context, uint32_t person)
{
    const wf_counter *counter = context;
    return counter->numbers.text_of(counter->numbers.context, WF_COLUMN_PERSON, person);
}

weft_status wf_counter_new(wf_numbers numbers, wf_counter **ret, weft_error *error)
{
    wf_counter *counter = calloc(1, sizeof *counter);
    if (counter == NULL)
        return wf_fail_memory(error);
    if (pthread_mutex_init(&counter->lock, NULL) != 0) {
        free(counter);
        return wf_fail_memory(error);
    }
    counter->numbers = numbers;
    *ret = counter;
    return WEFT_OK;
}

void wf_counter_free(wf_counter *counter)
{
    if (counter == NULL)
        return;
    WF_ASSERT(!counter->changing);
    forget(counter);
    pthread_mutex_destroy(&counter->lock);
    free(counter);
}

// ---- following the rows ----

// What a row of person says; columns as watched and as persons.sql gives them.
enum { person_number, person_grid, person_present, person_reason };

static wf_presence presence_of(bool said, bool present, wf_text reason)
{
    if (said && present)
        return WF_PRESENCE_HERE;
    if (!said || reason.size == 0)
        return WF_PRESENCE_UNSAID;
    if (wf_text_equal(reason, WF_TEXT("moved")) || wf_text_equal(reason, WF_TEXT("died")))
        return WF_PRESENCE_GONE;
    return WF_PRESENCE_AWAY;
}

static wf_text text_of(const wf_value *value)
{
    return value->given ? value->text : WF_TEXT("");
}

// The population that is to follow, NULL when nobody asked. The lock is held from a
// transaction's first change to its end.
static wf_population *begin_change(wf_counter *counter)
{
    if (!counter->changing)
        pthread_mutex_lock(&counter->lock);
    counter->changing = true;
    return counter->population;
}

// What follows the rows never fails them: a counter that is lost is made again.
static weft_status end_change(wf_counter *counter, bool done)
{
    if (!done)
        forget(counter);
    return WEFT_OK;
}

static weft_status person_changed(void *context, const wf_value *before,
                                  const wf_value *after, weft_error *error)
{
    wf_population *population = begin_change(context);
    (void)error;
    if (population == NULL)
        return WEFT_OK;
    uint32_t building = WF_BUILDING_NONE;
    wf_presence presence = WF_PRESENCE_UNSAID;
    uint32_t person = (uint32_t)(after != NULL ? after : before)[person_number].number;
    bool done = true;
    if (after != NULL) {
        presence =
            presence_of(after[person_present].given, after[person_present].number != 0,
                        text_of(&after[person_reason]));
        done =
            wf_population_building(population, text_of(&after[person_grid]), &building);
    }
    if (done)
        wf_population_put(population, person, building, presence);
    return end_change(context, done);
}

enum { sample_person, sample_round, sample_at };

static bool counts_in(const kept_round *round, const wf_value *row)
{
    if (row == NULL)
        return false;
    if (!row[sample_at].given || row[sample_at].number < round->since_us)
        return false;
    return round->round_size == 0 ||
           wf_text_equal(text_of(&row[sample_round]),
                         (wf_text){round->round, round->round_size});
}

static weft_status sample_changed(void *context, const wf_value *before,
                                  const wf_value *after, weft_error *error)
{
    wf_counter *counter = context;
    wf_population *population = begin_change(counter);
    (void)error;
    bool done = true;
    uint32_t person = (uint32_t)(after != NULL ? after : before)[sample_person].number;
    for (unsigned i = 0; population != NULL && i < WF_POPULATION_ROUNDS_MAX && done;
         i++) {
        if (!counter->rounds[i].kept)
            continue;
        bool had = counts_in(&counter->rounds[i], before);
        bool has = counts_in(&counter->rounds[i], after);
        if (has && !had)
            done = wf_population_add(population, i, person);
        else if (had && !has)
            done = wf_population_remove(population, i, person);
    }
    return end_change(counter, done);
}

enum { same_a, same_b, same_same };

static bool says_same(const wf_value *row)
{
    return row != NULL && row[same_same].given && row[same_same].number != 0;
}

static weft_status same_changed(void *context, const wf_value *before,
                                const wf_value *after, weft_error *error)
{
    wf_population *population = begin_change(context);
    (void)error;
    if (population == NULL || says_same(before) == says_same(after))
        return WEFT_OK;
    const wf_value *row = after != NULL ? after : before;
    uint32_t a = (uint32_t)row[same_a].number, b = (uint32_t)row[same_b].number;
    return end_change(context, says_same(after) ? wf_population_join(population, a, b)
                                                : wf_population_part(population, a, b));
}

static void ended(void *context, bool committed)
{
    wf_counter *counter = context;
    if (!counter->changing)
        return;
    if (counter->population != NULL && committed)
        wf_population_keep(counter->population);
    else if (counter->population != NULL && !wf_population_undo(counter->population))
        forget(counter);
    counter->changing = false;
    pthread_mutex_unlock(&counter->lock);
}

// The rows may be others than before.
static weft_status opened(void *context, wf_database *db, weft_error *error)
{
    (void)db;
    (void)error;
    begin_change(context);
    forget(context);
    ended(context, false);
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
                         .ended = ended,
                         .context = counter};
}

// ---- counting from the rows ----

// Calls `row` for each row of a statement, which it frees.
static weft_status each_row(wf_statement *statement, wf_database *db,
                            weft_status (*row)(const wf_statement *at, wf_database *db,
                                               void *context, weft_error *error),
                            void *context, weft_error *error)
{
    bool more = false;
    weft_status status = wf_statement_step(statement, &more, error);
    while (status == WEFT_OK && more) {
        status = row(statement, db, context, error);
        if (status == WEFT_OK)
            status = wf_statement_step(statement, &more, error);
    }
    wf_statement_free(statement);
    return status;
}

static weft_status read_number(const wf_statement *at, wf_database *db, int column,
                               uint32_t *ret, weft_error *error)
{
    int64_t number = wf_statement_i64(at, column);
    if (number < 0 || number >= WF_NUMBER_LIMIT)
        return wf_database_damaged(db, error);
    *ret = (uint32_t)number;
    return WEFT_OK;
}

typedef struct {
    wf_population *population;
    wf_buffer rows; // of wf_population_row
} reading;

static weft_status read_person(const wf_statement *at, wf_database *db, void *context,
                               weft_error *error)
{
    reading *all = context;
    wf_population_row row = {0};
    uint32_t building = WF_BUILDING_NOWHERE;
    WF_TRY(read_number(at, db, person_number, &row.person, error));
    if (!wf_population_building(all->population, wf_statement_text(at, person_grid),
                                &building))
        return wf_fail_memory(error);
    row.said =
        wf_population_say(building, presence_of(!wf_statement_is_null(at, person_present),
                                                wf_statement_i64(at, person_present) != 0,
                                                wf_statement_text(at, person_reason)));
    return wf_buffer_append(&all->rows, &row, sizeof row) ? WEFT_OK
                                                          : wf_fail_memory(error);
}

static weft_status read_persons(wf_database *db, wf_population *population,
                                weft_error *error)
{
    wf_statement *persons = NULL;
    reading all = {.population = population};
    WF_TRY(wf_database_prepare(db, WF_SQL_PERSONS, &persons, error));
    weft_status status = each_row(persons, db, read_person, &all, error);
    if (status == WEFT_OK &&
        !wf_population_fill(
            population, (const wf_population_row *)(const void *)all.rows.bytes,
            all.rows.size / sizeof(wf_population_row), wf_parallel_threads()))
        status = wf_fail_memory(error);
    wf_buffer_done(&all.rows);
    return status;
}

static weft_status read_same(const wf_statement *at, wf_database *db, void *context,
                             weft_error *error)
{
    uint32_t a = 0, b = 0;
    WF_TRY(read_number(at, db, same_a, &a, error));
    WF_TRY(read_number(at, db, same_b, &b, error));
    return wf_population_join(context, a, b) ? WEFT_OK : wf_fail_memory(error);
}

static weft_status read_population(wf_database *db, wf_population *population,
                                   weft_error *error)
{
    wf_statement *same = NULL;
    WF_TRY(read_persons(db, population, error));
    WF_TRY(wf_database_prepare(db, WF_SQL_SAME, &same, error));
    WF_TRY(each_row(same, db, read_same, population, error));
    wf_population_keep(population);
    return WEFT_OK;
}

static weft_status make_population(wf_counter *counter, wf_database *db,
                                   weft_error *error)
{
    wf_population *population = wf_population_new(id_of, counter);
    if (population == NULL)
        return wf_fail_memory(error);
    weft_status status = read_population(db, population, error);
    if (status == WEFT_OK)
        counter->population = population;
    else
        wf_population_free(population);
    return status;
}

static weft_status read_sample(const wf_statement *at, wf_database *db, void *context,
                               weft_error *error)
{
    uint32_t person = 0;
    WF_TRY(read_number(at, db, 0, &person, error));
    return wf_buffer_append(context, &person, sizeof person) ? WEFT_OK
                                                             : wf_fail_memory(error);
}

static weft_status read_samples(wf_database *db, const kept_round *of, wf_buffer *ret,
                                weft_error *error)
{
    wf_statement *samples = NULL;
    const char *sql = of->round_size == 0 ? WF_SQL_SAMPLED : WF_SQL_SAMPLED_IN;
    WF_TRY(wf_database_prepare(db, sql, &samples, error));
    wf_statement_bind_i64(samples, 0, of->since_us);
    if (of->round_size > 0)
        wf_statement_bind_text(samples, 1, (wf_text){of->round, of->round_size});
    return each_row(samples, db, read_sample, ret, error);
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

static weft_status make_round(wf_counter *counter, wf_database *db, kept_round *wanted,
                              unsigned *ret, weft_error *error)
{
    wf_buffer persons = {0};
    unsigned at = 0;
    weft_status status = read_samples(db, wanted, &persons, error);
    if (status == WEFT_OK) {
        make_room(counter);
        if (!wf_population_load(counter->population, &persons, wf_parallel_threads(),
                                &at))
            status = wf_fail_memory(error);
    }
    wf_buffer_done(&persons);
    WF_TRY(status);
    wanted->kept = true;
    counter->rounds[at] = *wanted;
    *ret = at;
    return WEFT_OK;
}

// ---- asking ----

static bool find_round(const wf_counter *counter, const kept_round *wanted, unsigned *ret)
{
    for (unsigned i = 0; i < WF_POPULATION_ROUNDS_MAX; i++) {
        const kept_round *kept = &counter->rounds[i];
        if (kept->kept && kept->since_us == wanted->since_us &&
            wf_text_equal((wf_text){kept->round, kept->round_size},
                          (wf_text){wanted->round, wanted->round_size})) {
            *ret = i;
            return true;
        }
    }
    return false;
}

static kept_round wanted_of(const wf_counter_question *question)
{
    kept_round wanted = {.round_size = question->round.size,
                         .since_us = question->since.us};
    WF_ASSERT(question->round.size <= WF_ID_BYTES_MAX);
    if (question->round.size > 0)
        memcpy(wanted.round, question->round.bytes, question->round.size);
    return wanted;
}

// Under the lock, so that what is read is what will be followed.
static weft_status count(wf_counter *counter, wf_database *db, kept_round *wanted,
                         unsigned *ret, weft_error *error)
{
    WF_TRY(wf_database_begin(db, error));
    weft_status status = WEFT_OK;
    if (counter->population == NULL)
        status = make_population(counter, db, error);
    if (status == WEFT_OK)
        status = make_round(counter, db, wanted, ret, error);
    wf_database_rollback(db);
    return status;
}

weft_status wf_counter_ask(wf_counter *counter, wf_store *store,
                           const wf_counter_question *question, wf_population **ret,
                           unsigned *ret_round, weft_error *error)
{
    kept_round wanted = wanted_of(question);
    wf_database *db = NULL;
    unsigned at = 0;
    pthread_mutex_lock(&counter->lock);
    if (!find_round(counter, &wanted, &at)) {
        // Opening rows tells those who follow them, who take the lock.
        pthread_mutex_unlock(&counter->lock);
        WF_TRY(wf_store_reader(store, &db, error));
        pthread_mutex_lock(&counter->lock);
        weft_status status = find_round(counter, &wanted, &at)
                                 ? WEFT_OK
                                 : count(counter, db, &wanted, &at, error);
        wf_database_close(db);
        if (status != WEFT_OK) {
            pthread_mutex_unlock(&counter->lock);
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
    pthread_mutex_unlock(&counter->lock);
}
