#include "store/roll.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "store/readied.h"
#include "store/records/inside.h"
#include "store/store_inside.h"

enum { projections_max = 4, arena_bytes_max = 64 << 20, arena_kept_bytes = 1 << 20 };

// A row of the file: its canonical body, and what it changes.
typedef struct {
    size_t body_at;
    uint32_t body_bytes;
    bool is_visible, is_any;
} roll_row;

struct wf_roll {
    wf_store *store;
    const wf_kind *kind;
    weft_time at;
    wf_buffer bodies;
    roll_row *rows; // in the order in which they are to stand
    size_t rows_count, rows_capacity;
    uint32_t *by_key; // places of `rows`

    // What is said of the id at hand, a row of each projection's table; its texts are
    // borrowed from `bodies`, the arena and the table's statement.
    wf_record said[projections_max];
    wf_records_table *tables[projections_max];
    size_t tables_count; // that are read for the id at hand
    wf_arena arena;

    wf_readied readied;
};

weft_status wf_roll_new(wf_store *store, const wf_kind *kind, wf_text device,
                        weft_time at, weft_time now, wf_roll **ret, weft_error *error)
{
    WF_ASSERT(kind->kind_class != WF_DECISION && !kind->body_elsewhere &&
              kind->projections_count <= projections_max &&
              device.size <= WF_DEVICE_BYTES_MAX);
    if (store->records == NULL)
        WF_TRY(wf_store_open_records(store, error));
    wf_roll *roll = calloc(1, sizeof *roll);
    if (roll == NULL)
        return wf_fail_memory(error);
    *roll = (wf_roll){.store = store, .kind = kind, .at = at};
    wf_arena_init(&roll->arena, arena_bytes_max);
    const wf_ledger_day day = {kind->keep, wf_zone_day_of(store->options.zone, at)};
    weft_status status =
        wf_readied_init(&roll->readied, store, device, now, &day, 1, error);
    if (status != WEFT_OK)
        wf_roll_free(roll);
    else
        *ret = roll;
    return status;
}

void wf_roll_free(wf_roll *roll)
{
    if (roll == NULL)
        return;
    for (size_t i = 0; i < projections_max; i++)
        wf_record_done(&roll->said[i]);
    wf_readied_done(&roll->readied);
    wf_buffer_wipe(&roll->bodies);
    wf_arena_done(&roll->arena);
    free(roll->rows);
    free(roll->by_key);
    free(roll);
}

// ---- adding ----

static weft_status add_row(wf_roll *roll, const wf_fact *fact, weft_error *error)
{
    roll_row *rows =
        wf_grow(roll->rows, roll->rows_count, &roll->rows_capacity, sizeof *rows);
    if (rows == NULL || roll->rows_count >= UINT32_MAX)
        return wf_fail_memory(error);
    roll->rows = rows;
    size_t at = roll->bodies.size;
    WF_TRY(wf_fact_encode(fact, &roll->bodies, error));
    rows[roll->rows_count++] =
        (roll_row){.body_at = at, .body_bytes = (uint32_t)(roll->bodies.size - at)};
    return WEFT_OK;
}

weft_status wf_roll_add(wf_roll *roll, const wf_fact *facts, size_t count,
                        weft_error *error)
{
    wf_entry *entries = calloc(count + 1, sizeof *entries);
    wf_entry **each = calloc(count + 1, sizeof *each);
    weft_status status =
        entries == NULL || each == NULL ? wf_fail_memory(error) : WEFT_OK;
    for (size_t i = 0; status == WEFT_OK && i < count; i++) {
        WF_ASSERT(facts[i].kind == roll->kind && facts[i].values[0].given);
        entries[i].fact = facts[i];
        each[i] = &entries[i];
        status = add_row(roll, &facts[i], error);
    }
    // Neighbours in the file are to be neighbours in the dictionary.
    if (status == WEFT_OK)
        status = wf_records_number(&roll->store->records->numbers, each, count, error);
    free(entries);
    free(each);
    return status;
}

// ---- judging ----

static weft_status read_row(wf_roll *roll, size_t place, wf_entry *ret, weft_error *error)
{
    const roll_row *row = &roll->rows[place];
    const wf_text body = {roll->bodies.bytes + row->body_at, row->body_bytes};
    *ret = (wf_entry){.fact = {.at = roll->at}};
    WF_TRY(wf_fact_decode(roll->kind, body, &roll->arena, &ret->fact, error));
    ret->fact.id.device = wf_text_of(roll->readied.device);
    return WEFT_OK;
}

// The id: a body begins with its first field, which is given (model/fact.h).
static wf_text key_of(const wf_roll *roll, uint32_t place)
{
    enum { size_at = 1, text_at = 3 };
    const char *body = roll->bodies.bytes + roll->rows[place].body_at;
    size_t size = (size_t)(unsigned char)body[size_at] |
                  (size_t)(unsigned char)body[size_at + 1] << 8;
    return (wf_text){body + text_at, size};
}

static int compare_keys(const void *a, const void *b, void *context)
{
    const uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    int order = wf_text_compare(key_of(context, left), key_of(context, right));
    return order != 0 ? order : (left > right) - (left < right);
}

// What stands there, in the place of the projection; its texts are the statement's until
// leave_key.
static weft_status read_said(wf_roll *roll, const wf_claim *claim, size_t place,
                             wf_fold_change *change, weft_error *error)
{
    wf_records *records = roll->store->records;
    wf_records_table *table = &records->tables[claim->table];
    bool found = false;
    for (size_t i = 0; i < place; i++)
        WF_ASSERT(roll->tables[i] != table);
    WF_TRY(wf_records_read_row(records, table, claim, &found, error));
    wf_record swap = roll->said[place];
    roll->said[place] = records->row;
    records->row = swap;
    roll->tables[place] = table;
    roll->tables_count = place + 1;
    *change = (wf_fold_change){!found, !found};
    return WEFT_OK;
}

static void leave_key(wf_roll *roll)
{
    for (size_t i = 0; i < roll->tables_count; i++)
        wf_records_leave_row(roll->tables[i]);
    roll->tables_count = 0;
    if (roll->arena.used_bytes < arena_kept_bytes)
        return;
    wf_arena_done(&roll->arena);
    wf_arena_init(&roll->arena, arena_bytes_max);
}

static weft_status judge_claims(wf_roll *roll, const wf_buffer *claims, bool is_first,
                                wf_fold_change *ret, weft_error *error)
{
    wf_records *records = roll->store->records;
    const wf_claim *all = (const wf_claim *)(const void *)claims->bytes;
    size_t count = claims->size / sizeof *all;
    WF_ASSERT(count == roll->kind->projections_count);
    for (size_t i = 0; i < count; i++) {
        wf_fold_change change = {0};
        if (is_first)
            WF_TRY(read_said(roll, &all[i], i, &change, error));
        if (!wf_claim_fold(records->plans, &all[i], &records->numbers, &roll->arena,
                           &roll->said[i], &change))
            return wf_fail_memory(error);
        ret->visible = ret->visible || change.visible;
        ret->any = ret->any || change.any;
    }
    return WEFT_OK;
}

static weft_status judge_row(wf_roll *roll, size_t place, bool is_first,
                             wf_buffer *claims, weft_error *error)
{
    wf_records *records = roll->store->records;
    wf_entry entry, *one = &entry;
    wf_fold_change change = {0};
    wf_buffer_clear(claims);
    WF_TRY(read_row(roll, place, &entry, error));
    WF_TRY(wf_records_number(&records->numbers, &one, 1, error));
    WF_TRY(wf_claims_of(records->plans, records->index, &entry, &roll->arena, claims,
                        error));
    WF_TRY(judge_claims(roll, claims, is_first, &change, error));
    roll->rows[place].is_visible = change.visible;
    roll->rows[place].is_any = change.any;
    return WEFT_OK;
}

static weft_status judge_all(wf_roll *roll, weft_error *error)
{
    wf_buffer claims = {0};
    weft_status status = WEFT_OK;
    for (size_t i = 0; status == WEFT_OK && i < roll->rows_count; i++) {
        uint32_t place = roll->by_key[i];
        bool is_first = i == 0 || !wf_text_equal(key_of(roll, place),
                                                 key_of(roll, roll->by_key[i - 1]));
        if (is_first)
            leave_key(roll);
        status = judge_row(roll, place, is_first, &claims, error);
    }
    leave_key(roll);
    wf_buffer_done(&claims);
    return status;
}

// Rows of one id one after the other, each with what those before it have said.
weft_status wf_roll_judge(wf_roll *roll, wf_roll_counts *ret, weft_error *error)
{
    wf_roll_counts counts = {0};
    roll->by_key = calloc(roll->rows_count + 1, sizeof *roll->by_key);
    if (roll->by_key == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < roll->rows_count; i++)
        roll->by_key[i] = (uint32_t)i;
    qsort_r(roll->by_key, roll->rows_count, sizeof *roll->by_key, compare_keys, roll);
    WF_TRY(judge_all(roll, error));
    for (size_t i = 0; i < roll->rows_count; i++) {
        counts.accepted += roll->rows[i].is_visible;
        counts.had += !roll->rows[i].is_visible;
    }
    *ret = counts;
    return WEFT_OK;
}

// ---- making ready ----

weft_status wf_roll_ready(wf_roll *roll, weft_error *error)
{
    wf_readied_clear(&roll->readied);
    for (size_t i = 0; i < roll->rows_count; i++) {
        const roll_row *row = &roll->rows[i];
        const wf_text body = {roll->bodies.bytes + row->body_at, row->body_bytes};
        wf_entry entry;
        if (!row->is_any)
            continue;
        WF_TRY(read_row(roll, i, &entry, error));
        WF_TRY(wf_readied_add(&roll->readied, &entry.fact, body, &roll->arena, error));
        leave_key(roll); // for the arena
    }
    return WEFT_OK;
}

// ---- the commit ----

weft_status wf_roll_commit(wf_roll *roll, weft_error *error)
{
    uint64_t head, count;
    if (wf_readied_is_late(&roll->readied))
        WF_TRY(wf_roll_ready(roll, error));
    WF_TRY(wf_readied_commit(&roll->readied, &head, &count, error));
    if (count > 0)
        roll->store->whole = (wf_store_whole){head + 1, head + count};
    return WEFT_OK;
}
