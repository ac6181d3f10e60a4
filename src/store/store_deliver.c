// Deliveries of register files: rows of persons, places and cases become facts of the
// device import/…, judged row by row against what stands, all of them visible at once.
#include <stdlib.h>
#include <string.h>

#include "store/store_inside.h"

weft_status wf_store_deliver_begin(wf_store *store, weft_time now, weft_error *error)
{
    WF_TRY(wf_store_apply(store, 0, error));
    wf_store_begin(store, now);
    weft_status status = wf_records_deliver_begin(store->records, error);
    if (status != WEFT_OK)
        wf_store_rollback(store);
    return status;
}

static weft_status judge_group(wf_store *store, const wf_fact *facts, size_t count,
                               wf_entry *entries, wf_fold_change *changes,
                               weft_error *error)
{
    wf_entry **each = malloc((count + 1) * sizeof *each);
    if (each == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        entries[i] = (wf_entry){.fact = facts[i]};
        each[i] = &entries[i];
    }
    weft_status status = wf_records_deliver(store->records, each, count, changes, error);
    free(each);
    return status;
}

weft_status wf_store_deliver(wf_store *store, const wf_fact *facts, size_t count,
                             bool *ret_accepted, weft_error *error)
{
    wf_entry *entries = malloc((count + 1) * sizeof *entries);
    wf_fold_change *changes = malloc((count + 1) * sizeof *changes);
    weft_status status = entries == NULL || changes == NULL
                             ? wf_fail_memory(error)
                             : judge_group(store, facts, count, entries, changes, error);
    for (size_t i = 0; status == WEFT_OK && i < count; i++) {
        ret_accepted[i] = changes[i].visible;
        if (!changes[i].any)
            continue;
        wf_fact fact = facts[i];
        // A number that someone has amended beforehand is left out.
        do
            fact.id.seq = wf_senders_next(store->senders, fact.id.device);
        while (wf_records_is_amended(store->records, fact.id) &&
               (status = wf_senders_note(store->senders, fact.id, WF_SEQ_REFUSED,
                                         error)) == WEFT_OK);
        if (status == WEFT_OK)
            status = wf_store_add(store, &fact, error);
    }
    free(entries);
    free(changes);
    return status;
}

// Once the ledger has the facts the delivery has happened: rows that cannot be committed
// now are applied from the ledger.
weft_status wf_store_deliver_commit(wf_store *store, weft_error *error)
{
    weft_error unused = {0};
    weft_status status = wf_store_commit(store, error);
    if (status != WEFT_OK) {
        wf_records_deliver_rollback(store->records);
        return status;
    }
    WF_IGNORE(wf_records_deliver_commit(store->records,
                                        wf_ledger_now(store->ledger).positions, &unused),
              "the ledger has them: they are applied again");
    return WEFT_OK;
}

void wf_store_deliver_rollback(wf_store *store)
{
    wf_records_deliver_rollback(store->records);
    wf_store_rollback(store);
}
