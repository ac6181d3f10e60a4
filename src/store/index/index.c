#include "store/index/index.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keys/seal.h"
#include "store/index/inside.h"

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
    if (!wf_index_reserve_run(index))
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
            wf_index_drop_run(index, run);
        }
    }
    index->frozen_upto = index->durable_upto;
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
    weft_status status = wf_index_work_init(index, error);
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
    wf_index_work_end(index);
    for (size_t i = 0; i < index->runs_count; i++) {
        if (__atomic_load_n(&index->runs[i]->damaged, __ATOMIC_RELAXED))
            wf_index_drop_run(index, index->runs[i]);
        else
            wf_index_run_close(index->runs[i]);
    }
    free(index->runs);
    wf_index_memory_done(&index->memory);
    wf_index_memory_done(&index->frozen);
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
    WF_TRY(wf_index_memory_find(&index->frozen, hash, ret, error));
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

// ---- adding ----

// Memory becomes what is to be written as a run that covers all up to `upto`; the worker
// rests, and has nothing left over.
static void freeze(wf_index *index, uint64_t upto)
{
    wf_index_lock(index);
    wf_index_memory keep = index->frozen;
    index->frozen = index->memory;
    index->memory = keep;
    index->frozen_upto = upto;
    wf_index_unlock(index);
    index->freezing = true;
}

// Memory is full. All pairs of what stands before `next` have come. While the worker is
// at an earlier run, or has failed to write it, memory grows beyond its measure, up to
// slack times, before anyone has to wait.
static weft_status make_room(wf_index *index, uint64_t next, weft_error *error)
{
    enum { slack = 4 };
    bool no_more = index->memory.count / slack >= index->memory_pairs;
    if (wf_index_work_is_busy(index)) {
        if (!no_more)
            return WEFT_OK;
        wf_index_work_wait(index);
    }
    WF_TRY(wf_index_work_result(index, error));
    if (index->freezing && no_more)
        WF_TRY(wf_index_settle(index, error));
    if (!index->freezing && next - 1 > index->frozen_upto)
        freeze(index, next - 1);
    return index->freezing ? wf_index_work_begin(index, error) : WEFT_OK;
}

weft_status wf_index_reserve(wf_index *index, size_t count, uint64_t next,
                             weft_error *error)
{
    index->reserved = 0;
    if (index->memory.count > 0 && index->memory.count + count > index->memory_pairs)
        WF_TRY(make_room(index, next, error));
    wf_index_lock(index);
    weft_status status = wf_index_memory_reserve(&index->memory, count, error);
    wf_index_unlock(index);
    if (status == WEFT_OK)
        index->reserved = count;
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
    if (count > index->reserved)
        WF_TRY(wf_index_reserve(index, count, pairs[0].position, error));
    index->reserved = 0;
    wf_index_lock(index);
    wf_index_memory_add(&index->memory, pairs, count);
    wf_index_unlock(index);
    index->newest = newest;
    return WEFT_OK;
}

weft_status wf_index_flush(wf_index *index, uint64_t upto, weft_error *error)
{
    weft_error before = {0};
    wf_index_work_wait(index);
    WF_IGNORE(wf_index_work_result(index, &before), "what failed is tried again here");
    index->reserved = 0;
    if (index->freezing)
        WF_TRY(wf_index_settle(index, error));
    if (upto <= index->durable_upto)
        return WEFT_OK;
    freeze(index, upto);
    return wf_index_settle(index, error);
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
    weft_error before = {0};
    wf_index_work_wait(index);
    WF_IGNORE(wf_index_work_result(index, &before), "what failed to be written goes");
    wf_index_lock(index);
    for (size_t i = 0; i < index->runs_count; i++)
        wf_index_run_close(index->runs[i]);
    index->runs_count = 0;
    wf_index_memory_clear(&index->memory);
    wf_index_memory_clear(&index->frozen);
    index->freezing = false;
    index->durable_upto = 0;
    index->frozen_upto = 0;
    index->newest = 0;
    index->reserved = 0;
    wf_index_unlock(index);
    WF_TRY(each_name(index, remove_file, (void *)io, error));
    if (io->sync_dir(io, index->folder.text) != 0)
        return wf_fail_errno(error, errno, "io.sync", index->folder.text);
    return WEFT_OK;
}
