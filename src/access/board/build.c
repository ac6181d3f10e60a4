// Building the board, on a thread of its own: all rows of one snapshot, then what was
// changed since.
#include "access/board/inside.h"
#include "access/board/sql.h"
#include "base/parallel.h"

enum { rows_between_looks = 4096 };

typedef struct {
    wf_board *board;
    wf_standings *standing;
    uint64_t rows;
    wf_buffer same; // of uint32_t: ids of one person
    int64_t same_as;
} building;

static bool is_cancelled(wf_board *board)
{
    WF_ASSERT(pthread_mutex_lock(&board->mutex) == 0);
    bool is = board->cancelled;
    WF_ASSERT(pthread_mutex_unlock(&board->mutex) == 0);
    return is;
}

static weft_status person_at(const building *of, const wf_statement *row, int column,
                             uint32_t *ret, weft_error *error)
{
    int64_t number = wf_statement_i64(row, column);
    if (number < 0 || number >= WF_NUMBER_LIMIT)
        return wf_database_damaged(of->board->reader, error);
    *ret = (uint32_t)number;
    return WEFT_OK;
}

// ---- rows ----

static weft_status take_registered(building *to, const wf_statement *row,
                                   weft_error *error)
{
    uint32_t person = 0;
    WF_TRY(person_at(to, row, 0, &person, error));
    wf_standings_put_registered(to->standing, person, true);
    return WEFT_OK;
}

static weft_status take_sample(building *to, const wf_statement *row, weft_error *error)
{
    wf_standings_sample_change sample = {.tube = wf_statement_text(row, 0),
                                         .is = true,
                                         .at = {wf_statement_i64(row, 2)},
                                         .result = wf_board_read_result(row, 3, 4)};
    if (wf_statement_is_null(row, 2))
        sample.at = WF_TIME_NONE;
    WF_TRY(person_at(to, row, 1, &sample.person, error));
    wf_standings_put_sample(to->standing, &sample);
    return WEFT_OK;
}

static weft_status take_bound(building *to, const wf_statement *row, weft_error *error)
{
    uint32_t person = 0;
    WF_TRY(person_at(to, row, 1, &person, error));
    wf_standings_put_bound(to->standing, person, wf_statement_text(row, 0), true);
    return WEFT_OK;
}

static weft_status take_order(building *to, const wf_statement *row, weft_error *error)
{
    (void)error;
    wf_standings_order order = wf_board_read_order(row);
    wf_standings_put_order(to->standing, wf_statement_text(row, 0), &order);
    return WEFT_OK;
}

static void put_same(building *to)
{
    wf_standings_put_same(to->standing, (const uint32_t *)(const void *)to->same.bytes,
                          to->same.size / sizeof(uint32_t));
    wf_buffer_clear(&to->same);
}

static weft_status take_joined(building *to, const wf_statement *row, weft_error *error)
{
    uint32_t person = 0;
    int64_t same_as = wf_statement_i64(row, 0);
    WF_TRY(person_at(to, row, 1, &person, error));
    if (same_as != to->same_as)
        put_same(to);
    to->same_as = same_as;
    return wf_buffer_append(&to->same, &person, sizeof person) ? WEFT_OK
                                                               : wf_fail_memory(error);
}

// ---- all ----

static weft_status take_all(building *to, const char *sql,
                            weft_status (*take)(building *to, const wf_statement *row,
                                                weft_error *error),
                            weft_error *error)
{
    wf_statement *statement = NULL;
    bool more = false;
    WF_TRY(wf_database_prepare(to->board->reader, sql, &statement, error));
    weft_status status = wf_statement_step(statement, &more, error);
    while (status == WEFT_OK && more && !wf_standings_is_lost(to->standing)) {
        status = take(to, statement, error);
        if (status == WEFT_OK && ++to->rows % rows_between_looks == 0 &&
            is_cancelled(to->board))
            status = WEFT_INTERRUPTED;
        if (status == WEFT_OK)
            status = wf_statement_step(statement, &more, error);
    }
    wf_statement_free(statement);
    return status;
}

static weft_status take_snapshot(building *to, uint64_t *ret_position, weft_error *error)
{
    WF_TRY(wf_board_applied(to->board->reader, ret_position, error));
    WF_TRY(take_all(to, WF_SQL_BOARD_REGISTERED, take_registered, error));
    WF_TRY(take_all(to, WF_SQL_BOARD_SAMPLES, take_sample, error));
    // Who is named first: of an order that names nobody nothing is kept.
    WF_TRY(take_all(to, WF_SQL_BOARD_BOUND, take_bound, error));
    WF_TRY(take_all(to, WF_SQL_BOARD_ORDERS, take_order, error));
    WF_TRY(take_all(to, WF_SQL_BOARD_JOINED, take_joined, error));
    put_same(to);
    return WEFT_OK;
}

static weft_status build(building *to, uint64_t *ret_position, weft_error *error)
{
    wf_database *db = to->board->reader;
    to->standing = wf_standings_new(to->board->bytes_max);
    if (to->standing == NULL)
        return wf_fail_memory(error);
    WF_TRY(wf_database_begin(db, error));
    weft_status status = take_snapshot(to, ret_position, error);
    wf_database_rollback(db);
    wf_buffer_done(&to->same);
    return status;
}

// ---- beginning and end ----

// Transactions that end from here on are told of whole. The mutex is held.
static void wait_for_writer(wf_board *board)
{
    while (board->in_transaction && !board->cancelled)
        WF_ASSERT(pthread_cond_wait(&board->ended, &board->mutex) == 0);
    board->state = WF_BOARD_BUILDING;
}

// Puts in what waits and is not in the snapshot; the mutex is held, and let go meanwhile.
// A transaction that the snapshot saw may not have said yet that it has ended.
static void catch_up(building *to, uint64_t position)
{
    wf_board *board = to->board;
    while (!board->cancelled && !wf_standings_is_lost(to->standing)) {
        wf_board_changes *changes = board->first;
        if (changes == NULL && board->newest >= position)
            return;
        if (changes == NULL) {
            WF_ASSERT(pthread_cond_wait(&board->ended, &board->mutex) == 0);
            continue;
        }
        board->first = changes->next;
        if (board->first == NULL)
            board->last = &board->first;
        board->waiting_bytes -= wf_board_changes_bytes(changes);
        WF_ASSERT(pthread_mutex_unlock(&board->mutex) == 0);
        if (changes->position > position)
            wf_board_put(to->standing, changes);
        wf_board_changes_free(changes);
        WF_ASSERT(pthread_mutex_lock(&board->mutex) == 0);
    }
}

// It answers from now on. The mutex is held.
static void get_ready(wf_board *board, wf_standings *standing)
{
    WF_ASSERT(pthread_rwlock_wrlock(&board->lock) == 0);
    board->standing = standing;
    board->is_ready = true;
    board->position = board->newest;
    board->at = board->newest_at;
    WF_ASSERT(pthread_rwlock_unlock(&board->lock) == 0);
    board->state = WF_BOARD_READY;
    board->built++;
}

void *wf_board_build(void *context)
{
    wf_board *board = context;
    building to = {.board = board, .same_as = -1};
    weft_error error = {0};
    uint64_t position = 0;
    wf_thread_name("weft board");
    WF_ASSERT(pthread_mutex_lock(&board->mutex) == 0);
    wait_for_writer(board);
    WF_ASSERT(pthread_mutex_unlock(&board->mutex) == 0);
    weft_status status = build(&to, &position, &error);
    wf_database_close(board->reader);
    WF_ASSERT(pthread_mutex_lock(&board->mutex) == 0);
    board->reader = NULL;
    if (status == WEFT_OK)
        catch_up(&to, position);
    bool lost = to.standing != NULL && wf_standings_is_lost(to.standing);
    if (status == WEFT_OK && !board->cancelled && !lost) {
        get_ready(board, to.standing);
    } else {
        board->gave_up = lost;
        wf_standings_free(to.standing);
        wf_board_drop(board);
    }
    WF_ASSERT(pthread_mutex_unlock(&board->mutex) == 0);
    return NULL;
}
