// A sealed segment on disk (visits/2021-12-11.day, ….delta). The layout is drawn at
// the top of day_file.c: a header in plain, then the content sealed in numbered pieces
// of 256 KiB under the day's key, so that pieces open in parallel.
//
// The header holds day, generation, sizes, the nonce and a hash over the tags of all
// pieces; its own BLAKE2b-256 is what the manifest keeps, so that a stale or swapped
// file is told from the right one before anything is unsealed.
#ifndef WF_VISITS_DAY_FILE_H
#define WF_VISITS_DAY_FILE_H

#include "base/io.h"
#include "keys/ring.h"
#include "visits/segment.h"

#define WF_DAY_FILE_HASH_BYTES 32
typedef struct {
    unsigned char bytes[WF_DAY_FILE_HASH_BYTES];
} wf_day_file_hash;

// Writes and syncs a new file at `path` (replacing one left over there); the folder is
// the caller's to sync. *ret_hash is the hash of its header.
weft_status wf_day_file_write(const wf_io *io, const char *path, const wf_key *key,
                              weft_day day, uint64_t generation, wf_text content,
                              unsigned threads, wf_day_file_hash *ret_hash,
                              uint64_t *ret_size, weft_error *error) WEFT_MUST_CHECK;

// Reads, authenticates and unseals. `expected` is what the manifest says. A file that is
// missing, cut, flipped, swapped or stale is WEFT_DAMAGED ("visits.day_file_damaged",
// with `reason` in the parameters telling which).
weft_status wf_day_file_read(const wf_io *io, const char *path, const wf_key *key,
                             weft_day day, uint64_t generation,
                             const wf_day_file_hash *expected, unsigned threads,
                             wf_segment_bytes *ret, weft_error *error) WEFT_MUST_CHECK;

// Checks the header alone against `expected`, without a key: what `keyless` needs to be
// told from `damaged`.
weft_status wf_day_file_check(const wf_io *io, const char *path, weft_day day,
                              uint64_t generation, const wf_day_file_hash *expected,
                              weft_error *error) WEFT_MUST_CHECK;

#endif
