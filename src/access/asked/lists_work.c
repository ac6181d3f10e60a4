// The lists of follow-ups and of laboratory results: what load/followups.c and
// load/results.c read back.
#include <stdlib.h>
#include <string.h>

#include "access/asked/lists_inside.h"
#include "base/grow.h"
#include "desk/testing/kinds.h"
#include "desk/tracing/kinds.h"

enum { fields_max = 16, outcome = 2 }; // outcome: of followups

// Which column of a table a field of the list is.
typedef struct {
    const char *field, *column;
} from_column;

static const wf_value *named(const wf_table *table, const wf_value *values,
                             const char *column)
{
    size_t at = wf_table_column(table, wf_text_of(column));
    WF_ASSERT(at != SIZE_MAX);
    return &values[at];
}

// Fills those fields that a table's row has.
static bool fill(const wf_listing *list, const wf_table *table, const wf_value *values,
                 const from_column *from, size_t count, wf_arena *arena,
                 wf_back_value ret[fields_max])
{
    const wf_register_table *fields = list->fields;
    bool done = true;
    for (size_t i = 0; done && i < count; i++) {
        size_t field = 0;
        while (strcmp(fields->columns[field].name, from[i].field) != 0)
            WF_ASSERT(++field < fields->columns_count);
        done = wf_listing_value(list, &fields->columns[field],
                                named(table, values, from[i].column), arena, &ret[field]);
    }
    return done;
}

// Adds a row under the texts by which lists are in order, one after the other.
static weft_status add(wf_listing *list, const wf_back_value *values, const wf_text *keys,
                       size_t keys_count, weft_error *error)
{
    wf_buffer sort = {0};
    bool done = true;
    for (size_t i = 0; done && i < keys_count; i++)
        done = wf_buffer_append(&sort, keys[i].bytes, keys[i].size) &&
               wf_buffer_append(&sort, "", 1);
    done = done && wf_listing_add(list, values, wf_buffer_text(&sort));
    wf_buffer_wipe(&sort);
    return done ? WEFT_OK : wf_fail_memory(error);
}

// A time whose order of bytes is its own.
static wf_text time_key(int64_t us, char room[8])
{
    uint64_t shifted = (uint64_t)us ^ (UINT64_C(1) << 63);
    for (size_t i = 0; i < 8; i++)
        room[i] = (char)(unsigned char)(shifted >> (56 - 8 * i));
    return (wf_text){room, 8};
}

// ---- follow-ups ----

static weft_status add_visit(void *context, const wf_value *values, weft_error *error)
{
    static const wf_table *const table = &wf_table_contact_visit;
    static const from_column from[] = {
        {"person", "person"},     {"at", "contacted_at"}, {"outcome", "attempt"},
        {"outbreak", "outbreak"}, {"how", "how"},         {"symptomatic", "symptomatic"}};
    wf_listing *list = context;
    wf_back_value cells[fields_max] = {0};
    char room[8];
    bool reached = named(table, values, "reached")->number != 0;
    if (!fill(list, table, values, from, sizeof from / sizeof *from, &list->arena, cells))
        return wf_fail_memory(error);
    if (reached)
        cells[outcome] = (wf_back_value){.given = true, .text = WF_TEXT("reached")};
    const wf_text keys[] = {named(table, values, "person")->text,
                            time_key(named(table, values, "contacted_at")->number, room),
                            reached ? WF_TEXT("1") : WF_TEXT("0"),
                            named(table, values, "outbreak")->text};
    return add(list, cells, keys, sizeof keys / sizeof *keys, error);
}

weft_status wf_listing_followups(wf_listing *list, weft_error *error)
{
    wf_store *store = list->city->store;
    wf_database *db = NULL;
    WF_TRY(wf_store_reader(store, &db, error));
    weft_status status = wf_records_each(wf_store_records(store), db,
                                         &wf_table_contact_visit, add_visit, list, error);
    wf_database_close(db);
    if (status == WEFT_OK)
        wf_listing_sort(list);
    return status;
}

// ---- tubes ----

// Those that have a result, and of several the newest.
static weft_status add_result(void *context, const wf_value *values, weft_error *error)
{
    static const wf_table *const table = &wf_table_tube;
    static const from_column from[] = {
        {"tube", "tube_id"},         {"result", "result"}, {"resulted", "result_at"},
        {"received", "received_at"}, {"lab", "lab"},       {"ct", "ct"}};
    wf_listing *list = context;
    wf_back_value cells[fields_max] = {0};
    if (!named(table, values, "result")->given)
        return WEFT_OK;
    if (!fill(list, table, values, from, sizeof from / sizeof *from, &list->arena, cells))
        return wf_fail_memory(error);
    const wf_text keys[] = {named(table, values, "tube_id")->text};
    return add(list, cells, keys, sizeof keys / sizeof *keys, error);
}

weft_status wf_listing_tubes(wf_listing *list, weft_error *error)
{
    wf_store *store = list->city->store;
    wf_database *db = NULL;
    WF_TRY(wf_store_reader(store, &db, error));
    weft_status status = wf_records_each(wf_store_records(store), db, &wf_table_tube,
                                         add_result, list, error);
    wf_database_close(db);
    if (status == WEFT_OK)
        wf_listing_sort(list);
    return status;
}

// ---- results ----

typedef struct {
    wf_text tube;
    wf_back_value cells[fields_max]; // of the list, those that the tube says
} tube_row;

typedef struct {
    wf_listing *list;
    tube_row *all;
    size_t count, capacity;
} tubes;

static weft_status add_tube(void *context, const wf_value *values, weft_error *error)
{
    static const wf_table *const table = &wf_table_tube;
    // Of several results the newest is the tube's.
    static const from_column from[] = {{"received", "received_at"},
                                       {"resulted", "result_at"},
                                       {"result", "result"},
                                       {"lab", "lab"},
                                       {"ct", "ct"}};
    tubes *of = context;
    tube_row *all = wf_grow(of->all, of->count, &of->capacity, sizeof *all);
    if (all == NULL)
        return wf_fail_memory(error);
    of->all = all;
    tube_row *row = &all[of->count];
    wf_arena *arena = &of->list->arena;
    *row =
        (tube_row){.tube = wf_arena_text(arena, named(table, values, "tube_id")->text)};
    bool done =
        row->tube.bytes != NULL && fill(of->list, table, values, from,
                                        sizeof from / sizeof *from, arena, row->cells);
    for (size_t i = 0; done && i < fields_max; i++)
        if (row->cells[i].given && row->cells[i].text.size > 0) {
            row->cells[i].text = wf_arena_text(arena, row->cells[i].text);
            done = row->cells[i].text.bytes != NULL;
        }
    of->count += done;
    return done ? WEFT_OK : wf_fail_memory(error);
}

static int compare_tubes(const void *a, const void *b)
{
    return wf_text_compare(((const tube_row *)a)->tube, ((const tube_row *)b)->tube);
}

static weft_status add_sample(void *context, const wf_value *values, weft_error *error)
{
    static const wf_table *const table = &wf_table_sample;
    static const from_column from[] = {{"sample", "tube_id"},
                                       {"person", "person"},
                                       {"collected", "collected_at"},
                                       {"site", "site"},
                                       {"round", "round_id"}};
    tubes *of = context;
    const tube_row key = {.tube = named(table, values, "tube_id")->text};
    const tube_row *tube = of->count == 0 ? NULL
                                          : bsearch(&key, of->all, of->count,
                                                    sizeof *of->all, compare_tubes);
    wf_back_value cells[fields_max] = {0};
    if (tube != NULL)
        memcpy(cells, tube->cells, sizeof cells);
    if (!fill(of->list, table, values, from, sizeof from / sizeof *from, &of->list->arena,
              cells))
        return wf_fail_memory(error);
    const wf_text keys[] = {key.tube, named(table, values, "person")->text};
    return add(of->list, cells, keys, sizeof keys / sizeof *keys, error);
}

weft_status wf_listing_results(wf_listing *list, weft_error *error)
{
    wf_store *store = list->city->store;
    wf_records *records = wf_store_records(store);
    tubes of = {.list = list};
    wf_database *db = NULL;
    WF_TRY(wf_store_reader(store, &db, error));
    weft_status status =
        wf_records_each(records, db, &wf_table_tube, add_tube, &of, error);
    if (status == WEFT_OK && of.count > 0)
        qsort(of.all, of.count, sizeof *of.all, compare_tubes);
    if (status == WEFT_OK)
        status = wf_records_each(records, db, &wf_table_sample, add_sample, &of, error);
    wf_database_close(db);
    free(of.all);
    if (status == WEFT_OK)
        wf_listing_sort(list);
    return status;
}
