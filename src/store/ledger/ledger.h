// The ledger: facts in the order they came, appended, sealed, chained, never changed.
//
// One writer appends; a commit is durable, whole, when it returns. Readers may read
// committed entries at the same time, as long as nobody but the writer's calls makes keys
// of the ring, and nobody forgets any, meanwhile. After a failed write or sync the ledger
// is broken (WEFT_STORAGE "ledger.stopped") until it is closed and opened again: what a
// failed sync left on the disk is not known, so nothing is written behind it. A full disk
// (WEFT_DISK_FULL) breaks nothing: the commit is refused whole, and a later one may go.
//
// Opening cuts off a tail that is no whole commit (a torn append), and nothing else: what
// a crash cannot have left is WEFT_DAMAGED and stays as it is. A ledger that ends before
// the commit that the ring remembers (wf_keys_mark_ledger) was cut or rolled back:
// WEFT_DAMAGED ("ledger.cut").
#ifndef WF_STORE_LEDGER_H
#define WF_STORE_LEDGER_H

#include "base/io.h"
#include "base/pinned.h"
#include "keys/ring.h"
#include "model/fact.h"

typedef struct wf_ledger wf_ledger;

#define WF_LINK_BYTES 32

typedef struct {
    const wf_io *io;
    const char *city_dir; // files in <city_dir>/ledger
    wf_keys *keys;
    const wf_kinds *kinds;
    const wf_zone *zone; // the day of `at` is the zone's civil day
    // Bodies of kinds that say so stand in another book (wf_kind.body_elsewhere): of
    // those that are added from now on there is the digest only.
    bool bodies_elsewhere;
    // 0, but in tests: when a new file begins (256 MiB), and when a commit under way is
    // written out (1 MiB).
    uint64_t file_bytes;
    size_t record_bytes;
} wf_ledger_options;

// Where the ledger ends.
typedef struct {
    uint64_t commits, positions; // positions are numbered from 1, without gaps
    weft_time received;          // of the newest commit; WF_TIME_NONE: none yet
    unsigned char link[WF_LINK_BYTES];
} wf_ledger_head;

// An entry: a fact as the ledger holds it.
typedef struct {
    uint64_t position;
    weft_time received;
    uint16_t
        kind_number; // fact.kind is NULL when no kind has it (a newer program wrote it)
    wf_keep keep;
    weft_day day;    // by which the body is kept
    uint64_t digest; // of the canonical body, keyed by the key of (keep, day)
    bool forgotten;  // the body is: no values
    bool elsewhere;  // the body stands in another book: no values
    wf_fact fact;
} wf_entry;

weft_status wf_ledger_open(const wf_ledger_options *options, wf_ledger **ret,
                           weft_error *error) WEFT_MUST_CHECK;
void wf_ledger_close(wf_ledger *ledger); // NULL does nothing; drops what is not committed
wf_ledger_head wf_ledger_now(const wf_ledger *ledger);

// ---- writing (one thread) ----

// `at` of these two is wf_fact_kept_at of a fact.
//
// Whether facts of this class and time are still taken: WEFT_FORGOTTEN
// ("fact.forgotten").
weft_status wf_ledger_takes(const wf_ledger *ledger, wf_keep keep, weft_time at,
                            weft_error *error) WEFT_MUST_CHECK;
// The digest that the body has, or would have, in the ledger; makes the key if need be.
weft_status wf_ledger_digest(wf_ledger *ledger, wf_keep keep, weft_time at, wf_text body,
                             uint64_t *ret, weft_error *error) WEFT_MUST_CHECK;
// Adds a checked fact to the commit under way; nothing is kept of `fact`. Large commits
// are written, not yet valid, as they grow. *ret_position is final if the commit
// succeeds.
weft_status wf_ledger_add(wf_ledger *ledger, const wf_fact *fact, uint64_t *ret_position,
                          weft_error *error) WEFT_MUST_CHECK;
// Whenever a commit reaches the end of the newest file, `bytes` of zeroes are written
// behind it, from now on; 0: no more. A commit into them changes neither the length of
// the file nor where it lies, so that its sync waits for its own bytes only, and not for
// the file system's journal with what others wrote. Opening and closing cut them off, and
// so does a disk that is full, which also ends it.
void wf_ledger_write_ahead(wf_ledger *ledger, uint64_t bytes);
// Seals, appends, syncs: all of it is there, or nothing. New keys are committed to the
// ring before. Without facts: does nothing.
weft_status wf_ledger_commit(wf_ledger *ledger, weft_time received,
                             weft_error *error) WEFT_MUST_CHECK;
void wf_ledger_abandon(wf_ledger *ledger); // the commit under way
// Whether it is broken: then it is not known whether the last commit happened.
bool wf_ledger_is_stopped(const wf_ledger *ledger);
// The same in three steps, so that whoever writes may do other work while the disk syncs:
// seals and appends, on failure of which nothing is left; syncs, on any thread, while
// others read and nothing is added; makes the commit true, or stops the ledger.
weft_status wf_ledger_commit_write(wf_ledger *ledger, weft_time received,
                                   weft_error *error) WEFT_MUST_CHECK;
weft_status wf_ledger_commit_sync(const wf_ledger *ledger,
                                  weft_error *error) WEFT_MUST_CHECK;
void wf_ledger_commit_end(wf_ledger *ledger, bool synced);

// Facts of one commit that are made ready beside the writer: what remains to be done
// under its eyes is sealing and writing.
typedef struct wf_ledger_ready wf_ledger_ready;
// Under which key a body is sealed: that of its keeping class and of its day.
typedef struct {
    wf_keep keep;
    weft_day day;
} wf_ledger_day;
// By the thread that writes; makes the keys of the days if need be, which are those of
// all facts that are to come, in any order. WEFT_FORGOTTEN ("fact.forgotten").
weft_status wf_ledger_ready_new(wf_ledger *ledger, const wf_ledger_day *days,
                                size_t count, wf_ledger_ready **ret,
                                weft_error *error) WEFT_MUST_CHECK;
void wf_ledger_ready_free(wf_ledger_ready *ready);  // NULL does nothing; wipes
void wf_ledger_ready_clear(wf_ledger_ready *ready); // its facts
// Adds a checked fact whose canonical body is `body`; nothing is kept of either. On any
// thread, one call at a time: nothing of the ledger is touched. Its bodies do not stand
// elsewhere.
weft_status wf_ledger_ready_add(wf_ledger_ready *ready, const wf_fact *fact, wf_text body,
                                weft_error *error) WEFT_MUST_CHECK;
// wf_ledger_commit_write, of these facts, whose positions follow the head's in their
// order; nothing else has been added. Afterwards `ready` can only be cleared or freed.
weft_status wf_ledger_ready_write(wf_ledger *ledger, wf_ledger_ready *ready,
                                  weft_time received, weft_error *error) WEFT_MUST_CHECK;

// ---- reading ----

// One entry by its position; texts in the arena.
weft_status wf_ledger_read(wf_ledger *ledger, uint64_t position, wf_arena *arena,
                           wf_entry *ret, weft_error *error) WEFT_MUST_CHECK;

// All entries from `from` to the head, in order, a record decoded at a time. An entry's
// texts live until its call returns. `each` ends the scan by a status that is not
// WEFT_OK.
typedef weft_status wf_ledger_visitor(void *context, const wf_entry *entry,
                                      weft_error *error);
weft_status wf_ledger_scan(wf_ledger *ledger, uint64_t from, wf_ledger_visitor *each,
                           void *context, weft_error *error) WEFT_MUST_CHECK;

// ---- checking ----

// Follows the chain over every byte, opens every envelope and every body that has a key,
// and names what is flipped, missing, out of order or behind the ring's mark: `found`
// once each; it may be NULL. WEFT_FOUND_WRONG ("ledger.found_wrong") when something was.
// What is committed meanwhile is not looked at. Needs no kinds. Two threads.
weft_status wf_ledger_verify(wf_ledger *ledger,
                             void (*found)(void *context, const weft_error *what),
                             void *context, weft_error *error) WEFT_MUST_CHECK;

// Adds the files as they stand now, for a copy: up to the head of this moment. For the
// writer's thread.
weft_status wf_ledger_pin(wf_ledger *ledger, wf_pinned_files *files,
                          weft_error *error) WEFT_MUST_CHECK;

// Tells the ring where the ledger stands; durable with the ring's next commit.
void wf_ledger_mark(wf_ledger *ledger);

#endif
