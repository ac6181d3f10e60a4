// What follows the rows: told of each row that has changed.
#include <stdlib.h>
#include <string.h>

#include "store/records/inside.h"

// Beside the tables of the kinds there is one more that can be watched.
static bool is_dead_facts(const wf_watch *watch)
{
    return strcmp(watch->table, "dead_facts") == 0;
}

static void resolve(const wf_kinds *kinds, wf_records_watcher *watcher)
{
    const wf_watch *watch = watcher->watch;
    watcher->table = kinds->tables_count;
    for (size_t i = 0; i < kinds->tables_count; i++)
        if (strcmp(kinds->tables[i]->name, watch->table) == 0)
            watcher->table = i;
    while (watch->columns[watcher->columns_count] != NULL)
        watcher->columns_count++;
    if (is_dead_facts(watch)) {
        WF_ASSERT(watcher->columns_count == 1 && strcmp(watch->columns[0], "fact") == 0);
        return;
    }
    WF_ASSERT(watcher->table < kinds->tables_count);
    const wf_table *table = kinds->tables[watcher->table];
    for (size_t i = 0; i < watcher->columns_count; i++) {
        size_t column = wf_table_column(table, wf_text_of(watch->columns[i]));
        WF_ASSERT(column != SIZE_MAX);
        WF_ASSERT(column < table->keys_count ||
                  !wf_column_is_sealed(&table->columns[column]));
        watcher->columns[i] = column;
    }
}

weft_status wf_records_watchers_make(wf_records *records, weft_error *error)
{
    size_t count = 0;
    for (size_t i = 0; i < records->followers_count; i++)
        count += records->followers[i].watches_count;
    records->watchers = calloc(count + 1, sizeof *records->watchers);
    if (records->watchers == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < records->followers_count; i++) {
        const wf_follower *follower = &records->followers[i];
        for (size_t k = 0; k < follower->watches_count; k++) {
            wf_records_watcher *watcher = &records->watchers[records->watchers_count++];
            *watcher = (wf_records_watcher){follower, &follower->watches[k], 0, 0, {0}};
            resolve(records->kinds, watcher);
            if (watcher->table < records->kinds->tables_count)
                records->tables[watcher->table].is_watched = true;
        }
    }
    return WEFT_OK;
}

void wf_records_note_before(wf_records *records, const wf_records_table *table,
                            bool found)
{
    records->had_before = found;
    if (table->is_watched && found)
        memcpy(records->before, records->row.values, sizeof records->before);
}

static bool differ(const wf_column *column, const wf_value *a, const wf_value *b)
{
    if (a->given != b->given)
        return true;
    return a->given &&
           (wf_record_is_text(column) ? !wf_text_equal(a->text, b->text)
                                      : a->number != b->number || a->real != b->real);
}

// True when a column that is watched has another value; gives both.
static bool pick(const wf_records *records, const wf_records_watcher *watcher,
                 bool has_after, wf_value before[WF_WATCH_COLUMNS_MAX],
                 wf_value after[WF_WATCH_COLUMNS_MAX])
{
    const wf_table *table = records->kinds->tables[watcher->table];
    bool changed = records->had_before != has_after;
    for (size_t i = 0; i < watcher->columns_count; i++) {
        size_t column = watcher->columns[i];
        if (records->had_before)
            before[i] = records->before[column];
        if (has_after)
            after[i] = records->row.values[column];
        changed = changed || differ(&table->columns[column], &before[i], &after[i]);
    }
    return changed;
}

weft_status wf_records_tell(wf_records *records, const wf_records_table *table,
                            bool has_after, weft_error *error)
{
    wf_value before[WF_WATCH_COLUMNS_MAX] = {0}, after[WF_WATCH_COLUMNS_MAX] = {0};
    if (!table->is_watched || (!records->had_before && !has_after))
        return WEFT_OK;
    for (size_t i = 0; i < records->watchers_count; i++) {
        const wf_records_watcher *watcher = &records->watchers[i];
        if (watcher->table != (size_t)(table - records->tables) ||
            !pick(records, watcher, has_after, before, after))
            continue;
        WF_TRY(watcher->watch->changed(watcher->follower->context,
                                       records->had_before ? before : NULL,
                                       has_after ? after : NULL, error));
    }
    return WEFT_OK;
}

weft_status wf_records_tell_dead(wf_records *records, wf_text fact, bool is_dead,
                                 weft_error *error)
{
    const wf_value value = {.given = true, .text = fact};
    for (size_t i = 0; i < records->watchers_count; i++) {
        const wf_records_watcher *watcher = &records->watchers[i];
        if (watcher->table != records->kinds->tables_count)
            continue;
        WF_TRY(watcher->watch->changed(watcher->follower->context,
                                       is_dead ? NULL : &value, is_dead ? &value : NULL,
                                       error));
    }
    return WEFT_OK;
}

weft_status wf_records_follow(wf_records *records, weft_error *error)
{
    for (size_t i = 0; i < records->followers_count; i++) {
        const wf_follower *follower = &records->followers[i];
        if (follower->before_commit != NULL)
            WF_TRY(follower->before_commit(follower->context, records->db, error));
    }
    return WEFT_OK;
}

void wf_records_ended(wf_records *records, bool committed)
{
    for (size_t i = 0; i < records->followers_count; i++)
        records->followers[i].ended(records->followers[i].context, committed);
}
