#include "visits/ids.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/pages.h"
#include "base/parallel.h"

enum {
    chunk_bytes = 1 << 24, // an offset is chunk × 2^24 + place in the chunk
    small_bytes = 1 << 21, // of the first chunk, in small pages
    chunks_max = 256,
    table_slots_min = 1 << 10,
    ahead = 16 // searches kept in flight by the …_many functions
};

// An array that has grown: readers may still be in the one before it.
typedef struct grown {
    struct grown *before; // that was not freed; NULL: none
    size_t count;
    uint32_t *items;
} grown;

// Who adds writes a text, then its offset, then its number into a slot: a reader that
// finds the slot finds the rest. Both arrays are read through one pointer each.
typedef struct {
    unsigned char *chunks[chunks_max];
    size_t chunks_count;
    size_t chunk_used; // in the newest chunk
    grown *offsets;    // by number: where (length byte, bytes) stands; 0: empty
    uint32_t count;
    uint32_t indexed; // numbers below this are in the table
    // A slot: hash tag (1–255) in the top 8 bits, number below; 0: empty. A power of two.
    grown *slots;
} id_table;

struct wf_ids {
    pthread_rwlock_t lock;
    bool shared; // others ask while ids are added
    uint64_t seed;
    id_table tables[WF_ID_CLASS_COUNT];
};

static uint64_t hash_of(const wf_ids *ids, wf_text id)
{
    return wf_hash(id.bytes, id.size, ids->seed);
}

static uint32_t tag_of(uint64_t hash)
{
    uint32_t tag = (uint32_t)(hash >> 56);
    return (tag == 0 ? 1 : tag) << 24;
}

static const grown *offsets_of(const id_table *table)
{
    return __atomic_load_n(&table->offsets, __ATOMIC_ACQUIRE);
}

static const grown *slots_of(const id_table *table)
{
    return __atomic_load_n(&table->slots, __ATOMIC_ACQUIRE);
}

static uint32_t item(const grown *array, size_t at)
{
    return __atomic_load_n(&array->items[at], __ATOMIC_ACQUIRE);
}

static const unsigned char *entry_at(const id_table *table, uint32_t number)
{
    uint32_t offset = item(offsets_of(table), number);
    return table->chunks[offset / chunk_bytes] + offset % chunk_bytes;
}

static wf_text text_at(const id_table *table, uint32_t number)
{
    const unsigned char *entry = entry_at(table, number);
    return (wf_text){(const char *)entry + 1, entry[0]};
}

static uint32_t find_hashed(const id_table *table, wf_text id, uint64_t hash)
{
    const grown *slots = slots_of(table);
    size_t mask = slots->count - 1;
    uint32_t tag = tag_of(hash);
    for (size_t at = (size_t)hash & mask;; at = (at + 1) & mask) {
        uint32_t slot = item(slots, at);
        if (slot == 0)
            return WF_NUMBER_NONE;
        if ((slot & 0xFF000000u) != tag)
            continue;
        uint32_t number = slot & 0x00FFFFFFu;
        if (wf_text_equal(text_at(table, number), id))
            return number;
    }
}

uint32_t wf_ids_find(const wf_ids *ids, wf_id_class id_class, wf_text id)
{
    return find_hashed(&ids->tables[id_class], id, hash_of(ids, id));
}

// The number whose slot is the first with the tag: almost always the right one,
// good enough to fetch its text ahead.
static uint32_t guess(const id_table *table, uint64_t hash)
{
    const grown *slots = slots_of(table);
    size_t mask = slots->count - 1;
    uint32_t tag = tag_of(hash);
    for (size_t at = (size_t)hash & mask;; at = (at + 1) & mask) {
        uint32_t slot = item(slots, at);
        if (slot == 0)
            return WF_NUMBER_NONE;
        if ((slot & 0xFF000000u) == tag)
            return slot & 0x00FFFFFFu;
    }
}

static void find_group(const wf_ids *ids, const id_table *table, const wf_text *texts,
                       size_t count, uint32_t *ret_numbers)
{
    uint64_t hashes[ahead];
    uint32_t guesses[ahead];
    const grown *slots = slots_of(table);
    for (size_t i = 0; i < count; i++) {
        hashes[i] = hash_of(ids, texts[i]);
        __builtin_prefetch(&slots->items[hashes[i] & (slots->count - 1)]);
    }
    for (size_t i = 0; i < count; i++) {
        guesses[i] = guess(table, hashes[i]);
        if (guesses[i] != WF_NUMBER_NONE)
            __builtin_prefetch(&offsets_of(table)->items[guesses[i]]);
    }
    for (size_t i = 0; i < count; i++)
        if (guesses[i] != WF_NUMBER_NONE)
            __builtin_prefetch(entry_at(table, guesses[i]));
    for (size_t i = 0; i < count; i++)
        ret_numbers[i] = guesses[i] == WF_NUMBER_NONE
                             ? WF_NUMBER_NONE
                             : find_hashed(table, texts[i], hashes[i]);
}

void wf_ids_find_many(const wf_ids *ids, wf_id_class id_class, const wf_text *texts,
                      size_t count, uint32_t *ret_numbers)
{
    const id_table *table = &ids->tables[id_class];
    for (size_t at = 0; at < count; at += ahead) {
        size_t part = count - at < ahead ? count - at : ahead;
        find_group(ids, table, texts + at, part, ret_numbers + at);
    }
}

// ---- growing ----

static void free_grown(grown *array)
{
    if (array == NULL)
        return;
    wf_pages_free(array->items, array->count * sizeof *array->items);
    free(array);
}

static void free_before(grown *array)
{
    while (array != NULL && array->before != NULL) {
        grown *before = array->before;
        array->before = before->before;
        free_grown(before);
    }
}

// Puts a new array in the place of one, which goes when nobody else can be in it.
static weft_status grow(const wf_ids *ids, grown **array, uint32_t *items, size_t count,
                        weft_error *error)
{
    grown *before = *array, *next = malloc(sizeof *next);
    if (next == NULL) {
        wf_pages_free(items, count * sizeof *items);
        return wf_fail_memory(error);
    }
    *next = (grown){before, count, items};
    __atomic_store_n(array, next, __ATOMIC_RELEASE);
    if (!ids->shared)
        free_before(next);
    return WEFT_OK;
}

static void insert_slot(grown *slots, uint32_t number, uint64_t hash)
{
    size_t mask = slots->count - 1;
    size_t at = (size_t)hash & mask;
    while (slots->items[at] != 0)
        at = (at + 1) & mask;
    __atomic_store_n(&slots->items[at], tag_of(hash) | number, __ATOMIC_RELEASE);
}

// Puts [from, to) into slots; several threads may do so for ranges of their own.
// All ids of a table differ, so that no text need be compared.
static void index_range(const wf_ids *ids, const id_table *table, uint32_t *slots,
                        size_t slots_count, uint32_t from, uint32_t to)
{
    size_t mask = slots_count - 1;
    uint64_t hashes[ahead];
    for (uint32_t first = from; first < to; first += ahead) {
        uint32_t part = to - first < ahead ? to - first : ahead;
        for (uint32_t i = 0; i < part; i++) {
            if (table->offsets->items[first + i] == 0)
                continue;
            hashes[i] = hash_of(ids, text_at(table, first + i));
            __builtin_prefetch(&slots[hashes[i] & mask], 1);
        }
        for (uint32_t i = 0; i < part; i++) {
            if (table->offsets->items[first + i] == 0)
                continue;
            uint32_t slot = tag_of(hashes[i]) | (first + i);
            size_t at = (size_t)hashes[i] & mask;
            uint32_t empty = 0;
            while (!__atomic_compare_exchange_n(&slots[at], &empty, slot, false,
                                                __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
                at = (at + 1) & mask;
                empty = 0;
            }
        }
    }
}

static size_t slots_for(size_t count)
{
    size_t slots_count = table_slots_min;
    while (count > slots_count / 4 * 3)
        slots_count *= 2;
    return slots_count;
}

typedef struct {
    const wf_ids *ids;
    const id_table *table;
    uint32_t *slots;
    size_t slots_count;
} index_job;

enum { index_part = 1 << 14 };

static void index_one_part(void *context, unsigned thread, size_t part)
{
    (void)thread;
    const index_job *job = context;
    uint32_t from = (uint32_t)part * index_part;
    uint32_t to =
        job->table->count - from < index_part ? job->table->count : from + index_part;
    index_range(job->ids, job->table, job->slots, job->slots_count, from, to);
}

// A new table of slots for `room` ids, filled with all that are there.
static weft_status reindex(wf_ids *ids, id_table *table, size_t room, unsigned threads,
                           weft_error *error)
{
    index_job job = {ids, table, NULL, slots_for(room)};
    job.slots = wf_pages_new(job.slots_count * sizeof *job.slots);
    if (job.slots == NULL)
        return wf_fail_memory(error);
    wf_parallel_for(threads, ((size_t)table->count + index_part - 1) / index_part,
                    index_one_part, &job);
    WF_TRY(grow(ids, &table->slots, job.slots, job.slots_count, error));
    table->indexed = table->count;
    return WEFT_OK;
}

weft_status wf_ids_index(wf_ids *ids, unsigned threads, weft_error *error)
{
    for (size_t i = 0; i < WF_ID_CLASS_COUNT; i++) {
        id_table *table = &ids->tables[i];
        if (table->indexed < table->count)
            WF_TRY(reindex(ids, table, table->count, threads, error));
    }
    return WEFT_OK;
}

static weft_status reserve_offsets(const wf_ids *ids, id_table *table, size_t more,
                                   weft_error *error)
{
    size_t has = table->offsets != NULL ? table->offsets->count : 0;
    if (more > WF_NUMBER_LIMIT - table->count)
        return wf_fail(error, WEFT_TOO_LARGE, "visits.too_many_ids", NULL);
    size_t wanted = table->count + more;
    if (wanted <= has)
        return WEFT_OK;
    size_t capacity = has * 2 > wanted ? has * 2 : wanted;
    uint32_t *offsets = wf_pages_new(capacity * sizeof *offsets);
    if (offsets == NULL)
        return wf_fail_memory(error);
    if (table->count > 0)
        memcpy(offsets, table->offsets->items, table->count * sizeof *offsets);
    return grow(ids, &table->offsets, offsets, capacity, error);
}

// Room for `size` ≤ chunk_bytes bytes in one chunk; *ret_offset is where.
static weft_status reserve_bytes(id_table *table, size_t size, uint32_t *ret_offset,
                                 weft_error *error)
{
    WF_ASSERT(size <= chunk_bytes);
    if (table->chunks_count == 0 || chunk_bytes - table->chunk_used < size) {
        if (table->chunks_count == chunks_max)
            return wf_fail(error, WEFT_TOO_LARGE, "visits.too_many_ids", NULL);
        unsigned char *chunk = wf_pages_new(chunk_bytes);
        if (chunk == NULL)
            return wf_fail_memory(error);
        if (table->chunks_count == 0) // of a small city most of it is never touched
            wf_pages_small(chunk, small_bytes);
        table->chunks[table->chunks_count++] = chunk;
        // Offset 0 is the empty text: a length byte of 0.
        table->chunk_used = table->chunks_count == 1 ? 1 : 0;
    }
    *ret_offset = (uint32_t)((table->chunks_count - 1) * chunk_bytes + table->chunk_used);
    return WEFT_OK;
}

weft_status wf_ids_load_block(wf_ids *ids, wf_id_class id_class,
                              const unsigned char *block, size_t size, uint32_t count,
                              weft_error *error)
{
    id_table *table = &ids->tables[id_class];
    uint32_t offset = 0;
    WF_TRY(reserve_offsets(ids, table, count, error));
    if (size == 0 || count == 0)
        return WEFT_OK;
    // A block begins a fresh number even where chunk space was reserved before.
    WF_TRY(reserve_bytes(table, size, &offset, error));
    memcpy(table->chunks[offset / chunk_bytes] + offset % chunk_bytes, block, size);
    table->chunk_used += size;
    size_t at = 0;
    for (uint32_t i = 0; i < count; i++) {
        WF_ASSERT(at < size);
        table->offsets->items[table->count + i] =
            block[at] == 0 ? 0 : offset + (uint32_t)at;
        at += 1u + block[at];
    }
    WF_ASSERT(at == size);
    table->count += count;
    return WEFT_OK;
}

static weft_status add(wf_ids *ids, id_table *table, wf_text id, uint64_t hash,
                       uint32_t *ret, weft_error *error)
{
    WF_ASSERT(id.size > 0 && id.size <= WF_ID_BYTES_MAX);
    uint32_t offset = 0;
    WF_TRY(reserve_offsets(ids, table, 1, error));
    WF_TRY(reserve_bytes(table, id.size + 1, &offset, error));
    if (table->count + (size_t)1 > table->slots->count / 4 * 3)
        WF_TRY(reindex(ids, table, (table->count + (size_t)1) * 2, 1, error));
    unsigned char *entry = table->chunks[offset / chunk_bytes] + offset % chunk_bytes;
    entry[0] = (unsigned char)id.size;
    memcpy(entry + 1, id.bytes, id.size);
    table->chunk_used += id.size + 1;
    uint32_t number = table->count;
    __atomic_store_n(&table->offsets->items[number], offset, __ATOMIC_RELEASE);
    __atomic_store_n(&table->count, number + 1, __ATOMIC_RELEASE);
    insert_slot(table->slots, number, hash);
    table->indexed = table->count;
    *ret = number;
    return WEFT_OK;
}

// ---- interning ----

static weft_status add_missing(wf_ids *ids, id_table *table, const wf_text *texts,
                               size_t count, uint32_t *numbers, weft_error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] != WF_NUMBER_NONE)
            continue;
        // Another thread, or an earlier text of the array, may have added it.
        uint64_t hash = hash_of(ids, texts[i]);
        numbers[i] = find_hashed(table, texts[i], hash);
        if (numbers[i] == WF_NUMBER_NONE)
            WF_TRY(add(ids, table, texts[i], hash, &numbers[i], error));
    }
    return WEFT_OK;
}

weft_status wf_ids_intern_many(wf_ids *ids, wf_id_class id_class, const wf_text *texts,
                               size_t count, uint32_t *ret_numbers, weft_error *error)
{
    WF_ASSERT(pthread_rwlock_rdlock(&ids->lock) == 0);
    wf_ids_find_many(ids, id_class, texts, count, ret_numbers);
    WF_ASSERT(pthread_rwlock_unlock(&ids->lock) == 0);
    size_t i = 0;
    while (i < count && ret_numbers[i] != WF_NUMBER_NONE)
        i++;
    if (i == count)
        return WEFT_OK;
    WF_ASSERT(pthread_rwlock_wrlock(&ids->lock) == 0);
    weft_status status = add_missing(ids, &ids->tables[id_class], texts + i, count - i,
                                     ret_numbers + i, error);
    WF_ASSERT(pthread_rwlock_unlock(&ids->lock) == 0);
    return status;
}

// ---- asking, cutting, dropping ----

wf_text wf_ids_text(const wf_ids *ids, wf_id_class id_class, uint32_t number)
{
    WF_ASSERT(number < wf_ids_count(ids, id_class));
    return text_at(&ids->tables[id_class], number);
}

void wf_ids_expect_place(const wf_ids *ids, wf_id_class id_class, uint32_t number)
{
    WF_ASSERT(number < wf_ids_count(ids, id_class));
    __builtin_prefetch(&offsets_of(&ids->tables[id_class])->items[number]);
}

void wf_ids_expect_text(const wf_ids *ids, wf_id_class id_class, uint32_t number)
{
    WF_ASSERT(number < wf_ids_count(ids, id_class));
    __builtin_prefetch(entry_at(&ids->tables[id_class], number));
}

uint32_t wf_ids_count(const wf_ids *ids, wf_id_class id_class)
{
    return __atomic_load_n(&ids->tables[id_class].count, __ATOMIC_ACQUIRE);
}

// Wipes the text of a number and makes the number empty.
static bool wipe(id_table *table, uint32_t number)
{
    uint32_t offset = table->offsets->items[number];
    if (offset == 0)
        return false;
    unsigned char *entry = table->chunks[offset / chunk_bytes] + offset % chunk_bytes;
    memset(entry, 0, 1u + entry[0]);
    table->offsets->items[number] = 0;
    return true;
}

weft_status wf_ids_cut(wf_ids *ids, wf_id_class id_class, uint32_t end, weft_error *error)
{
    id_table *table = &ids->tables[id_class];
    if (end >= table->count || ids->shared)
        return WEFT_OK;
    uint32_t count = table->count;
    table->count = end; // what follows is not indexed again
    weft_status status = reindex(ids, table, end, 1, error);
    if (status != WEFT_OK) {
        table->count = count;
        return status;
    }
    for (uint32_t number = end; number < count; number++)
        if (!wipe(table, number))
            continue;
    return WEFT_OK;
}

weft_status wf_ids_drop(wf_ids *ids, wf_id_class id_class, const uint64_t *keep,
                        uint64_t *ret_dropped, weft_error *error)
{
    id_table *table = &ids->tables[id_class];
    uint64_t dropped = 0;
    for (uint32_t number = 0; number < table->count; number++) {
        bool kept = (keep[number / 64] >> (number % 64) & 1) != 0;
        if (!kept && wipe(table, number))
            dropped++;
    }
    // Emptied numbers still stand in the old slots; their text "" equals no id, so
    // that the table stays right even if there is no memory for a new one.
    *ret_dropped = dropped;
    return dropped == 0 ? WEFT_OK : reindex(ids, table, table->count, 1, error);
}

void wf_ids_share(wf_ids *ids, bool shared)
{
    ids->shared = shared;
    for (size_t i = 0; !shared && i < WF_ID_CLASS_COUNT; i++) {
        free_before(ids->tables[i].offsets);
        free_before(ids->tables[i].slots);
    }
}

weft_status wf_ids_new(wf_ids **ret, weft_error *error)
{
    wf_ids *ids = calloc(1, sizeof *ids);
    if (ids == NULL)
        return wf_fail_memory(error);
    WF_ASSERT(pthread_rwlock_init(&ids->lock, NULL) == 0);
    ids->seed = wf_hash_seed();
    for (size_t i = 0; i < WF_ID_CLASS_COUNT; i++) {
        weft_status status = reindex(ids, &ids->tables[i], 0, 1, error);
        if (status != WEFT_OK) {
            wf_ids_free(ids);
            return status;
        }
    }
    *ret = ids;
    return WEFT_OK;
}

void wf_ids_free(wf_ids *ids)
{
    if (ids == NULL)
        return;
    for (size_t i = 0; i < WF_ID_CLASS_COUNT; i++) {
        id_table *table = &ids->tables[i];
        for (size_t c = 0; c < table->chunks_count; c++)
            wf_pages_free(table->chunks[c], chunk_bytes);
        free_before(table->offsets);
        free_grown(table->offsets);
        free_before(table->slots);
        free_grown(table->slots);
    }
    WF_ASSERT(pthread_rwlock_destroy(&ids->lock) == 0);
    free(ids);
}
