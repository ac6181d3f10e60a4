// Persons, places and cases: rows are gathered, persons sorted by grid and household so
// that households get neighbouring numbers (bytes per visit rest on it, MEASURED §2),
// then rows go to the store as facts.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load/doubt.h"
#include "load/fact_rows.h"
#include "load/feed.h"

enum {
    chunk_bytes = 4 << 20,
    // Some ten million persons; beyond it people are sorted within parts of that size.
    stash_bytes_max = 1 << 30,
    group_rows = 1024 // put at a time
};

typedef struct chunk {
    struct chunk *next;
    size_t size, used;
    unsigned char bytes[];
} chunk;

struct wf_stash {
    chunk *chunks; // newest first
    size_t bytes;
    const unsigned char **rows;
    size_t rows_count, rows_capacity;
    // Of the group being put.
    wf_fact facts[group_rows];
    bool accepted[group_rows];
};

weft_status wf_stash_new(wf_stash **ret, weft_error *error)
{
    wf_stash *stash = calloc(1, sizeof *stash);
    if (stash == NULL)
        return wf_fail_memory(error);
    *ret = stash;
    return WEFT_OK;
}

static void free_chunks(wf_stash *stash)
{
    while (stash->chunks != NULL) {
        chunk *next = stash->chunks->next;
        free(stash->chunks);
        stash->chunks = next;
    }
    stash->bytes = 0;
    stash->rows_count = 0;
}

void wf_stash_free(wf_stash *stash)
{
    if (stash == NULL)
        return;
    free_chunks(stash);
    free(stash->rows);
    free(stash);
}

// ---- rows as bytes: per column 0, or 1 and (size u16, bytes) or 8 bytes ----

static bool is_text(wf_column_type type)
{
    return type != WF_COLUMN_DATE && type != WF_COLUMN_TIME && type != WF_COLUMN_NUMBER &&
           type != WF_COLUMN_YESNO;
}

static size_t encoded_size(const wf_register_table *table, const wf_value *values)
{
    size_t size = 0;
    for (size_t i = 0; i < table->columns_count; i++) {
        size += 1;
        if (values[i].given)
            size += is_text(table->columns[i].type) ? 2 + values[i].text.size : 8;
    }
    return size;
}

static void encode(const wf_register_table *table, const wf_value *values,
                   unsigned char *to)
{
    for (size_t i = 0; i < table->columns_count; i++) {
        const wf_value *value = &values[i];
        wf_column_type type = table->columns[i].type;
        *to++ = value->given;
        if (!value->given)
            continue;
        if (is_text(type)) {
            uint16_t size = (uint16_t)value->text.size;
            to = mempcpy(to, &size, sizeof size);
            to = mempcpy(to, value->text.bytes, size);
        } else if (type == WF_COLUMN_NUMBER) {
            to = mempcpy(to, &value->real, sizeof value->real);
        } else {
            to = mempcpy(to, &value->number, sizeof value->number);
        }
    }
}

static void decode(const wf_register_table *table, const unsigned char *from,
                   wf_value *values)
{
    for (size_t i = 0; i < table->columns_count; i++) {
        wf_column_type type = table->columns[i].type;
        values[i] = (wf_value){.given = *from++ != 0, .text = {"", 0}};
        if (!values[i].given)
            continue;
        if (is_text(type)) {
            uint16_t size;
            memcpy(&size, from, sizeof size);
            values[i].text = (wf_text){(const char *)from + sizeof size, size};
            from += sizeof size + size;
        } else {
            memcpy(type == WF_COLUMN_NUMBER ? (void *)&values[i].real
                                            : (void *)&values[i].number,
                   from, 8);
            from += 8;
        }
    }
}

// ---- gathering ----

static unsigned char *reserve(wf_stash *stash, size_t size)
{
    if (stash->chunks == NULL || stash->chunks->size - stash->chunks->used < size) {
        size_t room = size > chunk_bytes ? size : chunk_bytes;
        chunk *made = malloc(sizeof *made + room);
        if (made == NULL)
            return NULL;
        *made = (chunk){.next = stash->chunks, .size = room};
        stash->chunks = made;
    }
    if (stash->rows_count == stash->rows_capacity) {
        size_t capacity = stash->rows_capacity == 0 ? 4096 : stash->rows_capacity * 2;
        const unsigned char **rows = reallocarray(stash->rows, capacity, sizeof *rows);
        if (rows == NULL)
            return NULL;
        stash->rows = rows;
        stash->rows_capacity = capacity;
    }
    unsigned char *to = stash->chunks->bytes + stash->chunks->used;
    stash->chunks->used += size;
    stash->bytes += size + sizeof *stash->rows;
    stash->rows[stash->rows_count++] = to;
    return to;
}

static const wf_register_table *table_of(const wf_feed *feed)
{
    return wf_load_table_of(feed->kind);
}

static const wf_kind *kind_of(const wf_feed *feed)
{
    static const char *const names[WF_LOAD_TABLES] = {
        [WEFT_IMPORT_PERSONS] = "person.registered",
        [WEFT_IMPORT_PLACES] = "place.registered",
        [WEFT_IMPORT_CASES] = "case.reported",
    };
    const wf_kind *kind = wf_kinds_find(feed->city->kinds, wf_text_of(names[feed->kind]));
    WF_ASSERT(kind != NULL);
    return kind;
}

// Refuses the records of which who imports may not say anything.
static weft_status judge_block(const wf_feed *feed, const wf_load_block *block,
                               weft_error *error)
{
    wf_fact fact = {.kind = kind_of(feed), .at = feed->as_of};
    for (size_t i = 0; i < block->records_count; i++) {
        wf_load_record *record = &block->records[i];
        if (record->refused != NULL)
            continue;
        wf_fact_row_of_register(table_of(feed), block->values + record->values, &fact);
        WF_TRY(feed->city->may(feed->city->may_context, &fact, &record->refused,
                               &record->field, error));
    }
    return WEFT_OK;
}

static void warn(const wf_feed *feed, const wf_load_block *block,
                 const wf_load_record *record, weft_error *warning)
{
    enum { told_max = 20 };
    if (feed->warned > told_max || feed->options->warned == NULL)
        return;
    wf_error_at(warning, feed->source_name, wf_feed_line(feed, block, record->row), NULL);
    feed->options->warned(feed->options->context, warning);
}

static size_t column_named(const wf_register_table *table, const char *name);

// Rows that name a case by another of its numbers are of that case, if who imports says
// so; who may not say anything of it is refused as if they had its own id.
static weft_status join_row(const wf_feed *feed, const wf_load_block *block,
                            wf_load_record *record, wf_fact *fact, weft_error *error)
{
    const wf_register_table *table = table_of(feed);
    wf_value *values = block->values + record->values;
    if (!feed->options->join_cases ||
        !wf_case_numbers_join(feed->cases, &values[column_named(table, "case")],
                              &values[column_named(table, "person")]))
        return WEFT_OK;
    wf_fact_row_of_register(table, values, fact);
    return feed->city->may == NULL
               ? WEFT_OK
               : feed->city->may(feed->city->may_context, fact, &record->refused,
                                 &record->field, error);
}

// What is taken and looks wrong is said: whoever has the file can ask. A row is counted
// once, whatever is said of it.
static weft_status warn_of_block(wf_feed *feed, const wf_load_block *block,
                                 weft_error *error)
{
    wf_fact fact = {.kind = kind_of(feed), .at = feed->as_of};
    for (size_t i = 0; i < block->records_count; i++) {
        wf_load_record *record = &block->records[i];
        const char *code = NULL, *field = NULL;
        weft_error by_dates, by_numbers = {0};
        if (record->refused != NULL)
            continue;
        wf_fact_row_of_register(table_of(feed), block->values + record->values, &fact);
        WF_TRY(join_row(feed, block, record, &fact, error));
        if (record->refused != NULL)
            continue;
        WF_TRY(wf_case_numbers_note(feed->cases, &fact, &code, &field, error));
        bool dates = wf_doubt_of(&fact, feed->city->zone, &by_dates);
        feed->warned += dates || code != NULL;
        if (dates)
            warn(feed, block, record, &by_dates);
        if (code == NULL)
            continue;
        wf_error_at(&by_numbers, NULL, 0, field);
        WF_IGNORE(wf_fail(&by_numbers, WEFT_BAD_INPUT, code, NULL), "the row is taken");
        warn(feed, block, record, &by_numbers);
    }
    return WEFT_OK;
}

weft_status wf_feed_register_block(wf_feed *feed, const wf_load_block *block,
                                   weft_error *error)
{
    const wf_register_table *table = table_of(feed);
    if (feed->city->may != NULL)
        WF_TRY(judge_block(feed, block, error));
    if (feed->kind == WEFT_IMPORT_CASES)
        WF_TRY(warn_of_block(feed, block, error));
    for (size_t i = 0; i < block->records_count; i++) {
        const wf_load_record *record = &block->records[i];
        if (record->refused != NULL)
            continue;
        const wf_value *values = block->values + record->values;
        unsigned char *to = reserve(feed->stash, encoded_size(table, values));
        if (to == NULL)
            return wf_fail_memory(error);
        encode(table, values, to);
    }
    return feed->stash->bytes < stash_bytes_max ? WEFT_OK
                                                : wf_feed_register_flush(feed, error);
}

// ---- order ----

static size_t column_named(const wf_register_table *table, const char *name)
{
    for (size_t i = 0; i < table->columns_count; i++)
        if (strcmp(table->columns[i].name, name) == 0)
            return i;
    WF_BUG("the table has this column");
}

typedef struct {
    const wf_register_table *table;
    size_t grid, household;
} person_order;

static int compare_people(const void *a, const void *b, void *context)
{
    const person_order *by = context;
    wf_value left[WF_COLUMNS_MAX], right[WF_COLUMNS_MAX];
    const unsigned char *row_a = *(const unsigned char *const *)a;
    const unsigned char *row_b = *(const unsigned char *const *)b;
    decode(by->table, row_a, left);
    decode(by->table, row_b, right);
    int order = wf_text_compare(left[by->grid].text, right[by->grid].text);
    if (order == 0)
        order = wf_text_compare(left[by->household].text, right[by->household].text);
    return order;
}

// By grid, household and the order of the file; mostly files come so already.
static weft_status sort_people(wf_stash *stash, const wf_register_table *table,
                               weft_error *error)
{
    person_order by = {table, column_named(table, "grid"),
                       column_named(table, "household")};
    bool sorted = true;
    for (size_t i = 1; i < stash->rows_count && sorted; i++)
        sorted = compare_people(&stash->rows[i - 1], &stash->rows[i], &by) <= 0;
    if (sorted)
        return WEFT_OK;
    // Merge sort from the bottom: stable, and no more than twice the pointers.
    size_t count = stash->rows_count;
    const unsigned char **from = stash->rows;
    const unsigned char **to = reallocarray(NULL, count, sizeof *to);
    if (to == NULL)
        return wf_fail_memory(error);
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t low = 0; low < count; low += 2 * width) {
            size_t middle = low + width < count ? low + width : count;
            size_t high = middle + width < count ? middle + width : count;
            size_t a = low, b = middle;
            for (size_t i = low; i < high; i++) {
                bool first = a < middle &&
                             (b == high || compare_people(&from[a], &from[b], &by) <= 0);
                to[i] = from[first ? a++ : b++];
            }
        }
        const unsigned char **swap = from;
        from = to;
        to = swap;
    }
    if (from != stash->rows) {
        stash->rows = from;
        stash->rows_capacity = count;
    }
    free(to);
    return WEFT_OK;
}

// ---- putting ----

// A row is a fact of the device import/KIND, or import/KIND/NAME.
static weft_status put_group(wf_feed *feed, const wf_register_table *table, size_t first,
                             size_t count, weft_error *error)
{
    wf_stash *stash = feed->stash;
    char device[WF_DEVICE_BYTES_MAX + 1];
    wf_import_device(feed->city, feed->kind, device);
    for (size_t i = 0; i < count; i++) {
        wf_value values[WF_COLUMNS_MAX];
        stash->facts[i] = (wf_fact){
            .id = {wf_text_of(device), 0}, .kind = kind_of(feed), .at = feed->as_of};
        decode(table, stash->rows[first + i], values);
        wf_fact_row_of_register(table, values, &stash->facts[i]);
    }
    if (feed->roll != NULL)
        return wf_roll_add(feed->roll, stash->facts, count, error);
    WF_TRY(
        wf_store_deliver(feed->city->store, stash->facts, count, stash->accepted, error));
    for (size_t i = 0; i < count; i++) {
        if (stash->accepted[i])
            feed->register_accepted++;
        else
            feed->register_had++;
    }
    return WEFT_OK;
}

weft_status wf_feed_register_flush(wf_feed *feed, weft_error *error)
{
    const wf_register_table *table = table_of(feed);
    wf_stash *stash = feed->stash;
    if (feed->kind == WEFT_IMPORT_PERSONS)
        WF_TRY(sort_people(stash, table, error));
    for (size_t first = 0; first < stash->rows_count; first += group_rows) {
        size_t left = stash->rows_count - first;
        WF_TRY(
            put_group(feed, table, first, left < group_rows ? left : group_rows, error));
    }
    free_chunks(stash);
    return WEFT_OK;
}

// ---- a roll ----

weft_status wf_feed_roll(wf_feed *feed, weft_error *error)
{
    char device[WF_DEVICE_BYTES_MAX + 1];
    wf_import_device(feed->city, feed->kind, device);
    return wf_roll_new(feed->city->store, kind_of(feed), wf_text_of(device), feed->as_of,
                       feed->city->now, &feed->roll, error);
}

weft_status wf_feed_roll_finish(wf_feed *feed, weft_error *error)
{
    wf_roll_counts counts;
    WF_TRY(wf_roll_judge(feed->roll, &counts, error));
    feed->register_accepted = counts.accepted;
    feed->register_had = counts.had;
    return wf_roll_ready(feed->roll, error);
}
