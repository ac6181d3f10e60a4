// Deliveries of register rows: judged row by row against what stands, in one transaction.
#include "store/records/inside.h"

enum { delivery_bytes_max = 1 << 30 };

weft_status wf_records_deliver_begin(wf_records *records, weft_error *error)
{
    records->delivered = records->newest;
    return wf_database_begin(records->db, error);
}

// ---- indexes ----

static weft_status ask_first(wf_records *records, wf_records_table *table,
                             weft_error *error)
{
    wf_buffer sql = {0};
    int64_t has_rows = 0;
    bool done =
        wf_buffer_printf(&sql, "SELECT 1 FROM \"%s\" LIMIT 1", table->form.table->name) &&
        wf_buffer_append(&sql, "", 1);
    weft_status status =
        done ? wf_database_number(records->db, sql.bytes, 0, &has_rows, error)
             : wf_fail_memory(error);
    wf_buffer_done(&sql);
    WF_TRY(status);
    table->was_asked = true;
    if (has_rows != 0)
        return WEFT_OK;
    WF_TRY(wf_records_index(records, table, false, error));
    table->lacks_indexes = true;
    return WEFT_OK;
}

static weft_status make_indexes(wf_records *records, weft_error *error)
{
    for (size_t i = 0; i < records->kinds->tables_count; i++)
        if (records->tables[i].lacks_indexes)
            WF_TRY(wf_records_index(records, &records->tables[i], true, error));
    return WEFT_OK;
}

// A rollback has brought them back, a commit made them.
static void end(wf_records *records, bool committed)
{
    for (size_t i = 0; i < records->kinds->tables_count; i++)
        records->tables[i].was_asked = records->tables[i].lacks_indexes = false;
    wf_records_ended(records, committed);
}

// ---- rows ----

static weft_status deliver_row(wf_records *records, const wf_claim *claim,
                               wf_arena *arena, wf_fold_change *change, weft_error *error)
{
    wf_records_table *table = &records->tables[claim->table];
    bool found = false;
    if (table->form.has_indexes && !table->was_asked)
        WF_TRY(ask_first(records, table, error));
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

weft_status wf_records_deliver(wf_records *records, wf_entry *const *entries,
                               size_t count, wf_fold_change *ret, weft_error *error)
{
    wf_arena arena;
    wf_buffer claims = {0};
    wf_arena_init(&arena, delivery_bytes_max);
    weft_status status = wf_records_number(&records->numbers, entries, count, error);
    for (size_t i = 0; status == WEFT_OK && i < count; i++) {
        wf_buffer_clear(&claims);
        ret[i] = (wf_fold_change){0};
        status = wf_claims_of(records->plans, records->index, entries[i], &arena, &claims,
                              error);
        const wf_claim *all = (const wf_claim *)(const void *)claims.bytes;
        for (size_t k = 0; status == WEFT_OK && k < claims.size / sizeof *all; k++) {
            status = deliver_row(records, &all[k], &arena, &ret[i], error);
            wf_records_leave_row(&records->tables[all[k].table]);
        }
        if (ret[i].any)
            records->delivered = wf_records_later(records->delivered, entries[i]);
    }
    wf_buffer_done(&claims);
    wf_arena_done(&arena);
    return status;
}

weft_status wf_records_deliver_commit(wf_records *records, uint64_t upto,
                                      weft_error *error)
{
    weft_status status = wf_records_put_applied(records, upto, records->delivered, error);
    if (status == WEFT_OK)
        status = make_indexes(records, error);
    if (status == WEFT_OK)
        status = wf_records_follow(records, error);
    if (status == WEFT_OK)
        status = records->numbers.commit(records->numbers.context, NULL, NULL, error);
    if (status == WEFT_OK) {
        wf_records_committing(records);
        status = wf_database_commit(records->db, error);
    } else {
        wf_database_rollback(records->db);
    }
    end(records, status == WEFT_OK);
    WF_TRY(status);
    __atomic_store_n(&records->applied_upto, upto, __ATOMIC_RELEASE);
    records->newest = records->delivered;
    return WEFT_OK;
}

void wf_records_deliver_rollback(wf_records *records)
{
    wf_database_rollback(records->db);
    end(records, false);
}

bool wf_records_is_amended(const wf_records *records, wf_identity id)
{
    return wf_amendments_touch(records->amendments, id);
}
