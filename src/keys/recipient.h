// For whom a copy of the ring is sealed: a key pair (X25519, libsodium's sealed boxes)
// whose secret half is kept offline, away from the city and from its backups.
//
// NAME.pub, text, three lines:
//
//   weft public key 1
//   name: county-office
//   key: 64 hex digits
//
// NAME.key, mode 0600, little endian:
//
//   OFFSET SIZE
//   0      8    "WEFTSKEY"
//   8      4    version, 1
//   12     4    flags: 1 = under a passphrase
//   16     32   the public key
//   48     32   the secret key                                       without flag 1
//   48     16   salt                                                 with flag 1
//   64     8    operations of Argon2id 1.3   72  8  its bytes of memory
//   80     72   nonce ‖ sealed secret key ‖ tag, under Argon2id(passphrase); bytes 0–79
//               are authenticated with it
//
// Threads: all functions may run in parallel.
#ifndef WF_KEYS_RECIPIENT_H
#define WF_KEYS_RECIPIENT_H

#include "base/io.h"
#include "keys/notes.h"

typedef struct {
    char name[WF_KEYS_NAME_BYTES]; // letters, digits, "-", "_", "."
    unsigned char key[WF_KEYS_PUBLIC_BYTES];
} wf_recipient;

// Draws a pair and writes <path>.key, then <path>.pub; neither may exist
// (WEFT_CONFLICT). The name is the last part of the path; what may not be in one:
// WEFT_BAD_USAGE ("keys.recipient_name"). passphrase empty: the secret lies open in its
// file. On failure neither file is left.
weft_status wf_recipient_new(const wf_io *io, const char *path, wf_text passphrase,
                             wf_recipient *ret, weft_error *error) WEFT_MUST_CHECK;

// Reads a .pub. Anything else: WEFT_BAD_INPUT ("keys.recipient_damaged").
weft_status wf_recipient_read(const wf_io *io, const char *path, wf_recipient *ret,
                              weft_error *error) WEFT_MUST_CHECK;
// The same from its text, which may be hostile.
bool wf_recipient_parse(wf_text text, wf_recipient *ret) WEFT_MUST_CHECK;

// The secret half, in locked memory.
typedef struct wf_recipient_secret wf_recipient_secret;

// Reads a .key. Readable by others: WEFT_NOT_ALLOWED; a passphrase that is missing or
// wrong: WEFT_NOT_ALLOWED ("keys.passphrase"); anything else that is amiss: WEFT_DAMAGED.
weft_status wf_recipient_open(const wf_io *io, const char *path, wf_text passphrase,
                              wf_recipient_secret **ret,
                              weft_error *error) WEFT_MUST_CHECK;
void wf_recipient_close(wf_recipient_secret *secret); // wipes; NULL does nothing

// ---- sealed boxes, for files of src/keys ----

#define WF_BOX_OVERHEAD (32 + 16)

// Appends plain_size + WF_BOX_OVERHEAD bytes to *ret.
weft_status wf_recipient_seal(const wf_recipient *to, wf_text plain, wf_buffer *ret,
                              weft_error *error) WEFT_MUST_CHECK;
// Appends the plain bytes to *ret. Not for this secret, or changed: WEFT_DAMAGED
// ("seal.damaged").
weft_status wf_recipient_unseal(const wf_recipient_secret *secret, wf_text sealed,
                                wf_buffer *ret, weft_error *error) WEFT_MUST_CHECK;

#endif
