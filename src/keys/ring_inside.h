// What the files of the ring share: its memory and the form of its content. Only for
// files of src/keys.
//
// The content of <city>/keys/ring, once opened, little endian:
//
//   OFFSET SIZE
//   0      4    version, 3
//   4      4    number of entries n, at most 1,000,000
//   8      8    generation of the ring, rises by one with each writing
//   16     8    the mark of the visit store (wf_keys_mark)
//   24     8    the mark of the ledger: its commits (wf_keys_mark_ledger)
//   32     32   and its link after them
//   64     4×32 for class 1 … 32 the day before which all is forgotten; INT32_MIN: none
//   192    4    number of copies given out c, at most 4,096
//   196    4    number of restorations r, at most 4,096
//   200    16   the newest backup: its id; zeroes: none
//   216    8    when it was begun, µs UTC
//   224    8    commits of the ledger in it
//   232    40×n entries in order of (class, day), each pair once:
//               0  2  class
//               2  2  1 = destroyed (then the key is zeroes), else 0
//               4  4  day
//               8  32 key
//   …     144×c copies, as they were made (notes.h):
//               0  16 id
//               16 8  when it was made, µs UTC
//               24 4  day by which it must be destroyed
//               28 4  0 = out, 1 = returned, 2 = destroyed
//               32 8  when it ended; INT64_MIN: it is out
//               40 72 name of the recipient, filled up with zeroes
//               112 32 public key of the recipient
//   …     128×r restorations, the oldest first:
//               0  16 id of the backup
//               16 8  when it was restored   24  8  when the backup was begun
//               32 8  commits, 40  32  link: the mark of the ledger until then
//               72 8  commits, 80  32  link: the mark from then on
//              112 8  the mark of the visit store until then   120  8  from then on
//
// An entry marked destroyed remembers that its day once had something. Version 2 had
// nothing of backups, copies and restorations: its entries stood at 192, and nothing
// behind them. Version 1 had no mark of the ledger either and days of eight classes only:
// the days stood at 24, the entries at 56. Both are read, never written.
#ifndef WF_KEYS_RING_INSIDE_H
#define WF_KEYS_RING_INSIDE_H

#include <pthread.h>

#include "keys/city_key.h"
#include "keys/notes.h"

enum {
    wf_ring_classes_max = 32,
    wf_ring_context_bytes = 16 + 32, // the head of the file, the city id
};

// Keys never move while the ring is open, so they live in slabs.
typedef struct wf_ring_slab {
    struct wf_ring_slab *next;
    wf_key *keys; // sodium_malloc: locked where the limit allows, wiped when freed
    size_t used;
} wf_ring_slab;

typedef struct {
    wf_key_class key_class;
    weft_day day;
    wf_key *key; // NULL: destroyed
} wf_ring_entry;

struct wf_keys {
    wf_city_key city; // city.io is NULL for a ring that was only parsed
    wf_path folder;
    wf_path path;
    unsigned char context[wf_ring_context_bytes];
    pthread_mutex_t writing; // held while the file is written
    pthread_rwlock_t lock;   // of entries, days, mark, changes, backup; held for moments
    wf_ring_entry *entries;
    size_t count, capacity;
    int32_t forgotten_before[wf_ring_classes_max + 1]; // by class
    uint64_t generation;
    uint64_t mark;
    wf_keys_ledger ledger;
    wf_keys_backup backup; // the newest
    wf_keys_copy *copies;
    size_t copies_count, copies_capacity;
    wf_keys_restored *restored;
    size_t restored_count, restored_capacity;
    wf_ring_slab *slabs;
    bool promotion_due; // the ring is under a new city key whose file has not its name
    // Memory holds what the file does not, durably, while these two differ.
    uint64_t changes, written;
    bool unsure; // a write failed and could not be looked at: open the ring again
};

// What is left out when a ring is written: keys of the class before the day.
typedef struct {
    wf_key_class key_class;
    weft_day before;
} wf_ring_step;

// NULL: out of memory. Free with wf_keys_close.
wf_keys *wf_ring_new(void);

// Locking changes nothing that can be asked for.
void wf_ring_lock_shared(const wf_keys *keys);
void wf_ring_lock(const wf_keys *keys);
void wf_ring_unlock(const wf_keys *keys);

// Index of the first entry not before (class, day).
size_t wf_ring_lower_bound(const wf_keys *keys, wf_key_class key_class, weft_day day);
wf_ring_entry *wf_ring_find(const wf_keys *keys, wf_key_class key_class, weft_day day);
weft_status wf_ring_reserve(wf_keys *keys, weft_error *error) WEFT_MUST_CHECK;
// Room for one more is there; (class, day) is not.
void wf_ring_insert(wf_keys *keys, wf_ring_entry entry);
wf_key *wf_ring_key_new(wf_keys *keys); // NULL: out of memory

bool wf_ring_step_destroys(const wf_ring_step *step, const wf_ring_entry *entry);
// Days of people's visits are remembered when destroyed. Of the ledger's classes nobody
// asks, and generations of the others are not days.
bool wf_ring_remembers(wf_key_class key_class);

// Copies, restorations and the newest backup (ring_notes.c): their counts and the backup
// in the head, and what follows the entries.
enum { wf_ring_notes_at = 192, wf_ring_notes_bytes = 40 };
size_t wf_ring_notes_size(const wf_keys *keys); // behind the entries
void wf_ring_notes_print(const wf_keys *keys, unsigned char head[wf_ring_notes_bytes],
                         unsigned char *to);
// `behind` must be exactly what the counts in the head ask for; false also without
// memory.
bool wf_ring_notes_parse(wf_keys *keys, const unsigned char head[wf_ring_notes_bytes],
                         wf_text behind) WEFT_MUST_CHECK;
// Bytes behind the entries that the head asks for; false: more than there may be.
bool wf_ring_notes_expected(const unsigned char head[wf_ring_notes_bytes],
                            size_t *ret) WEFT_MUST_CHECK;

// Into a new ring; what breaks the form: WEFT_DAMAGED ("keys.ring_content").
weft_status wf_ring_parse(wf_keys *keys, wf_text plain,
                          weft_error *error) WEFT_MUST_CHECK;
// The content as it is after `step`. The caller wipes *ret.
weft_status wf_ring_print(const wf_keys *keys, const wf_ring_step *step, wf_buffer *ret,
                          weft_error *error) WEFT_MUST_CHECK;

#endif
