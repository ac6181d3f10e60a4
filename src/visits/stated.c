#include "visits/stated.h"

#include <stdlib.h>

#include "visits/stated_file.h"
#include "visits/stated_write.h"

void wf_stated_done(wf_stated_state *stated)
{
    wf_stated_list *const lists[] = {&stated->change, &stated->life};
    for (size_t i = 0; i < 2; i++) {
        wf_arena_done(&lists[i]->arena);
        free(lists[i]->items);
    }
    wf_stated_table_done(&stated->seen);
}

// The day's table, read once as long as it stays the same.
static weft_status see(wf_visits *visits, weft_day number, const wf_stated_table **ret,
                       weft_error *error)
{
    wf_stated_table *seen = &visits->stated.seen;
    const wf_manifest_day *day = wf_manifest_find(&visits->manifest, number);
    bool same = day != NULL && seen->generation != 0 &&
                seen->day.number == number.number &&
                seen->generation == day->files[WF_SLOT_STATED].generation;
    if (!same) {
        wf_stated_table_done(seen);
        WF_TRY(wf_stated_load(visits, day, seen, error));
    }
    *ret = seen;
    return WEFT_OK;
}

// ---- a change ----

static void check_row_numbers(const wf_visits *visits, const wf_stated *entry)
{
    const wf_ids *ids = visits->ids;
    for (size_t i = 0; i < entry->visits_count; i++)
        WF_ASSERT(entry->visits[i].row.person < wf_ids_count(ids, WF_ID_PERSON) &&
                  entry->visits[i].row.place < wf_ids_count(ids, WF_ID_PLACE));
    for (size_t i = 0; i < entry->encounters_count; i++)
        WF_ASSERT(entry->encounters[i].row.a < entry->encounters[i].row.b &&
                  entry->encounters[i].row.b < wf_ids_count(ids, WF_ID_PERSON));
}

weft_status wf_stated_takes(wf_visits *visits, weft_day day, weft_error *error)
{
    const wf_stated_table *table;
    if (visits->stated.unsure)
        return wf_fail(error, WEFT_STORAGE, "visits.unsure", "path", visits->folder.text,
                       NULL);
    WF_TRY(wf_visits_day_takes(visits, day, error));
    return see(visits, day, &table, error);
}

weft_status wf_stated_put(wf_visits *visits, const wf_stated *entry, weft_error *error)
{
    wf_buffer bytes = {0};
    WF_ASSERT(!visits->stated.committed);
    check_row_numbers(visits, entry);
    WF_TRY(wf_stated_takes(visits, entry->day, error));
    weft_status status = wf_stated_print(entry, 0, &bytes, error);
    if (status == WEFT_OK)
        status = wf_stated_collect(&visits->stated.change, entry->day, entry->id,
                                   WF_STATED_PUT, wf_buffer_text(&bytes), error);
    wf_buffer_wipe(&bytes);
    return status;
}

weft_status wf_stated_drop(wf_visits *visits, weft_day day, wf_identity id,
                           weft_error *error)
{
    WF_ASSERT(!visits->stated.committed);
    return wf_stated_collect(&visits->stated.change, day, id, WF_STATED_DROP, WF_TEXT(""),
                             error);
}

weft_status wf_stated_commit(wf_visits *visits, weft_error *error)
{
    wf_stated_state *stated = &visits->stated;
    bool puts = false;
    WF_ASSERT(!stated->committed);
    for (size_t i = 0; i < stated->change.count; i++)
        puts |= stated->change.items[i].act == WF_STATED_PUT;
    if (stated->change.count == 0)
        return WEFT_OK;
    WF_TRY(wf_stated_write(visits, &stated->change, NULL, error));
    stated->committed = puts;
    if (!puts)
        wf_stated_finish(&stated->change);
    return WEFT_OK;
}

// Entries of a table that cannot be read now stay as they are.
static void count_day(wf_visits *visits, wf_manifest_day *day)
{
    const wf_stated_table *table;
    weft_error second = {0};
    if (see(visits, day->day, &table, &second) != WEFT_OK)
        return;
    day->stated.counted = table->generation;
    day->stated.newest = wf_stated_newest(visits, table, table->generation);
    wf_stated_renew(visits, day->day, day->stated.reach + 1);
}

static bool has_uncounted(const wf_manifest_day *day)
{
    return day->files[WF_SLOT_STATED].generation > day->stated.counted;
}

void wf_stated_count(wf_visits *visits)
{
    WF_ASSERT(!visits->stated.unsure);
    for (size_t i = 0; i < visits->manifest.count; i++)
        if (has_uncounted(&visits->manifest.days[i]))
            count_day(visits, &visits->manifest.days[i]);
    visits->stated.committed = false;
    wf_stated_finish(&visits->stated.change);
}

void wf_stated_ask(wf_visits *visits)
{
    visits->stated.unsure = false;
}

void wf_stated_rollback(wf_visits *visits, bool unsure)
{
    wf_stated_state *stated = &visits->stated;
    weft_error second = {0};
    stated->unsure |= stated->committed && unsure;
    if (stated->committed && !unsure)
        for (size_t i = 0; i < stated->change.count; i++) {
            wf_stated_item *item = &stated->change.items[i];
            item->owed |= item->act == WF_STATED_PUT;
            item->act = WF_STATED_DROP;
        }
    bool owes = stated->committed && !unsure;
    stated->committed = false;
    wf_stated_finish(&stated->change);
    if (owes)
        WF_IGNORE(wf_stated_commit(visits, &second),
                  "they give no row; the next commit or opening takes them out");
}

bool wf_stated_is_due(const wf_visits *visits)
{
    const wf_stated_state *stated = &visits->stated;
    return stated->committed || stated->change.count > 0 || stated->life.count > 0;
}

// ---- life ----

weft_status wf_stated_set_dead(wf_visits *visits, weft_day day, wf_identity id, bool dead,
                               weft_error *error)
{
    return wf_stated_collect(&visits->stated.life, day, id,
                             dead ? WF_STATED_DEAD : WF_STATED_ALIVE, WF_TEXT(""), error);
}

weft_status wf_stated_write_life(wf_visits *visits, uint64_t position, weft_error *error)
{
    wf_stated_list *life = &visits->stated.life;
    if (life->count == 0) {
        visits->manifest.life_position = position;
        return WEFT_OK;
    }
    WF_TRY(wf_stated_write(visits, life, &position, error));
    wf_stated_finish(life);
    return WEFT_OK;
}

uint64_t wf_stated_life_position(const wf_visits *visits)
{
    return visits->manifest.life_position;
}

// ---- reading ----

// The newest of what was collected of a name; NULL: nothing.
static const wf_stated_item *find_collected(const wf_stated_list *list, weft_day day,
                                            wf_identity id)
{
    const wf_stated_item *found = NULL;
    for (size_t i = 0; i < list->count; i++) {
        const wf_stated_item *item = &list->items[i];
        if (item->day.number == day.number && wf_stated_order(item->id, id) == 0 &&
            (found == NULL || item->order > found->order))
            found = item;
    }
    return found;
}

// The bytes of the entry; size 0: none.
static weft_status find_entry(wf_visits *visits, weft_day day, wf_identity id,
                              wf_text *ret, weft_error *error)
{
    const wf_stated_item *item = find_collected(&visits->stated.change, day, id);
    if (item != NULL) {
        *ret = item->entry; // nothing when it has to go
        return WEFT_OK;
    }
    const wf_stated_table *table;
    WF_TRY(see(visits, day, &table, error));
    size_t at = wf_stated_table_find(table, id);
    *ret = at < table->count ? table->entries[at] : WF_TEXT("");
    return WEFT_OK;
}

weft_status wf_stated_find(wf_visits *visits, weft_day day, wf_identity id,
                           wf_arena *arena, wf_text *ret_body, uint32_t *ret_kind,
                           weft_error *error)
{
    wf_text bytes = {0};
    wf_stated_read read;
    wf_store_lock_shared(visits);
    weft_status status = wf_visits_day_takes(visits, day, error);
    if (status == WEFT_OK)
        status = find_entry(visits, day, id, &bytes, error);
    wf_store_unlock(visits);
    WF_TRY(status);
    if (bytes.size == 0)
        return wf_fail(error, WEFT_NOT_FOUND, "visits.not_stated", NULL);
    WF_ASSERT(wf_stated_parse(bytes, day, &read));
    wf_text body = wf_arena_text(arena, read.entry.body);
    if (body.bytes == NULL)
        return wf_fail_memory(error);
    *ret_body = body;
    *ret_kind = read.entry.kind;
    return WEFT_OK;
}

static weft_status visit_table(const wf_stated_table *table, uint64_t counted,
                               bool uncounted, wf_stated_visitor *visit, void *context,
                               weft_error *error)
{
    wf_stated_read read;
    for (size_t i = 0; i < table->count; i++) {
        wf_stated_table_read(table, i, &read);
        bool counts = read.generation <= counted;
        if (!uncounted || !counts)
            WF_TRY(visit(context, &read.entry, counts, error));
    }
    return WEFT_OK;
}

weft_status wf_stated_each(wf_visits *visits, weft_day from, weft_day before,
                           bool uncounted, wf_stated_visitor *visit, void *context,
                           size_t *ret_unread, weft_error *error)
{
    size_t unread = 0;
    for (size_t i = 0; i < visits->manifest.count; i++) {
        const wf_manifest_day *day = &visits->manifest.days[i];
        weft_error found = {0};
        wf_stated_table table = {0};
        if (day->day.number < from.number || day->day.number >= before.number ||
            (uncounted && !has_uncounted(day)) ||
            wf_visits_day_is_forgotten(visits, day->day))
            continue;
        weft_status status = wf_stated_load(visits, day, &table, &found);
        if (status == WEFT_OK)
            status = visit_table(&table, day->stated.counted, uncounted, visit, context,
                                 &found);
        else if (status == WEFT_DAMAGED || status == WEFT_KEYLESS) {
            unread++;
            status = WEFT_OK;
        }
        wf_stated_table_done(&table);
        if (status != WEFT_OK) {
            *error = found;
            return status;
        }
    }
    if (ret_unread != NULL)
        *ret_unread = unread;
    return WEFT_OK;
}
