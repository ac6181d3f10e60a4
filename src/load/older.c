#include "load/older.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load/fact_rows.h"

enum {
    group_facts = 1024,         // sent at a time
    group_bytes_max = 64 << 20, // of their texts
    no_as_of_us = 0             // of a table in which no row has a value
};

static const struct {
    weft_import_kind kind;
    const char *fact;
} sent_as[WF_REGISTER_COUNT] = {
    [WF_REGISTER_PERSONS] = {WEFT_IMPORT_PERSONS, "person.registered"},
    [WF_REGISTER_PLACES] = {WEFT_IMPORT_PLACES, "place.registered"},
    [WF_REGISTER_CASES] = {WEFT_IMPORT_CASES, "case.reported"},
};

typedef struct {
    const wf_import_city *city;
    const wf_register_table *table;
    wf_register_kind kind;
    wf_older_count count;
    // Sending only.
    const wf_kind *fact_kind;
    char device[32];
    weft_time otherwise; // the time of a row that is its id and nothing else
    wf_arena arena;      // texts of the group
    wf_fact facts[group_facts];
    bool accepted[group_facts];
    bool begins[group_facts]; // the fact is the first of its row
    size_t facts_count;
} sending;

// ---- ids ----

// Empty when the dictionary has no such number.
static wf_text id_of(const sending *on, wf_id_class id_class, int64_t number)
{
    const wf_ids *ids = wf_visits_ids(on->city->visits);
    if (number < 0 || number >= (int64_t)wf_ids_count(ids, id_class))
        return (wf_text){"", 0};
    return wf_ids_text(ids, id_class, (uint32_t)number);
}

static wf_text own_id(const sending *on, const wf_older_row *row)
{
    if (on->kind == WF_REGISTER_CASES)
        return row->values[0].text;
    return id_of(on, on->kind == WF_REGISTER_PERSONS ? WF_ID_PERSON : WF_ID_PLACE,
                 row->number);
}

// The text of a value that is a number of the dictionary.
static bool is_number(const wf_column *column, wf_id_class *ret_class)
{
    *ret_class = column->type == WF_COLUMN_PLACE ? WF_ID_PLACE : WF_ID_PERSON;
    return column->type == WF_COLUMN_PERSON || column->type == WF_COLUMN_PLACE;
}

static bool is_refused(const sending *on, const wf_older_row *row)
{
    if (row->broken || own_id(on, row).size == 0)
        return true;
    for (size_t i = 1; i < on->table->columns_count; i++) {
        wf_id_class id_class;
        if (row->values[i].given && is_number(&on->table->columns[i], &id_class) &&
            id_of(on, id_class, row->values[i].number).size == 0)
            return true;
    }
    return false;
}

static weft_status judge_row(void *context, const wf_older_row *row, weft_error *error)
{
    sending *on = context;
    (void)error;
    on->count.rows++;
    on->count.refused += is_refused(on, row);
    return WEFT_OK;
}

// ---- facts ----

static weft_status flush(sending *on, weft_error *error)
{
    WF_TRY(wf_store_deliver(on->city->store, on->facts, on->facts_count, on->accepted,
                            error));
    // A row is accepted when one of its facts is.
    for (size_t i = 0; i < on->facts_count;) {
        bool accepted = on->accepted[i];
        for (i++; i < on->facts_count && !on->begins[i]; i++)
            accepted = accepted || on->accepted[i];
        on->count.accepted += accepted;
        on->count.had += !accepted;
    }
    on->facts_count = 0;
    wf_arena_done(&on->arena);
    wf_arena_init(&on->arena, group_bytes_max);
    return WEFT_OK;
}

static bool keep_text(sending *on, wf_text text, wf_value *to)
{
    *to = (wf_value){.given = true, .text = wf_arena_text(&on->arena, text)};
    return to->text.bytes != NULL;
}

// The values of one as-of, and the id.
static bool make_fact(sending *on, const wf_older_row *row, int64_t as_of_us,
                      wf_fact *fact)
{
    *fact = (wf_fact){
        .id = {wf_text_of(on->device), 0}, .kind = on->fact_kind, .at = {as_of_us}};
    wf_value values[WF_COLUMNS_MAX] = {{0}};
    if (!keep_text(on, own_id(on, row), &values[0]))
        return false;
    for (size_t i = 1; i < on->table->columns_count; i++) {
        const wf_value *value = &row->values[i];
        wf_id_class id_class;
        if (!value->given || row->as_of_us[i] != as_of_us)
            continue;
        values[i] = *value;
        if (is_number(&on->table->columns[i], &id_class)) {
            if (!keep_text(on, id_of(on, id_class, value->number), &values[i]))
                return false;
        } else if (value->text.size > 0) {
            if (!keep_text(on, value->text, &values[i]))
                return false;
        }
    }
    wf_fact_row_of_register(on->table, values, fact);
    return true;
}

// The next as-of of the row after `after`, rising; INT64_MAX: there is none.
static int64_t next_as_of(const sending *on, const wf_older_row *row, int64_t after)
{
    int64_t next = INT64_MAX;
    for (size_t i = 1; i < on->table->columns_count; i++)
        if (row->values[i].given && row->as_of_us[i] > after && row->as_of_us[i] < next)
            next = row->as_of_us[i];
    return next;
}

static weft_status send_row(void *context, const wf_older_row *row, weft_error *error)
{
    sending *on = context;
    on->count.rows++;
    if (is_refused(on, row)) {
        on->count.refused++;
        return WEFT_OK;
    }
    // The facts of a row are of one group.
    if (on->facts_count + WF_COLUMNS_MAX > group_facts)
        WF_TRY(flush(on, error));
    int64_t as_of = next_as_of(on, row, INT64_MIN);
    if (as_of == INT64_MAX)
        as_of = on->otherwise.us;
    for (bool begins = true; as_of != INT64_MAX;
         begins = false, as_of = next_as_of(on, row, as_of)) {
        on->begins[on->facts_count] = begins;
        if (!make_fact(on, row, as_of, &on->facts[on->facts_count++]))
            return wf_fail_memory(error);
    }
    return WEFT_OK;
}

// ---- tables ----

static sending *begin(const wf_import_city *city, wf_register_kind kind,
                      weft_error *error)
{
    sending *on = calloc(1, sizeof *on);
    if (on == NULL) {
        WF_IGNORE(wf_fail_memory(error), "the caller returns it");
        return NULL;
    }
    on->city = city;
    on->kind = kind;
    on->table = wf_register_table_of(kind);
    on->fact_kind = wf_kinds_find(city->kinds, wf_text_of(sent_as[kind].fact));
    WF_ASSERT(on->fact_kind != NULL);
    WF_IGNORE(snprintf(on->device, sizeof on->device, "import/%s",
                       weft_import_kind_name(sent_as[kind].kind)) < 0,
              "every kind's name fits");
    wf_arena_init(&on->arena, group_bytes_max);
    return on;
}

static weft_status send_table(sending *on, wf_older *older, weft_error *error)
{
    int64_t newest = INT64_MIN;
    WF_TRY(wf_older_newest(older, on->kind, &newest, error));
    on->otherwise = (weft_time){newest == INT64_MIN ? no_as_of_us : newest};
    WF_TRY(wf_store_deliver_begin(on->city->store, on->city->now, error));
    weft_status status = wf_older_scan(older, on->kind, send_row, on, error);
    if (status == WEFT_OK && on->facts_count > 0)
        status = flush(on, error);
    if (status == WEFT_OK)
        return wf_store_deliver_commit(on->city->store, error);
    wf_store_deliver_rollback(on->city->store);
    return status;
}

typedef weft_status for_table(sending *on, wf_older *older, weft_error *error);

static weft_status judge_table(sending *on, wf_older *older, weft_error *error)
{
    return wf_older_scan(older, on->kind, judge_row, on, error);
}

static weft_status for_tables(const wf_import_city *city, wf_older *older,
                              for_table *what, wf_older_count ret[WF_REGISTER_COUNT],
                              weft_error *error)
{
    wf_older_count counts[WF_REGISTER_COUNT];
    for (wf_register_kind kind = 0; kind < WF_REGISTER_COUNT; kind++) {
        sending *on = begin(city, kind, error);
        if (on == NULL)
            return WEFT_NO_MEMORY;
        weft_status status = what(on, older, error);
        counts[kind] = on->count;
        wf_arena_done(&on->arena);
        free(on);
        WF_TRY(status);
    }
    memcpy(ret, counts, sizeof counts);
    return WEFT_OK;
}

weft_status wf_older_judge(const wf_import_city *city, wf_older *older,
                           wf_older_count ret[WF_REGISTER_COUNT], weft_error *error)
{
    return for_tables(city, older, judge_table, ret, error);
}

weft_status wf_older_send(const wf_import_city *city, wf_older *older,
                          wf_older_count ret[WF_REGISTER_COUNT], weft_error *error)
{
    return for_tables(city, older, send_table, ret, error);
}
