#include "visits/stated_write.h"

#include <stdlib.h>

#include "base/grow.h"
#include "visits/stated_file.h"

// ---- lists ----

weft_status wf_stated_collect(wf_stated_list *list, weft_day day, wf_identity id,
                              wf_stated_act act, wf_text entry, weft_error *error)
{
    wf_stated_item *items =
        wf_grow(list->items, list->count, &list->capacity, sizeof *items);
    if (items == NULL)
        return wf_fail_memory(error);
    list->items = items;
    wf_stated_item item = {.day = day,
                           .id = {wf_arena_text(&list->arena, id.device), id.seq},
                           .act = act,
                           .order = list->next_order,
                           .entry = wf_arena_text(&list->arena, entry)};
    if (item.id.device.bytes == NULL || item.entry.bytes == NULL)
        return wf_fail_memory(error);
    list->next_order++;
    list->items[list->count++] = item;
    return WEFT_OK;
}

void wf_stated_finish(wf_stated_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].owed)
            list->items[kept++] = list->items[i];
    list->count = kept;
    if (kept > 0)
        return;
    wf_arena_done(&list->arena);
    wf_arena_init(&list->arena, 0);
}

static int compare_items(const void *a, const void *b)
{
    const wf_stated_item *x = a, *y = b;
    if (x->day.number != y->day.number)
        return x->day.number < y->day.number ? -1 : 1;
    int names = wf_stated_order(x->id, y->id);
    return names != 0 ? names : (x->order > y->order) - (x->order < y->order);
}

// ---- one table ----

// A day's table on its way to what the items say.
typedef struct {
    const wf_visits *visits;
    uint64_t generation; // of what is put
    wf_stated_table old;
    uint64_t counted; // of the old one
    wf_buffer bytes;
    size_t count;
    bool changed, seen_change; // seen: rows that answers see come or go
    uint64_t visits_count, encounters_count;
    uint32_t reach;
    weft_time newest;
} rewrite;

static void widen(rewrite *work, weft_day first, weft_day day)
{
    uint32_t after = (uint32_t)(day.number - first.number);
    work->reach = after > work->reach ? after : work->reach;
}

// Appends the bytes of an entry; *ret_at is where they stand.
static weft_status append(rewrite *work, wf_text entry, size_t *ret_at, weft_error *error)
{
    *ret_at = work->bytes.size;
    if (!wf_buffer_append(&work->bytes, entry.bytes, entry.size))
        return wf_fail(error, WEFT_TOO_LARGE, "visits.stated_too_large", NULL);
    work->count++;
    return WEFT_OK;
}

// Puts what is left of an entry: `old` (NULL: none) as the item (NULL: none) says.
static weft_status put_one(rewrite *work, const wf_text *old, const wf_stated_item *item,
                           weft_error *error)
{
    wf_stated_read read;
    bool was_seen = false, dead = false;
    size_t at;
    if (old != NULL) {
        WF_ASSERT(wf_stated_parse(*old, work->old.day, &read));
        dead = read.entry.dead;
        was_seen = !dead && read.generation <= work->counted;
    }
    if (item != NULL && item->act == WF_STATED_PUT) {
        WF_TRY(append(work, item->entry, &at, error));
        wf_stated_patch_generation(work->bytes.bytes + at, work->generation);
        work->changed = true;
        work->seen_change |= was_seen;
        return WEFT_OK;
    }
    if (old == NULL)
        return WEFT_OK;
    if (item != NULL && item->act == WF_STATED_DROP) {
        work->changed = true;
        work->seen_change |= was_seen;
        return WEFT_OK;
    }
    WF_TRY(append(work, *old, &at, error));
    if (item != NULL && dead != (item->act == WF_STATED_DEAD)) {
        wf_stated_patch_dead(work->bytes.bytes + at, !dead);
        work->changed = true;
        work->seen_change |= read.generation <= work->counted;
    }
    return WEFT_OK;
}

// The last item of the run of one name that begins at `first`.
static size_t last_of_name(const wf_stated_item *items, size_t count, size_t first)
{
    size_t last = first;
    while (last + 1 < count && wf_stated_order(items[last + 1].id, items[first].id) == 0)
        last++;
    return last;
}

// Both are in the order of names.
static weft_status merge(rewrite *work, const wf_stated_item *items, size_t count,
                         weft_error *error)
{
    work->bytes.limit = WF_STATED_TABLE_BYTES_MAX;
    if (!wf_stated_print_head(&work->bytes))
        return wf_fail_memory(error);
    size_t i = 0, j = 0;
    wf_stated_read read;
    while (i < work->old.count || j < count) {
        int order = i == work->old.count ? 1 : j == count ? -1 : 0;
        if (order == 0) {
            wf_stated_table_read(&work->old, i, &read);
            order = wf_stated_order(read.entry.id, items[j].id);
        }
        const wf_text *old = order <= 0 ? &work->old.entries[i++] : NULL;
        const wf_stated_item *item = NULL;
        if (order >= 0) {
            j = last_of_name(items, count, j);
            item = &items[j++];
        }
        WF_TRY(put_one(work, old, item, error));
    }
    wf_stated_patch_count(work->bytes.bytes, work->count);
    return WEFT_OK;
}

// What the manifest says of the new table.
static weft_status measure(rewrite *work, weft_day day, weft_error *error)
{
    wf_segment_bytes bytes = {(unsigned char *)work->bytes.bytes, work->bytes.size,
                              work->bytes.capacity};
    wf_stated_table table;
    wf_stated_read read;
    WF_TRY(wf_stated_table_open(&bytes, day, &table, error));
    for (size_t i = 0; i < table.count; i++) {
        wf_stated_table_read(&table, i, &read);
        const wf_stated *entry = &read.entry;
        for (size_t j = 0; j < entry->visits_count; j++)
            widen(work, day, entry->visits[j].day);
        for (size_t j = 0; j < entry->encounters_count; j++)
            widen(work, day, entry->encounters[j].day);
        work->visits_count += entry->visits_count;
        work->encounters_count += entry->encounters_count;
    }
    work->newest = wf_stated_newest(work->visits, &table, work->counted);
    free(table.entries); // the bytes are the buffer's
    return WEFT_OK;
}

// ---- a day of a change ----

static bool puts_something(const wf_stated_item *items, size_t count)
{
    bool puts = false;
    for (size_t i = 0; i < count; i++)
        puts |= items[i].act == WF_STATED_PUT;
    return puts;
}

static weft_status stage(wf_change *change, rewrite *work, weft_day number, bool puts,
                         weft_error *error)
{
    const wf_key *key;
    wf_manifest_day *day;
    if (puts)
        WF_TRY(wf_store_make_key(change->visits, number, &key, error));
    WF_TRY(wf_manifest_add(&change->next, number, &day, error));
    if (work->count == 0) {
        wf_change_remove(day, WF_SLOT_STATED);
        day->stated = (wf_manifest_stated){0};
        return WEFT_OK;
    }
    WF_TRY(measure(work, number, error));
    wf_segment_bytes bytes = {(unsigned char *)work->bytes.bytes, work->bytes.size,
                              work->bytes.capacity};
    bool all_counted = work->old.generation <= work->counted;
    WF_TRY(wf_change_write(change, day, WF_SLOT_STATED, &bytes, work->visits_count,
                           work->encounters_count, 1, error));
    day->stated.reach = work->reach;
    day->stated.newest = work->newest;
    // So that the next opening need not look for entries that nobody counted.
    if (!puts && all_counted)
        day->stated.counted = change->next.generation;
    return WEFT_OK;
}

static weft_status write_day(wf_change *change, wf_stated_item *items, size_t count,
                             bool *changed, weft_error *error)
{
    const wf_visits *visits = change->visits;
    weft_day number = items[0].day;
    const wf_manifest_day *day = wf_manifest_find(&visits->manifest, number);
    rewrite work = {.visits = visits,
                    .generation = change->next.generation,
                    .counted = day != NULL ? day->stated.counted : 0};
    uint32_t reach = day != NULL ? day->stated.reach : 0;
    WF_TRY(wf_stated_load(visits, day, &work.old, error));
    weft_status status = merge(&work, items, count, error);
    if (status == WEFT_OK && work.changed)
        status = stage(change, &work, number, puts_something(items, count), error);
    if (status == WEFT_OK) {
        *changed |= work.changed;
        reach = work.reach > reach ? work.reach : reach;
        items[0].span = work.seen_change ? reach + 1 : 0;
    }
    wf_stated_table_done(&work.old);
    wf_buffer_wipe(&work.bytes);
    return status;
}

// As write_day; what nothing is put into can wait.
static weft_status try_day(wf_change *change, wf_stated_item *items, size_t count,
                           bool *changed, bool *owes, weft_error *error)
{
    weft_error found = {0};
    weft_status status = WEFT_FORGOTTEN;
    bool puts = puts_something(items, count);
    items[0].span = 0;
    if (puts || !wf_visits_day_is_forgotten(change->visits, items[0].day))
        status = write_day(change, items, count, changed, &found);
    bool unread = status == WEFT_DAMAGED || status == WEFT_KEYLESS;
    for (size_t i = 0; i < count; i++)
        items[i].left = !puts && unread;
    *owes |= !puts && unread;
    if (status == WEFT_OK || (!puts && (unread || status == WEFT_FORGOTTEN)))
        return WEFT_OK;
    *error = found;
    return status;
}

static size_t day_end(const wf_stated_list *list, size_t first)
{
    size_t end = first;
    while (end < list->count &&
           list->items[end].day.number == list->items[first].day.number)
        end++;
    return end;
}

static weft_status write_days(wf_change *change, wf_stated_list *list, bool *changed,
                              bool *owes, weft_error *error)
{
    for (size_t i = 0, end; i < list->count; i = end) {
        end = day_end(list, i);
        WF_TRY(try_day(change, &list->items[i], end - i, changed, owes, error));
    }
    return WEFT_OK;
}

weft_status wf_stated_write(wf_visits *visits, wf_stated_list *list,
                            const uint64_t *position, weft_error *error)
{
    wf_change change;
    bool changed = false, owes = false;
    WF_ASSERT(visits->batch == NULL);
    WF_TRY(wf_change_begin(visits, &change, error));
    if (list->count > 1)
        qsort(list->items, list->count, sizeof *list->items, compare_items);
    weft_status status = write_days(&change, list, &changed, &owes, error);
    if (status != WEFT_OK || !changed) {
        wf_change_abandon(&change);
        WF_TRY(status);
    } else {
        if (position != NULL && !owes)
            change.next.life_position = *position;
        WF_TRY(wf_change_commit(&change, error));
    }
    if (position != NULL && !owes)
        visits->manifest.life_position = *position;
    wf_stated_table_done(&visits->stated.seen);
    for (size_t i = 0; i < list->count; i++)
        list->items[i].owed = list->items[i].left;
    for (size_t i = 0; changed && i < list->count; i = day_end(list, i))
        if (list->items[i].span > 0)
            wf_stated_renew(visits, list->items[i].day, list->items[i].span);
    return WEFT_OK;
}
