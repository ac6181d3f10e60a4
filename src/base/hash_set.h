// A set of 64-bit hashes that grows: what has been met before?
//
// Method: open addressing with at least a quarter of the slots free; 8 bytes a slot.
// Hashes are taken to be evenly spread (wf_hash), so that their low bits choose the slot.
#ifndef WF_BASE_HASH_SET_H
#define WF_BASE_HASH_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Zero-initialised means empty.
typedef struct {
    uint64_t *slots; // 0: free
    size_t slots_count, count;
    bool has_zero; // the hash 0, which no slot can hold
} wf_hash_set;

bool wf_hash_set_has(const wf_hash_set *set, uint64_t hash);
// Adding what is there does nothing. False: no memory, the set is as it was.
bool wf_hash_set_add(wf_hash_set *set, uint64_t hash);
void wf_hash_set_done(wf_hash_set *set); // leaves it empty

#endif
