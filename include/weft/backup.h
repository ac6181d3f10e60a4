// Backups: a copy of a city in one file, without its keys; and cities made from one.
//
// What a backup holds, and how to live with it: docs/operating/backup.md.
#ifndef WEFT_BACKUP_H
#define WEFT_BACKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "weft/city.h"

#define WEFT_ID_TEXT_MAX 33 // 32 hex digits and NUL

// ---- making one ----

// A backup under way, as a job of steps: between two steps the owner of the city goes on
// writing, and what comes is not in the backup. Ledger and visits are those of one
// moment, when it was begun. Belongs to the city's thread, and is ended before the city
// is closed.
typedef struct weft_backup weft_backup;

typedef struct {
    char id[WEFT_ID_TEXT_MAX];
    weft_time at;            // when it was begun
    uint64_t commits, facts; // of the ledger in it
    char link[65];           // the chain's head, 64 hex digits
    uint64_t files, bytes;   // what is copied
} weft_backup_summary;

typedef struct {
    uint64_t bytes_done, bytes_all;
    bool copied; // all is in the file, durable: a step looks again and puts it in place
    bool placed; // it stands there; that becomes durable and is noted in the ring
    bool done;   // it is
} weft_backup_progress;

// Notes what is to be copied to `file`, which must not exist (WEFT_CONFLICT). Needs a
// file descriptor for each file of the city.
weft_status weft_backup_begin(weft_city *city, const char *file, weft_backup **ret,
                              weft_error *error) WEFT_MUST_CHECK;
// Copies about `bytes`, at least something. The file stands beside its place until all is
// in it. What was destroyed since the backup was begun must not be in it: a purge ends it
// with WEFT_CONFLICT ("backup.purged"), refused rows that were tried again with
// WEFT_CONFLICT ("backup.changed"): begin another. After a failure only the end is left.
weft_status weft_backup_step(weft_backup *backup, uint64_t bytes,
                             weft_backup_progress *ret,
                             weft_error *error) WEFT_MUST_CHECK;
// The same without the city: until all is copied, and then nothing until a step has put
// it in place; then it ends it. What has to be looked at in the city is left to a step,
// and so is the file's coming to its place. It may run on any thread while the city goes
// on, beside anything but the other functions of this backup.
weft_status weft_backup_copy(weft_backup *backup, uint64_t bytes,
                             weft_backup_progress *ret,
                             weft_error *error) WEFT_MUST_CHECK;
weft_backup_summary weft_backup_summary_of(const weft_backup *backup);
// Frees; removes what there is of a backup that is not done. NULL does nothing.
void weft_backup_end(weft_backup *backup);

// The newest backup that was made of the city: id, at, commits; id "" when there was
// none.
weft_backup_summary weft_backup_last(const weft_city *city);

// ---- making a city from one ----

// Zero-initialised means what stands in parentheses.
typedef struct {
    // Where the keys come from: a copy that weft_keys_export made, with the recipient's
    // secret; or the folder of a city whose ring and city key are still there.
    const char *ring;
    const char *key;             // NAME.key; for a copy
    const char *passphrase_file; // of NAME.key (none)
    weft_key_options ring_keys;  // of a folder's city key (the defaults)
    weft_key_options keys;       // where the new city's key goes (the defaults)
    bool without_visits; // facts alone, where the visits' keys are destroyed (false)
    unsigned threads;    // (all)
    // `all` 0: not known yet. May be NULL.
    void (*progress)(void *context, uint64_t bytes_done, uint64_t bytes_all);
    void (*found)(void *context, const weft_error *what); // of the check at its end
    void *context;
} weft_restore_options;

typedef struct {
    weft_backup_summary backup;
    char at_text[40];            // backup.at as the city's zone has it
    uint64_t days_forgotten;     // (class, day) pairs that were due and were left out
    uint64_t found;              // what is damaged
    bool records_were_elsewhere; // on PostgreSQL: now they are in the folder
} weft_restore_summary;

// Makes `dir`, which must not exist or be empty, from a backup. The city keeps its id and
// gets a new city key, whose file must not exist: another city of this id needs another
// key folder. What is due by now is forgotten before anything can be asked. May be cut
// off anywhere: until the same call has come to its end the folder does not open
// ("city.restoring"). Everything is read and checked at the end: WEFT_FOUND_WRONG when
// something is damaged, as weft_verify says it; the city is there all the same.
// Errors: WEFT_DAMAGED (the backup), WEFT_KEYLESS ("restore.ring_older": the ring lacks
// keys that the backup needs), WEFT_FORGOTTEN ("restore.visits_forgotten": a purge since
// the backup destroyed the key of the visits' ids), WEFT_CONFLICT. On these nothing is
// left behind.
weft_status weft_restore(const char *file, const char *dir,
                         const weft_restore_options *options, weft_restore_summary *ret,
                         weft_error *error) WEFT_MUST_CHECK;

// A restoration that made the city what it is: facts that came after `new_commits`, up to
// `old_commits` at least, were in the city until then and are not now.
typedef struct {
    char backup[WEFT_ID_TEXT_MAX];
    weft_time at, backed_up;
    uint64_t old_commits, new_commits;
    char old_link[65], new_link[65];
} weft_restoration;

// All of them, the oldest first.
void weft_restorations(const weft_city *city,
                       void (*each)(void *context, const weft_restoration *one),
                       void *context);

#endif
