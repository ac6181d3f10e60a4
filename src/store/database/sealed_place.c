#include "store/database/sealed_place.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"

struct wf_place {
    sqlite3_vfs entry; // in SQLite's list: its name is the file's, its data the place
    char name[64];
    unsigned users; // under SQLite's lock for applications

    pthread_mutex_t lock; // all below
    unsigned readers;     // connections at SHARED or above
    const wf_place_hold *reserved, *exclusive;
    unsigned mapped;
    void **regions;
    int regions_count;
    int index_readers[SQLITE_SHM_NLOCK];
    bool index_writer[SQLITE_SHM_NLOCK];
    const wf_place_hold *begins_again; // who lets the log begin again
};

// Locks of the log's index, as SQLite numbers them: the checkpoint's, and the first of
// the readers' marks that whoever lets the log begin again takes all at once.
enum { checkpoint_slot = 1, first_mark = 4, marks = SQLITE_SHM_NLOCK - first_mark };

// ---- the list ----

static int refuse_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                       int *ret_flags)
{
    (void)vfs;
    (void)name;
    (void)flags;
    (void)ret_flags;
    file->pMethods = NULL;
    return SQLITE_CANTOPEN;
}

static wf_place *make(const char *name)
{
    wf_place *place = calloc(1, sizeof *place);
    if (place == NULL)
        return NULL;
    memcpy(place->name, name, sizeof place->name);
    place->entry = (sqlite3_vfs){.iVersion = 1,
                                 .szOsFile = sizeof(sqlite3_file),
                                 .mxPathname = 1,
                                 .zName = place->name,
                                 .pAppData = place,
                                 .xOpen = refuse_open};
    if (sqlite3_vfs_register(&place->entry, 0) != SQLITE_OK) {
        free(place);
        return NULL;
    }
    WF_ASSERT(pthread_mutex_init(&place->lock, NULL) == 0);
    return place;
}

wf_place *wf_place_enter(dev_t device, ino_t file)
{
    char name[sizeof((wf_place *)0)->name] = "";
    int size = snprintf(name, sizeof name, "weft place %" PRIuMAX ":%" PRIuMAX,
                        (uintmax_t)device, (uintmax_t)file);
    WF_ASSERT(size > 0 && (size_t)size < sizeof name);
    if (sqlite3_initialize() != SQLITE_OK)
        return NULL;
    sqlite3_mutex *list = sqlite3_mutex_alloc(SQLITE_MUTEX_STATIC_APP1);
    sqlite3_mutex_enter(list);
    sqlite3_vfs *found = sqlite3_vfs_find(name);
    wf_place *place = found != NULL ? found->pAppData : make(name);
    if (place != NULL)
        place->users++;
    sqlite3_mutex_leave(list);
    return place;
}

static void drop_regions(wf_place *place)
{
    for (int i = 0; i < place->regions_count; i++)
        free(place->regions[i]);
    free(place->regions);
    place->regions = NULL;
    place->regions_count = 0;
}

void wf_place_leave(wf_place *place)
{
    sqlite3_mutex *list = sqlite3_mutex_alloc(SQLITE_MUTEX_STATIC_APP1);
    sqlite3_mutex_enter(list);
    bool last = --place->users == 0;
    if (last)
        WF_IGNORE(sqlite3_vfs_unregister(&place->entry) != SQLITE_OK,
                  "taking an entry out of a list cannot fail");
    sqlite3_mutex_leave(list);
    if (!last)
        return;
    drop_regions(place);
    WF_ASSERT(pthread_mutex_destroy(&place->lock) == 0);
    free(place);
}

// ---- locks of the file ----

static void enter(wf_place *place)
{
    WF_ASSERT(pthread_mutex_lock(&place->lock) == 0);
}

static void leave(wf_place *place)
{
    WF_ASSERT(pthread_mutex_unlock(&place->lock) == 0);
}

// Whether the others leave room for a lock of this level.
static bool is_free(const wf_place *place, const wf_place_hold *hold, int level)
{
    if (place->exclusive != NULL && place->exclusive != hold)
        return false;
    if (level >= SQLITE_LOCK_RESERVED && place->reserved != NULL &&
        place->reserved != hold)
        return false;
    unsigned others = place->readers - (hold->level >= SQLITE_LOCK_SHARED);
    return level < SQLITE_LOCK_EXCLUSIVE || others == 0;
}

int wf_place_lock(wf_place *place, wf_place_hold *hold, int level)
{
    if (hold->level >= level)
        return SQLITE_OK;
    enter(place);
    bool free_now = is_free(place, hold, level);
    if (free_now) {
        place->readers += hold->level == SQLITE_LOCK_NONE;
        if (level >= SQLITE_LOCK_RESERVED)
            place->reserved = hold;
        if (level == SQLITE_LOCK_EXCLUSIVE)
            place->exclusive = hold;
        hold->level = level;
    }
    leave(place);
    return free_now ? SQLITE_OK : SQLITE_BUSY;
}

void wf_place_unlock(wf_place *place, wf_place_hold *hold, int level)
{
    if (hold->level <= level)
        return;
    enter(place);
    if (place->exclusive == hold)
        place->exclusive = NULL;
    if (place->reserved == hold)
        place->reserved = NULL;
    place->readers -= level == SQLITE_LOCK_NONE;
    hold->level = level;
    leave(place);
}

bool wf_place_is_reserved(wf_place *place)
{
    enter(place);
    bool reserved = place->reserved != NULL;
    leave(place);
    return reserved;
}

// ---- the index of the log ----

static int grow(wf_place *place, int number, int bytes)
{
    void **regions =
        realloc(place->regions, ((size_t)number + 1) * sizeof *place->regions);
    if (regions == NULL)
        return SQLITE_NOMEM;
    place->regions = regions;
    while (place->regions_count <= number) {
        void *region = calloc(1, (size_t)bytes);
        if (region == NULL)
            return SQLITE_NOMEM;
        regions[place->regions_count++] = region;
    }
    return SQLITE_OK;
}

int wf_place_region(wf_place *place, wf_place_hold *hold, int number, int bytes,
                    bool extend, volatile void **ret)
{
    int code = SQLITE_OK;
    enter(place);
    place->mapped += !hold->mapped;
    hold->mapped = true;
    if (number >= place->regions_count && extend)
        code = grow(place, number, bytes);
    *ret = number < place->regions_count ? place->regions[number] : NULL;
    leave(place);
    return code;
}

void wf_place_unmap(wf_place *place, wf_place_hold *hold)
{
    if (!hold->mapped)
        return;
    enter(place);
    hold->mapped = false;
    if (--place->mapped == 0)
        drop_regions(place);
    leave(place);
}

static void index_unlock(wf_place *place, wf_place_hold *hold, int first, int count)
{
    for (int i = first; i < first + count; i++) {
        unsigned bit = 1u << i;
        if ((hold->exclusive & bit) != 0)
            place->index_writer[i] = false;
        if ((hold->shared & bit) != 0)
            place->index_readers[i]--;
        hold->exclusive &= ~bit;
        hold->shared &= ~bit;
        if (i == first_mark && place->begins_again == hold)
            place->begins_again = NULL;
    }
}

static bool begins_log_again(int first, int count)
{
    return first == first_mark && count == marks;
}

// Whether nobody else moves the log while it is to begin again, or the other way round.
static bool log_is_free(const wf_place *place, const wf_place_hold *hold, int first,
                        int count)
{
    if (begins_log_again(first, count))
        return !place->index_writer[checkpoint_slot] ||
               (hold->exclusive & (1u << checkpoint_slot)) != 0;
    bool moves = first <= checkpoint_slot && checkpoint_slot < first + count;
    return !moves || place->begins_again == NULL || place->begins_again == hold;
}

static bool index_is_free(const wf_place *place, const wf_place_hold *hold, int slot,
                          bool exclusive)
{
    unsigned bit = 1u << slot;
    if (place->index_writer[slot])
        return (hold->exclusive & bit) != 0;
    int own = (hold->shared & bit) != 0;
    return !exclusive || place->index_readers[slot] == own;
}

int wf_place_index_lock(wf_place *place, wf_place_hold *hold, int first, int count,
                        int flags)
{
    WF_ASSERT(first >= 0 && count >= 1 && first + count <= SQLITE_SHM_NLOCK);
    bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    bool free_now = true;
    enter(place);
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        index_unlock(place, hold, first, count);
        leave(place);
        return SQLITE_OK;
    }
    if (exclusive)
        free_now = log_is_free(place, hold, first, count);
    for (int i = first; i < first + count; i++)
        free_now = free_now && index_is_free(place, hold, i, exclusive);
    if (free_now && exclusive && begins_log_again(first, count))
        place->begins_again = hold;
    for (int i = first; free_now && i < first + count; i++) {
        unsigned bit = 1u << i;
        if (exclusive && (hold->exclusive & bit) == 0) {
            place->index_writer[i] = true;
            hold->exclusive |= bit;
        } else if (!exclusive && ((hold->shared | hold->exclusive) & bit) == 0) {
            place->index_readers[i]++;
            hold->shared |= bit;
        }
    }
    leave(place);
    return free_now ? SQLITE_OK : SQLITE_BUSY;
}

void wf_place_barrier(wf_place *place)
{
    enter(place);
    leave(place);
}
