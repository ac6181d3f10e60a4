// Changes of the store. Order of a commit, so that a process killed at any call
// leaves the old or the new state:
//
//   1. each file is written and synced as <name>.next
//   2. the ring is written if it has keys in memory only
//   3. new ids are appended to the dictionary, behind its committed length
//   4. the folder is synced, so that the names of step 1 are durable
//   5. the manifest is replaced: the commit
//   6. the .next files are renamed over the old ones, files no longer named are
//      unlinked, the folder is synced, the ring is marked with the manifest's generation
//
// A failure before 5 leaves .next files that nothing names; one after it is not a
// failure of the change: step 6 is repeated by the next change or the next opening.
#include "visits/store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/bytes.h"

// ---- keys ----

static weft_status dictionary_key(const wf_visits *visits, const wf_manifest *manifest,
                                  const wf_key **ret, weft_error *error)
{
    return wf_keys_find(visits->keys, WF_KEY_DICTIONARY,
                        (weft_day){manifest->ids.generation}, ret, error);
}

weft_status wf_store_make_key(wf_visits *visits, weft_day day, const wf_key **ret,
                              weft_error *error)
{
    weft_status status = wf_keys_find(visits->keys, WF_KEY_VISITS, day, ret, error);
    if (status != WEFT_KEYLESS)
        return status;
    // A new key beside a file that an older one opens would hide that a ring from
    // before was put back, and could not be merged with the right ring later.
    if (wf_manifest_find(&visits->manifest, day) != NULL) {
        char text[WF_DAY_TEXT_MAX];
        return wf_fail(error, WEFT_KEYLESS, "visits.day_keyless", "day",
                       wf_day_text(text, day), NULL);
    }
    wf_error_clear(error);
    return wf_keys_make(visits->keys, WF_KEY_VISITS, day, ret, error);
}

static weft_status commit_keys(const wf_visits *visits, weft_error *error)
{
    return wf_keys_commit_due(visits->keys) ? wf_keys_commit(visits->keys, error)
                                            : WEFT_OK;
}

// ---- a change ----

weft_status wf_visits_generation(const wf_visits *visits, uint64_t *ret,
                                 weft_error *error)
{
    if (visits->unsure)
        return wf_fail(error, WEFT_STORAGE, "visits.unsure", "path", visits->folder.text,
                       NULL);
    *ret = visits->manifest.generation;
    return WEFT_OK;
}

weft_status wf_commit_ready(wf_visits *visits, weft_error *error)
{
    uint64_t generation;
    WF_TRY(wf_visits_generation(visits, &generation, error));
    return visits->unsettled ? wf_commit_settle(visits, error) : WEFT_OK;
}

weft_status wf_change_begin(wf_visits *visits, wf_change *ret, weft_error *error)
{
    WF_TRY(wf_commit_ready(visits, error));
    wf_change change = {.visits = visits};
    WF_TRY(wf_manifest_copy(&visits->manifest, &change.next, error));
    change.next.generation++;
    for (size_t i = 0; i < change.next.count; i++) {
        wf_manifest_day *day = &change.next.days[i];
        const wf_tail_end *end = wf_tail_end_of(visits, day->day);
        wf_manifest_file *tail = &day->files[WF_SLOT_TAIL];
        day->doomed = 0;
        if (end != NULL && end->acknowledged > tail->size)
            tail->size = end->acknowledged;
    }
    *ret = change;
    return WEFT_OK;
}

weft_status wf_change_write(wf_change *change, wf_manifest_day *day, unsigned slot,
                            const wf_segment_bytes *bytes, uint64_t visits_count,
                            uint64_t encounters_count, unsigned threads,
                            weft_error *error)
{
    const wf_visits *visits = change->visits;
    wf_manifest_file file = {.generation = change->next.generation,
                             .visits = visits_count,
                             .encounters = encounters_count};
    wf_path path;
    const wf_key *key;
    WF_TRY(wf_store_next_path(visits, day->day, slot, &path, error));
    WF_TRY(wf_keys_find(visits->keys, WF_KEY_VISITS, day->day, &key, error));
    wf_text content = {(const char *)bytes->bytes, bytes->size};
    weft_status status =
        wf_day_file_write(visits->io, path.text, key, day->day, file.generation, content,
                          threads, &file.hash, &file.size, error);
    if (status != WEFT_OK) {
        WF_IGNORE(visits->io->unlink(visits->io, path.text),
                  "what stays is removed on opening");
        return status;
    }
    day->files[slot] = file;
    day->doomed &= (uint16_t) ~(1u << slot);
    return WEFT_OK;
}

void wf_change_remove(wf_manifest_day *day, unsigned slot)
{
    if (day->files[slot].generation == 0)
        return;
    day->files[slot] = (wf_manifest_file){0};
    day->doomed |= (uint16_t)(1u << slot);
}

void wf_change_abandon(wf_change *change)
{
    const wf_visits *visits = change->visits;
    for (size_t i = 0; i < change->next.count; i++) {
        const wf_manifest_day *day = &change->next.days[i];
        for (unsigned slot = 0; slot < WF_SLOT_COUNT; slot++) {
            wf_path path;
            weft_error second = {0};
            // If the new manifest may be the one on disk, what it names must stay.
            if (visits->unsure ||
                day->files[slot].generation != change->next.generation ||
                wf_store_next_path(visits, day->day, slot, &path, &second) != WEFT_OK)
                continue;
            WF_IGNORE(visits->io->unlink(visits->io, path.text),
                      "what stays is removed on opening");
        }
    }
    wf_manifest_done(&change->next);
}

// Days whose files are all gone are not named any more once those are unlinked.
static void drop_empty_days(wf_manifest *manifest)
{
    size_t kept = 0;
    for (size_t i = 0; i < manifest->count; i++) {
        const wf_manifest_day *day = &manifest->days[i];
        bool used = day->doomed != 0;
        for (unsigned slot = 0; slot < WF_SLOT_COUNT; slot++)
            used |= day->files[slot].generation != 0;
        if (used)
            manifest->days[kept++] = *day;
    }
    manifest->count = kept;
}

bool wf_commit_has_new_ids(const wf_visits *visits, const wf_ids_mark *mark)
{
    for (wf_id_class c = WF_ID_PERSON; c < WF_ID_CLASS_COUNT; c++)
        if (mark->counts[c] < wf_ids_count(visits->ids, c))
            return true;
    return false;
}

void wf_commit_drop_new_ids(wf_visits *visits)
{
    for (wf_id_class c = WF_ID_PERSON; c < WF_ID_CLASS_COUNT; c++) {
        weft_error second = {0};
        WF_IGNORE(wf_ids_cut(visits->ids, c, visits->manifest.ids.counts[c], &second),
                  "an id too many means nothing until a row names it");
    }
}

// Whether files came, or have to go, with the manifest's own generation: names in the
// folder change.
static bool changes_files(const wf_manifest *manifest)
{
    for (size_t i = 0; i < manifest->count; i++) {
        const wf_manifest_day *day = &manifest->days[i];
        for (unsigned slot = 0; slot < WF_SLOT_COUNT; slot++)
            if (day->files[slot].generation == manifest->generation)
                return true;
        if (day->doomed != 0)
            return true;
    }
    return false;
}

// Ids that are added to a dictionary of before change no name.
static bool changes_names(const wf_change *change)
{
    const wf_ids_mark *before = &change->visits->manifest.ids;
    bool has_dictionary = false;
    for (wf_id_class c = WF_ID_PERSON; c < WF_ID_CLASS_COUNT; c++)
        has_dictionary |= before->counts[c] > 0;
    return !has_dictionary || before->generation != change->next.ids.generation ||
           changes_files(&change->next);
}

static void pause_here(const wf_visits *visits)
{
    if (visits->between != NULL)
        visits->between(visits->between_context);
}

static weft_status make_durable(wf_change *change, weft_error *error)
{
    wf_visits *visits = change->visits;
    const wf_io *io = visits->io;
    drop_empty_days(&change->next);
    WF_TRY(commit_keys(visits, error));
    if (wf_commit_has_new_ids(visits, &change->next.ids)) {
        const wf_key *key;
        wf_path path;
        WF_TRY(dictionary_key(visits, &change->next, &key, error));
        WF_TRY(wf_path_join(visits->folder.text, "dictionary", &path, error));
        WF_TRY(wf_ids_file_append(io, path.text, key, visits->ids, &change->next.ids,
                                  error));
    }
    if (changes_names(change) && io->sync_dir(io, visits->folder.text) != 0)
        return wf_fail_errno(error, errno, "io.sync", visits->folder.text);
    pause_here(visits);
    return wf_commit_manifest(visits, &change->next, error);
}

weft_status wf_change_commit(wf_change *change, weft_error *error)
{
    wf_visits *visits = change->visits;
    bool names = changes_names(change);
    weft_status status = make_durable(change, error);
    if (status != WEFT_OK) {
        wf_change_abandon(change);
        return status;
    }
    WF_ASSERT(pthread_rwlock_wrlock(&visits->naming) == 0);
    wf_manifest_done(&visits->manifest);
    visits->manifest = change->next;
    wf_store_unlock(visits);
    visits->unsettled = true;
    visits->names_due = visits->names_due || names;
    pause_here(visits);
    weft_error second = {0};
    WF_IGNORE(wf_commit_settle(visits, &second),
              "the change is committed; the next one tidies up, or opening does");
    return WEFT_OK;
}

// ---- the manifest ----

static weft_status replace_manifest(const wf_visits *visits, const wf_path *path,
                                    const wf_manifest *manifest, wf_buffer *bytes,
                                    weft_error *error)
{
    const wf_key *key;
    WF_TRY(dictionary_key(visits, manifest, &key, error));
    wf_buffer_clear(bytes);
    WF_TRY(wf_manifest_print(manifest, key, bytes, error));
    return wf_io_replace_file(visits->io, path->text, wf_buffer_text(bytes), 0600, error);
}

// Whether the file does not hold `bytes`; false also when that cannot be told.
static bool differs(const wf_visits *visits, const wf_path *path, wf_text bytes)
{
    wf_arena arena;
    wf_arena_init(&arena, 0);
    wf_text file;
    weft_error second = {0};
    weft_status status = wf_io_read_file(visits->io, path->text, bytes.size + (1u << 26),
                                         &arena, &file, &second);
    bool result =
        status == WEFT_NOT_FOUND || (status == WEFT_OK && !wf_text_equal(file, bytes));
    wf_arena_done(&arena);
    return result;
}

weft_status wf_commit_manifest(wf_visits *visits, const wf_manifest *next,
                               weft_error *error)
{
    wf_path path;
    WF_TRY(wf_path_join(visits->folder.text, "manifest", &path, error));
    wf_buffer bytes = {0};
    weft_status status = replace_manifest(visits, &path, next, &bytes, error);
    // When only the sync of the folder failed the new manifest has the name already,
    // perhaps not durably: the old one is put back, so that failure means "as before".
    if (status != WEFT_OK && !differs(visits, &path, wf_buffer_text(&bytes))) {
        weft_error second = {0};
        bool had_one = visits->manifest.generation > 0;
        if (!had_one || replace_manifest(visits, &path, &visits->manifest, &bytes,
                                         &second) != WEFT_OK)
            visits->unsure = true;
    }
    wf_buffer_done(&bytes);
    return status;
}

// ---- tidying up ----

static weft_status rename_next(const wf_visits *visits, weft_day day, unsigned slot,
                               weft_error *error)
{
    wf_path next, path;
    WF_TRY(wf_store_next_path(visits, day, slot, &next, error));
    WF_TRY(wf_store_path(visits, day, slot, &path, error));
    if (!wf_io_exists(visits->io, next.text))
        return WEFT_OK;
    if (visits->io->rename(visits->io, next.text, path.text) != 0)
        return wf_fail_errno(error, errno, "io.rename", next.text);
    return WEFT_OK;
}

static weft_status unlink_doomed(const wf_visits *visits, weft_day day, unsigned slot,
                                 weft_error *error)
{
    wf_path path;
    WF_TRY(wf_store_path(visits, day, slot, &path, error));
    if (visits->io->unlink(visits->io, path.text) != 0 && errno != ENOENT)
        return wf_fail_errno(error, errno, "io.unlink", path.text);
    return WEFT_OK;
}

static weft_status settle_files(const wf_visits *visits, weft_error *error)
{
    for (size_t i = 0; i < visits->manifest.count; i++) {
        const wf_manifest_day *day = &visits->manifest.days[i];
        for (unsigned slot = 0; slot < WF_SLOT_COUNT; slot++) {
            if (day->files[slot].generation == visits->manifest.generation)
                WF_TRY(rename_next(visits, day->day, slot, error));
            if ((day->doomed >> slot & 1) != 0)
                WF_TRY(unlink_doomed(visits, day->day, slot, error));
        }
    }
    return WEFT_OK;
}

// Whether a new dictionary is of the generation that the manifest names.
static weft_status dictionary_is_named(const wf_visits *visits, const char *path,
                                       bool *ret, weft_error *error)
{
    unsigned char head[16];
    int file = visits->io->open(visits->io, path, O_RDONLY | O_CLOEXEC, 0);
    if (file < 0)
        return wf_fail_errno(error, errno, "io.open", path);
    weft_error found = {0};
    weft_status status =
        wf_io_pread_all(visits->io, file, head, sizeof head, 0, path, &found);
    WF_IGNORE(visits->io->close(visits->io, file), "a file only read loses nothing");
    *ret = status == WEFT_OK && memcmp(head, "WEFTDICT", 8) == 0 &&
           wf_get_u32(head + 12) == (uint32_t)visits->manifest.ids.generation;
    if (status == WEFT_OK || status == WEFT_DAMAGED)
        return WEFT_OK;
    *error = found;
    return status;
}

// A dictionary that a purge wrote anew takes the old one's place.
static weft_status settle_dictionary(const wf_visits *visits, weft_error *error)
{
    wf_path path, next;
    bool removed, named = false;
    WF_TRY(wf_path_join(visits->folder.text, "dictionary", &path, error));
    WF_TRY(wf_path_join(visits->folder.text, "dictionary.next", &next, error));
    if (wf_io_exists(visits->io, next.text))
        WF_TRY(dictionary_is_named(visits, next.text, &named, error));
    if (!named)
        return WEFT_OK; // of a purge that was given up
    WF_TRY(wf_store_shred(visits, path.text, &removed, error));
    if (visits->io->rename(visits->io, next.text, path.text) != 0)
        return wf_fail_errno(error, errno, "io.rename", next.text);
    return WEFT_OK;
}

// Marks the ring, and destroys the keys of dictionaries before this one.
static weft_status settle_keys(const wf_visits *visits, weft_error *error)
{
    const wf_manifest *manifest = &visits->manifest;
    weft_day generation = {manifest->ids.generation}, forgotten;
    if (wf_keys_marked(visits->keys) < manifest->generation)
        wf_keys_mark(visits->keys, manifest->generation);
    forgotten = wf_keys_forgotten_before(visits->keys, WF_KEY_DICTIONARY);
    if (generation.number > 0 && forgotten.number < generation.number) {
        size_t destroyed;
        WF_TRY(wf_keys_forget_before(visits->keys, WF_KEY_DICTIONARY, generation,
                                     &destroyed, error));
    }
    return commit_keys(visits, error);
}

weft_status wf_commit_settle(wf_visits *visits, weft_error *error)
{
    const wf_io *io = visits->io;
    WF_TRY(settle_files(visits, error));
    WF_TRY(settle_dictionary(visits, error));
    if (visits->names_due && io->sync_dir(io, visits->folder.text) != 0)
        return wf_fail_errno(error, errno, "io.sync", visits->folder.text);
    visits->names_due = false;
    WF_TRY(settle_keys(visits, error));
    visits->unsettled = false;
    return WEFT_OK;
}

// ---- after a crash ----

// Whether a ".next" file is what the manifest names.
static weft_status is_named(const wf_visits *visits, const char *path, weft_day number,
                            unsigned slot, bool *ret, weft_error *error)
{
    const wf_manifest_day *day = wf_manifest_find(&visits->manifest, number);
    *ret = false;
    if (day == NULL || day->files[slot].generation != visits->manifest.generation)
        return WEFT_OK;
    weft_error found = {0};
    weft_status status = wf_stored_check_file(visits, path, day, slot, &found);
    *ret = status == WEFT_OK;
    if (status == WEFT_OK || status == WEFT_DAMAGED)
        return WEFT_OK;
    *error = found;
    return status;
}

static weft_status recover_name(void *context, const char *name, weft_error *error)
{
    const wf_visits *visits = context;
    weft_day day;
    unsigned slot = 0;
    wf_path path;
    bool named = false;
    wf_name_kind kind = wf_store_name(name, &day, &slot);
    WF_TRY(wf_path_join(visits->folder.text, name, &path, error));
    if (kind == WF_NAME_NEXT)
        WF_TRY(is_named(visits, path.text, day, slot, &named, error));
    else if (kind == WF_NAME_DICTIONARY_NEXT)
        WF_TRY(dictionary_is_named(visits, path.text, &named, error));
    else if (kind != WF_NAME_SCRATCH)
        return WEFT_OK; // verify names what does not belong here; nothing removes it
    if (!named && visits->io->unlink(visits->io, path.text) != 0)
        return wf_fail_errno(error, errno, "io.unlink", path.text);
    return WEFT_OK;
}

weft_status wf_commit_recover(wf_visits *visits, weft_error *error)
{
    const wf_io *io = visits->io;
    // The manifest that was read may have its name but not durably.
    if (io->sync_dir(io, visits->folder.text) != 0)
        return wf_fail_errno(error, errno, "io.sync", visits->folder.text);
    WF_TRY(wf_store_each_name(visits, recover_name, visits, error));
    visits->names_due = true;
    return wf_commit_settle(visits, error);
}
