// The board follows the rows: what a transaction changes is collected while it goes on,
// completed by what the rows say at its end, and put in when it is committed.
#include <stdlib.h>
#include <string.h>

#include "access/board/inside.h"
#include "access/board/sql.h"
#include "desk/register/alias.h"
#include "desk/testing/kinds.h"

enum {
    changes_bytes_max = 256 << 20, // of texts of one transaction, and of each list
    waiting_bytes_max = 1 << 30    // of transactions that wait for the building
};

// ---- changes ----

static wf_board_changes *changes_new(void)
{
    wf_board_changes *changes = calloc(1, sizeof *changes);
    if (changes == NULL)
        return NULL;
    wf_arena_init(&changes->arena, changes_bytes_max);
    wf_buffer *const lists[] = {
        &changes->tubes,          &changes->samples,       &changes->registered,
        &changes->bound,          &changes->orders,        &changes->same,
        &changes->touched_orders, &changes->touched_facts, &changes->touched_persons};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        lists[i]->limit = changes_bytes_max;
    return changes;
}

void wf_board_changes_free(wf_board_changes *changes)
{
    if (changes == NULL)
        return;
    wf_buffer *const lists[] = {
        &changes->tubes,          &changes->samples,       &changes->registered,
        &changes->bound,          &changes->orders,        &changes->same,
        &changes->touched_orders, &changes->touched_facts, &changes->touched_persons};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        wf_buffer_done(lists[i]);
    wf_arena_done(&changes->arena);
    free(changes);
}

size_t wf_board_changes_bytes(const wf_board_changes *changes)
{
    return sizeof *changes + changes->arena.used_bytes + changes->tubes.capacity +
           changes->samples.capacity + changes->registered.capacity +
           changes->bound.capacity + changes->orders.capacity + changes->same.capacity;
}

// Without memory the board is lost, not the transaction.
static void add(wf_board_changes *to, wf_buffer *list, const void *item, size_t size)
{
    to->lost = to->lost || !wf_buffer_append(list, item, size);
}

static wf_text keep(wf_board_changes *to, wf_text text)
{
    if (text.bytes == NULL)
        return text;
    wf_text kept = wf_arena_text(&to->arena, text);
    to->lost = to->lost || kept.bytes == NULL;
    return kept;
}

static void touch(wf_board_changes *to, wf_buffer *list, wf_text text)
{
    // Rows come in the order of their keys.
    if (list->size > 0) {
        const wf_text *end = (const wf_text *)(const void *)(list->bytes + list->size);
        if (wf_text_equal(end[-1], text))
            return;
    }
    wf_text kept = keep(to, text);
    if (!to->lost)
        add(to, list, &kept, sizeof kept);
}

// ---- what rows say ----

static const char *word_of(wf_text result)
{
    size_t column = wf_table_column(&wf_table_tube, WF_TEXT("result"));
    const char *const *words = wf_table_tube.columns[column].words;
    while (*words != NULL && !wf_text_equal(wf_text_of(*words), result))
        words++;
    return *words;
}

wf_standings_result wf_board_read_result(const wf_statement *row, int result, int at)
{
    wf_standings_result read = {.at = {wf_statement_i64(row, at)}};
    if (wf_statement_is_null(row, at))
        read.at = WF_TIME_NONE;
    if (!wf_statement_is_null(row, result))
        read.result = word_of(wf_statement_text(row, result));
    return read;
}

static wf_text text_at(const wf_statement *row, int column)
{
    return wf_statement_is_null(row, column) ? (wf_text){NULL, 0}
                                             : wf_statement_text(row, column);
}

wf_standings_order wf_board_read_order(const wf_statement *row)
{
    return (wf_standings_order){.kind = text_at(row, 1),
                                .clause = text_at(row, 2),
                                .issuer = text_at(row, 3),
                                .place = wf_statement_is_null(row, 4)
                                             ? WF_NUMBER_NONE
                                             : (uint32_t)wf_statement_i64(row, 4),
                                .starts_at = {wf_statement_i64(row, 5)},
                                .ends_at = {wf_statement_i64(row, 6)}};
}

weft_status wf_board_applied(wf_database *db, uint64_t *ret, weft_error *error)
{
    int64_t applied = 0;
    WF_TRY(wf_database_number(
        db, "SELECT \"number\" FROM \"about\" WHERE \"name\" = 'applied'", 0, &applied,
        error));
    *ret = (uint64_t)applied;
    return WEFT_OK;
}

weft_status wf_board_received(wf_ledger *ledger, uint64_t position, weft_time *ret,
                              weft_error *error)
{
    wf_ledger_head head = wf_ledger_now(ledger);
    wf_arena arena = {0};
    wf_entry entry;
    if (position == 0 || head.positions == position) {
        *ret = position == 0 ? WF_TIME_NONE : head.received;
        return WEFT_OK;
    }
    weft_status status = wf_ledger_read(ledger, position, &arena, &entry, error);
    if (status == WEFT_OK)
        *ret = entry.received;
    wf_arena_done(&arena);
    return status;
}

// ---- while a transaction goes on ----

// NULL: nobody wants to know.
static wf_board_changes *begin_change(wf_board *board)
{
    if (board->begun)
        return board->changes;
    WF_ASSERT(pthread_mutex_lock(&board->mutex) == 0);
    board->in_transaction = true;
    board->follows = board->state != WF_BOARD_OFF;
    WF_ASSERT(pthread_mutex_unlock(&board->mutex) == 0);
    board->begun = true;
    if (board->follows)
        board->changes = changes_new();
    return board->changes;
}

static const wf_value *either(const wf_value *before, const wf_value *after)
{
    return after != NULL ? after : before;
}

static weft_status tube_changed(void *context, const wf_value *before,
                                const wf_value *after, weft_error *error)
{
    wf_board_changes *to = begin_change(context);
    (void)error;
    if (to == NULL || to->lost)
        return WEFT_OK;
    wf_board_tube tube = {keep(to, either(before, after)[0].text), {NULL, WF_TIME_NONE}};
    if (after != NULL && after[1].given)
        tube.result.result = word_of(after[1].text);
    if (after != NULL && after[2].given)
        tube.result.at.us = after[2].number;
    add(to, &to->tubes, &tube, sizeof tube);
    return WEFT_OK;
}

static weft_status sample_changed(void *context, const wf_value *before,
                                  const wf_value *after, weft_error *error)
{
    wf_board_changes *to = begin_change(context);
    const wf_value *row = either(before, after);
    (void)error;
    if (to == NULL || to->lost)
        return WEFT_OK;
    wf_standings_sample_change sample = {.tube = keep(to, row[0].text),
                                         .person = (uint32_t)row[1].number,
                                         .was = before != NULL,
                                         .is = after != NULL,
                                         .at = WF_TIME_NONE,
                                         .result = {NULL, WF_TIME_NONE}};
    if (row[2].given)
        sample.at.us = row[2].number;
    add(to, &to->samples, &sample, sizeof sample);
    return WEFT_OK;
}

static weft_status person_changed(void *context, const wf_value *before,
                                  const wf_value *after, weft_error *error)
{
    wf_board_changes *to = begin_change(context);
    (void)error;
    if (to == NULL || to->lost)
        return WEFT_OK;
    wf_board_person person = {(uint32_t)either(before, after)[0].number, after != NULL};
    add(to, &to->registered, &person, sizeof person);
    return WEFT_OK;
}

static weft_status bound_changed(void *context, const wf_value *before,
                                 const wf_value *after, weft_error *error)
{
    wf_board_changes *to = begin_change(context);
    const wf_value *row = either(before, after);
    (void)error;
    if (to == NULL || to->lost)
        return WEFT_OK;
    wf_board_bound bound = {(uint32_t)row[1].number, after != NULL,
                            keep(to, row[0].text)};
    add(to, &to->bound, &bound, sizeof bound);
    touch(to, &to->touched_orders, row[0].text);
    return WEFT_OK;
}

// Of an order, and of what it rests on: the order is asked for at the end.
static weft_status order_changed(void *context, const wf_value *before,
                                 const wf_value *after, weft_error *error)
{
    wf_board_changes *to = begin_change(context);
    (void)error;
    if (to != NULL && !to->lost)
        touch(to, &to->touched_orders, either(before, after)[0].text);
    return WEFT_OK;
}

static weft_status dead_changed(void *context, const wf_value *before,
                                const wf_value *after, weft_error *error)
{
    wf_board_changes *to = begin_change(context);
    (void)error;
    if (to != NULL && !to->lost)
        touch(to, &to->touched_facts, either(before, after)[0].text);
    return WEFT_OK;
}

static weft_status same_changed(void *context, const wf_value *before,
                                const wf_value *after, weft_error *error)
{
    wf_board_changes *to = begin_change(context);
    const wf_value *row = either(before, after);
    (void)error;
    if (to == NULL || to->lost)
        return WEFT_OK;
    for (size_t i = 0; i < 2; i++) {
        uint32_t person = (uint32_t)row[i].number;
        add(to, &to->touched_persons, &person, sizeof person);
    }
    return WEFT_OK;
}

const wf_watch wf_board_watches[] = {
    {"tube", {"tube_id", "result", "result_at"}, tube_changed, NULL},
    {"sample", {"tube_id", "person", "collected_at"}, sample_changed, NULL},
    {"person", {"person"}, person_changed, NULL},
    {"order_person", {"order_id", "person"}, bound_changed, NULL},
    {"orders", {"order_id", "kind", "clause", "issuer", "place"}, order_changed, NULL},
    {"orders",
     {"order_id", "starts_at", "ends_at", "issued_at", "lifted_at"},
     order_changed,
     NULL},
    {"order_reason", {"order_id", "fact"}, order_changed, NULL},
    {"dead_facts", {"fact"}, dead_changed, NULL},
    {"person_same", {"a", "b", "same"}, same_changed, NULL},
};
const size_t wf_board_watches_count = sizeof wf_board_watches / sizeof *wf_board_watches;

// ---- before it is committed: what the rows say then ----

static weft_status prepare(wf_database *db, const char *sql, wf_statement **statement,
                           weft_error *error)
{
    return *statement != NULL ? WEFT_OK : wf_database_prepare(db, sql, statement, error);
}

void wf_board_close_statements(wf_board *board)
{
    wf_statement_free(board->ask_order);
    wf_statement_free(board->ask_orders_of);
    wf_statement_free(board->ask_tube);
    board->ask_order = board->ask_orders_of = board->ask_tube = NULL;
}

static weft_status touch_orders_of(wf_board *board, wf_database *db, weft_error *error)
{
    wf_board_changes *to = board->changes;
    const wf_text *facts = (const wf_text *)(const void *)to->touched_facts.bytes;
    size_t count = to->touched_facts.size / sizeof *facts;
    if (count > 0)
        WF_TRY(prepare(db, WF_SQL_BOARD_ORDERS_OF, &board->ask_orders_of, error));
    for (size_t i = 0; i < count; i++) {
        bool more = false;
        wf_statement *ask = board->ask_orders_of;
        wf_statement_bind_text(ask, 0, facts[i]);
        weft_status status = wf_statement_step(ask, &more, error);
        while (status == WEFT_OK && more) {
            touch(to, &to->touched_orders, wf_statement_text(ask, 0));
            status = wf_statement_step(ask, &more, error);
        }
        wf_statement_reset(ask);
        WF_TRY(status);
    }
    return WEFT_OK;
}

static int compare_texts(const void *a, const void *b)
{
    return wf_text_compare(*(const wf_text *)a, *(const wf_text *)b);
}

static weft_status ask_order(wf_board *board, wf_text order, weft_error *error)
{
    wf_board_changes *to = board->changes;
    wf_board_order change = {.order = order};
    wf_statement_bind_text(board->ask_order, 0, order);
    WF_TRY(wf_statement_step(board->ask_order, &change.is, error));
    if (change.is) {
        change.about = wf_board_read_order(board->ask_order);
        change.about.kind = keep(to, change.about.kind);
        change.about.clause = keep(to, change.about.clause);
        change.about.issuer = keep(to, change.about.issuer);
    }
    add(to, &to->orders, &change, sizeof change);
    return WEFT_OK;
}

static weft_status ask_orders(wf_board *board, wf_database *db, weft_error *error)
{
    wf_board_changes *to = board->changes;
    wf_text *orders = (wf_text *)(void *)to->touched_orders.bytes;
    size_t count = to->touched_orders.size / sizeof *orders;
    if (count == 0)
        return WEFT_OK;
    WF_TRY(prepare(db, WF_SQL_BOARD_ORDER, &board->ask_order, error));
    qsort(orders, count, sizeof *orders, compare_texts);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && wf_text_equal(orders[i], orders[i - 1]))
            continue;
        weft_status status = ask_order(board, orders[i], error);
        wf_statement_reset(board->ask_order);
        WF_TRY(status);
    }
    return WEFT_OK;
}

static int compare_persons(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

// Everybody who was one person with another before, and is not now, is in the new ring of
// one of those who were touched.
static weft_status ask_same(wf_board *board, wf_database *db, weft_error *error)
{
    wf_board_changes *to = board->changes;
    uint32_t *persons = (uint32_t *)(void *)to->touched_persons.bytes;
    size_t count = to->touched_persons.size / sizeof *persons;
    wf_buffer ids = {0};
    weft_status status = WEFT_OK;
    if (count > 0)
        qsort(persons, count, sizeof *persons, compare_persons);
    for (size_t i = 0; status == WEFT_OK && i < count; i++) {
        if (i > 0 && persons[i] == persons[i - 1])
            continue;
        wf_buffer_clear(&ids);
        status = wf_alias_members(db, persons[i], &ids, error);
        uint32_t members = (uint32_t)(ids.size / sizeof members);
        add(to, &to->same, &members, sizeof members);
        if (ids.size > 0)
            add(to, &to->same, ids.bytes, ids.size);
    }
    wf_buffer_done(&ids);
    return status;
}

static weft_status ask_tube(wf_board *board, wf_database *db,
                            wf_standings_sample_change *sample, weft_error *error)
{
    bool found = false;
    WF_TRY(prepare(db, WF_SQL_BOARD_TUBE, &board->ask_tube, error));
    wf_statement_bind_text(board->ask_tube, 0, sample->tube);
    weft_status status = wf_statement_step(board->ask_tube, &found, error);
    if (status == WEFT_OK && found)
        sample->result = wf_board_read_result(board->ask_tube, 0, 1);
    wf_statement_reset(board->ask_tube);
    return status;
}

static int compare_tubes(const void *a, const void *b)
{
    return wf_text_compare(((const wf_board_tube *)a)->tube,
                           ((const wf_board_tube *)b)->tube);
}

// Samples bring what became of their tubes, for the board keeps no tube without a sample,
// not even between two of them. Most come with the row of their tube, or into one that is
// there. Each tube is there
// once, for a transaction writes a row once; of a delivery's repeats any will do, for
// none has tubes.
static weft_status ask_tubes(wf_board *board, wf_database *db, weft_error *error)
{
    wf_board_changes *to = board->changes;
    wf_board_tube *tubes = (wf_board_tube *)(void *)to->tubes.bytes;
    wf_standings_sample_change *samples =
        (wf_standings_sample_change *)(void *)to->samples.bytes;
    size_t tubes_count = to->tubes.size / sizeof *tubes;
    size_t count = to->samples.size / sizeof *samples;
    WF_ASSERT(pthread_rwlock_rdlock(&board->lock) == 0);
    // Who asks changes it: it stays as it is without the lock.
    const wf_standings *standing = board->is_ready ? board->standing : NULL;
    WF_ASSERT(pthread_rwlock_unlock(&board->lock) == 0);
    if (tubes_count > 0)
        qsort(tubes, tubes_count, sizeof *tubes, compare_tubes);
    for (size_t i = 0; i < count; i++) {
        const wf_board_tube wanted = {.tube = samples[i].tube}, *found = NULL;
        if (!samples[i].is)
            continue;
        if (i > 0 && samples[i - 1].is &&
            wf_text_equal(samples[i - 1].tube, samples[i].tube)) {
            samples[i].result = samples[i - 1].result;
            continue;
        }
        if (tubes_count > 0)
            found = bsearch(&wanted, tubes, tubes_count, sizeof *tubes, compare_tubes);
        if (found != NULL)
            samples[i].result = found->result;
        else if (standing == NULL ||
                 !wf_standings_tube(standing, samples[i].tube, &samples[i].result))
            WF_TRY(ask_tube(board, db, &samples[i], error));
    }
    return WEFT_OK;
}

static weft_status ask_all(wf_board *board, wf_database *db, weft_error *error)
{
    wf_board_changes *to = board->changes;
    WF_TRY(wf_board_applied(db, &to->position, error));
    WF_TRY(wf_board_received(board->ledger, to->position, &to->at, error));
    WF_TRY(touch_orders_of(board, db, error));
    WF_TRY(ask_orders(board, db, error));
    WF_TRY(ask_same(board, db, error));
    return ask_tubes(board, db, error);
}

weft_status wf_board_before_commit(void *context, wf_database *db, weft_error *error)
{
    wf_board *board = context;
    wf_board_changes *to = begin_change(board);
    weft_error unused = {0};
    (void)error;
    // What follows the rows never fails them: a board that is lost is built again.
    if (to != NULL && !to->lost && ask_all(board, db, &unused) != WEFT_OK)
        to->lost = true;
    return WEFT_OK;
}

// ---- after it is committed ----

static void put_same(wf_standings *standing, const wf_buffer *same)
{
    const uint32_t *at = (const uint32_t *)(const void *)same->bytes;
    const uint32_t *end = at + same->size / sizeof *at;
    for (; at < end; at += *at + 1)
        wf_standings_put_same(standing, at + 1, *at);
}

void wf_board_put(wf_standings *standing, const wf_board_changes *from)
{
    const wf_board_tube *tubes = (const void *)from->tubes.bytes;
    for (size_t i = 0; i < from->tubes.size / sizeof *tubes; i++)
        wf_standings_put_tube(standing, tubes[i].tube, tubes[i].result);
    const wf_standings_sample_change *samples = (const void *)from->samples.bytes;
    for (size_t i = 0; i < from->samples.size / sizeof *samples; i++)
        wf_standings_put_sample(standing, &samples[i]);
    const wf_board_person *persons = (const void *)from->registered.bytes;
    for (size_t i = 0; i < from->registered.size / sizeof *persons; i++)
        wf_standings_put_registered(standing, persons[i].person, persons[i].is);
    // Who is named first: of an order that names nobody nothing is kept.
    const wf_board_bound *bound = (const void *)from->bound.bytes;
    for (size_t i = 0; i < from->bound.size / sizeof *bound; i++)
        wf_standings_put_bound(standing, bound[i].person, bound[i].order, bound[i].is);
    const wf_board_order *orders = (const void *)from->orders.bytes;
    for (size_t i = 0; i < from->orders.size / sizeof *orders; i++)
        wf_standings_put_order(standing, orders[i].order,
                               orders[i].is ? &orders[i].about : NULL);
    if (from->same.size > 0)
        put_same(standing, &from->same);
}

static void put_ready(wf_board *board, const wf_board_changes *changes)
{
    // What the snapshot of the building held already.
    if (changes->position <= board->position)
        return;
    WF_ASSERT(pthread_rwlock_wrlock(&board->lock) == 0);
    wf_board_put(board->standing, changes);
    board->position = changes->position;
    board->at = changes->at;
    bool lost = wf_standings_is_lost(board->standing);
    WF_ASSERT(pthread_rwlock_unlock(&board->lock) == 0);
    if (!lost)
        return;
    board->gave_up = true;
    wf_board_drop(board);
}

// True: they wait, and belong to the board.
static bool wait_for_building(wf_board *board, wf_board_changes *changes)
{
    board->newest = changes->position;
    board->newest_at = changes->at;
    board->waiting_bytes += wf_board_changes_bytes(changes);
    *board->last = changes;
    board->last = &changes->next;
    if (board->waiting_bytes > waiting_bytes_max)
        board->cancelled = true;
    return true;
}

// The mutex is held. True: the board has taken them over.
static bool take(wf_board *board, wf_board_changes *changes)
{
    bool lost = changes == NULL || changes->lost;
    switch (board->state) {
    case WF_BOARD_OFF:
        return false;
    case WF_BOARD_STARTING:
    case WF_BOARD_BUILDING:
        if (!lost)
            return wait_for_building(board, changes);
        board->cancelled = true;
        return false;
    case WF_BOARD_READY:
        if (lost)
            wf_board_drop(board);
        else
            put_ready(board, changes);
        return false;
    }
    WF_BUG("a board is in one of its states");
}

void wf_board_ended(void *context, bool committed)
{
    wf_board *board = context;
    wf_board_changes *changes = board->changes;
    if (!board->begun)
        return;
    board->begun = false;
    board->changes = NULL;
    WF_ASSERT(pthread_mutex_lock(&board->mutex) == 0);
    board->in_transaction = false;
    if (board->follows && committed && take(board, changes))
        changes = NULL;
    WF_ASSERT(pthread_cond_broadcast(&board->ended) == 0);
    WF_ASSERT(pthread_mutex_unlock(&board->mutex) == 0);
    wf_board_changes_free(changes);
}
