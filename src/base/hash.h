// Fast hash of bytes for in-memory tables. Seeded, so that hostile ids cannot be
// chosen to collide; not for files, not for secrets.
#ifndef WF_BASE_HASH_H
#define WF_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t wf_hash(const void *bytes, size_t size, uint64_t seed);
// A fresh seed from the machine's entropy.
uint64_t wf_hash_seed(void);

#endif
