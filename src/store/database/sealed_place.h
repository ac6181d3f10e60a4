// What the connections of this process to one database file share: SQLite's locks, and
// the index of the log. Both are on the heap: a city's folder belongs to one process, so
// no other needs to see them.
//
// A place is found by the file itself (device and inode), in a list that SQLite keeps for
// us (its list of file systems), so that there is no variable of our own for it.
//
// A log that begins again and one that is moved into the file exclude each other here.
// SQLite before 3.51.3 lets them meet (its "WAL-reset bug", sqlite.org/wal.html): who moves
// the log has read how long it is, a commit begins it again, and then frames are taken
// for moved that were not, so that readers see older pages, or half a page, and the next
// round loses them. A commit that finds the log being moved goes on behind its end.
//
// Threads: all functions may run in parallel; a place has its own lock.
#ifndef WF_STORE_SEALED_PLACE_H
#define WF_STORE_SEALED_PLACE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <sys/types.h>

typedef struct wf_place wf_place;

// Part of one connection: which locks it holds.
typedef struct {
    int level; // SQLITE_LOCK_…
    unsigned shared;
    unsigned exclusive; // a bit a lock of the log's index
    bool mapped;        // uses the index
} wf_place_hold;

// The place of a file, made if this process has none; NULL: no memory.
wf_place *wf_place_enter(dev_t device, ino_t file);
// The hold must be empty.
void wf_place_leave(wf_place *place);

// SQLITE_OK, or SQLITE_BUSY at once. Levels as xLock and xUnlock have them.
int wf_place_lock(wf_place *place, wf_place_hold *hold, int level);
void wf_place_unlock(wf_place *place, wf_place_hold *hold, int level);
bool wf_place_is_reserved(wf_place *place);

// Region `number` of the log's index, zeroed when new. SQLITE_OK with NULL when there is
// none and `extend` is false.
int wf_place_region(wf_place *place, wf_place_hold *hold, int number, int bytes,
                    bool extend, volatile void **ret);
// The last one out lets the index go.
void wf_place_unmap(wf_place *place, wf_place_hold *hold);
// As xShmLock; and what moves the log (SQLite's lock of checkpoints) and what lets it begin
// again (all marks of readers but that of those who need no log) are never of two at once.
int wf_place_index_lock(wf_place *place, wf_place_hold *hold, int first, int count,
                        int flags);
// What was written before by any thread is seen after.
void wf_place_barrier(wf_place *place);

#endif
