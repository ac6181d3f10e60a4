// Deliveries of register rows: judged row by row against what stands, in one transaction.
#include "store/records/inside.h"

enum { delivery_bytes_max = 1 << 30 };

weft_status wf_records_deliver_begin(wf_records *records, weft_error *error)
{
    return wf_database_begin(records->db, error);
}

static weft_status deliver_row(wf_records *records, const wf_claim *claim,
                               wf_arena *arena, wf_fold_change *change, weft_error *error)
{
    wf_records_table *table = &records->tables[claim->table];
    bool found = false;
    WF_TRY(wf_records_read_row(records, table, claim, &found, error));
    wf_records_note_before(records, table, found);
    if (!wf_claim_fold(records->plans, claim, &records->numbers, arena, &records->row,
                       change))
        return wf_fail_memory(error);
    change->visible = change->visible || !found;
    change->any = change->any || !found;
    if (!change->any)
        return WEFT_OK;
    WF_TRY(wf_records_write_row(records, table, error));
    return wf_records_tell(records, table, true, error);
}

weft_status wf_records_deliver(wf_records *records, wf_entry *entries, size_t count,
                               wf_fold_change *ret, weft_error *error)
{
    wf_arena arena;
    wf_buffer claims = {0};
    wf_arena_init(&arena, delivery_bytes_max);
    weft_status status = wf_records_number(&records->numbers, entries, count, error);
    for (size_t i = 0; status == WEFT_OK && i < count; i++) {
        wf_buffer_clear(&claims);
        ret[i] = (wf_fold_change){0};
        status = wf_claims_of(records->plans, records->index, &entries[i], &arena,
                              &claims, error);
        const wf_claim *all = (const wf_claim *)(const void *)claims.bytes;
        for (size_t k = 0; status == WEFT_OK && k < claims.size / sizeof *all; k++) {
            status = deliver_row(records, &all[k], &arena, &ret[i], error);
            wf_statement_reset(records->tables[all[k].table].find);
        }
    }
    wf_buffer_done(&claims);
    wf_arena_done(&arena);
    return status;
}

weft_status wf_records_deliver_commit(wf_records *records, uint64_t upto,
                                      weft_error *error)
{
    weft_status status =
        wf_records_put_about(records, "applied", (int64_t)upto, WF_TEXT(""), error);
    if (status == WEFT_OK)
        status = wf_records_follow(records, error);
    if (status == WEFT_OK)
        status = records->numbers.commit(records->numbers.context, error);
    if (status == WEFT_OK)
        status = wf_database_commit(records->db, error);
    else
        wf_database_rollback(records->db);
    wf_records_ended(records, status == WEFT_OK);
    WF_TRY(status);
    records->applied_upto = upto;
    return WEFT_OK;
}

void wf_records_deliver_rollback(wf_records *records)
{
    wf_database_rollback(records->db);
    wf_records_ended(records, false);
}

bool wf_records_is_amended(const wf_records *records, wf_identity id)
{
    return wf_amendments_touch(records->amendments, id);
}
