// The manifest of the visit store: what is committed. Only for files of src/visits.
//
// visits/manifest, little endian:
//
//   OFFSET SIZE
//   0      8    "WEFTMANI"
//   8      4    version, 2; of version 1 (no stated files) it is read too
//   12     4    generation of the dictionary's key, under which the rest is sealed
//   16     …    nonce ‖ sealed content ‖ tag; bytes 0–15 are authenticated with it
//
// Content:
//
//   0      8    generation, rises by one with each commit
//   8      4    flags: 1 = ids of forgotten days may still be in the dictionary,
//                      2 = a note stands at the end
//   12     4    number of days n
//   16     8    dictionary: committed bytes
//   24     4    … records
//   28     4    … persons
//   32     4    … places
//   36     16   … tag of its last record
//   52     8    how far in the ledger the deaths of stated visits are known (stated.h);
//               not in version 1
//   60     …    n days in rising order, each:
//                 0  4  day
//                 4  4  the second of the day that its newest row reaches, of all slots
//                       but the stated one
//                 8  2  slots that hold a file, a bit each; 1 byte in version 1
//                10  2  slots whose file an earlier commit left to be unlinked; likewise
//                12  …  for each slot in use: generation 8, bytes 8, visits 8,
//                       encounters 8, hash of the file's header 32
//                 …  …  if the stated slot is in use: the generation through which its
//                       entries count 8, the instant that the newest row of those that
//                       live reaches 8, how many days its rows go on after this one 4
//   …      …    the note: size 4, bytes
//
// It is sealed under the dictionary's key because both are replaced together at a
// purge, because the number of rows of a day is nobody's business, and because whoever
// can change files but has no key cannot make one. That it is not an old copy is told
// by the ring: wf_keys_marked is the generation of the newest manifest that was
// committed, and an older one is refused.
#ifndef WF_VISITS_MANIFEST_H
#define WF_VISITS_MANIFEST_H

#include "visits/day_file.h"
#include "visits/ids_file.h"

// Files of a day: the day file, deltas, the tail, the table of what was stated. More than
// one delta exists only where one was damaged when new rows came.
enum {
    WF_SLOT_DAY = 0,
    WF_SLOT_DELTA = 1,
    WF_SLOT_DELTA_LAST = 6,
    WF_SLOT_TAIL = 7,
    WF_SLOT_STATED = 8,
    WF_SLOT_COUNT = 9
};

typedef struct {
    uint64_t generation; // of the manifest that first named it; 0: no file
    // Bytes; of the tail, which grows without a commit, those that were acknowledged by
    // then.
    uint64_t size;
    uint64_t visits, encounters;
    wf_day_file_hash hash; // of the header
} wf_manifest_file;

// Of a day's stated file; zero where there is none.
typedef struct {
    uint64_t counted; // entries of this generation and before are known to the ledger
    weft_time newest; // that a row of a live, counted entry reaches; WF_TIME_NONE: none
    uint32_t reach;   // days after its own on which entries have rows
} wf_manifest_stated;

typedef struct {
    weft_day day;
    uint32_t newest_s; // of all files but the stated one
    uint16_t doomed;   // bits of slots; never of a slot in use
    wf_manifest_file files[WF_SLOT_COUNT];
    wf_manifest_stated stated;
} wf_manifest_day;

typedef struct {
    uint64_t generation;
    bool ids_due; // ids of forgotten days may still be in the dictionary
    wf_ids_mark ids;
    uint64_t life_position; // stated.h
    wf_manifest_day *days;  // ascending
    size_t count, capacity;
    wf_buffer note; // of the newest delivery, until it is dropped (visits.h)
} wf_manifest;

#define WF_MANIFEST_BYTES_MAX (1 << 26)

void wf_manifest_done(wf_manifest *manifest);

// NULL if the manifest does not name the day.
wf_manifest_day *wf_manifest_find(const wf_manifest *manifest, weft_day day);
// Finds or adds; pointers to other days are invalid afterwards.
weft_status wf_manifest_add(wf_manifest *manifest, weft_day day, wf_manifest_day **ret,
                            weft_error *error) WEFT_MUST_CHECK;
// Leaves out the days before `before`.
void wf_manifest_drop_before(wf_manifest *manifest, weft_day before);
weft_status wf_manifest_copy(const wf_manifest *from, wf_manifest *ret,
                             weft_error *error) WEFT_MUST_CHECK;

// Appends the whole file to *ret, sealed under `key`.
weft_status wf_manifest_print(const wf_manifest *manifest, const wf_key *key,
                              wf_buffer *ret, weft_error *error) WEFT_MUST_CHECK;
// Reads the whole file. The dictionary's key is found in the ring by the generation in
// the head: WEFT_KEYLESS when the ring has none. Cut, changed or malformed:
// WEFT_DAMAGED ("visits.manifest_damaged"); older than the ring's mark: WEFT_DAMAGED
// ("visits.manifest_stale").
weft_status wf_manifest_read(wf_text file, const char *path, const wf_keys *keys,
                             wf_manifest *ret, weft_error *error) WEFT_MUST_CHECK;

#endif
