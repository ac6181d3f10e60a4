// What is in a backup: the stream inside its parcel (keys/parcel.h), little endian.
//
// Entries, one behind another: about, keys, then the files.
//
//   OFFSET SIZE
//   0      4    1 = about, 2 = keys, 3 = a file
//   4      4    bytes of the name, 0 but for a file
//   8      8    bytes of the content
//   16     …    name ‖ content
//
// Content of "about":
//
//   0      8    when the backup was begun, µs UTC
//   8      8    commits of the ledger   16  8  facts in it
//   24     8    time of receipt of the newest commit, µs UTC
//   32     32   its link
//   64     8    generation of the visit store
//   72     8    bytes of all files
//   80     4    number of files
//   84     4    zero
//
// Content of "keys": of each key of the ring that time, 4 bytes class, 4 bytes day, in
// rising order: so that a ring that is too old for the backup is told, whatever it lacks.
//
// A name is a path below the city's folder: weft.yaml, clock, keep or outlines.geojson;
// or that of a file in mappings/, ledger/, visits/ or refused/. Keys are in no backup, and
// records.db is not: it is made again.
#ifndef WF_ACCESS_COPIES_BUNDLE_H
#define WF_ACCESS_COPIES_BUNDLE_H

#include "keys/parcel.h"
#include "store/ledger/ledger.h"

enum {
    wf_bundle_entry_bytes = 16,
    wf_bundle_about_bytes = 88,
    wf_bundle_name_max = 96,
};

typedef enum {
    WF_BUNDLE_END = 0,
    WF_BUNDLE_ABOUT = 1,
    WF_BUNDLE_KEYS = 2,
    WF_BUNDLE_FILE = 3,
} wf_bundle_kind;

typedef struct {
    weft_time at;
    wf_ledger_head ledger;
    uint64_t visits; // generation
    uint64_t bytes;
    uint32_t files;
} wf_bundle_about;

typedef struct {
    wf_bundle_kind kind;
    char name[wf_bundle_name_max + 1];
    uint64_t size;
} wf_bundle_entry;

// ---- writing ----

weft_status wf_bundle_put_entry(wf_parcel_writer *to, wf_bundle_kind kind, wf_text name,
                                uint64_t size, weft_error *error) WEFT_MUST_CHECK;
weft_status wf_bundle_put_about(wf_parcel_writer *to, const wf_bundle_about *about,
                                weft_error *error) WEFT_MUST_CHECK;
weft_status wf_bundle_put_keys(wf_parcel_writer *to, const wf_keys *keys,
                               weft_error *error) WEFT_MUST_CHECK;

// ---- reading ----

// A key that a backup needs.
typedef struct {
    wf_key_class key_class;
    weft_day day;
} wf_bundle_key;

// Whether a file of a backup may be called so.
bool wf_bundle_is_name(wf_text name);
// The next entry; its content is read from the parcel. END: the parcel has ended, whole.
// What breaks the form: WEFT_DAMAGED ("backup.content").
weft_status wf_bundle_next(wf_parcel_reader *from, wf_bundle_entry *ret,
                           weft_error *error) WEFT_MUST_CHECK;
// The first two entries, which must be there; keys in the arena.
weft_status wf_bundle_open(wf_parcel_reader *from, wf_arena *arena, wf_bundle_about *ret,
                           wf_bundle_key **ret_keys, size_t *ret_count,
                           weft_error *error) WEFT_MUST_CHECK;

#endif
