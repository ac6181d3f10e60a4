#include "store/facts.h"
#include "store/records/inside.h"
#include "store/store_inside.h"

enum { fact_bytes_max = 256 << 20 };

static weft_status read_as(wf_store *store, uint64_t position, wf_identity id,
                           wf_arena *arena, bool *ret_found, wf_entry *ret,
                           weft_error *error)
{
    wf_entry entry;
    WF_TRY(wf_ledger_read(store->ledger, position, arena, &entry, error));
    if (!wf_identity_equal(entry.fact.id, id))
        return WEFT_OK;
    *ret_found = true;
    *ret = entry;
    return WEFT_OK;
}

weft_status wf_store_fact(wf_store *store, wf_identity id, wf_arena *arena,
                          bool *ret_found, wf_entry *ret, weft_error *error)
{
    wf_buffer positions = {0};
    bool found = false;
    weft_status status = wf_index_find(store->index, wf_claims_identity(store->index, id),
                                       &positions, error);
    const uint64_t *all = (const uint64_t *)(const void *)positions.bytes;
    uint64_t end = wf_ledger_now(store->ledger).positions;
    for (size_t i = 0;
         status == WEFT_OK && !found && i < positions.size / sizeof *all && all[i] <= end;
         i++)
        status = read_as(store, all[i], id, arena, &found, ret, error);
    wf_buffer_done(&positions);
    WF_TRY(status);
    *ret_found = found;
    return WEFT_OK;
}

weft_status wf_store_read_body(wf_store *store, wf_arena *arena, wf_entry *entry,
                               weft_error *error)
{
    const wf_bodies *bodies = store->options.bodies;
    wf_text body;
    bool found = false;
    if (!entry->elsewhere || entry->forgotten || entry->fact.kind == NULL ||
        bodies == NULL)
        return WEFT_OK;
    WF_TRY(bodies->find(bodies->context, entry->fact.id, entry->day, arena, &found, &body,
                        error));
    if (!found)
        return WEFT_OK;
    WF_TRY(wf_fact_decode(entry->fact.kind, body, arena, &entry->fact, error));
    entry->elsewhere = false;
    return WEFT_OK;
}

static weft_status visit(wf_store *store, uint64_t position, wf_arena *arena,
                         wf_fact_visitor *each, void *context, weft_error *error)
{
    wf_entry entry;
    bool is_live = false;
    WF_TRY(wf_ledger_read(store->ledger, position, arena, &entry, error));
    if (entry.forgotten || entry.fact.kind == NULL)
        return WEFT_OK;
    WF_TRY(wf_store_is_live(store, entry.fact.id, &is_live, error));
    return each(context, &entry, is_live, error);
}

weft_status wf_store_facts_of_row(wf_store *store, const wf_table *table, wf_text key,
                                  wf_fact_visitor *each, void *context, weft_error *error)
{
    wf_buffer positions = {0};
    weft_status status = wf_index_find(
        store->index, wf_claims_row(store->index, table, key), &positions, error);
    const uint64_t *all = (const uint64_t *)(const void *)positions.bytes;
    uint64_t end = wf_ledger_now(store->ledger).positions;
    for (size_t i = 0;
         status == WEFT_OK && i < positions.size / sizeof *all && all[i] <= end; i++) {
        wf_arena arena;
        wf_arena_init(&arena, fact_bytes_max);
        status = visit(store, all[i], &arena, each, context, error);
        wf_arena_done(&arena);
    }
    wf_buffer_done(&positions);
    return status;
}

weft_status wf_store_amended(wf_store *store, wf_identity id, wf_arena *arena,
                             wf_amended **ret, size_t *ret_count, weft_error *error)
{
    if (store->records == NULL)
        WF_TRY(wf_store_open_records(store, error));
    return wf_amendments_around(store->records->amendments, id, arena, ret, ret_count,
                                error);
}
