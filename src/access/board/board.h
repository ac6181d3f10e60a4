// The board: how each person stands, in memory and up to date, so that whoever asks for
// their own status, or at a gate whether somebody may pass, waits for no reader, no
// statement and no ledger (docs/decisions/0007-the-board.md).
//
//   off        nothing is held; the rows are asked
//   building   on a thread of its own, from a snapshot of the rows; what the writer
//              changes meanwhile waits in a list
//   ready      it answers; each transaction of the rows that was committed is put in at
//              once, so that an answer is of one position of the ledger
//
// It follows rows, not facts (store/records/records.h): corrections, withdrawals, orders
// that lose their last reason and ids that are joined or parted reach it as rows that
// change. When rows are opened, made anew or closed it is off, and built again. What it
// does not know of somebody (standings.h) it does not answer. So there are two answers at
// any time, the same or none.
//
// Threads: the follower's calls come from the thread that writes; wf_board_begin,
// wf_board_ask and wf_board_end from any, while rows may not be opened or closed and ids
// may not be dropped (with the gate of access/shared/shared.h).
#ifndef WF_ACCESS_BOARD_BOARD_H
#define WF_ACCESS_BOARD_BOARD_H

#include "access/board/standings.h"
#include "store/store.h"
#include "weft/views.h"

typedef struct wf_board wf_board;

weft_status wf_board_new(wf_numbers numbers, wf_board **ret,
                         weft_error *error) WEFT_MUST_CHECK;
void wf_board_free(wf_board *board); // after the store is closed; NULL does nothing

// Keeps it up to date; lives as long as the board. After that of the ids that are one
// person (desk/register/alias.h), whose table it reads.
wf_follower wf_board_follower(wf_board *board);

// It is to be kept in at most so many bytes; 0, as it begins: it is not kept, and what is
// held is let go. While rows may not be written or closed.
void wf_board_allow(wf_board *board, size_t bytes_max);
// Begins to build it where it is off and may be kept; cheap else. What fails is tried
// again at a later call.
void wf_board_begin(wf_board *board, wf_store *store);

typedef struct {
    bool is_registered;
    wf_standings_bound orders[wf_standings_orders_max];
    size_t orders_count;
    wf_standings_sample samples[wf_standings_samples_max];
    size_t samples_count;
    bool more_samples;
    weft_view_as_of as_of; // `complete` is not set
} wf_board_answer;

// How somebody stands at `now`, with at most `samples_max` (0: none) of their newest
// samples. True: what *ret borrows stands until wf_board_end, which must follow soon, on
// the same thread: the writer waits for it. False: the rows are to be asked.
bool wf_board_ask(wf_board *board, wf_text person, weft_time now, size_t samples_max,
                  wf_board_answer *ret);
void wf_board_end(wf_board *board);
// The text of an order's place, or of a person's id, until wf_board_end.
wf_text wf_board_place(const wf_board *board, uint32_t place);

// For metrics.
typedef struct {
    bool is_ready;
    size_t bytes; // of a board that is ready
    uint64_t position;
    uint64_t built; // how often it was
} wf_board_stand;
wf_board_stand wf_board_now(wf_board *board);

#endif
