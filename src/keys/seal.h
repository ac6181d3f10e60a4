// Sealing: XChaCha20-Poly1305 by libsodium, for whole blobs and for files in
// numbered pieces that can be opened in parallel and in any order.
//
// Threads: all functions may run in parallel.
#ifndef WF_KEYS_SEAL_H
#define WF_KEYS_SEAL_H

#include "base/text.h"
#include "keys/ring.h"

#define WF_SEAL_TAG_BYTES 16
#define WF_SEAL_BLOB_OVERHEAD (24 + WF_SEAL_TAG_BYTES) // random nonce, tag
#define WF_SEAL_PIECE_NONCE_BYTES 16

// Appends nonce ‖ sealed ‖ tag to *ret. `context` is authenticated, not stored:
// a blob opened with another context fails (name the file and its purpose).
weft_status wf_seal_blob(const wf_key *key, wf_text context, wf_text plain,
                         wf_buffer *ret, weft_error *error) WEFT_MUST_CHECK;
// Appends the plain bytes to *ret. Wrong key, context or one flipped bit:
// WEFT_DAMAGED ("seal.damaged"), *ret untouched.
weft_status wf_open_blob(const wf_key *key, wf_text context, wf_text sealed,
                         wf_buffer *ret, weft_error *error) WEFT_MUST_CHECK;

// One piece: out has plain_size + WF_SEAL_TAG_BYTES bytes (may not overlap).
// The nonce is nonce16 ‖ piece number, so nonce16 must be fresh for each file
// and a piece in another place does not open.
void wf_seal_piece(const wf_key *key,
                   const unsigned char nonce16[WF_SEAL_PIECE_NONCE_BYTES], uint64_t piece,
                   wf_text context, const void *plain, size_t plain_size, void *out);
// False if it does not authenticate; then `out` holds nothing of use.
bool wf_open_piece(const wf_key *key,
                   const unsigned char nonce16[WF_SEAL_PIECE_NONCE_BYTES], uint64_t piece,
                   wf_text context, const void *sealed, size_t sealed_size,
                   void *out) WEFT_MUST_CHECK;

// A secret for another use, made from a key: BLAKE2b-256(key, purpose). The same key and
// purpose always give the same secret; it tells nothing of the key or of other secrets.
#define WF_SEAL_SECRET_BYTES 32
void wf_seal_derive(const wf_key *key, wf_text purpose,
                    unsigned char ret[WF_SEAL_SECRET_BYTES]);

// Fresh random bytes from the machine's generator.
void wf_random_bytes(void *bytes, size_t size);

#endif
