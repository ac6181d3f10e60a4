// The key ring of a city: one random key a (class, day), and the memory of what
// was destroyed.
//
// Forget law (DESIGN §3): what must be forgotten is sealed under a key of its
// own; forgetting destroys the key. The ring is one file, <city>/keys/ring,
// sealed under the city key. The city key is not in the city's folder: it is
// derived from a 0600 file <key dir>/<city id> and, where the service manager
// gives one, a credential. Each destruction writes a new ring under a new city
// key, so that an old copy of the ring opens nothing.
//
// Threads: looking up, making and committing may run in parallel (a lock inside);
// everything that destroys keys is for one thread alone, while nothing else runs.
#ifndef WF_KEYS_RING_H
#define WF_KEYS_RING_H

#include "base/io.h"
#include "base/time.h"
#include "model/keep.h"

#define WF_KEY_BYTES 32

// What kind of thing a key seals. Values are stored: never renumber.
typedef enum {
    WF_KEY_VISITS = 1,     // day file, delta, tail, spill and refused rows of a day
    WF_KEY_DICTIONARY = 2, // external ids; a new key at each purge; day number 0
    WF_KEY_REGISTER = 3,   // identifying columns; day number 0
    WF_KEY_REFUSED = 4,    // refused rows whose day could not be read; day of receipt
    WF_KEY_LEDGER = 5,     // envelopes of facts; never destroyed; day number 0
    WF_KEY_RECORDS = 6,    // pages of records.db; a new key at each making; a generation
    // Bodies of facts by their day: 16 + number of the keeping class.
    WF_KEY_BODIES = 16,
    WF_KEY_CLASS_COUNT = WF_KEY_BODIES + WF_KEEP_END
} wf_key_class;

static inline wf_key_class wf_key_class_of(wf_keep keep)
{
    return (wf_key_class)(WF_KEY_BODIES + (int)keep);
}

// Lives in locked memory owned by the ring; valid until the ring is closed or
// the key is forgotten. Cannot be printed by accident: opaque outside keys/.
typedef struct wf_key wf_key;

typedef struct wf_keys wf_keys;

typedef struct {
    const wf_io *io;
    const char *city_dir;   // the ring is <city_dir>/keys/ring
    const char *key_dir;    // NULL: WEFT_KEY_DIR is resolved by the caller, see
                            // wf_keys_default_dir
    const char *credential; // path of a credential file, or NULL
} wf_keys_options;

// The folder of city keys when none is named: $WEFT_KEY_DIR, else
// $XDG_STATE_HOME/weft, else ~/.local/state/weft. "keys.no_home" when none is set.
weft_status wf_keys_default_dir(wf_path *ret, weft_error *error) WEFT_MUST_CHECK;

// Makes ring and city key for a new city. city_id: 32 hex digits, random.
// An existing ring or key file is WEFT_CONFLICT and is left alone.
weft_status wf_keys_create(const wf_keys_options *options, const char *city_id,
                           weft_error *error) WEFT_MUST_CHECK;

// Opens the ring; finishes an interrupted change of city key first.
// Missing key file: WEFT_KEYLESS; readable by others: WEFT_NOT_ALLOWED;
// ring that does not authenticate: WEFT_DAMAGED.
weft_status wf_keys_open(const wf_keys_options *options, const char *city_id,
                         wf_keys **ret, weft_error *error) WEFT_MUST_CHECK;
void wf_keys_close(wf_keys *keys); // wipes; NULL does nothing

// ---- rings of memory: they are never written, so nothing of them is committed ----

// Reads the ring and changes nothing, whoever owns it. Errors as wf_keys_open.
weft_status wf_keys_read(const wf_keys_options *options, const char *city_id,
                         wf_keys **ret, weft_error *error) WEFT_MUST_CHECK;
// As wf_keys_forget_before, in memory.
void wf_keys_leave_out(wf_keys *keys, wf_key_class key_class, weft_day before);
// Makes the ring of a city folder from one of memory, under a new city key, and opens it.
// An existing ring or key file is WEFT_CONFLICT and is left alone; on failure nothing is
// left.
weft_status wf_keys_create_from(const wf_keys_options *options, const char *city_id,
                                const wf_keys *from, wf_keys **ret,
                                weft_error *error) WEFT_MUST_CHECK;
// Removes the ring and the city key of a city that is not to be; close it then.
void wf_keys_unmake(wf_keys *keys);

// The key of (class, day). None: WEFT_KEYLESS. Destroyed: WEFT_FORGOTTEN.
weft_status wf_keys_find(const wf_keys *keys, wf_key_class key_class, weft_day day,
                         const wf_key **ret, weft_error *error) WEFT_MUST_CHECK;

// The key of (class, day), made if there is none yet. A new key is in memory
// only until wf_keys_commit: seal nothing that must be kept before that.
// Destroyed: WEFT_FORGOTTEN (a forgotten day never gets a new key, except
// class DICTIONARY, whose key is renewed by wf_keys_renew).
weft_status wf_keys_make(wf_keys *keys, wf_key_class key_class, weft_day day,
                         const wf_key **ret, weft_error *error) WEFT_MUST_CHECK;

// Makes new keys durable (ring rewritten in place of the old one).
weft_status wf_keys_commit(wf_keys *keys, weft_error *error) WEFT_MUST_CHECK;
// True while the file may not hold, durably, all that memory does: keys made, a mark, the
// rest of a destruction. Whoever names something sealed asks, not only who made the key:
// it may be another's, from a delivery that was given up.
bool wf_keys_commit_due(const wf_keys *keys);

// True if (class, day) was destroyed, or lies before the class's forgotten-before day.
bool wf_keys_is_forgotten(const wf_keys *keys, wf_key_class key_class, weft_day day);
// All days before this one are forgotten for the class, whether or not they ever
// had a key; INT32_MIN when nothing was forgotten.
weft_day wf_keys_forgotten_before(const wf_keys *keys, wf_key_class key_class);

// Destroys the keys of all days before `before` in the class in one step: new ring under
// a new city key, then the old city key and ring are overwritten and unlinked. Durable
// when it returns WEFT_OK; on failure either all keys are as they were or all are gone:
// call it again (or open the ring again) to finish. *ret_destroyed counts the keys
// destroyed by this call. Not for LEDGER: what came is never forgotten.
weft_status wf_keys_forget_before(wf_keys *keys, wf_key_class key_class, weft_day before,
                                  size_t *ret_destroyed,
                                  weft_error *error) WEFT_MUST_CHECK;

// A second dictionary key beside the present one (day number = generation).
// The caller writes the new dictionary under it, then forgets the old
// generation with wf_keys_forget_before(WF_KEY_DICTIONARY, generation).
weft_status wf_keys_renew(wf_keys *keys, wf_key_class key_class, weft_day *ret_generation,
                          const wf_key **ret, weft_error *error) WEFT_MUST_CHECK;

// Days that have a key of the class, ascending; *ret in the arena.
weft_status wf_keys_days(const wf_keys *keys, wf_key_class key_class, wf_arena *arena,
                         weft_day **ret, size_t *ret_count,
                         weft_error *error) WEFT_MUST_CHECK;

// Days that once had a key that was destroyed, ascending; *ret in the arena. Only VISITS
// and REFUSED remember; the others' day numbers are generations.
weft_status wf_keys_destroyed_days(const wf_keys *keys, wf_key_class key_class,
                                   wf_arena *arena, weft_day **ret, size_t *ret_count,
                                   weft_error *error) WEFT_MUST_CHECK;

// A number that the visit store keeps in the ring: the generation of the newest
// manifest it has committed, so that an older one put back is noticed. It never
// falls; durable with the next wf_keys_commit.
uint64_t wf_keys_marked(const wf_keys *keys);
void wf_keys_mark(wf_keys *keys, uint64_t mark);

// Where the ledger stood: the commits it had, and its link after them, so that a ledger
// that was cut or replaced by an older copy is noticed. Never falls; durable with the
// next wf_keys_commit. No commits: all zeroes.
#define WF_KEYS_LINK_BYTES 32
typedef struct {
    uint64_t commits;
    unsigned char link[WF_KEYS_LINK_BYTES];
} wf_keys_ledger;
wf_keys_ledger wf_keys_ledger_marked(const wf_keys *keys);
void wf_keys_mark_ledger(wf_keys *keys, const wf_keys_ledger *mark);

// Fuzz target: reads a ring's plain content (after opening) from hostile bytes.
weft_status wf_keys_parse(wf_text plain, wf_keys **ret,
                          weft_error *error) WEFT_MUST_CHECK;

#endif
