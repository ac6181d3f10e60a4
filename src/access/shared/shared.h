// A city that many threads ask at once while one thread writes it.
//
//   readers    cities of their own look, one a thread: wf_shared_read gives one, on which
//              every function of include/weft that asks works as it is
//   writer     one thread that takes posts: facts that were judged by their own line go
//   to
//              the ledger in groups, one sync for all that wait; rows follow in slices
//   owner      a verb that changes the city, or asks it as its owner: wf_shared_own gives
//              the city itself, alone
//
// What readers share with the writer, and by which rule:
//
//   the ledger           readers read what is committed, beside its writing (ledger.h)
//   the index            has a lock of its own (index.h)
//   records.db           each reader has a connection; it sees the rows of the moment it
//                        began, and is refreshed when rows have moved on
//   the ring of keys     has a lock of its own for making and finding; keys are destroyed
//                        in the owner's turn only
//   ids and their texts  never move while a reader is out: whoever adds or drops ids
//                        enters the gate for that moment (visits/ids.h)
//   days of visits,      stand while a reader is out: whoever closes an opened day or
//   their manifest       changes the manifest enters the gate for that moment
//   the counter,         have locks of their own
//   the board
//   alias, holes         are tables of records.db, asked through the reader's connection
//   senders' books,      are the writer's alone: readers do not ask them
//   amendments, judge
//   words of the city    (zone, protocol, law, kind) never change while it is shared
//
// The gate is entered by the writer for moments of work without any waiting for a disk;
// it is never held over a write or a sync, except in the owner's turn.
//
// Threads: all functions from any thread, unless they say otherwise.
#ifndef WF_ACCESS_SHARED_SHARED_H
#define WF_ACCESS_SHARED_SHARED_H

#include "access/city/city.h"

typedef struct wf_shared wf_shared;

typedef struct {
    unsigned readers_max; // that may be out at a time; 0: 16
    // The city's time, asked for once a reading and once a commit: of a drill its running
    // clock. NULL: weft_city_now.
    weft_time (*now)(void *context);
    void *context;
    bool reacts;        // rules act after slices (desk/react.h)
    size_t board_bytes; // that the board may take (access/board/board.h); 0: none is kept
    bool reads_ahead;   // who is missing is counted, names of places are read
                        // (store/ahead.h) and the newest days of visits are opened,
                        // before somebody asks
    // Pages by which the rows' log has grown when a thread of its own moves it into their
    // file; 0: 1,024 (8 MiB).
    size_t log_pages;
    // Bytes of refused lines and rows that are kept of a sender in a day
    // (access/shared/quota.h); 0: 16 MiB.
    uint64_t refused_bytes;
    unsigned retry_ms; // how long after a failure of storage it is tried again; 0: 1,000
    // How long the oldest fact that is not in the rows has waited when they are far
    // behind, and no more is taken in than they follow; 0: 10,000.
    unsigned far_behind_ms;
} wf_shared_settings;

// Shares an open city, which is not to be used in any other way until wf_shared_close;
// starts the writer.
weft_status wf_shared_open(weft_city *city, const wf_shared_settings *options,
                           wf_shared **ret, weft_error *error) WEFT_MUST_CHECK;
// Takes no more posts, commits those that wait, applies what is outstanding, ends the
// writer. No reader may be out; nobody may call any more. The city stays open. NULL does
// nothing.
void wf_shared_close(wf_shared *shared);

// ---- reading ----

// A city to ask, until wf_shared_read_end: one thread, one question, threads = 1. Waits
// while all are out and while the owner has the city. Its answers (wf_city_new_answer)
// live until it is given back. While storage has failed and could not be opened again,
// which is tried each `retry_ms`: WEFT_BUSY ("service.storage"), or what is damaged, has
// no key, or needs a new start ("keys.unsure").
weft_status wf_shared_read(wf_shared *shared, weft_city **ret,
                           weft_error *error) WEFT_MUST_CHECK;
void wf_shared_read_end(wf_shared *shared, weft_city *city);

// Enters as a reader does, for what is answered from memory alone: without a city, and
// only where nobody has to be waited for. False: the owner has the city, storage has
// failed, or somebody waits for either.
bool wf_shared_try_enter(wf_shared *shared);
void wf_shared_leave(wf_shared *shared);

// How far the rows are, and how far behind.
typedef struct {
    uint64_t position; // rows hold every fact up to here
    weft_time at;      // when the newest of them was received; WF_TIME_NONE: none yet
    uint64_t ledger;   // facts that are durable
    uint64_t lag_us;   // how long the oldest that is not in the rows has waited, by the
                       // machine's clock; 0: none
} wf_shared_stand;
wf_shared_stand wf_shared_as_of(const wf_shared *shared); // cheap, takes no gate
// Another number whenever rows are not what they were; cheap, takes no gate.
uint64_t wf_shared_rows(const wf_shared *shared);

// The city's time as the options give it.
weft_time wf_shared_now(const wf_shared *shared);

// ---- posting ----

// A line of a post. Texts are borrowed until the post is done.
typedef struct {
    wf_text raw;   // as it came, without its end; size 0: made by the service itself
    uint64_t line; // in its request, from 1
    // NULL: refused already, for `why`. A fact with seq 0 gets the next number of its
    // sender's book, which the service itself keeps ("weft/looks").
    wf_fact *fact;
    // A line that was refused fills this number of its sender's book; device size 0:
    // none.
    wf_identity id;
    wf_sent sent;    // afterwards; of a line that was refused already: REFUSED
    weft_error *why; // CONFLICT, REFUSED; NULL: none. In the post's arena
    // What its sender should know of a line that is not refused; NULL: nothing. There,
    // too.
    const weft_error *warning;
    // What its sender is answered at once, where they reported something of themselves;
    // NULL: nothing. There, too.
    const weft_error *answer;
} wf_post_line;

typedef struct wf_post wf_post;
struct wf_post {
    wf_post_line *lines;
    size_t count;
    const char *from; // who sent it, for the file of refused lines: a device's name
    wf_arena *arena;  // where verdicts' errors go; the writer's alone until `done`
    // Called once by the writer's thread, or by the caller's when the post is not taken:
    // WEFT_OK when all that was accepted is durable. It must be short, and may free the
    // post. Else nothing of the post is in the ledger, for `error`: why its own commit
    // failed, or, of one that came while storage is away, as wf_shared_read.
    void (*done)(wf_post *post, weft_status status, const weft_error *error);
    void *context;
    // By the writer, before `done`: the number that follows the greatest in the book of
    // `from`.
    int64_t sender_next;
    // By the writer, too: refused lines whose text is not kept, as its sender's bound of
    // the day is reached.
    size_t not_kept;
    // The writer's.
    wf_post *next;
    bool needs_rows;    // not to be sent between the steps of a slice
    weft_status failed; // for `error`
    weft_error error;
    int64_t came_us;
};

// Gives the post to the writer. Never waits for storage.
void wf_shared_post(wf_shared *shared, wf_post *post);

// The same, and waits for it: for few facts of the service itself (accounts, looks).
weft_status wf_shared_send(wf_shared *shared, wf_fact *facts, size_t count,
                           wf_verdict *ret_verdicts, weft_error *error) WEFT_MUST_CHECK;
// Waits until the rows hold all that was durable when it was called, at most `wait_ms`.
// False: they do not yet.
bool wf_shared_catch_up(wf_shared *shared, unsigned wait_ms);

// Whether the text of so many bytes more that a sender was refused is kept (quota.h);
// what is not kept is counted. For uploads: posts do it themselves.
bool wf_shared_keeps(wf_shared *shared, const char *sender, size_t bytes);
// So many of them were not kept in the end.
void wf_shared_keeps_not(wf_shared *shared, const char *sender, size_t bytes);

// ---- the owner's turn ----

// The city itself, alone: no reader is out, the writer stands between two commits, and
// all that was posted before is in the rows. Turns and posts are served in the order they
// came; a turn comes when the rows are near, for at most half a second, so that posts do
// not wait for them in it. What a verb does to the city is seen by all once it has ended.
// While storage is away as wf_shared_read; WEFT_BUSY ("service.stopping") when it is
// being closed.
weft_status wf_shared_own(wf_shared *shared, weft_city **ret,
                          weft_error *error) WEFT_MUST_CHECK;
void wf_shared_own_end(wf_shared *shared);
// A turn of its own has what others need not wait for, on a thread of its own: an upload.
// Readers go on, and so do posts of observations whose bodies stand in the ledger; posts
// of all else, turns and rows wait until `run` has ended. In it the city's rows are those
// of its beginning, what was posted before among them; it may ask the city, give ids
// numbers, and make ready what it likes. Whatever changes what others read it does by
// wf_shared_do. What it has put into the ledger is in the rows some time after.
weft_status wf_shared_aside(wf_shared *shared,
                            weft_status (*run)(void *context, weft_city *city,
                                               weft_error *error),
                            void *context, weft_error *error) WEFT_MUST_CHECK;
// From the thread of wf_shared_aside: the writer does `run`, between two commits. It
// must be short: posts wait. `readers_out`: no reader is out meanwhile.
weft_status wf_shared_do(wf_shared *shared, bool readers_out,
                         weft_status (*run)(void *context, weft_error *error),
                         void *context, weft_error *error) WEFT_MUST_CHECK;

// ---- what was applied ----

// An applied fact's envelope: no body, no person. Texts are borrowed during the call.
typedef struct {
    uint64_t position;
    const wf_kind *kind; // NULL: of a newer program
    wf_text grid;        // "": not said
    weft_time at, received;
} wf_shared_event;

// Calls `each` from the writer's thread after each applied slice, positions rising
// without a gap; it must be short. One listener a context; before the first post or in
// the owner's turn. `each` is also told what the owner's verbs sent.
void wf_shared_listen(wf_shared *shared,
                      void (*each)(void *context, const wf_shared_event *events,
                                   size_t count),
                      void *context);

// The same of what is in the ledger already: calls `each` for the positions after `after`
// up to `upto`, until it returns false. `city` is a reader. What the positions' kinds and
// grids are is known also where a body is forgotten.
weft_status wf_shared_retell(const weft_city *city, uint64_t after, uint64_t upto,
                             bool (*each)(void *context, const wf_shared_event *event),
                             void *context, weft_error *error) WEFT_MUST_CHECK;

// ---- for metrics ----

typedef struct {
    uint64_t posts, facts_accepted, facts_had, facts_refused;
    uint64_t refused_not_kept; // of those refused
    uint64_t commits, failed_commits, slices, reopened;
    uint64_t waiting_posts, readers_out;
    uint64_t commit_us_sum; // of commits, from the first post taken to durable
} wf_shared_counts;
wf_shared_counts wf_shared_count(const wf_shared *shared);

#endif
