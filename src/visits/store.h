// Inside the visit store: what wf_visits is, changes of it, and the files of a day.
// Only for files of src/visits.
#ifndef WF_VISITS_STORE_H
#define WF_VISITS_STORE_H

#include <pthread.h>

#include "visits/manifest.h"
#include "visits/segment.h"
#include "visits/stated.h"
#include "visits/tail_mark.h"
#include "visits/visits.h"

// A day that is open for search, or being opened by a thread (day NULL).
typedef struct {
    weft_day number;
    wf_day *day;
    wf_segment *stated; // of the day's segments that of what was stated, or NULL
    bool only_stated;   // it has no other
} wf_opened_day;

// Where the next live row of a day goes.
typedef struct {
    weft_day day;
    unsigned char head[WF_TAIL_HEAD_BYTES];
    uint64_t generation;   // of the tail file this is true of
    wf_tail_mark at;       // the last good record
    uint64_t acknowledged; // length that the newest mark says; at.length or less
    unsigned spare;        // the place of the next mark
    uint64_t rows;
    uint32_t newest_s;
} wf_tail_end;

// What was collected of one entry (stated.h).
typedef enum {
    WF_STATED_PUT,
    WF_STATED_DROP,
    WF_STATED_DEAD,
    WF_STATED_ALIVE
} wf_stated_act;
typedef struct {
    weft_day day;
    wf_identity id; // in the list's arena, like `entry`
    wf_stated_act act;
    size_t order;  // later ones count
    wf_text entry; // as it stands in a table, if it is put
    bool owed;     // could not be done yet, and has to be
    bool left;     // by the writing under way
    uint32_t span; // first of its day: days whose rows change by it, from its day on
} wf_stated_item;
typedef struct {
    wf_arena arena;
    wf_stated_item *items;
    size_t count, capacity, next_order;
} wf_stated_list;

// A table of what was stated of a day, as it was read (stated_file.h).
typedef struct {
    weft_day day;
    uint64_t generation; // of the file; 0: none was read
    wf_segment_bytes bytes;
    wf_text *entries; // by name
    size_t count;
} wf_stated_table;

typedef struct {
    wf_stated_list change, life;
    bool committed; // entries of the change are durable, and nobody counted them
    bool unsure;    // of some nobody knows whether they count: the next opening asks
    wf_stated_table seen; // the table that was last looked into
} wf_stated_state;

struct wf_visits {
    const wf_io *io;
    wf_path folder;
    wf_keys *keys;
    const wf_zone *zone;
    unsigned threads;
    wf_manifest manifest; // what is committed
    wf_ids *ids;
    wf_visits_batch *batch; // the one under way, or NULL
    // While ids are committed: called between its steps; NULL: nobody waits for that.
    void (*between)(void *context);
    void *between_context;
    wf_tail_end *tails;
    size_t tails_count, tails_capacity;
    bool unsettled; // a commit has not yet tidied up behind itself
    bool names_due; // tidying up changes names in the folder, which are synced then
    bool unsure;    // it is unknown which manifest is on disk: open the store again
    // Of the manifest, for others who ask while ids are committed: whoever asks holds it
    // shared, also while a day is read; it is changed under it alone.
    pthread_rwlock_t naming;
    pthread_mutex_t lock; // of `opened`
    pthread_cond_t changed;
    wf_opened_day *opened;
    size_t opened_count, opened_capacity;
    wf_stated_state stated;
};

// Locking changes nothing that can be asked for.
void wf_store_lock_shared(const wf_visits *visits);
void wf_store_unlock(const wf_visits *visits);

// ---- names (store.c) ----

// The path of a day's file: "2021-12-11.day", ".delta", ".delta-2" …, ".tail".
weft_status wf_store_path(const wf_visits *visits, weft_day day, unsigned slot,
                          wf_path *ret, weft_error *error) WEFT_MUST_CHECK;
// The same with ".next", where it is being written.
weft_status wf_store_next_path(const wf_visits *visits, weft_day day, unsigned slot,
                               wf_path *ret, weft_error *error) WEFT_MUST_CHECK;
// The path at which the file stands that the manifest names: until a commit has tidied
// up behind itself that may still be ".next".
weft_status wf_store_current_path(const wf_visits *visits, const wf_manifest_day *day,
                                  unsigned slot, wf_path *ret,
                                  weft_error *error) WEFT_MUST_CHECK;
weft_status wf_store_spill_path(const wf_visits *visits, weft_day day, wf_path *ret,
                                weft_error *error) WEFT_MUST_CHECK;

// What a name in the folder means.
typedef enum {
    WF_NAME_OTHER, // not a name of ours
    WF_NAME_STORE, // manifest, dictionary
    WF_NAME_FILE,  // a day's file
    WF_NAME_NEXT,  // a day's file being written
    WF_NAME_DICTIONARY_NEXT,
    WF_NAME_SCRATCH // manifest.next, spill: of no use after a crash
} wf_name_kind;
wf_name_kind wf_store_name(const char *name, weft_day *ret_day, unsigned *ret_slot);
// Calls `each` with every name in the folder, until it fails.
weft_status wf_store_each_name(const wf_visits *visits,
                               weft_status (*each)(void *context, const char *name,
                                                   weft_error *error),
                               void *context, weft_error *error) WEFT_MUST_CHECK;

// Overwrites a file with noise, as a second belt, and unlinks it; a missing one is fine.
weft_status wf_store_shred(const wf_visits *visits, const char *path, bool *ret_removed,
                           weft_error *error) WEFT_MUST_CHECK;

// ---- changing (commit.c) ----

// A change of the store: files are staged beside the old ones, then all of it becomes
// true at once. One at a time.
typedef struct {
    wf_visits *visits;
    wf_manifest next;
} wf_change;

// Tidies up behind the last commit if that is still due.
weft_status wf_change_begin(wf_visits *visits, wf_change *ret,
                            weft_error *error) WEFT_MUST_CHECK;
// Seals a segment for a slot of the day, an entry of change->next. Threads: in parallel
// for different days.
weft_status wf_change_write(wf_change *change, wf_manifest_day *day, unsigned slot,
                            const wf_segment_bytes *bytes, uint64_t visits_count,
                            uint64_t encounters_count, unsigned threads,
                            weft_error *error) WEFT_MUST_CHECK;
// Leaves a slot's file out; it is unlinked after the commit.
void wf_change_remove(wf_manifest_day *day, unsigned slot);
// Ends the change in every case. On failure the store is as it was before.
weft_status wf_change_commit(wf_change *change, weft_error *error) WEFT_MUST_CHECK;
void wf_change_abandon(wf_change *change);

// Replaces the manifest; on failure the old one stands, or the store is `unsure`.
weft_status wf_commit_manifest(wf_visits *visits, const wf_manifest *next,
                               weft_error *error) WEFT_MUST_CHECK;
// Renames what the manifest names into place, unlinks what it no longer names, and
// marks the ring. May be repeated until it succeeds.
weft_status wf_commit_settle(wf_visits *visits, weft_error *error) WEFT_MUST_CHECK;
// Fails while the store is `unsure`, and tidies up if that is due: what every change
// begins with.
weft_status wf_commit_ready(wf_visits *visits, weft_error *error) WEFT_MUST_CHECK;
// What opening does: finishes what the manifest names, removes what of the store's own
// scratch files it does not.
weft_status wf_commit_recover(wf_visits *visits, weft_error *error) WEFT_MUST_CHECK;

// Whether there are ids that `mark` does not count.
bool wf_commit_has_new_ids(const wf_visits *visits, const wf_ids_mark *mark);
// Drops ids that were interned since the last commit.
void wf_commit_drop_new_ids(wf_visits *visits);

// The day's key, made if the day has none and no file.
weft_status wf_store_make_key(wf_visits *visits, weft_day day, const wf_key **ret,
                              weft_error *error) WEFT_MUST_CHECK;

// ---- reading a day (stored.c) ----

// The segments of a day, by slot; NULL: no file, or damaged. The tail is packed into a
// segment of its own when asked for. What was stated is not among them: it is packed from
// the tables of several days (wf_stated_segment).
typedef struct {
    wf_segment *segments[WF_SLOT_COUNT];
    unsigned damaged;              // bits of slots
    weft_error why[WF_SLOT_COUNT]; // of damaged slots
} wf_stored;
// `find` for a day the manifest names. A damaged file is a bit, not a failure; a missing
// key is WEFT_KEYLESS.
weft_status wf_stored_open(const wf_visits *visits, const wf_manifest_day *day,
                           bool with_tail, unsigned threads, wf_stored *ret,
                           weft_error *error) WEFT_MUST_CHECK;
void wf_stored_close(wf_stored *stored);
// Whether the file at `path` begins as the manifest says of the slot, for which no key is
// needed; WEFT_DAMAGED otherwise.
weft_status wf_stored_check_file(const wf_visits *visits, const char *path,
                                 const wf_manifest_day *day, unsigned slot,
                                 weft_error *error) WEFT_MUST_CHECK;

// ---- opened days (visits.c) ----

// Reads a day anew; ret_day->day is NULL unless the state is PRESENT and is the caller's.
weft_status wf_store_load_day(const wf_visits *visits, weft_day number,
                              wf_day_state *ret_state, wf_opened_day *ret_day,
                              weft_error *error) WEFT_MUST_CHECK;
// Closes the day if it is open.
void wf_store_release_day(wf_visits *visits, weft_day number);
// The instant of a second of a day.
weft_time wf_store_instant(const wf_visits *visits, weft_day day, uint32_t second);

// ---- the tail (tail.c) ----

// Reads a tail into a segment; *ret is NULL when it has no rows. What was never
// acknowledged is left out if it is not whole; anything else amiss is WEFT_DAMAGED
// ("visits.tail_damaged", with `reason` in the parameters telling what).
weft_status wf_tail_read(const wf_visits *visits, const wf_manifest_day *day,
                         const wf_key *key, wf_segment **ret, wf_tail_end *ret_end,
                         weft_error *error) WEFT_MUST_CHECK;
// Whether the file at `path` begins as the manifest says and is as long.
weft_status wf_tail_check(const wf_visits *visits, const char *path,
                          const wf_manifest_day *day, weft_error *error) WEFT_MUST_CHECK;
// Reads the ends of all tails, for wf_visits_newest; damaged ones are passed over.
weft_status wf_tail_load_ends(wf_visits *visits, weft_error *error) WEFT_MUST_CHECK;
// NULL when it is not known how far the day's tail goes.
wf_tail_end *wf_tail_end_of(const wf_visits *visits, weft_day day);

// ---- what was stated (stated_rows.c) ----

// Packs the rows on a day of the live, counted entries of its table, and of those of days
// before it that go on until then; *ret is NULL when there are none. WEFT_DAMAGED or
// WEFT_KEYLESS when one of these tables cannot be read.
weft_status wf_stated_segment(const wf_visits *visits, weft_day number, wf_segment **ret,
                              weft_error *error) WEFT_MUST_CHECK;
// Whether the table of a day, perhaps of one before it, has rows on that day.
bool wf_stated_reaches(const wf_visits *visits, weft_day number);
// Packs that segment anew in the opened ones of `span` days from `first` on. A day that
// this cannot be done for is closed.
void wf_stated_renew(wf_visits *visits, weft_day first, uint32_t span);
// The instant that the newest row reaches of the table's live entries that count, where
// those through generation `counted` do.
weft_time wf_stated_newest(const wf_visits *visits, const wf_stated_table *table,
                           uint64_t counted);

// ---- closing (tail_append.c, stated.c) ----

// Commits how far tails were acknowledged, where the manifest does not know it yet: on
// closing, so that from then on an older copy of a tail is noticed.
void wf_tail_commit_ends(wf_visits *visits);
// Frees what is collected.
void wf_stated_done(wf_stated_state *stated);

#endif
