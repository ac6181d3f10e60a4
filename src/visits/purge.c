// Forgetting days. Order, so that it may be cut off anywhere and finished later:
//
//   1. the keys of the days are destroyed (a new ring under a new city key): from here on
//      nothing can read them
//   2. their files are overwritten and unlinked, then the manifest leaves the days out
//      and notes that their ids are still there; an opening repeats this step
//   3. the dictionary is written anew under a new key, without ids that no living day
//      uses and nobody else claims; the manifest that names it is the commit; then the
//      old dictionary is overwritten and its key destroyed. Repeated by the next purge.
//
// Numbers of ids never move: those of dropped ids stay empty.
#include "visits/purge.h"

#include <errno.h>
#include <string.h>

#include "base/pages.h"
#include "visits/stated_file.h"

// ---- days ----

static weft_status shred_day(const wf_visits *visits, const wf_manifest_day *day,
                             uint64_t *removed_count, weft_error *error)
{
    for (unsigned slot = 0; slot < WF_SLOT_COUNT; slot++) {
        wf_path path;
        bool removed;
        if (day->files[slot].generation == 0)
            continue;
        WF_TRY(wf_store_path(visits, day->day, slot, &path, error));
        WF_TRY(wf_store_shred(visits, path.text, &removed, error));
        *removed_count += removed;
    }
    return WEFT_OK;
}

// Step 2 for all days that the ring has forgotten and the manifest names.
static weft_status remove_days(wf_visits *visits, wf_visits_purge_count *count,
                               weft_error *error)
{
    const wf_io *io = visits->io;
    weft_day before = wf_keys_forgotten_before(visits->keys, WF_KEY_VISITS);
    const wf_manifest *manifest = &visits->manifest;
    uint64_t days = 0;
    for (; days < manifest->count && manifest->days[days].day.number < before.number;
         days++)
        WF_TRY(shred_day(visits, &manifest->days[days], &count->files_removed, error));
    if (days == 0)
        return WEFT_OK;
    if (io->sync_dir(io, visits->folder.text) != 0)
        return wf_fail_errno(error, errno, "io.sync", visits->folder.text);
    wf_change change;
    WF_TRY(wf_change_begin(visits, &change, error));
    wf_manifest_drop_before(&change.next, before);
    change.next.ids_due = true;
    WF_TRY(wf_change_commit(&change, error));
    count->days_forgotten += days;
    return WEFT_OK;
}

weft_status wf_purge_resume(wf_visits *visits, weft_error *error)
{
    wf_visits_purge_count count = {0};
    return remove_days(visits, &count, error);
}

// ---- ids ----

typedef struct {
    uint64_t *bits[WF_ID_CLASS_COUNT]; // a bit a number
    size_t bytes[WF_ID_CLASS_COUNT];
    uint32_t counts[WF_ID_CLASS_COUNT];
} id_set;

static weft_status id_set_init(id_set *set, const wf_ids *ids, weft_error *error)
{
    *set = (id_set){0};
    for (wf_id_class c = WF_ID_PERSON; c < WF_ID_CLASS_COUNT; c++) {
        set->counts[c] = wf_ids_count(ids, c);
        set->bytes[c] = ((size_t)set->counts[c] / 64 + 1) * sizeof(uint64_t);
        set->bits[c] = wf_pages_new(set->bytes[c]);
        if (set->bits[c] == NULL)
            return wf_fail_memory(error);
    }
    return WEFT_OK;
}

static void id_set_done(id_set *set)
{
    for (wf_id_class c = WF_ID_PERSON; c < WF_ID_CLASS_COUNT; c++)
        wf_pages_free(set->bits[c], set->bytes[c]);
}

static void id_set_add(id_set *set, wf_id_class id_class, uint32_t number)
{
    if (number < set->counts[id_class])
        set->bits[id_class][number / 64] |= UINT64_C(1) << (number % 64);
}

static bool id_set_has(const id_set *set, wf_id_class id_class, uint32_t number)
{
    return (set->bits[id_class][number / 64] >> (number % 64) & 1) != 0;
}

static weft_status add_segment(id_set *set, const wf_segment *segment, weft_error *error)
{
    wf_segment_unpacked unpacked = {0};
    WF_TRY(wf_segment_unpack(segment, &unpacked, error));
    const wf_segment_rows *rows = &unpacked.rows;
    for (size_t i = 0; i < rows->visits_count; i++) {
        id_set_add(set, WF_ID_PERSON, rows->visits[i].person);
        id_set_add(set, WF_ID_PLACE, rows->visits[i].place);
    }
    for (size_t i = 0; i < rows->encounters_count; i++) {
        id_set_add(set, WF_ID_PERSON, rows->encounters[i].a);
        id_set_add(set, WF_ID_PERSON, rows->encounters[i].b);
    }
    wf_segment_unpacked_done(&unpacked);
    return WEFT_OK;
}

// A day that cannot be read may come back, and then needs its ids.
static weft_status fail_unreadable(weft_day day, weft_status status, weft_error *error)
{
    char text[WF_DAY_TEXT_MAX];
    wf_error_clear(error);
    return wf_fail(error, status, "visits.ids_kept", "day", wf_day_text(text, day), NULL);
}

// Also the ids of entries that are dead: they may live again.
static weft_status add_stated(const wf_visits *visits, const wf_manifest_day *day,
                              id_set *set, weft_error *error)
{
    wf_stated_table table = {0};
    wf_stated_read read;
    WF_TRY(wf_stated_load(visits, day, &table, error));
    for (size_t i = 0; i < table.count; i++) {
        wf_stated_table_read(&table, i, &read);
        for (size_t j = 0; j < read.entry.visits_count; j++) {
            id_set_add(set, WF_ID_PERSON, read.visits[j].row.person);
            id_set_add(set, WF_ID_PLACE, read.visits[j].row.place);
        }
        for (size_t j = 0; j < read.entry.encounters_count; j++) {
            id_set_add(set, WF_ID_PERSON, read.encounters[j].row.a);
            id_set_add(set, WF_ID_PERSON, read.encounters[j].row.b);
        }
    }
    wf_stated_table_done(&table);
    return WEFT_OK;
}

static weft_status add_day(const wf_visits *visits, const wf_manifest_day *day,
                           id_set *set, weft_error *error)
{
    wf_stored stored;
    weft_status status =
        wf_stored_open(visits, day, true, visits->threads, &stored, error);
    if (status == WEFT_KEYLESS)
        return fail_unreadable(day->day, status, error);
    WF_TRY(status);
    if (stored.damaged != 0)
        status = fail_unreadable(day->day, WEFT_DAMAGED, error);
    for (unsigned slot = 0; slot < WF_SLOT_COUNT && status == WEFT_OK; slot++)
        if (stored.segments[slot] != NULL)
            status = add_segment(set, stored.segments[slot], error);
    wf_stored_close(&stored);
    if (status == WEFT_OK)
        status = add_stated(visits, day, set, error);
    return status == WEFT_DAMAGED ? fail_unreadable(day->day, status, error) : status;
}

typedef struct {
    bool (*keep_id)(void *context, wf_id_class id_class, uint32_t number);
    void *context;
} keeper;

// Adds what is claimed and counts the ids that are left.
static uint64_t add_claimed(const wf_ids *ids, const keeper *who, id_set *set)
{
    uint64_t dropped = 0;
    for (wf_id_class c = WF_ID_PERSON; c < WF_ID_CLASS_COUNT; c++) {
        for (uint32_t number = 0; number < set->counts[c]; number++) {
            if (id_set_has(set, c, number) || wf_ids_text(ids, c, number).size == 0)
                continue;
            if (who->keep_id != NULL && who->keep_id(who->context, c, number))
                id_set_add(set, c, number);
            else
                dropped++;
        }
    }
    return dropped;
}

enum { block_ids = 4096, block_bytes = block_ids * (1 + WF_ID_BYTES_MAX) };

// The ids of the set under their old numbers, for writing only.
static weft_status copy_class(const wf_ids *ids, wf_id_class id_class, const id_set *set,
                              unsigned char *block, wf_ids *into, weft_error *error)
{
    uint32_t number = 0;
    while (number < set->counts[id_class]) {
        uint32_t count = 0;
        size_t size = 0;
        for (; count < block_ids && number < set->counts[id_class]; count++, number++) {
            wf_text text = {NULL, 0};
            if (id_set_has(set, id_class, number))
                text = wf_ids_text(ids, id_class, number);
            block[size++] = (unsigned char)text.size;
            if (text.size > 0)
                memcpy(block + size, text.bytes, text.size);
            size += text.size;
        }
        WF_TRY(wf_ids_load_block(into, id_class, block, size, count, error));
    }
    return WEFT_OK;
}

static weft_status copy_ids(const wf_ids *ids, const id_set *set, wf_ids *into,
                            weft_error *error)
{
    unsigned char *block = wf_pages_new(block_bytes);
    if (block == NULL)
        return wf_fail_memory(error);
    weft_status status = WEFT_OK;
    for (wf_id_class c = WF_ID_PERSON; c < WF_ID_CLASS_COUNT && status == WEFT_OK; c++)
        status = copy_class(ids, c, set, block, into, error);
    wf_pages_free(block, block_bytes);
    return status;
}

// Writes the dictionary anew beside the old one, under a key of its own.
static weft_status write_dictionary(wf_visits *visits, const id_set *set,
                                    wf_ids_mark *ret, weft_error *error)
{
    weft_day generation;
    const wf_key *key;
    wf_path path;
    wf_ids *copy = NULL;
    WF_TRY(wf_path_join(visits->folder.text, "dictionary.next", &path, error));
    WF_TRY(wf_keys_renew(visits->keys, WF_KEY_DICTIONARY, &generation, &key, error));
    WF_TRY(wf_ids_new(&copy, error));
    wf_ids_mark mark = {.generation = generation.number};
    weft_status status = copy_ids(visits->ids, set, copy, error);
    if (status == WEFT_OK)
        status = wf_ids_file_append(visits->io, path.text, key, copy, &mark, error);
    wf_ids_free(copy);
    if (status == WEFT_OK)
        *ret = mark;
    return status;
}

static weft_status drop_ids(wf_visits *visits, const id_set *set, weft_error *error)
{
    for (wf_id_class c = WF_ID_PERSON; c < WF_ID_CLASS_COUNT; c++) {
        uint64_t dropped;
        WF_TRY(wf_ids_drop(visits->ids, c, set->bits[c], &dropped, error));
    }
    return WEFT_OK;
}

static weft_status replace_dictionary(wf_visits *visits, const id_set *set,
                                      uint64_t dropped, weft_error *error)
{
    wf_change change;
    WF_TRY(wf_change_begin(visits, &change, error));
    change.next.ids_due = false;
    weft_status status = WEFT_OK;
    if (dropped > 0)
        status = write_dictionary(visits, set, &change.next.ids, error);
    if (status != WEFT_OK) {
        wf_change_abandon(&change);
        return status;
    }
    WF_TRY(wf_change_commit(&change, error));
    if (dropped > 0)
        WF_TRY(drop_ids(visits, set, error));
    // Until the old dictionary's key is destroyed its ids are not forgotten.
    return wf_commit_ready(visits, error);
}

// Step 3.
static weft_status forget_ids(wf_visits *visits, const keeper *who,
                              wf_visits_purge_count *count, weft_error *error)
{
    id_set set;
    weft_status status = id_set_init(&set, visits->ids, error);
    for (size_t i = 0; i < visits->manifest.count && status == WEFT_OK; i++)
        status = add_day(visits, &visits->manifest.days[i], &set, error);
    if (status == WEFT_OK) {
        uint64_t dropped = add_claimed(visits->ids, who, &set);
        status = replace_dictionary(visits, &set, dropped, error);
        if (status == WEFT_OK)
            count->ids_forgotten += dropped;
    }
    id_set_done(&set);
    return status;
}

weft_status wf_visits_purge(wf_visits *visits, weft_day before,
                            bool (*keep_id)(void *context, wf_id_class id_class,
                                            uint32_t number),
                            void *context, wf_visits_purge_count *ret, weft_error *error)
{
    WF_ASSERT(visits->batch == NULL);
    wf_visits_release(visits);
    wf_visits_purge_count count = {0};
    WF_TRY(wf_commit_ready(visits, error));
    weft_day forgotten = wf_keys_forgotten_before(visits->keys, WF_KEY_VISITS);
    if (before.number > forgotten.number) {
        size_t destroyed = 0;
        // What this leaves undone when it fails, the next writing of the ring does.
        WF_TRY(wf_keys_forget_before(visits->keys, WF_KEY_VISITS, before, &destroyed,
                                     error));
        count.keys_destroyed = destroyed;
    }
    WF_TRY(remove_days(visits, &count, error));
    if (visits->manifest.ids_due) {
        keeper who = {keep_id, context};
        WF_TRY(forget_ids(visits, &who, &count, error));
    }
    WF_TRY(wf_commit_ready(visits, error));
    *ret = count;
    return WEFT_OK;
}
