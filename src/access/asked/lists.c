// Lists of the register, in the columns of those whom they go to.
#include "weft/lists.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/asked/export.h"
#include "base/grow.h"
#include "desk/cases/kinds.h"
#include "desk/register/kinds.h"
#include "desk/tracing/kinds.h"
#include "load/record.h"
#include "wire/mapping_back.h"

enum {
    room_bytes = 64,
    arena_bytes_max = 2000 << 20 // some ten million rows
};

typedef struct {
    wf_text key;    // by which lists are in order
    wf_text *cells; // one a column
} list_row;

typedef struct {
    weft_city *city;
    wf_load_kinds kinds;
    const wf_mapping_kind *kind;
    wf_back back;
    const wf_register_table *fields; // NULL: visits and encounters, of which only a
                                     // template is written
    const wf_table *table;
    size_t columns[WF_COLUMNS_MAX]; // of the table, of each field
    wf_arena arena;
    list_row *rows;
    size_t rows_count, rows_capacity;
} listing;

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

static bool field_value(const listing *list, const wf_column *field,
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

static bool add_cells(listing *list, const wf_back_value *values, wf_text key)
{
    list_row *rows =
        wf_grow(list->rows, list->rows_count, &list->rows_capacity, sizeof *rows);
    if (rows == NULL)
        return false;
    list->rows = rows;
    list_row *row = &rows[list->rows_count];
    row->key = wf_arena_text(&list->arena, key);
    row->cells =
        wf_arena_array(&list->arena, list->back.columns_count, sizeof *row->cells);
    bool done = row->key.bytes != NULL && row->cells != NULL;
    for (size_t i = 0; done && i < list->back.columns_count; i++) {
        wf_text text;
        done = wf_back_cell(&list->back, i, values, &list->arena, &text) &&
               cell_text(text, &list->arena, &row->cells[i]);
    }
    list->rows_count += done;
    return done;
}

static weft_status add_row(void *context, const wf_value *values, weft_error *error)
{
    listing *list = context;
    wf_back_value of[WF_COLUMNS_MAX];
    for (size_t i = 0; i < list->fields->columns_count; i++)
        if (!field_value(list, &list->fields->columns[i], &values[list->columns[i]],
                         &list->arena, &of[i]))
            return wf_fail_memory(error);
    return add_cells(list, of, values[list->columns[0]].text) ? WEFT_OK
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
static void find_columns(listing *list)
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
    return wf_text_compare(((const list_row *)a)->key, ((const list_row *)b)->key);
}

static weft_status read_rows(listing *list, weft_error *error)
{
    wf_database *db = NULL;
    find_columns(list);
    WF_TRY(wf_store_reader(list->city->store, &db, error));
    weft_status status = wf_records_each(wf_store_records(list->city->store), db,
                                         list->table, add_row, list, error);
    wf_database_close(db);
    if (status == WEFT_OK && list->rows_count > 0)
        qsort(list->rows, list->rows_count, sizeof *list->rows, compare_rows);
    return status;
}

// ---- contacts: what was judged, and the work on them ----

typedef struct {
    wf_text outbreak, person;
    wf_back_value reached, reached_by, placed, placed_in;
} follow;

typedef struct {
    listing *list;
    follow *all;
    size_t count, capacity;
} follows;

static const wf_value *value_named(const wf_table *table, const wf_value *values,
                                   const char *name)
{
    for (size_t i = 0; i < table->columns_count; i++)
        if (strcmp(table->columns[i].name, name) == 0)
            return &values[i];
    WF_BUG("the tables of contacts have this column");
}

static wf_back_value time_of(const wf_table *table, const wf_value *values,
                             const char *name)
{
    const wf_value *value = value_named(table, values, name);
    return (wf_back_value){.given = value->given,
                           .timed = true,
                           .text = {"", 0},
                           .at = {value->given ? value->number : 0}};
}

static wf_back_value text_of(const wf_table *table, const wf_value *values,
                             const char *name)
{
    const wf_value *value = value_named(table, values, name);
    return (wf_back_value){.given = value->given,
                           .text = value->given ? value->text : (wf_text){"", 0}};
}

static bool keep_text(wf_arena *arena, wf_text *text)
{
    *text = wf_arena_text(arena, *text);
    return text->bytes != NULL;
}

static weft_status add_follow(void *context, const wf_value *values, weft_error *error)
{
    static const wf_table *const table = &wf_table_contact_follow;
    follows *of = context;
    follow *all = wf_grow(of->all, of->count, &of->capacity, sizeof *all);
    if (all == NULL)
        return wf_fail_memory(error);
    of->all = all;
    follow *one = &all[of->count];
    *one = (follow){.outbreak = value_named(table, values, "outbreak")->text,
                    .person = value_named(table, values, "person")->text,
                    .reached = time_of(table, values, "reached_at"),
                    .reached_by = text_of(table, values, "reached_by"),
                    .placed = time_of(table, values, "placed_at"),
                    .placed_in = text_of(table, values, "placed_in")};
    wf_arena *arena = &of->list->arena;
    if (!keep_text(arena, &one->outbreak) || !keep_text(arena, &one->person) ||
        !keep_text(arena, &one->reached_by.text) ||
        !keep_text(arena, &one->placed_in.text))
        return wf_fail_memory(error);
    of->count++;
    return WEFT_OK;
}

static int compare_follows(const void *a, const void *b)
{
    const follow *left = a, *right = b;
    int order = wf_text_compare(left->outbreak, right->outbreak);
    return order != 0 ? order : wf_text_compare(left->person, right->person);
}

// In the order of load's columns of contacts.
static weft_status add_contact(void *context, const wf_value *values, weft_error *error)
{
    static const wf_table *const table = &wf_table_contact;
    static const follow nothing;
    follows *of = context;
    wf_back_value confirmed = time_of(table, values, "last_confirmed_at");
    wf_back_value dismissed = time_of(table, values, "dismissed_at");
    wf_back_value why = text_of(table, values, "dismissed_for");
    follow key = {.outbreak = text_of(table, values, "outbreak").text,
                  .person = text_of(table, values, "person").text};
    if (!confirmed.given)
        return WEFT_OK; // named only, or never found to be one
    if (dismissed.given && dismissed.at.us <= confirmed.at.us)
        dismissed.given = why.given = false; // found to be one again
    const follow *work = of->count == 0 ? NULL
                                        : bsearch(&key, of->all, of->count,
                                                  sizeof *of->all, compare_follows);
    work = work != NULL ? work : &nothing;
    const wf_back_value cells[] = {text_of(table, values, "case_id"),
                                   text_of(table, values, "person"),
                                   text_of(table, values, "outbreak"),
                                   text_of(table, values, "level"),
                                   time_of(table, values, "exposed_from"),
                                   time_of(table, values, "exposed_until"),
                                   text_of(table, values, "place"),
                                   {.text = {"", 0}}, // why stays with the facts
                                   confirmed,
                                   work->reached,
                                   work->reached_by,
                                   work->placed,
                                   work->placed_in,
                                   dismissed,
                                   why};
    _Static_assert(sizeof cells / sizeof *cells <= WF_COLUMNS_MAX, "a row has room");
    WF_ASSERT(sizeof cells / sizeof *cells == of->list->fields->columns_count);
    wf_buffer sort = {0};
    bool done = wf_buffer_append(&sort, cells[0].text.bytes, cells[0].text.size) &&
                wf_buffer_append(&sort, "", 1) &&
                wf_buffer_append(&sort, cells[1].text.bytes, cells[1].text.size) &&
                add_cells(of->list, cells, wf_buffer_text(&sort));
    wf_buffer_wipe(&sort);
    return done ? WEFT_OK : wf_fail_memory(error);
}

static weft_status read_contacts(listing *list, weft_error *error)
{
    wf_records *records = wf_store_records(list->city->store);
    follows of = {.list = list};
    wf_database *db = NULL;
    WF_TRY(wf_store_reader(list->city->store, &db, error));
    weft_status status =
        wf_records_each(records, db, &wf_table_contact_follow, add_follow, &of, error);
    if (status == WEFT_OK && of.count > 0)
        qsort(of.all, of.count, sizeof *of.all, compare_follows);
    if (status == WEFT_OK)
        status = wf_records_each(records, db, &wf_table_contact, add_contact, &of, error);
    wf_database_close(db);
    free(of.all);
    if (status == WEFT_OK && list->rows_count > 0)
        qsort(list->rows, list->rows_count, sizeof *list->rows, compare_rows);
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
static weft_status add_example(listing *list, weft_import_kind kind, weft_error *error)
{
    wf_back_value values[WF_MAPPING_FIELDS_MAX] = {0};
    wf_iso_kind iso;
    for (size_t i = 0; list->kind->fields[i].name != NULL; i++) {
        const char *field = list->kind->fields[i].name;
        wf_text text = example_of(field);
        bool is_time = list->kind->fields[i].time;
        if (strcmp(field, "person") == 0)
            text = kind == WEFT_IMPORT_CASES || kind == WEFT_IMPORT_CONTACTS
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
        if (is_time)
            values[i].given = text.size > 0 &&
                              wf_time_parse(text, list->city->zone, &values[i].at, &iso);
    }
    return add_cells(list, values, WF_TEXT(WF_EXAMPLE_ID)) ? WEFT_OK
                                                           : wf_fail_memory(error);
}

// ---- the file ----

static weft_status fill(void *context, wf_export_table *to, weft_error *error)
{
    const listing *list = context;
    wf_cell cells[WF_BACK_COLUMNS_MAX];
    for (size_t row = 0; row < list->rows_count; row++) {
        for (size_t i = 0; i < list->back.columns_count; i++)
            cells[i] = (wf_cell){.text = list->rows[row].cells[i]};
        WF_TRY(wf_export_table_row(to, cells, error));
    }
    return WEFT_OK;
}

static weft_status prepare(listing *list, weft_import_kind kind,
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
    if (options->is_template)
        return add_example(list, kind, error);
    if (kind == WEFT_IMPORT_CONTACTS)
        return read_contacts(list, error);
    return list->table != NULL ? read_rows(list, error)
                               : wf_fail(error, WEFT_BAD_USAGE, "list.no_register", NULL);
}

weft_status weft_list_write(weft_city *city, weft_import_kind kind,
                            const weft_list_options *options, const char *path,
                            uint64_t *ret_rows, weft_error *error)
{
    listing list = {.city = city};
    WF_ASSERT(kind < WF_LOAD_TABLES && kind != WEFT_IMPORT_FACTS);
    wf_load_kinds_init(&list.kinds);
    list.kind = &list.kinds.kinds[kind];
    list.table = table_of(kind);
    if (list.table != NULL || kind == WEFT_IMPORT_CONTACTS)
        list.fields = wf_load_table_of(kind);
    wf_arena_init(&list.arena, arena_bytes_max);
    weft_status status = prepare(&list, kind, options, error);
    if (status == WEFT_OK) {
        wf_cell header[WF_BACK_COLUMNS_MAX];
        for (size_t i = 0; i < list.back.columns_count; i++)
            header[i] = (wf_cell){.text = list.back.columns[i].name};
        wf_export_table_options how = {.header = header,
                                       .count = list.back.columns_count,
                                       .name = list.kind->name,
                                       .format = options->format};
        status = wf_export_table_write(city, &how, path, fill, &list, error);
    }
    if (status == WEFT_OK)
        *ret_rows = list.rows_count;
    free(list.rows);
    wf_arena_done(&list.arena);
    return status;
}
