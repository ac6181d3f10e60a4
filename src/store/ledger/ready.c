// Facts that are made ready beside the writer: digests and drafts, a draft a record.
#include <sodium.h>
#include <stdlib.h>

#include "base/grow.h"
#include "store/ledger/inside.h"

weft_status wf_ledger_ready_new(wf_ledger *ledger, wf_keep keep, weft_time at,
                                wf_ledger_ready **ret, weft_error *error)
{
    const wf_ledger_secret *secret;
    weft_day day = wf_zone_day_of(ledger->options.zone, at);
    WF_TRY(wf_ledger_secret_of(ledger, keep, day, &secret, error));
    // The secret is a key: in memory that is locked, as the ledger's own.
    wf_ledger_ready *ready = sodium_malloc(sizeof *ready);
    if (ready == NULL)
        return wf_fail_memory(error);
    *ready = (wf_ledger_ready){.zone = ledger->options.zone,
                               .record_bytes = ledger->record_bytes,
                               .secret = *secret};
    *ret = ready;
    return WEFT_OK;
}

void wf_ledger_ready_clear(wf_ledger_ready *ready)
{
    for (size_t i = 0; i < ready->drafts_count; i++)
        wf_ledger_draft_done(&ready->drafts[i]);
    ready->drafts_count = 0;
}

void wf_ledger_ready_free(wf_ledger_ready *ready)
{
    if (ready == NULL)
        return;
    wf_ledger_ready_clear(ready);
    free(ready->drafts);
    sodium_free(ready);
}

// The draft that has room for so many bytes more.
static wf_ledger_draft *draft_for(wf_ledger_ready *ready, size_t bytes)
{
    if (ready->drafts_count > 0) {
        wf_ledger_draft *last = &ready->drafts[ready->drafts_count - 1];
        if (wf_ledger_draft_bytes(last) + bytes <= ready->record_bytes)
            return last;
    }
    wf_ledger_draft *drafts = wf_grow(ready->drafts, ready->drafts_count,
                                      &ready->drafts_capacity, sizeof *drafts);
    if (drafts == NULL)
        return NULL;
    ready->drafts = drafts;
    drafts[ready->drafts_count] = (wf_ledger_draft){0};
    return &drafts[ready->drafts_count++];
}

weft_status wf_ledger_ready_add(wf_ledger_ready *ready, const wf_fact *fact, wf_text body,
                                weft_error *error)
{
    const wf_ledger_envelope envelope = {
        .kind_number = fact->kind->number,
        .keep = fact->kind->keep,
        .day = wf_zone_day_of(ready->zone, wf_fact_kept_at(fact)),
        .id = fact->id,
        .amends = fact->amends,
        .at = fact->at,
        .grid = fact->grid,
        .body = body,
        .digest = wf_ledger_digest_of(&ready->secret, body)};
    WF_ASSERT(envelope.keep == ready->secret.keep &&
              envelope.day.number == ready->secret.day.number &&
              !fact->kind->body_elsewhere);
    wf_ledger_draft *draft = draft_for(ready, body.size);
    return draft == NULL ? wf_fail_memory(error)
                         : wf_ledger_draft_add(draft, &envelope, error);
}
