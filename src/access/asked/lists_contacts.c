// The list of contacts: what was judged, and the work on them.
#include <stdlib.h>
#include <string.h>

#include "access/asked/lists_inside.h"
#include "base/grow.h"
#include "desk/tracing/kinds.h"

typedef struct {
    wf_text outbreak, person;
    wf_back_value reached, reached_by, placed, placed_in;
} follow;

typedef struct {
    wf_listing *list;
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
                wf_listing_add(of->list, cells, wf_buffer_text(&sort));
    wf_buffer_wipe(&sort);
    return done ? WEFT_OK : wf_fail_memory(error);
}

weft_status wf_listing_contacts(wf_listing *list, weft_error *error)
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
    if (status == WEFT_OK)
        wf_listing_sort(list);
    return status;
}
