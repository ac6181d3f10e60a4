// Lists of the register, in the columns of those whom they go to.
#include "weft/lists.h"
#include "access/asked/list_template.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/asked/export.h"
#include "access/asked/lists_inside.h"
#include "base/grow.h"
#include "desk/cases/kinds.h"
#include "desk/register/kinds.h"
#include "load/called.h"
#include "load/fact_rows.h"

enum {
    room_bytes = 64,
    arena_bytes_max = 2000 << 20 // some ten million rows
};

// ---- values ----

static const char *number_text(double number, char room[room_bytes])
{
    double again = 0;
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(room, room_bytes, "%.*g", digits, number);
        again = strtod(room, NULL);
        if (memcmp(&again, &number, sizeof again) == 0)
            break;
    }
    return room;
}

bool wf_listing_value(const wf_listing *list, const wf_column *field,
                      const wf_value *value, wf_arena *arena, wf_back_value *ret)
{
    char room[room_bytes];
    *ret = (wf_back_value){.given = value->given, .text = {"", 0}};
    if (!value->given)
        return true;
    switch (field->type) {
    case WF_COLUMN_DATE:
        ret->timed = true;
        ret->at = wf_zone_day_start(list->city->zone, (weft_day){(int32_t)value->number});
        return true;
    case WF_COLUMN_TIME:
        ret->timed = true;
        ret->at.us = value->number;
        return true;
    case WF_COLUMN_YESNO:
        ret->text = value->number != 0 ? WF_TEXT("yes") : WF_TEXT("no");
        return true;
    case WF_COLUMN_NUMBER:
        ret->text = wf_arena_text(arena, wf_text_of(number_text(value->real, room)));
        return ret->text.bytes != NULL;
    default:
        ret->text = value->text;
        return true;
    }
}

// A text before which a spreadsheet's mark would be taken for its own gets one more.
static bool cell_text(wf_text text, wf_arena *arena, wf_text *ret)
{
    wf_buffer made = {0};
    bool marked = text.size > 0 && text.bytes[0] == '\'' && wf_list_is_quoted(text);
    if (marked && (!wf_buffer_append(&made, "'", 1) ||
                   !wf_buffer_append(&made, text.bytes, text.size)))
        return false;
    *ret = wf_arena_text(arena, marked ? wf_buffer_text(&made) : text);
    wf_buffer_wipe(&made);
    return ret->bytes != NULL;
}

bool wf_listing_add(wf_listing *list, const wf_back_value *values, wf_text key)
{
    wf_list_row_cells *rows =
        wf_grow(list->rows, list->rows_count, &list->rows_capacity, sizeof *rows);
    if (rows == NULL)
        return false;
    list->rows = rows;
    wf_list_row_cells *row = &rows[list->rows_count];
    row->key = wf_arena_text(&list->arena, key);
    row->cells =
        wf_arena_array(&list->arena, list->back.columns_count, sizeof *row->cells);
    bool done = row->key.bytes != NULL && row->cells != NULL;
    for (size_t i = 0; done && i < list->back.columns_count; i++) {
        wf_text text;
        done = wf_back_cell(&list->back, i, values, &list->arena, &text) &&
               cell_text(text, &list->arena, &row->cells[i]);
    }
    bool out = false;
    done = done && wf_listing_carries(list, values, row->cells, &out);
    list->rows_count += done && !out;
    return done;
}

static weft_status add_row(void *context, const wf_value *values, weft_error *error)
{
    wf_listing *list = context;
    wf_back_value of[WF_COLUMNS_MAX];
    for (size_t i = 0; i < list->fields->columns_count; i++)
        if (!wf_listing_value(list, &list->fields->columns[i], &values[list->columns[i]],
                              &list->arena, &of[i]))
            return wf_fail_memory(error);
    return wf_listing_add(list, of, values[list->columns[0]].text)
               ? WEFT_OK
               : wf_fail_memory(error);
}

// ---- the rows of a register ----

static const wf_table *table_of(weft_import_kind kind)
{
    switch (kind) {
    case WEFT_IMPORT_PERSONS:
        return &wf_table_person;
    case WEFT_IMPORT_PLACES:
        return &wf_table_place;
    case WEFT_IMPORT_CASES:
        return &wf_table_cases;
    default:
        return NULL;
    }
}

// The id is a table's first column, whatever its name; all others have the names of the
// file's columns.
static void find_columns(wf_listing *list)
{
    for (size_t i = 1; i < list->fields->columns_count; i++) {
        size_t at = 1;
        while (at < list->table->columns_count &&
               strcmp(list->table->columns[at].name, list->fields->columns[i].name) != 0)
            at++;
        WF_ASSERT(at < list->table->columns_count);
        list->columns[i] = at;
    }
}

static int compare_rows(const void *a, const void *b)
{
    return wf_text_compare(((const wf_list_row_cells *)a)->key,
                           ((const wf_list_row_cells *)b)->key);
}

void wf_listing_sort(wf_listing *list)
{
    if (list->rows_count > 0)
        qsort(list->rows, list->rows_count, sizeof *list->rows, compare_rows);
}

static weft_status read_rows(wf_listing *list, weft_error *error)
{
    wf_database *db = NULL;
    find_columns(list);
    WF_TRY(wf_store_reader(list->city->store, &db, error));
    weft_status status = wf_records_each(wf_store_records(list->city->store), db,
                                         list->table, add_row, list, error);
    wf_database_close(db);
    if (status == WEFT_OK)
        wf_listing_sort(list);
    return status;
}

// ---- the example of a template ----

static wf_text example_of(const char *field)
{
    static const struct {
        const char *field, *text;
    } examples[] = {
        {"case", WF_EXAMPLE_ID},
        {"outbreak", "O-1"},
        {"level", "close"},
        {"judgement", "同桌 same table"},
        {"reached_by", "phone"},
        {"placed_in", "site"},
        {"sample", WF_EXAMPLE_ID},
        {"tube", WF_EXAMPLE_ID},
        {"site", "Q-0000007"},
        {"round", "R-1"},
        {"result", "negative"},
        {"lab", "虚构检测所 Invented laboratory"},
        {"ct", "32.5"},
        {"outcome", "reached"},
        {"how", "phone"},
        {"exposed_from", "2021-12-10 10:05"},
        {"exposed_until", "2021-12-10 11:00"},
        {"a", WF_EXAMPLE_ID},
        {"b", "P-0000007"},
        {"name", "虚构 Invented"},
        {"sex", "female"},
        {"birth", "1964-05-31"},
        {"grid", "320282"},
        {"household", "H-0000007"},
        {"phone", "13800000000"},
        {"id_number", "320282196405310000"},
        {"occupation", "nurse"},
        {"needs", "wheelchair"},
        {"kind", "market"},
        {"parent", "Q-0000001"},
        {"lat", "31.36"},
        {"lon", "119.82"},
        {"area_m2", "120"},
        {"ventilation", "yes"},
        {"symptomatic", "yes"},
        {"onset_kind", "fever"},
        {"classification", "confirmed"},
        {"seat", "7A"},
        {"guessed", "no"},
        {"setting", "canteen"},
    };
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++)
        if (strcmp(examples[i].field, field) == 0)
            return wf_text_of(examples[i].text);
    return (wf_text){"", 0};
}

// Nobody: rows of this id are refused when they are imported.
static weft_status add_example(wf_listing *list, weft_import_kind kind, weft_error *error)
{
    wf_back_value values[WF_MAPPING_FIELDS_MAX] = {0};
    wf_iso_kind iso;
    for (size_t i = 0; list->kind->fields[i].name != NULL; i++) {
        const char *field = list->kind->fields[i].name;
        wf_text text = example_of(field);
        bool is_time = list->kind->fields[i].time;
        if (strcmp(field, "person") == 0)
            text = kind == WEFT_IMPORT_CONTACTS ? WF_TEXT("P-0000008") // no case's
                   : kind == WEFT_IMPORT_CASES || kind == WEFT_IMPORT_RESULTS
                       ? WF_TEXT("P-0000007")
                       : WF_TEXT(WF_EXAMPLE_ID);
        if (strcmp(field, "place") == 0)
            text = kind == WEFT_IMPORT_PLACES ? WF_TEXT(WF_EXAMPLE_ID)
                                              : WF_TEXT("Q-0000007");
        // Who is dismissed was none: the example is a contact.
        if (is_time && text.size == 0 && strcmp(field, "dismissed") != 0)
            text = strcmp(field, "end") == 0 ? WF_TEXT("2021-12-11 11:00")
                                             : WF_TEXT("2021-12-11 10:05");
        values[i] =
            (wf_back_value){.given = text.size > 0, .timed = is_time, .text = text};
        if (list->titled)
            values[i].text =
                wf_load_called_word(&list->kind->called[i], text, !list->is_english);
        if (is_time)
            values[i].given = text.size > 0 &&
                              wf_time_parse(text, list->city->zone, &values[i].at, &iso);
    }
    return wf_listing_add(list, values, WF_TEXT(WF_EXAMPLE_ID)) ? WEFT_OK
                                                                : wf_fail_memory(error);
}

// ---- the file ----

static weft_status fill(void *context, wf_export_table *to, weft_error *error)
{
    const wf_listing *list = context;
    wf_cell cells[WF_BACK_COLUMNS_MAX];
    for (size_t row = 0; row < list->rows_count; row++) {
        for (size_t i = 0; i < list->back.columns_count; i++)
            cells[i] = (wf_cell){.text = list->rows[row].cells[i]};
        WF_TRY(wf_export_table_row(to, cells, error));
    }
    return WEFT_OK;
}

static weft_status prepare(wf_listing *list, weft_import_kind kind,
                           const weft_list_options *options, weft_error *error)
{
    wf_import_city into = wf_city_import(list->city);
    const wf_mapping *mapping = NULL;
    const char *name = NULL;
    wf_text yaml = {"", 0};
    WF_TRY(wf_import_mapping(&into, kind, options->mapping, options->profile,
                             &list->arena, &name, &yaml, error));
    if (name != NULL)
        WF_TRY(wf_mapping_parse(yaml, name, list->kinds.kinds, WF_LOAD_TABLES,
                                &list->arena, &mapping, error));
    if (mapping != NULL && mapping->kind != list->kind) {
        wf_error_at(error, name, 0, "kind");
        return wf_fail(error, WEFT_BAD_INPUT, "mapping.other_kind", "kind",
                       mapping->kind->name, NULL);
    }
    WF_TRY(wf_back_init(mapping, list->kind, list->city->zone, &list->back, error));
    list->titled = options->is_template && mapping == NULL;
    list->is_english = options->is_english;
    if (!options->is_template)
        wf_listing_bind(list, mapping);
    if (options->is_template)
        return add_example(list, kind, error);
    if (kind == WEFT_IMPORT_CONTACTS)
        return wf_listing_contacts(list, error);
    if (kind == WEFT_IMPORT_FOLLOWUPS)
        return wf_listing_followups(list, error);
    if (kind == WEFT_IMPORT_RESULTS)
        return wf_listing_results(list, error);
    if (kind == WEFT_IMPORT_TUBES)
        return wf_listing_tubes(list, error);
    return list->table != NULL ? read_rows(list, error)
                               : wf_fail(error, WEFT_BAD_USAGE, "list.no_register", NULL);
}

static weft_status begin(weft_city *city, weft_import_kind kind,
                         const weft_list_options *options, wf_listing *ret,
                         weft_error *error)
{
    WF_ASSERT(kind < WF_LOAD_TABLES && kind != WEFT_IMPORT_FACTS);
    *ret = (wf_listing){.city = city};
    wf_load_kinds_init(&ret->kinds);
    ret->kind = &ret->kinds.kinds[kind];
    ret->table = table_of(kind);
    if (ret->table != NULL || wf_fact_list_of(kind) != NULL)
        ret->fields = wf_load_table_of(kind);
    wf_arena_init(&ret->arena, arena_bytes_max);
    return prepare(ret, kind, options, error);
}

static wf_text title_of(const wf_listing *list, const wf_back_column *column)
{
    if (!list->titled)
        return column->name;
    const wf_mapping_called *called = &list->kind->called[column->field];
    return wf_text_of(list->is_english ? called->en : called->zh);
}

static wf_export_table_options table_how(const wf_listing *list,
                                         weft_export_format format,
                                         wf_cell header[WF_BACK_COLUMNS_MAX])
{
    for (size_t i = 0; i < list->back.columns_count; i++)
        header[i] = (wf_cell){.text = title_of(list, &list->back.columns[i])};
    return (wf_export_table_options){.header = header,
                                     .count = list->back.columns_count,
                                     .name = list->kind->name,
                                     .format = format};
}

static void end(wf_listing *list)
{
    free(list->rows);
    wf_arena_done(&list->arena);
}

weft_status weft_list_write(weft_city *city, weft_import_kind kind,
                            const weft_list_options *options, const char *path,
                            uint64_t *ret_rows, weft_error *error)
{
    wf_listing list;
    weft_status status = begin(city, kind, options, &list, error);
    if (status == WEFT_OK) {
        wf_cell header[WF_BACK_COLUMNS_MAX];
        const wf_export_table_options how = table_how(&list, options->format, header);
        status = wf_export_table_write(city, &how, path, fill, &list, error);
    }
    if (status == WEFT_OK) {
        *ret_rows = list.rows_count;
        wf_listing_tell(&list, options);
    }
    end(&list);
    return status;
}

weft_status wf_list_template(weft_city *city, weft_import_kind kind,
                             weft_export_format format, wf_language language,
                             wf_buffer *to, weft_error *error)
{
    const weft_list_options options = {.is_template = true,
                                       .is_english = language == WF_LANGUAGE_EN};
    wf_listing list;
    weft_status status = begin(city, kind, &options, &list, error);
    if (status == WEFT_OK) {
        wf_cell header[WF_BACK_COLUMNS_MAX];
        const wf_export_table_options how = table_how(&list, format, header);
        status = wf_export_table_bytes(city, &how, fill, &list, to, error);
    }
    end(&list);
    return status;
}
