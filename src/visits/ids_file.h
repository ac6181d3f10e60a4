// The dictionary on disk (visits/dictionary): sealed records, appended.
//
//   OFFSET SIZE
//   0      8    "WEFTDICT"
//   8      4    version, 1
//   12     4    generation of the dictionary's key
//   16     …    records, each: 4 bytes size s | s bytes: nonce ‖ sealed ‖ tag
//
// A record's content, about 1 MB, little endian:
//
//   0      4    class (0 persons, 1 places)
//   4      4    first number
//   8      4    how many numbers
//   12     …    for each: length byte (0: empty number), bytes
//
// Each record authenticates its position and the tag of the record before it, so
// that the tag of the last one, kept in the manifest, stands for the whole file.
// What lies behind the committed length comes from a delivery that was cut off:
// it is not read, and the next append overwrites it. Nonces are random, so that
// overwriting never seals two texts under one nonce.
//
// Only for files of src/visits.
#ifndef WF_VISITS_IDS_FILE_H
#define WF_VISITS_IDS_FILE_H

#include "keys/seal.h"
#include "visits/ids.h"

// What of the file is committed; kept in the manifest. All zero: no file yet.
typedef struct {
    uint64_t length; // bytes
    uint32_t records;
    int32_t generation; // of the dictionary's key
    uint32_t counts[WF_ID_CLASS_COUNT];
    unsigned char last_tag[WF_SEAL_TAG_BYTES];
} wf_ids_mark;

// Loads the committed part into empty `ids`. A file that is shorter, or does not
// open to what the mark says, is WEFT_DAMAGED ("visits.dictionary_damaged").
weft_status wf_ids_file_load(const wf_io *io, const char *path, const wf_key *key,
                             const wf_ids_mark *mark, unsigned threads, wf_ids *ids,
                             weft_error *error) WEFT_MUST_CHECK;

// Appends the numbers that are not in the mark yet and syncs; *mark then covers
// them. With a mark of length 0 the file is made anew (and the folder is the
// caller's to sync). On failure *mark is untouched and so is what it covers.
weft_status wf_ids_file_append(const wf_io *io, const char *path, const wf_key *key,
                               const wf_ids *ids, wf_ids_mark *mark,
                               weft_error *error) WEFT_MUST_CHECK;

#endif
