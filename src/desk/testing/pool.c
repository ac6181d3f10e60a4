#include "desk/testing/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/asked_sql.h"
#include "desk/order/kinds.h"
#include "desk/testing/kinds.h"
#include "model/ids.h"
#include "store/facts.h"

// Places of fields, which never change (model/kind.h).
enum { tube_field = 0, person_field = 1, result_field = 1, order_field = 0 };

enum { tube_bytes_max = 96 }; // that is repeated in the id of an order
enum { ASKED_TUBE, ASKED_ORDERS };

typedef struct {
    wf_react_batch *batch;
    wf_pool *pool;
    wf_buffer results, samples, orders; // of wf_pool_…
    wf_pool_order *order;               // whose facts are read
} reading;

static weft_status keep(wf_arena *arena, wf_text *text, weft_error *error)
{
    *text = wf_arena_text(arena, *text);
    return text->bytes != NULL ? WEFT_OK : wf_fail_memory(error);
}

static weft_status add(wf_buffer *to, const void *item, size_t size, weft_error *error)
{
    return wf_buffer_append(to, item, size) ? WEFT_OK : wf_fail_memory(error);
}

// ---- the facts of a tube ----

static weft_status see_fact(void *context, const wf_entry *entry, bool is_live,
                            weft_error *error)
{
    reading *job = context;
    const wf_fact *fact = &entry->fact;
    wf_identity id = fact->id;
    wf_text grid = fact->grid;
    bool is_sample = fact->kind == &wf_kind_sample_collected;
    bool is_result =
        fact->kind == &wf_kind_tube_resulted || fact->kind == &wf_kind_result_corrected;
    if ((!is_sample && !is_result) || (is_sample && !is_live) ||
        !wf_text_equal(fact->values[tube_field].text, job->pool->tube))
        return WEFT_OK;
    WF_TRY(keep(&job->batch->arena, &id.device, error));
    WF_TRY(keep(&job->batch->arena, &grid, error));
    if (is_result) {
        wf_pool_result result = {
            .id = id,
            .at = fact->at,
            .position = entry->position,
            .is_live = is_live,
            .is_positive =
                wf_text_equal(fact->values[result_field].text, WF_TEXT("positive")),
            .grid = grid};
        return add(&job->results, &result, sizeof result, error);
    }
    wf_pool_sample sample = {.person = fact->values[person_field].text,
                             .id = id,
                             .at = fact->at,
                             .position = entry->position,
                             .grid = grid};
    WF_TRY(keep(&job->batch->arena, &sample.person, error));
    return add(&job->samples, &sample, sizeof sample, error);
}

static const wf_pool_result *newest_of(const wf_pool *pool)
{
    const wf_pool_result *all = pool->results, *newest = NULL;
    for (size_t i = 0; i < pool->results_count; i++)
        if (all[i].is_live && (newest == NULL || wf_fact_order(newest->at, newest->id,
                                                               all[i].at, all[i].id) < 0))
            newest = &all[i];
    return newest;
}

static int compare_samples(const void *left, const void *right)
{
    const wf_pool_sample *a = left, *b = right;
    int order = wf_text_compare(a->person, b->person);
    return order != 0 ? order : wf_fact_order(a->at, a->id, b->at, b->id);
}

static void choose_grid(wf_pool *pool)
{
    if (pool->newest != NULL)
        pool->grid = pool->newest->grid;
    for (size_t i = 0; i < pool->samples_count && pool->grid.size == 0; i++)
        pool->grid = pool->samples[i].grid;
}

// ---- the orders of a tube ----

static bool rests_on(const wf_value *because, wf_identity id)
{
    for (size_t i = 0; i < because->items_count; i++)
        if (wf_identity_equal(because->items[i].fact, id))
            return true;
    return false;
}

// A tube's hash may be another's id: then the order rests on that one's result.
static bool is_of_tube(const wf_pool *pool, const wf_value *because)
{
    for (size_t i = 0; i < pool->results_count; i++)
        if (rests_on(because, pool->results[i].id))
            return true;
    return false;
}

static weft_status take_issued(reading *job, const wf_fact *fact, weft_error *error)
{
    const wf_value *persons =
        &fact->values[wf_kind_field(fact->kind, WF_TEXT("persons"))];
    const wf_value *because =
        &fact->values[wf_kind_field(fact->kind, WF_TEXT("because"))];
    wf_pool_order *order = job->order;
    if (!is_of_tube(job->pool, because))
        return WEFT_OK;
    wf_text *names =
        wf_arena_array(&job->batch->arena, persons->items_count + 1, sizeof *names);
    if (names == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < persons->items_count; i++) {
        names[i] = persons->items[i].text;
        WF_TRY(keep(&job->batch->arena, &names[i], error));
    }
    order->persons = names;
    order->persons_count = persons->items_count;
    order->at = fact->at;
    order->is_for_newest =
        job->pool->newest != NULL && rests_on(because, job->pool->newest->id);
    order->issued_by = fact->id;
    return keep(&job->batch->arena, &order->issued_by.device, error);
}

static weft_status see_order_fact(void *context, const wf_entry *entry, bool is_live,
                                  weft_error *error)
{
    reading *job = context;
    const wf_fact *fact = &entry->fact;
    if (!is_live || !wf_text_equal(fact->values[order_field].text, job->order->id))
        return WEFT_OK;
    if (fact->kind == &wf_kind_order_issued &&
        wf_react_is_device_of(fact->id.device, WF_POOL_RULE))
        return take_issued(job, fact, error);
    if (fact->kind != &wf_kind_order_lifted)
        return WEFT_OK;
    if (wf_react_is_device_of(fact->id.device, WF_POOL_LIFT_RULE))
        job->order->is_lifted_by_rule = true;
    else
        job->order->is_lifted_by_person = true;
    return WEFT_OK;
}

// An order that somebody else gave such an id, or corrected, is not the rule's.
static weft_status read_order(reading *job, wf_text id, weft_error *error)
{
    wf_pool_order order = {.id = id};
    job->order = &order;
    weft_status status = wf_store_facts_of_row(job->batch->city->store, &wf_table_orders,
                                               id, see_order_fact, job, error);
    job->order = NULL;
    if (status != WEFT_OK || order.issued_by.device.size == 0)
        return status;
    return add(&job->orders, &order, sizeof order, error);
}

wf_text wf_pool_order_prefix(wf_arena *arena, wf_text tube)
{
    char text[WF_ID_BYTES_MAX + 1], hash[2 * WF_REACT_HASH_BYTES + 1];
    bool is_long = tube.size > tube_bytes_max;
    if (is_long) {
        wf_react_hash(tube, WF_REACT_HASH_BYTES, hash);
        tube = wf_text_of(hash);
    }
    int size = snprintf(text, sizeof text, "pool/%s%.*s/", is_long ? "#" : "",
                        (int)tube.size, tube.bytes);
    WF_ASSERT(size > 0 && (size_t)size < sizeof text);
    return wf_arena_text(arena, (wf_text){text, (size_t)size});
}

// Ids of orders that begin with the tube's prefix and have no other part behind it.
static weft_status read_ids(wf_react_batch *batch, wf_text prefix, wf_statement *ask,
                            wf_buffer *ret, weft_error *error)
{
    bool row = false;
    wf_text behind = wf_arena_text(&batch->arena, prefix);
    if (behind.bytes == NULL)
        return wf_fail_memory(error);
    ((char *)(uintptr_t)behind.bytes)[behind.size - 1]++; // '/' becomes '0'
    wf_statement_bind_text(ask, 0, prefix);
    wf_statement_bind_text(ask, 1, behind);
    for (;;) {
        WF_TRY(wf_statement_step(ask, &row, error));
        if (!row)
            return WEFT_OK;
        wf_text id = wf_statement_text(ask, 0);
        if (memchr(id.bytes + prefix.size, '/', id.size - prefix.size) != NULL)
            continue;
        WF_TRY(keep(&batch->arena, &id, error));
        WF_TRY(add(ret, &id, sizeof id, error));
    }
}

static weft_status ask(wf_react_batch *batch, size_t which, const char *sql,
                       wf_statement **ret, weft_error *error)
{
    if (batch->asked[which] == NULL)
        WF_TRY(wf_database_prepare(batch->rows, sql, &batch->asked[which], error));
    *ret = batch->asked[which];
    return WEFT_OK;
}

static weft_status find_orders(wf_react_batch *batch, wf_text tube, wf_buffer *ret,
                               weft_error *error)
{
    wf_statement *orders = NULL;
    wf_text prefix = wf_pool_order_prefix(&batch->arena, tube);
    if (prefix.bytes == NULL)
        return wf_fail_memory(error);
    WF_TRY(ask(batch, ASKED_ORDERS, WF_SQL_POOL_ORDERS, &orders, error));
    weft_status status = read_ids(batch, prefix, orders, ret, error);
    wf_statement_reset(orders);
    return status;
}

static weft_status is_positive(wf_react_batch *batch, wf_text tube, bool *ret,
                               weft_error *error)
{
    wf_statement *result = NULL;
    bool row = false;
    WF_TRY(ask(batch, ASKED_TUBE, WF_SQL_POOL_TUBE, &result, error));
    wf_statement_bind_text(result, 0, tube);
    weft_status status = wf_statement_step(result, &row, error);
    if (status == WEFT_OK)
        *ret = row && wf_text_equal(wf_statement_text(result, 0), WF_TEXT("positive"));
    wf_statement_reset(result);
    return status;
}

// ---- the whole ----

// What was gathered is needed as long as the batch.
static weft_status settle(reading *job, const wf_buffer *from, void **ret,
                          weft_error *error)
{
    *ret = wf_arena_array(&job->batch->arena, from->size + 1, 1);
    if (*ret == NULL)
        return wf_fail_memory(error);
    if (from->size > 0)
        memcpy(*ret, from->bytes, from->size);
    return WEFT_OK;
}

static weft_status read_facts(reading *job, weft_error *error)
{
    wf_pool *pool = job->pool;
    void *samples = NULL, *results = NULL;
    WF_TRY(wf_store_facts_of_row(job->batch->city->store, &wf_table_tube, pool->tube,
                                 see_fact, job, error));
    WF_TRY(settle(job, &job->samples, &samples, error));
    WF_TRY(settle(job, &job->results, &results, error));
    pool->results = results;
    pool->results_count = job->results.size / sizeof *pool->results;
    pool->newest = newest_of(pool);
    pool->samples = samples;
    pool->samples_count = job->samples.size / sizeof *pool->samples;
    if (pool->samples_count > 0)
        qsort(pool->samples, pool->samples_count, sizeof *pool->samples, compare_samples);
    choose_grid(pool);
    return WEFT_OK;
}

static weft_status read_all(reading *job, const wf_buffer *ids, weft_error *error)
{
    const wf_text *all = (const wf_text *)(const void *)ids->bytes;
    void *orders = NULL;
    WF_TRY(read_facts(job, error));
    for (size_t i = 0; i < ids->size / sizeof *all; i++)
        WF_TRY(read_order(job, all[i], error));
    WF_TRY(settle(job, &job->orders, &orders, error));
    job->pool->orders = orders;
    job->pool->orders_count = job->orders.size / sizeof(wf_pool_order);
    return WEFT_OK;
}

weft_status wf_pool_read(wf_react_batch *batch, wf_text tube, bool *ret_matters,
                         wf_pool *ret, weft_error *error)
{
    wf_pool pool = {.tube = tube};
    reading job = {.batch = batch, .pool = &pool};
    wf_buffer ids = {0};
    bool positive = false;
    WF_TRY(is_positive(batch, tube, &positive, error));
    weft_status status = find_orders(batch, tube, &ids, error);
    bool matters = positive || ids.size > 0;
    if (status == WEFT_OK && matters)
        status = read_all(&job, &ids, error);
    wf_buffer_done(&ids);
    wf_buffer_done(&job.results);
    wf_buffer_done(&job.samples);
    wf_buffer_done(&job.orders);
    WF_TRY(status);
    *ret_matters = matters;
    *ret = pool;
    return WEFT_OK;
}

size_t wf_pool_samples_of(const wf_pool *pool, wf_text person)
{
    size_t low = 0, high = pool->samples_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (wf_text_compare(pool->samples[middle].person, person) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < pool->samples_count && wf_text_equal(pool->samples[low].person, person)
               ? low
               : SIZE_MAX;
}
