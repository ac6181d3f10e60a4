#include "keys/ring_inside.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

enum {
    content_version = 3,
    head_bytes = wf_ring_notes_at + wf_ring_notes_bytes,
    head_bytes_2 = wf_ring_notes_at, // of version 2
    head_bytes_1 = 56,               // of version 1
    floors_count_1 = 8,
    entry_bytes = 40,
    entry_destroyed = 1,
    entries_max = 1000000,
    slab_keys = 127, // with the guard of libsodium they fill one page
};

// ---- entries ----

static uint64_t order_of(wf_key_class key_class, weft_day day)
{
    return (uint64_t)key_class << 32 | (uint32_t)((int64_t)day.number - INT32_MIN);
}

size_t wf_ring_lower_bound(const wf_keys *keys, wf_key_class key_class, weft_day day)
{
    uint64_t wanted = order_of(key_class, day);
    size_t low = 0, high = keys->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const wf_ring_entry *entry = &keys->entries[middle];
        if (order_of(entry->key_class, entry->day) < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

wf_ring_entry *wf_ring_find(const wf_keys *keys, wf_key_class key_class, weft_day day)
{
    size_t at = wf_ring_lower_bound(keys, key_class, day);
    if (at == keys->count)
        return NULL;
    wf_ring_entry *entry = &keys->entries[at];
    bool same = entry->key_class == key_class && entry->day.number == day.number;
    return same ? entry : NULL;
}

wf_key *wf_ring_key_new(wf_keys *keys)
{
    wf_ring_slab *slab = keys->slabs;
    if (slab == NULL || slab->used == slab_keys) {
        slab = malloc(sizeof *slab);
        if (slab == NULL)
            return NULL;
        *slab = (wf_ring_slab){.next = keys->slabs,
                               .keys = sodium_allocarray(slab_keys, sizeof(wf_key))};
        if (slab->keys == NULL) {
            free(slab);
            return NULL;
        }
        keys->slabs = slab;
    }
    return &slab->keys[slab->used++];
}

weft_status wf_ring_reserve(wf_keys *keys, weft_error *error)
{
    if (keys->count < keys->capacity)
        return WEFT_OK;
    if (keys->count >= entries_max)
        return wf_fail(error, WEFT_TOO_LARGE, "keys.too_many", NULL);
    size_t capacity = keys->capacity == 0 ? 32 : keys->capacity * 2;
    wf_ring_entry *entries = reallocarray(keys->entries, capacity, sizeof *entries);
    if (entries == NULL)
        return wf_fail_memory(error);
    keys->entries = entries;
    keys->capacity = capacity;
    return WEFT_OK;
}

void wf_ring_insert(wf_keys *keys, wf_ring_entry entry)
{
    size_t at = wf_ring_lower_bound(keys, entry.key_class, entry.day);
    memmove(&keys->entries[at + 1], &keys->entries[at],
            (keys->count - at) * sizeof *keys->entries);
    keys->entries[at] = entry;
    keys->count++;
}

// ---- reading and writing the content ----

static weft_status fail_damaged(weft_error *error)
{
    return wf_fail(error, WEFT_DAMAGED, "keys.ring_content", NULL);
}

static bool is_class(unsigned key_class)
{
    return (key_class >= WF_KEY_VISITS && key_class <= WF_KEY_RECORDS) ||
           (key_class > WF_KEY_BODIES && key_class < WF_KEY_CLASS_COUNT);
}

static weft_status parse_entry(wf_keys *keys, const unsigned char *from, uint64_t *last,
                               weft_error *error)
{
    uint32_t head = wf_get_u32(from);
    unsigned key_class = head & 0xFFFF, flags = head >> 16;
    weft_day day = {(int32_t)wf_get_u32(from + 4)};
    if (!is_class(key_class) || flags > entry_destroyed)
        return fail_damaged(error);
    uint64_t order = order_of((wf_key_class)key_class, day);
    if (order <= *last)
        return fail_damaged(error);
    *last = order;
    wf_ring_entry entry = {(wf_key_class)key_class, day, NULL};
    bool before = day.number < keys->forgotten_before[key_class];
    if (flags == entry_destroyed) {
        if (!before || !sodium_is_zero(from + 8, WF_KEY_BYTES))
            return fail_damaged(error);
    } else {
        if (before)
            return fail_damaged(error);
        entry.key = wf_ring_key_new(keys);
        if (entry.key == NULL)
            return wf_fail_memory(error);
        memcpy(entry.key->bytes, from + 8, WF_KEY_BYTES);
    }
    WF_TRY(wf_ring_reserve(keys, error));
    keys->entries[keys->count++] = entry;
    return WEFT_OK;
}

// Older versions have less, and all of it in the same order.
static weft_status parse_head(wf_keys *keys, wf_text plain, size_t *ret_bytes,
                              size_t *ret_notes, weft_error *error)
{
    static const size_t bytes[] = {0, head_bytes_1, head_bytes_2, head_bytes};
    const unsigned char *from = (const unsigned char *)plain.bytes;
    if (plain.size < head_bytes_1)
        return fail_damaged(error);
    uint32_t version = wf_get_u32(from);
    if (version < 1 || version > content_version || plain.size < bytes[version])
        return fail_damaged(error);
    keys->generation = wf_get_u64(from + 8);
    keys->mark = wf_get_u64(from + 16);
    if (version > 1) {
        keys->ledger.commits = wf_get_u64(from + 24);
        memcpy(keys->ledger.link, from + 32, WF_KEYS_LINK_BYTES);
    }
    const unsigned char *floors = from + (version == 1 ? 24 : 64);
    for (size_t i = 1; i <= (version == 1 ? floors_count_1 : wf_ring_classes_max); i++)
        keys->forgotten_before[i] = (int32_t)wf_get_u32(floors + 4 * (i - 1));
    *ret_notes = 0;
    if (version == content_version &&
        !wf_ring_notes_expected(from + wf_ring_notes_at, ret_notes))
        return fail_damaged(error);
    *ret_bytes = bytes[version];
    return WEFT_OK;
}

weft_status wf_ring_parse(wf_keys *keys, wf_text plain, weft_error *error)
{
    size_t at = 0, notes = 0;
    WF_TRY(parse_head(keys, plain, &at, &notes, error));
    const unsigned char *from = (const unsigned char *)plain.bytes;
    uint32_t count = wf_get_u32(from + 4);
    if (count > entries_max || plain.size != at + (size_t)count * entry_bytes + notes)
        return fail_damaged(error);
    uint64_t last = 0;
    for (size_t i = 0; i < count; i++)
        WF_TRY(parse_entry(keys, from + at + i * entry_bytes, &last, error));
    if (at == head_bytes &&
        !wf_ring_notes_parse(keys, from + wf_ring_notes_at,
                             (wf_text){plain.bytes + plain.size - notes, notes}))
        return fail_damaged(error);
    return WEFT_OK;
}

wf_keys *wf_ring_new(void)
{
    wf_keys *keys = calloc(1, sizeof *keys);
    if (keys == NULL)
        return NULL;
    WF_ASSERT(pthread_mutex_init(&keys->writing, NULL) == 0);
    WF_ASSERT(pthread_rwlock_init(&keys->lock, NULL) == 0);
    for (size_t i = 0; i <= wf_ring_classes_max; i++)
        keys->forgotten_before[i] = INT32_MIN;
    return keys;
}

void wf_ring_lock_shared(const wf_keys *keys)
{
    WF_ASSERT(pthread_rwlock_rdlock((pthread_rwlock_t *)&keys->lock) == 0);
}

void wf_ring_lock(const wf_keys *keys)
{
    WF_ASSERT(pthread_rwlock_wrlock((pthread_rwlock_t *)&keys->lock) == 0);
}

void wf_ring_unlock(const wf_keys *keys)
{
    WF_ASSERT(pthread_rwlock_unlock((pthread_rwlock_t *)&keys->lock) == 0);
}

weft_status wf_keys_parse(wf_text plain, wf_keys **ret, weft_error *error)
{
    if (sodium_init() < 0)
        return wf_fail(error, WEFT_STORAGE, "keys.no_sodium", NULL);
    wf_keys *keys = wf_ring_new();
    if (keys == NULL)
        return wf_fail_memory(error);
    weft_status status = wf_ring_parse(keys, plain, error);
    if (status != WEFT_OK) {
        wf_keys_close(keys);
        return status;
    }
    *ret = keys;
    return WEFT_OK;
}

bool wf_ring_step_destroys(const wf_ring_step *step, const wf_ring_entry *entry)
{
    return entry->key != NULL && entry->key_class == step->key_class &&
           entry->day.number < step->before.number;
}

bool wf_ring_remembers(wf_key_class key_class)
{
    return key_class == WF_KEY_VISITS || key_class == WF_KEY_REFUSED;
}

static void print_entry(unsigned char *to, const wf_ring_entry *entry, bool destroyed)
{
    wf_put_u32(to, (uint32_t)entry->key_class |
                       (destroyed ? (uint32_t)entry_destroyed << 16 : 0));
    wf_put_u32(to + 4, (uint32_t)entry->day.number);
    if (!destroyed)
        memcpy(to + 8, entry->key->bytes, WF_KEY_BYTES);
}

weft_status wf_ring_print(const wf_keys *keys, const wf_ring_step *step, wf_buffer *ret,
                          weft_error *error)
{
    size_t size = head_bytes + keys->count * entry_bytes + wf_ring_notes_size(keys);
    if (!wf_buffer_reserve(ret, size))
        return wf_fail_memory(error);
    unsigned char *to = (unsigned char *)ret->bytes;
    memset(to, 0, size);
    uint32_t count = 0;
    for (size_t i = 0; i < keys->count; i++) {
        const wf_ring_entry *entry = &keys->entries[i];
        bool destroyed = entry->key == NULL || wf_ring_step_destroys(step, entry);
        if (destroyed && !wf_ring_remembers(entry->key_class))
            continue;
        print_entry(to + head_bytes + count++ * entry_bytes, entry, destroyed);
    }
    wf_put_u32(to, content_version);
    wf_put_u32(to + 4, count);
    wf_put_u64(to + 8, keys->generation + 1);
    wf_put_u64(to + 16, keys->mark);
    wf_put_u64(to + 24, keys->ledger.commits);
    memcpy(to + 32, keys->ledger.link, WF_KEYS_LINK_BYTES);
    for (size_t i = 1; i <= wf_ring_classes_max; i++) {
        int32_t floor = keys->forgotten_before[i];
        if (i == (size_t)step->key_class && step->before.number > floor)
            floor = step->before.number;
        wf_put_u32(to + 64 + 4 * (i - 1), (uint32_t)floor);
    }
    size_t end = head_bytes + count * entry_bytes;
    wf_ring_notes_print(keys, to + wf_ring_notes_at, to + end);
    ret->size = end + wf_ring_notes_size(keys);
    return WEFT_OK;
}
