// A copy of the ring, sealed for a recipient, little endian:
//
//   OFFSET SIZE
//   0      8    "WEFTCOPY"
//   8      4    version, 1
//   12     4    the day by which it must be destroyed
//   16     32   city id, hex digits
//   48     16   id of the copy
//   64     32   public key of the recipient
//   96     8    when it was made, µs UTC
//   104    72   name of the recipient, filled up with zeroes
//   176    …    sealed box for the recipient: BLAKE2b-256 of bytes 0–175 ‖ content of the
//               ring (ring_inside.h)
//
// The city key is not in it: whoever restores a city gets a new one. As long as the copy
// and the recipient's secret exist, what was forgotten since it was made is not forgotten
// for whoever holds both, and a backup of that time besides.
#ifndef WF_KEYS_COPY_FILE_H
#define WF_KEYS_COPY_FILE_H

#include "keys/recipient.h"

// Writes a new file, mode 0600, durable. An existing one is WEFT_CONFLICT and left alone.
weft_status wf_copy_write(const wf_io *io, const char *path, const char *city_id,
                          const wf_keys *keys, const wf_keys_copy *copy,
                          weft_error *error) WEFT_MUST_CHECK;

typedef struct {
    char city_id[33];
    wf_keys_copy copy;
} wf_copy_about;

// What the file says of itself, unproven. Anything else: WEFT_DAMAGED
// ("keys.copy_damaged").
weft_status wf_copy_parse_head(wf_text file, wf_copy_about *ret) WEFT_MUST_CHECK;
// Opens the copy into a ring of memory. For another recipient: WEFT_KEYLESS
// ("keys.copy_other"); cut or changed: WEFT_DAMAGED.
weft_status wf_copy_read(const wf_io *io, const char *path,
                         const wf_recipient_secret *secret, wf_copy_about *ret_about,
                         wf_keys **ret, weft_error *error) WEFT_MUST_CHECK;

#endif
