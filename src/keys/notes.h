// What the ring remembers besides keys and marks: copies of it that were given out,
// cities restored from it, and the newest backup. They stand in the ring so that they are
// there, or not, together with the keys they are about.
//
// Threads: as ring.h says of making keys.
#ifndef WF_KEYS_NOTES_H
#define WF_KEYS_NOTES_H

#include "keys/ring.h"

#define WF_KEYS_ID_BYTES 16
#define WF_KEYS_NAME_BYTES 72
#define WF_KEYS_PUBLIC_BYTES 32

// ---- copies ----

typedef enum { WF_COPY_OUT = 0, WF_COPY_RETURNED = 1, WF_COPY_DESTROYED = 2 } wf_copy_end;

// A copy of the ring, sealed for somebody.
typedef struct {
    unsigned char id[WF_KEYS_ID_BYTES];
    weft_time made;
    weft_day until; // the day by which it must be destroyed
    wf_copy_end end;
    weft_time ended;                    // WF_TIME_NONE while it is out
    char recipient[WF_KEYS_NAME_BYTES]; // ended by NUL
    unsigned char public_key[WF_KEYS_PUBLIC_BYTES];
} wf_keys_copy;

// All that were ever made, the oldest first; valid until one is added.
size_t wf_keys_copies(const wf_keys *keys, const wf_keys_copy **ret);
// Durable with the next wf_keys_commit, as all changes here.
weft_status wf_keys_add_copy(wf_keys *keys, const wf_keys_copy *copy,
                             weft_error *error) WEFT_MUST_CHECK;
// Takes the newest back, whose file was never made.
void wf_keys_drop_copy(wf_keys *keys);
// False: there is none of this id.
bool wf_keys_end_copy(wf_keys *keys, const unsigned char id[WF_KEYS_ID_BYTES],
                      wf_copy_end end, weft_time at) WEFT_MUST_CHECK;

// ---- backups and restorations ----

typedef struct {
    unsigned char id[WF_KEYS_ID_BYTES]; // zeroes: there was none
    weft_time at;                       // when it was begun
    uint64_t commits;                   // of the ledger in it
} wf_keys_backup;
wf_keys_backup wf_keys_last_backup(const wf_keys *keys);
void wf_keys_note_backup(wf_keys *keys, const wf_keys_backup *backup);

// A city was made from a backup and a ring that knew of more than the backup holds: the
// one way in which marks fall.
typedef struct {
    unsigned char backup[WF_KEYS_ID_BYTES];
    weft_time at, backed_up;
    wf_keys_ledger old_ledger, new_ledger;
    uint64_t old_visits, new_visits;
} wf_keys_restored;
size_t wf_keys_restorations(const wf_keys *keys, const wf_keys_restored **ret);
// Sets the marks to the new ones of *restored, which are what the backup holds; fills the
// old ones in, and remembers it. Its backup is the newest from then on.
weft_status wf_keys_set_back(wf_keys *keys, wf_keys_restored *restored,
                             weft_error *error) WEFT_MUST_CHECK;

#endif
