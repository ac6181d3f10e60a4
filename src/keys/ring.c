// The file <city>/keys/ring:
//
//   OFFSET SIZE
//   0      8    "WEFTRING"
//   8      4    version, 1
//   12     4    flags: 1 = the wrapping key needs the credential
//   16     …    nonce ‖ sealed content ‖ tag (seal.h) under the wrapping key; bytes
//               0–15 of the file and the city id are authenticated with it
//
// Its content is drawn in ring_inside.h.
#include "keys/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "keys/ring_inside.h"
#include "keys/seal.h"

enum {
    ring_version = 1,
    ring_head_bytes = 16,
    flag_credential = 1,
    ring_file_max = 64 * 1024 * 1024
};

static const wf_ring_step forget_nothing = {WF_KEY_CLASS_COUNT, {INT32_MIN}};

// ---- the file ----

static wf_text context_of(const wf_keys *keys)
{
    return (wf_text){(const char *)keys->context, sizeof keys->context};
}

static weft_status seal_ring(const wf_keys *keys, const wf_key *wrap,
                             const wf_ring_step *step, wf_buffer *ret, weft_error *error)
{
    wf_buffer plain = {0};
    weft_status status = wf_ring_print(keys, step, &plain, error);
    if (status == WEFT_OK && !wf_buffer_append(ret, keys->context, ring_head_bytes))
        status = wf_fail_memory(error);
    if (status == WEFT_OK)
        status = wf_seal_blob(wrap, context_of(keys), wf_buffer_text(&plain), ret, error);
    if (plain.capacity > 0)
        sodium_memzero(plain.bytes, plain.capacity);
    wf_buffer_done(&plain);
    return status;
}

// Whether the file holds exactly these bytes; used where a replacement failed, to
// learn on which side of the rename it did.
static weft_status holds(const wf_keys *keys, wf_text bytes, bool *ret, weft_error *error)
{
    wf_arena arena;
    wf_arena_init(&arena, 0);
    wf_text file;
    weft_status status = wf_io_read_file(keys->city.io, keys->path.text, ring_file_max,
                                         &arena, &file, error);
    if (status == WEFT_OK)
        *ret = wf_text_equal(file, bytes);
    wf_arena_done(&arena);
    return status;
}

// *ret_replaced (may be NULL) is set on failure too: true if the new ring has the
// name although the folder could not be synced.
static weft_status write_ring(wf_keys *keys, const wf_key *wrap, const wf_ring_step *step,
                              bool *ret_replaced, weft_error *error)
{
    wf_buffer sealed = {0};
    bool replaced = false, unsure = false;
    wf_ring_lock_shared(keys);
    uint64_t changes = keys->changes; // keys may be made while this is written
    weft_status status = seal_ring(keys, wrap, step, &sealed, error);
    wf_ring_unlock(keys);
    if (status == WEFT_OK) {
        status = wf_io_replace_file(keys->city.io, keys->path.text,
                                    wf_buffer_text(&sealed), 0600, error);
        replaced = status == WEFT_OK;
        weft_error second = {0};
        unsure = !replaced &&
                 holds(keys, wf_buffer_text(&sealed), &replaced, &second) != WEFT_OK;
    }
    wf_buffer_done(&sealed);
    wf_ring_lock(keys);
    keys->unsure = keys->unsure || unsure;
    if (replaced)
        keys->generation++;
    if (status == WEFT_OK)
        keys->written = changes;
    wf_ring_unlock(keys);
    if (ret_replaced != NULL)
        *ret_replaced = replaced;
    return status;
}

static weft_status open_ring(wf_keys *keys, wf_text file, weft_error *error)
{
    wf_text sealed = {file.bytes + ring_head_bytes, file.size - ring_head_bytes};
    wf_buffer plain = {0};
    weft_status status =
        wf_open_blob(&keys->city.current->wrap, context_of(keys), sealed, &plain, error);
    if (status == WEFT_OK)
        status = wf_ring_parse(keys, wf_buffer_text(&plain), error);
    if (plain.capacity > 0)
        sodium_memzero(plain.bytes, plain.capacity);
    wf_buffer_done(&plain);
    return status;
}

static weft_status fail_ring_damaged(const wf_keys *keys, weft_error *error)
{
    return wf_fail(error, WEFT_DAMAGED, "keys.ring_damaged", "path", keys->path.text,
                   NULL);
}

// Tries the share, then the share of a change that was cut off after its commit. Only an
// owner finishes such a change.
static weft_status open_under_either(wf_keys *keys, wf_text file, bool owner,
                                     weft_error *error)
{
    wf_city_key *city = &keys->city;
    bool has_next = wf_io_exists(city->io, city->next_path.text);
    weft_status status = wf_city_key_load(city, &city->share_path, error);
    if (status == WEFT_OK)
        status = open_ring(keys, file, error);
    if (status == WEFT_OK && has_next && owner)
        return wf_city_key_shred(city->io, city->next_path.text, error);
    bool may_be_next = status == WEFT_DAMAGED || status == WEFT_KEYLESS;
    if (status == WEFT_OK || !may_be_next || !has_next)
        return status == WEFT_DAMAGED ? fail_ring_damaged(keys, error) : status;
    WF_TRY(wf_city_key_load(city, &city->next_path, error));
    status = open_ring(keys, file, error);
    if (status == WEFT_DAMAGED)
        return fail_ring_damaged(keys, error);
    WF_TRY(status);
    return owner ? wf_city_key_promote(city, error) : WEFT_OK;
}

static weft_status check_head(const wf_keys *keys, wf_text file, weft_error *error)
{
    if (file.size >= ring_head_bytes && memcmp(file.bytes, keys->context, 16) == 0)
        return WEFT_OK;
    bool needs_credential = file.size >= ring_head_bytes &&
                            memcmp(file.bytes, keys->context, 12) == 0 &&
                            file.bytes[12] == flag_credential;
    if (needs_credential && !keys->city.has_credential)
        return wf_fail(error, WEFT_KEYLESS, "keys.no_credential", NULL);
    return fail_ring_damaged(keys, error);
}

static weft_status read_ring(wf_keys *keys, bool owner, weft_error *error)
{
    wf_arena arena;
    wf_arena_init(&arena, 0);
    wf_text file = {0};
    weft_status status = wf_io_read_file(keys->city.io, keys->path.text, ring_file_max,
                                         &arena, &file, error);
    if (status == WEFT_NOT_FOUND)
        status =
            wf_fail(error, WEFT_KEYLESS, "keys.no_ring", "path", keys->path.text, NULL);
    if (status == WEFT_OK)
        status = check_head(keys, file, error);
    if (status == WEFT_OK)
        status = open_under_either(keys, file, owner, error);
    wf_arena_done(&arena);
    return status;
}

static weft_status keys_init(wf_keys *keys, const wf_keys_options *options,
                             const char *city_id, weft_error *error)
{
    WF_TRY(wf_path_join(options->city_dir, "keys", &keys->folder, error));
    WF_TRY(wf_path_join(keys->folder.text, "ring", &keys->path, error));
    WF_TRY(wf_city_key_init(&keys->city, options, city_id, error));
    memcpy(keys->context, "WEFTRING", 8);
    wf_put_u32(keys->context + 8, ring_version);
    wf_put_u32(keys->context + 12, keys->city.has_credential ? flag_credential : 0);
    memcpy(keys->context + ring_head_bytes, city_id, 32);
    return WEFT_OK;
}

static weft_status open_as(const wf_keys_options *options, const char *city_id,
                           bool owner, wf_keys **ret, weft_error *error)
{
    wf_keys *keys = wf_ring_new();
    if (keys == NULL)
        return wf_fail_memory(error);
    weft_status status = keys_init(keys, options, city_id, error);
    if (status == WEFT_OK)
        status = read_ring(keys, owner, error);
    if (status != WEFT_OK) {
        wf_keys_close(keys);
        return status;
    }
    *ret = keys;
    return WEFT_OK;
}

weft_status wf_keys_open(const wf_keys_options *options, const char *city_id,
                         wf_keys **ret, weft_error *error)
{
    return open_as(options, city_id, true, ret, error);
}

weft_status wf_keys_read(const wf_keys_options *options, const char *city_id,
                         wf_keys **ret, weft_error *error)
{
    WF_TRY(open_as(options, city_id, false, ret, error));
    (*ret)->city.io = NULL; // of memory only, from now on
    return WEFT_OK;
}

void wf_keys_close(wf_keys *keys)
{
    if (keys == NULL)
        return;
    while (keys->slabs != NULL) {
        wf_ring_slab *slab = keys->slabs;
        keys->slabs = slab->next;
        sodium_free(slab->keys);
        free(slab);
    }
    wf_city_key_done(&keys->city);
    free(keys->copies);
    free(keys->restored);
    free(keys->entries);
    WF_ASSERT(pthread_mutex_destroy(&keys->writing) == 0);
    WF_ASSERT(pthread_rwlock_destroy(&keys->lock) == 0);
    free(keys);
}

// Makes a folder and those above it, as far as they are missing.
static weft_status make_folders(const wf_io *io, const char *path, weft_error *error)
{
    wf_path part = {0};
    size_t size = strlen(path);
    for (size_t i = 1; i <= size; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part.text, path, i);
        part.text[i] = '\0';
        if (!wf_io_exists(io, part.text) && io->mkdir(io, part.text, 0700) != 0 &&
            errno != EEXIST)
            return wf_fail_errno(error, errno, "io.mkdir", part.text);
    }
    return WEFT_OK;
}

static weft_status create_in(wf_keys *keys, weft_error *error)
{
    const wf_io *io = keys->city.io;
    WF_TRY(make_folders(io, keys->folder.text, error));
    WF_TRY(make_folders(io, keys->city.folder.text, error));
    if (wf_io_exists(io, keys->path.text))
        return wf_fail(error, WEFT_CONFLICT, "keys.exists", "path", keys->path.text,
                       NULL);
    WF_TRY(wf_city_key_create(&keys->city, error));
    weft_status status =
        write_ring(keys, &keys->city.current->wrap, &forget_nothing, NULL, error);
    if (status != WEFT_OK)
        WF_IGNORE(io->unlink(io, keys->city.share_path.text),
                  "a share nothing is sealed under is no secret");
    return status;
}

weft_status wf_keys_create(const wf_keys_options *options, const char *city_id,
                           weft_error *error)
{
    wf_keys *keys = wf_ring_new();
    if (keys == NULL)
        return wf_fail_memory(error);
    weft_status status = keys_init(keys, options, city_id, error);
    if (status == WEFT_OK)
        status = create_in(keys, error);
    wf_keys_close(keys);
    return status;
}

// The share is first called .next: where none has its name, one so called was left by
// such a making that was cut off, and nobody's ring is under it.
static weft_status create_under_next(wf_keys *keys, weft_error *error)
{
    wf_city_key *city = &keys->city;
    const wf_io *io = city->io;
    bool replaced = false;
    WF_TRY(make_folders(io, keys->folder.text, error));
    WF_TRY(make_folders(io, city->folder.text, error));
    const char *taken = wf_io_exists(io, keys->path.text)         ? keys->path.text
                        : wf_io_exists(io, city->share_path.text) ? city->share_path.text
                                                                  : NULL;
    if (taken != NULL)
        return wf_fail(error, WEFT_CONFLICT, "keys.exists", "path", taken, NULL);
    WF_TRY(wf_city_key_draw_next(city, error));
    weft_status status =
        write_ring(keys, &city->next->wrap, &forget_nothing, &replaced, error);
    if (replaced) {
        wf_city_key_adopt_next(city);
        if (status == WEFT_OK)
            status = wf_city_key_promote(city, error);
    }
    if (status != WEFT_OK)
        wf_keys_unmake(keys);
    return status;
}

void wf_keys_unmake(wf_keys *keys)
{
    const wf_io *io = keys->city.io;
    weft_error ignored = {0};
    WF_IGNORE(io->unlink(io, keys->path.text), "it may never have been written");
    WF_IGNORE(wf_city_key_shred(io, keys->city.next_path.text, &ignored),
              "nothing is sealed under it alone");
    WF_IGNORE(wf_city_key_shred(io, keys->city.share_path.text, &ignored),
              "nothing is sealed under it alone");
}

// What a ring of memory holds, into a new one.
static weft_status fill_from(wf_keys *keys, const wf_keys *from, weft_error *error)
{
    wf_buffer plain = {0};
    weft_status status = wf_ring_print(from, &forget_nothing, &plain, error);
    if (status == WEFT_OK)
        status = wf_ring_parse(keys, wf_buffer_text(&plain), error);
    wf_buffer_wipe(&plain);
    return status;
}

weft_status wf_keys_create_from(const wf_keys_options *options, const char *city_id,
                                const wf_keys *from, wf_keys **ret, weft_error *error)
{
    wf_keys *keys = wf_ring_new();
    if (keys == NULL)
        return wf_fail_memory(error);
    weft_status status = keys_init(keys, options, city_id, error);
    if (status == WEFT_OK)
        status = fill_from(keys, from, error);
    if (status == WEFT_OK)
        status = create_under_next(keys, error);
    if (status == WEFT_OK)
        *ret = keys;
    else
        wf_keys_close(keys);
    return status;
}

// ---- asking ----

weft_day wf_keys_forgotten_before(const wf_keys *keys, wf_key_class key_class)
{
    wf_ring_lock_shared(keys);
    weft_day day = {keys->forgotten_before[key_class]};
    wf_ring_unlock(keys);
    return day;
}

bool wf_keys_is_forgotten(const wf_keys *keys, wf_key_class key_class, weft_day day)
{
    return day.number < wf_keys_forgotten_before(keys, key_class).number;
}

static wf_key *look_up(const wf_keys *keys, wf_key_class key_class, weft_day day)
{
    const wf_ring_entry *entry = wf_ring_find(keys, key_class, day);
    return entry != NULL ? entry->key : NULL;
}

weft_status wf_keys_find(const wf_keys *keys, wf_key_class key_class, weft_day day,
                         const wf_key **ret, weft_error *error)
{
    char text[WF_DAY_TEXT_MAX];
    if (wf_keys_is_forgotten(keys, key_class, day))
        return wf_fail(error, WEFT_FORGOTTEN, "keys.forgotten", "day",
                       wf_day_text(text, day), NULL);
    wf_ring_lock_shared(keys);
    bool found = wf_ring_find(keys, key_class, day) != NULL;
    const wf_key *key = look_up(keys, key_class, day);
    wf_ring_unlock(keys);
    if (!found)
        return wf_fail(error, WEFT_KEYLESS, "keys.none", "day", wf_day_text(text, day),
                       NULL);
    *ret = key;
    return WEFT_OK;
}

// The ring is locked; another thread may have made the key meanwhile.
static weft_status make_locked(wf_keys *keys, wf_key_class key_class, weft_day day,
                               const wf_key **ret, weft_error *error)
{
    wf_key *key = look_up(keys, key_class, day);
    if (key == NULL) {
        WF_TRY(wf_ring_reserve(keys, error));
        key = wf_ring_key_new(keys);
        if (key == NULL)
            return wf_fail_memory(error);
        wf_random_bytes(key->bytes, sizeof key->bytes);
        wf_ring_insert(keys, (wf_ring_entry){key_class, day, key});
        keys->changes++;
    }
    *ret = key;
    return WEFT_OK;
}

weft_status wf_keys_make(wf_keys *keys, wf_key_class key_class, weft_day day,
                         const wf_key **ret, weft_error *error)
{
    weft_status status = wf_keys_find(keys, key_class, day, ret, error);
    if (status != WEFT_KEYLESS)
        return status;
    wf_error_clear(error);
    wf_ring_lock(keys);
    status = make_locked(keys, key_class, day, ret, error);
    wf_ring_unlock(keys);
    return status;
}

weft_status wf_keys_renew(wf_keys *keys, wf_key_class key_class, weft_day *ret_generation,
                          const wf_key **ret, weft_error *error)
{
    size_t end =
        wf_ring_lower_bound(keys, (wf_key_class)(key_class + 1), (weft_day){INT32_MIN});
    weft_day generation = {
        keys->forgotten_before[key_class] > 0 ? keys->forgotten_before[key_class] : 0};
    if (end > 0 && keys->entries[end - 1].key_class == key_class &&
        keys->entries[end - 1].day.number >= generation.number)
        generation.number = keys->entries[end - 1].day.number + 1;
    WF_TRY(wf_keys_make(keys, key_class, generation, ret, error));
    *ret_generation = generation;
    return WEFT_OK;
}

static weft_status days_locked(const wf_keys *keys, wf_key_class key_class,
                               bool destroyed, wf_arena *arena, weft_day **ret,
                               size_t *ret_count, weft_error *error)
{
    weft_day *days = wf_arena_array(arena, keys->count + 1, sizeof *days);
    if (days == NULL)
        return wf_fail_memory(error);
    size_t count = 0;
    for (size_t i = 0; i < keys->count; i++) {
        const wf_ring_entry *entry = &keys->entries[i];
        if (entry->key_class == key_class && (entry->key == NULL) == destroyed)
            days[count++] = entry->day;
    }
    *ret = days;
    *ret_count = count;
    return WEFT_OK;
}

static weft_status days_where(const wf_keys *keys, wf_key_class key_class, bool destroyed,
                              wf_arena *arena, weft_day **ret, size_t *ret_count,
                              weft_error *error)
{
    wf_ring_lock_shared(keys);
    weft_status status =
        days_locked(keys, key_class, destroyed, arena, ret, ret_count, error);
    wf_ring_unlock(keys);
    return status;
}

weft_status wf_keys_days(const wf_keys *keys, wf_key_class key_class, wf_arena *arena,
                         weft_day **ret, size_t *ret_count, weft_error *error)
{
    return days_where(keys, key_class, false, arena, ret, ret_count, error);
}

weft_status wf_keys_destroyed_days(const wf_keys *keys, wf_key_class key_class,
                                   wf_arena *arena, weft_day **ret, size_t *ret_count,
                                   weft_error *error)
{
    return days_where(keys, key_class, true, arena, ret, ret_count, error);
}

uint64_t wf_keys_marked(const wf_keys *keys)
{
    wf_ring_lock_shared(keys);
    uint64_t mark = keys->mark;
    wf_ring_unlock(keys);
    return mark;
}

void wf_keys_mark(wf_keys *keys, uint64_t mark)
{
    wf_ring_lock(keys);
    WF_ASSERT(mark >= keys->mark);
    keys->changes += mark > keys->mark;
    keys->mark = mark;
    wf_ring_unlock(keys);
}

wf_keys_ledger wf_keys_ledger_marked(const wf_keys *keys)
{
    return keys->ledger;
}

void wf_keys_mark_ledger(wf_keys *keys, const wf_keys_ledger *mark)
{
    wf_ring_lock(keys);
    WF_ASSERT(mark->commits >= keys->ledger.commits);
    bool same = mark->commits == keys->ledger.commits;
    WF_ASSERT(!same || memcmp(mark->link, keys->ledger.link, WF_KEYS_LINK_BYTES) == 0);
    keys->changes += !same;
    keys->ledger = *mark;
    wf_ring_unlock(keys);
}

// ---- committing and forgetting ----

// A change of city key whose last step failed is finished before anything else
// is written, so that the two shares cannot both be needed.
static weft_status finish_promotion(wf_keys *keys, weft_error *error)
{
    const wf_io *io = keys->city.io;
    if (keys->unsure)
        return wf_fail(error, WEFT_STORAGE, "keys.unsure", "path", keys->path.text, NULL);
    if (!keys->promotion_due)
        return WEFT_OK;
    // Before the old share goes, the ring that needs the new one must be durable.
    if (io->sync_dir(io, keys->folder.text) != 0)
        return wf_fail_errno(error, errno, "io.sync", keys->folder.text);
    WF_TRY(wf_city_key_promote(&keys->city, error));
    keys->promotion_due = false;
    return WEFT_OK;
}

bool wf_keys_commit_due(const wf_keys *keys)
{
    wf_ring_lock_shared(keys);
    bool due = keys->changes != keys->written || keys->promotion_due || keys->unsure;
    wf_ring_unlock(keys);
    return due;
}

weft_status wf_keys_commit(wf_keys *keys, weft_error *error)
{
    WF_ASSERT(keys->city.io != NULL);
    WF_ASSERT(pthread_mutex_lock(&keys->writing) == 0);
    weft_status status = finish_promotion(keys, error);
    if (status == WEFT_OK)
        status =
            write_ring(keys, &keys->city.current->wrap, &forget_nothing, NULL, error);
    WF_ASSERT(pthread_mutex_unlock(&keys->writing) == 0);
    return status;
}

static size_t apply_step(wf_keys *keys, const wf_ring_step *step)
{
    size_t destroyed = 0, kept = 0;
    for (size_t i = 0; i < keys->count; i++) {
        wf_ring_entry entry = keys->entries[i];
        if (wf_ring_step_destroys(step, &entry)) {
            sodium_memzero(entry.key, sizeof *entry.key);
            entry.key = NULL;
            destroyed++;
            if (!wf_ring_remembers(entry.key_class))
                continue;
        }
        keys->entries[kept++] = entry;
    }
    keys->count = kept;
    if (step->before.number > keys->forgotten_before[step->key_class])
        keys->forgotten_before[step->key_class] = step->before.number;
    return destroyed;
}

void wf_keys_leave_out(wf_keys *keys, wf_key_class key_class, weft_day before)
{
    WF_ASSERT(keys->city.io == NULL && key_class != WF_KEY_LEDGER);
    wf_ring_step step = {key_class, before};
    WF_IGNORE(apply_step(keys, &step) > 0, "how many there were does not matter");
}

// Second belt: the old ring's blocks get noise. Its key is destroyed anyway.
static void blot_out(const wf_io *io, int file)
{
    unsigned char noise[4096];
    off_t size = lseek(file, 0, SEEK_END);
    wf_random_bytes(noise, sizeof noise);
    for (off_t at = 0; at < size; at += (off_t)sizeof noise) {
        size_t part =
            size - at < (off_t)sizeof noise ? (size_t)(size - at) : sizeof noise;
        if (io->pwrite(io, file, noise, part, at) < 0)
            return;
    }
    WF_IGNORE(io->sync(io, file), "the promise rests on the destroyed key");
}

weft_status wf_keys_forget_before(wf_keys *keys, wf_key_class key_class, weft_day before,
                                  size_t *ret_destroyed, weft_error *error)
{
    WF_ASSERT(keys->city.io != NULL && key_class > 0 && key_class < WF_KEY_CLASS_COUNT);
    WF_ASSERT(key_class != WF_KEY_LEDGER);
    const wf_io *io = keys->city.io;
    WF_TRY(finish_promotion(keys, error));
    WF_TRY(wf_city_key_draw_next(&keys->city, error));
    int old_ring = io->open(io, keys->path.text, O_WRONLY | O_CLOEXEC, 0);
    wf_ring_step step = {key_class, before};
    bool replaced = false;
    weft_status status =
        write_ring(keys, &keys->city.next->wrap, &step, &replaced, error);
    if (replaced) { // the commit: from here on there is no way back
        size_t destroyed = apply_step(keys, &step);
        wf_city_key_adopt_next(&keys->city);
        keys->promotion_due = true;
        if (old_ring >= 0 && status == WEFT_OK)
            blot_out(io, old_ring);
        if (status == WEFT_OK)
            status = finish_promotion(keys, error);
        if (status == WEFT_OK)
            *ret_destroyed = destroyed;
    }
    if (old_ring >= 0)
        WF_IGNORE(io->close(io, old_ring), "the file has no name any more");
    return status;
}
