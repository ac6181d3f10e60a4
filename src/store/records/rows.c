// What applying and delivering share: numbers for ids, rows by their keys.
#include <stdlib.h>

#include "store/records/inside.h"

// ---- numbers of persons and places ----

typedef struct {
    wf_buffer texts[2], values[2]; // persons, places: wf_text, wf_value *
    bool failed;
} names;

static void collect_name(void *context, wf_column_type type, wf_value *value)
{
    names *all = context;
    size_t which = type == WF_COLUMN_PERSON ? 0 : 1;
    all->failed =
        all->failed ||
        !wf_buffer_append(&all->texts[which], &value->text, sizeof value->text) ||
        !wf_buffer_append(&all->values[which], &value, sizeof value);
}

static weft_status number_names(const wf_numbers *numbers, names *all, size_t which,
                                weft_error *error)
{
    size_t count = all->texts[which].size / sizeof(wf_text);
    if (count == 0)
        return WEFT_OK;
    uint32_t *found = malloc(count * sizeof *found);
    if (found == NULL)
        return wf_fail_memory(error);
    weft_status status = numbers->intern(
        numbers->context, which == 0 ? WF_COLUMN_PERSON : WF_COLUMN_PLACE,
        (const wf_text *)(const void *)all->texts[which].bytes, count, found, error);
    wf_value **values = (wf_value **)(void *)all->values[which].bytes;
    for (size_t i = 0; status == WEFT_OK && i < count; i++)
        values[i]->number = found[i];
    free(found);
    return status;
}

weft_status wf_records_number(const wf_numbers *numbers, wf_entry *const *entries,
                              size_t count, weft_error *error)
{
    names all = {0};
    for (size_t i = 0; i < count; i++)
        wf_claims_names(entries[i], collect_name, &all);
    weft_status status = all.failed ? wf_fail_memory(error) : WEFT_OK;
    for (size_t which = 0; which < 2; which++) {
        if (status == WEFT_OK)
            status = number_names(numbers, &all, which, error);
        wf_buffer_done(&all.texts[which]);
        wf_buffer_done(&all.values[which]);
    }
    return status;
}

// ---- writing rows ----

weft_status wf_records_run(wf_statement *statement, weft_error *error)
{
    bool row;
    weft_status status = wf_statement_step(statement, &row, error);
    wf_statement_reset(statement);
    return status;
}

typedef weft_status make_sql(const wf_form *form, wf_buffer *ret, weft_error *error);

static weft_status find_sql(const wf_form *form, wf_buffer *ret, weft_error *error)
{
    return wf_form_select(form, true, ret, error);
}

// Prepares a statement of a table's that was not needed before.
static weft_status make_ready(const wf_records *records, make_sql *make,
                              const wf_form *form, wf_statement **statement,
                              weft_error *error)
{
    wf_buffer sql = {0};
    if (*statement != NULL)
        return WEFT_OK;
    weft_status status = make(form, &sql, error);
    if (status == WEFT_OK)
        status = wf_database_prepare(records->db, sql.bytes, statement, error);
    wf_buffer_done(&sql);
    return status;
}

static void key_of(const wf_table *table, const wf_claim *claim, wf_value *ret)
{
    for (size_t i = 0; i < table->keys_count; i++)
        ret[i] = (wf_value){
            .given = true, .text = claim->keys[i].text, .number = claim->keys[i].number};
}

weft_status wf_records_write_row(wf_records *records, wf_records_table *table,
                                 weft_error *error)
{
    WF_TRY(make_ready(records, wf_form_upsert, &table->form, &table->upsert, error));
    WF_TRY(wf_record_bind(&table->form, &records->keys, &records->row, &records->room,
                          table->upsert, error));
    return wf_records_run(table->upsert, error);
}

weft_status wf_records_read_row(wf_records *records, wf_records_table *table,
                                const wf_claim *claim, bool *ret_found, weft_error *error)
{
    wf_value key[WF_KEYS_MAX];
    WF_TRY(make_ready(records, find_sql, &table->form, &table->find, error));
    key_of(table->form.table, claim, key);
    wf_record_bind_key(&table->form, key, table->find);
    WF_TRY(wf_statement_step(table->find, ret_found, error));
    if (*ret_found)
        return wf_record_read(&table->form, &records->keys, table->find, &records->row,
                              error);
    wf_record_clear(&records->row);
    return WEFT_OK;
}

void wf_records_leave_row(wf_records_table *table)
{
    if (table->find != NULL)
        wf_statement_reset(table->find);
}

weft_status wf_records_erase_row(wf_records *records, wf_records_table *table,
                                 const wf_claim *claim, weft_error *error)
{
    wf_value key[WF_KEYS_MAX];
    WF_TRY(make_ready(records, wf_form_delete, &table->form, &table->erase, error));
    key_of(table->form.table, claim, key);
    wf_record_bind_key(&table->form, key, table->erase);
    return wf_records_run(table->erase, error);
}
