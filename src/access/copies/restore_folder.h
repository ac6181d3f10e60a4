// The folder of a city that is being restored. Only for restore.c.
//
// <dir>/restoring, one line: the id of the backup, 32 hex digits, and how far it is:
//
//   copying   files come out of the backup; begun anew when it was cut off
//   opening   all files are there; what is due is being forgotten, all is being checked
//
// The line goes when the city is whole.
#ifndef WF_ACCESS_COPIES_RESTORE_FOLDER_H
#define WF_ACCESS_COPIES_RESTORE_FOLDER_H

#include "access/copies/bundle.h"

typedef enum { WF_RESTORE_COPYING, WF_RESTORE_OPENING } wf_restore_phase;

// Makes the folder, or takes an empty one, or finds it as an earlier call for the same
// backup left it. Any other: WEFT_CONFLICT ("restore.exists").
weft_status wf_restore_claim(const wf_io *io, const char *dir,
                             const unsigned char backup[WF_KEYS_ID_BYTES],
                             wf_restore_phase *ret, weft_error *error) WEFT_MUST_CHECK;
// Durable.
weft_status wf_restore_note(const wf_io *io, const char *dir,
                            const unsigned char backup[WF_KEYS_ID_BYTES],
                            wf_restore_phase phase, weft_error *error) WEFT_MUST_CHECK;
// Takes the line away: the city is whole.
weft_status wf_restore_done(const wf_io *io, const char *dir,
                            weft_error *error) WEFT_MUST_CHECK;

// Makes the folders that files of a backup go to, empty.
weft_status wf_restore_empty(const wf_io *io, const char *dir,
                             weft_error *error) WEFT_MUST_CHECK;
// One file out of the parcel: written, synced. Of weft.yaml the line `records` is left
// out: *ret_records is set when there was one.
weft_status wf_restore_file(const wf_io *io, const char *dir, wf_parcel_reader *from,
                            const wf_bundle_entry *entry, bool *ret_records,
                            weft_error *error) WEFT_MUST_CHECK;
// Names of all files durable.
weft_status wf_restore_sync(const wf_io *io, const char *dir,
                            weft_error *error) WEFT_MUST_CHECK;
// Removes the folder and all that a restore puts into it.
void wf_restore_remove(const wf_io *io, const char *dir);

#endif
