// What the files of a shared city share among themselves: shared.c (readers, turns),
// writer.c (the thread), aside.c (work beside posts), group.c (posts → one commit),
// checkpoint.c (the rows' log → their file), days.c (days of visits → opened).
#ifndef WF_ACCESS_SHARED_SHARED_INSIDE_H
#define WF_ACCESS_SHARED_SHARED_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "access/shared/quota.h"
#include "access/shared/shared.h"
#include "base/hash_set.h"
#include "load/refused.h"

enum { wf_shared_listeners_max = 4, wf_shared_marks_max = 1024 };

// When the ledger had come to a position.
typedef struct {
    uint64_t position;
    int64_t us;
} wf_shared_mark;

// One that asks. It is out while somebody has it, else in the list of free ones.
typedef struct wf_shared_reader {
    weft_city city; // its own: reg, views, answer; all else is the owner's
    struct wf_shared_reader *next, *next_free;
    uint64_t rows;  // wf_shared.rows when it was last refreshed
    uint64_t taken; // the how manyth it was that went out; 0: nobody has it
} wf_shared_reader;

// The owner waits, or has the city.
typedef struct wf_shared_turn {
    struct wf_shared_turn *next;
    uint64_t after; // posts that came before it
    bool given;     // of one that runs: ended
    // What is done aside (aside.c); NULL: whoever waits has the city.
    weft_status (*run)(void *context, weft_city *city, weft_error *error);
    void *context;
    weft_status status; // of `run`
    weft_error *error;
} wf_shared_turn;

// What somebody who works aside has it do.
typedef struct {
    bool readers_out;
    weft_status (*run)(void *context, weft_error *error);
    void *context;
    bool done;
    weft_status status;
    weft_error *error;
} wf_shared_step;

typedef struct {
    void (*each)(void *context, const wf_shared_event *events, size_t count);
    void *context;
} wf_shared_listener;

// The thread that moves the rows' log into their file.
typedef struct {
    wf_shared *shared;
    pthread_t thread;
    bool started;
    pthread_mutex_t lock; // of the next line
    bool running, failed, stop;
    pthread_cond_t asked, done;
    _Atomic bool ends_log; // no slice may begin
    wf_database *db;       // the thread's while it runs, else the writer's; NULL
    size_t pages_worth;
    size_t moved, ended; // the log's length when it was moved, and tried to be ended,
                         // last; the writer's
} wf_shared_checkpoint;

typedef struct wf_group wf_group; // below

struct wf_shared {
    weft_city *city;
    wf_shared_settings settings;

    // Readers hold it shared; in the owner's turn, and while storage is opened again, the
    // writer holds it alone. Who waits for it alone goes before new readers.
    pthread_rwlock_t gate;
    unsigned gate_depth;     // of the writer's thread, which may enter again
    pthread_mutex_t readers; // of the list of free ones
    pthread_cond_t reader_free;
    wf_shared_reader *all_readers, *free_readers;
    size_t readers_out;
    uint64_t readers_taken; // so often one was
    bool readers_awaited;   // somebody waits until some have come back
    // Changed with the gate alone: storage has failed and is not open again, and why; or
    // only the rows are not.
    bool broken, rows_away;
    weft_error why;

    // The writer's queue.
    pthread_mutex_t lock; // of all up to `stopping`
    pthread_cond_t work;  // for the writer
    pthread_cond_t ended; // turns given and ended, rows moved on
    wf_post *first, **last;
    uint64_t posts_came, posts_taken;
    wf_shared_turn *turns, **turns_end;
    wf_shared_turn *having; // whose turn it is
    wf_shared_step *step;   // to be done for whoever works aside; NULL: none
    bool aside_ended;       // they have ended
    bool stopping;

    // The thread that syncs while the writer does other work.
    pthread_mutex_t sync_lock;
    pthread_cond_t sync_asked, sync_done;
    bool sync_wanted, sync_running, sync_stop;
    weft_status synced;
    weft_error sync_error;

    pthread_t writer, syncer;
    wf_shared_checkpoint checkpoint;
    // The thread that opens days of visits ahead of who asks for them.
    pthread_t days;
    bool opens_days;
    _Atomic bool days_end;

    // Of the writer alone.
    uint64_t seed;
    wf_hash_set kept;     // hashes of refused lines that were kept
    wf_quota quota;       // of refused lines, by sender
    int64_t retry_us;     // when it is tried again
    unsigned rows_failed; // slices in a row that failed
    wf_group *beside;     // written, and synced beside a slice; NULL: none is
    bool serves_between;  // posts may be served between the steps of a slice
    bool breaks_between;  // storage failed there: it is opened again after the slice
    int64_t served_us;    // when posts were served last
    int64_t slice_ended_us, slice_took_us; // of the last one
    int64_t apply_retry_us; // rows that could not be applied are tried again then
    int64_t reacted_us;
    uint64_t reacted_upto;
    size_t slice;                              // facts of the next slice
    wf_shared_mark marks[wf_shared_marks_max]; // of commits that are not in the rows
    size_t marks_first, marks_count;
    wf_shared_listener listeners[wf_shared_listeners_max];
    size_t listeners_count;
    uint64_t told; // listeners know of everything up to here

    // Read by anyone.
    _Atomic unsigned nearing; // how many wait for the rows to be near before their turn
    _Atomic uint64_t rows;    // how often rows have moved on
    _Atomic uint64_t applied, ledger;
    _Atomic int64_t applied_at_us, waiting_since_us, newest_us;
    _Atomic uint64_t posts, accepted, had, refused, not_kept, commits, failed_commits,
        slices, reopened, commit_us_sum;
};

// The machine's steady clock, µs.
int64_t wf_shared_us(void);

// The writer's thread and the syncer's.
void *wf_writer_run(void *shared);
void *wf_syncer_run(void *shared);
void wf_syncer_stop(wf_shared *shared); // ends its thread

// ---- checkpoints (checkpoint.c): by the writer's thread, or while there is none ----

// False: there is no thread; wf_checkpoint_stop all the same.
bool wf_checkpoint_start(wf_shared *shared);
void wf_checkpoint_stop(wf_shared_checkpoint *of);
// After a slice: has the log moved if it has grown by enough. False: moving it has
// failed, and the rows' database has to be opened again before anything is written.
bool wf_checkpoint_ask(wf_shared_checkpoint *of, wf_store *store);
// Whether the log is being ended: no slice may begin.
bool wf_checkpoint_ends_log(const wf_shared_checkpoint *of);
void wf_checkpoint_wait(wf_shared_checkpoint *of); // until nothing is moved
// Waits until nothing is moved, and closes what it has open of the rows.
void wf_checkpoint_close(wf_shared_checkpoint *of);

// ---- days of visits (days.c): while posts are taken ----

void wf_days_start(wf_shared *shared);
void wf_days_stop(wf_shared *shared); // before the writer ends

// Waits until no reader is out, and keeps them out: on the writer's thread only.
void wf_writer_enter(void *shared);
void wf_writer_leave(void *shared);
// Whether others ask while the writer works: before it begins, after it has ended, and
// around the owner's turn.
void wf_writer_share(wf_shared *shared, bool shares);
// What the writer asks of the store that it has open at present; nothing when there is
// none.
void wf_shared_serve_store(wf_shared *shared, bool serves);
// What the store tells of a slice.
void wf_writer_applied(void *shared, wf_entry *const *entries, size_t count);
// What the store calls between the steps of a slice.
void wf_writer_paused(void *shared);

// Between steps, of a slice or of who works aside: commits posts that fit there. Storage
// that fails there is opened again at the end.
void wf_writer_serve_between(wf_shared *shared, wf_post *posts);
void wf_writer_end_between(wf_shared *shared);
// A slice that lets posts between its steps. False: rows cannot be applied now.
bool wf_writer_apply_between(wf_shared *shared);
// Opens again what has failed.
void wf_writer_reopen(wf_shared *shared);
// Rows, or days, are not what they were.
void wf_writer_rows_moved(wf_shared *shared);

// The city's time; WF_TIME_NONE: it has no clock.
weft_time wf_writer_now(const wf_shared *shared);

// ---- room for what is refused (room.c) ----

// Whether so many bytes more are kept of what a sender is refused: then they are pending
// until wf_quota_end. By the writer's thread.
bool wf_room_take(wf_shared *shared, const char *sender, size_t bytes);
// What the day has kept before the service began. Before anybody asks for room.
weft_status wf_room_count(wf_shared *shared, weft_error *error) WEFT_MUST_CHECK;

// ---- work aside (aside.c) ----

// Under the lock: posts that need no rows, wherever they stand in the queue, and not too
// many.
wf_post *wf_writer_take_between(wf_shared *shared);
// Has a turn's work done on a thread of its own, serves posts meanwhile, and does its
// steps.
void wf_writer_aside(wf_shared *shared, wf_shared_turn *turn);

// Tells how far ledger and rows are, after either has moved on.
void wf_shared_note_stand(wf_shared *shared);
// What is said to all while it is broken or the rows are away: see wf_shared_read. With
// the gate, or by the writer.
weft_status wf_shared_away(const wf_shared *shared, weft_error *error) WEFT_MUST_CHECK;
// With the gate alone: closes what readers have open of the rows.
void wf_shared_close_readers(wf_shared *shared);
// Waits until the readers that are out now have come back, so long at most; whether they
// have. Others go out meanwhile.
bool wf_shared_await_readers(wf_shared *shared, unsigned wait_ms);
// Ends the snapshots of readers that nobody has, so that the log of the rows can end.
void wf_shared_refresh_readers(wf_shared *shared);

// ---- a group of posts (group.c) ----

struct wf_group {
    wf_shared *shared;
    wf_post *posts;      // by next
    weft_time now;       // the city's; WF_TIME_NONE: it has no clock
    wf_refused *refused; // NULL: no line was kept yet
    wf_refused_commits before;
    wf_buffer kept; // hashes of the lines that are kept with this commit
    uint64_t accepted, had, refusals, not_kept;
};

// Puts all lines of all posts into a send of the store, keeps those that are refused, and
// writes the commit, which then awaits its sync. A post for which the city cannot stand
// is left out, with `failed` and the error in its place. On failure nothing is left.
weft_status wf_group_write(wf_group *group, weft_error *error) WEFT_MUST_CHECK;
// After the sync: the commit is true, or it is not.
void wf_group_end(wf_group *group, bool synced);

#endif
