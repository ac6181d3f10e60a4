// What the files of the ledger share. Only for them.
//
// Two locks: `state` guards files, keys of the ring, and where the ledger ends, and is
// held for moments; `reading` guards the cache of wf_ledger_read. Who needs both takes
// `reading` first.
#ifndef WF_STORE_LEDGER_INSIDE_H
#define WF_STORE_LEDGER_INSIDE_H

#include <pthread.h>

#include "store/ledger/record.h"
#include "store/ledger/walk.h"

enum {
    wf_ledger_stride_bytes = 64 * 1024, // of file between two spots
    wf_ledger_cached = 8,               // records
    wf_ledger_secrets = 64,
    wf_ledger_secret_bytes = 16
};

// From here one can walk.
typedef struct {
    uint64_t at;
    wf_ledger_state state; // before the record at `at`
} wf_ledger_spot;

typedef struct {
    wf_ledger_state before;
    uint64_t end;          // committed bytes
    wf_ledger_spot *spots; // rising, the first behind the file's head; none: not walked
    size_t spots_count, spots_capacity;
} wf_ledger_file;

// What digests of a (keeping class, day) are keyed by.
typedef struct {
    bool known;
    wf_keep keep;
    weft_day day;
    unsigned char secret[wf_ledger_secret_bytes];
} wf_ledger_secret;

// Facts that are made ready beside the writer (ready.c): a draft a record.
struct wf_ledger_ready {
    const wf_zone *zone;
    size_t record_bytes;
    wf_ledger_secret *secrets; // in locked memory, by class and day
    size_t secrets_count;
    const wf_ledger_secret *last; // that was asked for
    wf_ledger_draft *drafts;
    size_t drafts_count, drafts_capacity;
};

// A record as wf_ledger_read keeps it.
typedef struct {
    wf_buffer record; // sealed
    wf_ledger_opened opened;
    weft_time received;
    wf_path path;
    bool used;
} wf_ledger_cache_slot;

struct wf_ledger {
    wf_ledger_options options;
    wf_path folder;
    uint64_t file_bytes; // when a new file begins
    size_t record_bytes; // when a commit under way is written out

    pthread_mutex_t state;
    wf_ledger_file *files; // file n is files[n − 1]
    size_t files_count, files_capacity;
    wf_ledger_state head; // behind the newest commit

    // Of the writer alone.
    int file; // the newest; −1: none yet
    wf_path path;
    bool stopped;
    bool under_way;        // records of a commit may have been written behind the end
    bool written;          // the commit under way is, whole, and awaits its sync
    weft_status spoiled;   // the commit under way cannot become whole, and why
    weft_error spoiled_by; // as the caller was told
    uint64_t write_at;
    uint64_t ahead_bytes; // zeroes are written so far ahead; 0: not
    uint64_t
        blank_end; // where they end in the newest file; before its end: there are none
    wf_ledger_state write_state;
    wf_ledger_draft draft;
    wf_buffer body, record;
    wf_ledger_spot *spots; // of the commit under way
    size_t spots_count, spots_capacity;
    wf_ledger_secret *secrets; // in locked memory

    pthread_mutex_t reading;
    wf_ledger_walk walk;
    wf_ledger_cache_slot cache[wf_ledger_cached];
    size_t next_slot;
    int32_t floors[WF_KEEP_END]; // forgotten-before days that the cache knows of
};

// The secret of a day whose key is there, made if need be; valid until the next call.
// WEFT_FORGOTTEN ("fact.forgotten").
weft_status wf_ledger_secret_of(wf_ledger *ledger, wf_keep keep, weft_day day,
                                const wf_ledger_secret **ret,
                                weft_error *error) WEFT_MUST_CHECK;
uint64_t wf_ledger_digest_of(const wf_ledger_secret *secret, wf_text body);

// Adds a spot when the last one is a stride away. *spots grows.
bool wf_ledger_note_spot(wf_ledger_spot **spots, size_t *count, size_t *capacity,
                         uint64_t last_at, uint64_t at,
                         const wf_ledger_state *state) WEFT_MUST_CHECK;

// The key of a group, or that it is forgotten. Takes the state lock.
weft_status wf_ledger_group_key(wf_ledger *ledger, const wf_ledger_group *group,
                                const wf_key **ret, bool *ret_forgotten,
                                weft_error *error) WEFT_MUST_CHECK;
weft_status wf_ledger_envelope_key(wf_ledger *ledger, const wf_key **ret,
                                   weft_error *error) WEFT_MUST_CHECK;

// Cuts off the zeroes that were written ahead, durably; done when there are none.
weft_status wf_ledger_cut_ahead(wf_ledger *ledger, weft_error *error) WEFT_MUST_CHECK;

// Finds the files and where they end; cuts off a torn tail (ledger/open.c).
weft_status wf_ledger_find_end(wf_ledger *ledger, weft_error *error) WEFT_MUST_CHECK;
void wf_ledger_drop_cache(wf_ledger *ledger); // wipes; the reading lock is held

#endif
