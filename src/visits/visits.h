// The visit store of a city: a folder <city>/visits of sealed days, the
// dictionary and a manifest.
//
//   visits/manifest          what is committed: per day the generation and header
//                            hash of each file, the length of the dictionary
//   visits/dictionary        sealed ids (ids.h)
//   visits/2021-12-11.day    sealed day file (day_file.h draws it)
//   visits/2021-12-11.delta  small day file of late and corrected rows
//   visits/2021-12-11.tail   live rows, appended and synced one by one
//   visits/2021-12-11.stated what was stated of visits that begin on the day (stated.h)
//   visits/2021-12-11.delta-2 … -6  where a file of the day was damaged when rows came
//   visits/2021-12-11.….next being written; on opening, finished if the manifest
//                            names it, else removed
//   visits/2021-12-11.spill  rows of a delivery under way that found no room in memory
//
// The manifest is the commit: files are written beside the old ones, synced,
// then the manifest is replaced, then the files are renamed into place. A day
// file that is not the one the manifest names (stale, swapped, flipped, cut) is
// damaged: named, left out of answers, never moved or rewritten, and good again when the
// good file is put back. New rows for such a day go to a delta beside it. A day whose
// key is not in the ring takes no rows: the right ring must be put back first.
#ifndef WF_VISITS_VISITS_H
#define WF_VISITS_VISITS_H

#include "base/io.h"
#include "base/pinned.h"
#include "keys/ring.h"
#include "visits/day.h"
#include "visits/ids.h"
#include "visits/row.h"
#include "visits/segment.h"

typedef struct wf_visits wf_visits;

typedef struct {
    const wf_io *io;
    const char *city_dir;
    wf_keys *keys;       // borrowed, outlives the store
    const wf_zone *zone; // borrowed
    unsigned threads;
} wf_visits_options;

// Makes an empty store in <city_dir>/visits.
weft_status wf_visits_create(const wf_visits_options *options,
                             weft_error *error) WEFT_MUST_CHECK;
// Opens manifest and dictionary; days are opened on demand.
weft_status wf_visits_open(const wf_visits_options *options, wf_visits **ret,
                           weft_error *error) WEFT_MUST_CHECK;
// Commits how far the tails go, and closes; what was acknowledged is durable before.
void wf_visits_close(wf_visits *visits); // NULL does nothing

// Threads of what follows, 1 to 64.
void wf_visits_use_threads(wf_visits *visits, unsigned threads);

wf_ids *wf_visits_ids(wf_visits *visits);

// What is known of a civil day.
typedef enum {
    WF_DAY_EMPTY, // nothing was ever stored: not missing
    WF_DAY_PRESENT,
    WF_DAY_FORGOTTEN,
    WF_DAY_DAMAGED,
    WF_DAY_KEYLESS
} wf_day_state;

// Opens a day (or finds it open) and keeps it open until the store is closed
// or wf_visits_release. *ret_day is NULL unless the state is PRESENT. A damaged
// or keyless day is a state, not a failure; failures are memory and the like.
// Threads: may be called in parallel.
weft_status wf_visits_day(wf_visits *visits, weft_day day, wf_day_state *ret_state,
                          const wf_day **ret_day, weft_error *error) WEFT_MUST_CHECK;
// Lets all opened days go; no pointer to a day may be in use.
void wf_visits_release(wf_visits *visits);

// The days the manifest names, those into which what was stated goes on, and those that
// the ring forgot, ascending, in the arena.
weft_status wf_visits_days(const wf_visits *visits, wf_arena *arena, weft_day **ret,
                           size_t *ret_count, weft_error *error) WEFT_MUST_CHECK;
// How often the store was changed as a whole: rises by one with each commit, and tells
// after a crash whether the last one happened. WEFT_STORAGE ("visits.unsure") after a
// failure that leaves it unknown: open the store again.
weft_status wf_visits_generation(const wf_visits *visits, uint64_t *ret,
                                 weft_error *error) WEFT_MUST_CHECK;
// The newest instant any stored row reaches, WF_TIME_NONE when empty.
weft_time wf_visits_newest(const wf_visits *visits);

// ---- one delivery, visible at once or not at all (batch.c) ----
typedef struct wf_visits_batch wf_visits_batch;

typedef struct {
    uint64_t visits_accepted; // rows of the delivery that stored something new
    uint64_t visits_had;      // rows all of whose pieces were there already
    uint64_t encounters_accepted, encounters_had;
    uint64_t days_touched;
} wf_visits_batch_count;

// memory_limit_bytes: rows kept in memory before days spill, sealed, to
// visits/<day>.spill files (removed at the end).
weft_status wf_visits_batch_begin(wf_visits *visits, size_t memory_limit_bytes,
                                  wf_visits_batch **ret,
                                  weft_error *error) WEFT_MUST_CHECK;
// The batch's number for a seat or setting text (small tables; "" is 0).
weft_status wf_visits_batch_seat(wf_visits_batch *batch, wf_text text, uint32_t *ret,
                                 weft_error *error) WEFT_MUST_CHECK;
weft_status wf_visits_batch_setting(wf_visits_batch *batch, wf_text text, uint32_t *ret,
                                    weft_error *error) WEFT_MUST_CHECK;
// Rows of any days, each with its day. A forgotten day: WEFT_FORGOTTEN; a keyless one:
// WEFT_KEYLESS (ask wf_visits_day_takes first). Two rows are the same if person, place,
// start, end, seat and marks agree. Only pieces of a row that was split at midnight,
// which carry "from before" or "into next", may share an ordinal. Threads: one call at a
// time.
weft_status wf_visits_batch_add(wf_visits_batch *batch, weft_day day,
                                const wf_visit_row *rows, size_t count,
                                weft_error *error) WEFT_MUST_CHECK;
weft_status wf_visits_batch_add_encounters(wf_visits_batch *batch, weft_day day,
                                           const wf_encounter_row *rows, size_t count,
                                           weft_error *error) WEFT_MUST_CHECK;
// Sorts, joins with what is stored, drops repeats, seals, commits; also ids that were
// interned since the last commit, with or without rows. On failure nothing of the
// delivery is visible, and ids interned for it are gone: no pointer to their texts may be
// in use, nor to an opened day. `progress` (may be NULL) is called with days done and
// days in all, from any thread, one call at a time. Frees the batch in every case.
weft_status wf_visits_batch_commit(
    wf_visits_batch *batch, void (*progress)(void *context, size_t done, size_t all),
    void *context, wf_visits_batch_count *ret, weft_error *error) WEFT_MUST_CHECK;
// Does of it what can be done while others search days that are open, and leaves the
// files they came from: what remains to be committed is a manifest. Nothing may be added
// afterwards, and nothing else changes the store; after a failure the batch can only be
// abandoned.
weft_status wf_visits_batch_join(wf_visits_batch *batch,
                                 void (*progress)(void *context, size_t done, size_t all),
                                 void *context, weft_error *error) WEFT_MUST_CHECK;
void wf_visits_batch_abandon(wf_visits_batch *batch);
// A note that becomes true with the delivery, for another book: `make` is called by the
// commit when all is counted, and what it puts into the empty *ret (at most 64 KiB)
// stands in the manifest from this commit on; also in the next ones, until it is dropped
// or another takes its place. Where the commit has nothing to change there is no note. A
// failure of `make` is one of the commit.
typedef weft_status wf_visits_noter(void *context, const wf_visits_batch_count *count,
                                    wf_buffer *ret, weft_error *error);
void wf_visits_batch_note(wf_visits_batch *batch, wf_visits_noter *make, void *context);
// The note that stands, borrowed until the next change; size 0: none.
wf_text wf_visits_note(const wf_visits *visits);
// It has been taken: the next commit leaves it out. Opening before then finds it again.
void wf_visits_note_drop(wf_visits *visits);
// Makes ids durable that were interned since the last commit, without a delivery. On
// failure they are gone. Without new ids: does nothing. Days that are open stay so, and
// other threads may search them meanwhile. Each of its three steps waits for the disk:
// `between` (may be NULL) is called between them, on this thread, and must not change the
// store.
weft_status wf_visits_commit_ids(wf_visits *visits, void (*between)(void *context),
                                 void *context, weft_error *error) WEFT_MUST_CHECK;

bool wf_visits_day_is_forgotten(const wf_visits *visits, weft_day day);
// Whether rows of the day can be stored: WEFT_FORGOTTEN, or WEFT_KEYLESS
// ("visits.day_keyless") when it has files but the ring has lost its key. Rows of a
// damaged day are taken: they go to a delta beside the damaged file, which is left alone.
weft_status wf_visits_day_takes(const wf_visits *visits, weft_day day,
                                weft_error *error) WEFT_MUST_CHECK;

// ---- live rows (tail_append.c) ----
// Appends rows of one day to its tail; they are durable when it returns WEFT_OK, and so
// are new ids. Repeats are dropped when the tail is folded into the day: by the next
// batch with that day, or when it has grown large. `rows` is not changed; ordinals do not
// matter. No pointer to an opened day may be in use. Errors as wf_visits_batch_add. After
// a failure the rows are not stored, unless the disk refuses to take them back too: then
// they may be, and sending them again makes no second copy of them.
weft_status wf_visits_append(wf_visits *visits, const wf_segment_rows *rows,
                             weft_error *error) WEFT_MUST_CHECK;

// ---- copying ----
// Adds the files as they stand now, with what is committed: they can be read until they
// are let go, whatever rows come meanwhile. Only a purge, which overwrites files, spoils
// them. No batch may be under way. What was stated and is in them may be more than a
// ledger copied before knows: opening the copy asks (stated.h).
weft_status wf_visits_pin(wf_visits *visits, const char *city_dir, wf_pinned_files *files,
                          weft_error *error) WEFT_MUST_CHECK;

// ---- checking and forgetting ----
typedef struct {
    void (*found)(void *context, const weft_error *what); // once a damaged thing
    void *context;
} wf_visits_findings;
// Reads everything and names what is damaged, stale, swapped, keyless or
// stray, also files of forgotten days that were put back. WEFT_OK when nothing was
// found, WEFT_FOUND_WRONG otherwise.
weft_status wf_visits_verify(wf_visits *visits, const wf_visits_findings *findings,
                             weft_error *error) WEFT_MUST_CHECK;

typedef struct {
    uint64_t keys_destroyed, days_forgotten, files_removed, ids_forgotten;
} wf_visits_purge_count;
// Forgets visits and encounters of all civil days before `before`: destroys
// the keys, overwrites and unlinks the files, rewrites the dictionary without
// ids no living day uses and `keep_id` (may be NULL: keep none) does not claim. May be
// cut off anywhere: call it again with the same day. Where a living day cannot be read
// its ids are not known, so that all ids are kept and WEFT_DAMAGED or WEFT_KEYLESS
// ("visits.ids_kept") tells so after everything else was done. No pointer to an opened
// day or to an id's text may be in use.
weft_status wf_visits_purge(wf_visits *visits, weft_day before,
                            bool (*keep_id)(void *context, wf_id_class id_class,
                                            uint32_t number),
                            void *context, wf_visits_purge_count *ret,
                            weft_error *error) WEFT_MUST_CHECK;

// ---- digest: 32-byte sum modulo 2^256 of BLAKE2b-256 of each canonical row ----
typedef struct {
    unsigned char bytes[32];
} wf_digest;
// *to += *part, modulo 2^256.
void wf_digest_add(wf_digest *to, const wf_digest *part);
// Visits and encounters of one day with external ids; equal for equal contents
// whatever the order of arrival, the numbers or the keys (digest.c draws the form). What
// was delivered and what was stated are summed one by one. Zero unless the day is
// PRESENT.
weft_status wf_visits_digest_day(wf_visits *visits, weft_day day, wf_digest *ret,
                                 wf_day_state *ret_state,
                                 weft_error *error) WEFT_MUST_CHECK;

#endif
