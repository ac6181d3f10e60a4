// The city key: what the ring is sealed under. Only for files of src/keys.
//
//   <key dir>/<city id>        the share: 32 random bytes, mode 0600
//   <key dir>/<city id>.next   the share of a change under way
//
// Without a credential the wrapping key is the share. With one it is
// BLAKE2b-256(key = BLAKE2b-256(credential), message = share), so that changing
// the share makes old rings unreadable also to whoever keeps the credential.
//
// Change of city key, safe at any point: (1) write and sync .next; (2) the caller
// puts a ring in place that is sealed under it: the commit; (3) the old share is
// overwritten and .next renamed over it. On opening the ring is tried under the
// share, then under .next; whichever opens it is the city key and the other goes.
#ifndef WF_KEYS_CITY_KEY_H
#define WF_KEYS_CITY_KEY_H

#include "keys/key.h"

// A share and the wrapping key made from it.
typedef struct {
    unsigned char share[WF_KEY_BYTES];
    wf_key wrap;
} wf_city_secret;

typedef struct {
    const wf_io *io;
    wf_path folder;
    wf_path share_path;
    wf_path next_path;
    bool has_credential;
    // In locked memory, of one allocation.
    wf_city_secret *current;
    wf_city_secret *next;
    unsigned char *credential; // hash of the credential
} wf_city_key;

// Resolves paths and reads the credential; no share is loaded yet.
weft_status wf_city_key_init(wf_city_key *key, const wf_keys_options *options,
                             const char *city_id, weft_error *error) WEFT_MUST_CHECK;
void wf_city_key_done(wf_city_key *key); // wipes

// Loads the share at `path` (share_path or next_path) into `current`.
// Missing: WEFT_KEYLESS; readable by others: WEFT_NOT_ALLOWED; of another size:
// WEFT_DAMAGED.
weft_status wf_city_key_load(wf_city_key *key, const wf_path *path,
                             weft_error *error) WEFT_MUST_CHECK;

// Draws the share of a new city into `current` and writes it to share_path. An
// existing file is WEFT_CONFLICT and left alone.
weft_status wf_city_key_create(wf_city_key *key, weft_error *error) WEFT_MUST_CHECK;

// Step 1 above: draws a share into `next` and writes it to next_path.
weft_status wf_city_key_draw_next(wf_city_key *key, weft_error *error) WEFT_MUST_CHECK;

// After the commit of step 2: `next` becomes `current` in memory.
void wf_city_key_adopt_next(wf_city_key *key);

// Step 3 above; may be repeated until it succeeds.
weft_status wf_city_key_promote(const wf_city_key *key,
                                weft_error *error) WEFT_MUST_CHECK;

// Overwrites and unlinks a file; a missing one is fine.
weft_status wf_city_key_shred(const wf_io *io, const char *path,
                              weft_error *error) WEFT_MUST_CHECK;

#endif
