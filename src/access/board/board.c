#include "access/board/board.h"

#include <signal.h>
#include <stdlib.h>

#include "access/board/inside.h"
#include "base/clock.h"

static const uint64_t retry_after_ns = UINT64_C(10) * 1000000000;

static void lock(wf_board *board)
{
    WF_ASSERT(pthread_mutex_lock(&board->mutex) == 0);
}

static void unlock(wf_board *board)
{
    WF_ASSERT(pthread_mutex_unlock(&board->mutex) == 0);
}

// ---- life ----

weft_status wf_board_new(wf_numbers numbers, wf_board **ret, weft_error *error)
{
    wf_board *board = calloc(1, sizeof *board);
    pthread_rwlockattr_t writers_first;
    if (board == NULL)
        return wf_fail_memory(error);
    board->numbers = numbers;
    board->last = &board->first;
    WF_ASSERT(pthread_rwlockattr_init(&writers_first) == 0);
    WF_ASSERT(pthread_rwlockattr_setkind_np(
                  &writers_first, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP) == 0);
    WF_ASSERT(pthread_rwlock_init(&board->lock, &writers_first) == 0);
    WF_ASSERT(pthread_rwlockattr_destroy(&writers_first) == 0);
    WF_ASSERT(pthread_mutex_init(&board->mutex, NULL) == 0);
    WF_ASSERT(pthread_cond_init(&board->ended, NULL) == 0);
    *ret = board;
    return WEFT_OK;
}

void wf_board_free(wf_board *board)
{
    if (board == NULL)
        return;
    WF_ASSERT(!board->has_thread && board->changes == NULL);
    wf_standings_free(board->standing);
    WF_ASSERT(pthread_rwlock_destroy(&board->lock) == 0);
    WF_ASSERT(pthread_mutex_destroy(&board->mutex) == 0);
    WF_ASSERT(pthread_cond_destroy(&board->ended) == 0);
    free(board);
}

void wf_board_note_wanted(wf_board *board)
{
    atomic_store(&board->wanted,
                 board->state == WF_BOARD_OFF && board->bytes_max > 0 && !board->gave_up);
}

void wf_board_drop(wf_board *board)
{
    WF_ASSERT(pthread_rwlock_wrlock(&board->lock) == 0);
    wf_standings *standing = board->standing;
    board->standing = NULL;
    board->is_ready = false;
    WF_ASSERT(pthread_rwlock_unlock(&board->lock) == 0);
    wf_standings_free(standing);
    while (board->first != NULL) {
        wf_board_changes *changes = board->first;
        board->first = changes->next;
        wf_board_changes_free(changes);
    }
    board->last = &board->first;
    board->waiting_bytes = 0;
    board->state = WF_BOARD_OFF;
    wf_board_note_wanted(board);
}

// ---- the thread ----

// It holds nothing when it has ended.
static void end_thread(wf_board *board)
{
    lock(board);
    bool has = board->has_thread;
    board->cancelled = true;
    WF_ASSERT(pthread_cond_broadcast(&board->ended) == 0);
    unlock(board);
    if (has)
        WF_ASSERT(pthread_join(board->thread, NULL) == 0);
    lock(board);
    board->has_thread = false;
    board->cancelled = false;
    unlock(board);
}

// Signals are for other threads.
static bool start_thread(wf_board *board)
{
    sigset_t all, before;
    sigfillset(&all);
    WF_ASSERT(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
    board->has_thread = pthread_create(&board->thread, NULL, wf_board_build, board) == 0;
    WF_ASSERT(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    return board->has_thread;
}

// Whatever the writer commits from now on comes to the board: the mutex is held.
static weft_status start(wf_board *board, wf_store *store, weft_error *error)
{
    WF_TRY(wf_store_reader(store, &board->reader, error));
    board->ledger = wf_store_ledger(store);
    board->cancelled = false;
    board->state = WF_BOARD_STARTING;
    weft_status status = wf_board_applied(board->reader, &board->newest, error);
    if (status == WEFT_OK)
        status =
            wf_board_received(board->ledger, board->newest, &board->newest_at, error);
    if (status == WEFT_OK && !start_thread(board))
        status = wf_fail_memory(error);
    if (status == WEFT_OK)
        return WEFT_OK;
    wf_database_close(board->reader);
    board->reader = NULL;
    wf_board_drop(board);
    return status;
}

void wf_board_begin(wf_board *board, wf_store *store)
{
    weft_error error = {0};
    if (!atomic_load(&board->wanted))
        return;
    lock(board);
    uint64_t now = wf_clock_monotonic_ns();
    bool begins = atomic_load(&board->wanted) && now >= board->retry_ns;
    if (begins && board->has_thread) {
        // It has put the board off, which was the last thing it did.
        WF_ASSERT(pthread_join(board->thread, NULL) == 0);
        board->has_thread = false;
    }
    if (begins) {
        board->retry_ns = now + retry_after_ns;
        WF_IGNORE(start(board, store, &error),
                  "the rows are asked, and it is tried again");
        wf_board_note_wanted(board);
    }
    unlock(board);
}

void wf_board_allow(wf_board *board, size_t bytes_max)
{
    if (bytes_max == 0)
        end_thread(board);
    lock(board);
    board->bytes_max = bytes_max;
    if (bytes_max == 0)
        wf_board_drop(board);
    wf_board_note_wanted(board);
    unlock(board);
}

// ---- rows opened and closed ----

static void closing(void *context)
{
    wf_board *board = context;
    end_thread(board);
    wf_board_close_statements(board);
    lock(board);
    board->gave_up = false;
    board->retry_ns = 0;
    board->ledger = NULL;
    wf_board_drop(board);
    unlock(board);
}

// Rows that were made anew are others than before, and nothing was told of them.
static weft_status opened(void *context, wf_database *db, weft_error *error)
{
    (void)db;
    (void)error;
    closing(context);
    return WEFT_OK;
}

wf_follower wf_board_follower(wf_board *board)
{
    return (wf_follower){.watches = wf_board_watches,
                         .watches_count = wf_board_watches_count,
                         .opened = opened,
                         .before_commit = wf_board_before_commit,
                         .closing = closing,
                         .ended = wf_board_ended,
                         .context = board};
}

// ---- asking ----

static bool answer(const wf_board *board, uint32_t person, weft_time now,
                   size_t samples_max, wf_board_answer *ret)
{
    const wf_standings *standing = board->standing;
    ret->is_registered = wf_standings_is_registered(standing, person);
    ret->samples_count = 0;
    ret->more_samples = false;
    ret->as_of = (weft_view_as_of){.position = board->position, .at = board->at};
    return wf_standings_orders(standing, person, now, ret->orders, &ret->orders_count) &&
           (samples_max == 0 ||
            wf_standings_samples(standing, person, samples_max, ret->samples,
                                 &ret->samples_count, &ret->more_samples));
}

bool wf_board_ask(wf_board *board, wf_text person, weft_time now, size_t samples_max,
                  wf_board_answer *ret)
{
    if (samples_max > wf_standings_samples_max || person.size == 0 ||
        person.size > WF_ID_BYTES_MAX)
        return false;
    WF_ASSERT(pthread_rwlock_rdlock(&board->lock) == 0);
    uint32_t number = WF_NUMBER_NONE;
    if (board->is_ready)
        number = board->numbers.find(board->numbers.context, WF_COLUMN_PERSON, person);
    if (number != WF_NUMBER_NONE && answer(board, number, now, samples_max, ret))
        return true;
    wf_board_end(board);
    return false;
}

void wf_board_end(wf_board *board)
{
    WF_ASSERT(pthread_rwlock_unlock(&board->lock) == 0);
}

wf_text wf_board_place(const wf_board *board, uint32_t place)
{
    return board->numbers.text_of(board->numbers.context, WF_COLUMN_PLACE, place);
}

wf_board_stand wf_board_now(wf_board *board)
{
    wf_board_stand stand = {0};
    lock(board);
    stand.is_ready = board->state == WF_BOARD_READY;
    stand.built = board->built;
    // Under the mutex nobody changes it.
    if (stand.is_ready) {
        stand.bytes = wf_standings_bytes(board->standing);
        stand.position = board->position;
    }
    unlock(board);
    return stand;
}
