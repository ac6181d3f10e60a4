// SHA-1 and HMAC-SHA-1, for one-time codes alone (RFC 6238): authenticators of phones
// know no other. Its collisions do not reach an HMAC; nothing else may use it.
//
// Source: FIPS 180-4 §6.1, RFC 2104.
#ifndef WF_BASE_SHA1_H
#define WF_BASE_SHA1_H

#include <stddef.h>

#define WF_SHA1_BYTES 20

// HMAC-SHA-1 of a short message (at most 64 bytes) under a key of at most 64 bytes.
void wf_hmac_sha1(const void *key, size_t key_size, const void *message,
                  size_t message_size, unsigned char ret[WF_SHA1_BYTES]);

#endif
