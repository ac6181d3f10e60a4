#include "store/index.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keys/seal.h"
#include "store/index_inside.h"

_Static_assert(crypto_shorthash_KEYBYTES == WF_INDEX_HASH_KEY_BYTES,
               "hashes are SipHash-2-4");

// ---- files of runs ----

typedef enum { NAME_RUN, NAME_LEFT_OVER, NAME_OTHER } name_class;

// "0000000001.index"; with ".next" behind it, what a crash has left.
static name_class class_of(const char *name, uint64_t *ret_number)
{
    enum { digits = 10 };
    int64_t number;
    if (strlen(name) < digits ||
        !wf_parse_i64((wf_text){name, digits}, 1, INT64_MAX, &number) || name[0] == '+')
        return NAME_OTHER;
    *ret_number = (uint64_t)number;
    if (strcmp(name + digits, ".index") == 0)
        return NAME_RUN;
    return strcmp(name + digits, ".index.next") == 0 ? NAME_LEFT_OVER : NAME_OTHER;
}

static weft_status each_name(const wf_index *index,
                             weft_status (*each)(void *context, const char *path,
                                                 name_class what, uint64_t number,
                                                 weft_error *error),
                             void *context, weft_error *error)
{
    // Reading a folder changes nothing, so it is not in the table of file I/O.
    DIR *folder = opendir(index->folder.text);
    if (folder == NULL)
        return wf_fail_errno(error, errno, "io.open", index->folder.text);
    weft_status status = WEFT_OK;
    while (status == WEFT_OK) {
        errno = 0;
        const struct dirent *entry = readdir(folder);
        if (entry == NULL && errno != 0)
            status = wf_fail_errno(error, errno, "io.read", index->folder.text);
        if (entry == NULL)
            break;
        uint64_t number;
        wf_path path;
        name_class what = class_of(entry->d_name, &number);
        if (what != NAME_OTHER)
            status = wf_path_join(index->folder.text, entry->d_name, &path, error);
        if (status == WEFT_OK && what != NAME_OTHER)
            status = each(context, path.text, what, number, error);
    }
    WF_IGNORE(closedir(folder), "a folder only read loses nothing in closing");
    return status;
}

static bool reserve_run(wf_index *index)
{
    if (index->runs_count < index->runs_room)
        return true;
    size_t room = index->runs_room == 0 ? 16 : index->runs_room * 2;
    wf_index_run **runs = realloc(index->runs, room * sizeof(wf_index_run *));
    if (runs == NULL)
        return false;
    index->runs = runs;
    index->runs_room = room;
    return true;
}

static void drop_run(wf_index *index, wf_index_run *run)
{
    const wf_io *io = index->tags.io;
    WF_IGNORE(io->unlink(io, run->path.text),
              "opening passes over a run that has no place among the others");
    wf_index_run_close(run);
}

// ---- opening ----

// Takes a run as a candidate, or removes what is none.
static weft_status look_at(void *context, const char *path, name_class what,
                           uint64_t number, weft_error *error)
{
    wf_index *index = context;
    const wf_io *io = index->tags.io;
    wf_index_run *run = NULL;
    if (number >= index->next_file)
        index->next_file = number + 1;
    if (!reserve_run(index))
        return wf_fail_memory(error);
    weft_status status = WEFT_DAMAGED;
    if (what == NAME_RUN)
        status = wf_index_run_open(&index->tags, path, &run, error);
    if (status == WEFT_OK) {
        index->runs[index->runs_count++] = run;
        return WEFT_OK;
    }
    if (status != WEFT_DAMAGED)
        return status;
    WF_IGNORE(io->unlink(io, path), "what is not a run is passed over again next time");
    wf_error_clear(error);
    return WEFT_OK;
}

// By where they begin, of those the one that reaches farthest first: a merged run stands
// before those it was made of.
static int by_range(const void *a, const void *b)
{
    const wf_index_range *x = &(*(wf_index_run *const *)a)->covers;
    const wf_index_range *y = &(*(wf_index_run *const *)b)->covers;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return (x->last < y->last) - (x->last > y->last);
}

// Keeps the runs that cover 1, 2, … without a gap.
static void keep_contiguous(wf_index *index)
{
    size_t count = index->runs_count;
    if (count > 1)
        qsort(index->runs, count, sizeof(wf_index_run *), by_range);
    index->runs_count = 0;
    for (size_t i = 0; i < count; i++) {
        wf_index_run *run = index->runs[i];
        if (run->covers.first == index->durable_upto + 1 &&
            run->covers.last >= run->covers.first) {
            index->durable_upto = run->covers.last;
            index->runs[index->runs_count++] = run;
        } else {
            drop_run(index, run);
        }
    }
    index->newest = index->durable_upto;
}

static void derive(const wf_key *key, wf_text purpose, unsigned char ret[16])
{
    unsigned char secret[WF_SEAL_SECRET_BYTES];
    wf_seal_derive(key, purpose, secret);
    memcpy(ret, secret, 16);
    sodium_memzero(secret, sizeof secret);
}

static weft_status open_runs(wf_index *index, const char *city_dir, wf_keys *keys,
                             weft_error *error)
{
    const wf_io *io = index->tags.io;
    const wf_key *key = NULL;
    WF_TRY(wf_path_join(city_dir, "ledger", &index->folder, error));
    // A new key that is lost before the ring is committed makes the runs foreign: they
    // are dropped then, as damaged ones are.
    WF_TRY(wf_keys_make(keys, WF_KEY_LEDGER, (weft_day){0}, &key, error));
    derive(key, WF_TEXT("weft index hashes"), index->hash_key);
    derive(key, WF_TEXT("weft index tags"), index->tags.key);
    if (io->mkdir(io, index->folder.text, 0700) != 0 && errno != EEXIST)
        return wf_fail_errno(error, errno, "io.mkdir", index->folder.text);
    WF_TRY(each_name(index, look_at, index, error));
    keep_contiguous(index);
    return WEFT_OK;
}

static weft_status make_lock(pthread_rwlock_t *lock, weft_error *error)
{
    pthread_rwlockattr_t kind;
    if (pthread_rwlockattr_init(&kind) != 0)
        return wf_fail_memory(error);
    // Else many readers would keep the one writer waiting for ever.
    int failed = pthread_rwlockattr_setkind_np(
        &kind, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    failed |= pthread_rwlock_init(lock, &kind);
    failed |= pthread_rwlockattr_destroy(&kind);
    return failed == 0 ? WEFT_OK : wf_fail_memory(error);
}

weft_status wf_index_open(const wf_io *io, const char *city_dir, wf_keys *keys,
                          wf_index **ret, uint64_t *ret_upto, weft_error *error)
{
    wf_index *index = calloc(1, sizeof *index);
    if (index == NULL)
        return wf_fail_memory(error);
    index->tags.io = io;
    index->memory_pairs = WF_INDEX_MEMORY_PAIRS;
    index->small_pairs = WF_INDEX_SMALL_PAIRS;
    index->next_file = 1;
    weft_status status = make_lock(&index->lock, error);
    if (status != WEFT_OK) {
        free(index);
        return status;
    }
    status = open_runs(index, city_dir, keys, error);
    if (status != WEFT_OK) {
        wf_index_close(index);
        return status;
    }
    *ret = index;
    *ret_upto = index->durable_upto;
    return WEFT_OK;
}

void wf_index_close(wf_index *index)
{
    if (index == NULL)
        return;
    for (size_t i = 0; i < index->runs_count; i++) {
        if (__atomic_load_n(&index->runs[i]->damaged, __ATOMIC_RELAXED))
            drop_run(index, index->runs[i]);
        else
            wf_index_run_close(index->runs[i]);
    }
    free(index->runs);
    wf_index_memory_done(&index->memory);
    WF_ASSERT(pthread_rwlock_destroy(&index->lock) == 0);
    sodium_memzero(index, sizeof *index);
    free(index);
}

// ---- finding ----

uint64_t wf_index_hash(const wf_index *index, wf_text what)
{
    unsigned char bytes[crypto_shorthash_BYTES];
    uint64_t hash = 0;
    int failed = crypto_shorthash(bytes, (const unsigned char *)what.bytes, what.size,
                                  index->hash_key);
    WF_ASSERT(failed == 0);
    for (unsigned i = 0; i < sizeof bytes; i++)
        hash |= (uint64_t)bytes[i] << (8 * i);
    return hash;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

// Rising, each once. What was indexed again after a crash may be there twice.
static size_t tidy_positions(uint64_t *positions, size_t count)
{
    size_t i = 1;
    while (i < count && positions[i - 1] < positions[i])
        i++;
    if (i >= count)
        return count;
    qsort(positions, count, sizeof *positions, by_number);
    size_t kept = 1;
    for (i = 1; i < count; i++)
        if (positions[i] != positions[kept - 1])
            positions[kept++] = positions[i];
    return kept;
}

static weft_status find_all(const wf_index *index, uint64_t hash, wf_buffer *ret,
                            weft_error *error)
{
    for (size_t i = 0; i < index->runs_count; i++)
        WF_TRY(wf_index_run_find(index->runs[i], hash, ret, error));
    return wf_index_memory_find(&index->memory, hash, ret, error);
}

weft_status wf_index_find(const wf_index *index, uint64_t hash, wf_buffer *ret,
                          weft_error *error)
{
    // Locking changes nothing that can be asked for.
    pthread_rwlock_t *lock = (pthread_rwlock_t *)&index->lock;
    size_t size = ret->size;
    WF_ASSERT(pthread_rwlock_rdlock(lock) == 0);
    weft_status status = find_all(index, hash, ret, error);
    WF_ASSERT(pthread_rwlock_unlock(lock) == 0);
    if (status != WEFT_OK) {
        ret->size = size;
        return status;
    }
    size_t count = (ret->size - size) / sizeof(uint64_t);
    if (count > 1)
        count = tidy_positions((uint64_t *)(void *)(ret->bytes + size), count);
    ret->size = size + count * sizeof(uint64_t);
    return WEFT_OK;
}

// ---- writing a run ----

static void lock_out_readers(wf_index *index)
{
    WF_ASSERT(pthread_rwlock_wrlock(&index->lock) == 0);
}

static void let_readers_in(wf_index *index)
{
    WF_ASSERT(pthread_rwlock_unlock(&index->lock) == 0);
}

static weft_status begin_run(wf_index *index, wf_index_range covers,
                             wf_index_writer **ret, weft_error *error)
{
    char name[40];
    wf_path path;
    int size = snprintf(name, sizeof name, "%010" PRIu64 ".index", index->next_file++);
    WF_ASSERT(size > 0 && (size_t)size < sizeof name);
    WF_TRY(wf_path_join(index->folder.text, name, &path, error));
    return wf_index_writer_open(&index->tags, path.text, covers, ret, error);
}

static weft_status write_sorted(wf_index *index, const wf_index_pair *pairs, size_t count,
                                uint64_t upto, wf_index_run **ret, weft_error *error)
{
    wf_index_writer *writer = NULL;
    wf_index_range covers = {index->durable_upto + 1, upto};
    WF_TRY(begin_run(index, covers, &writer, error));
    weft_status status = WEFT_OK;
    for (size_t i = 0; i < count && status == WEFT_OK; i++)
        status = wf_index_writer_put(writer, pairs[i], error);
    if (status == WEFT_OK)
        status = wf_index_writer_end(writer, ret, error);
    wf_index_writer_close(writer);
    return status;
}

// Sorts a copy: readers go on finding in memory as it is.
static weft_status write_memory(wf_index *index, uint64_t upto, wf_index_run **ret,
                                weft_error *error)
{
    size_t count = index->memory.count;
    wf_index_pair *pairs = malloc((count > 0 ? count : 1) * 2 * sizeof *pairs);
    if (pairs == NULL)
        return wf_fail_memory(error);
    if (count > 0)
        memcpy(pairs, index->memory.pairs, count * sizeof *pairs);
    const wf_index_pair *sorted = wf_index_sort(pairs, pairs + count, count);
    weft_status status = write_sorted(index, sorted, count, upto, ret, error);
    free(pairs);
    return status;
}

// ---- merging ----

static weft_status merge_into(wf_index_cursor *cursors, size_t count,
                              wf_index_writer *writer, weft_error *error)
{
    for (;;) {
        wf_index_cursor *least = NULL;
        for (size_t i = 0; i < count; i++) {
            bool there = false;
            WF_TRY(wf_index_cursor_load(&cursors[i], &there, error));
            if (!there)
                continue;
            const wf_index_pair *pair = &cursors[i].pairs[cursors[i].at];
            const wf_index_pair *best = least == NULL ? NULL : &least->pairs[least->at];
            if (best == NULL || pair->hash < best->hash ||
                (pair->hash == best->hash && pair->position < best->position))
                least = &cursors[i];
        }
        if (least == NULL)
            return WEFT_OK;
        WF_TRY(wf_index_writer_put(writer, least->pairs[least->at++], error));
    }
}

// Writes the runs from the from-th on as one.
static weft_status write_merged(wf_index *index, size_t from, wf_index_run **ret,
                                weft_error *error)
{
    size_t count = index->runs_count - from, open = 0;
    wf_index_writer *writer = NULL;
    wf_index_range covers = {index->runs[from]->covers.first, index->durable_upto};
    wf_index_cursor *cursors = calloc(count, sizeof *cursors);
    if (cursors == NULL)
        return wf_fail_memory(error);
    weft_status status = WEFT_OK;
    for (; open < count && status == WEFT_OK; open++)
        status = wf_index_cursor_open(index->runs[from + open], &cursors[open], error);
    if (status == WEFT_OK)
        status = begin_run(index, covers, &writer, error);
    if (status == WEFT_OK)
        status = merge_into(cursors, count, writer, error);
    if (status == WEFT_OK)
        status = wf_index_writer_end(writer, ret, error);
    wf_index_writer_close(writer);
    for (size_t i = 0; i < count; i++)
        wf_index_cursor_close(&cursors[i]);
    free(cursors);
    return status;
}

// The first of the newest runs that are merged: each is no larger than all after it
// together. So sizes at least double from run to run, and a pair is written again only
// when the run that it is in doubles.
static size_t merge_from(const wf_index *index)
{
    size_t from = index->runs_count - 1;
    uint64_t together = index->runs[from]->pairs;
    for (; from > 0; from--) {
        uint64_t before = index->runs[from - 1]->pairs;
        if (before > together && before > index->small_pairs)
            break;
        together += before;
    }
    return from;
}

static weft_status merge(wf_index *index, weft_error *error)
{
    size_t from = merge_from(index), count = index->runs_count;
    wf_index_run *merged = NULL;
    if (from + 1 >= count)
        return WEFT_OK;
    WF_TRY(write_merged(index, from, &merged, error));
    lock_out_readers(index);
    wf_index_run *first = index->runs[from];
    index->runs[from] = merged;
    index->runs_count = from + 1;
    let_readers_in(index);
    drop_run(index, first);
    for (size_t i = from + 1; i < count; i++)
        drop_run(index, index->runs[i]);
    return WEFT_OK;
}

// ---- adding ----

// Memory becomes a run that covers all up to `upto`.
static weft_status spill(wf_index *index, uint64_t upto, weft_error *error)
{
    wf_index_run *run = NULL;
    if (!reserve_run(index))
        return wf_fail_memory(error);
    WF_TRY(write_memory(index, upto, &run, error));
    lock_out_readers(index);
    index->runs[index->runs_count++] = run;
    index->durable_upto = upto;
    wf_index_memory_clear(&index->memory);
    let_readers_in(index);
    weft_status status = merge(index, error);
    // Merging needs room for a second copy; without it all is there as it was, and the
    // next run tries again.
    if (status == WEFT_DISK_FULL || status == WEFT_NO_MEMORY) {
        wf_error_clear(error);
        status = WEFT_OK;
    }
    return status;
}

weft_status wf_index_add(wf_index *index, const wf_index_pair *pairs, size_t count,
                         weft_error *error)
{
    if (count == 0)
        return WEFT_OK;
    uint64_t newest = index->newest;
    for (size_t i = 0; i < count; i++) {
        WF_ASSERT(pairs[i].position >= newest && pairs[i].position > 0);
        newest = pairs[i].position;
    }
    // All pairs of what stands before this call's first position have come.
    uint64_t before = pairs[0].position - 1;
    if (index->memory.count > 0 && before > index->durable_upto &&
        index->memory.count + count > index->memory_pairs)
        WF_TRY(spill(index, before, error));
    lock_out_readers(index);
    weft_status status = wf_index_memory_reserve(&index->memory, count, error);
    if (status == WEFT_OK)
        wf_index_memory_add(&index->memory, pairs, count);
    let_readers_in(index);
    if (status == WEFT_OK)
        index->newest = newest;
    return status;
}

weft_status wf_index_flush(wf_index *index, uint64_t upto, weft_error *error)
{
    return upto > index->durable_upto ? spill(index, upto, error) : WEFT_OK;
}

// ---- clearing ----

static weft_status remove_file(void *context, const char *path, name_class what,
                               uint64_t number, weft_error *error)
{
    const wf_io *io = context;
    (void)what;
    (void)number;
    if (io->unlink(io, path) != 0 && errno != ENOENT)
        return wf_fail_errno(error, errno, "io.unlink", path);
    return WEFT_OK;
}

weft_status wf_index_clear(wf_index *index, weft_error *error)
{
    const wf_io *io = index->tags.io;
    lock_out_readers(index);
    for (size_t i = 0; i < index->runs_count; i++)
        wf_index_run_close(index->runs[i]);
    index->runs_count = 0;
    wf_index_memory_clear(&index->memory);
    index->durable_upto = 0;
    index->newest = 0;
    let_readers_in(index);
    WF_TRY(each_name(index, remove_file, (void *)io, error));
    if (io->sync_dir(io, index->folder.text) != 0)
        return wf_fail_errno(error, errno, "io.sync", index->folder.text);
    return WEFT_OK;
}
