// What follows the rows: told of each row that has changed.
#include <stdlib.h>
#include <string.h>

#include "store/records/inside.h"

// Beside the tables of the kinds there are more that can be watched, by one column.
static const struct {
    const char *table, *column;
} besides[] = {[WF_BESIDE_DEAD_FACTS] = {"dead_facts", "fact"},
               [WF_BESIDE_SENDER_GAP] = {"sender_gap", "device"}};

static bool is_beside(const wf_watch *watch, size_t *ret)
{
    for (size_t i = 0; i < sizeof besides / sizeof *besides; i++)
        if (strcmp(watch->table, besides[i].table) == 0) {
            *ret = i;
            return true;
        }
    return false;
}

// The place of a column by its name in SQL: "id_number_key" is the keyed hash of the
// sealed id_number.
static size_t column_of(const wf_table *table, const char *name, bool *ret_keyed)
{
    static const char ending[] = "_key";
    wf_text text = wf_text_of(name);
    size_t column = wf_table_column(table, text), tail = sizeof ending - 1;
    *ret_keyed = column == SIZE_MAX && text.size > tail &&
                 memcmp(text.bytes + text.size - tail, ending, tail) == 0;
    if (*ret_keyed)
        column = wf_table_column(table, (wf_text){text.bytes, text.size - tail});
    return column;
}

static void resolve(const wf_kinds *kinds, wf_records_watcher *watcher,
                    wf_records_table *tables)
{
    const wf_watch *watch = watcher->watch;
    watcher->table = kinds->tables_count;
    for (size_t i = 0; i < kinds->tables_count; i++)
        if (strcmp(kinds->tables[i]->name, watch->table) == 0)
            watcher->table = i;
    while (watch->columns[watcher->columns_count] != NULL)
        watcher->columns_count++;
    size_t beside;
    if (is_beside(watch, &beside)) {
        WF_ASSERT(watcher->columns_count == 1 &&
                  strcmp(watch->columns[0], besides[beside].column) == 0);
        watcher->table = kinds->tables_count + beside;
        return;
    }
    WF_ASSERT(watcher->table < kinds->tables_count);
    const wf_table *table = kinds->tables[watcher->table];
    for (size_t i = 0; i < watcher->columns_count; i++) {
        bool keyed = false;
        size_t column = column_of(table, watch->columns[i], &keyed);
        WF_ASSERT(column != SIZE_MAX);
        WF_ASSERT(keyed ? table->columns[column].keyed
                        : column < table->keys_count ||
                              !wf_column_is_sealed(&table->columns[column]));
        watcher->columns[i] = column;
        if (keyed)
            tables[watcher->table].keyed_watched |= UINT32_C(1) << column;
    }
    tables[watcher->table].is_watched = true;
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
            resolve(records->kinds, watcher, records->tables);
        }
    }
    return WEFT_OK;
}

static bool is_keyed(const wf_records_table *table, size_t column)
{
    return (table->keyed_watched >> column & 1) != 0;
}

// What is told of a column: itself, or the keyed hash.
static wf_value told(const wf_records *records, const wf_records_table *table,
                     size_t column)
{
    wf_value value = records->row.values[column];
    if (!is_keyed(table, column) || !value.given)
        return value;
    return (wf_value){.given = true,
                      .number = wf_record_equality(&records->keys, value.text)};
}

void wf_records_note_before(wf_records *records, const wf_records_table *table,
                            bool found)
{
    records->had_before = found;
    if (!table->is_watched || !found)
        return;
    for (size_t i = 0; i < table->form.table->columns_count; i++)
        records->before[i] = told(records, table, i);
}

static bool differ(bool is_text, const wf_value *a, const wf_value *b)
{
    if (a->given != b->given)
        return true;
    return a->given && (is_text ? !wf_text_equal(a->text, b->text)
                                : a->number != b->number || a->real != b->real);
}

// True when a column that is watched has another value; gives both.
static bool pick(const wf_records *records, const wf_records_watcher *watcher,
                 bool has_after, wf_value before[WF_WATCH_COLUMNS_MAX],
                 wf_value after[WF_WATCH_COLUMNS_MAX])
{
    const wf_records_table *table = &records->tables[watcher->table];
    bool changed = records->had_before != has_after;
    for (size_t i = 0; i < watcher->columns_count; i++) {
        size_t column = watcher->columns[i];
        bool is_text = wf_record_is_text(&table->form.table->columns[column]) &&
                       !is_keyed(table, column);
        if (records->had_before)
            before[i] = records->before[column];
        if (has_after)
            after[i] = told(records, table, column);
        changed = changed || differ(is_text, &before[i], &after[i]);
    }
    return changed;
}

static weft_status tell(const wf_records_watcher *watcher, const wf_value *before,
                        const wf_value *after, weft_error *error)
{
    const wf_watch *watch = watcher->watch;
    void *context = watch->context != NULL ? watch->context : watcher->follower->context;
    return watch->changed(context, before, after, error);
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
        WF_TRY(tell(watcher, records->had_before ? before : NULL,
                    has_after ? after : NULL, error));
    }
    return WEFT_OK;
}

weft_status wf_records_tell_beside(wf_records *records, wf_records_beside beside,
                                   wf_text text, bool is_there, weft_error *error)
{
    const wf_value value = {.given = true, .text = text};
    for (size_t i = 0; i < records->watchers_count; i++) {
        const wf_records_watcher *watcher = &records->watchers[i];
        if (watcher->table == records->kinds->tables_count + beside)
            WF_TRY(
                tell(watcher, is_there ? NULL : &value, is_there ? &value : NULL, error));
    }
    return WEFT_OK;
}

static weft_status follow_all(const wf_records *records, weft_error *error)
{
    for (size_t i = 0; i < records->followers_count; i++) {
        const wf_follower *follower = &records->followers[i];
        if (follower->before_commit != NULL)
            WF_TRY(follower->before_commit(follower->context, records->db, error));
    }
    return WEFT_OK;
}

// A rule that is asked for a whole city may take seconds: others go between there, too.
weft_status wf_records_follow(wf_records *records, weft_error *error)
{
    if (records->paused != NULL)
        wf_database_on_work(records->db, records->paused, records->paused_context);
    weft_status status = follow_all(records, error);
    wf_database_on_work(records->db, NULL, NULL);
    return status;
}

void wf_records_committing(const wf_records *records)
{
    for (size_t i = 0; i < records->followers_count; i++) {
        const wf_follower *follower = &records->followers[i];
        if (follower->committing != NULL)
            follower->committing(follower->context);
    }
}

void wf_records_ended(wf_records *records, bool committed)
{
    for (size_t i = 0; i < records->followers_count; i++)
        records->followers[i].ended(records->followers[i].context, committed);
}
