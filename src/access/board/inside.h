// What the files of the board share: board.c (life, questions), follow.c (the rows'
// changes, collected and put in), build.c (the thread).
#ifndef WF_ACCESS_BOARD_INSIDE_H
#define WF_ACCESS_BOARD_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "access/board/board.h"

// What one transaction of the rows has changed. Texts are in the arena.
typedef struct wf_board_changes {
    struct wf_board_changes *next;
    wf_arena arena;
    wf_buffer tubes;      // of wf_board_tube
    wf_buffer samples;    // of wf_standings_sample_change
    wf_buffer registered; // of wf_board_person
    wf_buffer bound;      // of wf_board_bound
    wf_buffer orders;     // of wf_board_order
    wf_buffer same;       // of uint32_t: a count, then so many persons; and again
    // Asked for before the commit: what is to be said of them then.
    wf_buffer touched_orders, touched_facts; // of wf_text
    wf_buffer touched_persons;               // of uint32_t
    uint64_t position;
    weft_time at; // when its last fact was received
    bool lost;    // there was no memory to hold all of it
} wf_board_changes;

typedef struct {
    wf_text tube;
    wf_standings_result result;
} wf_board_tube;
typedef struct {
    uint32_t person;
    bool is;
} wf_board_person;
typedef struct {
    uint32_t person;
    bool is;
    wf_text order;
} wf_board_bound;
typedef struct {
    wf_text order;
    bool is;
    wf_standings_order about;
} wf_board_order;

typedef enum {
    WF_BOARD_OFF,
    WF_BOARD_STARTING, // a thread is there; it waits for the end of a transaction
    WF_BOARD_BUILDING,
    WF_BOARD_READY
} wf_board_state;

struct wf_board {
    wf_numbers numbers;

    // Held by those who ask; alone by whoever puts changes in, and to get ready or off.
    // After `mutex`, where both are.
    pthread_rwlock_t lock;
    wf_standings *standing;
    bool is_ready;
    uint64_t position;
    weft_time at;

    pthread_mutex_t mutex; // of all up to `thread`
    pthread_cond_t ended;  // a transaction has
    wf_board_state state;
    size_t bytes_max;
    bool gave_up;        // the rows' board does not fit: until they are opened again
    bool in_transaction; // of the writer's, which has changed something
    bool cancelled;      // the thread is to end
    bool has_thread;     // that is to be joined
    uint64_t retry_ns;   // when it is built again after a failure
    wf_ledger *ledger;   // of the store it was begun with
    wf_database *reader; // of the thread
    wf_board_changes *first, **last; // that wait for the building
    size_t waiting_bytes;
    uint64_t newest;     // the rows' position, and when that was received: kept from
    weft_time newest_at; // the beginning of a building on
    uint64_t built;
    pthread_t thread;

    _Atomic bool wanted; // that it is begun: it is off and may be kept

    // Of the writer alone.
    bool begun;                // a transaction has changed something, or is to end
    bool follows;              // and somebody wants to know
    wf_board_changes *changes; // what; NULL: nobody does, or there was no memory
    wf_statement *ask_order, *ask_orders_of, *ask_tube; // NULL until they are used
};

// Where it stands may have changed. Under the mutex.
void wf_board_note_wanted(wf_board *board);
// Nothing is held any more. Under the mutex, by whoever builds or writes.
void wf_board_drop(wf_board *board);

// ---- follow.c ----

extern const wf_watch wf_board_watches[];
extern const size_t wf_board_watches_count;
weft_status wf_board_before_commit(void *board, wf_database *db, weft_error *error);
void wf_board_ended(void *board, bool committed);

void wf_board_changes_free(wf_board_changes *changes); // NULL does nothing
size_t wf_board_changes_bytes(const wf_board_changes *changes);
// Puts them in.
void wf_board_put(wf_standings *standing, const wf_board_changes *changes);
void wf_board_close_statements(wf_board *board);
// The row of an order as board_order.sql and board_orders.sql give it; texts borrowed.
wf_standings_order wf_board_read_order(const wf_statement *row);
// A result by its word, and when it came; the columns of both.
wf_standings_result wf_board_read_result(const wf_statement *row, int result, int at);
// When the fact at a position was received, as answers say it.
weft_status wf_board_received(wf_ledger *ledger, uint64_t position, weft_time *ret,
                              weft_error *error) WEFT_MUST_CHECK;
// The position of the rows as `db` sees them.
weft_status wf_board_applied(wf_database *db, uint64_t *ret,
                             weft_error *error) WEFT_MUST_CHECK;

// ---- build.c ----

void *wf_board_build(void *board);

#endif
